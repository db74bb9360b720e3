package casework

import (
	"maps"
	"slices"
)

// A CommitmentState is what became of a promise so far.
type CommitmentState string

const (
	Noted   CommitmentState = "noted"   // found in the letter, 待确认
	Open    CommitmentState = "open"    // has an owner and a day, 进行中
	Done    CommitmentState = "done"    // its owner says so, 已完成待核
	Kept    CommitmentState = "kept"    // judged, proposers told, 已核销
	Waived  CommitmentState = "waived"  // no promise to follow
	Dropped CommitmentState = "dropped" // given up by a signed report, 终止
)

// CommitmentStates lists every state of a commitment.
var CommitmentStates = []CommitmentState{Noted, Open, Done, Kept, Waived, Dropped}

// A CommitmentVerb is something done to a commitment.
type CommitmentVerb string

const (
	Confirm        CommitmentVerb = "confirm"
	Waive          CommitmentVerb = "waive"
	ReportProgress CommitmentVerb = "report_progress"
	ReportDone     CommitmentVerb = "report_done"
	VerifyKept     CommitmentVerb = "verify_kept"
	VerifyNotKept  CommitmentVerb = "verify_not_kept"
	ChangeDueDay   CommitmentVerb = "change_due_day"
	Drop           CommitmentVerb = "drop"
	Reopen         CommitmentVerb = "reopen"
	Offer          CommitmentVerb = "offer"          // to another owner, who must accept
	TakeOver       CommitmentVerb = "take_over"      // what was offered
	DeclineOffer   CommitmentVerb = "decline_offer"  // and so it stays with whom it was
	WithdrawOffer  CommitmentVerb = "withdraw_offer" // before it was answered
	Urge           CommitmentVerb = "urge"
	ReceiveUrge    CommitmentVerb = "receive_urge"
	AnswerUrge     CommitmentVerb = "answer_urge"
	SayKept        CommitmentVerb = "say_kept"     // a proposer does
	SayNotKept     CommitmentVerb = "say_not_kept" // a proposer does
	Uphold         CommitmentVerb = "uphold"       // what was judged kept, although a proposer says it is not
	CarryOver      CommitmentVerb = "carry_over"   // into the next year, the program's own move
)

var commitmentTransitions = map[CommitmentState]map[CommitmentVerb]CommitmentState{
	Noted: {Confirm: Open, Waive: Waived},
	Open: {
		ReportProgress: Open, ReportDone: Done, ChangeDueDay: Open, Drop: Dropped, CarryOver: Open,
		Offer: Open, TakeOver: Open, DeclineOffer: Open, WithdrawOffer: Open, Urge: Open, ReceiveUrge: Open, AnswerUrge: Open,
	},
	Done: {
		VerifyKept: Kept, VerifyNotKept: Open, CarryOver: Done,
		Offer: Done, TakeOver: Done, DeclineOffer: Done, WithdrawOffer: Done, ReceiveUrge: Done, AnswerUrge: Done,
	},
	Kept: {
		Reopen: Open, SayKept: Kept, SayNotKept: Kept, Uphold: Kept, ReceiveUrge: Kept, AnswerUrge: Kept,
	},
	Waived:  {},
	Dropped: {ReceiveUrge: Dropped, AnswerUrge: Dropped},
}

// Next returns the state that follows s when v is done, or a [StateError].
func (s CommitmentState) Next(v CommitmentVerb) (CommitmentState, error) {
	next, ok := commitmentTransitions[s][v]
	if !ok {
		return "", &StateError{Move: string(v), State: string(s), Possible: names(s.Verbs())}
	}
	return next, nil
}

// Verbs returns what can be done to a commitment in s, by somebody, in a stable
// order.
func (s CommitmentState) Verbs() []CommitmentVerb {
	return slices.Sorted(maps.Keys(commitmentTransitions[s]))
}

// Unsettled reports whether a commitment in s is still to be kept, or judged.
func (s CommitmentState) Unsettled() bool { return s == Open || s == Done }
