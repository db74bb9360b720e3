package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A Commitment is a promise with its letter's number, the sitting, number and
// title of its proposal, and the names of its organ, its owner and judge, and of
// who is to take it.
type Commitment = db.CommitmentRow

// SittingOf is the sitting of a commitment's proposal.
func SittingOf(c Commitment) casework.Sitting {
	return casework.Sitting{Body: c.Body, Term: int(c.Term), Session: int(c.Session)}
}

// An Urge is a demand of an oversight office with the names of those concerned.
type Urge = db.UrgesRow

// A KeepingAnswerRow is what a proposer said of a promise judged kept, with names.
type KeepingAnswerRow = db.KeepingAnswersRow

// CommitmentDay is the day by which lists are ordered: the day agreed, else the
// one that the letter's words name, else none.
func CommitmentDay(c Commitment) casework.Date {
	if !c.Commitment.Due.IsZero() {
		return c.Commitment.Due
	}
	return c.Commitment.WordsDue
}

// A CommitmentView is a commitment with its history and what its reader may do.
type CommitmentView struct {
	Commitment
	Progress   []db.ProgressOfRow
	Files      map[int64][]File // that its reader may read, by the line that they belong to
	DueChanges []db.DueChangesRow
	Deadlines  []DeadlineView
	Urges      []Urge
	Answers    []KeepingAnswerRow
	Silent     []db.Proposer // have not said whether it is kept
	Moves      []casework.CommitmentAct
}

// ViewCommitment returns one commitment of a proposal that u may see.
func (d *DB) ViewCommitment(ctx context.Context, u casework.User, id int64) (CommitmentView, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (v CommitmentView, err error) {
		if v.Commitment, err = q.Commitment(ctx, tx, id); err != nil {
			return v, found(err, "commitment", id)
		}
		c := v.Commitment.Commitment
		// In this transaction: a second connection could be one that waits for ours.
		_, s, err := seen(ctx, tx, u, c.ProposalID)
		if err != nil {
			return v, fmt.Errorf("commitment %d: %w", id, err)
		}
		standing, err := commitmentStanding(ctx, tx, c, s)
		if err != nil {
			return v, err
		}
		v.Moves = u.CommitmentMoves(standing)
		if v.Files, err = filesOf(ctx, tx, u, s, id); err != nil {
			return v, err
		}
		if v.Deadlines, err = d.deadlines(ctx, tx, c.ProposalID, id); err != nil {
			return v, err
		}
		return v, v.load(ctx, tx, u, s)
	})
}

// load reads what hangs on a commitment. Of what proposers said of it, a
// proposer reads only their own words.
func (v *CommitmentView) load(ctx context.Context, tx pgx.Tx, u casework.User, s casework.Standing) (err error) {
	id := v.Commitment.Commitment.ID
	if v.Progress, err = q.ProgressOf(ctx, tx, id); err != nil {
		return err
	}
	if v.DueChanges, err = q.DueChanges(ctx, tx, id); err != nil {
		return err
	}
	if v.Urges, err = q.Urges(ctx, tx, id); err != nil {
		return err
	}
	if v.Answers, err = q.KeepingAnswers(ctx, tx, id); err != nil {
		return err
	}
	if v.Commitment.Commitment.State == casework.Kept {
		if v.Silent, err = q.SilentProposers(ctx, tx, id, delegateID(u)); err != nil {
			return err
		}
	}
	if !u.SeesContacts(s) {
		v.Answers = slices.DeleteFunc(v.Answers, func(a KeepingAnswerRow) bool { return a.ProposerUser != u.ID })
		v.hideWords()
	}
	return nil
}

// hideWords leaves out what proposers do not read: what another of them said, and
// what goes on between people and offices. That it does they read.
func (v *CommitmentView) hideWords() {
	for i, g := range v.Progress {
		if slices.Contains(hiddenLines, g.Progress.Kind) {
			v.Progress[i].Progress.Text = ""
		}
	}
	for i := range v.Urges {
		v.Urges[i].Urge.Text, v.Urges[i].Urge.Answer = "", ""
	}
}

// hiddenLines are the lines whose words proposers do not read.
var hiddenLines = []string{
	"said_kept", "said_not_kept", "offered", "offer_withdrawn", "taken_over", "declined", "urged", "urge_received", "urge_answered",
}

// commitmentStanding reads what rights in a commitment depend on.
func commitmentStanding(ctx context.Context, tx db.DBTX, c db.Commitment, s casework.Standing) (casework.CommitmentStanding, error) {
	r, err := q.CommitmentStanding(ctx, tx, c.ID)
	return casework.CommitmentStanding{
		State: c.State, OwnerID: orZero(c.OwnerID), OfferedTo: orZero(c.OfferedTo), ReportedBy: orZero(c.DoneBy),
		Unreceived: r.Unreceived, Unanswered: r.Unanswered, Unasked: r.Unasked, Unspoken: r.Unspoken, Spoken: r.Spoken, Contested: c.Contested, Proposal: s,
	}, err
}

// keep does verb to a commitment: locks its proposal and then itself, asks
// casework, lets f change the row, writes it and records the event.
func (d *DB) keep(ctx context.Context, c Call, verb casework.CommitmentVerb, f func(tx pgx.Tx, m *move, row *db.Commitment) error) (Commitment, error) {
	return d.keepAs(ctx, c, func(db.Commitment) casework.CommitmentVerb { return verb }, f)
}

// keepAs is keep where the row, once locked, says which verb is meant.
func (d *DB) keepAs(ctx context.Context, c Call, meant func(db.Commitment) casework.CommitmentVerb, f func(tx pgx.Tx, m *move, row *db.Commitment) error) (Commitment, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (Commitment, error) {
		_, fresh, err := d.once(ctx, tx, c, func() (int64, error) { return c.ID, d.keepOnce(ctx, tx, c, meant, f) })
		if err != nil {
			return Commitment{}, err
		}
		now, err := q.Commitment(ctx, tx, c.ID)
		if err == nil && !fresh { // who did it may see it no longer
			_, _, err = seen(ctx, tx, c.User, now.Commitment.ProposalID)
		}
		if err != nil {
			return Commitment{}, err
		}
		return now, nil
	})
}

func (d *DB) keepOnce(ctx context.Context, tx pgx.Tx, c Call, meant func(db.Commitment) casework.CommitmentVerb, f func(tx pgx.Tx, m *move, row *db.Commitment) error) error {
	before, err := q.Commitment(ctx, tx, c.ID)
	if err != nil {
		return found(err, "commitment", c.ID)
	}
	m, err := d.lock(ctx, tx, before.Commitment.ProposalID)
	if err != nil {
		return err
	}
	m.by = c.User
	row, err := q.LockCommitment(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if !c.User.Sees(m.s) {
		return found(pgx.ErrNoRows, "commitment", c.ID)
	}
	if c.Version != 0 && c.Version != row.Version {
		return &casework.StaleError{Present: row.Version}
	}
	standing, err := commitmentStanding(ctx, tx, row, m.s)
	if err != nil {
		return err
	}
	verb := meant(row)
	if row.State, err = c.User.DoCommitment(verb, standing); err != nil {
		return err
	}
	if err := f(tx, m, &row); err != nil {
		return err
	}
	if err := saveCommitment(ctx, tx, row); err != nil {
		return err
	}
	if err := d.record(ctx, tx, &m.p, c.User, casework.Verb(verb), m.note); err != nil {
		return err
	}
	return d.tellKeeper(ctx, tx, c.User, casework.Verb(verb), m, row)
}

// saveCommitment writes what became of a commitment.
func saveCommitment(ctx context.Context, tx pgx.Tx, row db.Commitment) error {
	return q.UpdateCommitment(ctx, tx, db.UpdateCommitmentParams{
		ID: row.ID, State: row.State, OwnerID: row.OwnerID, Deliverable: row.Deliverable, Criterion: row.Criterion,
		FirstDue: row.FirstDue, Due: row.Due, EndReason: row.EndReason, Evidence: row.Evidence, DoneDay: row.DoneDay,
		JudgedBy: row.JudgedBy, ToldDay: row.ToldDay, ToldHow: row.ToldHow, DivisionID: row.DivisionID, OfferedTo: row.OfferedTo,
		FollowYear: row.FollowYear, Slips: row.Slips, Keepings: row.Keepings, ReportedAt: row.ReportedAt, Contested: row.Contested,
		SignedBy: row.SignedBy, SignedDay: row.SignedDay, DoneBy: row.DoneBy,
	})
}

// progress adds a line to what became of a commitment, about today unless it
// names a day.
func (d *DB) progress(ctx context.Context, tx pgx.Tx, u casework.User, row *db.Commitment, g db.CreateProgressParams) error {
	g.CommitmentID, g.State, g.AuthorID, g.At = row.ID, row.State, orNull(u.ID), d.now()
	if g.Day.IsZero() {
		g.Day = d.Today()
	}
	return q.CreateProgress(ctx, tx, g)
}

// changeDue moves a commitment's day and keeps the one before.
func (d *DB) changeDue(ctx context.Context, tx pgx.Tx, c Call, row *db.Commitment, n DayChange) error {
	if n.Due.Before(d.Today()) {
		return casework.Invalid("due", "应为今天或以后")
	}
	if err := casework.CheckDay("due", n.Due); err != nil {
		return err
	}
	before := row.Due
	row.Due = n.Due
	if n.Due.After(before) {
		row.Slips++
	}
	return q.CreateDueChange(ctx, tx, db.CreateDueChangeParams{
		CommitmentID: c.ID, Before: before, After: n.Due, Reason: n.Reason, AgreedBy: n.AgreedBy, AuthorID: c.User.ID, At: d.now(),
	})
}
