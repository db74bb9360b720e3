package postgres_test

import (
	"fmt"
	"testing"

	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// BenchmarkCalendarPreview asks what a make-up day moves among n open deadlines,
// of which one in ten counts working days and one in a thousand spans the day.
func BenchmarkCalendarPreview(b *testing.B) {
	for _, n := range []int{1_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := setup(b, postgrestest.New(b))
			s.crowd(b, n)
			file := madeUp("2026-03-14")
			file.Preview = true
			moved := 0
			for b.Loop() {
				preview, err := s.ImportCalendar(b.Context(), postgres.Call{User: s.Admin}, file)
				must(b, err)
				moved = len(preview.Moved)
			}
			b.ReportMetric(float64(moved), "moved")
		})
	}
}

// BenchmarkCalendarImport moves a thousand deadlines of a million, with an event
// each.
func BenchmarkCalendarImport(b *testing.B) {
	s := setup(b, postgrestest.New(b))
	s.crowd(b, 1_000_000)
	days := []string{"2026-03-14", "2026-03-15", "2026-03-21", "2026-03-22"}
	moved := 0
	for i := 0; b.Loop(); i++ {
		file := madeUp(days[i/2%len(days)])
		if i%2 == 1 { // and back
			file.Plain, file.Days = append(file.Plain, file.Days[0].Day), nil
		}
		done, err := s.ImportCalendar(b.Context(), postgres.Call{User: s.Admin}, file)
		must(b, err)
		moved = len(done.Moved)
	}
	b.ReportMetric(float64(moved), "moved")
}

// crowd makes n open deadlines of a tenth as many proposals.
func (b *bundle) crowd(t testing.TB, n int) {
	t.Helper()
	exec := func(sql string, args ...any) {
		t.Helper()
		_, err := b.conn.Exec(t.Context(), sql, args...)
		must(t, err)
	}
	exec(`INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id,
			handed_over, reply_due, received_at, updated_at)
		SELECT 'cppcc_proposal', '市政协', 14, 1, i, '题', '', true, false, 'received', $1, '2026-01-01', '2026-04-01', now(), now()
		FROM generate_series(1, $2::int / 10) i`, b.Organ, n)
	exec(`INSERT INTO deadlines (proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional,
			rule_from, unit, amount, next_notice)
		SELECT p.id, CASE WHEN r = 1 THEN 'PUBLISH' ELSE 'REPLY' END, '答复', '', r, $1, d.day, d.due, d.due, false,
			'2000-01-01', CASE WHEN r = 1 THEN 'working_day' ELSE 'month' END, CASE WHEN r = 1 THEN 20 ELSE 3 END, now()
		FROM proposals p, generate_series(1, 10) r,
			LATERAL (SELECT CASE WHEN p.id % 100 = 0 THEN '2026-03-02'::date ELSE '2026-06-22'::date END AS day,
			                CASE WHEN p.id % 100 = 0 THEN '2026-03-30'::date ELSE '2026-07-20'::date END AS due) d`, b.Organ)
	exec(`ANALYZE deadlines, proposals`)
}
