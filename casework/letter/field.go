package letter

import (
	"slices"
	"strings"
)

// labels are the words before a colon in the head and the foot of a letter, by
// the field that stands behind them. A label without a field ends the value
// before it.
var labels = map[string]string{
	"办理结果": "result_label", "办理类别": "result_label", "类别": "result_label", "答复类别": "result_label",
	"办理结果类别": "result_label", "办理结果分类": "result_label", "结果类别": "result_label", "答复类型": "result_label", "类别标记": "result_label", "类别标识": "result_label", "分类": "result_label", "分类标识": "result_label", "提案类别": "result_label", "建议类别": "result_label", "答复结果": "result_label",
	"办理类型": "result_label", "办复类别": "result_label", "答复分类": "result_label", "办理分类": "result_label",
	"公开属性": "publicity_label", "公开类别": "publicity_label", "公开方式": "publicity_label", "公开形式": "publicity_label",
	"公开类型": "publicity_label", "公开选项": "publicity_label", "信息公开属性": "publicity_label",
	"是否同意公开": "publicity_label", "公开情况": "publicity_label", "公开范围": "publicity_label", "公开意见": "publicity_label", "公开": "publicity_label",
	"信息公开类别": "publicity_label", "信息公开选项": "publicity_label", "信息公开方式": "publicity_label", "是否公开": "publicity_label",
	"成文日期": "issue_date", "发文日期": "issue_date", "答复日期": "issue_date", "答复时间": "issue_date",
	"发文字号": "document_number", "文号": "document_number", "字号": "document_number", "发文文号": "document_number",
	"发文机关": "issuing_organ", "来源": "issuing_organ", "信息来源": "issuing_organ", "发布机构": "issuing_organ", "答复机关": "issuing_organ", "办理单位": "issuing_organ", "文章来源": "issuing_organ", "答复单位": "issuing_organ", "承办单位": "issuing_organ", "主办单位": "issuing_organ",
	"抄送": "copied_to", "提案编号": "case_number", "建议编号": "case_number", "案号": "case_number", "提案号": "case_number", "建议号": "case_number",
	"案由": "title", "提案名称": "title", "建议名称": "title", "提案标题": "title", "建议标题": "title", "提案题目": "title", "建议题目": "title",
	"联系人": "contact_name", "联系人姓名": "contact_name", "经办人": "contact_name", "承办人": "contact_name", "联系人员": "contact_name", "具体经办人": "contact_name",
	"经办人姓名": "contact_name", "承办人姓名": "contact_name", "具体承办人": "contact_name", "承办联系人": "contact_name", "具体经办人姓名": "contact_name",
	"联系电话": "contact_phone", "电话": "contact_phone", "联系方式": "contact_phone", "电话号码": "contact_phone", "联系人联系方式": "contact_phone",
	"办公电话": "contact_phone", "联系人电话": "contact_phone", "承办人电话": "contact_phone", "经办人电话": "contact_phone", "咨询电话": "contact_phone",
	"联系地址": "", "地址": "", "邮政编码": "", "邮编": "", "签发人": "", "发布日期": "", "发布时间": "",
	"索引号": "", "主题词": "", "主题分类": "", "时间": "", "日期": "", "浏览次数": "", "主送": "", "传真": "", "邮箱": "", "电子邮箱": "",
	"会办单位": "", "附件": "", "标题": "", "名称": "", "抄报": "", "分送": "", "字体": "", "作者": "", "密级": "", "编号": "",
	"单位": "", "著录日期": "", "发布机关": "", "文字大小": "", "联系单位": "contact_name", "联系科室": "", "联系处室": "", "联系部门": "", "主管领导人姓名": "", "承办负责人": "", "主要负责人": "", "分管领导": "", "负责人": "", "承办责任人": "", "责任人": "", "审核人": "", "审签人": "", "拟稿人": "", "联系人地址": "", "索取号": "", "责任部门": "", "发文单位": "issuing_organ", "承办处室": "", "承办部门": "", "提案人": "", "提案者": "", "提出人": "", "领衔代表": "", "会签": "",
}

// paired are the labels of a name together with a telephone: 承办人及联系电话.
var paired = func() map[string]bool {
	set := map[string]bool{}
	for _, who := range []string{"联系人", "联系人姓名", "联系人员", "联系单位", "联系处室", "联系科室", "联系部门", "承办人", "承办单位", "承办处室", "经办人", "经办处室", "联系人、单位"} {
		for _, and := range []string{"及", "和", "、", "与", "", "/"} {
			for _, phone := range []string{"电话", "联系电话", "联系方式", "电话号码", "办公电话"} {
				set[who+and+phone] = true
			}
		}
	}
	return set
}()

// fieldOf returns the field that a label names, and whether it is a label.
func fieldOf(label string) (string, bool) {
	field, ok := labels[label]
	if !ok && paired[label] {
		return "contact_name", true
	}
	if organ, found := strings.CutSuffix(label, "联系人"); found && !ok {
		return "contact_name", hasAnySuffix(organ, "单位", "部门", "机关", "处室")
	}
	return field, ok
}

// printedAt are the labels that web pages run into the value before.
var printedAt = lexiconOf("发布时间", "发布日期", "浏览次数", "文字大小", "信息来源", "著录日期", "发布机关", "发布机构")

// A labelled is a value with the field that its label names.
type labelled struct {
	field      string
	start, end int
}

// labelledIn finds the labelled values of a line. The first label must open the
// line; others follow white space, a bracket or a mark.
func (s *source) labelledIn(l line) []labelled {
	var found []labelled
	if field := labels[s.line(l)]; strings.HasPrefix(field, "contact") && l.end-l.start >= 9 {
		return []labelled{{field, l.end, l.end}} // its value stands in the next line
	}
	if label, rest, ok := strings.Cut(strings.TrimPrefix(s.line(l), "【"), "】"); ok && rest != "" && labels[label] != "" && strings.HasPrefix(s.line(l), "【") {
		return []labelled{{labels[label], l.end - len(rest), l.end}} // 【办理结果】正在解决
	}
	for i := l.start; i < l.end; {
		k := strings.Index(s.flat[i:l.end], "：")
		if k < 0 {
			break
		}
		from, field, ok := s.labelBefore(l, i+k)
		if !ok && len(found) == 0 {
			return nil
		}
		if ok {
			if n := len(found); n > 0 {
				found[n-1].end = min(found[n-1].end, from)
			}
			found = append(found, labelled{field, i + k + len("："), l.end})
		}
		i += k + len("：")
	}
	return found
}

// labelBefore finds the label that ends at the colon, the longest first.
func (s *source) labelBefore(l line, colon int) (from int, field string, ok bool) {
	for n := min(11, (colon-l.start)/3); n >= 2; n-- {
		from = colon - 3*n
		field, ok = fieldOf(s.flat[from:colon])
		if ok && (from == l.start || s.gap(from) || printedAt.opens(s.flat[from:colon]) != "" || strings.HasSuffix(s.flat[l.start:from], "（") || endsInMark(s.flat[l.start:from])) {
			return from, field, true
		}
	}
	return 0, "", false
}

func endsInMark(s string) bool {
	return hasAnySuffix(s, "，", "；", "。", "、", "）", "】")
}

// trim takes marks off both ends of a stretch of flat.
func (s *source) trim(start, end int, marks ...string) (int, int) {
	for changed := true; changed; {
		changed = false
		for _, m := range marks {
			if strings.HasPrefix(s.flat[start:end], m) {
				start, changed = start+len(m), true
			}
			if start < end && strings.HasSuffix(s.flat[start:end], m) {
				end, changed = end-len(m), true
			}
		}
	}
	return start, end
}

func hasAnySuffix(s string, ends ...string) bool {
	return slices.ContainsFunc(ends, func(e string) bool { return endsWith(s, e) })
}

func hasAnyPrefix(s string, starts ...string) bool {
	return slices.ContainsFunc(starts, func(p string) bool { return beginsWith(s, p) })
}

// beginsWith and endsWith are [strings.HasPrefix] and [strings.HasSuffix] for
// words, which are never empty and mostly others: Chinese characters differ most in
// their last byte, which is looked at first.
func beginsWith(s, word string) bool {
	n := len(word)
	return n <= len(s) && s[n-1] == word[n-1] && s[:n] == word
}

func endsWith(s, word string) bool {
	n := len(s) - len(word)
	return n >= 0 && s[len(s)-1] == word[len(word)-1] && s[n:] == word
}

func containsAny(s string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}
