package web_test

import (
	"net/http"
	"strings"
	"testing"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// TestHomeIsWhereWorkBegins: each goes where the day begins for them.
func TestHomeIsWhereWorkBegins(t *testing.T) {
	t.Parallel()
	for role, want := range map[fuyanv1.Role]string{
		fuyanv1.Role_ROLE_OFFICE: "/work", fuyanv1.Role_ROLE_REVIEWER: "/work", fuyanv1.Role_ROLE_HANDLER: "/work",
		fuyanv1.Role_ROLE_SUPERVISOR: "/work", fuyanv1.Role_ROLE_DELEGATE: "/mine", fuyanv1.Role_ROLE_ADMIN: "/proposals",
	} {
		s := newSite(t)
		s.me.Roles = []fuyanv1.Role{role}
		w := s.get("/")
		wantStatus(t, "GET /", w, http.StatusSeeOther)
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("%v begins at %s; want %s", role, got, want)
		}
		if offered := strings.Contains(s.get("/account").Body.String(), `href="/work"`); offered != (want == "/work") {
			t.Errorf("%v is offered their work: %t", role, offered)
		}
	}
}

// TestWorkLeadsToTheNextStep: each thing to where its step is taken, which stands
// open there.
func TestWorkLeadsToTheNextStep(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.me.Organ = "上海市知识产权局"
	w := s.get("/work?step=WORK_STEP_ASSIGN")
	wantIn(t, "GET /work", w,
		`href="/proposals/9?move=ApproveReply#ApproveReply"`, `href="/commitments/41?move=ReportDone#ReportDone"`, `href="/proposals/8/draft"`,
		`逾期 3 个工作日`, `还有 4 个工作日（暂定）`, firstPromise, `99&#43;`, `<a href="/work?step=WORK_STEP_ASSIGN" aria-current="true">分办`, "&lt;b&gt;",
		"上海市科学技术委员会")
	if got := sent[*fuyanv1.ListWorkRequest](s.service).Step; got != fuyanv1.WorkStep_WORK_STEP_ASSIGN {
		t.Errorf("asked for %v", got)
	}
	if strings.Contains(w.Body.String(), `<td class="by">上海市知识产权局`) {
		t.Error("a person's own organ is named to them")
	}
	open := s.get("/proposals/7?move=SendCopy").Body.String()
	if !strings.Contains(open, `id="SendCopy" open`) || strings.Count(open, `<details class="move"`) < 2 || strings.Count(open, `" open>`) != 1 {
		t.Error("the step that the address names does not stand open alone")
	}
	wantIn(t, "a move that is none", s.get("/proposals/7?move=Nothing"), `id="RecordDelivery" open`)
}

func TestNothingToDo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.work, s.counts = nil, []*fuyanv1.WorkCount{{Step: fuyanv1.WorkStep_WORK_STEP_SIGN}}
	wantIn(t, "no work", s.get("/work"), "没有等您办的事", `href="/proposals/new"`)
	wantIn(t, "none of a step", s.get("/work?step=WORK_STEP_SIGN"), "没有等您办的“签发”", `href="/work"`)
	s.me.Roles = []fuyanv1.Role{fuyanv1.Role_ROLE_HANDLER}
	if body := s.get("/work").Body.String(); strings.Contains(body, "/proposals/new") {
		t.Error("a handler is sent to receive proposals")
	}
}

func TestWorkPagesKeepTheStep(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.next = "dG9rZW4"
	wantIn(t, "GET /work", s.get("/work?step=WORK_STEP_KEEP&page=x"),
		`href="/work?page=dG9rZW4&amp;step=WORK_STEP_KEEP" rel="next"`, `href="/work?step=WORK_STEP_KEEP">回到第一页`)
	if got := sent[*fuyanv1.ListWorkRequest](s.service).PageToken; got != "x" {
		t.Errorf("asked for the page %q", got)
	}
}
