package letter

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A mark is the cue by which a unit promises.
type mark struct {
	words  []string
	at     int  // where the first one stands, in flat
	timed  bool // one of them is a time
	firm   bool // one of them says that something will be done
	effect bool // 将 says only what will come of it
}

func (m *mark) add(word string, at int) {
	m.await(word, at)
	if !m.firm {
		m.at = at
	}
	m.firm, m.effect = true, false
}

// await adds a word that says on what something depends or what will come of it.
func (m *mark) await(word string, at int) {
	if len(m.words) == 0 {
		m.at = at
	}
	if !slices.Contains(m.words, word) {
		m.words = append(m.words, word)
	}
}

func (m mark) found() bool { return len(m.words) > 0 }

// cueWords are what a unit must have one of to promise anything: most have none,
// and nothing dearer is asked of them.
var cueWords = lexiconOf("将", "拟", "待", "只有等", "若", "如", "一旦", "一到位", "一下达", "月", "年底", "年内", "年前", "年末", "季度", "定于", "定在", "要是", "条件", "会", "下一", "下步", "下阶段", "下半年",
	"后续", "后段", "后期", "今后", "接下来", "未来", "近期", "适时", "届时", "力争", "争取", "预计", "计划", "准备", "打算", "安排", "时机成熟")

// cueIn looks for what marks a unit as a promise.
func (rd *reader) cueIn(start, end int) mark {
	s := rd.bare[start:end]
	if !cueWords.within(s) {
		return mark{}
	}
	h := hearing{reader: rd, start: start, end: end, forecast: forecasts(s)}
	rd.clauses(start, end, func(from, to int) bool {
		h.clause(from, to)
		return true
	})
	switch {
	case h.m.effect && !h.m.timed:
		return mark{effect: true}
	case !h.m.found() && h.day != "":
		h.m.add(h.day, h.dayAt)
	}
	return h.m
}

// A hearing goes through the clauses of a unit: who speaks in them, and what he
// says that he will do.
type hearing struct {
	*reader
	start, end int
	m          mark
	subject    bool   // an organ was named as subject
	saying     bool   // behind 您提出: the proposer's words
	cited      bool   // behind 《…规划》提出 or 据了解: somebody else's plan
	forecast   bool   // behind 随着 or 相信: what will come of it
	own        bool   // an organ is the subject of the present clause
	condition  string // the clause before waits for something: 待, 如
	day        string // the words of a day to come on which something is done,
	dayAt      int    // and where their clause begins
	looked     int    // how far it was looked whether the unit looks back,
	backAt     int    // and behind which offset it does, 0 for none yet
	tells      *bool  // whether the unit as a whole does; nil until somebody asks
}

func (h *hearing) clause(from, to int) {
	t := h.bare[from:to]
	rest := skipConnectives(t)
	at := from + len(t) - len(rest)
	if topic(rest) {
		return
	}
	behind := skipTime(rest)
	self := selves.opens(behind) != ""
	width := subjectWidth(rest)
	own := self || width > 0 || len(behind) < len(rest) && subjectWidth(behind) > 0
	h.hear(rest, own, self)
	if h.cited || !cueWords.within(rest) && h.condition == "" {
		return
	}
	if word, i := timeCue(rest, width); word != "" && !h.saying && !(h.forecast && !own) {
		h.m.add(word, at+i)
		h.m.timed = true
	} else if restates(rest) && !self || h.saying {
		return
	}
	if h.outside(rest) {
		return
	}
	if h.condition != "" && then(rest) {
		h.m.await(h.condition, h.start)
	}
	if h.condition = conditionOf(rest); from > h.start && strings.HasPrefix(h.condition, "如") {
		h.condition = "" // 如 behind a comma gives an example
	}
	if words := h.dated(at, to); words != "" && h.day == "" {
		h.day, h.dayAt = words, at
	}
	own = own || selves.opens(bareTime(rest)) != ""
	h.own = own || h.subject && startsWill(rest)
	h.modals(at, to)
}

// hear notes who speaks in a clause.
func (h *hearing) hear(rest string, own, self bool) {
	if own && (!h.saying || self) {
		h.saying = false
	}
	h.subject = h.subject || own && !hasAnySuffix(rest, "后", "时")
	h.saying = h.saying || !self && restates(rest) && (hasAnySuffix(rest, sayings...) || asks(rest))
	relates := hasAnyPrefix(rest, "提出", "明确", "要求", "规定", "指出") && h.tellsOfPast()
	h.cited = (h.cited || cites(rest) || relates || hearsay(rest)) && !self
}

// tellsOfPast reports whether the unit as a whole looks back, which few ask.
func (h *hearing) tellsOfPast() bool {
	if h.tells == nil {
		h.tells = new(looksBack(h.bare[h.start:h.end]))
	}
	return *h.tells
}

// backTo reports whether what the unit says before an offset looks back. It goes
// through the unit once, however often it is asked.
func (h *hearing) backTo(at int) bool {
	if h.looked == 0 {
		h.looked = h.start
		if h.pastYear(h.start) {
			h.backAt = h.start + 1
		}
	}
	if h.backAt == 0 && at > h.looked {
		from := max(h.start, h.looked-5*3)
		for !utf8.RuneStart(h.bare[from]) {
			from++
		}
		if looksBack(h.bare[from:at]) {
			h.backAt = at
		}
		h.looked = at
	}
	return h.backAt > 0 && at >= h.backAt
}

// topic reports whether a clause only says what the sentence is about.
func topic(s string) bool {
	return hasAnyPrefix(s, "关于", "针对", "对于", "对", "就", "至于") &&
		hasAnySuffix(s, "建议", "提案", "问题", "的意见", "方面", "诉求", "的需求") && !strings.Contains(s, "我们将")
}

func startsWill(s string) bool {
	return hasAnyPrefix(s, "将", "拟", "计划", "争取", "力争", "也将", "并将", "还将")
}
