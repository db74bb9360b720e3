package main

import (
	"testing"
	"time"
)

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
