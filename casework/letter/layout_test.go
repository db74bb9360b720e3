package letter_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fuyan/casework"
	"fuyan/casework/letter"
)

// laidOut is each line behind what it is.
func laidOut(text string) (out []string) {
	chars := []rune(text)
	for _, l := range letter.Layout(text) {
		part := string(l.Part)
		if l.Level > 0 {
			part += strings.Repeat("+", l.Level)
		}
		if l.Continues {
			part += "…"
		}
		out = append(out, part+" "+string(chars[l.Span.Start:l.Span.End]))
	}
	return out
}

func TestLayout(t *testing.T) {
	t.Parallel()
	facts := letter.Facts{
		Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 2}, Number: "0670", Title: "关于夜间开放实验室的提案",
		Proposers: []string{"顾某某", "芮某某"}, Organ: "某市科学技术委员会", OrganOffice: "某市科委办公室", Result: "解决采纳", Publicity: "主动公开·全文",
		DocumentNumber: "某科提复〔2024〕25号", IssueDate: casework.Date{Year: 2024, Month: 5, Day: 27}, ContactName: "沈某某", ContactPhone: "23112565",
		CopiedTo: []string{"市政府办公厅建议提案处", "市政协提案办"},
	}
	draft := "顾某某、芮某某委员：\n\n你们提出的“关于夜间开放实验室的提案”收悉，经研究，现将办理情况答复如下：\n\n一、关于开放\n\n（一）已经做的\n\n" +
		"我委已经开放三处实验室，去年来过的人有五千，其中学生三千（另有两千为企业的人），\n\n同比增长一成。\n\n感谢你们对本市科技工作的关心和支持。"
	want := []string{
		"banner 办理结果：解决采纳", "banner 公开属性：主动公开·全文", "masthead 某市科学技术委员会", "number 某科提复〔2024〕25号",
		"title 对市政协十四届二次会议第0670号提案的答复", "salutation 顾某某、芮某某委员：", "body 你们提出的“关于夜间开放实验室的提案”收悉，经研究，现将办理情况答复如下：",
		"heading+ 一、关于开放", "heading++ （一）已经做的", "body 我委已经开放三处实验室，去年来过的人有五千，其中学生三千（另有两千为企业的人），", "body… 同比增长一成。",
		"body 感谢你们对本市科技工作的关心和支持。", "signature 某市科学技术委员会", "day 2024年5月27日", "note 联系人：沈某某", "note 联系电话：23112565",
		"copies 抄送：市政府办公厅建议提案处，市政协提案办。", "printer 某市科委办公室", "printed 2024年5月27日印发",
	}
	if diff := cmp.Diff(want, laidOut(letter.Compose(facts, draft))); diff != "" {
		t.Errorf("a composed letter (-want +got):\n%s", diff)
	}
	facts.DocumentNumber = ""
	want = slices.Delete(want, 3, 4)
	if diff := cmp.Diff(want, laidOut(letter.Compose(facts, draft))); diff != "" {
		t.Errorf("a letter that has no number yet (-want +got):\n%s", diff)
	}
	together := strings.Replace(letter.Compose(facts, draft), "某市科委办公室\n\n", "某市科委办公室　　", 1)
	want = append(want[:len(want)-2], "printed 某市科委办公室　　2024年5月27日印发")
	if diff := cmp.Diff(want, laidOut(together)); diff != "" {
		t.Errorf("a letter that is printed on one line (-want +got):\n%s", diff)
	}
}

func TestLayoutOfLess(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":        nil,
		" 　\r\n ": nil,
		"  我委去年开放了三处实验室，今年再开放两处。\n\n　　请市民前来。": {"body 我委去年开放了三处实验室，今年再开放两处。", "body 请市民前来。"},
	} {
		if diff := cmp.Diff(want, laidOut(text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// TestLayoutLosesNothing: the lines are in order and apart, and what stands
// outside them is space.
func TestLayoutLosesNothing(t *testing.T) {
	t.Parallel()
	check := func(tb interface{ Fatalf(string, ...any) }, text string) {
		chars, at := []rune(text), 0
		for _, l := range letter.Layout(text) {
			if l.Span.Start < at || l.Span.End <= l.Span.Start || l.Span.End > len(chars) {
				tb.Fatalf("line %v behind %d of %d in %q", l, at, len(chars), text)
			}
			if lost := strings.TrimFunc(string(chars[at:l.Span.Start]), unicode.IsSpace); lost != "" {
				tb.Fatalf("%q is lost of %q", lost, text)
			}
			at = l.Span.End
		}
		if lost := strings.TrimFunc(string(chars[at:]), unicode.IsSpace); lost != "" {
			tb.Fatalf("%q is lost of %q", lost, text)
		}
	}
	for _, l := range corpus(t) {
		check(t, l.text)
	}
	rapid.Check(t, func(rt *rapid.T) {
		check(rt, strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{
			"某委员：", "\n", "\r\n", " ", "　", "一、关于", "收悉，答复如下：", "市科委", "2024年5月27日", "抄送：市政府。", "印发", "办理结果：采纳", "<br>", "&nbsp;", "\u200b", "1.", "（一）", "。",
		})).Draw(rt, "pieces"), ""))
	})
}
