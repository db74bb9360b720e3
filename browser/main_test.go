// Package browser_test uses the whole service as people do: with a browser, with
// and without JavaScript, on a desk and on a telephone, with a mouse and by the
// keyboard alone.
package browser_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"gocloud.dev/blob/memblob"

	"fuyan/migrations"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/seeds"
	"fuyan/server"
	"fuyan/worker"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

// A site is the service with the demo data and its jobs at work.
type site struct {
	*httptest.Server
	db   *postgres.DB
	pool *pgxpool.Pool
	// signedIn are the browsers of people, by account; they keep nothing but the
	// session.
	mu       sync.Mutex
	signedIn map[string]*http.Client
}

// seeded are databases with the demo data.
var seeded = postgrestest.Template(func(ctx context.Context, pool *pgxpool.Pool) error {
	if err := migrations.Up(ctx, pool); err != nil {
		return err
	}
	return seeds.Load(ctx, pool, time.Now)
})

func newSite(t testing.TB) *site {
	t.Helper()
	pool := seeded(t)
	files := memblob.OpenBucket(nil)
	d, err := postgres.New(pool, postgres.Options{Now: time.Now, Files: files})
	must(t, err)
	quiet := slog.New(slog.DiscardHandler)
	mail, err := worker.NewFolder(t.TempDir(), "fuyan@example.cn")
	must(t, err)
	jobs, err := worker.New(pool, d, worker.Options{Log: quiet, Mail: mail})
	must(t, err)
	must(t, jobs.Start(context.WithoutCancel(t.Context())))
	s := &site{Server: httptest.NewServer(server.New(d, server.Options{Log: quiet})), db: d, pool: pool, signedIn: map[string]*http.Client{}}
	t.Cleanup(func() {
		s.Close()
		must(t, jobs.Stop(context.WithoutCancel(t.Context())))
	})
	return s
}

// as is a client of somebody who is signed in, or of nobody. It follows no
// redirect.
func (s *site) as(t testing.TB, account string) *http.Client {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.signedIn[account]; ok {
		return c
	}
	jar, err := cookiejar.New(nil)
	must(t, err)
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if account != nobody {
		resp, err := c.PostForm(s.URL+"/sign-in", url.Values{"name": {account}, "password": {seeds.Password}})
		must(t, err)
		must(t, resp.Body.Close())
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s signs in: %s", account, resp.Status)
		}
	}
	s.signedIn[account] = c
	return c
}

// session is the cookie of somebody who is signed in.
func (s *site) session(t *testing.T, account string) *http.Cookie {
	t.Helper()
	at, err := url.Parse(s.URL)
	must(t, err)
	return s.as(t, account).Jar.Cookies(at)[0]
}

// nobody is the account of who is not signed in.
const nobody = ""

// get asks for an address as somebody.
func (s *site) get(t testing.TB, account, address string) (*http.Response, string) {
	t.Helper()
	resp, err := s.as(t, account).Get(s.URL + address)
	must(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp, string(body)
}

func isPage(resp *http.Response) bool {
	return resp.StatusCode == http.StatusOK && strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html")
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
