// Package postgres is the only package that speaks SQL. Each exported method of
// [DB] is one thing that a person or a job does, carried out in one
// transaction: it locks what it changes, asks package casework whether the
// change is allowed, writes it, records the event in the proposal's chain, and
// queues the jobs that follow from it.
//
// A write is a [Call]: it names the person, the request and the version that
// the person saw. A request that was done before is not done again but answered
// with the subject as it now stands.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A Conn is a pool, or in tests a transaction that is rolled back at the end.
type Conn interface {
	db.DBTX
	Begin(context.Context) (pgx.Tx, error)
}

// Options are what a DB needs beside the database.
type Options struct {
	Now  func() time.Time
	Zone *time.Location // in which days begin and end; Shanghai's when nil
}

// A DB reads and writes the service's data. It is as safe for concurrent use as
// its Conn.
type DB struct {
	conn  Conn
	jobs  *river.Client[pgx.Tx]
	clock func() time.Time
	zone  *time.Location
}

// New returns a DB that uses conn.
func New(conn Conn, o Options) (*DB, error) {
	// A client without a pool can only insert, and only in a transaction.
	jobs, err := river.NewClient(riverpgxv5.New(nil), &river.Config{})
	if err != nil {
		return nil, err
	}
	if o.Zone == nil {
		o.Zone = time.FixedZone("Asia/Shanghai", 8*60*60)
	}
	return &DB{conn: conn, jobs: jobs, clock: o.Now, zone: o.Zone}, nil
}

// q holds the queries. Each takes the pool or transaction to run in as an
// argument, so a query cannot leave its transaction by accident.
var q = db.New()

// now returns the time as the database keeps it, to the microsecond.
func (d *DB) now() time.Time { return d.clock().UTC().Truncate(time.Microsecond) }

// Today returns the day it is in the service's zone.
func (d *DB) Today() casework.Date { return casework.DateOf(d.clock(), d.zone) }

// dayOr returns day, or today if day is none.
func (d *DB) dayOr(day casework.Date) casework.Date {
	if day.IsZero() {
		return d.Today()
	}
	return day
}

// inTx returns what f returns. It commits f's transaction if f succeeds and
// rolls it back if f fails or panics.
func inTx[T any](ctx context.Context, d *DB, f func(tx pgx.Tx) (T, error)) (v T, err error) {
	err = pgx.BeginFunc(ctx, d.conn, func(tx pgx.Tx) error {
		v, err = f(tx)
		return err
	})
	return v, translated(err)
}

// constraints says what the violation of each constraint means to a caller. A
// violation of any other is a fault of ours.
var constraints = map[string]error{
	"proposal_number":                 fmt.Errorf("a proposal of this sitting and number: %w", casework.ErrConflict),
	"proposer_name":                   casework.Invalid("proposers", "each name once"),
	"proposers_user_id_fkey":          casework.Invalid("proposers", "an account that exists"),
	"proposals_organ_id_fkey":         casework.Invalid("organ_id", "an organ that exists"),
	"opinions_organ_id_fkey":          casework.Invalid("organ_id", "an organ that exists"),
	"return_undecided":                fmt.Errorf("a request to return: %w", casework.ErrConflict),
	"extension_undecided":             fmt.Errorf("a request for more time: %w", casework.ErrConflict),
	"opinion_asked":                   fmt.Errorf("an open question to this organ: %w", casework.ErrConflict),
	"letter_number":                   fmt.Errorf("a letter of this number: %w", casework.ErrConflict),
	"series_numbers_pkey":             fmt.Errorf("a letter of this number: %w", casework.ErrConflict),
	"user_name":                       fmt.Errorf("an account of this name: %w", casework.ErrConflict),
	"organ_name":                      fmt.Errorf("an organ of this name: %w", casework.ErrConflict),
	"organ_cppcc_prefix":              fmt.Errorf("an organ with this prefix: %w", casework.ErrConflict),
	"organ_npc_prefix":                fmt.Errorf("an organ with this prefix: %w", casework.ErrConflict),
	"organs_check":                    casework.Invalid("organ.npc_prefix", "another prefix than for 提案"),
	"division_name":                   fmt.Errorf("a division of this name: %w", casework.ErrConflict),
	"users_organ_id_fkey":             casework.Invalid("organ_id", "an organ that exists"),
	"users_division_id_organ_id_fkey": casework.Invalid("division_id", "a division of the organ"),
	"withheld_with_reason":            casework.Invalid("withhold_reason", "a reason why the reply is not public"),
	"judge_is_not_owner":              fmt.Errorf("judge one's own promise: %w", casework.ErrForbidden),
	"commitments_owner_id_fkey":       casework.Invalid("owner_id", "a person of the organ"),
}

// translated lets a violated constraint speak.
func translated(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		if meaning, ok := constraints[pg.ConstraintName]; ok {
			return meaning
		}
	}
	return err
}

// found says what was looked for when err is not nil, and replaces
// [pgx.ErrNoRows] by [casework.ErrNotFound].
func found(err error, what string, id int64) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		err = casework.ErrNotFound
	}
	return fmt.Errorf("%s %d: %w", what, id, err)
}

// constraintOf names the constraint that err violates.
func constraintOf(err error) string {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.ConstraintName
	}
	return ""
}
