package postgres_test

import (
	"fmt"
	"slices"
	"testing"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// work is what waits for u of a proposal: the step, what comes next, and the day
// with a star while it binds.
func (b *bundle) workOf(t testing.TB, u casework.User, id int64) (out []string) {
	t.Helper()
	list, err := b.ListWork(t.Context(), u, postgres.WorkFilter{Limit: 100})
	must(t, err)
	for _, w := range list {
		if w.ProposalID != id {
			continue
		}
		star := ""
		if w.Running {
			star = "*"
		}
		out = append(out, fmt.Sprintf("%s %s %s%s", w.Step, w.Verb, w.Due, star))
	}
	return out
}

// waits holds the work of a person of one proposal against what it should be.
func (b *bundle) waits(t testing.TB, when string, id int64, u casework.User, want ...string) {
	t.Helper()
	if got := b.workOf(t, u, id); !slices.Equal(got, want) {
		t.Errorf("%s the work of %s is %q, want %q", when, u.Name, got, want)
	}
}

// TestWorkGoesFromHandToHand: at each step of a proposal what comes next waits for
// whose turn it is, with its own day, and for nobody else.
func TestWorkGoesFromHandToHand(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	one := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	id := b.receive(t, "0001")
	b.waits(t, "received", id, b.Office, "sign_for accept 2026-03-11*") // seven working days
	b.waits(t, "received", id, b.HelperOffice)
	one(b.RequestReturn(ctx, by(b.Office, id), "不是"))
	b.waits(t, "to be returned", id, b.Office)
	b.waits(t, "to be returned", id, b.CPPCCSupervisor, "decide_return grant_return 2026-05-10*")
	b.waits(t, "to be returned", id, b.NPCSupervisor)
	one(b.DecideReturn(ctx, by(b.Supervisor, id), false, "是"))
	b.waits(t, "not returned", id, b.Office, "sign_for accept 2026-05-10*") // there is no other way now
	one(b.AcceptProposal(ctx, by(b.Office, id), casework.Date{}))
	b.waits(t, "accepted", id, b.Office, "assign assign 2026-05-10*")
	one(b.AssignProposal(ctx, by(b.Office, id), b.Handler.ID))
	one(b.RequestOpinion(ctx, by(b.Handler, id), b.Helper, "问"))
	b.waits(t, "assigned", id, b.Office)
	b.waits(t, "assigned", id, b.Handler, "draft save_draft 2026-05-10*")
	b.waits(t, "assigned", id, b.OtherHandler)
	b.waits(t, "asked", id, b.HelperOffice, "opinion submit_opinion 2026-04-02*")
	one(b.SubmitOpinion(ctx, by(b.HelperOffice, id), "答"))
	b.waits(t, "answered", id, b.HelperOffice)
	one(b.RequestExtension(ctx, by(b.Office, id), "难", casework.Date{Year: 2026, Month: 6, Day: 1}))
	b.waits(t, "more time", id, b.CPPCCSupervisor, "decide_extension decide_extension 2026-05-10*")
	one(b.DecideExtension(ctx, by(b.Supervisor, id), true, "好"))
	one(b.SaveDraft(ctx, by(b.Handler, id), postgres.NewDraft{Text: draftText, Result: "adopted", Publicity: "full"}))
	b.waits(t, "drafted", id, b.Handler, "draft submit 2026-06-01*")
	one(b.SubmitReply(ctx, by(b.Handler, id)))
	b.waits(t, "submitted", id, b.Handler)
	b.waits(t, "submitted", id, b.Head, "review approve 2026-06-01*")
	b.waits(t, "submitted", id, b.Office)
	one(b.ApproveReply(ctx, by(b.Head, id), ""))
	b.waits(t, "passed once", id, b.Head)
	b.waits(t, "passed once", id, b.Office, "review approve 2026-06-01*")
	one(b.ApproveReply(ctx, by(b.Office, id), ""))
	b.waits(t, "passed", id, b.Head)
	b.waits(t, "passed", id, b.Leader, "sign sign 2026-06-01*")
	one(b.SignReply(ctx, by(b.Leader, id), ""))
	b.waits(t, "signed", id, b.Office, "number issue 2026-06-01*")
	one(b.IssueReply(ctx, by(b.Office, id), later, casework.Date{}))
	b.waits(t, "issued", id, b.Office, "publish publish 2026-03-30*", "deliver record_delivery 2026-06-01*", "copy send_copy 2026-06-01*")
}

// TestWorkAfterTheLetter: promises, copies, urges and what proposers say.
func TestWorkAfterTheLetter(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	one := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	kept := func(_ postgres.Commitment, err error) { t.Helper(); must(t, err) }
	id, _ := b.issue(t, "0001")
	b.work(t, id)
	c := b.promisesOf(t, id)[0]
	b.waits(t, "noted", id, b.Handler, "confirm confirm 2026-09-30*")
	b.waits(t, "noted", id, b.OtherHandler)
	due := casework.Date{Year: 2026, Month: 6, Day: 30}
	kept(b.ConfirmCommitment(ctx, by(b.Office, c), postgres.Confirmation{OwnerID: b.Handler.ID, Due: due, Deliverable: "两处"}))
	b.waits(t, "far", id, b.Handler, "keep report_progress 2026-06-30*")
	b.now = b.now.AddDate(0, 3, 0)
	b.waits(t, "near", id, b.Handler, "keep report_done 2026-06-30*")
	kept(b.UrgeCommitment(ctx, by(b.CPPCCSupervisor, c), "催", casework.Date{Year: 2026, Month: 6, Day: 9}))
	b.waits(t, "urged", id, b.Handler, "urge receive_urge 2026-06-09*", "keep report_done 2026-06-30*")
	kept(b.ReceiveUrge(ctx, by(b.Handler, c)))
	b.waits(t, "signed for", id, b.Handler, "urge answer_urge 2026-06-09*", "keep report_done 2026-06-30*")
	v, err := b.ViewCommitment(ctx, b.Handler, c)
	must(t, err)
	kept(b.AnswerUrge(ctx, by(b.Handler, c), v.Urges[0].Urge.ID, "在办"))
	kept(b.ReassignCommitment(ctx, by(b.Handler, c), b.OtherHandler.ID, "转"))
	b.waits(t, "offered", id, b.OtherHandler, "take_over take_over 2026-06-30*")
	kept(b.AcceptCommitment(ctx, by(b.OtherHandler, c), true, ""))
	b.waits(t, "taken", id, b.Handler)
	kept(b.ReportDone(ctx, by(b.OtherHandler, c), "有据", casework.Date{}))
	b.waits(t, "done", id, b.OtherHandler)
	b.waits(t, "done", id, b.Head, "verify verify_kept 2026-06-30")
	b.waits(t, "done", id, b.CPPCCSupervisor, "verify verify_kept 2026-06-30")
	kept(b.VerifyCommitment(ctx, by(b.Head, c), postgres.Verdict{Accepted: true, Comment: "看过", ToldDay: b.Today(), ToldHow: "电话"}))
	kept(b.AnswerKeeping(ctx, by(b.Delegate, c), postgres.KeepingAnswer{Text: "没有", Channel: casework.Own}))
	b.waits(t, "contested", id, b.CPPCCSupervisor, "contest uphold ")
	kept(b.UpholdCommitment(ctx, by(b.CPPCCSupervisor, c), "核过"))
	w, err := b.ViewProposal(ctx, b.Office, id)
	must(t, err)
	one(b.RecordDelivery(ctx, by(b.Office, id), postgres.NewDelivery{ProposerID: w.ProposerRows[0].ID, Channel: "hand"}))
	one(b.SendCopy(ctx, by(b.Office, id), b.CPPCC))
	one(b.SendCopy(ctx, by(b.Office, id), b.Government))
	b.waits(t, "copied", id, b.Office, "publish publish 2026-03-30*")
	b.waits(t, "not yet sent", id, b.CPPCCSupervisor)
	b.work(t, id)
	b.waits(t, "sent", id, b.CPPCCSupervisor, "acknowledge acknowledge_copy ")
	one(b.AcknowledgeCopy(ctx, by(b.CPPCCSupervisor, id)))
	b.waits(t, "acknowledged", id, b.CPPCCSupervisor)
	b.waits(t, "acknowledged by another", id, b.Supervisor, "acknowledge acknowledge_copy ")
	n := postgres.NewFeedback{Feedback: casework.Feedback{Attitude: casework.Satisfied, Result: casework.Dissatisfied, Text: "没有办成"}}
	one(b.GiveFeedback(ctx, by(b.Delegate, id), n))
	b.waits(t, "dissatisfied", id, b.CPPCCSupervisor, "decide_redo redo ")
	one(b.DeclineRedo(ctx, by(b.Supervisor, id), "不必"))
	b.waits(t, "declined", id, b.CPPCCSupervisor)
	b.waits(t, "to a delegate", id, b.Delegate)
}

// TestPausedWorkDoesNotBind: its day stays, and is not overdue.
func TestPausedWorkDoesNotBind(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.draft(t, "0001")
	v, err := b.ViewProposal(t.Context(), b.Supervisor, id)
	must(t, err)
	i := slices.IndexFunc(v.Deadlines, func(d postgres.DeadlineView) bool { return d.Rule == casework.RuleReply })
	_, err = b.PauseDeadline(t.Context(), by(b.Supervisor, id), v.Deadlines[i].ID, "停")
	must(t, err)
	b.waits(t, "paused", id, b.Handler, "draft submit 2026-05-10")
	b.now = b.now.AddDate(1, 0, 0)
	list, err := b.ListWork(t.Context(), b.Handler, postgres.WorkFilter{Limit: 5})
	must(t, err)
	if list[0].Left != (casework.Left{}) {
		t.Errorf("days are counted to what is paused: %+v", list[0].Left)
	}
}
