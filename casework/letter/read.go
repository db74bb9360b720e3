package letter

import (
	"cmp"
	"slices"
	"strings"

	"fuyan/casework"
)

// Read reads a letter's plain text. It accepts any text and finds in it what
// there is; the same text always gives the same reading.
func Read(text string) Reading { return ReadDraft(text, casework.Date{}) }

// ReadDraft reads a text that shows no day of its own as one written on the
// given day, so that 今年年底前 names one. The day is no field of the reading.
func ReadDraft(text string, day casework.Date) Reading {
	rd := newReader(text)
	rd.written = day
	rd.read()
	return rd.r
}

func newReader(text string) *reader {
	f := frameOf(newSource(text))
	rd := &reader{frame: f, paras: f.paragraphs()}
	f.blank(rd.paras)
	return rd
}

func (rd *reader) read() {
	rd.findOpening()
	rd.readHead()
	rd.readFoot()
	rd.readBody()
	slices.SortStableFunc(rd.r.Fields, func(a, b Field) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
}

// findOpening finds the paragraph that says what is answered (…收悉).
func (rd *reader) findOpening() {
	for i, p := range rd.paras[:min(3, len(rd.paras))] {
		t := rd.bare[p.start:min(p.end, p.start+1500)]
		if containsAny(t, "收悉", "答复如下", "回复如下", "函复如下", "意见如下", "情况如下", "收息") || i == 0 && containsAny(t[:min(len(t), 240)], "提出的", "上提的", "提出\x00", "提的\x00") {
			rd.opening = p
			return
		}
	}
}

func (rd *reader) readBody() {
	rd.readSections()
	rd.date = cmp.Or(rd.r.IssueDate, rd.written)
	rd.readCommitments()
}

// readSections collects the headings of the outermost level that the body uses.
func (rd *reader) readSections() {
	top := 0
	for _, p := range rd.paras {
		if rank := rd.sectionRank(p); rank > 0 && (top == 0 || rank < top) {
			top = rank
		}
	}
	for _, p := range rd.paras {
		if rank := rd.sectionRank(p); rank == 0 || rank != top {
			continue
		}
		start, end := p.start+p.mark.width, p.end
		if !p.heading {
			end = start + strings.Index(rd.bare[start:end], "。")
		}
		start, end = rd.trim(start, end, "：", "。")
		if start < end {
			rd.r.Sections = append(rd.r.Sections, Section{joinLines(rd.printed(start, end)), rd.span(start, end)})
		}
	}
}

// sectionRank is the level of the heading that opens p: 1 for 一、, 2 for a
// heading without a numeral, then （一）, 1. and （1）; 0 when p opens with none.
func (rd *reader) sectionRank(p para) int {
	switch {
	case p.mark.rank > 4 || p.mark.rank == 0 && !p.heading:
		return 0
	case p.mark.rank == 0:
		return 2
	case p.heading || p.mark.rank == 1 && rd.runIn(p) > 0:
		return p.mark.rank + min(p.mark.rank-1, 1)
	}
	return 0
}

// runIn returns where a heading that opens the text of its own paragraph ends,
// behind its full stop; 0 when p begins with none.
func (rd *reader) runIn(p para) int {
	t := rd.bare[p.start+p.mark.width : p.end]
	k := strings.Index(t, "。")
	if k < 0 || k > 40*3 || k+len("。") >= len(t) || strings.ContainsAny(t[:k], "；：") {
		return 0
	}
	if strings.Count(t[:k], "，") > 1 {
		return 0
	}
	return p.start + p.mark.width + k + len("。")
}
