package postgres_test

import (
	"slices"
	"testing"
	"time"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// manyLate fills a database with a million proposals of 200 organs: 5 % await their
// reply, of which 2 in 5 are overdue, and 2 % of the others are to be published and
// are late. There are as many promises, one in fifty of which is overdue, and 20,000
// dissatisfied words, all but a hundred of which were decided.
var manyLate = []string{
	`SET session_replication_role = replica`, // no reference is checked while loading
	`INSERT INTO organs (name, short_name) SELECT '某市第' || n || '委员会', '第' || n || '委' FROM generate_series(1, 200) n`,
	`INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id, handed_over,
			reply_due, received_at, updated_at)
		SELECT CASE WHEN i % 3 = 0 THEN 'npc_suggestion' ELSE 'cppcc_proposal' END, '市政协', 14, 1, i::text, '关于第' || i || '件事的提案', '',
			true, false, CASE WHEN i % 20 = 0 THEN 'accepted' ELSE 'answered' END, (SELECT min(id) FROM organs WHERE name LIKE '某市第%') + i % 200,
			'2025-02-10', '2026-03-02'::date + i / 20 % 500 - 200, now(), now()
		FROM generate_series(1, 1000000) i`,
	`INSERT INTO replies (proposal_id, round) SELECT id, 1 FROM proposals`,
	`INSERT INTO deadlines (proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional, met, kind)
		SELECT id, 'PUBLISH', '公开', '', 1, organ_id, '2025-01-01', reply_due, reply_due, false, CASE WHEN id % 20 <> 1 THEN reply_due END, kind
		FROM proposals WHERE state = 'answered'`,
	`INSERT INTO commitments (proposal_id, letter_id, text, start_offset, end_offset, cue, responsible, due_words, state, owner_id,
			deliverable, first_due, due, organ_id, kind, evidence, done_day)
		SELECT id, id, '将做', 0, 2, '将', '{}', '', CASE WHEN id % 20 = 0 THEN 'open' ELSE 'done' END, 1, '', reply_due, reply_due, organ_id, kind,
			CASE WHEN id % 20 = 0 THEN '' ELSE '文' END, CASE WHEN id % 20 <> 0 THEN date '2026-01-01' END
		FROM proposals`,
	`INSERT INTO feedbacks (reply_id, proposer_id, attitude, result, text, recorded_by, channel, day, at)
		SELECT id, id, 'satisfied', CASE WHEN id % 50 = 1 THEN 'dissatisfied' ELSE 'satisfied' END, '意见', 1, CASE WHEN id % 3 = 0 THEN 'call' ELSE 'own' END, '2026-01-01', '2026-01-01'
		FROM replies WHERE id % 10 = 1`,
	`INSERT INTO redo_decisions (reply_id, redo, reason, decided_by, at)
		SELECT id, false, '理由', 1, '2026-01-02' FROM replies WHERE id % 50 = 1 AND id > 5000`,
	`INSERT INTO copies (reply_id, organ_id, ordered_at, sent_at, acknowledged_at)
		SELECT r.id, o.id, '2026-01-01', '2026-01-01', CASE WHEN r.id % 20 <> 1 THEN '2026-01-02'::timestamptz END
		FROM replies r, organs o WHERE o.oversight = 'cppcc' AND r.id % 3 = 1`,
	`SET session_replication_role = DEFAULT`,
	`VACUUM ANALYZE`, `CHECKPOINT`,
}

// BenchmarkOverdueBoard counts, and lists, what is late and what waits among a
// million proposals, and reports the median.
func BenchmarkOverdueBoard(b *testing.B) {
	s := setup(b, postgrestest.New(b))
	for _, sql := range manyLate {
		if _, err := s.conn.Exec(b.Context(), sql); err != nil {
			b.Fatal(err)
		}
	}
	organ := s.Office
	must(b, s.conn.QueryRow(b.Context(), `SELECT min(id) FROM organs WHERE name LIKE '某市第%'`).Scan(&organ.OrganID))
	for name, u := range map[string]casework.User{"all kinds": s.Supervisor, "one kind": s.CPPCCSupervisor, "one organ": organ} {
		b.Run("counts of "+name, func(b *testing.B) {
			median(b, func() {
				board, err := s.CountOverdue(b.Context(), u, 0, "")
				must(b, err)
				if board.Total.Sum() == 0 {
					b.Fatal("nothing is late")
				}
			})
		})
		for _, list := range []postgres.BoardList{
			postgres.OverdueReplies, postgres.OverduePublications, postgres.WaitingRedos, postgres.WaitingCopies,
		} {
			b.Run(string(list)+" of "+name, func(b *testing.B) {
				median(b, func() {
					_, err := s.ListBoard(b.Context(), u, postgres.BoardFilter{List: list, Limit: 51})
					must(b, err)
				})
			})
		}
	}
}

// median runs f and reports how long it takes half the time.
func median(b *testing.B, f func()) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		f()
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
}
