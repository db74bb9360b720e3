package web

import (
	"cmp"
	"slices"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// A mark is a stretch of a text that a page points out. Start and End count
// characters (Unicode code points), as the spans of the contract do.
type mark struct {
	Start, End int
	Class      string // promise, field, error or warning
	ID, Href   string // its anchor, and what it leads to; both may be empty
	Title      string // what it is; may be empty
	Number     int    // by which it is called; 0 for none
}

// A piece is a stretch of a text that is marked alike from end to end.
type piece struct {
	Text, Class, ID, Href, Title string
	Number                       int // of the mark that begins here
}

// markAt is the mark of a span; one that marks nothing when there is no span.
func markAt(s *fuyanv1.Span, class, id, href string) mark {
	return mark{Start: int(s.GetStart()), End: int(s.GetEnd()), Class: class, ID: id, Href: href}
}

// pieces cuts text at the borders of its marks. Where marks overlap, a piece has
// the classes of all and leads where the first one does; what lies outside the
// text is left out.
func pieces(text string, marks []mark) []piece {
	chars := []rune(text)
	borders := []int{0, len(chars)}
	for _, m := range marks {
		borders = append(borders, min(max(m.Start, 0), len(chars)), min(max(m.End, 0), len(chars)))
	}
	slices.Sort(borders)
	borders = slices.Compact(borders)
	var out []piece
	for i, end := range borders[1:] {
		out = append(out, pieceAt(chars, borders[i], end, marks))
	}
	return out
}

// pieceAt is the piece from start to end, between two neighbouring borders.
func pieceAt(chars []rune, start, end int, marks []mark) piece {
	p := piece{Text: string(chars[start:end])}
	var classes, titles []string
	for _, m := range marks {
		if m.Start >= end || m.End <= start {
			continue
		}
		if !slices.Contains(classes, m.Class) {
			classes = append(classes, m.Class)
		}
		p.Href = cmp.Or(p.Href, m.Href)
		if m.Title != "" && !slices.Contains(titles, m.Title) {
			titles = append(titles, m.Title)
		}
		if max(m.Start, 0) == start {
			p.ID, p.Number = cmp.Or(p.ID, m.ID), cmp.Or(p.Number, m.Number)
		}
	}
	p.Class, p.Title = strings.Join(classes, " "), strings.Join(titles, "、")
	return p
}

// around cuts out of text the lines that hold a mark, with at most so many
// characters before and after it.
func around(text string, m mark, most int) []piece {
	chars := []rune(text)
	start, end := min(max(m.Start, 0), len(chars)), min(max(m.End, 0), len(chars))
	if start >= end {
		return nil
	}
	from, to := start, end
	for from > 0 && start-from < most && chars[from-1] != '\n' {
		from--
	}
	for to < len(chars) && to-end < most && chars[to] != '\n' {
		to++
	}
	m.Start, m.End = start-from, end-from
	return pieces(string(chars[from:to]), []mark{m})
}

// excerpt is the text at a span; empty when there is no span or it is not
// inside.
func excerpt(text string, s *fuyanv1.Span) string {
	chars := []rune(text)
	start, end := int(s.GetStart()), int(s.GetEnd())
	if start < 0 || start >= end || end > len(chars) {
		return ""
	}
	return string(chars[start:end])
}
