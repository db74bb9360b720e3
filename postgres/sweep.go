package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"golang.org/x/sync/errgroup"

	"fuyan/casework"
	"fuyan/gen/db"
)

// sweepSize is how many deadlines a batch of the sweep locks.
const sweepSize = 1000

// never stands in an array of moments for none.
var never = time.Unix(0, 0)

// Sweep tells of every deadline whose next moment has come, and sees to it that
// the morning's digests are made. It works in batches, each one transaction: the
// lines of the ledger, the jobs that send them and the deadlines' next moments
// are written together or not at all. Several sweeps at once share the work.
func (d *DB) Sweep(ctx context.Context) error {
	n, err := d.sweepOnce(ctx)
	if err == nil && n == sweepSize { // there is more
		g, ctx := errgroup.WithContext(ctx)
		for range d.sweeps {
			g.Go(func() error { return d.sweepOn(ctx) })
		}
		err = g.Wait()
	}
	if err != nil {
		return err
	}
	return d.makeDigests(ctx)
}

// sweepOn sweeps batch by batch until nothing is due that no other sweep holds.
func (d *DB) sweepOn(ctx context.Context) error {
	for {
		if n, err := d.sweepOnce(ctx); err != nil || n < sweepSize {
			return err
		}
	}
}

func (d *DB) sweepOnce(ctx context.Context) (int, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (int, error) { return d.sweepBatch(ctx, tx) })
}

// sweepBatch returns how many deadlines it looked at.
func (d *DB) sweepBatch(ctx context.Context, tx pgx.Tx) (int, error) {
	now := d.now()
	if err := q.WalkIndexes(ctx, tx); err != nil {
		return 0, err
	}
	rows, err := q.DueDeadlines(ctx, tx, now, sweepSize)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	w, err := d.watchOver(ctx, tx, rows, now)
	if err != nil {
		return 0, err
	}
	lasts := make([]casework.Telling, len(rows))
	var escalated []int64
	ids, nexts := make([]int64, len(rows)), make([]time.Time, len(rows))
	for i, r := range rows {
		last, next := casework.Stand(w.of(r), r.ArmedAt, now)
		ids[i], nexts[i], lasts[i] = r.ID, never, last
		if !next.At.IsZero() {
			nexts[i] = next.At
		}
		if last.Escalates() {
			escalated = append(escalated, r.ID)
		}
	}
	before, err := d.toldBefore(ctx, tx, escalated)
	if err != nil {
		return 0, err
	}
	var lines db.TellRungsParams
	for i, r := range rows {
		d.writeLines(&lines, w, r, lasts[i], before[r.ID])
	}
	if err := d.tellRungs(ctx, tx, lines); err != nil {
		return 0, err
	}
	return len(rows), q.SetNextNotices(ctx, tx, ids, nexts)
}

// writeLines adds what everybody is told at one rung.
func (d *DB) writeLines(lines *db.TellRungsParams, w watch, r running, t casework.Telling, before []casework.Told) {
	for _, a := range w.told(t.Tells, r) {
		words := casework.Reminder{
			Kind: r.Kind, Number: r.Number, Title: r.Title, Rule: r.Rule, Promise: r.Promise,
			Due: r.Due, Today: d.Today(), To: a.as, Before: before,
		}
		lines.UserIds = append(lines.UserIds, a.ID)
		lines.Roles = append(lines.Roles, string(a.as))
		lines.DeadlineIds = append(lines.DeadlineIds, r.ID)
		lines.Dues = append(lines.Dues, r.Due)
		lines.Rungs = append(lines.Rungs, int32(t.Days))
		lines.Subjects = append(lines.Subjects, words.Subject(w.hours.Calendar))
		lines.Bodies = append(lines.Bodies, words.Body(w.hours.Calendar))
	}
}

// toldBefore says of each deadline who was told of its present day before.
func (d *DB) toldBefore(ctx context.Context, tx pgx.Tx, deadlines []int64) (map[int64][]casework.Told, error) {
	if len(deadlines) == 0 {
		return nil, nil
	}
	rows, err := q.ToldBefore(ctx, tx, deadlines)
	out := map[int64][]casework.Told{}
	for _, r := range rows {
		out[r.DeadlineID] = append(out[r.DeadlineID], casework.Told{
			Name: r.DisplayName, As: r.Role, Times: int(r.Times), Last: casework.DateOf(r.Last, d.zone),
		})
	}
	return out, err
}

// tellRungs writes the lines that are not in the ledger yet, and queues what
// sends them.
func (d *DB) tellRungs(ctx context.Context, tx pgx.Tx, lines db.TellRungsParams) error {
	if len(lines.UserIds) == 0 {
		return nil
	}
	lines.At = d.now()
	rows, err := q.TellRungs(ctx, tx, lines)
	if err != nil {
		return err
	}
	jobs := make([]river.InsertManyParams, len(rows))
	for i, r := range rows {
		jobs[i].Args = SendNotice(r)
	}
	return d.queueMany(ctx, tx, jobs)
}

func (d *DB) queueMany(ctx context.Context, tx pgx.Tx, jobs []river.InsertManyParams) error {
	if len(jobs) == 0 {
		return nil
	}
	_, err := d.jobs.InsertManyFastTx(ctx, tx, jobs)
	return err
}
