package seeds

import (
	"context"

	"fuyan/casework"
	"fuyan/postgres"
)

// said returns a step in which the first proposer, or the one who is so many
// places behind, says what they think of the letter.
func said(place int, by string, f casework.Feedback) func(*walk, context.Context) error {
	return func(w *walk, ctx context.Context) error {
		v, err := w.d.ViewProposal(ctx, w.users["office"], w.id)
		if err != nil {
			return err
		}
		n := postgres.NewFeedback{Feedback: f, ProposerID: v.ProposerRows[place].ID, Day: w.day()}
		_, err = w.d.GiveFeedback(ctx, w.by(by), n)
		return err
	}
}

// content is feedback of who is satisfied with both sides.
func content(channel, words string) casework.Feedback {
	return casework.Feedback{Attitude: casework.Satisfied, Result: casework.Satisfied, Text: words, Channel: channel}
}

// What some proposers say; the others, the deputy with an account among them, say
// nothing.
var (
	byMember   = said(0, "member", content(casework.Own, "答复具体，办理中电话听取了意见。"))
	byParty    = said(0, "office", content("meeting", "对办理情况表示满意。"))
	byVisit    = said(0, "office", content("visit", ""))
	byOversees = said(0, "npc", casework.Feedback{Attitude: casework.Basically, Result: casework.Basically, Channel: "call"})
	complaint  = said(0, "office", casework.Feedback{
		Attitude: casework.Satisfied, Result: casework.Dissatisfied, Channel: "call", Text: "财务助理的费用可以在哪些科目列支，答复没有说清楚。",
	})
	byFirst    = said(0, "office", content("call", "对场景清单的安排表示满意。"))
	unanswered = said(3, "member", casework.Feedback{
		Attitude: casework.Basically, Result: casework.Dissatisfied, Channel: casework.Own, Text: "试用责任险和保费补贴没有时间表，建议明确后再答复。",
	})
)
