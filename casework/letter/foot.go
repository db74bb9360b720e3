package letter

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// readFoot reads the signature and its day (署名, 成文日期). Who receives a copy
// and whom to ask stand behind labels.
func (rd *reader) readFoot() {
	var organs []string
	for _, o := range rd.organs {
		organs = append(organs, rd.found("issuing_organ", o.start, o.end))
	}
	rd.r.IssuingOrgan = squeeze(strings.Join(organs, "、"))
	if rd.r.IssuingOrgan == "" {
		rd.organOfTitle()
	}
	if rd.r.IssuingOrgan == "" {
		rd.labelledOrgan()
	}
	rd.r.IssueDate = rd.date
	if !rd.date.IsZero() {
		rd.note("issue_date", rd.dateAt.start, rd.dateAt.end)
	} else {
		rd.labelledDate()
	}
}

// organOfTitle finds the organ of an unsigned letter: 上海市教育委员会关于…的答复,
// or the letterhead.
func (rd *reader) organOfTitle() {
	subject := rd.line(rd.subject)
	for _, word := range []string{"关于", "对"} {
		if k := strings.Index(subject, word); k > 0 && fullName(subject[:k]) {
			rd.r.IssuingOrgan = squeeze(rd.found("issuing_organ", rd.subject.start, rd.subject.start+k))
			return
		}
	}
	for i, l := range rd.lines[:rd.headEnd()] {
		l.end = l.start + len(strings.TrimSuffix(rd.line(l), "文件"))
		if organs := rd.organNames(l); rd.tags[i] == nil && len(organs) == 1 {
			rd.r.IssuingOrgan = squeeze(rd.found("issuing_organ", l.start, l.end))
			return
		}
	}
}

// labelledOrgan reads 承办单位：… of a letter that nobody signed.
func (rd *reader) labelledOrgan() {
	for i, tags := range rd.tags {
		for _, tag := range tags {
			start, end := rd.trim(tag.start, tag.end, "，", "。", "；")
			if tag.field == "issuing_organ" && (i < rd.body || i >= rd.foot) && fullName(rd.flat[start:end]) {
				set(rd, &rd.r.IssuingOrgan, tag.field, start, end)
			}
		}
	}
}

// labelledDate reads 成文日期：… from a head that a web page printed.
func (rd *reader) labelledDate() {
	for _, tags := range rd.tags {
		for _, tag := range tags {
			if d, w := dateAt(rd.flat[tag.start:tag.end]); tag.field == "issue_date" && w > 0 {
				rd.r.IssueDate = d
				rd.note("issue_date", tag.start, tag.start+w)
				return
			}
		}
	}
}

// readCopies reads the receivers of copies (抄送), which may go on in the lines
// behind.
func (rd *reader) readCopies(i, start int) {
	if len(rd.r.CopiedTo) > 0 {
		return
	}
	end := rd.lines[i].end
	var breaks []int // where a receiver begins in a line of his own
	for j := i + 1; j < len(rd.lines) && j < i+6 && !strings.HasSuffix(rd.flat[start:end], "。"); j++ {
		t := rd.line(rd.lines[j])
		if rd.tags[j] != nil || strings.HasSuffix(t, "印发") || rd.printedBy(j+1) || !hasAnySuffix(rd.flat[start:end], "，", "、", "；") && (!strings.HasSuffix(t, "。") || strings.HasPrefix(t, "（")) {
			if !rd.lines[j].indent || !fullName(t) {
				break
			}
			breaks = append(breaks, rd.lines[j].start)
		}
		end = rd.lines[j].end
	}
	from := start
	cut := func(to int) {
		a, b := rd.trim(from, to, "。", "；", "，", "、")
		if k := strings.Index(rd.flat[a:b], "（"); k > 0 && (strings.Contains(rd.flat[a+k:b], "份") || b-a-k > 8*3) {
			b = a + k // （1份）
		}
		if a < b {
			rd.r.CopiedTo = append(rd.r.CopiedTo, squeeze(rd.found("copied_to", a, b)))
		}
	}
	for k := start; k < end; k++ {
		if w := separator(rd.flat[k:end]); w > 0 {
			cut(k)
			from = k + w
		} else if k-from >= 12 && end-k >= 12 && rd.spaced(k) || slices.Contains(breaks, k) {
			cut(k)
			from = k
		}
	}
	cut(end)
}

// readContact reads a contact's name and telephone, which may share one label:
// 联系人：张三，23112565.
func (rd *reader) readContact(field string, start, end int) {
	phone := strings.IndexAny(rd.flat[start:end], "0123456789")
	if field == "contact_phone" {
		if phone < 0 {
			return
		}
		if strings.HasSuffix(rd.flat[:start], "（") && strings.Contains(rd.flat[start:end], "）") {
			start -= len("（") // of the area's code
		}
		start, end = rd.phone(start, end)
		set(rd, &rd.r.ContactPhone, field, start, end)
		return
	}
	if phone < 0 {
		rd.readContactName(start, end)
		return
	}
	rd.readContactName(rd.trim(start, start+phone, "，", "、", "；", "（", "电话", "：", "联系"))
	if strings.HasSuffix(rd.flat[start:start+phone], "（") && !strings.HasPrefix(rd.flat[end:], "）") {
		phone -= len("（") // of the area's code
	}
	a, b := rd.phone(start+phone, end)
	if utf8.RuneCountInString(rd.flat[a:b]) >= 7 {
		set(rd, &rd.r.ContactPhone, "contact_phone", a, b)
	}
}

// phone cuts off what follows a telephone number in its line.
func (rd *reader) phone(start, end int) (from, to int) {
	for i := start; i < end; i++ {
		if rd.gap(i) && han(rd.flat[i:]) && !hasAnyPrefix(rd.flat[i:end], "转", "或") && strings.ContainsAny(rd.flat[start:i], "0123456789") {
			end = i
		}
	}
	return rd.trim(start, end, "，", "、", "；", "）")
}

// offices end the names of the parts of an organ.
var offices = []string{"司", "科", "室", "股", "站", "队", "处", "部"}

// readContactName reads a name behind the office that it may stand after:
// 劳动关系处  农海燕. An office alone is no name.
func (rd *reader) readContactName(start, end int) {
	for i := start + 3; i < end; i++ {
		if name := rd.flat[start:i]; rd.gap(i) && len(name) >= 9 && (fullName(name) || hasAnySuffix(name, offices...)) {
			start = i
		}
	}
	if name := rd.flat[start:end]; !fullName(name) && !hasAnySuffix(name, offices...) {
		set(rd, &rd.r.ContactName, "contact_name", start, end)
	}
}
