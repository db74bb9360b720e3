package postgres

import (
	"cmp"
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// Counts are how many commitments there are in each group.
type Counts struct {
	Groups map[casework.CommitmentGroup]int32
	Ages   map[casework.OverdueAge]int32
}

// An OrganCounts is what one organ has to look after.
type OrganCounts struct {
	OrganID int64
	Organ   string
	Counts
	Owners        []OwnerCount // with the most overdue, at most five
	OtherOwners   int32        // who have something overdue
	OthersOverdue int32
}

// An OwnerCount is how many overdue commitments one person has.
type OwnerCount struct {
	OwnerID int64
	Owner   string
	Overdue int32
}

// A Board is what must be looked after, all together and by organ.
type Board struct {
	Day casework.Date
	Counts
	Slips  []casework.Slip
	Organs []OrganCounts // the most overdue first
	More   bool          // organs than those
}

// CountCommitments counts what u oversees or, of staff, what u's organ has: of one
// organ and of one kind where these are given, all together and by those organs that
// have the most overdue. It counts as [DB.ListCommitments] lists.
func (d *DB) CountCommitments(ctx context.Context, u casework.User, organ int64, kind casework.Kind) (Board, error) {
	b := Board{Day: d.Today(), Counts: newCounts()}
	kinds, organ, some := countable(u, organ, kind)
	if !some {
		return b, nil
	}
	if err := d.countGroups(ctx, &b, kinds, orNull(organ)); err != nil {
		return b, err
	}
	if err := d.countOwners(ctx, &b, kinds); err != nil {
		return b, err
	}
	var err error
	b.Slips, err = d.slips(ctx, kinds, organ)
	return b, err
}

// slips counts by how many days commitments were put off.
func (d *DB) slips(ctx context.Context, kinds []string, organ int64) (out []casework.Slip, err error) {
	if organ == 0 {
		all, err := q.SlipCounts(ctx, d.conn, kinds)
		for _, r := range all {
			out = append(out, casework.Slip{Days: int(r.Days), Count: int(r.N)})
		}
		return out, err
	}
	own, err := q.SlipCountsOfOrgan(ctx, d.conn, organ, kinds)
	for _, r := range own {
		out = append(out, casework.Slip{Days: int(r.Days), Count: int(r.N)})
	}
	return out, err
}

// countable says of which kinds and of which organ, 0 for all, u may see counts,
// and whether of any at all.
func countable(u casework.User, organ int64, kind casework.Kind) (kinds []string, of int64, some bool) {
	kinds = overseen(u)
	if u.Has(casework.Admin) {
		kinds = allKinds()
	}
	if own := staffOrgan(u); len(kinds) == 0 && own != 0 && (organ == 0 || organ == own) {
		kinds, organ = allKinds(), own
	}
	if kind != "" {
		kinds = slices.DeleteFunc(kinds, func(k string) bool { return k != string(kind) })
	}
	return kinds, organ, len(kinds) > 0
}

// countGroups counts each group, all together and by organ.
func (d *DB) countGroups(ctx context.Context, b *Board, kinds []string, organ *int64) error {
	to30, to90, to180 := overdueSince(b.Day)
	rows, err := inTx(ctx, d, func(tx pgx.Tx) ([]db.GroupCountsRow, error) {
		if err := plannedAnew(ctx, tx); err != nil {
			return nil, err
		}
		return q.GroupCounts(ctx, tx, db.GroupCountsParams{
			Since30: to30, Since90: to90, Since180: to180, Today: b.Day,
			Soon: b.Day.AddDays(casework.SoonDays), Kinds: kinds, OrganID: organ, MaxOrgans: mostOrgans + 1,
		})
	})
	for _, r := range rows { // they come organ by organ
		if r.OrganID == 0 {
			b.add(r)
			continue
		}
		if len(b.Organs) == 0 || b.Organs[len(b.Organs)-1].OrganID != r.OrganID {
			b.Organs = append(b.Organs, OrganCounts{OrganID: r.OrganID, Organ: r.Organ, Counts: newCounts()})
		}
		b.Organs[len(b.Organs)-1].add(r)
	}
	slices.SortStableFunc(b.Organs, func(x, y OrganCounts) int {
		return cmp.Compare(y.Groups[casework.GroupOverdue], x.Groups[casework.GroupOverdue])
	})
	b.Organs, b.More = most(b.Organs)
	return err
}

// countOwners counts what each owner has overdue in the organs of the board.
func (d *DB) countOwners(ctx context.Context, b *Board, kinds []string) error {
	at := map[int64]*OrganCounts{}
	var ids []int64
	for i := range b.Organs {
		o := &b.Organs[i]
		at[o.OrganID] = o
		ids = append(ids, o.OrganID)
	}
	rows, err := q.OverdueOwners(ctx, d.conn, b.Day, kinds, ids)
	for _, r := range rows {
		o := at[r.OrganID]
		if r.Place > 5 {
			o.OtherOwners, o.OthersOverdue = r.People, r.Overdue
			continue
		}
		o.Owners = append(o.Owners, OwnerCount{r.OwnerID, r.Owner, r.Overdue})
	}
	return err
}

func newCounts() Counts {
	return Counts{Groups: map[casework.CommitmentGroup]int32{}, Ages: map[casework.OverdueAge]int32{}}
}

// add adds a line that counts one group.
func (c Counts) add(r db.GroupCountsRow) {
	group := casework.CommitmentGroup(r.What)
	c.Groups[group] = r.N
	if group == casework.GroupOverdue {
		c.Ages[casework.OverdueTo30], c.Ages[casework.OverdueTo90], c.Ages[casework.OverdueTo180] = r.To30, r.To90, r.To180
		c.Ages[casework.OverdueOver180] = r.N - r.To30 - r.To90 - r.To180
	}
}
