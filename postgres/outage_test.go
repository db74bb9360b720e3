package postgres_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// A fragile conn loses the database once it has run so many statements.
type fragile struct {
	postgres.Conn
	left *int // statements until then; fewer than 0 when it is lost
}

func (f fragile) lost() bool {
	*f.left--
	return *f.left < 0
}

// Begin begins a transaction that loses the database in the same way.
func (f fragile) Begin(ctx context.Context) (pgx.Tx, error) {
	tx, err := f.Conn.Begin(ctx)
	return fragileTx{tx, f}, err
}

type fragileTx struct {
	pgx.Tx
	of fragile
}

func (f fragileTx) Begin(ctx context.Context) (pgx.Tx, error) {
	return fragile{f.Tx, f.of.left}.Begin(ctx)
}

func (f fragileTx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if f.of.lost() {
		return pgconn.CommandTag{}, io.ErrUnexpectedEOF
	}
	return f.Tx.Exec(ctx, sql, args...)
}

func (f fragileTx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if f.of.lost() {
		return nil, io.ErrUnexpectedEOF
	}
	return f.Tx.Query(ctx, sql, args...)
}

func (f fragileTx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	if f.of.lost() {
		return lostRow{}
	}
	return f.Tx.QueryRow(ctx, sql, args...)
}

type lostRow struct{}

func (lostRow) Scan(...any) error { return io.ErrUnexpectedEOF }

// TestOutageIsNoMistake: whatever move of a proposal is made, and whichever of its
// statements the database is lost at, the caller is told of that and of no mistake.
func TestOutageIsNoMistake(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	lost := 0
	for s, id := range b.inStates(t) {
		for _, verb := range s.Verbs() {
			lost += b.loseAt(t, id, verb)
		}
	}
	if lost < 500 {
		t.Errorf("the database was lost %d times; does each move still run some twenty statements?", lost)
	}
}

// loseAt makes a move again and again, the database being lost at one statement after
// the other, until it comes to its end. It returns how often it was lost.
func (b *bundle) loseAt(t *testing.T, id int64, verb casework.Verb) int {
	t.Helper()
	c, rollback := b.aside(t)
	defer rollback()
	var left int
	d, err := postgres.New(fragile{c.conn, &left}, postgres.Options{Now: func() time.Time { return c.now }})
	must(t, err)
	c.DB = d
	attempt := c.attempts(t, id)[verb]
	if attempt == nil { // no RPC makes this move
		return 0
	}
	for n := 0; ; n++ {
		left = n
		err := attempt()
		if left >= 0 {
			return n
		}
		if !postgres.Unreachable(err) {
			t.Errorf("%s, lost at statement %d: %v", verb, n+1, err)
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
