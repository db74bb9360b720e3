package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/gen/db"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// found are the proposals that a search finds, in its order.
func (b *bundle) found(t *testing.T, f postgres.PublicFilter) (ids []int64) {
	t.Helper()
	f.Limit = 50
	rows, err := b.SearchReplies(t.Context(), f)
	must(t, err)
	for _, r := range rows {
		ids = append(ids, r.ProposalID)
	}
	return ids
}

// TestSearchFindsWhatIsPublished and nothing before, and nothing after it was
// taken down.
func TestSearchFindsWhatIsPublished(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	other, _ := b.issue(t, "0002") // never published
	id, _ := b.issue(t, "0001")
	if got := b.found(t, postgres.PublicFilter{}); len(got) != 0 {
		t.Errorf("before anything is published: %v", got)
	}
	_, err := b.PublishReply(ctx, by(b.Office, id))
	must(t, err)
	for query, want := range map[string]bool{
		"": true, "再开放": true, "实验": true, "室": true, "两处实验室": true, "2026年9月": true, "实验室 开放": true, "２０２６": true,
		"放开": false, "室验实": false, "实验室再开放": false, "不存在": false, "实验 火星": false, "，。": true,
	} {
		if got := b.found(t, postgres.PublicFilter{Query: query}); slices.Contains(got, id) != want || slices.Contains(got, other) {
			t.Errorf("%q finds %v, want %d: %v, and never %d", query, got, id, want, other)
		}
	}
	p, err := b.PublishedReply(ctx, id)
	if err != nil || !strings.Contains(p.Text, sentence) || p.DocumentNumber == "" || p.Publicity != "full" {
		t.Errorf("the published reply: %+v, %v", p, err)
	}
	if _, err := b.PublishedReply(ctx, other); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a reply that is not published: %v", err)
	}
	_, err = b.TakeDownReply(ctx, by(b.Office, id), "有误")
	must(t, err)
	if got := b.found(t, postgres.PublicFilter{Query: "实验室"}); len(got) != 0 {
		t.Errorf("taken down, it is found: %v", got)
	}
	if _, err := b.PublishedReply(ctx, id); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("taken down, it is shown: %v", err)
	}
}

// TestSearchFilters finds by each field what has it, and not what has not.
func TestSearchFilters(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.answer(t, "0001")
	p, err := b.PublishedReply(t.Context(), id)
	must(t, err)
	sitting := casework.Sitting{Body: p.Body, Term: int(p.Term), Session: int(p.Session)}
	another := sitting
	another.Session++
	for name, tt := range map[string]struct {
		filter postgres.PublicFilter
		want   bool
	}{
		"kind":            {postgres.PublicFilter{Kind: casework.CPPCCProposal}, true},
		"another kind":    {postgres.PublicFilter{Kind: casework.NPCSuggestion}, false},
		"organ":           {postgres.PublicFilter{OrganID: b.Organ}, true},
		"another organ":   {postgres.PublicFilter{OrganID: b.Helper}, false},
		"year":            {postgres.PublicFilter{Year: int32(p.IssueDate.Year)}, true},
		"another year":    {postgres.PublicFilter{Year: int32(p.IssueDate.Year) - 1}, false},
		"result":          {postgres.PublicFilter{Result: p.Result}, true},
		"another result":  {postgres.PublicFilter{Result: "reference"}, false},
		"sitting":         {postgres.PublicFilter{Sitting: &sitting}, true},
		"another sitting": {postgres.PublicFilter{Sitting: &another}, false},
		"behind itself":   {postgres.PublicFilter{AfterDay: p.Published, AfterID: id}, false},
		"behind a later":  {postgres.PublicFilter{AfterDay: p.Published.AddDays(1), AfterID: 1}, true},
	} {
		if got := slices.Contains(b.found(t, tt.filter), id); got != tt.want {
			t.Errorf("%s: found %v, want %v", name, got, tt.want)
		}
	}
	want := postgres.Catalogue{
		Years:    []db.PublishedYearsRow{{Year: int32(p.IssueDate.Year), Replies: 1}},
		Sittings: []db.PublishedSittingsRow{{Body: p.Body, Term: p.Term, Session: p.Session, Replies: 1}},
		Organs:   []db.PublishedOrgansRow{{ID: b.Organ, Name: p.Organ, Replies: 1}},
	}
	got, err := b.PublicCatalogue(t.Context())
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the catalogue (-want +got):\n%s", diff)
	}
}

// TestPublicPromises shows what the text promises and is followed, whole letters
// and summaries alike, and nothing of what stands in the letter alone.
func TestPublicPromises(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, c := b.pledge(t, "0001")
	_, err := b.PublishReply(ctx, by(b.Office, id))
	must(t, err)
	p, err := b.PublishedReply(ctx, id)
	if err != nil || len(p.Commitments) != 1 || p.Commitments[0].ID != c || p.Commitments[0].State != casework.Open {
		t.Errorf("the promises of a whole letter: %+v, %v", p.Commitments, err)
	}
}

// TestOldPublicationsAreIndexed puts into the search what was published before
// there was one, once, and nothing that was taken down.
func TestOldPublicationsAreIndexed(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	gone := b.answer(t, "0002")
	b.answer(t, "0001")
	_, err := b.TakeDownReply(ctx, by(b.Office, gone), "有误")
	must(t, err)
	before := b.found(t, postgres.PublicFilter{Query: "实验室"})
	_, err = b.conn.Exec(ctx, `DELETE FROM published_replies`)
	must(t, err)
	for range 2 {
		must(t, b.DoIndexPublications(ctx))
		if got := b.found(t, postgres.PublicFilter{Query: "实验室"}); !slices.Equal(got, before) || len(got) != 1 {
			t.Errorf("indexed anew: %v, want %v", got, before)
		}
	}
}
