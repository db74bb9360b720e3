package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// mostConns is how many connections a pool opens, as the program's own does.
const mostConns = 16

// A place is a Postgres in which the bench makes databases of its own. The one
// that its URL names is never written to.
type place struct {
	config *pgxpool.Config
	admin  *pgx.Conn
	prefix string // of the databases' names
	made   []string
}

func newPlace(ctx context.Context, url string) (*place, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = mostConns
	admin, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	return &place{config: config, admin: admin, prefix: fmt.Sprintf("fuyan_bench_%08x", rand.Uint32())}, nil
}

// create makes a database, empty or with all that another has, to which nobody
// may be connected.
func (p *place) create(ctx context.Context, name, of string) error {
	name = p.prefix + "_" + name
	sql := "CREATE DATABASE " + name
	if of != "" {
		sql += " TEMPLATE " + p.prefix + "_" + of + " STRATEGY FILE_COPY" // the other way writes all of it to the WAL
	}
	if _, err := p.admin.Exec(ctx, sql); err != nil {
		return fmt.Errorf("make a database beside the one named: %w", err)
	}
	p.made = append(p.made, name)
	return nil
}

// open opens a pool on a database that was made here, set up by all of with.
func (p *place) open(ctx context.Context, name string, with ...func(*pgxpool.Config)) (*pgxpool.Pool, error) {
	config := p.config.Copy()
	config.ConnConfig.Database = p.prefix + "_" + name
	for _, set := range with {
		set(config)
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// clear drops what was made. It does so also where the run was broken off.
func (p *place) clear(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	var errs []error
	for _, name := range p.made {
		if _, err := p.admin.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			errs = append(errs, err)
		}
	}
	p.made = nil
	return errors.Join(errs...)
}

func (p *place) close(ctx context.Context) error {
	err := p.clear(ctx)
	return errors.Join(err, p.admin.Close(context.WithoutCancel(ctx)))
}
