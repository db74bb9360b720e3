package server

import (
	"context"

	"google.golang.org/protobuf/types/known/timestamppb"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// jobService implements fuyanv1connect.JobServiceHandler.
type jobService struct{ db *postgres.DB }

func (s *jobService) ListJobs(ctx context.Context, req *fuyanv1.ListJobsRequest) (*fuyanv1.ListJobsResponse, error) {
	page, err := pageOf(req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	before, err := page.number()
	if err != nil {
		return nil, err
	}
	rows, err := s.db.ListJobs(ctx, postgres.JobFilter{State: jobStates.from[req.State], Kind: req.Kind, Before: before, Limit: page.limit()})
	if err != nil {
		return nil, err
	}
	rows, next := cut(page, rows, func(j *postgres.Job) string { return decimal(j.ID) })
	counts, err := s.db.CountJobs(ctx)
	out := &fuyanv1.ListJobsResponse{NextPageToken: next}
	for _, j := range rows {
		out.Jobs = append(out.Jobs, toJob(j))
	}
	for _, c := range counts {
		out.Counts = append(out.Counts, &fuyanv1.JobCount{Kind: c.Kind, State: jobStates.to[c.State], Count: c.Count})
	}
	return out, err
}

func (s *jobService) RetryJob(ctx context.Context, req *fuyanv1.RetryJobRequest) (*fuyanv1.RetryJobResponse, error) {
	j, err := s.db.RetryJob(ctx, callOf(ctx, req, req.JobId, 0))
	if err != nil {
		return nil, err
	}
	return &fuyanv1.RetryJobResponse{Job: toJob(j)}, nil
}

func (s *jobService) CancelJob(ctx context.Context, req *fuyanv1.CancelJobRequest) (*fuyanv1.CancelJobResponse, error) {
	j, err := s.db.CancelJob(ctx, callOf(ctx, req, req.JobId, 0))
	if err != nil {
		return nil, err
	}
	return &fuyanv1.CancelJobResponse{Job: toJob(j)}, nil
}

// longestError is how many characters of what went wrong are told.
const longestError = 200

func toJob(j *postgres.Job) *fuyanv1.Job {
	out := &fuyanv1.Job{
		Id: j.ID, Kind: j.Kind, State: jobStates.to[j.State], Attempt: int32(j.Attempt), MaxAttempts: int32(j.MaxAttempts),
		CreateTime: timestamppb.New(j.CreatedAt), AttemptTime: toTime(j.AttemptedAt),
		MayRetry: postgres.MayRetry(j.State), MayCancel: postgres.MayCancel(j.State),
	}
	if out.State != fuyanv1.JobState_JOB_STATE_RUNNING && out.MayCancel {
		out.NextTime = timestamppb.New(j.ScheduledAt)
	}
	if n := len(j.Errors); n > 0 {
		out.LastError, out.ErrorTime = short(j.Errors[n-1].Error), timestamppb.New(j.Errors[n-1].At)
	}
	for _, s := range postgres.JobSubjects(j) {
		out.Subjects = append(out.Subjects, &fuyanv1.JobSubject{Name: s.Name, Id: s.ID})
	}
	return out
}

func short(text string) string {
	if chars := []rune(text); len(chars) > longestError {
		return string(chars[:longestError]) + "…"
	}
	return text
}
