package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fuyan/migrations"
	"fuyan/postgres"
	"fuyan/postgres/embedded"
)

// sweeps is how many batches of due deadlines a worker looks at at once.
const sweeps = 4

// A database is an open one, with the private server behind it if it has one.
type database struct {
	*postgres.DB
	pool    *pgxpool.Pool
	standby *pgxpool.Pool    // of a standby that was named, or nil
	server  *embedded.Server // nil when the database was named
}

// open opens the database that was named, or else the private one. The private
// one is always migrated: no other process could do it meanwhile.
func (p *program) open(ctx context.Context) (*database, error) {
	d := &database{}
	url := p.databaseURL
	if url == "" && p.readDatabaseURL != "" {
		return nil, usage("--read-database-url needs --database-url: a private Postgres has no standby")
	}
	if url == "" {
		server, err := p.startServer(ctx)
		if err != nil {
			return nil, err
		}
		d.server, url = server, server.URL()
	}
	if err := d.connect(ctx, p, url); err != nil {
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

func (d *database) connect(ctx context.Context, p *program, url string) (err error) {
	if d.pool, err = p.newPool(ctx, "database-url", url); err != nil {
		return err
	}
	o := postgres.Options{Now: time.Now, Sweeps: sweeps, Files: p.store}
	if p.readDatabaseURL != "" {
		if d.standby, err = p.newPool(ctx, "read-database-url", p.readDatabaseURL); err != nil {
			return err
		}
		o.Standby = d.standby
	}
	if d.DB, err = postgres.New(d.pool, o); err != nil {
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

// close closes the connections and stops the private server.
func (d *database) close() error {
	for _, pool := range []*pgxpool.Pool{d.pool, d.standby} {
		if pool != nil {
			pool.Close()
		}
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
