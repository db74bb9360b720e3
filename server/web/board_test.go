package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// TestLedgerFilters: the address says what is asked for, and the form and the
// links of the page keep it.
func TestLedgerFilters(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.get("/commitments?group=COMMITMENT_GROUP_OVERDUE&age=OVERDUE_AGE_TO_90&organ=1&owner=2&kind=KIND_CPPCC_PROPOSAL")
	want := &fuyanv1.ListCommitmentsRequest{
		Group: fuyanv1.CommitmentGroup_COMMITMENT_GROUP_OVERDUE, OverdueAge: fuyanv1.OverdueAge_OVERDUE_AGE_TO_90,
		OrganId: 1, OwnerId: 2, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL,
	}
	if diff := cmp.Diff(want, sent[*fuyanv1.ListCommitmentsRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("the filters ask for (-want +got):\n%s", diff)
	}
	wantIn(t, "the filtered list", w,
		`<option value="COMMITMENT_GROUP_OVERDUE" selected>逾期</option>`, `<option value="OVERDUE_AGE_TO_90" selected>31–90 天</option>`,
		`<option value="1" selected>上海市科学技术委员会</option>`, `<input type="hidden" name="owner" value="2">`, "责任人：李伟",
		`href="/commitments?age=OVERDUE_AGE_TO_90&amp;group=COMMITMENT_GROUP_OVERDUE&amp;kind=KIND_CPPCC_PROPOSAL&amp;organ=1"`,
		`/commitments/export?age=OVERDUE_AGE_TO_90&amp;format=EXPORT_FORMAT_CSV&amp;group=COMMITMENT_GROUP_OVERDUE`,
		`<a href="/proposals/7">市政协十四届四次会议 第 0670 号提案 关于加快发展科技服务业的提案</a>`,
		"待王敏接手", "2 次", `<time datetime="2025-12-31">2025年12月31日</time>`)
	if strings.Contains(w.Body.String(), "市政协提案办") {
		t.Error("an oversight office is offered as one that promises")
	}
	s.commitments[0].Contested = true
	wantIn(t, "the list of who decides", s.get("/commitments?group=COMMITMENT_GROUP_CONTESTED"), `<span class="sub pending">提出人不认可，待决定</span>`)
	s.me.Roles = []fuyanv1.Role{fuyanv1.Role_ROLE_HANDLER}
	wantIn(t, "a handler's list", s.get("/commitments?organ=1"), `<input type="hidden" name="organ" value="1">`)
}

func TestExportIsAFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.get("/commitments/export?format=EXPORT_FORMAT_CSV&group=COMMITMENT_GROUP_DROPPED&page=t1")
	wantStatus(t, "GET the export", w, http.StatusOK)
	want := &fuyanv1.ExportCommitmentsRequest{
		Format: fuyanv1.ExportFormat_EXPORT_FORMAT_CSV, List: &fuyanv1.ListCommitmentsRequest{Group: fuyanv1.CommitmentGroup_COMMITMENT_GROUP_DROPPED},
	}
	if diff := cmp.Diff(want, sent[*fuyanv1.ExportCommitmentsRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("it asks for (-want +got):\n%s", diff)
	}
	for name, value := range map[string]string{
		"Content-Type": "application/zip", "Content-Length": "5",
		"Content-Disposition":    "attachment; filename*=UTF-8''%E6%89%BF%E8%AF%BA%E4%BA%8B%E9%A1%B9-2026-05-20.xlsx",
		"X-Content-Type-Options": "nosniff",
	} {
		if got := w.Header().Get(name); got != value {
			t.Errorf("%s = %q, want %q", name, got, value)
		}
	}
	s.get("/commitments/export")
	if got := sent[*fuyanv1.ExportCommitmentsRequest](s.service).Format; got != fuyanv1.ExportFormat_EXPORT_FORMAT_XLSX {
		t.Errorf("without a format it asks for %v", got)
	}
}

// TestBoardIsOfTheCallersOrgan: staff see their own, supervisors all or one.
func TestBoardIsOfTheCallersOrgan(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, test := range []struct {
		role  fuyanv1.Role
		path  string
		organ int64
	}{
		{fuyanv1.Role_ROLE_ADMIN, "/board/commitments", 0},
		{fuyanv1.Role_ROLE_SUPERVISOR, "/board/commitments?organ=2", 2},
		{fuyanv1.Role_ROLE_OFFICE, "/board/commitments", 1},
		{fuyanv1.Role_ROLE_HANDLER, "/board/commitments", 1},
	} {
		s.me.Roles = []fuyanv1.Role{test.role}
		wantIn(t, "GET "+test.path, s.get(test.path), `<a href="/board" aria-current="page">督办台</a>`)
		if got := sent[*fuyanv1.GetCommitmentBoardRequest](s.service).OrganId; got != test.organ {
			t.Errorf("GET %s as %v asks for the organ %d, want %d", test.path, test.role, got, test.organ)
		}
	}
}

// TestBoardOfManyOrgans shows thirty at a time.
func TestBoardOfManyOrgans(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for len(s.board.Organs) < 70 {
		s.board.Organs = append(s.board.Organs, board().Organs[0])
	}
	first := s.get("/board/commitments?kind=KIND_NPC_SUGGESTION")
	wantIn(t, "the first page", first, "另有 40 个单位", `href="/board/commitments?from=30&amp;kind=KIND_NPC_SUGGESTION" rel="next"`)
	if n := first.Body.Len(); n > 100<<10 {
		t.Errorf("the board is %d bytes; want at most 100 KB", n)
	}
	const hint = "承办单位只列出逾期最多的；其他单位请从"
	if strings.Contains(first.Body.String(), hint) {
		t.Errorf("with all organs on the board it says %q", hint)
	}
	s.board.MoreOrgans = true
	wantIn(t, "a board of more organs", s.get("/board/commitments"), hint, `<a href="/organs">单位</a>`)
	last := s.get("/board/commitments?from=60")
	wantIn(t, "the last page", last, "另有 60 个单位", `href="/board/commitments?from=30" rel="prev"`)
	if strings.Contains(last.Body.String(), `rel="next"`) {
		t.Error("the last page has a next one")
	}
	for _, from := range []string{"1000", "-5", "x"} {
		wantStatus(t, "GET /board/commitments?from="+from, s.get("/board/commitments?from="+from), http.StatusOK)
	}
}
