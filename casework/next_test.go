package casework_test

import (
	"testing"

	"fuyan/casework"
)

func TestNext(t *testing.T) {
	t.Parallel()
	day := func(text string) (d casework.Date) {
		if err := d.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		return d
	}
	today, reply := day("2026-03-02"), day("2026-05-10")
	before := func(s casework.State) casework.Course { return casework.Course{State: s, ReplyDue: reply} }
	for _, test := range []struct {
		what string
		at   casework.Course
		want casework.NextStep
		by   casework.Date
	}{
		{"received", before(casework.Received), casework.NextAcceptance, reply},
		{"asked to be given back", before(casework.ReturnRequested), casework.NextHandover, casework.Date{}},
		{"given back", before(casework.Returned), casework.NextHandover, casework.Date{}},
		{"accepted", before(casework.Accepted), casework.NextReply, reply},
		{"drafting", before(casework.Drafting), casework.NextReply, reply},
		{"reviewing", before(casework.Reviewing), casework.NextReply, reply},
		{"signed", before(casework.Signed), casework.NextReply, reply},
		{"late", casework.Course{State: casework.Drafting, ReplyDue: day("2026-02-01")}, casework.NextReply, day("2026-02-01")},
		{"paused", casework.Course{State: casework.Drafting, ReplyDue: reply, ReplyPaused: true}, casework.NextResumption, casework.Date{}},
		{"withdrawn", before(casework.Withdrawn), casework.NothingNext, casework.Date{}},
		{"on its way", casework.Course{State: casework.Issued, ReplyDue: reply, Undelivered: true, PublishDue: day("2026-04-01")}, casework.NextDelivery, casework.Date{}},
		{"arrived", casework.Course{State: casework.Issued, Unspoken: true, Asked: true, FeedbackDue: day("2026-03-20"), PublishDue: day("2026-03-10")}, casework.NextFeedback, day("2026-03-20")},
		{"last day to answer", casework.Course{State: casework.Answered, Unspoken: true, Asked: true, FeedbackDue: today}, casework.NextFeedback, today},
		{"to be answered late", casework.Course{State: casework.Closed, Unspoken: true, Asked: true, FeedbackDue: day("2026-03-01")}, casework.NextFeedback, casework.Date{}},
		{"no day to answer by", casework.Course{State: casework.Closed, Unspoken: true, Asked: true}, casework.NextFeedback, casework.Date{}},
		{"nobody asks any more", casework.Course{State: casework.Closed, Unspoken: true, PromiseDue: day("2026-05-09")}, casework.NextPromise, day("2026-05-09")},
		{"spoken", casework.Course{State: casework.Closed, Asked: true}, casework.NothingNext, casework.Date{}},
		{"answered by the other one", casework.Course{State: casework.Answered, Undecided: true, PublishDue: day("2026-03-10")}, casework.NextRedoDecision, casework.Date{}},
		{"to be published", casework.Course{State: casework.Answered, PublishDue: day("2026-03-10"), PromiseDue: day("2026-03-10")}, casework.NextPublication, day("2026-03-10")},
		{"promised before", casework.Course{State: casework.Answered, PublishDue: day("2026-03-10"), PromiseDue: day("2026-03-09")}, casework.NextPromise, day("2026-03-09")},
		{"promised", casework.Course{State: casework.Closed, PromiseDue: day("2026-01-09")}, casework.NextPromise, day("2026-01-09")},
		{"all done", casework.Course{State: casework.Closed, ReplyDue: reply}, casework.NothingNext, casework.Date{}},
	} {
		if step, by := test.at.Next(today); step != test.want || by != test.by {
			t.Errorf("%s: %s by %s, want %s by %s", test.what, step, by, test.want, test.by)
		}
	}
}

// TestEveryStateHasANext: nobody who follows a proposal is left without a word.
func TestEveryStateHasANext(t *testing.T) {
	t.Parallel()
	for _, s := range casework.States {
		step, _ := casework.Course{State: s}.Next(casework.Date{Year: 2026, Month: 3, Day: 2})
		if waits := step != casework.NothingNext; waits != (s.Open() || s == casework.Returned) {
			t.Errorf("%s: %s", s, step)
		}
	}
}
