package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
)

// A FigureFilter says what figures count, and as of which day.
type FigureFilter struct {
	Day      casework.Date // today when zero
	Kind     casework.Kind
	OrganID  int64
	Sitting  *casework.Sitting // nil for any
	From, To casework.Date     // handed over between, both included
	Since    casework.Date     // where the period of promises begins
}

// A Figure is a figure with its numbers.
type Figure struct {
	casework.Figure
	Unit string // proposal, form or commitment
	casework.Count
}

// What figures count.
const (
	UnitProposal   = "proposal"
	UnitForm       = "form"
	UnitCommitment = "commitment"
)

// A scope is what a person may count of what they asked for, and when.
type scope struct {
	FigureFilter
	cut          casework.Cut
	kinds        []string
	until, since time.Time // the ends of the cut-off day and of the day before the period
}

// scopeOf lets people of an answering organ count their own, oversight offices
// the kinds that they oversee.
func (d *DB) scopeOf(u casework.User, f FigureFilter) (scope, error) {
	s := scope{FigureFilter: f, kinds: allKinds()}
	switch own := staffOrgan(u); {
	case u.Has(casework.Admin):
	case len(overseen(u)) > 0:
		s.kinds = overseen(u)
	case own == 0:
		return s, fmt.Errorf("count proposals: %w", casework.ErrForbidden)
	case f.OrganID != 0 && f.OrganID != own:
		return s, casework.Invalid("filter.organ_id", "应为本单位，或者不填")
	default:
		s.OrganID = own
	}
	if f.Kind != "" {
		s.kinds = slices.DeleteFunc(s.kinds, func(k string) bool { return k != string(f.Kind) })
	}
	if !f.To.IsZero() && f.To.Before(f.From) {
		return s, casework.Invalid("filter.handed_over_to", "不得早于%s", f.From.Chinese())
	}
	s.Day = d.dayOr(f.Day)
	var err error
	if s.cut, err = casework.CutAt(s.Day, d.Today(), f.Since); err != nil {
		return s, err
	}
	s.until = d.begin(s.Day.AddDays(1))
	if !f.Since.IsZero() {
		s.since = d.begin(f.Since)
	}
	return s, nil
}

// begin is the first moment of a day.
func (d *DB) begin(day casework.Date) time.Time {
	return time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, d.zone)
}

// Figures counts every figure of what u answers or oversees. It returns the
// filter as it was applied.
func (d *DB) Figures(ctx context.Context, u casework.User, f FigureFilter) ([]Figure, FigureFilter, error) {
	s, err := d.scopeOf(u, f)
	if err != nil {
		return nil, f, err
	}
	out, err := inTx(ctx, d, func(tx pgx.Tx) (out []Figure, err error) {
		if err := plannedAnew(ctx, tx); err != nil {
			return nil, err
		}
		for _, unit := range d.units(tx) {
			figures, err := unit.count(ctx, tx, s)
			if err != nil {
				return nil, err
			}
			out = append(out, figures...)
		}
		return out, nil
	})
	return out, s.FigureFilter, err
}

// plannedAnew lets Postgres plan the queries about facts for what is asked each
// time. They hash in memory, and go by indexes also where tables are large. They
// are not compiled and not shared among processes, each of which would do most of
// the work once more.
func plannedAnew(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `
SET LOCAL plan_cache_mode = force_custom_plan;
SET LOCAL work_mem = '32MB';
SET LOCAL random_page_cost = 1.1;
SET LOCAL jit = off;
SET LOCAL max_parallel_workers_per_gather = 0`)
	return err
}

// A FigurePage says which list behind a figure is wanted, and from where.
type FigurePage struct {
	Code  string
	Side  casework.Side
	After FigureKey // the last of the page before
	Limit int32
}

// A FigureEntry is one thing that a figure counts. Commitment and Form are nil
// where it counts proposals.
type FigureEntry struct {
	Key        FigureKey
	Proposal   ListedProposal
	Commitment *Commitment
	Form       *FigureForm
}

// A FigureForm is a form and the name of who was asked.
type FigureForm struct {
	casework.FormFacts
	Proposer string
}

// A FigureList is a page of the list behind a figure.
type FigureList struct {
	Figure               // without its numbers
	Filter  FigureFilter // as it was applied
	Entries []FigureEntry
}

// ListFigure lists what a figure counts.
func (d *DB) ListFigure(ctx context.Context, u casework.User, f FigureFilter, p FigurePage) (FigureList, error) {
	s, err := d.scopeOf(u, f)
	if err != nil {
		return FigureList{}, err
	}
	return inTx(ctx, d, func(tx pgx.Tx) (FigureList, error) {
		if err := plannedAnew(ctx, tx); err != nil {
			return FigureList{}, err
		}
		for _, unit := range d.units(tx) {
			list, found, err := unit.list(ctx, tx, s, p)
			if found || err != nil {
				return list, err
			}
		}
		return FigureList{}, fmt.Errorf("figure %s: %w", p.Code, casework.ErrNotFound)
	})
}

// A unit is what figures count, whatever the facts about it are.
type unit struct {
	count func(context.Context, pgx.Tx, scope) ([]Figure, error)
	list  func(context.Context, pgx.Tx, scope, FigurePage) (list FigureList, found bool, err error)
}

// units are in the order in which reports show their figures.
func (d *DB) units(tx pgx.Tx) []unit {
	r := factReader{d, tx}
	proposals, forms, commitments := r.proposalSource(), r.formSource(), r.commitmentSource()
	return []unit{{proposals.count, proposals.list}, {forms.count, forms.list}, {commitments.count, commitments.list}}
}
