package postgres

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/casework/letter"
	"fuyan/gen/db"
)

// UrgeCommitment urges the owner of an open promise (催办): numbered in a series of
// the office that urges, delivered to the owner, the division and the office, and
// to be answered by a day of its own.
func (d *DB) UrgeCommitment(ctx context.Context, c Call, text string, answerBy casework.Date) (Commitment, error) {
	return d.keep(ctx, c, casework.Urge, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		today := d.Today()
		if !answerBy.After(today) {
			return casework.Invalid("answer_by", "应为今天以后的日期")
		}
		organ, err := q.Organ(ctx, tx, c.User.OrganID)
		if err != nil {
			return err
		}
		prefix := organ.ShortName + "催"
		n, err := q.TakeNumber(ctx, tx, prefix, int32(today.Year))
		if err != nil {
			return err
		}
		number := letter.FormatNumber(prefix, today.Year, int(n))
		urge, err := q.CreateUrge(ctx, tx, db.CreateUrgeParams{
			CommitmentID: row.ID, OrganID: organ.ID, DocumentNumber: number, Text: text, AnswerBy: answerBy,
			IssuedBy: c.User.ID, IssuedAt: d.now(),
		})
		if err != nil {
			return err
		}
		if err := d.awaitAnswer(ctx, tx, m, urge); err != nil {
			return err
		}
		m.note = commitmentNote(row, number+"，"+answerBy.String()+"前答复："+text)
		return d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: "urged", Text: number + "：" + text})
	})
}

// ReceiveUrge signs for the urges of a promise that nobody has signed for.
func (d *DB) ReceiveUrge(ctx context.Context, c Call) (Commitment, error) {
	return d.keep(ctx, c, casework.ReceiveUrge, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		numbers, err := q.ReceiveUrges(ctx, tx, c.User.ID, d.now(), row.ID)
		if err != nil {
			return err
		}
		words := strings.Join(numbers, "、")
		m.note = commitmentNote(row, words)
		return d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: "urge_received", Text: words})
	})
}

// AnswerUrge answers an urge; the office that urged is told. Who answers has
// received it.
func (d *DB) AnswerUrge(ctx context.Context, c Call, urgeID int64, text string) (Commitment, error) {
	return d.keep(ctx, c, casework.AnswerUrge, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		urge, err := q.AnswerUrge(ctx, tx, db.AnswerUrgeParams{
			Answer: text, AnsweredBy: c.User.ID, AnsweredAt: d.now(), ID: urgeID, CommitmentID: row.ID,
		})
		if errors.Is(err, pgx.ErrNoRows) {
			return casework.Invalid("urge_id", "应为这一承诺的、还没有答复的催办件")
		}
		if err != nil {
			return err
		}
		if err := q.MeetUrge(ctx, tx, d.Today(), &row.ID, urge.DocumentNumber); err != nil {
			return err
		}
		m.other = urge.OrganID
		m.note = commitmentNote(row, urge.DocumentNumber+"："+text)
		return d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: "urge_answered", Text: urge.DocumentNumber + "：" + text})
	})
}
