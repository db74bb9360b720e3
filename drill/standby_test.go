package drill_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// follow makes a standby that streams from c, and starts it. One that answers on
// the port of another takes that one's place.
func (c *cluster) follow(port string) *cluster {
	c.t.Helper()
	s := emptyCluster(c.t, "hot_standby=on")
	if port != "" {
		s.port = port
	}
	s.run("pg_basebackup", "--pgdata="+s.data(), "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast",
		"--dbname=postgres://fuyan@127.0.0.1:"+c.port+"/?sslmode=disable")
	s.start()
	return s
}

// synchronous has c acknowledge no commit that a standby has not written down.
func (c *cluster) synchronous() {
	c.t.Helper()
	c.exec("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
	pool := c.pool("postgres")
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if len(texts(c.t, pool, `SELECT application_name FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')`)) > 0 {
			return
		}
		if time.Now().After(deadline) {
			c.t.Fatal("no standby follows synchronously")
		}
	}
}

// promote makes a standby the primary.
func (c *cluster) promote() {
	c.t.Helper()
	c.run("pg_ctl", "promote", "--pgdata="+c.data(), "--wait")
	c.exec("postgres", "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()")
}

// severalURL names the database on several servers.
func severalURL(attrs string, servers ...*cluster) string {
	var hosts []string
	for _, s := range servers {
		hosts = append(hosts, "127.0.0.1:"+s.port)
	}
	return fmt.Sprintf("postgres://fuyan@%s/fuyan?sslmode=disable&target_session_attrs=%s", strings.Join(hosts, ","), attrs)
}

// A reader looks at public pages as somebody who is not signed in.
type reader struct {
	t     testing.TB
	stop  context.CancelFunc
	ended sync.WaitGroup
	pages int
	wrong []string
}

func newReader(t testing.TB, addr string, random *rand.Rand) *reader {
	ctx, stop := context.WithCancel(t.Context())
	r := &reader{t: t, stop: stop}
	paths := []string{"/", "/replies", "/replies?q=" + "%E5%9B%BE%E4%B9%A6%E5%AE%A4", "/replies/feed", "/sitemap.xml"}
	r.ended.Go(func() {
		for ctx.Err() == nil {
			r.look(ctx, "http://"+addr+paths[random.IntN(len(paths))])
		}
	})
	return r
}

func (r *reader) look(ctx context.Context, url string) {
	began := time.Now()
	status, err := get(ctx, url)
	if ctx.Err() != nil {
		return
	}
	r.pages++
	if err != nil || status != http.StatusOK {
		r.wrong = append(r.wrong, fmt.Sprintf("%s: %d, %v, after %v", url, status, err, time.Since(began)))
	}
	time.Sleep(10 * time.Millisecond)
}

func get(ctx context.Context, url string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// verdict ends the reading, none of which may have failed.
func (r *reader) verdict() {
	r.t.Helper()
	r.stop()
	r.ended.Wait()
	r.t.Logf("%d public pages read", r.pages)
	for i, what := range r.wrong {
		if i == 10 {
			r.t.Errorf("and %d more", len(r.wrong)-i)
			break
		}
		r.t.Errorf("not read: %s", what)
	}
}

// A pair is a primary with a standby that has each commit before it is
// acknowledged, and the program on both.
type pair struct {
	*town
	random           *rand.Rand
	primary, standby *cluster
	url              string
	server           *process
	workers          []*process
}

func newPair(t testing.TB) *pair {
	t.Helper()
	p := &pair{random: newRandom(t), primary: newCluster(t)}
	fuyan(t, "migrate", "--database-url", p.primary.url("fuyan"))
	p.standby = p.primary.follow("")
	p.primary.synchronous()
	p.url = severalURL("read-write", p.primary, p.standby)
	p.server = newServer(t, p.url, "--read-database-url", severalURL("prefer-standby", p.standby, p.primary)+"&pool_max_conn_lifetime=2s")
	p.workers = []*process{newWorker(t, p.url), newWorker(t, p.url)}
	p.town = newTown(t, p.primary.pool("fuyan"), p.server.addr)
	return p
}

// fail kills the primary, promotes the standby, and has another standby take the
// place of the primary.
func (p *pair) fail() {
	p.t.Helper()
	time.Sleep(time.Duration(500+p.random.IntN(2000)) * time.Millisecond)
	p.primary.kill()
	for _, w := range p.workers {
		w.kills++ // as if: it cannot note that it sent what it has under way
	}
	time.Sleep(time.Duration(p.random.IntN(2000)) * time.Millisecond) // until somebody notices
	p.standby.promote()
	time.Sleep(time.Duration(500+p.random.IntN(1500)) * time.Millisecond)
	p.primary, p.standby = p.standby, p.standby.follow(p.primary.port)
	p.primary.synchronous()
}

// readsStandby reads as the public until the standby is asked.
func (p *pair) readsStandby() {
	p.t.Helper()
	pool := p.standby.pool("fuyan")
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		_, _ = get(p.t.Context(), "http://"+p.server.addr+"/replies")
		var asked bool
		err := pool.QueryRow(p.t.Context(), `SELECT EXISTS (
			SELECT FROM pg_stat_activity WHERE query LIKE '%FROM published_%' AND pid <> pg_backend_pid())`).Scan(&asked)
		if asked {
			return
		}
		if time.Now().After(deadline) { // an error alone is none: what a standby replays may cancel a question
			p.t.Fatalf("nobody reads from the standby (%v):\n%s", err, tail(p.server.log))
		}
	}
}

// TestDrillPromote kills the primary at a random moment while people work, and
// promotes the standby. The program goes on without being touched, nothing that
// people were answered is lost or done twice, and the public reads all the time.
func TestDrillPromote(t *testing.T) {
	t.Parallel()
	rounds := 1
	if full() {
		rounds = 6
	}
	p := newPair(t)
	l := p.run(8, p.random)
	public := newReader(t, p.server.addr, rand.New(rand.NewPCG(p.random.Uint64(), 0)))
	for range rounds {
		p.readsStandby()
		p.fail()
	}
	p.readsStandby()
	l.stop()
	public.verdict()
	p.verdict()
}

// verdict lets the workers finish and looks for what is wrong, on the primary and
// then on its standby.
func (p *pair) verdict() {
	p.t.Helper()
	pool := p.primary.pool("fuyan")
	again(p.t, pool, p.workers)
	p.town.verdict(pool, p.primary.url("fuyan"), p.workers...)
	const counted = `SELECT (SELECT count(*) FROM events) || ' events, ' || (SELECT count(*) FROM letters) || ' letters'`
	there := caughtUp(p.t, pool, p.standby.pool("fuyan"))
	if got, want := texts(p.t, there, counted), texts(p.t, pool, counted); got[0] != want[0] {
		p.t.Errorf("the standby has %s, the primary %s", got[0], want[0])
	}
}

// again has jobs that failed done at once in the short form, which does not wait for
// their time.
func again(t testing.TB, pool *pgxpool.Pool, workers []*process) {
	t.Helper()
	if full() {
		return
	}
	for _, w := range workers {
		w.stop()
	}
	release(t, pool)
	for _, w := range workers {
		w.start()
	}
}

// caughtUp returns standby once it has what primary has now.
func caughtUp(t testing.TB, primary, standby *pgxpool.Pool) *pgxpool.Pool {
	t.Helper()
	position := texts(t, primary, `SELECT pg_current_wal_lsn()::text`)[0]
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if texts(t, standby, `SELECT (pg_last_wal_replay_lsn() >= $1::text::pg_lsn)::text`, position)[0] == "true" {
			return standby
		}
		if time.Now().After(deadline) {
			t.Fatal("the standby does not catch up")
		}
	}
}
