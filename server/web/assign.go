package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// An assignPage asks once more before several proposals are given to a handler,
// and says of each what became of it where some were refused.
type assignPage struct {
	Rows      []assignRow
	Handlers  []option
	RequestID string
	Back      string // the list that they were chosen from
	Query     string // its filters
	Failed    *refusal
	Done      []*fuyanv1.Proposal // those that were given to the handler
	Refused   int                 // how many were not
}

type assignRow struct {
	*fuyanv1.Proposal
	Due     dueDay
	Chosen  bool
	Message string // why it was refused
}

// chooseHandler is the page that asks.
func (p *pages) chooseHandler(r *request) (assignPage, error) {
	values := r.URL.Query()
	if r.Method == http.MethodPost {
		values = r.PostForm
	}
	page := assignPage{RequestID: newUUID(), Query: filtersOf(values.Get("query")), Failed: r.failed}
	if page.Back = "/proposals?"; page.Query != "" {
		page.Back += page.Query + "&"
	}
	users, err := p.staffOf(r.Context(), r.me.GetOrganId())
	if err != nil {
		return page, err
	}
	page.Handlers = chosen(handlers(subject{users: users}), values.Get("handler"))
	found, err := p.chosenProposals(r, values["proposal"])
	for _, row := range found {
		page.Rows = append(page.Rows, assignRow{row, p.replyDue(row), row.State == fuyanv1.State_STATE_ACCEPTED, ""})
	}
	return page, err
}

// chosenProposals are those whose numbers were chosen and that the caller may see,
// as they now stand.
func (p *pages) chosenProposals(r *request, chosen []string) ([]*fuyanv1.Proposal, error) {
	var ids []int64
	for _, c := range chosen {
		if id, err := strconv.ParseInt(c, 10, 64); err == nil && id > 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	answer, err := p.proposals.ListProposals(r.Context(), &fuyanv1.ListProposalsRequest{
		ProposalIds: ids, PageSize: 100, Order: fuyanv1.ProposalOrder_PROPOSAL_ORDER_DUE,
	})
	return answer.GetProposals(), err
}

// assignChosen gives them to the handler. Where each was done it goes back to the
// list; else it says what became of each and offers those that were refused again.
func (p *pages) assignChosen(shown func(http.ResponseWriter, *request, assignPage) error) handler {
	return parsed(func(w http.ResponseWriter, r *request) error {
		answer, err := p.proposals.AssignProposals(r.Context(), assignProposals(r.input()))
		err = refuse("AssignProposals", err)
		refused, ok := errors.AsType[*refusal](err)
		if err != nil && !ok {
			return err
		}
		r.failed = refused
		page, err := p.chooseHandler(r)
		if err != nil {
			return err
		}
		if page.settle(answer.GetOutcomes()); r.failed == nil && page.Refused == 0 {
			http.Redirect(w, r.Request, page.Back+"done=AssignProposals", http.StatusSeeOther)
			return nil
		}
		if page.Refused > 0 {
			r.failed = &refusal{Form: "AssignProposals", Status: http.StatusConflict, Heading: fmt.Sprintf("有 %d 件没有分办", page.Refused)}
			page.Failed = r.failed
		}
		return shown(w, r, page)
	})
}

func assignProposals(in input) *fuyanv1.AssignProposalsRequest {
	req := &fuyanv1.AssignProposalsRequest{RequestId: in.requestID, HandlerId: in.number64("handler")}
	for _, id := range in.values["proposal"] {
		n, _ := strconv.ParseInt(id, 10, 64) // what is none the RPC refuses
		req.Proposals = append(req.Proposals, &fuyanv1.ProposalVersion{ProposalId: n, ExpectedVersion: in.number64("version_" + id)})
	}
	return req
}

// settle says of each row what became of it: those that were given to the handler
// are listed apart, the others stay to be chosen again.
func (p *assignPage) settle(outcomes []*fuyanv1.AssignOutcome) {
	for _, o := range outcomes {
		i := slices.IndexFunc(p.Rows, func(row assignRow) bool { return row.Id == o.ProposalId })
		switch {
		case o.Proposal != nil:
			p.Done = append(p.Done, o.Proposal)
			if i >= 0 {
				p.Rows = slices.Delete(p.Rows, i, i+1)
			}
		case i >= 0:
			p.Rows[i].Message, p.Rows[i].Chosen = o.Message, true
			p.Refused++
		default: // it can be seen no more
			p.Rows = append(p.Rows, assignRow{Proposal: &fuyanv1.Proposal{Id: o.ProposalId}, Message: o.Message})
			p.Refused++
		}
	}
}
