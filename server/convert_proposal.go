package server

import (
	"encoding/hex"
	"fmt"

	"google.golang.org/protobuf/types/known/timestamppb"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func toProposal(p postgres.ListedProposal, today casework.Date) *fuyanv1.Proposal {
	return &fuyanv1.Proposal{
		Id: p.ID, Version: p.Version, Kind: kinds.to[p.Kind],
		Sitting: &fuyanv1.Sitting{Body: p.Body, Term: p.Term, Session: p.Session},
		Number:  p.Number, Title: p.Title, State: states.to[p.State], Round: p.Round,
		Organ: p.Organ, Division: p.Division, Handler: p.Handler,
		HandedOver: p.HandedOver.String(), ReplyDue: p.ReplyDue.String(),
		Overdue:     p.State.Open() && !p.ReplyPaused && p.ReplyDue.Before(today),
		ReceiveTime: timestamppb.New(p.ReceivedAt), UpdateTime: timestamppb.New(p.UpdatedAt),
		Proposers: p.Proposers, Paused: p.ReplyPaused,
		WorkingDaysLeft: int32(p.Left.Days), LeftProvisional: p.Left.Provisional,
	}
}

func toProposalView(v postgres.ProposalView, today casework.Date) *fuyanv1.ProposalView {
	out := &fuyanv1.ProposalView{
		Proposal: toProposal(v.ListedProposal, today), Text: v.Text,
		TextPublic: v.TextPublic, NoWrittenReply: v.NoWrittenReply, Moves: toMoves(v.Moves),
	}
	for _, p := range v.ProposerRows {
		out.Proposers = append(out.Proposers, toProposer(p))
	}
	for _, r := range v.Assignments {
		out.Assignments = append(out.Assignments, &fuyanv1.Assignment{
			Organ: r.Organ, Role: assignmentRoles.to[r.Assignment.Role],
			HandedOver: r.Assignment.HandedOver.String(), SignedFor: r.Assignment.SignedFor.String(),
		})
	}
	out.Deadlines = toDeadlines(v.Deadlines, today)
	addRequests(out, v)
	out.Unexplained = v.Standing.Unexplained
	if x := v.TermExplanation; x != nil {
		e := x.TermExplanation
		out.TermExplanation = &fuyanv1.TermExplanation{
			Text: e.Text, SignedBy: e.SignedBy, ToldDay: e.ToldDay.String(), ToldHow: e.ToldHow, Author: x.Author,
		}
	}
	return out
}

func toProposer(p postgres.Proposer) *fuyanv1.Proposer {
	return &fuyanv1.Proposer{Id: p.ID, Name: p.Name, Organisation: p.Organisation, Lead: p.Lead}
}

// addRequests adds what was asked and said about the proposal.
func addRequests(out *fuyanv1.ProposalView, v postgres.ProposalView) {
	for _, r := range v.Returns {
		out.Returns = append(out.Returns, &fuyanv1.Return{
			Reason: r.Return.Reason, AskedBy: r.Asker, AskTime: timestamppb.New(r.Return.AskedAt),
			Decision: toDecision(r.Return.Granted), DecisionReason: r.Return.DecisionReason, DecidedBy: r.Decider,
		})
	}
	for _, r := range v.Opinions {
		out.Opinions = append(out.Opinions, &fuyanv1.Opinion{
			OrganId: r.Opinion.OrganID, Organ: r.Organ, Question: r.Opinion.Question, Due: r.Opinion.Due.String(),
			Text: r.Opinion.Text, GiveTime: toTime(r.Opinion.GivenAt),
		})
	}
	for _, r := range v.Contacts {
		out.Contacts = append(out.Contacts, &fuyanv1.Contact{
			Day: r.Contact.Day.String(), Channel: contactChannels.to[r.Contact.Channel], Proposer: r.Proposer,
			Summary: r.Contact.Summary, RecordedBy: r.Recorder,
		})
	}
	for _, r := range v.Extensions {
		out.Extensions = append(out.Extensions, &fuyanv1.Extension{
			Reason: r.Extension.Reason, Until: r.Extension.Until.String(), AskedBy: r.Asker,
			AskTime: timestamppb.New(r.Extension.AskedAt), Decision: toDecision(r.Extension.Granted),
			DecisionReason: r.Extension.DecisionReason, DecidedBy: r.Decider,
		})
	}
}

// bothWays are what a button says that leads to either of two verbs.
var bothWays = map[string]string{
	"DecideReturn":     "审批退办",
	"VerifyCommitment": "核查",
	"AcceptCommitment": "答复转交",
	"AnswerKeeping":    "表示意见",
}

// toMoves names each RPC once, though it may do either of two verbs.
func toMoves(acts []casework.Act) []*fuyanv1.Move {
	var out []*fuyanv1.Move
	seen := map[string]bool{}
	for _, a := range acts {
		if !seen[a.RPC] {
			out = append(out, &fuyanv1.Move{Rpc: a.RPC, Label: moveLabel(a.RPC, a.Label)})
		}
		seen[a.RPC] = true
	}
	return out
}

func moveLabel(rpc, label string) string {
	if both, ok := bothWays[rpc]; ok {
		return both
	}
	return label
}

func toEvent(e postgres.Event) *fuyanv1.Event {
	return &fuyanv1.Event{
		Seq: e.Seq, Verb: string(e.Verb), Label: e.Verb.Label(), Actor: e.Actor, Time: timestamppb.New(e.At),
		Round: e.Round, Note: e.Note, Hash: hex.EncodeToString(e.Hash),
	}
}

func fromNewProposal(req *fuyanv1.ReceiveProposalRequest) (postgres.NewProposal, error) {
	n := postgres.NewProposal{
		Kind:    kinds.from[req.Kind],
		Sitting: casework.Sitting{Body: req.Sitting.Body, Term: int(req.Sitting.Term), Session: int(req.Sitting.Session)},
		Number:  req.Number, Title: req.Title, Text: req.Text, OrganID: req.OrganId, Role: assignmentRoles.from[req.Role],
		TextPublic: req.TextPublic, NoWrittenReply: req.NoWrittenReply,
	}
	for _, p := range req.Proposers {
		n.Proposers = append(n.Proposers, postgres.NewProposer{
			Name: p.Name, Organisation: p.Organisation, Lead: p.Lead, UserID: p.UserId, Phone: p.Phone, Address: p.Address,
		})
	}
	var err error
	if n.HandedOver, err = dayIn("handed_over", req.HandedOver); err != nil || req.IssuedLetter == nil {
		return n, err
	}
	n.Letter, err = fromIssuedLetter(req.IssuedLetter)
	return n, err
}

func fromIssuedLetter(l *fuyanv1.IssuedLetter) (*postgres.OldLetter, error) {
	date, err := dayIn("issued_letter.issue_date", l.IssueDate)
	if err != nil {
		return nil, err
	}
	published, err := dayIn("issued_letter.published", l.Published)
	if err != nil {
		return nil, err
	}
	out := postgres.OldLetter{
		Text: l.Text, DocumentNumber: l.DocumentNumber, IssueDate: date,
		Result: results.from[l.Result], Publicity: publicities.from[l.Publicity], Published: published,
		Confirmed: l.PromisesConfirmed,
	}
	for i, p := range l.Promises {
		due, err := dayIn(fmt.Sprintf("issued_letter.promises[%d].due", i), p.Due)
		if err != nil {
			return nil, err
		}
		out.Promises = append(out.Promises, postgres.ConfirmedPromise{
			Text: p.Text, Start: int(p.Start), Responsible: p.Responsible, Due: due,
		})
	}
	return &out, nil
}
