package server

import (
	"context"
	"strings"

	"connectrpc.com/connect/v2"

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

// identify says who makes a call over the network: whose bearer token it shows,
// whatever else the context holds. A call of a page keeps the page's caller.
func identify(d *postgres.DB) connect.ServerInterceptor {
	return func(next connect.ServerFunc) connect.ServerFunc {
		return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
			if overNetwork(ctx) {
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
