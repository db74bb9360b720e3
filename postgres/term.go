package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// An EndedTerm is a term of a body that is over, with how many of its proposals
// are still to be explained.
type EndedTerm = db.EndedTermsRow

// EndTerm records that a term of a body is over (换届). A job then looks at its
// proposals whose promises are not kept.
func (d *DB) EndTerm(ctx context.Context, c Call, body string, term int32, ended casework.Date) (EndedTerm, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (EndedTerm, error) {
		_, _, err := d.once(ctx, tx, c, func() (int64, error) {
			// First the term: who mistypes the body hears that, and not of rights.
			if err := d.mayEnd(ctx, tx, body, term, ended); err != nil {
				return 0, err
			}
			if !c.User.Has(casework.Admin) && !c.User.Oversight.Covers(casework.KindOf(body)) {
				return 0, fmt.Errorf("end a term of %s: %w", body, casework.ErrForbidden)
			}
			err := q.CreateEndedTerm(ctx, tx, db.CreateEndedTermParams{Body: body, Term: term, Ended: ended, RecordedBy: c.User.ID, At: d.now()})
			if err != nil {
				return 0, err
			}
			return 0, d.queue(ctx, tx, EndTermJob{body, term})
		})
		if err != nil {
			return EndedTerm{}, err
		}
		list, err := endedTerms(ctx, tx, c.User, body, term)
		if err != nil || len(list) == 0 {
			return EndedTerm{}, err
		}
		return list[0], nil
	})
}

// mayEnd refuses a term of which there is nothing here, and a day on which it
// cannot have ended.
func (d *DB) mayEnd(ctx context.Context, tx pgx.Tx, body string, term int32, ended casework.Date) error {
	began, err := q.TermBegan(ctx, tx, body, term)
	switch {
	case err != nil:
		return err
	case began.IsZero():
		return casework.Invalid("term", "没有%s第%d届的提案或建议", body, term)
	case ended.Before(began) || ended.After(d.Today()):
		return casework.Invalid("ended", "应在这一届最早的交办日（%s）至今天之间", began.Chinese())
	}
	return nil
}

// ListEndedTerms returns the terms that are over, latest first, with what u may
// count of them.
func (d *DB) ListEndedTerms(ctx context.Context, u casework.User) ([]EndedTerm, error) {
	return endedTerms(ctx, d.conn, u, "", 0)
}

// endedTerms are those of every body, or the one of a body.
func endedTerms(ctx context.Context, tx db.DBTX, u casework.User, body string, term int32) ([]EndedTerm, error) {
	return q.EndedTerms(ctx, tx, db.EndedTermsParams{
		Everything: u.Has(casework.Admin), KindsOverseen: overseen(u), OrganID: staffOrgan(u), Body: body, Term: term,
	})
}

// askAgain has a closed proposal looked at whose promise is open again after its
// term ended.
func (d *DB) askAgain(ctx context.Context, tx pgx.Tx, m *move) error {
	if m.p.State != casework.Closed {
		return nil
	}
	over, err := q.TermEnded(ctx, tx, m.p.Body, m.p.Term)
	if err != nil || !over {
		return err
	}
	return d.queue(ctx, tx, EndTermJob{m.p.Body, m.p.Term})
}

// DoEndTerm puts each proposal of the term with promises not kept before its
// office: one that was closed is answered again until the proposers have a
// written explanation (SH-REG art. 22 para. 2). Done again, it goes on where it
// ended.
func (d *DB) DoEndTerm(ctx context.Context, job EndTermJob) error {
	return d.eachProposal(ctx, "end the term of",
		func(after int64, most int32) ([]int64, error) {
			return q.UnexplainedProposals(ctx, d.conn, db.UnexplainedProposalsParams{Body: job.Body, Term: job.Term, After: after, MaxRows: most})
		},
		func(tx pgx.Tx, id int64) error { return d.endTerm(ctx, tx, id, job) })
}

func (d *DB) endTerm(ctx context.Context, tx pgx.Tx, id int64, job EndTermJob) error {
	m, err := d.lock(ctx, tx, id)
	if err != nil || !m.s.Unexplained { // kept or explained since it was looked up
		return err
	}
	if m.next, err = m.p.State.Next(casework.TermEnded); err != nil {
		return err
	}
	m.note = fmt.Sprintf("%s第%d届届满，承诺尚未兑现", job.Body, job.Term)
	if err := d.finish(ctx, tx, casework.User{}, casework.TermEnded, m); err != nil {
		return err
	}
	return d.tellMove(ctx, tx, casework.User{}, casework.TermEnded, m)
}

// A TermExplanation is what proposers were told in writing of promises not kept
// when their term ended.
type TermExplanation struct {
	Text     string
	SignedBy string
	ToldDay  casework.Date // today when none
	ToldHow  string
}

// ExplainTermEnd records the written explanation; after it the proposal may be
// closed.
func (d *DB) ExplainTermEnd(ctx context.Context, c Call, x TermExplanation) (ListedProposal, error) {
	told := d.dayOr(x.ToldDay)
	return d.change(ctx, c, casework.ExplainTermEnd, func(tx pgx.Tx, m *move) error {
		began, err := q.TermBegan(ctx, tx, m.p.Body, m.p.Term)
		if err != nil {
			return err
		}
		if told.Before(began) || told.After(d.Today()) {
			return casework.Invalid("told_day", "应为这一届以来、今天或以前的一天")
		}
		m.note = told.String() + " " + x.ToldHow
		err = q.CreateTermExplanation(ctx, tx, db.CreateTermExplanationParams{
			ProposalID: m.p.ID, Text: x.Text, SignedBy: x.SignedBy, ToldDay: told, ToldHow: x.ToldHow, AuthorID: c.User.ID, At: d.now(),
		})
		if err != nil {
			return err
		}
		return d.queue(ctx, tx, TellProposer{m.p.ID, "term", m.p.EventCount + 1})
	})
}

// loadTerm reads what was said in writing when the proposal's term ended.
func (v *ProposalView) loadTerm(ctx context.Context, tx pgx.Tx) error {
	x, err := q.TermExplanation(ctx, tx, v.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	v.TermExplanation = &x
	return err
}
