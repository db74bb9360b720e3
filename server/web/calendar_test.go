package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

const twoDays = "2027-02-05,休,春节\n2027-02-06,班\n"

// sendFile sends the calendar form with a file in it.
func (s *site) sendFile(t *testing.T, name, content string) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write([]byte(content))
	for name, value := range map[string]string{"content": "", "notice": "国办发明电〔2026〕9号", "years": "2027，2028", "source": ""} {
		_ = form.WriteField(name, value)
	}
	_ = form.Close()
	r := httptest.NewRequest(http.MethodPost, "/calendar/preview", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// hidden are the values of a form's hidden fields.
func hidden(t *testing.T, page, action string) url.Values {
	t.Helper()
	_, form, found := strings.Cut(page, `action="`+action+`"`)
	if !found {
		t.Fatalf("no form for %s in\n%s", action, page)
	}
	form, _, _ = strings.Cut(form, "</form>")
	out := url.Values{}
	for _, part := range strings.Split(form, `<input type="hidden" name="`)[1:] {
		name, rest, _ := strings.Cut(part, `" value="`)
		value, _, _ := strings.Cut(rest, `">`)
		out.Set(name, value)
	}
	return out
}

// TestCalendarIsPreviewedAndConfirmed sends a file, and then what the preview
// offers to confirm.
func TestCalendarIsPreviewedAndConfirmed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.sendFile(t, "2027.csv", twoDays)
	wantStatus(t, "the preview", w, http.StatusOK)
	wantIn(t, "the preview", w, "尚未载入", "将改变 1 天的安排，2027年全年齐备；1 项未完成的期限随之变动", `<a href="/proposals/7">0670 关于`, `2026年6月1日</time> <span class="tag">暂定</span>`, "2027年工作日历")
	want := &fuyanv1.ImportCalendarRequest{
		Source: "2027.csv", Content: []byte(twoDays), Notice: "国办发明电〔2026〕9号", Years: []int32{2027, 2028}, Preview: true,
	}
	ignored := protocmp.IgnoreFields(want, "request_id")
	if diff := cmp.Diff(want, sent[*fuyanv1.ImportCalendarRequest](s.service), protocmp.Transform(), ignored); diff != "" {
		t.Errorf("the preview asks for (-want +got):\n%s", diff)
	}
	confirm := hidden(t, w.Body.String(), "/calendar/ImportCalendar")
	w = s.post("/calendar/ImportCalendar", confirm)
	wantStatus(t, "the confirmation", w, http.StatusSeeOther)
	want.Preview, want.ExpectedMoves = false, "digest"
	if diff := cmp.Diff(want, sent[*fuyanv1.ImportCalendarRequest](s.service), protocmp.Transform(), ignored); diff != "" {
		t.Errorf("the confirmation asks for (-want +got):\n%s", diff)
	}
	wantIn(t, "the page afterwards", s.get(w.Header().Get("Location")), "日历已载入")
}

// TestRefusedCalendar keeps what was sent, at the preview and at the end.
func TestRefusedCalendar(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fail["ImportCalendar"] = refused(connect.CodeInvalidArgument, "第2行“kind”：应为“休”", &fuyanv1.Refusal{Field: "content"})
	for name, w := range map[string]*httptest.ResponseRecorder{
		"a file":         s.sendFile(t, "2027.csv", twoDays),
		"a confirmation": s.post("/calendar/ImportCalendar", url.Values{"content": {twoDays}, "form": {"ImportCalendar"}}),
	} {
		wantStatus(t, name, w, http.StatusBadRequest)
		wantIn(t, name, w, "第2行“kind”：应为“休”", "2027-02-06,班", `aria-invalid="true" autofocus`)
		if strings.Contains(w.Body.String(), "确认载入") {
			t.Errorf("%s that was refused can be confirmed", name)
		}
	}
	wantStatus(t, "the form that only previews", s.post("/calendar/PreviewCalendar", nil), http.StatusNotFound)
	s.fail["ImportCalendar"] = connect.NewError(connect.CodePermissionDenied, "no")
	wantStatus(t, "who may not", s.sendFile(t, "x", twoDays), http.StatusForbidden)
}

func TestCalendarSheet(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.get("/calendar?year=2026")
	wantIn(t, "2026", w, `<td class="off">1<small>休</small></td>`, `<td class="worked">4<small>班</small></td>`, "元旦 1–3日；调休上班 4日",
		"依据：国办发明电〔2025〕7号", `href="/calendar?year=2027"`, `1月 <span class="count">21 个工作日`, "2026.csv", "载入放假安排")
	if strings.Contains(w.Body.String(), "暂定") {
		t.Error("a year that is whole is shown as provisional")
	}
	wantIn(t, "2027", s.get("/calendar?year=2027"), `<span class="tag">暂定</span>`, "均为暂定")
	s.me.Roles = []fuyanv1.Role{fuyanv1.Role_ROLE_OFFICE}
	for _, path := range []string{"/calendar", "/rules"} {
		if body := s.get(path).Body.String(); strings.Contains(body, "/preview") {
			t.Errorf("%s offers the office a form", path)
		}
	}
}

func TestRuleIsPreviewedAndConfirmed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	wantIn(t, "the rules", s.get("/rules"), "自交办日起2个月", "现不施行", "未经确认", "陈静 设定", "新一届起", "换届",
		"督办单位决定暂停的日子不计入期限，期限随之顺延。")
	typed := url.Values{
		"rule.code": {"REPLY"}, "rule.kind": {"KIND_CPPCC_PROPOSAL"}, "rule.name": {"答复"}, "rule.trigger": {"交办日"}, "rule.amount": {"2"},
		"rule.unit": {"UNIT_MONTH"}, "rule.valid_from": {"2027-01-01"}, "rule.basis": {"新条例"}, "rule.confirmed": {"yes"}, "rule.note": {"注"},
	}
	w := s.post("/rules/preview", typed)
	wantStatus(t, "the preview", w, http.StatusOK)
	wantIn(t, "the preview", w, "尚未施行", "1 项未完成的期限随之变动", "2026年6月1日")
	w = s.post("/rules/SetRule", hidden(t, w.Body.String(), "/rules/SetRule"))
	wantStatus(t, "the confirmation", w, http.StatusSeeOther)
	want := &fuyanv1.SetRuleRequest{ExpectedMoves: "digest", Rule: &fuyanv1.Rule{
		Code: "REPLY", Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Name: "答复", Trigger: "交办日", Amount: 2, Unit: fuyanv1.Unit_UNIT_MONTH,
		ValidFrom: "2027-01-01", Basis: "新条例", Confirmed: true, Note: "注",
	}}
	if diff := cmp.Diff(want, sent[*fuyanv1.SetRuleRequest](s.service), protocmp.Transform(), protocmp.IgnoreFields(want, "request_id")); diff != "" {
		t.Errorf("the confirmation asks for (-want +got):\n%s", diff)
	}
	s.fail["SetRule"] = refused(connect.CodeInvalidArgument, "字段 rule.valid_from：应为另一天", &fuyanv1.Refusal{Field: "rule.valid_from"})
	w = s.post("/rules/preview", typed)
	wantStatus(t, "a refused rule", w, http.StatusBadRequest)
	wantIn(t, "a refused rule", w, "施行日：应为另一天", `<strong class="error">应为另一天</strong>`, `value="新条例"`, `aria-invalid="true"`)
}

func TestDuePage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.get("/due?rule=PUBLISH&kind=KIND_CPPCC_PROPOSAL&from=2026-12-28&mode=MODE_ROLLOVER")
	wantIn(t, "the answer", w, "2027年1月26日 <span class=\"tag\">暂定</span>", "2026年12月28日（周一）是成文日期，当日不计", `<option value="PUBLISH" selected>`, `value="2026-12-28"`)
	want := &fuyanv1.ComputeDeadlineRequest{
		Rule: "PUBLISH", Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, From: "2026-12-28", Mode: fuyanv1.Mode_MODE_ROLLOVER,
	}
	if diff := cmp.Diff(want, sent[*fuyanv1.ComputeDeadlineRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("the question (-want +got):\n%s", diff)
	}
	if body := s.get("/due").Body.String(); strings.Contains(body, "2027年1月26日") || strings.Contains(body, "COMMIT_TERM_END") {
		t.Error("the empty page answers, or offers a rule that names no day")
	}
	s.fail["ComputeDeadline"] = refused(connect.CodeInvalidArgument, "字段 from：应为另一天", &fuyanv1.Refusal{Field: "from"})
	w = s.get("/due?rule=PUBLISH&from=1999-12-28")
	wantStatus(t, "a question that makes no sense", w, http.StatusBadRequest)
	wantIn(t, "a question that makes no sense", w, "起算日：应为另一天")
}

func TestDeadlinesShowTheirChanges(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	wantIn(t, "the proposal", s.get("/proposals/7"),
		"逾期 2 个工作日", "还有 9 个工作日", "延期：2026年5月26日 → 2026年6月26日，涉及面广", "原为2026年5月26日", `<a href="/deadlines/54">为什么是这一天`,
		"2026年5月19日起暂停", "恢复：2026年5月11日起停，2026年5月18日恢复，扣除 5 个工作日，2026年6月4日 → 2026年6月11日，走访改期", "暂停：再改期")
	wantIn(t, "the deadline", s.get("/deadlines/51"), "答复提出人：为什么是这一天", "2027年的放假安排尚未载入，暂定", `<strong>延期</strong> 周平<span class="sub">2026年5月26日 → 2026年6月26日，涉及面广</span>`, `href="/proposals/7"`)
	s.view.Proposal.State, s.list[1].Paused = fuyanv1.State_STATE_DRAFTING, true
	s.view.Proposal.Paused, s.list[1].ReplyDue = true, "2026-05-01"
	s.view.Proposal.WorkingDaysLeft, s.list[1].WorkingDaysLeft = 77, -12
	for path, left := range map[string]string{"/proposals/7": "还有 77 个工作日", "/proposals": "逾期 12 个工作日"} {
		w := s.get(path)
		wantIn(t, path, w, `<span class="tag">暂停</span>`)
		if strings.Contains(w.Body.String(), left) {
			t.Errorf("%s: a reply that is paused has days left", path)
		}
	}
	s.commitment.Deadlines = []*fuyanv1.Deadline{{Id: 60, Rule: "COMMITMENT", Name: "承诺事项", Due: "2026-05-17", FirstDue: "2026-05-17", Running: true, Overdue: true}}
	wantIn(t, "the commitment", s.get("/commitments/41"), `href="/deadlines/60"`, "已逾期")
	c := s.commitment.Commitment
	c.Due = "2026-05-17"
	if body := s.get("/commitments/41").Body.String(); strings.Contains(body, "逾期 3 天") || strings.Count(body, "已逾期") != 2 {
		t.Error("the head of a commitment counts otherwise than its deadline")
	}
}
