package server_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/server"
)

// A counted connection counts what it is asked.
type counted struct {
	postgrestest.Standby
	asked atomic.Int64
}

func (c *counted) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	c.asked.Add(1)
	return c.Standby.Exec(ctx, sql, args...)
}

func (c *counted) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	c.asked.Add(1)
	return c.Standby.Query(ctx, sql, args...)
}

func (c *counted) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	c.asked.Add(1)
	return c.Standby.QueryRow(ctx, sql, args...)
}

func (c *counted) Begin(ctx context.Context) (pgx.Tx, error) {
	c.asked.Add(1)
	return c.Standby.Begin(ctx)
}

// follow gives the site a standby that has everything.
func (s *site) follow(t *testing.T) *counted {
	t.Helper()
	c := &counted{Standby: postgrestest.NewStandby(t)}
	d, err := postgres.New(s.tx, postgres.Options{Now: postgrestest.Now, Files: s.files, Standby: c})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.CheckStandby(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewServer(server.New(d, server.Options{Log: slog.New(slog.NewTextHandler(s.log, nil))}))
	t.Cleanup(s.Close)
	c.asked.Store(0)
	return c
}

// TestOnlyThePublicReadsStandby calls every RPC as everybody.
func TestOnlyThePublicReadsStandby(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	standby := s.follow(t)
	for i, m := range methods {
		if m.name == "AccountService/SignOut" {
			continue // nobody would be signed in for the others
		}
		for j, u := range []casework.User{s.Admin, s.Office, s.Head, s.Handler, s.Supervisor, s.Delegate, {}} {
			id := fmt.Sprintf(`"requestId": "00000000-0000-4000-8000-%012d"`, 10*i+j)
			s.call(t, u, m.name, strings.Replace(m.request, "#", id, 1))
			got, want := standby.asked.Swap(0) > 0, u.Name == "" && strings.HasPrefix(m.name, "PublicService/")
			if got != want {
				t.Errorf("%s as %v: asked the standby %v, want %v", m.name, u.Roles, got, want)
			}
		}
	}
}

// TestPagesReadStandby asks it for each public page of a reader who is not signed
// in.
func TestPagesReadStandby(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	standby := s.follow(t)
	for _, path := range []string{"/", "/replies", "/replies?q=实验", "/replies/7", "/replies/text/7", "/replies/years/2026", "/replies/feed", "/sitemap.xml"} {
		resp, err := http.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.StatusCode >= http.StatusInternalServerError {
			t.Errorf("%s: %s, %v", path, resp.Status, err)
		}
		if standby.asked.Swap(0) == 0 {
			t.Errorf("%s did not ask the standby", path)
		}
	}
}
