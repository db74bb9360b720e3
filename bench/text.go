package bench

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"

	"fuyan/casework"
	"fuyan/casework/letter"
)

// A body is what a letter says between its opening and its thanks, read once for all
// letters that say it.
type body struct {
	text     string
	plain    string // as the search sees it
	grams    []string
	triples  []string
	promises []promise
}

// A promise is one of a body, with its place there and its day in a letter of the
// year readYear.
type promise struct {
	letter.Commitment
	start, length int
}

// readYear is the year as whose letters bodies are read. Days of promises are last days
// of months, so that they fall alike in each year.
const readYear = 2023

// pool is what letters and proposals are made of.
type pool struct {
	bodies []body
	texts  []string // of proposals
}

// bodiesOf is how many bodies there are for so many proposals: a few thousand, so that
// words of one are rare among the letters.
func bodiesOf(proposals int) int { return min(3000, max(100, proposals/20)) }

func newPool(proposals int, rnd *rand.Rand) *pool {
	w := writer{rnd}
	p := &pool{}
	for range bodiesOf(proposals) {
		p.bodies = append(p.bodies, readBody(w.body()))
	}
	for range 200 {
		p.texts = append(p.texts, w.proposal())
	}
	return p
}

// readBody reads a body in a letter of the kind that all are issued in.
func readBody(text string) body {
	b := body{text: text, plain: casework.Plain(text)}
	b.grams, b.triples = casework.Grams(b.plain), casework.Triples(b.plain)
	whole := letter.Compose(letter.Facts{
		Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 1}, Number: "0001", Organ: "上海市教育委员会",
		DocumentNumber: "沪教育委提复〔2023〕1号", IssueDate: casework.Date{Year: readYear, Month: 5, Day: 8},
	}, "李明委员：\n\n您提出的“关于教育的提案”的提案收悉，经研究，现将办理情况答复如下：\n\n"+text+"\n\n感谢您对本市工作的关心与支持！")
	at := utf8.RuneCountInString(whole[:strings.Index(whole, text)])
	for _, c := range letter.Read(whole).Commitments {
		b.promises = append(b.promises, promise{c, c.Span.Start - at, c.Span.End - c.Span.Start})
	}
	return b
}

// A writer writes by a grammar of few words.
type writer struct{ rnd *rand.Rand }

func (w writer) one(list ...string) string { return list[w.rnd.IntN(len(list))] }

func (w writer) number() string {
	return w.one("12", "18", "23", "35", "46", "57", "64", "78", "86", "93", "105", "120", "160", "210", "260", "340", "480")
}

var topics = []string{
	"社区养老服务", "中小学课后服务", "老旧小区加装电梯", "非机动车停放", "河道生态修复", "公共数据开放", "急救体系建设", "托育机构", "商业街区夜间照明",
	"无障碍设施", "工业遗存保护", "郊区公交接驳", "食品小作坊", "医疗废物处置", "公共法律援助", "青年公寓", "轨道交通换乘", "垃圾可回收物", "街头绿地",
	"传统工艺传承", "体育场地开放", "校园心理辅导", "农产品冷链", "楼宇消防", "港口岸电", "地下空间", "海绵城市", "新能源车充电", "家庭医生签约", "二手房交易",
	"快递末端配送", "养老护理员", "公共图书馆", "中试基地", "知识产权质押", "职业教育实训", "外来务工人员子女就学", "灾害预警信息", "历史风貌街坊", "水上旅游",
}

var aspects = []string{
	"布局规划", "服务标准", "资金保障", "人才队伍", "监督检查", "信息平台", "部门协同", "试点示范", "价格机制", "宣传引导",
	"长效管理", "设施更新", "准入条件", "质量评价", "安全管理", "便民措施", "区域均衡", "法规建设", "社会参与", "数字化转型",
}

func (w writer) matter() string {
	return w.one(topics...) + w.one("", "的", "方面的") + w.one(aspects...)
}

// title is what a proposal is about.
func (w writer) title(noun string) string {
	return "关于" + w.one("加强", "完善", "优化", "推进", "规范", "加快", "支持", "健全") + w.matter() + "的" + noun
}

// fact says how things are: no promise.
func (w writer) fact() string {
	switch w.rnd.IntN(5) {
	case 0:
		return "目前，全市" + w.matter() + "工作涉及" + w.number() + "个街镇，已建成点位" + w.number() + "处，运行总体平稳。"
	case 1:
		return "去年，" + w.matter() + "共惠及居民" + w.number() + "万人次，群众满意率为" + w.one("百分之九十一", "百分之八十七", "百分之九十四") + "。"
	case 2:
		return w.one("据统计", "从调研情况看") + "，" + w.matter() + "存在底数不清、" + w.one("衔接不畅", "标准不一", "力量不足") + "等问题，您的建议切中要害。"
	case 3:
		return "上半年已对" + w.number() + "家单位开展" + w.matter() + "检查，整改问题" + w.number() + "项。"
	}
	return w.matter() + w.one("已列入本市相关规定", "由各区结合实际组织实施", "有明确的职责分工") + "，经费由同级财政承担。"
}

// pledge says what is going to be done.
func (w writer) pledge() string {
	doing := w.one("制定"+w.matter()+"工作指引", "开展"+w.matter()+"专项评估", "建成"+w.matter()+"服务点"+w.number()+"个", "修订"+w.matter()+"管理办法", "开通"+w.matter()+"查询平台")
	switch w.rnd.IntN(3) {
	case 0:
		return "下一步，我们将" + doing + "，" + w.one("今年年底前完成", "明年6月底前完成", "明年9月底前完成") + "。"
	case 1:
		return "下一步，我们将会同有关部门" + doing + "。"
	}
	return w.one("今年年底前", "明年6月底前", "明年3月底前") + "，我们将" + doing + "。"
}

// body is two or three sections, of which about every other promises something: of
// some 500 characters with what stands around it.
func (w writer) body() string {
	var parts []string
	for i := range 2 + w.rnd.IntN(2) {
		parts = append(parts, []string{"一", "二", "三"}[i]+"、关于"+w.matter())
		var p strings.Builder
		for range 1 + w.rnd.IntN(3) {
			p.WriteString(w.fact())
		}
		if w.rnd.IntN(5) < 2 {
			p.WriteString(w.pledge())
		}
		parts = append(parts, p.String())
	}
	return strings.Join(parts, "\n\n")
}

// proposal is the text of one.
func (w writer) proposal() string {
	return "【背景】" + w.fact() + "\n\n【问题】" + w.matter() + w.one("覆盖不足", "标准不一", "衔接不畅") + "，居民反映较多。\n\n【建议】建议加强" +
		w.matter() + "，并对" + w.matter() + "给予支持。"
}

// merged are the words of two lists, both in order, each once.
func merged(into, a, b []string) []string {
	for len(a) > 0 && len(b) > 0 {
		switch c := strings.Compare(a[0], b[0]); {
		case c < 0:
			into, a = append(into, a[0]), a[1:]
		case c > 0:
			into, b = append(into, b[0]), b[1:]
		default:
			into, a, b = append(into, a[0]), a[1:], b[1:]
		}
	}
	return append(append(into, a...), b...)
}

// gramsOf are what words find a proposal by: each character and each two beside each
// other.
func gramsOf(into []string, plain string) []string {
	before := -1
	for i, r := range plain {
		end := i + utf8.RuneLen(r)
		into = append(into, plain[i:end])
		if before >= 0 {
			into = append(into, plain[before:end])
		}
		before = i
	}
	slices.Sort(into)
	return slices.Compact(into)
}
