package web_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/server/web"
)

// onPaper is each line of a letter behind the classes that set it, the pieces of a
// line apart by a bar.
func onPaper(p web.Paper) (out []string) {
	for _, block := range p {
		for _, l := range block.Lines {
			var set []string
			for _, piece := range l.Pieces {
				set = append(set, piece.Text)
			}
			out = append(out, block.Class+" "+l.Class+" "+strings.Join(set, "|"))
		}
	}
	return out
}

const (
	banner     = fuyanv1.LetterPart_LETTER_PART_BANNER
	masthead   = fuyanv1.LetterPart_LETTER_PART_MASTHEAD
	number     = fuyanv1.LetterPart_LETTER_PART_NUMBER
	title      = fuyanv1.LetterPart_LETTER_PART_TITLE
	salutation = fuyanv1.LetterPart_LETTER_PART_SALUTATION
	heading    = fuyanv1.LetterPart_LETTER_PART_HEADING
	body       = fuyanv1.LetterPart_LETTER_PART_BODY
	signature  = fuyanv1.LetterPart_LETTER_PART_SIGNATURE
	day        = fuyanv1.LetterPart_LETTER_PART_DAY
	note       = fuyanv1.LetterPart_LETTER_PART_NOTE
	copies     = fuyanv1.LetterPart_LETTER_PART_COPIES
	printer    = fuyanv1.LetterPart_LETTER_PART_PRINTER
	printed    = fuyanv1.LetterPart_LETTER_PART_PRINTED
)

// linesOf are the lines of text that are not blank, of which each is the part of its
// place.
func linesOf(text string, parts ...fuyanv1.LetterPart) (out []*fuyanv1.LetterLine) {
	at := int32(0)
	for line := range strings.Lines(text) {
		kept := int32(len([]rune(strings.TrimSuffix(line, "\n"))))
		if kept > 0 {
			out = append(out, &fuyanv1.LetterLine{Part: parts[len(out)], Span: &fuyanv1.Span{Start: at, End: at + kept}})
		}
		at += int32(len([]rune(line)))
	}
	return out
}

const whole = "办理结果：解决采纳\n\n某市科委\n\n某科提复〔2026〕25号\n\n某某单位对市政协十四届四次会议\n第0670号提案的答复\n\n某委员：\n\n一、关于市场\n\n（一）要素\n\n" +
	"去年开放三处，\n\n今年两处。\n\n某市科技委\n\n2026年5月12日\n\n联系人：某\n\n抄送：某办。\n\n某市科委办公室\n\n2026年5月13日印发"

func wholeLines() []*fuyanv1.LetterLine {
	lines := linesOf(whole, banner, masthead, number, title, title, salutation, heading, heading, body, body, signature, day, note, copies, printer, printed)
	lines[6].Level, lines[7].Level, lines[9].Continues = 1, 2, true
	return lines
}

func TestPaperOf(t *testing.T) {
	t.Parallel()
	want := []string{
		"labels label 办理结果：解决采纳", "head masthead 某市科委", "head number 某科提复〔2026〕25号", "prose title 某某单位对市政协十四届四次会议|第0670号提案的答复",
		"prose salutation 某委员：", "prose heading1 一、关于市场", "prose heading2 （一）要素", "prose body 去年开放三处，|今年两处。",
		"signed signature 某市科技委", "signed day 2026年5月12日", "prose body 联系人：某",
		"foot copies 抄送：某办。", "foot printer 某市科委办公室", "foot printed 2026年5月13日印发",
	}
	if diff := cmp.Diff(want, onPaper(web.PaperOf(whole, wholeLines(), nil))); diff != "" {
		t.Errorf("a letter (-want +got):\n%s", diff)
	}
	want = slices.Insert(want[:len(want)-1], 2, "head number blank （发文字号）")
	want = slices.Delete(want, 3, 4)
	want[9] = "signed day blank （成文日期）"
	lines := slices.DeleteFunc(wholeLines(), func(l *fuyanv1.LetterLine) bool { return l.Part == number })
	if diff := cmp.Diff(want, onPaper(web.DraftPaperOf(whole, lines))); diff != "" {
		t.Errorf("a draft (-want +got):\n%s", diff)
	}
	const closed = "对市政协十四届闭会期间第1号提案的答复"
	got := onPaper(web.PaperOf(closed, linesOf(closed, title), nil))
	if diff := cmp.Diff([]string{"prose title 对市政协十四届闭会期间|第1号提案的答复"}, got); diff != "" {
		t.Errorf("a title (-want +got):\n%s", diff)
	}
}

// TestPaperLeavesNothingOut: whatever the lines are, they are on the paper, in their
// order and with their marks; and lines that the text has not are no trouble.
func TestPaperLeavesNothingOut(t *testing.T) {
	t.Parallel()
	part := rapid.SampledFrom(slices.Sorted(maps.Keys(fuyanv1.LetterPart_name))[1:])
	rapid.Check(t, func(rt *rapid.T) {
		text, marked := "", ""
		var lines []*fuyanv1.LetterLine
		for _, l := range rapid.SliceOfN(rapid.StringMatching(`[会议期间一某0]{1,6}`), 0, 12).Draw(rt, "lines") {
			start := int32(len([]rune(text)))
			text += l
			lines = append(lines, &fuyanv1.LetterLine{
				Part: fuyanv1.LetterPart(part.Draw(rt, "part")), Continues: rapid.Bool().Draw(rt, "continues"), Span: &fuyanv1.Span{Start: start, End: start + int32(len([]rune(l)))},
			})
		}
		chars := []rune(text)
		from := rapid.IntRange(0, len(chars)).Draw(rt, "from")
		to := rapid.IntRange(from, len(chars)).Draw(rt, "to")
		lines = append(lines, &fuyanv1.LetterLine{Span: &fuyanv1.Span{Start: 1, End: 1000}}, &fuyanv1.LetterLine{})
		got := ""
		for _, block := range web.PaperOf(text, lines, []web.Mark{{Start: from, End: to, Class: "promise"}}) {
			for _, l := range block.Lines {
				for _, p := range l.Pieces {
					if got += p.Text; p.Class == "promise" {
						marked += p.Text
					}
				}
			}
		}
		if got != text || marked != string(chars[from:to]) {
			rt.Fatalf("the paper of %q reads %q, and marks %q, want %q", text, got, marked, string(chars[from:to]))
		}
	})
}

func TestLetterPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.get("/proposals/7/letter")
	wantIn(t, "the letter", w, "已发出的复文", `<p class="number">沪科提复〔2026〕25号</p>`)
	if sent[*fuyanv1.CheckDraftRequest](s.service) != nil {
		t.Error("a letter that is issued is composed anew")
	}
	s = drafting(t)
	s.check.Letter, s.check.LetterLines = whole, wholeLines()
	w = s.get("/proposals/7/letter")
	wantIn(t, "the letter of a draft", w, "按已保存的第 2 稿预览", "（发文字号）", "（成文日期）")
	if shown := w.Body.String(); strings.Contains(shown, "2026年5月12日") || strings.Contains(shown, "印发") {
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
