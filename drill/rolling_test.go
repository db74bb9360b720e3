package drill_test

import (
	"testing"
	"time"
)

// TestDrillRollingRestart stops and starts two servers and three workers in turn
// while people work. What a server accepted it answers before it ends: people
// have to call again only where no server took the call.
func TestDrillRollingRestart(t *testing.T) {
	t.Parallel()
	rounds := 1
	if full() {
		rounds = 8
	}
	random := newRandom(t)
	s := newSite(t, 2, 3)
	l := s.run(8, random)
	for range rounds {
		for _, p := range append(s.servers[:2:2], s.workers...) {
			time.Sleep(time.Duration(100+random.IntN(400)) * time.Millisecond)
			p.stop()
			p.start()
		}
	}
	l.stop()
	for what, n := range s.failed {
		if what != noConnection {
			t.Errorf("%d calls were answered %s", n, what)
		}
	}
	for _, p := range s.servers {
		for _, words := range []string{"broke off calls", `"outcome":"canceled"`, `"outcome":"internal"`} {
			if said := logged(t, p, words); said != "" {
				t.Errorf("a server did not finish what it had accepted: %s", said)
			}
		}
	}
	s.verdict()
}
