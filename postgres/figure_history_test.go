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

// liveAll makes so many histories, some at a time, and returns when the last of
// them ends.
func (b *bundle) liveAll(t *testing.T, histories int) time.Time {
	const workers = 4
	ends := make([]time.Time, histories)
	t.Run("histories", func(t *testing.T) {
		for w := range workers {
			t.Run(fmt.Sprint(w), func(t *testing.T) {
				t.Parallel()
				for n := w; n < histories; n += workers {
					ends[n] = b.live(t, n)
				}
			})
		}
	})
	return slices.MaxFunc(ends, time.Time.Compare)
}

// live makes the history number n, always the same, with a clock of its own, and
// returns when it ends.
func (b *bundle) live(t testing.TB, n int) time.Time {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	own := &bundle{People: b.People, conn: b.conn, now: historyStart.Add(time.Duration(r.IntN(200*24)) * time.Hour)}
	d, err := postgres.New(b.conn, postgres.Options{Now: func() time.Time { return own.now }})
	must(t, err)
	own.DB = d
	h := &history{bundle: own, t: t, r: r, n: n, kind: casework.Kinds[r.IntN(2)], office: b.Office}
	h.receive()
	for range 3 + r.IntN(40) {
		h.wait(9)
		h.step()
		if h.r.IntN(4) == 0 {
			h.keep()
		}
	}
	return own.now
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

func (h *history) oversight() postgres.Call {
	if h.kind == casework.NPCSuggestion {
		return h.by(h.NPCSupervisor)
	}
	return h.by(h.CPPCCSupervisor)
}

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
		h.did(h.IssueReply(ctx, h.by(h.Office), "试验", h.Today().AddDays(-h.r.IntN(5))))
		h.record()
	case casework.Issued:
		h.deliver()
	case casework.Answered:
		h.answer()
	case casework.Closed, casework.Returned, casework.Withdrawn:
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
	now, err := h.ViewProposal(ctx, h.Admin, h.p.ID)
	must(h.t, err)
	h.p = now.ListedProposal
}

func (h *history) answer() {
	ctx := h.t.Context()
	switch h.r.IntN(4) {
	case 0, 1:
		h.say()
	case 2:
		h.did(h.RedoProposal(ctx, h.oversight(), "不满意", casework.Date{}))
	case 3:
		h.did(h.CloseProposal(ctx, h.by(h.Office), ""))
	}
}

// say writes what one of the proposers answers, of some round.
func (h *history) say() {
	_, err := h.conn.Exec(h.t.Context(), `INSERT INTO feedbacks (reply_id, proposer_id, attitude, result, text, recorded_by, channel, day, at)
		SELECT v.reply_id, v.proposer_id, $2, $3, '话', $4, 'own', $5::timestamptz, $5
		FROM deliveries v JOIN replies r ON r.id = v.reply_id
		WHERE r.proposal_id = $1 AND v.day IS NOT NULL
		ORDER BY random() LIMIT 1
		ON CONFLICT DO NOTHING`,
		h.p.ID, h.any("satisfied", "basically", "dissatisfied"), h.any("satisfied", "basically", "dissatisfied"), h.Delegate.ID, h.now)
	must(h.t, err)
}

// aside does what leaves the state as it is, and sometimes ends it.
func (h *history) aside() {
	ctx := h.t.Context()
	switch h.r.IntN(9) {
	case 0:
		h.did(h.RequestOpinion(ctx, h.by(h.Office), h.Helper, "？"))
	case 1, 2:
		v, err := h.ViewProposal(ctx, h.Admin, h.p.ID)
		must(h.t, err)
		h.did(h.RecordContact(ctx, h.by(h.office), postgres.NewContact{
			ProposerID: v.ProposerRows[0].ID, Channel: h.any("visit", "call", "meeting", "letter"), Day: h.Today(), Summary: "说",
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
	v, err := h.ViewProposal(h.t.Context(), h.Admin, h.p.ID)
	must(h.t, err)
	for _, d := range v.Deadlines {
		switch {
		case !d.Paused.IsZero():
			h.did(h.ResumeDeadline(h.t.Context(), h.oversight(), d.ID, "续"))
		case d.Runs() && d.Rule == casework.RuleReply:
			h.did(h.PauseDeadline(h.t.Context(), h.oversight(), d.ID, "停"))
		}
	}
}

// keep does something random to one of the promises.
func (h *history) keep() {
	ctx := h.t.Context()
	list, err := h.ListCommitments(ctx, h.Admin, postgres.CommitmentFilter{ProposalID: h.p.ID, Limit: 10})
	must(h.t, err)
	if len(list) == 0 {
		return
	}
	c := list[h.r.IntN(len(list))].Commitment
	on := func(u casework.User) postgres.Call { return postgres.Call{User: u, ID: c.ID} }
	soon := h.Today().AddDays(h.r.IntN(60))
	switch c.State {
	case casework.Noted:
		if h.r.IntN(6) == 0 {
			_, err = h.WaiveCommitment(ctx, on(h.Office), "不是")
			break
		}
		_, err = h.ConfirmCommitment(ctx, on(h.Office), postgres.Confirmation{OwnerID: h.Handler.ID, Due: soon, Deliverable: "物"})
	case casework.Open:
		switch h.r.IntN(5) {
		case 0:
			_, err = h.ReportProgress(ctx, on(h.Handler), "在办", h.Today())
		case 1:
			_, err = h.ChangeDueDay(ctx, on(h.Office), postgres.DayChange{Due: soon, Reason: "难", AgreedBy: "某"})
		case 2:
			if h.r.IntN(3) == 0 {
				_, err = h.DropCommitment(ctx, on(h.Office), postgres.DropReport{Text: "不能", SignedBy: "某"})
			}
		default:
			_, err = h.ReportDone(ctx, on(h.Handler), "文件", h.Today().AddDays(-h.r.IntN(4)))
		}
	case casework.Done:
		_, err = h.VerifyCommitment(ctx, on(h.Leader), postgres.Verdict{Accepted: h.r.IntN(3) > 0, Comment: "看过", ToldDay: h.Today(), ToldHow: "电话"})
	case casework.Kept:
		if h.r.IntN(3) == 0 {
			_, err = h.ReopenCommitment(ctx, on(h.Office), "反弹", soon)
		}
	case casework.Waived, casework.Dropped:
	}
	if err != nil && !errors.Is(err, casework.ErrInvalid) && !errors.Is(err, casework.ErrNotAllowed) {
		h.t.Fatalf("history %d, promise %s: %v", h.n, c.State, err)
	}
}
