package casework

import "slices"

// A WorkStep is a kind of thing that waits for somebody who can do it.
type WorkStep string

const (
	WorkSignFor         WorkStep = "sign_for"         // 签收
	WorkAssign          WorkStep = "assign"           // 交办
	WorkOpinion         WorkStep = "opinion"          // 会办意见
	WorkDraft           WorkStep = "draft"            // 拟稿
	WorkReview          WorkStep = "review"           // 审核
	WorkSign            WorkStep = "sign"             // 签发
	WorkNumber          WorkStep = "number"           // 编号印发
	WorkDeliver         WorkStep = "deliver"          // 送达
	WorkCopy            WorkStep = "copy"             // 抄送
	WorkPublish         WorkStep = "publish"          // 公开
	WorkDecideReturn    WorkStep = "decide_return"    // 退办审批
	WorkDecideExtension WorkStep = "decide_extension" // 延期审批
	WorkDecideRedo      WorkStep = "decide_redo"      // 不满意，是否二次办理
	WorkAcknowledge     WorkStep = "acknowledge"      // 抄送签收
	WorkConfirm         WorkStep = "confirm"          // 承诺确认
	WorkTakeOver        WorkStep = "take_over"        // 承诺接手
	WorkKeep            WorkStep = "keep"             // 承诺办理
	WorkUrge            WorkStep = "urge"             // 催办件
	WorkVerify          WorkStep = "verify"           // 承诺核查
	WorkContest         WorkStep = "contest"          // 承诺异议
)

// WorkSteps lists every step in the order in which a proposal meets them; of two
// things that are due on one day, the step that comes first stands first.
var WorkSteps = []WorkStep{
	WorkSignFor, WorkAssign, WorkOpinion, WorkDraft, WorkReview, WorkSign, WorkNumber, WorkDeliver, WorkCopy, WorkPublish,
	WorkDecideReturn, WorkDecideExtension, WorkDecideRedo, WorkAcknowledge,
	WorkConfirm, WorkTakeOver, WorkKeep, WorkUrge, WorkVerify, WorkContest,
}

// MostCounted is how far the things of a step are counted.
const MostCounted = 100

// NextAct returns the RPC and the label of what comes next for one thing that
// waits: a verb of a proposal or of a commitment.
func NextAct(verb string) (rpc, label string) {
	if i := slices.IndexFunc(Acts, func(a Act) bool { return string(a.Verb) == verb }); i >= 0 {
		return Acts[i].RPC, Acts[i].Label
	}
	i := slices.IndexFunc(CommitmentActs, func(a CommitmentAct) bool { return string(a.Verb) == verb })
	return CommitmentActs[i].RPC, CommitmentActs[i].Label
}
