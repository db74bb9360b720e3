package bench_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fuyan/bench"
	"fuyan/casework"
	"fuyan/casework/letter"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

// loaded is how many proposals are loaded here: enough for some in each state.
const loaded = 3000

// A city is what was loaded, and the program on it.
type city struct {
	*postgres.DB
	pool   *pgxpool.Pool
	people bench.People
}

// TestLoad loads a small city and looks whether it is what the operations of the
// program would have left. What changes it comes last.
func TestLoad(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	before := schemaOf(t, pool)
	l, err := bench.Load(t.Context(), pool, loaded, postgrestest.Now())
	must(t, err)
	if l.Proposals != loaded || l.Rows < 50*loaded {
		t.Errorf("loaded %d rows of %d proposals", l.Rows, l.Proposals)
	}
	if diff := cmp.Diff(before, schemaOf(t, pool)); diff != "" {
		t.Errorf("the schema after is not that of before (-before +after):\n%s", diff)
	}
	d, err := postgres.New(pool, postgres.Options{Now: postgrestest.Now})
	must(t, err)
	c := city{d, pool, l.People}
	t.Run("history", c.history)
	t.Run("references", c.references)
	t.Run("facts", c.facts)
	t.Run("letters", c.letters)
	t.Run("search", c.search)
	t.Run("lists", c.lists)
	t.Run("moves", c.moves)
	if _, err := bench.Load(t.Context(), pool, loaded, postgrestest.Now()); err == nil {
		t.Error("loaded twice")
	}
}

// schemaOf lists indexes, triggers and constraints, with whether they work.
func schemaOf(t *testing.T, pool *pgxpool.Pool) []string {
	t.Helper()
	return column[string](t, pool, `
		SELECT indexdef || ' ' || i.indisvalid || i.indisready FROM pg_indexes x
		JOIN pg_index i ON i.indexrelid = format('%I.%I', x.schemaname, x.indexname)::regclass WHERE x.schemaname = 'public'
		UNION ALL SELECT pg_get_triggerdef(oid) || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
		UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated FROM pg_constraint WHERE connamespace = 'public'::regnamespace
		ORDER BY 1`)
}

func (c city) history(t *testing.T) {
	r, err := c.Verify(t.Context())
	if err != nil || r.Proposals != loaded {
		t.Errorf("verified %+v: %v", r, err)
	}
}

// references asks of each foreign key for rows that refer to nothing.
func (c city) references(t *testing.T) {
	queries := column[string](t, c.pool, `
		SELECT format('SELECT count(*) FROM %s x WHERE (%s) IS NOT NULL AND NOT EXISTS (SELECT FROM %s y WHERE %s)', k.conrelid::regclass,
			string_agg(format('x.%I', a.attname), ' || '' '' || '), k.confrelid::regclass, string_agg(format('x.%I = y.%I', a.attname, f.attname), ' AND '))
		FROM pg_constraint k, unnest(k.conkey, k.confkey) AS u (own, other)
		JOIN LATERAL (SELECT attname FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = u.own) a ON true
		JOIN LATERAL (SELECT attname FROM pg_attribute WHERE attrelid = k.confrelid AND attnum = u.other) f ON true
		WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
		GROUP BY k.oid, k.conrelid, k.confrelid`)
	if len(queries) < 60 {
		t.Fatalf("only %d foreign keys", len(queries))
	}
	for _, sql := range queries {
		if n := count(t, c.pool, sql); n > 0 {
			t.Errorf("%d rows refer to nothing: %s", n, sql)
		}
	}
}

// faults are rows that there must not be: what triggers and operations keep in step.
var faults = map[string]string{
	"deadline not watched": `SELECT count(*) FROM deadlines d FULL JOIN deadline_watch w ON w.deadline_id = d.id
		WHERE d.id IS NULL OR w.deadline_id IS NULL OR (w.next_notice IS NOT NULL) > (d.next_notice IS NOT NULL)`,
	"deadline not armed":         `SELECT count(*) FROM deadlines WHERE (next_notice IS NULL) <> (met IS NOT NULL OR ended IS NOT NULL)`,
	"notice of the past to come": `SELECT count(*) FROM deadline_watch WHERE next_notice < '2026-03-02 04:00Z'`,
	"deadline of another kind": `SELECT count(*) FROM deadlines d JOIN proposals p ON p.id = d.proposal_id LEFT JOIN deadline_rules r
		ON r.code = d.rule AND r.kind = p.kind AND r.valid_from = d.rule_from
		WHERE d.kind <> p.kind OR d.rule <> 'COMMITMENT' AND (r.name, r.basis, r.unit, r.amount) IS DISTINCT FROM (d.name, d.basis, d.unit, d.amount)`,
	"commitment of another organ": `SELECT count(*) FROM commitments c JOIN proposals p ON p.id = c.proposal_id WHERE c.organ_id <> p.organ_id OR c.kind <> p.kind`,
	"commitment not in its letter": `SELECT count(*) FROM commitments c JOIN letters l ON l.id = c.letter_id
		WHERE c.text <> substr(l.text, c.start_offset + 1, c.end_offset - c.start_offset)`,
	"commitment without its last line": `SELECT count(*) FROM commitments c
		WHERE c.state IS DISTINCT FROM (SELECT g.state FROM progress g WHERE g.commitment_id = c.id ORDER BY g.id DESC LIMIT 1)`,
	"line of another state": `SELECT count(*) FROM progress WHERE kind NOT IN ('noted', 'waived') AND state <> state_after(kind)`,
	"commitment out of step": `SELECT count(*) FROM commitments c LEFT JOIN deadlines d ON d.commitment_id = c.id
		WHERE c.state IN ('open', 'done', 'kept', 'dropped') AND (d.due, d.first_due, d.met) IS DISTINCT FROM (c.due, c.first_due, c.done_day)
		   OR c.slips <> (SELECT count(*) FROM due_changes g WHERE g.commitment_id = c.id AND g.after > g.before)
		   OR c.reported_at IS DISTINCT FROM (SELECT max(g.at) FROM progress g WHERE g.commitment_id = c.id AND g.kind IN ('progress', 'done'))`,
	"tally": `SELECT count(*) FROM commitment_tallies a
		FULL JOIN (SELECT t.*, count(*) AS n FROM commitments c, tallies_of(c) t GROUP BY 1, 2, 3, 4, 5) b USING (what, organ_id, kind, owner_id, days)
		WHERE a.n IS DISTINCT FROM b.n`,
	"published count": `SELECT count(*) FROM published_counts a
		FULL JOIN (SELECT year, body, term, session, organ_id, count(*) AS n FROM published_replies GROUP BY 1, 2, 3, 4, 5) b
			USING (year, body, term, session, organ_id)
		WHERE a.replies IS DISTINCT FROM b.n`,
	"published sum of an organ": `SELECT count(*) FROM published_organs a
		FULL JOIN (SELECT organ_id, count(*) AS n FROM published_replies GROUP BY 1) b USING (organ_id)
		WHERE a.replies IS DISTINCT FROM b.n`,
	"published sum of a sitting": `SELECT count(*) FROM published_sittings a
		FULL JOIN (SELECT year, body, term, session, count(*) AS n FROM published_replies GROUP BY 1, 2, 3, 4) b USING (year, body, term, session)
		WHERE a.replies IS DISTINCT FROM b.n`,
	"publication not found": `SELECT count(*) FROM publications u JOIN replies r ON r.id = u.reply_id JOIN letters l ON l.reply_id = r.id
		JOIN proposals p ON p.id = r.proposal_id LEFT JOIN published_replies x ON x.publication_id = u.id
		WHERE (x.proposal_id, x.kind, x.organ_id, x.body, x.term, x.session, x.year, x.result, x.published)
			IS DISTINCT FROM (p.id, p.kind, p.organ_id, p.body, p.term, p.session, extract(year FROM l.issue_date)::int, r.result, u.published)`,
	"words of a proposal": `SELECT count(*) FROM proposals p LEFT JOIN proposal_words w ON w.proposal_id = p.id
		WHERE w.plain IS DISTINCT FROM plain_words(p.title || ' ' || p.number)
		   OR NOT (w.grams @> grams_of(w.plain) AND w.grams <@ grams_of(w.plain) AND cardinality(w.grams) = cardinality(grams_of(w.plain)))`,
	"helper and question": `SELECT count(*) FROM (SELECT * FROM assignments WHERE role = 'helper') a FULL JOIN opinions o USING (proposal_id, organ_id)
			LEFT JOIN deadlines d ON (d.proposal_id, d.organ_id, d.rule) = (o.proposal_id, o.organ_id, 'COHANDLE_OPINION')
		WHERE a.id IS NULL OR o.id IS NULL OR d.due IS DISTINCT FROM o.due OR (d.met IS NULL) <> (o.given_at IS NULL)`,
	"nobody answers": `SELECT count(*) FROM proposals p WHERE 1 <> (SELECT count(*) FROM assignments a WHERE a.proposal_id = p.id AND a.organ_id = p.organ_id
		AND a.role = CASE WHEN EXISTS (SELECT FROM opinions o WHERE o.proposal_id = p.id) THEN 'lead' ELSE 'sole' END
		AND (a.signed_for IS NULL) = (p.state IN ('received', 'return_requested')))`,
	"redo that waits":       `SELECT count(*) FROM replies WHERE redo_waits <> redo_waits_of(id)`,
	"reply day out of step": `SELECT count(*) FROM proposals p JOIN deadlines d ON d.proposal_id = p.id AND d.rule = 'REPLY' WHERE d.due <> p.reply_due`,
	"gap in a series": `SELECT count(*) FROM series s WHERE s.last <> (SELECT count(*) FROM series_numbers n WHERE (n.prefix, n.year) = (s.prefix, s.year))
		OR s.last <> (SELECT max(number) FROM series_numbers n WHERE (n.prefix, n.year) = (s.prefix, s.year))`,
	"number of no letter": `SELECT count(*) FROM series_numbers n JOIN letters l ON l.id = n.letter_id
		WHERE l.document_number <> n.prefix || '〔' || n.year || '〕' || n.number || '号' OR extract(year FROM l.issue_date) <> n.year`,
	"letter before its hand-over": `SELECT count(*) FROM letters l JOIN proposals p ON p.id = l.proposal_id WHERE l.issue_date < p.handed_over`,
	"event of the future or out of order": `SELECT count(*) FROM events e LEFT JOIN events b ON (b.proposal_id, b.seq) = (e.proposal_id, e.seq - 1)
		WHERE e.at > '2026-03-02 04:00Z' OR b.at > e.at`,
	"draft not counted": `SELECT count(*) FROM replies r WHERE r.draft_count <> (SELECT count(*) FROM drafts d WHERE d.reply_id = r.id)
		OR r.passed <> (SELECT count(*) FROM reviews v WHERE v.reply_id = r.id AND v.step <> '签发')`,
	"answered, and not everywhere": `SELECT count(*) FROM proposals p JOIN replies r ON r.proposal_id = p.id WHERE p.state IN ('answered', 'closed')
		AND (EXISTS (SELECT FROM deliveries d WHERE d.reply_id = r.id AND d.day IS NULL) OR EXISTS (SELECT FROM copies c WHERE c.reply_id = r.id AND c.sent_at IS NULL))`,
}

func (c city) facts(t *testing.T) {
	for name, sql := range faults {
		if n := count(t, c.pool, sql); n > 0 {
			t.Errorf("%s: %d", name, n)
		}
	}
	for name, sql := range map[string]string{
		"waiting": `SELECT count(*) FROM proposals WHERE state IN ('received', 'return_requested', 'accepted', 'drafting', 'reviewing', 'signed')`,
		"overdue": `SELECT count(*) FROM proposals WHERE state IN ('received', 'accepted', 'drafting', 'reviewing', 'signed') AND reply_due < '2026-03-02'`,
	} {
		if n := count(t, c.pool, sql); n < loaded/200 || n > loaded/12 {
			t.Errorf("%d of %d are %s", n, loaded, name)
		}
	}
}

// letters reads each letter and holds what it says against what is on record.
func (c city) letters(t *testing.T) {
	type promise struct {
		Text       string
		Start, End int
		Words      string
		Day        casework.Date
	}
	recorded := map[int64][]promise{}
	rows, err := c.pool.Query(t.Context(), `SELECT letter_id, text, start_offset, end_offset, due_words, words_due FROM commitments ORDER BY letter_id, start_offset`)
	must(t, err)
	var id int64
	var p promise
	_, err = pgx.ForEachRow(rows, []any{&id, &p.Text, &p.Start, &p.End, &p.Words, &p.Day}, func() error {
		recorded[id] = append(recorded[id], p)
		return nil
	})
	must(t, err)
	rows, err = c.pool.Query(t.Context(), `SELECT l.id, l.text, l.document_number, p.number FROM letters l JOIN proposals p ON p.id = l.proposal_id`)
	must(t, err)
	var text, document, number string
	_, err = pgx.ForEachRow(rows, []any{&id, &text, &document, &number}, func() error {
		r := letter.Read(text)
		if r.DocumentNumber != document || r.CaseNumber != number {
			t.Errorf("%s about %s reads %s about %s", document, number, r.DocumentNumber, r.CaseNumber)
		}
		var read []promise
		for _, c := range r.Commitments {
			read = append(read, promise{c.Text, c.Span.Start, c.Span.End, c.Due.Words, c.Due.Day})
		}
		if diff := cmp.Diff(read, recorded[id]); diff != "" {
			t.Errorf("%s (-read +recorded):\n%s", document, diff)
		}
		return nil
	})
	must(t, err)
}

// search holds what the search knows of each publication against what the program
// makes of it.
func (c city) search(t *testing.T) {
	rows, err := c.pool.Query(t.Context(), `SELECT concat_ws(E'\n', p.title, '第' || p.number || '号', l.document_number, u.text), x.plain,
			tsvector_to_array(x.grams), tsvector_to_array(x.triples)
		FROM published_replies x JOIN publications u ON u.id = x.publication_id JOIN letters l ON l.reply_id = u.reply_id JOIN proposals p ON p.id = x.proposal_id`)
	must(t, err)
	var words, plain string
	var grams, triples []string
	_, err = pgx.ForEachRow(rows, []any{&words, &plain, &grams, &triples}, func() error {
		want := casework.Plain(words)
		if plain != want || !slices.Equal(grams, casework.Grams(want)) || !slices.Equal(triples, casework.Triples(want)) {
			t.Errorf("the search knows\n%s\n%s\n%s\nof\n%s", plain, grams, triples, want)
		}
		return nil
	})
	must(t, err)
	list, err := c.SearchReplies(t.Context(), postgres.PublicFilter{Query: strings.Fields(plain)[0], Limit: 10})
	if err != nil || len(list) == 0 {
		t.Errorf("%q finds %d replies: %v", strings.Fields(plain)[0], len(list), err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func column[T any](t *testing.T, pool *pgxpool.Pool, sql string) []T {
	t.Helper()
	rows, err := pool.Query(context.WithoutCancel(t.Context()), sql)
	must(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[T])
	must(t, err)
	return list
}

func count(t *testing.T, pool *pgxpool.Pool, sql string) int64 {
	t.Helper()
	return column[int64](t, pool, sql)[0]
}
