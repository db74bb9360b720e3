package casework

// A NextStep is what comes next for a proposal, in the eyes of one of its
// proposers.
type NextStep string

const (
	NextAcceptance   NextStep = "acceptance"    // the organ signs for it
	NextHandover     NextStep = "handover"      // it is decided who answers it
	NextReply        NextStep = "reply"         // the organ replies
	NextResumption   NextStep = "resumption"    // the day of the reply rests
	NextDelivery     NextStep = "delivery"      // the letter comes to the proposer
	NextFeedback     NextStep = "feedback"      // the proposer says what they think
	NextRedoDecision NextStep = "redo_decision" // an oversight office decides on a redo
	NextPublication  NextStep = "publication"   // the reply is published
	NextPromise      NextStep = "promise"       // the next promise is kept
	NothingNext      NextStep = "nothing"
)

// NextSteps lists every step, in the order in which a proposal comes to them.
var NextSteps = []NextStep{
	NextAcceptance, NextHandover, NextReply, NextResumption, NextDelivery, NextFeedback, NextRedoDecision, NextPublication,
	NextPromise, NothingNext,
}

// A Course is what the next step depends on, for one proposer. A day is none where
// nothing of its sort is open.
type Course struct {
	State       State
	ReplyDue    Date
	ReplyPaused bool
	Undelivered bool // the proposer has yet to get the present letter
	Unspoken    bool // has it, and has not said what they think of it
	Asked       bool // feedback on the letter is waited for, was, or will be once all have it
	FeedbackDue Date
	Undecided   bool // somebody is not satisfied, and nothing is decided of it
	PublishDue  Date
	PromiseDue  Date // the first of those open
}

// Next returns what comes next and by when; the day is none where nobody set one.
// What the proposer can do comes before what they wait for, and its day is left out
// once it has passed: feedback may be given late.
func (c Course) Next(today Date) (NextStep, Date) {
	switch c.State {
	case Received:
		return c.awaited(NextAcceptance)
	case ReturnRequested:
		return NextHandover, Date{}
	case Returned:
		return NextHandover, Date{}
	case Accepted, Drafting, Reviewing, Signed:
		return c.awaited(NextReply)
	case Issued, Answered, Closed:
		return c.after(today)
	case Withdrawn:
	}
	return NothingNext, Date{}
}

// awaited is a step before the letter, whose day is that of the reply.
func (c Course) awaited(step NextStep) (NextStep, Date) {
	if c.ReplyPaused {
		return NextResumption, Date{}
	}
	return step, c.ReplyDue
}

// after is what comes after the letter.
func (c Course) after(today Date) (NextStep, Date) {
	switch {
	case c.Unspoken && c.Asked && c.FeedbackDue.Before(today):
		return NextFeedback, Date{}
	case c.Unspoken && c.Asked:
		return NextFeedback, c.FeedbackDue
	case c.Undelivered:
		return NextDelivery, Date{}
	case c.Undecided:
		return NextRedoDecision, Date{}
	case !c.PublishDue.IsZero() && (c.PromiseDue.IsZero() || !c.PromiseDue.Before(c.PublishDue)):
		return NextPublication, c.PublishDue
	case !c.PromiseDue.IsZero():
		return NextPromise, c.PromiseDue
	}
	return NothingNext, Date{}
}
