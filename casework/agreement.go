package casework

// A DayChange is one way in which a deadline's day moved after it began.
type DayChange struct {
	Cause         string // extension, due_change, resume, reopened; others do not decide a day
	Before, After Date
	Pause         Pause // of a resume
	Met           Date  // of one that was reopened: when it had been met
	Reason        string
}

// An Agreement is a deadline whose day somebody may have decided, and how.
type Agreement struct {
	Promise    bool // else it follows from a rule
	Basis      string
	Trigger    Date
	First, Due Date
	// Provisional says the same of the day as in a [Due].
	Provisional bool
	Paused      Date // since when it does not run
	Met, Ended  Date
	Changes     []DayChange
}

// Explain says why a day that no rule reckons is the day: it was agreed, or set
// before rules were on record, and may have been changed.
func (a Agreement) Explain() []Step {
	begun, first := "期限由确认承诺时约定。依据：", "最初约定"
	if !a.Promise {
		begun, first = "期限登记时没有留下所依的规定。依据：", "最初是"
	}
	steps := []Step{{StepRule, a.Trigger, begun + a.Basis}, {StepDecision, a.First, first + a.First.Chinese()}}
	return a.end(append(steps, told(a.Changes)...))
}

// told are the steps of changes that somebody decided.
func told(changes []DayChange) []Step {
	var out []Step
	for _, g := range changes {
		if g.decides() || g.Cause == "reopened" || g.Cause == "resume" && g.Pause.From != g.Pause.To {
			out = append(out, g.step())
		}
	}
	return out
}

// end adds the last steps: a pause that lasts, and the day.
func (a Agreement) end(steps []Step) []Step {
	if !a.Paused.IsZero() {
		steps = append(steps, Step{StepPause, a.Paused, a.Paused.Chinese() + "起暂停，尚未恢复"})
	}
	words := "期限是" + a.Due.Chinese()
	if a.Provisional {
		words += "（暂定）"
	}
	return append(steps, Step{StepDue, a.Due, words})
}

// kept says why the day stands although the calendar, as it now is, leads to
// another.
func (a Agreement) kept(day Date) Step {
	state := "已经决定"
	switch {
	case !a.Met.IsZero():
		state = "已完成"
	case !a.Ended.IsZero():
		state = "已终止"
	}
	return Step{StepDecision, day, "日历其后有调整，" + state + "的期限不变，仍是" + day.Chinese()}
}

// ExplainBy says why the day is the day: by the rule and the calendar, with the
// pauses, and then by what was decided.
func (a Agreement) ExplainBy(r Rule, c Calendar) ([]Step, error) {
	decided, pauses := len(a.Changes), []Pause(nil)
	for i, g := range a.Changes {
		if g.decides() {
			decided = i
			break
		}
		if g.Cause == "resume" {
			pauses = append(pauses, g.Pause)
		}
	}
	reckoned, err := r.Explain(a.Trigger, c, Strict, pauses...)
	if err != nil {
		return nil, err
	}
	before := a.Due
	if decided < len(a.Changes) {
		before = a.Changes[decided].Before
	}
	steps := reckoned.Steps[:len(reckoned.Steps)-1]
	if reckoned.Day != before {
		steps = append(steps, a.kept(before))
	}
	return a.end(append(steps, told(a.Changes[decided:])...)), nil
}

// decides reports whether the change puts a decision in the place of the rule.
func (g DayChange) decides() bool { return g.Cause == "extension" || g.Cause == "due_change" }

func (g DayChange) step() Step {
	words := g.Before.Chinese() + "改为" + g.After.Chinese()
	kind := StepDecision
	switch g.Cause {
	case "extension":
		words = "经批准延期，" + words
	case "resume":
		kind = StepPause
		words = g.Pause.From.Chinese() + "至" + g.Pause.To.AddDays(-1).Chinese() + "暂停，" + words
	case "reopened":
		words = g.Met.Chinese() + "报告完成，未通过核查，期限不变"
	}
	if g.Reason != "" {
		words += "：" + g.Reason
	}
	return Step{kind, g.After, words}
}

// Resume returns the day of a deadline in this unit after the pause, and how many
// days the pause took.
func (p Pause) Resume(due Due, u Unit, c Calendar) (Due, int) {
	n := p.Days(u, c)
	if u != WorkingDays {
		return Due{due.Day.AddDays(n), due.Provisional}, n
	}
	after := c.AddWorkingDays(due.Day, n)
	after.Provisional = after.Provisional || due.Provisional
	return after, n
}
