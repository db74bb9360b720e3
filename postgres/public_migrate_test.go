package postgres_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/postgres/postgrestest"
)

// found is what a program of before says to the search of a reply: nothing of triples.
const found = `
INSERT INTO published_replies (proposal_id, publication_id, kind, organ_id, body, term, session, year, result, published, plain, grams)
SELECT p.id, u.id, p.kind, p.organ_id, p.body, p.term, p.session, 2026, '', u.published, '题 一二三四 ab 𠀀三四 一二三', ''
FROM proposals p, publications u;
`

// TestMigrationOfTriples: what was public is found by three characters too, and what a
// program of before publishes while the new one runs.
func TestMigrationOfTriples(t *testing.T) {
	t.Parallel()
	tx := postgrestest.Tx(t)
	published := `INSERT INTO publications (reply_id, text, published) SELECT id, '', '2026-05-01' FROM replies;`
	migrated(t, tx, "published", map[string]string{"0015": drafted, "0021": published + found})
	check := func(when string) {
		t.Helper()
		var plain string
		var got []string
		must(t, tx.QueryRow(t.Context(), `SELECT plain, tsvector_to_array(triples) FROM published_replies`).Scan(&plain, &got))
		if diff := cmp.Diff(casework.Triples(plain), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
	check("before the migration")
	_, err := tx.Exec(t.Context(), `DELETE FROM published_replies;`+found)
	must(t, err)
	check("after it")
}
