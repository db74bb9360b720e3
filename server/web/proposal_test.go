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

func TestListFilters(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.next = "t&2"
	w := s.get("/proposals?state=STATE_DRAFTING&kind=KIND_NPC_SUGGESTION&overdue=yes&mine=yes&contains=+%E7%A7%91%E6%8A%80+&page=t1")
	want := &fuyanv1.ListProposalsRequest{
		State: fuyanv1.State_STATE_DRAFTING, Kind: fuyanv1.Kind_KIND_NPC_SUGGESTION,
		Overdue: true, Mine: true, Contains: "科技", PageToken: "t1",
	}
	if diff := cmp.Diff(want, sent[*fuyanv1.ListProposalsRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("the filters ask for (-want +got):\n%s", diff)
	}
	wantIn(t, "the list", w,
		`<option value="STATE_DRAFTING" selected>拟稿`, `value="科技"`, `name="overdue" value="yes" checked`,
		`/proposals?contains=`, `page=t%262`, "回到第一页", "下一页")

	s.get("/proposals?state=NONSENSE")
	if got := sent[*fuyanv1.ListProposalsRequest](s.service); got.State != 0 {
		t.Errorf("a state that is none asks for %v", got.State)
	}
}

func TestListShowsWhatIsDue(t *testing.T) {
	t.Parallel()
	wantIn(t, "the list", newSite(t).get("/proposals"),
		`<span class="due late"><time datetime="2026-05-16">2026年5月16日</time> <span class="left">逾期 3 个工作日</span>`,
		`<span class="due soon"><time datetime="2026-05-26">2026年5月26日</time> <span class="left">还有 4 个工作日</span>`,
		`<span class="due "><time datetime="2026-08-10">2026年8月10日</time> <span class="left">还有 57 个工作日</span>`,
		`<span class="due "><time datetime="2026-05-26">2026年5月26日</time></span>`, // its letter is issued
		"市政协十四届四次会议", "市十六届人大闭会期间", "关于规范 &lt;script&gt; 类网络脚本")
}

func TestEmptyLists(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.list, s.commitments = nil, nil
	wantIn(t, "the empty list", s.get("/proposals"), "还没有提案建议", `href="/proposals/new"`)
	wantIn(t, "the filtered list", s.get("/proposals?mine=yes"), "没有符合条件")
	wantIn(t, "no commitments", s.get("/commitments"), "还没有承诺事项")
	s.me.Roles = []fuyanv1.Role{fuyanv1.Role_ROLE_DELEGATE}
	if body := s.get("/proposals").Body.String(); strings.Contains(body, "/proposals/new") || strings.Contains(body, "/users") {
		t.Errorf("a delegate is offered to receive, or the users:\n%s", body)
	}
}

func TestStepLine(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for state, steps := range map[fuyanv1.State][]string{
		fuyanv1.State_STATE_DRAFTING:         {`<li class="passed">已签收</li>`, `<li class="present" aria-current="step">拟稿</li>`, `<li>审核</li>`, `<li>办结</li>`},
		fuyanv1.State_STATE_RECEIVED:         {`<li class="present" aria-current="step">待签收</li>`, `<li>已签收</li>`},
		fuyanv1.State_STATE_RETURN_REQUESTED: {`<li class="passed">待签收</li>`, `<li class="present" aria-current="step">退办申请</li>`},
		fuyanv1.State_STATE_WITHDRAWN:        {`<li class="present" aria-current="step">撤回</li>`},
	} {
		s.view.Proposal.State = state
		wantIn(t, "the page of a proposal in "+state.String(), s.get("/proposals/7"), steps...)
	}
}

func TestDeadlinesMatterWhileTheyAreOpen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	late := func() int { return strings.Count(s.get("/proposals/7").Body.String(), `class="due late"`) }
	if got := late(); got != 2 { // the opinion, and a commitment
		t.Errorf("%d days are late; want 2: a return that nobody asked for is none", got)
	}
	s.view.Proposal.State = fuyanv1.State_STATE_RECEIVED
	if got := late(); got != 3 {
		t.Errorf("%d days are late before the proposal is accepted; want 3", got)
	}
	s.commitments = nil
	for _, d := range s.view.Deadlines {
		d.Running, d.Overdue = false, false
	}
	if got := late(); got != 0 {
		t.Errorf("%d days are late that do not run", got)
	}
}

func TestProposalShowsEverything(t *testing.T) {
	t.Parallel()
	wantIn(t, "the proposal", newSite(t).get("/proposals/7"),
		"领衔", "解决或采纳", "主动公开·全文", "吴主任", "EMS 1099", "未送达", "未签收", "暂定", "依据：代表法第五十一条",
		"标准已报立项。", "走访委员", "可按期答复", "由科委主办", "登记承诺", "系统", "2026年5月12日 16:30", "第 1 稿 · 李伟")
}

func TestProposalWithoutReply(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.reply, s.view.Moves = nil, nil
	w := s.get("/proposals/7")
	wantIn(t, "a proposal without a reply", w, "您现在没有可办的事")
	if strings.Contains(w.Body.String(), `id="reply"`) {
		t.Error("a proposal without a reply shows one")
	}
}

func TestRoundsLeadToEarlierReplies(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.view.Proposal.Round, s.reply.Round = 2, 1
	wantIn(t, "the first round", s.get("/proposals/7?round=1"), `<a href="/proposals/7?round=1#reply" aria-current="true">第 1 轮</a>`, `<a href="/proposals/7?round=2#reply">`)
	if got := sent[*fuyanv1.GetReplyRequest](s.service).Round; got != 1 {
		t.Errorf("?round=1 asks for round %d", got)
	}
}

func TestDraftingIsALink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const link = `<a class="button" href="/proposals/7/draft">`
	for _, tt := range []struct {
		role  fuyanv1.Role
		state fuyanv1.State
		moves string
		want  string // what the link says; empty for none
	}{
		{fuyanv1.Role_ROLE_HANDLER, fuyanv1.State_STATE_DRAFTING, "SaveDraft PlanPromise", "去拟稿"},
		{fuyanv1.Role_ROLE_OFFICE, fuyanv1.State_STATE_DRAFTING, "AssignProposal SaveDraft", "去拟稿"},
		{fuyanv1.Role_ROLE_REVIEWER, fuyanv1.State_STATE_DRAFTING, "SomethingNew", ""},
		{fuyanv1.Role_ROLE_REVIEWER, fuyanv1.State_STATE_REVIEWING, "ApproveReply", "查看稿件与承诺"},
		{fuyanv1.Role_ROLE_REVIEWER, fuyanv1.State_STATE_SIGNED, "", "查看稿件与承诺"},
		{fuyanv1.Role_ROLE_OFFICE, fuyanv1.State_STATE_SIGNED, "IssueReply PlanPromise", "查看稿件与承诺"},
		{fuyanv1.Role_ROLE_HANDLER, fuyanv1.State_STATE_REVIEWING, "PlanPromise WaivePromise", "查看稿件与承诺"},
		{fuyanv1.Role_ROLE_OFFICE, fuyanv1.State_STATE_CLOSED, "", "查看稿件与承诺"},
		{fuyanv1.Role_ROLE_REVIEWER, fuyanv1.State_STATE_WITHDRAWN, "", ""},
		{fuyanv1.Role_ROLE_SUPERVISOR, fuyanv1.State_STATE_REVIEWING, "", ""},
		{fuyanv1.Role_ROLE_DELEGATE, fuyanv1.State_STATE_ISSUED, "GiveFeedback", ""},
	} {
		s.me.Roles, s.view.Proposal.State, s.view.Moves = []fuyanv1.Role{tt.role}, tt.state, nil
		for _, rpc := range strings.Fields(tt.moves) {
			s.view.Moves = append(s.view.Moves, &fuyanv1.Move{Rpc: rpc, Label: rpc})
		}
		body := s.get("/proposals/7").Body.String()
		if has := strings.Contains(body, link); has != (tt.want != "") || has && !strings.Contains(body, link+tt.want+"</a>") {
			t.Errorf("%s in %s with %q: a link to the draft %t, want %q", tt.role, tt.state, tt.moves, has, tt.want)
		}
	}
	s.me.Roles, s.view.Proposal.State, s.view.Moves, s.reply.Drafts = []fuyanv1.Role{fuyanv1.Role_ROLE_OFFICE}, fuyanv1.State_STATE_CLOSED, nil, nil
	if strings.Contains(s.get("/proposals/7").Body.String(), link) {
		t.Error("a reply that was never drafted here has a link to its draft")
	}
}

// TestOwnersForThoseWhoMayNotListUsers offers the caller alone.
func TestOwnersForThoseWhoMayNotListUsers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fail["ListUsers"] = connect.NewError(connect.CodePermissionDenied, "office only")
	s.commitment.Moves = []*fuyanv1.CommitmentMove{{Rpc: "ConfirmCommitment", Label: "确认"}}
	fields := formIn(t, s.get("/commitments/41").Body.String(), "/commitments/41/ConfirmCommitment")
	if diff := cmp.Diff([]string{"1"}, fields["owner_id"]); diff != "" {
		t.Errorf("owners offered (-want +got):\n%s", diff)
	}
	s.fail["ListUsers"] = connect.NewError(connect.CodeInternal, "boom")
	wantStatus(t, "when ListUsers breaks", s.get("/commitments/41"), http.StatusInternalServerError)
}

func TestHandlersOfferedAreHandlersAtWork(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.view.Moves = []*fuyanv1.Move{{Rpc: "AssignProposal", Label: "交办"}}
	fields := formIn(t, s.get("/proposals/7").Body.String(), "/proposals/7/AssignProposal")
	if diff := cmp.Diff([]string{"2"}, fields["handler_id"]); diff != "" {
		t.Errorf("handlers offered (-want +got):\n%s", diff)
	}
}

func TestCommitmentFilters(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("/commitments?state=COMMITMENT_STATE_OPEN&overdue=yes&mine=yes&page=t1")
	want := &fuyanv1.ListCommitmentsRequest{State: fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN, Overdue: true, Mine: true, PageToken: "t1"}
	if diff := cmp.Diff(want, sent[*fuyanv1.ListCommitmentsRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("the filters ask for (-want +got):\n%s", diff)
	}
}

func TestNothingTypedIsMarkup(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const evil = `"><script>alert(1)</script>`
	s.view.Text, s.view.Proposal.Title, s.reply.Letters[0].Text, s.commitments[0].Text = evil, evil, evil, evil
	s.commitment.Commitment.Text, s.commitment.Commitment.Evidence = evil, evil
	for _, path := range []string{"/proposals/7", "/proposals/7/draft", "/commitments/41", "/commitments", "/proposals?contains=" + url.QueryEscape(evil), "/sign-in?name=" + url.QueryEscape(evil)} {
		if body := s.get(path).Body.String(); strings.Contains(body, "<script>") || !strings.Contains(body, "&lt;script") {
			t.Errorf("GET %s lets markup through", path)
		}
	}
}
