package letter

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Part is what a line of a letter is, by which GB/T 9704-2012 says how it is
// set.
type Part string

// The parts, in the order in which a letter has them.
const (
	BannerPart     Part = "banner"     // 办理结果, 公开属性
	MastheadPart   Part = "masthead"   // 发文机关标志
	NumberPart     Part = "number"     // 发文字号
	TitlePart      Part = "title"      // 标题
	SalutationPart Part = "salutation" // 主送
	HeadingPart    Part = "heading"    // 一、 （一） 1. （1）
	BodyPart       Part = "body"       // 正文
	SignaturePart  Part = "signature"  // 署名
	DayPart        Part = "day"        // 成文日期
	NotePart       Part = "note"       // 附注: whom to ask
	CopiesPart     Part = "copies"     // 抄送
	PrinterPart    Part = "printer"    // 印发机关
	PrintedPart    Part = "printed"    // 印发日期, with 印发机关 where both share the line
)

// A Line is a printed line that is not blank, without the space around it.
type Line struct {
	Part      Part
	Level     int  // of a heading: 1 for 一、
	Continues bool // it goes on with the paragraph of the line before
	Span      Span
}

// Layout says what each line of a letter is. It accepts any text, and leaves out
// nothing but space: a line that is no part of a letter is of its body.
func Layout(text string) []Line {
	rd := newReader(text)
	rd.findOpening()
	rd.readHead()
	at := map[int]int{} // the line read there, by its first character
	for i := range rd.lines {
		at[rd.span(rd.lines[i].start, rd.lines[i].end).Start] = i
	}
	var out []Line
	for start, end := range printedLines(text) {
		l := Line{Part: BodyPart, Span: Span{start, end}}
		for char := start; char < end; char++ {
			if i, ok := at[char]; ok {
				rd.layOut(&l, i, out)
				break
			}
		}
		out = append(out, l)
	}
	return out
}

// printedLines yields where each line that is not blank begins and ends, in
// characters.
func printedLines(text string) func(func(start, end int) bool) {
	return func(yield func(start, end int) bool) {
		at := 0
		for line := range strings.Lines(text) {
			length := utf8.RuneCountInString(line)
			kept := strings.TrimLeftFunc(line, unicode.IsSpace)
			start := at + length - utf8.RuneCountInString(kept)
			kept = strings.TrimRightFunc(kept, unicode.IsSpace)
			if kept != "" && !yield(start, start+utf8.RuneCountInString(kept)) {
				return
			}
			at += length
		}
	}
}

// layOut says of l, which is the i-th line that was read, what it is.
func (rd *reader) layOut(l *Line, i int, before []Line) {
	switch {
	case i < rd.headEnd():
		l.Part = rd.headPart(i)
	case i == rd.salutation && i < rd.body:
		l.Part = SalutationPart
	case i < rd.foot:
		rd.layOutBody(l, i)
	default:
		l.Part = rd.footPart(i, before)
	}
}

func (rd *reader) headPart(i int) Part {
	l := rd.lines[i]
	numbered := slices.ContainsFunc(rd.r.Fields, func(f Field) bool {
		at := rd.span(l.start, l.end)
		return f.Name == "document_number" && at.Start <= f.Span.Start && f.Span.End <= at.End
	})
	unfiled := line{start: l.start, end: l.start + len(strings.TrimSuffix(rd.line(l), "文件"))}
	switch {
	case numbered:
		return NumberPart
	case l.start < rd.subject.end && rd.subject.start < l.end:
		return TitlePart
	case len(rd.tags[i]) > 0 && !slices.ContainsFunc(rd.tags[i], func(t labelled) bool { return t.field != "result_label" && t.field != "publicity_label" }):
		return BannerPart
	case rd.tags[i] == nil && len(rd.organNames(unfiled)) == 1:
		return MastheadPart
	case rd.tags[i] == nil:
		return TitlePart
	}
	return NotePart
}

func (rd *reader) layOutBody(l *Line, i int) {
	k := slices.IndexFunc(rd.paras, func(p para) bool { return rd.lines[i].start <= p.start && p.start < rd.lines[i].end })
	switch {
	case k < 0:
		l.Continues = true
	case rd.paras[k].heading && rd.paras[k].mark.rank <= 4:
		l.Part, l.Level = HeadingPart, max(rd.paras[k].mark.rank, 1)
	}
}

func (rd *reader) footPart(i int, before []Line) Part {
	l, t := rd.lines[i], rd.line(rd.lines[i])
	last := Line{}
	if len(before) > 0 {
		last = before[len(before)-1]
	}
	switch {
	case rd.dateAt.end > 0 && l.start <= rd.dateAt.start && rd.dateAt.start < l.end:
		return DayPart
	case slices.ContainsFunc(rd.organs, func(o line) bool { return l.start <= o.start && o.start < l.end }):
		return SignaturePart
	case strings.HasPrefix(t, "抄"):
		return CopiesPart
	case strings.HasSuffix(t, "印发"):
		return PrintedPart
	case rd.printedBy(i + 1):
		return PrinterPart
	case last.Part == CopiesPart && rd.tags[i] == nil && !strings.HasSuffix(rd.line(rd.lines[i-1]), "。"):
		return CopiesPart
	case strings.HasPrefix(t, "附件"):
		return BodyPart
	}
	return NotePart
}
