package letter

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A source is a letter's text made ready for reading. All rules look at flat;
// nothing but this file knows how flat and the text as it came to us differ.
type source struct {
	text  string
	flat  string // text without white space, its punctuation in one form
	bare  string // flat with what stands in quotation marks and brackets blanked out
	runs  []run  // where the stretches of flat came from
	lines []line // lines that are not blank
	// spelled maps simplified characters to the traditional ones that the text has.
	spelled map[rune]rune
}

// A place is where something stands in the text: in bytes and in characters.
type place struct{ byte, char int }

// A run is a stretch of flat, from an offset on, that came from one place of the
// text: character by character or, if it was changed, one character as a whole.
type run struct {
	flat    int
	from    place
	changed bool
}

// A line is a printed line, in offsets of flat.
type line struct {
	start, end int
	indent     bool
}

// newSource takes white space out and brings half-width and typographic
// variants of a mark to one form, so that the rules need to know only one.
func newSource(text string) *source {
	f := flattener{text: text, flat: make([]byte, 0, len(text)+len(text)/8)}
	for f.at.byte < len(text) {
		f.next()
	}
	f.endLine()
	s := &source{text: text, flat: string(f.flat), lines: f.lines, spelled: f.spelled}
	s.runs = append(f.runs, run{flat: len(f.flat), from: f.at})
	s.bare = s.flat
	return s
}

// han reports whether s begins with a Chinese character, which most of a letter is.
func han(s string) bool {
	return s[0] >= 0xE4 && s[0] <= 0xE9 && len(s) >= 3 && s[1]&0xC0 == 0x80 && s[2]&0xC0 == 0x80
}

type flattener struct {
	text   string
	at     place // how far it is read
	flat   []byte
	runs   []run
	lines  []line
	start  int  // of the present line
	blanks int  // white space before its first character
	quoted bool // an ASCII quotation mark is open
	footer bool // the site's own footer has begun

	spelled map[rune]rune
}

// next takes over what stands at the present place.
func (f *flattener) next() {
	rest := f.text[f.at.byte:]
	if han(rest) {
		f.addHan(rest)
		return
	}
	if rest[0] == '<' || rest[0] == '&' {
		if m := markupAt(rest); m.width > 0 {
			f.addMarkup(m)
			f.skip(m.width)
			return
		}
	}
	if n := glossWidth(rest); n > 0 && f.afterHan() {
		f.skip(n)
		return
	}
	r, n := utf8.DecodeRuneInString(rest)
	f.add(r, rest[:n], rest[n:])
	f.at.byte, f.at.char = f.at.byte+n, f.at.char+1
}

func (f *flattener) skip(width int) {
	f.at.char += utf8.RuneCountInString(f.text[f.at.byte : f.at.byte+width])
	f.at.byte += width
}

// addHan takes over the Chinese characters that open s.
func (f *flattener) addHan(s string) {
	f.mark(false)
	n := 0
	for n < longestRun && n < len(s) && han(s[n:]) {
		r := rune(s[n]&0x0F)<<12 | rune(s[n+1]&0x3F)<<6 | rune(s[n+2]&0x3F)
		if i := int(r) - 0x4E00; i >= 0 && i < len(simplified) && simplified[i] != 0 {
			f.flat = append(f.flat, s[:n]...)
			f.simplify(r, simplified[i])
			f.at.byte, f.at.char = f.at.byte+n+3, f.at.char+n/3+1
			return
		}
		n += 3
	}
	f.flat = append(f.flat, s[:n]...)
	f.at.byte, f.at.char = f.at.byte+n, f.at.char+n/3
}

func (f *flattener) simplify(traditional, simple rune) {
	if f.spelled == nil {
		f.spelled = map[rune]rune{}
	}
	f.spelled[simple] = traditional
	f.flat = utf8.AppendRune(f.flat, simple)
}

// longestRun bounds a run, for a place in it is found by counting from its start.
const longestRun = 255

// mark begins a run at the present place unless the last one goes on there.
func (f *flattener) mark(changed bool) {
	if n := len(f.runs); n > 0 && !changed && !f.runs[n-1].changed {
		last := f.runs[n-1]
		if length := len(f.flat) - last.flat; length < longestRun && last.from.byte+length == f.at.byte {
			return
		}
	}
	f.runs = append(f.runs, run{len(f.flat), f.at, changed})
}

func (f *flattener) addMarkup(m markup) {
	if m.breaks {
		f.endLine()
	}
	switch r, n := utf8.DecodeRuneInString(m.text); {
	case n == 0 || unicode.IsSpace(r):
	case r == '"':
		f.put(f.quote(), "")
	default:
		f.put(f.form(r, m.text, ""), "")
	}
}

func (f *flattener) add(r rune, printed, rest string) {
	switch r {
	case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		f.endLine()
	case ' ', '\t', '\u00a0', '\u3000', '|', '｜', '│':
		if len(f.flat) == f.start {
			f.blanks++
		}
	case '\ufeff', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u00ad', '\u2060', '*', '#':
	case '"', '＂':
		f.put(f.quote(), printed)
	default:
		if r >= '\u2000' && r <= '\u200a' {
			return
		}
		f.put(f.form(r, printed, rest), printed)
	}
}

// quote is the form of an ASCII quotation mark, which opens and closes in turn.
func (f *flattener) quote() string {
	f.quoted = !f.quoted
	if f.quoted {
		return "“"
	}
	return "”"
}

// form is how flat spells a character that is no Chinese one.
func (f *flattener) form(r rune, printed, rest string) string {
	switch {
	case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ':
		return string(r - '０' + '0')
	case r == ',' || r == ':' || r == '：' || r == '∶':
		if f.afterDigit() && len(rest) > 0 && isDigit(rest[0]) {
			return printed
		}
	case r == '<' || r == '>' || r == ';':
		if f.afterASCII() || startsASCII(rest) { // 温度>20度, R&D;
			return printed
		}
	case r == '.' || r == '．':
		if f.afterHan() && !startsASCII(rest) {
			return "。"
		}
		return "."
	}
	if r < utf8.RuneSelf && (r > '?' || isDigit(byte(r))) {
		return printed
	}
	if one, ok := oneForm[r]; ok {
		return one
	}
	return printed
}

// oneForm lists the variants of a mark that letters and web pages print.
var oneForm = map[rune]string{
	',': "，", ':': "：", '∶': "：", '﹕': "：", ';': "；", '!': "！", '?': "？", '(': "（", ')': "）",
	'〖': "【", '〗': "】", '｡': "。", '､': "、", '﹑': "、", '「': "“", '」': "”", '『': "‘", '』': "’",
	'〈': "《", '〉': "》", '<': "《", '>': "》", '•': "·", '・': "·", '‧': "·", '○': "〇", '◯': "〇",
}

func (f *flattener) put(s, printed string) {
	f.mark(s != printed)
	f.flat = append(f.flat, s...)
}

// endLine ends a printed line. A page's number is left out, which may stand in
// mid-sentence, and so is what a web page prints around its text.
func (f *flattener) endLine() {
	if n := len(f.flat) - f.start; n > 0 && n < 600 && f.printedAround(string(f.flat[f.start:])) {
		f.flat = f.flat[:f.start]
		for n := len(f.runs); n > 0 && f.runs[n-1].flat >= f.start; n-- {
			f.runs = f.runs[:n-1]
		}
	}
	if len(f.flat) > f.start {
		f.lines = append(f.lines, line{f.start, len(f.flat), f.blanks >= 2})
	}
	f.start, f.blanks, f.quoted = len(f.flat), 0, false
}

// printedAround reports whether a line is none of the letter's own.
func (f *flattener) printedAround(l string) bool {
	return pageNumber(l) || len(f.lines) > 6 && len(l) <= 3 && allDigits(l) || f.clutter(l)
}

// pageNumber reports whether a line is — 3 — or the like.
func pageNumber(t string) bool {
	if len(t) > 30 {
		return false
	}
	digits := len(digitsOf(t))
	return digits > 0 && digits <= 4 && len(t) > digits && strings.Trim(t, "0123456789—-–－·/第页共_") == ""
}

func (f *flattener) afterASCII() bool {
	n := len(f.flat)
	return n > f.start && (isDigit(f.flat[n-1]) || isLetter(f.flat[n-1]))
}

func (f *flattener) afterHan() bool {
	n := len(f.flat)
	return n >= 3 && n > f.start && f.flat[n-3] >= 0xE4 && f.flat[n-3] <= 0xE9
}

func (f *flattener) afterDigit() bool {
	return len(f.flat) > f.start && isDigit(f.flat[len(f.flat)-1])
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func startsASCII(s string) bool { return s != "" && s[0] > ' ' && s[0] < utf8.RuneSelf }

// runAt returns the run in which the byte at i of flat lies.
func (s *source) runAt(i int) int {
	low, high := 0, len(s.runs)
	for low+1 < high {
		if mid := (low + high) / 2; s.runs[mid].flat <= i {
			low = mid
		} else {
			high = mid
		}
	}
	return low
}

// place is where the character came from that stands at i of flat.
func (s *source) place(i int) place {
	r := s.runs[s.runAt(i)]
	if r.changed {
		return r.from
	}
	return place{r.from.byte + i - r.flat, r.from.char + utf8.RuneCountInString(s.flat[r.flat:i])}
}

// offset is where in flat the character of the text stands that is counted so,
// or the next one that is in flat.
func (s *source) offset(char int) int {
	k, exact := slices.BinarySearchFunc(s.runs, char, func(r run, char int) int { return r.from.char - char })
	if exact || k == 0 {
		return s.runs[min(k, len(s.runs)-1)].flat
	}
	r, i := s.runs[k-1], s.runs[k-1].flat
	for n := r.from.char; n < char && k < len(s.runs) && i < s.runs[k].flat; n++ {
		_, w := utf8.DecodeRuneInString(s.flat[i:])
		i += w
	}
	return i
}

// span and printed turn a stretch of flat into its place and its characters in
// the text.
func (s *source) span(start, end int) Span {
	if start >= end {
		return Span{}
	}
	return Span{s.place(start).char, s.place(s.last(end)).char + 1}
}

func (s *source) printed(start, end int) string {
	if start >= end {
		return ""
	}
	from, last := s.place(start).byte, s.place(s.last(end)).byte
	_, n := utf8.DecodeRuneInString(s.text[last:])
	return s.text[from : last+n]
}

// last is where the character begins that ends at end.
func (s *source) last(end int) int {
	_, w := utf8.DecodeLastRuneInString(s.flat[:end])
	return end - w
}

// gap reports whether white space stands before the character at i.
func (s *source) gap(i int) bool {
	if i <= 0 || i >= len(s.flat) || s.runs[s.runAt(i)].flat != i {
		return false
	}
	return s.place(i).char > s.place(s.last(i)).char+1
}

// spaced reports whether white space within a line stands before the character at i.
func (s *source) spaced(i int) bool {
	return s.gap(i) && !strings.ContainsAny(s.text[s.place(s.last(i)).byte:s.place(i).byte], "\r\n")
}

func (s *source) line(l line) string { return s.flat[l.start:l.end] }

// pairs maps each closing mark to what opens it.
var pairs = map[string]string{"”": "“", "’": "‘", "》": "《", "）": "（"}

// blank hides in bare what stands in paired marks within each paragraph, so
// that neither a full stop nor a 将 in a quotation is taken for the letter's own.
// A mark that is never closed hides nothing.
func (s *source) blank(paras []para) {
	out := []byte(s.flat)
	for _, p := range paras {
		var open []int
		var shut []line
		for i := p.start; i < p.end; i++ {
			if c := out[i]; c != 0xE2 && c != 0xE3 && c != 0xEF || i+3 > p.end {
				continue
			}
			switch mark := s.flat[i : i+3]; mark {
			case "“", "‘", "《", "（":
				open = append(open, i)
			case "”", "’", "》", "）":
				open, shut = closeMark(s.flat, open, shut, i, pairs[mark])
			}
		}
		for _, h := range shut {
			clear(out[h.start:h.end])
		}
	}
	s.bare = string(out)
}

// closeMark pairs the closing mark at i with the nearest of the last few that
// could open it; marks left open in between are dropped.
func closeMark(flat string, open []int, shut []line, i int, opener string) ([]int, []line) {
	for k := len(open) - 1; k >= max(0, len(open)-4); k-- {
		if !strings.HasPrefix(flat[open[k]:], opener) {
			continue
		}
		from := open[k]
		for len(shut) > 0 && shut[len(shut)-1].start >= from {
			shut = shut[:len(shut)-1]
		}
		return open[:k], append(shut, line{start: from, end: i + len(opener)})
	}
	return open, shut
}
