package letter

import "strings"

// A Nature is what kind of thing a promise is about, where its words say so.
type Nature string

const (
	Deliverable Nature = "deliverable" // a thing will exist: 出台, 印发, 建成, 开通
	Action      Nature = "action"      // a definite act: 开展, 组织, 排查
	Continuing  Nature = "continuing"  // what is done goes on: 继续, 持续, 进一步加大
	Study       Nature = "study"       // no outcome is promised: 研究, 探索, 争取
)

// The words that tell the natures apart.
var (
	products = lexiconOf(
		"出台", "印发", "编制", "完成", "打造", "建成", "公布", "完工", "竣工", "开通", "投用", "投入使用", "投入运营", "交付", "启用", "上线", "通车", "合龙", "接入", "实现全覆盖",
		"修订", "增设", "新增", "新建", "设立", "加装", "增建", "配备", "推出", "组建", "编写", "编印", "施划", "落成", "投产", "播出", "安装", "制定", "制订", "发布",
	)
	continuings = lexiconOf("继续", "持续", "不断", "进一步", "常态", "一如既往", "始终", "加大", "加强", "坚持", "深化", "长期")
	studies     = lexiconOf("研究", "探索", "论证", "调研", "争取", "考虑", "探讨", "谋划", "申报")
)

// adverbs stand before the verb that tells the nature.
var adverbs = lexiconOf("积极", "适时", "充分", "重新", "认真", "深入", "统筹", "综合", "同步", "及时", "会同", "全面", "逐步", "大力", "尽快", "抓紧", "同时", "此外", "组织", "开展", "推动", "指导", "主动")

// natureOf tells what a promise is about: by the first verb in it, or by what
// will exist.
func (rd *reader) natureOf(start, end int) Nature {
	s := rd.bare[start:end]
	if heading, text, ok := strings.Cut(s, "。"); ok && shortHeading(heading) {
		s = text // the paragraph under an item's own heading
	}
	switch first := firstVerb(s); {
	case studies.opens(first) != "":
		return Study
	case continuings.opens(first) != "":
		return Continuing
	case products.within(s):
		return Deliverable
	case first != "":
		return Action
	}
	return ""
}

// firstVerb is what a promise begins with behind subjects, days and adverbs.
func firstVerb(s string) string {
	for i := 0; i+6 <= len(s); i++ {
		if s[i] < 0xE4 || s[i] > 0xE9 {
			continue
		}
		if i == 0 || strings.HasSuffix(s[:i], "，") {
			if w := subjectWidth(s[i:]); w > 0 {
				i += w - 1
				continue
			}
		}
		if startsAct(s[i:]) && adverbs.opens(s[i:]) == "" || studies.opens(s[i:]) != "" || continuings.opens(s[i:]) != "" {
			return s[i:]
		}
		i += 2
	}
	return ""
}
