package server

import (
	"context"
	"strings"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// commitmentService implements fuyanv1connect.CommitmentServiceHandler.
type commitmentService struct{ db *postgres.DB }

func (s *commitmentService) ListCommitments(ctx context.Context, req *fuyanv1.ListCommitmentsRequest) (*fuyanv1.ListCommitmentsResponse, error) {
	page, err := pageOf(req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	day, id, err := page.dayAndNumber()
	if err != nil {
		return nil, err
	}
	f := commitmentFilter(req)
	f.AfterDay, f.AfterID, f.Limit = day, id, page.limit()
	rows, err := s.db.ListCommitments(ctx, userFrom(ctx), f)
	if err != nil {
		return nil, err
	}
	rows, next := cut(page, rows, commitmentKey)
	out := &fuyanv1.ListCommitmentsResponse{NextPageToken: next}
	for _, c := range rows {
		out.Commitments = append(out.Commitments, toCommitment(c, s.db.Today()))
	}
	if req.WithLatest {
		err = s.addLatest(ctx, out.Commitments)
	}
	return out, err
}

// commitmentFilter is what a request asks for, but for its page.
func commitmentFilter(req *fuyanv1.ListCommitmentsRequest) postgres.CommitmentFilter {
	return postgres.CommitmentFilter{
		ProposalID: req.GetProposalId(), State: commitmentStates.from[req.GetState()], Group: commitmentGroups.from[req.GetGroup()],
		OverdueAge: overdueAges.from[req.GetOverdueAge()], OrganID: req.GetOrganId(), OwnerID: req.GetOwnerId(),
		Kind: kinds.from[req.GetKind()], Overdue: req.GetOverdue(), Mine: req.GetMine(),
	}
}

// addLatest adds what was last said of each, and the evidence that is public.
func (s *commitmentService) addLatest(ctx context.Context, to []*fuyanv1.Commitment) error {
	ids := make([]int64, len(to))
	for i, c := range to {
		ids[i] = c.Id
	}
	latest, err := s.db.LatestProgress(ctx, ids)
	if err != nil {
		return err
	}
	files, err := s.db.PublicFiles(ctx, ids)
	for _, c := range to {
		if said, ok := latest[c.Id]; ok {
			c.Latest = toProgress(said)
		}
		c.PublicFiles = toFiles(files[c.Id])
	}
	return err
}

// commitmentKey is the day and the id, the order of the list.
func commitmentKey(c postgres.Commitment) string {
	return postgres.CommitmentDay(c).String() + " " + decimal(c.Commitment.ID)
}

// dayAndNumber reads a key of commitmentKey.
func (p page) dayAndNumber() (casework.Date, int64, error) {
	day, id, _ := strings.Cut(p.key, " ")
	n, err := page{key: id}.number()
	if err != nil || n == 0 && p.key != "" {
		return casework.Date{}, 0, errPageToken
	}
	d := casework.Date{}
	err = d.UnmarshalText([]byte(day)) // any day that a letter names
	if err != nil {
		return casework.Date{}, 0, errPageToken
	}
	return d, n, nil
}

func (s *commitmentService) GetCommitment(ctx context.Context, req *fuyanv1.GetCommitmentRequest) (*fuyanv1.GetCommitmentResponse, error) {
	v, err := s.db.ViewCommitment(ctx, userFrom(ctx), req.CommitmentId)
	if err != nil {
		return nil, err
	}
	return toCommitmentView(v, s.db.Today()), nil
}

func (s *commitmentService) ConfirmCommitment(ctx context.Context, req *fuyanv1.ConfirmCommitmentRequest) (*fuyanv1.ConfirmCommitmentResponse, error) {
	day, err := dayIn("due", req.Due)
	if err != nil {
		return nil, err
	}
	n := postgres.Confirmation{OwnerID: req.OwnerId, Due: day, Deliverable: req.Deliverable, Criterion: req.Criterion}
	c, err := s.db.ConfirmCommitment(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion), n)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ConfirmCommitmentResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}

func (s *commitmentService) WaiveCommitment(ctx context.Context, req *fuyanv1.WaiveCommitmentRequest) (*fuyanv1.WaiveCommitmentResponse, error) {
	c, err := s.db.WaiveCommitment(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion), req.Reason)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.WaiveCommitmentResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}

func (s *commitmentService) ReportProgress(ctx context.Context, req *fuyanv1.ReportProgressRequest) (*fuyanv1.ReportProgressResponse, error) {
	day, err := dayIn("day", req.Day)
	if err != nil {
		return nil, err
	}
	c, err := s.db.ReportProgress(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion), req.Text, day, req.FileIds...)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ReportProgressResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}

func (s *commitmentService) ReportDone(ctx context.Context, req *fuyanv1.ReportDoneRequest) (*fuyanv1.ReportDoneResponse, error) {
	day, err := dayIn("day", req.Day)
	if err != nil {
		return nil, err
	}
	c, err := s.db.ReportDone(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion), req.Evidence, day, req.FileIds...)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ReportDoneResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}

func (s *commitmentService) VerifyCommitment(ctx context.Context, req *fuyanv1.VerifyCommitmentRequest) (*fuyanv1.VerifyCommitmentResponse, error) {
	day, err := dayIn("told_day", req.ToldDay)
	if err != nil {
		return nil, err
	}
	v := postgres.Verdict{Accepted: req.Accepted, Comment: req.Comment, ToldDay: day, ToldHow: req.ToldHow}
	c, err := s.db.VerifyCommitment(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion), v)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.VerifyCommitmentResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}

func (s *commitmentService) ChangeDueDay(ctx context.Context, req *fuyanv1.ChangeDueDayRequest) (*fuyanv1.ChangeDueDayResponse, error) {
	day, err := dayIn("due", req.Due)
	if err != nil {
		return nil, err
	}
	n := postgres.DayChange{Due: day, Reason: req.Reason, AgreedBy: req.AgreedBy}
	c, err := s.db.ChangeDueDay(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion), n)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ChangeDueDayResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}

func (s *commitmentService) DropCommitment(ctx context.Context, req *fuyanv1.DropCommitmentRequest) (*fuyanv1.DropCommitmentResponse, error) {
	day, err := dayIn("signed_day", req.SignedDay)
	if err != nil {
		return nil, err
	}
	r := postgres.DropReport{Text: req.Report, SignedBy: req.SignedBy, SignedDay: day, Files: req.FileIds}
	c, err := s.db.DropCommitment(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion), r)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.DropCommitmentResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}

func (s *commitmentService) ReopenCommitment(ctx context.Context, req *fuyanv1.ReopenCommitmentRequest) (*fuyanv1.ReopenCommitmentResponse, error) {
	day, err := dayIn("due", req.Due)
	if err != nil {
		return nil, err
	}
	c, err := s.db.ReopenCommitment(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion), req.Reason, day)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ReopenCommitmentResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}
