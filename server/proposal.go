package server

import (
	"context"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// proposalService implements fuyanv1connect.ProposalServiceHandler.
type proposalService struct{ db *postgres.DB }

func (s *proposalService) ReceiveProposal(ctx context.Context, req *fuyanv1.ReceiveProposalRequest) (*fuyanv1.ReceiveProposalResponse, error) {
	n, err := fromNewProposal(req)
	if err != nil {
		return nil, err
	}
	p, err := s.db.ReceiveProposal(ctx, callOf(ctx, req, 0, 0), n)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ReceiveProposalResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) GetProposal(ctx context.Context, req *fuyanv1.GetProposalRequest) (*fuyanv1.GetProposalResponse, error) {
	v, err := s.db.ViewProposal(ctx, userFrom(ctx), req.ProposalId)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.GetProposalResponse{View: toProposalView(v, s.db.Today())}, nil
}

func (s *proposalService) AcceptProposal(ctx context.Context, req *fuyanv1.AcceptProposalRequest) (*fuyanv1.AcceptProposalResponse, error) {
	day, err := dayIn("signed_for", req.SignedFor)
	if err != nil {
		return nil, err
	}
	p, err := s.db.AcceptProposal(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), day)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.AcceptProposalResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) RequestReturn(ctx context.Context, req *fuyanv1.RequestReturnRequest) (*fuyanv1.RequestReturnResponse, error) {
	p, err := s.db.RequestReturn(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Reason)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.RequestReturnResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) DecideReturn(ctx context.Context, req *fuyanv1.DecideReturnRequest) (*fuyanv1.DecideReturnResponse, error) {
	p, err := s.db.DecideReturn(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Decision == fuyanv1.Decision_DECISION_GRANTED, req.Reason)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.DecideReturnResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) AssignProposal(ctx context.Context, req *fuyanv1.AssignProposalRequest) (*fuyanv1.AssignProposalResponse, error) {
	p, err := s.db.AssignProposal(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.HandlerId)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.AssignProposalResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) WithdrawProposal(ctx context.Context, req *fuyanv1.WithdrawProposalRequest) (*fuyanv1.WithdrawProposalResponse, error) {
	p, err := s.db.WithdrawProposal(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Reason)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.WithdrawProposalResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) PauseDeadline(ctx context.Context, req *fuyanv1.PauseDeadlineRequest) (*fuyanv1.PauseDeadlineResponse, error) {
	p, err := s.db.PauseDeadline(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.DeadlineId, req.Reason)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.PauseDeadlineResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) ResumeDeadline(ctx context.Context, req *fuyanv1.ResumeDeadlineRequest) (*fuyanv1.ResumeDeadlineResponse, error) {
	p, err := s.db.ResumeDeadline(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.DeadlineId, req.Reason)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ResumeDeadlineResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) RedoProposal(ctx context.Context, req *fuyanv1.RedoProposalRequest) (*fuyanv1.RedoProposalResponse, error) {
	day, err := dayIn("due", req.Due)
	if err != nil {
		return nil, err
	}
	p, err := s.db.RedoProposal(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Reason, day)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.RedoProposalResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) DeclineRedo(ctx context.Context, req *fuyanv1.DeclineRedoRequest) (*fuyanv1.DeclineRedoResponse, error) {
	p, err := s.db.DeclineRedo(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Reason)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.DeclineRedoResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) CloseProposal(ctx context.Context, req *fuyanv1.CloseProposalRequest) (*fuyanv1.CloseProposalResponse, error) {
	p, err := s.db.CloseProposal(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Note)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.CloseProposalResponse{Proposal: toProposal(p, s.db.Today())}, nil
}
