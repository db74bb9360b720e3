package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

const everyFilter = "contains=%E7%A7%91%E6%8A%80&division=3&handler=2&kind=KIND_CPPCC_PROPOSAL&mine=yes&open=OPENNESS_NOT_PUBLISHED" +
	"&order=PROPOSAL_ORDER_NUMBER&organ=1&overdue=yes&result=RESULT_PLANNED&sitting=%E5%B8%82%E6%94%BF%E5%8D%8F-14-4&state=STATE_ISSUED"

func everything() *fuyanv1.ListProposalsRequest {
	return &fuyanv1.ListProposalsRequest{
		State: fuyanv1.State_STATE_ISSUED, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Overdue: true, Mine: true, Contains: "科技",
		Sitting: sitting(), OrganId: 1, DivisionId: 3, HandlerId: 2, Result: fuyanv1.Result_RESULT_PLANNED,
		Openness: fuyanv1.Openness_OPENNESS_NOT_PUBLISHED, Order: fuyanv1.ProposalOrder_PROPOSAL_ORDER_NUMBER,
	}
}

// TestFiltersStandInTheAddress: each is asked for, shown as chosen, and kept from
// page to page.
func TestFiltersStandInTheAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.next = "dG9rZW4"
	w := s.get("/proposals?" + everyFilter + "&page=x")
	want := everything()
	want.PageToken = "x"
	if diff := cmp.Diff(want, sent[*fuyanv1.ListProposalsRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	next := strings.ReplaceAll(strings.Replace(everyFilter, "&result=", "&page=dG9rZW4&result=", 1), "&", "&amp;")
	wantIn(t, "GET /proposals", w,
		`<option value="市政协-14-4" selected>`, `<option value="3" selected>科技服务处`, `<option value="2" selected>李伟`, `<option value="RESULT_PLANNED" selected>`,
		`<option value="OPENNESS_NOT_PUBLISHED" selected>`, `<option value="PROPOSAL_ORDER_NUMBER" selected>`, `<details class="further" open>`, next)
	for _, hidden := range []string{`"sitting"`, `"division"`} {
		if n := strings.Count(w.Body.String(), `name=`+hidden); n != 1 {
			t.Errorf("%d fields are called %s", n, hidden)
		}
	}
}

func TestUnknownFiltersAreRefusedOrLeftOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("/proposals?sitting=x&state=DROP&order=id;--&result=1&organ=y")
	got := sent[*fuyanv1.ListProposalsRequest](s.service)
	want := &fuyanv1.ListProposalsRequest{Sitting: &fuyanv1.Sitting{Body: "x"}, OrganId: -1} // which the RPC refuses
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
}

// TestChoicesAreThoseOfTheReader: who sees several organs chooses one; divisions
// and people are those of the house.
func TestChoicesAreThoseOfTheReader(t *testing.T) {
	t.Parallel()
	for role, want := range map[fuyanv1.Role][3]bool{ // organs, divisions, handlers
		fuyanv1.Role_ROLE_OFFICE:     {false, true, true},
		fuyanv1.Role_ROLE_HANDLER:    {false, true, true},
		fuyanv1.Role_ROLE_SUPERVISOR: {true, false, false},
		fuyanv1.Role_ROLE_DELEGATE:   {false, false, false},
	} {
		s := newSite(t)
		s.me.Roles = []fuyanv1.Role{role}
		if role == fuyanv1.Role_ROLE_DELEGATE {
			s.me.OrganId = 0
		}
		body := s.get("/proposals").Body.String()
		got := [3]bool{strings.Contains(body, `name="organ"`), strings.Contains(body, `name="division"`), strings.Contains(body, `name="handler"`)}
		if got != want {
			t.Errorf("%v chooses from organs, divisions, handlers: %v; want %v", role, got, want)
		}
	}
	s := newSite(t)
	s.me.Roles = []fuyanv1.Role{fuyanv1.Role_ROLE_SUPERVISOR}
	wantIn(t, "a supervisor's list of one organ", s.get("/proposals?organ=1"), `<option value="3">科技服务处`)
}

func TestKeptFiltersLeadToTheirLists(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.get("/proposals?kind=KIND_CPPCC_PROPOSAL&overdue=yes")
	wantIn(t, "GET /proposals", w,
		`<a href="/proposals?kind=KIND_CPPCC_PROPOSAL&amp;overdue=yes" aria-current="true">逾期的提案</a>`,
		`<a href="/proposals?sitting=%E5%B8%82%E6%94%BF%E5%8D%8F-14-4&amp;state=STATE_ACCEPTED">本届待交办</a>`,
		`action="/filters/DeleteFilter?kind=KIND_CPPCC_PROPOSAL&amp;overdue=yes"`, "删除“逾期的提案”")
	s.filters = nil
	if body := s.get("/proposals").Body.String(); strings.Contains(body, "SaveFilter") {
		t.Error("a list without filters offers to keep them")
	}
}

// TestFilterIsKeptAsItStands: what the address says, and what it does not know is
// left out; afterwards the list is the same.
func TestFilterIsKeptAsItStands(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.post("/filters/SaveFilter?"+everyFilter+"&page=x&evil=//evil.example", url.Values{"name": {" 常看 "}, "request_id": {"r1"}})
	wantStatus(t, "POST /filters/SaveFilter", w, http.StatusSeeOther)
	if got, want := w.Header().Get("Location"), "/proposals?"+strings.Replace(everyFilter, "&handler", "&done=SaveFilter&handler", 1); got != want {
		t.Errorf("goes to %s; want %s", got, want)
	}
	want := &fuyanv1.SaveFilterRequest{RequestId: "r1", Name: "常看", List: everything()}
	if diff := cmp.Diff(want, sent[*fuyanv1.SaveFilterRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	wantStatus(t, "POST /filters/DeleteFilter", s.post("/filters/DeleteFilter?mine=yes", url.Values{"filter_id": {"4"}}), http.StatusSeeOther)
	if got := sent[*fuyanv1.DeleteFilterRequest](s.service); got.FilterId != 4 {
		t.Errorf("deleted %v", got)
	}
	wantStatus(t, "POST /filters/AcceptProposal", s.post("/filters/AcceptProposal", nil), http.StatusNotFound)
}

func TestRefusedFilterKeepsItsName(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fail["SaveFilter"] = refused(connect.CodeAlreadyExists, "已有同名的筛选", &fuyanv1.Refusal{Reason: fuyanv1.Reason_REASON_CONFLICT})
	w := s.post("/filters/SaveFilter?mine=yes", url.Values{"name": {"我的"}, "form": {"SaveFilter"}})
	wantStatus(t, "POST /filters/SaveFilter", w, http.StatusConflict)
	wantIn(t, "the list again", w, "已有同名的筛选", `value="我的"`, `<details open>`, `name="mine" value="yes" checked`)
}
