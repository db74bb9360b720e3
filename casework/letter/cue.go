package letter

import (
	"slices"
	"strings"
)

// timeCues open a clause about what comes after the letter.
var timeCues = []string{"下一步", "下一阶段", "下阶段", "下步", "接下来", "后续", "今后", "未来", "明年", "下半年", "下一年", "近期", "年内", "适时", "届时", "后段", "后期"}

var timeStarts = lexiconOf(timeCues...)

// plainTimeCues are also used of other things (后续支持, 未来产业): they count
// only before a comma, an organ, a number or 将.
var plainTimeCues = []string{"后续", "今后", "未来", "明年", "下半年", "下一年", "近期", "年内", "适时", "届时", "后期"}

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

// cueIn looks for what marks a unit as a promise.
func (rd *reader) cueIn(start, end int) mark {
	s := rd.bare[start:end]
	if !mayPromise(s) {
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
	own := self || subjectWidth(rest) > 0 || subjectWidth(behind) > 0
	h.hear(rest, own, self)
	if h.cited {
		return
	}
	if word, i := timeCue(rest); word != "" && !h.saying && !(h.forecast && !own) {
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
	relates := hasAnyPrefix(rest, "提出", "明确", "要求", "规定", "指出") && looksBack(h.bare[h.start:h.end])
	h.cited = (h.cited || cites(rest) || relates || hearsay(rest)) && !self
}

// pastYear reports whether a unit opens with a year or month before the letter's.
func (rd *reader) pastYear(start int) bool {
	y, w := yearAt(rd.flat[start:])
	if w == 0 || rd.date.IsZero() || !strings.HasPrefix(rd.flat[start+w:], "年") {
		return false
	}
	month, v := numeral(rd.flat[start+w+len("年"):])
	return y < rd.date.Year || y == rd.date.Year && v > 0 && month < int(rd.date.Month)
}

// bareTime is what is left of a clause behind its time: 每个季度我们.
func bareTime(s string) string { return skipWhen(skipTime(s)) }

// dated returns the words of a day after the letter's on which a clause says that
// something is done: 今年10月底前签订协议.
func (h *hearing) dated(from, to int) string {
	c := h.bare[from:to]
	if h.date.IsZero() || h.forecast || !dayWords.within(c) || looksBack(c) {
		return ""
	}
	d, end := h.dueAt(from, to)
	limit := hasAnySuffix(d.Words, "前", "底", "内", "末")
	if d.Day.IsZero() || !d.Day.After(h.date) || !limit && (d.Unit == "year" && d.Day.Year == h.date.Year || looksBack(h.bare[h.start:to])) {
		return ""
	}
	if rest := h.bare[end:max(end, to)]; !startsAct(bareAct(strings.TrimPrefix(strings.TrimPrefix(rest, "起"), "开始"))) {
		return ""
	}
	return d.Words
}

// bareAct is what is left of a clause behind its subject and its day.
func bareAct(s string) string {
	for range 2 {
		s = skipWhen(skipTime(skipConnectives(s)))
		s = s[subjectWidth(s):]
	}
	return s
}

// dayWords are the words without which a clause names no day to come.
var dayWords = lexiconOf("月底", "月前", "月初", "月中", "月下", "月上", "月份", "日前", "日以前", "月以前", "日之前", "年底", "年内", "季度", "半年", "年前", "节前", "月", "明年")

// backTo reports whether what the unit says before an offset looks back.
func (h *hearing) backTo(at int) bool { return looksBack(h.bare[h.start:at]) || h.pastYear(h.start) }

// forecasts reports whether a sentence opens like one about effects: 随着…, 相信….
func forecasts(s string) bool {
	s = skipConnectives(s)
	if hasAnyPrefix(s, "随着", "相信", "坚信", "我们相信", "我们坚信", "我局相信", "通过上述", "通过以上", "通过这些", "通过一系列", "通过采取", "上述措施", "上述举措", "上述工作", "上述工程", "上述项目", "以上措施", "可以预见", "届时") {
		return true
	}
	first, rest, _ := strings.Cut(s, "，")
	if hasAnyPrefix(first, "待", "等", "如", "若") || subjectWidth(skipConnectives(rest)) > 0 {
		return false
	}
	return hasAnySuffix(first, "建成后", "运行后", "投用后", "投入使用后", "实施后", "开通后", "见效后", "落实到位后", "完工后", "上线后", "建成投用后", "全部完成后")
}

// conditionOf returns the word by which a clause waits for something.
func conditionOf(s string) string {
	if hasAnySuffix(s, "一到位", "一到", "一下达", "一批复", "一落实") {
		return "一"
	}
	for _, w := range []string{"待", "只有等", "等", "一旦", "如果", "要是", "如", "若"} {
		if strings.HasPrefix(s, w) && len(s) >= len(w)+4*3 && !hasAnyPrefix(s, "如下", "如何", "如在", "等级", "等方面", "如期", "若干", "如遇", "等候", "等待", "待遇", "待业") {
			return w
		}
	}
	if hasAnyPrefix(s, "条件成熟", "条件具备", "条件允许", "时机成熟") {
		return "条件成熟"
	}
	return ""
}

// then reports whether a clause says what is done once the one before holds.
func then(s string) bool {
	s = s[subjectWidth(s):]
	for _, w := range []string{"则", "就", "便", "再", "即可", "即", "可", "立即", "马上", "一并", "由", "将", "也", "一定", "第一时间"} {
		s = strings.TrimPrefix(s, w)
	}
	s = skipWhen(s)
	return startsAct(s) || hasAnyPrefix(s, "对", "把", "按", "于", "在")
}

// mayPromise reports whether s has a character that begins a cue, before
// anything dearer is asked.
func mayPromise(s string) bool {
	for i := 0; i+3 <= len(s); i++ {
		if s[i] < 0xE4 || s[i] > 0xE9 {
			continue
		}
		next := s[i+3:]
		switch s[i : i+3] {
		case "将", "拟", "待", "若", "如", "旦", "月", "年", "季", "定", "要", "到":
			return true
		case "条":
			if strings.HasPrefix(next, "件") {
				return true
			}
		case "会":
			if startsAct(next) {
				return true
			}
		case "下":
			if hasAnyPrefix(next, "一", "步", "阶", "半") {
				return true
			}
		case "后", "今", "接", "未", "明", "近", "适", "届", "力", "争", "预", "计", "准", "打":
			if hasAnyPrefix(next, "续", "后", "段", "下来", "来", "年", "期", "内", "时", "争", "取", "计", "划", "备", "算") {
				return true
			}
		}
		i += 2
	}
	return false
}

// timeCue finds a time that opens a clause, alone or behind the subject.
func timeCue(s string) (word string, at int) {
	rest := strings.TrimPrefix(strings.TrimPrefix(s, "在"), "从")
	if w := subjectWidth(rest); w > 0 {
		rest = rest[w:]
	}
	cue := timeStarts.opens(rest)
	if slices.Contains(plainTimeCues, cue) && !afterPlainTime(rest[len(cue):]) {
		return "", 0
	}
	return cue, len(s) - len(rest)
}

func afterPlainTime(s string) bool {
	if s == "" || subjectWidth(s) > 0 {
		return true
	}
	return hasAnyPrefix(s, "起", "将", "还会", "还要", "也会", "还", "再", "，", "的工作", "工作中", "一段时间", "一个时期", "几年", "三年", "五年", "两年", "我", "还将", "拟", "计划", "力争", "争取", "会", "由") ||
		startsAct(s) && !hasAnyPrefix(s, "服务", "发展", "建设", "管理", "支持", "应用", "规划", "设计", "运营", "使用", "维护", "处置", "监管")
}

// skipTime returns what follows a time that opens s.
func skipTime(s string) string {
	rest := strings.TrimPrefix(s, "在")
	cue := timeStarts.opens(rest)
	if cue == "" {
		return s
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest[len(cue):], "的"), "工作")
	return strings.TrimPrefix(strings.TrimPrefix(rest, "中"), "，")
}

// topic reports whether a clause only says what the sentence is about.
func topic(s string) bool {
	return hasAnyPrefix(s, "关于", "针对", "对于", "对", "就", "至于") &&
		hasAnySuffix(s, "建议", "提案", "问题", "的意见", "方面", "诉求", "的需求") && !strings.Contains(s, "我们将")
}

// restates reports whether a clause repeats what the proposer asks for.
func restates(s string) bool {
	return hasAnyPrefix(s, "您", "你", "提案", "建议", "委员", "代表", "该提案", "该建议", "贵") &&
		containsAny(s, "建议", "提出", "提到", "认为", "指出", "希望", "呼吁", "反映", "做了", "提案")
}

// sayings are verbs behind which stands what somebody else says.
var sayings = []string{"提出", "提到", "指出", "认为", "明确", "要求", "强调", "规定", "部署", "显示", "表示", "介绍", "透露", "表明", "称"}

// sources are what plans of others are quoted from.
var sources = []string{"规划", "会议", "意见", "通知", "方案", "纲要", "条例", "报告", "文件", "办法", "决定", "讲话", "批示", "意见稿", "\x00"}

// cites reports whether a clause names where the words behind it come from:
// 《…规划》提出, 省会议强调. What the organ itself or one that it answers for says
// is no quotation.
func cites(s string) bool {
	if len(s) > 360 || !hasAnySuffix(s, sayings...) || strings.HasPrefix(s, "经") {
		return false
	}
	for _, w := range sayings {
		s = strings.TrimSuffix(s, w)
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "中"), "明确")
	if hasAnySuffix(s, "部门", "单位", "公司") && !hasAnyPrefix(s, "国家", "上级", "省") {
		return false
	}
	return hasAnySuffix(s, sources...) || selves.opens(s) == "" && (subjectWidth(s) == 0 || outsiders.opens(s) != "" || ministry(s))
}

// asks reports whether 建议 is a verb in a clause: 提案建议整合…, not 您的建议.
func asks(s string) bool {
	k := strings.Index(s, "建议")
	if k < 0 || !hasAnySuffix(s[:k], "您", "你", "们", "提案", "委员", "代表", "中") {
		return false
	}
	rest := s[k+len("建议"):]
	if rest == "" {
		return hasAnySuffix(s[:k], "提案", "您", "你们")
	}
	return !hasAnyPrefix(rest, "很", "非常", "具", "符合", "十分", "对", "”", "的", "中", "已", "办理", "收", "与", "由我", "是")
}

// hearsay reports whether a sentence passes on what others say or plan.
func hearsay(s string) bool {
	if !hasAnyPrefix(s, "据", "另据", "从了解", "经了解", "有关专家") {
		return false
	}
	first, _, _ := strings.Cut(s, "，")
	if said := strings.TrimSuffix(strings.TrimSuffix(first, "介绍"), "反馈"); said != first && hasAnySuffix(said, "单位", "公司", "部门", "局", "委", "街道", "镇") {
		return false // the organ answers for them
	}
	return hasAnySuffix(first, sources...) || containsAny(s[:min(len(s), 45)], "了解", "悉", "介绍", "报道", "测算", "预测", "统计")
}

// outsiders are those for whose plans an organ does not answer.
var outsiders = lexiconOf(
	"国务院", "中央", "党中央", "国家发", "国家有关", "国家相关", "国家层面", "国家卫", "国家医", "国家税", "国家能", "国家数", "国家市场", "国家药",
	"国家知", "国家文", "国家网", "全国人大", "企业", "该企业", "该公司", "高校", "专家", "业主", "开发商", "媒体", "市场", "社会", "消费者", "居民", "人工智能",
)

// outside reports whether a clause has such a subject: one of them, or a
// ministry (…部) of the state. To a ministry that answers, others are its helpers.
func (rd *reader) outside(s string) bool {
	national := strings.HasPrefix(rd.r.Body, "全国")
	if w := outsiders.opens(s); w != "" && !(national && strings.HasPrefix(w, "国家")) {
		return true
	}
	return !national && ministry(s)
}

func ministry(s string) bool {
	k := strings.Index(s, "部")
	if k < 6 || k > 30 || hasAnyPrefix(s, "市", "区", "省", "县", "我", "全", "上海", "各", "本") {
		return false
	}
	return hasAnyPrefix(s[k+len("部"):], "将", "拟", "计划", "正", "已", "等部")
}

func startsWill(s string) bool {
	return hasAnyPrefix(s, "将", "拟", "计划", "争取", "力争", "也将", "并将", "还将")
}
