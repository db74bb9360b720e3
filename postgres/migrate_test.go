package postgres_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"fuyan/migrations"
	"fuyan/postgres/postgrestest"
)

// running is a database of before deadlines were kept: a reply that is open, one
// that was extended twice, one that was withdrawn, one closed before it was
// published, one that all have, one that is to be given back, one redone before
// it was published, and promises in each state.
const running = `
INSERT INTO organs (name, short_name, office_name, oversight, cppcc_prefix, npc_prefix) VALUES ('某委', '某委', '', '', '', '');
INSERT INTO users (name, display_name, password_hash, roles, organ_id) SELECT 'u' || n, '甲' || n, '', '{office}', max(id) FROM organs, generate_series(1, 2) n GROUP BY n;
INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id, handed_over, reply_due, received_at, updated_at)
SELECT 'cppcc_proposal', '市政协', 14, 1, state, '题', '', true, false, state, (SELECT max(id) FROM organs), '2026-02-10', '2026-05-10', now(), '2026-03-04 17:00+00'
FROM unnest(ARRAY['received', 'accepted', 'withdrawn', 'closed', 'answered', 'return_requested']) state;
INSERT INTO replies (proposal_id, round) SELECT id, 1 FROM proposals;
INSERT INTO deadlines (proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional, met)
SELECT p.id, r, r, '', 1, p.organ_id, '2026-02-10', '2026-05-10', CASE WHEN p.state = 'accepted' AND r = 'REPLY' THEN '2026-07-01' ELSE '2026-05-10' END::date, false,
       CASE WHEN p.state IN ('closed', 'answered') AND r = 'REPLY' THEN '2026-03-01'::date END
FROM proposals p, unnest(ARRAY['REPLY', 'PUBLISH', 'COHANDLE_OPINION']) r;
INSERT INTO extensions (proposal_id, reason, until, asked_by, asked_at, granted, decided_by, decision_reason)
SELECT p.id, '面广', e.until, u.id, '2026-03-01 00:00+00', e.granted, u.id, e.why
FROM proposals p, users u, (VALUES (1, '2026-06-01'::date, true, '属实'), (2, '2026-08-01', false, '过长'), (3, '2026-07-01', true, '同意')) e(n, until, granted, why)
WHERE p.state = 'accepted' AND u.name = 'u1' ORDER BY e.n;
INSERT INTO events (proposal_id, seq, verb, actor, at, round, note, hash)
SELECT p.id, n, 'decide_extension', '甲1', '2026-03-10 00:00+00'::timestamptz + n * interval '1 day', 1, '', sha256('x')
FROM proposals p, generate_series(1, 3) n WHERE p.state = 'accepted';
INSERT INTO deadlines (proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional)
SELECT p.id, 'RETURN_WRONG', '退办', '', 1, p.organ_id, '2026-02-10', '2026-02-13', '2026-02-13', false FROM proposals p WHERE p.state = 'return_requested';
INSERT INTO returns (proposal_id, reason, asked_by, asked_at)
SELECT p.id, '非', u.id, '2026-02-11 17:00+00' FROM proposals p, users u WHERE p.state = 'return_requested' AND u.name = 'u1';
INSERT INTO proposers (proposal_id, place, name, organisation, lead, phone, address)
SELECT p.id, n, '丙' || n, false, n = 1, '', '' FROM proposals p, generate_series(1, 2) n WHERE p.state IN ('answered', 'closed');
INSERT INTO deliveries (reply_id, proposer_id, channel, day)
SELECT r.id, s.id, 'hand', '2026-03-01'::date + s.place FROM proposers s JOIN replies r ON r.proposal_id = s.proposal_id;
INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, round, organ_id, handed_over, reply_due, received_at, updated_at)
SELECT kind, body, term, session, 'redone', title, '', true, false, 'accepted', 2, organ_id, handed_over, reply_due, now(), updated_at FROM proposals WHERE state = 'received';
INSERT INTO deadlines (proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional)
SELECT p.id, r, r, '', CASE r WHEN 'REDO' THEN 2 ELSE 1 END, p.organ_id, '2026-03-02', '2026-04-02', CASE r WHEN 'REDO' THEN '2026-03-20' ELSE '2026-04-02' END::date, false
FROM proposals p, unnest(ARRAY['PUBLISH', 'REDO']) r WHERE p.number = 'redone';
INSERT INTO letters (proposal_id, reply_id, edition, document_number, issue_date, text, sha256, issued_by, issued_at, correction_reason)
SELECT p.id, r.id, 1, '某复〔2026〕1号', '2026-03-01', '甲乙丙丁戊己', sha256('甲乙丙丁戊己'::bytea), u.id, now(), ''
FROM proposals p JOIN replies r ON r.proposal_id = p.id, users u WHERE p.state = 'answered' AND u.name = 'u1';
INSERT INTO commitments (proposal_id, letter_id, text, start_offset, end_offset, cue, responsible, due_words, state, owner_id, first_due, due, evidence, done_day, end_reason)
SELECT l.proposal_id, l.id, substr(l.text, n::int, 1), n - 1, n, '', '{}', '', (ARRAY['noted', 'open', 'done', 'dropped'])[n],
       CASE WHEN n > 1 THEN u.id END, CASE WHEN n > 1 THEN '2026-09-30'::date END, CASE WHEN n > 1 THEN '2026-12-31'::date END, '照片', '2026-03-03', '不能'
FROM letters l, users u, generate_series(1, 4) n WHERE u.name = 'u1';
INSERT INTO progress (commitment_id, kind, text, day, author_id, at)
SELECT c.id, 'dropped', '不能', '2026-03-04', c.owner_id, now() FROM commitments c WHERE c.state = 'dropped';
INSERT INTO due_changes (commitment_id, before, after, reason, agreed_by, author_id, at)
SELECT c.id, '2026-09-30', '2026-12-31', '晚到', '吴', c.owner_id, now() FROM commitments c WHERE c.state = 'open';
`

// old is what the code of before still writes when the migration has run.
const old = `
UPDATE deadlines SET met = '2026-03-05' WHERE rule = 'REPLY' AND proposal_id = (SELECT id FROM proposals WHERE number = 'received') AND met IS NULL;
INSERT INTO deadlines (proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional)
SELECT id, 'RETURN_WRONG', '退办', '', 1, organ_id, '2026-03-02', '2026-03-11', '2026-03-11', false FROM proposals WHERE number = 'received';
`

// TestMigrationOfARunningDatabase brings a database with work in it to deadlines
// that are kept.
func TestMigrationOfARunningDatabase(t *testing.T) {
	t.Parallel()
	tx := postgrestest.Tx(t)
	migrated(t, tx, "running", map[string]string{"0007": running})
	_, err := tx.Exec(t.Context(), old)
	must(t, err)
	rows, err := tx.Query(t.Context(), `SELECT p.number || ' ' || d.rule || ' ' || d.unit || ' ' || d.amount || ' '
			|| coalesce(d.rule_from::text, d.basis) || coalesce(' met ' || d.met, '') || coalesce(' ended ' || d.ended, '')
			|| CASE WHEN d.next_notice IS NULL THEN '' ELSE ' runs' END
			|| CASE d.rule WHEN 'FEEDBACK_WAIT' THEN ' due ' || d.due WHEN 'REDO' THEN ' due ' || d.due ELSE '' END
			|| coalesce((SELECT string_agg(' ' || cause || ' ' || before || '→' || after || ' ' || reason || ' ' || author
					|| CASE cause WHEN 'extension' THEN ' ' || at::date ELSE '' END, ',' ORDER BY id)
				FROM deadline_changes g WHERE g.deadline_id = d.id), '')
		FROM deadlines d JOIN proposals p ON p.id = d.proposal_id ORDER BY d.id`)
	must(t, err)
	got := map[string]bool{}
	for rows.Next() {
		var line string
		must(t, rows.Scan(&line))
		got[line] = true
	}
	must(t, rows.Err())
	want := map[string]bool{}
	for line := range strings.SplitSeq(`received REPLY month 3 2000-01-01 met 2026-03-05
received RETURN_WRONG working_day 7 2000-01-01 runs
received PUBLISH working_day 20 2000-01-01 runs
received COHANDLE_OPINION month 1 2000-01-01 runs
accepted REPLY month 3 2000-01-01 runs extension 2026-05-10→2026-06-01 属实 甲1 2026-03-11, extension 2026-06-01→2026-07-01 同意 甲1 2026-03-13
accepted PUBLISH working_day 20 2000-01-01 runs
accepted COHANDLE_OPINION month 1 2000-01-01 runs
withdrawn REPLY month 3 2000-01-01 ended 2026-03-05
withdrawn PUBLISH working_day 20 2000-01-01 ended 2026-03-05
withdrawn COHANDLE_OPINION month 1 2000-01-01 ended 2026-03-05
closed REPLY month 3 2000-01-01 met 2026-03-01
closed PUBLISH working_day 20 2000-01-01 runs
closed COHANDLE_OPINION month 1 2000-01-01 ended 2026-03-05
answered REPLY month 3 2000-01-01 met 2026-03-01
answered PUBLISH working_day 20 2000-01-01 runs
answered COHANDLE_OPINION month 1 2000-01-01 ended 2026-03-05
answered COMMITMENT none 0 某复〔2026〕1号 runs due_change 2026-09-30→2026-12-31 晚到 甲1
answered COMMITMENT none 0 某复〔2026〕1号 met 2026-03-03
answered COMMITMENT none 0 某复〔2026〕1号 ended 2026-03-04
answered FEEDBACK_WAIT working_day 15 2000-01-01 runs due 2026-03-24
return_requested REPLY month 3 2000-01-01 runs
return_requested PUBLISH working_day 20 2000-01-01 runs
return_requested COHANDLE_OPINION month 1 2000-01-01 runs
return_requested RETURN_WRONG working_day 7 2000-01-01 met 2026-02-12
redone PUBLISH working_day 20 2000-01-01 ended 2026-03-05
redone REDO month 1 2000-01-01 runs due 2026-03-20 due_change 2026-04-02→2026-03-20 交回时确定 `, "\n") {
		want[line] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("deadlines (-want +got):\n%s", diff)
	}
}

// followed is what a database of before the ledger holds: promises confirmed,
// waived, put off, kept and given up, with what the history says of them.
const followed = `
UPDATE commitments SET state = 'kept', judged_by = (SELECT id FROM users WHERE name = 'u2'), told_day = '2026-03-05', told_how = '电话' WHERE state = 'done';
INSERT INTO progress (commitment_id, kind, text, day, author_id, at)
SELECT c.id, k, '', '2026-03-03', c.owner_id, '2026-03-03 04:00+00' FROM commitments c, unnest(ARRAY['progress', 'done', 'accepted']) k WHERE c.state = 'kept';
INSERT INTO letter_readings (letter_id, commitments, at) SELECT id, 4, '2026-03-01 04:00+00' FROM letters;
INSERT INTO events (proposal_id, seq, verb, actor_id, actor, at, round, note, hash)
SELECT c.proposal_id, c.id + 100, 'confirm', c.owner_id, '甲1', '2026-03-02 20:00+00', 1, '承诺事项 ' || c.id || '：甲1', sha256('x')
FROM commitments c WHERE c.owner_id IS NOT NULL;
`

// TestMigrationOfALedger brings promises that are followed to the ledger: each has
// the whole of its history, and stands in it where it stands.
func TestMigrationOfALedger(t *testing.T) {
	t.Parallel()
	tx := postgrestest.Tx(t)
	migrated(t, tx, "ledger", map[string]string{"0007": running, "0009": followed})
	rows, err := tx.Query(t.Context(), `
		SELECT c.state || ' of ' || o.short_name || ' ' || c.kind || coalesce(' in ' || c.follow_year, '') || ' slips ' || c.slips
			|| ' keepings ' || c.keepings || coalesce(' done by ' || u.name, '') || coalesce(' signed by ' || nullif(c.signed_by, '') || ' on ' || c.signed_day, '')
			|| ': ' || (SELECT string_agg(g.kind || ' ' || g.state || ' ' || g.day, ', ' ORDER BY g.at, g.id) FROM progress g WHERE g.commitment_id = c.id)
		FROM commitments c JOIN organs o ON o.id = c.organ_id LEFT JOIN users u ON u.id = c.done_by ORDER BY c.id`)
	must(t, err)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	want := []string{
		"noted of 某委 cppcc_proposal slips 0 keepings 0: noted noted 2026-03-01",
		"open of 某委 cppcc_proposal in 2026 slips 1 keepings 0: noted noted 2026-03-01, confirmed open 2026-03-03",
		"kept of 某委 cppcc_proposal in 2026 slips 0 keepings 1 done by u1: noted noted 2026-03-01, confirmed open 2026-03-03, progress open 2026-03-03, done done 2026-03-03, accepted kept 2026-03-03",
		"dropped of 某委 cppcc_proposal in 2026 slips 0 keepings 0 signed by 不能 on 2026-03-04: noted noted 2026-03-01, confirmed open 2026-03-03, dropped dropped 2026-03-04",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the ledger (-want +got):\n%s", diff)
	}
	// What the code of before still writes when the migration has run.
	_, err = tx.Exec(t.Context(), `INSERT INTO progress (commitment_id, kind, text, day, author_id, at)
		SELECT c.id, 'urged', '快', '2026-03-06', c.owner_id, now() FROM commitments c WHERE c.state = 'open'`)
	must(t, err)
	var state string
	must(t, tx.QueryRow(t.Context(), `SELECT state FROM progress WHERE kind = 'urged'`).Scan(&state))
	if state != "open" {
		t.Errorf("a line without a state has %q", state)
	}
}

// migrated makes a schema of its own and brings it to the present, with what was
// written before each of some migrations.
func migrated(t *testing.T, tx pgx.Tx, schema string, before map[string]string) {
	t.Helper()
	exec := func(sql string) {
		t.Helper()
		_, err := tx.Exec(t.Context(), sql)
		must(t, err)
	}
	exec(`CREATE SCHEMA ` + schema + `; SET LOCAL search_path = ` + schema)
	names, err := fs.Glob(migrations.FS, "*.sql")
	must(t, err)
	for _, name := range names {
		exec(before[name[:4]])
		sql, err := migrations.FS.ReadFile(name)
		must(t, err)
		exec(string(sql))
	}
}
