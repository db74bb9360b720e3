package casework

import (
	"fmt"
	"time"
)

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

// UrgeAnswer is the same where an urge (催办) is to be answered by a day.
const UrgeAnswer = "URGE_ANSWER"

// started are the rules whose deadlines the program starts by itself, and so
// must be able to reckon.
var started = map[string]bool{
	RuleReply: true, RuleExtend: true, RuleReturn: true, RuleOpinion: true,
	RuleRedo: true, RulePublish: true, RuleFeedback: true,
}

// A Unit is what a rule counts in.
type Unit string

const (
	WorkingDays  Unit = "working_day"
	CalendarDays Unit = "calendar_day"
	Months       Unit = "month"
	YearDay      Unit = "year_day" // a day of every year: 11-15
	NoUnit       Unit = "none"     // nothing to count: a rule on record, or a day that was agreed
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
	YearDay   string // of a rule in the unit YearDay: 11-15
	Basis     string // the source: SH-REG art. 19
	Confirmed bool   // whether the basis was read and says so
	From      Date   // the first trigger day for which the rule holds
	Note      string // what follows when the day is missed, or how to read the rule
}

// Check returns a [FieldError] for a rule that makes no sense.
func (r Rule) Check() error {
	_, err := time.Parse("01-02", r.YearDay)
	switch counts := r.Unit == WorkingDays || r.Unit == CalendarDays || r.Unit == Months; {
	case r.Amount < 0 || r.Amount > 1000:
		return Invalid("rule.amount", "应在0至1000之间")
	case !counts && r.Amount != 0:
		return Invalid("rule.amount", "这一单位不计数，应为0")
	case r.Unit == YearDay && err != nil:
		return Invalid("rule.year_day", "应为每年的一天，写作 11-15")
	case r.Unit != YearDay && r.YearDay != "":
		return Invalid("rule.year_day", "只用于“每年某日”的规定，应留空")
	case started[r.Code] && (!counts || r.Amount == 0):
		return Invalid("rule.unit", "%s的期限由系统计算，应为若干个工作日、日或者月", r.Name)
	}
	return nil
}

// A Mode says what becomes of a last day that is no working day.
type Mode string

const (
	Strict   Mode = "strict"   // it stays the last day
	Rollover Mode = "rollover" // the next working day is the last (民法典 art. 203)
)

// A Due is the last day of a deadline.
type Due struct {
	Day Date `json:"due"`
	// Provisional (暂定) says that a day was counted of a year whose calendar is
	// not published.
	Provisional bool `json:"provisional"`
}

// A Pause is a time in which a deadline does not run: from the day From up to
// the day before To.
type Pause struct{ From, To Date }

// PauseOf returns the pause of a deadline that began on the trigger day, which
// does not count in any case, between the days on which it was paused and
// resumed.
func PauseOf(trigger, paused, resumed Date) Pause {
	if !paused.After(trigger) {
		paused = trigger.AddDays(1)
	}
	if resumed.Before(paused) {
		paused = resumed
	}
	return Pause{paused, resumed}
}

// Days counts what a deadline in this unit loses by the pause: working days
// where it counts working days, else all.
func (p Pause) Days(u Unit, c Calendar) int {
	if u == WorkingDays {
		return c.WorkingDays(p.From.AddDays(-1), p.To.AddDays(-1))
	}
	return p.To.Sub(p.From)
}

func (p Pause) holds(d Date) bool { return !d.Before(p.From) && d.Before(p.To) }

// Due returns the last day on which what the rule asks for is on time. The
// trigger day does not count (民法典 art. 201); neither do the pauses.
func (r Rule) Due(trigger Date, c Calendar, m Mode, pauses ...Pause) (Due, error) {
	k := reckoner{calendar: c, due: Due{Day: trigger}}
	if err := k.reckon(r, m, pauses); err != nil {
		return Due{}, err
	}
	return k.due, nil
}

// errNoDay refuses to reckon a rule that names no day.
func errNoDay(r Rule) error {
	return Invalid("rule", "%s（%s）只作记载，没有可以计算的期限", r.Code, r.Name)
}

// reckon moves the due day, which is the trigger day, to the last day.
func (k *reckoner) reckon(r Rule, m Mode, pauses []Pause) error {
	k.begin(r)
	switch r.Unit {
	case WorkingDays:
		k.work(r.Amount, pauses)
	case CalendarDays:
		k.daysOn(r.Amount)
		k.rest(pauses)
	case Months:
		k.months(r.Amount)
		k.rest(pauses)
	case YearDay:
		k.nextYearDay(r.YearDay)
	case NoUnit:
		return errNoDay(r)
	default:
		return fmt.Errorf("rule %s counts in %q: %w", r.Code, r.Unit, ErrInvalid)
	}
	if m == Rollover {
		k.roll()
	}
	k.end()
	return nil
}
