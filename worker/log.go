package worker

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"go.opentelemetry.io/otel/codes"

	"fuyan/observe"
)

// jobLog writes one line about each attempt at a job, and measures it.
type jobLog struct {
	river.MiddlewareDefaults
	log      *slog.Logger
	observer *observe.Observer
}

func (l *jobLog) Work(ctx context.Context, job *rivertype.JobRow, do func(context.Context) error) error {
	ctx, span := l.observer.StartJob(ctx, job.Kind)
	defer span.End()
	began := time.Now()
	err := do(ctx)
	took, outcome := time.Since(began), outcomeOf(err)
	l.observer.Job(job.Kind, outcome, took)
	attrs := []any{"kind", job.Kind, "id", job.ID, "attempt", job.Attempt, "outcome", outcome, "duration", took}
	if err != nil {
		span.SetStatus(codes.Error, outcome)
		err = &worded{err, observe.Words(err)}
		l.log.ErrorContext(ctx, "job", append(attrs, "error", err)...)
		return err
	}
	l.log.InfoContext(ctx, "job", attrs...)
	return nil
}

// outcomeOf is how an attempt ended: ok, put off, stopped for good, or an error,
// after which another follows.
func outcomeOf(err error) string {
	if err == nil {
		return "ok"
	}
	if _, snoozed := errors.AsType[*river.JobSnoozeError](err); snoozed {
		return "snoozed"
	}
	if _, cancelled := errors.AsType[*river.JobCancelError](err); cancelled {
		return "cancelled"
	}
	return "error"
}

// A worded error is one in the words that may be logged, and kept with the job.
type worded struct {
	error
	words string
}

// Error says what may be said.
func (w *worded) Error() string { return w.words }

// Unwrap returns the error itself, for River to tell one from another.
func (w *worded) Unwrap() error { return w.error }
