package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type draftPage struct {
	Proposal *fuyanv1.Proposal
	Due      dueDay
	Form     formView
	MaySave  bool
	Typed    string         // what was typed and can be saved no more; empty for nothing
	Issued   bool           // the letter has gone out: nothing of it is to mend
	Saved    *fuyanv1.Draft // the latest version; nil for none
	Checked  bool
	Faults   []faultRow
	Errors   int // how many of the faults stop the letter
	Promises []promiseCard
	Lost     []*fuyanv1.Promise // decided of sentences that the draft no longer has
	Another  formView           // makes a promise of a sentence that was not read as one
	Plans    bool               // the caller may say what becomes of the promises
	Unsaved  bool               // what is shown is not what is saved
	Pieces   []piece            // the draft, with faults and promises marked
	Letter   string
}

type faultRow struct {
	*fuyanv1.Fault
	Excerpt string // what it points at; empty when something is missing
	Href    string
}

func draftFields() []field {
	return []field{
		letter("text", "正文：从称谓到致谢").must().from(firstDraft),
		pick("result", "办理结果", resultsOf).from(func(s subject) string { return s.reply.GetResult().String() }),
		pick("publicity", "公开属性", fixed(publicities)).from(func(s subject) string { return s.reply.GetPublicity().String() }),
		long("withhold_reason", "不予公开的理由").hint("公开属性为“不予公开”时必填").from(func(s subject) string { return s.reply.GetWithholdReason() }),
		area("summary", "公开摘要").hint("公开属性为“摘要”时，公众看到的内容").from(func(s subject) string { return s.reply.GetSummary() }),
	}
}

// postDraft saves the draft or, when asked to, only checks what was typed.
func (p *pages) postDraft(show handler) handler {
	save := do(p.saveDraft, show)
	return parsed(func(w http.ResponseWriter, r *request) error {
		if r.PostForm.Get("do") == "check" {
			r.typed = r.PostForm
			return show(w, r)
		}
		return save(w, r)
	})
}

func (p *pages) saveDraft(r *request) (string, error) {
	id, err := r.id()
	if err != nil {
		return "", err
	}
	if err := p.forms["SaveDraft"].call(r.Context(), r.input()); err != nil {
		return "", refuse("SaveDraft", err)
	}
	return fmt.Sprintf("/proposals/%d/draft?done=SaveDraft", id), nil
}

func (p *pages) showDraft(r *request) (draftPage, error) {
	id, err := r.id()
	if err != nil {
		return draftPage{}, err
	}
	answer, err := p.proposals.GetProposal(r.Context(), &fuyanv1.GetProposalRequest{ProposalId: id})
	if err != nil {
		return draftPage{}, err
	}
	reply, err := p.replyOf(r.Context(), id, 0)
	if err != nil {
		return draftPage{}, err
	}
	s := subject{proposal: answer.View, reply: reply}
	proposal := answer.View.GetProposal()
	at := place{"SaveDraft", fmt.Sprintf("/proposals/%d/draft", id), proposal.GetVersion()}
	page := draftPage{
		Proposal: proposal, Due: p.replyDue(proposal), Plans: offers(answer.View, "PlanPromise") || offers(answer.View, "WaivePromise"),
		Form: p.forms["SaveDraft"].view(r, at, s), Unsaved: r.values() != nil && r.formKey("SaveDraft") == "SaveDraft",
	}
	// Once it is reviewed the draft stays as it is. What was typed before somebody
	// handed it over is shown, so that it is not lost.
	page.MaySave = offers(answer.View, "SaveDraft")
	if page.Unsaved && !page.MaySave {
		page.Typed = input{values: r.values()}.verbatim("text")
	}
	page.Issued = len(reply.GetLetters()) > 0
	if drafts := reply.GetDrafts(); len(drafts) > 0 {
		page.Saved = drafts[0]
	}
	return page, p.check(r, &page, reply)
}

// check shows what is wrong with the draft and what it promises: with what was
// typed, if it was asked about or refused, or with the version saved.
func (p *pages) check(r *request, page *draftPage, reply *fuyanv1.Reply) error {
	text, result := page.Saved.GetText(), reply.GetResult()
	if page.Unsaved {
		in := input{values: r.values()}
		text, result = in.verbatim("text"), pickedResult(in, "result")
	}
	if text == "" { // of which the RPC would say what it says of the saved one
		return nil
	}
	answer, err := p.replies.CheckDraft(r.Context(), &fuyanv1.CheckDraftRequest{
		ProposalId: page.Proposal.GetId(), Text: text, Result: result,
	})
	if refused, ok := errors.AsType[*refusal](refuse("SaveDraft", err)); ok {
		if page.Form.Failed == nil { // else the save was refused before
			r.failed, page.Form.Failed = refused, refused
		}
		return nil
	}
	if err != nil {
		return err
	}
	page.Checked, page.Letter, page.Lost = true, answer.Letter, answer.Lost
	if err := p.addPromises(r, page, answer.Promises); err != nil {
		return err
	}
	marks := promiseMarks(answer.Promises)
	for i, f := range tallied(answer.Faults) {
		row := faultRow{Fault: f, Excerpt: excerpt(text, f.Span)}
		class, id := "warning", fmt.Sprintf("f%d", i+1)
		if f.Error {
			class = "error"
			page.Errors++
		}
		if row.Excerpt != "" {
			row.Href = "#" + id
			marks = append(marks, markAt(f.Span, class, id, ""))
		}
		page.Faults = append(page.Faults, row)
	}
	page.Pieces = pieces(text, marks)
	return nil
}

// tallied are the faults with one that counts the promises nobody decided of, in
// the place of the first: each stands among the promises already.
func tallied(faults []*fuyanv1.Fault) []*fuyanv1.Fault {
	const undecided = "promise_undecided"
	var out []*fuyanv1.Fault
	var count *fuyanv1.Fault
	n := 0
	for _, f := range faults {
		if f.Rule != undecided {
			out = append(out, f)
			continue
		}
		if n++; count == nil {
			count = &fuyanv1.Fault{Rule: undecided}
			out = append(out, count)
		}
		count.Error, count.Message = count.Error || f.Error, fmt.Sprintf("%d 项承诺待确认。", n)
	}
	return out
}

// offers reports whether the caller may make the move now.
func offers(v *fuyanv1.ProposalView, rpc string) bool {
	return slices.ContainsFunc(v.GetMoves(), func(m *fuyanv1.Move) bool { return m.Rpc == rpc })
}

// A promiseCard is a promise of a draft with what was decided of it, and the
// forms that decide.
type promiseCard struct {
	*fuyanv1.Promise
	Place  string
	Decide []formView // none where nothing may be decided
}

// addPromises shows the promises of the draft. What becomes of one is said of the
// saved draft alone: of a sentence only typed nobody else knows.
func (p *pages) addPromises(r *request, page *draftPage, promises []*fuyanv1.Promise) error {
	s := subject{me: r.me, today: p.today()}
	var decide []string
	if page.Plans && !page.Unsaved {
		decide = []string{"PlanPromise", "WaivePromise"}
		var err error
		if s.users, err = p.usersIfAllowed(r.Context()); err != nil {
			return err
		}
		s.promise = &fuyanv1.Promise{}
		page.Another = p.planForm(r, page, "PlanPromise", 0, s)
	}
	for i, pr := range promises {
		card := promiseCard{Promise: pr, Place: fmt.Sprintf("#p%d", i+1)}
		s.promise = pr
		for _, rpc := range decide {
			card.Decide = append(card.Decide, p.planForm(r, page, rpc, i+1, s))
		}
		page.Promises = append(page.Promises, card)
	}
	return nil
}

// planForm is the form of one promise; number 0 is the one for a sentence that
// was not read.
func (p *pages) planForm(r *request, page *draftPage, rpc string, number int, s subject) formView {
	f := p.forms[rpc]
	if number == 0 {
		f.fields = slices.Clone(f.fields)
		f.fields[0] = area("text", "稿件中的一句").must().hint("完整的句子，从句首到句末，与稿件逐字相同")
	}
	action := fmt.Sprintf("/proposals/%d/draft/%s", page.Proposal.GetId(), rpc)
	return f.view(r, place{fmt.Sprintf("%s-%d", rpc, number), action, page.Proposal.GetVersion()}, s)
}

func promiseMarks(promises []*fuyanv1.Promise) []mark {
	var marks []mark
	for i, pr := range promises {
		marks = append(marks, markAt(pr.Span, "promise", fmt.Sprintf("p%d", i+1), ""))
	}
	return marks
}

// firstDraft is the version saved last, or an outline to begin with: salutation,
// opening and thanks.
func firstDraft(s subject) string {
	if drafts := s.reply.GetDrafts(); len(drafts) > 0 {
		return drafts[0].Text
	}
	proposal := s.proposal.GetProposal()
	noun, address := "提案", "委员"
	if proposal.GetKind() == fuyanv1.Kind_KIND_NPC_SUGGESTION {
		noun, address = "代表建议", "代表"
	}
	var names []string
	you := "您"
	for _, pr := range s.proposal.GetProposers() {
		names = append(names, pr.Name)
		if pr.Organisation {
			you, address = "你们", ""
		}
	}
	if len(names) > 1 {
		you = "你们"
	}
	if len(names) > 3 {
		names, address = names[:3], "等"+address
	}
	return fmt.Sprintf("%s%s：\n\n%s提出的“%s”的%s收悉，经研究，现将办理情况答复如下：\n\n\n\n感谢%s对本市相关工作的关心与支持！\n",
		strings.Join(names, "、"), address, you, proposal.GetTitle(), noun, you)
}
