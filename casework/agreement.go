package casework

// A DayChange is one way in which a deadline's day moved after it began.
type DayChange struct {
	Cause         string // extension, due_change, resume; others do not decide a day
	Before, After Date
	Pause         Pause // of a resume
	Reason        string
}

// An Agreement is a deadline whose day somebody may have decided, and how.
type Agreement struct {
	Basis      string
	Trigger    Date
	First, Due Date
	Changes    []DayChange
}

// Explain says why a day that no rule reckons is the day: it was agreed, and may
// have been changed.
func (a Agreement) Explain() []Step {
	steps := []Step{
		{StepRule, a.Trigger, "期限由确认承诺时约定。依据：" + a.Basis},
		{StepDecision, a.First, "最初约定" + a.First.Chinese()},
	}
	for _, g := range a.Changes {
		steps = append(steps, g.step())
	}
	return append(steps, Step{StepDue, a.Due, "期限是" + a.Due.Chinese()})
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
	if err != nil || decided == len(a.Changes) {
		return reckoned.Steps, err
	}
	steps := reckoned.Steps[:len(reckoned.Steps)-1]
	for _, g := range a.Changes[decided:] {
		if g.decides() || g.Cause == "resume" {
			steps = append(steps, g.step())
		}
	}
	return append(steps, Step{StepDue, a.Due, "期限是" + a.Due.Chinese()}), nil
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
