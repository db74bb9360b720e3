package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// joint brings a new proposal of 甲某 and 乙某, who have accounts, and 丙某, who
// has none, to its letter, and returns its proposers.
func (b *bundle) joint(t testing.TB, number string) (id int64, proposers []int64) {
	t.Helper()
	ctx := t.Context()
	n := newProposal(number, b.Delegate)
	n.Proposers = append(n.Proposers, postgres.NewProposer{Name: "乙某", UserID: b.OtherDelegate.ID}, postgres.NewProposer{Name: "丙某"})
	p, err := b.ReceiveProposal(ctx, by(b.Office, 0), n)
	must(t, err)
	_, err = b.AcceptProposal(ctx, by(b.Office, p.ID), casework.Date{})
	must(t, err)
	_, err = b.AssignProposal(ctx, by(b.Office, p.ID), b.Handler.ID)
	must(t, err)
	b.reply(t, p.ID)
	v, err := b.ViewProposal(ctx, b.Office, p.ID)
	must(t, err)
	for _, s := range v.ProposerRows {
		proposers = append(proposers, s.ID)
	}
	return p.ID, proposers
}

// reply brings a proposal from its handler to its letter, for whomever.
func (b *bundle) reply(t testing.TB, id int64) {
	t.Helper()
	ctx := t.Context()
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	text := strings.NewReplacer("甲某委员", "甲某、乙某、丙某委员", "您", "你们").Replace(draftText)
	done(b.SaveDraft(ctx, by(b.Handler, id), postgres.NewDraft{Text: text, Result: "adopted", Publicity: "full"}))
	done(b.SubmitReply(ctx, by(b.Handler, id)))
	done(b.ApproveReply(ctx, by(b.Head, id), ""))
	done(b.ApproveReply(ctx, by(b.Office, id), ""))
	done(b.SignReply(ctx, by(b.Leader, id), ""))
	done(b.IssueReply(ctx, by(b.Office, id), later, casework.Date{}))
}

func (b *bundle) deliverTo(t testing.TB, id int64, proposers ...int64) {
	t.Helper()
	for _, s := range proposers {
		_, err := b.RecordDelivery(t.Context(), by(b.Office, id), postgres.NewDelivery{ProposerID: s, Channel: "hand"})
		must(t, err)
	}
}

// copyAny copies the letter to the offices that have none yet.
func (b *bundle) copyAny(t testing.TB, id int64) {
	t.Helper()
	v, err := b.ViewReply(t.Context(), b.Office, id, 0)
	must(t, err)
	for _, c := range v.Copies {
		if c.Copy.SentAt == nil {
			_, err := b.SendCopy(t.Context(), by(b.Office, id), c.Copy.OrganID)
			must(t, err)
			must(t, b.DoSendCopy(t.Context(), postgres.SendCopyJob{ReplyID: v.ID, OrganID: c.Copy.OrganID}))
		}
	}
}

// answerJoint brings a joint proposal to its answer.
func (b *bundle) answerJoint(t testing.TB, number string) (id int64, proposers []int64) {
	t.Helper()
	id, proposers = b.joint(t, number)
	b.deliverTo(t, id, proposers...)
	b.copyAny(t, id)
	return id, proposers
}

// said is feedback as people put it.
func said(proposer int64, channel string, attitude, result casework.Rating, text string) postgres.NewFeedback {
	return postgres.NewFeedback{
		Feedback:   casework.Feedback{Attitude: attitude, Result: result, Text: text, Channel: channel},
		ProposerID: proposer,
	}
}

const (
	pleased  = casework.Satisfied
	fair     = casework.Basically
	unhappy  = casework.Dissatisfied
	byOneOwn = casework.Own
)

func (b *bundle) give(t testing.TB, u casework.User, id int64, n postgres.NewFeedback) {
	t.Helper()
	_, err := b.GiveFeedback(t.Context(), by(u, id), n)
	must(t, err)
}

// feedback writes down what a reader sees of the rounds.
func (b *bundle) feedback(t testing.TB, u casework.User, id int64) []string {
	t.Helper()
	rounds, err := b.ListFeedback(t.Context(), u, id)
	must(t, err)
	var out []string
	for _, r := range rounds {
		for _, l := range r.Lines {
			line := fmt.Sprintf("%d %s", r.Round, l.Proposer)
			if l.Given {
				line += fmt.Sprintf(" %s/%s by %s %s %s %q", l.Attitude, l.Result, l.Channel, l.Recorder, l.Day, l.Text)
			}
			out = append(out, line)
		}
		switch {
		case r.Decision != nil:
			out = append(out, fmt.Sprintf("%d redo %v by %s: %s", r.Round, r.Decision.RedoDecision.Redo, r.Decision.Decider, r.Decision.RedoDecision.Reason))
		case r.Undecided:
			out = append(out, fmt.Sprintf("%d undecided", r.Round))
		}
	}
	return out
}

// TestFeedbackStory: one proposer is satisfied, one is not and says so by
// telephone, one says nothing. The oversight office is told once and sends it
// back; the second round has feedback of its own beside the first.
func TestFeedbackStory(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, who := b.answerJoint(t, "0001")
	b.give(t, b.Delegate, id, said(0, "", pleased, fair, ""))
	b.give(t, b.Office, id, said(who[2], "call", fair, unhappy, " 还是没有说清由谁来办。 "))
	b.give(t, b.OtherDelegate, id, said(who[1], byOneOwn, unhappy, unhappy, "没有人联系过我。"))
	for _, u := range []casework.User{b.Supervisor, b.CPPCCSupervisor} {
		got := slices.DeleteFunc(b.subjects(t, u), func(s string) bool { return !strings.HasPrefix(s, "【不满意】") })
		if want := []string{"【不满意】提案第0001号有提出人不满意，请决定是否二次办理"}; !slices.Equal(got, want) {
			t.Errorf("%s was told %v, want %v once", u.Name, got, want)
		}
	}
	if got := b.subjects(t, b.NPCSupervisor); len(got) != 0 {
		t.Errorf("an office that does not oversee it was told %v", got)
	}
	want := []string{
		`1 甲某 satisfied/basically by own delegate 2026-03-02 ""`,
		`1 乙某 dissatisfied/dissatisfied by own other-delegate 2026-03-02 "没有人联系过我。"`,
		`1 丙某 basically/dissatisfied by call office 2026-03-02 "还是没有说清由谁来办。"`,
		`1 undecided`,
	}
	if diff := cmp.Diff(want, b.feedback(t, b.CPPCCSupervisor, id)); diff != "" {
		t.Errorf("the first round (-want +got):\n%s", diff)
	}
	_, err := b.RedoProposal(ctx, by(b.CPPCCSupervisor, id), "由谁来办没有说清", casework.Date{})
	must(t, err)
	if due, _ := b.deadline(t, id, casework.RuleRedo); due != "2026-04-02" {
		t.Errorf("the second reply is due %s, want a month from 2 March", due)
	}
	want[3] = "1 redo true by cppcc-supervisor: 由谁来办没有说清"
	if diff := cmp.Diff(want, b.feedback(t, b.Office, id)); diff != "" {
		t.Errorf("while the second reply is drafted (-want +got):\n%s", diff)
	}
	b.reply(t, id)
	b.deliverTo(t, id, who...)
	b.copyAny(t, id)
	b.give(t, b.OtherDelegate, id, said(0, "", fair, pleased, ""))
	second := []string{"2 甲某", `2 乙某 basically/satisfied by own other-delegate 2026-03-02 ""`, "2 丙某"}
	if diff := cmp.Diff(append(second, want...), b.feedback(t, b.Handler, id)); diff != "" {
		t.Errorf("both rounds (-want +got):\n%s", diff)
	}
}

// TestSilenceIsNoAnswer: who has said nothing has no row, whatever else happens,
// and the round is not decided by it.
func TestSilenceIsNoAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id, _ := b.answerJoint(t, "0001")
	b.sweepAt(t, "2026-04-20 12:00")
	_, err := b.CloseProposal(t.Context(), by(b.Office, id), "")
	must(t, err)
	if diff := cmp.Diff([]string{"1 甲某", "1 乙某", "1 丙某"}, b.feedback(t, b.Office, id)); diff != "" {
		t.Errorf("feedback (-want +got):\n%s", diff)
	}
	if got := b.stand(t, id)[casework.RuleFeedback]; got != "ended 2026-04-20" {
		t.Errorf("the wait for feedback: %s, want it ended and not met", got)
	}
	if n := b.count(t, `SELECT count(*) FROM feedbacks`); n != 0 {
		t.Errorf("%d rows of feedback, want none", n)
	}
}

// TestFeedbackRefused names what is wrong with each, and writes nothing.
func TestFeedbackRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, who := b.answerJoint(t, "0001")
	_, strangers := b.answerJoint(t, "0002")
	b.now = b.now.AddDate(0, 0, 3)
	b.give(t, b.Delegate, id, said(0, "", pleased, pleased, ""))
	late := said(who[1], "visit", pleased, pleased, "")
	late.Day = b.Today().AddDays(1)
	early := late
	early.Day = b.Today().AddDays(-4)
	ahead := said(0, "", pleased, pleased, "")
	ahead.Round = 2
	before := dump(t, b.conn)
	for name, tt := range map[string]struct {
		user  casework.User
		n     postgres.NewFeedback
		field string // that is wrong
		err   error  // where none is
	}{
		"dissatisfied without words":     {b.OtherDelegate, said(0, "", pleased, unhappy, ""), "text", nil},
		"dissatisfied with blanks":       {b.OtherDelegate, said(0, "", unhappy, pleased, " \n"), "text", nil},
		"no ratings":                     {b.OtherDelegate, said(0, "", "", "", "好"), "attitude", nil},
		"a day before the delivery":      {b.Office, early, "day", nil},
		"a day to come":                  {b.Office, late, "day", nil},
		"a round to come":                {b.OtherDelegate, ahead, "round", nil},
		"another proposal's proposer":    {b.Office, said(strangers[0], "call", pleased, pleased, ""), "proposer_id", nil},
		"nobody's":                       {b.Office, said(0, "call", pleased, pleased, ""), "proposer_id", nil},
		"a co-signer's":                  {b.Delegate, said(who[1], "", pleased, pleased, ""), "", casework.ErrForbidden},
		"a co-signer's, by call":         {b.Delegate, said(who[1], "call", pleased, pleased, ""), "", casework.ErrForbidden},
		"one's own by another channel":   {b.OtherDelegate, said(0, "call", pleased, pleased, ""), "channel", nil},
		"collected, by the own account":  {b.Office, said(who[1], byOneOwn, pleased, pleased, ""), "channel", nil},
		"collected, by no channel":       {b.Supervisor, said(who[2], "", pleased, pleased, ""), "channel", nil},
		"twice":                          {b.Delegate, said(0, "", pleased, unhappy, "想了想"), "", casework.ErrConflict},
		"twice, the second time by call": {b.Office, said(who[0], "call", unhappy, unhappy, "改口"), "", casework.ErrConflict},
		"by the handler":                 {b.Handler, said(who[1], "call", pleased, pleased, ""), "", casework.ErrForbidden},
		"by the leader":                  {b.Leader, said(who[1], "call", pleased, pleased, ""), "", casework.ErrForbidden},
		"by an admin":                    {b.Admin, said(who[1], "call", pleased, pleased, ""), "", casework.ErrForbidden},
		"by an office that is not asked": {b.HelperOffice, said(who[1], "call", pleased, pleased, ""), "", casework.ErrNotFound},
		"by who does not oversee it":     {b.NPCSupervisor, said(who[1], "call", pleased, pleased, ""), "", casework.ErrNotFound},
	} {
		_, err := b.GiveFeedback(ctx, by(tt.user, id), tt.n)
		wrong, _ := errors.AsType[*casework.FieldError](err)
		if tt.field != "" && (wrong == nil || wrong.Field != tt.field) || tt.err != nil && !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, want %v or a refusal of %q", name, err, tt.err, tt.field)
		}
	}
	if dump(t, b.conn) != before {
		t.Error("refused feedback changed the database")
	}
}

// TestFeedbackInTime follows one proposal: each proposer may answer from the day
// on which they have the letter, also when it is closed, and not of a round that
// was sent back.
func TestFeedbackInTime(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, who := b.joint(t, "0001")
	refused := func(when string, n postgres.NewFeedback) {
		t.Helper()
		_, err := b.GiveFeedback(ctx, by(b.Office, id), n)
		if _, ok := errors.AsType[*casework.StateError](err); !ok {
			t.Errorf("%s: %v, want a refusal by the state", when, err)
		}
	}
	refused("before anybody has the letter", said(who[0], "call", pleased, pleased, ""))
	b.deliverTo(t, id, who[0])
	refused("before this one has the letter", said(who[1], "call", pleased, pleased, ""))
	b.give(t, b.Delegate, id, said(0, "", pleased, pleased, ""))
	b.deliverTo(t, id, who[1:]...)
	b.copyAny(t, id)
	_, err := b.CloseProposal(ctx, by(b.Office, id), "")
	must(t, err)
	b.give(t, b.Supervisor, id, said(who[1], "letter", pleased, unhappy, "办得太慢"))
	_, err = b.RedoProposal(ctx, by(b.Supervisor, id), "请再办", casework.Date{})
	must(t, err)
	refused("while the second reply is drafted", said(who[2], "call", pleased, pleased, ""))
	b.reply(t, id)
	refused("before the second letter is delivered", said(who[2], "call", pleased, pleased, ""))
	b.deliverTo(t, id, who[2])
	first := said(who[2], "call", pleased, pleased, "")
	first.Round = 1
	if _, err := b.GiveFeedback(ctx, by(b.Office, id), first); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("of a round that was sent back: %v, want ErrInvalid", err)
	}
	first.Round = 2
	b.give(t, b.Office, id, first)
}

// Who wants no letter got none, and is asked for nothing.
func TestNoFeedbackWithoutLetter(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	n := newProposal("0001", b.Delegate)
	n.NoWrittenReply = true
	p, err := b.ReceiveProposal(t.Context(), by(b.Office, 0), n)
	must(t, err)
	_, err = b.AcceptProposal(t.Context(), by(b.Office, p.ID), casework.Date{})
	must(t, err)
	_, err = b.CloseProposal(t.Context(), by(b.Office, p.ID), "")
	must(t, err)
	if _, err := b.GiveFeedback(t.Context(), by(b.Delegate, p.ID), said(0, "", pleased, pleased, "")); !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("GiveFeedback = %v, want ErrNotAllowed", err)
	}
	if got := b.feedback(t, b.Delegate, p.ID); len(got) != 0 {
		t.Errorf("rounds %v, want none", got)
	}
}

// TestWordsOfCoSigners: all proposers see who rates how and who wrote it down;
// each one's words only they and the offices.
func TestWordsOfCoSigners(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id, who := b.answerJoint(t, "0001")
	const secret = "经办人态度生硬"
	b.give(t, b.OtherDelegate, id, said(0, "", unhappy, pleased, secret))
	b.give(t, b.Office, id, said(who[2], "visit", pleased, pleased, secret))
	for u, want := range map[*casework.User]int{
		&b.Delegate: 0, &b.OtherDelegate: 1, &b.Office: 2, &b.Leader: 2, &b.Supervisor: 2, &b.Admin: 2,
	} {
		seen := strings.Join(b.feedback(t, *u, id), "\n")
		if got := strings.Count(seen, secret); got != want {
			t.Errorf("%s reads %d of the words, want %d:\n%s", u.Name, got, want, seen)
		}
		if !strings.Contains(seen, "dissatisfied/satisfied by own other-delegate") || !strings.Contains(seen, "satisfied/satisfied by visit office") {
			t.Errorf("%s does not see who rates how:\n%s", u.Name, seen)
		}
	}
	for _, u := range []casework.User{b.HelperOffice, b.NPCSupervisor} {
		if _, err := b.ListFeedback(t.Context(), u, id); !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("%s lists feedback: %v, want ErrNotFound", u.Name, err)
		}
	}
	events, err := b.ListEvents(t.Context(), b.Delegate, postgres.EventFilter{ProposalID: id, Limit: 100})
	must(t, err)
	var notes []string
	for _, e := range events {
		if e.Verb == casework.GiveFeedback {
			notes = append(notes, e.Actor+" "+e.Note)
		}
	}
	want := []string{"other-delegate 乙某·本人：办理态度不满意，办理结果满意", "office 丙某·走访：办理态度满意，办理结果满意"}
	if diff := cmp.Diff(want, notes); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}
