// Package worker carries out the jobs that package postgres queues in the
// transactions of its operations: it records the commitments of an issued
// letter, sends copies, and tells proposers what happened.
//
// What a job does is one method of [postgres.DB], and idempotent: River may run
// a job again after a crash. This package says only how jobs are run: how many
// at once, for how long, and what is logged about each.
package worker

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"fuyan/postgres"
)

// New returns a client that, once started, works every kind of job there is.
// When the context of its start ends, it lets the jobs under way finish.
func New(pool *pgxpool.Pool, d *postgres.DB, log *slog.Logger) (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(pool), &river.Config{
		Logger:            log,
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}},
		Workers:           workers(d),
		Middleware:        []rivertype.Middleware{&jobLog{log: log}},
		FetchPollInterval: 200 * time.Millisecond,
		JobTimeout:        time.Minute,
		// A worker that was killed leaves its jobs to others after this.
		RescueStuckJobsAfter: 2 * time.Minute,
		SoftStopTimeout:      8 * time.Second,
	})
}

// workers is the list of all jobs.
func workers(d *postgres.DB) *river.Workers {
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
	return w
}
