package drill_test

import (
	"math/rand/v2"
	"testing"
	"time"
)

// A site is a Postgres of a drill's own with servers, workers and people.
type site struct {
	*town
	db      *cluster
	servers []*process
	workers []*process
}

func newSite(t testing.TB, servers, workers int) *site {
	t.Helper()
	return occupy(t, newCluster(t), servers, workers)
}

// occupy puts servers, workers and people on a Postgres.
func occupy(t testing.TB, c *cluster, servers, workers int) *site {
	t.Helper()
	s := &site{db: c}
	url := s.db.url("fuyan")
	fuyan(t, "migrate", "--database-url", url)
	var addrs []string
	for range servers {
		p := newServer(t, url)
		s.servers, addrs = append(s.servers, p), append(addrs, p.addr)
	}
	for range workers {
		s.workers = append(s.workers, newWorker(t, url))
	}
	s.town = newTown(t, s.db.pool("fuyan"), addrs...)
	return s
}

// verdict lets the workers finish and looks for what is wrong.
func (s *site) verdict() {
	s.t.Helper()
	pool := s.db.pool("fuyan")
	if !full() { // nobody waits for a rescue
		for _, w := range s.workers {
			w.stop()
		}
		release(s.t, pool)
		for _, w := range s.workers {
			w.start()
		}
	}
	s.town.verdict(pool, s.db.url("fuyan"), s.workers...)
}

// TestDrillKill kills the server, the worker and Postgres in turn at random
// moments while people work. Nothing that they were answered is lost, and nothing
// is done twice although they call again.
func TestDrillKill(t *testing.T) {
	t.Parallel()
	rounds := 3
	if full() {
		rounds = 100
	}
	random := newRandom(t)
	s := newSite(t, 1, 2)
	l := s.run(8, random)
	for round := range rounds {
		time.Sleep(time.Duration(200+random.IntN(1200)) * time.Millisecond)
		s.killOne(round, random)
	}
	l.stop()
	s.checkEverything()
	s.verdict()
}

// killOne kills one thing and starts it again.
func (s *site) killOne(round int, random *rand.Rand) {
	switch round % 3 {
	case 0:
		s.servers[0].kill()
		s.servers[0].start()
	case 1:
		w := s.workers[random.IntN(len(s.workers))]
		w.kill()
		w.start()
	case 2:
		s.db.kill()
		s.db.start()
	}
}
