package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/casework/letter"
	"fuyan/gen/db"
)

// An OldLetter is a letter that was issued before it came here. What is empty
// is read from its text.
type OldLetter struct {
	Text              string
	DocumentNumber    string
	IssueDate         casework.Date
	Result, Publicity string // as in package casework
	Published         casework.Date
}

// readLetter is an old letter with what its text says.
type readLetter struct {
	OldLetter
	prefix string
	year   int
	number int
	date   casework.Date
	copied []string
}

// readOld reads what is not given from the letter's text.
func readOld(l *OldLetter, k casework.Kind) (*readLetter, error) {
	r := letter.Read(l.Text)
	old := readLetter{OldLetter: *l, date: l.IssueDate, copied: r.CopiedTo}
	if old.DocumentNumber == "" {
		old.DocumentNumber = r.DocumentNumber
	}
	var err error
	if old.prefix, old.year, old.number, err = letter.ParseNumber(old.DocumentNumber); err != nil {
		return nil, casework.Invalid("issued_letter.document_number", "应为“沪科提复〔2024〕25号”这样的文号，正文中读到的是%q", r.DocumentNumber)
	}
	if old.date.IsZero() {
		old.date = r.IssueDate
	}
	if old.date.IsZero() {
		return nil, casework.Invalid("issued_letter.issue_date", "应填成文日期，正文中没有读到")
	}
	if old.Result == "" {
		old.Result = string(casework.ResultOf(r.ResultLabel))
	}
	if old.Result != "" && casework.Result(old.Result).Label(k) == "" {
		return nil, casework.Invalid("issued_letter.result", "应为这一类别的办理结果")
	}
	if old.Publicity == "" {
		old.Publicity = string(casework.PublicityOf(r.PublicityLabel))
	}
	if !old.Published.IsZero() && old.Publicity == "" {
		old.Publicity = string(casework.Full)
	}
	if !old.Published.IsZero() && old.Published.Before(old.date) {
		return nil, casework.Invalid("issued_letter.published", "不得早于%s", old.date)
	}
	return &old, nil
}

// importLetter takes an old letter in: its number, its deliveries, its copies,
// its publication and, by the job, its commitments.
func (d *DB) importLetter(ctx context.Context, tx pgx.Tx, u casework.User, p Proposal, old *readLetter) error {
	m, err := d.lock(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	if old.date.After(d.Today()) || old.date.Before(p.HandedOver) {
		return casework.Invalid("issued_letter.issue_date", "应在交办日（%s）至今天之间", p.HandedOver)
	}
	m.reply.Result, m.reply.Publicity = old.Result, old.Publicity
	if old.Publicity == string(casework.Withheld) {
		m.reply.WithholdReason = "原件未载明"
	}
	if err := m.saveReply(ctx, tx); err != nil {
		return err
	}
	f := letter.Facts{DocumentNumber: old.DocumentNumber, IssueDate: old.date}
	l, err := d.freeze(ctx, tx, u, m, f, old.Text)
	if err != nil {
		return err
	}
	if err := d.useOldNumber(ctx, tx, old, l.ID); err != nil {
		return err
	}
	if err := d.importFacets(ctx, tx, u, m, old); err != nil {
		return err
	}
	m.note = old.DocumentNumber
	m.next = casework.Issued
	if err := d.complete(ctx, tx, m); err != nil {
		return err
	}
	return d.finish(ctx, tx, u, casework.Import, m)
}

// useOldNumber records the number as used. The numbers below it that this
// program has not seen were taken outside it.
func (d *DB) useOldNumber(ctx context.Context, tx pgx.Tx, old *readLetter, letterID int64) error {
	last, err := q.RaiseSeries(ctx, tx, old.prefix, int32(old.year), int32(old.number))
	if err != nil {
		return err
	}
	err = q.FillSeries(ctx, tx, db.FillSeriesParams{Prefix: old.prefix, Year: int32(old.year), At: d.now(), Last: last})
	if err != nil {
		return err
	}
	n, err := q.UseOutsideNumber(ctx, tx, db.UseOutsideNumberParams{
		LetterID: letterID, Prefix: old.prefix, Year: int32(old.year), Number: int32(old.number),
	})
	if err == nil && n == 0 {
		err = constraints["letter_number"]
	}
	return err
}

func (d *DB) importFacets(ctx context.Context, tx pgx.Tx, u casework.User, m *move, old *readLetter) error {
	sent := time.Date(old.date.Year, old.date.Month, old.date.Day, 0, 0, 0, 0, d.zone)
	recipients, err := q.CopyRecipients(ctx, tx, overseers(m.p.Kind))
	if err != nil {
		return err
	}
	for _, o := range recipients {
		if !slices.Contains(old.copied, o.ShortName) {
			continue // the letter does not say that it was copied there
		}
		if err := q.ImportCopy(ctx, tx, sent, m.reply.ID, o.ID); err != nil {
			return err
		}
	}
	err = q.ImportDeliveries(ctx, tx, db.ImportDeliveriesParams{Day: old.date, Proof: "补录", RecordedBy: u.ID, ReplyID: m.reply.ID})
	if err != nil || old.Published.IsZero() {
		return err
	}
	if err := q.CreatePublication(ctx, tx, m.reply.ID, old.Text, old.Published); err != nil {
		return err
	}
	return d.meet(ctx, tx, m.p, casework.RulePublish, m.p.OrganID, old.Published)
}
