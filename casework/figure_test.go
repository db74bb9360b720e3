package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fuyan/casework"
)

var (
	cutDay   = casework.Date{Year: 2026, Month: 6, Day: 30}
	pastCut  = casework.Cut{Day: cutDay, Over: cutDay}
	todayCut = casework.Cut{Day: cutDay, Over: cutDay.AddDays(-1)}
)

func TestCutAt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		day, since casework.Date
		want       casework.Cut
		field      string
	}{
		"a day that is over":         {cutDay.AddDays(-9), casework.Date{}, casework.Cut{Day: cutDay.AddDays(-9), Over: cutDay.AddDays(-9)}, ""},
		"today is not over":          {cutDay, casework.Date{}, todayCut, ""},
		"a period of one day":        {cutDay, cutDay, casework.Cut{Day: cutDay, Over: cutDay.AddDays(-1), Since: cutDay}, ""},
		"tomorrow":                   {cutDay.AddDays(1), casework.Date{}, casework.Cut{}, "filter.as_of"},
		"a period that is yet to be": {cutDay, cutDay.AddDays(1), casework.Cut{}, "filter.since"},
	} {
		got, err := casework.CutAt(test.day, cutDay, test.since)
		field := ""
		if f, ok := errors.AsType[*casework.FieldError](err); ok {
			field = f.Field
		}
		if got != test.want || field != test.field {
			t.Errorf("%s: CutAt(%s) = %+v, %v", name, test.day, got, err)
		}
	}
}

// sides says where the facts stand in a figure: above for the numerator, below for
// the denominator alone, nothing for neither.
func sides[F any](t *testing.T, table []casework.FigureOf[F], code string, facts F, cut casework.Cut) string {
	t.Helper()
	i := slices.IndexFunc(table, func(f casework.FigureOf[F]) bool { return f.Code == code })
	if i < 0 {
		t.Fatalf("there is no figure %s", code)
	}
	counts := make([]casework.Count, len(table))
	casework.Tally(table, counts, facts, 3, cut)
	above, below := table[i].Holds(casework.Numerator, facts, cut), table[i].Holds(casework.Denominator, facts, cut)
	rest := table[i].Holds(casework.Rest, facts, cut)
	if rest != (below && !above) || above && !below {
		t.Errorf("%s: numerator %t, denominator %t, rest %t", code, above, below, rest)
	}
	if want := (casework.Count{Numerator: three(above), Denominator: three(below)}); counts[i] != want {
		t.Errorf("%s: Tally counts %+v, want %+v", code, counts[i], want)
	}
	switch {
	case above:
		return "above"
	case below:
		return "below"
	}
	return ""
}

func three(b bool) int64 {
	if b {
		return 3
	}
	return 0
}

func TestProposalFigures(t *testing.T) {
	t.Parallel()
	open := casework.ProposalFacts{Answers: true, Part: casework.Sole, Due: cutDay.AddDays(10)}
	answered := open
	answered.Answered, answered.Result, answered.Publicity = cutDay.AddDays(-3), casework.Adopted, casework.Full
	with := func(p casework.ProposalFacts, change func(*casework.ProposalFacts)) casework.ProposalFacts {
		change(&p)
		return p
	}
	withdrawn := with(answered, func(p *casework.ProposalFacts) { p.Withdrawn = true })
	due := with(open, func(p *casework.ProposalFacts) { p.Due = cutDay })
	helped := casework.ProposalFacts{Helps: true, Part: casework.Lead}
	for _, test := range []struct {
		name, code string
		facts      casework.ProposalFacts
		cut        casework.Cut
		want       string
	}{
		{"waits", "answered", open, pastCut, "below"},
		{"is answered", "answered", answered, pastCut, "above"},
		{"was returned", "answered", with(open, func(p *casework.ProposalFacts) { p.Returned = true }), pastCut, ""},
		{"was withdrawn after its first answer", "answered", withdrawn, pastCut, ""},
		{"is another organ's", "answered", helped, pastCut, ""},
		{"is not due", "on_time", open, pastCut, ""},
		{"is due on the last day, which is over", "on_time", due, pastCut, "below"},
		{"is due today", "on_time", due, todayCut, ""},
		{"is due and rests", "on_time", with(due, func(p *casework.ProposalFacts) { p.Paused = true }), pastCut, ""},
		{"is due and was withdrawn", "on_time", with(due, func(p *casework.ProposalFacts) { p.Withdrawn = true }), pastCut, ""},
		{"was answered before it was due", "on_time", answered, todayCut, "above"},
		{"was answered on its day", "on_time", with(answered, func(p *casework.ProposalFacts) { p.Due = p.Answered }), pastCut, "above"},
		{"was answered a day late", "on_time", with(answered, func(p *casework.ProposalFacts) { p.Due = p.Answered.AddDays(-1) }), pastCut, "below"},
		{"is closed", "closed", with(answered, func(p *casework.ProposalFacts) { p.Closed = true }), pastCut, "above"},
		{"is answered and not closed", "closed", answered, pastCut, "below"},
		{"is adopted", "adopted", answered, pastCut, "above"},
		{"is kept for reference", "adopted", with(answered, func(p *casework.ProposalFacts) { p.Result = casework.Reference }), pastCut, "below"},
		{"is not answered yet", "adopted", open, pastCut, ""},
		{"has no result", "no_result", with(answered, func(p *casework.ProposalFacts) { p.Result = "" }), pastCut, "above"},
		{"has no result", "solving", with(answered, func(p *casework.ProposalFacts) { p.Result = "" }), pastCut, "below"},
		{"is planned", "solving", with(answered, func(p *casework.ProposalFacts) { p.Result = casework.Planned }), pastCut, "above"},
		{"is to be public and is not", "public", answered, pastCut, "below"},
		{"is to be public and is not", "to_be_public", answered, pastCut, "above"},
		{"is for who asks", "to_be_public", with(answered, func(p *casework.ProposalFacts) { p.Publicity = casework.OnRequest }), pastCut, "below"},
		{"was called", "met", with(open, func(p *casework.ProposalFacts) { p.Contacted = true }), pastCut, "below"},
		{"was called", "contacted", with(open, func(p *casework.ProposalFacts) { p.Contacted = true }), pastCut, "above"},
		{"was handed back", "redone", with(answered, func(p *casework.ProposalFacts) { p.Redone = true }), pastCut, "above"},
		{"is helped with", "lead", helped, pastCut, "below"},
		{"is helped with", "helper", helped, pastCut, "above"},
		{"is led", "lead", with(open, func(p *casework.ProposalFacts) { p.Part = casework.Lead }), pastCut, "above"},
		{"is joint", "lead", with(open, func(p *casework.ProposalFacts) { p.Part = casework.Joint }), pastCut, "below"},
		{"was withdrawn", "lead", withdrawn, pastCut, ""},
	} {
		if got := sides(t, casework.ProposalFigures, test.code, test.facts, test.cut); got != test.want {
			t.Errorf("%s of what %s: %q, want %q", test.code, test.name, got, test.want)
		}
	}
}

// TestSilenceIsNotSatisfaction counts who did not answer among those asked, never
// among those satisfied.
func TestSilenceIsNotSatisfaction(t *testing.T) {
	t.Parallel()
	form := func(attitude, result casework.Rating) casework.FormFacts {
		return casework.FormFacts{Round: 1, Attitude: attitude, Result: result}
	}
	silent, mixed := form("", ""), form(casework.Basically, casework.Dissatisfied)
	second := form(casework.Satisfied, casework.Satisfied)
	second.Round = 2
	gone := form(casework.Satisfied, casework.Satisfied)
	gone.Withdrawn = true
	for _, test := range []struct {
		code                        string
		silent, mixed, second, gone string
	}{
		{"returned", "below", "above", "above", ""},
		{"attitude", "", "above", "above", ""},
		{"result", "", "below", "above", ""},
		{"attitude_of_asked", "below", "above", "above", ""},
		{"result_of_asked", "below", "below", "above", ""},
		{"first_round", "", "below", "", ""},
	} {
		for _, c := range []struct {
			name  string
			facts casework.FormFacts
			want  string
		}{{"silent", silent, test.silent}, {"mixed", mixed, test.mixed}, {"second round", second, test.second}, {"withdrawn", gone, test.gone}} {
			if got := sides(t, casework.FormFigures, test.code, c.facts, pastCut); got != c.want {
				t.Errorf("%s, %s: %q, want %q", test.code, c.name, got, c.want)
			}
		}
	}
}

func TestCommitmentFigures(t *testing.T) {
	t.Parallel()
	year := casework.Cut{Day: cutDay, Over: cutDay, Since: casework.Date{Year: 2026, Month: 1, Day: 1}}
	before, within, ahead := year.Since.AddDays(-1), cutDay.AddDays(-20), cutDay.AddDays(1)
	promise := func(state, before casework.CommitmentState, first, due, done casework.Date) casework.CommitmentFacts {
		return casework.CommitmentFacts{State: state, Before: before, FirstDue: first, Due: due, Done: done}
	}
	never := casework.Date{}
	for _, test := range []struct {
		name, code string
		facts      casework.CommitmentFacts
		cut        casework.Cut
		want       string
	}{
		{"kept in the period", "kept", promise(casework.Kept, "", within, within, within), year, "above"},
		{"open in the period", "kept", promise(casework.Open, "", within, within, never), year, "below"},
		{"said to be done, not judged", "kept", promise(casework.Done, "", within, within, within), year, "below"},
		{"dropped in the period", "kept", promise(casework.Dropped, casework.Open, within, within, never), year, "below"},
		{"not confirmed", "kept", promise(casework.Noted, "", never, never, never), year, ""},
		{"waived", "kept", promise(casework.Waived, "", never, never, never), year, ""},
		{"kept early", "kept", promise(casework.Kept, "", ahead, ahead, within), year, ""},
		{"due on the last day", "kept", promise(casework.Open, "", cutDay, cutDay, never), year, "below"},
		{"due today", "kept", promise(casework.Open, "", cutDay, cutDay, never), todayCut, ""},
		{"carried in, open", "kept", promise(casework.Open, casework.Open, before, before, never), year, "below"},
		{"carried in, kept since", "kept", promise(casework.Kept, casework.Done, before, before, within), year, "above"},
		{"put on record since, due before", "kept", promise(casework.Open, "", before, before, never), year, "below"},
		{"kept before the period", "kept", promise(casework.Kept, casework.Kept, before, before, before), year, ""},
		{"dropped before the period", "kept", promise(casework.Dropped, casework.Dropped, before, before, never), year, ""},
		{"kept before, no period", "kept", promise(casework.Kept, casework.Kept, before, before, before), pastCut, "above"},
		{"put off past the day", "kept", promise(casework.Open, casework.Open, within, ahead, never), year, ""},
		{"put off past the day", "kept_on_time", promise(casework.Open, casework.Open, within, ahead, never), year, "below"},
		{"kept on the first day", "kept_on_time", promise(casework.Kept, "", within, within, within), year, "above"},
		{"kept after it was put off", "kept_on_time", promise(casework.Kept, "", within, ahead, within.AddDays(1)), year, "below"},
		{"open and late", "overdue", promise(casework.Open, "", within, within, never), year, "above"},
		{"open and due today", "overdue", promise(casework.Open, "", cutDay, cutDay, never), todayCut, "below"},
		{"said to be done and late", "overdue", promise(casework.Done, "", within, within, cutDay), year, ""},
		{"put off", "moved", promise(casework.Open, "", within, ahead, never), year, "above"},
		{"as agreed", "moved", promise(casework.Open, "", within, within, never), year, "below"},
		{"dropped", "dropped", promise(casework.Dropped, "", ahead, ahead, never), year, "above"},
		{"not confirmed", "dropped", promise(casework.Noted, "", never, never, never), year, ""},
		{"not confirmed", "unconfirmed", promise(casework.Noted, "", never, never, never), year, "above"},
		{"waived", "unconfirmed", promise(casework.Waived, "", never, never, never), year, "below"},
	} {
		if got := sides(t, casework.CommitmentFigures, test.code, test.facts, test.cut); got != test.want {
			t.Errorf("%s of one %s: %q, want %q", test.code, test.name, got, test.want)
		}
	}
}

// TestFiguresSayWhatTheyCount wants a code of its own, a sentence and a source of
// each.
func TestFiguresSayWhatTheyCount(t *testing.T) {
	t.Parallel()
	var all []casework.Figure
	for _, f := range casework.ProposalFigures {
		all = append(all, f.Figure)
	}
	for _, f := range casework.FormFigures {
		all = append(all, f.Figure)
	}
	for _, f := range casework.CommitmentFigures {
		all = append(all, f.Figure)
	}
	seen := map[string]bool{}
	for _, f := range all {
		if seen[f.Code] || seen[f.Name] || f.Code == "" || f.Name == "" || f.Basis == "" {
			t.Errorf("%+v: no code, name or basis of its own", f)
		}
		seen[f.Code], seen[f.Name] = true, true
		if !strings.Contains(f.Formula, " ÷ ") || !strings.HasSuffix(f.Formula, "。") {
			t.Errorf("%s does not say what is divided by what: %s", f.Code, f.Formula)
		}
	}
}

// TestWhatFiguresTakeForTheEnd holds the state table to what the figures rest on:
// that what is returned or withdrawn stays so, and that what is closed is left only
// by a redo and by the end of a term.
func TestWhatFiguresTakeForTheEnd(t *testing.T) {
	t.Parallel()
	for _, s := range []casework.State{casework.Returned, casework.Withdrawn, casework.Closed} {
		for _, v := range s.Verbs() {
			if s == casework.Closed && (v == casework.Redo || v == casework.TermEnded) {
				continue
			}
			if next, err := s.Next(v); next != s {
				t.Errorf("%s after %s is %s, %v", v, s, next, err)
			}
		}
	}
}
