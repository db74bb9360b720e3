package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

const (
	manyDeadlines = 1_000_000
	someDue       = 10_000
	sweeps        = 4 // as the program has them
)

// load fills a database with open deadlines, ten of each proposal, of which none
// is due yet, and 200 handlers who read mail at once.
func load(b testing.TB, deadlines int) (*bundle, *pgxpool.Pool) {
	b.Helper()
	pool := postgrestest.New(b)
	s := setup(b, pool)
	d, err := postgres.New(pool, postgres.Options{Now: postgrestest.Now, Sweeps: sweeps})
	must(b, err)
	s.DB = d
	for _, sql := range []string{
		`SET session_replication_role = replica`, // no reference is checked while loading
		fmt.Sprintf(`INSERT INTO users (name, display_name, password_hash, roles, organ_id)
			SELECT 'h' || n, '经办' || n, '', '{handler}', %d FROM generate_series(1, 200) n`, s.Organ),
		`INSERT INTO notice_settings (user_id, mail, mail_mode) SELECT id, name || '@example.cn', 'at_once' FROM users WHERE name ~ '^h[0-9]'`,
		fmt.Sprintf(`INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state,
				organ_id, handler_id, handed_over, reply_due, received_at, updated_at)
			SELECT 'cppcc_proposal', '市政协', 14, 4, n::text, '关于第' || n || '件事的提案', '', true, false, 'drafting',
				%d, (SELECT min(id) FROM users WHERE name = 'h1') + n %% 200, '2026-01-01', '2026-03-09', now(), now()
			FROM generate_series(1, %d) n`, s.Organ, deadlines/10),
		fmt.Sprintf(`INSERT INTO deadlines (proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional,
				armed_at, next_notice)
			SELECT p.id, 'REPLY', '答复', '', r, %d, '2026-01-01', '2026-03-09', '2026-03-09', false, '2026-01-01', '2027-01-01'
			FROM generate_series(1, 10) r, proposals p`, s.Organ),
		`INSERT INTO deadline_watch SELECT id, next_notice FROM deadlines`, // nor does a trigger run
		`SET session_replication_role = DEFAULT`,
		`VACUUM ANALYZE`, `CHECKPOINT`,
	} {
		if _, err := pool.Exec(b.Context(), sql); err != nil {
			b.Fatal(err)
		}
	}
	return s, pool
}

// arm makes n deadlines due again, of proposals of their own, and forgets what was told of them.
func arm(b testing.TB, pool *pgxpool.Pool, n int) {
	b.Helper()
	for _, sql := range []string{
		`TRUNCATE notices, notice_deliveries, river_job`,
		fmt.Sprintf(`UPDATE deadline_watch SET next_notice = '2026-03-02 09:00+08' WHERE deadline_id IN
			(SELECT id FROM deadlines WHERE round = 1 ORDER BY id LIMIT %d)`, n),
		`VACUUM ANALYZE deadline_watch`,
	} {
		if _, err := pool.Exec(b.Context(), sql); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSweep tells of 10,000 deadlines among a million that run, and beside
// it inserts as many jobs as River does by itself. It reports how fast the first
// is against the second.
func BenchmarkSweep(b *testing.B) {
	s, pool := load(b, manyDeadlines)
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{})
	must(b, err)
	jobs := make([]river.InsertManyParams, someDue)
	for i := range jobs {
		jobs[i].Args = postgres.SendNotice{NoticeID: int64(i + 1), Channel: postgres.ByMail}
	}
	var swept, inserted time.Duration
	for b.Loop() {
		arm(b, pool, someDue)
		began := time.Now()
		must(b, s.Sweep(b.Context()))
		swept += time.Since(began)
		for _, table := range []string{"notices", "river_job"} {
			if got := count(b, pool, table); got != someDue {
				b.Fatalf("%d rows of %s, want %d", got, table, someDue)
			}
		}
		arm(b, pool, 0)
		began = time.Now()
		_, err := client.InsertManyFast(b.Context(), jobs)
		must(b, err)
		inserted += time.Since(began)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(b.N*someDue)/swept.Seconds(), "notices/s")
	b.ReportMetric(float64(b.N*someDue)/inserted.Seconds(), "river-jobs/s")
	b.ReportMetric(inserted.Seconds()/swept.Seconds(), "of-river")
}

func count(t testing.TB, conn postgres.Conn, table string) (n int) {
	t.Helper()
	must(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n))
	return n
}

// BenchmarkSweepOfNothing sweeps where nothing is due, by turns among a thousand
// and among a million deadlines, and reports how much longer the second takes.
func BenchmarkSweepOfNothing(b *testing.B) {
	few, _ := load(b, 1_000)
	many, _ := load(b, manyDeadlines)
	var took [2]time.Duration
	for b.Loop() {
		for i, s := range []*bundle{few, many} {
			began := time.Now()
			must(b, s.Sweep(b.Context()))
			took[i] += time.Since(began)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(took[0].Nanoseconds())/float64(b.N), "ns/1000")
	b.ReportMetric(float64(took[1].Nanoseconds())/float64(b.N), "ns/1000000")
	b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "many/few")
}
