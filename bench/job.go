package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"fuyan/postgres"
	"fuyan/worker"
)

// jobRounds is how often the jobs are measured at most.
const jobRounds = 3

// A noop is a job that does nothing.
type noop struct {
	N int `json:"n"`
}

// Kind names the job.
func (noop) Kind() string { return "bench_noop" }

// InsertOpts puts it into the queue of those it is measured beside.
func (noop) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: postgres.MailQueue} }

// work measures how fast notices are written and queued, and then sent by mail to
// nowhere, beside River with as many jobs that do nothing.
func (r *run) work(ctx context.Context) error {
	m, err := r.newJobs(ctx)
	if err != nil {
		return err
	}
	var swept, inserted, sent, idle side
	for range min(jobRounds, r.o.Rounds) {
		n, a, err := m.sweep(ctx)
		if err != nil {
			return err
		}
		b, err := m.send(ctx, n)
		if err != nil {
			return err
		}
		c, err := m.insert(ctx, n)
		if err != nil {
			return err
		}
		d, err := m.idle(ctx, n)
		if err != nil {
			return err
		}
		each := time.Duration(n)
		swept.add(a / each)
		sent.add(b / each)
		inserted.add(c / each)
		idle.add(d / each)
	}
	r.add(Measure{Group: Jobs, What: "a notice swept, written, queued", Against: RiverInsert}.measured(&swept, &inserted))
	r.add(Measure{Group: Jobs, What: "a notice sent", Against: RiverNoop}.measured(&sent, &idle))
	return nil
}

// jobs is a database in which nothing is due but what is armed.
type jobs struct {
	*run
	db  *postgres.DB
	now time.Time
	log *slog.Logger
}

func (r *run) newJobs(ctx context.Context) (*jobs, error) {
	for _, sql := range []string{
		`TRUNCATE river_job`,
		`UPDATE deadline_watch SET next_notice = now() + interval '30 years' WHERE next_notice IS NOT NULL`,
		`INSERT INTO notice_settings (user_id, mail, mail_mode) SELECT id, 'u' || id || '@example.cn', 'at_once' FROM users
			ON CONFLICT (user_id) DO UPDATE SET mail = excluded.mail, mail_mode = 'at_once'`,
	} {
		if _, err := r.pool.Exec(ctx, sql); err != nil {
			return nil, err
		}
	}
	m := &jobs{run: r, log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	var err error
	if m.now, err = r.workingNoon(ctx); err != nil {
		return nil, err
	}
	m.db, err = postgres.New(r.pool, postgres.Options{Now: func() time.Time { return m.now }, Sweeps: 4})
	return m, err
}

// workingNoon is noon of the next Wednesday that is no holiday: people are told of
// deadlines in working hours.
func (r *run) workingNoon(ctx context.Context) (time.Time, error) {
	day := time.Now().UTC().Truncate(24 * time.Hour).Add(4 * time.Hour) // noon in Shanghai
	for range 60 {
		day = day.AddDate(0, 0, 1)
		var off bool
		if err := r.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM calendar_days WHERE day = $1)`, day).Scan(&off); err != nil {
			return day, err
		}
		if day.Weekday() == time.Wednesday && !off {
			return day, nil
		}
	}
	return day, errors.New("no working Wednesday in 60 days")
}

// clear forgets what was told and queued.
func (m *jobs) clear(ctx context.Context) error {
	_, err := m.pool.Exec(ctx, `TRUNCATE notices, notice_deliveries, river_job`)
	return err
}

// sweep makes deadlines due, and sweeps. It returns how many notices that made.
func (m *jobs) sweep(ctx context.Context) (n int, took time.Duration, err error) {
	if err := m.clear(ctx); err != nil {
		return 0, 0, err
	}
	tag, err := m.pool.Exec(ctx, `UPDATE deadlines SET due = $1, armed_at = $2::timestamptz - interval '1 year', next_notice = $2 WHERE id IN (
		SELECT deadline_id FROM deadline_watch WHERE next_notice IS NOT NULL ORDER BY deadline_id LIMIT $3)`,
		m.now, m.now.Add(-time.Hour), m.o.Due)
	if err != nil {
		return 0, 0, err
	}
	if _, err := m.pool.Exec(ctx, `VACUUM ANALYZE deadline_watch`); err != nil {
		return 0, 0, err
	}
	began := time.Now()
	if err := m.db.Sweep(ctx); err != nil {
		return 0, 0, err
	}
	took = time.Since(began)
	err = m.pool.QueryRow(ctx, `SELECT count(*) FROM river_job WHERE queue = $1`, postgres.MailQueue).Scan(&n)
	if err == nil && n == 0 {
		err = fmt.Errorf("%d deadlines were due, and nobody was told", tag.RowsAffected())
	}
	return n, took, err
}

// insert has River insert as many jobs by itself.
func (m *jobs) insert(ctx context.Context, n int) (time.Duration, error) {
	if err := m.clear(ctx); err != nil {
		return 0, err
	}
	client, err := river.NewClient(riverpgxv5.New(m.other), &river.Config{})
	if err != nil {
		return 0, err
	}
	list := make([]river.InsertManyParams, n)
	for i := range list {
		list[i].Args = noop{i}
	}
	began := time.Now()
	_, err = client.InsertManyFast(ctx, list)
	return time.Since(began), err
}

// send works off the queued notices, with mails that go nowhere.
func (m *jobs) send(ctx context.Context, n int) (time.Duration, error) {
	mail := func(_ context.Context, _ *postgres.Outgoing, sent func() error) error { return sent() }
	client, err := worker.New(m.pool, m.db, worker.Options{Log: m.log, Mail: mail, Listen: m.other})
	if err != nil {
		return 0, err
	}
	return workedOff(ctx, client, postgres.SendNotice{}.Kind(), n)
}

// idle works off the jobs that do nothing, with a client as the worker's.
func (m *jobs) idle(ctx context.Context, n int) (time.Duration, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(func(context.Context, *river.Job[noop]) error { return nil }))
	client, err := river.NewClient(riverpgxv5.New(m.other), &river.Config{
		Logger: m.log, Workers: workers,
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: 4}, postgres.MailQueue: {MaxWorkers: 4}, postgres.WebhookQueue: {MaxWorkers: 4},
		},
		FetchPollInterval: 200 * time.Millisecond, FetchCooldown: worker.FetchCooldown, JobTimeout: time.Minute,
	})
	if err != nil {
		return 0, err
	}
	return workedOff(ctx, client, noop{}.Kind(), n)
}

// workedOff starts the client and waits until it has done so many jobs of a kind.
func workedOff(ctx context.Context, client *river.Client[pgx.Tx], kind string, n int) (time.Duration, error) {
	done, stop := client.SubscribeConfig(&river.SubscribeConfig{
		ChanSize: n + 1000, Kinds: []river.EventKind{river.EventKindJobCompleted, river.EventKindJobFailed},
	})
	defer stop()
	began := time.Now()
	if err := client.Start(ctx); err != nil {
		return 0, err
	}
	var err error
	for i := 0; i < n && err == nil; {
		select {
		case e := <-done:
			switch {
			case e.Job.Kind == kind && e.Kind == river.EventKindJobCompleted:
				i++
			case e.Kind == river.EventKindJobFailed:
				err = fmt.Errorf("job %s: %v", e.Job.Kind, e.Job.Errors)
			}
		case <-time.After(time.Minute):
			err = fmt.Errorf("%d of %d jobs of %s were done", i, n, kind)
		}
	}
	took := time.Since(began)
	return took, errors.Join(err, client.Stop(ctx))
}
