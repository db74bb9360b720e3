package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A running deadline is one with what decides who is told of it.
type running = db.DueDeadlinesRow

// A person can be told something.
type person = db.TellableRow

type ladderKey struct {
	code    string
	organID int64 // 0 for all that have none of their own
}

type tellingKey struct {
	ladder ladderKey
	due    casework.Date
}

// A watch knows who is told of some deadlines, and when.
type watch struct {
	hours     casework.Hours
	until     time.Time
	ladders   map[ladderKey]casework.Ladder
	tellings  map[tellingKey][]casework.Telling
	people    people
	proposers map[int64][]int64 // by proposal, the accounts of those who have not given their feedback
}

// watchOver gathers what a watch over these deadlines up to a moment must know.
func (d *DB) watchOver(ctx context.Context, tx pgx.Tx, rows []running, until time.Time) (w watch, err error) {
	w = watch{until: until, tellings: map[tellingKey][]casework.Telling{}, proposers: map[int64][]int64{}}
	if w.hours, err = d.hours(ctx, tx); err != nil {
		return w, err
	}
	var organs, divisions, users, asked []int64
	for _, r := range rows {
		organs, divisions, users = append(organs, r.OrganID), append(divisions, r.DivisionID), append(users, r.HandlerID)
		if r.Rule == casework.RuleFeedback {
			asked = append(asked, r.ProposalID)
		}
	}
	if len(asked) > 0 {
		accounts, err := q.SilentAccounts(ctx, tx, asked)
		if err != nil {
			return w, err
		}
		for _, a := range accounts {
			w.proposers[a.ProposalID] = append(w.proposers[a.ProposalID], a.UserID)
			users = append(users, a.UserID)
		}
	}
	slices.Sort(organs)
	organs = slices.Compact(organs)
	if w.ladders, err = laddersOf(ctx, tx, organs); err != nil {
		return w, err
	}
	w.people, err = peopleOf(ctx, tx, organs, divisions, users)
	return w, err
}

// hours returns when people are told.
func (d *DB) hours(ctx context.Context, tx pgx.Tx) (casework.Hours, error) {
	calendar, err := calendarOf(ctx, tx, firstDay, lastDay)
	return casework.Hours{Calendar: calendar, Zone: d.zone}, err
}

func laddersOf(ctx context.Context, tx db.DBTX, organs []int64) (map[ladderKey]casework.Ladder, error) {
	rows, err := q.Ladders(ctx, tx, organs)
	if err != nil {
		return nil, err
	}
	return laddersFrom(ctx, tx, rows)
}

func laddersFrom(ctx context.Context, tx db.DBTX, rows []db.Ladder) (map[ladderKey]casework.Ladder, error) {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	rungs, err := q.Rungs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := map[ladderKey]casework.Ladder{}
	for _, r := range rows {
		l := casework.Ladder{Code: r.Code, Every: int(r.Every)}
		for _, g := range rungs {
			if g.LadderID == r.ID {
				l.Rungs = append(l.Rungs, casework.Rung{Days: int(g.Days), Tells: g.Tells})
			}
		}
		if len(l.Rungs) > 0 { // not given up
			out[ladderKey{r.Code, orZero(r.OrganID)}] = l
		}
	}
	return out, nil
}

// of returns the tellings of a deadline, reckoned once for all of the same
// ladder and day.
func (w watch) of(r running) []casework.Telling {
	key := tellingKey{ladderKey{casework.LadderOf(r.Rule), r.OrganID}, r.Due}
	if _, own := w.ladders[key.ladder]; !own {
		key.ladder.organID = 0
	}
	list, known := w.tellings[key]
	if !known {
		list = w.ladders[key.ladder].Tellings(r.Due, w.until, w.hours)
		w.tellings[key] = list
	}
	return list
}

// told returns who is told at a rung of the deadline.
func (w watch) told(tells []casework.Recipient, r running) []addressee {
	return w.people.at(tells, concern{
		kind: r.Kind, organID: r.OrganID, divisionID: r.DivisionID, handlerID: r.HandlerID, promise: r.Promise,
		proposers: w.proposers[r.ProposalID],
	})
}

// A concern is what decides who holds which role.
type concern struct {
	kind                           casework.Kind
	organID, divisionID, handlerID int64
	promise                        bool  // handlerID owns a promise, and may be anyone of the organ
	offeredTo                      int64 // is to own it
	proposers                      []int64
}

// people are those who can be told, by what they are.
type people struct {
	byID       map[int64]person
	offices    map[int64][]person // by organ
	heads      map[int64][]person // by division
	overseeing []person
}

// peopleOf returns the offices of the organs, the heads of the divisions, those who
// oversee, and those named.
func peopleOf(ctx context.Context, tx db.DBTX, organs, divisions, users []int64) (people, error) {
	slices.Sort(users)
	slices.Sort(divisions)
	rows, err := q.Tellable(ctx, tx, db.TellableParams{
		OrganIds: organs, Roles: []string{string(casework.Office)}, DivisionIds: slices.Compact(divisions), UserIds: slices.Compact(users),
	})
	return sorted(rows), err
}

func sorted(list []person) people {
	p := people{map[int64]person{}, map[int64][]person{}, map[int64][]person{}, nil}
	for _, r := range list {
		p.byID[r.ID] = r
		if slices.Contains(r.Roles, casework.Office) {
			p.offices[r.OrganID] = append(p.offices[r.OrganID], r)
		}
		if slices.Contains(r.Roles, casework.Reviewer) && r.DivisionID != 0 {
			p.heads[r.DivisionID] = append(p.heads[r.DivisionID], r)
		}
		if slices.Contains(r.Roles, casework.Supervisor) {
			p.overseeing = append(p.overseeing, r)
		}
	}
	return p
}

// holding returns who holds a role in a concern.
func (p people) holding(to casework.Recipient, c concern) (list []person) {
	switch to {
	case casework.ToHandler:
		for _, one := range p.known(c.handlerID) {
			if c.promise || slices.Contains(one.Roles, casework.Handler) {
				list = append(list, one)
			}
		}
	case casework.ToOffered:
		return p.known(c.offeredTo)
	case casework.ToProposer:
		return p.known(c.proposers...)
	case casework.ToHead:
		return p.heads[c.divisionID]
	case casework.ToOffice, casework.ToHelper:
		return p.offices[c.organID]
	case casework.ToOversight:
		for _, one := range p.overseeing {
			if casework.Oversight(one.Oversight).Covers(c.kind) {
				list = append(list, one)
			}
		}
	case casework.ToReceiver:
		for _, one := range p.overseeing {
			if one.OrganID == c.organID {
				list = append(list, one)
			}
		}
	case casework.ToNext: // depends on the draft, see [DB.next]
	}
	return list
}

func (p people) known(ids ...int64) (list []person) {
	for _, id := range ids {
		if one, ok := p.byID[id]; ok {
			list = append(list, one)
		}
	}
	return list
}

// An addressee is a person and as what they are told.
type addressee struct {
	person
	as casework.Recipient
}

// at returns who is told, each once. Where nobody holds a role, the office is
// told in their place.
func (p people) at(tells []casework.Recipient, c concern) (out []addressee) {
	for _, to := range tells {
		list := p.holding(to, c)
		if len(list) == 0 {
			to = casework.ToOffice
			list = p.holding(to, c)
		}
		for _, one := range list {
			if !slices.ContainsFunc(out, func(a addressee) bool { return a.ID == one.ID }) {
				out = append(out, addressee{one, to})
			}
		}
	}
	return out
}

// holds reports whether a person holds the role that they were told in.
func (p people) holds(userID int64, to casework.Recipient, c concern) bool {
	return slices.ContainsFunc(p.holding(to, c), func(one person) bool { return one.ID == userID })
}
