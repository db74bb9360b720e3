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
	"io"
	"net"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"gocloud.dev/blob"

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
	// Sweeps is how many batches a sweep works on at once; 1 when 0, as it must be
	// where the Conn is a transaction.
	Sweeps int
	// Files is where the bytes of files are kept.
	Files *blob.Bucket
}

// A DB reads and writes the service's data. It is as safe for concurrent use as
// its Conn.
type DB struct {
	conn   Conn
	jobs   *river.Client[pgx.Tx]
	clock  func() time.Time
	zone   *time.Location
	sweeps int
	files  *blob.Bucket
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
	return &DB{conn: conn, jobs: jobs, clock: o.Now, zone: o.Zone, sweeps: max(o.Sweeps, 1), files: o.Files}, nil
}

// q holds the queries. Each takes the pool or transaction to run in as an
// argument, so a query cannot leave its transaction by accident.
var q = db.New()

// now returns the time as the database keeps it, to the microsecond.
func (d *DB) now() time.Time { return d.clock().UTC().Truncate(time.Microsecond) }

// Today returns the day it is in the service's zone.
func (d *DB) Today() casework.Date { return casework.DateOf(d.clock(), d.zone) }

// DayOf returns the day on which t falls in the service's zone, none for no t.
func (d *DB) DayOf(t *time.Time) casework.Date {
	if t == nil {
		return casework.Date{}
	}
	return casework.DateOf(*t, d.zone)
}

// dayOr returns day, or today if day is none.
func (d *DB) dayOr(day casework.Date) casework.Date {
	if day.IsZero() {
		return d.Today()
	}
	return day
}

// inTx returns what f returns. It commits f's transaction if f succeeds and
// rolls it back if f fails or panics. Where two transactions waited for each other
// and Postgres broke this one off, f is done again, from its beginning.
func inTx[T any](ctx context.Context, d *DB, f func(tx pgx.Tx) (T, error)) (v T, err error) {
	for range mostTries {
		err = pgx.BeginFunc(ctx, d.conn, func(tx pgx.Tx) error {
			v, err = f(tx)
			return err
		})
		if e, ok := errors.AsType[*pgconn.PgError](err); !ok || e.Code != deadlockDetected {
			break
		}
	}
	return v, translated(err)
}

// deadlockDetected is Postgres's code for it; mostTries is how often it may happen
// to one transaction.
const (
	deadlockDetected = "40P01"
	mostTries        = 3
)

// constraints says what the violation of each constraint means to a caller. A
// violation of any other is a fault of ours.
var constraints = map[string]error{
	"proposal_number":                 casework.Exists("同一届次、同一编号的提案或建议"),
	"proposer_name":                   casework.Invalid("proposers", "同一名字只能出现一次"),
	"proposers_user_id_fkey":          casework.Invalid("proposers", "账号不存在"),
	"proposals_organ_id_fkey":         casework.Invalid("organ_id", "单位不存在"),
	"opinions_organ_id_fkey":          casework.Invalid("organ_id", "单位不存在"),
	"return_undecided":                casework.Exists("待决定的退办申请"),
	"extension_undecided":             casework.Exists("待审批的延期申请"),
	"opinion_asked":                   casework.Exists("对该单位的征求意见"),
	"letter_number":                   casework.Exists("同一文号的复文"),
	"series_numbers_pkey":             casework.Exists("同一文号的复文"),
	"user_name":                       casework.Exists("同名账号"),
	"organ_name":                      casework.Exists("同名单位"),
	"organ_cppcc_prefix":              casework.Exists("使用这一发文字号的单位"),
	"organ_npc_prefix":                casework.Exists("使用这一发文字号的单位"),
	"organs_check":                    casework.Invalid("organ.npc_prefix", "应与提案的发文字号不同"),
	"division_name":                   casework.Exists("同名处室"),
	"users_organ_id_fkey":             casework.Invalid("organ_id", "单位不存在"),
	"users_division_id_organ_id_fkey": casework.Invalid("division_id", "应为该单位的处室"),
	"feedback_of_proposer":            casework.Exists("该提出人对本轮答复的反馈"),
	"deadline_rule":                   casework.Invalid("rule.valid_from", "这一天起已有同一规定，应为另一天"),
	"withheld_with_reason":            casework.Invalid("withhold_reason", "应填不予公开的理由"),
	"filter_name":                     casework.Exists("同名的筛选"),
	"keeping_answer":                  casework.Exists("这位提出人对这一承诺的意见"),
	"ended_term":                      casework.Exists("这一届换届的登记"),
	"river_job_unique_idx":            casework.Exists("排队中的同一任务"),
	"judge_did_not_report":            fmt.Errorf("judge what one reported oneself: %w", casework.ErrForbidden),
	"judge_is_not_owner":              fmt.Errorf("judge one's own promise: %w", casework.ErrForbidden),
	"commitments_owner_id_fkey":       casework.Invalid("owner_id", "应为该单位的工作人员"),
}

// Unreachable reports whether err is that the database could not be asked, or
// stopped in the middle, so that the same may go well a moment later. A request
// that carries a request_id may then be sent again.
func Unreachable(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok { // it ends, starts, promotes, or has no room
		return slices.Contains([]string{"57P01", "57P02", "57P03", "53300", "25006"}, pg.Code)
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed)
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
