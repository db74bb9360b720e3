package casework_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
)

func TestAgreementExplains(t *testing.T) {
	t.Parallel()
	change := func(cause, before, after, reason string) casework.DayChange {
		return casework.DayChange{Cause: cause, Before: day(before), After: day(after), Reason: reason}
	}
	resume := change("resume", "2026-08-10", "2026-08-13", "会办意见已到")
	resume.Pause = casework.Pause{From: day("2026-03-02"), To: day("2026-03-05")}
	reply := casework.Rule{Code: casework.RuleReply, Name: "答复", Trigger: "交办日", Amount: 3, Unit: casework.Months, Basis: "比照代表建议"}
	for name, tt := range map[string]struct {
		changes []casework.DayChange
		due     string
		want    []string
	}{
		"none": {nil, "2026-05-10", []string{"count 3个月后的同一日是2026年5月10日", "due 期限是2026年5月10日"}},
		"extended, then paused": {
			[]casework.DayChange{change("extension", "2026-05-10", "2026-08-10", "涉及面广"), resume},
			"2026-08-13",
			[]string{
				"count 3个月后的同一日是2026年5月10日",
				"decision 经批准延期，2026年5月10日改为2026年8月10日：涉及面广",
				"pause 2026年3月2日至2026年3月4日暂停，2026年8月10日改为2026年8月13日：会办意见已到",
				"due 期限是2026年8月13日",
			},
		},
		"paused": {
			[]casework.DayChange{resume, change("calendar", "2026-05-10", "2026-05-11", "不决定")},
			"2026-05-13",
			[]string{"count 3个月后的同一日是2026年5月10日", "pause 2026年3月2日至2026年3月4日暂停，3日不计，顺延至2026年5月13日", "due 期限是2026年5月13日"},
		},
	} {
		a := casework.Agreement{Trigger: day("2026-02-10"), First: day("2026-05-10"), Due: day(tt.due), Changes: tt.changes}
		steps, err := a.ExplainBy(reply, shipped(t))
		if diff := cmp.Diff(tt.want, words(casework.Reckoning{Steps: steps})); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	promise := casework.Agreement{
		Promise: true, Basis: "某试提复〔2026〕1号", Trigger: day("2026-03-02"), First: day("2026-09-30"), Due: day("2026-12-31"),
		Changes: []casework.DayChange{change("due_change", "2026-09-30", "2026-12-31", "设备到货晚")},
	}
	want := []string{"decision 最初约定2026年9月30日", "decision 2026年9月30日改为2026年12月31日：设备到货晚", "due 期限是2026年12月31日"}
	if diff := cmp.Diff(want, words(casework.Reckoning{Steps: promise.Explain()})); diff != "" {
		t.Errorf("a promise (-want +got):\n%s", diff)
	}
}

// TestAgreementThatTheCalendarLeft explains a day that was met, ended or decided
// before the calendar, as it now is, came to lead to another.
func TestAgreementThatTheCalendarLeft(t *testing.T) {
	t.Parallel()
	publish := casework.Rule{Code: casework.RulePublish, Name: "公开", Trigger: "成文日期", Amount: 2, Unit: casework.WorkingDays}
	decided := []casework.DayChange{{Cause: "due_change", Before: day("2026-03-05"), After: day("2026-03-10")}}
	for name, tt := range map[string]struct {
		a    casework.Agreement // from 2 March; by the calendar two working days are the 4th
		want []string
	}{
		"met": {
			casework.Agreement{Due: day("2026-03-05"), Met: day("2026-03-03")},
			[]string{"decision 日历其后有调整，已完成的期限不变，仍是2026年3月5日", "due 期限是2026年3月5日"},
		},
		"ended": {
			casework.Agreement{Due: day("2026-03-05"), Ended: day("2026-03-03")},
			[]string{"decision 日历其后有调整，已终止的期限不变，仍是2026年3月5日", "due 期限是2026年3月5日"},
		},
		"decided": {
			casework.Agreement{Due: day("2026-03-10"), Changes: decided},
			[]string{
				"decision 日历其后有调整，已经决定的期限不变，仍是2026年3月5日",
				"decision 2026年3月5日改为2026年3月10日", "due 期限是2026年3月10日",
			},
		},
		"as it is": {casework.Agreement{Due: day("2026-03-04"), Met: day("2026-03-03")}, []string{"due 期限是2026年3月4日"}},
		"still provisional": {
			casework.Agreement{Due: day("2026-03-04"), Provisional: true}, []string{"due 期限是2026年3月4日（暂定）"},
		},
	} {
		tt.a.Trigger, tt.a.First = day("2026-03-02"), day("2026-03-05")
		steps, err := tt.a.ExplainBy(publish, shipped(t))
		want := append([]string{"count 第2个工作日是2026年3月4日"}, tt.want...)
		if diff := cmp.Diff(want, words(casework.Reckoning{Steps: steps})); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

// TestPausesInWords leaves out one that took nothing, and tells of one that lasts.
func TestPausesInWords(t *testing.T) {
	t.Parallel()
	reply := casework.Rule{Code: casework.RuleReply, Name: "答复", Trigger: "交办日", Amount: 3, Unit: casework.Months}
	empty := casework.Pause{From: day("2026-03-02"), To: day("2026-03-02")}
	resume := casework.DayChange{Cause: "resume", Before: day("2026-05-10"), After: day("2026-05-10"), Pause: empty}
	extension := casework.DayChange{Cause: "extension", Before: day("2026-05-10"), After: day("2026-06-10")}
	late := resume
	late.Before, late.After = day("2026-06-10"), day("2026-06-10")
	for name, tt := range map[string]struct {
		a    casework.Agreement
		want []string
	}{
		"resumed the same day": {
			casework.Agreement{Due: day("2026-05-10"), Changes: []casework.DayChange{resume}},
			[]string{"due 期限是2026年5月10日"},
		},
		"resumed the same day, after a decision": {
			casework.Agreement{Due: day("2026-06-10"), Changes: []casework.DayChange{extension, late}},
			[]string{"decision 经批准延期，2026年5月10日改为2026年6月10日", "due 期限是2026年6月10日"},
		},
		"still paused": {
			casework.Agreement{Due: day("2026-05-10"), Paused: day("2026-04-01")},
			[]string{"pause 2026年4月1日起暂停，尚未恢复", "due 期限是2026年5月10日"},
		},
	} {
		tt.a.Trigger, tt.a.First = day("2026-02-10"), day("2026-05-10")
		steps, err := tt.a.ExplainBy(reply, shipped(t))
		want := append([]string{"count 3个月后的同一日是2026年5月10日"}, tt.want...)
		if diff := cmp.Diff(want, words(casework.Reckoning{Steps: steps})); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

// TestAgreementWithoutARule says of a promise that it was agreed, and of nothing
// else.
func TestAgreementWithoutARule(t *testing.T) {
	t.Parallel()
	reopened := casework.DayChange{Cause: "reopened", Before: day("2026-05-10"), After: day("2026-05-10"), Met: day("2026-05-08"), Reason: "不足"}
	a := casework.Agreement{Basis: "甲", Trigger: day("2026-02-10"), First: day("2026-05-10"), Due: day("2026-05-10")}
	if got := a.Explain()[0].Words; got != "期限登记时没有留下所依的规定。依据：甲" {
		t.Errorf("a reply of before: %s", got)
	}
	a.Promise, a.Changes = true, []casework.DayChange{reopened}
	steps := a.Explain()
	if got := steps[0].Words; got != "期限由确认承诺时约定。依据：甲" {
		t.Errorf("a promise: %s", got)
	}
	if got := steps[2].Words; got != "2026年5月8日报告完成，未通过核查，期限不变：不足" {
		t.Errorf("reopened: %s", got)
	}
}

// One day on record makes no year, and what is imported replaces what was there.
func TestImportIntoACalendar(t *testing.T) {
	t.Parallel()
	before := shipped(t)
	after := before.Import([]casework.CalendarDay{
		{Day: day("2026-05-16"), Name: "调休上班"}, {Day: day("2027-01-01"), Off: true, Name: "元旦"},
	}, []casework.Date{day("2026-05-09")}, nil)
	if after.Whole(2027) || !after.Whole(2026) {
		t.Error("a single day of 2027 declares it whole, or 2026 is whole no more")
	}
	want := []casework.Date{day("2026-05-09"), day("2026-05-16")}
	if diff := cmp.Diff(want, before.Changed(after, []int{2026, 2027})); diff != "" {
		t.Errorf("changed days (-want +got):\n%s", diff)
	}
	if kind, provisional := after.Kind(day("2027-01-04")); kind != casework.Workday || !provisional {
		t.Errorf("a Monday of 2027 is %s, provisional %v", kind, provisional)
	}
	if kind, provisional := casework.NewCalendar(nil, []int{2027}).Kind(day("2027-10-01")); kind != casework.Workday || provisional {
		t.Errorf("a Friday that a whole year does not name is %s, provisional %v", kind, provisional)
	}
	if works, _ := before.Working(day("2026-05-16")); works {
		t.Error("the calendar before has changed")
	}
}

func TestRuleCheck(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rule  casework.Rule
		field string
	}{
		"a reply in months":       {casework.Rule{Code: casework.RuleReply, Amount: 2, Unit: casework.Months}, ""},
		"a reply at once":         {casework.Rule{Code: casework.RuleReply, Unit: casework.Months}, "rule.unit"},
		"a reply on a year's day": {casework.Rule{Code: casework.RuleReply, Unit: casework.YearDay, YearDay: "11-15"}, "rule.unit"},
		"a reply on record only":  {casework.Rule{Code: casework.RuleReply, Unit: casework.NoUnit}, "rule.unit"},
		"a day that is none":      {casework.Rule{Code: "YEAR_REPORT", Unit: casework.YearDay, YearDay: "02-30"}, "rule.year_day"},
		"a year's day":            {casework.Rule{Code: "YEAR_REPORT", Unit: casework.YearDay, YearDay: "12-31"}, ""},
		"an amount of nothing":    {casework.Rule{Code: "YEAR_REPORT", Amount: 1, Unit: casework.YearDay, YearDay: "12-31"}, "rule.amount"},
		"a day too much":          {casework.Rule{Code: "COPY", Unit: casework.CalendarDays, YearDay: "12-31"}, "rule.year_day"},
		"less than nothing":       {casework.Rule{Code: "COPY", Amount: -1, Unit: casework.CalendarDays}, "rule.amount"},
		"at once":                 {casework.Rule{Code: "COPY", Unit: casework.CalendarDays}, ""},
	} {
		err := tt.rule.Check()
		f, _ := errors.AsType[*casework.FieldError](err)
		if (err != nil) != (tt.field != "") || f != nil && f.Field != tt.field {
			t.Errorf("%s: %v, want the field %q", name, err, tt.field)
		}
	}
}
