// Package observe is what an operator sees of a running program: how long calls,
// pages, jobs and queries take and how they end, what waits in the queues, what is
// late, how the pool of connections is used; and, where somebody collects them,
// traces.
//
// The names of what is measured are those of the program: a procedure, the pattern
// of an address, a kind of job, the name of a query. None is of a person or a
// proposal, so there are only as many as the program has, and none tells anything.
package observe

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/otelconnect"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
)

// Exports are where traces and metrics go beside Prometheus; nowhere when nil.
type Exports struct {
	Traces trace.TracerProvider
	Meters metric.MeterProvider
}

// An Observer measures one program.
type Observer struct {
	Exports
	registry                   *prometheus.Registry
	exported                   bool
	tracer                     trace.Tracer
	rpcs, pages, jobs, queries *prometheus.HistogramVec
}

// New returns an observer of a program that has measured nothing yet.
func New(to Exports) *Observer {
	exported := to.Traces != nil || to.Meters != nil
	if to.Traces == nil {
		to.Traces = tracenoop.NewTracerProvider()
	}
	if to.Meters == nil {
		to.Meters = metricnoop.NewMeterProvider()
	}
	o := &Observer{
		Exports: to, exported: exported, registry: prometheus.NewRegistry(), tracer: to.Traces.Tracer("fuyan"),
		rpcs:    durations("fuyan_rpc_duration_seconds", "RPCs, over the network and of pages, by procedure and outcome.", "rpc", "outcome"),
		pages:   durations("fuyan_page_duration_seconds", "Pages by the pattern of their address and HTTP status.", "page", "outcome"),
		jobs:    durations("fuyan_job_duration_seconds", "Attempts at jobs by kind and outcome.", "kind", "outcome"),
		queries: durations("fuyan_query_duration_seconds", "Statements by the name that their text begins with.", "query"),
	}
	o.registry.MustRegister(o.rpcs, o.pages, o.jobs, o.queries,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), collectors.NewBuildInfoCollector())
	return o
}

func durations(name, help string, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: name, Help: help, Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, labels)
}

// Handler answers Prometheus.
func (o *Observer) Handler() http.Handler {
	return promhttp.HandlerFor(o.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2})
}

// Gather returns what has been measured.
func (o *Observer) Gather() prometheus.Gatherer { return o.registry }

// RPC counts a call that has ended.
func (o *Observer) RPC(procedure, outcome string, took time.Duration) {
	o.rpcs.WithLabelValues(procedure, outcome).Observe(took.Seconds())
}

// Page counts a page that has been answered.
func (o *Observer) Page(pattern, outcome string, took time.Duration) {
	o.pages.WithLabelValues(pattern, outcome).Observe(took.Seconds())
}

// Job counts an attempt at a job that has ended.
func (o *Observer) Job(kind, outcome string, took time.Duration) {
	o.jobs.WithLabelValues(kind, outcome).Observe(took.Seconds())
}

// StartServer begins the span of a page, which its caller names and ends.
func (o *Observer) StartServer(ctx context.Context) (context.Context, trace.Span) {
	return o.tracer.Start(ctx, "page", trace.WithSpanKind(trace.SpanKindServer))
}

// StartJob begins the span of an attempt at a job, which its caller ends.
func (o *Observer) StartJob(ctx context.Context, kind string) (context.Context, trace.Span) {
	return o.tracer.Start(ctx, kind, trace.WithSpanKind(trace.SpanKindConsumer))
}

// FollowCalls gives each call a span and counts it, for who collects them.
func (o *Observer) FollowCalls() connect.ServerInterceptor {
	if !o.exported {
		return func(next connect.ServerFunc) connect.ServerFunc { return next }
	}
	i, err := otelconnect.NewServerInterceptor(otelconnect.WithTracerProvider(o.Traces), otelconnect.WithMeterProvider(o.Meters),
		otelconnect.WithPropagator(propagation.TraceContext{}))
	if err != nil {
		panic(err) // its instruments are constants
	}
	return i
}

// unwritable is how pgx begins to say that it has no way to send a value.
const unwritable = "unable to encode "

// Words are what may be logged of an error. What Postgres says of a value that it
// cannot read may hold the value, and so what pgx says of one that it cannot write.
func Words(err error) string {
	text := err.Error()
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && strings.HasPrefix(e.Code, "22") {
		text = strings.ReplaceAll(text, e.Message, "a value that Postgres does not take")
	}
	if before, _, found := strings.Cut(text, unwritable); found {
		text = before + unwritable + "a value"
	}
	return text
}
