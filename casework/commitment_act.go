package casework

import (
	"fmt"
	"slices"
)

// A CommitmentStanding is what rights in a commitment depend on.
type CommitmentStanding struct {
	State      CommitmentState
	OwnerID    int64
	OfferedTo  int64   // is to own it and has not yet accepted; 0 for nobody
	ReportedBy int64   // said last that it was done
	Unreceived bool    // an urge that nobody has signed for
	Unanswered bool    // an urge
	Unasked    bool    // of a proposer nobody knows whether it is kept in their eyes
	Unspoken   bool    // a proposer has not said so with their own account
	Spoken     []int64 // accounts of the proposers who said so with it
	Contested  bool    // one says that it is not, and nothing is decided
	Proposal   Standing
}

// A CommitmentAct is one row of the table of rights in commitments.
type CommitmentAct struct {
	Verb  CommitmentVerb
	RPC   string
	Label string
	Roles []Role
	where func(User, CommitmentStanding) bool
}

// CommitmentActs is the table of rights in commitments.
var CommitmentActs = []CommitmentAct{
	{TakeOver, "AcceptCommitment", "接手", []Role{Office, Handler, Reviewer}, offered},
	{DeclineOffer, "AcceptCommitment", "不接手", []Role{Office, Handler, Reviewer}, offered},
	{Confirm, "ConfirmCommitment", "确认承诺", []Role{Office, Handler}, keeps},
	{Waive, "WaiveCommitment", "不列入", []Role{Office, Handler}, keeps},
	{ReceiveUrge, "ReceiveUrge", "签收催办件", []Role{Office, Handler, Reviewer}, ownsOrOffice},
	{AnswerUrge, "AnswerUrge", "答复催办件", []Role{Office, Handler, Reviewer}, ownsOrOffice},
	{ReportProgress, "ReportProgress", "报告进展", []Role{Office, Handler, Reviewer}, ownsOrOffice},
	{ReportDone, "ReportDone", "报告完成", []Role{Office, Handler, Reviewer}, owns},
	{VerifyKept, "VerifyCommitment", "核销", []Role{Office, Reviewer, Supervisor}, judges},
	{VerifyNotKept, "VerifyCommitment", "退回继续办理", []Role{Office, Reviewer, Supervisor}, judges},
	{SayKept, "AnswerKeeping", "认可已兑现", []Role{Delegate, Office, Supervisor}, speaks},
	{SayNotKept, "AnswerKeeping", "认为没有兑现", []Role{Delegate, Office, Supervisor}, speaks},
	{ChangeDueDay, "ChangeDueDay", "调整时限", []Role{Office, Handler}, keeps},
	{Offer, "ReassignCommitment", "转交", []Role{Office, Handler, Reviewer}, ownsOrOffice},
	{WithdrawOffer, "ReassignCommitment", "撤回转交", []Role{Office, Handler, Reviewer}, ownsOrOffice},
	{Drop, "DropCommitment", "终止", []Role{Office}, keeps},
	{Uphold, "UpholdCommitment", "维持核销", []Role{Supervisor}, overseesCommitment},
	{Reopen, "ReopenCommitment", "重新办理", []Role{Office, Supervisor}, keepsOrOversees},
	{Urge, "UrgeCommitment", "催办", []Role{Supervisor}, overseesCommitment},
	{CarryOver, "", "转下年度", nil, nobodyKeeps},
}

func nobodyKeeps(User, CommitmentStanding) bool            { return false }
func overseesCommitment(u User, s CommitmentStanding) bool { return oversees(u, s.Proposal) }
func owns(u User, s CommitmentStanding) bool               { return u.ID == s.OwnerID && answers(u, s.Proposal) }
func offered(u User, s CommitmentStanding) bool            { return u.ID == s.OfferedTo }
func ownsOrOffice(u User, s CommitmentStanding) bool {
	return owns(u, s) || u.Has(Office) && answers(u, s.Proposal)
}

// keeps says who looks after a promise of the organ: its office, the handler of
// the proposal and, once there is one, the owner.
func keeps(u User, s CommitmentStanding) bool {
	return answers(u, s.Proposal) && (u.Has(Office) || u.ID == s.Proposal.HandlerID || owns(u, s))
}

func keepsOrOversees(u User, s CommitmentStanding) bool {
	return collects(u, s.Proposal)
}

// judges keeps owner and judge apart, also where the promise has another owner
// since it was said to be done.
func judges(u User, s CommitmentStanding) bool {
	if u.ID == s.OwnerID || u.ID == s.ReportedBy {
		return false
	}
	return u.Has(Supervisor) && overseesCommitment(u, s) || u.Has(Office, Reviewer) && answers(u, s.Proposal)
}

// speaks says who can say whether a promise is kept: a proposer, once, or who
// asked one and puts the answer on record; never who kept the promise.
func speaks(u User, s CommitmentStanding) bool {
	if proposes(u, s.Proposal) {
		return !slices.Contains(s.Spoken, u.ID)
	}
	return collects(u, s.Proposal) && s.Unasked && u.ID != s.OwnerID && u.ID != s.ReportedBy
}

// DoCommitment returns the state that follows when u does v to a commitment.
// It asks as [User.Do] does.
func (u User) DoCommitment(v CommitmentVerb, s CommitmentStanding) (CommitmentState, error) {
	if !u.Sees(s.Proposal) {
		return "", ErrNotFound
	}
	if !s.allows(v) {
		return "", &StateError{Move: string(v), State: string(s.State), Possible: names(s.Possible()), Why: s.bars(v)}
	}
	i := slices.IndexFunc(CommitmentActs, func(a CommitmentAct) bool { return a.Verb == v })
	if !u.mayCommitment(CommitmentActs[i], s) {
		return "", fmt.Errorf("%s this commitment: %w", v, ErrForbidden)
	}
	return commitmentTransitions[s.State][v], nil
}

func (u User) mayCommitment(a CommitmentAct, s CommitmentStanding) bool {
	return u.Has(a.Roles...) && a.where(u, s)
}

// allows reports whether somebody may do v now.
func (s CommitmentStanding) allows(v CommitmentVerb) bool {
	_, follows := commitmentTransitions[s.State][v]
	return follows && s.bars(v) == ""
}

// bars says why v cannot be done at s although the state alone would allow it.
func (s CommitmentStanding) bars(v CommitmentVerb) string {
	switch {
	case (v == TakeOver || v == DeclineOffer || v == WithdrawOffer) && s.OfferedTo == 0:
		return "没有待接手的转交"
	case v == ReceiveUrge && !s.Unreceived:
		return "没有待签收的催办件"
	case v == AnswerUrge && !s.Unanswered:
		return "没有待答复的催办件"
	case (v == SayKept || v == SayNotKept) && !s.Unasked && !s.Unspoken:
		return "各提出人均已表示意见"
	case v == Uphold && !s.Contested:
		return "没有待决定的不同意见"
	}
	return ""
}

// Possible returns what somebody may do now.
func (s CommitmentStanding) Possible() []CommitmentVerb {
	return slices.DeleteFunc(s.State.Verbs(), func(v CommitmentVerb) bool { return !s.allows(v) || v == CarryOver })
}

// CommitmentMoves returns the acts that u may do to a commitment now. It asks as
// [User.Moves] does.
func (u User) CommitmentMoves(s CommitmentStanding) []CommitmentAct {
	if !u.Sees(s.Proposal) {
		return nil
	}
	var out []CommitmentAct
	for _, a := range CommitmentActs {
		if s.allows(a.Verb) && u.mayCommitment(a, s) {
			out = append(out, a)
		}
	}
	return out
}

// Label returns what people call v.
func (v CommitmentVerb) Label() string {
	i := slices.IndexFunc(CommitmentActs, func(a CommitmentAct) bool { return a.Verb == v })
	if i >= 0 {
		return CommitmentActs[i].Label
	}
	return string(v)
}
