package server

import (
	"context"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func (s *replyService) RecordDelivery(ctx context.Context, req *fuyanv1.RecordDeliveryRequest) (*fuyanv1.RecordDeliveryResponse, error) {
	day, err := dayIn("day", req.Day)
	if err != nil {
		return nil, err
	}
	n := postgres.NewDelivery{
		ProposerID: req.ProposerId, Channel: deliveryChannels.from[req.Channel], Day: day, Proof: req.Proof,
	}
	p, err := s.db.RecordDelivery(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), n)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.RecordDeliveryResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *replyService) SendCopy(ctx context.Context, req *fuyanv1.SendCopyRequest) (*fuyanv1.SendCopyResponse, error) {
	p, err := s.db.SendCopy(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.OrganId)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.SendCopyResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *replyService) AcknowledgeCopy(ctx context.Context, req *fuyanv1.AcknowledgeCopyRequest) (*fuyanv1.AcknowledgeCopyResponse, error) {
	p, err := s.db.AcknowledgeCopy(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion))
	if err != nil {
		return nil, err
	}
	return &fuyanv1.AcknowledgeCopyResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *replyService) PublishReply(ctx context.Context, req *fuyanv1.PublishReplyRequest) (*fuyanv1.PublishReplyResponse, error) {
	p, err := s.db.PublishReply(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion))
	if err != nil {
		return nil, err
	}
	return &fuyanv1.PublishReplyResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *replyService) TakeDownReply(ctx context.Context, req *fuyanv1.TakeDownReplyRequest) (*fuyanv1.TakeDownReplyResponse, error) {
	p, err := s.db.TakeDownReply(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Reason)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.TakeDownReplyResponse{Proposal: toProposal(p, s.db.Today())}, nil
}
