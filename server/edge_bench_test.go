package server_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/server"
)

// BenchmarkGetMe is a small call with everything on, without the network: two
// queries, a line in the log, a deadline, a rate, measures.
func BenchmarkGetMe(b *testing.B) {
	pool := postgrestest.New(b)
	d, err := postgres.New(pool, postgres.Options{Now: postgrestest.Now})
	if err != nil {
		b.Fatal(err)
	}
	people := postgrestest.NewPeople(b, pool)
	h := server.New(d, server.Options{Log: slog.New(slog.NewJSONHandler(io.Discard, nil)), Rate: 1 << 30})
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/fuyan.v1.AccountService/GetMe", strings.NewReader("{}"))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+postgrestest.Token(people.Office))
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}

// BenchmarkEdge is what stands around a request and asks no database.
func BenchmarkEdge(b *testing.B) {
	h := server.Serve(slog.New(slog.NewJSONHandler(io.Discard, nil)), http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}
