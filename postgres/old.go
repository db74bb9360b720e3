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
	// Promises are recorded in place of those that are read, if Confirmed.
	Promises  []ConfirmedPromise
	Confirmed bool
}

// readLetter is an old letter with what its text says.
type readLetter struct {
	OldLetter
	prefix string
	year   int
	number int
	date   casework.Date
	copied []string
	// promises are those confirmed, at their places; note says what a person
	// changed of the reading.
	promises []letter.Commitment
	note     string
}

// readOld reads from the letter's text what is not given.
func readOld(n NewProposal, today casework.Date) (*readLetter, error) {
	r := letter.Read(n.Letter.Text)
	old := readLetter{OldLetter: *n.Letter, date: n.Letter.IssueDate, copied: r.CopiedTo}
	if old.DocumentNumber == "" {
		old.DocumentNumber = r.DocumentNumber
	}
	var err error
	if old.prefix, old.year, old.number, err = letter.ParseNumber(old.DocumentNumber); err != nil {
		return nil, casework.Invalid("issued_letter.document_number", "应为“沪科提复〔2024〕25号”这样的文号，正文中读到的是%q", r.DocumentNumber)
	}
	if old.number > mostNumber {
		return nil, casework.Invalid("issued_letter.document_number", "顺序号不大于%d的文号", mostNumber)
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
	if old.Result != "" && casework.Result(old.Result).Label(n.Kind) == "" {
		return nil, casework.Invalid("issued_letter.result", "应为这一类别的办理结果")
	}
	if old.Publicity == "" {
		old.Publicity = string(casework.PublicityOf(r.PublicityLabel))
	}
	if err := old.confirm(r, n); err != nil {
		return nil, err
	}
	return &old, old.checkPublished(today)
}

// mostNumber bounds a mistyped number: every number below an imported one gets
// a row.
const mostNumber = 9999

// checkPublished sees that only a letter that may be read whole is taken in as
// published.
func (old *readLetter) checkPublished(today casework.Date) error {
	if old.Published.IsZero() {
		return nil
	}
	if old.Publicity == "" {
		old.Publicity = string(casework.Full)
	}
	if old.Publicity != string(casework.Full) {
		return casework.Invalid("issued_letter.published", "只有全文公开的复文才能同时登记公开日期")
	}
	if old.Published.Before(old.date) || old.Published.After(today) {
		return casework.Invalid("issued_letter.published", "应在成文日期（%s）至今天之间", old.date.Chinese())
	}
	return nil
}

// importLetter takes an old letter in: its number, its deliveries, its copies,
// its publication and, by the job, its commitments.
func (d *DB) importLetter(ctx context.Context, tx pgx.Tx, u casework.User, p Proposal, old *readLetter) error {
	m, err := d.lock(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	m.by = u
	if old.date.After(d.Today()) || old.date.Before(p.HandedOver) {
		return casework.Invalid("issued_letter.issue_date", "应在交办日（%s）至今天之间", p.HandedOver.Chinese())
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
	if err := d.useOldNumber(ctx, tx, old, l.ID, p.OrganID); err != nil {
		return err
	}
	if err := d.keepPromises(ctx, tx, u, l.ID, old); err != nil {
		return err
	}
	if err := d.importFacets(ctx, tx, u, m, old); err != nil {
		return err
	}
	m.note = old.DocumentNumber + old.note
	m.next = casework.Issued
	if err := d.complete(ctx, tx, m); err != nil {
		return err
	}
	return d.finish(ctx, tx, u, casework.Import, m)
}

// useOldNumber records the number as used. The numbers below it that this
// program has not seen were taken outside it.
func (d *DB) useOldNumber(ctx context.Context, tx pgx.Tx, old *readLetter, letterID, organID int64) error {
	if err := notAnothers(ctx, tx, old.prefix, organID); err != nil {
		return err
	}
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

// notAnothers refuses a prefix that is another organ's.
func notAnothers(ctx context.Context, tx pgx.Tx, prefix string, organID int64) error {
	list, err := q.Organs(ctx, tx)
	if err != nil {
		return err
	}
	for _, o := range list {
		if o.ID != organID && (o.CppccPrefix == prefix || o.NpcPrefix == prefix) {
			return casework.Invalid("issued_letter.document_number", "“%s”是%s的发文字号", prefix, o.Name)
		}
	}
	return nil
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
	if err != nil {
		return err
	}
	if err := d.awaitFeedback(ctx, tx, m); err != nil || old.Published.IsZero() {
		return err
	}
	if err := publish(ctx, tx, m, old.Text, old.Published); err != nil {
		return err
	}
	return d.meet(ctx, tx, m, casework.RulePublish, m.p.OrganID, old.Published)
}
