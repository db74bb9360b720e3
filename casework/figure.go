package casework

// A Cut is the moment as of which figures count, and the period that they count
// promises of.
type Cut struct {
	Day Date // the cut-off day: what was on record when it ended
	// Over is the last day that has ended by then: the day itself, or the one
	// before while the day is still today. What is due by then is due.
	Over  Date
	Since Date // where the period begins in which promises fall due; zero for no beginning
}

// CutAt returns the cut at the end of a day, or at this moment of it when it is
// today.
func CutAt(day, today, since Date) (Cut, error) {
	switch {
	case day.After(today):
		return Cut{}, Invalid("filter.as_of", "应为今天或以前")
	case since.After(day):
		return Cut{}, Invalid("filter.since", "不得晚于截止日%s", day.Chinese())
	case day == today:
		return Cut{day, day.AddDays(-1), since}, nil
	}
	return Cut{day, day, since}, nil
}

// past reports whether a last day was over at the cut.
func (c Cut) past(due Date) bool { return !due.IsZero() && !due.After(c.Over) }

// A Part (承办) is what an organ does for a proposal.
type Part string

const (
	Sole  Part = "sole"  // 独办
	Lead  Part = "lead"  // 主办
	Joint Part = "joint" // 合办
	Split Part = "split" // 分办
)

// ProposalFacts are what figures ask of a proposal, as of a cut. Answering (办复)
// is a round's letter delivered to every proposer and copied to every office, or
// the end without a letter that its proposers wanted none of.
type ProposalFacts struct {
	ID                          int64
	Answers                     bool // one of the organs counted answers it
	Helps                       bool // one of them is asked for an opinion
	Part                        Part // of the organ that answers
	Returned, Withdrawn, Closed bool
	Answered                    Date // the day of the first letter that answered it, or of the end without one; zero before
	Due                         Date // of the first answer, with extensions and pauses
	Paused                      bool
	Result                      Result    // of the last round answered; empty for none
	Publicity                   Publicity // likewise
	Public                      bool      // a reply stands on the public pages
	Met, Contacted              bool      // a proposer in person; in any way
	Redone                      bool      // handed back for another round
}

func (p ProposalFacts) counts() bool   { return p.Answers && !p.Returned && !p.Withdrawn }
func (p ProposalFacts) answered() bool { return p.counts() && !p.Answered.IsZero() }

func (r Rating) pleased() bool { return r == Satisfied || r == Basically }

// FormFacts are what figures ask of a form (反馈表): what one proposer, who has
// the letter, is asked about one round.
type FormFacts struct {
	ProposerID       int64
	Round            int
	Withdrawn        bool   // its proposal
	Attitude, Result Rating // empty until it is returned
}

func (f FormFacts) returned() bool { return !f.Withdrawn && f.Attitude != "" }

// CommitmentFacts are what figures ask of a commitment, as of a cut.
type CommitmentFacts struct {
	ID            int64
	State         CommitmentState
	Before        CommitmentState // when the period began; empty where it was not on record
	FirstDue, Due Date
	Done          Date // of one that is kept: the day on which it was done
}

func (c CommitmentFacts) followed() bool { return c.State != Noted && c.State != Waived }

// carried reports whether the commitment was unsettled when the period began. One
// that was not on record yet was unsettled, too.
func (c CommitmentFacts) carried() bool { return c.Before != Kept && c.Before != Dropped }

// due reports whether one of the commitment's days fell due in the period, or
// before it and was carried in.
func (c CommitmentFacts) due(day Date, cut Cut) bool {
	return c.followed() && cut.past(day) && (!day.Before(cut.Since) || c.carried())
}

// A Figure says what is counted of how many.
type Figure struct {
	Code, Name string
	Formula    string // what exactly is counted
	Basis      string // who counts so
}

// A FigureOf is a figure about facts F: Whole says what its denominator counts,
// Part what of that its numerator does.
type FigureOf[F any] struct {
	Figure
	Part, Whole func(F, Cut) bool
}

// A Side is one of the lists behind a figure.
type Side string

const (
	Numerator   Side = "numerator"
	Denominator Side = "denominator"
	Rest        Side = "rest" // of the denominator without the numerator
)

// Holds reports whether the side of the figure has a place for what the facts are
// about.
func (f FigureOf[F]) Holds(s Side, facts F, cut Cut) bool {
	if !f.Whole(facts, cut) {
		return false
	}
	return s == Denominator || f.Part(facts, cut) == (s == Numerator)
}

// A Count is the two numbers of a figure.
type Count struct{ Numerator, Denominator int64 }

// Tally adds to the counts, one for each figure of the table, so many things that
// the facts are about.
func Tally[F any](table []FigureOf[F], counts []Count, facts F, things int64, cut Cut) {
	for i, f := range table {
		if !f.Whole(facts, cut) {
			continue
		}
		counts[i].Denominator += things
		if f.Part(facts, cut) {
			counts[i].Numerator += things
		}
	}
}
