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
// is there, the caller is not told that it is wrong.
func TestUnaskedIsNoMistake(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	accepted, signed := b.draft(t, "0001"), b.draft(t, "0002")
	_, err := b.conn.Exec(t.Context(), `ALTER TABLE organs RENAME TO lost_organs; ALTER TABLE users RENAME TO lost_users`)
	must(t, err)
	for name, call := range map[string]func() error{
		"RequestOpinion": func() error {
			_, err := b.RequestOpinion(t.Context(), by(b.Office, accepted), b.Helper, "？")
			return err
		},
		"AssignProposal": func() error {
			_, err := b.AssignProposal(t.Context(), by(b.Office, signed), b.Handler.ID)
			return err
		},
	} {
		if err := call(); err == nil || errors.Is(err, casework.ErrInvalid) {
			t.Errorf("%s without the tables that it asks: %v", name, err)
		}
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
