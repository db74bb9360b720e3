package calendar

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"fuyan/casework"
)

// A kind is what a line says of its day.
type kind int

const (
	none    kind = iota
	off          // 休
	work         // 班
	plain        // as its weekday says
	unclear      // 调休: some tables mean the day that is worked, others the day off
)

// kinds are the words for each.
var kinds = map[kind][]string{
	off:     {"休", "放假", "休息", "节假日", "法定节假日", "公休", "off", "holiday", "rest"},
	work:    {"班", "上班", "补班", "调休上班", "补休上班", "work", "workday", "working", "make_up", "make-up", "makeup"},
	plain:   {"撤销", "取消", "照常", "none", "plain", "remove"},
	unclear: {"调休"},
}

// wantKinds say what would be right in place of a word that is no kind.
var wantKinds = map[kind]string{
	none:    "应为“休”（off）、“班”（work）或“撤销”（none），现在是%q",
	unclear: "%q看不出是上班还是放假，应写明“班”或“休”",
}

func kindOf(word string) kind {
	word = strings.ToLower(strings.TrimSpace(word))
	for k, words := range kinds {
		if slices.Contains(words, word) {
			return k
		}
	}
	return none
}

// headings are the columns of a table and what their headings may say.
var headings = [4][]string{
	{"date", "日期", "day", "日子"},
	{"kind", "类型", "类别", "种类", "type"},
	{"name", "名称", "节日", "节假日", "holiday"},
	{"notice", "文号", "通知", "依据", "发文字号"},
}

// A place is where each column of a table stands: its index, -1 for none, and
// its heading.
type place struct {
	index   [4]int
	heading [4]string
}

var unheaded = place{[4]int{0, 1, 2, 3}, [4]string{"日期", "类型", "名称", "文号"}}

// table reads a table: date, kind, name and notice, the last two optional.
func (r *reader) table(data []byte) {
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord = -1
	at := unheaded
	for first := true; ; first = false {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if broken, ok := errors.AsType[*csv.ParseError](err); ok {
			r.fault(broken.Line, "", "引号不成对，或者引号前后有多余的字符")
			return
		}
		if err != nil {
			r.fault(0, "", "读不出：%v", err)
			return
		}
		line, _ := in.FieldPos(0)
		if first && isHeading(fields) {
			if at = r.heading(line, fields); at.index[0] < 0 {
				return
			}
			continue
		}
		if !empty(fields) {
			r.row(line, at, fields)
		}
	}
}

func empty(fields []string) bool {
	return !slices.ContainsFunc(fields, func(f string) bool { return strings.TrimSpace(f) != "" })
}

// column returns which of the four columns a heading names, -1 for none.
func column(heading string) int {
	heading = strings.ToLower(strings.TrimSpace(heading))
	return slices.IndexFunc(headings[:], func(words []string) bool { return slices.Contains(words, heading) })
}

// isHeading tells a heading by any word of it: “放假” and “off” name no column.
func isHeading(fields []string) bool {
	return slices.ContainsFunc(fields, func(f string) bool { return column(f) >= 0 }) && kindOf(field(fields, 1)) == none
}

func (r *reader) heading(line int, fields []string) place {
	at := place{index: [4]int{-1, -1, -1, -1}}
	for i, f := range fields {
		if c := column(f); c >= 0 && at.index[c] < 0 {
			at.index[c], at.heading[c] = i, strings.TrimSpace(f)
		}
	}
	if at.index[0] < 0 || at.index[1] < 0 {
		r.fault(line, strings.Join(fields, ","), "表头应有 date（日期）和 kind（类型）两栏，可有 name（名称）、notice（文号）")
		at.index[0] = -1
	}
	return at
}

func field(fields []string, i int) string {
	if i < 0 || i >= len(fields) {
		return ""
	}
	return strings.TrimSpace(fields[i])
}

func (r *reader) row(line int, at place, fields []string) {
	d := casework.CalendarDay{Name: field(fields, at.index[2]), Notice: field(fields, at.index[3])}
	word := field(fields, at.index[1])
	k := kindOf(word)
	var ok bool
	if d.Day, ok = parseDay(field(fields, at.index[0])); !ok {
		r.fault(line, at.heading[0], "应为日历上有的一天，写作 2026-10-01，现在是%q", field(fields, at.index[0]))
	}
	want, wrong := wantKinds[k]
	if wrong {
		r.fault(line, at.heading[1], want, word)
	}
	r.fits(line, at.heading[2], d.Name)
	r.fits(line, at.heading[3], d.Notice)
	if at == unheaded && len(fields) > 4 && !empty(fields[4:]) {
		r.fault(line, "", "应有日期、类型、名称、文号四栏，现在有%d栏", len(fields))
	}
	if ok && !wrong {
		r.add(columns{line, at.heading[0], at.heading[1]}, k, d)
	}
}

// parseDay reads a day as tables write it.
func parseDay(text string) (casework.Date, bool) {
	for _, layout := range []string{time.DateOnly, "2006-1-2", "2006/1/2", "2006.1.2", "20060102", "2006年1月2日"} {
		if t, err := time.Parse(layout, text); err == nil {
			return casework.DateOf(t, time.UTC), true
		}
	}
	return casework.Date{}, false
}
