package postgres_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"fuyan/postgres/postgrestest"
)

// drafted is a database of before drafts kept their fields: a reply with two.
const drafted = `
INSERT INTO organs (name, short_name, office_name, oversight, cppcc_prefix, npc_prefix) VALUES ('某委', '某委', '', '', '', '');
INSERT INTO users (name, display_name, password_hash, roles, organ_id) SELECT 'u', '甲', '', '{office}', max(id) FROM organs;
INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id, handed_over, reply_due, received_at, updated_at)
SELECT 'cppcc_proposal', '市政协', 14, 1, '0001', '题', '', true, false, 'accepted', max(id), '2026-02-10', '2026-05-10', now(), now() FROM organs;
INSERT INTO replies (proposal_id, round, result, publicity, summary, draft_count) SELECT id, 1, 'adopted', 'summary', '摘要', 2 FROM proposals;
INSERT INTO drafts (reply_id, number, text, author_id, created_at)
SELECT r.id, n, '第' || n || '稿', u.id, now() FROM replies r, users u, generate_series(1, 2) n;
`

// TestMigrationOfDrafts: what the latest draft said is known, of those before it
// nothing is made up, and drafts are final again.
func TestMigrationOfDrafts(t *testing.T) {
	t.Parallel()
	tx := postgrestest.Tx(t)
	migrated(t, tx, "drafted", map[string]string{"0015": drafted})
	rows, err := tx.Query(t.Context(), `SELECT number || ' ' || text || ' ' || result || ' ' || publicity || ' ' || summary FROM drafts ORDER BY number`)
	must(t, err)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	if diff := cmp.Diff([]string{"1 第1稿   ", "2 第2稿 adopted summary 摘要"}, got); diff != "" {
		t.Errorf("drafts (-want +got):\n%s", diff)
	}
	if _, err := tx.Exec(t.Context(), `UPDATE drafts SET summary = '' WHERE number = 2`); err == nil {
		t.Error("a draft can be changed")
	}
}
