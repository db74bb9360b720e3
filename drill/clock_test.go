package drill_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"gocloud.dev/blob/memblob"

	"fuyan/migrations"
	"fuyan/postgres"
	"fuyan/server"
	"fuyan/worker"
)

// A clock goes wrong by what it is set to.
type clock struct{ off atomic.Int64 }

// Now is what the clock says.
func (c *clock) Now() time.Time { return time.Now().Add(time.Duration(c.off.Load())) }

// set puts the clock an hour ahead, an hour back, or right.
func (c *clock) set(hours int) { c.off.Store(int64(hours) * int64(time.Hour)) }

// TestDrillClock sets the clocks of two servers and two workers an hour ahead and
// back, each by itself, while people work. No day is wrong by more than the clock
// was, no history is out of order, nobody is told twice, nobody is signed out, and
// no job is stuck.
func TestDrillClock(t *testing.T) {
	t.Parallel()
	rounds := 4
	if full() {
		rounds = 60
	}
	random := newRandom(t)
	s := &site{db: newCluster(t)}
	pool := s.db.pool("fuyan")
	must(t, migrations.Up(t.Context(), pool))
	clocks := make([]*clock, 4)
	for i := range clocks {
		clocks[i] = &clock{}
	}
	mails := t.TempDir()
	addrs := []string{answering(t, pool, clocks[0]), answering(t, pool, clocks[1])}
	working(t, pool, clocks[2], mails)
	working(t, pool, clocks[3], mails)
	s.town = newTown(t, pool, addrs...)
	s.doubtful = true
	began := time.Now()
	l := s.run(8, random)
	for range rounds {
		time.Sleep(500 * time.Millisecond)
		clocks[random.IntN(len(clocks))].set(random.IntN(3) - 1)
	}
	for _, c := range clocks {
		c.set(0)
	}
	l.stop()
	if len(s.failed) > 0 {
		t.Errorf("calls without an answer: %v", s.failed)
	}
	s.checkDays(pool, began)
	settle(t, pool)
	s.town.verdict(pool, s.db.url("fuyan"))
}

// answering is a server whose clock may be wrong, by its address.
func answering(t testing.TB, pool *pgxpool.Pool, c *clock) string {
	t.Helper()
	srv := httptest.NewServer(server.New(inProcess(t, pool, c), server.Options{Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(srv.Close)
	return strings.TrimPrefix(srv.URL, "http://")
}

// working starts a worker whose clock may be wrong.
func working(t testing.TB, pool *pgxpool.Pool, c *clock, mails string) {
	t.Helper()
	mail, err := worker.NewFolder(mails, "fuyan@example.cn")
	must(t, err)
	jobs, err := worker.New(pool, inProcess(t, pool, c), worker.Options{Log: slog.New(slog.DiscardHandler), Mail: mail})
	must(t, err)
	ctx := context.WithoutCancel(t.Context())
	must(t, jobs.Start(ctx))
	t.Cleanup(func() { must(t, jobs.Stop(ctx)) })
}

func inProcess(t testing.TB, pool *pgxpool.Pool, c *clock) *postgres.DB {
	t.Helper()
	d, err := postgres.New(pool, postgres.Options{Now: c.Now, Sweeps: 2, Files: memblob.OpenBucket(nil)})
	must(t, err)
	return d
}

// checkDays sees that each deadline counts from a day that some clock showed, and
// that each moment on record is one that some clock showed.
func (s *site) checkDays(pool *pgxpool.Pool, began time.Time) {
	s.t.Helper()
	first, last := began.Add(-time.Hour), time.Now().Add(time.Hour)
	for _, sql := range []string{
		`SELECT 'proposal ' || id || ' handed over ' || handed_over FROM proposals
		 WHERE handed_over NOT BETWEEN ($1 AT TIME ZONE 'Asia/Shanghai')::date AND ($2 AT TIME ZONE 'Asia/Shanghai')::date`,
		`SELECT 'proposal ' || p.id || ' due ' || d.first_due FROM proposals p JOIN deadlines d ON d.proposal_id = p.id AND d.rule = 'REPLY'
		 WHERE d.first_due <> (p.handed_over + interval '3 months')::date AND $1 < $2`,
		`SELECT 'event ' || proposal_id || '/' || seq || ' at ' || at FROM events WHERE at NOT BETWEEN $1 AND $2`,
		`SELECT 'notice ' || id || ' at ' || at FROM notices WHERE at NOT BETWEEN $1 AND $2`,
	} {
		for _, wrong := range texts(s.t, pool, strings.ReplaceAll(strings.ReplaceAll(sql, "$1", "$1::timestamptz"), "$2", "$2::timestamptz"), first, last) {
			s.t.Error(wrong)
		}
	}
}
