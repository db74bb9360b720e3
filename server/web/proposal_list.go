package web

import (
	"context"
	"net/url"
	"slices"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type proposalList struct {
	States, Kinds, Sittings, Results, Opennesses, Orders []option
	Organs                                               organChoice
	Divisions, Handlers                                  []option // to choose from; none where there is no choice
	Organ, Division, Handler                             string   // chosen where there is no choice
	Overdue, Mine                                        bool
	Contains                                             string
	Filtered, More                                       bool // More is what is folded away
	Rows                                                 []proposalRow
	First, Next                                          string // addresses; empty on the first page and on the last
	MayReceive                                           bool
	Filters                                              filterBar
	Assign                                               bool   // several of the rows can be given to a handler
	Query                                                string // the filters of this page, as an address has them
}

type proposalRow struct {
	*fuyanv1.Proposal
	Due        dueDay
	Other      string // the organ, where it is not the reader's own
	Assignable bool
}

func (p *pages) listProposals(r *request) (proposalList, error) {
	req := proposalsAsked(r.URL.Query())
	req.PageToken = r.URL.Query().Get("page")
	answer, err := p.proposals.ListProposals(r.Context(), req)
	if err != nil {
		return proposalList{}, err
	}
	list := proposalList{
		States: selected(states, req.State), Kinds: selected(kinds, req.Kind), Orders: selected(proposalOrders, req.Order),
		Opennesses: selected(opennesses, req.Openness), Results: chosen(allResults(subject{}), req.Result.String()),
		Overdue: req.Overdue, Mine: req.Mine, Contains: req.Contains, Query: proposalQuery(req).Encode(),
		MayReceive: r.is(fuyanv1.Role_ROLE_OFFICE, fuyanv1.Role_ROLE_SUPERVISOR),
	}
	q := proposalQuery(req)
	q.Del("order")
	list.Filtered = len(q) > 0
	list.More = slices.ContainsFunc([]string{"sitting", "organ", "division", "handler", "result", "open"}, q.Has)
	list.First, list.Next = paging("/proposals", r, answer.NextPageToken)
	for _, row := range answer.Proposals {
		assignable := row.State == fuyanv1.State_STATE_ACCEPTED && r.is(fuyanv1.Role_ROLE_OFFICE) && row.Organ == r.me.GetOrgan()
		list.Assign = list.Assign || assignable
		list.Rows = append(list.Rows, proposalRow{row, p.replyDue(row), otherOrgan(r, row.Organ), assignable})
	}
	if err := p.offerChoices(r, &list, req); err != nil {
		return list, err
	}
	list.Filters, err = p.filterBar(r, req)
	return list, err
}

// offerChoices are the sittings, organs, divisions and people to choose from.
func (p *pages) offerChoices(r *request, list *proposalList, req *fuyanv1.ListProposalsRequest) error {
	held, err := p.proposals.ListSittings(r.Context(), &fuyanv1.ListSittingsRequest{})
	if err != nil {
		return err
	}
	for _, s := range held.Sittings {
		list.Sittings = append(list.Sittings, option{Value: sittingValue(s), Label: sittingName(s)})
	}
	list.Sittings = chosen(list.Sittings, sittingValue(req.Sitting))
	list.Organ, list.Division, list.Handler = idText(req.OrganId), idText(req.DivisionId), idText(req.HandlerId)
	staff, house := r.is(fuyanv1.Role_ROLE_OFFICE, fuyanv1.Role_ROLE_REVIEWER, fuyanv1.Role_ROLE_HANDLER), r.me.GetOrganId()
	if r.is(fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_SUPERVISOR) {
		if !staff {
			house = req.OrganId
		}
		if list.Organs, err = p.organsAnswering(r.Context(), req.OrganId); err != nil {
			return err
		}
	}
	if house == 0 {
		return nil
	}
	if list.Divisions, err = p.divisionsOf(r.Context(), house, list.Division); err != nil {
		return err
	}
	if staff {
		users, err := p.staffOf(r.Context(), house)
		if err != nil {
			return err
		}
		list.Handlers = chosen(handlers(subject{users: users}), list.Handler)
	}
	return nil
}

// divisionsOf offers the divisions of one organ, with the one chosen.
func (p *pages) divisionsOf(ctx context.Context, organ int64, division string) ([]option, error) {
	one, err := p.accounts.ListOrgans(ctx, &fuyanv1.ListOrgansRequest{OrganId: organ})
	var out []option
	for _, o := range one.GetOrgans() {
		for _, d := range standing(o) {
			out = append(out, choice(d.Id, d.Name))
		}
	}
	return chosen(out, division), err
}

// chosen marks the option that has the value.
func chosen(options []option, value string) []option {
	for i := range options {
		options[i].Selected = options[i].Value == value
	}
	return options
}

// proposalsAsked reads the filters of an address.
func proposalsAsked(q url.Values) *fuyanv1.ListProposalsRequest {
	in := input{values: q}
	req := &fuyanv1.ListProposalsRequest{
		State: picked(in, "state", states), Kind: picked(in, "kind", kinds), Sitting: sittingOf(in.text("sitting")),
		OrganId: in.number64("organ"), DivisionId: in.number64("division"), HandlerId: in.number64("handler"),
		Result:   fuyanv1.Result(fuyanv1.Result_value[in.text("result")]),
		Openness: picked(in, "open", opennesses), Order: picked(in, "order", proposalOrders),
		Overdue: in.flag("overdue"), Mine: in.flag("mine"), Contains: in.text("contains"),
	}
	return req
}

// proposalQuery writes the filters into an address, as [proposalsAsked] reads them.
func proposalQuery(req *fuyanv1.ListProposalsRequest) url.Values {
	q := url.Values{}
	set := func(name, value string, asked bool) {
		if asked {
			q.Set(name, value)
		}
	}
	set("state", req.GetState().String(), req.GetState() != 0)
	set("kind", req.GetKind().String(), req.GetKind() != 0)
	set("sitting", sittingValue(req.GetSitting()), req.GetSitting() != nil)
	set("organ", idText(req.GetOrganId()), req.GetOrganId() != 0)
	set("division", idText(req.GetDivisionId()), req.GetDivisionId() != 0)
	set("handler", idText(req.GetHandlerId()), req.GetHandlerId() != 0)
	set("result", req.GetResult().String(), req.GetResult() != 0)
	set("open", req.GetOpenness().String(), req.GetOpenness() != 0)
	set("order", req.GetOrder().String(), req.GetOrder() != 0)
	set("overdue", "yes", req.GetOverdue())
	set("mine", "yes", req.GetMine())
	set("contains", req.GetContains(), req.GetContains() != "")
	return q
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
