package web

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// findings are what is found in the text of a draft: what is wrong with it and
// what it promises.
type findings struct {
	Saved    *fuyanv1.Draft // the latest version; nil for none
	Unsaved  bool           // what is shown is not what is saved
	Writing  bool           // the text stands in an editor, which cannot mark it
	Issued   bool           // the letter has gone out: nothing of it is to mend
	Checked  bool
	Faults   []faultRow
	Errors   int // how many of the faults stop the letter
	Promises []promiseCard
	Lost     []*fuyanv1.Promise // decided of sentences that the draft no longer has
	Another  formView           // makes a promise of a sentence that was not read as one
	Plans    bool               // the caller may say what becomes of the promises
	Pieces   []piece            // the draft, with faults and promises marked
	Letter   string
	Paper    string // leads to the saved draft on paper; empty for none
}

type faultRow struct {
	*fuyanv1.Fault
	Excerpt string // what it points at; empty when something is missing
	Href    string
}

// find shows what is wrong with the draft and what it promises: with the values of
// the editor, or with the version saved where they are nil.
func (p *pages) find(r *request, page *draftPage, s subject, values url.Values, typing bool) error {
	text, result := page.Saved.GetText(), s.reply.GetResult()
	if page.Unsaved {
		text, result = values.Get("text"), pickedResult(input{values: values}, "result")
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
	page.mark(text, answer)
	return p.addPromises(r, page, s, answer.Promises, typing)
}

// mark marks faults and promises where they stand in the text.
func (f *findings) mark(text string, answer *fuyanv1.CheckDraftResponse) {
	marks := promiseMarks(answer.Promises)
	for i, fault := range tallied(answer.Faults) {
		row := faultRow{Fault: fault, Excerpt: excerpt(text, fault.Span)}
		class, id := "warning", fmt.Sprintf("f%d", i+1)
		if fault.Error {
			class = "error"
			f.Errors++
		}
		if row.Excerpt != "" {
			row.Href = "#" + id
			marks = append(marks, markAt(fault.Span, class, id, ""))
		}
		f.Faults = append(f.Faults, row)
	}
	f.Pieces = pieces(text, marks)
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

// A promiseCard is a promise of a draft with what was decided of it, and the
// forms that decide.
type promiseCard struct {
	*fuyanv1.Promise
	Place  string
	Decide []formView // none where nothing may be decided
}

// addPromises shows the promises of the draft. What becomes of one is said of the
// saved draft alone: of a sentence only typed nobody else knows. While somebody
// types, what they typed is kept, and the sentences that are saved as they stand
// may be decided of.
func (p *pages) addPromises(r *request, page *draftPage, s subject, promises []*fuyanv1.Promise, typing bool) error {
	decides := page.Plans && (!page.Unsaved || typing)
	if decides {
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
		if decides && (!page.Unsaved || strings.Contains(page.Saved.GetText(), pr.Text)) {
			card.Decide = []formView{p.planForm(r, page, "PlanPromise", i+1, s), p.planForm(r, page, "WaivePromise", i+1, s)}
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
	own := *r
	own.typed = nil // that is the editor's
	return f.view(&own, place{fmt.Sprintf("%s-%d", rpc, number), action, page.Proposal.GetVersion()}, s)
}

func promiseMarks(promises []*fuyanv1.Promise) []mark {
	var marks []mark
	for i, pr := range promises {
		marks = append(marks, markAt(pr.Span, "promise", fmt.Sprintf("p%d", i+1), ""))
	}
	return marks
}
