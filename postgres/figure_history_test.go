package postgres_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"fuyan/casework"
	"fuyan/postgres"
)

// A history makes one proposal live through a random life by the operations of
// the program, with a clock that it moves on. What the rules refuse it leaves.
type history struct {
	*bundle
	t      testing.TB
	r      *rand.Rand
	n      int // which one it is
	kind   casework.Kind
	office casework.User
	p      postgres.ListedProposal
}

var historyStart = time.Date(2025, 11, 3, 1, 0, 0, 0, time.UTC)

// live makes so many histories. They begin at random moments; all of them see the
// year and the term end, and go on for a while. It returns when the last of them
// ends.
func (b *bundle) live(t *testing.T, n int) time.Time {
	histories := make([]*history, n)
	for i := range histories {
		histories[i] = b.history(t, i)
	}
	b.now = together(t, "begin", histories, (*history).begin)
	if end := time.Date(2026, 12, 31, 4, 0, 0, 0, time.UTC); b.now.Before(end) {
		b.now = end
	}
	b.endYear(t)
	for _, h := range histories {
		h.now = b.now
	}
	return together(t, "go on", histories, (*history).goOn)
}

// history is the history number n, always the same, with a clock of its own.
func (b *bundle) history(t *testing.T, n int) *history {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	own := &bundle{People: b.People, conn: b.conn, now: historyStart.Add(time.Duration(r.IntN(200*24)) * time.Hour)}
	d, err := postgres.New(b.conn, postgres.Options{Now: func() time.Time { return own.now }})
	must(t, err)
	own.DB = d
	return &history{bundle: own, r: r, n: n, kind: casework.Kinds[r.IntN(2)], office: b.Office}
}

// together lets the histories live, some at a time, and returns when the last of
// them stops.
func together(t *testing.T, name string, histories []*history, live func(*history)) time.Time {
	const workers = 4
	t.Run(name, func(t *testing.T) {
		for w := range workers {
			t.Run(fmt.Sprint(w), func(t *testing.T) {
				t.Parallel()
				for n := w; n < len(histories); n += workers {
					histories[n].t = t
					live(histories[n])
				}
			})
		}
	})
	return slices.MaxFunc(histories, func(a, b *history) int { return a.now.Compare(b.now) }).now
}

// endYear carries over what is not settled, and ends the terms of both bodies.
func (b *bundle) endYear(t *testing.T) {
	ctx := t.Context()
	must(t, b.DoCarryOver(ctx))
	for _, body := range []string{"市政协", "市人大"} {
		_, err := b.EndTerm(ctx, by(b.Admin, 0), body, 14, b.Today())
		must(t, err)
		must(t, b.DoEndTerm(ctx, postgres.EndTermJob{Body: body, Term: 14}))
	}
}

func (h *history) begin() {
	h.receive()
	h.steps(3 + h.r.IntN(40))
}

// goOn looks first at what the end of the year and of the term made of it.
func (h *history) goOn() {
	h.look()
	h.steps(h.r.IntN(20))
}

func (h *history) steps(n int) {
	for range n {
		h.wait(9)
		h.step()
		if h.r.IntN(3) == 0 {
			h.keep()
		}
	}
}

func (h *history) look() postgres.ProposalView {
	h.t.Helper()
	v, err := h.ViewProposal(h.t.Context(), h.Admin, h.p.ID)
	must(h.t, err)
	h.p = v.ListedProposal
	return v
}

// wait lets up to so many days pass, and some hours, so that some moves are made
// late at night.
func (h *history) wait(days int) {
	h.now = h.now.Add(time.Duration(h.r.IntN(days*24*60)) * time.Minute)
}

// did takes what an operation returned. A refusal leaves everything as it was.
func (h *history) did(p postgres.ListedProposal, err error) {
	h.t.Helper()
	switch {
	case err == nil:
		h.p = p
	case errors.Is(err, casework.ErrNotAllowed), errors.Is(err, casework.ErrInvalid), errors.Is(err, casework.ErrConflict),
		errors.Is(err, casework.ErrNotFound):
	default:
		h.t.Fatalf("history %d in %s: %v", h.n, h.p.State, err)
	}
}

func (h *history) by(u casework.User) postgres.Call { return postgres.Call{User: u, ID: h.p.ID} }

func (h *history) overseer() casework.User {
	if h.kind == casework.NPCSuggestion {
		return h.NPCSupervisor
	}
	return h.CPPCCSupervisor
}

func (h *history) oversight() postgres.Call { return h.by(h.overseer()) }

func (h *history) receive() {
	n := newProposal(fmt.Sprint(1000+h.n), h.Delegate)
	n.Kind, n.Sitting.Session = h.kind, h.r.IntN(3)
	if h.kind == casework.NPCSuggestion {
		n.Sitting.Body = "市人大"
	}
	n.HandedOver = h.Today().AddDays(-h.r.IntN(100))
	n.Role = []string{"sole", "lead", "joint", "split"}[h.r.IntN(4)]
	n.NoWrittenReply = h.r.IntN(8) == 0
	for i := range h.r.IntN(3) {
		n.Proposers = append(n.Proposers, postgres.NewProposer{Name: fmt.Sprintf("乙某%d", i)})
	}
	switch h.r.IntN(12) {
	case 0:
		h.office = h.HelperOffice
	case 1:
		n.Letter = h.oldLetter()
		n.HandedOver = casework.Date{}
	}
	h.did(h.ReceiveProposal(h.t.Context(), h.by(h.office), n))
	if n.Letter != nil {
		h.record()
	}
}

// oldLetter is one of a year before; without its copies it is not answered.
func (h *history) oldLetter() *postgres.OldLetter {
	copied := "\n\n抄送：市政府办公厅建议提案处，市政协提案办，市人大代表工作处。\n"
	if h.r.IntN(3) == 0 {
		copied = ""
	}
	old := &postgres.OldLetter{
		Text: draftText + copied, DocumentNumber: fmt.Sprintf("某试提复〔2019〕%d号", h.n+1),
		IssueDate: casework.Date{Year: 2019, Month: 5, Day: 6}, Result: h.any("", "adopted", "planned"),
	}
	if h.r.IntN(2) == 0 {
		old.Published = casework.Date{Year: 2019, Month: 6, Day: 3}
	}
	return old
}

func (h *history) any(words ...string) string { return words[h.r.IntN(len(words))] }

// step tries a move that suits the state, most of the time the one that leads on.
func (h *history) step() {
	ctx := h.t.Context()
	if h.r.IntN(5) == 0 {
		h.aside()
		return
	}
	switch h.p.State {
	case casework.Received:
		if h.r.IntN(6) == 0 {
			h.did(h.RequestReturn(ctx, h.by(h.office), "不是我们的"))
			return
		}
		h.did(h.AcceptProposal(ctx, h.by(h.office), casework.Date{}))
	case casework.ReturnRequested:
		h.did(h.DecideReturn(ctx, h.oversight(), h.r.IntN(2) == 0, "已阅"))
	case casework.Accepted:
		if h.office.ID == h.Office.ID {
			h.did(h.AssignProposal(ctx, h.by(h.office), h.Handler.ID))
		}
	case casework.Drafting:
		h.write()
	case casework.Reviewing:
		h.did(h.ApproveReply(ctx, h.by(h.Head), ""))
		h.did(h.ApproveReply(ctx, h.by(h.Office), ""))
		h.did(h.SignReply(ctx, h.by(h.Leader), ""))
	case casework.Signed:
		h.did(h.IssueReply(ctx, h.by(h.Office), h.any("", "试验"), h.Today().AddDays(-h.r.IntN(5))))
		h.record()
	case casework.Issued:
		h.deliver()
	case casework.Answered:
		h.answer()
	case casework.Closed:
		h.answerLate()
	case casework.Returned, casework.Withdrawn:
		h.aside()
	}
}

func (h *history) write() {
	ctx := h.t.Context()
	if h.p.NoWrittenReply && h.r.IntN(2) == 0 {
		h.did(h.CloseProposal(ctx, h.by(h.Office), "不需书面答复"))
		return
	}
	n := postgres.NewDraft{
		Text: draftText, Result: h.any("adopted", "planned", "reference", "in_progress"),
		Publicity: h.any("full", "full", "summary", "on_request", "withheld"), WithholdReason: "内部事务", Summary: "摘要",
	}
	h.did(h.SaveDraft(ctx, h.by(h.Handler), n))
	due := day("2026-09-30")
	if due.Before(h.Today()) {
		due = h.Today().AddDays(h.r.IntN(60))
	}
	switch h.r.IntN(4) {
	case 0, 1:
		h.did(h.PlanPromise(ctx, h.by(h.Handler), sentence, postgres.Confirmation{OwnerID: h.Handler.ID, Due: due, Deliverable: "物"}))
	case 2:
		h.did(h.WaivePromise(ctx, h.by(h.Handler), sentence, "不是"))
	}
	h.did(h.SubmitReply(ctx, h.by(h.Handler)))
}

// record does what the job queued with a letter does.
func (h *history) record() {
	if l, err := h.PresentLetter(h.t.Context(), h.Admin, h.p.ID); err == nil {
		must(h.t, h.DoRecordCommitments(h.t.Context(), postgres.RecordCommitments{LetterID: l.Letter.ID}))
	}
}

// deliver brings the letter to one proposer, or copies it to an office.
func (h *history) deliver() {
	ctx := h.t.Context()
	v, err := h.ViewReply(ctx, h.Admin, h.p.ID, 0)
	must(h.t, err)
	for _, s := range v.Deliveries {
		if s.Delivery.Day.IsZero() {
			h.did(h.RecordDelivery(ctx, h.by(h.Office), postgres.NewDelivery{ProposerID: s.Delivery.ProposerID, Channel: "hand"}))
			return
		}
	}
	for _, c := range v.Copies {
		if c.Copy.SentAt == nil {
			h.did(h.SendCopy(ctx, h.by(h.Office), c.Copy.OrganID))
			must(h.t, h.DoSendCopy(ctx, postgres.SendCopyJob{ReplyID: v.ID, OrganID: c.Copy.OrganID}))
		}
	}
	h.look()
}

func (h *history) answer() {
	ctx := h.t.Context()
	switch h.r.IntN(7) {
	case 0, 1, 2:
		h.say()
	case 3:
		h.did(h.RedoProposal(ctx, h.oversight(), "不满意", casework.Date{}))
	case 4:
		h.did(h.DeclineRedo(ctx, h.oversight(), "已尽力"))
	case 5:
		h.did(h.ExplainTermEnd(ctx, h.by(h.Office), postgres.TermExplanation{Text: "难", SignedBy: "某", ToldHow: "书面"}))
		h.did(h.CloseProposal(ctx, h.by(h.Office), ""))
	default:
		h.did(h.CloseProposal(ctx, h.by(h.Office), ""))
	}
}

// answerLate lets a proposer say something about what is closed, which may open
// it again.
func (h *history) answerLate() {
	switch h.r.IntN(4) {
	case 0:
		h.say()
	case 1:
		h.did(h.RedoProposal(h.t.Context(), h.oversight(), "不满意", casework.Date{}))
	case 2:
		h.did(h.DeclineRedo(h.t.Context(), h.oversight(), "已尽力"))
	default:
		h.aside()
	}
}

// say is what one of the proposers answers, who is asked by telephone, or who
// says it with their own account.
func (h *history) say() {
	list := h.look().ProposerRows
	rating := func() casework.Rating { return casework.Rating(h.any("satisfied", "basically", "dissatisfied")) }
	if h.r.IntN(3) == 0 {
		h.did(h.GiveFeedback(h.t.Context(), h.by(h.Delegate), said(0, "", rating(), rating(), "话")))
		return
	}
	h.did(h.GiveFeedback(h.t.Context(), h.by(h.Office), said(list[h.r.IntN(len(list))].ID, "call", rating(), rating(), "话")))
}

// aside does what leaves the state as it is, and sometimes ends it.
func (h *history) aside() {
	ctx := h.t.Context()
	switch h.r.IntN(9) {
	case 0:
		h.did(h.RequestOpinion(ctx, h.by(h.Office), h.Helper, "？"))
	case 1, 2:
		h.did(h.RecordContact(ctx, h.by(h.office), postgres.NewContact{
			ProposerID: h.look().ProposerRows[0].ID, Channel: h.any("visit", "call", "meeting", "letter"), Day: h.Today(), Summary: "说",
		}))
	case 3:
		h.did(h.RequestExtension(ctx, h.by(h.office), "难", h.p.HandedOver.AddDays(100+h.r.IntN(80))))
		h.wait(8)
		h.did(h.DecideExtension(ctx, h.oversight(), h.r.IntN(3) > 0, "已阅"))
	case 4, 5:
		h.pause()
	case 6:
		h.did(h.PublishReply(ctx, h.by(h.Office)))
	case 7:
		h.did(h.TakeDownReply(ctx, h.by(h.Office), "有误"))
	case 8:
		if h.r.IntN(4) == 0 {
			h.did(h.WithdrawProposal(ctx, h.oversight(), "撤回"))
		}
	}
}

// pause stops a deadline that runs, or lets one run again that was stopped.
func (h *history) pause() {
	for _, d := range h.look().Deadlines {
		switch {
		case !d.Paused.IsZero():
			h.did(h.ResumeDeadline(h.t.Context(), h.oversight(), d.ID, "续"))
		case d.Runs() && d.Rule == casework.RuleReply:
			h.did(h.PauseDeadline(h.t.Context(), h.oversight(), d.ID, "停"))
		}
	}
}
