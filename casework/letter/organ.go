package letter

import (
	"strings"
	"unicode/utf8"
)

// selves are the words by which an organ means itself.
var selves = lexiconOf(
	"我们", "我委", "我局", "我办", "我厅", "我部", "我院", "我中心", "我处", "我司", "我会", "我校", "我站", "我所", "我集团", "我公司",
	"我单位", "我街道", "我镇", "我署", "我队", "我馆", "我行", "我社", "我区政府", "我市政府", "我办公室", "我机关", "本委", "本局", "本办", "本厅", "本部门", "本单位", "两委", "两局",
)

// suffixes end the names of organs that a sentence may have as its subject.
var suffixes = strings.Fields(`委 局 办 厅 院 署 府 团 队 镇 会 司 处 所 部 总站 监测站 图书馆 博物馆 文化馆 中心 集团 公司 街道 专班 小组 平台公司 银行 大学 学院 海关 供销社 档案馆 电视台 推广站 服务站 管理站 中心站 检测站 妇联 残联 工商联 侨联 文联 科协 团委 部门`)

// nameless begin what names no organ: words for organs in general, and words
// that cannot begin a name.
var nameless = lexiconOf(
	"有关", "相关", "各", "该", "其", "这", "此", "每", "全", "本市", "本区", "我市", "我区", "我省", "上述", "部分", "多", "所有", "两", "一些",
	"您", "你", "对", "在", "为", "与", "将", "由", "从", "以", "把", "和", "是", "应当", "应该", "要", "可", "能", "让", "使", "请", "经", "据", "待", "于", "拟", "如", "若", "但", "因", "当", "今年", "明年",
	"去年", "近年", "后期", "前期", "上半年", "下半年", "近期", "通过", "按", "依", "同", "向", "报", "送", "呈",
)

// organAt returns the width of the organ's name that opens s, 0 if none does.
// What follows the name must be able to follow a subject, which tells
// 市委金融办推动 from 市委.
func organAt(s string) int {
	if s == "" || s[0] < 0xE4 || s[0] > 0xE9 {
		return 0
	}
	if self := selves.opens(s); self != "" {
		return len(self)
	}
	if nameless.opens(s) != "" || startsAct(s) && !hasAnyPrefix(s, "教育", "规划", "建设", "宣传部", "组织部") {
		return 0
	}
	width, chars := 0, 0
	for i, r := range s {
		if chars >= 2 && i > 0 && endsOrgan(s[:i]) && followsSubject(s[i:]) {
			width = i
			if strings.HasPrefix(s[i:], "会") && endsOrgan(s[:i+len("会")]) && hasAnySuffix(s[:i], "委") {
				continue // 管委 of 管委会
			}
			break
		}
		if chars++; chars > 22 || notHan(r) || r == '的' || r == '将' || r == '向' {
			return 0
		}
	}
	if width == 0 && chars >= 2 && endsOrgan(s) {
		width = len(s)
	}
	return width
}

// lastOfOrgan holds the last characters of suffixes: most characters end none.
var lastOfOrgan = func() *lexicon {
	var last []string
	for _, s := range suffixes {
		last = append(last, s[len(s)-3:])
	}
	return lexiconOf(last...)
}()

func endsOrgan(s string) bool {
	if len(s) < 6 || lastOfOrgan.opens(s[len(s)-3:]) == "" || !hasAnySuffix(s, suffixes...) {
		return false
	}
	return !hasAnySuffix(s, "社会", "机会", "全部", "内部", "外部", "干部", "总部", "委办", "协会", "两会", "大会", "峰会", "场所", "厕所", "住所", "学校", "高校", "院校", "医院", "团队", "法院的", "企业集团", "小镇", "城镇", "乡镇", "办公司", "督办", "主办", "承办", "会办", "举办", "联办", "到位", "产业部", "常委", "党委", "一处", "两处", "三处", "多处", "几处", "有关部门", "相关部门", "各部门", "主管部门", "职能部门", "业务部门", "上级部门", "政府部门", "等部门", "多部门", "两部门", "用处", "好处", "去处", "到处", "以及所", "职业学院") ||
		hasAnySuffix(s, "市委党委")
}

// subjectModals are characters that may follow a subject.
const subjectModals = "将拟会已正也还均都同在对按与和及等现仍又牵主作从以为就于把并应可能要须"

// followsSubject reports whether s can stand right behind a subject.
func followsSubject(s string) bool {
	if s == "" {
		return true
	}
	r, _ := utf8.DecodeRuneInString(s)
	if strings.ContainsRune("，、；。：\x00", r) || strings.ContainsRune(subjectModals, r) {
		return !hasAnyPrefix(s, "同志", "现场", "会议", "会员", "主任", "主席", "作为主", "以上", "以下", "能力", "应用场", "就业", "对外", "在线", "和谐")
	}
	return startsAct(s) || hasAnyPrefix(s, "下一步", "下阶段", "下一阶段", "后续", "今后", "接下来", "计划", "预计", "目前", "近期", "近年", "今年", "明年", "下步", "未来", "自", "先", "年内", "20", "去年", "前年", "每", "再", "上半年", "下半年", "全年", "准备", "一年", "两年", "三年", "半年", "负", "表示", "认为", "高度", "始终", "一直", "历来", "（")
}

// subjectWidth is the width of the subject that opens s: organs joined by 、.
func subjectWidth(s string) int {
	width := len(s) - len(strings.TrimPrefix(s, "由"))
	w := organAt(s[width:])
	if w == 0 {
		return 0
	}
	for width += w; ; width += w {
		joint := 0
		for _, j := range []string{"、", "和", "与", "及", "会同", "联合"} {
			if strings.HasPrefix(s[width:], j) {
				joint = len(j)
			}
		}
		if w = organAt(s[width+joint:]); joint == 0 || w == 0 {
			return width
		}
		w += joint
	}
}

// organsIn returns the organs that open s, one by one, as offsets of s.
func organsIn(s string) []line {
	var out []line
	at := len(s) - len(strings.TrimPrefix(s, "由"))
	for {
		w := organAt(s[at:])
		if w == 0 {
			return out
		}
		out = append(out, line{start: at + ownName(s[at:at+w]), end: at + w})
		at += w
		next := s[at:]
		for _, j := range []string{"、", "和", "与", "及"} {
			next = strings.TrimPrefix(next, j)
		}
		if hasAnyPrefix(s[out[len(out)-1].end:], "沟通", "协商", "对接", "衔接", "联系", "签订", "合作") && len(out) > 1 {
			return out[:len(out)-1] // 我局将与市财政局沟通
		}
		if at = len(s) - len(next); len(next) == len(s[out[len(out)-1].end:]) {
			return out
		}
	}
}

// ownName is where the organ's word for itself begins that ends a name, behind
// what else the sentence is about: 饮水工程我局.
func ownName(name string) int {
	k := strings.LastIndex(name, "我")
	if k > 0 && selves.opens(name[k:]) == name[k:] {
		return k
	}
	return 0
}

// organsOf returns the organs that a unit names as doing it: the last subject
// that opens a clause before the cue ends, and those of further clauses that have
// a will of their own. With whom an organ acts (会同…) is not asked.
func (rd *reader) organsOf(start, end, cue int) []string {
	var names []string
	rd.clauses(start, end, func(from, to int) bool {
		t := rd.bare[from:to]
		rest := skipWhen(skipConnectives(skipTime(skipConnectives(t))))
		if _, behind, ok := strings.Cut(rest, "后"); ok && conditionOf(rest) != "" && organAt(behind) > 0 {
			rest = behind // 待资金到位后我局…
		}
		found := organsIn(rest)
		if from > cue && len(names) > 0 {
			if !startsWill(t[subjectWidth(t):]) {
				return true
			}
		} else if len(found) > 0 {
			names = names[:0]
		}
		at := from + len(t) - len(rest)
		for _, o := range found {
			names = append(names, rd.printed(at+o.start, at+o.end))
		}
		return true
	})
	return names
}
