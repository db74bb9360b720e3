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

// TestOnlyWhatIsAcceptedIsOffered: to the office, of its own organ.
func TestOnlyWhatIsAcceptedIsOffered(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.list = append(proposals(), accepted()...)
	s.list[5].Organ = "上海市知识产权局"
	body := s.get("/proposals?state=STATE_ACCEPTED").Body.String()
	if n := strings.Count(body, `name="proposal"`); n != 1 || !strings.Contains(body, `name="proposal" value="12"`) {
		t.Errorf("%d can be chosen, want only the accepted one of the organ", n)
	}
	s.me.Roles = []fuyanv1.Role{fuyanv1.Role_ROLE_HANDLER}
	if body := s.get("/proposals").Body.String(); strings.Contains(body, "/proposals/assign") {
		t.Error("a handler can choose proposals to give to handlers")
	}
}

// TestAssigningAsksFirst: with what was chosen, as it now stands.
func TestAssigningAsksFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.list = append(accepted(), proposal())
	w := s.get("/proposals/assign?proposal=13&proposal=12&proposal=12&proposal=x&query=state%3DSTATE_ACCEPTED%26evil%3D1")
	wantIn(t, "GET /proposals/assign", w, `value="12" checked`, `name="version_13" value="5"`, `value="7"><span`, `<option value="2">李伟`,
		`href="/proposals?state=STATE_ACCEPTED&amp;"`, "已编号")
	if diff := cmp.Diff([]int64{13, 12}, sent[*fuyanv1.ListProposalsRequest](s.service).ProposalIds); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	if sent[*fuyanv1.AssignProposalsRequest](s.service) != nil {
		t.Error("a GET assigns")
	}
	s.list = nil
	wantIn(t, "nothing chosen", s.get("/proposals/assign"), "没有选中", `href="/proposals?"`)
}

func chosenTwo() url.Values {
	return url.Values{
		"request_id": {"r1"}, "proposal": {"12", "13"}, "version_12": {"2"}, "version_13": {"5"}, "handler": {"2"}, "query": {"state=STATE_ACCEPTED"},
	}
}

func TestAssigningAll(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.list = accepted()
	s.outcomes = []*fuyanv1.AssignOutcome{{ProposalId: 12, Proposal: accepted()[0]}, {ProposalId: 13, Proposal: accepted()[1]}}
	w := s.post("/proposals/assign", chosenTwo())
	wantStatus(t, "POST /proposals/assign", w, http.StatusSeeOther)
	if got := w.Header().Get("Location"); got != "/proposals?state=STATE_ACCEPTED&done=AssignProposals" {
		t.Errorf("goes to %s", got)
	}
	want := &fuyanv1.AssignProposalsRequest{RequestId: "r1", HandlerId: 2, Proposals: []*fuyanv1.ProposalVersion{
		{ProposalId: 12, ExpectedVersion: 2}, {ProposalId: 13, ExpectedVersion: 5},
	}}
	if diff := cmp.Diff(want, sent[*fuyanv1.AssignProposalsRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	wantIn(t, "the list", s.get("/proposals?done=AssignProposals"), "选中的都已分办")
}

// TestWhatWasRefusedStays: with its reason, chosen again, and the handler kept.
func TestWhatWasRefusedStays(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.list = accepted()
	s.outcomes = []*fuyanv1.AssignOutcome{
		{ProposalId: 12, Proposal: accepted()[0]}, {ProposalId: 13, Message: "已被他人修改"}, {ProposalId: 14, Message: "未找到"},
	}
	w := s.post("/proposals/assign", chosenTwo())
	wantStatus(t, "POST /proposals/assign", w, http.StatusConflict)
	wantIn(t, "the outcome", w, "有 2 件没有分办", "已分办 1 件", "没有分办：已被他人修改", "没有分办：未找到", `name="proposal" value="13" checked`, `<option value="2" selected>`)
	if body := w.Body.String(); strings.Contains(body, `name="proposal" value="12"`) || strings.Contains(body, `value="r1"`) {
		t.Error("what was done can be chosen again, or with the same request")
	}
}

func TestRefusedAssigningKeepsWhatWasChosen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.list = accepted()
	s.fail["AssignProposals"] = refused(connect.CodeInvalidArgument, "字段 handler_id：应大于 0", &fuyanv1.Refusal{Field: "handler_id"})
	w := s.post("/proposals/assign", chosenTwo())
	wantStatus(t, "POST /proposals/assign", w, http.StatusBadRequest)
	wantIn(t, "the page again", w, "有一处需要改正", `name="proposal" value="12" checked`, `<option value="2" selected>`)
}
