package casework

import (
	"fmt"
	"slices"
)

// A Role is what a person does here.
type Role string

const (
	Admin      Role = "admin"
	Office     Role = "office"     // 办公室
	Reviewer   Role = "reviewer"   // 处长, 分管领导
	Handler    Role = "handler"    // 经办人
	Supervisor Role = "supervisor" // 督办
	Delegate   Role = "delegate"   // 委员, 代表
)

// Roles lists every role.
var Roles = []Role{Admin, Office, Reviewer, Handler, Supervisor, Delegate}

// Oversight is what an organ oversees.
type Oversight string

const (
	OverseesNothing    Oversight = ""
	OverseesGovernment Oversight = "government" // 市政府办公厅建议提案处
	OverseesCPPCC      Oversight = "cppcc"      // 市政协提案办
	OverseesNPC        Oversight = "npc"        // 市人大代表工作处
)

// Covers reports whether items of kind k are overseen, and so also whether
// their letters are copied there (SH-REG art. 20).
func (o Oversight) Covers(k Kind) bool {
	switch o {
	case OverseesGovernment:
		return true
	case OverseesCPPCC:
		return k == CPPCCProposal
	case OverseesNPC:
		return k == NPCSuggestion
	case OverseesNothing:
	}
	return false
}

// A User is a person who acts. The zero User is the program itself, which may
// only do what its jobs do.
type User struct {
	ID         int64
	Name       string // as people read it
	Roles      []Role
	OrganID    int64 // 0 for a delegate
	DivisionID int64 // 0 for a leader or the office
	Oversight  Oversight
}

// Has reports whether u has at least one of the roles.
func (u User) Has(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(u.Roles, r) })
}

// A Standing is what rights depend on: where a proposal stands, and with whom.
type Standing struct {
	Kind           Kind
	State          State
	OrganID        int64   // answers
	Helpers        []int64 // organs asked for an opinion
	DivisionID     int64
	HandlerID      int64
	AuthorID       int64   // wrote the present draft
	Passed         int     // review steps that the present draft has passed
	Proposers      []int64 // accounts of its proposers
	NoWrittenReply bool
	ExtensionAsked bool // and not decided
	Runs           bool // a deadline of its own, beside those of its promises
	Paused         bool // one of them
	Withheld       bool // the reply is not to be published
	Published      bool // the present round's reply, and not taken down
	Public         bool // a reply of any round
	Unexplained    bool // its term is over, promises are not kept, and nobody has said in writing why
	// Awaited are the proposers who have the present round's letter and have not
	// said what they think of it: their accounts, 0 for those who have none.
	Awaited      []int64
	Unspoken     []int64 // accounts of those who have it and have not said so with their own account
	Dissatisfied bool    // somebody with the present round, and nothing is decided of it
	RedoDeclined bool    // of the present round
}

// ReviewSteps are the steps that a draft passes before it is signed, in order.
var ReviewSteps = []string{"处室审核", "办公室核稿"}

// SignStep is the name of the last step.
const SignStep = "签发"

// An Act is one row of the table of rights: which RPC does the verb, which
// roles may call it, and how a caller must stand to the proposal.
type Act struct {
	Verb  Verb
	RPC   string
	Label string // on a button, and in the history
	Roles []Role
	where func(User, Standing) bool
}

// Acts is the table of rights. The roles that proto names on the RPCs are the
// same; a test of package server holds the two together.
var Acts = []Act{
	{Receive, "ReceiveProposal", "收件", []Role{Office, Supervisor}, anywhere},
	{Accept, "AcceptProposal", "签收", []Role{Office}, answers},
	{RequestReturn, "RequestReturn", "申请退办", []Role{Office}, answers},
	{GrantReturn, "DecideReturn", "同意退办", []Role{Supervisor}, oversees},
	{RefuseReturn, "DecideReturn", "不同意退办", []Role{Supervisor}, oversees},
	{Assign, "AssignProposal", "分办", []Role{Office}, answers},
	{RequestOpinion, "RequestOpinion", "征求会办意见", []Role{Office, Handler}, drafts},
	{SubmitOpinion, "SubmitOpinion", "提交会办意见", []Role{Office, Handler}, helps},
	{RecordContact, "RecordContact", "登记沟通", []Role{Office, Handler}, drafts},
	{RequestExtension, "RequestExtension", "申请延期", []Role{Office}, answers},
	{DecideExtension, "DecideExtension", "审批延期", []Role{Supervisor}, oversees},
	{Withdraw, "WithdrawProposal", "登记撤回", []Role{Supervisor}, oversees},
	{Redo, "RedoProposal", "交回二次办理", []Role{Supervisor}, oversees},
	{DeclineRedo, "DeclineRedo", "不予二次办理", []Role{Supervisor}, oversees},
	{Close, "CloseProposal", "办结", []Role{Office}, answers},
	{CloseWithoutLetter, "CloseProposal", "无需书面答复办结", []Role{Office}, answers},
	{SaveDraft, "SaveDraft", "保存稿件", []Role{Office, Handler}, drafts},
	{PlanPromise, "PlanPromise", "确认承诺安排", []Role{Office, Handler}, drafts},
	{WaivePromise, "WaivePromise", "不列为承诺", []Role{Office, Handler}, drafts},
	{Submit, "SubmitReply", "送审", []Role{Handler}, drafts},
	{Approve, "ApproveReply", "审核通过", []Role{Reviewer, Office}, reviews},
	{SendBack, "SendBackReply", "退回修改", []Role{Reviewer, Office}, sendsBack},
	{Sign, "SignReply", "签发", []Role{Reviewer}, signs},
	{Issue, "IssueReply", "编号印发", []Role{Office}, answers},
	{Correct, "CorrectLetter", "更正复文", []Role{Office}, answers},
	{RecordDelivery, "RecordDelivery", "登记送达", []Role{Office}, answers},
	{SendCopy, "SendCopy", "抄送", []Role{Office}, answers},
	{AcknowledgeCopy, "AcknowledgeCopy", "签收抄送件", []Role{Supervisor}, oversees},
	{Complete, "", "办复", nil, nobody},
	{GiveFeedback, "GiveFeedback", "反馈", []Role{Delegate, Office, Supervisor}, givesFeedback},
	{Publish, "PublishReply", "公开", []Role{Office}, answers},
	{TakeDown, "TakeDownReply", "撤下公开", []Role{Office}, answers},
	{PauseDeadline, "PauseDeadline", "暂停期限", []Role{Supervisor}, oversees},
	{ResumeDeadline, "ResumeDeadline", "恢复期限", []Role{Supervisor}, oversees},
	{TermEnded, "", "换届", nil, nobody},
	{ExplainTermEnd, "ExplainTermEnd", "换届书面说明", []Role{Office}, answers},
}

func anywhere(User, Standing) bool     { return true }
func nobody(User, Standing) bool       { return false }
func answers(u User, s Standing) bool  { return u.OrganID == s.OrganID }
func oversees(u User, s Standing) bool { return u.Oversight.Covers(s.Kind) }
func helps(u User, s Standing) bool    { return slices.Contains(s.Helpers, u.OrganID) }
func proposes(u User, s Standing) bool { return u.Has(Delegate) && slices.Contains(s.Proposers, u.ID) }

func (u User) leads(s Standing) bool {
	return u.Has(Reviewer) && (u.DivisionID == 0 || u.DivisionID == s.DivisionID)
}
func (u User) handles(s Standing) bool  { return u.Has(Handler) && u.ID == s.HandlerID }
func drafts(u User, s Standing) bool    { return answers(u, s) && (u.Has(Office) || u.handles(s)) }
func signs(u User, s Standing) bool     { return answers(u, s) && u.DivisionID == 0 && u.ID != s.AuthorID }
func sendsBack(u User, s Standing) bool { return answers(u, s) && (u.Has(Office) || u.leads(s)) }

// reviews says whose turn it is: first a reviewer of the division or a leader,
// then the office. Nobody passes their own draft.
func reviews(u User, s Standing) bool {
	if !answers(u, s) || u.ID == s.AuthorID {
		return false
	}
	return s.Passed == 0 && u.leads(s) || s.Passed == 1 && u.Has(Office)
}

// Sees reports whether u may know of the proposal at all.
func (u User) Sees(s Standing) bool {
	switch {
	case u.Has(Admin):
		return true
	case u.Has(Office, Reviewer, Handler) && (answers(u, s) || helps(u, s)):
		return true
	case u.Has(Supervisor) && oversees(u, s):
		return true
	}
	return proposes(u, s)
}

// SeesDrafts reports whether u may read drafts, reviews and opinions: everyone
// who sees the proposal but its proposers and the offices that oversee it.
func (u User) SeesDrafts(s Standing) bool {
	return u.Sees(s) && (u.Has(Admin) || u.Has(Office, Reviewer, Handler) && (answers(u, s) || helps(u, s)))
}

// SeesContacts reports whether u may read what was said with proposers and why
// a return was asked for: who reads drafts, and the offices that oversee it.
func (u User) SeesContacts(s Standing) bool {
	return u.SeesDrafts(s) || u.Has(Supervisor) && oversees(u, s)
}

// Do returns the state that follows when u does v to a proposal that stands at
// s. It asks in this order: may u see it ([ErrNotFound]), does its state allow v
// ([StateError]), may u do v ([ErrForbidden]).
func (u User) Do(v Verb, s Standing) (State, error) {
	if !u.Sees(s) {
		return "", ErrNotFound
	}
	if !s.allows(v) {
		return "", &StateError{Move: string(v), State: string(s.State), Possible: names(s.Possible()), Why: s.bars(v)}
	}
	if !u.may(act(v), s) {
		return "", fmt.Errorf("%s this proposal: %w", v, ErrForbidden)
	}
	return transitions[s.State][v], nil
}

func (u User) may(a Act, s Standing) bool { return u.Has(a.Roles...) && a.where(u, s) }

// Moves returns the acts that u may do now, in the order of the table. Feedback
// is among them while some of it is still to come. It asks what Do asks, without the
// words of a refusal for each act that is none of u's.
func (u User) Moves(s Standing) []Act {
	if !u.Sees(s) {
		return nil
	}
	var out []Act
	for _, a := range Acts {
		if s.allows(a.Verb) && u.may(a, s) && (a.Verb != GiveFeedback || u.awaits(s)) {
			out = append(out, a)
		}
	}
	return out
}

// allows reports whether somebody may do v now.
func (s Standing) allows(v Verb) bool {
	_, follows := transitions[s.State][v]
	return follows && s.bars(v) == ""
}

// bars says why v cannot be done at s although the state alone would allow it.
func (s Standing) bars(v Verb) string {
	switch {
	case v == CloseWithoutLetter && !s.NoWrittenReply:
		return "提出人需要书面答复"
	case v == Approve && s.Passed >= len(ReviewSteps):
		return "各审核环节均已通过，待签发"
	case v == Sign && s.Passed < len(ReviewSteps):
		return "还没有通过" + ReviewSteps[s.Passed]
	case v == SubmitOpinion && len(s.Helpers) == 0:
		return "没有征求过会办意见"
	case v == DecideExtension && !s.ExtensionAsked:
		return "没有待审批的延期申请"
	case v == Redo && s.RedoDeclined:
		return "本轮已决定不予二次办理"
	case v == Redo && s.State == Closed && !s.Dissatisfied, v == DeclineRedo && !s.Dissatisfied:
		return "没有待决定的不满意反馈"
	case v == PauseDeadline && !s.Runs:
		return "没有正在计算的期限"
	case v == ResumeDeadline && !s.Paused:
		return "没有暂停的期限"
	case v == Publish && s.Withheld:
		return "公开属性不是主动公开"
	case v == Publish && s.Published:
		return "已经公开"
	case v == TakeDown && !s.Public:
		return "没有公开"
	case (v == Close || v == CloseWithoutLetter) && s.Unexplained:
		return "换届时还有承诺没有兑现，应先向提出人作出书面说明"
	case v == ExplainTermEnd && !s.Unexplained:
		return "没有待说明的换届事项"
	}
	return ""
}

// Possible returns what somebody may do now.
func (s Standing) Possible() []Verb {
	return slices.DeleteFunc(s.State.Verbs(), func(v Verb) bool { return !s.allows(v) || v == Complete || v == TermEnded })
}

// act returns the row of verb v.
func act(v Verb) Act {
	i := slices.IndexFunc(Acts, func(a Act) bool { return a.Verb == v })
	return Acts[i]
}

// Verbs of events that are no move of a proposal: the program's own records.
const (
	RecordCommitments Verb = "record_commitments"
	CopySent          Verb = "copy_sent"
	Import            Verb = "import"
	CalendarChanged   Verb = "calendar_changed" // and a deadline moved
	RuleChanged       Verb = "rule_changed"     // and a deadline moved
	DivisionMerged    Verb = "division_merged"  // and what it handles went over
)

// Label returns what people call v, also where it is a [CommitmentVerb]: the
// history has both.
func (v Verb) Label() string {
	switch v {
	case RecordCommitments:
		return "登记承诺事项"
	case CopySent:
		return "抄送件已发出"
	case Import:
		return "补录复文"
	case CalendarChanged:
		return "工作日历调整，期限变动"
	case RuleChanged:
		return "时限规定调整，期限变动"
	case DivisionMerged:
		return "处室合并"
	default:
	}
	if i := slices.IndexFunc(Acts, func(a Act) bool { return a.Verb == v }); i >= 0 {
		return Acts[i].Label
	}
	return CommitmentVerb(v).Label()
}

// MayReceive returns [ErrForbidden] unless u may put an item of kind k on record
// for the organ: its own office, or a supervisor who oversees the kind.
func (u User) MayReceive(k Kind, organID int64) error {
	if u.Has(Office) && u.OrganID == organID || u.Has(Supervisor) && u.Oversight.Covers(k) {
		return nil
	}
	return fmt.Errorf("receive for this organ: %w", ErrForbidden)
}

// SeesImport reports whether u may see a hand-over list that somebody of the organ
// uploaded.
func (u User) SeesImport(organID int64) bool {
	return u.Has(Admin) || u.MayImport() && u.OrganID == organID
}

// MayImport reports whether u may receive hand-over lists at all: of which rows of
// them, MayReceive decides.
func (u User) MayImport() bool { return u.Has(Office, Supervisor) && u.OrganID != 0 }
