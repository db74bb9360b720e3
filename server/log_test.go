package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"

	"fuyan/casework"
	"fuyan/postgres/postgrestest"
	"fuyan/server"
)

// get asks for a page as somebody, and with an id of the request.
func (s *site) get(t *testing.T, u casework.User, path, id string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if u.Name != "" {
		req.AddCookie(&http.Cookie{Name: "fuyan_session", Value: postgrestest.Token(u), Quoted: true})
	}
	if id != "" {
		req.Header.Set("X-Request-Id", id)
	}
	resp, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body) // its end comes after the line in the log
	if err != nil {
		t.Fatal(err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for brought, kept := range map[string]bool{
		"abcdef-0123_XYZ": true, "01234567": true, strings.Repeat("a", 64): true,
		"": false, "short": false, strings.Repeat("a", 65): false, `a" user=7 b="c`: false, "张三张三张三": false,
	} {
		got := s.get(t, casework.User{}, "/replies", brought).Header.Get("X-Request-Id")
		if (got == brought) != kept || got == "" {
			t.Errorf("a request that brings %q has the id %q", brought, got)
		}
		if !strings.Contains(s.log.String(), "request="+got) {
			t.Errorf("the log lacks the id %q:\n%s", got, s.log)
		}
	}
}

// TestOneLinePerRequest: a page has one, whatever it asks of RPCs, and names no
// more than the pattern of its address.
func TestOneLinePerRequest(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.receive(t, 1)
	s.log.Reset()
	for path, want := range map[string]string{
		"/proposals/" + p.ID + "?q=私事": "method=GET pattern=/proposals/{id} outcome=200 rpcs=",
		"/proposals/77777777":          "method=GET pattern=/proposals/{id} outcome=404",
		"/no/such/page/私事":             `method="" pattern=/ outcome=404`,
		"/fuyan.v1.ProposalService/私事": "outcome=404",
	} {
		s.log.Reset()
		s.get(t, s.Office, path, "")
		log := s.log.String()
		if strings.Count(log, "\n") != 1 || !strings.Contains(log, "msg=page user=") || !strings.Contains(log, want) || strings.Contains(log, "私事") {
			t.Errorf("GET %s: the log has no single line with %q:\n%s", path, want, log)
		}
		if strings.HasPrefix(path, "/proposals") && !strings.Contains(log, fmt.Sprintf("user=%d ", s.Office.ID)) {
			t.Errorf("GET %s: the log does not say who:\n%s", path, log)
		}
	}
}

func TestMethodsHaveVerbAndNoun(t *testing.T) {
	t.Parallel()
	for procedure, want := range map[string]string{
		"ProposalService/AssignProposal": "assign proposal", "ReplyService/SendBackReply": "send_back reply",
		"AccountService/SignIn": "sign_in account", "AccountService/SignOut": "sign_out account", "AccountService/GetMe": "get me",
		"ReplyService/TakeDownReply": "take_down reply", "NoticeService/MarkNoticeRead": "mark notice_read",
		"NoticeService/ListUpcomingNotices": "list upcoming_notices",
	} {
		if got := server.VerbAndNoun("/fuyan.v1." + procedure); got != want {
			t.Errorf("%s is %q, want %q", procedure, got, want)
		}
	}
}

// TestFailuresCanBeFound: the page of an internal error shows the id under which
// the log says why, and nothing of why.
func TestFailuresCanBeFound(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if _, err := s.tx.Exec(t.Context(), `ALTER TABLE sittings_of_nobody RENAME TO x`); err == nil {
		t.Fatal("there is such a table")
	}
	resp := s.get(t, s.Office, "/proposals", "the-request-of-this-test")
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusInternalServerError || !strings.Contains(body.String(), "the-request-of-this-test") || strings.Contains(body.String(), "25P02") {
		t.Errorf("the page says %d\n%s", resp.StatusCode, body.String())
	}
	if log := s.log.String(); !strings.Contains(log, `msg="rpc failed"`) || !strings.Contains(log, "request=the-request-of-this-test error=") {
		t.Errorf("the log does not say why:\n%s", log)
	}
}

// TestPagesThatPanic are answered, and logged once with where they did.
func TestPagesThatPanic(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := server.Serve(slog.New(slog.NewTextHandler(&log, nil)), http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oh") }))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), w.Header().Get("X-Request-Id")) {
		t.Errorf("answered %d %q", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "panic: oh") || !strings.Contains(log.String(), "log_test.go") || !strings.Contains(log.String(), "outcome=500") {
		t.Errorf("the log says\n%s", log.String())
	}
}

// TestErrorsOfTheEnd: a deadline that passed is told as such however the database
// puts it, and a database that is away as something to try again.
func TestErrorsOfTheEnd(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	for _, c := range []struct {
		ctx  context.Context
		err  error
		want connect.Code
	}{
		{ended, errors.New("canceling statement due to user request"), connect.CodeDeadlineExceeded},
		{ended, casework.ErrNotFound, connect.CodeNotFound},
		{t.Context(), fmt.Errorf("list: %w", &net.OpError{Op: "read", Err: errors.New("reset")}), connect.CodeUnavailable},
		{t.Context(), errors.New("else"), connect.CodeInternal},
	} {
		var log bytes.Buffer
		f := server.ReportErrors(slog.New(slog.NewTextHandler(&log, nil)))(returning(c.err))
		if err := f(c.ctx, connect.Spec{}, nil); connect.CodeOf(err) != c.want || c.want != connect.CodeNotFound && strings.Contains(err.Error(), c.err.Error()) {
			t.Errorf("%v is told as %v, want %v", c.err, err, c.want)
		}
	}
}

// TestTheLogTellsNothing does all that can be done with a proposal, by operations,
// RPCs and pages, with words that stand nowhere else, and looks for each of them
// in all that was logged.
func TestTheLogTellsNothing(t *testing.T) {
	t.Parallel()
	s, h := newSite(t), new(hoard)
	letter, _, _ := s.hide(t, h)
	title, name, password := h.of("案由"), h.of("姓名"), h.of("密码")
	s.call(t, s.Office, "ProposalService/ReceiveProposal", fmt.Sprintf(`{"requestId": "00000000-0000-4000-8000-00000000aaaa",
		"kind": "KIND_CPPCC_PROPOSAL", "title": %q, "text": %q, "handOverDay": "2026-02-10", "number": "0099",
		"sitting": {"body": "市政协", "term": 14, "session": 4}, "proposers": [{"name": %q, "phone": %q}]}`, title, h.of("原文"), name, h.of("电话")))
	s.call(t, casework.User{}, "AccountService/SignIn", fmt.Sprintf(`{"name": %q, "password": %q}`, name, password))
	s.call(t, s.Handler, "ReplyService/SaveDraft", fmt.Sprintf(`{"proposalId": %d, "text": %q}`, letter.id, h.of("稿")))
	s.call(t, s.Office, "ProposalService/ListProposals", fmt.Sprintf(`{"contains": %q}`, h.of("查找")))
	s.call(t, s.Office, "ProposalService/"+"Unknown", fmt.Sprintf(`{"x": %q}`, h.of("乱写")))
	for _, path := range []string{"/proposals?q=", "/replies?q=", "/proposals/", "/figures/", "/"} {
		s.get(t, s.Office, path+h.of("地址"), h.of("编号"))
	}
	for _, u := range []casework.User{s.Office, s.Handler, s.Leader, s.Delegate, s.Supervisor} {
		for _, path := range []string{"/work", "/board", "/mine", "/proposals", fmt.Sprintf("/proposals/%d", letter.id), "/commitments/export", "/notices", "/account"} {
			s.get(t, u, path, "")
		}
		h.secrets = append(h.secrets, postgrestest.Token(u))
	}
	s.Close() // once all lines are written
	log := s.log.String()
	if strings.Count(log, "msg=page") < 40 || strings.Count(log, "msg=rpc") < 3 {
		t.Fatalf("the log is short:\n%s", log)
	}
	for _, secret := range append(h.secrets, "127.0.0.1", "甲某", "实验室") {
		if strings.Contains(log, secret) {
			t.Errorf("the log tells %s:\n%s", secret, log)
		}
	}
}
