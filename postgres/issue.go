package postgres

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/casework/letter"
	"fuyan/gen/db"
)

// A Letter is an issued letter and who issued it.
type Letter = db.LettersRow

// IssueReply takes the next number of the series, dates and freezes the letter,
// and queues the recording of its commitments, all in one transaction. Errors
// that [letter.Check] finds refuse it unless a reason overrides them.
func (d *DB) IssueReply(ctx context.Context, c Call, overrideReason string, issueDate casework.Date) (ListedProposal, error) {
	date := d.dayOr(issueDate)
	return d.change(ctx, c, casework.Issue, func(tx pgx.Tx, m *move) error {
		if date.Before(m.p.HandedOver) || date.After(d.Today()) {
			return casework.Invalid("issue_date", "应在交办日（%s）至今天之间", m.p.HandedOver.Chinese())
		}
		f, _, err := d.facts(ctx, tx, m.p, m.reply)
		if err != nil {
			return err
		}
		if f.Prefix == "" {
			return m.refuse(casework.Issue, f.Organ+"没有这一类别的发文字号")
		}
		draft, err := q.Draft(ctx, tx, m.reply.ID, m.reply.DraftCount)
		if err != nil {
			return err
		}
		n, err := q.TakeNumber(ctx, tx, f.Prefix, int32(date.Year))
		if err != nil {
			return err
		}
		f.DocumentNumber, f.IssueDate = letter.FormatNumber(f.Prefix, date.Year, int(n)), date
		text := letter.Compose(f, draft.Text)
		m.note = f.DocumentNumber
		if faults := mistakes(text, letter.Check(text, f)); faults != "" {
			if overrideReason == "" {
				return faulty(m, faults)
			}
			m.note += inside + "不顾差错印发：" + overrideReason + "（" + faults + "）"
		}
		l, err := d.freeze(ctx, tx, c.User, m, f, text)
		if err != nil {
			return err
		}
		number := db.CreateSeriesNumberParams{Prefix: f.Prefix, Year: int32(date.Year), Number: n, Fate: "used", LetterID: &l.ID, At: d.now()}
		if err := q.CreateSeriesNumber(ctx, tx, number); err != nil {
			return err
		}
		return d.queue(ctx, tx, TellProposer{m.p.ID, "issued", l.ID})
	})
}

// faulty refuses to issue a letter with mistakes, unless a reason is given.
func faulty(m *move, mistakes string) error {
	refused := m.refuse(casework.Issue, "复文有差错："+mistakes)
	refused.Field = "override_reason"
	return refused
}

// mistakes joins the errors among the faults of a text; warnings stop nothing. The
// promises that nobody decided of, of which there may be dozens, are one.
func mistakes(text string, faults []letter.Fault) string {
	var out []string
	var undecided []letter.Fault
	for _, f := range faults {
		switch {
		case !f.Error:
		case f.Rule == letter.Undecided:
			undecided = append(undecided, f)
		default:
			out = append(out, f.Message)
		}
	}
	if len(undecided) > 0 {
		at := undecided[0].Span
		first := "“" + beginning(string([]rune(text)[at.Start:at.End])) + "”"
		if len(undecided) > 1 {
			first += "等"
		}
		out = append(out, fmt.Sprintf("有 %d 项承诺尚未确认：%s。", len(undecided), first))
	}
	return strings.Join(out, " ")
}

// freeze writes the first edition of the letter and what follows from it: who
// must receive it, which deadlines it meets and starts, and the job that records
// its commitments.
func (d *DB) freeze(ctx context.Context, tx pgx.Tx, u casework.User, m *move, f letter.Facts, text string) (db.Letter, error) {
	l, err := d.createLetter(ctx, tx, u, db.CreateLetterParams{
		ProposalID: m.p.ID, ReplyID: m.reply.ID, Edition: 1, DocumentNumber: f.DocumentNumber, IssueDate: f.IssueDate, Text: text,
	})
	if err != nil {
		return l, err
	}
	if err := q.CreateDelivery(ctx, tx, m.reply.ID, m.p.ID); err != nil {
		return l, err
	}
	if err := q.CreateCopies(ctx, tx, m.reply.ID, overseers(m.p.Kind)); err != nil {
		return l, err
	}
	for _, code := range []string{casework.RuleReply, casework.RuleRedo} {
		if err := d.meet(ctx, tx, m, code, m.p.OrganID, f.IssueDate); err != nil {
			return l, err
		}
	}
	if err := d.end(ctx, tx, m, casework.RuleOpinion); err != nil || !publishable(m.reply) { // nobody can use it any more
		return l, err
	}
	t, err := d.termOf(ctx, tx, m.p.Kind, casework.RulePublish, f.IssueDate)
	if err != nil {
		return l, err
	}
	return l, d.start(ctx, tx, m.p, m.p.OrganID, t)
}

func publishable(r Reply) bool {
	return r.Publicity == string(casework.Full) || r.Publicity == string(casework.Summary)
}

func (d *DB) createLetter(ctx context.Context, tx pgx.Tx, u casework.User, p db.CreateLetterParams) (db.Letter, error) {
	sum := sha256.Sum256([]byte(p.Text))
	p.Sha256, p.IssuedBy, p.IssuedAt = sum[:], u.ID, d.now()
	l, err := q.CreateLetter(ctx, tx, p)
	if err != nil {
		return l, err
	}
	return l, d.queue(ctx, tx, RecordCommitments{LetterID: l.ID})
}

// CorrectLetter issues a corrected edition under the same number; the editions
// before stay as they are. Where the whole letter is public, the corrected one takes
// its place; a summary stays.
func (d *DB) CorrectLetter(ctx context.Context, c Call, text, reason string) (ListedProposal, error) {
	return d.change(ctx, c, casework.Correct, func(tx pgx.Tx, m *move) error {
		before, err := q.LatestLetter(ctx, tx, m.reply.ID)
		if err != nil {
			return err
		}
		if got := letter.Read(text).DocumentNumber; got != before.DocumentNumber {
			return casework.Invalid("text", "应为文号不变（%s）的整篇复文", before.DocumentNumber)
		}
		m.note = fmt.Sprintf("%s 第%d版：%s", before.DocumentNumber, before.Edition+1, reason)
		_, err = d.createLetter(ctx, tx, c.User, db.CreateLetterParams{
			ProposalID: m.p.ID, ReplyID: m.reply.ID, Edition: before.Edition + 1, DocumentNumber: before.DocumentNumber,
			IssueDate: before.IssueDate, Text: text, CorrectionReason: reason,
		})
		if err != nil || m.reply.Publicity != string(casework.Full) {
			return err
		}
		return d.republish(ctx, tx, m, text)
	})
}

// republish replaces what is public of the reply, if anything is.
func (d *DB) republish(ctx context.Context, tx pgx.Tx, m *move, text string) error {
	public, err := q.IsPublished(ctx, tx, m.reply.ID)
	if err != nil || !public {
		return err
	}
	if err := takeDown(ctx, tx, m, d.Today(), "复文更正"); err != nil {
		return err
	}
	return publish(ctx, tx, m, text, d.Today())
}

// A VoidedNumber is a number of a series that will never be used.
type VoidedNumber struct {
	OrganID int64 // the caller's own when 0
	Kind    casework.Kind
	Year    int
	Reason  string
}

// VoidNumber takes the next number of a series and records that it is void
// (作废). It returns the number.
func (d *DB) VoidNumber(ctx context.Context, c Call, v VoidedNumber) (string, error) {
	if v.OrganID == 0 {
		v.OrganID = c.User.OrganID
	}
	if !c.User.Has(casework.Office) || v.OrganID != c.User.OrganID {
		return "", fmt.Errorf("void a number of another organ: %w", casework.ErrForbidden)
	}
	return inTx(ctx, d, func(tx pgx.Tx) (string, error) {
		organ, err := q.Organ(ctx, tx, v.OrganID)
		if err != nil {
			return "", found(err, "organ", v.OrganID)
		}
		prefix := prefixOf(organ, v.Kind)
		if prefix == "" {
			return "", casework.Invalid("kind", "%s没有这一类别的发文字号", organ.Name)
		}
		n, _, err := d.once(ctx, tx, c, func() (int64, error) {
			n, err := q.TakeNumber(ctx, tx, prefix, int32(v.Year))
			if err != nil {
				return 0, err
			}
			return int64(n), q.CreateSeriesNumber(ctx, tx, db.CreateSeriesNumberParams{
				Prefix: prefix, Year: int32(v.Year), Number: n, Fate: "void", Reason: v.Reason, At: d.now(),
			})
		})
		return letter.FormatNumber(prefix, v.Year, int(n)), err
	})
}
