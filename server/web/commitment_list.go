package web

import (
	"context"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type commitmentList struct {
	States        []option
	Overdue, Mine bool
	Filtered      bool
	Rows          []commitmentRow
	First, Next   string
}

type commitmentRow struct {
	*fuyanv1.Commitment
	Due dueDay
}

func (p *pages) listCommitments(r *request) (commitmentList, error) {
	in := input{values: r.URL.Query()}
	req := &fuyanv1.ListCommitmentsRequest{
		State: picked(in, "state", commitmentStates), Overdue: in.flag("overdue"), Mine: in.flag("mine"),
		PageToken: in.values.Get("page"),
	}
	answer, err := p.commitments.ListCommitments(r.Context(), req)
	if err != nil {
		return commitmentList{}, err
	}
	list := commitmentList{
		States: selected(commitmentStates, req.State), Overdue: req.Overdue, Mine: req.Mine,
		Filtered: req.State != 0 || req.Overdue || req.Mine,
		Rows:     p.commitmentRows(answer.Commitments),
	}
	list.First, list.Next = paging("/commitments", r, answer.NextPageToken)
	return list, nil
}

func (p *pages) commitmentRows(found []*fuyanv1.Commitment) []commitmentRow {
	var rows []commitmentRow
	for _, c := range found {
		open := c.State == fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN
		rows = append(rows, commitmentRow{c, p.due(c.Due, open)})
	}
	return rows
}

// commitmentsOf are all commitments of a proposal.
func (p *pages) commitmentsOf(ctx context.Context, id int64) ([]*fuyanv1.Commitment, error) {
	var all []*fuyanv1.Commitment
	for token := ""; ; {
		answer, err := p.commitments.ListCommitments(ctx, &fuyanv1.ListCommitmentsRequest{ProposalId: id, PageSize: 200, PageToken: token})
		if err != nil {
			return nil, err
		}
		all = append(all, answer.Commitments...)
		if token = answer.NextPageToken; token == "" {
			return all, nil
		}
	}
}
