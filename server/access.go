package server

import (
	"context"
	"fmt"
	"sync"

	"connectrpc.com/connect/v2"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
)

// checkAccess refuses a call that its method's access option does not allow to
// the caller. It looks at roles only; how the caller stands to the subject is
// for casework to judge.
func checkAccess(next connect.ServerFunc) connect.ServerFunc {
	var known sync.Map // the options by procedure: to read them of the descriptor takes long
	return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
		access, ok := known.Load(spec.Procedure)
		if !ok {
			access, _ = known.LoadOrStore(spec.Procedure, accessOf(spec))
		}
		if err := mayCall(callerFrom(ctx), access.(*fuyanv1.Access)); err != nil {
			return fmt.Errorf("%s: %w", spec.Procedure, err)
		}
		return next(ctx, spec, stream)
	}
}

// accessOf returns the access option of a method, nil where there is none.
func accessOf(spec connect.Spec) *fuyanv1.Access {
	method, ok := spec.Schema.(protoreflect.MethodDescriptor)
	if !ok || !proto.HasExtension(method.Options(), fuyanv1.E_Access) {
		return nil
	}
	access, _ := proto.GetExtension(method.Options(), fuyanv1.E_Access).(*fuyanv1.Access)
	return access
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
