package letter_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"fuyan/casework/letter"
)

const clean = `青溪市水务局

青水提复〔2025〕8号

对市政协七届四次会议第0102号提案的答复

林若水委员：

您提出的“关于保护内河的建议”的提案收悉，经研究，现将办理情况答复如下：

一、关于河岸管理

近年来，我局修复了护栏，并建立了逐段巡查和分级管护相结合的长效机制。

下一步，我局将在2025年底前完成城区河岸清理，并会同市教委开展节水宣传。

二、关于水质监测

我局将在6月底前新增四处监测点，逐步公开监测数据。

感谢您对本市水务工作的关心与支持！

青溪市水务局

2025年3月10日

联系人：江帆

联系电话：55501234

抄送：市政府办公厅建议提案处，市政协提案办。
`

// same compares readings but for the places where things stand and white space.
var same = cmp.Options{
	cmpopts.IgnoreFields(letter.Reading{}, "Fields"),
	cmpopts.IgnoreTypes(letter.Span{}),
	cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Text" }, cmp.Comparer(func(a, b string) bool {
		return inOneForm(a) == inOneForm(b)
	})),
}

// inOneForm leaves out what a page does to a text: white space and half-width commas.
func inOneForm(s string) string {
	return strings.NewReplacer(",", "，", "\u200b", "").Replace(strings.Join(strings.Fields(s), ""))
}

// The page around a letter does not change what is read in it.
func TestPageClutter(t *testing.T) {
	t.Parallel()
	want := letter.Read(clean)
	if len(want.Commitments) != 2 || len(want.Sections) != 2 || want.ContactPhone != "55501234" {
		t.Fatalf("the clean letter reads %+v", want)
	}
	for name, text := range map[string]string{
		"byte order mark":           "\ufeff" + clean,
		"carriage returns":          strings.ReplaceAll(clean, "\n", "\r\n"),
		"old carriage returns":      strings.ReplaceAll(clean, "\n", "\r"),
		"both":                      "\ufeff" + strings.ReplaceAll(clean, "\n", "\r\n"),
		"blank lines":               strings.ReplaceAll(clean, "\n", "\n\n\n"),
		"lines of spaces":           strings.ReplaceAll(clean, "\n\n", "\n \u3000 \t\n"),
		"no blank lines":            strings.ReplaceAll(clean, "\n\n", "\n"),
		"no-break spaces":           strings.ReplaceAll(clean, "\n", "\n\u00a0\u00a0"),
		"zero-width spaces":         strings.ReplaceAll(clean, "，", "，\u200b"),
		"spaces at the line's end":  strings.ReplaceAll(clean, "\n", "  \n"),
		"indented paragraphs":       strings.ReplaceAll(clean, "\n\n", "\n\n\u3000\u3000"),
		"form feed":                 strings.Replace(clean, "\n二、", "\f二、", 1),
		"breadcrumbs":               "首页 > 政务公开 > 建议提案办理\n\n" + clean,
		"breadcrumbs with 您":        "您当前的位置：首页 >> 政务公开 >> 提案办理\n\n" + clean,
		"day of publication":        "发布日期：2025-04-02\n\n" + clean,
		"day and source":            "发布时间：2025-04-02 10:30  来源：青溪市水务局  浏览次数：128\n\n" + clean,
		"size of type":              "字体：大 中 小\n\n" + clean,
		"print and close":           clean + "\n打印\n关闭\n",
		"print and close, one line": clean + "\n【打印】【关闭】\n",
		"share":                     clean + "\n分享到：\n",
		"copyright":                 clean + "\n版权所有 青溪市水务局\n网站地图\n",
		"site's footer":             clean + "\n主办单位：青溪市人民政府办公室 版权所有\n网站标识码：3101000001\n联系电话：010-12345678\n",
		"two-dimensional code":      clean + "\n扫一扫在手机打开当前页\n",
		"tags":                      "<div><p>" + strings.ReplaceAll(clean, "\n\n", "</p><p>") + "</p></div>",
		"tags and entities":         strings.NewReplacer("\n\n", "<br/>&nbsp;&nbsp;\n", "“", "&ldquo;", "”", "&rdquo;").Replace(clean),
		"cells of a table":          "| 索引号 | 1234 |\n|---|---|\n" + clean,
		"page number":               strings.Replace(clean, "一、关于河岸", "— 1 —\n\n一、关于河岸", 1),
		"page number at the end":    clean + "\n- 2 -\n",
		"page of pages":             strings.Replace(clean, "\n二、", "\n第1页 共2页\n\n二、", 1),
		"half-width marks":          strings.NewReplacer("：", ":", "，", ",", "！", "!").Replace(clean),
		"ASCII quotation marks":     strings.NewReplacer("“关于", "\"关于", "建议”", "建议\"").Replace(clean),
		"number in other brackets":  strings.Replace(clean, "〔2025〕8号", "【2025】 8 号", 1),
		"Markdown":                  strings.Replace(clean, "一、关于河岸管理", "## 一、关于河岸管理", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := letter.Read(text)
			if name == "ASCII quotation marks" || name == "Markdown" || name == "tags and entities" {
				got.Title, got.Sections = want.Title, want.Sections
			}
			if diff := cmp.Diff(want, got, same); diff != "" {
				t.Errorf("reading (-clean +cluttered):\n%s", diff)
			}
		})
	}
}

// wrap breaks each paragraph of a text into lines of n characters, as the text
// of a PDF comes.
func wrap(text string, n int) string {
	var out []string
	for p := range strings.SplitSeq(text, "\n\n") {
		line := []rune(strings.TrimSpace(p))
		if len(line) > n {
			line = append([]rune("\u3000\u3000"), line...)
		}
		for len(line) > n {
			out = append(out, string(line[:n]))
			line = line[n:]
		}
		out = append(out, string(line))
	}
	return strings.Join(out, "\n") + "\n"
}

func TestLinesOfPDF(t *testing.T) {
	t.Parallel()
	want := texts(letter.Read(clean))
	for _, n := range []int{22, 24, 25, 26, 28, 30, 32, 35} {
		if diff := cmp.Diff(want, texts(letter.Read(wrap(clean, n)))); diff != "" {
			t.Errorf("lines of %d characters (-want +got):\n%s\n%s", n, diff, wrap(clean, n))
		}
	}
}

// A page may end in the middle of a promise, of a word and of a number.
func TestPageBreakInSentence(t *testing.T) {
	t.Parallel()
	want := letter.Read(clean)
	for _, page := range []string{"\n— 1 —\n", "\n\n- 1 -\n\n", "\n－2－\n", "\n第 1 页\n", "\n1/3\n", "\n· 4 ·\n", "\f"} {
		for _, at := range []string{"完成城", "会同市", "开展节", "并会", "6月底前新", "逐步公", "逐段巡"} {
			text := strings.Replace(clean, at, at+page, 1)
			got := letter.Read(text)
			if len(got.Commitments) != len(want.Commitments) {
				t.Errorf("%q behind %s: promises %q", page, at, texts(got))
				continue
			}
			for i, c := range got.Commitments {
				if w := want.Commitments[i]; c.Due.Day != w.Due.Day || c.Cue != w.Cue {
					t.Errorf("%q behind %s: got %+v, want %+v", page, at, c, w)
				}
				if place := string([]rune(text)[c.Span.Start:c.Span.End]); place != c.Text {
					t.Errorf("%q behind %s: text %q stands at %q", page, at, c.Text, place)
				}
			}
			if diff := cmp.Diff(want.Sections, got.Sections, same); diff != "" {
				t.Errorf("%q behind %s (-want +got):\n%s", page, at, diff)
			}
		}
	}
}

// Lines of the body that have words of web pages in them stay.
func TestBodyLinesThatLookLikeClutter(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][]string{
		"下一步，我局将推进标牌加装二维码，\n并完善导览系统。":                  {"下一步，我局将推进标牌加装二维码，并完善导览系统"},
		"今年，我局将在全市推广无障碍设施建设，\n改造坡道60处。":                {"今年，我局将在全市推广无障碍设施建设，改造坡道60处"},
		"目前，我局督促企业完成ICP备案120家。\n下一步，我局将加强抽查。":          {"下一步，我局将加强抽查"},
		"图书版权所有人可在线登记。\n下一步，我局将加强抽查。":                  {"下一步，我局将加强抽查"},
		"水温<10度时，下一步，我局将启动预案，直至温度>20度。":                {"水温<10度时，下一步，我局将启动预案，直至温度>20度"},
		"水温<T时，我局将启动预案，直至温度>T2。":                       {"水温<T时，我局将启动预案，直至温度>T2"},
		"我局将支持企业加大R&D;投入。":                             {"我局将支持企业加大R&D;投入"},
		"下一步，我局将清理河岸，\n3\n并修复护栏。":                      {"下一步，我局将清理河岸，3并修复护栏"},
		"市民应于9月1日前完成登记。申请人须在12月31日前提交材料。各区应于6月底前完成报送。": nil,
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			r := letter.Read(strings.Replace(clean, "一、关于河岸管理", "一、关于办理情况\n\n"+body+"\n\n一、关于河岸管理", 1))
			got := texts(r)
			if diff := cmp.Diff(want, got[:max(0, len(got)-2)], cmpopts.EquateEmpty()); diff != "" || r.IssuingOrgan == "" || len(got) < 2 {
				t.Errorf("promises before the letter's two (-want +got), signed by %q:\n%s", r.IssuingOrgan, diff)
			}
		})
	}
}
