package letter

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// timeCues open a clause about what comes after the letter.
var timeCues = []string{"下一步", "下一阶段", "下阶段", "下步", "接下来", "后续", "今后", "未来", "明年", "下半年", "下一年", "近期", "年内", "适时", "届时"}

// plainTimeCues are also used of other things (后续支持, 未来产业): they count
// only before a comma, an organ, a number or 将.
var plainTimeCues = []string{"后续", "今后", "未来", "明年", "下半年", "下一年", "近期", "年内", "适时", "届时"}

// A mark is the cue by which a unit promises.
type mark struct {
	words  []string
	at     int  // where the first one stands, in flat
	timed  bool // one of them is a time
	effect bool // 将 says only what will come of it
}

func (m *mark) add(word string, at int) {
	if len(m.words) == 0 {
		m.at = at
	}
	if !slices.Contains(m.words, word) {
		m.words = append(m.words, word)
	}
}

func (m mark) found() bool { return len(m.words) > 0 }

// cueIn looks for what marks a unit as a promise.
func (rd *reader) cueIn(start, end int) (m mark) {
	subject, restating, outsider := false, false, hearsay(rd.bare[start:end])
	rd.clauses(start, end, func(from, to int) bool {
		t := rd.bare[from:to]
		rest := skipConnectives(t)
		at := from + len(t) - len(rest)
		if topic(rest) {
			return true
		}
		if word, i := timeCue(rest); word != "" {
			m.add(word, at+i)
			m.timed, restating = true, false
		}
		own := subjectWidth(rest) > 0 || subjectWidth(skipTime(rest)) > 0
		if own {
			restating, outsider = false, outsider && strings.HasPrefix(rest, "国家")
		}
		subject = subject || own && !hasAnySuffix(rest, "后", "时")
		restating = restating || restates(rest)
		if restating || outsider || outside(rest) {
			return true
		}
		rd.modals(&m, at, to, own || subject && startsWill(rest))
		return true
	})
	if m.effect && !m.timed {
		return mark{}
	}
	return m
}

// timeCue finds a time that opens a clause, alone or behind the subject.
func timeCue(s string) (word string, at int) {
	rest := strings.TrimPrefix(s, "在")
	if w := subjectWidth(rest); w > 0 {
		rest = rest[w:]
	}
	for _, cue := range timeCues {
		after, ok := strings.CutPrefix(rest, cue)
		if !ok {
			continue
		}
		if slices.Contains(plainTimeCues, cue) && !afterPlainTime(after) {
			return "", 0
		}
		return cue, len(s) - len(rest)
	}
	return "", 0
}

func afterPlainTime(s string) bool {
	if s == "" || subjectWidth(s) > 0 {
		return true
	}
	return hasAnyPrefix(s, "将", "的工作", "工作中", "一段时间", "一个时期", "几年", "三年", "五年", "两年", "我", "还将", "拟", "计划", "力争", "争取", "会", "由") ||
		startsAct(s) && !hasAnyPrefix(s, "服务", "发展", "建设", "管理", "支持", "应用", "规划", "设计", "运营", "使用", "维护", "处置", "监管")
}

// skipTime returns what follows a time that opens s.
func skipTime(s string) string {
	for _, cue := range timeCues {
		if rest, ok := strings.CutPrefix(strings.TrimPrefix(s, "在"), cue); ok {
			rest = strings.TrimPrefix(strings.TrimPrefix(rest, "的"), "工作")
			return strings.TrimPrefix(rest, "中")
		}
	}
	return s
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

// hearsay reports whether a sentence passes on what others say or plan.
func hearsay(s string) bool {
	return hasAnyPrefix(s, "据", "从了解", "经了解", "有关专家") && containsAny(s[:min(len(s), 45)], "了解", "悉", "介绍", "报道", "测算", "预测", "统计")
}

// outsiders are those for whose plans an organ does not answer.
var outsiders = []string{
	"国务院", "中央", "党中央", "国家发", "国家有关", "国家相关", "国家层面", "国家卫", "国家医", "国家税", "国家能", "国家数", "国家市场", "国家药",
	"国家知", "国家文", "国家网", "全国人大", "企业", "该企业", "该公司", "高校", "专家", "业主", "开发商", "媒体", "市场", "社会", "消费者", "居民", "人工智能",
}

// outside reports whether a clause has such a subject: one of them, or a
// ministry (…部) of the state.
func outside(s string) bool {
	if hasAnyPrefix(s, outsiders...) {
		return true
	}
	k := strings.Index(s, "部")
	if k < 6 || k > 30 || hasAnyPrefix(s, "市", "区", "省", "县", "我", "全", "上海", "各", "本") {
		return false
	}
	return hasAnyPrefix(s[k+len("部"):], "将", "拟", "计划", "正", "已", "等部")
}

func startsWill(s string) bool {
	return hasAnyPrefix(s, "将", "拟", "计划", "争取", "力争", "也将", "并将", "还将")
}

// modals adds the auxiliaries of a clause that promise. own says whether an
// organ is their subject.
func (rd *reader) modals(m *mark, from, to int, own bool) {
	t := rd.bare[from:to]
	for i := 0; i+3 <= len(t); i++ {
		if t[i] < 0xE4 {
			continue
		}
		before, after := t[:i], t[i+3:]
		switch t[i : i+3] {
		case "将":
			rd.will(m, before, after, from+i, own)
		case "拟":
			if intends(before, after) {
				m.add("拟", from+i)
			}
		case "会":
			if own && subjectWidth(before) == len(before) && startsAct(after) {
				m.add("会", from+i)
			}
		case "待":
			if before == "" && awaits(after) && rd.followed(to) {
				m.add("待", from)
			}
		default:
			if word := verbCue(t, i, rd.bare[from+i:min(len(rd.bare), to+150)]); word != "" {
				m.add(word, from+i)
			}
		}
		i += 2
	}
}

// followed reports whether a clause that ends at i has another behind it.
func (rd *reader) followed(i int) bool { return strings.HasPrefix(rd.bare[i:], "，") }

func (rd *reader) will(m *mark, before, after string, at int, own bool) {
	switch willKind(before, after) {
	case promise:
		if len(m.words) == 0 || !m.effect {
			m.add("将", at)
			return
		}
		m.effect = false
	case effect:
		if len(m.words) == 0 && !own {
			m.effect = true
		}
		m.add("将", at)
	}
}

const (
	none = iota
	promise
	effect
)

// effects are what follows 将 in a forecast: 将有效缓解, 将成为.
var effects = []string{
	"有效", "有力", "有助", "有望", "有利", "极大", "大大", "大幅", "显著", "成为", "实现", "达", "升至", "突破", "超过", "带来", "呈现", "形成", "助力", "促进", "更", "会",
	"是", "迎来", "得到", "获得", "产生", "影响", "面临", "增", "降", "使", "有", "推动形成", "惠及", "覆盖", "提升", "提高", "改善", "缓解", "进一步提升", "进一步提高", "进一步增强", "进一步改善",
	"进一步缓解", "进一步优化", "进一步促进", "进一步激发", "进一步释放", "进一步方便", "进一步满足", "全面提升", "切实提升", "持续提升",
}

// willKind tells 将 as an auxiliary from 将 as the mark of an object (将企业纳入名单).
func willKind(before, after string) int {
	if hasAnySuffix(before, "现", "已", "曾", "特", "须", "应", "可", "要", "能", "是", "通过", "名", "大", "中", "少", "主", "干", "武", "健", "必", "势必", "后", "即使", "如果") ||
		hasAnyPrefix(after, "军", "士", "领", "近", "来", "才", "其", "该", "这", "上述", "有关", "相关") {
		return none
	}
	if strings.HasPrefix(after, "不") && !hasAnyPrefix(after, "不断", "不定期", "不遗余力") {
		return none
	}
	if hasAnyPrefix(after, effects...) || strings.HasPrefix(after, "为") && containsAny(after, "奠定", "注入", "创造", "带来", "提供坚", "提供有", "提供强", "提供新") {
		return effect
	}
	if startsAct(after) {
		if hasAnyPrefix(after[6:], "成果", "结果", "内容", "情况", "经费", "资金", "绩效", "成效", "指标", "数据", "信息", "设施", "场所", "人员", "对象") && disposes(after) {
			return none
		}
		return promise
	}
	if r, w := utf8.DecodeRuneInString(after); w > 1 && strings.ContainsRune(leads, r) {
		return promise
	}
	if after == "" || isDigit(after[0]) && !timeFirst(after) || after[0] == 0 || disposes(after) {
		return none
	}
	if subjectWidth(before) > 0 || hasAnyPrefix(after, "新", "年内", "今年", "明年", "近期", "下半年") || timeFirst(after) {
		return promise
	}
	return none
}

// timeFirst reports whether s begins with a day or month: 2025年底前, 9月起.
func timeFirst(s string) bool {
	d := leadingDigits(s)
	return d != "" && hasAnyPrefix(s[len(d):], "年", "月") && !hasAnyPrefix(s[len(d):], "年度")
}

// disposes reports whether a clause goes on with what becomes of the object of 将.
func disposes(s string) bool {
	return containsAny(s, "入", "为", "成", "至", "到", "于", "给", "放在", "摆在", "与", "转", "贯穿", "结合", "作", "向")
}

func intends(before, after string) bool {
	if hasAnySuffix(before, "虚", "模", "草", "比", "已") || hasAnyPrefix(after, "合", "真", "态", "订", "人") {
		return false
	}
	return !strings.HasPrefix(after, "定") || hasAnyPrefix(after, "定于", "定在", "定将")
}

func awaits(s string) bool {
	return containsAny(s, "后", "时", "成熟", "到位", "具备", "明确") && !hasAnyPrefix(s, "遇", "业", "办", "解决", "在", "命")
}

// completions are what an organ may be expected to have done by a day.
var completions = []string{
	"完工", "完成", "竣工", "建成", "投入使用", "投用", "启用", "启动", "开工", "通车", "开通", "开放", "交付", "运营", "投运", "上线", "出台", "印发",
	"发布", "实施", "落地", "到位", "开业", "开园", "推出", "举办", "供应", "改造", "可投入", "验收", "动工", "公布",
}

// verbCue reads the verb at i of clause t if it promises; ahead is the text
// from it on, over the clause's end.
func verbCue(t string, i int, ahead string) string {
	before, rest := t[:i], t[i:]
	after := rest[min(len(rest), 6):]
	switch {
	case strings.HasPrefix(rest, "力争"):
		return "力争"
	case strings.HasPrefix(rest, "争取"):
		if hasAnyPrefix(after, "尽快", "尽早", "早日", "年内", "今年", "明年", "年底", "下半年", "到", "于", "在", "完成", "实现", "出台", "启动", "建成", "纳入", "落实", "早", "列入") || timeFirst(after) {
			return "争取"
		}
	case strings.HasPrefix(rest, "预计"):
		if k := strings.IndexAny(ahead, "。；"); k >= 0 {
			ahead = ahead[:k]
		}
		if containsAny(ahead, completions...) {
			return "预计"
		}
	case strings.HasPrefix(rest, "计划"), strings.HasPrefix(rest, "准备"), strings.HasPrefix(rest, "打算"):
		if asVerb(before, after) && (startsAct(after) || timeFirst(after) || hasAnyPrefix(after, "于", "在", "到", "用", "今年", "明年", "年内", "年底", "下半年", "对", "与", "新", "从", "将", "投", "分", "每", "再", "先", "以")) {
			return rest[:6]
		}
	}
	return ""
}

// asVerb reports whether 计划 behind before is a verb, not 行动计划.
func asVerb(before, after string) bool {
	if hasAnyPrefix(after, "于", "在") && !hasAnySuffix(before, "行动", "专项", "工作", "建设", "发展", "人才", "培养", "年", "体", "正在") {
		return true
	}
	if before == "" || subjectWidth(before) == len(before) || strings.HasSuffix(before, "\x00") {
		return true
	}
	if year, ok := strings.CutSuffix(before, "年"); ok {
		return hasAnySuffix(year, "今", "明", "后") || year != "" && isDigit(year[len(year)-1])
	}
	return hasAnySuffix(before, "局", "委", "办", "厅", "府", "们", "正", "还", "也", "均", "都", "现", "前", "并", "且", "近期", "下一步", "、")
}
