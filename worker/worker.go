// Package worker carries out the jobs that package postgres queues in the
// transactions of its operations: it records the commitments of an issued
// letter, sends copies, tells proposers what happened, looks each minute which
// deadlines somebody must be told of, sends notices by mail and webhook, receives
// the proposals of a hand-over list, and removes files of evidence that no report
// names and lists that nobody confirmed.
//
// What a job does is one method of [postgres.DB], and idempotent: River may run
// a job again after a crash. This package says only how jobs are run: how many
// at once, for how long, and what is logged about each.
package worker

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"fuyan/observe"
	"fuyan/postgres"
)

// Options are what the jobs need beside the database.
type Options struct {
	Log      *slog.Logger
	Observer *observe.Observer // one that nobody asks when nil
	Mail     SendMail
	Hook     *http.Client // calls people's webhooks; one that reaches no private address when nil
	// Listen has the connection on which the worker is told of jobs; the pool itself
	// when nil. River breaks off its waiting there by a context, for each thing more
	// that it listens for, and then waits until the connection has noticed.
	Listen *pgxpool.Pool
	// Poll finds jobs by asking alone. Where many sessions share a connection, as
	// they do behind a pooler of transactions, none can be told of a job.
	Poll bool
	// Timing is for tests; nothing in it is what a service runs with.
	Timing Timing
}

// A Timing says how long things take.
type Timing struct {
	SendTimeout time.Duration           // of one attempt to send a notice; a minute when 0
	Rescue      time.Duration           // when jobs of a killed worker go to others; two minutes when 0
	Retry       river.ClientRetryPolicy // River's own when nil
}

// New returns a client that, once started, works every kind of job there is.
// When the context of its start ends, it lets the jobs under way finish. Several
// such clients on one database, on one machine or more, share the jobs; one of
// them is the leader that queues what is done by the clock.
func New(pool *pgxpool.Pool, d *postgres.DB, o Options) (*river.Client[pgx.Tx], error) {
	if o.Observer == nil {
		o.Observer = observe.New(observe.Exports{})
	}
	if o.Hook == nil {
		o.Hook = NewWebhookClient(nil)
	}
	return river.NewClient[pgx.Tx](&driver{riverpgxv5.New(pool), riverpgxv5.New(cmp.Or(o.Listen, pool))}, &river.Config{
		Logger: o.Log,
		Queues: map[string]river.QueueConfig{
			river.QueueDefault:    {MaxWorkers: 4},
			postgres.MailQueue:    {MaxWorkers: 4},
			postgres.WebhookQueue: {MaxWorkers: 4},
		},
		Workers:           workers(d, o),
		PeriodicJobs:      periods(),
		Middleware:        []rivertype.Middleware{&jobLog{log: o.Log, observer: o.Observer}},
		FetchPollInterval: 200 * time.Millisecond,
		FetchCooldown:     FetchCooldown,
		PollOnly:          o.Poll,
		JobTimeout:        time.Minute,
		RetryPolicy:       o.Timing.Retry,
		// A worker that was killed leaves its jobs to others after this. It is
		// longer than any job may take, so that no two work on one.
		RescueStuckJobsAfter: cmp.Or(o.Timing.Rescue, 2*time.Minute),
		SoftStopTimeout:      8 * time.Second,
	})
}

// A driver is River's, with another pool to listen on.
type driver struct {
	*riverpgxv5.Driver
	listen *riverpgxv5.Driver
}

// GetListener returns what listens.
func (d *driver) GetListener(p *riverdriver.GetListenenerParams) riverdriver.Listener {
	return d.listen.GetListener(p)
}

// FetchCooldown is how long a queue waits before it fetches the next jobs. It
// fetches no more than it has hands for, four: with River's own tenth of a second
// it would send forty mails a second, however fast they go.
const FetchCooldown = 2 * time.Millisecond

// walk is how long a job may take that goes from proposal to proposal. What it
// leaves the next one does. It must end: a job without a timeout is never rescued
// from a worker that was killed.
const walk = 10 * time.Minute

// workers is the list of all jobs.
func workers(d *postgres.DB, o Options) *river.Workers {
	s := &sender{d, o.Mail, o.Hook}
	w := river.NewWorkers()
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, job *river.Job[postgres.RecordCommitments]) error {
		return d.DoRecordCommitments(ctx, job.Args)
	}))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, job *river.Job[postgres.SendCopyJob]) error {
		return d.DoSendCopy(ctx, job.Args)
	}))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, job *river.Job[postgres.TellProposer]) error {
		return d.DoTellProposer(ctx, job.Args)
	}))
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[postgres.SweepNotices]) error {
		return d.Sweep(ctx)
	}))
	river.AddWorker(w, &within[postgres.EndTermJob]{
		do: func(ctx context.Context, job *river.Job[postgres.EndTermJob]) error {
			return d.DoEndTerm(ctx, job.Args)
		}, timeout: walk,
	})
	river.AddWorker(w, &within[postgres.CarryOver]{
		do: func(ctx context.Context, _ *river.Job[postgres.CarryOver]) error { return d.DoCarryOver(ctx) }, timeout: walk,
	})
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[postgres.RemoveFiles]) error {
		return d.DoRemoveFiles(ctx)
	}))
	river.AddWorker(w, &within[postgres.ReceiveImport]{
		do: func(ctx context.Context, job *river.Job[postgres.ReceiveImport]) error {
			return d.DoReceiveImport(ctx, job.Args)
		}, timeout: walk,
	})
	river.AddWorker(w, river.WorkFunc(func(ctx context.Context, _ *river.Job[postgres.RemoveImports]) error {
		return d.DoRemoveImports(ctx)
	}))
	river.AddWorker(w, &within[postgres.IndexPublications]{
		do: func(ctx context.Context, _ *river.Job[postgres.IndexPublications]) error {
			return d.DoIndexPublications(ctx)
		}, timeout: walk,
	})
	river.AddWorker(w, &within[postgres.SendNotice]{do: s.sendNotice, timeout: o.Timing.SendTimeout})
	river.AddWorker(w, &within[postgres.SendDigest]{do: s.sendDigest, timeout: o.Timing.SendTimeout})
	return w
}

// periods is the list of all that is done by the clock.
func periods() []*river.PeriodicJob {
	return []*river.PeriodicJob{
		every(time.Hour, postgres.CarryOver{}), every(time.Minute, postgres.SweepNotices{}), every(time.Hour, postgres.RemoveFiles{}),
		every(time.Hour, postgres.IndexPublications{}), every(time.Hour, postgres.RemoveImports{}),
	}
}

// every queues a job when the leader starts, and each time so much has passed.
func every(t time.Duration, job river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(t),
		func() (river.JobArgs, *river.InsertOpts) { return job, nil },
		&river.PeriodicJobOpts{ID: job.Kind(), RunOnStart: true})
}

// within is a worker whose jobs may take a time of their own.
type within[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	do      func(context.Context, *river.Job[T]) error
	timeout time.Duration // the client's when 0
}

// Work does the job.
func (w *within[T]) Work(ctx context.Context, job *river.Job[T]) error { return w.do(ctx, job) }

// Timeout is how long the job may take.
func (w *within[T]) Timeout(*river.Job[T]) time.Duration { return w.timeout }
