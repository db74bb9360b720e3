package letter

import (
	"math"
	"strings"
	"unicode/utf8"
)

// A source is a letter's text made ready for reading. All rules look at flat;
// nothing but this file knows how flat and the text as it came to us differ.
type source struct {
	text  string
	flat  string  // text without white space, its punctuation in one form
	bare  string  // flat with what stands in quotation marks and brackets blanked out
	at    []place // where each byte of flat came from, and one more for the end
	lines []line  // lines that are not blank
	// spelled maps simplified characters to the traditional ones that the text has.
	spelled map[rune]rune
}

// A place is where something stands in the text: in bytes and in characters.
type place struct{ byte, char int32 }

// A line is a printed line, in offsets of flat.
type line struct {
	start, end int
	indent     bool
}

// newSource takes white space out and brings half-width and typographic
// variants of a mark to one form, so that the rules need to know only one.
func newSource(text string) *source {
	text = text[:min(len(text), math.MaxInt32)]
	f := flattener{flat: make([]byte, 0, len(text)+len(text)/8), at: make([]place, 0, len(text)+len(text)/8)}
	var p place
	for i := 0; i < len(text); i, p.char = int(p.byte), p.char+1 {
		if han(text[i:]) {
			f.addHan(text[i:i+3], p)
			p.byte += 3
			continue
		}
		if c := text[i]; c == '<' || c == '&' {
			if m := markupAt(text[i:]); m.width > 0 {
				f.addMarkup(m, p)
				p.char += int32(utf8.RuneCountInString(text[i:i+m.width])) - 1
				p.byte += int32(m.width)
				continue
			}
		}
		if n := glossWidth(text[i:]); n > 0 && f.afterHan() {
			p.char += int32(utf8.RuneCountInString(text[i:i+n])) - 1
			p.byte += int32(n)
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		f.add(r, text[i:i+n], text[i+n:], p)
		p.byte += int32(n)
	}
	f.endLine()
	s := &source{text: text, flat: string(f.flat), at: append(f.at, p), lines: f.lines, spelled: f.spelled}
	s.bare = s.flat
	return s
}

// han reports whether s begins with a Chinese character, which most of a letter is.
func han(s string) bool {
	return s[0] >= 0xE4 && s[0] <= 0xE9 && len(s) >= 3 && s[1]&0xC0 == 0x80 && s[2]&0xC0 == 0x80
}

type flattener struct {
	flat   []byte
	at     []place
	lines  []line
	start  int  // of the present line
	blanks int  // white space before its first character
	quoted bool // an ASCII quotation mark is open
	footer bool // the site's own footer has begun

	spelled map[rune]rune
}

func (f *flattener) addHan(c string, p place) {
	r := rune(c[0]&0x0F)<<12 | rune(c[1]&0x3F)<<6 | rune(c[2]&0x3F)
	if i := int(r) - 0x4E00; i >= 0 && i < len(simplified) && simplified[i] != 0 {
		if f.spelled == nil {
			f.spelled = map[rune]rune{}
		}
		f.spelled[simplified[i]] = r
		c = string(simplified[i])
	}
	f.flat = append(f.flat, c...)
	f.at = append(f.at, p, p, p)
}

func (f *flattener) addMarkup(m markup, p place) {
	if m.breaks {
		f.endLine()
	}
	if r, n := utf8.DecodeRuneInString(m.text); n > 0 {
		f.add(r, m.text, "", p)
	}
}

func (f *flattener) add(r rune, printed, rest string, p place) {
	switch r {
	case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		f.endLine()
	case ' ', '\t', '\u00a0', '\u3000', '|', '｜', '│':
		if len(f.flat) == f.start {
			f.blanks++
		}
	case '\ufeff', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u00ad', '\u2060', '*', '#':
	case '"', '＂':
		f.quoted = !f.quoted
		f.put(map[bool]string{true: "“", false: "”"}[f.quoted], p)
	default:
		if r >= '\u2000' && r <= '\u200a' {
			return
		}
		f.put(f.form(r, printed, rest), p)
	}
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
	case r == '.' || r == '．':
		if f.afterHan() && !startsASCII(rest) {
			return "。"
		}
		return "."
	}
	if one, ok := oneForm[r]; ok {
		return one
	}
	return printed
}

// oneForm lists the variants of a mark that letters and web pages print.
var oneForm = map[rune]string{
	',': "，", ':': "：", '∶': "：", '﹕': "：", ';': "；", '!': "！", '?': "？", '(': "（", ')': "）",
	'｡': "。", '､': "、", '﹑': "、", '「': "“", '」': "”", '『': "‘", '』': "’",
	'〈': "《", '〉': "》", '<': "《", '>': "》", '•': "·", '・': "·", '‧': "·", '○': "〇", '◯': "〇",
}

func (f *flattener) put(s string, p place) {
	f.flat = append(f.flat, s...)
	for range len(s) {
		f.at = append(f.at, p)
	}
}

// endLine ends a printed line. A page's number is left out, which may stand in
// mid-sentence, and so is what a web page prints around its text.
func (f *flattener) endLine() {
	if l := f.flat[f.start:]; len(l) > 0 && len(l) < 600 && (pageNumber(l) || f.clutter(string(l))) {
		f.flat, f.at = f.flat[:f.start], f.at[:f.start]
	}
	if len(f.flat) > f.start {
		f.lines = append(f.lines, line{f.start, len(f.flat), f.blanks >= 2})
	}
	f.start, f.blanks, f.quoted = len(f.flat), 0, false
}

// pageNumber reports whether a line is — 3 — or the like.
func pageNumber(b []byte) bool {
	if len(b) == 0 || len(b) > 30 {
		return false
	}
	t := string(b)
	digits := len(digitsOf(t))
	return digits > 0 && digits <= 4 && len(t) > digits && strings.Trim(t, "0123456789—-–－·/第页共_") == ""
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

// span and printed turn a stretch of flat into its place and its characters in
// the text.
func (s *source) span(start, end int) Span {
	if start >= end {
		return Span{}
	}
	return Span{int(s.at[start].char), int(s.at[end-1].char) + 1}
}

func (s *source) printed(start, end int) string {
	if start >= end {
		return ""
	}
	from, last := int(s.at[start].byte), int(s.at[end-1].byte)
	_, n := utf8.DecodeRuneInString(s.text[last:])
	return s.text[from : last+n]
}

// gap reports whether white space stands before the character at i.
func (s *source) gap(i int) bool {
	return i > 0 && i < len(s.flat) && s.at[i].char > s.at[i-1].char+1
}

// spaced reports whether white space within a line stands before the character at i.
func (s *source) spaced(i int) bool {
	return s.gap(i) && !strings.ContainsAny(s.text[s.at[i-1].byte:s.at[i].byte], "\r\n")
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
