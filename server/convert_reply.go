package server

import (
	"encoding/hex"
	"strings"

	"google.golang.org/protobuf/types/known/timestamppb"

	"fuyan/casework"
	"fuyan/casework/letter"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func toReply(v postgres.ReplyView) *fuyanv1.Reply {
	out := &fuyanv1.Reply{
		ProposalId: v.ProposalID, Version: v.ProposalVersion, Round: v.Round,
		Result: results.to[v.Result], Publicity: publicities.to[v.Publicity], WithholdReason: v.WithholdReason, Summary: v.Summary,
		NextStep: v.NextStep, SignedBy: v.SignedBy,
	}
	for _, r := range v.Drafts {
		out.Drafts = append(out.Drafts, &fuyanv1.Draft{
			Number: r.Draft.Number, Text: r.Draft.Text, Author: r.Author, CreateTime: timestamppb.New(r.Draft.CreatedAt),
			Result: results.to[r.Draft.Result], Publicity: publicities.to[r.Draft.Publicity],
			WithholdReason: r.Draft.WithholdReason, Summary: r.Draft.Summary,
		})
	}
	for _, r := range v.Reviews {
		out.Reviews = append(out.Reviews, &fuyanv1.Review{
			Step: r.Review.Step, DraftNumber: r.Review.DraftNumber, Approved: r.Review.Approved, Comment: r.Review.Comment,
			Reviewer: r.Reviewer, Time: timestamppb.New(r.Review.At), Reset_: r.Review.Reset,
		})
	}
	out.WorkingCopy = toWorkingCopy(v.WorkingCopy)
	addSending(out, v)
	return out
}

// toWorkingCopy returns nothing for none.
func toWorkingCopy(w postgres.WorkingCopy) *fuyanv1.WorkingCopy {
	if w.Version == 0 {
		return nil
	}
	return &fuyanv1.WorkingCopy{
		Version: w.Version, Base: w.Base, Text: w.Text, Result: results.to[w.Result], Publicity: publicities.to[w.Publicity],
		WithholdReason: w.WithholdReason, Summary: w.Summary, KeepTime: timestamppb.New(w.KeptAt),
	}
}

// addSending adds what became of the reply once it was issued.
func addSending(out *fuyanv1.Reply, v postgres.ReplyView) {
	for _, l := range v.Letters {
		out.Letters = append(out.Letters, toLetter(l))
	}
	for _, r := range v.Deliveries {
		out.Deliveries = append(out.Deliveries, &fuyanv1.Delivery{
			ProposerId: r.Delivery.ProposerID, Proposer: r.Proposer, Channel: deliveryChannels.to[r.Delivery.Channel],
			Day: r.Delivery.Day.String(), Proof: r.Delivery.Proof, RecordedBy: r.Recorder,
		})
	}
	for _, r := range v.Copies {
		out.Copies = append(out.Copies, &fuyanv1.Copy{
			OrganId: r.Copy.OrganID, Organ: r.Organ, SendTime: toTime(r.Copy.SentAt),
			AcknowledgeTime: toTime(r.Copy.AcknowledgedAt), AcknowledgedBy: r.Acknowledger,
		})
	}
	if p := v.Publication; p != nil {
		out.Publication = &fuyanv1.Publication{
			Text: p.Publication.Text, Due: p.Due.String(), Published: p.Publication.Published.String(),
			TakenDown: p.Publication.TakenDown.String(), TakeDownReason: p.Publication.TakeDownReason,
		}
	}
}

func toLetter(l postgres.Letter) *fuyanv1.Letter {
	return &fuyanv1.Letter{
		Id: l.Letter.ID, Edition: l.Letter.Edition, DocumentNumber: l.Letter.DocumentNumber,
		IssueDate: l.Letter.IssueDate.String(), Text: l.Letter.Text, Sha256: hex.EncodeToString(l.Letter.Sha256),
		IssuedBy: l.Issuer, IssueTime: timestamppb.New(l.Letter.IssuedAt), CorrectionReason: l.Letter.CorrectionReason,
		Lines: toLetterLines(l.Letter.Text),
	}
}

// toLetterLines says what each line of a letter's text is.
func toLetterLines(text string) (out []*fuyanv1.LetterLine) {
	for _, l := range letter.Layout(text) {
		out = append(out, &fuyanv1.LetterLine{Part: letterParts.to[l.Part], Level: int32(l.Level), Continues: l.Continues, Span: toSpan(l.Span)})
	}
	return out
}

// toSpan returns nothing for the empty span.
func toSpan(s letter.Span) *fuyanv1.Span {
	if s == (letter.Span{}) {
		return nil
	}
	return &fuyanv1.Span{Start: int32(s.Start), End: int32(s.End)}
}

func toFaults(list []letter.Fault) []*fuyanv1.Fault {
	out := make([]*fuyanv1.Fault, len(list))
	for i, f := range list {
		out[i] = &fuyanv1.Fault{Rule: f.Rule, Error: f.Error, Message: f.Message, Span: toSpan(f.Span)}
	}
	return out
}

func toPromise(c letter.Commitment) *fuyanv1.Promise {
	return &fuyanv1.Promise{
		Text: c.Text, Span: toSpan(c.Span), Cue: c.Cue, Responsible: c.Responsible,
		DueWords: c.Due.Words, Due: c.Due.Day.String(),
	}
}

func toPromises(list []letter.Commitment) []*fuyanv1.Promise {
	out := make([]*fuyanv1.Promise, len(list))
	for i, c := range list {
		out[i] = toPromise(c)
	}
	return out
}

func toPlannedPromises(list []postgres.PlannedPromise) []*fuyanv1.Promise {
	out := make([]*fuyanv1.Promise, len(list))
	for i, p := range list {
		out[i] = toPromise(p.Commitment)
		if p.Plan == nil {
			continue
		}
		n := p.Plan.PromisePlan
		out[i].Plan = &fuyanv1.PromisePlan{
			Owner: p.Plan.Owner, OwnerId: orZero(n.OwnerID), Due: n.Due.String(), Deliverable: n.Deliverable,
			Criterion: n.Criterion, WaiveReason: n.Reason, PlannedBy: p.Plan.Planner, PlanTime: timestamppb.New(n.PlannedAt),
		}
	}
	return out
}

func toReading(r letter.Reading) *fuyanv1.Reading {
	out := &fuyanv1.Reading{
		Kind: strings.ToUpper(string(r.Kind)), IssuingOrgan: r.IssuingOrgan, DocumentNumber: r.DocumentNumber,
		Body: r.Body, Term: int32(r.Term), Session: int32(r.Session), CaseNumber: r.CaseNumber, Title: r.Title,
		Proposers: r.Proposers, ResultLabel: r.ResultLabel, PublicityLabel: r.PublicityLabel,
		IssueDate: r.IssueDate.String(), CopiedTo: r.CopiedTo, ContactName: r.ContactName, ContactPhone: r.ContactPhone,
		Promises: toPromises(r.Commitments),
		Result:   results.to[string(casework.ResultOf(r.ResultLabel))], Publicity: publicities.to[string(casework.PublicityOf(r.PublicityLabel))],
	}
	for _, s := range r.Sections {
		out.Sections = append(out.Sections, s.Heading)
	}
	for _, f := range r.Fields {
		out.Places = append(out.Places, &fuyanv1.FieldPlace{Name: f.Name, Span: toSpan(f.Span)})
	}
	return out
}
