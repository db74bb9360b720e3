package postgres_test

import (
	"errors"
	"slices"
	"testing"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// attempts are every move of a proposal by RPC, each by who may do it when its
// state allows it. That the others may not is a matter of rights, not of states.
func (b *bundle) attempts(t *testing.T, id int64) map[casework.Verb]func() error {
	ctx := t.Context()
	done := func(_ postgres.ListedProposal, err error) error { return err }
	today := casework.Date{}
	return map[casework.Verb]func() error{
		casework.Accept:         func() error { return done(b.AcceptProposal(ctx, by(b.Office, id), today)) },
		casework.RequestReturn:  func() error { return done(b.RequestReturn(ctx, by(b.Office, id), "由")) },
		casework.GrantReturn:    func() error { return done(b.DecideReturn(ctx, by(b.Supervisor, id), true, "由")) },
		casework.RefuseReturn:   func() error { return done(b.DecideReturn(ctx, by(b.Supervisor, id), false, "由")) },
		casework.Assign:         func() error { return done(b.AssignProposal(ctx, by(b.Office, id), b.Handler.ID)) },
		casework.RequestOpinion: func() error { return done(b.RequestOpinion(ctx, by(b.Office, id), b.Helper, "？")) },
		casework.SubmitOpinion:  func() error { return done(b.SubmitOpinion(ctx, by(b.Office, id), "答")) },
		casework.RecordContact: func() error {
			return done(b.RecordContact(ctx, by(b.Office, id), postgres.NewContact{Channel: "call"}))
		},
		casework.RequestExtension: func() error { return done(b.RequestExtension(ctx, by(b.Office, id), "由", b.Today())) },
		casework.DecideExtension:  func() error { return done(b.DecideExtension(ctx, by(b.Supervisor, id), true, "由")) },
		casework.Withdraw:         func() error { return done(b.WithdrawProposal(ctx, by(b.Supervisor, id), "由")) },
		casework.Redo:             func() error { return done(b.RedoProposal(ctx, by(b.Supervisor, id), "由", today)) },
		casework.DeclineRedo:      func() error { return done(b.DeclineRedo(ctx, by(b.Supervisor, id), "由")) },
		casework.GiveFeedback: func() error {
			return done(b.GiveFeedback(ctx, by(b.Office, id), postgres.NewFeedback{}))
		},
		casework.Close:     func() error { return done(b.CloseProposal(ctx, by(b.Office, id), "")) },
		casework.SaveDraft: func() error { return done(b.SaveDraft(ctx, by(b.Office, id), postgres.NewDraft{Text: "稿"})) },
		casework.Submit:    func() error { return done(b.SubmitReply(ctx, by(b.Handler, id))) },
		casework.Approve:   func() error { return done(b.ApproveReply(ctx, by(b.Head, id), "")) },
		casework.SendBack:  func() error { return done(b.SendBackReply(ctx, by(b.Head, id), "由")) },
		casework.Sign:      func() error { return done(b.SignReply(ctx, by(b.Leader, id), "")) },
		casework.Issue:     func() error { return done(b.IssueReply(ctx, by(b.Office, id), later, today)) },
		casework.Correct:   func() error { return done(b.CorrectLetter(ctx, by(b.Office, id), "文", "由")) },
		casework.RecordDelivery: func() error {
			return done(b.RecordDelivery(ctx, by(b.Office, id), postgres.NewDelivery{Channel: "hand"}))
		},
		casework.SendCopy:        func() error { return done(b.SendCopy(ctx, by(b.Office, id), b.Government)) },
		casework.AcknowledgeCopy: func() error { return done(b.AcknowledgeCopy(ctx, by(b.Supervisor, id))) },
		casework.Publish:         func() error { return done(b.PublishReply(ctx, by(b.Office, id))) },
		casework.TakeDown:        func() error { return done(b.TakeDownReply(ctx, by(b.Office, id), "由")) },
	}
}

// inStates has one proposal in each state.
func (b *bundle) inStates(t *testing.T) map[casework.State]int64 {
	t.Helper()
	ctx := t.Context()
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	out := map[casework.State]int64{
		casework.Received: b.receive(t, "0001"), casework.ReturnRequested: b.receive(t, "0002"), casework.Returned: b.receive(t, "0003"),
		casework.Accepted: b.receive(t, "0004"), casework.Drafting: b.draft(t, "0005"), casework.Reviewing: b.draft(t, "0006"),
		casework.Signed: b.sign(t, "0007"), casework.Answered: b.answer(t, "0009"), casework.Closed: b.answer(t, "0010"),
		casework.Withdrawn: b.receive(t, "0011"),
	}
	out[casework.Issued], _ = b.issue(t, "0008")
	for _, s := range []casework.State{casework.ReturnRequested, casework.Returned} {
		done(b.RequestReturn(ctx, by(b.Office, out[s]), "由"))
	}
	done(b.DecideReturn(ctx, by(b.Supervisor, out[casework.Returned]), true, "由"))
	done(b.AcceptProposal(ctx, by(b.Office, out[casework.Accepted]), casework.Date{}))
	done(b.SubmitReply(ctx, by(b.Handler, out[casework.Reviewing])))
	done(b.CloseProposal(ctx, by(b.Office, out[casework.Closed]), ""))
	done(b.WithdrawProposal(ctx, by(b.Supervisor, out[casework.Withdrawn]), "由"))
	return out
}

// TestStatesRefuse tries in every state every move that it does not allow. Each
// is refused with the state and what is possible, and nothing changes.
func TestStatesRefuse(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	proposals := b.inStates(t)
	before := dump(t, b.conn)
	for _, s := range casework.States {
		id := proposals[s]
		v, err := b.ViewProposal(t.Context(), b.Admin, id)
		if err != nil || v.State != s {
			t.Fatalf("proposal %d is %s, %v; want %s", id, v.State, err, s)
		}
		for verb, attempt := range b.attempts(t, id) {
			if slices.Contains(s.Verbs(), verb) {
				continue
			}
			err := attempt()
			refused, ok := errors.AsType[*casework.StateError](err)
			if !ok || refused.State != string(s) {
				t.Errorf("%s in %s: %v, want a refusal that names the state", verb, s, err)
				continue
			}
			for _, possible := range refused.Possible {
				if _, err := s.Next(casework.Verb(possible)); err != nil {
					t.Errorf("%s in %s: says that %s is possible, which is not", verb, s, possible)
				}
			}
		}
	}
	if dump(t, b.conn) != before {
		t.Error("refused moves changed the database")
	}
}
