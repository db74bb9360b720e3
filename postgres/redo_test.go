package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// TestDeclineRedo: the office decides of what was said, the proposers are told, and
// who is dissatisfied after it is put before the office anew.
func TestDeclineRedo(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, who := b.answerJoint(t, "0001")
	decline := func(u casework.User) error {
		_, err := b.DeclineRedo(ctx, by(u, id), "所提要求超出本市事权")
		return err
	}
	if err := decline(b.Supervisor); !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("declined while nobody is dissatisfied: %v", err)
	}
	b.give(t, b.Supervisor, id, said(who[2], "call", pleased, unhappy, "没有答到点上"))
	for _, u := range []casework.User{b.Office, b.Delegate, b.Leader} {
		if err := decline(u); !errors.Is(err, casework.ErrForbidden) {
			t.Errorf("declined by %s: %v", u.Name, err)
		}
	}
	must(t, decline(b.CPPCCSupervisor))
	if err := decline(b.Supervisor); !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("declined twice: %v", err)
	}
	if _, err := b.RedoProposal(ctx, by(b.Supervisor, id), "再办", casework.Date{}); !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("redone after it was declined: %v", err)
	}
	must(t, b.DoTellProposer(ctx, postgres.TellProposer{ProposalID: id, Occasion: "no_redo", Ref: 1}))
	if got := b.subjects(t, b.OtherDelegate); !slices.Equal(got, []string{"【不予二次办理】提案第0001号不再交回办理"}) {
		t.Errorf("a proposer was told %v", got)
	}
	if n := b.count(t, `SELECT count(*) FROM messages WHERE occasion = 'no_redo' AND proposer_id = ANY ($1)`, who); n != 3 {
		t.Errorf("%d proposers were written to, want 3", n)
	}
	told := len(b.subjects(t, b.Supervisor)) // of the copy; who wrote the complaint down was not told of it
	b.now = b.now.Add(time.Hour)
	b.give(t, b.Delegate, id, said(0, "", unhappy, unhappy, "我也不满意"))
	if got := len(b.subjects(t, b.Supervisor)); got != told+1 {
		t.Errorf("the office was told of %d things more after it decided, want the new complaint", got-told)
	}
	b.now = b.now.Add(time.Hour)
	must(t, decline(b.Supervisor))
	want := []string{
		`1 甲某 dissatisfied/dissatisfied by own delegate 2026-03-02 "我也不满意"`, "1 乙某",
		`1 丙某 satisfied/dissatisfied by call supervisor 2026-03-02 "没有答到点上"`,
		"1 redo false by supervisor: 所提要求超出本市事权",
	}
	if diff := cmp.Diff(want, b.feedback(t, b.Office, id)); diff != "" {
		t.Errorf("feedback (-want +got):\n%s", diff)
	}
}

// A job that tells the proposers of the decision is queued with it.
func TestDecisionsAreTold(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	for number, decide := range map[string]func(id int64) error{
		"0001": func(id int64) error {
			_, err := b.DeclineRedo(t.Context(), by(b.Supervisor, id), "不属本市事权")
			return err
		},
		"0002": func(id int64) error {
			_, err := b.RedoProposal(t.Context(), by(b.Supervisor, id), "请再办", casework.Date{})
			return err
		},
	} {
		id, _ := b.answerJoint(t, number)
		b.give(t, b.Delegate, id, said(0, "", pleased, unhappy, "没有答到点上"))
		must(t, decide(id))
	}
	for _, occasion := range []string{"no_redo", "redo"} {
		if n := b.count(t, `SELECT count(*) FROM river_job WHERE kind = 'tell_proposer' AND args->>'occasion' = $1`, occasion); n != 1 {
			t.Errorf("%d jobs tell of %s, want 1", n, occasion)
		}
	}
	for _, u := range []casework.User{b.Handler, b.Office} {
		told := strings.Join(b.subjects(t, u), "\n")
		for _, subject := range []string{"【不予二次办理】提案第0001号不再交回办理", "【二次办理】提案第0002号已交回再次办理"} {
			if !strings.Contains(told, subject) {
				t.Errorf("%s was not told %s, but\n%s", u.Name, subject, told)
			}
		}
	}
}

// TestRedoOfWhatIsClosed needs somebody who is not satisfied; what was answered
// can be sent back without.
func TestRedoOfWhatIsClosed(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, who := b.answerJoint(t, "0001")
	_, err := b.CloseProposal(ctx, by(b.Office, id), "")
	must(t, err)
	redo := func() error {
		_, err := b.RedoProposal(ctx, by(b.Supervisor, id), "请再办", casework.Date{})
		return err
	}
	if err := redo(); !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("a closed proposal was redone while nobody is dissatisfied: %v", err)
	}
	b.give(t, b.Office, id, said(who[1], "meeting", unhappy, pleased, "没有人来听过意见"))
	must(t, redo())
	v, err := b.ViewProposal(ctx, b.Office, id)
	must(t, err)
	if v.State != casework.Drafting || v.Round != 2 || v.ReplyDue.String() != "2026-04-02" {
		t.Errorf("it is %s in round %d, due %s", v.State, v.Round, v.ReplyDue)
	}
	other := b.answer(t, "0002")
	_, err = b.RedoProposal(ctx, by(b.CPPCCSupervisor, other), "未答全", casework.Date{})
	must(t, err)
	if diff := cmp.Diff([]string{"1 甲某", "1 redo true by cppcc-supervisor: 未答全"}, b.feedback(t, b.Delegate, other)); diff != "" {
		t.Errorf("a redo that no feedback asked for (-want +got):\n%s", diff)
	}
}

// TestRemindersToTheSilent: who answered is asked no more, not even by what is on
// its way; when all have, nobody is waited for.
func TestRemindersToTheSilent(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	for _, u := range []casework.User{b.Delegate, b.OtherDelegate} {
		_, _, err := b.SaveNoticeSettings(t.Context(), by(u, 0), postgres.NoticeSettings{Mail: "a@example.cn", MailMode: "at_once"}, "")
		must(t, err)
	}
	id, who := b.answerJoint(t, "0001") // feedback is due on 23 March
	b.sweepAt(t, "2026-03-16 09:00")
	b.give(t, b.Delegate, id, said(0, "", pleased, pleased, ""))
	for u, goes := range map[*casework.User]bool{&b.Delegate: false, &b.OtherDelegate: true} {
		list, err := b.ListNotices(t.Context(), *u, postgres.NoticeFilter{Limit: 1})
		must(t, err)
		o, err := b.BeginSending(t.Context(), postgres.SendNotice{NoticeID: list[0].ID, Channel: postgres.ByMail})
		if err != nil || (o != nil) != goes {
			t.Errorf("the mail to %s goes out: %v, want %v; %v", u.Name, o != nil, goes, err)
		}
	}
	b.sweepAt(t, "2026-03-20 09:00")
	b.give(t, b.OtherDelegate, id, said(0, "", pleased, pleased, ""))
	want := []string{
		"delegate proposer FEEDBACK_WAIT 2026-03-23 -5", "other-delegate proposer FEEDBACK_WAIT 2026-03-23 -5",
		"other-delegate proposer FEEDBACK_WAIT 2026-03-23 -1",
	}
	feedback := func() []string {
		return slices.DeleteFunc(b.told(t), func(s string) bool { return !strings.Contains(s, "FEEDBACK_WAIT") })
	}
	if diff := cmp.Diff(want, feedback()); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	if got := b.stand(t, id)[casework.RuleFeedback]; got != "due 2026-03-23" {
		t.Errorf("while one is silent, the feedback is %s", got)
	}
	b.now = b.now.AddDate(0, 0, 1)
	call := said(who[2], "call", pleased, pleased, "")
	call.Day = date("2026-03-18")
	b.give(t, b.Office, id, call)
	if got := b.stand(t, id)[casework.RuleFeedback]; got != "met 2026-03-20" {
		t.Errorf("when all have answered, the feedback is %s, want met on the last day that somebody did", got)
	}
	b.sweepAt(t, "2026-03-24 09:00")
	if diff := cmp.Diff(want, feedback()); diff != "" {
		t.Errorf("told after all had answered (-want +got):\n%s", diff)
	}
}

// The notice of dissatisfaction is sent while the round is undecided.
func TestUnsatisfiedNoticeStands(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	_, _, err := b.SaveNoticeSettings(t.Context(), by(b.Supervisor, 0), postgres.NoticeSettings{Mail: "a@example.cn", MailMode: "at_once"}, "")
	must(t, err)
	for number, declined := range map[string]bool{"0001": false, "0002": true} {
		id, _ := b.answerJoint(t, number)
		b.give(t, b.Delegate, id, said(0, "", pleased, unhappy, "没有答到点上"))
		list, err := b.ListNotices(t.Context(), b.Supervisor, postgres.NoticeFilter{Limit: 1})
		must(t, err)
		if declined {
			_, err := b.DeclineRedo(t.Context(), by(b.CPPCCSupervisor, id), "不属本市事权")
			must(t, err)
		}
		o, err := b.BeginSending(t.Context(), postgres.SendNotice{NoticeID: list[0].ID, Channel: postgres.ByMail})
		if err != nil || (o != nil) == declined {
			t.Errorf("decided: %v; the mail goes out: %v, %v", declined, o != nil, err)
		}
		if o != nil && (strings.Contains(o.Text, "没有答到点上") || !strings.Contains(o.Text, "甲某·本人：办理态度满意，办理结果不满意")) {
			t.Errorf("the mail says\n%s", o.Text)
		}
	}
}
