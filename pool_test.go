package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

func opened(t *testing.T, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := new(program).newPool(t.Context(), "database-url", url)
	must(t, err)
	t.Cleanup(pool.Close)
	return pool
}

// TestPoolDropsReadOnlyConnections: a connection to a server that became a standby
// fails once, for its one write, and is not used again.
func TestPoolDropsReadOnlyConnections(t *testing.T) {
	t.Parallel()
	pool := opened(t, newURL(t)+"&pool_max_conns=16")
	conns := make([]*pgxpool.Conn, 3)
	for i := range conns {
		var err error
		conns[i], err = pool.Acquire(t.Context())
		must(t, err)
		_, err = conns[i].Exec(t.Context(), "SET default_transaction_read_only = on")
		must(t, err)
	}
	for _, c := range conns {
		c.Release()
	}
	failed := 0
	for range 10 {
		if _, err := pool.Exec(t.Context(), "CREATE TABLE IF NOT EXISTS written ()"); err != nil {
			if !strings.Contains(err.Error(), readOnly) {
				t.Fatal(err)
			}
			failed++
		}
	}
	if failed != len(conns) {
		t.Errorf("%d of 10 writes failed on %d read-only connections", failed, len(conns))
	}
}

// TestPoolKeepsOtherConnections: an error that says nothing about the server costs
// no connection.
func TestPoolKeepsOtherConnections(t *testing.T) {
	t.Parallel()
	pool := opened(t, newURL(t))
	for range 5 {
		if _, err := pool.Exec(t.Context(), "SELECT 1/0"); err == nil {
			t.Fatal("no error")
		}
	}
	if n := pool.Stat().NewConnsCount(); n != 1 {
		t.Errorf("%d connections for five errors", n)
	}
}

// TestPoolFindsThePrimary names a server that is not there, one that does not let
// anybody in, and the database.
func TestPoolFindsThePrimary(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and says nothing
	must(t, err)
	t.Cleanup(func() { must(t, silent.Close()) })
	config := opened(t, newURL(t)).Config().ConnConfig
	_, port, _ := net.SplitHostPort(silent.Addr().String())
	url := fmt.Sprintf("host=127.0.0.1,127.0.0.1,%s port=%s,%s,%d user=%s password=%s dbname=%s connect_timeout=1 target_session_attrs=read-write",
		config.Host, strings.Split(freeAddr(t), ":")[1], port, config.Port, config.User, config.Password, config.Database)
	if _, err := opened(t, url).Exec(t.Context(), "CREATE TABLE written ()"); err != nil {
		t.Error(err)
	}
}

// TestPoolWaits as long as a URL says, and not for ever where it says nothing.
func TestPoolWaits(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"postgres://localhost/x": "3s 3s 16", "postgres://localhost/x?connect_timeout=2&pool_ping_timeout=1s&pool_max_conns=40": "2s 1s 40",
		"postgres://localhost/x?pool_max_conns=6": "3s 3s 6",
	} {
		c := opened(t, url).Config()
		if got := fmt.Sprint(c.ConnConfig.ConnectTimeout, c.PingTimeout, c.MaxConns); got != want {
			t.Errorf("%s waits %s, want %s", url, got, want)
		}
	}
}

// TestFollow says in the log, once, that a standby reads for the public, and ends
// with its context.
func TestFollow(t *testing.T) {
	t.Parallel()
	standby := postgrestest.NewStandby(t)
	d := &database{pool: opened(t, newURL(t)), standby: standby.Pool}
	var err error
	d.DB, err = postgres.New(d.pool, postgres.Options{Now: postgrestest.Now, Standby: standby})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	log := &ending{when: "the standby reads for the public", end: cancel}
	must(t, d.follow(ctx, slog.New(slog.NewTextHandler(log, nil))))
	if n := strings.Count(log.String(), "standby"); n != 1 {
		t.Errorf("it said %d times something of the standby:\n%s", n, log)
	}
	must(t, (&database{}).follow(t.Context(), nil))
}

// An ending log ends something when it says so.
type ending struct {
	strings.Builder
	when string
	end  func()
}

func (l *ending) Write(p []byte) (int, error) {
	if strings.Contains(string(p), l.when) {
		l.end()
	}
	return l.Builder.Write(p)
}

// TestListening: a wait for jobs that is broken off ends by the clock of this machine
// alone, and its connection is as good as before.
func TestListening(t *testing.T) {
	t.Parallel()
	pool, err := listening(t.Context(), opened(t, newURL(t)))
	must(t, err)
	t.Cleanup(pool.Close)
	c, err := pool.Acquire(t.Context())
	must(t, err)
	defer c.Release()
	if h, ok := pool.Config().ConnConfig.BuildContextWatcherHandler(c.Conn().PgConn()).(*pgconn.DeadlineContextWatcherHandler); !ok || h.DeadlineDelay != 0 {
		t.Errorf("a wait is ended by %#v", h)
	}
	_, err = c.Exec(t.Context(), `LISTEN x`)
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if n, err := c.Conn().WaitForNotification(ctx); !pgconn.Timeout(err) {
		t.Errorf("a wait that is broken off: %v, %v", n, err)
	}
	_, err = c.Exec(t.Context(), `NOTIFY x`)
	must(t, err)
	ctx, cancel = context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if n, err := c.Conn().WaitForNotification(ctx); err != nil || n.Channel != "x" {
		t.Errorf("afterwards: %v, %v", n, err)
	}
}
