package postgres_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/seeds"
)

// TestDrillFiguresOfRandomHistories counts random histories, as of random days,
// with random filters and by random people, twice.
func TestDrillFiguresOfRandomHistories(t *testing.T) {
	t.Parallel()
	histories, questions := 120, 30
	if os.Getenv("FUYAN_DRILL") != "" {
		histories, questions = 1000, 100
	}
	b := setup(t, postgrestest.New(t))
	b.now = b.live(t, histories)
	_, err := b.conn.Exec(t.Context(), "ANALYZE")
	must(t, err)
	r := rand.New(rand.NewPCG(1, 2))
	tables := readRaw(t, b.conn)
	tables.lived(t)
	seen := map[string]bool{}
	for range questions {
		a, u := b.ask(r)
		b.compareFigures(t, tables, u, a, seen)
	}
	// A test in which a figure is always 0 or all shows nothing.
	for _, code := range codes() {
		if !seen[code] {
			t.Errorf("%s is never between 0 and all", code)
		}
	}
}

// lived sees to it that the histories have in them what figures could get wrong.
func (r *raw) lived(t *testing.T) {
	t.Helper()
	happened := map[string]bool{}
	for _, events := range r.events {
		state := casework.Received
		for _, e := range events {
			happened[e.Verb] = true
			happened[e.Verb+" of "+string(state)] = true
			happened["issue, in order"] = happened["issue, in order"] || e.Verb == "issue" && !strings.Contains(e.Note, "不顾差错")
			if next, err := state.Next(casework.Verb(e.Verb)); err == nil {
				state = next
			}
		}
	}
	for _, lines := range r.lines {
		for _, g := range lines {
			happened[g.Kind] = true
		}
	}
	for _, answers := range r.feedbacks {
		for i, f := range answers {
			happened["their own word after what was collected"] = happened["their own word after what was collected"] ||
				i > 0 && f.Own && answers[i-1].Round == f.Round && f.At.After(answers[i-1].At)
		}
	}
	for _, what := range []string{
		"their own word after what was collected",
		"grant_return", "withdraw", "close_without_letter", "import", "publish", "take_down", "pause_deadline", "decide_extension",
		"redo of answered", "redo of closed", "decline_redo", "give_feedback of closed", "term_ended of closed", "explain_term_end",
		"plan_promise", "waive_promise", "issue, in order", "noted", "confirmed", "waived", "due_changed", "dropped", "reopened",
		"not_accepted", "offered", "taken_over", "declined", "urged", "urge_received", "urge_answered", "carried",
		"said_kept", "said_not_kept", "upheld",
	} {
		if !happened[what] {
			t.Errorf("%s never happens", what)
		}
	}
}

func codes() (out []string) {
	for _, f := range casework.ProposalFigures {
		out = append(out, f.Code)
	}
	for _, f := range casework.FormFigures {
		out = append(out, f.Code)
	}
	for _, f := range casework.CommitmentFigures {
		out = append(out, f.Code)
	}
	return out
}

// ask makes somebody ask something random.
func (b *bundle) ask(r *rand.Rand) (asked, casework.User) {
	all := casework.Kinds
	people := []struct {
		casework.User
		kinds []casework.Kind
		organ int64
	}{
		{b.Admin, all, 0},
		{b.Admin, all, b.Helper},
		{b.Supervisor, all, b.Organ},
		{b.CPPCCSupervisor, all[:1], 0},
		{b.NPCSupervisor, all[1:], 0},
		{b.Office, all, b.Organ},
		{b.Handler, all, b.Organ},
		{b.HelperOffice, all, b.Helper},
	}
	who := people[r.IntN(len(people))]
	a := asked{today: b.Today(), kinds: who.kinds, organ: who.organ}
	a.OrganID = who.organ
	days := b.Today().Sub(at(historyStart))
	a.Day = b.Today().AddDays(-r.IntN(days))
	if r.IntN(8) == 0 {
		a.Day = b.Today()
	}
	if r.IntN(3) == 0 {
		a.Kind = all[r.IntN(2)]
	}
	if r.IntN(4) == 0 {
		a.Sitting = &casework.Sitting{Body: []string{"市政协", "市人大"}[r.IntN(2)], Term: 14, Session: r.IntN(3)}
	}
	if r.IntN(3) == 0 {
		a.From = at(historyStart).AddDays(r.IntN(100))
	}
	if r.IntN(3) == 0 {
		a.To = at(historyStart).AddDays(100 + r.IntN(100))
	}
	if r.IntN(2) == 0 {
		a.Since = a.Day.AddDays(-r.IntN(150))
	}
	return a, who.User
}

// compareFigures counts by the program and by hand, and lists what the one counts of one
// figure. It notes which figures show that they discern.
func (b *bundle) compareFigures(t *testing.T, tables *raw, u casework.User, a asked, discerns map[string]bool) {
	t.Helper()
	got, _, err := b.Figures(t.Context(), u, a.FigureFilter)
	must(t, err)
	want := tables.count(a)
	for _, f := range got {
		w := want[f.Code]
		if w == nil {
			w = new([2][]string)
		}
		if f.Numerator != int64(len(w[0])) || f.Denominator != int64(len(w[1])) {
			t.Errorf("%s as of %s for %s, %+v: %d of %d, want %d of %d",
				f.Code, a.Day, u.Name, a.FigureFilter, f.Numerator, f.Denominator, len(w[0]), len(w[1]))
		}
		if 0 < f.Numerator && f.Numerator < f.Denominator {
			discerns[f.Code] = true
		}
	}
	code := got[a.Day.Day%len(got)].Code
	if w := want[code]; w != nil {
		b.compareList(t, u, a, code, *w)
	}
}

// compareList lists every side of a figure in pages.
func (b *bundle) compareList(t *testing.T, u casework.User, a asked, code string, want [2][]string) {
	t.Helper()
	rest := slices.DeleteFunc(slices.Clone(want[1]), func(name string) bool { return slices.Contains(want[0], name) })
	for side, want := range map[casework.Side][]string{casework.Numerator: want[0], casework.Denominator: want[1], casework.Rest: rest} {
		var got []string
		page := postgres.FigurePage{Code: code, Side: side, Limit: 23}
		for more := true; more; {
			list, err := b.ListFigure(t.Context(), u, a.FigureFilter, page)
			must(t, err)
			for _, e := range list.Entries {
				page.After = e.Key
				name := fmt.Sprint(e.Key.ID)
				if e.Form != nil {
					name = fmt.Sprint(e.Key.ID, " ", e.Key.Round)
				}
				got = append(got, name)
				if e.Proposal.ID == 0 || e.Proposal.Organ == "" {
					t.Errorf("%s: %s has no proposal", code, name)
				}
			}
			more = len(list.Entries) == 23
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s, %s, as of %s: listed %v, want %v", code, side, a.Day, got, want)
		}
	}
}

// TestFiguresOfSeeds counts the demo data as of each week of the year.
func TestFiguresOfSeeds(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	now := func() time.Time { return time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC) }
	must(t, seeds.Load(t.Context(), pool, now))
	d, err := postgres.New(pool, postgres.Options{Now: now})
	must(t, err)
	b := &bundle{DB: d, conn: pool, now: now()}
	tables := readRaw(t, pool)
	admin := casework.User{Roles: []casework.Role{casework.Admin}}
	seen := map[string]bool{}
	for ago := 0; ago < 250; ago += 7 {
		a := asked{FigureFilter: postgres.FigureFilter{Day: b.Today().AddDays(-ago)}, today: b.Today(), kinds: casework.Kinds}
		b.compareFigures(t, tables, admin, a, seen)
	}
	for _, code := range []string{"answered", "closed", "adopted", "public", "met", "overdue", "moved", "dropped"} {
		if !seen[code] {
			t.Errorf("%s is never between 0 and all", code)
		}
	}
}

// TestListsBeyondTheFirstChunk lists what is far apart in more than is looked
// through at first, and counts it.
func TestListsBeyondTheFirstChunk(t *testing.T) {
	t.Parallel()
	b := loadAnswered(t, 2100)
	filter := postgres.FigureFilter{Day: casework.Date{Year: 2025, Month: 6, Day: 1}}
	figures, _, err := b.Figures(t.Context(), b.Admin, filter)
	must(t, err)
	for _, f := range figures {
		page := postgres.FigurePage{Code: f.Code, Side: casework.Rest, Limit: 700}
		var listed int64
		for more := true; more; {
			list, err := b.ListFigure(t.Context(), b.Admin, filter, page)
			must(t, err)
			for _, e := range list.Entries {
				if e.Key.ID < page.After.ID || e.Key == page.After {
					t.Fatalf("%s: %v after %v", f.Code, e.Key, page.After)
				}
				page.After = e.Key
			}
			listed += int64(len(list.Entries))
			more = len(list.Entries) == 700
		}
		if want := f.Denominator - f.Numerator; listed != want {
			t.Errorf("%s: %d listed, want %d", f.Code, listed, want)
		}
	}
}

// TestFigureFiltersThatAreRefused names the field that is wrong, and who may not
// count.
func TestFigureFiltersThatAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	today := b.Today()
	for name, test := range map[string]struct {
		user   casework.User
		filter postgres.FigureFilter
		field  string
	}{
		"a day ahead":            {b.Admin, postgres.FigureFilter{Day: today.AddDays(1)}, "filter.as_of"},
		"a period ahead":         {b.Admin, postgres.FigureFilter{Since: today.AddDays(1)}, "filter.since"},
		"days the wrong way":     {b.Admin, postgres.FigureFilter{From: today, To: today.AddDays(-1)}, "filter.handed_over_to"},
		"another organ's":        {b.Office, postgres.FigureFilter{OrganID: b.Helper}, "filter.organ_id"},
		"another organ's, lists": {b.Handler, postgres.FigureFilter{OrganID: b.Helper}, "filter.organ_id"},
	} {
		_, _, err := b.Figures(t.Context(), test.user, test.filter)
		f, ok := errors.AsType[*casework.FieldError](err)
		if !ok || f.Field != test.field {
			t.Errorf("%s: %v, want an error of %s", name, err, test.field)
		}
	}
	if _, _, err := b.Figures(t.Context(), b.Delegate, postgres.FigureFilter{}); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("figures for a delegate: %v, want %v", err, casework.ErrForbidden)
	}
	page := postgres.FigurePage{Code: "nothing", Side: casework.Numerator, Limit: 1}
	if _, err := b.ListFigure(t.Context(), b.Admin, postgres.FigureFilter{}, page); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a list of no figure: %v, want %v", err, casework.ErrNotFound)
	}
}
