package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
	"gocloud.dev/blob"

	"fuyan/migrations"
	"fuyan/observe"
	"fuyan/postgres"
	"fuyan/postgres/embedded"
)

// mostConns is how many connections the program opens unless its URL allows more.
const mostConns = 16

// sweeps is how many batches of due deadlines a worker looks at at once.
const sweeps = 4

// A database is an open one, with the private server behind it if it has one.
type database struct {
	*postgres.DB
	pool     *pgxpool.Pool
	server   *embedded.Server // nil when the database was named
	observer *observe.Observer
}

// open opens the database that was named, or else the private one. The private
// one is always migrated: no other process could do it meanwhile.
func (p *program) open(ctx context.Context) (*database, error) {
	d := &database{observer: p.observer}
	url := p.databaseURL
	if url == "" {
		server, err := p.startServer(ctx)
		if err != nil {
			return nil, err
		}
		d.server, url = server, server.URL()
	}
	if err := d.connect(ctx, url, p.store); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

func (p *program) startServer(ctx context.Context) (*embedded.Server, error) {
	dir, err := p.dataDir()
	if err != nil {
		return nil, err
	}
	return embedded.Start(ctx, embedded.Options{Dir: dir, Log: p.log})
}

func (p *program) dataDir() (string, error) {
	if p.data != "" {
		return p.data, nil
	}
	return embedded.DefaultDir()
}

func (d *database) connect(ctx context.Context, url string, files *blob.Bucket) error {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return usage("--database-url: %v", err)
	}
	config.MaxConns = max(config.MaxConns, mostConns)
	bound(config)
	if d.observer != nil {
		config.ConnConfig.Tracer = d.observer
	}
	if d.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return err
	}
	if d.DB, err = postgres.New(d.pool, postgres.Options{Now: time.Now, Sweeps: sweeps, Files: files}); err != nil {
		return err
	}
	if err := d.pool.Ping(ctx); err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	if d.server == nil {
		return nil
	}
	return migrations.Up(ctx, d.pool)
}

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

// close closes the connections and stops the private server.
func (d *database) close() error {
	if d.pool != nil {
		d.pool.Close()
	}
	if d.server == nil {
		return nil
	}
	return d.server.Stop()
}

// watch returns an error when the private server ends by itself, and nothing
// when ctx does.
func (d *database) watch(ctx context.Context) error {
	var lost <-chan struct{}
	if d.server != nil {
		lost = d.server.Done()
	}
	select {
	case <-lost:
		return errors.New("the private Postgres ended; postgres.log in the data folder says why")
	case <-ctx.Done():
		return nil
	}
}

// with opens the database, does f and closes it.
func (p *program) with(ctx context.Context, f func(*database) error) (err error) {
	d, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	return f(d)
}

// withSchema is with, and migrates first.
func (p *program) withSchema(ctx context.Context, f func(*database) error) error {
	return p.with(ctx, func(d *database) error {
		if err := migrations.Up(ctx, d.pool); err != nil {
			return err
		}
		return f(d)
	})
}

func (p *program) migrate(ctx context.Context, _ []string) error {
	return p.withSchema(ctx, func(*database) error { return nil })
}

func (p *program) verify(ctx context.Context, _ []string) error {
	return p.with(ctx, func(d *database) error {
		r, err := d.Verify(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "%d proposals with %d events: nothing is missing, added or changed\n", r.Proposals, r.Events)
		return nil
	})
}
