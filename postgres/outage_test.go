package postgres_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// TestUnaskedIsNoMistake: where the database cannot say whether what a caller named
// is there, or what was done before, the caller is not told that it is wrong.
func TestUnaskedIsNoMistake(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, lost string
		call       func(t *testing.T, b *bundle) func() error
	}{
		{"RequestOpinion", "organs", func(t *testing.T, b *bundle) func() error {
			id := b.draft(t, "0001")
			return func() error { _, err := b.RequestOpinion(t.Context(), by(b.Office, id), b.Helper, "？"); return err }
		}},
		{"AssignProposal", "users", func(t *testing.T, b *bundle) func() error {
			id := b.draft(t, "0001")
			return func() error { _, err := b.AssignProposal(t.Context(), by(b.Office, id), b.Handler.ID); return err }
		}},
		{"RequestReturn", "deadlines", func(t *testing.T, b *bundle) func() error {
			id := b.receive(t, "0001")
			return func() error { _, err := b.RequestReturn(t.Context(), by(b.Office, id), "不属本单位"); return err }
		}},
	} {
		t.Run(test.name, func(t *testing.T) { // one after the other: each puts the same people on record
			b := setup(t, postgrestest.Tx(t))
			call := test.call(t, b)
			b.exec(t, `ALTER TABLE `+test.lost+` RENAME TO lost`)
			if err := call(); err == nil || errors.Is(err, casework.ErrInvalid) || errors.Is(err, casework.ErrNotAllowed) {
				t.Errorf("without the table that it asks: %v", err)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want bool
	}{
		{&pgconn.ConnectError{}, true},
		{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, true},
		{io.ErrUnexpectedEOF, true},
		{&pgconn.PgError{Code: "57P01"}, true},
		{&pgconn.PgError{Code: "08006"}, true},
		{&pgconn.PgError{Code: "42703"}, false},
		{casework.ErrNotFound, false},
	} {
		if err := fmt.Errorf("wrapped: %w", test.err); postgres.Unreachable(err) != test.want {
			t.Errorf("Unreachable(%v) is not %v", err, test.want)
		}
	}
}
