package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect/v2"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/server"
)

func TestBuckets(t *testing.T) {
	t.Parallel()
	b, at := server.NewBucket(2, 20), postgrestest.Now()
	for _, step := range []struct {
		user  int64
		after time.Duration
		want  int
	}{{1, 0, 20}, {2, 0, 20}, {1, 0, 0}, {1, time.Second, 2}, {1, 3 * time.Second, 4}, {2, 3 * time.Second, 6}, {1, time.Hour, 20}} {
		if got := b.Take(step.user, 30, at.Add(step.after)); got != step.want {
			t.Errorf("after %v user %d has %d tokens, want %d", step.after, step.user, got, step.want)
		}
	}
}

// TestBucketsAreForgotten: those who ask no more, and the eldest where there are
// too many.
func TestBucketsAreForgotten(t *testing.T) {
	t.Parallel()
	b, at := server.NewBucket(1, 10), postgrestest.Now()
	for user := range int64(300_000) {
		b.Take(user+1, 1, at)
	}
	if n := b.Known(); n > 100_000 || n < 50_000 {
		t.Errorf("%d are remembered", n)
	}
	for i := range 3 {
		b.Take(1, 1, at.Add(time.Duration(i+1)*11*time.Second))
	}
	if n := b.Known(); n > 2 { // it, and it as it was before
		t.Errorf("%d are remembered long after", n)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	for _, c := range []struct{ peer, forwarded, want string }{
		{"203.0.113.7:4000", "", "203.0.113.7"},
		{"203.0.113.7:4000", "198.51.100.1", "203.0.113.7"}, // no proxy of ours
		{"127.0.0.1:4000", "198.51.100.1", "198.51.100.1"},
		{"[::ffff:127.0.0.1]:4000", "198.51.100.1", "198.51.100.1"},
		{"10.1.1.1:4000", "192.0.2.9, 198.51.100.1, 10.2.2.2", "198.51.100.1"}, // 192.0.2.9 anybody can write
		{"10.1.1.1:4000", "nonsense", "invalid IP"},
		{"10.1.1.1:4000", "", "invalid IP"},
		{"10.1.1.1:4000", "10.3.3.3", "invalid IP"},
		{"[2001:db8:1:2:3:4:5:6]:4000", "", "2001:db8:1:2::"},
		{"pipe", "", "invalid IP"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := server.AddressOf(r, proxies...).String(); got != c.want {
			t.Errorf("from %s with %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}

// limited is the service with a rate, on the data of s.
func (s *site) limited(t *testing.T, rate int) *site {
	t.Helper()
	out := *s
	out.log = new(bytes.Buffer)
	out.Server = httptest.NewServer(server.New(s.db, server.Options{
		Log: slog.New(slog.NewTextHandler(out.log, nil)), Rate: rate, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	}))
	t.Cleanup(out.Close)
	return &out
}

// from asks from an address, by a page or an RPC, and returns the status, the text
// and when to try again.
func (s *site) from(t *testing.T, u casework.User, address, path, body string) (int, string, string) {
	t.Helper()
	method := http.MethodGet
	if body != "" {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Forwarded-For", address)
	req.Header.Set("Content-Type", "application/json")
	if u.Name != "" {
		req.Header.Set("Authorization", "Bearer "+postgrestest.Token(u))
		req.AddCookie(&http.Cookie{Name: "fuyan_session", Value: postgrestest.Token(u), Quoted: true})
	}
	resp, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text), resp.Header.Get("Retry-After")
}

// TestRates: one account, wherever it is, and one address where nobody is signed
// in, run out by themselves and leave the others alone.
func TestRates(t *testing.T) {
	t.Parallel()
	s := newSite(t).limited(t, 1) // ten at once
	const me, search = "/fuyan.v1.AccountService/GetMe", "/fuyan.v1.PublicService/SearchReplies"
	exhaust := func(u casework.User, address, path, body string) {
		t.Helper()
		for range 12 {
			status, text, after := s.from(t, u, address, path, body)
			if status == http.StatusOK {
				continue
			}
			if status != http.StatusTooManyRequests || !strings.Contains(text, "请求过多") || after != "1" {
				t.Errorf("%s: %d %q, after %q", path, status, text, after)
			}
			return
		}
		t.Errorf("%s was answered twelve times", path)
	}
	exhaust(s.Office, "203.0.113.1", me, "{}")
	exhaust(casework.User{}, "203.0.113.1", search, "{}")
	exhaust(s.Handler, "203.0.113.1", "/notices", "")
	for _, c := range []struct {
		u             casework.User
		address, path string
		body          string
		want          int
	}{
		{s.Office, "203.0.113.9", me, "{}", http.StatusTooManyRequests},
		{s.Office, "203.0.113.9", "/notices", "", http.StatusTooManyRequests},
		{s.Head, "203.0.113.1", me, "{}", http.StatusOK},
		{casework.User{}, "203.0.113.2", search, "{}", http.StatusOK},
		{casework.User{}, "203.0.113.1", "/replies", "", http.StatusTooManyRequests},
	} {
		if got, text, _ := s.from(t, c.u, c.address, c.path, c.body); got != c.want {
			t.Errorf("%s from %s: %d %q, want %d", c.path, c.address, got, text, c.want)
		}
	}
	if log := s.log.String(); !strings.Contains(log, "outcome=resource_exhausted") || !strings.Contains(log, "outcome=429") {
		t.Errorf("the log does not say it:\n%s", log)
	}
}

// TestSignInRates: attempts are fewer than requests, and by RPC and page are the
// same.
func TestSignInRates(t *testing.T) {
	t.Parallel()
	s := newSite(t).limited(t, 1000)
	refused, tries := 0, 0
	for ; refused == 0 && tries < 80; tries++ {
		status, text, _ := s.from(t, casework.User{}, "203.0.113.1", "/fuyan.v1.AccountService/SignIn", fmt.Sprintf(`{"name": "nobody%d", "password": "wrong"}`, tries))
		if status == http.StatusTooManyRequests && strings.Contains(text, "登录的次数过多") {
			refused++
		}
	}
	if tries < 60 || refused == 0 {
		t.Errorf("%d refused after %d attempts", refused, tries)
	}
	if status, text, _ := s.from(t, casework.User{}, "203.0.113.2", "/fuyan.v1.AccountService/SignIn", `{"name": "nobody", "password": "wrong"}`); status != http.StatusUnauthorized {
		t.Errorf("elsewhere: %d %s", status, text)
	}
}

// TestDeadlines: every request has one, an upload a longer one, and a client may
// ask for a shorter one.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]time.Duration{
		"/fuyan.v1.ProposalService/AssignProposal": 30 * time.Second, "/proposals/7": 30 * time.Second, "/nonsense": 30 * time.Second,
		"/fuyan.v1.CommitmentService/UploadFile": 150 * time.Second, "/commitments/7/ReportDone": 150 * time.Second,
		"/fuyan.v1.ReportService/GetFigures": 150 * time.Second, "/figures": 150 * time.Second,
	} {
		if got := server.Allowed(path); got != want {
			t.Errorf("%s may take %v, want %v", path, got, want)
		}
		var has time.Duration
		h := server.Serve(slog.New(slog.DiscardHandler), http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			ends, _ := r.Context().Deadline()
			has = time.Until(ends)
		}))
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, path, nil))
		if has > want || has < want-10*time.Second {
			t.Errorf("%s has %v left at the beginning, want %v", path, has, want)
		}
	}
}

// TestDeadlineOfAClient is kept where it is shorter.
func TestDeadlineOfAClient(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t) // the connection is lost with the statement
	d, err := postgres.New(pool, postgres.Options{Now: postgrestest.Now})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{People: postgrestest.NewPeople(t, pool), db: d, log: new(bytes.Buffer)}
	s.Server = httptest.NewServer(server.New(d, server.Options{Log: slog.New(slog.NewTextHandler(s.log, nil))}))
	t.Cleanup(s.Close)
	if _, err := pool.Exec(t.Context(), `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
		'BEGIN PERFORM pg_sleep(30); RETURN NEW; END'; CREATE TRIGGER slow BEFORE INSERT ON proposals EXECUTE FUNCTION slow()`); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/fuyan.v1.ProposalService/ReceiveProposal", strings.NewReader("{"+id(1)+", "+received+"}"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+postgrestest.Token(s.Office))
	req.Header.Set("Connect-Timeout-Ms", "200")
	if got := s.do(t, req); got.Code != "deadline_exceeded" || !strings.Contains(got.Message, "未能在限定时间内办完") {
		t.Errorf("after its deadline: %s %q", got.Code, got.Message)
	}
}

// A caller's stream, as far as a place needs one.
type stream struct{ connect.ServerStream }

func (stream) Receive(any) error { return nil }
func (stream) Send(any) error    { return nil }

// TestPlaces: so many calls may be under way; those that have not been read, or are
// being answered, are not among them.
func TestPlaces(t *testing.T) {
	t.Parallel()
	share := server.Share()
	var log strings.Builder
	report := server.ReportErrors(slog.New(slog.NewTextHandler(&log, nil)))
	entered, hold := make(chan bool), make(chan bool)
	call := func(f func(connect.ServerStream) error) error {
		return report(share(func(_ context.Context, _ connect.Spec, s connect.ServerStream) error { return f(s) }))(t.Context(), connect.Spec{}, stream{})
	}
	brief := func(s connect.ServerStream) error { return s.Receive(nil) }
	var calls sync.WaitGroup
	for range server.MostRunning {
		calls.Go(func() {
			if err := call(func(s connect.ServerStream) error {
				err := s.Receive(nil)
				entered <- true
				<-hold
				err = errors.Join(err, s.Send(nil))
				entered <- true
				<-hold // who reads the answer slowly
				return err
			}); err != nil {
				t.Errorf("a call that had a place: %v", err)
			}
		})
	}
	for range server.MostRunning {
		<-entered
	}
	if err := call(brief); connect.CodeOf(err) != connect.CodeUnavailable || !strings.Contains(err.Error(), "系统繁忙") {
		t.Errorf("one call too many: %v", err)
	}
	if err := call(func(connect.ServerStream) error { return nil }); err != nil {
		t.Errorf("a call that has not been read: %v", err)
	}
	for range server.MostRunning {
		hold <- true
	}
	for range server.MostRunning {
		<-entered
	}
	if err := call(brief); err != nil {
		t.Errorf("after all were answered: %v", err)
	}
	close(hold)
	calls.Wait()
	if log.Len() > 0 {
		t.Errorf("each call that is refused has one line, its own, and not\n%s", &log)
	}
}
