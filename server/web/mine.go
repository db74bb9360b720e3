package web

import (
	"context"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type minePage struct {
	Asked int // how many proposals wait for the reader's word
	New   int // how many have something new
	Rows  []mineRow
}

// A mineRow is a proposal of the caller's with what comes next, what is new and what
// its letters promise.
type mineRow struct {
	followedPart
	Stands   string // where it stands, in plain words
	Promises []followedPromise
}

// A followedPromise is a promise, new where something was said of it since the reader
// last said to have seen what happened.
type followedPromise struct {
	commitmentRow
	New bool
}

// standings say to a delegate where a proposal stands.
var standings = map[fuyanv1.State]string{
	fuyanv1.State_STATE_RECEIVED:         "已交办，等待承办单位签收",
	fuyanv1.State_STATE_RETURN_REQUESTED: "承办单位认为不属其职责，等待决定由谁办理",
	fuyanv1.State_STATE_RETURNED:         "不由这一单位办理，将另行交办",
	fuyanv1.State_STATE_ACCEPTED:         "承办单位已签收，正在安排经办人",
	fuyanv1.State_STATE_DRAFTING:         "正在办理，起草答复",
	fuyanv1.State_STATE_REVIEWING:        "答复正在审核",
	fuyanv1.State_STATE_SIGNED:           "答复已签发，即将寄出",
	fuyanv1.State_STATE_ISSUED:           "已有复文，正在送达",
	fuyanv1.State_STATE_ANSWERED:         "已答复",
	fuyanv1.State_STATE_CLOSED:           "已办结",
	fuyanv1.State_STATE_WITHDRAWN:        "已撤回",
}

func (p *pages) showMine(r *request) (minePage, error) {
	if !r.is(fuyanv1.Role_ROLE_DELEGATE) {
		return minePage{}, errNoPage
	}
	mine, err := p.allFollowed(r.Context())
	if err != nil {
		return minePage{}, err
	}
	promised, err := p.allCommitments(r.Context(), &fuyanv1.ListCommitmentsRequest{WithLatest: true})
	if err != nil {
		return minePage{}, err
	}
	by := map[int64][]*fuyanv1.Commitment{}
	for _, c := range promised {
		by[c.ProposalId] = append(by[c.ProposalId], c)
	}
	var page minePage
	for _, f := range mine {
		row := p.mineRow(r, f, by[f.GetProposal().GetId()])
		if row.Asked != "" {
			page.Asked++
		}
		if row.NewsCount > 0 {
			page.New++
		}
		page.Rows = append(page.Rows, row)
	}
	return page, nil
}

func (p *pages) mineRow(r *request, f *fuyanv1.Followed, promised []*fuyanv1.Commitment) mineRow {
	row := mineRow{followedPart: p.follow(r, f, "MarkSeen", "/mine"), Stands: standings[f.GetProposal().GetState()]}
	for _, c := range p.commitmentRows(promised) {
		said := c.GetLatest().GetTime()
		row.Promises = append(row.Promises, followedPromise{c, said != nil && said.AsTime().After(f.SeenTime.AsTime())})
	}
	return row
}

// allFollowed are all proposals of a delegate, latest first.
func (p *pages) allFollowed(ctx context.Context) ([]*fuyanv1.Followed, error) {
	return everyPage(func(token string) ([]*fuyanv1.Followed, string, error) {
		answer, err := p.follows.ListFollowed(ctx, &fuyanv1.ListFollowedRequest{PageSize: pageSize, PageToken: token})
		return answer.GetFollowed(), answer.GetNextPageToken(), err
	})
}
