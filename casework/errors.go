package casework

import (
	"fmt"
	"strings"
)

// A StateError refuses a move that the subject's state does not allow. It is
// an [ErrNotAllowed].
type StateError struct {
	Move     string   // what was attempted
	State    string   // what the subject is now
	Possible []string // the moves that this state allows to somebody
	Why      string   // more than the state says, in Chinese; may be empty
	Field    string   // of the request, that would let the move through; empty for none
}

func (e *StateError) Error() string {
	possible := "nothing"
	if len(e.Possible) > 0 {
		possible = strings.Join(e.Possible, ", ")
	}
	why := ""
	if e.Why != "" {
		why = ": " + e.Why
	}
	return fmt.Sprintf("cannot %s in state %s%s; possible now: %s", e.Move, e.State, why, possible)
}

// Is reports whether target is [ErrNotAllowed].
func (e *StateError) Is(target error) bool { return target == ErrNotAllowed }

// A FieldError refuses a value that makes no sense. It is an [ErrInvalid].
type FieldError struct {
	Field string // a path in the request: proposers[0].name
	Want  string // what would be right, in Chinese: people read it on the page
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Want }

// Is reports whether target is [ErrInvalid].
func (e *FieldError) Is(target error) bool { return target == ErrInvalid }

// Invalid returns a [FieldError].
func Invalid(field, format string, args ...any) error {
	return &FieldError{Field: field, Want: fmt.Sprintf(format, args...)}
}

// A StaleError refuses a change made on an old version. It is an [ErrStale].
type StaleError struct{ Present int64 }

func (e *StaleError) Error() string {
	return fmt.Sprintf("changed by someone else since you read it: the version is %d now; read it again", e.Present)
}

// Is reports whether target is [ErrStale].
func (e *StaleError) Is(target error) bool { return target == ErrStale }

// A ConflictError refuses to make what exists already. It is an [ErrConflict].
type ConflictError struct{ What string }

func (e *ConflictError) Error() string { return "已有" + e.What }

// Is reports whether target is [ErrConflict].
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

// Exists returns a [ConflictError].
func Exists(what string) error { return &ConflictError{what} }
