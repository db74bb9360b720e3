package letter_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/casework/letter"
)

// faults lists what Check finds: E or W, the rule, and the characters at which
// it points.
func faults(text string, f letter.Facts) []string {
	var out []string
	for _, fault := range letter.Check(text, f) {
		level := "W"
		if fault.Error {
			level = "E"
		}
		place := strings.Join(strings.Fields(string([]rune(text)[fault.Span.Start:fault.Span.End])), " ")
		out = append(out, fmt.Sprintf("%s %s %q", level, fault.Rule, place))
	}
	return out
}

// For each rule one letter that breaks it and one that comes close and does not.
func TestRules(t *testing.T) {
	t.Parallel()
	three := func(f *letter.Facts) { f.Proposers = []string{"林若水", "石青", "沈舟"} }
	party := func(f *letter.Facts) { f.Proposers = []string{"民盟青溪市委"} }
	result := func(s string) func(*letter.Facts) { return func(f *letter.Facts) { f.Result = s } }
	for name, tt := range map[string]struct {
		before func(*letter.Facts) // changes the record before the letter is written
		edit   string              // what is changed in the letter: old|new
		after  func(*letter.Facts) // changes the record behind the letter's back
		want   []string
	}{
		"number_form: lenticular brackets": {edit: "〔2025〕8|【2025】8", want: []string{`E number_form "青水提复【2025】8号"`}},
		"number_form: zero in front":       {edit: "〕8号|〕08号", want: []string{`E number_form "青水提复〔2025〕08号"`}},
		"number_form: 第":                   {edit: "〕8号|〕第8号", want: []string{`E number_form "青水提复〔2025〕第8号"`}},
		"number_form: missing":             {edit: "青水提复〔2025〕8号|", want: []string{`E number_form ""`}},
		"number_form: sound":               {},

		"number_series: 建复": {edit: "青水提复|青水建复", want: []string{`E number_series "青水建复〔2025〕8号"`}},
		"number_series: by the kind, where no prefix is on record": {
			edit: "青水提复|青水建复", after: func(f *letter.Facts) { f.Prefix, f.DocumentNumber = "", "" },
			want: []string{`E number_series "青水建复〔2025〕8号"`},
		},
		"number_series: right, where no prefix is on record": {after: func(f *letter.Facts) { f.Prefix, f.DocumentNumber = "", "" }},

		"number_year: other": {
			edit: "〔2025〕|〔2026〕",
			want: []string{`W number_year "青水提复〔2026〕8号"`, `E number_record "青水提复〔2026〕8号"`},
		},
		"number_record: other": {edit: "〕8号|〕9号", want: []string{`E number_record "青水提复〔2025〕9号"`}},

		"subject_form: other number": {edit: "第0102号提案|第102号提案", want: []string{`E subject_form "对市政协十四届二次会议第102号提案的答复"`}},
		"subject_form: other words":  {edit: "对市政协十四届二次会议第0102号提案的答复|关于市政协十四届二次会议第0102号提案的答复", want: []string{`E subject_form "关于市政协十四届二次会议第0102号提案的答复"`}},
		"subject_form: two lines":    {edit: "会议第0102号|会议\n第0102号"},

		"salutation_names: stranger":        {edit: "林若水委员：|白露委员：", want: []string{`E salutation_names "白露委员"`}},
		"salutation_names: one too many":    {edit: "林若水委员：|林若水、白露委员：", want: []string{`E salutation_names "林若水、白露委员"`}},
		"salutation_names: none":            {edit: "林若水委员：|", want: []string{`E salutation_names ""`}},
		"salutation_names: spaces pass":     {edit: "林若水委员：|林 若 水委员："},
		"salutation_names: 尊敬的 passes":      {edit: "林若水委员：|尊敬的林若水委员："},
		"salutation_noun: 代表 in a proposal": {edit: "林若水委员：|林若水代表：", want: []string{`E salutation_noun "林若水代表"`}},
		"salutation_noun: party as 委员":      {before: party, edit: "民盟青溪市委：|民盟青溪市委委员：", want: []string{`E salutation_noun "民盟青溪市委委员"`}},
		"salutation_noun: party":            {before: party},
		"salutation_more: one of three":     {before: three, edit: "林若水、石青、沈舟委员：|林若水委员：", want: []string{`W salutation_more "林若水委员"`}},
		"salutation_more: 等":                {before: three, edit: "林若水、石青、沈舟委员：|林若水等委员："},
		"salutation_more: all":              {before: three},

		"address_form: 你们 to one in the opening": {edit: "您提出的|你们提出的", want: []string{`W address_form "你们"`}},
		"address_form: 您 to three in the thanks": {before: three, edit: "感谢你们|感谢您", want: []string{`W address_form "您"`}},
		"address_form: 您 to a party":             {before: party, edit: "感谢你们|感谢您", want: []string{`W address_form "您"`}},
		"address_form: elsewhere it passes":      {edit: "下一步，我局|按照你们单位的意见，我局"},

		"opening_title: other":           {edit: "保护“内河”|改善“内河”", want: []string{`E opening_title "关于改善“内河”的建议"`}},
		"opening_title: shorter":         {edit: "关于保护“内河”的建议|保护“内河”", want: []string{`E opening_title "保护“内河”"`}},
		"opening_title: marks and space": {edit: "保护“内河”的|保护 《内河》 的"},

		"result_label: other": {before: result("解决采纳"), edit: "解决采纳|留作参考", want: []string{`E result_label "留作参考"`}},
		"result_label: same":  {before: result("解决采纳")},
		"publicity_label: other": {
			before: func(f *letter.Facts) { f.Publicity = "主动公开" }, edit: "主动公开|依申请公开",
			want: []string{`E publicity_label "依申请公开"`},
		},
		"publicity_label: spaces pass": {before: func(f *letter.Facts) { f.Publicity = "主动公开" }, edit: "主动公开|主动 公开"},

		"copies: two missing": {
			edit: "抄送：市政府办公厅建议提案处，市政协提案办。|抄送：市财政局。",
			want: []string{`E copies "市财政局"`, `E copies "市财政局"`, `E copies "市财政局"`},
		},
		"copies: none asked for":    {before: func(f *letter.Facts) { f.CopiedTo = nil }},
		"copies: other order":       {edit: "市政府办公厅建议提案处，市政协提案办。|市政协提案办，市政府办公厅建议提案处。"},
		"copies: number of prints":  {edit: "建议提案处，|建议提案处（2份），"},
		"copies: semicolon at last": {edit: "市政协提案办。|市政协提案办；", want: []string{`E copies "市政协提案办"`}},

		"signature: short":          {edit: "支持！\n\n青溪市水务局\n|支持！\n\n青溪水务局\n", want: []string{`E signature "青溪水务局"`}},
		"signature: another signs":  {edit: "支持！\n\n青溪市水务局\n|支持！\n\n青溪市水务局\n青溪市财政局\n", want: []string{`E signature "青溪市水务局 青溪市财政局"`}},
		"signature: spaces pass":    {edit: "支持！\n\n青溪市水务局\n|支持！\n\n青溪市 水务局\n"},
		"signature: printed by who": {edit: "水务局办公室\n|水务局综合处\n", want: []string{`E signature "青溪市水务局综合处 2025年3月10日印发"`}},

		"dates: other day":             {edit: "2025年3月10日\n\n抄|2025年3月9日\n\n抄", want: []string{`E dates "2025年3月9日"`}},
		"dates: printed earlier":       {edit: "10日印发|7日印发", want: []string{`E dates "青溪市水务局办公室 2025年3月7日印发"`}},
		"dates: printed later":         {edit: "10日印发|12日印发"},
		"dates: Chinese numerals pass": {edit: "2025年3月10日\n\n抄|二〇二五年三月十日\n\n抄"},

		"reply_overdue: a day late": {
			after: func(f *letter.Facts) { f.ReplyDue = casework.Date{Year: 2025, Month: time.March, Day: 9} },
			want:  []string{`E reply_overdue "2025年3月10日"`},
		},
		"reply_overdue: on the day":     {after: func(f *letter.Facts) { f.ReplyDue = casework.Date{Year: 2025, Month: time.March, Day: 10} }},
		"reply_overdue: a year to go":   {after: func(f *letter.Facts) { f.ReplyDue = casework.Date{Year: 2026, Month: time.March, Day: 9} }},
		"reply_overdue: no day on file": {after: func(f *letter.Facts) { f.ReplyDue = casework.Date{} }},

		"result_without_day: 正在解决":    {before: result("正在解决"), edit: "在2025年底前|", want: []string{`E result_without_day "正在解决"`}},
		"result_without_day: 计划解决":    {before: result("计划解决"), edit: "在2025年底前|", want: []string{`E result_without_day "计划解决"`}},
		"result_without_day: 列入计划拟解决": {before: result("列入计划拟解决"), edit: "在2025年底前|", want: []string{`W result_without_day "列入计划拟解决"`}},
		"result_without_day: past":    {before: result("计划解决"), edit: "在2025年底前|按照2024年的安排", want: []string{`E result_without_day "计划解决"`}},
		"result_without_day: quarter": {before: result("计划解决"), edit: "在2025年底前|在第三季度"},
		"result_without_day: 解决采纳":    {before: result("解决采纳"), edit: "在2025年底前|"},
		"result_without_day: 留作参考":    {before: result("留作参考"), edit: "在2025年底前|"},

		"contact_leak: mobile":            {edit: "清理河岸。|清理河岸，可致电13800138000。", want: []string{`E contact_leak "13800138000"`}},
		"contact_leak: mobile unnamed":    {edit: "清理河岸。|清理河岸（13800138000）。", want: []string{`E contact_leak "13800138000"`}},
		"contact_leak: identity":          {edit: "清理河岸。|清理河岸（110105199003078888）。", want: []string{`E contact_leak "110105199003078888"`}},
		"contact_leak: phone with code":   {edit: "清理河岸。|清理河岸，电话0577-5550123。", want: []string{`E contact_leak "0577-5550123"`}},
		"contact_leak: phone named":       {edit: "清理河岸。|清理河岸，请拨打55501234。", want: []string{`E contact_leak "55501234"`}},
		"contact_leak: full-width digits": {edit: "清理河岸。|清理河岸（１３８００１３８０００）。", want: []string{`E contact_leak "１３８００１３８０００"`}},
		"contact_leak: two":               {edit: "清理河岸。|清理河岸（13800138000、13900139000）。", want: []string{`E contact_leak "13800138000"`, `E contact_leak "13900139000"`}},
		"contact_leak: hotline passes":    {edit: "清理河岸。|清理河岸，可拨打12345反映。"},
		"contact_leak: sum passes":        {edit: "清理河岸。|清理河岸，投入13800000元。"},
		"contact_leak: day passes":        {edit: "清理河岸。|清理河岸（2025-06-30）。"},
		"contact_leak: own phone": {before: func(f *letter.Facts) {
			f.ContactName, f.ContactPhone = "江帆", "0577-55501234"
		}},
		"contact_leak: own phone in the body": {
			before: func(f *letter.Facts) { f.ContactName, f.ContactPhone = "江帆", "0577-55501234" },
			edit:   "清理河岸。|清理河岸，电话0577-55501234。", want: []string{`E contact_leak "0577-55501234"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := proposal()
			if tt.before != nil {
				tt.before(&f)
			}
			text := letter.Compose(f, draft(f, promised))
			from, to, _ := strings.Cut(tt.edit, "|")
			if !strings.Contains(text, from) {
				t.Fatalf("the letter has no %q:\n%s", from, text)
			}
			text = strings.Replace(text, from, to, 1)
			if tt.after != nil {
				tt.after(&f)
			}
			if diff := cmp.Diff(tt.want, faults(text, f)); diff != "" {
				t.Errorf("faults (-want +got):\n%s\n%s", diff, text)
			}
		})
	}
}

// A place is found in characters, whatever stands before it.
func TestFaultPlaces(t *testing.T) {
	t.Parallel()
	f := proposal()
	text := strings.Replace(letter.Compose(f, draft(f, promised)), "林若水委员", "白露委员", 1)
	for _, before := range []string{"", "\ufeff", "😀\n", "\r\n\r\n", "\u3000\u3000\n", "首页 > 提案\n\n"} {
		if diff := cmp.Diff([]string{`E salutation_names "白露委员"`}, faults(before+text, f)); diff != "" {
			t.Errorf("behind %q (-want +got):\n%s", before, diff)
		}
	}
}

// A promise that nobody decided of is an error, in a draft as in a letter; nobody
// asks for decisions of a letter that is read alone.
func TestUndecidedPromises(t *testing.T) {
	t.Parallel()
	whole := proposal()
	drafted := proposal()
	drafted.DocumentNumber, drafted.IssueDate = "", casework.Date{}
	sentence := strings.TrimSuffix(promised, "。")
	for name, tt := range map[string]struct {
		text string
		f    letter.Facts
	}{
		"a draft":  {draft(drafted, promised), drafted},
		"a letter": {letter.Compose(whole, draft(whole, promised)), whole},
	} {
		for _, plan := range []struct {
			plans map[string]letter.Plan
			want  []string
		}{
			{nil, nil},
			{map[string]letter.Plan{}, []string{"E promise_undecided \"" + sentence + "\""}},
			{map[string]letter.Plan{sentence: {Waived: true}}, nil},
			{map[string]letter.Plan{sentence: {Due: casework.Date{Year: 2025, Month: 12, Day: 31}}}, nil},
		} {
			tt.f.Plans = plan.plans
			if diff := cmp.Diff(plan.want, faults(tt.text, tt.f)); diff != "" {
				t.Errorf("%s with plans %v (-want +got):\n%s", name, plan.plans, diff)
			}
		}
	}
}

// A message says what would be right.
func TestFaultMessages(t *testing.T) {
	t.Parallel()
	f := proposal()
	text := letter.Compose(f, draft(f, promised))
	for edit, right := range map[string]string{
		"〔2025〕8|[2025]8":   "青水提复〔2025〕8号",
		"第0102号|第0103号":     "对市政协十四届二次会议第0102号提案的答复",
		"林若水委员|白露委员":        "林若水委员：",
		"保护“内河”|改善“内河”":     "关于保护“内河”的建议",
		"，市政协提案办|":          "市政协提案办",
		"水务局办公室|水务局秘书处":     "青溪市水务局办公室",
		"月10日印发|月9日印发":      "2025年3月10日",
		"日\n\n抄|日\n\n　　\n抄": "",
	} {
		from, to, _ := strings.Cut(edit, "|")
		found := letter.Check(strings.Replace(text, from, to, 1), f)
		switch {
		case right == "" && len(found) > 0:
			t.Errorf("%s: got %+v", edit, found)
		case right != "" && (len(found) != 1 || !strings.Contains(found[0].Message, right)):
			t.Errorf("%s: got %+v, want one that names %s", edit, found, right)
		}
	}
}
