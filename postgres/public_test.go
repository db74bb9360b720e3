package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
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
		"放开": false, "室验实": false, "实验室再开放": false, "不存在": false, "实验 火星": false, "，。": false, "《》": false, " ": true,
		"0001": true, "第0001号": true, "某试提复〔2026〕2号": true, "0002": false,
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

// TestCatalogueOfManyOrgans names those of which the most is public, by id, and says
// that there are more.
func TestCatalogueOfManyOrgans(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	b.answer(t, "0001")
	_, err := b.conn.Exec(ctx, `WITH more AS (
			INSERT INTO organs (name, short_name) SELECT '单位' || n, '单' || n FROM generate_series(1, 200) n RETURNING id, name)
		INSERT INTO published_counts (year, body, term, session, organ_id, replies)
		SELECT 2020, '市政协', 13, 4, id, 2 + 3 * (name = '单位7')::int FROM more`)
	must(t, err)
	c, err := b.PublicCatalogue(ctx)
	must(t, err)
	if len(c.Organs) != 200 || !c.More {
		t.Fatalf("of 201 organs it names %d, more %t", len(c.Organs), c.More)
	}
	for i, o := range c.Organs {
		if o.ID == b.Organ || o.Replies < 2 {
			t.Errorf("the organ of which the least is public is named: %+v", o)
		}
		if i > 0 && o.ID <= c.Organs[i-1].ID {
			t.Errorf("%+v comes behind %+v", o, c.Organs[i-1])
		}
	}
	answering, more, err := b.ListOrgansAnswering(ctx)
	must(t, err)
	if len(answering) != 200 || !more {
		t.Fatalf("of more than 201 organs it lists %d, more %t", len(answering), more)
	}
	for i, o := range answering { // who oversees does not answer
		if o.ID != c.Organs[i].ID || o.Name != c.Organs[i].Name || o.Oversight != "" || len(o.Divisions) > 0 {
			t.Errorf("it lists %+v, the catalogue %+v", o, c.Organs[i])
		}
	}
	if got := b.stale(t); len(got) != 200 { // the counts of this test, of which nothing is published
		t.Errorf("stale: %d, first %v", len(got), got[:min(3, len(got))])
	}
	_, err = b.conn.Exec(ctx, `DELETE FROM published_counts WHERE year = 2020`)
	must(t, err)
	c, err = b.PublicCatalogue(ctx)
	must(t, err)
	if len(c.Organs) != 1 || len(c.Years) != 1 || len(c.Sittings) != 1 || c.More || len(b.stale(t)) > 0 {
		t.Errorf("without them it has %+v, stale %v", c, b.stale(t))
	}
	_, err = b.conn.Exec(ctx, `DELETE FROM published_organs WHERE replies = 0; DELETE FROM organs WHERE name LIKE '单位%'`)
	must(t, err)
	answering, more, err = b.ListOrgansAnswering(ctx)
	must(t, err)
	if len(answering) != 2 || more || answering[0].ID != b.Organ || answering[1].ID != b.Helper {
		t.Errorf("of few organs it lists %+v, more %t", answering, more)
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

// TestSummaryIsFoundByItsNumbers, of which it says none.
func TestSummaryIsFoundByItsNumbers(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id, l := b.publishSummary(t, "0471")
	for query, want := range map[string]bool{
		"0471": true, "第0471号": true, l.Letter.DocumentNumber: true, "文字": true, l.Letter.DocumentNumber + " 摘要": true, "0472": false, "再开放": false,
	} {
		if got := b.found(t, postgres.PublicFilter{Query: query}); slices.Contains(got, id) != want {
			t.Errorf("%q finds %v, want %d: %v", query, got, id, want)
		}
	}
}

// publishSummary brings a new proposal to a public summary.
func (b *bundle) publishSummary(t *testing.T, number string) (int64, postgres.Letter) {
	t.Helper()
	ctx := t.Context()
	id := b.draft(t, number)
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	done(b.SaveDraft(ctx, by(b.Handler, id), postgres.NewDraft{Text: draftText, Result: "adopted", Publicity: "summary", Summary: "摘要文字"}))
	done(b.SubmitReply(ctx, by(b.Handler, id)))
	done(b.ApproveReply(ctx, by(b.Head, id), ""))
	done(b.ApproveReply(ctx, by(b.Office, id), ""))
	done(b.SignReply(ctx, by(b.Leader, id), ""))
	done(b.IssueReply(ctx, by(b.Office, id), later, casework.Date{}))
	done(b.PublishReply(ctx, by(b.Office, id)))
	l, err := b.PresentLetter(ctx, b.Office, id)
	must(t, err)
	return id, l
}

// TestCorrectedLetterIsPublic in place of the faulty one, of which the record stays;
// what was not public is not made so, and a summary stays as it is.
func TestCorrectedLetterIsPublic(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	correct := func(id int64, l postgres.Letter) {
		t.Helper()
		_, err := b.CorrectLetter(ctx, by(b.Office, id), strings.Replace(l.Letter.Text, "再开放", "更开放", 1), "一字有误")
		must(t, err)
		if got := b.stale(t); len(got) > 0 {
			t.Errorf("corrected, the search is stale: %v", got)
		}
	}
	summary, l := b.publishSummary(t, "0003")
	correct(summary, l)
	if p, err := b.PublishedReply(ctx, summary); err != nil || p.Text != "摘要文字" {
		t.Errorf("the summary is now %q, %v", p.Text, err)
	}
	hidden, l := b.issue(t, "0002")
	correct(hidden, l)
	if _, err := b.PublishedReply(ctx, hidden); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("what was not published is public: %v", err)
	}
	id, l := b.issue(t, "0001")
	_, err := b.PublishReply(ctx, by(b.Office, id))
	must(t, err)
	correct(id, l)
	p, err := b.PublishedReply(ctx, id)
	if err != nil || strings.Contains(p.Text, "再开放") || !strings.Contains(p.Text, "更开放") {
		t.Errorf("the public reads %v\n%s", err, p.Text)
	}
	if got := b.found(t, postgres.PublicFilter{Query: "更开放"}); !slices.Equal(got, []int64{id}) {
		t.Errorf("the corrected words find %v", got)
	}
	if got := b.found(t, postgres.PublicFilter{Query: "再开放"}); len(got) != 0 {
		t.Errorf("the faulty words find %v", got)
	}
	var text, reason string
	must(t, b.conn.QueryRow(ctx, `SELECT u.text, u.take_down_reason FROM publications u JOIN replies r ON r.id = u.reply_id
		WHERE r.proposal_id = $1 AND u.taken_down IS NOT NULL`, id).Scan(&text, &reason))
	if text != l.Letter.Text || reason != "复文更正" {
		t.Errorf("the record of what was public before says %q:\n%s", reason, text)
	}
}

// TestTakenDownWhileIndexed: the search waits for who takes down, ends with them
// both ways, and shows nothing that it has by mistake.
func TestTakenDownWhileIndexed(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	b := setup(t, pool)
	ctx := t.Context()
	var ids []int64
	for i := range 12 {
		ids = append(ids, b.answer(t, fmt.Sprintf("%04d", i+1)))
	}
	_, err := pool.Exec(ctx, `WITH x AS (DELETE FROM published_replies) DELETE FROM published_counts`)
	must(t, err)
	var wg sync.WaitGroup
	wg.Go(func() {
		if err := b.DoIndexPublications(ctx); err != nil {
			t.Error(err)
		}
	})
	for _, id := range ids {
		wg.Go(func() {
			if _, err := b.TakeDownReply(ctx, by(b.Office, id), "有误"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := b.stale(t); len(got) > 0 {
		t.Errorf("the search is stale: %v", got)
	}
	_, err = b.PublishReply(ctx, by(b.Office, ids[0]))
	must(t, err)
	_, err = pool.Exec(ctx, `UPDATE publications SET taken_down = published, take_down_reason = '有误' WHERE taken_down IS NULL`)
	must(t, err)
	if got := b.found(t, postgres.PublicFilter{}); len(got) != 0 {
		t.Errorf("what is taken down is found: %v", got)
	}
}

// TestIndexingEnds where a publication cannot be put in, as another of its proposal
// is found.
func TestIndexingEnds(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id := b.answer(t, "0001")
	_, err := b.conn.Exec(ctx, `WITH r AS (INSERT INTO replies (proposal_id, round, result, publicity) VALUES ($1, 9, 'adopted', 'full') RETURNING id, proposal_id),
		l AS (INSERT INTO letters (proposal_id, reply_id, edition, document_number, issue_date, text, sha256, issued_by, issued_at)
			SELECT r.proposal_id, r.id, 1, '某号', '2026-03-02', 'x', sha256('x'), $2::bigint, now() FROM r)
		INSERT INTO publications (reply_id, text, published) SELECT id, '另一', '2026-03-02' FROM r`, id, b.Office.ID)
	must(t, err)
	must(t, b.DoIndexPublications(ctx))
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
