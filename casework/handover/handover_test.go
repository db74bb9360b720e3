package handover_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/casework/handover"
)

// ours is the organ that reads, another one of those that answer.
const ours, another = 3, 4

func world() handover.World {
	return handover.World{
		User: casework.User{ID: 9, Roles: []casework.Role{casework.Office}, OrganID: ours},
		Organs: []handover.Answerer{
			{ID: ours, Name: "上海市科学技术委员会", ShortName: "市科委"}, {ID: another, Name: "上海市知识产权局", ShortName: "市知识产权局"},
		},
		Today: casework.Date{Year: 2026, Month: time.March, Day: 20},
	}
}

func defaults() handover.Defaults {
	return handover.Defaults{
		Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 4},
		HandedOver: casework.Date{Year: 2026, Month: time.March, Day: 2},
	}
}

func rows(lines ...string) []handover.Row {
	var out []handover.Row
	for i, l := range lines {
		out = append(out, handover.Row{Line: i + 1, Cells: strings.Split(l, "|")})
	}
	return out
}

// read reads one row under headings.
func read(headings, row string) handover.Item {
	r := rows(row)
	return handover.Items(r, handover.Match(strings.Split(headings, "|"), r), defaults(), world())[0]
}

func TestHeader(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		rows []handover.Row
		want int
	}{
		{"first", rows("案号|案由|提出人", "0001|关于某事的提案|张三"), 0},
		{"under a title", rows("市政协十四届四次会议提案交办清单", "单位：件", "序号|提案编号|案由|第一提案人|主办单位", "1|0001|某|张三|市科委"), 2},
		{"in two lines", rows("案号|案由|提出人|提出人|承办", "案号|案由|姓名|电话|承办单位", "1|某|张三|1|市科委"), 1},
		{"none", rows("0001|关于某事|张三", "0002|关于另一事|李四"), -1},
		{"a sentence is none", rows("请各承办单位按案号和案由逐件签收并于三个月内答复提出人", "0001|某|张三"), -1},
		{"nothing", nil, -1},
	} {
		if got := handover.Header(test.rows); got != test.want {
			t.Errorf("%s: Header = %d, want %d", test.name, got, test.want)
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ headings, row, want string }{
		{"案号|案由|提出人|承办单位|交办日期", "", "number title proposers organ handed_over"},
		{"序号|提案 编号*|标题|类别|届次|第一提案人|联名人|主办单位|会办单位|承办方式|交办时间|正文", "1|1|某|提案", "- number title kind sitting proposers cosigners organ helpers role handed_over text"},
		{"案号|类别|案由", "1|经济建设|某", "number - title"},
		{"编号|题目|领衔代表（第一位）|附议人|独办单位|协办单位|是否公开|是否要求书面答复", "", "number title proposers cosigners organ helpers text_public no_written_reply"},
		{"提案人姓名|提案者|案号|案由", "", "- proposers number title"},
		{"代表姓名|代表团|建议号|标题|主办|会办", "", "proposers - number title organ helpers"},
		{"案号|案号|案由|备注", "", "number - title -"},
	} {
		var got []string
		for _, f := range handover.Match(strings.Split(test.headings, "|"), rows(test.row)) {
			if f == handover.Nothing {
				f = "-"
			}
			got = append(got, string(f))
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("Match(%s) = %s, want %s", test.headings, got, test.want)
		}
	}
}

func TestDefaultsIn(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]handover.Defaults{
		"市政协十四届四次会议提案交办清单":   {Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 4}},
		"上海市十六届人大三次会议代表建议":   {Kind: casework.NPCSuggestion, Sitting: casework.Sitting{Body: "上海市人大", Term: 16, Session: 3}},
		"2026年代表建议交办清单.xlsx": {Kind: casework.NPCSuggestion},
		"交办清单":               {},
	} {
		if diff := cmp.Diff(want, handover.DefaultsIn([]string{"", title})); diff != "" {
			t.Errorf("DefaultsIn(%s) (-want +got):\n%s", title, diff)
		}
	}
}

func TestItem(t *testing.T) {
	t.Parallel()
	row := "第０６７０号|《关于加快发展科技服务业的提案》|提案|市政协十四届四次会议|顾伟华、芮　海　燕|民盟上海市委（集体）|市科委|上海市知识产权局、无|主办|2026年2月26日|是|是|正文\n第二行"
	got := handover.Items(rows(row), []handover.Field{
		handover.Number, handover.Title, handover.Kind, handover.Sitting, handover.Proposers, handover.Cosigners, handover.Organ,
		handover.Helpers, handover.Role, handover.HandedOver, handover.TextPublic, handover.NoWrittenReply, handover.Text,
	}, handover.Defaults{}, world())[0]
	want := handover.Item{
		Line: 1, Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 4}, Number: "0670",
		Title: "关于加快发展科技服务业的提案", Text: "正文\n第二行",
		Proposers: []handover.Proposer{{Name: "顾伟华"}, {Name: "芮海燕"}, {Name: "民盟上海市委", Organisation: true}},
		OrganID:   ours, Organ: "上海市科学技术委员会", Role: "lead", Helpers: []string{"上海市知识产权局"},
		HandedOver: casework.Date{Year: 2026, Month: time.February, Day: 26}, TextPublic: true,
		Problems: []handover.Problem{{Field: handover.Helpers, Words: "上海市知识产权局（请在签收后征求会办意见）", Warning: true}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Items (-want +got):\n%s", diff)
	}
	if !got.Good() || got.Why() != "" {
		t.Errorf("Good, Why = %v, %q; want a warning to keep nothing out", got.Good(), got.Why())
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0670": "0670", "670": "670", "第12号": "12", "１２３": "123", "b12": "B12", "12.0": "12", "": "", "甲1": "", "1-2": "", "12345678901": "",
	} {
		if got := read("案号|案由|提出人", text+"|某|张三").Number; got != want {
			t.Errorf("number of %q = %q, want %q", text, got, want)
		}
	}
	d := defaults()
	d.NumberWidth = 4
	for text, want := range map[string]string{"670": "0670", "12345": "12345", "B7": "B0007"} {
		got := handover.Items(rows(text+"|某|张三"), []handover.Field{handover.Number, handover.Title, handover.Proposers}, d, world())[0].Number
		if got != want {
			t.Errorf("number of %q in four digits = %q, want %q", text, got, want)
		}
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	day := casework.Date{Year: 2025, Month: time.March, Day: 4}
	for _, text := range []string{
		"2025年3月4日", "2025-03-04", "2025/3/4", "2025.3.4", "20250304", "２０２５年３月４日", "二〇二五年三月四日", " 2025 年 3 月 4 日 ",
		"2025-03-04 00:00:00", "2025-03-04T00:00:00", "45720", "45720.5",
	} {
		if got := read("案号|案由|提出人|交办日期", "1|某|张三|"+text).HandedOver; got != day {
			t.Errorf("day of %q = %v, want %v", text, got, day)
		}
	}
	if got := read("案号|案由|提出人|交办日期", "1|某|张三|二〇二五年十二月三十一日").HandedOver; got != (casework.Date{Year: 2025, Month: time.December, Day: 31}) {
		t.Errorf("the last day of 2025 = %v", got)
	}
	for text, want := range map[string]string{
		"2025年2月30日": "应为某年某月某日", "3月4日": "应为某年某月某日", "明天": "应为某年某月某日", "2026-03-21": "今天或以前", "1980-01-01": "1990", "12345": "1990",
	} {
		if got := read("案号|案由|提出人|交办日期", "1|某|张三|"+text).Why(); !strings.Contains(got, want) || !strings.HasPrefix(got, "交办日期：") {
			t.Errorf("%q is refused as %q, want %q", text, got, want)
		}
	}
}

func TestSittings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]casework.Sitting{
		"市政协十四届二次会议": {Body: "市政协", Term: 14, Session: 2}, "十四届二次": {Body: "市政协", Term: 14, Session: 2}, "第14届第2次会议": {Body: "市政协", Term: 14, Session: 2},
		"市政协十四届闭会期间": {Body: "市政协", Term: 14}, "政协上海市第十四届委员会第二次会议": {Body: "上海市政协", Term: 14, Session: 2}, "": {Body: "市政协", Term: 14, Session: 4},
	} {
		got := read("案号|案由|提出人|届次", "1|某|张三|"+text)
		if got.Sitting != want || !got.Good() {
			t.Errorf("sitting of %q = %v %s, want %v", text, got.Sitting, got.Why(), want)
		}
	}
	for text, want := range map[string]string{"第二次": "应如", "市人大十六届三次会议": "与类别“提案”不合", "会议": "应如"} {
		if got := read("案号|案由|提出人|届次", "1|某|张三|"+text).Why(); !strings.Contains(got, want) {
			t.Errorf("%q is refused as %q, want %q", text, got, want)
		}
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"张三、李四四，王五":         "张三 李四四 王五",
		"张　三、李四四":           "张三 李四四",
		"张　三":               "张三",
		"张三 李四四":            "张三 李四四",
		"张 三 李四四 王 五":       "张三 李四四 王五",
		"张三\n李四;王五；赵六/钱七":   "张三 李四 王五 赵六 钱七",
		"张三（某大学）、李四(市政协委员)": "张三 李四",
		"张三委员、李四代表":         "张三 李四",
		"民盟上海市委、市工商联":       "民盟上海市委* 市工商联*",
		"农工党（单位）、小组（集体提案）":  "农工党* 小组*",
		"张三、张三":             "张三",
		"阿不都热西提·克里木":        "阿不都热西提·克里木",
		"John Smith":        "John Smith",
		"教育界":               "教育界",
		"张三等3人":             "张三 !写明共 3 位，只读到 1 位",
		"张三、李四等委员":          "张三 李四",
		"张三等十二位委员":          "张三 !写明共 12 位，只读到 1 位",
		"张三 @zhangsan":      "张三@zhangsan",
		"张三＠ZhangSan李四、王五":  "张三@zhangsan 李四 王五",
		"张三（某大学）@z3等2人、李四":  "张三@z3 李四",
		"张三、张三@z3":          "张三@z3",
		"民盟市委@mm":           "民盟市委*@mm",
	} {
		it := read("案号|案由|提出人", "1|某|"+text)
		var got []string
		for _, p := range it.Proposers {
			if p.Organisation {
				p.Name += "*"
			}
			if p.Account != "" {
				p.Name += "@" + p.Account
			}
			got = append(got, p.Name)
		}
		for _, p := range it.Problems {
			got = append(got, "!"+p.Words)
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("proposers of %q = %s, want %s", text, got, want)
		}
	}
	it := read("案号|案由|提出人|联名人", "1|某|张三等3人|李四、张三、王五")
	if len(it.Proposers) != 3 || len(it.Problems) != 0 || it.Proposers[0].Name != "张三" {
		t.Errorf("张三等3人 with two more = %+v", it)
	}
}

func TestRefusedRows(t *testing.T) {
	t.Parallel()
	const headings = "案号|案由|提出人|承办单位|会办单位|承办方式|类别|是否公开|书面答复"
	for _, test := range []struct{ row, want string }{
		{"|某|张三", "案号：应为数字，前面可有一个字母，如 0670，现在是空的"},
		{"1||张三", "案由：必填"},
		{"1|" + strings.Repeat("长", 201) + "|张三", "案由：最多 200 个字，现在有 201 个"},
		{"1|某|", "提出人：必填"},
		{"1|某|张", "提出人：名字应为 2 至 60 个字，现在是“张”"},
		{"1|某|张三|市外星局", "承办单位：应为已登记的承办单位的全称或简称，现在是“市外星局”"},
		{"1|某|张三|市科委、市知识产权局", "承办单位：应只写答复的一个单位"},
		{"1|某|张三|知识产权局", "承办单位：不是本单位承办的件"},
		{"1|某|张三|市科委||会办", "承办方式：会办件不在这里登记"},
		{"1|某|张三|市科委||帮忙", "承办方式：应为独办"},
		{"1|某|张三||||通知", "类别：应为提案或建议，现在是“通知”"},
		{"1|某|张三|||||看情况", "是否公开：应为是或否"},
		{"1|某|张三||||||随便", "是否要求书面答复：应为是或否"},
		{"||", "案号：应为数字，前面可有一个字母，如 0670，现在是空的；案由：必填，现在是空的；提出人：必填，现在是空的"},
	} {
		r := rows(test.row)
		var columns []handover.Field
		for _, h := range strings.Split(headings, "|") {
			f := handover.Match([]string{h, "案由"}, rows("提案"))[0]
			if h == "类别" {
				f = handover.Kind
			}
			if h == "案由" {
				f = handover.Title
			}
			columns = append(columns, f)
		}
		it := handover.Items(r, columns, defaults(), world())[0]
		if got := it.Why(); !strings.HasPrefix(got, test.want) || it.Good() {
			t.Errorf("%q is refused as %q, want %q", test.row, got, test.want)
		}
	}
}

// TestSameNumberTwice: zeros before a number make no other, and the same number of
// another sitting is another.
func TestSameNumberTwice(t *testing.T) {
	t.Parallel()
	r := rows("0012|某|张三|", "13|某|张三|", "12|某|李四|", "12|某|王五|市政协十四届三次会议")
	items := handover.Items(r, []handover.Field{handover.Number, handover.Title, handover.Proposers, handover.Sitting}, defaults(), world())
	for i, want := range []string{"", "", "案号：与第 1 行相同", ""} {
		if got := items[i].Why(); got != want {
			t.Errorf("line %d: %q, want %q", i+1, got, want)
		}
	}
}

// TestSupervisors receive for every organ, of the kind that they oversee.
func TestSupervisors(t *testing.T) {
	t.Parallel()
	w := world()
	w.User = casework.User{ID: 9, Roles: []casework.Role{casework.Supervisor}, OrganID: 7, Oversight: casework.OverseesCPPCC}
	columns := []handover.Field{handover.Number, handover.Title, handover.Proposers, handover.Organ, handover.Kind, handover.Sitting}
	for row, want := range map[string]string{
		"1|某|张三|市知识产权局": "", "1|某|张三|": "承办单位：没有写，也没有在上面选定", "1|某|张三|市科委|建议|市人大十六届四次会议": "类别：不由本单位督办，不能在这里登记",
	} {
		if got := handover.Items(rows(row), columns, defaults(), w)[0].Why(); got != want {
			t.Errorf("%s: %q, want %q", row, got, want)
		}
	}
}

// TestManyRows would not end where reading a list were quadratic.
func TestManyRows(t *testing.T) {
	t.Parallel()
	var r []handover.Row
	for i := range handover.MaxRows {
		r = append(r, handover.Row{Line: i + 2, Cells: []string{fmt.Sprint(i), "关于某事的提案", strings.Repeat("张三、李四、", 60)}})
	}
	for _, it := range handover.Items(r, []handover.Field{handover.Number, handover.Title, handover.Proposers}, defaults(), world()) {
		if !it.Good() {
			t.Fatal(it)
		}
	}
}

func FuzzItem(f *testing.F) {
	f.Add("0670|关于某事的提案|张三、李　四等3人|市政协十四届四次会议|二〇二五年三月四日|市科委|主办|是")
	f.Add("１|《《》|（（|届次|2025-13-45|、|会|0")
	f.Add("\xff|\x00|十|十届十次|十年十月十日|市|独|不")
	f.Fuzz(func(t *testing.T, row string) {
		r := []handover.Row{{Line: 1, Cells: strings.Split(row, "|")}}
		handover.Header(r)
		handover.Match(r[0].Cells, r)
		handover.DefaultsIn(r[0].Cells)
		it := handover.Items(r, handover.Fields(), handover.Defaults{}, world())[0]
		switch {
		case it.Good() != (it.Why() == ""):
			t.Errorf("Good is %v and Why %q", it.Good(), it.Why())
		case it.Good() && (it.Number == "" || it.Title == "" || len(it.Proposers) == 0 || it.Sitting.Term < 1 || it.HandedOver.After(world().Today)):
			t.Errorf("received as %+v", it)
		}
	})
}
