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

func typed(do string) url.Values {
	return url.Values{
		"request_id": {requestID}, "expected_version": {"12"}, "base": {"2"}, "do": {do}, "text": {"\r\n" + strings.ReplaceAll(draftText, "\n", "\r\n")},
		"result": {"RESULT_PLANNED"}, "publicity": {"PUBLICITY_WITHHELD"}, "withhold_reason": {"内部事务"}, "summary": {"摘要"},
	}
}

// drafting is a site whose proposal is being drafted by the one signed in.
func drafting(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.view.Proposal.State, s.reply.Letters = fuyanv1.State_STATE_DRAFTING, nil
	s.view.Moves = []*fuyanv1.Move{{Rpc: "SaveDraft", Label: "保存稿件"}}
	return s
}

func TestSaveDraft(t *testing.T) {
	t.Parallel()
	s := drafting(t)
	w := s.post("/proposals/7/draft", typed("save"))
	wantStatus(t, "saving", w, http.StatusSeeOther)
	if got := w.Header().Get("Location"); got != "/proposals/7/draft?done=SaveDraft" {
		t.Errorf("saving leads to %s", got)
	}
	want := &fuyanv1.SaveDraftRequest{
		RequestId: requestID, ProposalId: 7, ExpectedVersion: 12, Text: "\n" + draftText, Result: fuyanv1.Result_RESULT_PLANNED,
		Publicity: fuyanv1.Publicity_PUBLICITY_WITHHELD, WithholdReason: "内部事务", Summary: "摘要",
	}
	if diff := cmp.Diff(want, sent[*fuyanv1.SaveDraftRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("saving sent (-want +got):\n%s", diff)
	}
}

func TestCheckDraftMarksWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := drafting(t)
	values := typed("check")
	values.Set("text", draftText)
	w := s.post("/proposals/7/draft", values)
	wantStatus(t, "checking", w, http.StatusOK)
	want := &fuyanv1.CheckDraftRequest{ProposalId: 7, Text: draftText, Result: fuyanv1.Result_RESULT_PLANNED}
	if diff := cmp.Diff(want, sent[*fuyanv1.CheckDraftRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("checking sent (-want +got):\n%s", diff)
	}
	wantIn(t, "checking", w,
		`提出人有两位，应称“你们”。 <a class="excerpt" href="#f1" data-start="12" data-end="15">您提出</a>`, `<mark class="error" id="f1">您提出</mark>`,
		`<mark class="promise" id="p1">下一步，我们</mark><mark class="promise warning" id="f2">将建设</mark><mark class="promise">实训基地</mark>`,
		"缺少抄送。</li>", "有 2 处错误", `<option value="RESULT_PLANNED" selected>列入计划拟解决`, `value="内部事务"`, draftText+"</textarea>", "没有写明期限")
	if sent[*fuyanv1.SaveDraftRequest](s.service) != nil {
		t.Error("checking saved the draft")
	}
}

// TestUndecidedPromisesAreCounted: each stands among the promises, and the faults
// say once how many there are.
func TestUndecidedPromisesAreCounted(t *testing.T) {
	t.Parallel()
	s := drafting(t)
	s.reply.Drafts[0].Text = draftText
	for _, text := range []string{"您提出的", "下一步，我们将建设实训基地"} {
		s.check.Promises = append(s.check.Promises, &fuyanv1.Promise{Text: text, Span: spanOf(draftText, text)})
		s.check.Faults = append(s.check.Faults, &fuyanv1.Fault{Rule: "promise_undecided", Error: true, Message: "还没有确认：" + text, Span: spanOf(draftText, text)})
	}
	w := s.get("/proposals/7/draft")
	wantIn(t, "a draft with undecided promises", w, `<li class="error"><strong>错误</strong> 2 项承诺待确认。</li>`, "有 3 处错误", `检查 <span class="count">4</span>`)
	body := w.Body.String()
	if strings.Contains(body, "还没有确认：") || strings.Count(body, `<p class="pending">待确认</p>`) != 2 {
		t.Errorf("undecided promises are listed among the faults, or not among the promises:\n%s", body)
	}
}

func TestDraftPageBegins(t *testing.T) {
	t.Parallel()
	s := drafting(t)
	wantIn(t, "the page of a saved draft", s.get("/proposals/7/draft"), "第二稿</textarea>", "已保存第 2 稿", `<option value="RESULT_ADOPTED" selected>`)

	s.reply.Drafts = nil
	for _, test := range []struct {
		kind      fuyanv1.Kind
		proposers []*fuyanv1.Proposer
		want      string
	}{
		{fuyanv1.Kind_KIND_CPPCC_PROPOSAL, []*fuyanv1.Proposer{{Name: "赵蓓文"}}, "赵蓓文委员：\n\n您提出的“关于加快发展科技服务业的提案”的提案收悉"},
		{fuyanv1.Kind_KIND_NPC_SUGGESTION, []*fuyanv1.Proposer{{Name: "鲁杰"}, {Name: "汤东英"}}, "鲁杰、汤东英代表：\n\n你们提出的“关于加快发展科技服务业的提案”的代表建议收悉"},
		{fuyanv1.Kind_KIND_CPPCC_PROPOSAL, []*fuyanv1.Proposer{{Name: "姜雪峰"}, {Name: "洪亮"}, {Name: "王彦"}, {Name: "李伟"}}, "姜雪峰、洪亮、王彦等委员：\n\n你们"},
		{fuyanv1.Kind_KIND_CPPCC_PROPOSAL, []*fuyanv1.Proposer{{Name: "民盟上海市委", Organisation: true}}, "民盟上海市委：\n\n你们"},
	} {
		s.view.Proposal.Kind, s.view.Proposers = test.kind, test.proposers
		wantIn(t, "the page of a draft to begin", s.get("/proposals/7/draft"), test.want, "尚未保存")
	}
}

// TestRefusedDraftIsChecked: what is shown, checked and marked after a refusal is
// what was typed.
func TestRefusedDraftIsChecked(t *testing.T) {
	t.Parallel()
	s := drafting(t)
	s.fail["SaveDraft"] = refused(connect.CodeInvalidArgument, "字段 publicity：不予公开应说明理由", &fuyanv1.Refusal{Field: "publicity"})
	values := typed("save")
	values.Set("text", draftText)
	w := s.post("/proposals/7/draft", values)
	wantStatus(t, "a draft refused", w, http.StatusBadRequest)
	wantIn(t, "a draft refused", w, draftText+"</textarea>", "不予公开应说明理由", `<mark class="error" id="f1">您提出</mark>`, `value="内部事务"`)
	want := &fuyanv1.CheckDraftRequest{ProposalId: 7, Text: draftText, Result: fuyanv1.Result_RESULT_PLANNED}
	if diff := cmp.Diff(want, sent[*fuyanv1.CheckDraftRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("after a refusal the page checks (-want +got):\n%s", diff)
	}

	// A check that is refused as well does not hide why the save was.
	s.fail["CheckDraft"] = refused(connect.CodeInvalidArgument, "太长。", &fuyanv1.Refusal{Field: "text"})
	wantIn(t, "a draft and its check refused", s.post("/proposals/7/draft", values), "不予公开应说明理由", draftText+"</textarea>")
	delete(s.fail, "CheckDraft")

	// Of no text the saved one is not shown, nor checked.
	s = drafting(t)
	s.fail["SaveDraft"] = refused(connect.CodeInvalidArgument, "字段 text：至少 1 个字", &fuyanv1.Refusal{Field: "text"})
	values.Set("text", "")
	w = s.post("/proposals/7/draft", values)
	wantIn(t, "an empty draft", w, "至少 1 个字", "</textarea>")
	if got := sent[*fuyanv1.CheckDraftRequest](s.service); got != nil || strings.Contains(w.Body.String(), "第二稿</textarea>") {
		t.Errorf("instead of an empty draft the page checks %v:\n%s", got, w.Body)
	}
}

// TestDraftIsReadOnly for whom saving is no move, and what they typed before is
// not lost.
func TestDraftIsReadOnly(t *testing.T) {
	t.Parallel()
	const save = `action="/proposals/7/draft"`
	s := drafting(t)
	s.view.Proposal.State = fuyanv1.State_STATE_REVIEWING
	for _, moves := range [][]*fuyanv1.Move{nil, {{Rpc: "ApproveReply"}}, {{Rpc: "PlanPromise"}}} {
		s.view.Moves = moves
		w := s.get("/proposals/7/draft")
		wantIn(t, "a draft under review", w, "第二稿", "实训基地", `id="h-faults"`)
		if strings.Contains(w.Body.String(), save) {
			t.Errorf("with moves %v the draft can be saved", moves)
		}
	}
	s.fail["SaveDraft"] = refused(connect.CodeFailedPrecondition, "“审核”状态不能做“保存稿件”", &fuyanv1.Refusal{})
	w := s.post("/proposals/7/draft", typed("save"))
	wantIn(t, "a draft refused under review", w, "不能做“保存稿件”", "没有保存的文字", draftText+"</article>", "第二稿</article>")
	if strings.Contains(w.Body.String(), save) {
		t.Error("a draft refused under review can be saved again")
	}

	s.reply.Letters, s.view.Proposal.State = reply().Letters, fuyanv1.State_STATE_ISSUED
	if body := s.get("/proposals/7/draft").Body.String(); strings.Contains(body, `id="h-faults"`) || !strings.Contains(body, `id="h-promises"`) {
		t.Errorf("the draft of a letter that went out has faults to mend, or no promises:\n%s", body)
	}
}

// TestLostPlansAreShown with what was decided, and not as promises of the draft.
func TestLostPlansAreShown(t *testing.T) {
	t.Parallel()
	s := drafting(t)
	if strings.Contains(s.get("/proposals/7/draft").Body.String(), "稿中已无此句的确认") {
		t.Error("a draft that lost no plan says so")
	}
	s.check.Lost = []*fuyanv1.Promise{
		{Text: "我们将建设九处基地", Plan: &fuyanv1.PromisePlan{Owner: "王敏", OwnerId: 5, Due: "2026-11-30", Deliverable: "九处基地", Criterion: "开放", PlannedBy: "李伟", PlanTime: at(8, 16)}},
		{Text: "我们将继续努力", Plan: &fuyanv1.PromisePlan{WaiveReason: "一般表态", PlannedBy: "李伟", PlanTime: at(8, 17)}},
	}
	body := s.get("/proposals/7/draft").Body.String()
	_, lost, _ := strings.Cut(body, `id="h-lost"`)
	lost, _, _ = strings.Cut(lost, "</section>")
	for _, want := range []string{"稿中已无此句的确认 <span class=\"count\">2</span>", "我们将建设九处基地", "王敏，2026年11月30日：九处基地", "我们将继续努力", "一般表态"} {
		if !strings.Contains(lost, want) {
			t.Errorf("the plans that the draft lost lack %q: %s", want, lost)
		}
	}
	if strings.Contains(lost, "<form") || !strings.Contains(body, `承诺 <span class="count">1</span>`) {
		t.Errorf("a plan of no sentence can be made again, or is counted:\n%s", body)
	}
}

func TestCheckDraftRefused(t *testing.T) {
	t.Parallel()
	s := drafting(t)
	s.fail["CheckDraft"] = refused(connect.CodeInvalidArgument, "太长。", &fuyanv1.Refusal{Field: "text"})
	w := s.post("/proposals/7/draft", typed("check"))
	wantStatus(t, "a check refused", w, http.StatusBadRequest)
	wantIn(t, "a check refused", w, "太长。", draftText+"</textarea>")
}
