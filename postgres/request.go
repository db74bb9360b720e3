package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// RequestOpinion asks another organ for its opinion (会办意见).
func (d *DB) RequestOpinion(ctx context.Context, c Call, organID int64, question string) (ListedProposal, error) {
	return d.change(ctx, c, casework.RequestOpinion, func(tx pgx.Tx, m *move) error {
		organ, err := q.Organ(ctx, tx, organID)
		fits := organID != m.p.OrganID && organ.Oversight == casework.OverseesNothing
		if err := named(err, fits, casework.Invalid("organ_id", "应为承办单位以外的单位，且不是督办单位")); err != nil {
			return err
		}
		m.note, m.other = organ.Name, organID
		// A helper signs for the question when it is asked: there is no step between.
		today := d.Today()
		if err := q.CreateHelper(ctx, tx, m.p.ID, organID, today); err != nil {
			return err
		}
		if err := q.LeadAssignment(ctx, tx, m.p.ID, m.p.OrganID); err != nil {
			return err
		}
		t, err := d.termOf(ctx, tx, m.p.Kind, casework.RuleOpinion, today)
		if err != nil {
			return err
		}
		// The question first: where one is open, its constraint says so.
		_, err = q.CreateOpinion(ctx, tx, db.CreateOpinionParams{ProposalID: m.p.ID, OrganID: organID, Question: question, AskedAt: d.now(), Due: t.Day})
		if err != nil {
			return err
		}
		return d.start(ctx, tx, m.p, organID, t)
	})
}

// SubmitOpinion gives the opinion that the caller's organ was asked for.
func (d *DB) SubmitOpinion(ctx context.Context, c Call, text string) (ListedProposal, error) {
	return d.change(ctx, c, casework.SubmitOpinion, func(tx pgx.Tx, m *move) error {
		// Met while the question is open: a pause that ends with it moves its day.
		if err := d.meet(ctx, tx, m, casework.RuleOpinion, c.User.OrganID, d.Today()); err != nil {
			return err
		}
		n, err := q.GiveOpinion(ctx, tx, db.GiveOpinionParams{
			Text: text, GivenBy: c.User.ID, GivenAt: d.now(), ProposalID: m.p.ID, OrganID: c.User.OrganID,
		})
		if err == nil && n == 0 {
			err = m.refuse(casework.SubmitOpinion, "没有征求本单位的意见")
		}
		return err
	})
}

// A NewContact is what RecordContact puts on record.
type NewContact struct {
	ProposerID int64
	Channel    string
	Day        casework.Date
	Summary    string
}

// RecordContact puts a visit, call or meeting with a proposer on record.
func (d *DB) RecordContact(ctx context.Context, c Call, n NewContact) (ListedProposal, error) {
	return d.change(ctx, c, casework.RecordContact, func(tx pgx.Tx, m *move) error {
		if n.Day.After(d.Today()) {
			return casework.Invalid("day", "应为今天或以前")
		}
		name, err := proposerOf(ctx, tx, m.p.ID, n.ProposerID)
		if err != nil {
			return err
		}
		m.note = name
		return q.CreateContact(ctx, tx, db.CreateContactParams{
			ProposerID: n.ProposerID, Channel: n.Channel, Day: n.Day, Summary: n.Summary, RecordedBy: c.User.ID,
		})
	})
}

// proposerOf returns the name of a proposer of the proposal.
func proposerOf(ctx context.Context, tx pgx.Tx, proposalID, proposerID int64) (string, error) {
	list, err := q.Proposers(ctx, tx, proposalID)
	if err != nil {
		return "", err
	}
	for _, s := range list {
		if s.ID == proposerID {
			return s.Name, nil
		}
	}
	return "", casework.Invalid("proposer_id", "应为本件的提出人")
}

// RequestExtension asks for more time (延期): before the reply day, and to six
// months from hand-over at most (SH-REG art. 19).
func (d *DB) RequestExtension(ctx context.Context, c Call, reason string, until casework.Date) (ListedProposal, error) {
	return d.change(ctx, c, casework.RequestExtension, func(tx pgx.Tx, m *move) error {
		if m.p.Round > 1 {
			return m.refuse(casework.RequestExtension, "二次办理不得延期")
		}
		if m.p.ReplyPaused {
			return m.refuse(casework.RequestExtension, "答复期限暂停中，恢复后再申请延期")
		}
		if d.Today().After(m.p.ReplyDue) {
			return m.refuse(casework.RequestExtension, "答复期限已于"+m.p.ReplyDue.Chinese()+"届满")
		}
		if err := d.mayExtend(ctx, tx, m, until); err != nil {
			return err
		}
		m.note = until.String()
		return q.CreateExtension(ctx, tx, db.CreateExtensionParams{
			ProposalID: m.p.ID, Reason: reason, Until: until, AskedBy: c.User.ID, AskedAt: d.now(),
		})
	})
}

// mayExtend refuses a day that is no extension, or more than the rule allows with
// the pauses that the office decided.
func (d *DB) mayExtend(ctx context.Context, tx pgx.Tx, m *move, until casework.Date) error {
	pauses, err := pausesOfReply(ctx, tx, m.p)
	if err != nil {
		return err
	}
	most, err := d.termOf(ctx, tx, m.p.Kind, casework.RuleExtend, m.p.HandedOver, pauses...)
	if err == nil && (!until.After(m.p.ReplyDue) || until.After(most.Day)) {
		err = casework.Invalid("until", "应在%s之后，且不晚于%s", m.p.ReplyDue.Chinese(), most.Day.Chinese())
	}
	return err
}

// pausesOfReply returns the pauses that the open deadline of a first reply had.
func pausesOfReply(ctx context.Context, tx pgx.Tx, p Proposal) ([]casework.Pause, error) {
	row, err := q.OpenDeadline(ctx, tx, p.ID, casework.RuleReply, p.OrganID)
	if err != nil {
		return nil, err
	}
	changes, err := q.DeadlineChanges(ctx, tx, []int64{row.ID})
	return pausesOf(changes), err
}

// DecideExtension grants or refuses more time. Granted, the reply day moves,
// and the proposers are told.
func (d *DB) DecideExtension(ctx context.Context, c Call, granted bool, reason string) (ListedProposal, error) {
	return d.change(ctx, c, casework.DecideExtension, func(tx pgx.Tx, m *move) error {
		e, err := q.DecideExtension(ctx, tx, db.DecideExtensionParams{
			Granted: granted, DecidedBy: c.User.ID, DecisionReason: reason, ProposalID: m.p.ID,
		})
		m.note = "不同意"
		if err != nil || !granted {
			return err
		}
		if m.p.Round > 1 {
			return m.refuse(casework.DecideExtension, "二次办理不得延期")
		}
		if err := d.mayExtend(ctx, tx, m, e.Until); err != nil {
			return err
		}
		m.note = m.p.ReplyDue.String() + " 延至 " + e.Until.String()
		m.p.ReplyDue = e.Until
		err = d.moveTo(ctx, tx, m, casework.RuleReply, shift{e.Until, "extension", reason, c.User})
		if err != nil {
			return err
		}
		return d.queue(ctx, tx, TellProposer{m.p.ID, "extended", e.ID})
	})
}
