package server

import (
	"context"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func (s *commitmentService) ReassignCommitment(ctx context.Context, req *fuyanv1.ReassignCommitmentRequest) (*fuyanv1.ReassignCommitmentResponse, error) {
	c, err := s.db.ReassignCommitment(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion), req.OwnerId, req.Reason)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ReassignCommitmentResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}

func (s *commitmentService) AcceptCommitment(ctx context.Context, req *fuyanv1.AcceptCommitmentRequest) (*fuyanv1.AcceptCommitmentResponse, error) {
	c, err := s.db.AcceptCommitment(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion), req.Accepted, req.Reason)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.AcceptCommitmentResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}

func (s *commitmentService) AnswerKeeping(ctx context.Context, req *fuyanv1.AnswerKeepingRequest) (*fuyanv1.AnswerKeepingResponse, error) {
	n := postgres.KeepingAnswer{ProposerID: req.ProposerId, Kept: req.Kept, Text: req.Text, Channel: feedbackChannels.from[req.Channel]}
	c, err := s.db.AnswerKeeping(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion), n)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.AnswerKeepingResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}

func (s *commitmentService) UpholdCommitment(ctx context.Context, req *fuyanv1.UpholdCommitmentRequest) (*fuyanv1.UpholdCommitmentResponse, error) {
	c, err := s.db.UpholdCommitment(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion), req.Reason)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.UpholdCommitmentResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}
