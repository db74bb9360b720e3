package letter

import "strings"

// outlooks open sentences about what will come by itself.
var outlooks = lexiconOf("随着", "相信", "坚信", "我们相信", "我们坚信", "我局相信", "通过上述", "通过以上", "通过这些", "通过一系列", "通过采取", "上述措施", "上述举措", "上述工作", "上述工程", "上述项目", "以上措施", "可以预见", "届时")

// forecasts reports whether a sentence opens like one about effects: 随着…, 相信….
func forecasts(s string) bool {
	s = skipConnectives(s)
	if outlooks.opens(s) != "" {
		return true
	}
	first, rest, _ := strings.Cut(s, "，")
	return hasAnySuffix(first, "建成后", "运行后", "投用后", "投入使用后", "实施后", "开通后", "见效后", "落实到位后", "完工后", "上线后", "建成投用后", "全部完成后") &&
		!hasAnyPrefix(first, "待", "等", "如", "若") && subjectWidth(skipConnectives(rest)) == 0
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

// awaits reports whether 待 before s waits for something: a clause of its own
// (待资金到位后，…) or one with what follows it (待资金到位后我局启动…).
func awaits(s string, followed bool) bool {
	if hasAnyPrefix(s, "遇", "业", "办", "解决", "在", "命", "岗", "定") {
		return false
	}
	if followed {
		return containsAny(s, "后", "时", "成熟", "到位", "具备", "明确", "之日")
	}
	for _, w := range []string{"之后", "以后", "后", "时", "之日", "到位"} {
		if _, rest, ok := strings.Cut(s, w); ok && rest != "" && (startsAct(rest) || startsWill(rest) || subjectWidth(rest) > 0 || len(rest) <= 4*3 || hasAnyPrefix(rest, "再", "即", "立即", "由", "对", "于", "方可", "可", "一并", "优先")) {
			return true
		}
	}
	return false
}

// conditions are the words by which a promise depends on something.
var conditions = lexiconOf("条件成熟", "条件具备", "条件允许", "具备条件", "时机成熟", "资金允许", "前提下", "视情", "一旦", "如果", "只有等", "后适时", "成熟后", "批准后", "批复后", "到位后", "下达后", "视结果")

// conditional reports whether a promise depends on something else.
func (rd *reader) conditional(start, end int) (found bool) {
	s := rd.bare[start:end]
	if conditions.within(s) {
		return true
	}
	rd.clauses(start, end, func(from, to int) bool {
		c := skipTime(skipConnectives(rd.bare[from:to]))
		k := strings.Index(c, "待")
		found = conditionOf(c) != "" && (from == start || !strings.HasPrefix(c, "如")) || k >= 0 && k <= 20*3 && awaits(c[k+len("待"):], rd.followed(to))
		return !found
	})
	return found
}
