package server

import (
	"context"

	"google.golang.org/protobuf/types/known/timestamppb"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// feedbackService implements fuyanv1connect.FeedbackServiceHandler.
type feedbackService struct{ db *postgres.DB }

func (s *feedbackService) GiveFeedback(ctx context.Context, req *fuyanv1.GiveFeedbackRequest) (*fuyanv1.GiveFeedbackResponse, error) {
	day, err := dayIn("day", req.Day)
	if err != nil {
		return nil, err
	}
	said := casework.Feedback{
		Attitude: ratings.from[req.Attitude], Result: ratings.from[req.Result],
		Text: req.Text, Channel: feedbackChannels.from[req.Channel],
	}
	n := postgres.NewFeedback{Feedback: said, Round: req.Round, ProposerID: req.ProposerId, Day: day}
	p, err := s.db.GiveFeedback(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion), n)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.GiveFeedbackResponse{Proposal: toProposal(p, s.db.Today())}, nil
}

func (s *feedbackService) ListFeedback(ctx context.Context, req *fuyanv1.ListFeedbackRequest) (*fuyanv1.ListFeedbackResponse, error) {
	rounds, err := s.db.ListFeedback(ctx, userFrom(ctx), req.ProposalId)
	if err != nil {
		return nil, err
	}
	out := new(fuyanv1.ListFeedbackResponse)
	for _, r := range rounds {
		out.Rounds = append(out.Rounds, toFeedbackRound(r))
	}
	return out, nil
}

func toFeedbackRound(r postgres.FeedbackRound) *fuyanv1.FeedbackRound {
	out := &fuyanv1.FeedbackRound{Round: r.Round, Undecided: r.Undecided}
	for _, l := range r.Lines {
		out.Feedbacks = append(out.Feedbacks, &fuyanv1.Feedback{
			ProposerId: l.ProposerID, Proposer: l.Proposer, Mine: l.Mine, Delivered: l.Delivered.String(), Given: l.Given,
			Attitude: ratings.to[casework.Rating(l.Attitude)], Result: ratings.to[casework.Rating(l.Result)], Text: l.Text,
			Channel: feedbackChannels.to[l.Channel], RecordedBy: l.Recorder, RecorderOrgan: l.RecorderOrgan,
			Day: l.Day.String(), Time: toTime(l.At),
		})
	}
	if d := r.Decision; d != nil {
		out.Decision = &fuyanv1.RedoDecision{
			Redo: d.RedoDecision.Redo, Reason: d.RedoDecision.Reason, DecidedBy: d.Decider, Time: timestamppb.New(d.RedoDecision.At),
		}
	}
	return out
}
