package postgres

import (
	"context"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A BoardList is a list to which a number of the overdue board leads.
type BoardList string

const (
	OverdueReplies      BoardList = "replies"
	OverduePublications BoardList = "publications"
	WaitingExtensions   BoardList = "extensions"
	WaitingReturns      BoardList = "returns"
	WaitingRedos        BoardList = "redos"
	WaitingCopies       BoardList = "copies"
)

// A BoardItem is one line of such a list.
type BoardItem struct {
	ListedProposal
	Key    int64         // tells it from others of the list
	Day    casework.Date // on which it was due, or since which it waits
	Reason string        // of a request
	Until  casework.Date // of a request for more time
}

// A BoardFilter says which lines of which list are wanted.
type BoardFilter struct {
	List       BoardList
	OrganID    int64
	Kind       casework.Kind
	OverdueAge casework.OverdueAge // of what is overdue only
	AfterDay   casework.Date       // with AfterKey, the last of the page before
	AfterKey   int64
	Limit      int32
}

// ListBoard returns the lines of a list that u may see: the most overdue first, or
// what has waited longest.
func (d *DB) ListBoard(ctx context.Context, u casework.User, f BoardFilter) ([]BoardItem, error) {
	if f.OverdueAge != "" && f.List != OverdueReplies && f.List != OverduePublications {
		return nil, casework.Invalid("overdue_age", "只用于逾期的清单，应留空")
	}
	rows, err := d.boardRows(ctx, u, f)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.proposalID
	}
	proposals, err := d.proposalsOf(ctx, d.conn, ids)
	out := make([]BoardItem, 0, len(rows))
	for _, r := range rows {
		out = append(out, BoardItem{proposals[r.proposalID], r.key, r.day, r.reason, r.until})
	}
	return out, err
}

// proposalsOf returns these proposals by id.
func (d *DB) proposalsOf(ctx context.Context, tx db.DBTX, ids []int64) (map[int64]ListedProposal, error) {
	rows, err := q.ProposalsOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]ListedProposal, len(rows))
	for i, r := range rows {
		list[i] = ListedProposal{Proposal: r.Proposal, Organ: r.Organ, Division: r.Division, Handler: r.Handler, Proposers: r.Proposers}
	}
	err = d.countDown(ctx, tx, list)
	out := make(map[int64]ListedProposal, len(list))
	for _, p := range list {
		out[p.ID] = p
	}
	return out, err
}

// A boardRow is a line of a list before its proposal is read.
type boardRow struct {
	key, proposalID int64
	day             casework.Date
	reason          string
	until           casework.Date
}

// boardRows returns the lines of a list.
func (d *DB) boardRows(ctx context.Context, u casework.User, f BoardFilter) ([]boardRow, error) {
	kinds, organ, some := countable(u, f.OrganID, f.Kind)
	if !some {
		return nil, nil
	}
	switch f.List {
	case OverdueReplies:
		rows, err := q.OverdueReplies(ctx, eachPlanned{d.conn}, db.OverdueRepliesParams(d.overdue(f, kinds, organ)))
		return rowsOf(rows, err, func(r db.OverdueRepliesRow) boardRow {
			return boardRow{key: r.ID, proposalID: r.ProposalID, day: r.Due}
		})
	case OverduePublications:
		rows, err := q.OverduePublications(ctx, eachPlanned{d.conn}, d.overdue(f, kinds, organ))
		return rowsOf(rows, err, func(r db.OverduePublicationsRow) boardRow {
			return boardRow{key: r.ID, proposalID: r.ProposalID, day: r.Due}
		})
	case WaitingExtensions:
		rows, err := q.UndecidedExtensions(ctx, eachPlanned{d.conn}, db.UndecidedExtensionsParams{AfterID: f.AfterKey, Kinds: kinds, OrganID: orNull(organ), MaxRows: f.Limit})
		return rowsOf(rows, err, func(r db.UndecidedExtensionsRow) boardRow {
			return boardRow{r.ID, r.ProposalID, d.DayOf(&r.At), r.Reason, r.Until}
		})
	case WaitingReturns:
		rows, err := q.UndecidedReturns(ctx, eachPlanned{d.conn}, db.UndecidedReturnsParams{AfterID: f.AfterKey, Kinds: kinds, OrganID: orNull(organ), MaxRows: f.Limit})
		return rowsOf(rows, err, func(r db.UndecidedReturnsRow) boardRow {
			return boardRow{key: r.ID, proposalID: r.ProposalID, day: d.DayOf(&r.At), reason: r.Reason}
		})
	case WaitingRedos:
		rows, err := q.UndecidedRedos(ctx, eachPlanned{d.conn}, db.UndecidedRedosParams{AfterID: f.AfterKey, Kinds: kinds, OrganID: orNull(organ), MaxRows: f.Limit})
		return rowsOf(rows, err, func(r db.UndecidedRedosRow) boardRow {
			return boardRow{key: r.ID, proposalID: r.ProposalID, day: d.DayOf(&r.At)}
		})
	case WaitingCopies:
		rows, err := q.UnacknowledgedCopies(ctx, eachPlanned{d.conn}, db.UnacknowledgedCopiesParams{
			AfterID: f.AfterKey, OfficeID: acknowledging(u), Kinds: kinds, OrganID: orNull(organ), MaxRows: f.Limit,
		})
		return rowsOf(rows, err, func(r db.UnacknowledgedCopiesRow) boardRow {
			return boardRow{key: r.ID, proposalID: r.ProposalID, day: d.DayOf(&r.At)}
		})
	}
	return nil, nil
}

// overdue says what a list of what is overdue asks for.
func (d *DB) overdue(f BoardFilter, kinds []string, organ int64) db.OverduePublicationsParams {
	p := db.OverduePublicationsParams{
		Last: d.Today().AddDays(-1), AfterDay: f.AfterDay, AfterID: f.AfterKey, Kinds: kinds, OrganID: orNull(organ), MaxRows: f.Limit,
	}
	if f.OverdueAge != "" {
		p.First, p.Last = f.OverdueAge.Days(d.Today())
	}
	return p
}

// acknowledging is the office for which u acknowledges copies, 0 for none: what
// waits for others to be read is nobody else's list.
func acknowledging(u casework.User) int64 {
	if u.Has(casework.Supervisor) {
		return u.OrganID
	}
	return 0
}

func rowsOf[R any](rows []R, err error, row func(R) boardRow) ([]boardRow, error) {
	out := make([]boardRow, len(rows))
	for i, r := range rows {
		out[i] = row(r)
	}
	return out, err
}
