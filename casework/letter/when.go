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

// timeCue finds a time that opens a clause, alone or behind the subject.
// subject is the width of the subject that opens s.
func timeCue(s string, subject int) (word string, at int) {
	rest := strings.TrimPrefix(strings.TrimPrefix(s, "在"), "从")
	if len(rest) < len(s) {
		subject = subjectWidth(rest)
	}
	rest = rest[subject:]
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

// whens are the words and characters of which the time that opens a clause is
// made: 年底前, 每年汛前, 10月中旬, 明年第一季度.
var whens = lexiconOf("每个季度", "每个月", "每个", "每年", "每季度", "每月", "每半年", "每学期", "每周", "年底", "年初", "年中", "年内", "今年", "明年", "本年", "后年", "月底", "月中", "上半年", "下半年", "第一", "第二", "第三", "第四",
	"季度", "学期", "汛", "秋季", "春季", "暑期", "寒假", "暑假", "上旬", "中旬", "下旬", "春节", "国庆", "月", "年", "日", "底", "末", "初", "份", "之前", "以前", "前", "内", "起", "开始", "，", "近期", "一", "二", "三", "四", "两", "左右", "周", "个", "期间", "同步")

// skipWhen returns what follows the time that opens s.
func skipWhen(s string) string {
	rest := strings.TrimPrefix(strings.TrimPrefix(s, "在"), "于")
	start := rest
	for rest != "" {
		d := leadingDigits(rest)
		w := whens.opens(rest)
		if d == "" && (w == "" || startsAct(rest) && w != "同步") {
			break
		}
		rest = rest[max(len(d), len(w)):]
	}
	if taken := start[:len(start)-len(rest)]; hasAnySuffix(taken, "前", "内", "起", "底", "末", "旬", "开始", "季度", "年", "月", "日", "初", "半年", "学期", "年内", "期", "每周", "季度", "每月", "左右", "期间", "份", "同步") {
		return strings.TrimPrefix(rest, "，")
	}
	return s
}

// bareTime is what is left of a clause behind its time: 每个季度我们.
func bareTime(s string) string { return skipWhen(skipTime(s)) }

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

// othersMust reports whether a clause lays a duty on somebody.
func othersMust(s string) bool { return containsAny(s, "须", "应当", "必须", "需在", "需于") }

// dated returns the words of a day after the letter's on which a clause says that
// something is done: 今年10月底前签订协议.
func (h *hearing) dated(from, to int) string {
	c := h.bare[from:to]
	if h.date.IsZero() || h.forecast || !dayWords.within(c) || looksBack(c) {
		return ""
	}
	if subject, rest, ok := strings.Cut(c, "应"); ok && !hasAnyPrefix(rest, "急", "用", "对", "答") && subjectWidth(skipTime(subject)) == 0 || othersMust(c) {
		return "" // 市民应于…前登记
	}
	d, end := h.dueAt(from, to)
	limit := hasAnySuffix(d.Words, "前", "底", "内", "末")
	if d.Day.IsZero() || !d.Day.After(h.date) || !limit && (d.Unit == "year" && d.Day.Year == h.date.Year || h.backTo(to)) {
		return ""
	}
	if rest := h.bare[end:max(end, to)]; !startsAct(bareAct(strings.TrimPrefix(strings.TrimPrefix(rest, "起"), "开始"))) {
		return ""
	}
	return d.Words
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
