package server

import (
	"context"
	"net/http"
	"strings"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"

	"fuyan/casework"
	"fuyan/postgres"
)

// sessionCookie holds the session's token in a browser. Only pages read it, so
// that another site cannot make a browser call an RPC.
const sessionCookie = "fuyan_session"

type callerKey struct{}

// A caller is who makes a call, or why that is not known.
type caller struct {
	postgres.Identity
	err error
}

func callerFrom(ctx context.Context) caller {
	if c, ok := ctx.Value(callerKey{}).(caller); ok {
		return c
	}
	return caller{err: casework.ErrUnauthenticated}
}

// userFrom returns who makes the call, the zero User where nobody is signed in.
func userFrom(ctx context.Context) casework.User { return callerFrom(ctx).User }

// tokenFrom returns the id of the session or token with which the call is made.
func tokenFrom(ctx context.Context) int64 { return callerFrom(ctx).TokenID }

func withSecret(ctx context.Context, d *postgres.DB, secret string) context.Context {
	c := caller{err: casework.ErrUnauthenticated}
	if secret != "" {
		c.Identity, c.err = d.Identify(ctx, secret)
	}
	return context.WithValue(ctx, callerKey{}, c)
}

// withCookie says to the pages who is signed in.
func withCookie(d *postgres.DB, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if cookie, err := r.Cookie(sessionCookie); err == nil {
			r = r.WithContext(withSecret(r.Context(), d, cookie.Value))
		}
		pages.ServeHTTP(w, r)
	})
}

// identify says who makes a call over the network: whose bearer token it shows,
// whatever else the context holds. A call of a page keeps the page's caller.
func identify(d *postgres.DB) connect.ServerInterceptor {
	return func(next connect.ServerFunc) connect.ServerFunc {
		return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
			if _, ok := connecthttp.ServerInfoForContext(ctx); ok {
				ctx = withSecret(ctx, d, bearer(ctx))
			}
			return next(ctx, spec, stream)
		}
	}
}

func bearer(ctx context.Context) string {
	info, ok := connect.CallInfoForServerContext(ctx)
	if !ok {
		return ""
	}
	scheme, secret, _ := strings.Cut(info.RequestHeader().Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(secret)
}
