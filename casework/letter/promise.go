package letter

import (
	"slices"
	"strings"
)

func (t *teller) sentence(i int) { t.sentenceIn(i, t.section) }

// sentenceIn deals with a unit that is judged by itself.
func (t *teller) sentenceIn(i int, governor *scope) {
	u := t.us[i]
	start := u.start + u.mark.width
	s := t.bare[start:u.end]
	m := t.cueIn(start, u.end)
	if !m.found() && t.last == nil && governor == nil && u.stop != "：" || opens(s) {
		return
	}
	names := t.organsOf(start, u.end, max(m.at, start))
	promises := false
	switch {
	case m.found():
		promises = !t.courtesy(u, m.at) && !refuses(s)
	case t.last != nil && (governor == nil || u.mark.rank == 0) && t.goesOn(u, names):
		governor, promises = t.last, !t.courtesy(u, start)
	case governor != nil:
		promises = !looksBack(s) && !refuses(s) && !m.effect && t.acts(start, u.end) && !t.courtesy(u, start)
	}
	if t.last != nil && (governor == nil || governor == t.last) {
		governor = t.shared(i, m)
	}
	t.settle(i, promises, m, names, governor)
}

// shared is what unit i takes over from the promise right before it: all when
// it has no cue of its own; of a sentence that a semicolon divides, the time.
func (t *teller) shared(i int, m mark) *scope {
	sc := &scope{names: t.last.names}
	u := t.us[i]
	first, _, _ := strings.Cut(t.bare[u.start:u.end], "，")
	divided := i > 0 && t.us[i-1].stop == "；"
	switch {
	case !m.found() && !(divided && topic(first)):
		sc.cue = t.last.cue
	case divided:
		for _, w := range t.last.cue {
			if slices.Contains(timeCues, w) {
				sc.cue = append(sc.cue, w)
			}
		}
	}
	return sc
}

// settle commits a unit that promises and remembers what it means for the next.
func (t *teller) settle(i int, promises bool, m mark, names []string, governor *scope) {
	u := t.us[i]
	if m.words == nil && u.stop == "：" && schedules.within(t.bare[u.start:u.end]) && t.leads(i) {
		m.add("安排", u.start)
		promises = true
	}
	lead := t.leads(i) || promises && m.firm && t.listFollows(i)
	if len(names) == 0 && u.stop == "：" && t.last != nil {
		names = t.last.names
	}
	if !promises {
		if s := t.bare[u.start:u.end]; lead && u.stop == "：" && !m.found() && (restates(skipConnectives(s)) || troubles(s)) {
			t.list = &scope{mute: true}
		} else if lead && u.stop == "：" && t.last != nil && !looksBack(s) {
			t.list = t.last
		} else if u.stop == "：" && !m.found() {
			t.list = nil
		}
		t.last = nil
		return
	}
	sc := t.claim(i, i+1, governor, m, names)
	if !lead || !t.bareLead(u) {
		t.commit(i, i+1, sc)
	}
	if lead {
		t.list = sc
	}
	t.last = sc
}

func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, w := range b {
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
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

// schedules are the words of a lead-in to a list of what is arranged for later.
var schedules = lexiconOf("安排如下", "如下安排", "打算如下", "计划如下", "以下安排", "工作安排：", "时间表如下", "重点做")

// listFollows reports whether the next paragraph is the first item of a list.
func (t *teller) listFollows(i int) bool {
	if i+1 >= len(t.us) {
		return false
	}
	next := t.us[i+1]
	return next.para != t.us[i].para && next.mark.rank > max(t.heading, 1) && next.mark.ord == 1
}

// troubles reports whether a lead-in announces what stands in the way.
func troubles(s string) bool {
	return containsAny(s, "困难", "问题", "不足", "原因", "制约", "难点", "瓶颈") && containsAny(s, "存在", "面临", "主要", "仍", "遇到", "有以下")
}

// announcements are the words of a lead-in that says that a list follows.
var announcements = lexiconOf("以下", "如下", "下列", "下面", "几方面", "个方面", "方面工作", "方面开展", "方面着手", "方面入手", "方面发力", "方面推进", "方面着力")

func announces(s string) bool {
	return announcements.within(s) || counted(s)
}

// counted reports whether a clause ends in how many things follow: 做好三件实事.
func counted(s string) bool {
	for _, noun := range []string{"工作", "实事", "事", "措施", "举措", "任务", "文章", "方面", "环节"} {
		if rest, ok := strings.CutSuffix(s, noun); ok {
			rest = strings.TrimSuffix(strings.TrimSuffix(rest, "重点"), "方面的")
			for _, measure := range []string{"件", "项", "个", "点", "大", "篇", "方面"} {
				if n, found := strings.CutSuffix(rest, measure); found && (numeralBefore(n, len(n)) < len(n) || hasAnySuffix(n, "几", "多")) {
					return true
				}
			}
		}
	}
	return false
}

// bareLead reports whether a lead-in promises nothing of its own.
func (t *teller) bareLead(u unit) bool {
	s := t.bare[u.start:u.end]
	if u.stop != "：" && u.stop != "，" && !announces(s) && !counted(s) {
		return false
	}
	bare := true
	t.clauses(u.start+u.mark.width, u.end, func(from, to int) bool {
		c := t.bare[from:to]
		if announces(c) || len(c) < 8*3 || connects(c) || courtesies.within(c) {
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
	if looksBack(s) || refuses(s) || forecasts(s) || inForce(s) {
		return false
	}
	if len(names) > 0 && !sameOrgan(names, t.last) && !t.sharesTime(u) {
		return false
	}
	first, _, _ := strings.Cut(s, "，")
	return actClause(first) || actClause(leadingClause(s))
}

// leadingClause is the first clause of a sentence that says more than when or
// about what: 供暖季到来前，… and 同时，… lead to it.
func leadingClause(s string) string {
	for range 3 {
		s = skipConnectives(strings.TrimPrefix(skipConnectives(s), "，"))
		first, rest, more := strings.Cut(s, "，")
		if !more || !(topic(first) || circumstance(first)) {
			return first
		}
		s = rest
	}
	return s
}

// circumstance reports whether a clause only says when or on what condition.
func circumstance(s string) bool {
	return len(s) <= 60*3 && !startsAct(s) && (hasAnySuffix(s, "前", "后", "时", "期间", "之际", "基础上", "前提下", "过程中", "起", "情况下", "同时") || hasAnyPrefix(s, "如", "若", "一旦", "待"))
}

// inForce reports whether a sentence says what a rule lays down: 依照《…办法》，….
func inForce(s string) bool {
	first, _, _ := strings.Cut(s, "，")
	return hasAnyPrefix(first, "依照", "依据", "根据", "按照", "按") && (hasAnySuffix(first, "规定", "\x00", "要求", "精神") && !strings.Contains(s, "继续"))
}

// sharesTime reports whether a unit is the side of a semicolon whose time the
// side before it names: 后续，甲局…；乙局….
func (t *teller) sharesTime(u unit) bool {
	if t.last == nil || u.start < 3 || t.flat[u.start-3:u.start] != "；" {
		return false
	}
	return slices.ContainsFunc(t.last.cue, func(w string) bool { return slices.Contains(timeCues, w) })
}

func sameOrgan(names []string, last *scope) bool {
	if last == nil {
		return true
	}
	return selves.opens(names[0]) == names[0] || slices.Contains(last.names, names[0])
}

// acts reports whether a clause of a stretch says what someone does.
func (t *teller) acts(start, end int) (found bool) {
	t.clauses(start, end, func(from, to int) bool {
		found = actClause(t.bare[from:to])
		return !found
	})
	return found
}

// claim says by what cue, by whom and until when the units i to j promise:
// what they do not say themselves, their governor or their paragraph does.
func (t *teller) claim(i, j int, governor *scope, m mark, names []string) *scope {
	start, end := t.us[i].start, t.us[j-1].end
	sc := &scope{cue: m.words, names: names, due: t.due(start, end)}
	if governor != nil {
		sc.cue = union(governor.cue, m.words)
		if sc.due.Day.IsZero() {
			sc.due = governor.due
		}
		if len(sc.names) == 0 {
			sc.names = governor.names
		}
	}
	if len(sc.names) == 0 && m.timed {
		sc.names = t.subjectBefore(i)
	}
	return sc
}

// subjectBefore returns the organs that the paragraph last named before unit i:
// 市园林局已完成调查。后续，将….
func (t *teller) subjectBefore(i int) (names []string) {
	for k := i - 1; k >= max(0, i-12) && t.us[k].para == t.us[i].para && len(names) == 0; k-- {
		start := t.us[k].start + t.us[k].mark.width
		names = t.organsOf(start, t.us[k].end, t.us[k].end)
	}
	return names
}

// commit adds the units i to j as one commitment.
func (t *teller) commit(i, j int, sc *scope) {
	start, end := t.us[i].start, t.us[j-1].end
	t.r.Commitments = append(t.r.Commitments, Commitment{
		Text: t.printed(start, end), Span: t.span(start, end), Cue: strings.Join(sc.cue, "/"),
		Responsible: slices.Compact(slices.Clone(sc.names)), Due: sc.due,
		Nature: t.natureOf(start+t.us[i].mark.width, end), Conditional: t.conditional(start+t.us[i].mark.width, end),
	})
}

// commitItem adds the item of the units i to j, which its governor or its own
// words make a promise.
func (t *teller) commitItem(i, j int, governor *scope, m mark) {
	var names []string
	for k := i; k < j && len(names) == 0; k++ {
		u := t.us[k]
		start := u.start + u.mark.width
		names = t.organsOf(start, u.end, max(start, min(m.at, u.end)))
	}
	t.commit(i, j, t.claim(i, j, governor, m, names))
}
