package letter

import (
	"fmt"
	"strings"

	"fuyan/casework"
)

// A reader fills in a Reading from the parts of a letter.
type reader struct {
	*frame
	paras   []para
	opening para          // the paragraph that says what is answered
	subject line          // 对…的答复, zero if there is none
	written casework.Date // for the words of a text that shows no day of its own
	r       Reading
}

// note records where a field was read.
func (rd *reader) note(field string, start, end int) {
	rd.r.Fields = append(rd.r.Fields, Field{field, rd.span(start, end)})
}

// found returns the printed characters of a field and records their place.
func (rd *reader) found(field string, start, end int) string {
	rd.note(field, start, end)
	return joinLines(rd.printed(start, end))
}

// joinLines takes the line breaks out of a value that was printed on several lines.
func joinLines(s string) string {
	if !strings.ContainsAny(s, "\r\n\v\f\u0085\u2028\u2029") {
		return s
	}
	var b strings.Builder
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune("\r\n\v\f\u0085\u2028\u2029", r) }) {
		b.WriteString(strings.TrimSpace(part))
	}
	return b.String()
}

func (rd *reader) readHead() {
	rd.findSubject()
	rd.readNumber()
	rd.readLabels()
	rd.readSitting()
	rd.readCaseNumber()
	rd.readTitle()
	rd.readProposers()
	rd.r.Kind = rd.kind()
}

// subjectEnds are the last words of a letter's title.
var subjectEnds = []string{"答复", "复函", "答复意见", "意见", "回复", "答复函", "复文", "的函", "答复的函", "办理情况", "情况汇报", "答复摘要", "回复摘要", "复文摘要", "摘要"}

// findSubject finds the letter's title (标题), which may take several lines.
func (rd *reader) findSubject() {
	head := rd.lines[:rd.headEnd()]
	for i, l := range head {
		t := rd.line(l)
		if !strings.HasPrefix(t, "对") && !containsAny(t, "关于", "届", "提案的", "建议的") || rd.tags[i] != nil {
			continue
		}
		for _, last := range head[i:min(i+5, len(head))] {
			joined := rd.flat[l.start:last.end]
			if len(joined) > 600 {
				break
			}
			if k := strings.LastIndex(joined, "（"); k > 0 && strings.HasSuffix(joined, "）") && !strings.HasSuffix(joined[:k], "答") {
				joined = strings.TrimSuffix(joined[:k], "（")
			}
			if hasAnySuffix(joined, subjectEnds...) && containsAny(joined, "提案", "建议", "议案", "第") {
				rd.subject = line{start: l.start, end: last.end}
				return
			}
		}
	}
}

func (rd *reader) headEnd() int {
	if rd.salutation >= 0 {
		return rd.salutation
	}
	return rd.body
}

// readNumber reads the document number (发文字号), which stands in the head.
func (rd *reader) readNumber() {
	end := rd.headEnd()
	for i, l := range rd.lines {
		if i >= end && i < rd.foot || l.end-l.start > 400 {
			continue
		}
		n, ok := findNumber(rd.line(l))
		if !ok && i < end {
			n, ok = bareNumber(rd.line(l))
		}
		if !ok || i >= end && n.end-n.start < l.end-l.start {
			continue
		}
		start := rd.numberStart(l.start+n.start, l.start+n.start+len(n.prefix))
		rd.note("document_number", start, l.start+n.end)
		prefix := rd.flat[start : l.start+n.start+len(n.prefix)]
		rd.r.DocumentNumber = rd.asPrinted(fmt.Sprintf("%s〔%d〕%s号", prefix, n.year, n.seq))
		rd.readClassBeside(l, l.start+n.end)
		return
	}
}

// numberStart cuts off what stands in the same line before the number: an
// organ's name, divided from it by white space.
func (rd *reader) numberStart(start, end int) int {
	for i := end - 6; i > start; i -= 3 {
		if rd.gap(i) && (i-start > 12 || fullName(rd.flat[start:i]) || labels[rd.flat[start:i]] == "document_number" || rd.flat[start:i] == "标题") {
			return i
		}
	}
	return start
}

// readClassBeside reads a class that stands behind the number: 16号C类, 5号（B类）.
func (rd *reader) readClassBeside(l line, at int) {
	start, end := rd.trim(at, l.end, "（", "）", "【", "】", "，")
	if c := rd.flat[start:end]; classLetter(c) && (rd.gap(at) || len(c) > 1 || start > at) {
		set(rd, &rd.r.ResultLabel, "result_label", start, end)
	}
}

// classLetter reports whether s is one of the classes A to D: B or B类.
func classLetter(s string) bool {
	s = strings.TrimRight(strings.TrimSuffix(s, "类"), "12")
	return len(s) == 1 && s >= "A" && s <= "D"
}

// readLabels reads what stands behind a label or alone in a line of the head or
// the foot.
func (rd *reader) readLabels() {
	for i, l := range rd.lines {
		if i >= rd.body && i < rd.foot {
			continue
		}
		for _, tag := range rd.tags[i] {
			rd.readLabelled(i, rd.below(i, tag))
		}
		if rd.tags[i] == nil && i != rd.salutation {
			rd.readAlone(i, l)
		}
	}
}

// below moves the value of a label that stands alone to the line below it.
func (rd *reader) below(i int, tag labelled) labelled {
	if tag.start < tag.end || i+1 >= len(rd.lines) || len(rd.tags[i]) > 1 || rd.tags[i+1] != nil {
		return tag
	}
	if l := rd.lines[i+1]; hasAnyPrefix(tag.field, "contact", "case") && l.end-l.start <= 60 {
		tag.start, tag.end = l.start, l.end
	}
	return tag
}

func (rd *reader) readLabelled(i int, tag labelled) {
	start, end := rd.trim(tag.start, tag.end, "，", "。", "；", "、", "（", "）", "【", "】")
	if start >= end {
		return
	}
	switch v := rd.flat[start:end]; tag.field {
	case "result_label":
		rd.readResult(start, end)
	case "publicity_label":
		if set(rd, &rd.r.PublicityLabel, tag.field, start, end) {
			rd.r.PublicityLabel = squeeze(rd.r.PublicityLabel)
		}
	case "title":
		start, end = rd.trim(start, end, "“", "”", "《", "》")
		set(rd, &rd.r.Title, tag.field, start, end)
	case "case_number":
		if n := caseNumberIn(v); n.end > 0 {
			set(rd, &rd.r.CaseNumber, tag.field, start+n.start, start+n.end)
		}
	case "contact_name", "contact_phone":
		rd.readContact(tag.field, start, end)
	case "copied_to":
		rd.readCopies(i, tag.start)
	}
}

// readResult reads a result behind its label. 主办 and the like are no results,
// and what stands further on in the line behind a class is something else.
func (rd *reader) readResult(start, end int) {
	if hasAnyPrefix(rd.flat[start:end], "主办", "会办", "独办", "分办", "协办", "合办") || strings.Contains(rd.flat[start:end], "、") {
		return
	}
	for i := start + 1; i < end; i++ {
		if c := rd.flat[start:i]; rd.gap(i) && (classLetter(c) || results[c]) {
			end = i
		}
	}
	set(rd, &rd.r.ResultLabel, "result_label", start, end)
}

// set fills in a field once: what is printed first stays.
func set(rd *reader, dst *string, field string, start, end int) bool {
	if *dst != "" || start >= end {
		return false
	}
	if field == "result_label" && classLetter(rd.flat[start:end]) {
		end = start + len(strings.TrimSuffix(rd.flat[start:end], "类")) // B类 is class B
	}
	*dst = rd.found(field, start, end)
	return true
}

// readAlone reads a line that needs no label: B, 解决采纳, （此件主动公开）.
func (rd *reader) readAlone(i int, l line) {
	if l.end-l.start > 60 {
		return
	}
	start, end := rd.trim(l.start, l.end, "（", "）", "【", "】")
	for k := start + 1; k < end; k++ {
		if rd.spaced(k) && classLetter(rd.flat[start:k]) { // （A类  同意公开）
			rd.readAlone(i, line{start: start, end: k})
			start = k
		}
	}
	t := rd.flat[start:end]
	if rest, ok := strings.CutPrefix(t, "此件"); ok {
		start, t = start+len("此件"), rest
	}
	switch {
	case hasAnyPrefix(t, "主动公开", "依申请公开", "不予公开", "公开发布", "删减后公开", "同意公开", "不公开", "可公开", "全文公开", "摘要公开"):
		if rd.r.PublicityLabel == "" {
			rd.r.PublicityLabel = squeeze(rd.found("publicity_label", start, end))
		}
	case i < rd.body && (classLetter(t) || results[t]):
		set(rd, &rd.r.ResultLabel, "result_label", start, end)
	}
}

// results are the classes of Shanghai's two schemes (domain: 办理结果).
var results = map[string]bool{
	"解决采纳": true, "解决或采纳": true, "正在解决": true, "计划解决": true, "列入计划拟解决": true, "留作参考": true,
	"已经解决": true, "暂难解决": true,
}

// kind tells the two kinds apart by the strongest sign that the letter gives.
func (rd *reader) kind() casework.Kind {
	subject := rd.line(rd.subject)
	behind := subject[strings.LastIndexAny(subject, "”》")+1:]
	for k := strings.IndexAny(subject, "“《"); k >= 0; k = -1 {
		subject = subject[:k]
	}
	address := ""
	if rd.salutation >= 0 {
		address = rd.flat[rd.lines[rd.salutation].start:rd.colon]
	}
	opening := rd.bare[rd.opening.start:rd.opening.end]
	for _, sign := range []string{rd.r.Body, subject, behind, rd.r.DocumentNumber, address, strings.Join(rd.r.CopiedTo, ""), opening} {
		if k := kindOf(sign); k != "" {
			return k
		}
	}
	return ""
}

func kindOf(s string) casework.Kind {
	switch {
	case containsAny(s, "政协"):
		return casework.CPPCCProposal
	case containsAny(s, "人大", "人民代表大会"):
		return casework.NPCSuggestion
	case containsAny(s, "提案", "提复", "提〔", "提函", "提字"):
		return casework.CPPCCProposal
	case containsAny(s, "代表建议", "建复", "建议", "建〔", "议案", "代建"):
		return casework.NPCSuggestion
	case strings.HasSuffix(s, "委员"):
		return casework.CPPCCProposal
	case strings.HasSuffix(s, "代表"):
		return casework.NPCSuggestion
	}
	return ""
}
