package letter_test

import (
	"errors"
	"testing"

	"fuyan/casework"
	"fuyan/casework/letter"
)

// numbered is a letter with the given lines above its title.
func numbered(lines string) string {
	return lines + "\n\n对市政协十四届二次会议第0102号提案的答复\n\n林若水委员：\n\n您提出的“关于保护内河的建议”的提案收悉，现答复如下：\n\n我局将清理河岸。\n\n青溪市水务局\n\n2024年5月20日\n"
}

// A number is read in whatever brackets, and where it is printed.
func TestReadNumber(t *testing.T) {
	t.Parallel()
	for printed, want := range map[string]string{
		"青水提复〔2024〕31号":        "青水提复〔2024〕31号",
		"青水提复【2024】31号":        "青水提复〔2024〕31号",
		"青水提复［2024］31号":        "青水提复〔2024〕31号",
		"青水提复[2024]31号":        "青水提复〔2024〕31号",
		"青水提复(2024)31号":        "青水提复〔2024〕31号",
		"青水提复（2024）31号":        "青水提复〔2024〕31号",
		"青水提复﹝2024﹞31号":        "青水提复〔2024〕31号",
		"青水提复〔2024]31号":        "青水提复〔2024〕31号",
		"青水提复〔2024〕第31号":       "青水提复〔2024〕31号",
		"青水提复〔2024年〕31号":       "青水提复〔2024〕31号",
		"青水提复 〔2024〕 31 号":     "青水提复〔2024〕31号",
		"青 水 提 复〔2024〕31号":     "青水提复〔2024〕31号",
		"青水提复〔２０２４〕３１号":        "青水提复〔2024〕31号",
		"青水提复〔 2024 〕31号":      "青水提复〔2024〕31号",
		"青水提复\u3000〔2024〕31 号": "青水提复〔2024〕31号",
		"青建〔2024〕7号":           "青建〔2024〕7号",
		"青水函〔2024〕1204号":       "青水函〔2024〕1204号",
	} {
		t.Run(printed, func(t *testing.T) {
			t.Parallel()
			text := numbered(printed)
			r := letter.Read(text)
			if r.DocumentNumber != want {
				t.Errorf("got %q, want %q", r.DocumentNumber, want)
			}
			for _, f := range r.Fields {
				if got := string([]rune(text)[f.Span.Start:f.Span.End]); f.Name == "document_number" && got != printed {
					t.Errorf("it stands at %q, want %q", got, printed)
				}
			}
		})
	}
}

// What stands beside the number is no part of it.
func TestReadNumberAmongOthers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ lines, number, class string }{
		"none":                     {"青溪市水务局文件", "", ""},
		"label in front":           {"发文字号：青水提复〔2024〕31号", "青水提复〔2024〕31号", ""},
		"short label":              {"文号：青水提复〔2024〕31号", "青水提复〔2024〕31号", ""},
		"label with half colon":    {"发文字号:青水提复[2024]31号", "青水提复〔2024〕31号", ""},
		"label with spaces":        {"发文字号： 青水提复 〔2024〕 31 号", "青水提复〔2024〕31号", ""},
		"class behind":             {"青水提复〔2024〕31号    B类", "青水提复〔2024〕31号", "B"},
		"class letter behind":      {"青水提复〔2024〕31号  A", "青水提复〔2024〕31号", "A"},
		"class in brackets":        {"青水提复〔2024〕31号 （C类）", "青水提复〔2024〕31号", "C"},
		"organ in front":           {"青溪市水务局文件\n青水提复〔2024〕31号", "青水提复〔2024〕31号", ""},
		"organ in the line":        {"青溪市水务局  青水提复〔2024〕31号", "青水提复〔2024〕31号", ""},
		"class above":              {"类别：B\n青水提复〔2024〕31号", "青水提复〔2024〕31号", "B"},
		"result above":             {"办理结果：解决采纳\n青水提复〔2024〕31号", "青水提复〔2024〕31号", "解决采纳"},
		"result and number":        {"办理结果：留作参考  发文字号：青水提复〔2024〕31号", "青水提复〔2024〕31号", "留作参考"},
		"signer behind":            {"青水提复〔2024〕31号    签发人：沈舟", "青水提复〔2024〕31号", ""},
		"first of two":             {"青水提复〔2024〕31号\n青水发〔2023〕9号", "青水提复〔2024〕31号", ""},
		"no year":                  {"青水提复31号", "", ""},
		"no brackets":              {"青水提复2024年31号", "青水提复〔2024〕31号", ""},
		"no 号":                     {"青水提复〔2024〕31", "", ""},
		"year in two digits":       {"青水提复〔24〕31号", "", ""},
		"case number is no number": {"第0102号", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := letter.Read(numbered(tt.lines))
			if r.DocumentNumber != tt.number || r.ResultLabel != tt.class {
				t.Errorf("got %q and class %q, want %q and %q", r.DocumentNumber, r.ResultLabel, tt.number, tt.class)
			}
		})
	}
}

// A number that the body quotes is not the letter's own.
func TestReadNumberNotFromBody(t *testing.T) {
	t.Parallel()
	if r := letter.Read(around("我局印发了《河岸管理办法》（青水规〔2021〕5号）。")); r.DocumentNumber != "青水提复〔2025〕8号" {
		t.Errorf("got %q", r.DocumentNumber)
	}
	text := "林若水委员：\n\n您提出的提案收悉，现答复如下：\n\n我局印发了《河岸管理办法》（青水规〔2021〕5号），明确了职责。\n"
	if r := letter.Read(text); r.DocumentNumber != "" {
		t.Errorf("got %q, want none", r.DocumentNumber)
	}
}

func TestParseNumberAccepts(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]struct {
		prefix  string
		year, n int
	}{
		"青水提复〔2024〕31号":        {"青水提复", 2024, 31},
		"青建〔1999〕1号":           {"青建", 1999, 1},
		"青溪水务提案复〔2025〕99999号":  {"青溪水务提案复", 2025, 99999},
		"青溪市水务局提复〔2025〕100号":   {"青溪市水务局提复", 2025, 100},
		"青水建复〔2099〕999999999号": {"青水建复", 2099, 999999999},
	} {
		prefix, year, n, err := letter.ParseNumber(s)
		if err != nil || prefix != want.prefix || year != want.year || n != want.n {
			t.Errorf("ParseNumber(%q) = %q, %d, %d, %v", s, prefix, year, n, err)
		}
		if err == nil && letter.FormatNumber(prefix, year, n) != s {
			t.Errorf("FormatNumber(%q, %d, %d) = %q, want %q", prefix, year, n, letter.FormatNumber(prefix, year, n), s)
		}
	}
}

func TestParseNumberRejects(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		" ", "青水提复", "〔2024〕31号", "青〔2024〕31号", "青水提复〔2024〕31", "青水提复〔2024〕号", "青水提复〔2024〕031号",
		"青水提复【2024】31号", "青水提复［2024］31号", "青水提复(2024)31号", "青水提复（2024）31号", "青水提复2024年31号",
		"青水提复〔２０２４〕31号", "青水提复〔2024〕３１号", "青水提复〔24〕31号", "青水提复〔2100〕31号", "青水提复〔1899〕31号",
		"青水提复〔2024〕-1号", "青水提复〔2024〕31号。", " 青水提复〔2024〕31号", "青水提复〔2024〕31号\n", "QS提复〔2024〕31号",
		"青溪市水务局办公室提复〔2024〕31号", "青水提复〔2024〕三十一号", "青水提复〔2024〕1234567890号", "青水·提复〔2024〕31号",
	} {
		prefix, year, n, err := letter.ParseNumber(s)
		if !errors.Is(err, casework.ErrInvalid) || prefix != "" || year != 0 || n != 0 {
			t.Errorf("ParseNumber(%q) = %q, %d, %d, %v, want ErrInvalid", s, prefix, year, n, err)
		}
	}
}
