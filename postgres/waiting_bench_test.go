package postgres_test

import (
	"fmt"
	"strings"
	"testing"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// archived is how many the benchmarks below look among: of 200 organs and 80
// sittings, 97 of 100 closed, with one promise each.
const archived = 1_000_000

// years fill a database with them. Their numbers come from hashes: as good as
// random, and the same in each run.
var years = []string{
	`SET session_replication_role = replica`, // no reference is checked while loading, nor does a trigger run
	`INSERT INTO organs (name, short_name) SELECT '某市第' || n || '委员会', '第' || n || '委' FROM generate_series(1, 199) n`,
	`CREATE TEMP TABLE ours AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM organs WHERE oversight = ''`,
	`INSERT INTO users (name, display_name, password_hash, roles, organ_id)
		SELECT 'u' || n || '-' || p, '经办' || n || '之' || p, '', '{handler}', id FROM ours, generate_series(1, 10) p`,
	`INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id, handler_id,
			division_id, handed_over, reply_due, received_at, updated_at)
		SELECT CASE WHEN h % 3 = 0 THEN 'npc_suggestion' ELSE 'cppcc_proposal' END, CASE WHEN h % 3 = 0 THEN '市人大' ELSE '市政协' END,
			1 + i * 14 / $1::int, i * 80 / $1::int % 5, lpad(i::text, 7, '0'), '关于加快第' || h % 9973 || '类' || chr(19968 + (h % 5000)::int) || '业发展的提案', '', true, false,
			CASE WHEN h % 1000 < 970 THEN 'closed' WHEN h % 1000 < 985 THEN 'answered' ELSE
				(ARRAY['received', 'return_requested', 'accepted', 'drafting', 'reviewing', 'signed', 'issued'])[1 + h % 7] END,
			ours.id, (SELECT min(id) FROM users WHERE organ_id = ours.id), NULL,
			date '2000-01-01' + (i::bigint * 9500 / $1::int)::int, CASE WHEN h % 1000 < 985 THEN date '2000-04-01' + (i::bigint * 9500 / $1::int)::int ELSE date '2026-01-15' + (h % 120)::int END, now(), now()
		FROM generate_series(1, $1::int) i, LATERAL (SELECT hashint8(i) & 2147483647 AS h) x JOIN ours ON ours.n = h / 7 % 200`,
	`INSERT INTO proposal_words SELECT p.id, w.plain, grams_of(w.plain)
		FROM proposals p, LATERAL (SELECT plain_words(p.title || ' ' || p.number) AS plain) w`,
	`INSERT INTO replies (proposal_id, round, result, publicity, draft_count, passed, redo_waits)
		SELECT id, 1, CASE WHEN id % 500 = 1 THEN 'planned' ELSE 'adopted' END, 'full', 1, id % 3, state = 'answered' AND id % 50 = 0 FROM proposals`,
	`INSERT INTO copies (reply_id, organ_id, ordered_at, sent_at, acknowledged_at)
		SELECT r.id, o.id, now(), now(), CASE WHEN r.id % 100 > 0 THEN now() END FROM replies r, organs o WHERE o.oversight = 'cppcc'`,
	`INSERT INTO deadlines (proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional, met)
		SELECT id, r, r, '', 1, organ_id, handed_over, reply_due, reply_due, false, CASE WHEN state IN ('closed', 'issued') THEN reply_due END
		FROM proposals, unnest(ARRAY['REPLY', 'PUBLISH']) r`,
	`INSERT INTO commitments (proposal_id, letter_id, text, start_offset, end_offset, cue, responsible, due_words, state, owner_id, deliverable,
			first_due, due, end_reason, evidence, done_day, judged_by, told_day, told_how, organ_id, kind)
		SELECT id, id, '将于年底前印发试点方案', 0, 11, '将', '{}', '', state, handler_id, '', due, due, '情况变化', '方案已经印发', due, 1, due, '书面', organ_id, kind
		FROM (SELECT p.id, p.organ_id, p.kind, p.handler_id, CASE WHEN h < 130 THEN date '2026-01-15' + (p.id % 300)::int ELSE p.reply_due + 300 END AS due,
				CASE WHEN h < 20 THEN 'noted' WHEN h < 120 THEN 'open' WHEN h < 130 THEN 'done' ELSE 'kept' END AS state
			FROM proposals p, LATERAL (SELECT (hashint8(p.id * 7) & 2147483647) % 1000 AS h) x) c`,
	`SET session_replication_role = DEFAULT`,
	`VACUUM ANALYZE`, `CHECKPOINT`,
}

// archive is a database with so many proposals.
func archive(b testing.TB, size int) *bundle {
	b.Helper()
	pool := postgrestest.New(b)
	s := setup(b, pool)
	conn, err := pool.Acquire(b.Context())
	must(b, err)
	defer conn.Release()
	for _, sql := range years {
		var args []any
		if strings.Contains(sql, "$1") {
			args = []any{size}
		}
		if _, err := conn.Exec(b.Context(), sql, args...); err != nil {
			b.Fatalf("%v: %s", err, sql)
		}
	}
	return s
}

// BenchmarkWork reads the first page of the work of each sort of person, with its
// counts, among many proposals.
func BenchmarkWork(b *testing.B) {
	for _, size := range []int{1_000, archived} {
		s := archive(b, size)
		for name, u := range map[string]casework.User{"office": s.Office, "handler": s.Handler, "leader": s.Leader, "supervisor": s.CPPCCSupervisor} {
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				for b.Loop() {
					_, err := s.ListWork(b.Context(), u, postgres.WorkFilter{Limit: 51})
					must(b, err)
					_, err = s.CountWork(b.Context(), u)
					must(b, err)
				}
			})
		}
	}
}

// lists are what people ask for.
func (b *bundle) lists() map[string]postgres.ProposalFilter {
	return map[string]postgres.ProposalFilter{
		"latest": {}, "due": {Order: postgres.ByDue}, "number": {Order: postgres.ByNumber}, "hand-over": {Order: postgres.ByHandOver},
		"state": {State: casework.ReturnRequested, Order: postgres.ByDue}, "kind": {Kind: casework.NPCSuggestion, Order: postgres.ByHandOver},
		"closed": {State: casework.Closed, Order: postgres.ByNumber}, "overdue": {Overdue: true}, "organ": {OrganID: b.Organ, Order: postgres.ByDue},
		"sitting": {Sitting: &casework.Sitting{Body: "市政协", Term: 3, Session: 2}, Order: postgres.ByNumber},
		"result":  {Result: "planned"}, "no result": {Result: "reference"}, "public": {Openness: postgres.Published}, "not public": {Openness: postgres.NotPublished},
		"rare word": {Contains: "第777类"}, "common word": {Contains: "加快 发展"}, "no such word": {Contains: "量子"}, "one character": {Contains: "丁", Order: postgres.ByDue},
		"handler": {HandlerID: b.Handler.ID, Order: postgres.ByNumber}, "division": {DivisionID: b.Handler.DivisionID, Order: postgres.ByDue},
	}
}

// BenchmarkProposals reads the first page of each list as the office of one organ
// and as one who sees all.
func BenchmarkProposals(b *testing.B) {
	s := archive(b, archived)
	for name, f := range s.lists() {
		f.Limit = 51
		for who, u := range map[string]casework.User{"office": s.Office, "supervisor": s.Supervisor, "cppcc": s.CPPCCSupervisor} {
			b.Run(strings.ReplaceAll(name, " ", "-")+"/"+who, func(b *testing.B) {
				for b.Loop() {
					_, err := s.ListProposals(b.Context(), u, f)
					must(b, err)
				}
			})
		}
	}
}
