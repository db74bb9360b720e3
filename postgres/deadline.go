package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A term is what a rule says of one trigger day.
type term struct {
	rule    db.DeadlineRule
	trigger casework.Date
	casework.Due
}

// start starts a deadline of p that organ must meet.
func (d *DB) start(ctx context.Context, tx pgx.Tx, p Proposal, organID int64, t term) error {
	return q.CreateDeadline(ctx, tx, db.CreateDeadlineParams{
		ProposalID: p.ID, Rule: t.rule.Code, Name: t.rule.Name, Basis: t.rule.Basis, Round: p.Round, OrganID: organID,
		TriggerDay: t.trigger, Due: t.Day, Provisional: t.Provisional, Now: d.now(),
	})
}

// termOf asks the rule that holds on the trigger day.
func termOf(ctx context.Context, tx pgx.Tx, k casework.Kind, code string, trigger casework.Date) (term, error) {
	row, err := q.Rule(ctx, tx, code, k, trigger)
	if errors.Is(err, pgx.ErrNoRows) {
		err = casework.Invalid("handed_over", "这一天没有适用的时限规定")
	}
	if err != nil {
		return term{}, err
	}
	rule := casework.Rule{Code: row.Code, Kind: row.Kind, Amount: int(row.Amount), Unit: row.Unit}
	var calendar casework.Calendar
	if rule.Unit == casework.WorkingDays {
		days, err := q.CalendarDays(ctx, tx)
		if err != nil {
			return term{}, err
		}
		list := make([]casework.CalendarDay, len(days))
		for i, day := range days {
			list[i] = casework.CalendarDay{Day: day.Day, Off: day.Off}
		}
		calendar = casework.NewCalendar(list)
	}
	due, err := rule.Due(trigger, calendar)
	return term{row, trigger, due}, err
}

// meet says that the open deadline, if there is one, was met on the day.
func (d *DB) meet(ctx context.Context, tx pgx.Tx, p Proposal, code string, organID int64, day casework.Date) error {
	return q.MeetDeadline(ctx, tx, db.MeetDeadlineParams{Met: day, ProposalID: p.ID, Rule: code, OrganID: organID})
}
