// Package casework holds the rules of this work and nothing else: in which
// states a proposal (政协提案) or suggestion (代表建议) may be and what moves it
// on, who may do what, how days are counted, who receives a copy of a reply,
// and what becomes of the promises that a reply makes.
//
// Everything here is pure. It imports only the standard library, and time, the
// calendar and the person acting are arguments, so that every rule can be
// tested with a table. What is stored, and in what order, package postgres
// decides; what letters look like, package letter.
package casework

import "errors"

// Errors that callers tell apart. The server maps each to one RPC code; any
// other error is reported to the caller as internal.
var (
	ErrNotFound        = errors.New("not found")
	ErrInvalid         = errors.New("invalid")
	ErrNotAllowed      = errors.New("not allowed in this state")
	ErrForbidden       = errors.New("forbidden")
	ErrConflict        = errors.New("already exists")
	ErrStale           = errors.New("changed by someone else")
	ErrUnauthenticated = errors.New("not signed in")
)
