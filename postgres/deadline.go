package postgres

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A term is what a rule says of one trigger day.
type term struct {
	rule    casework.Rule
	trigger casework.Date
	casework.Due
}

// ownRules are the rules of a proposal's own deadlines: all but its promises'.
var ownRules = []string{
	casework.RuleReply, casework.RuleReturn, casework.RuleOpinion, casework.RuleRedo, casework.RulePublish, casework.RuleFeedback,
}

func without(list []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == one })
}

// start starts a deadline of p that organ must meet.
func (d *DB) start(ctx context.Context, tx pgx.Tx, p Proposal, organID int64, t term) error {
	return q.CreateDeadline(ctx, tx, db.CreateDeadlineParams{
		ProposalID: p.ID, Rule: t.rule.Code, RuleFrom: t.rule.From, Name: t.rule.Name, Basis: t.rule.Basis,
		Unit: t.rule.Unit, Amount: int32(t.rule.Amount), Round: p.Round, OrganID: organID,
		TriggerDay: t.trigger, Due: t.Day, Provisional: t.Provisional, Now: d.now(),
	})
}

// follow starts the deadline of a promise, whose day was agreed. Its basis is the
// letter that makes it, its round that letter's.
func (d *DB) follow(ctx context.Context, tx pgx.Tx, m *move, row *db.Commitment, from casework.Date) error {
	l, err := q.LetterRound(ctx, tx, row.LetterID)
	if err != nil {
		return err
	}
	return q.CreateDeadline(ctx, tx, db.CreateDeadlineParams{
		ProposalID: m.p.ID, Rule: casework.Commitment, Name: "承诺事项", Basis: l.DocumentNumber, Unit: casework.NoUnit,
		Round: l.Round, OrganID: m.p.OrganID, CommitmentID: &row.ID, TriggerDay: from, Due: row.Due, Now: d.now(),
	})
}

// awaitAnswer starts the deadline of the answer to an urge, whose number is its
// basis.
func (d *DB) awaitAnswer(ctx context.Context, tx pgx.Tx, m *move, urge db.Urge) error {
	return q.CreateDeadline(ctx, tx, db.CreateDeadlineParams{
		ProposalID: m.p.ID, Rule: casework.UrgeAnswer, Name: "催办答复", Basis: urge.DocumentNumber, Unit: casework.NoUnit,
		Round: m.p.Round, OrganID: m.p.OrganID, CommitmentID: &urge.CommitmentID, TriggerDay: d.Today(), Due: urge.AnswerBy, Now: d.now(),
	})
}

// meet says that the open deadline of an organ, if there is one, was met on the
// day. One that rested has the days of its pause first.
func (d *DB) meet(ctx context.Context, tx pgx.Tx, m *move, code string, organID int64, day casework.Date) error {
	rows, err := q.RestingDeadlines(ctx, tx, m.p.ID, []string{code}, &organID)
	if err != nil {
		return err
	}
	if err := d.wake(ctx, tx, m, rows, resumption{day, "已完成，暂停随之结束"}); err != nil {
		return err
	}
	return q.MeetDeadline(ctx, tx, db.MeetDeadlineParams{Met: day, ProposalID: m.p.ID, Rule: code, OrganID: organID})
}

// end ends, unmet, what is open by these rules, whichever organ should have met
// it.
func (d *DB) end(ctx context.Context, tx pgx.Tx, m *move, rules ...string) error {
	rows, err := q.RestingDeadlines(ctx, tx, m.p.ID, rules, nil)
	if err != nil {
		return err
	}
	if err := d.wake(ctx, tx, m, rows, resumption{d.Today(), "已终止，暂停随之结束"}); err != nil {
		return err
	}
	return q.EndDeadlines(ctx, tx, d.Today(), m.p.ID, rules)
}

// A shift is a decision that moves a deadline.
type shift struct {
	due    casework.Date
	cause  string // as in deadline_changes
	reason string
	by     casework.User
}

// moveTo moves the open deadline of a rule that the proposal's own organ must
// meet.
func (d *DB) moveTo(ctx context.Context, tx pgx.Tx, m *move, code string, s shift) error {
	row, err := q.OpenDeadline(ctx, tx, m.p.ID, code, m.p.OrganID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.shift(ctx, tx, row, s)
}

// moveCommitment moves the deadline of a promise.
func (d *DB) moveCommitment(ctx context.Context, tx pgx.Tx, row *db.Commitment, s shift) error {
	open, err := q.OpenCommitment(ctx, tx, &row.ID)
	if err != nil {
		return err
	}
	return d.shift(ctx, tx, open, s)
}

// reopen lets the deadline of a promise run again that was not kept after all.
func (d *DB) reopen(ctx context.Context, tx pgx.Tx, row *db.Commitment, by casework.User, reason string) error {
	last, err := q.LatestOfCommitment(ctx, tx, &row.ID)
	if err != nil {
		return err
	}
	if err := q.ReopenDeadline(ctx, tx, d.now(), last.ID); err != nil {
		return err
	}
	return q.CreateDeadlineChange(ctx, tx, db.CreateDeadlineChangeParams{
		DeadlineID: last.ID, Cause: "reopened", Before: last.Due, After: last.Due, Met: last.Met, Reason: reason,
		AuthorID: orNull(by.ID), Author: by.Name, At: d.now(),
	})
}

func (d *DB) shift(ctx context.Context, tx pgx.Tx, row db.Deadline, s shift) error {
	if err := q.MoveDeadline(ctx, tx, s.due, d.now(), row.ID); err != nil {
		return err
	}
	return q.CreateDeadlineChange(ctx, tx, db.CreateDeadlineChangeParams{
		DeadlineID: row.ID, Cause: s.cause, Before: row.Due, After: s.due, Reason: s.reason,
		AuthorID: orNull(s.by.ID), Author: s.by.Name, At: d.now(),
	})
}

// A DeadlineView is a deadline with how far it is and how it moved.
type DeadlineView struct {
	db.Deadline
	Organ string
	Left  int // working days after today; 0 where it does not run
	// LeftProvisional says that Left counts days of a year whose calendar is not
	// published.
	LeftProvisional bool
	Changes         []db.DeadlineChange
}

// Runs reports whether somebody must still meet the deadline, and it is not
// paused.
func (v DeadlineView) Runs() bool { return v.Met.IsZero() && v.Ended.IsZero() && v.Paused.IsZero() }

// deadlines returns those of a proposal's own, or those of one of its promises.
func (d *DB) deadlines(ctx context.Context, tx db.DBTX, proposalID, commitmentID int64) ([]DeadlineView, error) {
	rows, err := q.Deadlines(ctx, tx, proposalID, commitmentID)
	if err != nil {
		return nil, err
	}
	out := make([]DeadlineView, len(rows))
	for i, r := range rows {
		out[i] = DeadlineView{Deadline: r.Deadline, Organ: r.Organ}
	}
	return out, d.complement(ctx, tx, out)
}

// shownTo leaves out what u may not know of the deadlines: those that go on
// between offices, and who moved one and why. How a promise moved is public.
func shownTo(u casework.User, s casework.Standing, list []DeadlineView) []DeadlineView {
	if u.SeesContacts(s) {
		return list
	}
	list = slices.DeleteFunc(list, func(v DeadlineView) bool { return slices.Contains(hiddenRules, v.Rule) })
	for _, v := range list {
		for i := range v.Changes {
			if g := &v.Changes[i]; v.CommitmentID == nil {
				g.Reason, g.AuthorID, g.Author = "", nil, ""
			}
		}
	}
	return list
}

// complement adds what the rows of deadlines do not say themselves.
func (d *DB) complement(ctx context.Context, tx db.DBTX, list []DeadlineView) error {
	ids := make([]int64, len(list))
	today := d.Today()
	first, last := today, today
	for i, v := range list {
		ids[i] = v.ID
		if v.Runs() && v.Due.Before(first) {
			first = v.Due
		}
		if v.Runs() && v.Due.After(last) {
			last = v.Due
		}
	}
	changes, err := q.DeadlineChanges(ctx, tx, ids)
	for i := range list {
		for _, g := range changes {
			if g.DeadlineID == list[i].ID {
				list[i].Changes = append(list[i].Changes, g)
			}
		}
	}
	if err != nil || first == last { // nothing runs, or it is due today
		return err
	}
	calendar, err := calendarOf(ctx, tx, first, last)
	for i := range list {
		if v := &list[i]; v.Runs() {
			left := calendar.Left(today, v.Due)
			v.Left, v.LeftProvisional = left.Days, left.Provisional
		}
	}
	return err
}
