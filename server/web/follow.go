package web

import (
	"connectrpc.com/connect/v2"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// A followedPart is what a proposer is told of a proposal: what comes next and what
// is new.
type followedPart struct {
	*fuyanv1.Followed
	Next    string           // what comes next, in plain words
	Due     dueDay           // by when; no day where nobody set one
	By      string           // what that day is
	Asked   string           // where the proposer is asked what they think; empty where they are not
	Latest  []*fuyanv1.Event // of the news
	Earlier int              // how much of it is not among them
	Seen    *formView
}

// latestNews is how much of the news a page tells before the history itself.
const latestNews = 5

// nextSteps say to a proposer what comes next, and what its day is.
var nextSteps = map[fuyanv1.NextStep]struct{ words, by string }{
	fuyanv1.NextStep_NEXT_STEP_ACCEPTANCE:    {"承办单位签收，安排人员办理并答复您", "答复期限"},
	fuyanv1.NextStep_NEXT_STEP_HANDOVER:      {"确定由哪个单位办理", ""},
	fuyanv1.NextStep_NEXT_STEP_REPLY:         {"承办单位书面答复您", "答复期限"},
	fuyanv1.NextStep_NEXT_STEP_RESUMPTION:    {"答复期限暂停中，恢复后继续计算", ""},
	fuyanv1.NextStep_NEXT_STEP_DELIVERY:      {"把复文送到您手中", ""},
	fuyanv1.NextStep_NEXT_STEP_FEEDBACK:      {"请您对办理态度和办理结果作出评价", "反馈期限"},
	fuyanv1.NextStep_NEXT_STEP_REDO_DECISION: {"督办单位决定是否交回二次办理", ""},
	fuyanv1.NextStep_NEXT_STEP_PUBLICATION:   {"承办单位公开答复", "公开期限"},
	fuyanv1.NextStep_NEXT_STEP_PROMISE:       {"承办单位兑现下一项承诺", "完成期限"},
	fuyanv1.NextStep_NEXT_STEP_NOTHING:       {"没有待办的事", ""},
}

// follow says what a proposer is told of f. The form that says it was seen is rpc,
// at the path.
func (p *pages) follow(r *request, f *fuyanv1.Followed, rpc, path string) followedPart {
	next := nextSteps[f.NextStep]
	part := followedPart{Followed: f, Next: next.words, By: next.by, Latest: f.News[max(len(f.News)-latestNews, 0):]}
	part.Earlier = int(f.NewsCount) - len(part.Latest)
	switch f.NextStep {
	case fuyanv1.NextStep_NEXT_STEP_ACCEPTANCE, fuyanv1.NextStep_NEXT_STEP_REPLY:
		part.Due = p.replyDue(f.Proposal)
	case fuyanv1.NextStep_NEXT_STEP_FEEDBACK:
		part.Asked = "/proposals/" + idText(f.Proposal.GetId()) + "#GiveOwnFeedback"
		part.Due = p.due(f.NextDay, true)
	default:
		part.Due = p.due(f.NextDay, true)
	}
	if f.NewsCount > 0 {
		seen := p.forms[rpc].view(r, place{rpc + "-" + idText(f.Proposal.GetId()), path + "/" + rpc, 0}, subject{followed: f})
		part.Seen = &seen
	}
	return part
}

// followedOf is what a proposer is told of one proposal; nil for everybody else.
func (p *pages) followedOf(r *request, id int64) (*followedPart, error) {
	if !r.is(fuyanv1.Role_ROLE_DELEGATE) {
		return nil, nil
	}
	answer, err := p.follows.GetFollowed(r.Context(), &fuyanv1.GetFollowedRequest{ProposalId: id})
	if connect.CodeOf(err) == connect.CodeNotFound { // they see it for another reason
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	part := p.follow(r, answer.Followed, "MarkProposalSeen", "/proposals/"+idText(id))
	return &part, nil
}

// Fresh tells of the event seq whether it is new; of nobody's it is not.
func (f *followedPart) Fresh(seq int64) bool {
	if f == nil {
		return false
	}
	for _, e := range f.News {
		if e.Seq == seq {
			return true
		}
	}
	return false
}

// seenForm says, under the name rpc, that what was shown was seen.
func (p *pages) seenForm(rpc string) form {
	return entry(rpc, "知道了", "已记下，以后只标出新的进展", calls(p.follows.MarkSeen, markSeen),
		hidden("proposal_id", func(s subject) string { return idText(s.followed.GetProposal().GetId()) }),
		hidden("seq", func(s subject) string { return idText(s.followed.GetLastSeq()) }))
}

func markSeen(in input) *fuyanv1.MarkSeenRequest {
	return &fuyanv1.MarkSeenRequest{RequestId: in.requestID, ProposalId: in.number64("proposal_id"), Seq: in.number64("seq")}
}
