package letter

import (
	"slices"
	"strings"
	"unicode/utf8"

	"fuyan/casework"
)

// A frame says which lines of a letter are its head, salutation, body and foot.
type frame struct {
	*source
	salutation int // line, or -1
	colon      int // the salutation's colon, in flat
	body       int // first line of the body
	foot       int // first line behind the body
	organs     []line
	date       casework.Date
	dateAt     line
	tags       [][]labelled // by line: its labelled values, outside the body
}

// frameOf finds the parts of a letter. A letter may lack any of them.
func frameOf(s *source) *frame {
	f := &frame{source: s, salutation: -1, foot: len(s.lines), tags: make([][]labelled, len(s.lines))}
	for i, l := range s.lines {
		if k := s.salutationEnd(i, l); k > 0 {
			f.salutation, f.colon = i, k
			break
		}
	}
	f.findBody()
	for i, l := range s.lines {
		if i < f.body || s.opensFoot(l) {
			f.tags[i] = s.labelledIn(l)
		}
	}
	f.findSignature()
	for i := f.body; i < f.foot; i++ {
		if endsBody(f.tags[i]) || strings.HasPrefix(s.line(s.lines[i]), "附件") && s.lines[i].end-s.lines[i].start < 200 {
			f.foot = i
		}
	}
	return f
}

// findBody starts the body behind the salutation or, without one, where
// sentences begin.
func (f *frame) findBody() {
	if f.salutation >= 0 {
		f.body = f.salutation
		if f.colon+len("：") >= f.lines[f.salutation].end {
			f.body++
		}
		return
	}
	for i, l := range f.lines {
		t := f.line(l)
		if strings.Contains(t, "，") && f.labelledIn(l) == nil || hasAnySuffix(t, "。", "；") || enumAt(t).rank > 0 {
			f.body = i
			return
		}
	}
	f.body = len(f.lines)
}

// salutationEnd returns where the colon of a salutation stands, or 0 when the
// line is none.
func (s *source) salutationEnd(i int, l line) int {
	t := s.line(l)
	k := strings.Index(t, "：")
	if k <= 0 || k > 400 || strings.ContainsAny(t[:k], "。；《") {
		return 0
	}
	names, rest := t[:k], t[k+len("："):]
	if rest != "" && !hasAnyPrefix(rest, "您", "你", "贵", "关于") {
		return 0
	}
	if hasAnySuffix(names, "委员", "代表", "同志", "先生", "女士") {
		return l.start + k
	}
	if utf8.RuneCountInString(names) > 60 || len(s.labelledIn(l)) > 0 || !s.opensLetter(rest, i) {
		return 0
	}
	return l.start + k
}

// opensLetter reports whether rest, or else the next line, reads like the
// opening of a reply.
func (s *source) opensLetter(rest string, i int) bool {
	for j := i + 1; rest == "" && j < len(s.lines); j++ {
		rest = s.line(s.lines[j])
	}
	rest = rest[:min(len(rest), 400)]
	return containsAny(rest, "收悉", "提出的", "来函", "转来", "答复如下", "函复如下", "回复如下", "意见如下", "办理情况", "转办", "交办", "由我局", "由我委", "由我办", "由我厅")
}

// opensFoot reports whether a line may open the foot, seen by its first words.
func (s *source) opensFoot(l line) bool {
	t := strings.TrimPrefix(s.line(l), "（")
	return hasAnyPrefix(t, "抄", "联系", "电话", "经办", "承办", "公开", "办理", "类别", "附", "邮", "地址", "主题", "信息", "是否", "答复", "具体", "主管", "主办", "来源", "咨询", "办复", "发文")
}

func endsBody(tags []labelled) bool {
	return slices.ContainsFunc(tags, func(t labelled) bool {
		switch t.field {
		case "contact_name", "contact_phone", "copied_to", "publicity_label", "result_label", "issuing_organ":
			return true
		}
		return false
	})
}

// findSignature looks behind the salutation for the line of the date and the
// organs above it (署名, 成文日期).
func (f *frame) findSignature() {
	last := -1
	for i := max(f.body, f.salutation+1); i < len(f.lines); i++ {
		l := f.lines[i]
		t := f.line(l)
		if l.end-l.start > 240 || hasAnySuffix(t, "印发", "印") || f.tags[i] != nil {
			continue
		}
		start, d := trailingDate(t)
		if d.IsZero() {
			continue
		}
		if organs := f.organsAbove(i, l.start+start); len(organs) > 0 {
			f.sign(i, organs, d, start)
			return
		}
		if _, w := dateAt(t); start == 0 && w == len(t) {
			last = i
		}
	}
	if last >= 0 {
		_, d := trailingDate(f.line(f.lines[last]))
		f.sign(last, nil, d, 0)
		return
	}
	f.findUndated()
}

func (f *frame) sign(i int, organs []line, d casework.Date, start int) {
	f.organs, f.date, f.foot = organs, d, i
	f.dateAt = line{start: f.lines[i].start + start, end: f.lines[i].end}
	for f.foot > f.body && len(organs) > 0 && f.lines[f.foot-1].start >= organs[0].start {
		f.foot--
	}
}

// findUndated finds a signature without a day: organs that stand alone behind
// the last sentence.
func (f *frame) findUndated() {
	for i := len(f.lines) - 1; i > f.body; i-- {
		t := f.line(f.lines[i])
		if hasAnySuffix(t, "。", "！", "；", "：") {
			break
		}
		if organs := f.organsAbove(i+1, f.lines[i].end); len(organs) > 0 && !f.printedBy(i+1) {
			f.organs, f.foot = organs, i
			for f.foot > f.body && f.lines[f.foot-1].start >= organs[0].start {
				f.foot--
			}
			return
		}
	}
}

// printedBy reports whether line i is the printing line (印发) under an office.
func (f *frame) printedBy(i int) bool {
	if i >= len(f.lines) {
		return false
	}
	day, ok := strings.CutSuffix(f.line(f.lines[i]), "印发")
	start, d := trailingDate(day)
	return ok && start == 0 && !d.IsZero()
}

// organsAbove collects the organs named right before the offset end, which
// lies in or at the end of a line before line i or in line i itself.
func (f *frame) organsAbove(i, end int) []line {
	var organs []line
	if i < len(f.lines) && end > f.lines[i].start {
		organs = f.organNames(line{start: f.lines[i].start, end: end})
		return organs
	}
	for i--; i >= max(f.body, f.salutation+1); i-- {
		above := f.organNames(f.lines[i])
		if len(above) == 0 || len(organs) > 20 {
			break
		}
		organs = append(above, organs...)
	}
	return organs
}

// organNames splits a line into the organs it names; nil if it names anything else.
func (f *frame) organNames(l line) []line {
	t := f.line(l)
	if len(t) > 360 || strings.ContainsAny(t, "，。；：！？“《") {
		return nil
	}
	if k := strings.Index(t, "（"); k > 0 && hasAnySuffix(t, "章）") {
		l.end = l.start + k
	}
	if k := strings.Index(t, "（"); k > 0 && strings.HasSuffix(t, "）") && fullName(t[:k]) && fullName(t[k+len("（"):len(t)-len("）")]) {
		return []line{{start: l.start, end: l.end}} // 市水务局（市海洋局）
	}
	var organs []line
	from := l.start
	for i := l.start; i <= l.end; i++ {
		stop := i == l.end || strings.HasPrefix(f.flat[i:l.end], "、")
		if !stop && !(f.gap(i) && fullName(f.flat[from:i]) && fullName(f.flat[i:l.end])) {
			continue
		}
		if !fullName(f.flat[from:i]) {
			return nil
		}
		organs = append(organs, line{start: from, end: i})
		if from = i; stop {
			from += len("、")
		}
	}
	return organs
}

// fullName reports whether s, a whole line or a part between marks, is the name
// of an organ.
func fullName(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 3 && n <= 40 && enumAt(s).rank == 0 && hasAnySuffix(s, organEnds...) &&
		!containsAny(s, "的", "建议", "提案", "关于", "答复")
}

// organEnds are the last characters of organs' names.
var organEnds = []string{
	"委", "局", "办", "厅", "委员会", "办公室", "政府", "处", "中心", "集团", "公司", "法院", "检察院", "研究院", "总队", "支队",
	"大队", "协会", "联合会", "学会", "总工会", "银行", "大学", "学院", "海关", "街道", "镇", "所", "署", "部", "院", "分行", "总站",
}

// trailingDate finds a day that ends s.
func trailingDate(s string) (start int, d casework.Date) {
	if !strings.HasSuffix(s, "日") && (s == "" || !isDigit(s[len(s)-1])) {
		return 0, d
	}
	for i := range s {
		if d, w := dateAt(s[i:]); w > 0 && i+w == len(s) {
			return i, d
		}
	}
	return 0, brokenDate(s)
}
