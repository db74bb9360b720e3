package web_test

import (
	"net/http"
	"strings"
	"testing"

	"pgregory.net/rapid"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/server/web"
)

// printed are the lines of a letter as its paper shows them.
func printed(p web.Paper) []string {
	var out []string
	add := func(lines ...string) {
		for _, l := range lines {
			if l != "" {
				out = append(out, l)
			}
		}
	}
	add(p.Labels...)
	add(p.Organ, p.Number, strings.Join(p.Title, ""), p.To)
	for _, l := range p.Body {
		add(l.Text)
	}
	add(p.Signed, p.Date)
	add(p.Notes...)
	add(p.Copies, p.Issuer, p.Issued)
	return out
}

const organName = "上海市科学技术委员会"

func TestPaperOf(t *testing.T) {
	t.Parallel()
	whole := "办理结果：解决采纳\n\n公开属性：主动公开\n\n" + organName + "\n\n" + letter[:strings.Index(letter, "抄送")] +
		"联系人：李伟\n\n联系电话：1\n\n抄送：市政协提案办。\n\n上海市科委办公室\n\n2026年5月12日印发\n"
	p := web.PaperOf(whole, organName)
	for part, want := range map[string]string{
		strings.Join(p.Labels, "|"): "办理结果：解决采纳|公开属性：主动公开", p.Organ + "*": organName + "*", p.Number: "沪科提复〔2026〕25号",
		strings.Join(p.Title, "|"): "对市政协十四届四次会议|第0670号提案的答复", p.To: "顾伟华、芮海燕委员：", p.Signed: organName, p.Date: "2026年5月12日",
		strings.Join(p.Notes, "|"): "联系人：李伟|联系电话：1", p.Copies: "抄送：市政协提案办。", p.Issuer: "上海市科委办公室", p.Issued: "2026年5月12日印发",
		p.Body[1].Class + p.Body[1].Text: "level-1一、关于要素市场",
	} {
		if part != want {
			t.Errorf("a part is %q, want %q", part, want)
		}
	}
	if n := len(p.Body); n != 5 {
		t.Errorf("the body has %d paragraphs, want 5: %v", n, p.Body)
	}
}

// TestPaperLeavesNothingOut: whatever the letter is, its lines are on the paper, in
// their order.
func TestPaperLeavesNothingOut(t *testing.T) {
	t.Parallel()
	line := rapid.SampledFrom([]string{
		organName, "沪科提复〔2026〕25号", "对市政协十四届四次会议第0670号提案的答复", "顾伟华委员：", "一、关于市场", "（一）要素", "正文。", "", "2026年5月12日",
		"联系人：某", "抄送：某办。", "上海市科委办公室", "2026年5月12日印发", "办理结果：解决采纳", "关于某某某某的复函", "  缩进 ",
	})
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(line, 0, 20).Draw(rt, "lines"), "\n")
		var want []string
		for _, l := range strings.Split(text, "\n") {
			if l = strings.TrimSpace(l); l != "" {
				want = append(want, l)
			}
		}
		if got := printed(web.PaperOf(text, organName)); strings.Join(got, "\n") != strings.Join(want, "\n") {
			rt.Fatalf("the paper of\n%s\nreads\n%s", strings.Join(want, "\n"), strings.Join(got, "\n"))
		}
	})
}

func TestLetterPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.get("/proposals/7/letter")
	wantIn(t, "the letter", w, "已发出的复文", `<p class="paper-number">沪科提复〔2026〕25号</p>`)
	if sent[*fuyanv1.CheckDraftRequest](s.service) != nil {
		t.Error("a letter that is issued is composed anew")
	}
	s = drafting(t)
	s.check.Letter = organName + "\n\n对市政协十四届四次会议第0670号提案的答复\n\n顾伟华委员：\n\n正文。\n\n" + organName + "\n\n2026年5月20日\n"
	w = s.get("/proposals/7/letter")
	wantIn(t, "the letter of a draft", w, "按已保存的第 2 稿预览", "（发文字号）", "（成文日期）")
	if strings.Contains(w.Body.String(), "2026年5月20日") {
		t.Error("a letter that is not issued has a date")
	}
	s.reply.Drafts = nil
	wantStatus(t, "a letter without a draft", s.get("/proposals/7/letter"), http.StatusNotFound)
	wantStatus(t, "drafts of a delegate", s.get("/proposals/7/drafts"), http.StatusNotFound)
}

func TestVersionsPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.reply.Drafts = append([]*fuyanv1.Draft{{Number: 3, Text: "顾伟华、芮海燕委员：\n第三稿", Author: "王敏", Result: fuyanv1.Result_RESULT_PLANNED}}, s.reply.Drafts...)
	for path, want := range map[string]string{
		"/proposals/7/drafts":             `第 2 稿</th><th scope="col">第 3 稿`,
		"/proposals/7/drafts?from=1":      `第 1 稿</th><th scope="col">第 2 稿`,
		"/proposals/7/drafts?from=1&to=3": `第 1 稿</th><th scope="col">第 3 稿`,
	} {
		wantIn(t, path, s.get(path), want, "<tr><td>顾伟华、芮海燕委员：\n</td><td>顾伟华、芮海燕委员：\n</td></tr>")
	}
	wantIn(t, "the fields", s.get("/proposals/7/drafts"), `<ins>列入计划拟解决</ins>`, `<option value="3" selected>第 3 稿 王敏`)
	wantIn(t, "a draft against itself", s.get("/proposals/7/drafts?from=2&to=2"), "这两稿完全相同")
	for _, path := range []string{"/proposals/7/drafts?from=9", "/proposals/7/drafts?to=x", "/proposals/x/drafts"} {
		wantStatus(t, path, s.get(path), http.StatusNotFound)
	}
	wantIn(t, "the proposal", s.get("/proposals/7"), `href="/proposals/7/letter?round=1"`, `href="/proposals/7/drafts?round=1"`)
}
