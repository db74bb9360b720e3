package server

import (
	"context"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

func (s *commitmentService) UrgeCommitment(ctx context.Context, req *fuyanv1.UrgeCommitmentRequest) (*fuyanv1.UrgeCommitmentResponse, error) {
	day, err := dayIn("answer_by", req.AnswerBy)
	if err != nil {
		return nil, err
	}
	c, err := s.db.UrgeCommitment(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion), req.Text, day)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.UrgeCommitmentResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}

func (s *commitmentService) ReceiveUrge(ctx context.Context, req *fuyanv1.ReceiveUrgeRequest) (*fuyanv1.ReceiveUrgeResponse, error) {
	c, err := s.db.ReceiveUrge(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion))
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ReceiveUrgeResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}

func (s *commitmentService) AnswerUrge(ctx context.Context, req *fuyanv1.AnswerUrgeRequest) (*fuyanv1.AnswerUrgeResponse, error) {
	c, err := s.db.AnswerUrge(ctx, callOf(ctx, req, req.CommitmentId, req.ExpectedVersion), req.UrgeId, req.Text)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.AnswerUrgeResponse{Commitment: toCommitment(c, s.db.Today())}, nil
}
