package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A Commitment is a promise with its letter's number and the names of its organ,
// its owner and judge, and of who is to take it.
type Commitment = db.CommitmentRow

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
	DueChanges []db.DueChangesRow
	Deadlines  []DeadlineView
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
		v.Moves = u.CommitmentMoves(casework.CommitmentStanding{State: c.State, OwnerID: orZero(c.OwnerID), Proposal: s})
		if v.Progress, err = q.ProgressOf(ctx, tx, id); err != nil {
			return v, err
		}
		if v.DueChanges, err = q.DueChanges(ctx, tx, id); err != nil {
			return v, err
		}
		v.Deadlines, err = d.deadlines(ctx, tx, c.ProposalID, id)
		return v, err
	})
}

// keep does verb to a commitment: locks its proposal and then itself, asks
// casework, lets f change the row, writes it and records the event.
func (d *DB) keep(ctx context.Context, c Call, verb casework.CommitmentVerb, f func(tx pgx.Tx, m *move, row *db.Commitment) error) (Commitment, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (Commitment, error) {
		_, fresh, err := d.once(ctx, tx, c, func() (int64, error) { return c.ID, d.keepOnce(ctx, tx, c, verb, f) })
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

func (d *DB) keepOnce(ctx context.Context, tx pgx.Tx, c Call, verb casework.CommitmentVerb, f func(tx pgx.Tx, m *move, row *db.Commitment) error) error {
	before, err := q.Commitment(ctx, tx, c.ID)
	if err != nil {
		return found(err, "commitment", c.ID)
	}
	m, err := d.lock(ctx, tx, before.Commitment.ProposalID)
	if err != nil {
		return err
	}
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
	row.State, err = c.User.DoCommitment(verb, casework.CommitmentStanding{State: row.State, OwnerID: orZero(row.OwnerID), Proposal: m.s})
	if err != nil {
		return err
	}
	if err := f(tx, m, &row); err != nil {
		return err
	}
	err = q.UpdateCommitment(ctx, tx, db.UpdateCommitmentParams{
		ID: row.ID, State: row.State, OwnerID: row.OwnerID, Deliverable: row.Deliverable, Criterion: row.Criterion,
		FirstDue: row.FirstDue, Due: row.Due, EndReason: row.EndReason, Evidence: row.Evidence, DoneDay: row.DoneDay,
		JudgedBy: row.JudgedBy, ToldDay: row.ToldDay, ToldHow: row.ToldHow, DivisionID: row.DivisionID, OfferedTo: row.OfferedTo,
		FollowYear: row.FollowYear, Slips: row.Slips, Keepings: row.Keepings, ReportedAt: row.ReportedAt, Contested: row.Contested,
		SignedBy: row.SignedBy, SignedDay: row.SignedDay,
	})
	if err != nil {
		return err
	}
	if err := d.record(ctx, tx, &m.p, c.User, casework.Verb(verb), m.note); err != nil {
		return err
	}
	return d.tellOwner(ctx, tx, c.User, casework.Verb(verb), m, row)
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
