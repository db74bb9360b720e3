package web

import (
	"strconv"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// A paper is a letter as a document is set (GB/T 9704-2012): all its lines in its
// order, in the blocks that stand together.
type paper []paperBlock

// A paperBlock is set by its class: labels, head, prose, signed or foot.
type paperBlock struct {
	Class string
	Lines []paperLine
}

// A paperLine is a paragraph, with what it is as its class.
type paperLine struct {
	Class  string
	Pieces []piece // of a title, a line may end between any two
}

// A setting says by which classes a part of a letter is set.
type setting struct{ block, line string }

var settings = map[fuyanv1.LetterPart]setting{
	fuyanv1.LetterPart_LETTER_PART_BANNER:     {"labels", "label"},
	fuyanv1.LetterPart_LETTER_PART_MASTHEAD:   {"head", "masthead"},
	fuyanv1.LetterPart_LETTER_PART_NUMBER:     {"head", "number"},
	fuyanv1.LetterPart_LETTER_PART_TITLE:      {"prose", "title"},
	fuyanv1.LetterPart_LETTER_PART_SALUTATION: {"prose", "salutation"},
	fuyanv1.LetterPart_LETTER_PART_HEADING:    {"prose", "heading"},
	fuyanv1.LetterPart_LETTER_PART_BODY:       {"prose", "body"},
	fuyanv1.LetterPart_LETTER_PART_SIGNATURE:  {"signed", "signature"},
	fuyanv1.LetterPart_LETTER_PART_DAY:        {"signed", "day"},
	fuyanv1.LetterPart_LETTER_PART_NOTE:       {"prose", "body"},
	fuyanv1.LetterPart_LETTER_PART_COPIES:     {"foot", "copies"},
	fuyanv1.LetterPart_LETTER_PART_PRINTER:    {"foot", "printer"},
	fuyanv1.LetterPart_LETTER_PART_PRINTED:    {"foot", "printed"},
}

// paperOf sets a text line by line, with its marks.
func paperOf(text string, lines []*fuyanv1.LetterLine, marks []mark) (out paper) {
	chars := []rune(text)
	for _, l := range lines {
		start, end := int(l.Span.GetStart()), int(l.Span.GetEnd())
		if start < 0 || end > len(chars) || start >= end {
			continue
		}
		set, to, last := pieces(string(chars[start:end]), marksWithin(marks, start, end)), settings[l.Part], out.last()
		goesOn := l.Continues
		if l.Part == fuyanv1.LetterPart_LETTER_PART_TITLE {
			set, goesOn = titlePieces(set), last != nil && last.Class == to.line
		}
		if l.Part == fuyanv1.LetterPart_LETTER_PART_HEADING {
			to.line += strconv.Itoa(int(l.Level))
		}
		if goesOn && last != nil {
			last.Pieces = append(last.Pieces, set...)
			continue
		}
		out.add(to, set)
	}
	return out
}

// add sets a paragraph behind the others.
func (p *paper) add(to setting, set []piece) {
	if n := len(*p); n == 0 || (*p)[n-1].Class != to.block {
		*p = append(*p, paperBlock{Class: to.block})
	}
	block := &(*p)[len(*p)-1]
	block.Lines = append(block.Lines, paperLine{to.line, set})
}

// last is the paragraph set last; nil for none.
func (p paper) last() *paperLine {
	if len(p) == 0 {
		return nil
	}
	lines := p[len(p)-1].Lines
	return &lines[len(lines)-1]
}

// titlePieces cuts a title behind its meeting, for a line of it does not end within
// a word.
func titlePieces(set []piece) (out []piece) {
	for _, p := range set {
		for _, word := range []string{"会议", "期间"} {
			if before, after, found := strings.Cut(p.Text, word); found && after != "" {
				first := p
				first.Text, p.Text = before+word, after
				out = append(out, first)
				break
			}
		}
		out = append(out, p)
	}
	return out
}

// draftPaperOf sets a letter that is not issued: it has room for its number and its
// day, and nobody has printed it.
func draftPaperOf(text string, lines []*fuyanv1.LetterLine) (out paper) {
	for _, block := range paperOf(text, lines, nil) {
		for _, l := range block.Lines {
			switch l.Class {
			case "masthead":
				out.add(setting{"head", l.Class}, l.Pieces)
				out.add(setting{"head", "number blank"}, []piece{{Text: "（发文字号）"}})
			case "day":
				out.add(setting{"signed", "day blank"}, []piece{{Text: "（成文日期）"}})
			case "printed":
			default:
				out.add(setting{block.Class, l.Class}, l.Pieces)
			}
		}
	}
	return out
}

// marksWithin are the marks of a line, counted from its beginning. One that began
// in a line before has its anchor there.
func marksWithin(marks []mark, start, end int) (out []mark) {
	for _, m := range marks {
		if m.Start >= end || m.End <= start {
			continue
		}
		if m.Start < start {
			m.ID, m.Number = "", 0
		}
		m.Start, m.End = m.Start-start, m.End-start
		out = append(out, m)
	}
	return out
}
