package postgres

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// upcomingDays is how far ahead notices are shown.
const upcomingDays = 30

// An Upcoming is a deadline with what will be told of it if nothing changes.
type Upcoming struct {
	db.UpcomingDeadlinesRow
	Notices []UpcomingNotice
}

// An UpcomingNotice is one moment and whom it concerns.
type UpcomingNotice struct {
	At   time.Time
	Days int
	To   []UpcomingPerson
}

// An UpcomingPerson is who will be told, and as what.
type UpcomingPerson struct {
	Name string
	As   casework.Recipient
}

// An UpcomingFilter is a page of the list.
type UpcomingFilter struct {
	After   time.Time // with AfterID, the last of the page before
	AfterID int64
	Limit   int32
}

// ListUpcoming returns what will be told in the next days of the proposals that
// u may see, soonest first.
func (d *DB) ListUpcoming(ctx context.Context, u casework.User, f UpcomingFilter) ([]Upcoming, error) {
	return inTx(ctx, d, func(tx pgx.Tx) ([]Upcoming, error) {
		now := d.now()
		until := now.AddDate(0, 0, upcomingDays)
		rows, err := q.UpcomingDeadlines(ctx, tx, db.UpcomingDeadlinesParams{
			Until: until, After: f.After, AfterID: f.AfterID, Everything: u.Has(casework.Admin), KindsOverseen: overseen(u),
			OrganID: staffOrgan(u), MaxRows: f.Limit,
		})
		if err != nil {
			return nil, err
		}
		list := make([]running, len(rows))
		for i, r := range rows {
			list[i] = running{
				ID: r.ID, Rule: r.Rule, Due: r.Due, ArmedAt: r.ArmedAt, OrganID: r.OrganID, ProposalID: r.ProposalID, Kind: r.Kind,
				HandlerID: r.HandlerID, DivisionID: r.DivisionID, Promise: r.Promise != "",
			}
		}
		w, err := d.watchOver(ctx, tx, list, until)
		if err != nil {
			return nil, err
		}
		out := make([]Upcoming, len(list))
		for i, r := range list {
			out[i] = Upcoming{rows[i], w.upcoming(r, now)}
		}
		return out, nil
	})
}

// upcoming returns what is told of the deadline after now. Rungs at one moment
// are told together.
func (w watch) upcoming(r running, now time.Time) (out []UpcomingNotice) {
	list := w.of(r)
	for i, t := range list {
		first := slices.IndexFunc(list, func(one casework.Telling) bool { return one.At.Equal(t.At) })
		hidden := i+1 < len(list) && list[i+1].At.Equal(t.At)
		if hidden || !t.At.After(now) || t.At.After(w.until) || t.At.Before(r.ArmedAt) {
			continue
		}
		t = casework.Together(list[first:i+1], math.MinInt)
		n := UpcomingNotice{At: t.At, Days: t.Days}
		for _, a := range w.told(t.Tells, r) {
			n.To = append(n.To, UpcomingPerson{a.DisplayName, a.as})
		}
		out = append(out, n)
	}
	return out
}
