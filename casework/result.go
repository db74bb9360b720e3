package casework

// A Result (办理结果) says what came of a proposal (SH-REG art. 18).
type Result string

const (
	Adopted    Result = "adopted"     // 解决采纳, 解决或采纳
	InProgress Result = "in_progress" // 正在解决, 建议 only
	Planned    Result = "planned"     // 计划解决, 列入计划拟解决
	Reference  Result = "reference"   // 留作参考
)

// A Publicity (公开属性) says how public a reply is.
type Publicity string

const (
	Full      Publicity = "full"       // 主动公开·全文
	Summary   Publicity = "summary"    // 主动公开·摘要
	OnRequest Publicity = "on_request" // 依申请公开
	Withheld  Publicity = "withheld"   // 不予公开
)

var resultLabels = map[Kind]map[Result]string{
	CPPCCProposal: {Adopted: "解决或采纳", Planned: "列入计划拟解决", Reference: "留作参考"},
	NPCSuggestion: {Adopted: "解决采纳", InProgress: "正在解决", Planned: "计划解决", Reference: "留作参考"},
}

var publicityLabels = map[Publicity]string{
	Full: "主动公开·全文", Summary: "主动公开·摘要", OnRequest: "依申请公开", Withheld: "不予公开",
}

// Label returns what letters about items of kind k call r, and nothing if there
// is no such result of that kind.
func (r Result) Label(k Kind) string { return resultLabels[k][r] }

// Label returns what letters call p.
func (p Publicity) Label() string { return publicityLabels[p] }

// ResultOf returns the result that a letter's label names. Letters carry the
// labels of either kind, so both are known for both.
func ResultOf(label string) Result {
	for _, labels := range resultLabels {
		for r, l := range labels {
			if l == label {
				return r
			}
		}
	}
	return ""
}

// PublicityOf returns the publicity that a letter's label names.
func PublicityOf(label string) Publicity {
	for p, l := range publicityLabels {
		if l == label || p == Full && label == "主动公开" {
			return p
		}
	}
	return ""
}
