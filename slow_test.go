package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"
	"time"

	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/server"
)

// TestSlowClients: those that send a header byte by byte, that send nothing, or that
// keep a connection and ask nothing, keep nobody else from being answered; the
// slow ones are cut.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	slowClients(t, 200)
}

// TestDrillSlowClients is TestSlowClients with ten thousand connections, or as many
// as the system allows to both ends of each.
func TestDrillSlowClients(t *testing.T) {
	if os.Getenv("FUYAN_DRILL") == "" {
		t.Skip("FUYAN_DRILL is not set")
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	each := min(10_000, int(limit.Cur)/2-500) / 3
	t.Logf("%d connections of each sort", each)
	slowClients(t, each)
}

func slowClients(t *testing.T, each int) {
	t.Helper()
	d, err := postgres.New(postgrestest.New(t), postgres.Options{Now: time.Now})
	must(t, err)
	srv := bounded(server.New(d, server.Options{Log: slog.New(slog.DiscardHandler), Rate: 1000}))
	srv.ReadHeaderTimeout = time.Second // that a test can wait for
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { must(t, srv.Close()) })

	addr := l.Addr().String()
	var slow, kept []net.Conn
	open := func(say string) net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", addr)
		must(t, err)
		t.Cleanup(func() { _ = c.Close() })
		_, err = io.WriteString(c, say)
		must(t, err)
		return c
	}
	for range each {
		slow = append(slow, open("GET / HTTP/1.1\r\nHost: x\r\nX-Slow"), open(""))
		kept = append(kept, open("GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n"))
	}
	// Beside them all, everybody else is answered.
	client := &http.Client{Timeout: 10 * time.Second}
	for range 20 {
		resp, err := client.Get("http://" + addr + "/replies")
		must(t, err)
		must(t, resp.Body.Close())
		if resp.StatusCode != http.StatusOK {
			t.Errorf("beside %d connections: %s", 3*each, resp.Status)
		}
	}
	for _, c := range slow {
		must(t, c.SetReadDeadline(time.Now().Add(20*time.Second)))
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Fatalf("a slow client was not cut: %v", err)
		}
	}
	for _, c := range kept { // these may ask again
		_, err := fmt.Fprint(c, "GET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		must(t, err)
		must(t, c.SetReadDeadline(time.Now().Add(20*time.Second)))
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Fatalf("a client that kept its connection was not answered: %v", err)
		}
	}
}

// TestHungStatementsEnd where their caller waits no longer, and the connection is
// of use to the next.
func TestHungStatementsEnd(t *testing.T) {
	t.Parallel()
	p := &program{options: options{databaseURL: newURL(t)}}
	d, err := p.open(t.Context())
	must(t, err)
	t.Cleanup(func() { must(t, d.close()) })
	before := d.pool.Stat().NewConnsCount()
	for range 3 {
		ctx, cancel := contextFor(t, 100*time.Millisecond)
		if _, err := d.pool.Exec(ctx, "SELECT pg_sleep(60)"); err == nil || ctx.Err() == nil {
			t.Errorf("it slept: %v", err)
		}
		cancel()
	}
	var asleep int
	must(t, d.pool.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND state = 'active' AND datname = current_database()`).Scan(&asleep))
	if opened := d.pool.Stat().NewConnsCount() - before; asleep != 0 || opened > 1 {
		t.Errorf("%d statements still run, and %d connections were opened anew", asleep, opened)
	}
	var timeout string
	must(t, d.pool.QueryRow(t.Context(), "SHOW statement_timeout").Scan(&timeout))
	if timeout != "11min" {
		t.Errorf("a statement that nobody can end may take %s", timeout)
	}
}
