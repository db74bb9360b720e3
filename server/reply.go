package server

import (
	"context"

	"fuyan/casework/letter"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// replyService implements fuyanv1connect.ReplyServiceHandler.
type replyService struct{ db *postgres.DB }

func (s *replyService) SaveDraft(ctx context.Context, req *fuyanv1.SaveDraftRequest) (*fuyanv1.SaveDraftResponse, error) {
	p, err := s.db.SaveDraft(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), postgres.NewDraft{
		Text: req.Text, Result: results.from[req.Result], Publicity: publicities.from[req.Publicity],
		WithholdReason: req.WithholdReason, Summary: req.Summary,
		EditorID: req.EditorId, CopyVersion: req.WorkingCopyVersion,
	})
	if err != nil {
		return nil, err
	}
	n, err := s.db.DraftCount(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.SaveDraftResponse{Proposal: toProposal(p, s.db.Today()), DraftNumber: n}, nil
}

func (s *replyService) GetReply(ctx context.Context, req *fuyanv1.GetReplyRequest) (*fuyanv1.GetReplyResponse, error) {
	v, err := s.db.ViewReply(ctx, userFrom(ctx), req.ProposalId, req.Round)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.GetReplyResponse{Reply: toReply(v)}, nil
}

func (s *replyService) CheckDraft(ctx context.Context, req *fuyanv1.CheckDraftRequest) (*fuyanv1.CheckDraftResponse, error) {
	c, err := s.db.CheckDraft(ctx, userFrom(ctx), req.ProposalId, req.Text, results.from[req.Result])
	if err != nil {
		return nil, err
	}
	return &fuyanv1.CheckDraftResponse{
		Faults: toFaults(c.Faults), Promises: toPlannedPromises(c.Promises), Lost: toPlannedPromises(c.Lost), Letter: c.Letter,
		LetterLines: toLetterLines(c.Letter),
	}, nil
}

func (s *replyService) ReadLetter(_ context.Context, req *fuyanv1.ReadLetterRequest) (*fuyanv1.ReadLetterResponse, error) {
	text, err := letterText(req)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ReadLetterResponse{Reading: toReading(letter.Read(text)), Text: text}, nil
}

func (s *replyService) PlanPromise(ctx context.Context, req *fuyanv1.PlanPromiseRequest) (*fuyanv1.PlanPromiseResponse, error) {
	day, err := dayIn("due", req.Due)
	if err != nil {
		return nil, err
	}
	n := postgres.Confirmation{OwnerID: req.OwnerId, Due: day, Deliverable: req.Deliverable, Criterion: req.Criterion}
	p, err := s.db.PlanPromise(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Text, n)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.PlanPromiseResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *replyService) WaivePromise(ctx context.Context, req *fuyanv1.WaivePromiseRequest) (*fuyanv1.WaivePromiseResponse, error) {
	p, err := s.db.WaivePromise(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Text, req.Reason)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.WaivePromiseResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *replyService) SubmitReply(ctx context.Context, req *fuyanv1.SubmitReplyRequest) (*fuyanv1.SubmitReplyResponse, error) {
	p, err := s.db.SubmitReply(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion))
	if err != nil {
		return nil, err
	}
	return &fuyanv1.SubmitReplyResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *replyService) ApproveReply(ctx context.Context, req *fuyanv1.ApproveReplyRequest) (*fuyanv1.ApproveReplyResponse, error) {
	p, err := s.db.ApproveReply(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Comment)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ApproveReplyResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *replyService) SendBackReply(ctx context.Context, req *fuyanv1.SendBackReplyRequest) (*fuyanv1.SendBackReplyResponse, error) {
	p, err := s.db.SendBackReply(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Comment)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.SendBackReplyResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *replyService) SignReply(ctx context.Context, req *fuyanv1.SignReplyRequest) (*fuyanv1.SignReplyResponse, error) {
	p, err := s.db.SignReply(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Comment)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.SignReplyResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *replyService) IssueReply(ctx context.Context, req *fuyanv1.IssueReplyRequest) (*fuyanv1.IssueReplyResponse, error) {
	day, err := dayIn("issue_date", req.IssueDate)
	if err != nil {
		return nil, err
	}
	p, err := s.db.IssueReply(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.OverrideReason, day)
	if err != nil {
		return nil, err
	}
	l, err := s.db.PresentLetter(ctx, userFrom(ctx), p.ID)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.IssueReplyResponse{Proposal: toProposal(p, s.db.Today()), Letter: toLetter(l)}, nil
}

func (s *replyService) CorrectLetter(ctx context.Context, req *fuyanv1.CorrectLetterRequest) (*fuyanv1.CorrectLetterResponse, error) {
	p, err := s.db.CorrectLetter(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Text, req.Reason)
	if err != nil {
		return nil, err
	}
	l, err := s.db.PresentLetter(ctx, userFrom(ctx), p.ID)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.CorrectLetterResponse{Proposal: toProposal(p, s.db.Today()), Letter: toLetter(l)}, nil
}

func (s *replyService) VoidNumber(ctx context.Context, req *fuyanv1.VoidNumberRequest) (*fuyanv1.VoidNumberResponse, error) {
	number, err := s.db.VoidNumber(ctx, callOf(ctx, req, 0, 0), postgres.VoidedNumber{
		OrganID: req.OrganId, Kind: kinds.from[req.Kind], Year: int(req.Year), Reason: req.Reason,
	})
	if err != nil {
		return nil, err
	}
	return &fuyanv1.VoidNumberResponse{DocumentNumber: number}, nil
}
