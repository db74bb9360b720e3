package server

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	"fuyan/casework"
	"fuyan/gen/db"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func toCommitment(row postgres.Commitment, today casework.Date) *fuyanv1.Commitment {
	c := row.Commitment
	return &fuyanv1.Commitment{
		Id: c.ID, Version: c.Version, ProposalId: c.ProposalID, LetterId: c.LetterID, DocumentNumber: row.DocumentNumber,
		Text: c.Text, Span: &fuyanv1.Span{Start: c.StartOffset, End: c.EndOffset}, Cue: c.Cue, Responsible: c.Responsible,
		DueWords: c.DueWords, WordsDue: c.WordsDue.String(), State: commitmentStates.to[c.State],
		Owner: row.Owner, OwnerId: orZero(c.OwnerID), Deliverable: c.Deliverable, Criterion: c.Criterion,
		FirstDue: c.FirstDue.String(), Due: c.Due.String(),
		Overdue:   casework.OverdueBy(c.State, c.Due, today) > 0,
		EndReason: c.EndReason, Evidence: c.Evidence, DoneDay: c.DoneDay.String(), JudgedBy: row.Judge,
		ToldDay: c.ToldDay.String(), ToldHow: c.ToldHow, SignedBy: c.SignedBy, SignedDay: c.SignedDay.String(),
		Organ: row.Organ, OrganId: c.OrganID, Slips: c.Slips, SlippedDays: int32(casework.SlippedBy(c.FirstDue, c.Due)),
		OverdueDays: int32(casework.OverdueBy(c.State, c.Due, today)), ReportedTime: toTime(c.ReportedAt), Contested: c.Contested,
		OfferedTo: row.Taker, FollowYear: orZero(c.FollowYear), Kind: kinds.to[c.Kind],
		Sitting:        &fuyanv1.Sitting{Body: row.Body, Term: row.Term, Session: row.Session},
		ProposalNumber: row.Number, ProposalTitle: row.Title,
	}
}

func toCommitmentView(v postgres.CommitmentView, today casework.Date) *fuyanv1.GetCommitmentResponse {
	out := &fuyanv1.GetCommitmentResponse{Commitment: toCommitment(v.Commitment, today), Moves: toCommitmentMoves(v.Moves)}
	out.Deadlines = toDeadlines(v.Deadlines, today)
	for _, r := range v.Progress {
		line := toProgress(r)
		line.Files = toFiles(v.Files[r.Progress.ID])
		out.Progress = append(out.Progress, line)
	}
	for _, r := range v.DueChanges {
		out.DueChanges = append(out.DueChanges, &fuyanv1.DueChange{
			Before: r.DueChange.Before.String(), After: r.DueChange.After.String(), Reason: r.DueChange.Reason,
			AgreedBy: r.DueChange.AgreedBy, Author: r.Author, Time: timestamppb.New(r.DueChange.At),
		})
	}
	for _, p := range v.Silent {
		out.Silent = append(out.Silent, toProposer(p))
	}
	out.Urges, out.Answers = toUrges(v.Urges), toKeepingAnswers(v.Answers)
	return out
}

func toUrges(list []postgres.Urge) []*fuyanv1.Urge {
	out := make([]*fuyanv1.Urge, len(list))
	for i, r := range list {
		u := r.Urge
		out[i] = &fuyanv1.Urge{
			Id: u.ID, DocumentNumber: u.DocumentNumber, Organ: r.Organ, Text: u.Text, AnswerBy: u.AnswerBy.String(),
			IssuedBy: r.Issuer, IssueTime: timestamppb.New(u.IssuedAt), ReceivedBy: r.Receiver, ReceiveTime: toTime(u.ReceivedAt),
			Answer: u.Answer, AnsweredBy: r.Answerer, AnswerTime: toTime(u.AnsweredAt),
		}
	}
	return out
}

func toKeepingAnswers(list []postgres.KeepingAnswerRow) []*fuyanv1.KeepingAnswer {
	out := make([]*fuyanv1.KeepingAnswer, len(list))
	for i, r := range list {
		a := r.KeepingAnswer
		out[i] = &fuyanv1.KeepingAnswer{
			Proposer: r.Proposer, Kept: a.Kept, Text: a.Text, RecordedBy: r.Recorder, Channel: feedbackChannels.to[a.Channel],
			Time: timestamppb.New(a.At), Decision: keepingDecisions.to[a.Decision], DecisionReason: a.DecisionReason,
			DecidedBy: r.Decider, DecideTime: toTime(a.DecidedAt),
		}
	}
	return out
}

func toProgress(r db.ProgressOfRow) *fuyanv1.Progress {
	return &fuyanv1.Progress{
		Kind: r.Progress.Kind, Text: r.Progress.Text, Day: r.Progress.Day.String(), Author: r.Author, Time: timestamppb.New(r.Progress.At),
	}
}

// toCommitmentMoves names each RPC once, as toMoves does.
func toCommitmentMoves(acts []casework.CommitmentAct) []*fuyanv1.CommitmentMove {
	var out []*fuyanv1.CommitmentMove
	seen := map[string]bool{}
	for _, a := range acts {
		if !seen[a.RPC] {
			out = append(out, &fuyanv1.CommitmentMove{Rpc: a.RPC, Label: moveLabel(a.RPC, a.Label)})
		}
		seen[a.RPC] = true
	}
	return out
}
