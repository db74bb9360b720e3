package web

import fuyanv1 "fuyan/gen/fuyan/v1"

type proposalList struct {
	States, Kinds []option
	Overdue, Mine bool
	Contains      string
	Filtered      bool
	Rows          []proposalRow
	First, Next   string // addresses; empty on the first page and on the last
	MayReceive    bool
}

type proposalRow struct {
	*fuyanv1.Proposal
	Due dueDay
}

func (p *pages) listProposals(r *request) (proposalList, error) {
	in := input{values: r.URL.Query()}
	req := &fuyanv1.ListProposalsRequest{
		State: picked(in, "state", states), Kind: picked(in, "kind", kinds),
		Overdue: in.flag("overdue"), Mine: in.flag("mine"), Contains: in.text("contains"),
		PageToken: in.values.Get("page"),
	}
	answer, err := p.proposals.ListProposals(r.Context(), req)
	if err != nil {
		return proposalList{}, err
	}
	list := proposalList{
		States: selected(states, req.State), Kinds: selected(kinds, req.Kind),
		Overdue: req.Overdue, Mine: req.Mine, Contains: req.Contains,
		Filtered:   req.State != 0 || req.Kind != 0 || req.Overdue || req.Mine || req.Contains != "",
		MayReceive: r.is(fuyanv1.Role_ROLE_OFFICE, fuyanv1.Role_ROLE_SUPERVISOR),
	}
	list.First, list.Next = paging("/proposals", r, answer.NextPageToken)
	for _, row := range answer.Proposals {
		list.Rows = append(list.Rows, proposalRow{row, p.replyDue(row)})
	}
	return list, nil
}

// awaitsLetter tells whether the reply day still matters: there is no letter, and
// it is not paused.
func awaitsLetter(p *fuyanv1.Proposal) bool {
	if p.GetPaused() {
		return false
	}
	switch p.GetState() {
	case fuyanv1.State_STATE_RECEIVED, fuyanv1.State_STATE_RETURN_REQUESTED, fuyanv1.State_STATE_ACCEPTED,
		fuyanv1.State_STATE_DRAFTING, fuyanv1.State_STATE_REVIEWING, fuyanv1.State_STATE_SIGNED:
		return true
	default:
		return false
	}
}

// selected offers every value and marks the one chosen.
func selected[E enum](l labels[E], chosen E) []option {
	out := l.options()
	for i := range out {
		out[i].Selected = out[i].Value == chosen.String()
	}
	return out
}

// paging makes the addresses of the first page of a list and of the next one,
// with the filters of this one.
func paging(path string, r *request, token string) (first, next string) {
	to := func(token string) string {
		q := r.URL.Query()
		q.Del("page")
		q.Del("done")
		if token != "" {
			q.Set("page", token)
		}
		return path + "?" + q.Encode()
	}
	if r.URL.Query().Get("page") != "" {
		first = to("")
	}
	if token != "" {
		next = to(token)
	}
	return first, next
}

// pageSize is the most that a page of a list may have.
const pageSize = 200

// everyPage returns all rows of a list, of which get answers one page and the
// token of the next.
func everyPage[T any](get func(token string) ([]T, string, error)) (all []T, err error) {
	for token := ""; ; {
		rows, next, err := get(token)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
		if token = next; token == "" {
			return all, nil
		}
	}
}
