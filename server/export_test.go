package server

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"connectrpc.com/connect/v2"
)

// What tests outside the package look at.
var (
	ReportErrors  = reportErrors
	RecoverPanics = recoverPanics
	DigestOf      = digestOf
	States        = stateLabels
	CheckExported = checkExported
	AskedFor      = askedFor
)

// VerbAndNoun are the two words of a procedure.
func VerbAndNoun(procedure string) string {
	m := methodOf(connect.Spec{Procedure: procedure})
	return m.verb + " " + m.noun
}

// CheckAccess is what stands before a call of a spec, before next.
func CheckAccess(spec connect.Spec, next connect.ServerFunc) connect.ServerFunc {
	e := newEdge(nil, Options{})
	e.methods[spec.Procedure] = methodOf(spec)
	return e.checkAccess(next)
}

// Serve is what stands around everything, around h.
func Serve(log *slog.Logger, h http.Handler) http.Handler {
	return newEdge(nil, Options{Log: log}).serve(h)
}

// AddressOf is where a request comes from, as seen behind proxies.
func AddressOf(r *http.Request, proxies ...netip.Prefix) netip.Addr {
	return newEdge(nil, Options{Proxies: proxies}).addressOf(r)
}

// Allowed is how long a request to a path may take.
var Allowed = allowed

// A Bucket counts how often in a row one may ask at a time.
type Bucket struct{ *rates }

// NewBucket returns the buckets of a rate.
func NewBucket(aSecond float64, atOnce int) Bucket { return Bucket{newRates(aSecond, atOnce)} }

// Take asks for n tokens of a user, one after the other, and returns how many there
// were.
func (b Bucket) Take(user int64, n int, at time.Time) (taken int) {
	for range n {
		if b.allow(bucketKey{user: user}, at) {
			taken++
		}
	}
	return taken
}

// Known is how many are remembered.
func (b Bucket) Known() int { return len(b.now) + len(b.before) }

// MostRunning is how many calls may be under way.
const MostRunning = mostRunning

// Share is what gives calls their share.
func Share() connect.ServerInterceptor { return newEdge(nil, Options{}).share }
