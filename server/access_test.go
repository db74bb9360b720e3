package server_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/server"
)

// services are the services by name.
func services() map[string]protoreflect.ServiceDescriptor {
	out := map[string]protoreflect.ServiceDescriptor{}
	for _, file := range []protoreflect.FileDescriptor{
		fuyanv1.File_fuyan_v1_account_service_proto, fuyanv1.File_fuyan_v1_proposal_service_proto,
		fuyanv1.File_fuyan_v1_reply_service_proto, fuyanv1.File_fuyan_v1_commitment_service_proto,
		fuyanv1.File_fuyan_v1_feedback_service_proto, fuyanv1.File_fuyan_v1_calendar_service_proto,
		fuyanv1.File_fuyan_v1_notice_service_proto,
		fuyanv1.File_fuyan_v1_import_service_proto,
		fuyanv1.File_fuyan_v1_report_service_proto,
		fuyanv1.File_fuyan_v1_board_service_proto, fuyanv1.File_fuyan_v1_job_service_proto, fuyanv1.File_fuyan_v1_follow_service_proto,
		fuyanv1.File_fuyan_v1_public_service_proto,
		fuyanv1.File_fuyan_v1_work_service_proto, fuyanv1.File_fuyan_v1_filter_service_proto,
	} {
		service := file.Services().Get(0)
		out[string(service.Name())] = service
	}
	return out
}

// accesses returns the access option of every method, "" for none, in the words
// of methods.
func accesses() map[string]string {
	out := map[string]string{}
	for _, service := range services() {
		for i := range service.Methods().Len() {
			m := service.Methods().Get(i)
			out[string(service.Name()+"/"+m.Name())] = words(proto.GetExtension(m.Options(), fuyanv1.E_Access).(*fuyanv1.Access))
		}
	}
	return out
}

func words(a *fuyanv1.Access) string {
	switch {
	case a.GetAnyone():
		return "anyone"
	case a.GetSignedIn():
		return "signed in"
	}
	var list []string
	for _, r := range a.GetRoles() {
		list = append(list, strings.ToLower(strings.TrimPrefix(r.String(), "ROLE_")))
	}
	return sorted(list)
}

func sorted(list []string) string {
	slices.Sort(list)
	return strings.Join(list, " ")
}

func TestEveryMethodSaysWhoMayCall(t *testing.T) {
	t.Parallel()
	got := accesses()
	for method, access := range got {
		if access == "" {
			t.Errorf("%s has no access option", method)
		}
	}
	for _, m := range methods {
		want := m.roles
		if want != "signed in" {
			want = sorted(strings.Fields(want))
		}
		if got[m.name] != want {
			t.Errorf("%s: proto says %q, want %q", m.name, got[m.name], want)
		}
		delete(got, m.name)
	}
	for method := range got {
		t.Errorf("%s is not in methods", method)
	}
}

func TestProtoAndCaseworkNameTheSameRoles(t *testing.T) {
	t.Parallel()
	byRPC := map[string]string{}
	for method, access := range accesses() {
		_, rpc, _ := strings.Cut(method, "/")
		byRPC[rpc] = access
	}
	check := func(rpc string, roles []casework.Role) {
		var list []string
		for _, r := range roles {
			list = append(list, string(r))
		}
		if want := sorted(list); rpc != "" && byRPC[rpc] != want {
			t.Errorf("%s: proto says %q, casework %q", rpc, byRPC[rpc], want)
		}
	}
	for _, a := range casework.Acts {
		check(a.RPC, a.Roles)
	}
	for _, a := range casework.CommitmentActs {
		check(a.RPC, a.Roles)
	}
}

// TestRolesOverHTTP calls every RPC as every role and as nobody.
func TestRolesOverHTTP(t *testing.T) {
	t.Parallel()
	for _, m := range methods {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			_, err := s.db.CreateUser(t.Context(), postgres.Call{User: s.Admin}, postgres.NewUser{
				Name: "someone", DisplayName: "某人", Password: "a-long-password", Roles: []casework.Role{casework.Delegate},
			})
			if err != nil {
				t.Fatal(err)
			}
			for i, u := range []casework.User{s.Admin, s.Office, s.Head, s.Handler, s.Supervisor, s.Delegate, {}} {
				id := fmt.Sprintf(`"requestId": "00000000-0000-4000-8000-%012d"`, i)
				got := s.call(t, u, m.name, strings.Replace(m.request, "#", id, 1))
				if want := expected(m.roles, u); want != letIn(got.Code) {
					t.Errorf("as %v: %s %q, want it %s", u.Roles, got.Code, got.Message, want)
				}
				if got.Code == "internal" || got.Code == "unknown" || got.Code == "invalid_argument" && got.refusal(t).Field == "" {
					t.Errorf("as %v: %s %q", u.Roles, got.Code, got.Message)
				}
			}
		})
	}
}

func letIn(code string) string {
	if code == "unauthenticated" || code == "permission_denied" {
		return code
	}
	return "let in"
}

func expected(roles string, u casework.User) string {
	switch {
	case roles == "anyone":
		return "let in"
	case u.Name == "":
		return "unauthenticated"
	case roles == "signed in", slices.Contains(strings.Fields(roles), string(u.Roles[0])):
		return "let in"
	}
	return "permission_denied"
}

func TestAccessRefusalsCarryTheirReason(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if got := s.call(t, casework.User{}, "AccountService/GetMe", `{}`).refusal(t).Reason; got != fuyanv1.Reason_REASON_UNAUTHENTICATED {
		t.Errorf("GetMe as nobody: %v", got)
	}
	got := s.call(t, s.Delegate, "AccountService/ListUsers", `{}`)
	if r := got.refusal(t).Reason; r != fuyanv1.Reason_REASON_FORBIDDEN || got.Message != "无权执行此操作" {
		t.Errorf("ListUsers as a delegate: %v %q", r, got.Message)
	}
}

// TestAccessComesFirst: who may not call learns nothing about the request.
func TestAccessComesFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if got := s.call(t, s.Delegate, "AccountService/CreateUser", `{"name": "?"}`); got.Code != "permission_denied" {
		t.Errorf("a bad request of somebody who may not call: %s", got.Code)
	}
}

func TestMethodWithoutAccessOptionIsRefused(t *testing.T) {
	t.Parallel()
	called := false
	next := func(context.Context, connect.Spec, connect.ServerStream) error {
		called = true
		return nil
	}
	for _, schema := range []any{nil, "not a method", (&fuyanv1.User{}).ProtoReflect().Descriptor()} {
		spec := connect.Spec{Procedure: "/fuyan.v1.AccountService/GetMe", Schema: schema}
		if err := server.CheckAccess(spec, next)(t.Context(), spec, nil); !errors.Is(err, casework.ErrForbidden) || called {
			t.Errorf("schema %v: %v, called: %v", schema, err, called)
		}
	}
}

// TestCookieIsForPages: what a browser sends by itself opens pages, which have
// protection against other sites, and never an RPC.
func TestCookieIsForPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	cookie := &http.Cookie{Name: "fuyan_session", Value: postgrestest.Token(s.Office), Quoted: true}
	rpc, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/fuyan.v1.AccountService/GetMe", strings.NewReader("{}"))
	rpc.Header.Set("Content-Type", "application/json")
	rpc.AddCookie(cookie)
	if got := s.do(t, rpc); got.Code != "unauthenticated" {
		t.Errorf("GetMe with a cookie: %q %s", got.Code, got.body)
	}
	get, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/fuyan.v1.AccountService/GetMe?encoding=json&connect=v1&message=%7B%7D", nil)
	get.AddCookie(cookie)
	if got := s.do(t, get); got.Code != "unauthenticated" {
		t.Errorf("GET GetMe with a cookie: %q %s", got.Code, got.body)
	}

	page := func(c *http.Cookie) int {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/proposals", nil)
		if c != nil {
			req.AddCookie(c)
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	for _, test := range []struct {
		cookie *http.Cookie
		want   int
	}{
		{cookie, http.StatusOK},
		{nil, http.StatusSeeOther},
		{&http.Cookie{Name: "fuyan_session", Value: "unknown"}, http.StatusSeeOther},
	} {
		if got := page(test.cookie); got != test.want {
			t.Errorf("GET /proposals with %v = %d, want %d", test.cookie, got, test.want)
		}
	}
}
