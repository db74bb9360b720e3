package postgres

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A NewFeedback is what GiveFeedback puts on record.
type NewFeedback struct {
	casework.Feedback
	Round      int32 // the present one when 0
	ProposerID int64 // the caller's own line when 0
	Day        casework.Date
}

// GiveFeedback puts on record what one proposer says of the present round (反馈).
// When the last one has spoken nobody is waited for any more; with the first who
// is not satisfied the round waits for a decision.
func (d *DB) GiveFeedback(ctx context.Context, c Call, n NewFeedback) (ListedProposal, error) {
	n.Channel, n.Text, n.Day = cmp.Or(n.Channel, casework.Own), strings.TrimSpace(n.Text), d.dayOr(n.Day)
	return d.change(ctx, c, casework.GiveFeedback, func(tx pgx.Tx, m *move) error {
		if n.Round != 0 && n.Round != m.p.Round {
			return casework.Invalid("round", "应为现在的第%d轮；交回二次办理的一轮不再反馈", m.p.Round)
		}
		s, err := speaker(ctx, tx, m, n.ProposerID, n.Channel)
		if err != nil {
			return err
		}
		if err := d.mayAnswer(ctx, tx, m, s, n); err != nil {
			return err
		}
		m.note = n.Note(s.Name)
		err = q.CreateFeedback(ctx, tx, db.CreateFeedbackParams{
			ReplyID: m.reply.ID, ProposerID: s.ID, Attitude: string(n.Attitude), Result: string(n.Result), Text: n.Text,
			RecordedBy: c.User.ID, Channel: n.Channel, Day: n.Day, At: d.now(),
		})
		if err != nil {
			return err
		}
		if n.Dissatisfied() && !m.s.Dissatisfied {
			if err := d.tellUnsatisfied(ctx, tx, c.User, m); err != nil {
				return err
			}
		}
		return d.heard(ctx, tx, m)
	})
}

// speaker returns the proposer whose word it is, the caller's own line for 0, if
// the caller may bring it by this channel.
func speaker(ctx context.Context, tx pgx.Tx, m *move, proposerID int64, channel string) (db.Proposer, error) {
	list, err := q.Proposers(ctx, tx, m.p.ID)
	if err != nil {
		return db.Proposer{}, err
	}
	for _, s := range list {
		account := orZero(s.UserID)
		if s.ID == proposerID || proposerID == 0 && account == m.by.ID {
			return s, m.by.MaySay(m.s, account, channel)
		}
	}
	return db.Proposer{}, casework.Invalid("proposer_id", "应为本件的提出人")
}

// mayAnswer refuses feedback of who has no letter yet, without what it needs, or
// of a day on which it cannot have been said.
func (d *DB) mayAnswer(ctx context.Context, tx pgx.Tx, m *move, s db.Proposer, n NewFeedback) error {
	delivered, err := q.DeliveredOn(ctx, tx, m.reply.ID, s.ID)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) { // what was closed without a letter went to nobody
		return err
	}
	switch {
	case delivered.IsZero():
		return m.refuse(casework.GiveFeedback, s.Name+"还没有收到本轮复文")
	case n.Day.Before(delivered) || n.Day.After(d.Today()):
		return casework.Invalid("day", "应在送达之日（%s）至今天之间", delivered.Chinese())
	}
	if n.Channel != casework.Own { // their own word holds
		said, err := q.HasOwnFeedback(ctx, tx, m.reply.ID, s.ID)
		if err != nil || said {
			return cmp.Or(err, constraints["feedback_of_proposer"])
		}
	}
	return n.Check()
}

// heard ends the wait for feedback when everybody has given it, on the last day
// on which somebody did.
func (d *DB) heard(ctx context.Context, tx pgx.Tx, m *move) error {
	r, err := q.FeedbackProgress(ctx, tx, m.reply.ID)
	if err != nil || r.Missing > 0 {
		return err
	}
	return d.meet(ctx, tx, m, casework.RuleFeedback, m.p.OrganID, r.Last)
}

// decide writes what the oversight office decides of the present round.
func (d *DB) decide(ctx context.Context, tx pgx.Tx, m *move, redo bool, reason string) error {
	return q.CreateRedoDecision(ctx, tx, db.CreateRedoDecisionParams{
		ReplyID: m.reply.ID, Redo: redo, Reason: reason, DecidedBy: m.by.ID, At: d.now(),
	})
}

// DeclineRedo decides that a round with which somebody is not satisfied is not
// sent back (不予二次办理). The proposers are told.
func (d *DB) DeclineRedo(ctx context.Context, c Call, reason string) (ListedProposal, error) {
	return d.change(ctx, c, casework.DeclineRedo, func(tx pgx.Tx, m *move) error {
		m.note = reason
		if err := d.decide(ctx, tx, m, false, reason); err != nil {
			return err
		}
		return d.queue(ctx, tx, TellProposer{m.p.ID, "no_redo", int64(m.p.Round)})
	})
}

// A FeedbackRound is what was said and decided of one round.
type FeedbackRound struct {
	Round     int32
	Lines     []FeedbackLine
	Decision  *db.RedoDecisionsRow // nil while nothing is decided
	Undecided bool                 // and somebody is not satisfied
}

// A FeedbackLine is what one proposer says of a round, or that they do not.
type FeedbackLine struct {
	db.FeedbackLinesRow
	Mine bool // said by the reader's own account
}

// ListFeedback returns the rounds that have a letter, the latest first. Who is a
// proposer alone reads only their own words.
func (d *DB) ListFeedback(ctx context.Context, u casework.User, proposalID int64) ([]FeedbackRound, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (out []FeedbackRound, err error) {
		_, s, err := seen(ctx, tx, u, proposalID)
		if err != nil {
			return nil, err
		}
		rows, err := q.FeedbackLines(ctx, tx, proposalID)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			line := FeedbackLine{r, r.Account != 0 && r.Account == u.ID}
			if !line.Mine && !u.SeesContacts(s) {
				line.Text = ""
			}
			if len(out) == 0 || out[len(out)-1].Round != r.Round {
				out = append(out, FeedbackRound{Round: r.Round})
			}
			last := &out[len(out)-1]
			last.Lines = append(last.Lines, line)
			last.Undecided = last.Undecided || line.dissatisfied()
		}
		return out, decided(ctx, tx, proposalID, out)
	})
}

func (l FeedbackLine) dissatisfied() bool {
	return casework.Feedback{Attitude: casework.Rating(l.Attitude), Result: casework.Rating(l.Result)}.Dissatisfied()
}

// decided adds the decisions to the rounds.
func decided(ctx context.Context, tx pgx.Tx, proposalID int64, rounds []FeedbackRound) error {
	rows, err := q.RedoDecisions(ctx, tx, proposalID)
	for _, r := range rows {
		for i := range rounds {
			if rounds[i].Round == r.Round {
				rounds[i].Decision, rounds[i].Undecided = &r, false
			}
		}
	}
	return err
}
