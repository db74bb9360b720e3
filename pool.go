package main

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// mostConns is how many connections the program opens unless its URL allows more.
const mostConns = 16

// newPool returns connections to the database that a flag names. It opens none.
func newPool(ctx context.Context, name, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, usage("--%s: %v", name, err)
	}
	config.MaxConns = max(config.MaxConns, mostConns)
	impatient(config)
	config.ConnConfig.OnPgError = usable
	return pgxpool.NewWithConfig(ctx, config)
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
