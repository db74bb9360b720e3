package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A NewDelivery is what RecordDelivery puts on record.
type NewDelivery struct {
	ProposerID int64
	Channel    string
	Day        casework.Date
	Proof      string
}

// RecordDelivery records that the letter reached a proposer (送达).
func (d *DB) RecordDelivery(ctx context.Context, c Call, n NewDelivery) (ListedProposal, error) {
	day := d.dayOr(n.Day)
	return d.change(ctx, c, casework.RecordDelivery, func(tx pgx.Tx, m *move) error {
		name, err := proposerOf(ctx, tx, m.p.ID, n.ProposerID)
		if err != nil {
			return err
		}
		l, err := q.LatestLetter(ctx, tx, m.reply.ID)
		if err != nil {
			return err
		}
		if day.Before(l.IssueDate) || day.After(d.Today()) {
			return casework.Invalid("day", "应在成文日期（%s）至今天之间", l.IssueDate.Chinese())
		}
		m.note = name
		rows, err := q.RecordDelivery(ctx, tx, db.RecordDeliveryParams{
			Channel: n.Channel, Day: day, Proof: n.Proof, RecordedBy: c.User.ID, ReplyID: m.reply.ID, ProposerID: n.ProposerID,
		})
		if err != nil {
			return err
		}
		if rows == 0 {
			return m.refuse(casework.RecordDelivery, "已送达"+name)
		}
		if err := d.awaitFeedback(ctx, tx, m); err != nil {
			return err
		}
		return d.complete(ctx, tx, m)
	})
}

// awaitFeedback starts to wait for what the proposers say, once each has the
// letter. It counts from the last delivery.
func (d *DB) awaitFeedback(ctx context.Context, tx pgx.Tx, m *move) error {
	undelivered, err := q.Undelivered(ctx, tx, m.reply.ID)
	if err != nil || undelivered > 0 {
		return err
	}
	last, err := q.LastDelivery(ctx, tx, m.reply.ID)
	if err != nil {
		return err
	}
	t, err := d.termOf(ctx, tx, m.p.Kind, casework.RuleFeedback, last)
	if err != nil || t.Day.Before(d.Today()) { // of a letter of long ago nobody is asked any more
		return err
	}
	return d.start(ctx, tx, m.p, m.p.OrganID, t)
}

// complete makes an issued proposal answered (办复) when every proposer has the
// letter and every office its copy.
func (d *DB) complete(ctx context.Context, tx pgx.Tx, m *move) error {
	undone, err := q.Undone(ctx, tx, m.reply.ID)
	if err != nil || undone > 0 {
		return err
	}
	m.next, err = casework.Issued.Next(casework.Complete)
	m.then = casework.Complete
	return err
}

// SendCopy orders the letter to be sent to an oversight office (抄送); a job
// sends it.
func (d *DB) SendCopy(ctx context.Context, c Call, organID int64) (ListedProposal, error) {
	return d.change(ctx, c, casework.SendCopy, func(tx pgx.Tx, m *move) error {
		organ, err := q.Organ(ctx, tx, organID)
		if err := named(err, organ.Oversight.Covers(m.p.Kind), casework.Invalid("organ_id", "应为督办这一类别的单位")); err != nil {
			return err
		}
		m.note = organ.ShortName
		rows, err := q.OrderCopy(ctx, tx, d.now(), m.reply.ID, organID)
		if err != nil {
			return err
		}
		if rows == 0 {
			return m.refuse(casework.SendCopy, "已抄送"+organ.ShortName)
		}
		return d.queue(ctx, tx, SendCopyJob{ReplyID: m.reply.ID, OrganID: organID})
	})
}

// AcknowledgeCopy acknowledges a copy for the caller's office.
func (d *DB) AcknowledgeCopy(ctx context.Context, c Call) (ListedProposal, error) {
	return d.change(ctx, c, casework.AcknowledgeCopy, func(tx pgx.Tx, m *move) error {
		rows, err := q.AcknowledgeCopy(ctx, tx, db.AcknowledgeCopyParams{
			AcknowledgedAt: d.now(), AcknowledgedBy: c.User.ID, ProposalID: m.p.ID, OrganID: c.User.OrganID,
		})
		if err == nil && rows == 0 {
			return m.refuse(casework.AcknowledgeCopy, "没有待本单位签收的抄送件")
		}
		return err
	})
}

// PublishReply puts the reply on the public pages by its publicity.
func (d *DB) PublishReply(ctx context.Context, c Call) (ListedProposal, error) {
	return d.change(ctx, c, casework.Publish, func(tx pgx.Tx, m *move) error {
		l, err := q.LatestLetter(ctx, tx, m.reply.ID)
		if err != nil {
			return err
		}
		text := l.Text
		if m.reply.Publicity == string(casework.Summary) {
			text = m.reply.Summary
		}
		if text == "" {
			return m.refuse(casework.Publish, "还没有公开摘要")
		}
		// One reply of a proposal is public at a time: the one of the last round.
		if err := takeDown(ctx, tx, m, d.Today(), "由新一轮答复代替"); err != nil {
			return err
		}
		if err := publish(ctx, tx, m, text, d.Today()); err != nil {
			return err
		}
		return d.meet(ctx, tx, m, casework.RulePublish, m.p.OrganID, d.Today())
	})
}

// TakeDownReply takes the reply off the public pages.
func (d *DB) TakeDownReply(ctx context.Context, c Call, reason string) (ListedProposal, error) {
	return d.change(ctx, c, casework.TakeDown, func(tx pgx.Tx, m *move) error {
		m.note = reason
		return takeDown(ctx, tx, m, d.Today(), reason)
	})
}
