package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"connectrpc.com/connect/v2"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type draftPage struct {
	findings
	Proposal *fuyanv1.Proposal
	Due      dueDay
	Form     formView
	Editor   editor
	MaySave  bool
	Typed    string               // what was written and can be saved no more; empty for nothing
	Kept     *fuyanv1.WorkingCopy // what the editor shows, if that was kept and not saved
	Drop     formView             // throws it away
	Clash    *clash               // with what somebody else wrote; nil for none
	Merged   bool                 // what was chosen of two writings has just been filled in
	Versions string               // leads to the versions, where there are two
}

// An editor is what the form of a draft says of itself beside what is written.
type editor struct {
	ID                string
	Base, CopyVersion int64
	Rival             string // that is not settled; empty for none
	User              int64  // who writes
}

var errUndecided = errors.New("a clash is undecided")

func draftFields() []field {
	return []field{
		letter("text", "正文：从称谓到致谢").must().from(firstDraft),
		pick("result", "办理结果", resultsOf).from(func(s subject) string { return s.reply.GetResult().String() }),
		pick("publicity", "公开属性", fixed(publicities)).from(func(s subject) string { return s.reply.GetPublicity().String() }),
		long("withhold_reason", "不予公开的理由").hint("公开属性为“不予公开”时必填").from(func(s subject) string { return s.reply.GetWithholdReason() }),
		area("summary", "公开摘要").hint("公开属性为“摘要”时，公众看到的内容").from(func(s subject) string { return s.reply.GetSummary() }),
	}
}

// postDraft saves the draft or, when asked to, only looks at what was typed: checks
// it, holds it against what another window kept, or takes what was chosen of two.
func (p *pages) postDraft(show handler) handler {
	save := do(p.saveDraft, show)
	return parsed(func(w http.ResponseWriter, r *request) error {
		switch r.PostForm.Get("do") {
		case "merge":
			if err := p.settleDraft(r); err != nil {
				return do(func(*request) (string, error) { return "", err }, show)(w, r)
			}
			fallthrough
		case "check", "compare":
			r.typed = r.PostForm
			return show(w, r)
		}
		return save(w, r)
	})
}

// saveDraft saves what was typed. The proposal's version also moves where nothing
// of the draft does, when a promise is planned or a call is written down: that is
// no reason to ask anybody anything.
func (p *pages) saveDraft(r *request) (string, error) {
	id, err := r.id()
	if err != nil {
		return "", err
	}
	if err := p.settleDraft(r); err != nil {
		return "", err
	}
	in := r.input()
	err = p.forms["SaveDraft"].call(r.Context(), in)
	if connect.CodeOf(err) == connect.CodeAborted {
		reply, broken := p.replyOf(r.Context(), id, 0)
		if broken == nil && latestDraft(reply).GetNumber() == in.number32("base") {
			in.version = reply.GetVersion()
			err = p.forms["SaveDraft"].call(r.Context(), in)
		}
	}
	if err != nil {
		return "", refuse("SaveDraft", err)
	}
	return fmt.Sprintf("/proposals/%d/draft?done=SaveDraft", id), nil
}

// settleDraft takes what was chosen of two writings, where the form asked.
func (p *pages) settleDraft(r *request) error {
	if r.PostForm.Get("rival") == "" {
		return nil
	}
	s, err := p.draftSubject(r)
	if err != nil {
		return err
	}
	return settle(s, r.PostForm)
}

// draftSubject is the proposal of the address and its present reply.
func (p *pages) draftSubject(r *request) (subject, error) {
	id, err := r.id()
	if err != nil {
		return subject{}, err
	}
	answer, err := p.proposals.GetProposal(r.Context(), &fuyanv1.GetProposalRequest{ProposalId: id})
	if err != nil {
		return subject{}, err
	}
	reply, err := p.replyOf(r.Context(), id, 0)
	return subject{proposal: answer.GetView(), reply: reply, me: r.me, today: p.today()}, err
}

func (p *pages) showDraft(r *request) (draftPage, error) { return p.draftPage(r, false) }

// draftPage is the editor with what is found in its text. While somebody types,
// only what is found is shown anew, and what they typed is kept.
func (p *pages) draftPage(r *request, typing bool) (draftPage, error) {
	s, err := p.draftSubject(r)
	if err != nil {
		return draftPage{}, err
	}
	proposal := s.proposal.GetProposal()
	page := draftPage{
		Proposal: proposal, Due: p.replyDue(proposal), MaySave: offers(s.proposal, "SaveDraft"),
		findings: findings{
			Saved: latestDraft(s.reply), Issued: len(s.reply.GetLetters()) > 0,
			Plans: offers(s.proposal, "PlanPromise") || offers(s.proposal, "WaivePromise"),
		},
	}
	if page.Saved != nil {
		page.Paper = paperLink(r, proposal, s.reply)
	}
	if len(s.reply.GetDrafts()) > 1 {
		page.Versions = fmt.Sprintf("/proposals/%d/drafts", proposal.GetId())
	}
	values := page.begin(r, s)
	page.Unsaved = values != nil
	// Once it is reviewed the draft stays as it is. What was written before somebody
	// handed it over is shown, so that it is not lost.
	page.Writing = page.MaySave
	if page.Unsaved && !page.MaySave {
		page.Typed = values.Get("text")
		page.Unsaved = page.Kept == nil
	} else if rv := rivalOf(s.reply, values, r.PostForm.Get("do") == "compare"); values != nil && rv != nil {
		page.Clash = p.clashOf(s, rv, values)
	}
	page.Merged = page.Clash == nil && r.failed == nil && r.PostForm.Get("do") == "merge"
	page.show(p, r, s, values)
	return page, p.find(r, &page, s, values, typing)
}

// begin is what the editor shows that is not saved: what was typed, or was kept
// and is another thing than the latest draft; nil for nothing.
func (page *draftPage) begin(r *request, s subject) url.Values {
	if r.values() != nil && r.formKey("SaveDraft") == "SaveDraft" {
		return r.values()
	}
	kept := s.reply.GetWorkingCopy()
	if kept == nil || page.Issued || page.Saved != nil && writingOf(kept).is(writingOf(page.Saved)) {
		return nil
	}
	page.Kept = kept
	values := url.Values{"base": {strconv.Itoa(int(kept.Base))}, "copy_version": {strconv.FormatInt(kept.Version, 10)}}
	writingOf(kept).into(values)
	return values
}

// show fills in the form of the editor.
func (page *draftPage) show(p *pages, r *request, s subject, values url.Values) {
	id, in := page.Proposal.GetId(), input{values: values}
	shown := *r
	shown.typed = values
	page.Form = p.forms["SaveDraft"].view(&shown, place{"SaveDraft", fmt.Sprintf("/proposals/%d/draft", id), page.Proposal.GetVersion()}, s)
	page.Editor = editor{ID: newUUID(), Base: in.number64("base"), CopyVersion: in.number64("copy_version"), Rival: in.text("rival"), User: r.me.GetId()}
	if values == nil {
		page.Editor.Base, page.Editor.CopyVersion = int64(page.Saved.GetNumber()), s.reply.GetWorkingCopy().GetVersion()
	}
	if page.Kept != nil {
		page.Drop = p.forms["DropWorkingCopy"].view(&shown, place{"DropWorkingCopy", fmt.Sprintf("/proposals/%d/draft/DropWorkingCopy", id), page.Kept.Version}, s)
	}
	if failed := page.Form.Failed; failed != nil && page.Clash != nil {
		page.Form.Failed = page.Clash.refusal(failed)
	}
}

// offers reports whether the caller may make the move now.
func offers(v *fuyanv1.ProposalView, rpc string) bool {
	return slices.ContainsFunc(v.GetMoves(), func(m *fuyanv1.Move) bool { return m.Rpc == rpc })
}

// firstDraft is the version saved last, or an outline to begin with.
func firstDraft(s subject) string {
	if latest := latestDraft(s.reply); latest != nil {
		return latest.Text
	}
	return outline(s)
}

// outline is what a draft begins with: salutation, opening and thanks.
func outline(s subject) string {
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
