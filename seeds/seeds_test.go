package seeds_test

import (
	"slices"
	"testing"
	"time"

	"fuyan/casework"
	"fuyan/casework/letter"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/seeds"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

var admin = casework.User{Roles: []casework.Role{casework.Admin}}

// load fills a database of its own.
func load(t *testing.T, now func() time.Time) *postgres.DB {
	t.Helper()
	pool := postgrestest.New(t)
	if err := seeds.Load(t.Context(), pool, now); err != nil {
		t.Fatal(err)
	}
	d, err := postgres.New(pool, postgres.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLoad(t *testing.T) {
	t.Parallel()
	for name, now := range map[string]func() time.Time{
		"now":         time.Now,
		"in March":    postgrestest.Now,
		"on New Year": func() time.Time { return time.Date(2028, 1, 1, 1, 0, 0, 0, time.UTC) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := load(t, now)
			list, err := d.ListProposals(t.Context(), admin, postgres.ProposalFilter{Limit: 100})
			if err != nil {
				t.Fatal(err)
			}
			if len(list) != 29 {
				t.Errorf("%d proposals, want 29", len(list))
			}
			checkProposals(t, d, list)
			checkCommitments(t, d)
			for _, p := range list {
				checkLetters(t, d, p)
			}
			if r, err := d.Verify(t.Context()); err != nil || r.Proposals != 29 {
				t.Errorf("Verify: %+v, %v", r, err)
			}
		})
	}
}

// checkProposals wants every state, something overdue, and something to decide.
func checkProposals(t *testing.T, d *postgres.DB, list []postgres.ListedProposal) {
	t.Helper()
	count := map[casework.State]int{}
	for _, p := range list {
		count[p.State]++
	}
	for _, s := range casework.States {
		if count[s] == 0 {
			t.Errorf("no proposal is %s", s)
		}
	}
	overdue, err := d.ListProposals(t.Context(), admin, postgres.ProposalFilter{Overdue: true, Limit: 100})
	if err != nil || len(overdue) == 0 || len(overdue) > 3 {
		t.Errorf("%d proposals are overdue, %v", len(overdue), err)
	}
	facets := map[string]int{}
	for _, p := range list {
		v, err := d.ViewProposal(t.Context(), admin, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		countFacets(facets, v)
		rounds, err := d.ListFeedback(t.Context(), admin, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rounds {
			countFeedback(facets, r)
		}
	}
	for _, want := range []string{"redo", "opinion asked", "opinion given", "extension asked", "extension granted", "contact", "own feedback", "collected feedback", "silence", "undecided", "redo for feedback"} {
		if facets[want] == 0 {
			t.Errorf("no proposal with: %s", want)
		}
	}
}

func countFacets(facets map[string]int, v postgres.ProposalView) {
	if v.Round > 1 {
		facets["redo"]++
	}
	if len(v.Contacts) > 0 {
		facets["contact"]++
	}
	for _, o := range v.Opinions {
		if o.Opinion.GivenAt == nil {
			facets["opinion asked"]++
		} else {
			facets["opinion given"]++
		}
	}
	for _, e := range v.Extensions {
		if e.Extension.Granted == nil {
			facets["extension asked"]++
		} else {
			facets["extension granted"]++
		}
	}
}

func countFeedback(facets map[string]int, r postgres.FeedbackRound) {
	unhappy := false
	for _, l := range r.Lines {
		switch {
		case !l.Given:
			facets["silence"]++
		case l.Channel == casework.Own:
			facets["own feedback"]++
		default:
			facets["collected feedback"]++
		}
		unhappy = unhappy || l.Result == string(casework.Dissatisfied)
	}
	switch {
	case r.Undecided:
		facets["undecided"]++
	case unhappy && r.Decision.RedoDecision.Redo:
		facets["redo for feedback"]++
	}
}

func checkCommitments(t *testing.T, d *postgres.DB) {
	t.Helper()
	for _, s := range casework.CommitmentStates {
		list, err := d.ListCommitments(t.Context(), admin, postgres.CommitmentFilter{State: s, Limit: 100})
		if err != nil || len(list) == 0 {
			t.Errorf("no commitment is %s: %v", s, err)
		}
	}
	overdue, err := d.ListCommitments(t.Context(), admin, postgres.CommitmentFilter{State: casework.Open, Overdue: true, Limit: 100})
	if err != nil || len(overdue) == 0 {
		t.Errorf("no open commitment is overdue: %v", err)
	}
}

// checkLetters checks every letter, and drafts that have come to the review,
// against what is on record.
func checkLetters(t *testing.T, d *postgres.DB, p postgres.ListedProposal) {
	t.Helper()
	reply, err := d.ViewReply(t.Context(), admin, p.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	f := letter.Facts{
		Kind: p.Kind, Sitting: casework.Sitting{Body: p.Body, Term: int(p.Term), Session: int(p.Session)},
		Number: p.Number, Title: p.Title, Proposers: p.Proposers, Organ: "上海市科学技术委员会",
		OrganOffice: "上海市科委办公室", Prefix: "沪科提复", CopiedTo: []string{"市政府办公厅建议提案处", "市政协提案办"},
	}
	if p.Kind == casework.NPCSuggestion {
		f.Prefix, f.CopiedTo[1] = "沪科建复", "市人大代表工作处"
	}
	for _, l := range reply.Letters {
		f.DocumentNumber, f.IssueDate = l.Letter.DocumentNumber, l.Letter.IssueDate
		report(t, p, letter.Check(l.Letter.Text, f))
	}
	if p.State.Open() && len(reply.Drafts) > 0 {
		c, err := d.CheckDraft(t.Context(), admin, p.ID, "", "")
		if err != nil {
			t.Fatal(err)
		}
		if p.State != casework.Drafting {
			// What 今年 promises depends on the year in which it is read.
			report(t, p, slices.DeleteFunc(c.Faults, func(f letter.Fault) bool { return f.Rule == letter.Undecided }))
		}
	}
}

func report(t *testing.T, p postgres.ListedProposal, faults []letter.Fault) {
	t.Helper()
	for _, f := range faults {
		t.Errorf("%s (%s): %+v", p.Number, p.State, f)
	}
}

// The numbers of a series follow the days of its letters.
func TestNumbersInOrder(t *testing.T) {
	t.Parallel()
	d := load(t, time.Now)
	list, err := d.ListProposals(t.Context(), admin, postgres.ProposalFilter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	last := map[string]casework.Date{}
	for i := len(list) - 1; i >= 0; i-- {
		r, err := d.ViewReply(t.Context(), admin, list[i].ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range r.Letters {
			prefix, year, _, err := letter.ParseNumber(l.Letter.DocumentNumber)
			if err != nil || l.Letter.IssueDate.Year != year || l.Letter.IssueDate.Before(last[prefix]) {
				t.Errorf("%s of %s after a letter of %s: %v", l.Letter.DocumentNumber, l.Letter.IssueDate, last[prefix], err)
			}
			last[prefix] = l.Letter.IssueDate
		}
	}
}

// Everyone on the list can sign in and has what the list says.
func TestAccounts(t *testing.T) {
	t.Parallel()
	d := load(t, time.Now)
	for _, a := range seeds.Accounts {
		s, err := d.SignIn(t.Context(), a.Name, seeds.Password)
		if err != nil || s.Account.User.DisplayName != a.DisplayName {
			t.Errorf("SignIn(%s): %+v, %v", a.Name, s.Account, err)
			continue
		}
		list, err := d.ListProposals(t.Context(), postgres.UserOf(s.Account), postgres.ProposalFilter{Limit: 100})
		if err != nil || len(list) == 0 {
			t.Errorf("%s sees no proposal: %v", a.Name, err)
		}
	}
}

// A load that fails leaves what was there.
func TestLoadTwice(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	for i := range 2 {
		if err := seeds.Load(t.Context(), pool, time.Now); (err == nil) != (i == 0) {
			t.Fatalf("load %d: %v", i+1, err)
		}
	}
	d, err := postgres.New(pool, postgres.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	organs, err := d.ListOrgans(t.Context())
	if err != nil || len(organs) != 9 {
		t.Errorf("%d organs after the second load, want 9: %v", len(organs), err)
	}
}
