package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"
	"pgregory.net/rapid"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/server/web"
)

// workingCopy is what the one signed in has kept, begun with a draft. Beside the
// text it has another result than that, and than the next.
func workingCopy(base int32) *fuyanv1.WorkingCopy {
	return &fuyanv1.WorkingCopy{
		Version: 17, Base: base, Text: strings.Replace(draftText, "建设实训基地", "建设两处实训基地", 1),
		Result: fuyanv1.Result_RESULT_PLANNED, Publicity: fuyanv1.Publicity_PUBLICITY_FULL, KeepTime: at(19, 14),
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	base := web.Writing{"text": "甲", "result": "A", "publicity": "F", "withhold_reason": "", "summary": "摘"}
	with := func(changes ...string) web.Writing {
		w := maps.Clone(base)
		for i := 0; i < len(changes); i += 2 {
			w[changes[i]] = changes[i+1]
		}
		return w
	}
	for _, tt := range []struct {
		name         string
		mine, other  web.Writing
		want         web.Writing
		both, theirs []string
	}{
		{"nobody changed anything", with(), with(), with(), nil, nil},
		{"only I did", with("text", "乙"), with(), with("text", "乙"), nil, nil},
		{"only the other did", with(), with("text", "乙"), with("text", "乙"), nil, []string{"text"}},
		{"each another field", with("text", "乙"), with("result", "B"), with("text", "乙", "result", "B"), nil, []string{"result"}},
		{"both the same", with("text", "乙"), with("text", "乙"), with("text", "乙"), nil, nil},
		{"both, otherwise", with("text", "乙", "summary", ""), with("text", "丙", "summary", "要"), with("text", "乙", "summary", ""), []string{"text", "summary"}, nil},
	} {
		got, both, theirs := web.Merge(base, tt.mine, tt.other)
		if diff := cmp.Diff(tt.want, got); diff != "" || !slices.Equal(both, tt.both) || !slices.Equal(theirs, tt.theirs) {
			t.Errorf("%s: both %v, theirs %v; want %v, %v (-want +got):\n%s", tt.name, both, theirs, tt.both, tt.theirs, diff)
		}
	}
}

// TestMergeLosesNothing: each change of either side is in the result, or is asked
// about.
func TestMergeLosesNothing(t *testing.T) {
	t.Parallel()
	names := []string{"text", "result", "publicity", "withhold_reason", "summary"}
	values := rapid.SampledFrom([]string{"", "甲", "乙", "丙"})
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(label string) web.Writing {
			w := web.Writing{}
			for _, name := range names {
				w[name] = values.Draw(rt, label+" "+name)
			}
			return w
		}
		base, mine, other := draw("base"), draw("mine"), draw("other")
		got, both, _ := web.Merge(base, mine, other)
		for _, name := range names {
			for _, side := range []web.Writing{mine, other} {
				if side[name] != base[name] && got[name] != side[name] && !slices.Contains(both, name) {
					rt.Fatalf("%s of base %q, mine %q, other %q becomes %q", name, base[name], mine[name], other[name], got[name])
				}
			}
		}
	})
}

// clashing is a site where somebody saved draft 2 since the one signed in began
// with draft 1.
func clashing(t *testing.T) *site {
	t.Helper()
	s := drafting(t)
	s.view.Proposal.Version = 13
	s.reply.Drafts[0].Text, s.reply.Drafts[1].Text = strings.Replace(draftText, "将建设", "将新建", 1), draftText
	for _, d := range s.reply.Drafts {
		d.Result, d.Publicity = fuyanv1.Result_RESULT_ADOPTED, fuyanv1.Publicity_PUBLICITY_FULL
	}
	s.reply.Drafts[0].Publicity, s.reply.Drafts[0].Author = fuyanv1.Publicity_PUBLICITY_ON_REQUEST, "陈静"
	s.fail["SaveDraft"] = refused(connect.CodeAborted, "现在是第 13 版。", &fuyanv1.Refusal{PresentVersion: 13})
	return s
}

// mine is what the one signed in typed, begun with draft 1.
func mine(do string, more ...string) url.Values {
	values := url.Values{
		"request_id": {requestID}, "expected_version": {"12"}, "base": {"1"}, "do": {do},
		"text": {strings.Replace(draftText, "实训基地", "两处实训基地", 1)}, "result": {"RESULT_PLANNED"}, "publicity": {"PUBLICITY_FULL"},
	}
	for i := 0; i < len(more); i += 2 {
		values.Set(more[i], more[i+1])
	}
	return values
}

// TestDraftConflictIsShownFieldByField: what only one of the two changed is taken
// from it; what both did is asked about, with both sides.
func TestDraftConflictIsShownFieldByField(t *testing.T) {
	t.Parallel()
	s := clashing(t)
	w := s.post("/proposals/7/draft", mine("save"))
	wantStatus(t, "a draft that somebody else saved before", w, http.StatusConflict)
	wantIn(t, "a draft that somebody else saved before", w,
		"在您拟稿的时候，陈静保存了第 2 稿", "请在下面逐项选择", "只有对方改动的，已经填入：公开属性。",
		"正文：从称谓到致谢：两边都改动了", `name="take.text" value="mine"`, `name="take.text" value="theirs"`,
		`<del><span class="unseen">（此处独有：</span>设两处<span class="unseen">）</span></del>`, `<ins><span class="unseen">（此处独有：</span>新<`,
		"建设两处实训基地。</textarea>", `<option value="PUBLICITY_ON_REQUEST" selected>`, `<option value="RESULT_PLANNED" selected>`,
		`name="rival" value="draft-2"`, `name="base" value="1"`, `name="expected_version" value="13"`)
	if strings.Contains(w.Body.String(), `name="take.result"`) || strings.Contains(w.Body.String(), `name="take.publicity"`) {
		t.Error("asked about what only one of the two changed")
	}
}

func TestDraftConflictIsDecided(t *testing.T) {
	t.Parallel()
	s := clashing(t)
	w := s.post("/proposals/7/draft", mine("save", "rival", "draft-2"))
	wantStatus(t, "saving undecided", w, http.StatusConflict)
	wantIn(t, "saving undecided", w, "还没有选择用哪一份", `<strong class="error">请选择用哪一份</strong>`, "建设两处实训基地。</textarea>")
	if sent[*fuyanv1.SaveDraftRequest](s.service) != nil {
		t.Error("saved while undecided")
	}

	delete(s.fail, "SaveDraft")
	for take, text := range map[string]string{"mine": "建设两处实训基地", "theirs": "将新建实训基地"} {
		w = s.post("/proposals/7/draft", mine("merge", "rival", "draft-2", "take.text", take))
		wantStatus(t, "filling in "+take, w, http.StatusOK)
		wantIn(t, "filling in "+take, w, "已按所选填入", text+"。</textarea>", `name="base" value="2"`)
		if strings.Contains(w.Body.String(), `name="rival"`) {
			t.Error("what was decided is still open")
		}
		values := mine("save", "rival", "draft-2", "take.text", take, "expected_version", "13")
		wantStatus(t, "saving "+take, s.post("/proposals/7/draft", values), http.StatusSeeOther)
		if got := sent[*fuyanv1.SaveDraftRequest](s.service); got.ExpectedVersion != 13 || !strings.Contains(got.Text, text) {
			t.Errorf("saving %s sent %v", take, got)
		}
	}

	// A third draft that came since is shown before anything is taken.
	s.reply.Drafts = append([]*fuyanv1.Draft{{Number: 3, Text: "第三稿", Author: "王敏"}}, s.reply.Drafts...)
	s.fail["SaveDraft"] = refused(connect.CodeAborted, "现在是第 14 版。", &fuyanv1.Refusal{PresentVersion: 14})
	w = s.post("/proposals/7/draft", mine("save", "rival", "draft-2", "take.text", "theirs"))
	wantIn(t, "a third draft", w, "王敏保存了第 3 稿", `name="rival" value="draft-3"`, "建设两处实训基地。</textarea>")
}

// TestSaveAfterOtherMoves: a version of the proposal that moved without the draft
// keeps nobody from saving.
func TestSaveAfterOtherMoves(t *testing.T) {
	t.Parallel()
	s := drafting(t)
	s.reply.Version = 13
	s.fail["SaveDraft"] = refused(connect.CodeAborted, "现在是第 13 版。", &fuyanv1.Refusal{PresentVersion: 13})
	wantStatus(t, "a save refused twice", s.post("/proposals/7/draft", typed("save")), http.StatusConflict)
	if got := sent[*fuyanv1.SaveDraftRequest](s.service); got != nil && got.ExpectedVersion != 13 {
		t.Errorf("the second attempt expects version %d, want 13", got.ExpectedVersion)
	}
}

// TestOtherWindow: what one kept in another window is held against what is typed.
func TestOtherWindow(t *testing.T) {
	t.Parallel()
	s := clashing(t)
	s.reply.WorkingCopy = workingCopy(2)
	s.reply.WorkingCopy.Text = draftText + "另一个窗口。"
	compare := mine("compare", "base", "2")
	w := s.post("/proposals/7/draft", compare)
	wantStatus(t, "comparing", w, http.StatusOK)
	wantIn(t, "comparing", w, "您 <time", "在另一个窗口暂存的文字", `name="take.text"`, `name="rival" value="copy-17"`, `name="copy_version" value="0"`)
	compare.Set("do", "merge")
	compare.Set("rival", "copy-17")
	compare.Set("take.text", "theirs")
	compare.Set("take.publicity", "mine")
	w = s.post("/proposals/7/draft", compare)
	wantIn(t, "taking the other window's", w, "另一个窗口。</textarea>", `name="copy_version" value="17"`)
}

func TestWorkingCopyIsShownAgain(t *testing.T) {
	t.Parallel()
	s := drafting(t)
	s.reply.Drafts[0].Text = draftText
	s.reply.WorkingCopy = workingCopy(2)
	w := s.get("/proposals/7/draft")
	wantIn(t, "the editor", w, "暂存的文字，还没有保存为新的一稿", "建设两处实训基地。</textarea>", `name="copy_version" value="17"`, `name="base" value="2"`,
		`action="/proposals/7/draft/DropWorkingCopy"`, `<option value="RESULT_PLANNED" selected>`)
	want := &fuyanv1.CheckDraftRequest{ProposalId: 7, Text: s.reply.WorkingCopy.Text, Result: fuyanv1.Result_RESULT_PLANNED}
	if diff := cmp.Diff(want, sent[*fuyanv1.CheckDraftRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("the page checks (-want +got):\n%s", diff)
	}

	// One that says what the draft says is nothing to speak of.
	s.reply.WorkingCopy.Text, s.reply.WorkingCopy.Result = draftText, s.reply.Drafts[0].Result
	s.reply.Drafts[0].Publicity = s.reply.WorkingCopy.Publicity
	if body := s.get("/proposals/7/draft").Body.String(); strings.Contains(body, "暂存的文字") || !strings.Contains(body, `name="copy_version" value="17"`) {
		t.Error("a working copy like the draft is shown, or is not taken up")
	}

	s.reply.WorkingCopy.Text, s.view.Moves = "写到一半", nil
	wantIn(t, "the draft under review", s.get("/proposals/7/draft"), "没有保存的文字", "写到一半</article>")
}

func TestDropWorkingCopy(t *testing.T) {
	t.Parallel()
	s := drafting(t)
	values := url.Values{"request_id": {requestID}, "expected_version": {"17"}, "sure": {"yes"}}
	wantStatus(t, "dropping", s.post("/proposals/7/draft/DropWorkingCopy", values), http.StatusSeeOther)
	want := &fuyanv1.DropWorkingCopyRequest{RequestId: requestID, ProposalId: 7, ExpectedVersion: 17}
	if diff := cmp.Diff(want, sent[*fuyanv1.DropWorkingCopyRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("dropping sent (-want +got):\n%s", diff)
	}
}
