package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// send makes a request as a browser with this session does.
func (s *site) send(method, path, session string, values url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if session != "" {
		r.AddCookie(&http.Cookie{Name: "fuyan_session", Value: session})
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// A sentForm is a form of a page as a browser would send it.
type sentForm struct {
	method, action string
	values         url.Values
}

// formsOf reads the forms of a page, with what their inputs and textareas hold.
func formsOf(t *testing.T, page io.Reader) (out []sentForm) {
	t.Helper()
	root, err := html.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	var in *sentForm
	for n := range root.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "form":
			out = append(out, sentForm{attribute(n, "method"), attribute(n, "action"), url.Values{}})
			in = &out[len(out)-1]
		case n.Data == "input" && attribute(n, "name") != "":
			in.values.Add(attribute(n, "name"), attribute(n, "value"))
		case n.Data == "textarea" && n.FirstChild != nil:
			in.values.Add(attribute(n, "name"), strings.TrimPrefix(n.FirstChild.Data, "\n"))
		}
	}
	return out
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// to is the form of a page that is sent to an address.
func to(t *testing.T, w *httptest.ResponseRecorder, action string) sentForm {
	t.Helper()
	for _, f := range formsOf(t, strings.NewReader(w.Body.String())) {
		if f.action == action {
			return f
		}
	}
	t.Fatalf("no form is sent to %s in: %s", action, w.Body)
	return sentForm{}
}

func TestEveryPostCarriesTheTokenOfItsSession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.send(http.MethodGet, "/proposals/7", "one", nil)
	tokens := map[string]int{}
	for _, f := range formsOf(t, page.Body) {
		if f.method == "post" {
			tokens[f.values.Get("token")]++
		} else if f.values.Has("token") {
			t.Errorf("the form to %s shows its token in the address", f.action)
		}
	}
	if len(tokens) != 1 || tokens[""] > 0 {
		t.Errorf("the forms of one page have the tokens %v; want one", tokens)
	}
	other := s.send(http.MethodGet, "/proposals/7", "two", nil)
	if to(t, other, "/sign-out").values.Get("token") == to(t, s.send(http.MethodGet, "/proposals/7", "one", nil), "/sign-out").values.Get("token") {
		t.Error("two sessions have the same token")
	}
}

// TestFormIsKeptWhileNothingAnswers sends a form while the write, or already who is
// signed in, is out of reach: what was typed is shown and goes off by a button, as
// the same request.
func TestFormIsKeptWhileNothingAnswers(t *testing.T) {
	t.Parallel()
	for _, rpc := range []string{"SaveDraft", "GetMe"} {
		s := newSite(t)
		token := to(t, s.send(http.MethodGet, "/proposals/7", "mine", nil), "/sign-out").values.Get("token")
		typed := url.Values{"token": {token}, "text": {"第一行\n<b>第二行</b>"}, "request_id": {requestID}, "expected_version": {"4"}}
		s.fail[rpc] = connect.NewError(connect.CodeUnavailable, "secret")
		w := s.send(http.MethodPost, "/proposals/7/draft", "mine", typed)
		wantStatus(t, "POST without "+rpc, w, http.StatusServiceUnavailable)
		wantIn(t, "POST without "+rpc, w, "<h1>暂时无法访问</h1>", "正文：从称谓到致谢")
		delete(s.fail, rpc)
		again := to(t, w, "/proposals/7/draft")
		wantStatus(t, "POST again", s.send(http.MethodPost, again.action, "mine", again.values), http.StatusSeeOther)
		if got := sent[*fuyanv1.SaveDraftRequest](s.service); got.GetText() != typed.Get("text") || got.GetRequestId() != requestID {
			t.Errorf("sent again it saves %v", got)
		}
	}
}

// TestFormOfAnotherSessionIsShownFirst sends forms with the token of another
// session and with none: nothing is done, and what was typed can be sent again.
func TestFormOfAnotherSessionIsShownFirst(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", "stolen", to(t, newSite(t).send(http.MethodGet, "/proposals/7", "other", nil), "/sign-out").values.Get("token")} {
		s := newSite(t)
		typed := url.Values{"token": {token}, "text": {"第一行\n<b>第二行</b>"}, "request_id": {requestID}, "expected_version": {"4"}, "result": {"RESULT_ADOPTED"}}
		w := s.send(http.MethodPost, "/proposals/7/draft", "mine", typed)
		wantStatus(t, "POST", w, http.StatusForbidden)
		wantIn(t, "POST", w, "继续提交", "正文：从称谓到致谢")
		if got := sent[*fuyanv1.SaveDraftRequest](s.service); got != nil {
			t.Fatalf("with token %q the draft is saved: %v", token, got)
		}
		again := to(t, w, "/proposals/7/draft")
		w = s.send(http.MethodPost, again.action, "mine", again.values)
		wantStatus(t, "POST again", w, http.StatusSeeOther)
		got := sent[*fuyanv1.SaveDraftRequest](s.service)
		if got.GetText() != typed.Get("text") || got.GetExpectedVersion() != 4 || got.GetRequestId() != requestID || got.GetResult() != fuyanv1.Result_RESULT_ADOPTED {
			t.Errorf("sent again it saves %v", got)
		}
	}
}

// TestNothingTypedIsLostWhenTheSessionEnds goes from a form whose session is over
// through a wrong password to the same form, done.
func TestNothingTypedIsLostWhenTheSessionEnds(t *testing.T) {
	t.Parallel()
	s := drafting(t)
	typed := to(t, s.send(http.MethodGet, "/proposals/7/draft", "old", nil), "/proposals/7/draft").values
	typed.Set("text", "尊敬的委员：\n\n您提出的“快”字，<我们>收到了。")
	me := s.me
	s.me = nil
	w := s.send(http.MethodPost, "/proposals/7/draft", "old", typed)
	wantStatus(t, "POST without a session", w, http.StatusUnauthorized)
	signIn := to(t, w, "/sign-in")

	signIn.values.Set("name", "chenjing")
	signIn.values.Set("password", "wrong")
	w = s.send(http.MethodPost, "/sign-in", "", signIn.values)
	wantStatus(t, "POST with a wrong password", w, http.StatusUnauthorized)
	signIn = to(t, w, "/sign-in")

	signIn.values.Set("password", "right")
	w = s.send(http.MethodPost, "/sign-in", "", signIn.values)
	wantStatus(t, "POST with the right password", w, http.StatusOK)
	wantIn(t, "POST with the right password", w, me.DisplayName)
	session := w.Result().Cookies()[0].Value
	again := to(t, w, "/proposals/7/draft")
	delete(again.values, "token")
	delete(typed, "token")
	if diff := cmp.Diff(typed, again.values); diff != "" {
		t.Errorf("what was typed is not what is sent again (-typed +kept):\n%s", diff)
	}

	s.me = me
	w = s.send(http.MethodPost, "/proposals/7/draft", session, to(t, w, "/proposals/7/draft").values)
	wantStatus(t, "POST again", w, http.StatusSeeOther)
	if got := sent[*fuyanv1.SaveDraftRequest](s.service).GetText(); got != typed.Get("text") {
		t.Errorf("the draft saved is %q", got)
	}
}

// TestKeptFormsStayHere signs in with a form kept for another site.
func TestKeptFormsStayHere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.send(http.MethodPost, "/sign-in", "", url.Values{
		"name": {"chenjing"}, "password": {"right"}, "kept": {"//evil.example/x"}, "kept:text": {"words"},
	})
	wantStatus(t, "POST", w, http.StatusOK)
	if strings.Contains(w.Body.String(), "evil.example") {
		t.Error("the form leads to another site")
	}
}

// TestKeptFormsKeepTheirAddressAndNoPassword sends a form whose address says what
// it is about, and one with passwords.
func TestKeptFormsKeepTheirAddressAndNoPassword(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.send(http.MethodPost, "/filters/SaveFilter?state=STATE_ACCEPTED", "mine", url.Values{"name": {"我的"}})
	if again := to(t, w, "/filters/SaveFilter?state=STATE_ACCEPTED"); again.values.Get("name") != "我的" {
		t.Errorf("kept are %v", again.values)
	}
	w = s.send(http.MethodPost, "/account/ChangePassword", "mine", url.Values{"old_password": {"secret-one"}, "new_password": {"secret-two"}, "request_id": {requestID}})
	wantStatus(t, "POST", w, http.StatusForbidden)
	if strings.Contains(w.Body.String(), "secret-") {
		t.Error("a password is written into a page")
	}
}

// TestSignOutEndsEverySession signs out by a page of an older session, and in again
// beside one.
func TestSignOutEndsEverySession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if w := s.send(http.MethodPost, "/sign-out", "mine", url.Values{"token": {"old"}}); w.Header().Get("Location") != "/sign-in" {
		t.Errorf("signing out = %d to %q", w.Code, w.Header().Get("Location"))
	}
	w := s.send(http.MethodPost, "/sign-in", "mine", url.Values{"name": {"chenjing"}, "password": {"right"}, "next": {"/work"}})
	if w.Header().Get("Location") != "/work" {
		t.Errorf("signing in again = %d to %q", w.Code, w.Header().Get("Location"))
	}
}
