package casework

import (
	"fmt"
	"slices"
	"time"
)

// A StepKind says what a step of a reckoning does.
type StepKind string

const (
	StepRule        StepKind = "rule"        // the rule and its basis
	StepStart       StepKind = "start"       // the trigger day, which does not count
	StepSkip        StepKind = "skip"        // a day that does not count
	StepMakeUp      StepKind = "make_up"     // a day of a weekend that counts (调休上班)
	StepPause       StepKind = "pause"       // days that do not count because the deadline rested
	StepCount       StepKind = "count"       // the day to which the count leads
	StepClamp       StepKind = "clamp"       // a month that is too short (民法典 art. 202)
	StepRoll        StepKind = "roll"        // a last day that moves on (民法典 art. 203)
	StepProvisional StepKind = "provisional" // a year whose calendar is not published
	StepDecision    StepKind = "decision"    // a day that somebody decided
	StepDue         StepKind = "due"         // the last day
)

// A Step is one line of why a deadline falls on its day.
type Step struct {
	Kind  StepKind `json:"kind"`
	Day   Date     `json:"day"`
	Words string   `json:"words"`
}

// A Reckoning is a last day and why it is this one.
type Reckoning struct {
	Due
	Steps []Step `json:"steps"`
}

// Explain returns the day of [Rule.Due] step by step. A count in months names no
// day that it passes; a count in working days names each that it skips.
func (r Rule) Explain(trigger Date, c Calendar, m Mode, pauses ...Pause) (Reckoning, error) {
	k := reckoner{calendar: c, due: Due{Day: trigger}, explains: true}
	if err := k.reckon(r, m, pauses); err != nil {
		return Reckoning{}, err
	}
	return Reckoning{k.due, k.steps}, nil
}

// A reckoner is a reckoning under way.
type reckoner struct {
	calendar Calendar
	due      Due
	explains bool // else it keeps no steps, and is quick
	steps    []Step
	years    []int // said to be provisional
}

func (k *reckoner) note(kind StepKind, format string, args ...any) {
	if k.explains {
		k.steps = append(k.steps, Step{kind, k.due.Day, fmt.Sprintf(format, args...)})
	}
}

func (k *reckoner) begin(r Rule) {
	if !k.explains {
		return
	}
	doubt := ""
	if !r.Confirmed {
		doubt = "（未经确认）"
	}
	k.note(StepRule, "%s：%s。依据：%s%s", r.Name, r.Span(), r.Basis, doubt)
	if r.Unit != YearDay && r.Amount > 0 {
		k.note(StepStart, "%s（%s）是%s，当日不计", k.due.Day.Chinese(), weekday(k.due.Day), r.Trigger)
	}
}

// Span says in words how long the rule gives: 自交办日起3个月.
func (r Rule) Span() string {
	switch r.Unit {
	case WorkingDays:
		return fmt.Sprintf("自%s起%d个工作日", r.Trigger, r.Amount)
	case CalendarDays:
		if r.Amount == 0 {
			return r.Trigger + "当日"
		}
		return fmt.Sprintf("自%s起%d日", r.Trigger, r.Amount)
	case Months:
		return fmt.Sprintf("自%s起%d个月", r.Trigger, r.Amount)
	case YearDay:
		if day, err := time.Parse("01-02", r.YearDay); err == nil {
			return day.Format("每年1月2日")
		}
	case NoUnit:
	}
	return r.Trigger
}

// work moves on by n working days.
func (k *reckoner) work(n int, pauses []Pause) {
	if n == 0 {
		return
	}
	rested := map[Pause]int{}
	for left := n; left > 0; {
		k.due.Day = k.due.Day.AddDays(1)
		kind := k.ask()
		i := slices.IndexFunc(pauses, func(p Pause) bool { return p.holds(k.due.Day) })
		switch {
		case i >= 0:
			k.pause(pauses[i], kind, rested)
			continue
		case kind.Works():
			left--
		}
		k.explainDay(kind)
	}
	k.note(StepCount, "第%d个工作日是%s", n, k.due.Day.Chinese())
}

// ask asks the calendar about the present day, and says when its year is not
// published.
func (k *reckoner) ask() DayKind {
	kind, provisional := k.calendar.Kind(k.due.Day)
	if provisional && k.explains && !slices.Contains(k.years, k.due.Day.Year) {
		k.years = append(k.years, k.due.Day.Year)
		k.note(StepProvisional, "%d年的放假安排尚未载入，按周末和法定的固定假日推算，暂定", k.due.Day.Year)
	}
	k.due.Provisional = k.due.Provisional || provisional
	return kind
}

// pause notes, when a pause has ended, how many working days it took.
func (k *reckoner) pause(p Pause, kind DayKind, rested map[Pause]int) {
	if kind.Works() {
		rested[p]++
	}
	if k.due.Day.AddDays(1) == p.To {
		k.note(StepPause, "%s至%s暂停，%d个工作日不计", p.From.Chinese(), k.due.Day.Chinese(), rested[p])
	}
}

// explainDay says why a day does not count, or counts though it is of a weekend.
func (k *reckoner) explainDay(kind DayKind) {
	if !k.explains || kind == Workday {
		return
	}
	step := StepSkip
	if kind == MakeUp {
		step = StepMakeUp
	}
	k.note(step, "%s，%s", k.describe(kind), map[StepKind]string{StepSkip: "不计", StepMakeUp: "计入"}[step])
}

// describe is, for example: 2025年10月1日（周三）国庆中秋放假（国办发明电〔2024〕12号）.
func (k *reckoner) describe(kind DayKind) string {
	d, day := k.due.Day, k.calendar.Day(k.due.Day)
	text := fmt.Sprintf("%s（%s）", d.Chinese(), weekday(d))
	switch kind {
	case Holiday:
		text += day.Name + "放假"
	case MakeUp:
		text += "调休上班"
	case Statute:
		return text + day.Name + "，法定假日，暂定"
	case Weekend, Workday:
		return text
	}
	if day.Notice != "" {
		text += "（" + day.Notice + "）"
	}
	return text
}

// daysOn moves on by n days.
func (k *reckoner) daysOn(n int) {
	k.due.Day = k.due.Day.AddDays(n)
	if n == 0 {
		k.note(StepCount, "当日即%s", k.due.Day.Chinese())
		return
	}
	k.note(StepCount, "第%d日是%s", n, k.due.Day.Chinese())
}

// months moves on by n months.
func (k *reckoner) months(n int) {
	day := k.due.Day.Day
	k.due.Day = k.due.Day.AddMonths(n)
	if k.due.Day.Day != day {
		k.note(StepClamp, "%d年%d月没有%d日，以该月最后一日%s为准", k.due.Day.Year, int(k.due.Day.Month), day, k.due.Day.Chinese())
		return
	}
	k.note(StepCount, "%d个月后的同一日是%s", n, k.due.Day.Chinese())
}

// rest moves on by the days of the pauses.
func (k *reckoner) rest(pauses []Pause) {
	for _, p := range pauses {
		n := p.Days(CalendarDays, k.calendar)
		if n == 0 {
			continue
		}
		k.due.Day = k.due.Day.AddDays(n)
		k.note(StepPause, "%s至%s暂停，%d日不计，顺延至%s", p.From.Chinese(), p.To.AddDays(-1).Chinese(), n, k.due.Day.Chinese())
	}
}

// nextYearDay moves on to the next such day of a year, or stays on it.
func (k *reckoner) nextYearDay(text string) {
	at, err := time.Parse("01-02", text)
	if err != nil { // the schema lets none in
		return
	}
	from, day := k.due.Day, DateOf(at, time.UTC) // of the year 0, which has a 29 February
	k.due.Day = day.AddMonths(12 * from.Year)
	if k.due.Day.Before(from) {
		k.due.Day = day.AddMonths(12 * (from.Year + 1))
	}
	k.note(StepCount, "%s起的下一个%s是%s", from.Chinese(), at.Format("1月2日"), k.due.Day.Chinese())
}

// roll moves a last day that is no working day on to the next one.
func (k *reckoner) roll() {
	for kind := k.ask(); !kind.Works(); kind = k.ask() {
		k.note(StepRoll, "最后一日%s，不是工作日，顺延（民法典第二百零三条）", k.describe(kind))
		k.due.Day = k.due.Day.AddDays(1)
	}
}

func (k *reckoner) end() {
	words := "期限是" + k.due.Day.Chinese()
	if k.due.Provisional {
		words += "（暂定）"
	}
	k.note(StepDue, "%s", words)
}
