package letter

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A para is a paragraph of the body, in offsets of flat.
type para struct {
	start, end int
	mark       enum // how it is numbered
	heading    bool // it is a heading on a line of its own
}

// paragraphs joins the lines of the body into paragraphs: pages and narrow
// columns break lines, and even leave blank lines, in mid-sentence.
func (f *frame) paragraphs() []para {
	var paras []para
	width, indented := f.width()
	full := false // the line before fills the column
	for i := f.body; i < f.foot; i++ {
		l := f.lines[i]
		if i == f.salutation {
			l.start = f.colon + len("：")
		}
		t := f.line(l)
		chars := f.chars(l)
		if n := len(paras); n > 0 && f.continues(paras[n-1], l, full, indented) {
			paras[n-1].end, paras[n-1].heading = l.end, false
		} else {
			p := para{start: l.start, end: l.end, mark: enumAt(t)}
			p.heading = looksHeading(t, p.mark) && (width == 0 || chars < width-2 || i+1 < f.foot && f.lines[i+1].indent)
			paras = append(paras, p)
		}
		full = width > 0 && chars >= width-2
	}
	return paras
}

// continues reports whether line l goes on with paragraph p.
func (f *frame) continues(p para, l line, full, indented bool) bool {
	t := f.line(l)
	if enumAt(t).rank > 0 || indented && l.indent || p.heading {
		return false
	}
	if endsSentence(f.flat[p.start:p.end]) {
		return full && indented
	}
	return true
}

// width is the number of characters to which the lines are set, 0 when they
// are not set to any; indented reports whether paragraphs begin with white space.
func (f *frame) width() (width int, indented bool) {
	var lengths []int
	flush := 0
	for _, l := range f.lines[f.body:f.foot] {
		if n := f.chars(l); n <= 60 {
			lengths = append(lengths, n)
		}
		indented = indented || l.indent
		if !l.indent {
			flush++
		}
	}
	if len(lengths) < 6 || 2*len(lengths) < f.foot-f.body {
		return 0, indented && flush > 0
	}
	slices.Sort(lengths)
	longest, near := lengths[len(lengths)-1], 0
	for _, n := range lengths {
		if n >= longest-3 {
			near++
		}
	}
	if 5*near < 2*len(lengths) || longest < 15 {
		return 0, indented && flush > 0
	}
	return longest, indented && flush > 0
}

// chars is how many characters wide a line is printed, its indent included.
func (s *source) chars(l line) int {
	n := s.place(s.last(l.end)).char - s.place(l.start).char + 1
	if l.indent {
		n += 2
	}
	return n
}

func endsSentence(s string) bool {
	tail := strings.TrimRight(s[max(0, len(s)-30):], "”’）")
	return hasAnySuffix(tail, "。", "！", "？", "；", "：")
}

// looksHeading reports whether a line that opens a paragraph is a heading: short,
// and without the marks of a sentence.
func looksHeading(t string, mark enum) bool {
	if len(t) > 45*3 || hasAnySuffix(strings.TrimSuffix(t, "："), "如下") {
		return false
	}
	if mark.rank > 0 && strings.HasPrefix(t[mark.width:], "关于") {
		t = strings.TrimSuffix(t, "。")
	}
	n := utf8.RuneCountInString(t)
	if mark.rank == 0 && hasAnyPrefix(t, "您", "你", "贵") {
		return false
	}
	if hasAnySuffix(t, "，", "、", "！") || containsAny(t, "。", "；") || strings.Count(t, "“") != strings.Count(t, "”") {
		return false
	}
	if mark.rank > 0 && mark.rank <= 4 {
		return n <= 45
	}
	if mark.rank == 0 && strings.HasPrefix(t, "关于") && hasAnySuffix(t, "建议", "问题", "方面", "意见", "工作") && n <= 50 {
		return true
	}
	return mark.rank == 0 && n <= 30 && n >= 4 && !containsAny(t, "，", "：", "、", "将", "我") && !strings.HasSuffix(t, "如下")
}

// An enum is the numbering at the start of a paragraph or an item. Ranks go
// from the outermost: 一、 （一） 1. （1） ① 一是 第一， and bullets.
type enum struct {
	rank, ord int
	width     int // in bytes
}

const inlineRank = 6 // 一是

// enumAt reads the numbering at the start of s, rank 0 if there is none.
func enumAt(s string) enum {
	if s == "" {
		return enum{}
	}
	switch c := s[0]; {
	case isDigit(c):
		return digitEnum(s)
	case strings.HasPrefix(s, "（"):
		return bracketEnum(s)
	case c < 0xE2:
		return enum{}
	}
	switch r, w := utf8.DecodeRuneInString(s); {
	case r >= '①' && r <= '⑳':
		return enum{5, int(r-'①') + 1, w}
	case r == '第' || r == '其' || r == '首' || r == '再':
		return ordinalEnum(s, w)
	case strings.HasPrefix(s, "——"):
		return enum{8, 0, len("——")}
	case r == '·' || r == '●' || r == '■' || r == '◆' || r == '▪':
		return enum{8, 0, w}
	case cnDigit(r) < 0 && r != '十':
		return enum{}
	}
	n, w := numeral(s)
	switch {
	case n == 0 || w > 9:
		return enum{}
	case strings.HasPrefix(s[w:], "、"):
		return enum{1, n, w + len("、")}
	case strings.HasPrefix(s[w:], "."):
		return enum{1, n, w + len(".")}
	case strings.HasPrefix(s[w:], "是"):
		return enum{inlineRank, n, w + len("是")}
	}
	return enum{}
}

func digitEnum(s string) enum {
	d := leadingDigits(s)
	n, w := numeral(d)
	rest := s[len(d):]
	if len(d) > 2 || w == 0 {
		return enum{}
	}
	for _, mark := range []string{"、", ".", "）"} {
		if after, ok := strings.CutPrefix(rest, mark); ok && (after == "" || !isDigit(after[0]) || timeFirst(after)) {
			return enum{map[bool]int{false: 3, true: 4}[mark == "）"], n, w + len(mark)}
		}
	}
	return enum{}
}

func bracketEnum(s string) enum {
	const open, shut = "（", "）"
	n, w := numeral(s[len(open):])
	if w == 0 || w > 9 || n == 0 || n > 40 || !strings.HasPrefix(s[len(open)+w:], shut) {
		return enum{}
	}
	rank := 2
	if isDigit(s[len(open)]) {
		rank = 4
	}
	w += len(open) + len(shut)
	if strings.HasPrefix(s[w:], "、") {
		w += len("、")
	}
	return enum{rank, n, w}
}

// ordinalEnum reads 第一， 第一是 and 其一，.
func ordinalEnum(s string, w int) enum {
	for ord, word := range []string{"首先，", "其次，", "再次，"} {
		if strings.HasPrefix(s, word) && !hasAnyPrefix(s[len(word):], "感谢", "非常感谢", "衷心", "对您", "请") {
			return enum{7, ord + 1, len(word)}
		}
	}
	n, v := numeral(s[w:])
	for _, mark := range []string{"，", "、", "是", "：", "方面，"} {
		if v > 0 && v <= 9 && strings.HasPrefix(s[w+v:], mark) {
			return enum{7, n, w + v + len(mark)}
		}
	}
	return enum{}
}
