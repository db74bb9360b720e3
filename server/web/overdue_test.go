package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

func supervisor() *fuyanv1.User {
	return &fuyanv1.User{Id: 11, Name: "zhouping", DisplayName: "周平", OrganId: 8, Organ: "市政府办公厅建议提案处", Roles: []fuyanv1.Role{fuyanv1.Role_ROLE_SUPERVISOR}}
}

// TestOverdueNumbersLeadToTheirLists: each number of the board, all together and of
// one organ, by age and as a bar.
func TestOverdueNumbersLeadToTheirLists(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.me = supervisor()
	w := s.get("/board?kind=KIND_CPPCC_PROPOSAL")
	want := &fuyanv1.GetOverdueBoardRequest{Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL}
	if diff := cmp.Diff(want, sent[*fuyanv1.GetOverdueBoardRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("it asks for (-want +got):\n%s", diff)
	}
	wantIn(t, "the board", w,
		`<a href="/board/replies?kind=KIND_CPPCC_PROPOSAL">10</a></span> 项答复逾期`,
		`<a href="/commitments?group=COMMITMENT_GROUP_OVERDUE&amp;kind=KIND_CPPCC_PROPOSAL">14</a></span> 项承诺逾期`,
		`<a href="/board/publications?kind=KIND_CPPCC_PROPOSAL">2</a></span> 项公开逾期`,
		`31–90 天 <a href="/board/replies?age=OVERDUE_AGE_TO_90&amp;kind=KIND_CPPCC_PROPOSAL">3</a>`,
		`<td><a href="/board/replies?age=OVERDUE_AGE_OVER_180&amp;kind=KIND_CPPCC_PROPOSAL&amp;organ=1">1</a></td>`,
		`<td><a href="/commitments?age=OVERDUE_AGE_TO_180&amp;group=COMMITMENT_GROUP_OVERDUE&amp;kind=KIND_CPPCC_PROPOSAL&amp;organ=1">2</a></td>`,
		`<a href="/board?kind=KIND_CPPCC_PROPOSAL&amp;organ=1">上海市科学技术委员会</a>`,
		"等您决定", `<a href="/board/extensions?kind=KIND_CPPCC_PROPOSAL">2</a></span> 延期待审定`,
		`<span class="none">0</span></span> 二次办理待决定`, `<a href="/board/copies?kind=KIND_CPPCC_PROPOSAL">12</a></span> 抄送件待签收`,
		// 14 is the most: 4 of 14 replies end at 285 of 1000, 3 more at 500.
		`<rect class="age1" x="0" width="285" height="10"/><rect class="age2" x="285" width="215" height="10"/><rect class="age4" x="500" width="71" height="10"/>`)
	if n := strings.Count(w.Body.String(), `<tbody>`); n != 2 {
		t.Errorf("%d organs, want 2", n)
	}
	if strings.Contains(w.Body.String(), "style=") {
		t.Error("a bar is drawn with an inline style, which the policy forbids")
	}
	s.overdue = &fuyanv1.OverdueBoard{Day: "2026-05-20"}
	wantIn(t, "a board of nothing", s.get("/board"), "没有逾期的答复、承诺和公开。", `<span class="none">0</span></span> 项答复逾期`)
}

// TestOverdueBoardIsOfTheCallersOrgan: staff see their own, supervisors all or one;
// what waits, waits for the supervisors.
func TestOverdueBoardIsOfTheCallersOrgan(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, test := range []struct {
		role  fuyanv1.Role
		path  string
		organ int64
		waits string
	}{
		{fuyanv1.Role_ROLE_ADMIN, "/board", 0, "等待督办单位决定"},
		{fuyanv1.Role_ROLE_SUPERVISOR, "/board?organ=2", 2, "等您决定"},
		{fuyanv1.Role_ROLE_HANDLER, "/board", 1, "等待督办单位决定"},
	} {
		s.me.Roles = []fuyanv1.Role{test.role}
		wantIn(t, "GET "+test.path, s.get(test.path), `aria-current="page">督办台</a>`, test.waits)
		if got := sent[*fuyanv1.GetOverdueBoardRequest](s.service).OrganId; got != test.organ {
			t.Errorf("GET %s as %v asks for the organ %d, want %d", test.path, test.role, got, test.organ)
		}
	}
}

// TestOverdueBoardOfManyOrgans shows twenty at a time, in 100 KB.
func TestOverdueBoardOfManyOrgans(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for len(s.overdue.Organs) < 50 {
		s.overdue.Organs = append(s.overdue.Organs, overdueBoard().Organs[0])
	}
	first := s.get("/board?kind=KIND_NPC_SUGGESTION")
	wantIn(t, "the first page", first, "另有 30 个单位", `href="/board?from=20&amp;kind=KIND_NPC_SUGGESTION" rel="next"`)
	if n := first.Body.Len(); n > 100<<10 {
		t.Errorf("the board is %d bytes; want at most 100 KB", n)
	}
	const hint = "承办单位只列出逾期最多的；其他单位请从"
	if strings.Contains(first.Body.String(), hint) {
		t.Errorf("with all organs on the board it says %q", hint)
	}
	s.overdue.MoreOrgans = true
	wantIn(t, "a board of more organs", s.get("/board"), hint, `<a href="/organs">单位</a>`)
	wantIn(t, "the last page", s.get("/board?from=40"), "另有 40 个单位", `href="/board?from=20" rel="prev"`)
	for _, from := range []string{"1000", "-5", "x"} {
		wantStatus(t, "GET /board?from="+from, s.get("/board?from="+from), http.StatusOK)
	}
}

// TestBoardLists: the address says which list, of whom and how old; only who decides
// is led to the decision.
func TestBoardLists(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.me, s.next = supervisor(), "t2"
	w := s.get("/board/replies?organ=1&kind=KIND_NPC_SUGGESTION&age=OVERDUE_AGE_TO_90&page=t1")
	want := &fuyanv1.ListBoardItemsRequest{
		List: fuyanv1.BoardList_BOARD_LIST_REPLIES, OrganId: 1, Kind: fuyanv1.Kind_KIND_NPC_SUGGESTION,
		OverdueAge: fuyanv1.OverdueAge_OVERDUE_AGE_TO_90, PageToken: "t1",
	}
	if diff := cmp.Diff(want, sent[*fuyanv1.ListBoardItemsRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("it asks for (-want +got):\n%s", diff)
	}
	wantIn(t, "overdue replies", w, "<h1>答复逾期</h1>", `<a href="/proposals/9">关于完善科研人员减负机制的提案</a>`, "逾期 4 天",
		`<option value="OVERDUE_AGE_TO_90" selected>`, `href="/board/replies?age=OVERDUE_AGE_TO_90&amp;kind=KIND_NPC_SUGGESTION&amp;organ=1&amp;page=t2" rel="next"`)
	for path, list := range map[string]struct {
		list fuyanv1.BoardList
		link string
	}{
		"/board/extensions": {fuyanv1.BoardList_BOARD_LIST_EXTENSIONS, "/proposals/8#DecideExtension"},
		"/board/returns":    {fuyanv1.BoardList_BOARD_LIST_RETURNS, "/proposals/8#DecideReturn"},
		"/board/redos":      {fuyanv1.BoardList_BOARD_LIST_REDOS, "/proposals/8#RedoProposal"},
		"/board/copies":     {fuyanv1.BoardList_BOARD_LIST_COPIES, "/proposals/8#AcknowledgeCopy"},
	} {
		s.me = supervisor()
		w := s.get(path + "?age=OVERDUE_AGE_TO_90")
		wantIn(t, "GET "+path, w, `href="`+list.link+`"`, "今天", "&lt;需要&gt;")
		if got := sent[*fuyanv1.ListBoardItemsRequest](s.service); got.List != list.list || got.OverdueAge != 0 {
			t.Errorf("GET %s asks for %v", path, got)
		}
		s.me = office()
		if strings.Contains(s.get(path).Body.String(), list.link) {
			t.Errorf("GET %s leads the office to a decision that is not theirs", path)
		}
	}
	s.items = nil
	wantIn(t, "nothing late", s.get("/board/publications"), "没有逾期未公开的答复。")
	wantIn(t, "nothing of this kind", s.get("/board/publications?kind=KIND_NPC_SUGGESTION"), "没有符合条件的。")
	wantStatus(t, "GET /board/nothing", s.get("/board/nothing"), http.StatusNotFound)
}

// TestListsOfManyOrgans: where more organs answer than are offered, a list says how the
// others are found, and offers the one that its address names.
func TestListsOfManyOrgans(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.me = supervisor()
	const hint = "承办单位只列出公开最多的；其他单位请从"
	for _, path := range []string{"/board", "/board/commitments", "/board/replies", "/commitments", "/proposals", "/figures"} {
		s.moreOrgans = false
		few := s.get(path + "?organ=2").Body.String()
		if strings.Contains(few, hint) || strings.Count(few, `<option value="2" selected>上海市知识产权局</option>`) != 1 || strings.Contains(few, "市政协提案办</option>") {
			t.Errorf("GET %s of few organs:\n%s", path, few)
		}
		s.moreOrgans = true
		wantIn(t, "GET "+path+" of an organ that is not offered", s.get(path+"?organ=2"), hint, `<a href="/organs">单位</a>`,
			`<option value="1">上海市科学技术委员会</option><option value="2" selected>上海市知识产权局</option></select>`)
		if all := s.get(path).Body.String(); strings.Contains(all, `<option value="2"`) || !strings.Contains(all, hint) {
			t.Errorf("GET %s of many organs:\n%s", path, all)
		}
		wantIn(t, "GET "+path+" of an organ that is offered", s.get(path+"?organ=1"), `<option value="1" selected>上海市科学技术委员会</option></select>`)
	}
}
