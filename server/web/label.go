package web

import (
	"fmt"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// labels names the values of an enum as people call them, in the order in which
// a page offers them.
type labels[E enum] []label[E]

type label[E enum] struct {
	value E
	text  string
}

type enum interface {
	~int32
	fmt.Stringer
}

// of is what people call a value.
func (l labels[E]) of(value E) string {
	for _, row := range l {
		if row.value == value {
			return row.text
		}
	}
	return ""
}

// value is the value of a name such as STATE_DRAFTING; zero for no such name.
func (l labels[E]) value(name string) E {
	for _, row := range l {
		if row.value.String() == name {
			return row.value
		}
	}
	return 0
}

// named is the value that people call so; zero for none.
func (l labels[E]) named(text string) E {
	for _, row := range l {
		if row.text == text {
			return row.value
		}
	}
	return 0
}

// options offers every value.
func (l labels[E]) options() []option {
	out := make([]option, len(l))
	for i, row := range l {
		out[i] = option{Value: row.value.String(), Label: row.text}
	}
	return out
}

var (
	kinds = labels[fuyanv1.Kind]{
		{fuyanv1.Kind_KIND_CPPCC_PROPOSAL, "提案"},
		{fuyanv1.Kind_KIND_NPC_SUGGESTION, "代表建议"},
	}
	states = labels[fuyanv1.State]{
		{fuyanv1.State_STATE_RECEIVED, "待签收"},
		{fuyanv1.State_STATE_RETURN_REQUESTED, "退办申请"},
		{fuyanv1.State_STATE_RETURNED, "已退办"},
		{fuyanv1.State_STATE_ACCEPTED, "已签收"},
		{fuyanv1.State_STATE_DRAFTING, "拟稿"},
		{fuyanv1.State_STATE_REVIEWING, "审核"},
		{fuyanv1.State_STATE_SIGNED, "已签发"},
		{fuyanv1.State_STATE_ISSUED, "已编号"},
		{fuyanv1.State_STATE_ANSWERED, "办复"},
		{fuyanv1.State_STATE_CLOSED, "办结"},
		{fuyanv1.State_STATE_WITHDRAWN, "撤回"},
	}
	parts = labels[fuyanv1.AssignmentRole]{
		{fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_SOLE, "独办"},
		{fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_LEAD, "主办"},
		{fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_JOINT, "合办"},
		{fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_HELPER, "会办"},
		{fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_SPLIT, "分办"},
	}
	importStates = labels[fuyanv1.ImportState]{
		{fuyanv1.ImportState_IMPORT_STATE_UPLOADED, "待确认"},
		{fuyanv1.ImportState_IMPORT_STATE_CONFIRMED, "登记中"},
		{fuyanv1.ImportState_IMPORT_STATE_DONE, "已完成"},
	}
	importFields = labels[fuyanv1.ImportField]{
		{fuyanv1.ImportField_IMPORT_FIELD_NUMBER, "案号"},
		{fuyanv1.ImportField_IMPORT_FIELD_TITLE, "案由"},
		{fuyanv1.ImportField_IMPORT_FIELD_KIND, "类别"},
		{fuyanv1.ImportField_IMPORT_FIELD_SITTING, "届次"},
		{fuyanv1.ImportField_IMPORT_FIELD_PROPOSERS, "提出人"},
		{fuyanv1.ImportField_IMPORT_FIELD_COSIGNERS, "联名人"},
		{fuyanv1.ImportField_IMPORT_FIELD_ORGAN, "承办单位"},
		{fuyanv1.ImportField_IMPORT_FIELD_HELPERS, "会办单位"},
		{fuyanv1.ImportField_IMPORT_FIELD_ROLE, "承办方式"},
		{fuyanv1.ImportField_IMPORT_FIELD_HANDED_OVER, "交办日期"},
		{fuyanv1.ImportField_IMPORT_FIELD_TEXT, "正文"},
		{fuyanv1.ImportField_IMPORT_FIELD_TEXT_PUBLIC, "正文可否公开"},
		{fuyanv1.ImportField_IMPORT_FIELD_WRITTEN_REPLY, "是否要求书面答复"},
	}
	decisions = labels[fuyanv1.Decision]{
		{fuyanv1.Decision_DECISION_GRANTED, "同意"},
		{fuyanv1.Decision_DECISION_REFUSED, "不同意"},
	}
	contactChannels = labels[fuyanv1.ContactChannel]{
		{fuyanv1.ContactChannel_CONTACT_CHANNEL_VISIT, "走访"},
		{fuyanv1.ContactChannel_CONTACT_CHANNEL_CALL, "电话"},
		{fuyanv1.ContactChannel_CONTACT_CHANNEL_MEETING, "座谈、面商"},
		{fuyanv1.ContactChannel_CONTACT_CHANNEL_LETTER, "书面"},
	}
	keepingDecisions = labels[fuyanv1.KeepingDecision]{
		{fuyanv1.KeepingDecision_KEEPING_DECISION_REOPENED, "重新办理"},
		{fuyanv1.KeepingDecision_KEEPING_DECISION_UPHELD, "维持核销"},
	}
	feedbackChannels = labels[fuyanv1.FeedbackChannel]{
		{fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_OWN, "本人账号"},
		{fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_VISIT, "走访收集"},
		{fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_CALL, "电话收集"},
		{fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_MEETING, "座谈、面商收集"},
		{fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_LETTER, "书面收集"},
	}
	ratings = labels[fuyanv1.Rating]{
		{fuyanv1.Rating_RATING_SATISFIED, "满意"},
		{fuyanv1.Rating_RATING_BASICALLY, "基本满意"},
		{fuyanv1.Rating_RATING_DISSATISFIED, "不满意"},
	}
	deliveryChannels = labels[fuyanv1.DeliveryChannel]{
		{fuyanv1.DeliveryChannel_DELIVERY_CHANNEL_HAND, "当面送达"},
		{fuyanv1.DeliveryChannel_DELIVERY_CHANNEL_POST, "邮寄"},
		{fuyanv1.DeliveryChannel_DELIVERY_CHANNEL_SYSTEM, "网上处理系统"},
	}
	publicities = labels[fuyanv1.Publicity]{
		{fuyanv1.Publicity_PUBLICITY_FULL, "主动公开·全文"},
		{fuyanv1.Publicity_PUBLICITY_SUMMARY, "主动公开·摘要"},
		{fuyanv1.Publicity_PUBLICITY_ON_REQUEST, "依申请公开"},
		{fuyanv1.Publicity_PUBLICITY_WITHHELD, "不予公开"},
	}
	commitmentStates = labels[fuyanv1.CommitmentState]{
		{fuyanv1.CommitmentState_COMMITMENT_STATE_NOTED, "待确认"},
		{fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN, "进行中"},
		{fuyanv1.CommitmentState_COMMITMENT_STATE_DONE, "已完成待核"},
		{fuyanv1.CommitmentState_COMMITMENT_STATE_KEPT, "已核销"},
		{fuyanv1.CommitmentState_COMMITMENT_STATE_WAIVED, "不列入"},
		{fuyanv1.CommitmentState_COMMITMENT_STATE_DROPPED, "终止"},
	}
	roles = labels[fuyanv1.Role]{
		{fuyanv1.Role_ROLE_ADMIN, "管理员"},
		{fuyanv1.Role_ROLE_OFFICE, "办公室"},
		{fuyanv1.Role_ROLE_REVIEWER, "审核人"},
		{fuyanv1.Role_ROLE_HANDLER, "经办人"},
		{fuyanv1.Role_ROLE_SUPERVISOR, "督办"},
		{fuyanv1.Role_ROLE_DELEGATE, "提出人"},
	}
	oversights = labels[fuyanv1.Oversight]{
		{fuyanv1.Oversight_OVERSIGHT_UNSPECIFIED, "不督办（承办单位）"},
		{fuyanv1.Oversight_OVERSIGHT_GOVERNMENT, "市政府办公厅：两类"},
		{fuyanv1.Oversight_OVERSIGHT_CPPCC, "市政协：提案"},
		{fuyanv1.Oversight_OVERSIGHT_NPC, "市人大：代表建议"},
	}
)

var (
	commitmentGroups = labels[fuyanv1.CommitmentGroup]{
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_OVERDUE, "逾期"},
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_DUE_SOON, "30 天内到期"},
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_SILENT, "无进展无凭据"},
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_SLIPPED, "推迟过"},
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_CONTESTED, "提出人不认可"},
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_UNOWNED, "无人负责"},
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_NOTED, "待确认"},
		{fuyanv1.CommitmentGroup_COMMITMENT_GROUP_DROPPED, "终止"},
	}
	overdueAges = labels[fuyanv1.OverdueAge]{
		{fuyanv1.OverdueAge_OVERDUE_AGE_TO_30, "1–30 天"},
		{fuyanv1.OverdueAge_OVERDUE_AGE_TO_90, "31–90 天"},
		{fuyanv1.OverdueAge_OVERDUE_AGE_TO_180, "91–180 天"},
		{fuyanv1.OverdueAge_OVERDUE_AGE_OVER_180, "180 天以上"},
	}
	deadlineCauses = labels[fuyanv1.DeadlineCause]{
		{fuyanv1.DeadlineCause_DEADLINE_CAUSE_EXTENSION, "延期"},
		{fuyanv1.DeadlineCause_DEADLINE_CAUSE_CALENDAR, "工作日历调整"},
		{fuyanv1.DeadlineCause_DEADLINE_CAUSE_RULE, "时限规定调整"},
		{fuyanv1.DeadlineCause_DEADLINE_CAUSE_PAUSE, "暂停"},
		{fuyanv1.DeadlineCause_DEADLINE_CAUSE_RESUME, "恢复"},
		{fuyanv1.DeadlineCause_DEADLINE_CAUSE_DUE_CHANGE, "另行约定"},
		{fuyanv1.DeadlineCause_DEADLINE_CAUSE_REOPENED, "重新打开"},
	}
	dayKinds = labels[fuyanv1.DayKind]{
		{fuyanv1.DayKind_DAY_KIND_WORKDAY, "工作日"},
		{fuyanv1.DayKind_DAY_KIND_WEEKEND, "周末"},
		{fuyanv1.DayKind_DAY_KIND_HOLIDAY, "放假"},
		{fuyanv1.DayKind_DAY_KIND_MAKE_UP, "调休上班"},
		{fuyanv1.DayKind_DAY_KIND_STATUTE, "法定假日（暂定）"},
	}
	units = labels[fuyanv1.Unit]{
		{fuyanv1.Unit_UNIT_WORKING_DAY, "工作日"},
		{fuyanv1.Unit_UNIT_CALENDAR_DAY, "日"},
		{fuyanv1.Unit_UNIT_MONTH, "月"},
		{fuyanv1.Unit_UNIT_YEAR_DAY, "每年某日"},
		{fuyanv1.Unit_UNIT_NONE, "不计期限"},
	}
	modes = labels[fuyanv1.Mode]{
		{fuyanv1.Mode_MODE_STRICT, "仍以当日为准"},
		{fuyanv1.Mode_MODE_ROLLOVER, "顺延至下一个工作日"},
	}
	noticeRoles = labels[fuyanv1.NoticeRole]{
		{fuyanv1.NoticeRole_NOTICE_ROLE_HANDLER, "经办人"},
		{fuyanv1.NoticeRole_NOTICE_ROLE_HEAD, "处室负责人"},
		{fuyanv1.NoticeRole_NOTICE_ROLE_OFFICE, "办公室"},
		{fuyanv1.NoticeRole_NOTICE_ROLE_OVERSIGHT, "督办单位"},
		{fuyanv1.NoticeRole_NOTICE_ROLE_PROPOSER, "提出人"},
	}
	noticeChannels = labels[fuyanv1.NoticeChannel]{
		{fuyanv1.NoticeChannel_NOTICE_CHANNEL_MAIL, "邮件"},
		{fuyanv1.NoticeChannel_NOTICE_CHANNEL_DIGEST, "每日邮件"},
		{fuyanv1.NoticeChannel_NOTICE_CHANNEL_WEBHOOK, "网络推送"},
	}
	noticeDeliveryStates = labels[fuyanv1.NoticeDeliveryState]{
		{fuyanv1.NoticeDeliveryState_NOTICE_DELIVERY_STATE_QUEUED, "待发"},
		{fuyanv1.NoticeDeliveryState_NOTICE_DELIVERY_STATE_SENT, "已发"},
		{fuyanv1.NoticeDeliveryState_NOTICE_DELIVERY_STATE_NOT_NEEDED, "不必再发"},
		{fuyanv1.NoticeDeliveryState_NOTICE_DELIVERY_STATE_FAILED, "没有送出"},
	}
	mailModes = labels[fuyanv1.MailMode]{
		{fuyanv1.MailMode_MAIL_MODE_UNSPECIFIED, "不收邮件"},
		{fuyanv1.MailMode_MAIL_MODE_AT_ONCE, "随时"},
		{fuyanv1.MailMode_MAIL_MODE_DIGEST, "每日早上汇总"},
	}
)

// deadlineNames are what people call the codes of deadlines.
var deadlineNames = map[string]string{
	"RETURN_WRONG":     "退办",
	"REPLY":            "答复",
	"REDO":             "二次办理",
	"COHANDLE_OPINION": "会办意见",
	"PUBLISH":          "公开",
	"FEEDBACK_WAIT":    "反馈",
	"COMMITMENT":       "承诺事项",
	"URGE_ANSWER":      "催办答复",
}

var (
	workSteps = labels[fuyanv1.WorkStep]{
		{fuyanv1.WorkStep_WORK_STEP_SIGN_FOR, "签收"},
		{fuyanv1.WorkStep_WORK_STEP_ASSIGN, "分办"},
		{fuyanv1.WorkStep_WORK_STEP_OPINION, "会办意见"},
		{fuyanv1.WorkStep_WORK_STEP_DRAFT, "拟稿"},
		{fuyanv1.WorkStep_WORK_STEP_REVIEW, "审核"},
		{fuyanv1.WorkStep_WORK_STEP_SIGN, "签发"},
		{fuyanv1.WorkStep_WORK_STEP_NUMBER, "编号发文"},
		{fuyanv1.WorkStep_WORK_STEP_DELIVER, "送达"},
		{fuyanv1.WorkStep_WORK_STEP_COPY, "抄送"},
		{fuyanv1.WorkStep_WORK_STEP_PUBLISH, "公开"},
		{fuyanv1.WorkStep_WORK_STEP_DECIDE_RETURN, "退办审批"},
		{fuyanv1.WorkStep_WORK_STEP_DECIDE_EXTENSION, "延期审批"},
		{fuyanv1.WorkStep_WORK_STEP_DECIDE_REDO, "不满意反馈"},
		{fuyanv1.WorkStep_WORK_STEP_ACKNOWLEDGE, "抄送签收"},
		{fuyanv1.WorkStep_WORK_STEP_CONFIRM, "承诺确认"},
		{fuyanv1.WorkStep_WORK_STEP_TAKE_OVER, "承诺接手"},
		{fuyanv1.WorkStep_WORK_STEP_KEEP, "承诺办理"},
		{fuyanv1.WorkStep_WORK_STEP_URGE, "催办件"},
		{fuyanv1.WorkStep_WORK_STEP_VERIFY, "承诺核查"},
		{fuyanv1.WorkStep_WORK_STEP_CONTEST, "承诺异议"},
	}
	proposalOrders = labels[fuyanv1.ProposalOrder]{
		{fuyanv1.ProposalOrder_PROPOSAL_ORDER_DUE, "答复期限，近的在前"},
		{fuyanv1.ProposalOrder_PROPOSAL_ORDER_NUMBER, "届次和案号"},
		{fuyanv1.ProposalOrder_PROPOSAL_ORDER_HANDED_OVER, "交办日，近的在前"},
	}
	opennesses = labels[fuyanv1.Openness]{
		{fuyanv1.Openness_OPENNESS_PUBLISHED, "已公开"},
		{fuyanv1.Openness_OPENNESS_NOT_PUBLISHED, "未公开"},
	}
)

// results are what can come of a proposal of each kind: a 提案 is never 正在解决.
var results = map[fuyanv1.Kind]labels[fuyanv1.Result]{
	fuyanv1.Kind_KIND_CPPCC_PROPOSAL: {
		{fuyanv1.Result_RESULT_ADOPTED, "解决或采纳"},
		{fuyanv1.Result_RESULT_PLANNED, "列入计划拟解决"},
		{fuyanv1.Result_RESULT_REFERENCE, "留作参考"},
	},
	fuyanv1.Kind_KIND_NPC_SUGGESTION: {
		{fuyanv1.Result_RESULT_ADOPTED, "解决采纳"},
		{fuyanv1.Result_RESULT_IN_PROGRESS, "正在解决"},
		{fuyanv1.Result_RESULT_PLANNED, "计划解决"},
		{fuyanv1.Result_RESULT_REFERENCE, "留作参考"},
	},
}

// everyResult is what can come of either kind, for those who look through both.
var everyResult = labels[fuyanv1.Result]{
	{fuyanv1.Result_RESULT_ADOPTED, "解决或采纳"},
	{fuyanv1.Result_RESULT_IN_PROGRESS, "正在解决"},
	{fuyanv1.Result_RESULT_PLANNED, "计划解决"},
	{fuyanv1.Result_RESULT_REFERENCE, "留作参考"},
}

// progressKinds are the words of Progress.kind.
var progressKinds = map[string]string{
	"noted":           "登记",
	"confirmed":       "确认",
	"waived":          "不列入",
	"progress":        "进展",
	"done":            "报完成",
	"accepted":        "核销",
	"not_accepted":    "退回重办",
	"due_changed":     "调整时限",
	"offered":         "转交",
	"offer_withdrawn": "撤回转交",
	"taken_over":      "接手",
	"declined":        "不接手",
	"reopened":        "重新打开",
	"urged":           "催办",
	"urge_received":   "催办件签收",
	"urge_answered":   "催办件答复",
	"dropped":         "终止",
	"carried":         "转下年度",
	"said_kept":       "提出人认可",
	"said_not_kept":   "提出人不认可",
	"upheld":          "维持核销",
}

// roleNames joins what a person does.
func roleNames(have []fuyanv1.Role) string {
	var names []string
	for _, r := range have {
		names = append(names, roles.of(r))
	}
	return strings.Join(names, "、")
}

// sittingName is how letters call a sitting: 市政协十四届二次会议, 市十六届人大三次会议.
func sittingName(s *fuyanv1.Sitting) string {
	term, session := numeral(s.GetTerm())+"届", "闭会期间"
	if s.GetSession() > 0 {
		session = numeral(s.GetSession()) + "次会议"
	}
	if place, ok := strings.CutSuffix(s.GetBody(), "人大"); ok {
		return place + term + "人大" + session
	}
	return s.GetBody() + term + session
}

// numeral writes 1 to 99 in Chinese: 二, 十四, 二十.
func numeral(n int32) string {
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch {
	case n < 1 || n > 99:
		return fmt.Sprint(n)
	case n < 10:
		return digits[n]
	case n < 20:
		return "十" + digits[n%10]
	}
	return digits[n/10] + "十" + digits[n%10]
}
