package server

import (
	"context"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func (s *proposalService) EndTerm(ctx context.Context, req *fuyanv1.EndTermRequest) (*fuyanv1.EndTermResponse, error) {
	day, err := dayIn("ended", req.Ended)
	if err != nil {
		return nil, err
	}
	e, err := s.db.EndTerm(ctx, callOf(ctx, req, 0, 0), req.Body, req.Term, day)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.EndTermResponse{EndedTerm: toEndedTerm(e)}, nil
}

func (s *proposalService) ListEndedTerms(ctx context.Context, _ *fuyanv1.ListEndedTermsRequest) (*fuyanv1.ListEndedTermsResponse, error) {
	list, err := s.db.ListEndedTerms(ctx, userFrom(ctx))
	out := &fuyanv1.ListEndedTermsResponse{}
	for _, e := range list {
		out.EndedTerms = append(out.EndedTerms, toEndedTerm(e))
	}
	return out, err
}

func (s *proposalService) ExplainTermEnd(ctx context.Context, req *fuyanv1.ExplainTermEndRequest) (*fuyanv1.ExplainTermEndResponse, error) {
	day, err := dayIn("told_day", req.ToldDay)
	if err != nil {
		return nil, err
	}
	x := postgres.TermExplanation{Text: req.Text, SignedBy: req.SignedBy, ToldDay: day, ToldHow: req.ToldHow}
	p, err := s.db.ExplainTermEnd(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), x)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ExplainTermEndResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func toEndedTerm(e postgres.EndedTerm) *fuyanv1.EndedTerm {
	return &fuyanv1.EndedTerm{Body: e.Body, Term: e.Term, Ended: e.Ended.String(), Unexplained: int32(e.Unexplained)}
}
