package server

import (
	"context"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func (s *proposalService) RequestOpinion(ctx context.Context, req *fuyanv1.RequestOpinionRequest) (*fuyanv1.RequestOpinionResponse, error) {
	p, err := s.db.RequestOpinion(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.OrganId, req.Question)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.RequestOpinionResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) SubmitOpinion(ctx context.Context, req *fuyanv1.SubmitOpinionRequest) (*fuyanv1.SubmitOpinionResponse, error) {
	p, err := s.db.SubmitOpinion(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Text)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.SubmitOpinionResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) RecordContact(ctx context.Context, req *fuyanv1.RecordContactRequest) (*fuyanv1.RecordContactResponse, error) {
	day, err := dayIn("day", req.Day)
	if err != nil {
		return nil, err
	}
	n := postgres.NewContact{
		ProposerID: req.ProposerId, Channel: contactChannels.from[req.Channel], Day: day, Summary: req.Summary,
	}
	p, err := s.db.RecordContact(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), n)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.RecordContactResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) RequestExtension(ctx context.Context, req *fuyanv1.RequestExtensionRequest) (*fuyanv1.RequestExtensionResponse, error) {
	day, err := dayIn("until", req.Until)
	if err != nil {
		return nil, err
	}
	p, err := s.db.RequestExtension(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Reason, day)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.RequestExtensionResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) DecideExtension(ctx context.Context, req *fuyanv1.DecideExtensionRequest) (*fuyanv1.DecideExtensionResponse, error) {
	p, err := s.db.DecideExtension(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), req.Decision == fuyanv1.Decision_DECISION_GRANTED, req.Reason)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.DecideExtensionResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *proposalService) ListEvents(ctx context.Context, req *fuyanv1.ListEventsRequest) (*fuyanv1.ListEventsResponse, error) {
	page, err := pageOf(req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	after, err := page.number()
	if err != nil {
		return nil, err
	}
	rows, err := s.db.ListEvents(ctx, userFrom(ctx), postgres.EventFilter{ProposalID: req.ProposalId, After: after, Limit: page.limit()})
	if err != nil {
		return nil, err
	}
	rows, next := cut(page, rows, func(e postgres.Event) string { return decimal(e.Seq) })
	out := &fuyanv1.ListEventsResponse{NextPageToken: next}
	for _, e := range rows {
		out.Events = append(out.Events, toEvent(e))
	}
	return out, nil
}
