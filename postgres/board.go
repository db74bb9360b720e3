package postgres

import (
	"cmp"
	"context"
	"slices"

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
}

// CountCommitments counts what u oversees or, of staff, what u's organ has: of one
// organ and of one kind where these are given. It counts as [DB.ListCommitments]
// lists.
func (d *DB) CountCommitments(ctx context.Context, u casework.User, organ int64, kind casework.Kind) (Board, error) {
	b := Board{Day: d.Today(), Counts: newCounts()}
	kinds, organ, some := countable(u, organ, kind)
	if !some {
		return b, nil
	}
	byOrgan := map[int64]*OrganCounts{}
	if err := d.countOverdue(ctx, byOrgan, kinds, orNull(organ)); err != nil {
		return b, err
	}
	groups, err := q.GroupCounts(ctx, d.conn, db.GroupCountsParams{
		Today: b.Day, Soon: b.Day.AddDays(casework.SoonDays), Kinds: kinds, OrganID: orNull(organ),
	})
	if err != nil {
		return b, err
	}
	for _, r := range groups {
		organIn(byOrgan, r.OrganID, r.Organ).Groups[casework.CommitmentGroup(r.What)] = r.N
	}
	b.Slips, err = d.slips(ctx, kinds, organ)
	b.sum(byOrgan)
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

// countOverdue counts what is overdue by organ and owner.
func (d *DB) countOverdue(ctx context.Context, byOrgan map[int64]*OrganCounts, kinds []string, organ *int64) error {
	today := d.Today()
	since := map[casework.OverdueAge]casework.Date{}
	for _, a := range casework.OverdueAges {
		since[a], _ = a.Days(today)
	}
	rows, err := q.OverdueCounts(ctx, d.conn, db.OverdueCountsParams{
		Since30: since[casework.OverdueTo30], Since90: since[casework.OverdueTo90], Since180: since[casework.OverdueTo180],
		Today: today, Kinds: kinds, OrganID: organ,
	})
	for _, r := range rows {
		o := organIn(byOrgan, r.OrganID, r.Organ)
		o.Groups[casework.GroupOverdue] += r.Overdue
		o.Ages[casework.OverdueTo30] += r.To30
		o.Ages[casework.OverdueTo90] += r.To90
		o.Ages[casework.OverdueTo180] += r.To180
		o.Ages[casework.OverdueOver180] += r.Overdue - r.To30 - r.To90 - r.To180
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

func organIn(byOrgan map[int64]*OrganCounts, id int64, name string) *OrganCounts {
	o, ok := byOrgan[id]
	if !ok {
		o = &OrganCounts{OrganID: id, Organ: name, Counts: newCounts()}
		byOrgan[id] = o
	}
	return o
}

// sum adds the organs up and puts them in order.
func (b *Board) sum(byOrgan map[int64]*OrganCounts) {
	for _, o := range byOrgan {
		b.Organs = append(b.Organs, *o)
		for group, n := range o.Groups {
			b.Groups[group] += n
		}
		for age, n := range o.Ages {
			b.Ages[age] += n
		}
	}
	slices.SortFunc(b.Organs, func(x, y OrganCounts) int {
		overdue := casework.GroupOverdue
		return cmp.Or(cmp.Compare(y.Groups[overdue], x.Groups[overdue]), cmp.Compare(x.OrganID, y.OrganID))
	})
}
