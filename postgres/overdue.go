package postgres

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A Tally says how many are overdue by age, in the order of [casework.OverdueAges].
type Tally [4]int32

// Overdue is how much is late of each sort.
type Overdue struct{ Replies, Promises, Publications Tally }

// Sum is how many there are of all.
func (o Overdue) Sum() int32 { return o.Replies.Sum() + o.Promises.Sum() + o.Publications.Sum() }

// Sum is how many there are of all ages.
func (t Tally) Sum() (n int32) {
	for _, of := range t {
		n += of
	}
	return n
}

// add adds a line that counts one sort of what one organ has.
func (o *Overdue) add(r db.OverdueByOrganRow) {
	of := &o.Publications
	switch r.What {
	case "reply":
		of = &o.Replies
	case "promise":
		of = &o.Promises
	}
	for i, n := range []int32{r.To30, r.To90, r.To180, r.Over180} {
		of[i] += n
	}
}

// An OrganOverdue is what one organ has that is late.
type OrganOverdue struct {
	OrganID int64
	Organ   string
	Overdue
}

// An OverdueBoard is what is late, all together and by organ, and what waits for
// an oversight office.
type OverdueBoard struct {
	Day     casework.Date
	Total   Overdue
	Organs  []OrganOverdue // the most overdue first
	More    bool           // organs than those
	Waiting map[BoardList]int32
}

// mostWaiting is how many of a list of what waits are counted.
const mostWaiting = 1000

// CountOverdue counts what u oversees or, of staff, what u's organ has: of one organ
// and of one kind where these are given, all together and by those organs that have
// the most. It counts as [DB.ListBoard] and [DB.ListCommitments] list.
func (d *DB) CountOverdue(ctx context.Context, u casework.User, organ int64, kind casework.Kind) (OverdueBoard, error) {
	b := OverdueBoard{Day: d.Today(), Waiting: map[BoardList]int32{}}
	kinds, of, some := countable(u, organ, kind)
	if !some {
		return b, nil
	}
	rows, err := d.overdueByOrgan(ctx, kinds, of, mostOrgans+1)
	if err != nil {
		return b, err
	}
	for _, r := range rows { // they come organ by organ
		if r.OrganID == 0 {
			b.Total.add(r)
			continue
		}
		if len(b.Organs) == 0 || b.Organs[len(b.Organs)-1].OrganID != r.OrganID {
			b.Organs = append(b.Organs, OrganOverdue{OrganID: r.OrganID, Organ: r.Organ})
		}
		b.Organs[len(b.Organs)-1].add(r)
	}
	slices.SortStableFunc(b.Organs, func(x, y OrganOverdue) int { return cmp.Compare(y.Sum(), x.Sum()) })
	b.Organs, b.More = most(b.Organs)
	w, err := q.WaitingCounts(ctx, eachPlanned{d.conn}, db.WaitingCountsParams{
		Kinds: kinds, OrganID: orNull(of), Most: mostWaiting, OfficeID: acknowledging(u),
	})
	b.Waiting[WaitingExtensions], b.Waiting[WaitingReturns] = w.Extensions, w.Returns
	b.Waiting[WaitingRedos], b.Waiting[WaitingCopies] = w.Redos, w.Copies
	return b, err
}

// OverdueNow is how much is late in all.
func (d *DB) OverdueNow(ctx context.Context) (Overdue, error) {
	rows, err := d.overdueByOrgan(ctx, allKinds(), 0, 0)
	var total Overdue
	for _, r := range rows {
		total.add(r)
	}
	return total, err
}

// overdueByOrgan reads what is late today, of all organs or of one: together, and of
// so many organs that have the most.
func (d *DB) overdueByOrgan(ctx context.Context, kinds []string, of int64, organs int32) ([]db.OverdueByOrganRow, error) {
	today := d.Today()
	to30, to90, to180 := overdueSince(today)
	return q.OverdueByOrgan(ctx, eachPlanned{d.conn}, db.OverdueByOrganParams{
		Since30: to30, Since90: to90, Since180: to180, Today: today, Kinds: kinds, OrganID: orNull(of), MaxOrgans: organs,
	})
}

// overdueSince are the first days on which what fell due is at most so many days late.
func overdueSince(today casework.Date) (to30, to90, to180 casework.Date) {
	to30, _ = casework.OverdueTo30.Days(today)
	to90, _ = casework.OverdueTo90.Days(today)
	to180, _ = casework.OverdueTo180.Days(today)
	return to30, to90, to180
}

// eachPlanned has each query planned for what it asks: what one organ has is found by
// another index than what all have.
type eachPlanned struct{ db.DBTX }

// Query runs a query.
func (p eachPlanned) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	return p.DBTX.Query(ctx, sql, append([]any{pgx.QueryExecModeCacheDescribe}, args...)...)
}

// QueryRow runs a query for one row.
func (p eachPlanned) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return p.DBTX.QueryRow(ctx, sql, append([]any{pgx.QueryExecModeCacheDescribe}, args...)...)
}
