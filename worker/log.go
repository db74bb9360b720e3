package worker

import (
	"context"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// jobLog writes one line about each attempt at a job.
type jobLog struct {
	river.MiddlewareDefaults
	log *slog.Logger
}

func (l *jobLog) Work(ctx context.Context, job *rivertype.JobRow, do func(context.Context) error) error {
	began := time.Now()
	err := do(ctx)
	attrs := []any{"kind", job.Kind, "id", job.ID, "attempt", job.Attempt, "duration", time.Since(began)}
	if err != nil {
		l.log.ErrorContext(ctx, "job", append(attrs, "outcome", "error", "error", err)...)
		return err
	}
	l.log.InfoContext(ctx, "job", append(attrs, "outcome", "ok")...)
	return nil
}
