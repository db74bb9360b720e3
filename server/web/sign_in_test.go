package web_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect/v2"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/server/web"
)

func TestSignInIsAskedForAndLeadsBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.me = nil
	wantStatus(t, "GET /", s.get("/"), http.StatusOK)
	for path, next := range map[string]string{
		"/proposals?state=STATE_DRAFTING": "%2Fproposals%3Fstate%3DSTATE_DRAFTING",
		"/commitments/41":                 "%2Fcommitments%2F41",
	} {
		w := s.get(path)
		wantStatus(t, "GET "+path, w, http.StatusSeeOther)
		if got := w.Header().Get("Location"); got != "/sign-in?next="+next {
			t.Errorf("GET %s leads to %s", path, got)
		}
	}
	w := s.post("/sign-in", url.Values{"name": {"chenjing"}, "password": {"right"}, "next": {"/proposals?overdue=yes"}})
	wantStatus(t, "POST /sign-in", w, http.StatusSeeOther)
	if got := w.Header().Get("Location"); got != "/proposals?overdue=yes" {
		t.Errorf("POST /sign-in leads to %s", got)
	}
	s.me = office()
	if w := s.get("/"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/work" {
		t.Errorf("GET / when signed in = %d %s", w.Code, w.Header().Get("Location"))
	}
}

// TestSessionEndsInTheMiddle sends an empty form without a session: afterwards the
// page that it stood on is shown, and not the address that it was sent to.
func TestSessionEndsInTheMiddle(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.me = nil
	for referer, next := range map[string]string{
		"http://example.com/proposals/7?round=1": "/proposals/7?round=1",
		"http://evil.example/x":                  "/",
		"":                                       "/",
	} {
		r := httptest.NewRequest(http.MethodPost, "/proposals/7/SubmitReply", nil)
		r.Header.Set("Referer", referer)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		wantStatus(t, "POST from "+referer, w, http.StatusUnauthorized)
		if got := to(t, w, "/sign-in").values.Get("next"); got != next {
			t.Errorf("POST from %q leads back to %s, want %s", referer, got, next)
		}
	}
}

func TestSessionCookie(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		s := newSite(t)
		r := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader("name=chenjing&password=right"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.TLS = nil
		if secure {
			r.TLS = &tls.ConnectionState{}
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		c := w.Result().Cookies()[0]
		if c.Name != "fuyan_session" || c.Value != "token-1" || c.Path != "/" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode ||
			c.Secure != secure || !c.Expires.Equal(now().Add(time.Hour)) {
			t.Errorf("with TLS %v the cookie is %v", secure, c)
		}
	}
}

func TestSignInRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.me = nil
	w := s.post("/sign-in", url.Values{"name": {"chen<jing"}, "password": {"wrong-password"}, "next": {"/commitments"}})
	wantStatus(t, "POST /sign-in", w, http.StatusUnauthorized)
	wantIn(t, "POST /sign-in", w, "登录名或密码不对", `value="chen&lt;jing"`, `name="next" value="/commitments"`)
	if strings.Contains(w.Body.String(), "wrong-password") || len(w.Result().Cookies()) > 0 {
		t.Errorf("a refused sign-in shows the password or sets a cookie:\n%s", w.Body)
	}
	s.fail["SignIn"] = connect.NewError(connect.CodeResourceExhausted, "slow down")
	wantStatus(t, "POST /sign-in too often", s.post("/sign-in", nil), http.StatusTooManyRequests)
	s.fail["SignIn"] = connect.NewError(connect.CodeInternal, "boom")
	wantStatus(t, "POST /sign-in that breaks", s.post("/sign-in", nil), http.StatusInternalServerError)
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.post("/sign-out", nil)
	if c := w.Result().Cookies(); w.Code != http.StatusSeeOther || len(c) != 1 || c[0].MaxAge >= 0 || c[0].Value != "" {
		t.Errorf("POST /sign-out = %d with cookies %v", w.Code, c)
	}
	if sent[*fuyanv1.SignOutRequest](s.service) == nil {
		t.Error("POST /sign-out did not end the session")
	}
	s.fail["SignOut"] = connect.NewError(connect.CodeUnauthenticated, "no session")
	wantStatus(t, "POST /sign-out without a session", s.post("/sign-out", nil), http.StatusSeeOther)
}

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{
		"/proposals/7?round=1#reply": "/proposals/7?round=1#reply",
		"/":                          "/",
		"":                           "/",
		"//evil":                     "/",
		"///evil":                    "/",
		`/\evil`:                     "/",
		"/\t/evil":                   "/",
		"\n//evil":                   "/",
		"https://evil":               "/",
		"javascript:alert(1)":        "/",
		"evil":                       "/",
		"/%zz":                       "/",
	} {
		if got := web.LocalPath(next); got != want {
			t.Errorf("LocalPath(%q) = %q; want %q", next, got, want)
		}
	}
}
