package casework_test

import (
	"errors"
	"fmt"
	"testing"

	"fuyan/casework"
)

func TestErrors(t *testing.T) {
	t.Parallel()
	sentinels := []error{
		casework.ErrNotFound, casework.ErrInvalid, casework.ErrNotAllowed, casework.ErrForbidden,
		casework.ErrConflict, casework.ErrStale, casework.ErrUnauthenticated,
	}
	_, unseen := casework.User{}.Do(casework.Accept, casework.Standing{State: casework.Received})
	for _, tt := range []struct {
		err  error
		is   error
		text string
	}{
		{
			&casework.StateError{Move: "sign", State: "drafting", Possible: []string{"assign", "submit"}}, casework.ErrNotAllowed,
			"cannot sign in state drafting; possible now: assign, submit",
		},
		{
			&casework.StateError{Move: "sign", State: "reviewing", Possible: []string{"approve"}, Why: "还没有通过处室审核"}, casework.ErrNotAllowed,
			"cannot sign in state reviewing: 还没有通过处室审核; possible now: approve",
		},
		{
			&casework.StateError{Move: "accept", State: "withdrawn"}, casework.ErrNotAllowed,
			"cannot accept in state withdrawn; possible now: nothing",
		},
		{casework.Invalid("proposers[0].name", "must not be longer than %d characters", 50), casework.ErrInvalid, "proposers[0].name: must not be longer than 50 characters"},
		{&casework.FieldError{Field: "day", Want: "must be set"}, casework.ErrInvalid, "day: must be set"},
		{&casework.StaleError{Present: 7}, casework.ErrStale, "changed by someone else since you read it: the version is 7 now; read it again"},
		{unseen, casework.ErrNotFound, "not found"},
		{casework.ErrInvalid, casework.ErrInvalid, "invalid"},
		{casework.ErrNotAllowed, casework.ErrNotAllowed, "not allowed in this state"},
		{casework.ErrForbidden, casework.ErrForbidden, "forbidden"},
		{casework.ErrConflict, casework.ErrConflict, "already exists"},
		{casework.ErrStale, casework.ErrStale, "changed by someone else"},
		{casework.ErrUnauthenticated, casework.ErrUnauthenticated, "not signed in"},
	} {
		if tt.err.Error() != tt.text {
			t.Errorf("%T says %q, want %q", tt.err, tt.err, tt.text)
		}
		wrapped := fmt.Errorf("proposal 1: %w", tt.err)
		for _, s := range sentinels {
			if got, want := errors.Is(wrapped, s), errors.Is(tt.is, s); got != want {
				t.Errorf("errors.Is(%q, %q) = %v, want %v", tt.err, s, got, want)
			}
		}
	}
}
