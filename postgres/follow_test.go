package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// follow returns what a proposer is told of a proposal.
func (b *bundle) follow(t testing.TB, u casework.User, id int64) postgres.Followed {
	t.Helper()
	f, err := b.ViewFollowed(t.Context(), u, id)
	must(t, err)
	return f
}

func (b *bundle) see(t testing.TB, u casework.User, id int64) {
	t.Helper()
	_, err := b.MarkSeen(t.Context(), by(u, id), b.follow(t, u, id).EventCount)
	must(t, err)
}

func verbs(list []postgres.Event) (out []casework.Verb) {
	for _, e := range list {
		out = append(out, e.Verb)
	}
	return out
}

// TestFollowStory: what comes next at each step, and what is new since the
// proposer said to have seen it. What goes on inside is never news, nor is what
// they did themselves.
func TestFollowStory(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	at := func(u casework.User, id int64, step casework.NextStep, day string, news ...casework.Verb) {
		t.Helper()
		f := b.follow(t, u, id)
		if f.Next != step || f.NextDay.String() != day {
			t.Errorf("next is %s by %s, want %s by %s", f.Next, f.NextDay, step, day)
		}
		if diff := cmp.Diff(news, verbs(f.News)); diff != "" || int(f.NewsCount) != len(news) {
			t.Errorf("news, %d of them (-want +got):\n%s", f.NewsCount, diff)
		}
	}
	id, who := b.joint(t, "0901")
	at(b.Delegate, id, casework.NextDelivery, "", casework.Receive, casework.Accept, casework.Assign, casework.Sign, casework.Issue)
	at(b.Delegate, id, casework.NextDelivery, "", casework.Receive, casework.Accept, casework.Assign, casework.Sign, casework.Issue) // to look is not to say so
	b.see(t, b.Delegate, id)
	at(b.Delegate, id, casework.NextDelivery, "")
	at(b.OtherDelegate, id, casework.NextDelivery, "", casework.Receive, casework.Accept, casework.Assign, casework.Sign, casework.Issue) // each for themselves
	b.deliverTo(t, id, who[0])
	at(b.Delegate, id, casework.NextFeedback, "", casework.RecordDelivery)
	at(b.OtherDelegate, id, casework.NextDelivery, "", casework.Receive, casework.Accept, casework.Assign, casework.Sign, casework.Issue, casework.RecordDelivery)
	b.deliverTo(t, id, who[1:]...)
	b.copyAny(t, id)
	wait, _ := b.deadline(t, id, casework.RuleFeedback)
	b.see(t, b.Delegate, id)
	b.give(t, b.Delegate, id, said(0, "", fair, unhappy, "没有答到点上"))
	at(b.Delegate, id, casework.NextRedoDecision, "") // their own word is no news
	if f := b.follow(t, b.OtherDelegate, id); f.Next != casework.NextFeedback || f.NextDay.String() != wait {
		t.Errorf("the other is to do %s by %s, want feedback by %s", f.Next, f.NextDay, wait)
	}
	f := b.follow(t, b.Delegate, id)
	if len(f.Letters) != 1 || f.SeenAt == nil || f.Title == "" {
		t.Errorf("it stands as %+v", f)
	}
}

// TestFollowAsksOfLettersOfToday: of one that arrived long ago nobody waits for
// feedback, and it is not asked for; it was, where its deadline is past or met.
func TestFollowAsksOfLettersOfToday(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id, _ := b.answerJoint(t, "0903")
	if got := b.follow(t, b.Delegate, id).Next; got != casework.NextFeedback {
		t.Errorf("just arrived, next is %s", got)
	}
	_, err := b.conn.Exec(t.Context(), `UPDATE deadlines SET met = due WHERE proposal_id = $1 AND rule = 'FEEDBACK_WAIT'`, id)
	must(t, err)
	if got := b.follow(t, b.Delegate, id).Next; got != casework.NextFeedback {
		t.Errorf("asked before, next is %s", got)
	}
	_, err = b.conn.Exec(t.Context(), `UPDATE deadlines SET round = round + 1 WHERE proposal_id = $1 AND rule = 'FEEDBACK_WAIT'`, id)
	must(t, err)
	if got := b.follow(t, b.Delegate, id).Next; got == casework.NextFeedback {
		t.Error("of a letter of which none was asked for, feedback is next")
	}
}

// TestFollowSaysWhatCaseworkSays: who is asked for feedback may give it.
func TestFollowSaysWhatCaseworkSays(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id, who := b.joint(t, "0902")
	check := func() {
		t.Helper()
		for _, u := range []casework.User{b.Delegate, b.OtherDelegate} {
			v, err := b.ViewProposal(t.Context(), u, id)
			must(t, err)
			offered := slices.ContainsFunc(v.Moves, func(a casework.Act) bool { return a.Verb == casework.GiveFeedback })
			if asked := b.follow(t, u, id).Next == casework.NextFeedback; asked != offered {
				t.Errorf("%s is asked %v and may %v", u.Name, asked, offered)
			}
		}
	}
	check()
	b.deliverTo(t, id, who[0])
	check()
	b.deliverTo(t, id, who[1:]...)
	b.copyAny(t, id)
	check()
	b.give(t, b.Delegate, id, said(0, "", pleased, pleased, ""))
	check()
	b.give(t, b.Office, id, said(who[1], "call", pleased, pleased, "")) // collected; the own word is still open
	check()
}

func TestListFollowed(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	var ids []int64
	for i := range 3 {
		ids = append([]int64{b.receive(t, fmt.Sprintf("091%d", i))}, ids...)
	}
	ask := func(u casework.User, before int64, limit int32) (out []int64) {
		t.Helper()
		list, err := b.ListFollowed(t.Context(), u, before, limit)
		must(t, err)
		for _, f := range list {
			out = append(out, f.ID)
		}
		return out
	}
	if got := ask(b.Delegate, 0, 10); !slices.Equal(got, ids) {
		t.Errorf("followed %v, want %v", got, ids)
	}
	if got := ask(b.Delegate, ids[0], 1); !slices.Equal(got, ids[1:2]) {
		t.Errorf("after the first: %v, want %v", got, ids[1:2])
	}
	if got := ask(b.OtherDelegate, 0, 10); len(got) != 0 {
		t.Errorf("another follows %v", got)
	}
}

func TestMarkSeenRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.receive(t, "0921")
	for _, u := range []casework.User{b.OtherDelegate, b.Office, b.Admin} {
		if _, err := b.MarkSeen(t.Context(), by(u, id), 1); !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("%s, who handed in nothing: %v", u.Name, err)
		}
	}
	if _, err := b.MarkSeen(t.Context(), by(b.Delegate, id), 2); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("what has not happened yet: %v", err)
	}
	_, err := b.AcceptProposal(t.Context(), by(b.Office, id), casework.Date{})
	must(t, err)
	b.see(t, b.Delegate, id)
	_, err = b.MarkSeen(t.Context(), by(b.Delegate, id), 1) // an older page that was left open
	must(t, err)
	if f := b.follow(t, b.Delegate, id); f.NewsCount != 0 {
		t.Errorf("what was seen is new again: %v", verbs(f.News))
	}
}

// TestOldNewsIsCounted: a long time away, the latest are told and all are counted.
func TestOldNewsIsCounted(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.answer(t, "0931")
	f := b.follow(t, b.Delegate, id)
	before := f.NewsCount
	for range 25 {
		_, err := b.TakeDownReply(t.Context(), by(b.Office, id), "补充")
		must(t, err)
		_, err = b.PublishReply(t.Context(), by(b.Office, id))
		must(t, err)
	}
	f = b.follow(t, b.Delegate, id)
	if len(f.News) != 20 || f.NewsCount != before+50 || f.News[19].Verb != casework.Publish {
		t.Errorf("%d of %d events, the last %v", len(f.News), f.NewsCount, verbs(f.News))
	}
}
