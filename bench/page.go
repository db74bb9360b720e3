package bench

import (
	"context"
	"fmt"
)

// A rpcCall is an RPC and what it is asked.
type rpcCall struct{ rpc, request string }

// pages are the pages that are measured, who sees them, and the RPCs that they show.
var pages = []struct {
	path, who string
	shows     []rpcCall
}{
	{"/replies", "", []rpcCall{{"PublicService/SearchReplies", `{}`}, {"PublicService/GetPublicCatalogue", `{}`}}},
	{"/replies/$published", "", []rpcCall{{"PublicService/GetPublishedReply", `{"proposalId": "$published"}`}}},
	{"/work", "handler", []rpcCall{{"WorkService/ListWork", `{}`}}},
	{"/proposals", "office", []rpcCall{{"ProposalService/ListProposals", `{}`}}},
	{"/proposals/$published", "office", []rpcCall{
		{"ProposalService/GetProposal", `{"proposalId": "$published"}`},
		{"ReplyService/GetReply", `{"proposalId": "$published"}`},
		{"ProposalService/ListEvents", `{"proposalId": "$published"}`},
		{"CommitmentService/ListCommitments", `{"proposalId": "$published"}`},
		{"FeedbackService/ListFeedback", `{"proposalId": "$published"}`},
	}},
	{"/board", "government", []rpcCall{{"BoardService/GetOverdueBoard", `{}`}}},
	{"/commitments", "office", []rpcCall{{"CommitmentService/ListCommitments", `{}`}}},
}

// page measures every page beside the RPCs that it shows, both over HTTP.
func (r *run) page(ctx context.Context) error {
	for _, p := range pages {
		path := r.facts.fill(p.path)
		token, err := r.token(ctx, p.who)
		if err != nil {
			return err
		}
		var calls []*call
		for _, s := range p.shows {
			c, err := r.call(ctx, s.rpc, p.who, s.request)
			if err != nil {
				return err
			}
			calls = append(calls, c)
		}
		size, err := r.whole.page(ctx, path, token)
		if err != nil {
			return err
		}
		whole := func(ctx context.Context) error { _, err := r.whole.page(ctx, path, token); return err }
		rpcs := func(ctx context.Context) error {
			for _, c := range calls {
				if _, err := r.whole.call(ctx, c, inProto); err != nil {
					return err
				}
			}
			return nil
		}
		for _, callers := range []int{1, r.o.Callers} {
			a, b := &side{name: "page", do: whole}, &side{name: "its RPCs", do: rpcs}
			if err := r.o.byTurns(ctx, callers, a, b); err != nil {
				return fmt.Errorf("%s: %w", p.path, err)
			}
			m := Measure{Group: Pages, What: p.path, How: fmt.Sprintf("×%d", callers), Against: TheRPC}.measured(a, b)
			m.Bytes = size
			m.judge()
			r.add(m)
		}
	}
	return nil
}
