package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connectinprocess"

	"fuyan/server/web"
)

// site is the pages in front of a service that remembers what it was asked.
type site struct {
	*service
	http.Handler
}

// newSite returns the pages as a clerk of the office and administrator sees them.
func newSite(t *testing.T) *site {
	t.Helper()
	s := &service{
		me: office(), unread: 2, view: view(), list: proposals(), reply: reply(), feedback: feedback(), users: users(), fail: map[string]error{},
		commitment: commitment(), commitments: commitments(), board: board(), overdue: overdueBoard(), items: boardItems(), jobs: jobs(), followed: followed(), check: check(), reading: reading(),
		imported: imported(), importRows: importRows(),
		work: workItems(), counts: workCounts(), filters: keptFilters(),
	}
	return &site{s, web.NewAt(connect.NewClient(connectinprocess.New(s.server())), now)}
}

func (s *site) get(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func (s *site) post(path string, values url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// wantStatus fails the test when an answer has another status.
func wantStatus(t *testing.T, call string, w *httptest.ResponseRecorder, want int) {
	t.Helper()
	if w.Code != want {
		t.Fatalf("%s = %d %s; want %d\n%s", call, w.Code, w.Header().Get("Location"), want, w.Body)
	}
}

// wantIn fails the test when a page lacks one of the texts.
func wantIn(t *testing.T, call string, w *httptest.ResponseRecorder, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(w.Body.String(), text) {
			t.Errorf("%s lacks %q:\n%s", call, text, w.Body)
		}
	}
}

func TestEveryPageIsStrict(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/sign-in", "/work", "/proposals", "/proposals/assign?proposal=12", "/proposals/new", "/proposals/7", "/proposals/7/draft", "/commitments", "/commitments/41", "/board", "/deadlines/51", "/due", "/calendar", "/rules", "/notices", "/notices/upcoming", "/ladders", "/figures", "/figures/answered", "/account", "/users", "/organs", "/imports", "/imports/5", "/nowhere"} {
		w := s.get(path)
		want := map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options":  "nosniff",
			"Referrer-Policy":         "same-origin",
			"Cache-Control":           "no-store",
			"Content-Type":            "text/html; charset=utf-8",
		}
		for name, value := range want {
			if got := w.Header().Get(name); got != value {
				t.Errorf("GET %s: %s = %q; want %q", path, name, got, value)
			}
		}
		if n := strings.Count(w.Body.String(), "<script"); n != 1 || !strings.Contains(w.Body.String(), `<script src="/assets/script.js?v=`) {
			t.Errorf("GET %s has %d scripts; want the one of ours", path, n)
		}
		for _, never := range []string{"style=", "onclick", "http://", "https://"} {
			if strings.Contains(w.Body.String(), never) {
				t.Errorf("GET %s contains %q", path, never)
			}
		}
		if n := strings.Count(w.Body.String(), "<h1"); n != 1 {
			t.Errorf("GET %s has %d h1; want 1", path, n)
		}
	}
}

func TestErrorsBecomePages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code   connect.Code
		status int
		text   string
	}{
		{connect.CodeNotFound, http.StatusNotFound, "没有找到"},
		{connect.CodePermissionDenied, http.StatusForbidden, "没有权限"},
		{connect.CodeInvalidArgument, http.StatusBadRequest, "有误"},
		{connect.CodeFailedPrecondition, http.StatusConflict, "现在不能这样办"},
		{connect.CodeUnavailable, http.StatusServiceUnavailable, "暂时无法访问"},
		{connect.CodeDeadlineExceeded, http.StatusGatewayTimeout, "用时过长"},
		{connect.CodeInternal, http.StatusInternalServerError, "出了问题"},
		{connect.CodeUnknown, http.StatusInternalServerError, "出了问题"},
	} {
		s := newSite(t)
		s.fail["GetProposal"] = connect.NewError(test.code, "secret of the inside")
		w := s.get("/proposals/7")
		if w.Code != test.status {
			t.Errorf("GET /proposals/7 when the RPC says %v = %d; want %d", test.code, w.Code, test.status)
		}
		wantIn(t, "GET /proposals/7", w, test.text, "陈静")
		if strings.Contains(w.Body.String(), "secret of the inside") {
			t.Errorf("the page of %v shows the error's text", test.code)
		}
	}
}

func TestUnknownPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/nowhere", "/proposals/x", "/proposals/-1", "/proposals/99999999999999999999", "/commitments/0", "/assets/other.css"} {
		wantStatus(t, "GET "+path, s.get(path), http.StatusNotFound)
	}
	for _, path := range []string{"/proposals/7/DeleteEverything", "/proposals/7/ReportDone", "/commitments/41/AcceptProposal", "/account/CreateUser", "/proposals/7/SaveDraft"} {
		wantStatus(t, "POST "+path, s.post(path, nil), http.StatusNotFound)
	}
	s.me = nil
	wantStatus(t, "GET /nowhere, signed out", s.get("/nowhere"), http.StatusNotFound)
}

func TestOtherSitesCannotPost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		r := httptest.NewRequest(http.MethodPost, "/proposals/7/SubmitReply", nil)
		r.Header.Set(name, value)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		wantStatus(t, "POST with "+name+": "+value, w, http.StatusForbidden)
		wantIn(t, "the refusal", w, "这份表单来自别的网站")
	}
	if len(s.requests) > 2 { // GetMe for the layout of each page
		t.Errorf("requests after refused posts: %v", s.requests)
	}
}

func TestLongBodiesAreRefused(t *testing.T) {
	t.Parallel()
	w := newSite(t).post("/proposals/7/draft", url.Values{"text": {strings.Repeat("a", 1<<20)}})
	wantStatus(t, "POST of more than 1 MiB", w, http.StatusRequestEntityTooLarge)
	wantIn(t, "the refusal", w, "内容过长")
}

func TestAssets(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for before, contentType := range map[string]string{
		`<link rel="stylesheet" href="`: "text/css; charset=utf-8", `<script src="`: "text/javascript; charset=utf-8",
	} {
		_, address, _ := strings.Cut(s.get("/sign-in").Body.String(), before)
		address, _, _ = strings.Cut(address, `"`)
		w := s.get(address)
		wantStatus(t, "GET "+address, w, http.StatusOK)
		if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("Cache-Control of %s = %q", address, got)
		}
		if got := w.Header().Get("Content-Type"); got != contentType {
			t.Errorf("Content-Type of %s = %q; want %q", address, got, contentType)
		}
		path, _, _ := strings.Cut(address, "?")
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("If-None-Match", w.Header().Get("ETag"))
		again := httptest.NewRecorder()
		s.ServeHTTP(again, r)
		wantStatus(t, "GET of "+path+", already there", again, http.StatusNotModified)
	}
}
