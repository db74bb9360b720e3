package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	coltrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otrace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

func contextFor(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), d)
}

// A collector keeps the spans that it is sent.
type collector struct {
	mu    sync.Mutex
	spans []*otrace.Span
	paths []string
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paths = append(c.paths, r.URL.Path)
	w.Header().Set("Content-Type", "application/x-protobuf")
	var sent coltrace.ExportTraceServiceRequest
	if r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &sent) != nil {
		return
	}
	for _, of := range sent.ResourceSpans {
		for _, s := range of.ScopeSpans {
			c.spans = append(c.spans, s.Spans...)
		}
	}
}

// under returns the names of the spans right under those of a name.
func (c *collector) under(name string) (names []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, parent := range c.spans {
		for _, s := range c.spans {
			if parent.Name == name && string(s.ParentSpanId) == string(parent.SpanId) {
				names = append(names, s.Name)
			}
		}
	}
	return names
}

// TestOperatorsView runs the program with somebody who collects and somebody who
// scrapes, calls it, and looks at what they were told.
func TestOperatorsView(t *testing.T) {
	c := new(collector)
	srv := httptest.NewServer(c)
	t.Cleanup(srv.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", srv.URL)
	addr, operator := freeAddr(t), freeAddr(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"--database-url", newURL(t), "--listen", addr, "--metrics-listen", operator, "--data", t.TempDir()}, nil, io.Discard)
	}()
	awaitHealth(t, addr)
	resp, err := http.Post("http://"+addr+"/fuyan.v1.AccountService/SignIn", "application/json", strings.NewReader(`{"name":"秘密的人","password":"secret-password"}`))
	must(t, err)
	must(t, resp.Body.Close())
	if status, _ := ask(t, "http://"+addr+"/replies?q=秘密"); status != http.StatusOK {
		t.Errorf("the page: %d", status)
	}
	var scraped string
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(scraped, `fuyan_job_duration_seconds_count{kind="sweep_notices",outcome="ok"}`); {
		if _, scraped = ask(t, "http://"+operator+"/metrics"); time.Now().After(deadline) {
			t.Fatalf("no job was measured:\n%s", scraped)
		}
	}
	for _, want := range []string{
		`fuyan_rpc_duration_seconds_count{outcome="unauthenticated",rpc="AccountService/SignIn"} 1`,
		`fuyan_rpc_duration_seconds_count{outcome="ok",rpc="PublicService/SearchReplies"} 1`,
		`fuyan_page_duration_seconds_count{outcome="200",page="GET /replies"} 1`,
		`fuyan_query_duration_seconds_count{query="UserByName"} 1`,
		`fuyan_pool_connections{pool="primary"}`, "fuyan_database_up 1", `fuyan_overdue{what="commitment"} 0`,
	} {
		if !strings.Contains(scraped, want) {
			t.Errorf("the scrape lacks %s:\n%s", want, scraped)
		}
	}
	if strings.Contains(scraped, "秘密") {
		t.Errorf("the scrape tells what was asked:\n%s", scraped)
	}
	cancel()
	must(t, <-ended)
	for parent, child := range map[string]string{
		"fuyan.v1.AccountService/SignIn": "UserByName", "GET /replies": "fuyan.v1.PublicService/SearchReplies", "sweep_notices": "begin",
	} {
		if got := c.under(parent); !slices.Contains(got, child) {
			t.Errorf("under the span %s are %q, want %s", parent, got, child)
		}
	}
	if !slices.Contains(c.paths, "/v1/metrics") {
		t.Errorf("no metrics were sent: %q", c.paths)
	}
	if said := fmt.Sprint(c.spans); strings.Contains(said, "秘密") || strings.Contains(said, "secret-password") || strings.Contains(said, "SELECT") {
		t.Errorf("the spans tell what was asked:\n%s", said)
	}
}

// TestNothingIsExported unless somebody asks for it.
func TestNothingIsExported(t *testing.T) {
	for _, c := range []struct {
		set             map[string]string
		traces, metrics bool
	}{
		{nil, false, false},
		{map[string]string{"OTEL_SERVICE_NAME": "x"}, false, false},
		{map[string]string{"OTEL_TRACES_EXPORTER": "none"}, false, false},
		{map[string]string{"OTEL_TRACES_EXPORTER": "console"}, true, false},
		{map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://localhost:1"}, true, false},
		{map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:1", "OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "console"}, false, true},
		{map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:1", "OTEL_SDK_DISABLED": "TRUE"}, false, false},
	} {
		t.Run(fmt.Sprint(c.set), func(t *testing.T) {
			for name, value := range c.set {
				t.Setenv(name, value)
			}
			got, _, err := exports(t.Context(), slog.New(slog.DiscardHandler))
			if err != nil || (got.Traces != nil) != c.traces || (got.Meters != nil) != c.metrics {
				t.Errorf("traces %v, metrics %v, %v", got.Traces != nil, got.Meters != nil, err)
			}
		})
	}
	t.Run("nonsense", func(t *testing.T) {
		t.Setenv("OTEL_TRACES_EXPORTER", "nonsense")
		if _, _, err := exports(t.Context(), slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "OTEL_TRACES_EXPORTER") {
			t.Errorf("error %v", err)
		}
	})
}
