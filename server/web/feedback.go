package web

import (
	"context"
	"strconv"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// feedbackOf are the rounds of a proposal with what its proposers say of each.
func (p *pages) feedbackOf(ctx context.Context, id int64) ([]*fuyanv1.FeedbackRound, error) {
	answer, err := p.feedback.ListFeedback(ctx, &fuyanv1.ListFeedbackRequest{ProposalId: id})
	return answer.GetRounds(), err
}

// feedbackForm is the form by which the reader gives feedback: a proposer who has
// yet to answer is asked only what they think, whoever collects it also whose it
// is and how they came by it.
func feedbackForm(s subject) string {
	for _, f := range waiting(s) {
		if f.Mine {
			return "GiveOwnFeedback"
		}
	}
	return "GiveFeedback"
}

func (p *pages) feedbackForms() []form {
	round := hidden("round", func(s subject) string { return strconv.Itoa(int(s.proposal.GetProposal().GetRound())) })
	attitude, result := pick("attitude", "办理态度", fixed(ratings)).must(), pick("result", "办理结果", fixed(ratings)).must()
	text := area("text", "意见").hint("不满意的，请写明具体意见")
	give := calls(p.feedback.GiveFeedback, giveFeedback)
	return []form{
		entry("GiveFeedback", "反馈", "反馈已记录", give, round, pick("proposer_id", "提出人", silent).must(),
			pick("channel", "收集方式", collected).must(), today("day", "日期").must(), attitude, result, text),
		entry("GiveOwnFeedback", "反馈", "您的反馈已记录", give, round, attitude, result, text),
	}
}

// waiting are the lines of the proposers who have the present letter and have not
// said what they think of it.
func waiting(s subject) []*fuyanv1.Feedback {
	var out []*fuyanv1.Feedback
	for _, r := range s.feedback {
		for _, f := range r.Feedbacks {
			if r.Round == s.proposal.GetProposal().GetRound() && f.Delivered != "" && !f.Given {
				out = append(out, f)
			}
		}
	}
	return out
}

// silent are those of them whom somebody else may ask.
func silent(s subject) []option {
	var out []option
	for _, f := range waiting(s) {
		if !f.Mine {
			out = append(out, choice(f.ProposerId, f.Proposer))
		}
	}
	return out
}

// collected are the channels by which somebody asked a proposer.
func collected(subject) []option { return feedbackChannels.options()[1:] }

func giveFeedback(in input) *fuyanv1.GiveFeedbackRequest {
	return &fuyanv1.GiveFeedbackRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Round: in.number32("round"), ProposerId: in.number64("proposer_id"),
		Attitude: picked(in, "attitude", ratings), Result: picked(in, "result", ratings), Text: in.text("text"),
		Channel: picked(in, "channel", feedbackChannels), Day: in.text("day"),
	}
}
