package bench

import (
	"context"
	"reflect"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A kind is how a statement was run.
type kind int

const (
	execKind kind = iota
	queryKind
	rowKind
	copyKind
	beginKind
	commitKind
)

// A statement is one that ran: what it was given, and what was read of it.
type statement struct {
	kind kind
	sql  string
	args []any
	// dest are the types that a row was scanned into; nil where rows were read in
	// another way.
	dest []reflect.Type
	// rows is how many rows were read, copied or changed.
	rows int64
	// of a copy
	table   pgx.Identifier
	columns []string
	copied  [][]any
}

// note remembers what a row is scanned into.
func (s *statement) note(dest []any) {
	if s.dest != nil {
		return
	}
	types := make([]reflect.Type, len(dest))
	for i, d := range dest {
		t := reflect.TypeOf(d)
		if t == nil || t.Kind() != reflect.Pointer {
			return
		}
		types[i] = t.Elem()
	}
	s.dest = types
}

// A recorder is a pool that remembers what runs through it, in order. It is for
// one caller at a time.
type recorder struct {
	*pgxpool.Pool
	mu   sync.Mutex
	tape []*statement
}

// add puts a statement on the tape.
func (r *recorder) add(s *statement) *statement {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tape = append(r.tape, s)
	return s
}

// identifies begins the statement by which the service finds out who calls. It
// belongs to the service and not to any operation, so that no replay has it.
const identifies = "-- name: UserByToken "

// take returns what ran since it was last called, but for who called.
func (r *recorder) take() []*statement {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []*statement
	for _, s := range r.tape {
		if !strings.HasPrefix(s.sql, identifies) {
			out = append(out, s)
		}
	}
	r.tape = nil
	return out
}

// Begin records the beginning of a transaction and what runs in it.
func (r *recorder) Begin(ctx context.Context) (pgx.Tx, error) {
	return r.begun(r.Pool.Begin(ctx))
}

func (r *recorder) begun(tx pgx.Tx, err error) (pgx.Tx, error) {
	if err != nil {
		return nil, err
	}
	r.add(&statement{kind: beginKind})
	return &recordedTx{tx, r}, nil
}

// Exec records a statement that returns no rows.
func (r *recorder) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return r.exec(ctx, r.Pool, sql, args)
}

// Query records a statement that returns rows.
func (r *recorder) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return r.query(ctx, r.Pool, sql, args)
}

// QueryRow records a statement that returns one row.
func (r *recorder) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return r.queryRow(ctx, r.Pool, sql, args)
}

// CopyFrom records rows that are copied.
func (r *recorder) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error) {
	return r.copyFrom(ctx, r.Pool, table, columns, rows)
}

// A runner is a pool or a transaction.
type runner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error)
}

func (r *recorder) exec(ctx context.Context, in runner, sql string, args []any) (pgconn.CommandTag, error) {
	s := r.add(&statement{kind: execKind, sql: sql, args: args})
	tag, err := in.Exec(ctx, sql, args...)
	s.rows = tag.RowsAffected()
	return tag, err
}

func (r *recorder) query(ctx context.Context, in runner, sql string, args []any) (pgx.Rows, error) {
	s := r.add(&statement{kind: queryKind, sql: sql, args: args})
	rows, err := in.Query(ctx, sql, args...)
	return &recordedRows{rows, s}, err
}

func (r *recorder) queryRow(ctx context.Context, in runner, sql string, args []any) pgx.Row {
	s := r.add(&statement{kind: rowKind, sql: sql, args: args})
	return &recordedRow{in.QueryRow(ctx, sql, args...), s}
}

func (r *recorder) copyFrom(
	ctx context.Context, in runner, table pgx.Identifier, columns []string, rows pgx.CopyFromSource,
) (int64, error) {
	s := r.add(&statement{kind: copyKind, table: table, columns: columns})
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return 0, err
		}
		s.copied = append(s.copied, append([]any(nil), values...))
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	n, err := in.CopyFrom(ctx, table, columns, pgx.CopyFromRows(s.copied))
	s.rows = n
	return n, err
}

// A recordedTx is a transaction whose statements are remembered.
type recordedTx struct {
	pgx.Tx
	to *recorder
}

// Begin records a transaction within this one.
func (t *recordedTx) Begin(ctx context.Context) (pgx.Tx, error) { return t.to.begun(t.Tx.Begin(ctx)) }

// Commit records that the transaction was committed.
func (t *recordedTx) Commit(ctx context.Context) error {
	t.to.add(&statement{kind: commitKind})
	return t.Tx.Commit(ctx)
}

// Exec records a statement that returns no rows.
func (t *recordedTx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return t.to.exec(ctx, t.Tx, sql, args)
}

// Query records a statement that returns rows.
func (t *recordedTx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return t.to.query(ctx, t.Tx, sql, args)
}

// QueryRow records a statement that returns one row.
func (t *recordedTx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return t.to.queryRow(ctx, t.Tx, sql, args)
}

// CopyFrom records rows that are copied.
func (t *recordedTx) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error) {
	return t.to.copyFrom(ctx, t.Tx, table, columns, rows)
}

// recordedRows notes how its rows are read.
type recordedRows struct {
	pgx.Rows
	of *statement
}

// Next counts the rows.
func (r *recordedRows) Next() bool {
	if !r.Rows.Next() {
		return false
	}
	r.of.rows++
	return true
}

// Scan notes what a row is scanned into.
func (r *recordedRows) Scan(dest ...any) error {
	r.of.note(dest)
	return r.Rows.Scan(dest...)
}

type recordedRow struct {
	pgx.Row
	of *statement
}

// Scan notes what the row is scanned into.
func (r *recordedRow) Scan(dest ...any) error {
	r.of.note(dest)
	err := r.Row.Scan(dest...)
	if err == nil {
		r.of.rows = 1
	}
	return err
}
