package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"fuyan/bench"
	"fuyan/postgres/embedded"
)

// mostProposals is the largest database that the bench makes.
const mostProposals = 10_000_000

// bench measures the service in databases of its own, and prints what it found.
func (p *program) bench(ctx context.Context, _ []string) error {
	sizes, err := p.benchSizes()
	if err != nil {
		return err
	}
	return p.withBenchServer(ctx, func(url string) error {
		report, err := bench.Run(ctx, bench.Options{
			URL: url, Sizes: sizes, Tune: tune, Server: bounded, Progress: os.Stderr,
		})
		if err != nil {
			return err
		}
		if p.json {
			return report.WriteJSON(p.stdout)
		}
		return report.WriteText(p.stdout)
	})
}

func (p *program) benchSizes() ([]int, error) {
	var sizes []int
	for s := range strings.SplitSeq(p.proposals, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < bench.LeastProposals || n > mostProposals {
			return nil, usage("--proposals %q: want numbers from %d to %d with commas between, such as 1000,100000",
				p.proposals, bench.LeastProposals, mostProposals)
		}
		sizes = append(sizes, n)
	}
	return sizes, nil
}

// withBenchServer calls f with the Postgres that was named, or with a private one
// in a folder that is removed: never with the one in which people work.
func (p *program) withBenchServer(ctx context.Context, f func(url string) error) (err error) {
	if p.databaseURL != "" {
		return f(p.databaseURL)
	}
	data, err := p.dataDir()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(data, 0o755); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	dir := filepath.Join(data, "bench-"+strconv.Itoa(os.Getpid()))
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	server, err := embedded.Start(ctx, embedded.Options{Dir: dir, Log: p.log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	if err := writeMuch(ctx, server.URL()); err != nil {
		return fmt.Errorf("set up the bench's own server: %w", err)
	}
	return f(server.URL())
}

// writeMuch lets a server write more than others do before it brings its files up to
// date: it is loaded and thrown away.
func writeMuch(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for _, sql := range []string{
		`ALTER SYSTEM SET max_wal_size = '4GB'`, `ALTER SYSTEM SET checkpoint_timeout = '30min'`, `SELECT pg_reload_conf()`,
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}
