// Package bench measures the service against the least that could do the same.
//
// For each size it fills a database of its own, and puts beside each other, in
// one run and by turns: every read against a bare Connect handler and against
// bare pgx, every write but those of [unmeasured] against its statements in a bare
// transaction, the jobs against River's own, the pages against the RPCs that they
// show. What the bare ones do is not written down by hand: a recorder notes which
// statements the service runs, with their arguments and the types that rows are
// scanned into, and they are replayed. So the comparison follows the service as it
// changes.
//
// The whole service is the one that the program serves, over HTTP, with identity,
// rights, validation, logs and metrics, on a pool that is set up as the program's.
// The statement that finds out who calls ([identifies]) is a part of that and is not
// replayed: a bare handler does not ask.
//
// What is measured are ratios: on a machine that does other things as well, both
// sides are slower.
package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fuyan/migrations"
	"fuyan/observe"
	"fuyan/postgres"
	"fuyan/server"
)

// Options say what is measured and where.
type Options struct {
	// URL names a database of the Postgres in which the bench makes its own. It
	// leaves those that are there alone.
	URL string
	// Sizes are the numbers of proposals.
	Sizes []int
	// Time is how long each comparison takes; half a second when 0.
	Time time.Duration
	// Rounds is how many rounds each comparison has at least; 5 when 0.
	Rounds int
	// Callers is how many call at once where many do; 16 when 0.
	Callers int
	// Walks is how many proposals the writes take from receipt to a kept promise; 40
	// when 0. Fewer take each of the other ways.
	Walks int
	// Due is how many deadlines the jobs tell of; 1,000 when 0.
	Due int
	// Tune does to the service's pool of connections what the program does to its
	// own; nothing when nil. The bare ones have a pool as pgx makes it.
	Tune func(*pgxpool.Config)
	// Server serves the service as the program is served; a server without bounds
	// when nil.
	Server func(http.Handler) *http.Server
	// Progress is told what is under way.
	Progress io.Writer
}

// LeastProposals is the smallest size in which there is something of everything.
const LeastProposals = 1000

// Run measures each size in turn. The databases it makes are gone when it returns.
func Run(ctx context.Context, o Options) (report *Report, err error) {
	o.Time, o.Rounds = cmp.Or(o.Time, 500*time.Millisecond), cmp.Or(o.Rounds, 5)
	o.Callers = cmp.Or(o.Callers, mostConns)
	o.Walks, o.Due = cmp.Or(o.Walks, 40), cmp.Or(o.Due, 1000)
	p, err := newPlace(ctx, o.URL)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close(ctx)) }()
	report = &Report{Machine: machine(), Day: time.Now().Format(time.DateOnly), Unmeasured: unmeasured}
	if err := p.admin.QueryRow(ctx, `SELECT 'Postgres ' || current_setting('server_version')`).Scan(&report.Postgres); err != nil {
		return nil, err
	}
	for _, n := range o.Sizes {
		r := &run{o: o, place: p, size: &Size{Proposals: n}}
		if err := r.all(ctx); err != nil {
			return nil, fmt.Errorf("%d proposals: %w", n, err)
		}
		report.Sizes = append(report.Sizes, *r.size)
	}
	report.grow()
	return report, nil
}

func machine() string {
	return fmt.Sprintf("%d cores %s/%s, %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
}

// A run measures one size.
type run struct {
	o     Options
	place *place
	size  *Size
	facts facts

	pool     *pgxpool.Pool // of the service
	other    *pgxpool.Pool // of the bare ones, on the same database
	twin     *pgxpool.Pool // on another that began as the same
	whole    *site         // the service
	tape     *recorder
	listened *site // the service once more, with its statements recorded
	recorded *postgres.DB
}

// all loads the data, measures everything and drops the databases.
func (r *run) all(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, r.place.clear(ctx)) }()
	if err := r.load(ctx); err != nil {
		return err
	}
	began := time.Now()
	if err := r.open(ctx); err != nil {
		return err
	}
	defer r.close()
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"reads", r.read}, {"pages", r.page}, {"writes", r.write}, {"jobs", r.work}, {"letters", r.letters},
	} {
		r.say("%s", step.name)
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	r.size.MeasuredIn = time.Since(began).Seconds()
	return nil
}

// load makes a database with so many proposals.
func (r *run) load(ctx context.Context) error {
	r.say("loading")
	if err := r.place.create(ctx, "a", ""); err != nil {
		return err
	}
	if err := r.fill(ctx); err != nil {
		return err
	}
	return r.place.create(ctx, "b", "a")
}

func (r *run) fill(ctx context.Context) error {
	pool, err := r.place.open(ctx, "a")
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := migrations.Up(ctx, pool); err != nil {
		return err
	}
	loaded, err := Load(ctx, pool, r.size.Proposals, time.Now())
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	r.size.load(loaded)
	return pool.QueryRow(ctx, `SELECT pg_database_size(current_database())`).Scan(&r.size.Bytes)
}

// open serves the database.
func (r *run) open(ctx context.Context) (err error) {
	o := observe.New(observe.Exports{})
	if r.pool, err = r.place.open(ctx, "a", r.o.tune, func(c *pgxpool.Config) { c.ConnConfig.Tracer = o }); err != nil {
		return err
	}
	if r.other, err = r.place.open(ctx, "a"); err != nil {
		return err
	}
	if r.twin, err = r.place.open(ctx, "b"); err != nil {
		return err
	}
	if r.facts, err = find(ctx, r.pool); err != nil {
		return err
	}
	r.tape = &recorder{Pool: r.pool}
	if _, r.whole, err = r.serve(ctx, r.pool, o); err != nil {
		return err
	}
	r.recorded, r.listened, err = r.serve(ctx, r.tape, o)
	return err
}

// tune makes the service's pool what the program's is.
func (o *Options) tune(c *pgxpool.Config) {
	if o.Tune != nil {
		o.Tune(c)
	}
}

// anyRate is more requests a second than anybody makes here: the service counts
// them, and refuses none.
const anyRate = 10_000_000

// serve serves what the program serves, with its log written and thrown away.
func (r *run) serve(ctx context.Context, conn postgres.Conn, o *observe.Observer) (*postgres.DB, *site, error) {
	d, err := postgres.New(conn, postgres.Options{Now: time.Now})
	if err != nil {
		return nil, nil, err
	}
	h := server.New(d, server.Options{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Observer: o, Rate: anyRate})
	if r.o.Server == nil {
		r.o.Server = unbounded
	}
	s, err := newSite(ctx, r.o.Server(h))
	return d, s, err
}

func (r *run) close() {
	for _, s := range []*site{r.whole, r.listened} {
		if s != nil {
			s.close()
		}
	}
	for _, p := range []*pgxpool.Pool{r.pool, r.other, r.twin} {
		if p != nil {
			p.Close()
		}
	}
}

func (r *run) add(m Measure) { r.size.Measures = append(r.size.Measures, m) }

func (r *run) say(format string, args ...any) {
	fmt.Fprintf(r.o.Progress, "%s  %d proposals: %s\n", time.Now().Format(time.TimeOnly), r.size.Proposals, fmt.Sprintf(format, args...))
}
