package letter

import "strings"

// backs are words of what is under way or was done.
var backs = lexiconOf("正在", "目前", "近年来", "近几年", "截至", "截止", "累计", "以来，", "现已", "去年", "前期，", "同比", "据统计", "上半年，", "此前")

// looksBack reports whether a text says what was done, is under way or is so.
func looksBack(s string) bool {
	if pastYear(s) || backs.within(s) || strings.HasPrefix(s, "日前") {
		return true
	}
	for k := strings.Index(s, "已"); k >= 0; {
		rest := s[k+len("已"):]
		if !hasAnyPrefix(rest, "有", "建", "出台的", "批") {
			return true
		}
		next := strings.Index(rest, "已")
		if next < 0 {
			break
		}
		k += len("已") + next
	}
	return perfective(s)
}

// pastYear reports whether a sentence opens with the start of a stretch of time
// that runs since: 2022年起, 自2021年以来.
func pastYear(s string) bool {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "自"), "从")
	d := leadingDigits(s)
	return len(d) == 4 && hasAnyPrefix(s[4:], "年以来", "年来")
}

// perfective reports whether 了 marks a verb: 出台了, and not 了解 or 为了.
func perfective(s string) bool {
	for {
		k := strings.Index(s, "了")
		if k < 0 {
			return false
		}
		if rest := s[k+len("了"):]; !strings.HasPrefix(rest, "解") && !strings.HasPrefix(rest, "然") && !hasAnySuffix(s[:k], "为", "除", "到", "不") {
			return true
		}
		s = s[k+len("了"):]
	}
}

// refusals are words of what will not be done, unless one of those follows that
// say what will.
var (
	refusals     = lexiconOf("暂不", "不予", "不宜", "暂无", "难以", "无法", "不具备", "暂缓", "有一定困难", "有困难", "存在困难", "困难较大", "不成熟", "难度较大", "无权", "不便", "暂时不", "暂难")
	refusalsButs = lexiconOf("待", "继续", "下一步", "但", "同时", "积极", "解决", "研究", "推动", "推进")
)

// refuses reports whether a sentence says that something will not be done.
func refuses(s string) bool {
	if strings.Contains(s, "不再") && !containsAny(s, "让", "使", "下一步", "将") {
		return true
	}
	return refusals.within(s) && !refusalsButs.within(s)
}

// opens reports whether a unit is the sentence that says what is answered.
func opens(s string) bool {
	return strings.Contains(s, "收悉") || strings.Contains(s, "如下") && containsAny(s, "复如下", "意见如下", "情况如下", "汇报如下", "说明如下") ||
		hasAnyPrefix(s, "感谢", "衷心感谢", "再次感谢", "非常感谢", "诚挚", "谢谢", "欢迎", "希望", "恳请", "敬请", "特此", "专此", "对以上", "如对", "如您", "请您", "请予", "请填", "以上答复", "以上意见", "以上是", "以上回复", "以上为", "以上，", "此复", "附件")
}

// courtesies are the words of thanks and of general assurance.
var courtesies = lexiconOf(
	"虚心听取", "认真听取", "认真吸", "认真研究吸", "认真研究采", "认真研究您", "认真研究你", "认真考虑", "认真采纳", "认真梳理您", "充分汲取", "充分吸", "充分采纳", "充分考虑您", "充分考虑你",
	"吸收借鉴", "吸纳您", "吸纳你", "吸收您", "吸收你", "采纳您", "采纳你", "参考您", "参考你", "借鉴您", "借鉴你", "相关工作中", "今后的工作中", "今后工作中", "工作中予以", "继续关注", "持续关注", "履职尽责", "为契机", "工作中认真",
	"工作中积极吸", "一如既往", "继续努力", "再接再厉", "不辜负", "欢迎", "希望您", "希望你", "恳请", "敬请", "期待", "感谢", "谢谢", "更大贡献", "改进工作", "不断改进", "接受监督",
	"保持沟通", "向您反馈", "向您汇报", "工作参考", "重要参考", "予以参考", "放在心上", "认真对待", "随时", "积极回应您",
)

// praises reports whether a clause only says what the proposal is worth.
func praises(s string) bool {
	return containsAny(s, "针对性", "操作性", "参考价值", "借鉴意义", "很有见地", "十分中肯", "非常好", "很好", "更好服务")
}

// courtesy reports whether nothing but thanks and general assurance follows the
// cue of a unit.
func (t *teller) courtesy(u unit, cue int) bool {
	only, any := true, false
	t.clauses(u.start+u.mark.width, u.end, func(from, to int) bool {
		c := t.bare[from:to]
		if to <= cue || len(c) < 4*3 {
			return true
		}
		if courtesies.within(c) {
			any = true
		} else if !connects(c) && !topic(c) && !praises(c) && !restates(c) && len(skipTime(c)) > 0 {
			only = false
		}
		return only
	})
	return only && any
}
