package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

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
	s := scope{FigureFilter: f, kinds: []string{string(casework.CPPCCProposal), string(casework.NPCSuggestion)}}
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
		return s, casework.Invalid("filter.handed_over_to", "不得早于%s", f.From)
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
	var out []Figure
	if out, err = counted(ctx, out, s, d.proposalSource()); err != nil {
		return nil, f, err
	}
	if out, err = counted(ctx, out, s, d.formSource()); err != nil {
		return nil, f, err
	}
	out, err = counted(ctx, out, s, d.commitmentSource())
	return out, s.FigureFilter, err
}

// counted appends the figures of one unit.
func counted[F any](ctx context.Context, out []Figure, s scope, from source[F]) ([]Figure, error) {
	counts := make([]casework.Count, len(from.table))
	err := from.walk(ctx, s, FigureKey{}, func(facts F) bool {
		casework.Tally(from.table, counts, facts, s.cut)
		return true
	})
	for i, f := range from.table {
		out = append(out, Figure{f.Figure, from.unit, counts[i]})
	}
	return out, err
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

// ListFigure lists what a figure counts. It returns the figure without its
// numbers, and the filter as it was applied.
func (d *DB) ListFigure(ctx context.Context, u casework.User, f FigureFilter, p FigurePage) (list []FigureEntry, figure Figure, applied FigureFilter, err error) {
	s, err := d.scopeOf(u, f)
	if err != nil {
		return nil, figure, f, err
	}
	for _, look := range []func() (bool, error){
		func() (found bool, err error) {
			list, figure, found, err = listed(ctx, s, p, d.proposalSource())
			return found, err
		},
		func() (found bool, err error) {
			list, figure, found, err = listed(ctx, s, p, d.formSource())
			return found, err
		},
		func() (found bool, err error) {
			list, figure, found, err = listed(ctx, s, p, d.commitmentSource())
			return found, err
		},
	} {
		if found, err := look(); found || err != nil {
			return list, figure, s.FigureFilter, err
		}
	}
	return nil, figure, f, fmt.Errorf("figure %s: %w", p.Code, casework.ErrNotFound)
}

// listed is the page of a list, if the figure counts what comes from here.
func listed[F any](ctx context.Context, s scope, p FigurePage, from source[F]) (list []FigureEntry, figure Figure, found bool, err error) {
	i := slices.IndexFunc(from.table, func(f casework.FigureOf[F]) bool { return f.Code == p.Code })
	if i < 0 {
		return nil, figure, false, nil
	}
	var page []F
	err = from.walk(ctx, s, p.After, func(facts F) bool {
		if from.table[i].Holds(p.Side, facts, s.cut) {
			page = append(page, facts)
		}
		return len(page) < int(p.Limit)
	})
	if err == nil {
		list, err = from.show(ctx, page)
	}
	return list, Figure{Figure: from.table[i].Figure, Unit: from.unit}, true, err
}
