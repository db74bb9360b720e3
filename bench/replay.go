package bench

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// replay runs recorded statements on a pool with nothing between, each in the
// transaction in which it ran, and decodes each row as the service did. It is an
// error when one does other work than was recorded: the two would not be the same.
func replay(ctx context.Context, pool *pgxpool.Pool, tape []*statement) (err error) {
	in := []runner{pool}
	defer func() {
		for _, open := range in[1:] {
			_ = open.(pgx.Tx).Rollback(ctx) // what failed says why
		}
	}()
	for _, s := range tape {
		last := in[len(in)-1]
		switch s.kind {
		case beginKind:
			tx, err := last.Begin(ctx)
			if err != nil {
				return err
			}
			in = append(in, tx)
		case commitKind:
			in = in[:len(in)-1]
			if err := last.(pgx.Tx).Commit(ctx); err != nil {
				return err
			}
		case execKind, queryKind, rowKind, copyKind:
			n, err := s.run(ctx, last)
			if err != nil {
				return fmt.Errorf("replay %.80q: %w", s.sql, err)
			}
			if n != s.rows {
				return fmt.Errorf("replay %.80q: %d rows, the operation had %d", s.sql, n, s.rows)
			}
		}
	}
	return nil
}

// run runs the statement once more and returns how many rows it had.
func (s *statement) run(ctx context.Context, in runner) (n int64, err error) {
	switch s.kind {
	case copyKind:
		return in.CopyFrom(ctx, s.table, s.columns, pgx.CopyFromRows(s.copied))
	case execKind:
		tag, err := in.Exec(ctx, s.sql, s.args...)
		return tag.RowsAffected(), err
	case rowKind:
		err := in.QueryRow(ctx, s.sql, s.args...).Scan(s.fresh()...)
		if errors.Is(err, pgx.ErrNoRows) {
			return 0, nil
		}
		return 1, err
	case queryKind, beginKind, commitKind:
	}
	rows, err := in.Query(ctx, s.sql, s.args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	dest := s.fresh()
	for rows.Next() {
		n++
		if dest == nil {
			_, err = rows.Values()
		} else {
			err = rows.Scan(dest...)
		}
		if err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// fresh returns something of each type that a row is scanned into.
func (s *statement) fresh() []any {
	if s.dest == nil {
		return nil
	}
	out := make([]any, len(s.dest))
	for i, t := range s.dest {
		out[i] = reflect.New(t).Interface()
	}
	return out
}
