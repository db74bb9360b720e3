package postgres

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
)

// A WorkItem is one thing that waits for somebody.
type WorkItem struct {
	Step         casework.WorkStep `db:"-"`
	Place        int32             // of the step among all
	Key          int64             // tells it from the others of its step, and orders those of one day
	Due          casework.Date     // none where there is none
	Running      bool              // Due binds now
	Verb         string            // what comes next
	ProposalID   int64
	CommitmentID int64 // 0 for none
	Kind         casework.Kind
	Body         string
	Term         int32
	Session      int32
	Number       string
	Title        string
	Text         string // of the commitment
	Organ        string
	Person       string        // who handles the proposal, or owns the commitment
	Left         casework.Left `db:"-"` // to the day, while it binds
}

// A WorkFilter says which page of the work is wanted.
type WorkFilter struct {
	Step       casework.WorkStep // all when empty
	AfterDay   casework.Date     // with AfterPlace and AfterKey, the last of the page before
	AfterPlace int32
	AfterKey   int64
	Limit      int32
}

// A WorkCount is how many things of a step wait, as far as they are counted.
type WorkCount struct {
	Step  casework.WorkStep
	Count int32
}

// ListWork returns what waits for u and what u can do now: what is due first, then
// what has no day.
func (d *DB) ListWork(ctx context.Context, u casework.User, f WorkFilter) ([]WorkItem, error) {
	sources := slices.DeleteFunc(workOf(u), func(s workSource) bool { return f.Step != "" && s.step != f.Step })
	if len(sources) == 0 {
		return nil, nil
	}
	sql, args := workSearch(sources, f)
	list, err := inOnePlan(ctx, d, sql, d.workArgs(u, args), pgx.RowToStructByName[WorkItem])
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Step = casework.WorkSteps[list[i].Place]
	}
	return list, d.countDownWork(ctx, list)
}

// CountWork counts what waits for u, by step: each to [casework.MostCounted].
func (d *DB) CountWork(ctx context.Context, u casework.User) ([]WorkCount, error) {
	sources := workOf(u)
	if len(sources) == 0 {
		return nil, nil
	}
	var parts []string
	for _, s := range sources {
		parts = append(parts, fmt.Sprintf("SELECT %d AS place, (SELECT count(*) FROM (SELECT FROM %s WHERE %s LIMIT %d) x)::int AS n",
			s.place(), s.from, s.where, casework.MostCounted))
	}
	sql := strings.Join(parts, "\nUNION ALL ") + "\nORDER BY place"
	return inOnePlan(ctx, d, sql, d.workArgs(u, pgx.NamedArgs{}), func(row pgx.CollectableRow) (c WorkCount, err error) {
		var place int
		err = row.Scan(&place, &c.Count)
		c.Step = casework.WorkSteps[place]
		return c, err
	})
}

// inOnePlan answers a query by the plan that serves whoever asks: to plan so many
// steps anew takes many times longer than to walk them.
func inOnePlan[T any](ctx context.Context, d *DB, sql string, args pgx.NamedArgs, row pgx.RowToFunc[T]) ([]T, error) {
	return inTx(ctx, d, func(tx pgx.Tx) ([]T, error) {
		if _, err := tx.Exec(ctx, "SET LOCAL plan_cache_mode = force_generic_plan"); err != nil {
			return nil, err
		}
		rows, err := tx.Query(ctx, "-- name: Waiting :many\n"+sql, args)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, row)
	})
}

// workArgs adds to args what the sources ask for.
func (d *DB) workArgs(u casework.User, args pgx.NamedArgs) pgx.NamedArgs {
	args["me"], args["organ"], args["division"], args["kinds"] = u.ID, u.OrganID, u.DivisionID, overseen(u)
	args["soon"] = d.Today().AddDays(casework.SoonDays)
	return args
}

// workSearch returns the query for one page. Each step is walked by itself, in the
// order of its index and no further than the page goes, which the query says in a
// number so that one plan serves whoever asks; the names are read of the page
// alone.
func workSearch(sources []workSource, f WorkFilter) (string, pgx.NamedArgs) {
	args := pgx.NamedArgs{"after_day": f.AfterDay}
	var parts []string
	for _, s := range sources {
		where := s.where
		if f.AfterKey != 0 {
			name := "after_" + string(s.step)
			where += fmt.Sprintf("\n    AND (%s, %s) > (coalesce(@after_day::date, 'infinity'), @%s::bigint)", s.day, s.key, name)
			args[name] = s.after(f)
		}
		commitment := "NULL::bigint"
		if s.commitment {
			commitment = "c.id"
		}
		parts = append(parts, fmt.Sprintf(`(SELECT %d AS place, %s AS key, %s AS day, %s AS running, %s AS verb, p.id AS proposal_id, %s AS commitment_id
    FROM %s
    WHERE %s
    ORDER BY %s, %s
    LIMIT %d)`, s.place(), s.key, s.day, s.running, s.verb, commitment, s.from, where, s.day, s.key, f.Limit))
	}
	return `SELECT w.place, w.key, nullif(w.day, 'infinity') AS due, w.running, w.verb, p.id AS proposal_id, coalesce(c.id, 0) AS commitment_id,
       p.kind, p.body, p.term, p.session, p.number, p.title, coalesce(c.text, '') AS text, o.name AS organ,
       coalesce(u.display_name, '') AS person
FROM (SELECT * FROM (
    ` + strings.Join(parts, "\n    UNION ALL ") + `) every ORDER BY day, place, key LIMIT ` + strconv.Itoa(int(f.Limit)) + `) w
JOIN proposals p ON p.id = w.proposal_id
JOIN organs o ON o.id = p.organ_id
LEFT JOIN commitments c ON c.id = w.commitment_id
LEFT JOIN users u ON u.id = CASE WHEN c.id IS NULL THEN p.handler_id ELSE c.owner_id END
ORDER BY w.day, w.place, w.key`, args
}

// after is the key behind which a source goes on, on the last day of the page
// before: all of that day where its step comes after that page's last.
func (s workSource) after(f WorkFilter) int64 {
	switch place := int32(s.place()); {
	case place < f.AfterPlace:
		return 1<<63 - 1
	case place > f.AfterPlace:
		return 0
	}
	return f.AfterKey
}

// countDownWork counts the working days left to what binds.
func (d *DB) countDownWork(ctx context.Context, list []WorkItem) error {
	today := d.Today()
	first, last := today, today
	for _, w := range list {
		if !w.Running {
			continue
		}
		if w.Due.Before(first) {
			first = w.Due
		}
		if w.Due.After(last) {
			last = w.Due
		}
	}
	if first == last {
		return nil
	}
	calendar, err := calendarOf(ctx, d.conn, first, last)
	if err != nil {
		return err
	}
	for i := range list {
		if w := &list[i]; w.Running {
			w.Left = calendar.Left(today, w.Due)
		}
	}
	return nil
}
