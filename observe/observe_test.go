package observe_test

import (
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"fuyan/observe"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

// scrape returns what Prometheus reads.
func scrape(t testing.TB, o *observe.Observer) string {
	t.Helper()
	w := httptest.NewRecorder()
	o.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	out, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// observed is a pool that o looks at.
func observed(t testing.TB, o *observe.Observer) *pgxpool.Pool {
	t.Helper()
	config := postgrestest.New(t).Config()
	config.ConnConfig.Tracer = o
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// TestScrape does what is measured and reads it.
func TestScrape(t *testing.T) {
	t.Parallel()
	o := observe.New(observe.Exports{})
	pool := observed(t, o)
	d, err := postgres.New(pool, postgres.Options{Now: postgrestest.Now})
	if err != nil {
		t.Fatal(err)
	}
	o.AddPool("primary", pool)
	o.AddBacklog(d)
	for _, sql := range []string{
		`INSERT INTO river_job (kind, args, queue, state, max_attempts, scheduled_at)
			SELECT 'x', '{}', 'mail', 'available', 25, now() - interval '1 hour' * n FROM generate_series(1, 3) n`,
		`INSERT INTO river_job (kind, args, queue, state, max_attempts, scheduled_at) VALUES ('x', '{}', 'default', 'scheduled', 25, now() + interval '1 day')`,
		`INSERT INTO river_job (kind, args, queue, state, max_attempts, finalized_at) VALUES ('x', '{}', 'default', 'completed', 25, now())`,
	} {
		if _, err := pool.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	people := postgrestest.NewPeople(t, pool)
	if _, err := d.Me(t.Context(), people.Office.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.CopyFrom(t.Context(), pgx.Identifier{"divisions"}, []string{"organ_id", "name"}, pgx.CopyFromRows([][]any{{people.Organ, "新处"}})); err != nil {
		t.Fatal(err)
	}
	o.RPC("AccountService/GetMe", "ok", 3*time.Millisecond)
	o.Page("GET /work", "200", 70*time.Millisecond)
	o.Job("send_notice", "error", 3*time.Second)
	got := scrape(t, o)
	for _, want := range []string{
		`fuyan_rpc_duration_seconds_bucket{outcome="ok",rpc="AccountService/GetMe",le="0.0025"} 0`,
		`fuyan_rpc_duration_seconds_bucket{outcome="ok",rpc="AccountService/GetMe",le="0.005"} 1`,
		`fuyan_page_duration_seconds_sum{outcome="200",page="GET /work"} 0.07`,
		`fuyan_job_duration_seconds_count{kind="send_notice",outcome="error"} 1`,
		`fuyan_query_duration_seconds_count{query="UserByID"} 1`, `fuyan_query_duration_seconds_count{query="other"}`, `fuyan_query_duration_seconds_count{query="copy divisions"} 1`,
		`fuyan_queue_jobs{queue="mail",state="available"} 3`, `fuyan_queue_oldest_seconds{queue="mail",state="available"} 10800.`,
		`fuyan_queue_jobs{queue="default",state="scheduled"} 1`, `fuyan_queue_oldest_seconds{queue="default",state="scheduled"} 0`,
		`fuyan_overdue{what="reply"} 0`, `fuyan_database_up 1`, `fuyan_pool_connections_most{pool="primary"}`,
		`fuyan_pool_acquired_total{pool="primary"}`, "go_build_info{", "go_goroutines ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the scrape lacks %s", want)
		}
	}
	if strings.Contains(got, `state="completed"`) || t.Failed() {
		t.Errorf("scraped\n%s", got)
	}
	if problems, err := testutil.GatherAndLint(o.Gather()); err != nil || len(problems) > 0 {
		t.Errorf("promlint: %v, %v", problems, err)
	}
	pool.Close()
	if got := scrape(t, o); !strings.Contains(got, "fuyan_database_up 0") || strings.Contains(got, "fuyan_queue_jobs") {
		t.Errorf("without a database:\n%s", got)
	}
}

// TestScrapeWithoutWhatIsLate: a count that fails is left out, and the database is up.
func TestScrapeWithoutWhatIsLate(t *testing.T) {
	t.Parallel()
	o := observe.New(observe.Exports{})
	pool := observed(t, o)
	d, err := postgres.New(pool, postgres.Options{Now: postgrestest.Now})
	if err != nil {
		t.Fatal(err)
	}
	o.AddBacklog(d)
	if _, err := pool.Exec(t.Context(), `ALTER TABLE proposals RENAME TO elsewhere; ALTER TABLE elsewhere RENAME reply_due TO x`); err != nil {
		t.Fatal(err)
	}
	if got := scrape(t, o); !strings.Contains(got, "fuyan_database_up 1") || strings.Contains(got, "fuyan_overdue{") {
		t.Errorf("scraped\n%s", got)
	}
}

// TestQueriesAreFollowed gives a statement's name and how it ended, and nothing of
// what it was about.
func TestQueriesAreFollowed(t *testing.T) {
	t.Parallel()
	spans := tracetest.NewSpanRecorder()
	o := observe.New(observe.Exports{Traces: sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))})
	pool := observed(t, o)
	if _, err := pool.Exec(t.Context(), `SELECT 1`); err != nil || len(spans.Ended()) > 0 {
		t.Errorf("%d spans of what nobody follows, %v", len(spans.Ended()), err)
	}
	ctx, job := o.StartJob(t.Context(), "send_notice")
	var n int
	err := pool.QueryRow(ctx, "-- name: Secretive :one\nSELECT $1::text::int", "私事").Scan(&n)
	if err == nil {
		t.Fatal("that is no number")
	}
	if words := observe.Words(fmt.Errorf("count: %w", err)); strings.Contains(words, "私事") || !strings.Contains(words, "22P02") {
		t.Errorf("the words of the error are %q", words)
	}
	job.End()
	ended := spans.Ended()
	if len(ended) != 2 || ended[0].Name() != "Secretive" || ended[0].Status().Code != codes.Error || ended[0].Status().Description != "22P02" ||
		ended[0].Parent().SpanID() != ended[1].SpanContext().SpanID() {
		t.Fatalf("spans %v", ended)
	}
	if text := fmt.Sprint(ended[0].Attributes(), ended[0].Events()); strings.Contains(text, "私事") || strings.Contains(text, "SELECT") ||
		!strings.Contains(text, fmt.Sprint(attribute.String("db.query.summary", "Secretive"))) {
		t.Errorf("the span says %s", text)
	}
}

func TestQueryNames(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"-- name: ListProposals :many\nSELECT 1": "ListProposals", "-- name: X\nSELECT 1": "X", "begin": "begin", "commit": "commit",
		"SELECT '-- name: Y :one'": "other", "-- name: ": "other", "-- name: unended": "other", "": "other", "savepoint sp_7": "other",
	} {
		if got := observe.QueryName(sql); got != want {
			t.Errorf("%q is called %q, want %q", sql, got, want)
		}
	}
}

// BenchmarkQuery is what it costs to measure one statement.
func BenchmarkQuery(b *testing.B) {
	o, ctx := observe.New(observe.Exports{}), b.Context()
	b.ReportAllocs()
	for b.Loop() {
		ctx := o.TraceQueryStart(ctx, nil, pgx.TraceQueryStartData{SQL: "-- name: ListProposals :many\nSELECT"})
		o.TraceQueryEnd(ctx, nil, pgx.TraceQueryEndData{CommandTag: pgconn.CommandTag{}})
	}
}

// TestWordsOfWhatIsNotSent: pgx quotes a value that it cannot send, and the log does not.
func TestWordsOfWhatIsNotSent(t *testing.T) {
	t.Parallel()
	var n int
	err := postgrestest.Tx(t).QueryRow(t.Context(), `SELECT $1::int`, struct{ name string }{"私事"}).Scan(&n)
	if err == nil || !strings.Contains(err.Error(), "私事") {
		t.Fatalf("pgx says %v", err)
	}
	if words := observe.Words(err); strings.Contains(words, "私事") || !strings.Contains(words, "unable to encode a value") {
		t.Errorf("the words of the error are %q", words)
	}
}
