package letter

import (
	"strings"
	"unicode/utf8"

	"fuyan/casework"
)

// titleThenOpening are the two places that name the sitting and the case
// number. The title goes first and wins.
func (rd *reader) titleThenOpening() [2]line {
	return [2]line{rd.subject, {start: rd.opening.start, end: min(rd.opening.end, rd.opening.start+900)}}
}

// readSitting reads the meeting (市政协十四届二次会议).
func (rd *reader) readSitting() {
	var first sittingFound
	for _, at := range rd.titleThenOpening() {
		text := rd.flat[at.start:at.end]
		behind := ""
		if q := strings.IndexAny(text, "“《"); q >= 0 {
			text, behind = text[:q], text[max(q, strings.LastIndexAny(text[:min(len(text), 600)], "”》")):]
		}
		s, ok := sittingIn(text)
		if !ok && at != rd.subject { // 《…》（十三届全国人大五次会议第6094号）
			if s, ok = sittingIn(behind); ok {
				s = s.moved(at.end - at.start - len(behind))
			}
		}
		switch {
		case !ok:
		case first.body == "":
			first = s
			rd.takeSitting(s, at.start)
		case s.term > 0 && s.term != first.term || s.session > 0 && first.session > 0 && s.session != first.session:
			rd.contradicts("session", at.start+s.start, at.start+s.end)
		}
	}
}

func (rd *reader) takeSitting(s sittingFound, from int) {
	rd.r.Body, rd.r.Term, rd.r.Session = rd.asPrinted(s.body), s.term, s.session
	rd.note("body", from+s.start, from+s.bodyEnd)
	if s.term > 0 {
		rd.note("term", from+s.start, from+s.end)
	}
	if s.session > 0 {
		rd.note("session", from+s.start, from+s.end)
	}
}

// contradicts records that the opening prints a field otherwise than the title.
func (rd *reader) contradicts(field string, start, end int) {
	rd.r.Conflicts = append(rd.r.Conflicts, Conflict{Field: field, Printed: joinLines(rd.printed(start, end)), Span: rd.span(start, end)})
}

// ParseSitting reads a meeting as people write it: 市政协十四届二次会议, 政协上海市第十四届
// 委员会第二次会议, 市人大十六届三次. Without 次 it is between sittings.
func ParseSitting(text string) (casework.Sitting, bool) {
	if k := strings.Index(text, "次"); k >= 0 && !strings.HasPrefix(text[k:], "次会议") {
		text = text[:k] + "次会议" + text[k+len("次"):]
	}
	f, ok := sittingIn(text)
	if !ok || f.term < 1 || f.term > 99 || f.session > 99 {
		return casework.Sitting{}, false
	}
	return casework.Sitting{Body: f.body, Term: f.term, Session: f.session}, true
}

// A sittingFound is a meeting in a text. The body stands before the term, as in
// 市政协十四届, behind it, as in 市十五届人大, or around it.
type sittingFound struct {
	body                string
	term, session       int
	start, bodyEnd, end int
}

// moved is the same sitting in a text that begins so much earlier.
func (f sittingFound) moved(by int) sittingFound {
	f.start, f.bodyEnd, f.end = f.start+by, f.bodyEnd+by, f.end+by
	return f
}

func sittingIn(s string) (sittingFound, bool) {
	k := strings.Index(s, "届")
	if k < 0 {
		return bodyAlone(s)
	}
	from := numeralBefore(s, k)
	f := sittingFound{end: k + len("届"), bodyEnd: k}
	f.term, _ = numeral(s[from:k])
	before := s[:from]
	before = strings.TrimSuffix(before, "第")
	f.start = bodyStart(before)
	rest := s[f.end:]
	behind := 0
	if m := strings.Index(rest, "次会议"); m >= 0 && m < 90 {
		n := numeralBefore(rest, m)
		f.session, _ = numeral(rest[n:m])
		behind, f.end = n, f.end+m+len("次会议")
	} else {
		behind = bodyLength(rest)
		f.end += behind
	}
	tail := strings.TrimSuffix(rest[:behind], "第")
	f.body = bodyName(before[f.start:], tail)
	if tail != "" {
		f.bodyEnd = k + len("届") + len(tail)
	}
	return f, f.body != "" && f.term > 0
}

// numeralBefore is where the numeral that ends at k begins.
func numeralBefore(s string, k int) int {
	for range 6 {
		r, w := utf8.DecodeLastRuneInString(s[:k])
		if cnDigit(r) < 0 && r != '十' && r != '百' && (r < '0' || r > '9') {
			break
		}
		k -= w
	}
	return k
}

// bodyStart is where the name of the body that ends s begins.
func bodyStart(s string) int {
	start := prefixStart(s, len(s))
	for _, word := range []string{"关于", "对", "在", "于", "复"} {
		if k := strings.LastIndex(s[start:], word); k >= 0 {
			start += k + len(word)
		}
	}
	return start
}

// bodyLength is the length of the body's name at the start of s, behind the term.
func bodyLength(s string) int {
	for _, b := range []string{"人大", "人民代表大会", "政协", "委员会"} {
		if k := strings.Index(s, b); k >= 0 && k <= 15 {
			return k + len(b)
		}
	}
	return 0
}

// bodyName brings the names of a body to the short form: 市政协, 市人大.
func bodyName(before, behind string) string {
	behind = strings.TrimSuffix(strings.TrimSuffix(behind, "常务委员会"), "常委会")
	behind = strings.Replace(behind, "人民代表大会", "人大", 1)
	before = strings.Replace(before, "人民代表大会", "人大", 1)
	if place, ok := strings.CutPrefix(before, "政协"); ok && (place != "" || behind != "") {
		before, behind = place, strings.TrimSuffix(behind, "委员会")+"政协"
	} else if strings.HasSuffix(before, "政协") {
		behind = ""
	}
	name := before + behind
	if !containsAny(name, "政协", "人大") || utf8.RuneCountInString(name) > 14 {
		return ""
	}
	return name
}

// bodyAlone finds a body that is named without its term: 市政协第0123号提案.
func bodyAlone(s string) (f sittingFound, ok bool) {
	for _, b := range []string{"政协", "人大"} {
		k := strings.Index(s, b)
		if k < 0 {
			continue
		}
		f.bodyEnd = k + len(b)
		f.start, f.end = bodyStart(s[:f.bodyEnd]), f.bodyEnd
		f.body = s[f.start:f.end]
		return f, f.body != b && utf8.RuneCountInString(f.body) <= 10
	}
	return f, false
}

// readCaseNumber reads 0670 from 第 0670 号, in the title or the opening.
func (rd *reader) readCaseNumber() {
	if rd.r.CaseNumber != "" {
		return
	}
	for _, at := range rd.titleThenOpening() {
		text := rd.bare[at.start:at.end]
		if at == rd.subject || strings.Contains(rd.flat[at.start:at.end], "号）") {
			text = rd.flat[at.start:at.end]
		}
		n := caseNumberIn(text)
		switch number := text[n.start:n.end]; {
		case n.end == 0:
		case rd.r.CaseNumber == "":
			rd.note("case_number", at.start+n.start, at.start+n.end)
			rd.r.CaseNumber = number
		case strings.TrimLeft(number, "0") != strings.TrimLeft(rd.r.CaseNumber, "0"):
			rd.contradicts("case_number", at.start+n.start, at.start+n.end)
		}
	}
}

// caseNumberIn finds the number that stands before 号 and is neither a document
// number nor a day.
func caseNumberIn(s string) line {
	for from := 0; from < len(s); {
		k := strings.Index(s[from:], "号")
		if k < 0 {
			break
		}
		k += from
		start := caseStart(s, k)
		before, _ := utf8.DecodeLastRuneInString(s[:start])
		if strings.ContainsAny(s[start:k], "0123456789") && !strings.ContainsRune(closeBrackets, before) {
			return line{start: start, end: k}
		}
		from = k + len("号")
	}
	if n := chineseCase(s); n.end > 0 {
		return n
	}
	if s != "" && caseStart(s, len(s)) == 0 {
		return line{end: len(s)}
	}
	return line{}
}

// chineseCase finds 五 in 第五号.
func chineseCase(s string) line {
	k := strings.Index(s, "第")
	for ; k >= 0; k += len("第") {
		if n, w := numeral(s[k+len("第"):]); n > 0 && strings.HasPrefix(s[k+len("第")+w:], "号") {
			return line{start: k + len("第"), end: k + len("第") + w}
		}
		next := strings.Index(s[k+len("第"):], "第")
		if next < 0 {
			break
		}
		k += next
	}
	return line{}
}

// caseStart walks back from k over digits, Latin letters and what joins several
// numbers.
func caseStart(s string, k int) int {
	end := k
	for k > 0 && end-k < 60 {
		if c := s[k-1]; isDigit(c) || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '-' {
			k--
		} else if strings.HasSuffix(s[:k], "、") && k < end {
			k -= len("、")
		} else {
			break
		}
	}
	return k + len(s[k:end]) - len(strings.TrimLeft(s[k:end], "、-"))
}

// readTitle reads the proposal's title (案由): what the opening puts in
// quotation marks, or else what stands between 提出的 and 收悉, or else what the
// letter's own title quotes.
func (rd *reader) readTitle() {
	if rd.r.Title != "" {
		return
	}
	from, to := rd.openingSentence()
	start, end := quotedIn(rd.flat, from, to)
	if start == end {
		start, end = rd.plainTitle(from, to)
	}
	if start == end {
		start, end = quotedIn(rd.flat, rd.subject.start, rd.subject.end)
	}
	if start < end {
		rd.r.Title = rd.found("title", start, end)
	}
}

// openingSentence is the part of the opening up to 收悉 or, without it, up to
// the first stop.
func (rd *reader) openingSentence() (from, to int) {
	from, to = rd.opening.start, min(rd.opening.end, rd.opening.start+1500)
	k := to - from
	for _, word := range []string{"提出", "提的", "收悉"} {
		i := strings.Index(rd.bare[from:to], word)
		if sentence, _, _ := strings.Cut(rd.flat[from+max(i, 0):to], "。"); i >= 0 && (strings.ContainsAny(rd.flat[from:from+i]+sentence, "“《") || containsAny(sentence, "关于")) {
			k = min(k, i)
		}
	}
	for _, stop := range []string{"。", "！"} { // thanks may go before
		if s := strings.LastIndex(rd.bare[from:from+k], stop); s >= 0 && k < to-from {
			from, k = from+s+len(stop), k-s-len(stop)
		}
	}
	first := to
	for _, word := range []string{"收悉", "收到", "现答复", "现将", "现就", "答复如下", "已交", "已转", "交由", "悉，", "。", "情况如下", "办理情况"} {
		if k := strings.Index(rd.bare[from:first], word); k > 0 {
			first = from + k
		}
	}
	if first == to {
		return from, from
	}
	return from, first
}

// quotedIn returns what stands in the outermost quotation marks of a stretch.
func quotedIn(s string, from, to int) (start, end int) {
	k := strings.IndexAny(s[from:to], "“《‘")
	if k < 0 {
		return 0, 0
	}
	start = from + k + 3
	opener := s[start-3 : start]
	closer := map[string]string{"“": "”", "《": "》", "‘": "’"}[opener]
	depth := 1
	for i := start; i+3 <= to; i++ {
		switch s[i : i+3] {
		case opener:
			depth++
		case closer:
			if depth--; depth == 0 {
				return start, i
			}
		}
	}
	if k := strings.LastIndex(s[start:to], closer); k >= 0 {
		return start, start + k
	}
	return 0, 0
}

// plainTitle reads a title without quotation marks.
func (rd *reader) plainTitle(from, to int) (start, end int) {
	k := strings.Index(rd.flat[from:to], "关于")
	if k < 0 {
		return 0, 0
	}
	start = from + k
	title := strings.TrimSuffix(strings.TrimRight(rd.flat[start:to], "，已均业经"), "的议案")
	for _, noun := range []string{"的建议", "的提案", "的议案"} { // 关于…的建议，我局…
		if k := strings.Index(title, noun); k >= 0 && hasAnyPrefix(title[k+len(noun):], "，", "我", "由", "交", "已", "（", "业", "均") {
			title = title[:k+len(noun)]
		}
	}
	for _, noun := range []string{"的提案", "的书面意见"} { // 关于…的建议的提案
		if t, ok := strings.CutSuffix(title, noun); ok && hasAnySuffix(t, "建议", "提案", "意见") {
			title = t
		}
	}
	end = start + len(title)
	if b := strings.LastIndex(rd.flat[start:end], "（"); b > 0 && strings.HasSuffix(rd.flat[start:end], "）") {
		end = start + b
	}
	return start, end
}
