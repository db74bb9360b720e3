package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connectinprocess"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/server/web"
)

// reads are the pages with the RPCs that they read.
var reads = map[string][]string{
	"/work":                         {"GetMe", "ListWork"},
	"/proposals":                    {"GetMe", "ListProposals", "ListSittings", "ListFilters", "ListUsers", "ListOrgans"},
	"/proposals/assign?proposal=12": {"GetMe", "ListProposals", "ListUsers"},
	"/proposals/new":                {"GetMe", "ListOrgans"},
	"/proposals/7":                  {"GetMe", "GetProposal", "GetReply", "ListCommitments", "ListEvents", "ListUsers", "ListOrgans"},
	"/proposals/7/draft":            {"GetMe", "GetProposal", "GetReply", "CheckDraft"},
	"/commitments":                  {"GetMe", "ListCommitments"},
	"/commitments/41":               {"GetMe", "GetCommitment", "GetReply", "ListUsers"},
	"/account":                      {"GetMe"},
	"/users":                        {"GetMe", "ListUsers", "ListOrgans"},
	"/organs":                       {"GetMe", "ListOrgans"},
	"/board":                        {"GetMe", "GetOverdueBoard", "ListOrgans"},
	"/board/commitments":            {"GetMe", "GetCommitmentBoard", "ListOrgans"},
	"/board/replies":                {"GetMe", "ListBoardItems", "ListOrgans"},
	"/jobs":                         {"GetMe", "ListJobs"},
}

// TestNoPageIsShownInPart fails each RPC of each page in turn.
func TestNoPageIsShownInPart(t *testing.T) {
	t.Parallel()
	for path, rpcs := range reads {
		for _, rpc := range rpcs {
			s := newSite(t)
			s.view.Moves = []*fuyanv1.Move{{Rpc: "AssignProposal", Label: "交办"}, {Rpc: "RequestOpinion", Label: "会办"}}
			s.commitment.Moves = []*fuyanv1.CommitmentMove{{Rpc: "ConfirmCommitment", Label: "确认"}}
			s.fail[rpc] = connect.NewError(connect.CodeInternal, "secret of the inside")
			w := s.get(path)
			call := "GET " + path + " when " + rpc + " fails"
			wantStatus(t, call, w, http.StatusInternalServerError)
			wantIn(t, call, w, "<h1>出了问题</h1>")
			if strings.Contains(w.Body.String(), "secret") || strings.Count(w.Body.String(), "<html") != 1 {
				t.Errorf("%s shows too much:\n%s", call, w.Body)
			}
			s.fail[rpc] = connect.NewError(connect.CodeUnauthenticated, "session ended")
			wantStatus(t, call+" for want of a session", s.get(path), http.StatusSeeOther)
		}
	}
}

// TestContextReachesTheRPCs is how the RPCs know who is signed in.
func TestContextReachesTheRPCs(t *testing.T) {
	t.Parallel()
	type key struct{}
	var got []any
	s := &service{me: office()}
	server := connect.NewServer(func(connect.ServerFunc) connect.ServerFunc {
		return func(ctx context.Context, _ connect.Spec, _ connect.ServerStream) error {
			got = append(got, ctx.Value(key{}))
			return connect.NewError(connect.CodeInternal, "stop")
		}
	})
	register(server, s)
	pages := web.New(connect.NewClient(connectinprocess.New(server)), slog.New(slog.DiscardHandler))
	r := httptest.NewRequest(http.MethodGet, "/proposals", nil)
	pages.ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithValue(r.Context(), key{}, "chenjing")))
	if len(got) == 0 || got[0] != "chenjing" {
		t.Errorf("RPCs saw %v; want the value of the request's context", got)
	}
}

func TestNavigation(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for path, here := range map[string]string{
		"/proposals": "提案建议", "/proposals/7": "提案建议", "/proposals/7/draft": "提案建议", "/proposals/new": "收件登记",
		"/commitments/41": "承诺事项", "/users": "用户", "/organs": "单位",
	} {
		w := s.get(path)
		wantIn(t, "GET "+path, w, ` aria-current="page">`+here+`</a>`)
		if n := strings.Count(w.Body.String(), `aria-current="page"`); n != 1 {
			t.Errorf("GET %s says %d times that it is here", path, n)
		}
	}
	for role, offered := range map[fuyanv1.Role][3]bool{ // receiving, users, organs
		fuyanv1.Role_ROLE_ADMIN:      {false, true, true},
		fuyanv1.Role_ROLE_OFFICE:     {true, false, true},
		fuyanv1.Role_ROLE_SUPERVISOR: {true, false, false},
		fuyanv1.Role_ROLE_HANDLER:    {false, false, false},
	} {
		s.me.Roles = []fuyanv1.Role{role}
		body := s.get("/account").Body.String()
		got := [3]bool{strings.Contains(body, `"/proposals/new"`), strings.Contains(body, `"/users"`), strings.Contains(body, `"/organs"`)}
		if got != offered {
			t.Errorf("%v is offered receiving, users, organs: %v; want %v", role, got, offered)
		}
	}
}

var labelled = regexp.MustCompile(`<(?:input|select|textarea)[^>]* id="([^"]+)"`)

func TestInputsHaveLabels(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for path := range reads {
		body := s.get(path).Body.String()
		for _, m := range labelled.FindAllStringSubmatch(body, -1) {
			if !strings.Contains(body, `for="`+m[1]+`"`) {
				t.Errorf("GET %s: the input %s has no label", path, m[1])
			}
			if strings.Count(body, `id="`+m[1]+`"`) != 1 {
				t.Errorf("GET %s: the id %s is not the only one", path, m[1])
			}
		}
		if strings.Contains(body, "<th>") {
			t.Errorf("GET %s has a th without scope", path)
		}
	}
}

// TestPagesOfTheEnd say what became of a request that ran out of time, or that
// there was no room for.
func TestPagesOfTheEnd(t *testing.T) {
	t.Parallel()
	for code, want := range map[connect.Code]struct {
		status int
		words  string
	}{
		connect.CodeDeadlineExceeded: {http.StatusGatewayTimeout, "没有在规定的时间内办完"},
		connect.CodeUnavailable:      {http.StatusServiceUnavailable, "系统繁忙或正在恢复"},
	} {
		s := newSite(t)
		s.fail["ListProposals"] = connect.NewError(code, "secret of the inside")
		w := s.get("/proposals")
		if w.Code != want.status {
			t.Errorf("%v is answered %d, want %d", code, w.Code, want.status)
		}
		wantIn(t, "GET /proposals", w, want.words)
	}
}
