package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/casework/letter"
	"fuyan/gen/db"
)

// A Reply is a row of the replies table: one a round.
type Reply = db.Reply

// A NewDraft is what SaveDraft keeps.
type NewDraft struct {
	Text           string
	Result         string // as in package casework; empty while open
	Publicity      string
	WithholdReason string
	Summary        string // what the public reads instead of the letter
	// EditorID and CopyVersion say of which working copy it is: the one that this
	// editor kept, or that the writer read. Any other stays.
	EditorID    string
	CopyVersion int64
}

// SaveDraft keeps a new version of the draft.
func (d *DB) SaveDraft(ctx context.Context, c Call, n NewDraft) (ListedProposal, error) {
	return d.change(ctx, c, casework.SaveDraft, func(tx pgx.Tx, m *move) error {
		if n.Result != "" && casework.Result(n.Result).Label(m.p.Kind) == "" {
			return casework.Invalid("result", "应为这一类别的办理结果，“正在解决”只用于建议")
		}
		r := &m.reply
		r.Result, r.Publicity, r.WithholdReason, r.Summary = n.Result, n.Publicity, n.WithholdReason, n.Summary
		r.DraftCount++
		r.AuthorID, r.Passed, r.SignedBy = &c.User.ID, 0, nil
		m.note = fmt.Sprintf("第%d稿", r.DraftCount)
		if err := m.saveReply(ctx, tx); err != nil {
			return err
		}
		err := q.CreateDraft(ctx, tx, db.CreateDraftParams{
			ReplyID: r.ID, Number: r.DraftCount, Text: n.Text, AuthorID: c.User.ID, CreatedAt: d.now(),
			Result: n.Result, Publicity: n.Publicity, WithholdReason: n.WithholdReason, Summary: n.Summary,
		})
		if err != nil {
			return err
		}
		return q.SettleWorkingCopy(ctx, tx, db.SettleWorkingCopyParams{
			ReplyID: r.ID, UserID: c.User.ID, EditorID: n.EditorID, Version: n.CopyVersion,
		})
	})
}

// DraftCount returns the number of the latest draft of the present round.
func (d *DB) DraftCount(ctx context.Context, proposalID int64) (int32, error) {
	p, err := q.Proposal(ctx, d.conn, proposalID)
	if err != nil {
		return 0, found(err, "proposal", proposalID)
	}
	r, err := q.Reply(ctx, d.conn, p.ID, p.Round)
	return r.DraftCount, err
}

// SubmitReply hands the draft to the reviewers (送审). What the public may read
// is decided with the reply, not after it (国办发〔2014〕46号).
func (d *DB) SubmitReply(ctx context.Context, c Call) (ListedProposal, error) {
	return d.change(ctx, c, casework.Submit, func(_ pgx.Tx, m *move) error {
		switch r := m.reply; {
		case r.DraftCount == 0:
			return m.refuse(casework.Submit, "还没有稿件")
		case r.Result == "":
			return m.refuse(casework.Submit, "还没有确定办理结果")
		case r.Publicity == "":
			return m.refuse(casework.Submit, "还没有确定公开属性")
		case r.Publicity == string(casework.Summary) && r.Summary == "":
			return m.refuse(casework.Submit, "还没有公开摘要")
		}
		m.note = fmt.Sprintf("第%d稿", m.reply.DraftCount)
		return nil
	})
}

// ApproveReply passes the draft on to the next review step.
func (d *DB) ApproveReply(ctx context.Context, c Call, comment string) (ListedProposal, error) {
	return d.change(ctx, c, casework.Approve, func(tx pgx.Tx, m *move) error {
		step := casework.ReviewSteps[m.reply.Passed]
		m.note = step
		m.reply.Passed++
		if err := m.saveReply(ctx, tx); err != nil {
			return err
		}
		return d.review(ctx, tx, c, m, db.CreateReviewParams{Step: step, Approved: true, Comment: comment})
	})
}

// SendBackReply sends the draft back to its handler; its approvals start anew.
func (d *DB) SendBackReply(ctx context.Context, c Call, comment string) (ListedProposal, error) {
	return d.change(ctx, c, casework.SendBack, func(tx pgx.Tx, m *move) error {
		step := casework.SignStep
		if int(m.reply.Passed) < len(casework.ReviewSteps) {
			step = casework.ReviewSteps[m.reply.Passed]
		}
		m.note = step
		m.reply.Passed, m.reply.SignedBy = 0, nil
		if err := q.ResetReviews(ctx, tx, m.reply.ID); err != nil {
			return err
		}
		if err := m.saveReply(ctx, tx); err != nil {
			return err
		}
		return d.review(ctx, tx, c, m, db.CreateReviewParams{Step: step, Comment: comment})
	})
}

// SignReply signs the draft (签发).
func (d *DB) SignReply(ctx context.Context, c Call, comment string) (ListedProposal, error) {
	return d.change(ctx, c, casework.Sign, func(tx pgx.Tx, m *move) error {
		m.reply.SignedBy = &c.User.ID
		if err := m.saveReply(ctx, tx); err != nil {
			return err
		}
		return d.review(ctx, tx, c, m, db.CreateReviewParams{Step: casework.SignStep, Approved: true, Comment: comment})
	})
}

// review records a reviewer's word on the latest draft.
func (d *DB) review(ctx context.Context, tx pgx.Tx, c Call, m *move, r db.CreateReviewParams) error {
	r.ReplyID, r.DraftNumber, r.ReviewerID, r.At = m.reply.ID, m.reply.DraftCount, c.User.ID, d.now()
	return q.CreateReview(ctx, tx, r)
}

// facts gathers what a letter about p is checked against, and the plans for its
// promises that are among it.
func (d *DB) facts(ctx context.Context, tx db.DBTX, p Proposal, r Reply) (letter.Facts, map[string]PromisePlan, error) {
	organ, err := q.Organ(ctx, tx, p.OrganID)
	if err != nil {
		return letter.Facts{}, nil, err
	}
	proposers, err := q.Proposers(ctx, tx, p.ID)
	if err != nil {
		return letter.Facts{}, nil, err
	}
	copied, err := q.CopyRecipients(ctx, tx, overseers(p.Kind))
	if err != nil {
		return letter.Facts{}, nil, err
	}
	f := letter.Facts{
		Kind: p.Kind, Sitting: casework.Sitting{Body: p.Body, Term: int(p.Term), Session: int(p.Session)},
		Number: p.Number, Title: p.Title, Organ: organ.Name, OrganOffice: organ.OfficeName, Prefix: prefixOf(organ, p.Kind),
		Result:    casework.Result(r.Result).Label(p.Kind),
		Publicity: casework.Publicity(r.Publicity).Label(), ReplyDue: p.ReplyDue,
	}
	plans, err := plansOf(ctx, tx, r.ID)
	if err != nil {
		return f, nil, err
	}
	f.Plans = forLetter(plans)
	for _, s := range proposers {
		f.Proposers = append(f.Proposers, s.Name)
	}
	for _, o := range copied {
		f.CopiedTo = append(f.CopiedTo, o.ShortName)
	}
	return f, plans, nil
}

// overseers returns the kinds of oversight that items of kind k have.
func overseers(k casework.Kind) []string {
	var out []string
	for _, o := range []casework.Oversight{casework.OverseesGovernment, casework.OverseesCPPCC, casework.OverseesNPC} {
		if o.Covers(k) {
			out = append(out, string(o))
		}
	}
	return out
}

func prefixOf(o db.Organ, k casework.Kind) string {
	if k == casework.NPCSuggestion {
		return o.NpcPrefix
	}
	return o.CppccPrefix
}

// A DraftCheck is what CheckDraft finds.
type DraftCheck struct {
	Faults   []letter.Fault
	Promises []PlannedPromise
	Lost     []PlannedPromise // decided of sentences that the text does not have
	Letter   string           // as it would look, without number and date
}

// CheckDraft says what is wrong with a text, or the saved draft, and what it
// promises. Places count in the text. Nothing is stored.
func (d *DB) CheckDraft(ctx context.Context, u casework.User, proposalID int64, text, result string) (DraftCheck, error) {
	p, s, err := seen(ctx, d.conn, u, proposalID)
	if err != nil {
		return DraftCheck{}, err
	}
	if !u.SeesDrafts(s) {
		return DraftCheck{}, fmt.Errorf("read drafts: %w", casework.ErrForbidden)
	}
	r, err := q.Reply(ctx, d.conn, p.ID, p.Round)
	if err != nil {
		return DraftCheck{}, err
	}
	if text == "" {
		if text, err = d.latestDraft(ctx, d.conn, r); err != nil {
			return DraftCheck{}, err
		}
	}
	if result != "" {
		r.Result = result
	}
	f, plans, err := d.facts(ctx, d.conn, p, r)
	if err != nil {
		return DraftCheck{}, err
	}
	if f.IssueDate, err = d.writtenOn(ctx, r); err != nil {
		return DraftCheck{}, err
	}
	if text == "" {
		text = letter.Outline(f)
	}
	promises := planned(text, letter.ReadDraft(text, f.IssueDate).Commitments, plans)
	return DraftCheck{letter.Check(text, f), promises, lost(text, promises, plans), letter.Compose(f, text)}, nil
}

// writtenOn is the day from which the words of a round count, so that 今年年底前
// names one: that of its letter, or today.
func (d *DB) writtenOn(ctx context.Context, r Reply) (casework.Date, error) {
	l, err := q.LatestLetter(ctx, d.conn, r.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return d.Today(), nil
	}
	return l.IssueDate, err
}
