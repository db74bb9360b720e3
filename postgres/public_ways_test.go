package postgres_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// published puts letters of these texts on the public pages, each a day after the
// one before.
func (b *bundle) published(t testing.TB, texts []string) {
	t.Helper()
	_, err := b.conn.Exec(t.Context(), `WITH t AS (SELECT t.text, t.n FROM unnest($1::text[]) WITH ORDINALITY t(text, n)),
		p AS (INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id, handed_over,
				reply_due, received_at, updated_at)
			SELECT CASE n % 3 WHEN 0 THEN 'npc_suggestion' ELSE 'cppcc_proposal' END, '市政协', 14, n % 2, n, '题', '', true, false, 'answered', $2::bigint,
				'2026-01-01', '2026-04-01', now(), now() FROM t
			RETURNING id, number),
		r AS (INSERT INTO replies (proposal_id, round, result, publicity) SELECT id, 1, 'adopted', 'full' FROM p RETURNING id, proposal_id),
		l AS (INSERT INTO letters (proposal_id, reply_id, edition, document_number, issue_date, text, sha256, issued_by, issued_at)
			SELECT r.proposal_id, r.id, 1, '第' || p.number || '号', '2026-01-01'::date - p.number::int, 'x', sha256('x'), $3::bigint, now()
			FROM r JOIN p ON p.id = r.proposal_id)
		INSERT INTO publications (reply_id, text, published)
		SELECT r.id, t.text, '2020-01-01'::date + t.n::int FROM t JOIN p ON p.number = t.n::text JOIN r ON r.proposal_id = p.id`,
		texts, b.Organ, b.Office.ID)
	must(t, err)
	must(t, b.DoIndexPublications(t.Context()))
}

// pages are the numbers of all that a search finds, page by page.
func (b *bundle) pages(t testing.TB, f postgres.PublicFilter) (numbers []string) {
	t.Helper()
	for f.Limit = 7; ; {
		rows, err := b.SearchReplies(t.Context(), f)
		must(t, err)
		for _, r := range rows {
			numbers = append(numbers, r.Number)
			f.AfterDay, f.AfterID = r.Published, r.ProposalID
		}
		if len(rows) < int(f.Limit) {
			return numbers
		}
	}
}

// TestBothWaysFindTheSame: whatever words are looked for, and however common they
// are, those letters are found that have them all, each once and the latest first.
func TestBothWaysFindTheSame(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	var texts []string
	for i := range 600 {
		text := "的和科技，创新Ａ" + strings.Repeat("业", i%3)
		if i%5 == 0 {
			text += "；实验室的。"
		}
		if i%60 == 0 {
			text += "实验。室的５G网"
		}
		if i%20 == 0 { // neither common nor rare
			text += "规划"
		}
		if i < 30 { // long ago, and never since
			text += "\n旧事、的旧"
		}
		if i >= 595 || i == 3 { // the talk of a season, and once before
			text += "论坛"
		}
		texts = append(texts, text)
	}
	b.published(t, texts)
	words := rapid.SliceOfN(rapid.SampledFrom([]string{
		"的", "科技", "科技创新", "实验", "实验室", "实验室的", "室的", "5g", "５Ｇ网", "旧", "旧事", "业业", "新a", "技创", "无", "的科技", "旧事的旧", "规划", "规", "论坛", "，", "%", "'",
	}), 0, 3)
	rapid.Check(t, func(rt *rapid.T) {
		f := postgres.PublicFilter{Query: strings.Join(words.Draw(rt, "words"), " ")}
		if rapid.Bool().Draw(rt, "of one kind") {
			f.Kind = casework.NPCSuggestion
		}
		var want []string
		for i, text := range slices.Backward(texts) {
			plain := casework.Plain("题\n" + text)
			missing := slices.ContainsFunc(strings.Fields(casework.Plain(f.Query)), func(w string) bool { return !strings.Contains(plain, w) })
			missing = missing || casework.Wordless(f.Query)
			if !missing && (f.Kind == "" || (i+1)%3 == 0) {
				want = append(want, fmt.Sprint(i+1))
			}
		}
		if got := b.pages(t, f); !slices.Equal(got, want) {
			rt.Fatalf("%+v finds %v, want %v", f, got, want)
		}
	})
}

// TestQueriesAreNoPatterns: what means something to a database or to a search is
// looked for as it stands, or not at all.
func TestQueriesAreNoPatterns(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.published(t, []string{"甲乙丙", "甲丙，Ｂ２Ｃ与ａ_b百分之5%，二〇二六年"})
	for query, want := range map[string]int{
		"甲%丙": 2, "甲_丙": 2, "乙:*": 1, "甲 & 乙": 1, "甲 | 乙": 1, "!甲": 2, `甲\乙`: 1, "'甲' 乙": 1, "'; DROP TABLE letters": 0, "@grams": 0, "$7": 0,
		"b2c": 1, "Ｂ２Ｃ": 1, "B2C与A": 1, "a_B": 1, "5%": 1, "5": 1, "二〇二六": 1, "甲乙丙": 1, "甲丙": 1, "甲乙甲": 0,
		strings.Repeat("甲", 100): 0, strings.Repeat("甲 ", 50): 2, strings.Repeat("甲乙丙丁 ", 20): 0,
	} {
		if got := b.pages(t, postgres.PublicFilter{Query: query}); len(got) != want {
			t.Errorf("%q finds %v, want %d", query, got, want)
		}
	}
}

// stale says what the search knows otherwise than the publications have it.
func (b *bundle) stale(t testing.TB) (out []string) {
	t.Helper()
	rows, err := b.conn.Query(t.Context(), `
		SELECT 'publication ' || coalesce(u.id, x.publication_id) FROM (SELECT * FROM publications WHERE taken_down IS NULL) u
			FULL JOIN published_replies x ON x.publication_id = u.id WHERE u.id IS NULL OR x.publication_id IS NULL
		UNION ALL
		SELECT 'count of ' || coalesce(c.year, x.year) FROM (SELECT * FROM published_counts WHERE replies > 0) c
			FULL JOIN (SELECT year, body, term, session, organ_id, count(*) AS replies FROM published_replies GROUP BY year, body, term, session, organ_id) x
				USING (year, body, term, session, organ_id)
			WHERE c.replies IS DISTINCT FROM x.replies
		UNION ALL
		SELECT 'sum of organ ' || coalesce(c.organ_id, x.organ_id) FROM published_organs c
			FULL JOIN (SELECT organ_id, sum(replies) AS replies FROM published_counts GROUP BY organ_id) x USING (organ_id)
			WHERE coalesce(c.replies, 0) <> coalesce(x.replies, 0)
		UNION ALL
		SELECT 'sum of sitting ' || concat_ws(' ', year, body, term, session) FROM published_sittings c
			FULL JOIN (SELECT year, body, term, session, sum(replies) AS replies FROM published_counts GROUP BY year, body, term, session) x
				USING (year, body, term, session)
			WHERE coalesce(c.replies, 0) <> coalesce(x.replies, 0)
		ORDER BY 1`)
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var what string
		must(t, rows.Scan(&what))
		out = append(out, what)
	}
	must(t, rows.Err())
	return out
}

// TestSearchIsNeverStale publishes, takes down, publishes again and replaces by a
// second round; after each the search has what is public, with the transaction.
func TestSearchIsNeverStale(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	fresh := func(after string, want int64) {
		t.Helper()
		if got := b.stale(t); len(got) > 0 {
			t.Errorf("after %s stale: %v", after, got)
		}
		c, err := b.PublicCatalogue(ctx)
		must(t, err)
		var n int64
		for _, y := range c.Years {
			n += y.Replies
		}
		if n != want {
			t.Errorf("after %s the catalogue has %d, want %d", after, n, want)
		}
	}
	id := b.answer(t, "0001")
	fresh("the first", 1)
	b.answer(t, "0002")
	fresh("the second", 2)
	_, err := b.TakeDownReply(ctx, by(b.Office, id), "有误")
	must(t, err)
	fresh("taking down", 1)
	_, err = b.PublishReply(ctx, by(b.Office, id))
	must(t, err)
	fresh("publishing again", 2)
	if _, err := b.PublishReply(ctx, by(b.Handler, id)); err == nil {
		t.Error("a handler publishes")
	}
	fresh("a refusal", 2)
}
