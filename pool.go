package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
)

// mostConns is how many connections the program opens unless its URL says how many.
const mostConns = 16

// newPool returns connections to the database that a flag names. It opens none.
func (p *program) newPool(ctx context.Context, name, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, usage("--%s: %v", name, err)
	}
	tune(config)
	if p.observer != nil {
		config.ConnConfig.Tracer = p.observer
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// tune sets what every pool of the program has in common.
func tune(config *pgxpool.Config) {
	if named, err := pgx.ParseConfig(config.ConnString()); err == nil && named.RuntimeParams["pool_max_conns"] == "" {
		config.MaxConns = mostConns
	}
	impatient(config)
	bound(config)
	config.ConnConfig.OnPgError = usable
}

// impatient notices a database that does not answer: when a connection is made,
// before an idle one is used again, and while one waits. A time in the URL holds.
func impatient(config *pgxpool.Config) {
	c := config.ConnConfig
	c.ConnectTimeout = cmp.Or(c.ConnectTimeout, answerWithin)
	config.PingTimeout = cmp.Or(config.PingTimeout, answerWithin)
	c.DialFunc = (&net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: answerWithin, Count: 3},
	}).DialContext
}

// answerWithin is how long a database may take to say that it is there.
const answerWithin = 3 * time.Second

// mostStatement is how long Postgres works on a statement of a program that is gone.
// No job may take longer.
const mostStatement = 11 * time.Minute

// bound ends statements whose caller waits no longer: by asking Postgres to, and
// where that cannot be asked, by closing the connection. A statement_timeout that
// the URL sets is left alone.
func bound(config *pgxpool.Config) {
	config.ConnConfig.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: time.Second}
	}
	if _, set := config.ConnConfig.RuntimeParams["statement_timeout"]; set {
		return
	}
	// Not a parameter of the connection: PgBouncer takes none that it does not know.
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, fmt.Sprintf("SET statement_timeout = %d", mostStatement.Milliseconds()))
		return err
	}
}

// listening is a pool to listen on: a wait that is broken off there ends at once, for
// there is no statement that Postgres could be asked to end.
func listening(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Pool, error) {
	config := pool.Config()
	config.ConnConfig.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: c.Conn()}
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// readOnly is Postgres's code for a write where none is possible.
const readOnly = "25006"

// usable says whether a connection may be used again after an error. One that is
// read-only leads to a server that was the primary when we came: it is closed, and
// the pool opens another to whichever is the primary now. No transaction of ours is
// read-only by its own wish and writes.
func usable(_ *pgconn.PgConn, err *pgconn.PgError) bool {
	return !strings.EqualFold(err.Severity, "FATAL") && err.Code != readOnly
}

// checking is how often a standby is asked how far it has come.
const checking = time.Second

// follow checks the standby until ctx ends, and logs when it begins and when it ends
// to read for the public.
func (d *database) follow(ctx context.Context, log *slog.Logger) error {
	if d.standby == nil {
		return nil
	}
	tick := time.NewTicker(checking)
	defer tick.Stop()
	for first, before := true, error(nil); ; first = false {
		err := d.CheckStandby(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil && (first || before != nil):
			log.InfoContext(ctx, "the standby reads for the public")
		case err != nil && (first || before == nil):
			log.WarnContext(ctx, "the standby does not read for the public, or soon will not", "error", err)
		}
		before = err
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
