package server

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"

	"fuyan/observe"
	"fuyan/postgres"
)

// Options are what the service needs beside the database.
type Options struct {
	Log      *slog.Logger
	Observer *observe.Observer // one that nobody asks when nil
	Rate     int               // how many requests a second one account or address may make; any number when 0
	Proxies  []netip.Prefix    // whose X-Forwarded-For says where a request comes from
}

// An edge is what a request passes before and after everything else: it gets an
// identity for the log, a deadline and a share of what there is.
type edge struct {
	Options
	db      *postgres.DB
	methods map[string]method // by procedure
	rates   *rates            // of requests
	signIns *rates            // of attempts to sign in
	running atomic.Int64      // calls that have been read and not answered
}

func newEdge(d *postgres.DB, o Options) *edge {
	if o.Observer == nil {
		o.Observer = observe.New(observe.Exports{})
	}
	e := &edge{Options: o, db: d, methods: map[string]method{}}
	if o.Rate > 0 {
		e.rates, e.signIns = newRates(float64(o.Rate), 10*o.Rate), newRates(signInsASecond, signInsAtOnce)
	}
	return e
}

// usually is how long a request may take, from its first byte to the last of its
// answer being ready; longest is for the exceptions, and leaves the server time to
// say that it was not enough.
const (
	usually = 30 * time.Second
	longest = 150 * time.Second
)

// slow are the beginnings of the paths where a request brings a file, or asks for
// one, or for figures.
var slow = []string{
	"/fuyan.v1.ReplyService/ReadLetter", "/fuyan.v1.CommitmentService/UploadFile", "/fuyan.v1.CommitmentService/ExportCommitments",
	"/fuyan.v1.ImportService/", "/fuyan.v1.ReportService/", "/fuyan.v1.CalendarService/ImportCalendar",
	"/letters/read", "/proposals/new", "/sign-in", "/imports", "/commitments/", "/figures", "/calendar", "/rules",
}

// allowed is how long a request to a path may take.
func allowed(path string) time.Duration {
	for _, beginning := range slow {
		if strings.HasPrefix(path, beginning) {
			return longest
		}
	}
	return usually
}

// serve is h with a line in the log and a deadline for each request.
func (e *edge) serve(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := &line{began: time.Now(), request: requestID(r.Header.Get("X-Request-Id")), address: e.addressOf(r)}
		w.Header().Set("X-Request-Id", l.request)
		ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), lineKey{}, l), allowed(r.URL.Path))
		defer cancel()
		a := &answer{ResponseWriter: w}
		r = r.WithContext(ctx)
		defer e.write(l, a, r)
		h.ServeHTTP(a, r)
	})
}

// pages serves the pages to who is signed in by a cookie.
func (e *edge) pages(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, span := e.Observer.StartServer(r.Context())
		defer span.End()
		if cookie, err := r.Cookie(sessionCookie); err == nil {
			ctx = withSecret(ctx, e.db, cookie.Value)
		}
		r = r.WithContext(ctx)
		r.Pattern = "" // until one of a page is found
		l := lineFrom(ctx)
		l.user = userFrom(ctx).ID
		defer func() {
			l.pattern = cmp.Or(r.Pattern, "refused")
			span.SetName(l.pattern)
		}()
		if e.tooMany(ctx) {
			w.Header().Set("Retry-After", "1")
			http.Error(w, tooMany, http.StatusTooManyRequests)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// overNetwork reports whether a call is not one of a page.
func overNetwork(ctx context.Context) bool {
	_, ok := connecthttp.ServerInfoForContext(ctx)
	return ok
}

// share gives a call its share of what there is, or refuses it.
func (e *edge) share(next connect.ServerFunc) connect.ServerFunc {
	return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
		if err := e.refuses(ctx, spec); err != nil {
			if info, ok := connect.CallInfoForServerContext(ctx); ok {
				info.ResponseHeader().Set("Retry-After", "1")
			}
			return err
		}
		place := &place{ServerStream: stream, running: &e.running}
		defer place.leave()
		return next(ctx, spec, place)
	}
}
