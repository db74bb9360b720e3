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
			map[string]string{"REPLY": "ended " + today, "RETURN_WRONG": "ended " + today},
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
			map[string]string{"REPLY": "due 2026-05-10", "RETURN_WRONG": "due 2026-03-11"},
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
			map[string]string{"REPLY": "met " + today, "RETURN_WRONG": "met " + today, "PUBLISH": "met " + today, "FEEDBACK_WAIT": "ended " + today, "REDO": "due 2026-03-20"},
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
	if d := v.Deadlines[0]; d.FirstDue.String() != "2026-09-30" || len(d.Changes) != 1 || d.Changes[0].Reason != "设备晚到" || d.Basis != l.Letter.DocumentNumber {
		t.Errorf("the first deadline: %+v", d)
	}
	e, err := b.ExplainDeadline(ctx, b.Delegate, v.Deadlines[0].ID)
	if err != nil || len(e.Steps) != 4 {
		t.Errorf("explained in %d steps, %v", len(e.Steps), err)
	}
	if _, err := b.ExplainDeadline(ctx, b.OtherDelegate, v.Deadlines[0].ID); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("explained to a stranger: %v", err)
	}
	done(b.DropCommitment(ctx, by(b.Office, c), "书面报告", "吴"))
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
