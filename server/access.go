package server

import (
	"context"
	"fmt"

	"connectrpc.com/connect/v2"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
)

// checkAccess refuses a call that its method's access option does not allow to
// the caller. It looks at roles only; how the caller stands to the subject is
// for casework to judge.
func (e *edge) checkAccess(next connect.ServerFunc) connect.ServerFunc {
	return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
		if err := mayCall(callerFrom(ctx), e.methods[spec.Procedure].access); err != nil {
			return fmt.Errorf("%s: %w", spec.Procedure, err)
		}
		return next(ctx, spec, stream)
	}
}

func mayCall(c caller, a *fuyanv1.Access) error {
	switch {
	case a == nil:
		return casework.ErrForbidden
	case a.Anyone:
		return nil
	case c.err != nil:
		return c.err
	case a.SignedIn, c.User.Has(roles.listFrom(a.Roles)...):
		return nil
	}
	return casework.ErrForbidden
}
