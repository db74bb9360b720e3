package letter

import (
	"strings"
	"unicode/utf8"
)

// modals adds the auxiliaries of a clause that promise.
func (h *hearing) modals(from, to int) {
	t := h.bare[from:to]
	for i := 0; i+3 <= len(t); i++ {
		if t[i] < 0xE4 {
			continue
		}
		before, after := lately(t[:i]), near(t[i+3:])
		switch t[i : i+3] {
		case "将":
			h.will(h.willKind(from, before, after), from+i)
		case "拟":
			if intends(before, after) {
				h.m.add("拟", from+i)
			}
		case "会":
			if h.own && mayWill(before) && (startsAct(after) || hasAnyPrefix(after, "把", "对", "按", "在", "将", "于")) {
				h.m.add("会", from+i)
			}
		case "待":
			if !h.forecast && h.waits(before, after, to) {
				h.m.await("待", from+i)
			}
		case "力", "争", "预", "计", "准", "打", "定", "安":
			word := verbCue(before, near(t[i:]), near(h.bare[from+i:min(len(h.bare), to+150)]))
			if word != "" && !(word == "争取" && h.backTo(from) && h.due(from+i, to).Day.IsZero()) && !(word == "预计" && h.forecast) {
				h.m.add(word, from+i)
			}
		}
		i += 2
	}
}

// near bounds what the rules look at behind a word, so that what they cost does
// not grow with the clause.
func near(s string) string {
	end := min(len(s), 600)
	for end < len(s) && !utf8.RuneStart(s[end]) {
		end++
	}
	return s[:end]
}

// lately bounds what the rules look at before a word in the same way.
func lately(s string) string {
	start := max(0, len(s)-600)
	for start > 0 && start < len(s) && !utf8.RuneStart(s[start]) {
		start++
	}
	return s[start:]
}

// mayWill reports whether 会 behind before is a verb: the subject stands right
// before it, and it is no part of 居委会.
func mayWill(before string) bool {
	subject := bareTime(before)
	return len(before) < 200 && subject != "" && subjectWidth(subject) == len(subject) &&
		!hasAnySuffix(before, "居委", "村委", "管委", "业委", "组委", "常委", "员委", "理事", "协", "工")
}

// waits reports whether 待 opens a clause, or stands behind a short subject.
func (h *hearing) waits(before, after string, to int) bool {
	return !strings.HasSuffix(before, "等") && awaits(after, before == "" && h.followed(to)) && (before == "" || len(before) <= 20*3 && !looksBack(before))
}

// followed reports whether a clause that ends at i has another behind it.
func (rd *reader) followed(i int) bool { return strings.HasPrefix(rd.bare[i:], "，") }

// will adds a 将 of the given kind.
func (h *hearing) will(kind, at int) {
	switch {
	case kind == promise && (h.own || !h.forecast), kind != none && h.own:
		h.m.add("将", at)
	case kind != none:
		h.m.await("将", at)
		h.m.effect = !h.m.firm
	}
}

const (
	none = iota
	promise
	effect
)

// effects are what follows 将 in a forecast: 将有效缓解, 将成为.
var effects = lexiconOf(
	"有效", "有力", "有助", "有望", "有利", "极大", "大大", "大幅", "显著", "成为", "实现", "达", "升至", "突破", "超过", "带来", "呈现", "形成", "助力", "促进", "更", "会有", "会更", "会得", "会进一步", "会大", "会极", "会逐", "会是", "会不断", "会成",
	"是", "迎来", "得到", "获得", "产生", "影响", "面临", "增", "降", "下降", "回升", "攀升", "上升", "缩短", "大为", "明显", "逐渐", "逐步得到", "逐步缓解", "逐步改善", "彻底解决", "得以", "迎", "使", "有", "推动形成", "惠及", "覆盖", "提升", "提高", "改善", "缓解", "进一步提升", "进一步提高", "进一步增强", "进一步改善",
	"进一步缓解", "进一步优化", "进一步促进", "进一步激发", "进一步释放", "进一步方便", "进一步满足", "全面提升", "切实提升", "持续提升",
)

// measured end subjects that do nothing themselves: 退水时间将缩短一半.
var measured = []string{
	"时间", "能力", "水平", "率", "数量", "总量", "人气", "成本", "压力", "规模", "价格", "环境", "面貌", "质量", "效率", "需求", "矛盾", "现象", "局面", "状况", "出行", "条件", "负担", "距离", "投诉量", "收入", "效益",
	"必", "势必", "必然", "有望",
}

// willKind tells 将 as an auxiliary from 将 as the mark of an object (将企业纳入名单).
func (h *hearing) willKind(from int, before, after string) int {
	if after == "" && h.own {
		return promise // 我局将：
	}
	if done(before) || hasAnySuffix(before, "现", "已", "已经", "曾", "特", "须", "应", "可", "可以", "应当", "应该", "能够", "必须", "不得", "要", "能", "是", "通过", "名", "大", "中", "少", "主", "干", "武", "健", "必", "势必", "后", "即使", "如果") ||
		hasAnyPrefix(after, "军", "士", "领", "近", "来", "才", "其", "该", "这", "上述", "有关", "相关") {
		return none
	}
	if before == "" && disposes(after) && !hasAnyPrefix(after, "予以", "于", "在", "按", "会同", "继续", "进一步", "积极", "持续", "加") && (h.backTo(from) || h.subject && from > h.start && !h.m.found()) {
		return none
	}
	if rest, ok := strings.CutPrefix(after, "会"); ok && hasAnyPrefix(rest, "对", "在", "把", "按", "与", "继续", "进一步", "同时") {
		after = rest // 将会对…
	}
	if strings.HasPrefix(after, "不") && !hasAnyPrefix(after, "不断", "不定期", "不遗余力") {
		return none
	}
	if effects.opens(after) != "" || hasAnySuffix(before, measured...) || strings.HasPrefix(after, "为") && containsAny(after, "奠定", "注入", "创造", "带来", "提供坚", "提供有", "提供强", "提供新") {
		return effect
	}
	if startsAct(after) {
		if noun := after[6:]; disposes(after) && nominal.opens(after) != "" && things.opens(noun) != "" {
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
	if organAt(before) > 0 || hasAnyPrefix(after, "新", "年内", "今年", "明年", "近期", "下半年") || timeFirst(after) {
		return promise
	}
	return none
}

// An act of the first list before a word of the second is no verb but part of a
// noun: 监测数据, 运营主体.
var (
	nominal = lexiconOf("运营", "服务", "培训", "规划", "建设", "管理", "试点", "应用", "监督", "评价", "运行", "维护", "创新", "监测", "检测", "考核", "研究", "检查",
		"办理", "整治", "评估", "调查", "测评", "排查", "巡查", "使用", "处置", "治理", "普查", "宣传")
	things = lexiconOf("成果", "结果", "内容", "情况", "经费", "资金", "绩效", "成效", "指标", "数据", "信息", "设施", "场所", "人员", "对象", "主体", "单位", "项目", "企业", "机构", "标准", "范围")
)

// done reports whether what stands before 将 in its clause says that it was done:
// 已于4月将…, 已督促…将….
func done(before string) bool {
	return strings.Contains(before, "已") && !hasAnySuffix(before, "并", "且", "还", "也", "下一步", "、")
}

// timeFirst reports whether s begins with a day or month: 2025年底前, 9月起.
func timeFirst(s string) bool {
	d := leadingDigits(s)
	return d != "" && hasAnyPrefix(s[len(d):], "年", "月") && !hasAnyPrefix(s[len(d):], "年度")
}

// disposals are the words behind which stands what becomes of something.
var disposals = lexiconOf("予以", "入", "为", "成", "至", "到", "于", "给", "放在", "摆在", "与", "转", "贯穿", "结合", "作", "向")

// disposes reports whether a clause goes on with what becomes of the object of 将.
func disposes(s string) bool {
	return disposals.within(s)
}

func intends(before, after string) bool {
	if hasAnySuffix(before, "虚", "模", "草", "比", "已", "对", "凡", "各", "所", "对于") && strings.Contains(after, "的") || hasAnySuffix(before, "虚", "模", "草", "比", "已") || hasAnyPrefix(after, "合", "真", "态", "订", "人") {
		return false
	}
	return !strings.HasPrefix(after, "定") || hasAnyPrefix(after, "定于", "定在", "定将")
}

// lasts reports whether s begins with a stretch of time: 一年内, 6个月内.
func lasts(s string) bool {
	n, w := numeral(s)
	return n > 0 && hasAnyPrefix(s[w:], "季度", "年内", "个月内", "年时间", "年左右", "个月时间", "天内", "日内")
}

// completions are what an organ may be expected to have done by a day.
var completions = []string{
	"完工", "完成", "竣工", "建成", "投入使用", "投用", "启用", "启动", "开工", "通车", "开通", "开放", "交付", "运营", "投运", "上线", "出台", "印发",
	"合龙", "封顶", "铺设", "摊铺", "投产", "挂牌", "入驻", "招生", "发布", "实施", "落地", "到位", "开业", "开园", "推出", "举办", "供应", "改造", "可投入", "验收", "动工", "公布",
}

// completes reports whether a text says that something will be ready, and not
// only what comes after it is: 预计投用后…将下降.
func completes(s string) bool {
	for _, w := range completions {
		k := strings.Index(s, w)
		if k >= 0 && !hasAnyPrefix(s[k+len(w):], "后", "以后", "之后", "时") {
			return true
		}
	}
	return false
}

// verbCue reads the verb that opens rest if it promises; ahead is the text from
// it on, over the clause's end.
func verbCue(before, rest, ahead string) string {
	after := rest[min(len(rest), 6):]
	switch {
	case strings.HasPrefix(rest, "力争"):
		return "力争"
	case hasAnyPrefix(rest, "安排在", "安排于"):
		if timeFirst(rest[9:]) || hasAnyPrefix(rest[9:], "今年", "明年", "下半年", "年底") {
			return "安排"
		}
	case hasAnyPrefix(rest, "定于", "定在"):
		if !hasAnySuffix(before, "规", "制", "固", "稳", "决", "确", "认", "锁", "商") || strings.HasSuffix(before, "拟") {
			return rest[:6]
		}
	case strings.HasPrefix(rest, "打算"):
		if !hasAnySuffix(before, "工作", "步", "阶段", "的") && after != "" {
			return "打算"
		}
	case strings.HasPrefix(rest, "争取"):
		if hasAnyPrefix(after, "把", "将", "对", "通过", "再", "尽快", "尽早", "早日", "年内", "今年", "明年", "年底", "下半年", "于", "在", "完成", "实现", "出台", "启动", "建成", "纳入", "落实", "早", "列入") || timeFirst(after) || timeFirst(strings.TrimPrefix(after, "到")) {
			return "争取"
		}
	case strings.HasPrefix(rest, "预计"):
		if k := strings.IndexAny(ahead, "。；"); k >= 0 {
			ahead = ahead[:k]
		}
		if completes(ahead) {
			return "预计"
		}
	case strings.HasPrefix(rest, "计划"), strings.HasPrefix(rest, "准备"), strings.HasPrefix(rest, "打算"):
		if len(before) < 200 && asVerb(before, after) && (after == "" && before != "" && subjectWidth(before) == len(before) || lasts(after) || startsAct(after) || timeFirst(after) || hasAnyPrefix(after, "于", "在", "到", "用", "今年", "明年", "年内", "年底", "下半年", "自", "对", "与", "新", "从", "将", "投", "分", "每", "再", "先", "以")) {
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
	if timeFirst(after) || hasAnyPrefix(after, "今年", "明年", "后年", "年内", "年底", "下半年", "上半年", "第") {
		return !hasAnySuffix(before, "行动", "专项", "年度", "年", "推进", "实施", "培养", "工程实施")
	}
	return endsOrgan(before) || lasts(after) || hasAnySuffix(before, "中心", "室", "站", "队", "馆", "校", "公司", "部门", "单位", "台", "局", "委", "办", "厅", "府", "们", "正", "还", "也", "均", "都", "现", "前", "并", "且", "近期", "下一步", "、")
}
