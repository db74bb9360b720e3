package postgres

import (
	"cmp"
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A KeepingAnswer is what a proposer says of a promise that was judged kept.
type KeepingAnswer struct {
	ProposerID int64 // the caller's own line when 0
	Kept       bool
	Text       string
	Channel    string
}

// AnswerKeeping puts on record what a proposer says of a promise that was judged
// kept: once each time that it was, and once more with their own account where it was collected. One who says that it is not kept puts it
// before the oversight office; the letter and the judgement stay as they are.
func (d *DB) AnswerKeeping(ctx context.Context, c Call, n KeepingAnswer) (Commitment, error) {
	verb, kind := casework.SayNotKept, "said_not_kept"
	if n.Kept {
		verb, kind = casework.SayKept, "said_kept"
	}
	return d.keep(ctx, c, verb, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		proposer, err := speaker(ctx, tx, m, n.ProposerID, n.Channel)
		if err != nil {
			return err
		}
		if !n.Kept && strings.TrimSpace(n.Text) == "" {
			return casework.Invalid("text", "认为没有兑现的，应说明情况")
		}
		if n.Channel != casework.Own { // their own word holds
			said, err := q.SaidWithOwnAccount(ctx, tx, row.ID, proposer.ID, row.Keepings)
			if err != nil || said {
				return cmp.Or(err, constraints["keeping_answer"])
			}
		}
		err = q.CreateKeepingAnswer(ctx, tx, db.CreateKeepingAnswerParams{
			CommitmentID: row.ID, ProposerID: proposer.ID, Keeping: row.Keepings, Kept: n.Kept, Text: n.Text,
			RecordedBy: c.User.ID, Channel: n.Channel, At: d.now(),
		})
		if err != nil {
			return err
		}
		row.Contested = row.Contested || !n.Kept
		m.note = commitmentNote(row, proposer.Name)
		return d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: kind, Text: proposer.Name + "：" + n.Text})
	})
}

// UpholdCommitment lets a promise stay kept although a proposer says that it is
// not; the proposers are told.
func (d *DB) UpholdCommitment(ctx context.Context, c Call, reason string) (Commitment, error) {
	return d.keep(ctx, c, casework.Uphold, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		if err := d.decideContest(ctx, tx, c.User, row, "upheld", reason); err != nil {
			return err
		}
		m.note = commitmentNote(row, reason)
		if err := d.queue(ctx, tx, TellProposer{m.p.ID, "upheld", m.p.EventCount + 1}); err != nil {
			return err
		}
		return d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: "upheld", Text: reason})
	})
}

// decideContest puts on record what became of what proposers said against a
// judgement.
func (d *DB) decideContest(ctx context.Context, tx pgx.Tx, by casework.User, row *db.Commitment, decision, reason string) error {
	row.Contested = false
	return q.DecideKeepingAnswers(ctx, tx, db.DecideKeepingAnswersParams{
		Decision: decision, Reason: reason, DecidedBy: by.ID, DecidedAt: d.now(), CommitmentID: row.ID,
	})
}
