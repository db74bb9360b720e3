package postgres_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// stand says of each of a proposal's deadlines what became of it.
func (b *bundle) stand(t testing.TB, id int64) map[string]string {
	t.Helper()
	v, err := b.ViewProposal(t.Context(), b.Admin, id)
	must(t, err)
	out := map[string]string{}
	for _, d := range v.Deadlines {
		out[d.Rule] = standOf(t, b, d)
	}
	return out
}

func standOf(t testing.TB, b *bundle, d postgres.DeadlineView) string {
	t.Helper()
	if d.Runs() != (d.NextNotice != nil) || d.ArmedAt.After(b.now) {
		t.Errorf("%s runs: %v, next notice %v, armed %v", d.Rule, d.Runs(), d.NextNotice, d.ArmedAt)
	}
	switch {
	case !d.Met.IsZero():
		return "met " + d.Met.String()
	case !d.Ended.IsZero():
		return "ended " + d.Ended.String()
	}
	return "due " + d.Due.String()
}

// TestDeadlinesFollowTheProposal walks each way that a proposal can go.
func TestDeadlinesFollowTheProposal(t *testing.T) {
	t.Parallel()
	const today = "2026-03-02"
	for name, tt := range map[string]struct {
		walk func(*testing.T, *bundle) int64
		want map[string]string
	}{
		"received": {
			func(t *testing.T, b *bundle) int64 { return b.receive(t, "1") },
			map[string]string{"REPLY": "due 2026-05-10", "RETURN_WRONG": "due 2026-03-11"},
		},
		"accepted": {
			func(t *testing.T, b *bundle) int64 { return b.draft(t, "1") },
			map[string]string{"REPLY": "due 2026-05-10", "RETURN_WRONG": "met " + today},
		},
		"returned": {
			func(t *testing.T, b *bundle) int64 {
				id := b.receive(t, "1")
				_, err := b.RequestReturn(t.Context(), by(b.Office, id), "非")
				must(t, err)
				_, err = b.DecideReturn(t.Context(), by(b.Supervisor, id), true, "同意")
				must(t, err)
				return id
			},
			map[string]string{"REPLY": "ended " + today, "RETURN_WRONG": "met " + today},
		},
		"return refused": {
			func(t *testing.T, b *bundle) int64 {
				id := b.receive(t, "1")
				_, err := b.RequestReturn(t.Context(), by(b.Office, id), "非")
				must(t, err)
				_, err = b.DecideReturn(t.Context(), by(b.Supervisor, id), false, "是")
				must(t, err)
				return id
			},
			map[string]string{"REPLY": "due 2026-05-10", "RETURN_WRONG": "met " + today},
		},
		"return asked in time and decided late": {
			func(t *testing.T, b *bundle) int64 {
				id := b.receive(t, "1")
				_, err := b.RequestReturn(t.Context(), by(b.Office, id), "非")
				must(t, err)
				b.now = b.now.AddDate(0, 0, 20)
				_, err = b.DecideReturn(t.Context(), by(b.Supervisor, id), true, "同意")
				must(t, err)
				return id
			},
			map[string]string{"REPLY": "ended 2026-03-22", "RETURN_WRONG": "met " + today},
		},
		"signed for before it was put on record": {
			func(t *testing.T, b *bundle) int64 {
				id := b.receive(t, "1")
				_, err := b.AcceptProposal(t.Context(), by(b.Office, id), date("2026-02-20"))
				must(t, err)
				return id
			},
			map[string]string{"REPLY": "due 2026-05-10", "RETURN_WRONG": "met " + today},
		},
		"withdrawn with an opinion open": {
			func(t *testing.T, b *bundle) int64 {
				id := b.draft(t, "1")
				_, err := b.RequestOpinion(t.Context(), by(b.Office, id), b.Helper, "？")
				must(t, err)
				_, err = b.WithdrawProposal(t.Context(), by(b.Supervisor, id), "撤")
				must(t, err)
				return id
			},
			map[string]string{"REPLY": "ended " + today, "RETURN_WRONG": "met " + today, "COHANDLE_OPINION": "ended " + today},
		},
		"issued with an opinion open": {
			func(t *testing.T, b *bundle) int64 {
				id := b.draft(t, "1")
				_, err := b.RequestOpinion(t.Context(), by(b.Office, id), b.Helper, "？")
				must(t, err)
				b.again(t, id)
				return id
			},
			map[string]string{"REPLY": "met " + today, "RETURN_WRONG": "met " + today, "COHANDLE_OPINION": "ended " + today, "PUBLISH": "due 2026-03-30"},
		},
		"answered": {
			func(t *testing.T, b *bundle) int64 { return b.answer(t, "1") },
			map[string]string{"REPLY": "met " + today, "RETURN_WRONG": "met " + today, "PUBLISH": "met " + today, "FEEDBACK_WAIT": "due 2026-03-23"},
		},
		"closed before it is public": {
			func(t *testing.T, b *bundle) int64 {
				id, l := b.issue(t, "1")
				b.deliver(t, id, l)
				_, err := b.CloseProposal(t.Context(), by(b.Office, id), "")
				must(t, err)
				return id
			},
			map[string]string{"REPLY": "met " + today, "RETURN_WRONG": "met " + today, "PUBLISH": "due 2026-03-30", "FEEDBACK_WAIT": "ended " + today},
		},
		"sent back for a second round": {
			func(t *testing.T, b *bundle) int64 {
				id := b.answer(t, "1")
				_, err := b.RedoProposal(t.Context(), by(b.Supervisor, id), "不满意", date("2026-03-20"))
				must(t, err)
				return id
			},
			map[string]string{"REPLY": "met " + today, "RETURN_WRONG": "met " + today, "PUBLISH": "met " + today, "FEEDBACK_WAIT": "met " + today, "REDO": "due 2026-03-20"},
		},
		"a second round before the first reply is public": {
			func(t *testing.T, b *bundle) int64 {
				id, l := b.issue(t, "1")
				b.deliver(t, id, l)
				_, err := b.RedoProposal(t.Context(), by(b.Supervisor, id), "不满意", casework.Date{})
				must(t, err)
				return id
			},
			map[string]string{"REPLY": "met " + today, "RETURN_WRONG": "met " + today, "PUBLISH": "ended " + today, "FEEDBACK_WAIT": "met " + today, "REDO": "due 2026-04-02"},
		},
		"closed without a letter": {
			func(t *testing.T, b *bundle) int64 {
				n := newProposal("1", b.Delegate)
				n.NoWrittenReply = true
				p, err := b.ReceiveProposal(t.Context(), by(b.Office, 0), n)
				must(t, err)
				_, err = b.AcceptProposal(t.Context(), by(b.Office, p.ID), casework.Date{})
				must(t, err)
				_, err = b.CloseProposal(t.Context(), by(b.Office, p.ID), "已当面答复")
				must(t, err)
				return p.ID
			},
			map[string]string{"REPLY": "met " + today, "RETURN_WRONG": "met " + today},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, postgrestest.Tx(t))
			if diff := cmp.Diff(tt.want, b.stand(t, tt.walk(t, b))); diff != "" {
				t.Errorf("deadlines (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDeadlineOfAPromise follows one from its confirmation to a relapse.
func TestDeadlineOfAPromise(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, l := b.issue(t, "0001")
	must(t, b.DoRecordCommitments(ctx, postgres.RecordCommitments{LetterID: l.Letter.ID}))
	list, err := b.ListCommitments(ctx, b.Office, postgres.CommitmentFilter{ProposalID: id, Limit: 10})
	must(t, err)
	c := list[0].Commitment.ID
	stand := func(want ...string) {
		t.Helper()
		v, err := b.ViewCommitment(ctx, b.Office, c)
		must(t, err)
		var got []string
		for _, d := range v.Deadlines {
			got = append(got, standOf(t, b, d))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("deadlines (-want +got):\n%s", diff)
		}
	}
	done := func(_ postgres.Commitment, err error) { t.Helper(); must(t, err) }
	stand()
	done(b.ConfirmCommitment(ctx, by(b.Office, c), postgres.Confirmation{OwnerID: b.Handler.ID, Due: date("2026-09-30"), Deliverable: "两处"}))
	stand("due 2026-09-30")
	done(b.ChangeDueDay(ctx, by(b.Office, c), postgres.DayChange{Due: date("2026-12-31"), Reason: "设备晚到", AgreedBy: "吴"}))
	stand("due 2026-12-31")
	done(b.ReportDone(ctx, by(b.Handler, c), "照片", casework.Date{}))
	stand("met 2026-03-02")
	done(b.VerifyCommitment(ctx, by(b.Office, c), postgres.Verdict{Comment: "不足"}))
	stand("due 2026-12-31")
	done(b.ReportDone(ctx, by(b.Handler, c), "照片二", casework.Date{}))
	done(b.VerifyCommitment(ctx, by(b.Office, c), postgres.Verdict{Accepted: true, Comment: "是", ToldDay: b.Today(), ToldHow: "电话"}))
	done(b.ReopenCommitment(ctx, by(b.Office, c), "反弹", date("2026-06-30")))
	stand("met 2026-03-02", "due 2026-06-30")
	v, err := b.ViewCommitment(ctx, b.Office, c)
	must(t, err)
	if d := v.Deadlines[0]; d.FirstDue.String() != "2026-09-30" || len(d.Changes) != 2 || d.Changes[0].Reason != "设备晚到" || d.Basis != l.Letter.DocumentNumber {
		t.Errorf("the first deadline: %+v", d)
	}
	if g := v.Deadlines[0].Changes[1]; g.Cause != "reopened" || g.Met.String() != "2026-03-02" || g.Reason != "不足" || g.Author != "office" {
		t.Errorf("what was met and is no longer: %+v", g)
	}
	e, err := b.ExplainDeadline(ctx, b.Delegate, v.Deadlines[0].ID)
	if err != nil || len(e.Steps) != 5 {
		t.Errorf("explained in %d steps, %v", len(e.Steps), err)
	}
	if _, err := b.ExplainDeadline(ctx, b.OtherDelegate, v.Deadlines[0].ID); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("explained to a stranger: %v", err)
	}
	done(b.DropCommitment(ctx, by(b.Office, c), postgres.DropReport{Text: "书面报告", SignedBy: "吴"}))
	stand("met 2026-03-02", "ended 2026-03-02")
}

// TestExtensionOnRecord keeps the first day, and asks again how long is too long
// when it is granted.
func TestExtensionOnRecord(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id := b.draft(t, "0001")
	_, err := b.RequestExtension(ctx, by(b.Office, id), "涉及面广", date("2026-08-10"))
	must(t, err)
	_, err = b.DecideExtension(ctx, by(b.CPPCCSupervisor, id), true, "情况属实")
	must(t, err)
	d := b.find(t, id, casework.RuleReply)
	if d.FirstDue.String() != "2026-05-10" || d.Due.String() != "2026-08-10" || len(d.Changes) != 1 {
		t.Fatalf("extended: %+v", d)
	}
	if g := d.Changes[0]; g.Cause != "extension" || g.Reason != "情况属实" || g.Author != "cppcc-supervisor" {
		t.Errorf("change: %+v", g)
	}
	v, err := b.ViewProposal(ctx, b.Delegate, id)
	if err != nil || v.Extensions[0].Decider != "cppcc-supervisor" {
		t.Errorf("decided by %q, %v", v.Extensions[0].Decider, err)
	}
}

// promise issues a letter and returns its promise.
func (b *bundle) promise(t *testing.T, number string) (id, promise int64) {
	t.Helper()
	id, l := b.issue(t, number)
	must(t, b.DoRecordCommitments(t.Context(), postgres.RecordCommitments{LetterID: l.Letter.ID}))
	list, err := b.ListCommitments(t.Context(), b.Office, postgres.CommitmentFilter{ProposalID: id, Limit: 10})
	must(t, err)
	b.deliver(t, id, l)
	return id, list[0].Commitment.ID
}

// TestPromiseBelongsToTheRoundOfItsLetter confirms one when another round has
// begun.
func TestPromiseBelongsToTheRoundOfItsLetter(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, promise := b.promise(t, "0001")
	_, err := b.RedoProposal(ctx, by(b.Supervisor, id), "未答全", casework.Date{})
	must(t, err)
	_, err = b.ConfirmCommitment(ctx, by(b.Office, promise), postgres.Confirmation{OwnerID: b.Handler.ID, Due: date("2026-09-30"), Deliverable: "两处"})
	must(t, err)
	v, err := b.ViewCommitment(ctx, b.Office, promise)
	if err != nil || v.Deadlines[0].Round != 1 {
		t.Errorf("the promise of the first letter: %+v, %v", v.Deadlines, err)
	}
}

// TestDaysTooFar names the field of each day that lies beyond what calendars
// reach, or before the letter that it follows.
func TestDaysTooFar(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	far := date("2200-01-01")
	id, noted := b.promise(t, "0001")
	_, open := b.promise(t, "0002")
	_, kept := b.promise(t, "0003")
	commitment := func(_ postgres.Commitment, err error) error { return err }
	confirm := func(c int64, due casework.Date) error {
		return commitment(b.ConfirmCommitment(ctx, by(b.Office, c), postgres.Confirmation{OwnerID: b.Handler.ID, Due: due, Deliverable: "两处"}))
	}
	must(t, confirm(open, date("2199-12-31")))
	must(t, confirm(kept, date("2026-09-30")))
	must(t, commitment(b.ReportDone(ctx, by(b.Handler, kept), "照片", casework.Date{})))
	must(t, commitment(b.VerifyCommitment(ctx, by(b.Office, kept), postgres.Verdict{Accepted: true, Comment: "是", ToldDay: b.Today(), ToldHow: "电话"})))
	for name, tt := range map[string]struct {
		field string
		err   error
	}{
		"confirmed": {"due", confirm(noted, far)},
		"changed":   {"due", commitment(b.ChangeDueDay(ctx, by(b.Office, open), postgres.DayChange{Due: far, Reason: "晚", AgreedBy: "吴"}))},
		"reopened":  {"due", commitment(b.ReopenCommitment(ctx, by(b.Office, kept), "反弹", far))},
		"reported":  {"day", commitment(b.ReportProgress(ctx, by(b.Handler, open), "在做", far))},
		"done before the letter": {
			"day", commitment(b.ReportDone(ctx, by(b.Handler, open), "照片", date("2026-03-01"))),
		},
		"redone late": {"due", func() error {
			_, err := b.RedoProposal(ctx, by(b.Supervisor, id), "未答全", b.Today().AddMonths(1).AddDays(9))
			return err
		}()},
		"redone": {"due", func() error { _, err := b.RedoProposal(ctx, by(b.Supervisor, id), "未答全", far); return err }()},
		"reckoned": {"from", func() error {
			_, _, err := b.ComputeDeadline(ctx, postgres.DeadlineQuestion{Code: casework.RuleReply, Kind: casework.CPPCCProposal, From: far, Mode: casework.Strict})
			return err
		}()},
		"ruled": {"rule.valid_from", func() error { _, err := b.SetRule(ctx, by(b.Admin, 0), twoMonths("2200-01-01")); return err }()},
	} {
		if f, ok := errors.AsType[*casework.FieldError](tt.err); !ok || f.Field != tt.field {
			t.Errorf("%s: %v, want a refusal of %s", name, tt.err, tt.field)
		}
	}
}

// TestDelegatesSeeNoReasons shows a delegate the days, not what went on between
// the offices.
func TestDelegatesSeeNoReasons(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id := b.draft(t, "0001")
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	done(b.RequestOpinion(ctx, by(b.Office, id), b.Helper, "？"))
	reply, opinion := b.find(t, id, casework.RuleReply).ID, b.find(t, id, casework.RuleOpinion).ID
	for _, d := range []int64{opinion, reply} {
		done(b.PauseDeadline(ctx, by(b.Supervisor, id), d, "内部原因"))
		b.now = b.now.AddDate(0, 0, 1)
		done(b.ResumeDeadline(ctx, by(b.Supervisor, id), d, "内部原因"))
	}
	for _, tt := range []struct {
		user   casework.User
		rules  []string
		why    string
		events []string
	}{
		{b.Delegate, []string{"REPLY"}, "", []string{"答复", "答复，2026-05-10 → 2026-05-11，扣除1日"}},
		{
			b.Supervisor,
			[]string{"REPLY", "RETURN_WRONG", "COHANDLE_OPINION"},
			"内部原因",
			[]string{"会办意见；内部原因", "会办意见，2026-04-02 → 2026-04-02，扣除0日；内部原因", "答复；内部原因", "答复，2026-05-10 → 2026-05-11，扣除1日；内部原因"},
		},
	} {
		v, err := b.ViewProposal(ctx, tt.user, id)
		must(t, err)
		var rules []string
		for _, d := range v.Deadlines {
			rules = append(rules, d.Rule)
		}
		if diff := cmp.Diff(tt.rules, rules); diff != "" {
			t.Errorf("%s sees deadlines (-want +got):\n%s", tt.user.Name, diff)
		}
		e, err := b.ExplainDeadline(ctx, tt.user, reply)
		must(t, err)
		for _, g := range append(e.Deadline.Changes, v.Deadlines[0].Changes...) {
			if g.Reason != tt.why || (g.Author == "") != (tt.why == "") || (g.AuthorID == nil) != (tt.why == "") {
				t.Errorf("%s sees %+v", tt.user.Name, g)
			}
		}
		_, err = b.ExplainDeadline(ctx, tt.user, opinion)
		if (err == nil) != (tt.why != "") || err != nil && !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("%s asks why the opinion is due: %v", tt.user.Name, err)
		}
		events, err := b.ListEvents(ctx, tt.user, postgres.EventFilter{ProposalID: id, Limit: 100})
		must(t, err)
		var notes []string
		for _, e := range events {
			if e.Verb == casework.PauseDeadline || e.Verb == casework.ResumeDeadline {
				notes = append(notes, e.Note)
			}
		}
		if diff := cmp.Diff(tt.events, notes); diff != "" {
			t.Errorf("%s sees events (-want +got):\n%s", tt.user.Name, diff)
		}
	}
}
