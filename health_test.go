package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fuyan/postgres/postgrestest"
)

// ask returns what an address answers.
func ask(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// TestReady takes from a database what a program needs, one after the other.
func TestReady(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	h, err := newHealth(t.Context(), pool, slog.New(slog.DiscardHandler))
	must(t, err)
	mux := http.NewServeMux()
	h.handle(mux)
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	want := func(status int, words string) {
		t.Helper()
		if got, said := ask(t, srv.URL+"/readyz"); got != status || !strings.Contains(said, words) {
			t.Errorf("/readyz = %d %q, want %d with %q", got, said, status, words)
		}
		if got, said := ask(t, srv.URL+"/healthz"); got != http.StatusOK || said != "ok\n" {
			t.Errorf("/healthz = %d %q", got, said)
		}
	}
	change := func(sql string) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	change(`ALTER TABLE migrations RENAME TO elsewhere`)
	want(http.StatusServiceUnavailable, "has not applied 0001_")
	change(`ALTER TABLE elsewhere RENAME TO migrations; DELETE FROM river_migration WHERE version = 3`)
	want(http.StatusServiceUnavailable, "has not applied river 3\n")
	change(`INSERT INTO river_migration (line, version) VALUES ('main', 3); DELETE FROM migrations WHERE name LIKE '0002%'`)
	want(http.StatusServiceUnavailable, "has not applied 0002_")
	change(`INSERT INTO migrations (name) VALUES ('0002_create_proposals.sql'), ('9999_of_a_newer_program.sql')`)
	want(http.StatusOK, "ready")
	for range pool.Config().MaxConns { // all are at work
		c, err := pool.Acquire(t.Context())
		must(t, err)
		defer c.Release()
	}
	want(http.StatusOK, "ready")
	h.pool.Close()
	want(http.StatusServiceUnavailable, "the database does not answer")
	h.draining.Store(true)
	want(http.StatusServiceUnavailable, "draining")
}

// TestDrain: who asks for readiness is given the time to see that there is none,
// and nobody else is waited for.
func TestDrain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ago  time.Duration // since it was asked last
		want time.Duration
	}{{time.Second, linger}, {probing - 1, linger}, {probing, 0}, {1000 * time.Hour, 0}} {
		synctest.Test(t, func(t *testing.T) {
			h := &health{linger: linger}
			h.asked.Store(time.Now().Add(-c.ago).UnixNano())
			began := time.Now()
			h.drain()
			if took := time.Since(began); took != c.want || !h.draining.Load() {
				t.Errorf("asked %v ago, it drains for %v, want %v", c.ago, took, c.want)
			}
		})
	}
}

// TestKeptConnections are closed with the answer while the program drains.
func TestKeptConnections(t *testing.T) {
	t.Parallel()
	h := new(health)
	srv := httptest.NewServer(h.before(http.NotFoundHandler()))
	t.Cleanup(srv.Close)
	for _, draining := range []bool{false, true} {
		h.draining.Store(draining)
		resp, err := http.Get(srv.URL + "/proposals")
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.Close != draining {
			t.Errorf("draining %v, the connection is closed: %v, %v", draining, resp.Close, err)
		}
	}
}

// TestWorkAnswersOperators: a worker has no other address.
func TestWorkAnswersOperators(t *testing.T) {
	t.Parallel()
	addr, dir := freeAddr(t), t.TempDir()
	args := []string{"work", "--database-url", newURL(t), "--data", dir, "--metrics-listen", addr}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, args, nil, io.Discard) }()
	awaitHealth(t, addr)
	if status, said := ask(t, "http://"+addr+"/readyz"); status != http.StatusOK {
		t.Errorf("/readyz = %d %q", status, said)
	}
	if err := run(t.Context(), args, nil, io.Discard); err == nil || !strings.Contains(err.Error(), "--metrics-listen") {
		t.Errorf("on an address in use: %v", err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("after the end of its context: %v", err)
	}
}
