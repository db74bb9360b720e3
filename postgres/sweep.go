package postgres

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"golang.org/x/sync/errgroup"

	"fuyan/casework"
	"fuyan/gen/db"
)

// sweepSize is how many deadlines a batch of the sweep holds: few enough that a
// thousand which are due on one morning are told of by several at once.
const sweepSize = 500

// never stands in an array of moments for none.
var never = time.Unix(0, 0)

// Sweep tells of every deadline whose next moment has come, and sees to it that
// the morning's digests are made. It works in batches, each one transaction: the
// lines of the ledger, the jobs that send them and the deadlines' next moments
// are written together or not at all. Where there is more than one batch, several
// are worked on at once; several sweeps at once share the work. The digests are
// made also where a batch fails.
func (d *DB) Sweep(ctx context.Context) error {
	g, within := errgroup.WithContext(ctx)
	help := sync.OnceFunc(func() {
		for range d.sweeps - 1 {
			g.Go(func() error { return d.sweepOn(within, func() {}) })
		}
	})
	g.Go(func() error { return d.sweepOn(within, help) })
	return errors.Join(g.Wait(), d.makeDigests(ctx))
}

// sweepOn sweeps batch by batch until nothing is due that no other sweep holds.
// It calls more when it holds a full batch: there may be more than that.
func (d *DB) sweepOn(ctx context.Context, more func()) error {
	for {
		n, err := inTx(ctx, d, func(tx pgx.Tx) (int, error) { return d.sweepBatch(ctx, tx, more) })
		if err != nil || n < sweepSize {
			return err
		}
	}
}

// sweepBatch returns how many deadlines it looked at.
func (d *DB) sweepBatch(ctx context.Context, tx pgx.Tx, more func()) (int, error) {
	now := d.now()
	if err := q.WalkIndexes(ctx, tx); err != nil {
		return 0, err
	}
	claimed, err := q.ClaimDue(ctx, tx, now, sweepSize)
	if err != nil || len(claimed) == 0 {
		return 0, err
	}
	if len(claimed) == sweepSize {
		more()
	}
	rows, err := q.DueDeadlines(ctx, tx, claimed)
	if err != nil {
		return 0, err
	}
	w, err := d.watchOver(ctx, tx, rows, now)
	if err != nil {
		return 0, err
	}
	if opens := w.hours.Opens(now); opens.After(now) {
		return len(claimed), q.SetNextNotices(ctx, tx, claimed, slices.Repeat([]time.Time{opens}, len(claimed)))
	}
	return len(claimed), d.tellDue(ctx, tx, w, rows, now)
}

// tellDue tells what has come of the deadlines, and sets their next moments.
func (d *DB) tellDue(ctx context.Context, tx pgx.Tx, w watch, rows []running, now time.Time) error {
	ids, dues, nexts := make([]int64, len(rows)), make([]casework.Date, len(rows)), make([]time.Time, len(rows))
	for i, r := range rows {
		ids[i], dues[i], nexts[i] = r.ID, r.Due, never
	}
	lines := newLedger(w, casework.DateOf(now, d.zone), now)
	if err := lines.read(ctx, tx, ids, dues); err != nil {
		return err
	}
	for i, r := range rows {
		come, next := casework.Stand(w.of(r), r.ArmedAt, now)
		lines.write(r, come)
		if !next.At.IsZero() {
			nexts[i] = next.At
		}
	}
	if err := d.tellRungs(ctx, tx, w, lines.rows); err != nil {
		return err
	}
	return q.SetNextNotices(ctx, tx, ids, nexts)
}

// A toldKey is a person and a deadline.
type toldKey struct{ deadlineID, userID int64 }

// A ledger gathers the lines that a batch adds to the ledger. The deadlines are
// locked, so that nobody else writes lines of theirs.
type ledger struct {
	w     watch
	today casework.Date
	at    time.Time
	far   map[toldKey]int32       // the furthest rung of the present day that each was told
	swept map[int64]int32         // the same that anybody was told, by deadline
	left  map[casework.Date]int32 // working days from today, by due day
	rows  []db.TellRungsParams
}

func newLedger(w watch, today casework.Date, at time.Time) ledger {
	return ledger{w: w, today: today, at: at, far: map[toldKey]int32{}, swept: map[int64]int32{}, left: map[casework.Date]int32{}}
}

// read finds out what was told of the deadlines' present days.
func (l *ledger) read(ctx context.Context, tx pgx.Tx, ids []int64, dues []casework.Date) error {
	rows, err := q.ToldSoFar(ctx, tx, ids, dues)
	for _, r := range rows {
		l.far[toldKey{r.DeadlineID, r.UserID}] = r.Rung
		if most, told := l.swept[r.DeadlineID]; !told || r.Rung > most {
			l.swept[r.DeadlineID] = r.Rung
		}
	}
	return err
}

// write adds what everybody is told of the tellings that have come: of the last,
// with whom those tell that were passed over. Nobody is told of a rung who was
// told of it, or of a later one.
func (l *ledger) write(r running, come []casework.Telling) {
	swept := math.MinInt
	if rung, told := l.swept[r.ID]; told {
		swept = int(rung)
	}
	t := casework.Together(come, swept)
	rung := int32(t.Days)
	for _, a := range l.w.told(t.Tells, r) {
		if far, told := l.far[toldKey{r.ID, a.ID}]; told && far >= rung {
			continue
		}
		left, known := l.left[r.Due]
		if !known {
			left = int32(l.w.hours.Calendar.WorkingDays(l.today, r.Due))
			l.left[r.Due] = left
		}
		l.rows = append(l.rows, db.TellRungsParams{
			UserID: a.ID, Role: a.as, DeadlineID: &r.ID, Due: r.Due, Rung: &rung, DaysLeft: left, Escalated: t.Escalates(a.as),
			ByMail: a.MailMode == atOnce, ByWebhook: a.ByWebhook, At: l.at,
		})
	}
}

// tellRungs writes the lines, and queues what sends them.
func (d *DB) tellRungs(ctx context.Context, tx pgx.Tx, w watch, lines []db.TellRungsParams) error {
	if len(lines) == 0 {
		return nil
	}
	ids, err := q.NoticeIDs(ctx, tx, int32(len(lines)))
	if err != nil {
		return err
	}
	var waiting []int64
	jobs := make([]river.InsertManyParams, 0, len(lines))
	for i := range lines {
		n := &lines[i]
		n.ID = ids[i]
		jobs = goOut(jobs, n.ID, n.ByMail, n.ByWebhook)
		if w.people.byID[n.UserID].MailMode == inDigest {
			waiting = append(waiting, n.ID)
		}
	}
	if _, err := q.TellRungs(ctx, tx, lines); err != nil {
		return err
	}
	if len(waiting) > 0 {
		if err := q.WaitForDigest(ctx, tx, waiting); err != nil {
			return err
		}
	}
	return d.queueMany(ctx, tx, jobs)
}

// goOut adds the jobs that send a notice.
func goOut(jobs []river.InsertManyParams, id int64, byMail, byWebhook bool) []river.InsertManyParams {
	if byMail {
		jobs = append(jobs, river.InsertManyParams{Args: SendNotice{id, ByMail}})
	}
	if byWebhook {
		jobs = append(jobs, river.InsertManyParams{Args: SendNotice{id, ByWebhook}})
	}
	return jobs
}

func (d *DB) queueMany(ctx context.Context, tx pgx.Tx, jobs []river.InsertManyParams) error {
	if len(jobs) == 0 {
		return nil
	}
	_, err := d.jobs.InsertManyFastTx(ctx, tx, jobs)
	return err
}
