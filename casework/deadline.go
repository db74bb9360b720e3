package casework

import "fmt"

// Codes of the deadline rules that the program itself starts.
const (
	RuleReply    = "REPLY"            // 答复
	RuleExtend   = "EXTEND_MAX"       // 延期的最后一日
	RuleReturn   = "RETURN_WRONG"     // 退办
	RuleOpinion  = "COHANDLE_OPINION" // 会办意见
	RuleRedo     = "REDO"             // 二次办理
	RulePublish  = "PUBLISH"          // 公开
	RuleFeedback = "FEEDBACK_WAIT"    // 反馈
)

// Commitment is what stands in the place of a rule's code where a deadline
// follows a promise: its day was agreed, not reckoned.
const Commitment = "COMMITMENT"

// A Unit is what a rule counts in.
type Unit string

const (
	WorkingDays  Unit = "working_day"
	CalendarDays Unit = "calendar_day"
	Months       Unit = "month"
)

// A Rule (时限规定) says how long something may take. Rules are rows, dated and
// per kind, never constants.
type Rule struct {
	Code      string
	Kind      Kind
	Name      string // what must be done
	Trigger   string // the day from which it counts: 交办日, 签收日, 成文日期
	Amount    int
	Unit      Unit
	Basis     string // the source: SH-REG art. 19
	Confirmed bool   // whether the basis was read and says so
	From      Date   // the first trigger day for which the rule holds
}

// A Due is the last day of a deadline.
type Due struct {
	Day Date
	// Provisional (暂定) says that a day was counted of a year whose calendar is
	// not published.
	Provisional bool
}

// Due returns the last day on which what the rule asks for is on time. The
// trigger day does not count (民法典 art. 201).
func (r Rule) Due(trigger Date, c Calendar) (Due, error) {
	switch r.Unit {
	case WorkingDays:
		return c.AddWorkingDays(trigger, r.Amount), nil
	case CalendarDays:
		return Due{Day: trigger.AddDays(r.Amount)}, nil
	case Months:
		return Due{Day: trigger.AddMonths(r.Amount)}, nil
	}
	return Due{}, fmt.Errorf("rule %s counts in %q: %w", r.Code, r.Unit, ErrInvalid)
}
