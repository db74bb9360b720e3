package letter

import "strings"

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
