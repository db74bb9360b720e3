package letter_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/casework/letter"
)

// dated puts a body into a letter of the given day.
func dated(day, body string) string {
	return "青溪市水务局\n\n青水提复〔2024〕8号\n\n对市政协七届四次会议第0102号提案的答复\n\n林若水委员：\n\n" +
		"您提出的“关于保护内河的建议”的提案收悉，现将办理情况答复如下：\n\n" + body + "\n\n青溪市水务局\n\n" + day + "\n"
}

// days lists the day of each promise, with its unit and its words.
func days(r letter.Reading) []string {
	var out []string
	for _, c := range r.Commitments {
		d := "none"
		if !c.Due.Day.IsZero() {
			d = c.Due.Day.String() + " " + c.Due.Unit + " " + c.Due.Words
		}
		out = append(out, d)
	}
	return out
}

// Each wording is read in a letter of the day before it.
func TestDueWords(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		letter, words, day, unit string
	}{
		// The year's end.
		{"2024年5月20日", "今年年底前", "2024-12-31", "year"},
		{"2024年5月20日", "今年底前", "2024-12-31", "year"},
		{"2024年5月20日", "今年年底", "2024-12-31", "year"},
		{"2024年5月20日", "今年内", "2024-12-31", "year"},
		{"2024年5月20日", "今年年内", "2024-12-31", "year"},
		{"2024年5月20日", "本年度内", "2024-12-31", "year"},
		{"2024年5月20日", "年底前", "2024-12-31", "year"},
		{"2024年5月20日", "明年年底前", "2025-12-31", "year"},
		{"2024年5月20日", "明年底前", "2025-12-31", "year"},
		{"2024年5月20日", "后年年底前", "2026-12-31", "year"},
		{"2024年5月20日", "2026年底前", "2026-12-31", "year"},
		{"2024年5月20日", "2026年年底前", "2026-12-31", "year"},
		{"2024年5月20日", "2026年末", "2026-12-31", "year"},
		{"2024年5月20日", "2026年底之前", "2026-12-31", "year"},
		{"2024年5月20日", "2026年前", "2025-12-31", "year"},
		{"2024年12月30日", "年底前", "2024-12-31", "year"},
		{"2024年12月30日", "明年年底前", "2025-12-31", "year"},
		{"2024年5月20日", "二〇二六年底前", "2026-12-31", "year"},

		// Months.
		{"2024年5月20日", "6月底前", "2024-06-30", "month"},
		{"2024年5月20日", "6月底", "2024-06-30", "month"},
		{"2024年5月20日", "6月末", "2024-06-30", "month"},
		{"2024年5月20日", "六月底前", "2024-06-30", "month"},
		{"2024年5月20日", "十二月底前", "2024-12-31", "month"},
		{"2024年5月20日", "今年9月底前", "2024-09-30", "month"},
		{"2024年5月20日", "明年6月底前", "2025-06-30", "month"},
		{"2024年5月20日", "明年2月底前", "2025-02-28", "month"},
		{"2023年5月20日", "明年2月底前", "2024-02-29", "month"},
		{"2024年5月20日", "后年3月底前", "2026-03-31", "month"},
		{"2024年5月20日", "2025年4月底前", "2025-04-30", "month"},
		{"2024年5月20日", "2025年4月前", "2025-03-31", "month"},
		{"2024年5月20日", "2025年1月前", "2024-12-31", "month"},
		{"2024年5月20日", "8月前", "2024-07-31", "month"},
		{"2024年5月20日", "8月上旬", "2024-08-10", "month"},
		{"2024年5月20日", "8月中旬", "2024-08-20", "month"},
		{"2024年5月20日", "8月下旬", "2024-08-31", "month"},
		{"2024年5月20日", "8月中旬前", "2024-08-20", "month"},
		{"2024年5月20日", "本月底", "2024-05-31", "month"},
		{"2024年5月20日", "下月底", "2024-06-30", "month"},
		{"2024年12月5日", "下月底", "2025-01-31", "month"},

		// A month that the letter's day has passed is next year's, this month is not.
		{"2024年5月20日", "3月底前", "2025-03-31", "month"},
		{"2024年5月20日", "5月底前", "2024-05-31", "month"},
		{"2024年12月5日", "1月底前", "2025-01-31", "month"},
		{"2024年12月5日", "3月15日前", "2025-03-15", "day"},

		// Quarters and halves.
		{"2024年5月20日", "2024年第四季度", "2024-12-31", "quarter"},
		{"2024年5月20日", "2024年第三季度", "2024-09-30", "quarter"},
		{"2024年5月20日", "2024年四季度", "2024-12-31", "quarter"},
		{"2024年5月20日", "2024年第4季度", "2024-12-31", "quarter"},
		{"2024年5月20日", "第三季度", "2024-09-30", "quarter"},
		{"2024年5月20日", "三季度末", "2024-09-30", "quarter"},
		{"2024年5月20日", "第四季度前", "2024-09-30", "quarter"},
		{"2024年5月20日", "明年第一季度", "2025-03-31", "quarter"},
		{"2024年5月20日", "明年一季度末", "2025-03-31", "quarter"},
		{"2024年5月20日", "今年上半年", "2024-06-30", "month"},
		{"2024年5月20日", "今年下半年", "2024-12-31", "month"},
		{"2024年5月20日", "明年上半年", "2025-06-30", "month"},
		{"2024年5月20日", "2025年下半年", "2025-12-31", "month"},

		// Stretches from the letter on.
		{"2024年5月20日", "三年内", "2027-05-20", "year"},
		{"2024年5月20日", "3年内", "2027-05-20", "year"},
		{"2024年5月20日", "两年内", "2026-05-20", "year"},
		{"2024年5月20日", "一年内", "2025-05-20", "year"},
		{"2024年5月20日", "五年之内", "2029-05-20", "year"},
		{"2024年2月29日", "一年内", "2025-02-28", "year"},
		{"2024年5月20日", "三个月内", "2024-08-20", "month"},
		{"2024年5月31日", "6个月内", "2024-11-30", "month"},
		{"2024年5月20日", "十个月内", "2025-03-20", "month"},
		{"2024年5月20日", "半年内", "2024-11-20", "month"},
		{"2024年5月20日", "30日内", "2024-06-19", "day"},
		{"2024年5月20日", "十五天内", "2024-06-04", "day"},

		// Five-year plans.
		{"2024年5月20日", "“十四五”期间", "2025-12-31", "year"},
		{"2024年5月20日", "“十四五”末", "2025-12-31", "year"},
		{"2024年5月20日", "“十四五”期末", "2025-12-31", "year"},
		{"2024年5月20日", "十四五期间", "2025-12-31", "year"},
		{"2024年5月20日", "“十五五”期间", "2030-12-31", "year"},
		{"2024年5月20日", "“十五五”时期", "2030-12-31", "year"},
		{"2018年5月20日", "“十三五”期间", "2020-12-31", "year"},

		// Full days, in any of the ways to print them.
		{"2024年5月20日", "2024年10月15日前", "2024-10-15", "day"},
		{"2024年5月20日", "2024年10月15日之前", "2024-10-15", "day"},
		{"2024年5月20日", "2024年10月15日以前", "2024-10-15", "day"},
		{"2024年5月20日", "2024年10月15日", "2024-10-15", "day"},
		{"2024年5月20日", "10月15日前", "2024-10-15", "day"},
		{"2024年5月20日", "明年1月1日", "2025-01-01", "day"},
		{"2024年5月20日", "明年1月1日前", "2025-01-01", "day"},
		{"2024年5月20日", "十月十五日前", "2024-10-15", "day"},
		{"2024年5月20日", "二〇二四年十月十五日前", "2024-10-15", "day"},
		{"2024年5月20日", "5月20日前", "2024-05-20", "day"},
		{"2024年5月20日", "国庆前", "2024-09-30", "day"},

		// Years.
		{"2024年5月20日", "2025年", "2025-12-31", "year"},
		{"2024年5月20日", "2025年内", "2025-12-31", "year"},
		{"2024年5月20日", "2025年期间", "2025-12-31", "year"},
		{"2024年5月20日", "2025年度", "2025-12-31", "year"},
		{"2024年5月20日", "2025-2027年", "2027-12-31", "year"},
		{"2024年5月20日", "2025年至2027年", "2027-12-31", "year"},
		{"2024年5月20日", "2025—2027年", "2027-12-31", "year"},
	} {
		t.Run(tt.letter+" "+tt.words, func(t *testing.T) {
			t.Parallel()
			r := letter.Read(dated(tt.letter, "我局将在"+tt.words+"完成河岸清理。"))
			want := []string{tt.day + " " + tt.unit + " " + tt.words}
			if diff := cmp.Diff(want, days(r)); diff != "" {
				t.Errorf("days of %q (-want +got):\n%s", texts(r), diff)
			}
		})
	}
}

// What looks like a day and is none, or lies behind the letter.
func TestNoDue(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no day at all":          "下一步，我局将清理河岸。",
		"soon":                   "我局将尽快完成河岸清理。",
		"in the near future":     "我局将于近期完成河岸清理。",
		"in good time":           "我局将适时完成河岸清理。",
		"day before the letter":  "我局将按照2024年3月1日的决定清理河岸。",
		"year before the letter": "我局将继续落实2023年的整治方案。",
		"plan that has ended":    "我局将总结“十三五”期间的经验，完善管理制度。",
		"length in kilometres":   "我局将清理河岸12公里。",
		"number of rivers":       "我局将推进三条河道清理。",
		"share":                  "我局将推动两成河岸恢复绿化。",
		"first batch":            "我局将推进第一批河岸清理。",
		"case number":            "我局将落实第2036号提案的建议内容，清理河岸。",
		"day in quotation marks": "我局将落实“2027年底前完成河岸清理”的方案。",
		"day in brackets":        "我局将落实河岸清理方案（2027年版）。",
		"day without a month":    "我局将在13月底前完成河岸清理。",
		"day that is none":       "我局将研究十四五规划的调整。",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := letter.Read(dated("2024年5月20日", body))
			if diff := cmp.Diff([]string{"none"}, days(r)); diff != "" {
				t.Errorf("days of %q (-want +got):\n%s", texts(r), diff)
			}
		})
	}
}

// Of several days the first that is a limit counts, else the first.
func TestDueOfSeveral(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ body, want string }{
		"limit before limit":      {"我局将在2024年9月底前完成设计，2025年底前完成施工。", "2025-12-31 year 2025年底前"},
		"start and limit":         {"我局计划于2024年9月开工，2025年底前完工。", "2025-12-31 year 2025年底前"},
		"start and end":           {"我局计划于2024年9月开工，2025年完工。", "2024-09-30 month 2024年9月"},
		"past and limit":          {"我局将在2023年底调查的基础上，2024年底前完成清理。", "2024-12-31 year 2024年底前"},
		"past start, future end":  {"我局将落实2022年1月印发的办法，明年6月底前完成清理。", "2025-06-30 month 明年6月底前"},
		"limit and later mention": {"我局将在10月底前完成清理，为2026年全域美化打好基础。", "2024-10-31 month 10月底前"},
		"day and stretch":         {"我局将于2024年7月1日启动清理，三年内全部完成。", "2027-05-20 year 三年内"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := letter.Read(dated("2024年5月20日", tt.body))
			if diff := cmp.Diff([]string{tt.want}, days(r)); diff != "" {
				t.Errorf("days of %q (-want +got):\n%s", texts(r), diff)
			}
		})
	}
}

// An item without a day of its own takes that of its lead-in, never that of its
// neighbour.
func TestDueInherited(t *testing.T) {
	t.Parallel()
	const none, year, month = "none", "2024-12-31 year 2024年底前", "2024-10-31 month 10月底前"
	for name, tt := range map[string]struct {
		body string
		want []string
	}{
		"all items":                     {"2024年底前，我局将完成以下工作：一是清理河岸；二是修复护栏。", []string{year, year}},
		"own day first":                 {"2024年底前，我局将完成以下工作：一是10月底前清理河岸；二是修复护栏；三是补种绿植。", []string{month, year, year}},
		"own day in between":            {"2024年底前，我局将完成以下工作：一是清理河岸；二是10月底前修复护栏；三是补种绿植。", []string{year, month, year}},
		"own day last":                  {"2024年底前，我局将完成以下工作：一是清理河岸；二是修复护栏；三是10月底前补种绿植。", []string{year, year, month}},
		"lead-in without one":           {"下一步，我局将做好以下工作：一是10月底前清理河岸；二是修复护栏；三是补种绿植。", []string{month, none, none}},
		"items of commas":               {"下一步，我局将：一是10月底前清理河岸，二是修复护栏，三是补种绿植。", []string{month, none, none}},
		"items as lines":                {"2024年底前，我局将完成以下工作：\n（1）清理河岸。\n（2）10月底前修复护栏。\n（3）补种绿植。", []string{year, month, year}},
		"items with a cue":              {"有关安排如下：一是我局将在10月底前清理河岸；二是我局将修复护栏。", []string{month, none}},
		"list without a lead-in":        {"一是我局将在10月底前清理河岸；二是修复护栏；三是补种绿植。", []string{month, none, none}},
		"lead-in that promises nothing": {"我局主要抓好以下几点：一是我局将在10月底前清理河岸；二是修复护栏。", []string{month, none}},
		"done in between":               {"下一步，我局将做好以下工作：一是10月底前清理河岸；二是目前已修复护栏；三是补种绿植。", []string{month, none}},
		"under a heading":               {"二、下一步工作打算\n（一）清理河岸。10月底前完成。\n（二）修复护栏。逐段推进。", []string{month, none}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := letter.Read(dated("2024年5月20日", tt.body))
			if diff := cmp.Diff(tt.want, days(r)); diff != "" {
				t.Errorf("days of %q (-want +got):\n%s", texts(r), diff)
			}
		})
	}
}

// Without a day of its own the letter still gives the days that need none.
func TestDueInUndatedLetter(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"2025年底前":     "2025-12-31 year 2025年底前",
		"2025年6月底前":   "2025-06-30 month 2025年6月底前",
		"2025年6月15日前": "2025-06-15 day 2025年6月15日前",
		"2025年第三季度":   "2025-09-30 quarter 2025年第三季度",
		"“十五五”期间":     "2030-12-31 year “十五五”期间",
		"今年年底前":       "none",
		"明年6月底前":      "none",
		"三年内":         "none",
		"6月底前":        "none",
		"第三季度":        "none",
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			r := letter.Read("林若水委员：\n\n您提出的提案收悉，现答复如下：\n\n我局将在" + words + "完成河岸清理。\n")
			if diff := cmp.Diff([]string{want}, days(r)); diff != "" {
				t.Errorf("days of %q (-want +got):\n%s", texts(r), diff)
			}
		})
	}
}

// The words of a day are the letter's own characters, whatever they look like.
func TestDueWordsAsPrinted(t *testing.T) {
	t.Parallel()
	for printed, want := range map[string]string{
		"2025 年 6 月底前":  "2025-06-30 month 2025 年 6 月底前",
		"２０２５年６月底前":     "2025-06-30 month ２０２５年６月底前",
		"\"十四五\"期间":     "2025-12-31 year \"十四五\"期间",
		"2024年 第四季度":    "2024-12-31 quarter 2024年 第四季度",
		"2025年6月 15 日前": "2025-06-15 day 2025年6月 15 日前",
	} {
		t.Run(printed, func(t *testing.T) {
			t.Parallel()
			r := letter.Read(dated("2024年5月20日", "我局将在"+printed+"完成河岸清理。"))
			if diff := cmp.Diff([]string{want}, days(r)); diff != "" {
				t.Errorf("days of %q (-want +got):\n%s", texts(r), diff)
			}
		})
	}
}

// TestDraftIsReadAsOfItsDay reads a text that shows no day: with the day it is
// written on the words name one, without it they do not.
func TestDraftIsReadAsOfItsDay(t *testing.T) {
	t.Parallel()
	const draft = "甲某委员：\n\n您提出的“关于修路的提案”的提案收悉，经研究，现将办理情况答复如下：\n\n下一步，我局将在今年年底前修好东路。\n\n感谢您的关心和支持。"
	r := letter.ReadDraft(draft, casework.Date{Year: 2026, Month: 5, Day: 4})
	if len(r.Commitments) != 1 || r.Commitments[0].Due.Day != (casework.Date{Year: 2026, Month: 12, Day: 31}) || !r.IssueDate.IsZero() {
		t.Errorf("ReadDraft = %+v, dated %s", r.Commitments, r.IssueDate)
	}
	if r := letter.Read(draft); len(r.Commitments) != 1 || !r.Commitments[0].Due.Day.IsZero() {
		t.Errorf("Read = %+v, want no day", r.Commitments)
	}
}
