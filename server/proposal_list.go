package server

import (
	"context"
	"fmt"
	"slices"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func (s *proposalService) ListProposals(ctx context.Context, req *fuyanv1.ListProposalsRequest) (*fuyanv1.ListProposalsResponse, error) {
	page, err := pageOf(req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	f := proposalFilter(req)
	if f.After, err = page.proposal(); err != nil {
		return nil, err
	}
	f.Limit = page.limit()
	rows, err := s.db.ListProposals(ctx, userFrom(ctx), f)
	if err != nil {
		return nil, err
	}
	rows, next := cut(page, rows, proposalKey)
	out := &fuyanv1.ListProposalsResponse{NextPageToken: next}
	for _, p := range rows {
		out.Proposals = append(out.Proposals, toProposal(p, s.db.Today()))
	}
	return out, nil
}

func (s *proposalService) ListSittings(ctx context.Context, _ *fuyanv1.ListSittingsRequest) (*fuyanv1.ListSittingsResponse, error) {
	list, err := s.db.ListSittings(ctx)
	if err != nil {
		return nil, err
	}
	out := new(fuyanv1.ListSittingsResponse)
	for _, n := range list {
		out.Sittings = append(out.Sittings, &fuyanv1.Sitting{Body: n.Body, Term: int32(n.Term), Session: int32(n.Session)})
	}
	return out, nil
}

// proposalFilter is what a request asks for, but for its page.
func proposalFilter(req *fuyanv1.ListProposalsRequest) postgres.ProposalFilter {
	f := postgres.ProposalFilter{
		IDs: req.ProposalIds, State: states.from[req.State], Kind: kinds.from[req.Kind], Overdue: req.Overdue, Mine: req.Mine, Contains: req.Contains,
		OrganID: req.OrganId, DivisionID: req.DivisionId, HandlerID: req.HandlerId, Result: results.from[req.Result],
		Openness: opennesses.from[req.Openness], Order: proposalOrders.from[req.Order],
	}
	if n := req.Sitting; n != nil {
		f.Sitting = &casework.Sitting{Body: n.Body, Term: int(n.Term), Session: int(n.Session)}
	}
	return f
}

// proposalKey is the place of a proposal in every order.
func proposalKey(p postgres.ListedProposal) string {
	return fmt.Sprintf("%d %s %s %s %s %d %d %s", p.ID, p.State, p.ReplyDue, p.HandedOver, p.Kind, p.Term, p.Session, p.Number)
}

// proposal reads a key of proposalKey; nil for the first page.
func (p page) proposal() (*postgres.Proposal, error) {
	if p.key == "" {
		return nil, nil
	}
	a := new(postgres.Proposal)
	var due, handedOver string
	_, err := fmt.Sscan(p.key, &a.ID, (*string)(&a.State), &due, &handedOver, (*string)(&a.Kind), &a.Term, &a.Session, &a.Number)
	if err != nil || a.ID <= 0 || !slices.Contains(casework.States, a.State) ||
		a.ReplyDue.UnmarshalText([]byte(due)) != nil || a.HandedOver.UnmarshalText([]byte(handedOver)) != nil {
		return nil, errPageToken
	}
	return a, nil
}

var proposalOrders = tableOf(map[postgres.ProposalOrder]fuyanv1.ProposalOrder{
	postgres.ByLatest:   fuyanv1.ProposalOrder_PROPOSAL_ORDER_UNSPECIFIED,
	postgres.ByDue:      fuyanv1.ProposalOrder_PROPOSAL_ORDER_DUE,
	postgres.ByNumber:   fuyanv1.ProposalOrder_PROPOSAL_ORDER_NUMBER,
	postgres.ByHandOver: fuyanv1.ProposalOrder_PROPOSAL_ORDER_HANDED_OVER,
})

var opennesses = tableOf(map[postgres.Openness]fuyanv1.Openness{
	postgres.Published:    fuyanv1.Openness_OPENNESS_PUBLISHED,
	postgres.NotPublished: fuyanv1.Openness_OPENNESS_NOT_PUBLISHED,
})
