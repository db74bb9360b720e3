package web

import (
	"fmt"
	"slices"
	"strconv"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type versionsPage struct {
	Proposal *fuyanv1.Proposal
	Round    int32
	Latest   bool // the round is the present one, whose drafts may be written on
	From, To *fuyanv1.Draft
	Froms    []option
	Tos      []option
	Fields   []changedField // beside the text
	Text     versionsView
	Summary  versionsView
	Same     bool // both say the same
}

// A changedField is a field that two versions have otherwise.
type changedField struct{ Label, Before, After string }

// compareDrafts holds two drafts of a round against each other: the last two, or
// those that the address names, or the one that it names and the next.
func (p *pages) compareDrafts(r *request) (versionsPage, error) {
	id, err := r.id()
	if err != nil {
		return versionsPage{}, err
	}
	answer, err := p.proposals.GetProposal(r.Context(), &fuyanv1.GetProposalRequest{ProposalId: id})
	if err != nil {
		return versionsPage{}, err
	}
	round, _ := strconv.ParseInt(r.URL.Query().Get("round"), 10, 32)
	reply, err := p.replyOf(r.Context(), id, int32(round))
	if err != nil {
		return versionsPage{}, err
	}
	proposal := answer.GetView().GetProposal()
	page := versionsPage{Proposal: proposal, Round: reply.GetRound(), Latest: reply.GetRound() == proposal.GetRound()}
	latest := latestDraft(reply).GetNumber()
	if page.From = draftNamed(reply, r.URL.Query().Get("from"), max(latest-1, 1)); page.From == nil {
		return page, errNoPage
	}
	if page.To = draftNamed(reply, r.URL.Query().Get("to"), min(page.From.Number+1, latest)); page.To == nil {
		return page, errNoPage
	}
	page.Froms, page.Tos = draftOptions(reply, page.From), draftOptions(reply, page.To)
	page.compare(proposal.GetKind())
	return page, nil
}

// draftNamed is the draft of a number, or of the one meant when none is named; nil
// where there is no such draft.
func draftNamed(reply *fuyanv1.Reply, number string, meant int32) *fuyanv1.Draft {
	if number == "" {
		number = strconv.Itoa(int(meant))
	}
	i := slices.IndexFunc(reply.GetDrafts(), func(d *fuyanv1.Draft) bool { return strconv.Itoa(int(d.Number)) == number })
	if i < 0 {
		return nil
	}
	return reply.GetDrafts()[i]
}

func draftOptions(reply *fuyanv1.Reply, shown *fuyanv1.Draft) []option {
	var out []option
	for _, d := range reply.GetDrafts() {
		out = append(out, option{strconv.Itoa(int(d.Number)), draftName(d) + " " + d.Author + " " + moment(d.CreateTime), d == shown})
	}
	return out
}

func draftName(d *fuyanv1.Draft) string { return fmt.Sprintf("第 %d 稿", d.GetNumber()) }

func (page *versionsPage) compare(kind fuyanv1.Kind) {
	before, after := page.From, page.To
	for _, f := range []changedField{
		{"办理结果", results[kind].of(before.Result), results[kind].of(after.Result)},
		{"公开属性", publicities.of(before.Publicity), publicities.of(after.Publicity)},
		{"不予公开的理由", before.WithholdReason, after.WithholdReason},
	} {
		if f.Before != f.After {
			page.Fields = append(page.Fields, f)
		}
	}
	page.Text = versionsView{draftName(before), draftName(after), versionRows(before.Text, after.Text)}
	if before.Summary != after.Summary {
		page.Summary = versionsView{draftName(before), draftName(after), versionRows(before.Summary, after.Summary)}
	}
	page.Same = writingOf(before).is(writingOf(after))
}
