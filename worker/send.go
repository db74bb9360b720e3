package worker

import (
	"context"
	"errors"
	"net/http"

	"github.com/riverqueue/river"

	"fuyan/postgres"
)

// A sender sends what goes out.
type sender struct {
	db   *postgres.DB
	mail SendMail
	hook *http.Client
}

func (s *sender) sendNotice(ctx context.Context, job *river.Job[postgres.SendNotice]) error {
	o, err := s.db.BeginSending(ctx, job.Args)
	if err != nil || o == nil {
		return err
	}
	sent := func() error { return s.db.SendingDone(context.WithoutCancel(ctx), job.Args, o) }
	if job.Args.Channel == postgres.ByWebhook {
		if err = callWebhook(ctx, s.hook, o); err == nil {
			err = sent()
		}
	} else {
		err = s.mail(ctx, o, sent)
	}
	return after(ctx, err, func(ctx context.Context, f postgres.Failure) (postgres.AfterFailure, error) {
		return s.db.SendingFailed(ctx, job.Args, f)
	})
}

func (s *sender) sendDigest(ctx context.Context, job *river.Job[postgres.SendDigest]) error {
	o, err := s.db.BeginDigest(ctx, job.Args)
	if err != nil || o == nil {
		return err
	}
	err = s.mail(ctx, o, func() error { return s.db.DigestDone(context.WithoutCancel(ctx), job.Args, o) })
	return after(ctx, err, func(ctx context.Context, f postgres.Failure) (postgres.AfterFailure, error) {
		return s.db.DigestFailed(ctx, job.Args, f)
	})
}

// after records why an attempt failed, and ends the job where it was the last one, or
// where all is done but the answer that says so. The job's own time may have run out;
// what happened is recorded anyway.
func after(ctx context.Context, err error, failed func(context.Context, postgres.Failure) (postgres.AfterFailure, error)) error {
	if err == nil {
		return nil
	}
	then, lost := failed(context.WithoutCancel(ctx), told(err))
	switch {
	case lost != nil:
		return errors.Join(err, lost)
	case then == postgres.GivenUp:
		return river.JobCancel(err)
	case then == postgres.Settled:
		return nil
	}
	return err
}
