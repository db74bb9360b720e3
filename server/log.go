package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"connectrpc.com/connect/v2"
)

// A line is what the log says of a request. What serves the request fills it in.
type line struct {
	began     time.Time
	request   string     // its id
	address   netip.Addr // where it comes from, for its share alone; not valid where that is not known
	user      int64
	pattern   string // of the page's address
	procedure string // of the RPC; empty for a page
	outcome   string
	once      string       // the request_id of an RPC that writes
	rpcs      atomic.Int32 // of a page
}

type lineKey struct{}

// lineFrom is the line of the request that a call is part of.
func lineFrom(ctx context.Context) *line {
	if l, ok := ctx.Value(lineKey{}).(*line); ok {
		return l
	}
	return new(line)
}

// requestID is the id that a request brings, if it is one to put into a log, or a
// new one.
func requestID(brought string) string {
	if len(brought) >= 8 && len(brought) <= 64 && strings.Trim(brought, idCharacters) == "" {
		return brought
	}
	return rand.Text()
}

const idCharacters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"

// write writes the line of a request that has been answered, also one that
// panicked. It names the user by id and the address by its pattern, and holds
// nothing of what the request says.
func (e *edge) write(l *line, a *answer, r *http.Request) {
	v := recover()
	if v != nil && v != http.ErrAbortHandler { //nolint:errorlint // what panics is no error
		e.Log.ErrorContext(r.Context(), "page failed", "request", l.request, "error", fmt.Sprintf("panic: %v\n%s", v, debug.Stack()))
		if a.status == 0 {
			http.Error(a, "出了问题，原因已记录。请求编号："+l.request, http.StatusInternalServerError)
		}
	}
	e.writeLine(l, a, r)
	if v == http.ErrAbortHandler { //nolint:errorlint // as above
		panic(v)
	}
}

func (e *edge) writeLine(l *line, a *answer, r *http.Request) {
	took := time.Since(l.began)
	if l.procedure != "" {
		m := e.methods[l.procedure]
		attrs := []slog.Attr{
			slog.Int64("user", l.user), slog.String("verb", m.verb), slog.String("noun", m.noun),
			slog.String("outcome", l.outcome), slog.Duration("duration", took), slog.String("request", l.request),
		}
		if l.once != "" {
			attrs = append(attrs, slog.String("request_id", l.once))
		}
		e.Log.LogAttrs(r.Context(), slog.LevelInfo, "rpc", attrs...)
		return
	}
	if l.pattern == "" {
		l.pattern = r.Pattern // what no page and no RPC has answered
	}
	method, path, ok := strings.Cut(l.pattern, " ")
	if !ok {
		method, path = "", l.pattern
	}
	e.Observer.Page(l.pattern, strconv.Itoa(a.code()), took)
	e.Log.LogAttrs(r.Context(), slog.LevelInfo, "page",
		slog.Int64("user", l.user), slog.String("method", method), slog.String("pattern", path), slog.Int("outcome", a.code()),
		slog.Int("rpcs", int(l.rpcs.Load())), slog.Duration("duration", took), slog.String("request", l.request))
}

// An answer remembers the status of a response.
type answer struct {
	http.ResponseWriter
	status int
}

// WriteHeader sends the status.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write sends a part of the body.
func (a *answer) Write(b []byte) (int, error) {
	a.status = a.code()
	return a.ResponseWriter.Write(b)
}

// Flush sends what has been written.
func (a *answer) Flush() { _ = http.NewResponseController(a.ResponseWriter).Flush() } // or it goes out at the end

// Unwrap is for [http.ResponseController].
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// code is the status that the response has or, if nothing was said, will have.
func (a *answer) code() int {
	if a.status == 0 {
		return http.StatusOK
	}
	return a.status
}

// note notes down what the log will say of a call, and measures it. A call of a
// page has a line only where somebody looks for faults.
func (e *edge) note(next connect.ServerFunc) connect.ServerFunc {
	return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
		began := time.Now()
		seen := &requestIDReader{ServerStream: stream}
		err := next(ctx, spec, seen)
		outcome := "ok"
		if err != nil {
			outcome = connect.CodeOf(err).String()
		}
		e.Observer.RPC(e.methods[spec.Procedure].short, outcome, time.Since(began))
		l := lineFrom(ctx)
		if overNetwork(ctx) {
			l.user, l.procedure, l.outcome, l.once = userFrom(ctx).ID, spec.Procedure, outcome, seen.id
			return err
		}
		l.rpcs.Add(1)
		if e.Log.Enabled(ctx, slog.LevelDebug) {
			e.Log.DebugContext(ctx, "rpc of a page", "procedure", spec.Procedure, "outcome", outcome, "duration", time.Since(began), "request", l.request)
		}
		return err
	}
}

// A requestIDReader remembers the request_id of the message that it reads.
type requestIDReader struct {
	connect.ServerStream
	id string
}

func (r *requestIDReader) Receive(msg any) error {
	err := r.ServerStream.Receive(msg)
	if m, ok := msg.(interface{ GetRequestId() string }); ok && err == nil && looksLikeUUID(m.GetRequestId()) {
		r.id = m.GetRequestId()
	}
	return err
}

// looksLikeUUID keeps out of the log what somebody writes in place of a UUID.
func looksLikeUUID(s string) bool {
	return len(s) == 36 && strings.Trim(s, "0123456789abcdefABCDEF-") == ""
}

// recoverPanics makes a panic an error, which is logged as any other.
func recoverPanics(next connect.ServerFunc) connect.ServerFunc {
	return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		return next(ctx, spec, stream)
	}
}
