package drill_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// A wire is the network between the program and its database.
type wire struct {
	t     testing.TB
	proxy *toxiproxy.Proxy
}

func newWire(t testing.TB, to *cluster) *wire {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	w := &wire{t, toxiproxy.NewProxy(server, "postgres", freeAddr(t), "127.0.0.1:"+to.port)}
	must(t, w.proxy.Start())
	t.Cleanup(w.proxy.Stop)
	return w
}

// url is how the program reaches the database over the wire.
func (w *wire) url(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("fuyan"), Host: w.proxy.Listen, Path: database, RawQuery: "sslmode=disable"}
	return u.String()
}

// spoil makes the wire bad both ways and returns what mends it.
func (w *wire) spoil(kind, attributes string) (mend func()) {
	w.t.Helper()
	for _, stream := range []string{"upstream", "downstream"} {
		_, err := w.proxy.Toxics.AddToxicJson(strings.NewReader(
			`{"name":"` + stream + `","stream":"` + stream + `","type":"` + kind + `","attributes":` + attributes + `}`))
		must(w.t, err)
	}
	return func() {
		for _, stream := range []string{"upstream", "downstream"} {
			must(w.t, w.proxy.Toxics.RemoveToxic(w.t.Context(), stream))
		}
	}
}

// cut breaks every connection and lets none be made.
func (w *wire) cut() (mend func()) {
	w.proxy.Stop()
	return func() { must(w.t, w.proxy.Start()) }
}

// TestDrillNetwork cuts, slows and hangs the network between the program and its
// database while people work. Their calls end in time, with words; they go on
// when the network is back, and so do the jobs.
func TestDrillNetwork(t *testing.T) {
	t.Parallel()
	rounds, bad := 1, 2*time.Second
	if full() {
		rounds, bad = 3, 20*time.Second
	}
	random := newRandom(t)
	s := &site{db: newCluster(t)}
	fuyan(t, "migrate", "--database-url", s.db.url("fuyan"))
	w := newWire(t, s.db)
	server := newServer(t, w.url("fuyan"))
	s.workers = []*process{newWorker(t, w.url("fuyan"))}
	s.town = newTown(t, s.db.pool("fuyan"), server.addr)
	s.patience.attempt = 45 * time.Second // longer than the server itself lets a call take
	l := s.run(8, random)
	for range rounds {
		for _, trouble := range []struct {
			name  string
			spoil func() func()
		}{
			{"cut", w.cut},
			{"slow", func() func() { return w.spoil("latency", `{"latency":40,"jitter":20}`) }},
			{"hangs", func() func() { return w.spoil("timeout", `{"timeout":0}`) }},
		} {
			time.Sleep(time.Second)
			mend := trouble.spoil()
			time.Sleep(bad)
			mend()
			s.recovers("the network " + trouble.name)
		}
	}
	l.stop()
	s.onlyOutages()
	if n := s.failed[noAnswer]; n > 0 || s.slowest() > 40*time.Second {
		t.Errorf("%d calls were not answered, and one took %v", n, s.slowest())
	}
	s.verdict()
}

// recovers waits until a write is acknowledged again.
func (s *site) recovers(after string) {
	s.t.Helper()
	before := s.acknowledged()
	began := time.Now()
	for s.acknowledged() < before+10 {
		if time.Since(began) > time.Minute {
			s.t.Errorf("nothing was done within a minute after %s", after)
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.t.Logf("%v until all went on after %s", time.Since(began).Round(10*time.Millisecond), after)
}

func (l *town) acknowledged() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.journal {
		if e.acknowledged {
			n++
		}
	}
	return n
}

// onlyOutages sees that calls without an answer were told so in words.
func (s *site) onlyOutages() {
	s.t.Helper()
	told := 0
	for what, n := range s.failed {
		switch {
		case strings.HasPrefix(what, "unavailable: 数据库"), strings.HasPrefix(what, "deadline_exceeded: "):
			told += n
		case what != noConnection && what != noAnswer:
			s.t.Errorf("%d calls were answered %s", n, what)
		}
	}
	if told == 0 {
		s.t.Error("nobody was told that the database is out of reach")
	}
}
