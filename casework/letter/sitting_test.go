package letter_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/casework/letter"
)

// meeting is what a letter says about where its case was handed in.
func meeting(r letter.Reading) string {
	return fmt.Sprintf("%s %d %d %s", r.Body, r.Term, r.Session, r.CaseNumber)
}

// withTitle is a letter under the given title.
func withTitle(title string) string {
	return title + "\n\n林若水同志：\n\n您提出的“关于保护内河的建议”收悉，现答复如下：\n\n我局将清理河岸。\n"
}

func TestSittingInTitle(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{
		// Political consultative conferences of all levels.
		"对市政协十三届一次会议第0001号提案的答复":          "市政协 13 1 0001",
		"对市政协十三届五次会议第1204号提案的答复":          "市政协 13 5 1204",
		"对省政协十二届三次会议第0417号提案的答复":          "省政协 12 3 0417",
		"对区政协九届四次会议第118号提案的答复":            "区政协 9 4 118",
		"对县政协十一届二次会议第36号提案的答复":            "县政协 11 2 36",
		"对青溪市政协八届三次会议第45号提案的答复":           "青溪市政协 8 3 45",
		"对青溪区政协二十届三次会议第45号提案的答复":          "青溪区政协 20 3 45",
		"对政协青溪市第八届委员会第三次会议第45号提案的答复":      "青溪市政协 8 3 45",
		"对政协第十四届全国委员会第三次会议第02345号提案的答复":   "全国政协 14 3 02345",
		"对全国政协十四届三次会议第02345号提案的答复":        "全国政协 14 3 02345",
		"关于市政协第十三届第二次会议第0217号提案的答复":       "市政协 13 2 0217",
		"关于市政协第十三届委员会第二次会议第0217号提案的答复":    "市政协 13 2 0217",
		"青溪市水务局关于市政协十三届二次会议第0217号提案的答复意见": "市政协 13 2 0217",
		"关于对市政协十三届二次会议第0217号提案的答复函":       "市政协 13 2 0217",

		// People's congresses.
		"对市十六届人大一次会议第0008号代表建议的答复":       "市人大 16 1 0008",
		"对市十六届人大三次会议第0508号代表建议的答复":       "市人大 16 3 0508",
		"对市第十六届人大第三次会议第508号建议的答复":        "市人大 16 3 508",
		"对省十四届人大二次会议第1055号建议的答复":         "省人大 14 2 1055",
		"对区十七届人大五次会议第26号代表建议的答复":         "区人大 17 5 26",
		"对县十八届人大三次会议第9号建议的答复":            "县人大 18 3 9",
		"对青溪市十届人大四次会议第62号建议的答复":          "青溪市人大 10 4 62",
		"对青溪市第十届人民代表大会第四次会议第62号建议的答复":    "青溪市人大 10 4 62",
		"对十四届全国人大三次会议第4410号建议的答复":        "全国人大 14 3 4410",
		"对市人大十六届三次会议第0508号建议的答复":         "市人大 16 3 0508",
		"关于市十六届人大三次会议第508号代表议案的答复":       "市人大 16 3 508",
		"关于市十六届人大三次会议第508号议案的办理情况":       "市人大 16 3 508",
		"关于市十六届人大三次会议第508号书面意见的答复":       "市人大 16 3 508",
		"关于区十七届人大五次会议代表书面意见第0026号的答复":    "区人大 17 5 0026",
		"对市十六届人大三次会议第508号代表建议（意见、批评）的答复": "市人大 16 3 508",

		// Between sittings.
		"对市十六届人大闭会期间第031号代表建议的答复": "市人大 16 0 031",
		"对市政协十三届闭会期间第0031号提案的答复":  "市政协 13 0 0031",
		"对区十七届人大闭会期间第7号代表书面意见的答复": "区人大 17 0 7",
		"对省十四届人大闭会期间第B12号建议的答复":   "省人大 14 0 B12",

		// Digits.
		"对市政协13届2次会议第0217号提案的答复":   "市政协 13 2 0217",
		"对市16届人大3次会议第0508号建议的答复":   "市人大 16 3 0508",
		"对市政协１３届２次会议第0217号提案的答复":   "市政协 13 2 0217",
		"对市政协第13届第2次会议第0217号提案的答复": "市政协 13 2 0217",

		// White space and line breaks.
		"对市政协 十三届 二次会议 第 0217 号 提案的答复":        "市政协 13 2 0217",
		"对市政协十三届二次会议\n第0217号提案的答复":            "市政协 13 2 0217",
		"对市政协十三届二次会议第0217号提\n案的答复":            "市政协 13 2 0217",
		"关于市十六届人大三次会议\n第0508号代表建议\n的答复":       "市人大 16 3 0508",
		"对市政协十三\u3000届二次会议第02\u300017号提案的答复":  "市政协 13 2 0217",
		"青溪市水务局\n关于市政协十三届二次会议\n第0217号提案的\n答复": "市政协 13 2 0217",

		// Numbers.
		"对市政协十三届二次会议第A017号提案的答复":      "市政协 13 2 A017",
		"对市政协十三届二次会议第0217、0218号提案的答复": "市政协 13 2 0217、0218",
		"对市政协十三届二次会议第2024-88号提案的答复":   "市政协 13 2 2024-88",
		"对市政协十三届二次会议“第0217号”提案的答复":    "市政协 13 2 0217",
		"对市政协十三届二次会议提案（第0217号）的答复":    "市政协 13 2 0217",
		"对市政协十三届二次会议第20240217号提案的答复":  "市政协 13 2 20240217",

		// Parts only.
		"对市政协第0217号提案的答复":   "市政协 0 0 0217",
		"对区人大第0026号代表建议的答复": "区人大 0 0 0026",
		"关于第0217号提案的答复":     " 0 0 0217",
		"关于加强河道保护提案的答复":     " 0 0 ",
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if got := meeting(letter.Read(withTitle(title))); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// Without a title the opening says where the case was handed in.
func TestSittingInOpening(t *testing.T) {
	t.Parallel()
	for opening, want := range map[string]string{
		"您在市政协十三届二次会议上提出的“关于保护内河的提案”（第0217号）收悉，现答复如下：":       "市政协 13 2 0217",
		"您在市十六届人大三次会议上提出的第0508号建议“关于保护内河的建议”收悉，现答复如下：":       "市人大 16 3 0508",
		"您在区十七届人大五次会议期间提出的关于保护内河的建议（第26号）收悉，现答复如下：":          "区人大 17 5 26",
		"您在省政协十二届三次会议提出的《关于保护内河的提案》（0417号）收悉，现答复如下：":         "省政协 12 3 0417",
		"您提出的“关于保护内河的提案”收悉，现答复如下：":                           " 0 0 ",
		"您提出的“关于落实市政协十三届二次会议精神的提案”收悉，现答复如下：":                 " 0 0 ",
		"您在 市政协 十三届 二次会议上提出的“关于保护内河\n的提案”（第 0217 号）收悉，答复如下：": "市政协 13 2 0217",
	} {
		t.Run(opening, func(t *testing.T) {
			t.Parallel()
			r := letter.Read("林若水同志：\n\n" + opening + "\n\n我局将清理河岸。\n")
			if got := meeting(r); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// The title's word stands above the opening's.
func TestSittingOfTitleWins(t *testing.T) {
	t.Parallel()
	text := strings.Replace(withTitle("对市政协十三届二次会议第0217号提案的答复"), "您提出的", "您在市政协十三届一次会议上提出的", 1)
	if got, want := meeting(letter.Read(text)), "市政协 13 2 0217"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// All terms and sessions that letters print, in either numerals.
func TestSittingNumerals(t *testing.T) {
	t.Parallel()
	numerals := strings.Fields("一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十 二十一 二十二")
	for i, term := range numerals {
		for j, session := range numerals[:10] {
			for _, title := range []string{
				fmt.Sprintf("对市政协%s届%s次会议第0102号提案的答复", term, session),
				fmt.Sprintf("对市政协第%s届第%s次会议第0102号提案的答复", term, session),
				fmt.Sprintf("对市政协%d届%d次会议第0102号提案的答复", i+1, j+1),
			} {
				if got, want := meeting(letter.Read(withTitle(title))), fmt.Sprintf("市政协 %d %d 0102", i+1, j+1); got != want {
					t.Errorf("%s: got %q, want %q", title, got, want)
				}
			}
		}
	}
}

func TestKindOfLetter(t *testing.T) {
	t.Parallel()
	const proposal, suggestion = casework.CPPCCProposal, casework.NPCSuggestion
	for text, want := range map[string]casework.Kind{
		withTitle("对市政协十三届二次会议第0217号提案的答复"):                     proposal,
		withTitle("对市十六届人大三次会议第0508号代表建议的答复"):                   suggestion,
		withTitle("关于市十六届人大三次会议第508号议案的办理情况"):                   suggestion,
		withTitle("关于第0217号提案的答复"):                              proposal,
		withTitle("关于第0508号代表建议的答复"):                            suggestion,
		withTitle("关于第0217号“关于人大代表履职的提案”提案的答复"):                 proposal,
		"林若水委员：\n\n您的来信收悉，现答复如下：\n\n我局将清理河岸。\n":                 proposal,
		"林若水代表：\n\n您的来信收悉，现答复如下：\n\n我局将清理河岸。\n":                 suggestion,
		"青水提复〔2024〕3号\n\n林若水同志：\n\n您的来信收悉，现答复如下：\n\n我局将清理河岸。\n": proposal,
		"青水建复〔2024〕3号\n\n林若水同志：\n\n您的来信收悉，现答复如下：\n\n我局将清理河岸。\n": suggestion,
		"林若水同志：\n\n您提出的提案收悉，现答复如下：\n\n我局将清理河岸。\n":               proposal,
		"林若水同志：\n\n您的来信收悉，现答复如下：\n\n我局将清理河岸。\n":                 "",
		"": "",
	} {
		if got := letter.Read(text).Kind; got != want {
			t.Errorf("kind of %q: got %q, want %q", text, got, want)
		}
	}
}

// The fields of a meeting point at its words.
func TestSittingSpans(t *testing.T) {
	t.Parallel()
	text := withTitle("对市政协十三届二次会议第0217号提案的答复")
	got := map[string]string{}
	for _, f := range letter.Read(text).Fields {
		got[f.Name] = string([]rune(text)[f.Span.Start:f.Span.End])
	}
	want := map[string]string{
		"body": "市政协十三", "term": "市政协十三届二次会议", "session": "市政协十三届二次会议",
		"case_number": "0217", "proposers": "林若水", "title": "关于保护内河的建议",
	}
	if diff := cmp.Diff(want["case_number"], got["case_number"]); diff != "" {
		t.Errorf("case number (-want +got):\n%s", diff)
	}
	for name, part := range map[string]string{"body": "市政协", "term": "十三届", "session": "二次会议"} {
		if !strings.Contains(got[name], part) {
			t.Errorf("%s stands at %q, which has no %q", name, got[name], part)
		}
	}
	for _, name := range []string{"proposers", "title"} {
		if got[name] != want[name] {
			t.Errorf("%s stands at %q, want %q", name, got[name], want[name])
		}
	}
}
