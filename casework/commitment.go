package casework

import (
	"fmt"
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
	Urge           CommitmentVerb = "urge"
)

var commitmentTransitions = map[CommitmentState]map[CommitmentVerb]CommitmentState{
	Noted:   {Confirm: Open, Waive: Waived},
	Open:    {ReportProgress: Open, ReportDone: Done, ChangeDueDay: Open, Drop: Dropped, Urge: Open},
	Done:    {VerifyKept: Kept, VerifyNotKept: Open},
	Kept:    {Reopen: Open},
	Waived:  {},
	Dropped: {},
}

// Next returns the state that follows s when v is done, or a [StateError].
func (s CommitmentState) Next(v CommitmentVerb) (CommitmentState, error) {
	next, ok := commitmentTransitions[s][v]
	if !ok {
		possible := slices.Sorted(maps.Keys(commitmentTransitions[s]))
		return "", &StateError{Move: string(v), State: string(s), Possible: names(possible)}
	}
	return next, nil
}

// A CommitmentStanding is what rights in a commitment depend on.
type CommitmentStanding struct {
	State    CommitmentState
	OwnerID  int64
	Proposal Standing
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
	{Confirm, "ConfirmCommitment", "确认承诺", []Role{Office, Handler}, keeps},
	{Waive, "WaiveCommitment", "不列入", []Role{Office, Handler}, keeps},
	{ReportProgress, "ReportProgress", "报告进展", []Role{Office, Handler, Reviewer}, ownsOrOffice},
	{ReportDone, "ReportDone", "报告完成", []Role{Office, Handler, Reviewer}, owns},
	{VerifyKept, "VerifyCommitment", "核销", []Role{Office, Reviewer, Supervisor}, judges},
	{VerifyNotKept, "VerifyCommitment", "退回继续办理", []Role{Office, Reviewer, Supervisor}, judges},
	{ChangeDueDay, "ChangeDueDay", "调整时限", []Role{Office, Handler}, keeps},
	{Drop, "DropCommitment", "终止", []Role{Office}, keeps},
	{Reopen, "ReopenCommitment", "重新办理", []Role{Office, Supervisor}, keepsOrOversees},
	{Urge, "UrgeCommitment", "催办", []Role{Supervisor}, overseesCommitment},
}

func overseesCommitment(u User, s CommitmentStanding) bool { return oversees(u, s.Proposal) }
func owns(u User, s CommitmentStanding) bool               { return u.ID == s.OwnerID }
func ownsOrOffice(u User, s CommitmentStanding) bool {
	return owns(u, s) || u.Has(Office) && answers(u, s.Proposal)
}

// keeps says who looks after a promise of the organ: its office, the handler of
// the proposal and, once there is one, the owner.
func keeps(u User, s CommitmentStanding) bool {
	return answers(u, s.Proposal) && (u.Has(Office) || u.ID == s.Proposal.HandlerID || owns(u, s))
}

func keepsOrOversees(u User, s CommitmentStanding) bool {
	return keeps(u, s) && u.Has(Office) || u.Has(Supervisor) && overseesCommitment(u, s)
}

// judges keeps owner and judge apart.
func judges(u User, s CommitmentStanding) bool {
	if owns(u, s) {
		return false
	}
	return u.Has(Supervisor) && overseesCommitment(u, s) || u.Has(Office, Reviewer) && answers(u, s.Proposal)
}

// DoCommitment returns the state that follows when u does v to a commitment.
// It asks as [User.Do] does.
func (u User) DoCommitment(v CommitmentVerb, s CommitmentStanding) (CommitmentState, error) {
	if !u.Sees(s.Proposal) {
		return "", ErrNotFound
	}
	next, err := s.State.Next(v)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(CommitmentActs, func(a CommitmentAct) bool { return a.Verb == v })
	if a := CommitmentActs[i]; !u.Has(a.Roles...) || !a.where(u, s) {
		return "", fmt.Errorf("%s this commitment: %w", v, ErrForbidden)
	}
	return next, nil
}

// CommitmentMoves returns the acts that u may do to a commitment now.
func (u User) CommitmentMoves(s CommitmentStanding) []CommitmentAct {
	var out []CommitmentAct
	for _, a := range CommitmentActs {
		if _, err := u.DoCommitment(a.Verb, s); err == nil {
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
