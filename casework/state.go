package casework

import (
	"maps"
	"slices"
)

// A State is a step in the life of a proposal.
type State string

const (
	Received        State = "received"         // 待签收
	ReturnRequested State = "return_requested" // 退办申请
	Returned        State = "returned"         // 已退办
	Accepted        State = "accepted"         // 已签收
	Drafting        State = "drafting"         // 拟稿
	Reviewing       State = "reviewing"        // 审核
	Signed          State = "signed"           // 已签发
	Issued          State = "issued"           // 已编号
	Answered        State = "answered"         // 办复
	Closed          State = "closed"           // 办结
	Withdrawn       State = "withdrawn"        // 撤回
)

// States lists every state in the order in which a proposal passes them.
var States = []State{
	Received, ReturnRequested, Returned, Accepted, Drafting, Reviewing, Signed, Issued, Answered, Closed, Withdrawn,
}

// A Verb is something done to a proposal. It names the move, and the event
// that records it.
type Verb string

const (
	Receive            Verb = "receive"
	Accept             Verb = "accept"
	RequestReturn      Verb = "request_return"
	GrantReturn        Verb = "grant_return"
	RefuseReturn       Verb = "refuse_return"
	Assign             Verb = "assign"
	RequestOpinion     Verb = "request_opinion"
	SubmitOpinion      Verb = "submit_opinion"
	RecordContact      Verb = "record_contact"
	RequestExtension   Verb = "request_extension"
	DecideExtension    Verb = "decide_extension"
	PauseDeadline      Verb = "pause_deadline"
	ResumeDeadline     Verb = "resume_deadline"
	Withdraw           Verb = "withdraw"
	Redo               Verb = "redo"
	DeclineRedo        Verb = "decline_redo"
	Close              Verb = "close"
	CloseWithoutLetter Verb = "close_without_letter"
	SaveDraft          Verb = "save_draft"
	Submit             Verb = "submit"
	Approve            Verb = "approve"
	SendBack           Verb = "send_back"
	Sign               Verb = "sign"
	Issue              Verb = "issue"
	Correct            Verb = "correct"
	RecordDelivery     Verb = "record_delivery"
	SendCopy           Verb = "send_copy"
	AcknowledgeCopy    Verb = "acknowledge_copy"
	Complete           Verb = "complete" // all delivered and copied; the program's own move
	GiveFeedback       Verb = "give_feedback"
	Publish            Verb = "publish"
	TakeDown           Verb = "take_down"
	PlanPromise        Verb = "plan_promise"  // of the draft: who keeps it, until when
	WaivePromise       Verb = "waive_promise" // of the draft: it is none to follow
	TermEnded          Verb = "term_ended"    // 换届, with promises not kept; the program's own move
	ExplainTermEnd     Verb = "explain_term_end"
)

// transitions is the whole state machine: what each verb does in each state. A
// pair that is absent is not allowed.
var transitions = map[State]map[Verb]State{
	Received: {
		Accept: Accepted, RequestReturn: ReturnRequested, Withdraw: Withdrawn,
		RequestExtension: Received, DecideExtension: Received, PauseDeadline: Received, ResumeDeadline: Received,
	},
	ReturnRequested: {
		GrantReturn: Returned, RefuseReturn: Received, Withdraw: Withdrawn,
		PauseDeadline: ReturnRequested, ResumeDeadline: ReturnRequested,
	},
	Returned: {},
	Accepted: {
		Assign: Drafting, CloseWithoutLetter: Closed, Withdraw: Withdrawn,
		RequestOpinion: Accepted, SubmitOpinion: Accepted, RecordContact: Accepted,
		RequestExtension: Accepted, DecideExtension: Accepted,
		PauseDeadline: Accepted, ResumeDeadline: Accepted, TermEnded: Accepted, ExplainTermEnd: Accepted,
	},
	Drafting: {
		Assign: Drafting, SaveDraft: Drafting, Submit: Reviewing, CloseWithoutLetter: Closed, Withdraw: Withdrawn,
		RequestOpinion: Drafting, SubmitOpinion: Drafting, RecordContact: Drafting,
		RequestExtension: Drafting, DecideExtension: Drafting, TakeDown: Drafting, // of the round before
		PauseDeadline: Drafting, ResumeDeadline: Drafting, PlanPromise: Drafting, WaivePromise: Drafting,
		TermEnded: Drafting, ExplainTermEnd: Drafting,
	},
	Reviewing: {
		Approve: Reviewing, SendBack: Drafting, Sign: Signed, Withdraw: Withdrawn,
		SubmitOpinion: Reviewing, RecordContact: Reviewing,
		RequestExtension: Reviewing, DecideExtension: Reviewing, TakeDown: Reviewing,
		PauseDeadline: Reviewing, ResumeDeadline: Reviewing, PlanPromise: Reviewing, WaivePromise: Reviewing,
		TermEnded: Reviewing, ExplainTermEnd: Reviewing,
	},
	Signed: {
		Issue: Issued, SendBack: Drafting, Withdraw: Withdrawn,
		RecordContact: Signed, RequestExtension: Signed, DecideExtension: Signed, TakeDown: Signed,
		PauseDeadline: Signed, ResumeDeadline: Signed, PlanPromise: Signed, WaivePromise: Signed,
		TermEnded: Signed, ExplainTermEnd: Signed,
	},
	Issued: {
		RecordDelivery: Issued, SendCopy: Issued, AcknowledgeCopy: Issued, Complete: Answered,
		Correct: Issued, Publish: Issued, TakeDown: Issued, RecordContact: Issued, GiveFeedback: Issued,
		PauseDeadline: Issued, ResumeDeadline: Issued, TermEnded: Issued, ExplainTermEnd: Issued,
	},
	Answered: {
		Close: Closed, Redo: Drafting, DeclineRedo: Answered, AcknowledgeCopy: Answered, Correct: Answered,
		Publish: Answered, TakeDown: Answered, RecordContact: Answered, GiveFeedback: Answered,
		PauseDeadline: Answered, ResumeDeadline: Answered, TermEnded: Answered, ExplainTermEnd: Answered,
	},
	Closed: {
		AcknowledgeCopy: Closed, Publish: Closed, TakeDown: Closed, // what is to be published still is
		GiveFeedback: Closed, Redo: Drafting, DeclineRedo: Closed, // a proposer may answer late
		PauseDeadline: Closed, ResumeDeadline: Closed, TermEnded: Answered,
	},
	Withdrawn: {TakeDown: Withdrawn},
}

// Next returns the state that follows s when v is done. It returns a
// [StateError] if v cannot be done in s.
func (s State) Next(v Verb) (State, error) {
	next, ok := transitions[s][v]
	if !ok {
		return "", &StateError{Move: string(v), State: string(s), Possible: names(s.Verbs())}
	}
	return next, nil
}

// Verbs returns what can be done in s, by somebody, in a stable order.
func (s State) Verbs() []Verb { return slices.Sorted(maps.Keys(transitions[s])) }

// Open reports whether a proposal in s still waits for its letter.
func (s State) Open() bool {
	switch s {
	case Received, ReturnRequested, Accepted, Drafting, Reviewing, Signed:
		return true
	case Returned, Issued, Answered, Closed, Withdrawn:
	}
	return false
}

func names[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}
