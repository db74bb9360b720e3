package observe

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"fuyan/postgres"
)

// AddPool measures a pool of connections, which has a name among pools.
func (o *Observer) AddPool(name string, pool *pgxpool.Pool) {
	labels := prometheus.Labels{"pool": name}
	gauge := func(name, help string, f func(*pgxpool.Stat) float64) {
		opts := prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}
		o.registry.MustRegister(prometheus.NewGaugeFunc(opts, func() float64 { return f(pool.Stat()) }))
	}
	counter := func(name, help string, f func(*pgxpool.Stat) float64) {
		opts := prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}
		o.registry.MustRegister(prometheus.NewCounterFunc(opts, func() float64 { return f(pool.Stat()) }))
	}
	gauge("fuyan_pool_connections", "Connections that are open.", func(s *pgxpool.Stat) float64 { return float64(s.TotalConns()) })
	gauge("fuyan_pool_connections_used", "Connections that somebody uses.", func(s *pgxpool.Stat) float64 { return float64(s.AcquiredConns()) })
	gauge("fuyan_pool_connections_most", "Connections that there may be.", func(s *pgxpool.Stat) float64 { return float64(s.MaxConns()) })
	counter("fuyan_pool_acquired_total", "Times that a connection was given out.", func(s *pgxpool.Stat) float64 { return float64(s.AcquireCount()) })
	counter("fuyan_pool_waited_total", "Times that somebody waited for one.", func(s *pgxpool.Stat) float64 { return float64(s.EmptyAcquireCount()) })
	counter("fuyan_pool_waited_seconds_total", "Time that was waited.", func(s *pgxpool.Stat) float64 { return s.EmptyAcquireWaitTime().Seconds() })
	counter("fuyan_pool_given_up_total", "Times that somebody waited in vain.", func(s *pgxpool.Stat) float64 { return float64(s.CanceledAcquireCount()) })
}

const (
	// scrapeWithin is how long the database may take to answer a scrape.
	scrapeWithin = 2 * time.Second
	// recount is how long a count of what is late serves: it reads an index of all
	// that is late.
	recount = time.Minute
)

// A backlog counts, when asked, what waits in the queues and what is late.
type backlog struct {
	db                   *postgres.DB
	up, depth, age, late *prometheus.Desc

	mu      sync.Mutex // two that scrape at once count once
	counted time.Time
	overdue postgres.Overdue
}

// AddBacklog measures what waits in the queues of a database, and what is late.
func (o *Observer) AddBacklog(d *postgres.DB) {
	o.registry.MustRegister(&backlog{
		db:    d,
		up:    prometheus.NewDesc("fuyan_database_up", "Whether the database answered this scrape.", nil, nil),
		depth: prometheus.NewDesc("fuyan_queue_jobs", "Jobs that are not at their end.", []string{"queue", "state"}, nil),
		age:   prometheus.NewDesc("fuyan_queue_oldest_seconds", "Since when the first of them could have been done.", []string{"queue", "state"}, nil),
		late:  prometheus.NewDesc("fuyan_overdue", "What is late, by sort, counted at most once a minute.", []string{"what"}, nil),
	})
}

// Describe tells what Collect counts.
func (b *backlog) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{b.up, b.depth, b.age, b.late} {
		to <- d
	}
}

// Collect counts. Where the database does not answer it says so and nothing else; what
// is late it leaves out where that takes too long to count.
func (b *backlog) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	queues, late, err := b.count()
	if err != nil {
		gauge(b.up, 0)
		return
	}
	gauge(b.up, 1)
	for _, q := range queues {
		gauge(b.depth, float64(q.Count), q.Queue, string(q.State))
		gauge(b.age, q.Age, q.Queue, string(q.State))
	}
	if late == nil {
		return
	}
	for what, tally := range map[string]postgres.Tally{"reply": late.Replies, "commitment": late.Promises, "publication": late.Publications} {
		gauge(b.late, float64(tally.Sum()), what)
	}
}

func (b *backlog) count() ([]postgres.Backlog, *postgres.Overdue, error) {
	//nolint:forbidigo // a collector is asked without a context
	ctx, cancel := context.WithTimeout(context.Background(), scrapeWithin)
	defer cancel()
	b.mu.Lock()
	defer b.mu.Unlock()
	queues, err := b.db.CountBacklog(ctx)
	if err != nil || time.Since(b.counted) < recount {
		return queues, &b.overdue, err
	}
	overdue, err := b.db.OverdueNow(ctx)
	if err != nil {
		return queues, nil, nil // the database answered, and this takes longer
	}
	b.overdue, b.counted = overdue, time.Now()
	return queues, &overdue, nil
}
