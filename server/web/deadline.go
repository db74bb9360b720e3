package web

import (
	"errors"
	"fmt"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type deadlineRow struct {
	*fuyanv1.Deadline
	Due     dueDay
	Why     string // where the page of its reckoning is
	Matters bool   // else it is only on record
}

// deadlines shows how far each day is while it runs. The day for a return matters
// only before the proposal is accepted.
func (p *pages) deadlines(list []*fuyanv1.Deadline, state fuyanv1.State) []deadlineRow {
	var out []deadlineRow
	for _, d := range list {
		row := deadlineRow{d, dueDay{Day: d.Due}, fmt.Sprintf("/deadlines/%d", d.Id), d.Running}
		if d.Rule == "RETURN_WRONG" && state != fuyanv1.State_STATE_RECEIVED {
			row.Matters = false
		}
		if row.Matters {
			row.Due = p.dueWorking(d.Due, d.WorkingDaysLeft, d.LeftProvisional && !d.Provisional)
		}
		if d.Rule == "FEEDBACK_WAIT" && row.Matters && d.Due < p.today() {
			row.Due.Left, row.Due.Class = "已过，未反馈", "" // nobody owes it: it reminds
		}
		row.Due.Provisional = d.Provisional
		out = append(out, row)
	}
	return out
}

// dueOf returns how the page shows the deadline of a rule on the day of shown, and
// shown itself where there is none.
func dueOf(list []deadlineRow, rule string, shown dueDay) dueDay {
	for _, row := range list {
		if row.Rule == rule && row.Due.Day == shown.Day {
			return row.Due
		}
	}
	return shown
}

type deadlinePage struct {
	deadlineRow
	Proposal *fuyanv1.Proposal
	Steps    []*fuyanv1.Step
}

// showDeadline says why a deadline falls on its day.
func (p *pages) showDeadline(r *request) (deadlinePage, error) {
	id, err := r.id()
	if err != nil {
		return deadlinePage{}, err
	}
	answer, err := p.calendars.ExplainDeadline(r.Context(), &fuyanv1.ExplainDeadlineRequest{DeadlineId: id})
	if err != nil {
		return deadlinePage{}, err
	}
	row := p.deadlines([]*fuyanv1.Deadline{answer.Deadline}, answer.Proposal.State)[0]
	return deadlinePage{row, answer.Proposal, answer.Steps}, nil
}

// running and resting are the deadlines of a proposal that may be paused, or
// resumed.
func running(s subject) []option {
	return deadlineOptions(s, func(d *fuyanv1.Deadline) bool { return d.Running })
}

func resting(s subject) []option {
	return deadlineOptions(s, func(d *fuyanv1.Deadline) bool { return d.Paused != "" })
}

func deadlineOptions(s subject, wanted func(*fuyanv1.Deadline) bool) []option {
	var out []option
	for _, d := range s.proposal.GetDeadlines() {
		if wanted(d) {
			out = append(out, choice(d.Id, d.Name+"（"+chineseDay(d.Due)+"）"))
		}
	}
	return out
}

type duePage struct {
	Rules, Kinds, Modes []option
	From                string
	Answer              *fuyanv1.ComputeDeadlineResponse // nil until asked
	Refused             *refusal
}

// computeDue reckons a rule from a day; nothing is stored, so the question stands
// in the address.
func (p *pages) computeDue(r *request) (duePage, error) {
	in := input{values: r.URL.Query()}
	req := &fuyanv1.ComputeDeadlineRequest{
		Rule: in.text("rule"), Kind: picked(in, "kind", kinds), From: in.text("from"), Mode: picked(in, "mode", modes),
	}
	answer, err := p.calendars.ListRules(r.Context(), &fuyanv1.ListRulesRequest{})
	if err != nil {
		return duePage{}, err
	}
	page := duePage{
		Rules: ruleOptions(answer.Rules, req.Rule), Kinds: selected(kinds, req.Kind), Modes: selected(modes, req.Mode),
		From: req.From,
	}
	if req.From == "" {
		page.From = p.today()
	}
	if req.Rule == "" {
		return page, nil
	}
	page.Answer, err = p.calendars.ComputeDeadline(r.Context(), req)
	err = refusedInto(r, &page.Refused, err)
	if page.Refused != nil {
		page.Refused = page.Refused.named(dueLabels[page.Refused.Field])
	}
	return page, err
}

// dueLabels are what the page calls the fields of its question.
var dueLabels = map[string]string{"rule": "规定", "kind": "类别", "from": "起算日", "mode": "末日不是工作日时"}

// refusedInto keeps a refusal for the page to show; another error is returned.
func refusedInto(r *request, at **refusal, err error) error {
	if refused, ok := errors.AsType[*refusal](refuse("", err)); ok {
		r.failed, *at = refused, refused
		return nil
	}
	return err
}

// ruleOptions offers each code once, by what it is about.
func ruleOptions(rules []*fuyanv1.Rule, chosen string) []option {
	var out []option
	seen := map[string]bool{}
	for _, rule := range rules {
		if !seen[rule.Code] && rule.Unit != fuyanv1.Unit_UNIT_NONE {
			out = append(out, option{rule.Code, rule.Name + "（" + rule.Code + "）", rule.Code == chosen})
		}
		seen[rule.Code] = true
	}
	return out
}
