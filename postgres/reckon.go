package postgres

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// calendarKey is the advisory lock of the calendar and the rules.
const calendarKey = 0x66757961_6e63616c

// holdCalendar keeps calendar and rules as they are until the transaction ends.
// Who changes them waits for it, and then finds the deadline that it started; who
// comes after a change reckons with what the change made. It comes before the
// lock of a proposal, as it does where the calendar changes.
func holdCalendar(ctx context.Context, tx pgx.Tx) error { return q.HoldCalendar(ctx, tx, calendarKey) }

// The first and the last day that any calendar has.
var (
	firstDay = casework.Date{Year: 1900, Month: time.January, Day: 1}
	lastDay  = casework.Date{Year: 2300, Month: time.January, Day: 1}
)

// calendarOf reads the calendar of these days.
func calendarOf(ctx context.Context, tx db.DBTX, first, last casework.Date) (casework.Calendar, error) {
	rows, err := q.CalendarDays(ctx, tx, first, last)
	if err != nil {
		return casework.Calendar{}, err
	}
	list := make([]casework.CalendarDay, len(rows))
	for i, r := range rows {
		list[i] = casework.CalendarDay(r)
	}
	years, err := q.CalendarYears(ctx, tx)
	whole := make([]int, len(years))
	for i, y := range years {
		whole[i] = int(y)
	}
	return casework.NewCalendar(list, whole), err
}

// ruleOf returns a row as casework knows it.
func ruleOf(r db.DeadlineRule) casework.Rule {
	return casework.Rule{
		Code: r.Code, Kind: r.Kind, Name: r.Name, Trigger: r.Trigger, Amount: int(r.Amount), Unit: r.Unit, YearDay: r.YearDay,
		Basis: r.Basis, Confirmed: r.Confirmed, From: r.ValidFrom, Note: r.Note,
	}
}

// termOf asks the rule that holds on the trigger day. The caller holds the
// calendar.
func (d *DB) termOf(ctx context.Context, tx pgx.Tx, k casework.Kind, code string, trigger casework.Date, pauses ...casework.Pause) (term, error) {
	row, err := q.Rule(ctx, tx, code, k, trigger)
	if errors.Is(err, pgx.ErrNoRows) {
		err = casework.Invalid("handed_over", "这一天没有适用的时限规定")
	}
	if err != nil {
		return term{}, err
	}
	rule := ruleOf(row)
	var calendar casework.Calendar
	if rule.Unit == casework.WorkingDays {
		if calendar, err = calendarOf(ctx, tx, trigger, lastDay); err != nil {
			return term{}, err
		}
	}
	due, err := rule.Due(trigger, calendar, casework.Strict, pauses...)
	return term{rule, trigger, due}, err
}

// A DeadlineQuestion asks what a rule makes of a day.
type DeadlineQuestion struct {
	Code string
	Kind casework.Kind
	From casework.Date
	Mode casework.Mode
}

// ComputeDeadline reckons the rule that holds on the day and says why. Nothing is
// stored.
func (d *DB) ComputeDeadline(ctx context.Context, n DeadlineQuestion) (casework.Reckoning, db.DeadlineRule, error) {
	if err := casework.CheckDay("from", n.From); err != nil {
		return casework.Reckoning{}, Rule{}, err
	}
	row, err := q.Rule(ctx, d.conn, n.Code, n.Kind, n.From)
	if errors.Is(err, pgx.ErrNoRows) {
		return casework.Reckoning{}, row, d.unknownRule(ctx, n)
	}
	if err != nil {
		return casework.Reckoning{}, row, err
	}
	calendar, err := calendarOf(ctx, d.conn, n.From, lastDay)
	if err != nil {
		return casework.Reckoning{}, row, err
	}
	r, err := ruleOf(row).Explain(n.From, calendar, n.Mode)
	return r, row, err
}

// unknownRule says which rules there are, or from when on the one asked for.
func (d *DB) unknownRule(ctx context.Context, n DeadlineQuestion) error {
	rows, err := q.Rules(ctx, d.conn)
	if err != nil {
		return err
	}
	var known []string
	for _, r := range slices.Backward(rows) { // the oldest of each first
		switch {
		case r.Kind != n.Kind:
		case r.Code == n.Code:
			return casework.Invalid("from", "应在%s或以后，此前没有适用的时限规定", r.ValidFrom.Chinese())
		case r.Unit != casework.NoUnit && !slices.Contains(known, r.Code):
			known = append(known, r.Code)
		}
	}
	slices.Sort(known)
	return casework.Invalid("rule", "应为这一类别的时限规定之一：%s", strings.Join(known, " "))
}

// An Explanation is why a deadline falls on its day.
type Explanation struct {
	Deadline DeadlineView
	Proposal ListedProposal
	Steps    []casework.Step
}

// ExplainDeadline says why a deadline of a proposal that u may see falls on its
// day, by the calendar as it now is.
func (d *DB) ExplainDeadline(ctx context.Context, u casework.User, id int64) (Explanation, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (e Explanation, err error) {
		row, err := q.Deadline(ctx, tx, id)
		if err != nil {
			return e, found(err, "deadline", id)
		}
		_, s, err := seen(ctx, tx, u, row.Deadline.ProposalID)
		if err != nil {
			return e, err
		}
		if e.Proposal, err = d.listed(ctx, tx, row.Deadline.ProposalID); err != nil {
			return e, err
		}
		list := []DeadlineView{{Deadline: row.Deadline, Organ: row.Organ}}
		if err := d.complement(ctx, tx, list); err != nil {
			return e, err
		}
		if list = shownTo(u, s, list); len(list) == 0 {
			return e, found(pgx.ErrNoRows, "deadline", id)
		}
		e.Deadline = list[0]
		e.Steps, err = stepsOf(ctx, tx, e.Proposal.Kind, e.Deadline)
		return e, err
	})
}

// stepsOf explains a deadline: by its rule, or by what was agreed.
func stepsOf(ctx context.Context, tx pgx.Tx, k casework.Kind, v DeadlineView) ([]casework.Step, error) {
	agreed := casework.Agreement{
		Promise: v.Rule == casework.Commitment, Basis: v.Basis, Trigger: v.TriggerDay, First: v.FirstDue, Due: v.Due,
		Provisional: v.Provisional, Paused: v.Paused, Met: v.Met, Ended: v.Ended,
	}
	for _, g := range v.Changes {
		agreed.Changes = append(agreed.Changes, casework.DayChange{
			Cause: g.Cause, Before: g.Before, After: g.After, Pause: casework.Pause{From: g.Since, To: g.Until}, Met: g.Met, Reason: g.Reason,
		})
	}
	if agreed.Promise || v.RuleFrom.IsZero() {
		return agreed.Explain(), nil
	}
	row, err := q.RuleFrom(ctx, tx, v.Rule, k, v.RuleFrom)
	if err != nil {
		return nil, err
	}
	calendar, err := calendarOf(ctx, tx, v.TriggerDay, lastDay)
	if err != nil {
		return nil, err
	}
	return agreed.ExplainBy(ruleOf(row), calendar)
}

// pausesOf returns the pauses that have ended among a deadline's changes.
func pausesOf(changes []db.DeadlineChange) []casework.Pause {
	var out []casework.Pause
	for _, g := range changes {
		if g.Cause == "resume" {
			out = append(out, casework.Pause{From: g.Since, To: g.Until})
		}
	}
	return out
}
