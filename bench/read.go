package bench

import (
	"context"
	"fmt"
)

// reads are the RPCs that are measured, by whom they are called, and what they ask
// for. Facts stand where $ names them.
var reads = []struct{ name, who, rpc, request string }{
	{"one proposal, its office", "office", "ProposalService/GetProposal", `{"proposalId": "$published"}`},
	{"one proposal, its proposer", "delegate", "ProposalService/GetProposal", `{"proposalId": "$followed"}`},
	{"proposals, oversight", "government", "ProposalService/ListProposals", `{}`},
	{"proposals, of an organ", "office", "ProposalService/ListProposals", `{"organId": "$organ"}`},
	{"proposals, in a state", "government", "ProposalService/ListProposals", `{"state": "STATE_DRAFTING"}`},
	{"proposals, overdue", "government", "ProposalService/ListProposals", `{"overdue": true}`},
	{"proposals, with words", "government", "ProposalService/ListProposals", `{"contains": "$word"}`},
	{"proposals, my own", "handler", "ProposalService/ListProposals", `{"mine": true}`},
	{"history of a proposal", "office", "ProposalService/ListEvents", `{"proposalId": "$published"}`},
	{"overdue board, oversight", "government", "BoardService/GetOverdueBoard", `{}`},
	{"overdue board, an organ", "office", "BoardService/GetOverdueBoard", `{}`},
	{"overdue replies", "government", "BoardService/ListBoardItems", `{"list": "BOARD_LIST_REPLIES"}`},
	{"my work, handler", "handler", "WorkService/ListWork", `{}`},
	{"my work, office", "office", "WorkService/ListWork", `{}`},
	{"a reply under way", "office", "ReplyService/GetReply", `{"proposalId": "$drafted"}`},
	{"an issued reply", "office", "ReplyService/GetReply", `{"proposalId": "$published"}`},
	{"commitments, overdue", "office", "CommitmentService/ListCommitments", `{"overdue": true}`},
	{"commitments, of an owner", "office", "CommitmentService/ListCommitments", `{"ownerId": "$owner"}`},
	{"one commitment", "office", "CommitmentService/GetCommitment", `{"commitmentId": "$commitment"}`},
	{"commitments counted", "government", "CommitmentService/GetCommitmentBoard", `{}`},
	{"figures, of an organ", "office", "ReportService/GetFigures", `{}`},
	{"notices", "reader", "NoticeService/ListNotices", `{}`},
	{"what a delegate follows", "delegate", "FollowService/ListFollowed", `{}`},
	{"public replies, latest", "", "PublicService/SearchReplies", `{}`},
	{"public replies, a word", "", "PublicService/SearchReplies", `{"query": "$word"}`},
	{"public replies, two words", "", "PublicService/SearchReplies", `{"query": "$words"}`},
	{"public replies, a phrase", "", "PublicService/SearchReplies", `{"query": "$phrase"}`},
	{"one public reply", "", "PublicService/GetPublishedReply", `{"proposalId": "$published"}`},
}

// A way is how a read is asked for.
type way struct {
	in      codec
	callers int
}

func (w way) String() string { return fmt.Sprintf("%s ×%d", w.in, w.callers) }

// ways lists them: in both codecs, by one and by many.
func (o *Options) ways() []way {
	return []way{{inProto, 1}, {inJSON, 1}, {inProto, o.Callers}, {inJSON, o.Callers}}
}

// read measures every read: the service as it is, a bare handler and bare SQL, each
// after what the service runs has been recorded.
func (r *run) read(ctx context.Context) error {
	all, err := r.record(ctx)
	if err != nil {
		return err
	}
	calls := make([]*call, len(all))
	for i, rec := range all {
		calls[i] = rec.call
	}
	b := &bare{pool: r.other}
	alone, err := newSite(ctx, unbounded(b.handler(calls)))
	if err != nil {
		return err
	}
	defer alone.close()
	for i, rec := range all {
		b.now.Store(rec)
		if err := r.agree(ctx, alone, rec); err != nil {
			return fmt.Errorf("%s: %w", reads[i].name, err)
		}
		r.size.Statements = append(r.size.Statements, Count{reads[i].name, len(rec.tape)})
		for _, way := range r.o.ways() {
			whole := &side{name: "whole", do: func(ctx context.Context) error { _, err := r.whole.call(ctx, rec.call, way.in); return err }}
			handler := &side{name: "bare handler", do: func(ctx context.Context) error { _, err := alone.call(ctx, rec.call, way.in); return err }}
			sql := &side{name: "bare SQL", do: func(ctx context.Context) error { return replay(ctx, r.other, rec.tape) }}
			if err := r.o.byTurns(ctx, way.callers, whole, handler, sql); err != nil {
				return fmt.Errorf("%s: %w", reads[i].name, err)
			}
			r.add(Measure{Group: Reads, What: reads[i].name, How: way.String(), Against: BareHandler}.measured(whole, handler))
			r.add(Measure{Group: Reads, What: reads[i].name, How: way.String(), Against: BareSQL}.measured(whole, sql))
		}
	}
	return nil
}

// record calls each read once, and returns what it ran and said.
func (r *run) record(ctx context.Context) ([]*recording, error) {
	var out []*recording
	for _, m := range reads {
		c, err := r.call(ctx, m.rpc, m.who, m.request)
		if err != nil {
			return nil, err
		}
		r.tape.take()
		reply, err := r.listened.call(ctx, c, inProto)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		out = append(out, &recording{c, r.tape.take(), reply})
	}
	return out, nil
}

// call makes the call of one who is named by a fact.
func (r *run) call(ctx context.Context, rpc, who, request string) (*call, error) {
	token, err := r.token(ctx, who)
	if err != nil {
		return nil, err
	}
	return newCall(rpc, token, r.facts.fill(request))
}

// agree checks that the service and the bare handler say the same, in both codecs.
func (r *run) agree(ctx context.Context, alone *site, rec *recording) error {
	for _, in := range []codec{inProto, inJSON} {
		for _, s := range []*site{r.whole, alone} {
			got, err := s.call(ctx, rec.call, in)
			if err != nil {
				return err
			}
			if !same(got, rec.reply) {
				return fmt.Errorf("two answers differ in %s:\n%v\n%v", in, rec.reply, got)
			}
		}
	}
	return nil
}
