package letter

import "strings"

// A scope is a promise that governs what follows it: a heading 下一步工作打算
// its section, a lead-in its list.
type scope struct {
	cue   []string
	names []string // the organs it names
	due   Due
	rank  int  // of the heading; what stands deeper is governed
	items int  // rank of the list's items, once there are any
	mute  bool // the list says what the proposer asks for, or what stands in the way
}

// A teller goes through the units of a body in order and tells which promise.
type teller struct {
	*reader
	us      []unit
	section *scope // governed by a heading
	list    *scope // governed by a lead-in
	last    *scope // the promise right before, in the same paragraph
	para    int    // paragraph of the last unit
	heading int    // rank of the heading above
}

func (rd *reader) readCommitments() {
	t := &teller{reader: rd, us: rd.units(), para: -1}
	for i := 0; i < len(t.us); {
		i = t.step(i)
	}
}

// step deals with the unit at i and returns the next one to deal with.
func (t *teller) step(i int) int {
	u := t.us[i]
	if u.para != t.para {
		t.turnTo(i)
	}
	switch {
	case u.heading && !t.itemHeading(u):
		t.enterSection(u)
		return i + 1
	case u.mark.rank > 0:
		return t.item(i)
	}
	if i > 0 && t.us[i-1].para != u.para {
		t.list = nil
	}
	t.sentence(i)
	return i + 1
}

// turnTo enters the paragraph that unit i opens.
func (t *teller) turnTo(i int) {
	t.para, t.last = t.us[i].para, nil
}

// itemHeading reports whether a heading is an item of the list or the section
// that governs it.
func (t *teller) itemHeading(u unit) bool {
	if u.mark.rank == 0 || t.futureHeading(u) {
		return false
	}
	return t.list != nil && (t.heading == 0 || u.mark.rank > t.heading) || t.section != nil && u.mark.rank > t.section.rank
}

func (t *teller) enterSection(u unit) {
	t.list, t.last = nil, nil
	rank := u.mark.rank
	if t.section != nil && (rank <= t.section.rank || rank == 0) {
		t.section = nil
	}
	if rank > 0 {
		t.heading = rank
	}
	if t.futureHeading(u) {
		t.section = &scope{cue: []string{headingCue(t.flat[u.start:u.end])}, rank: rank}
	}
}

// futureHeads are the words of a heading whose section is about what comes.
var futureHeads = []string{"下一步", "下一阶段", "下阶段", "下步", "今后", "后续", "接下来", "工作打算", "努力方向", "工作计划", "推进计划", "推进安排", "近期安排", "工作安排", "实施计划", "打算", "工作思路", "未来工作", "明年工作"}

func (t *teller) futureHeading(u unit) bool {
	s := t.bare[u.start:u.end]
	return headingCue(s) != "" && !containsAny(s, "情况及", "情况和", "进展及", "进展和", "成效及", "以及下", "建议")
}

func headingCue(s string) string {
	for _, w := range futureHeads {
		if strings.Contains(s, w) {
			return w
		}
	}
	return ""
}

// item deals with a numbered item that begins at unit i and returns the unit
// behind it.
func (t *teller) item(i int) int {
	j := t.itemEnd(i)
	u := t.us[i]
	t.closeList(u)
	if t.runInHeading(u) {
		t.enterSection(u)
		return i + 1
	}
	governor := t.governor(u)
	if governor != nil && governor.mute {
		if m := t.cueIn(u.start+u.mark.width, u.end); !m.found() || selves.opens(t.bare[u.start+u.mark.width:]) == "" {
			return i + 1
		}
		governor = nil
	}
	if j < len(t.us) && deeper(u, t.us[j]) && (governor != nil || j == i+1) {
		return t.parent(i, j, governor)
	}
	if governor != nil && t.allAhead(i, j) {
		t.commitItem(i, j, governor, t.cueIn(u.start+u.mark.width, t.us[j-1].end))
		return j
	}
	if governor == nil && j > i+1 && u.runIn && t.everyPromises(i+1, j) {
		t.commitItem(i, j, nil, t.cueIn(t.us[i+1].start, t.us[j-1].end))
		return j
	}
	for k := i; k < j; k++ {
		if t.us[k].para != t.para {
			t.turnTo(k)
		}
		if !t.us[k].runIn && !t.us[k].heading {
			t.sentenceIn(k, governor)
		}
	}
	return j
}

// closeList ends the list of a lead-in at an item that stands further out.
func (t *teller) closeList(u unit) {
	switch {
	case t.list == nil:
	case t.heading > 0 && u.mark.rank <= t.heading, u.mark.rank < t.list.items:
		t.list = nil
	case t.list.items == 0:
		t.list.items = u.mark.rank
	}
}

// runInHeading reports whether an item is a section's heading that opens its text.
func (t *teller) runInHeading(u unit) bool {
	return u.runIn && u.mark.rank == 1 && (t.list == nil || t.futureHeading(u))
}

// governor is the scope that makes an item a promise.
func (t *teller) governor(u unit) *scope {
	if t.list != nil {
		return t.list
	}
	if t.section != nil && (u.mark.rank > t.section.rank || u.mark.rank == 0) {
		return t.section
	}
	return nil
}

func deeper(u, next unit) bool {
	return next.mark.rank > u.mark.rank && next.mark.ord <= 1
}

// parent deals with an item that has items of its own: they promise, it does
// only if it says so itself.
func (t *teller) parent(i, j int, governor *scope) int {
	for k := i; k < j; k++ {
		if u := t.us[k]; !u.heading && !u.runIn {
			t.sentenceIn(k, nil)
		}
	}
	if t.list == nil {
		t.list = governor
	}
	return j
}

// itemEnd is the unit behind the item that begins at i. A heading takes its
// paragraphs along; the last item of a paragraph ends before a sentence that
// turns to something else.
func (t *teller) itemEnd(i int) int {
	u := t.us[i]
	alone := u.start == t.paras[u.para].start // its paragraph is all its own
	j := i + 1
	for ; j < len(t.us); j++ {
		n := t.us[j]
		if n.mark.rank > 0 || n.heading || n.para != u.para && !u.heading {
			break
		}
		inside := n.para == t.us[j-1].para && (alone || t.us[j-1].runIn || t.listGoesOn(j))
		if t.thanks(n) || forecasts(t.bare[n.start:n.end]) || !inside && t.turns(n) && !t.us[j-1].heading {
			break
		}
	}
	return j
}

// listGoesOn reports whether another item follows in the paragraph of unit j.
func (t *teller) listGoesOn(j int) bool {
	for k := j + 1; k < min(len(t.us), j+12) && t.us[k].para == t.us[j].para; k++ {
		if t.us[k].mark.rank > 0 {
			return true
		}
	}
	return false
}

// thanks reports whether a unit belongs to the closing.
func (t *teller) thanks(u unit) bool {
	return hasAnyPrefix(t.bare[u.start:u.end], "感谢", "再次感谢", "衷心感谢", "诚挚", "谢谢", "以上", "您", "你们", "希望", "欢迎", "特此")
}

// turns reports whether a unit begins something else than the item before it.
func (t *teller) turns(u unit) bool {
	s := t.bare[u.start:u.end]
	if hasAnyPrefix(s, "同时，", "此外，", "另外，", "最后，", "总之", "综上", "通过上述", "通过以上", "通过这些", "相信", "随着") || forecasts(s) {
		return true
	}
	subject := subjectWidth(s)
	word, _ := timeCue(s, subject)
	return word != "" || subject > 0
}

// allAhead reports whether nothing in the units i to j looks back.
func (t *teller) allAhead(i, j int) bool {
	for _, u := range t.us[i:j] {
		s := t.bare[u.start+u.mark.width : u.end]
		if looksBack(s) || refuses(s) {
			return false
		}
	}
	return true
}

// everyPromises reports whether the units i to j, the text of one item, promise
// one by one, or go on with what the first of them promises.
func (t *teller) everyPromises(i, j int) bool {
	var names []string
	for k := i; k < j; k++ {
		u := t.us[k]
		m := t.cueIn(u.start, u.end)
		own := t.organsOf(u.start, u.end, max(m.at, u.start))
		promises := m.found() && !t.courtesy(u, m.at) && !refuses(t.bare[u.start:u.end])
		if !promises && (k == i || len(own) > 0 && !sameOrgan(own, &scope{names: names}) || !t.goesOn(u, nil)) {
			return false
		}
		if len(own) > 0 {
			names = own
		}
	}
	return true
}
