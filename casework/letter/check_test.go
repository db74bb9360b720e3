package letter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fuyan/casework"
	"fuyan/casework/letter"
)

const promised = "下一步，我局将在2025年底前清理河岸。"

// Each fault is put into a sound letter, and nothing else must be found.
func TestCheckWholeLetter(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		from, to string // what is changed in the letter
		facts    func(*letter.Facts)
		want     string // rule, and the place it points at
	}{
		"sound":                {},
		"half brackets":        {from: "〔2025〕", to: "[2025]", want: "number_form 青水提复[2025]8号"},
		"spaces in number":     {from: "〕8号", to: "〕 8 号", want: "number_form 青水提复〔2025〕 8 号"},
		"no number":            {from: "青水提复〔2025〕8号\n", want: "number_form"},
		"other kind's series":  {from: "青水提复", to: "青水建复", want: "number_series 青水建复〔2025〕8号"},
		"last year's number":   {from: "〔2025〕", to: "〔2024〕", want: "number_year 青水提复〔2024〕8号,number_record 青水提复〔2024〕8号"},
		"wrong sitting":        {from: "十四届二次", to: "十四届三次", want: "subject_form 对市政协十四届三次会议第0102号提案的答复"},
		"spaces in title pass": {from: "第0102号", to: " 第 0102 号"},
		"no title":             {from: "对市政协十四届二次会议第0102号提案的答复\n", want: "subject_form"},
		"stranger":             {from: "林若水委员", to: "石青委员", want: "salutation_names 石青委员"},
		"wrong noun":           {from: "林若水委员", to: "林若水代表", want: "salutation_noun 林若水代表"},
		"others left out":      {facts: func(f *letter.Facts) { f.Proposers = append(f.Proposers, "石青") }, want: "salutation_more 林若水委员,address_form 您,address_form 您"},
		"thanks to several":    {from: "感谢您", to: "感谢你们", want: "address_form 你们"},
		"other title":          {from: "保护“内河”", to: "治理“内河”", want: "opening_title 关于治理“内河”的建议"},
		"quotes differ":        {from: "保护“内河”", to: "保护‘内河’"},
		"copy missing":         {from: "，市政协提案办。", to: "。", want: "copies 市政府办公厅建议提案处"},
		"copy too many":        {from: "，市政协提案办。", to: "，市政协提案办，市财政局。", want: "copies 市政府办公厅建议提案处"},
		"copies without stop":  {from: "市政协提案办。", to: "市政协提案办", want: "copies 市政协提案办"},
		"no copies":            {from: "抄送：市政府办公厅建议提案处，市政协提案办。\n", want: "copies"},
		"short signature":      {from: "\n\n青溪市水务局\n\n2025年", to: "\n\n市水务局\n\n2025年", want: "signature 市水务局"},
		"wrong office":         {from: "水务局办公室", to: "水务局秘书处", want: "signature 青溪市水务局秘书处\n\n2025年3月10日印发"},
		"printed too early":    {from: "10日印发", to: "9日印发", want: "dates 青溪市水务局办公室\n\n2025年3月9日印发"},
		"zeros in the day":     {from: "3月10日\n\n抄", to: "03月10日\n\n抄", want: "dates 2025年03月10日"},
		"too late":             {facts: func(f *letter.Facts) { f.ReplyDue = casework.Date{Year: 2025, Month: time.March, Day: 9} }, want: "reply_overdue 2025年3月10日"},
		"on the last day":      {facts: func(f *letter.Facts) { f.ReplyDue = f.IssueDate }},
		"class needs a day":    {from: "在2025年底前", facts: func(f *letter.Facts) { f.Result = "计划解决" }, want: "result_without_day"},
		"class has its day":    {facts: func(f *letter.Facts) { f.Result = "正在解决" }},
		"mobile number":        {from: "清理河岸。", to: "清理河岸，请致电13912345678。", want: "contact_leak 13912345678"},
		"identity number":      {from: "清理河岸。", to: "清理河岸（11010519491231002X）。", want: "contact_leak 11010519491231002X"},
		"telephone":            {from: "清理河岸。", to: "清理河岸，联系电话021-55509999。", want: "contact_leak 021-55509999"},
		"amounts are no phone": {from: "清理河岸。", to: "清理河岸12345678米。"},
		"another's phone in the block": {
			from: "\n\n抄送", to: "\n\n联系电话：55509999\n\n抄送",
			facts: func(f *letter.Facts) { f.ContactPhone = "55501234" }, want: "contact_leak 55509999",
		},
		"own phone in the block": {from: "\n\n抄送", to: "\n\n联系电话：55501234\n\n抄送", facts: func(f *letter.Facts) { f.ContactPhone = "55501234" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := proposal()
			text := letter.Compose(f, draft(f, promised))
			if tt.from != "" && !strings.Contains(text, tt.from) {
				t.Fatalf("the letter has no %q:\n%s", tt.from, text)
			}
			text = strings.Replace(text, tt.from, tt.to, 1)
			if tt.facts != nil {
				tt.facts(&f)
			}
			if got := found(text, letter.Check(text, f)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// found lists faults as rule and place.
func found(text string, faults []letter.Fault) string {
	var out []string
	for _, f := range faults {
		place := string([]rune(text)[f.Span.Start:f.Span.End])
		out = append(out, strings.TrimSpace(f.Rule+" "+place))
	}
	return strings.Join(out, ",")
}

func TestCheckDraft(t *testing.T) {
	t.Parallel()
	f := proposal()
	f.DocumentNumber, f.IssueDate = "", casework.Date{}
	text := draft(f, promised)
	if faults := letter.Check(text, f); len(faults) > 0 {
		t.Errorf("a sound draft has faults: %+v", faults)
	}
	f.Proposers = []string{"林若水", "石青"}
	text = strings.Replace(text, "的提案收悉", "收悉", 1)
	if got, want := found(text, letter.Check(text, f)), "salutation_more 林若水委员,address_form 您,address_form 您"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := found("", letter.Check("", f)); got != "salutation_names,opening_title" {
		t.Errorf("an empty draft: got %q", got)
	}
}

func TestCheckSeverity(t *testing.T) {
	t.Parallel()
	f := suggestion()
	text := letter.Compose(f, draft(f, "我局将清理河岸。"))
	for result, isError := range map[string]bool{"计划解决": true, "正在解决": true, "列入计划拟解决": false} {
		f.Result = result
		faults := letter.Check(strings.Replace(text, "计划解决", result, 1), f)
		k := slices.IndexFunc(faults, func(f letter.Fault) bool { return f.Rule == "result_without_day" })
		if k < 0 || faults[k].Error != isError || !strings.Contains(faults[k].Message, result) {
			t.Errorf("%s: got %+v", result, faults)
		}
	}
}

func ExampleCheck() {
	f := letter.Facts{
		Kind: casework.CPPCCProposal, Proposers: []string{"林若水", "石青"}, Title: "关于保护内河的建议",
		Result: "列入计划拟解决",
	}
	draft := "林若水、石青委员：\n\n您提出的“关于保护内河的建议”的提案收悉，现答复如下：\n\n下一步，我局将清理河岸。\n"
	for _, fault := range letter.Check(draft, f) {
		fmt.Println(fault.Rule, fault.Error, fault.Message)
	}
	// Output:
	// address_form false 提出人共2位，应称“你们”，不称“您”。
	// result_without_day false 办理结果为“列入计划拟解决”，但没有一项承诺有解决时限，宜写明或确认完成的年月日。
}
