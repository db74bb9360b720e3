package web

import (
	"cmp"
	"fmt"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// workers are who has work that waits.
var workers = []fuyanv1.Role{
	fuyanv1.Role_ROLE_OFFICE, fuyanv1.Role_ROLE_REVIEWER, fuyanv1.Role_ROLE_HANDLER, fuyanv1.Role_ROLE_SUPERVISOR,
}

type workPage struct {
	Today       string
	Steps       []workStep
	All         workStep
	Chosen      string // the step shown; empty for all
	Rows        []workRow
	First, Next string
	MayReceive  bool
}

// A workStep leads to the things of one step.
type workStep struct {
	Label, Count, Href string
	Here               bool
}

type workRow struct {
	*fuyanv1.WorkItem
	Label string // of the step
	Other string // the organ, where it is not the reader's own
	Due   dueDay
	Href  string // where the next step is taken
}

func (p *pages) showWork(r *request) (workPage, error) {
	in := input{values: r.URL.Query()}
	step := picked(in, "step", workSteps)
	answer, err := p.work.ListWork(r.Context(), &fuyanv1.ListWorkRequest{Step: step, PageToken: in.text("page")})
	if err != nil {
		return workPage{}, err
	}
	page := workPage{
		Today: p.today(), Chosen: workSteps.of(step), MayReceive: r.is(fuyanv1.Role_ROLE_OFFICE),
		All: workStep{Label: "全部", Href: "/work", Here: step == 0},
	}
	for _, c := range answer.Counts {
		if c.Count > 0 || c.Step == step {
			page.Steps = append(page.Steps, workStep{workSteps.of(c.Step), cmp.Or(counted(c.Count), "0"), with(r, "/work", "step", c.Step.String()), c.Step == step})
		}
	}
	for _, w := range answer.Items {
		row := p.workRow(w)
		row.Other = otherOrgan(r, w.Organ)
		page.Rows = append(page.Rows, row)
	}
	page.First, page.Next = paging("/work", r, answer.NextPageToken)
	return page, nil
}

func (p *pages) workRow(w *fuyanv1.WorkItem) workRow {
	row := workRow{WorkItem: w, Label: workSteps.of(w.Step), Due: dueDay{Day: w.Due}}
	if w.Running {
		row.Due = p.dueWorking(w.Due, w.WorkingDaysLeft, w.LeftProvisional)
	}
	rpc := w.Next.GetRpc()
	switch {
	case w.CommitmentId != 0:
		row.Href = fmt.Sprintf("/commitments/%d?move=%s#%s", w.CommitmentId, rpc, rpc)
	case rpc == "SaveDraft":
		row.Href = fmt.Sprintf("/proposals/%d/draft", w.ProposalId)
	default:
		row.Href = fmt.Sprintf("/proposals/%d?move=%s#%s", w.ProposalId, rpc, rpc)
	}
	return row
}

// otherOrgan is the name of an organ that is not the reader's own, which goes
// without saying.
func otherOrgan(r *request, name string) string {
	if name == r.me.GetOrgan() {
		return ""
	}
	return name
}
