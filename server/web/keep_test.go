package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

func TestKeep(t *testing.T) {
	t.Parallel()
	s := drafting(t)
	values := typed("")
	values.Set("editor_id", requestID)
	values.Set("revision", "3")
	values.Set("copy_version", "17")
	w := s.post("/proposals/7/draft/keep", values)
	wantStatus(t, "keeping", w, http.StatusOK)
	if got, want := strings.TrimSpace(w.Body.String()), `{"version":18,"time":"11:30","latest":2}`; got != want {
		t.Errorf("keeping answers %s, want %s", got, want)
	}
	want := &fuyanv1.KeepWorkingCopyRequest{
		ProposalId: 7, EditorId: requestID, Revision: 3, ExpectedVersion: 17, Base: 2, Text: "\n" + draftText, Result: fuyanv1.Result_RESULT_PLANNED,
		Publicity: fuyanv1.Publicity_PUBLICITY_WITHHELD, WithholdReason: "内部事务", Summary: "摘要",
	}
	if diff := cmp.Diff(want, sent[*fuyanv1.KeepWorkingCopyRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("keeping sent (-want +got):\n%s", diff)
	}
}

// TestBackgroundErrors: a script hears a status and a sentence, never a page that
// is not what it asked for.
func TestBackgroundErrors(t *testing.T) {
	t.Parallel()
	for code, want := range map[connect.Code]struct {
		status int
		text   string
	}{
		connect.CodeAborted:            {http.StatusPreconditionFailed, "说明"},
		connect.CodeFailedPrecondition: {http.StatusConflict, "说明。文字请另存。"},
		connect.CodeInvalidArgument:    {http.StatusBadRequest, "说明"},
		connect.CodePermissionDenied:   {http.StatusForbidden, "管理员联系。文字请另存。"},
		connect.CodeNotFound:           {http.StatusNotFound, "看不到它。文字请另存。"},
		connect.CodeInternal:           {http.StatusInternalServerError, "请稍后再试"},
	} {
		s := drafting(t)
		s.fail["KeepWorkingCopy"] = refused(code, "说明", &fuyanv1.Refusal{})
		w := s.post("/proposals/7/draft/keep", typed(""))
		wantStatus(t, code.String(), w, want.status)
		if got := w.Body.String(); !strings.Contains(got, want.text) || strings.Contains(got, "<") {
			t.Errorf("%s answers %q, want %q", code, got, want.text)
		}
	}
	s := drafting(t)
	wantStatus(t, "a proposal that is no number", s.post("/proposals/x/draft/keep", typed("")), http.StatusNotFound)
	s.me = nil
	for _, path := range []string{"/proposals/7/draft/keep", "/proposals/7/draft/check"} {
		w := s.post(path, typed(""))
		wantStatus(t, path+" signed out", w, http.StatusUnauthorized)
		if len(w.Body.String()) > 200 {
			t.Errorf("%s signed out answers %s", path, w.Body)
		}
	}
}

// TestKeepOfAnotherSession: the script hears that the token is of another session,
// from nothing else, and nothing is kept. The form says who writes, so that it can
// tell one person from another.
func TestKeepOfAnotherSession(t *testing.T) {
	t.Parallel()
	s := drafting(t)
	for _, path := range []string{"/proposals/7/draft/keep", "/proposals/7/draft/check"} {
		values := typed("")
		values.Set("token", to(t, s.send(http.MethodGet, "/proposals/7/draft", "old", nil), "/proposals/7/draft").values.Get("token"))
		w := s.send(http.MethodPost, path, "new", values)
		wantStatus(t, path, w, 419)
		if got := strings.TrimSpace(w.Body.String()); got != "登录已经更换。" {
			t.Errorf("%s answers %q", path, got)
		}
	}
	if got := sent[*fuyanv1.KeepWorkingCopyRequest](s.service); got != nil {
		t.Errorf("with the token of another session it is kept: %v", got)
	}
	wantIn(t, "the editor", s.send(http.MethodGet, "/proposals/7/draft", "new", nil), fmt.Sprintf(`data-user="%d"`, s.me.Id))
}

// TestCheckedFragment: what is found in what was typed, as its page shows it, with
// forms for the promises that are saved as they stand.
func TestCheckedFragment(t *testing.T) {
	t.Parallel()
	s := drafting(t)
	s.view.Moves = append(s.view.Moves, &fuyanv1.Move{Rpc: "PlanPromise"})
	values := typed("")
	values.Set("text", draftText)
	w := s.post("/proposals/7/draft/check", values)
	wantStatus(t, "checking", w, http.StatusOK)
	wantIn(t, "checking", w, `id="h-faults"`, `data-start="12" data-end="15">您提出</a>`, `<mark class="error" id="f1">您提出</mark>`)
	body := w.Body.String()
	if strings.Contains(body, "<html") || strings.Contains(body, "<textarea") && !strings.Contains(body, `name="text"`) {
		t.Errorf("the fragment is a page:\n%s", body)
	}
	if strings.Contains(body, `id="PlanPromise-1"`) {
		t.Error("a sentence that is only typed can be decided of")
	}
	s.reply.Drafts[0].Text = draftText + "以前的。"
	body = s.post("/proposals/7/draft/check", values).Body.String()
	for _, want := range []string{`id="PlanPromise-1"`, `id="WaivePromise-1"`, `name="text" value="下一步，我们将建设实训基地"`} {
		if !strings.Contains(body, want) {
			t.Errorf("a sentence that is saved lacks %q:\n%s", want, body)
		}
	}
	values.Set("do", "check")
	if strings.Contains(s.post("/proposals/7/draft", values).Body.String(), `id="PlanPromise-1"`) {
		t.Error("the whole page, which would lose what was typed, offers to decide")
	}
}

// TestPromiseIsFilledIn, so that to confirm it is one press.
func TestPromiseIsFilledIn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, cue, words, want string }{
		{"下一步，我委将在2026年9月底前再开放两处实验室。", "下一步/将", "2026年9月底前", "再开放两处实验室"},
		{"我委将修订办法，2026年9月底前公布。", "将", "2026年9月底前", "修订办法，2026年9月底前公布"},
		{"我们将建设实训基地", "将", "", "建设实训基地"},
		{"印发工作由我们后续落实将", "将", "", "印发工作由我们后续落实将"},
	} {
		s := drafting(t)
		s.me = users()[0]
		s.reply.Drafts[0].Text = tt.text
		s.view.Moves = []*fuyanv1.Move{{Rpc: "PlanPromise"}}
		s.check.Faults = nil
		s.check.Promises = []*fuyanv1.Promise{{Text: tt.text, Span: spanOf(tt.text, tt.text), Cue: tt.cue, DueWords: tt.words, Due: "2026-09-30"}}
		_, form, _ := strings.Cut(s.get("/proposals/7/draft").Body.String(), `id="PlanPromise-1"`)
		form, _, _ = strings.Cut(form, "</form>")
		for _, want := range []string{`<option value="2" selected>李伟`, `value="2026-09-30"`, `value="` + tt.want + `"`, "凭据"} {
			if !strings.Contains(form, want) {
				t.Errorf("the form of %q lacks %q:\n%s", tt.text, want, form)
			}
		}
	}
}
