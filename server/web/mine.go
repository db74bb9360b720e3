package web

import (
	"context"
	"slices"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type minePage struct {
	Rows []mineRow
}

// A mineRow is a proposal of the caller's with what its letters promise.
type mineRow struct {
	*fuyanv1.Proposal
	Stands   string // where it stands, in plain words
	Due      dueDay // of the reply, while one is awaited
	Letters  []string
	Promises []commitmentRow
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
	mine, err := p.myProposals(r.Context())
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
	for _, m := range mine {
		page.Rows = append(page.Rows, p.mineRow(m, by[m.Id]))
	}
	return page, nil
}

func (p *pages) mineRow(m *fuyanv1.Proposal, promised []*fuyanv1.Commitment) mineRow {
	row := mineRow{Proposal: m, Stands: standings[m.State], Promises: p.commitmentRows(promised)}
	if awaitsLetter(m) {
		row.Due = p.replyDue(m)
	}
	for _, c := range promised {
		if !slices.Contains(row.Letters, c.DocumentNumber) {
			row.Letters = append(row.Letters, c.DocumentNumber)
		}
	}
	return row
}

// myProposals are all proposals of a delegate, latest first.
func (p *pages) myProposals(ctx context.Context) ([]*fuyanv1.Proposal, error) {
	return everyPage(func(token string) ([]*fuyanv1.Proposal, string, error) {
		answer, err := p.proposals.ListProposals(ctx, &fuyanv1.ListProposalsRequest{PageSize: pageSize, PageToken: token})
		return answer.GetProposals(), answer.GetNextPageToken(), err
	})
}
