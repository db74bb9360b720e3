package letter

import "strings"

// A unit is the least stretch of a body that can promise: a sentence, a side of
// a semicolon, a lead-in before a colon, or an item of a list of commas. Its
// offsets are of flat and leave out the mark that closes it.
type unit struct {
	start, end int
	stop       string // the mark that closes it, "" at the end of a paragraph
	para       int
	mark       enum // the numbering that opens it
	heading    bool // a heading on a line of its own
	runIn      bool // a heading that opens the text of its own item
}

// units cuts the body into units.
func (rd *reader) units() []unit {
	var us []unit
	for i, p := range rd.paras {
		if p.heading {
			us = append(us, unit{start: p.start, end: p.end, para: i, mark: p.mark, heading: true})
			continue
		}
		us = rd.cutPara(us, i, p)
	}
	for i := range us {
		u := &us[i]
		u.runIn = u.mark.rank > 0 && !u.heading && u.stop == "。" && i+1 < len(us) && us[i+1].para == u.para &&
			(us[i+1].mark.rank == 0 || u.mark.rank == 1 && us[i+1].mark.rank == inlineRank) && shortHeading(rd.bare[u.start+u.mark.width:u.end])
	}
	return us
}

func shortHeading(t string) bool {
	return len(t) <= 30*3 && strings.Count(t, "，") <= 1 && !containsAny(t, "；", "将", "已")
}

func (rd *reader) cutPara(us []unit, i int, p para) []unit {
	mark := p.mark
	from := p.start
	cut := func(end int, stop string) {
		if from < end {
			us = append(us, unit{start: from, end: end, stop: stop, para: i, mark: mark})
		}
		from = end + len(stop)
		mark = enumAt(rd.flat[from:p.end])
	}
	for k := p.start + mark.width; k < p.end; k++ {
		switch c := rd.bare[k]; {
		case c >= 0xE4 && c <= 0xE9 && k+3 <= p.end:
			k += 2 // a Chinese character, which most are
		case c == 0xE3 || c == 0xEF:
			if stop := rd.stopAt(k, p.end); stop != "" {
				cut(k, stop)
				k = from + mark.width - 1
			}
		case c == 0 && rd.quoteEnds(k, p.end):
			cut(k+1, "")
			k = from + mark.width - 1
		}
	}
	cut(p.end, "")
	return us
}

// stopAt returns the mark at k if it closes a unit there. A colon does so only
// before an item or at the end, a comma only before 二是 and the like.
func (rd *reader) stopAt(k, end int) string {
	if k+3 > end {
		return ""
	}
	switch m := rd.bare[k : k+3]; m {
	case "。", "；", "！", "？":
		return m
	case "：":
		if next := enumAt(rd.flat[k+3 : end]); k+3 == end || next.rank > 0 {
			return m
		}
	case "，":
		if enumAt(rd.flat[k+3:end]).rank == inlineRank {
			return m
		}
	}
	return ""
}

// quoteEnds reports whether a quotation that closes at k ends a sentence: it
// closes on a full stop of its own and no mark follows it.
func (rd *reader) quoteEnds(k, end int) bool {
	if k+1 >= end || rd.bare[k+1] == 0 || !strings.HasSuffix(rd.flat[:k+1], "。”") {
		return false
	}
	return !hasAnyPrefix(rd.flat[k+1:end], "，", "、", "；", "。", "：", "）", "的", "等", "和", "与")
}

// clauses calls yield with each stretch between commas of a unit.
func (rd *reader) clauses(start, end int, yield func(start, end int) bool) {
	for start < end {
		k := strings.Index(rd.bare[start:end], "，")
		if k < 0 {
			yield(start, end)
			return
		}
		if k > 0 && !yield(start, start+k) {
			return
		}
		start += k + len("，")
	}
}
