package handover

import (
	"slices"
	"strings"
	"unicode"

	"fuyan/casework"
	"fuyan/casework/letter"
)

// fields lists what columns may hold, with the headings under which lists have
// them. The longest heading that a column's own contains says what it is.
var fields = []struct {
	field    Field
	label    string
	headings []string
}{
	{Number, "案号", []string{"案号", "提案号", "建议号", "编号", "提案编号", "建议编号", "件号", "案件号"}},
	{Title, "案由", []string{"案由", "标题", "题目", "案名", "提案名称", "建议名称", "提案题目", "建议题目", "名称", "件名"}},
	{Kind, "类别", []string{"类别", "类型", "种类", "件别", "提案建议"}},
	{Sitting, "届次", []string{"届次", "会议", "届别", "会次", "会议届次"}},
	{Proposers, "提出人", []string{"提出人", "提案人", "提案者", "提出者", "第一提案人", "第一提案者", "第一提出人", "领衔代表", "领衔人", "领衔委员", "领衔提出人", "建议人", "代表姓名", "委员姓名", "提案单位", "提出单位", "代表", "委员", "姓名"}},
	{Cosigners, "联名人", []string{"联名人", "联名代表", "联名委员", "联名提案人", "联名提出人", "联名", "附议人", "附议代表", "附议", "其他提案人", "其他提出人"}},
	{Organ, "承办单位", []string{"承办单位", "主办单位", "独办单位", "主办", "独办", "办理单位", "答复单位", "承办部门", "主办部门"}},
	{Helpers, "会办单位", []string{"会办单位", "协办单位", "会办", "协办", "会同单位", "会办部门", "协办部门"}},
	{Role, "承办方式", []string{"承办方式", "办理方式", "承办形式", "办理形式", "承办类型", "办理类型"}},
	{HandedOver, "交办日期", []string{"交办日期", "交办时间", "交办日", "交办"}},
	{Text, "正文", []string{"正文", "内容", "提案内容", "建议内容", "提案正文", "建议正文", "全文"}},
	{TextPublic, "是否公开", []string{"是否公开", "可否公开", "是否同意公开", "同意公开", "正文公开", "公开"}},
	{NoWrittenReply, "是否要求书面答复", []string{"书面答复", "是否书面答复", "答复方式", "是否需要书面答复", "是否要求书面答复"}},
}

// Fields lists every field that a column may hold.
func Fields() []Field {
	var out []Field
	for _, f := range fields {
		out = append(out, f.field)
	}
	return out
}

// Label is what people call the field.
func (f Field) Label() string {
	for _, known := range fields {
		if known.field == f {
			return known.label
		}
	}
	return "整行"
}

// Heading is the heading of a column that holds the field; empty for nothing.
func (f Field) Heading() string {
	if f == Nothing {
		return ""
	}
	return f.Label()
}

// mostTitles is how many rows may stand above the headings.
const mostTitles = 30

// Header returns the place among rows of the one with the headings, the lowest of
// those in two lines; -1 where no row looks like one. A row needs two fields, of
// which one is the number or the title.
func Header(rows []Row) int {
	best, most := -1, 1
	for i, row := range rows[:min(len(rows), mostTitles)] {
		found := match(row.Cells)
		n := 0
		for _, f := range found {
			if f != Nothing {
				n++
			}
		}
		named := slices.Contains(found, Number) || slices.Contains(found, Title)
		if named && (n > most || n == most && best == i-1 && n > 1) {
			best, most = i, n
		}
	}
	return best
}

// Match guesses what each column holds, by its heading and, where a heading is in
// use for other things too, by what stands under it.
func Match(headings []string, rows []Row) []Field {
	found := match(headings)
	for column, f := range found {
		if f == Kind && !someKind(rows, column) { // 类别 is often the subject: 经济建设
			found[column] = Nothing
		}
	}
	return found
}

// match gives each field to the column whose heading fits it best.
func match(headings []string) []Field {
	out := make([]Field, len(headings))
	fit := make(map[Field]int) // the length of the words that fit, twice where they are all
	at := make(map[Field]int)
	for column, heading := range headings {
		f, n := fieldOf(heading)
		if n <= fit[f] {
			continue
		}
		if fit[f] > 0 {
			out[at[f]] = Nothing
		}
		out[column], fit[f], at[f] = f, n, column
	}
	return out
}

// fieldOf is the field that a heading names, and how well.
func fieldOf(heading string) (best Field, fit int) {
	heading = bare(heading)
	if len([]rune(heading)) > 16 { // a sentence
		return Nothing, 0
	}
	for _, f := range fields {
		for _, h := range f.headings {
			n := len([]rune(h))
			switch {
			case h == heading:
				n *= 2
			case !strings.Contains(heading, h) || n < 2:
				continue
			case strings.HasSuffix(heading, h): // what a Chinese word is stands at its end
				n++
			}
			if n > fit {
				best, fit = f.field, n
			}
		}
	}
	return best, fit
}

// bare is a heading without spaces, marks and what stands in brackets.
func bare(heading string) string {
	if k := strings.IndexAny(heading, "（("); k > 0 {
		heading = heading[:k]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, heading)
}

func someKind(rows []Row, column int) bool {
	return slices.ContainsFunc(rows[:min(len(rows), 20)], func(r Row) bool { return kindOf(r.cell(column)) != "" })
}

// DefaultsIn is what the words above a table say of all its rows:
// 市政协十四届四次会议提案交办清单.
func DefaultsIn(titles []string) Defaults {
	var d Defaults
	for _, t := range titles {
		if s, ok := letter.ParseSitting(narrow(t)); ok && d.Sitting.Term == 0 {
			d.Sitting, d.Kind = s, casework.KindOf(s.Body)
		}
		if d.Kind == "" {
			d.Kind = kindOf(t)
		}
	}
	return d
}
