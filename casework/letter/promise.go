package letter

import (
	"slices"
	"strings"
)

// A scope is a promise that governs what follows it: a heading 下一步工作打算
// its section, a lead-in its list.
type scope struct {
	cue   []string
	names []string // the organs it names
	due   Due
	rank  int // of the heading; what stands deeper is governed
	items int // rank of the list's items, once there are any
}

// A teller goes through the units of a body in order and tells which promise.
type teller struct {
	*reader
	us      []unit
	section *scope   // governed by a heading
	list    *scope   // governed by a lead-in
	last    *scope   // the promise right before, in the same paragraph
	para    int      // paragraph of the last unit
	subject []string // the organs last named as subject in the paragraph
	heading int      // rank of the heading above
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
		t.para, t.last, t.subject = u.para, nil, nil
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
var futureHeads = []string{"下一步", "下一阶段", "下阶段", "下步", "今后", "后续", "接下来", "工作打算", "努力方向", "工作计划", "工作思路", "未来工作", "明年工作"}

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
	if j < len(t.us) && deeper(u, t.us[j]) && (governor != nil || j == i+1) {
		return t.parent(i, j, governor)
	}
	if governor != nil && t.allAhead(i, j) {
		t.commit(i, j, governor, t.cueIn(u.start+u.mark.width, t.us[j-1].end))
		return j
	}
	if governor == nil && j > i+1 && u.runIn && t.everyPromises(i+1, j) {
		t.commit(i, j, nil, t.cueIn(t.us[i+1].start, t.us[j-1].end))
		return j
	}
	for k := i; k < j; k++ {
		if t.us[k].para != t.para {
			t.para, t.last, t.subject = t.us[k].para, nil, nil
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
		if t.thanks(n) || !inside && t.turns(n) && !t.us[j-1].heading {
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
	if hasAnyPrefix(s, "同时，", "此外，", "另外，", "最后，", "总之", "综上") {
		return true
	}
	word, _ := timeCue(s)
	return word != "" || subjectWidth(s) > 0
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

func (t *teller) everyPromises(i, j int) bool {
	for k := i; k < j; k++ {
		u := t.us[k]
		m := t.cueIn(u.start, u.end)
		if !(m.found() && !t.courtesy(u, m.at)) && (k == i || !t.goesOn(u, t.organsOf(t.us[i].start, t.us[i].end, t.us[i].end))) {
			return false
		}
	}
	return true
}

func (t *teller) sentence(i int) { t.sentenceIn(i, t.governor(t.us[i])) }

// sentenceIn deals with a unit that is judged by itself.
func (t *teller) sentenceIn(i int, governor *scope) {
	u := t.us[i]
	start := u.start + u.mark.width
	s := t.bare[start:u.end]
	if opens(s) {
		return
	}
	m := t.cueIn(start, u.end)
	names := t.organsOf(start, u.end, max(m.at, start))
	promises := false
	switch {
	case m.found():
		promises = !t.courtesy(u, m.at) && !refuses(s)
	case t.last != nil && t.goesOn(u, names):
		governor, promises = t.last, !t.courtesy(u, start)
	case governor != nil && governor != t.list:
		promises = !looksBack(s) && acts1(t, start, u.end) && !t.courtesy(u, start)
	}
	if m.found() && governor == nil && t.last != nil && len(names) == 0 {
		governor = &scope{names: t.last.names}
	}
	t.settle(i, promises, m, names, governor)
}

// settle commits a unit that promises and remembers what it means for the next.
func (t *teller) settle(i int, promises bool, m mark, names []string, governor *scope) {
	u := t.us[i]
	lead := t.leads(i)
	if len(names) == 0 && u.stop == "：" && t.last != nil {
		names = t.last.names
	}
	if !promises {
		if lead && u.stop == "：" && t.last != nil && !looksBack(t.bare[u.start:u.end]) {
			t.list = t.last
		} else if u.stop == "：" && !m.found() {
			t.list = nil
		}
		t.remember(names)
		t.last = nil
		return
	}
	sc := t.scopeOf(i, m, names, governor)
	if !lead || !t.bareLead(u) {
		t.commit(i, i+1, governor, m)
	}
	if lead {
		t.list = sc
	}
	t.remember(names)
	t.last = sc
}

func (t *teller) remember(names []string) {
	if len(names) > 0 {
		t.subject = names
	}
}

func (t *teller) scopeOf(i int, m mark, names []string, governor *scope) *scope {
	u := t.us[i]
	sc := &scope{cue: m.words, names: names, due: t.due(u.start, u.end)}
	if len(sc.names) == 0 {
		sc.names = t.subject
	}
	if governor != nil {
		if len(sc.cue) == 0 {
			sc.cue = governor.cue
		}
		if len(sc.names) == 0 {
			sc.names = governor.names
		}
	}
	return sc
}

// leads reports whether a list follows that unit i leads in.
func (t *teller) leads(i int) bool {
	if i+1 >= len(t.us) {
		return t.us[i].stop == "："
	}
	u, next := t.us[i], t.us[i+1]
	if next.para == u.para {
		return next.mark.rank > 0 && (u.mark.rank == 0 || u.stop == "：")
	}
	if u.stop != "：" && !announces(t.bare[u.start:u.end]) {
		return false
	}
	return next.mark.rank > 0 && (t.heading == 0 || next.mark.rank > t.heading || !next.heading)
}

func announces(s string) bool {
	return containsAny(s, "以下", "如下", "下列", "下面", "几方面", "几个方面", "方面工作", "方面开展", "方面着手", "方面入手", "方面发力", "方面推进", "方面着力")
}

// bareLead reports whether a lead-in promises nothing of its own.
func (t *teller) bareLead(u unit) bool {
	s := t.bare[u.start:u.end]
	if u.stop != "：" && u.stop != "，" && !announces(s) {
		return false
	}
	bare := true
	t.clauses(u.start+u.mark.width, u.end, func(from, to int) bool {
		c := t.bare[from:to]
		if announces(c) || len(c) < 8*3 || connects(c) {
			return true
		}
		if w := subjectWidth(skipTime(c)); w == 0 || len(skipTime(c))-w > 8*3 {
			bare = bare && !actClause(skipTime(c)) && !strings.Contains(c, "将")
		}
		return true
	})
	return bare
}

// connects reports whether a clause only says on what ground or with whom.
func connects(s string) bool {
	s = skipTime(skipConnectives(s))
	s = s[subjectWidth(s):]
	for _, w := range []string{"将", "继续", "持续", "积极", "进一步", "认真", "严格", "充分"} {
		s = strings.TrimPrefix(s, w)
	}
	return hasAnyPrefix(s, "按照", "根据", "围绕", "结合", "会同", "联合", "以", "在", "针对", "立足", "聚焦", "贯彻", "落实", "坚持", "吸收", "汲取", "研究吸", "从", "依托", "对照")
}

// goesOn reports whether a unit without a cue goes on with what its neighbour
// promised: a further act of the same subject.
func (t *teller) goesOn(u unit, names []string) bool {
	s := t.bare[u.start+u.mark.width : u.end]
	if looksBack(s) || refuses(s) {
		return false
	}
	if len(names) > 0 && !sameOrgan(names, t.last) {
		return false
	}
	first := s
	if k := strings.Index(s, "，"); k > 0 {
		first = s[:k]
	}
	return actClause(first)
}

func sameOrgan(names []string, last *scope) bool {
	if last == nil {
		return true
	}
	return slices.Contains(selves, names[0]) || slices.Contains(last.names, names[0])
}

func acts1(t *teller, start, end int) (found bool) {
	t.clauses(start, end, func(from, to int) bool {
		found = actClause(t.bare[from:to])
		return !found
	})
	return found
}

// commit adds the units i to j as one commitment.
func (t *teller) commit(i, j int, governor *scope, m mark) {
	u := t.us[i]
	start, end := u.start, t.us[j-1].end
	names := t.organsOf(start+u.mark.width, end, max(m.at, start))
	for k := i + 1; k < j && len(names) == 0; k++ {
		names = t.organsOf(t.us[k].start, t.us[k].end, t.us[k].start)
	}
	words, due := m.words, t.due(start, end)
	if governor != nil {
		if len(names) == 0 {
			names = governor.names
		}
		if due.Day.IsZero() {
			due = governor.due
		}
		for _, w := range governor.cue {
			if !slices.Contains(words, w) {
				words = append(slices.Clip(words), w)
			}
		}
	}
	if len(names) == 0 {
		names = t.subject
	}
	t.r.Commitments = append(t.r.Commitments, Commitment{
		Text: t.printed(start, end), Span: t.span(start, end), Cue: strings.Join(words, "/"),
		Responsible: slices.Compact(slices.Clone(names)), Due: due,
	})
}
