package casework_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fuyan/casework"
)

// bruteForce counts days with nothing of package casework: the raw notices and
// the standard library's clock.
type bruteForce map[string]bool // whether a day is off, by notice

func newBruteForce(t *testing.T) bruteForce {
	t.Helper()
	b := bruteForce{}
	for _, n := range notices {
		at := func(s string) time.Time {
			if len(s) == len("01-02") {
				s = n.year + "-" + s
			}
			d, err := time.Parse(time.DateOnly, s)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		for span := range strings.FieldsSeq(n.off) {
			first, last, _ := strings.Cut(span, "/")
			for d := at(first); !d.After(at(last)); d = d.AddDate(0, 0, 1) {
				b[d.Format(time.DateOnly)] = true
			}
		}
		for s := range strings.FieldsSeq(n.madeUp) {
			b[at(s).Format(time.DateOnly)] = false
		}
	}
	return b
}

func (b bruteForce) works(d time.Time) bool {
	if off, named := b[d.Format(time.DateOnly)]; named {
		return !off
	}
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
}

// due reckons day by day: a month ends before the same number of days of the
// next month is reached, and where there is no such day, with its last.
func (b bruteForce) due(from time.Time, amount int, unit casework.Unit, roll bool) string {
	d := from
	switch unit {
	case casework.WorkingDays:
		for n := 0; n < amount; {
			if d = d.AddDate(0, 0, 1); b.works(d) {
				n++
			}
		}
	case casework.CalendarDays:
		for range amount {
			d = d.AddDate(0, 0, 1)
		}
	default:
		for n := 0; n < amount; { // from month to month by single days
			next := d.AddDate(0, 0, 1)
			if next.Month() != d.Month() {
				n++
			}
			d = next
		}
		for d.Day() < from.Day() && d.AddDate(0, 0, 1).Month() == d.Month() {
			d = d.AddDate(0, 0, 1)
		}
	}
	for roll && !b.works(d) {
		d = d.AddDate(0, 0, 1)
	}
	return d.Format(time.DateOnly)
}

var reckoned = []casework.Rule{
	{Code: casework.RuleReturn, Amount: 7, Unit: casework.WorkingDays},
	{Code: casework.RuleFeedback, Amount: 15, Unit: casework.WorkingDays},
	{Code: casework.RulePublish, Amount: 20, Unit: casework.WorkingDays},
	{Code: "DAYS", Amount: 15, Unit: casework.CalendarDays},
	{Code: casework.RuleOpinion, Amount: 1, Unit: casework.Months},
	{Code: casework.RuleReply, Amount: 3, Unit: casework.Months},
	{Code: casework.RuleExtend, Amount: 6, Unit: casework.Months},
}

// TestBruteForce compares every fifth day of six years, and the days around which
// counting goes wrong, by seven rules and in both modes.
func TestBruteForce(t *testing.T) {
	t.Parallel()
	calendar, brute := shipped(t), newBruteForce(t)
	var days []time.Time
	for d := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC); d.Before(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)); d = d.AddDate(0, 0, 5) {
		days = append(days, d)
	}
	for s := range strings.FieldsSeq(`2022-12-30 2022-12-31 2023-01-01 2024-02-08 2024-02-09 2024-02-10 2024-02-29 2023-02-28 2023-11-29
		2023-11-30 2023-12-31 2022-10-31 2021-08-31 2025-01-31 2025-03-31 2025-05-31 2024-08-31 2023-08-29 2026-02-28 2026-04-30`) {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		days = append(days, d)
	}
	compared := 0
	for _, from := range days {
		for _, rule := range reckoned {
			for _, mode := range []casework.Mode{casework.Strict, casework.Rollover} {
				trigger := casework.DateOf(from, time.UTC)
				want := brute.due(from, rule.Amount, rule.Unit, mode == casework.Rollover)
				got, err := rule.Due(trigger, calendar, mode)
				if err != nil || got.Day.String() != want || got.Provisional {
					t.Errorf("%s from %s, %s: %v, %v, want %s", rule.Code, trigger, mode, got, err, want)
				}
				compared++
			}
		}
	}
	if compared < 5000 {
		t.Errorf("compared %d dates", compared)
	}
}

func TestRollover(t *testing.T) {
	t.Parallel()
	calendar := shipped(t)
	for _, tt := range []struct {
		from, strict, rollover string
		provisional            bool
	}{
		{"2022-09-30", "2022-12-30", "2022-12-30", false},
		{"2022-09-28", "2022-12-28", "2022-12-28", false},
		{"2022-10-01", "2023-01-01", "2023-01-03", false}, // 元旦 is named by the notice of 2023
		{"2023-11-09", "2024-02-09", "2024-02-09", false}, // 除夕 of 2024 is worked
		{"2023-11-10", "2024-02-10", "2024-02-18", false}, // past 春节 to a Sunday that is worked
		{"2022-09-24", "2022-12-24", "2022-12-26", false},
		{"2026-11-04", "2027-02-04", "2027-02-04", true}, // the calendar is asked, and does not know
		{"2026-10-02", "2027-01-02", "2027-01-04", true},
		{"2026-10-01", "2027-01-01", "2027-01-04", true},
	} {
		rule := casework.Rule{Code: casework.RuleReply, Amount: 3, Unit: casework.Months}
		strict, err := rule.Due(day(tt.from), calendar, casework.Strict)
		if err != nil || strict != (casework.Due{Day: day(tt.strict)}) {
			t.Errorf("three months from %s: %v, %v, want %s", tt.from, strict, err, tt.strict)
		}
		rolled, err := rule.Due(day(tt.from), calendar, casework.Rollover)
		if want := (casework.Due{Day: day(tt.rollover), Provisional: tt.provisional}); err != nil || rolled != want {
			t.Errorf("three months from %s, rolled over: %v, %v, want %v", tt.from, rolled, err, want)
		}
	}
}

// ExampleRule_Explain is the publication of a letter of 28 September 2025.
func ExampleRule_Explain() {
	rule := casework.Rule{
		Code: casework.RulePublish, Name: "公开", Trigger: "成文日期", Amount: 7, Unit: casework.WorkingDays,
		Basis: "政府信息公开条例第二十六条", Confirmed: true,
	}
	const notice = "国办发明电〔2024〕12号"
	days := []casework.CalendarDay{{Day: day("2025-09-28"), Notice: notice}, {Day: day("2025-10-11"), Notice: notice}}
	for n := range 8 {
		days = append(days, casework.CalendarDay{Day: day("2025-10-01").AddDays(n), Off: true, Name: "国庆中秋", Notice: notice})
	}
	r, _ := rule.Explain(day("2025-09-26"), casework.NewCalendar(days, []int{2025}), casework.Strict)
	for _, s := range r.Steps {
		fmt.Println(s.Kind, s.Day, s.Words)
	}
	// Output:
	// rule 2025-09-26 公开：自成文日期起7个工作日。依据：政府信息公开条例第二十六条
	// start 2025-09-26 2025年9月26日（周五）是成文日期，当日不计
	// skip 2025-09-27 2025年9月27日（周六），不计
	// make_up 2025-09-28 2025年9月28日（周日）调休上班（国办发明电〔2024〕12号），计入
	// skip 2025-10-01 2025年10月1日（周三）国庆中秋放假（国办发明电〔2024〕12号），不计
	// skip 2025-10-02 2025年10月2日（周四）国庆中秋放假（国办发明电〔2024〕12号），不计
	// skip 2025-10-03 2025年10月3日（周五）国庆中秋放假（国办发明电〔2024〕12号），不计
	// skip 2025-10-04 2025年10月4日（周六）国庆中秋放假（国办发明电〔2024〕12号），不计
	// skip 2025-10-05 2025年10月5日（周日）国庆中秋放假（国办发明电〔2024〕12号），不计
	// skip 2025-10-06 2025年10月6日（周一）国庆中秋放假（国办发明电〔2024〕12号），不计
	// skip 2025-10-07 2025年10月7日（周二）国庆中秋放假（国办发明电〔2024〕12号），不计
	// skip 2025-10-08 2025年10月8日（周三）国庆中秋放假（国办发明电〔2024〕12号），不计
	// make_up 2025-10-11 2025年10月11日（周六）调休上班（国办发明电〔2024〕12号），计入
	// skip 2025-10-12 2025年10月12日（周日），不计
	// count 2025-10-13 第7个工作日是2025年10月13日
	// due 2025-10-13 期限是2025年10月13日
}

// words are the steps of a reckoning without those that each has.
func words(r casework.Reckoning) []string {
	var out []string
	for _, s := range r.Steps {
		if s.Kind != casework.StepRule && s.Kind != casework.StepStart {
			out = append(out, string(s.Kind)+" "+s.Words)
		}
	}
	return out
}

func TestExplain(t *testing.T) {
	t.Parallel()
	calendar := shipped(t)
	for name, tt := range map[string]struct {
		rule   casework.Rule
		from   string
		mode   casework.Mode
		pauses []casework.Pause
		want   []string
	}{
		"a short month": {
			casework.Rule{Amount: 3, Unit: casework.Months},
			"2023-11-30", casework.Strict, nil,
			[]string{"clamp 2024年2月没有30日，以该月最后一日2024年2月29日为准", "due 期限是2024年2月29日"},
		},
		"a last day that moves on": {
			casework.Rule{Amount: 3, Unit: casework.Months},
			"2022-10-01", casework.Rollover, nil,
			[]string{
				"count 3个月后的同一日是2023年1月1日",
				"roll 最后一日2023年1月1日（周日）元旦放假（国办发明电〔2022〕16号），不是工作日，顺延（民法典第二百零三条）",
				"roll 最后一日2023年1月2日（周一）元旦放假（国办发明电〔2022〕16号），不是工作日，顺延（民法典第二百零三条）",
				"due 期限是2023年1月3日",
			},
		},
		"a year that is not published": {
			casework.Rule{Amount: 1, Unit: casework.WorkingDays},
			"2026-12-31", casework.Strict, nil,
			[]string{
				"provisional 2027年的放假安排尚未载入，按周末和法定的固定假日推算，暂定",
				"skip 2027年1月1日（周五）元旦，法定假日，暂定，不计", "skip 2027年1月2日（周六），不计", "skip 2027年1月3日（周日），不计",
				"count 第1个工作日是2027年1月4日", "due 期限是2027年1月4日（暂定）",
			},
		},
		"a pause": {
			casework.Rule{Amount: 3, Unit: casework.WorkingDays},
			"2026-03-02", casework.Strict,
			[]casework.Pause{{From: day("2026-03-04"), To: day("2026-03-10")}},
			[]string{"pause 2026年3月4日至2026年3月9日暂停，4个工作日不计", "count 第3个工作日是2026年3月11日", "due 期限是2026年3月11日"},
		},
		"a pause of months": {
			casework.Rule{Amount: 1, Unit: casework.Months},
			"2026-03-02", casework.Strict,
			[]casework.Pause{{From: day("2026-03-04"), To: day("2026-03-10")}},
			[]string{"count 1个月后的同一日是2026年4月2日", "pause 2026年3月4日至2026年3月9日暂停，6日不计，顺延至2026年4月8日", "due 期限是2026年4月8日"},
		},
		"at once":    {casework.Rule{Unit: casework.CalendarDays}, "2026-03-02", casework.Strict, nil, []string{"count 当日即2026年3月2日", "due 期限是2026年3月2日"}},
		"this year":  {casework.Rule{Unit: casework.YearDay, YearDay: "11-15"}, "2026-11-15", casework.Strict, nil, []string{"count 2026年11月15日起的下一个11月15日是2026年11月15日", "due 期限是2026年11月15日"}},
		"next year":  {casework.Rule{Unit: casework.YearDay, YearDay: "11-15"}, "2026-11-16", casework.Strict, nil, []string{"count 2026年11月16日起的下一个11月15日是2027年11月15日", "due 期限是2027年11月15日"}},
		"a leap day": {casework.Rule{Unit: casework.YearDay, YearDay: "02-29"}, "2026-03-01", casework.Strict, nil, []string{"count 2026年3月1日起的下一个2月29日是2027年2月28日", "due 期限是2027年2月28日"}},
	} {
		got, err := tt.rule.Explain(day(tt.from), calendar, tt.mode, tt.pauses...)
		if diff := cmp.Diff(tt.want, words(got)); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	long, err := casework.Rule{Amount: 6, Unit: casework.Months}.Explain(day("2026-01-05"), calendar, casework.Strict)
	if err != nil || len(long.Steps) != 4 {
		t.Errorf("six months take %d steps, %v: a count in months names no days", len(long.Steps), err)
	}
	if _, err := (casework.Rule{Code: "COMMIT_TERM_END", Unit: casework.NoUnit}).Explain(day("2026-01-05"), calendar, casework.Strict); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("a rule on record only: %v", err)
	}
}

func TestReckoningAsJSON(t *testing.T) {
	t.Parallel()
	r := casework.Reckoning{Due: casework.Due{Day: day("2025-06-17")}, Steps: []casework.Step{{casework.StepDue, day("2025-06-17"), "期限"}}}
	got, err := json.Marshal(r)
	want := `{"due":"2025-06-17","provisional":false,"steps":[{"kind":"due","day":"2025-06-17","words":"期限"}]}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}

func TestWorkingDaysLeft(t *testing.T) {
	t.Parallel()
	calendar := shipped(t)
	for _, tt := range []struct {
		today, due string
		want       int
	}{
		{"2025-06-13", "2025-06-16", 1},
		{"2025-06-13", "2025-06-13", 0},
		{"2025-06-13", "2025-06-15", 0}, // a Sunday
		{"2025-06-16", "2025-06-13", -1},
		{"2025-09-26", "2025-10-09", 4}, // 28, 29, 30 September and 9 October
		{"2025-10-09", "2025-09-26", -4},
		{"2025-05-19", "2025-06-17", 20},
	} {
		if got := calendar.WorkingDays(day(tt.today), day(tt.due)); got != tt.want {
			t.Errorf("WorkingDays(%s, %s) = %d, want %d", tt.today, tt.due, got, tt.want)
		}
	}
}

// TestReckoningProperties holds the ways of reckoning to each other.
func TestReckoningProperties(t *testing.T) {
	t.Parallel()
	calendar := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		rule := rapid.SampledFrom(reckoned).Draw(t, "rule")
		trigger := day("2021-01-01").AddDays(rapid.IntRange(0, 2600).Draw(t, "trigger"))
		strict, err := rule.Due(trigger, calendar, casework.Strict)
		if err != nil || !strict.Day.After(trigger) {
			t.Fatalf("%s from %s: %v, %v", rule.Code, trigger, strict, err)
		}
		rolled, _ := rule.Due(trigger, calendar, casework.Rollover)
		if works, _ := calendar.Working(rolled.Day); !works || calendar.WorkingDays(strict.Day.AddDays(-1), rolled.Day) != 1 {
			t.Fatalf("%s rolls over to %s", strict.Day, rolled.Day)
		}
		explained, err := rule.Explain(trigger, calendar, casework.Strict)
		if err != nil || explained.Due != strict || explained.Steps[len(explained.Steps)-1].Day != strict.Day {
			t.Fatalf("Explain gives %v, %v, Due %v", explained.Due, err, strict)
		}
		if rule.Unit == casework.WorkingDays {
			skipped := len(slices.DeleteFunc(explained.Steps, func(s casework.Step) bool { return s.Kind != casework.StepSkip }))
			if rule.Amount+skipped != strict.Day.Sub(trigger) {
				t.Fatalf("%d days skipped of %d", skipped, strict.Day.Sub(trigger))
			}
		}
		// Pauses one after the other, each before the day that the ones before it left.
		due, pauses := strict, []casework.Pause(nil)
		for at, n := trigger, rapid.IntRange(0, 3).Draw(t, "pauses"); n > 0 && at.Before(due.Day); n-- {
			from := at.AddDays(rapid.IntRange(0, due.Day.Sub(at)).Draw(t, "from"))
			p := casework.PauseOf(trigger, from, from.AddDays(rapid.IntRange(0, 40).Draw(t, "for")))
			before := due
			due, _ = p.Resume(before, rule.Unit, calendar)
			pauses, at = append(pauses, p), p.To
		}
		if again, err := rule.Due(trigger, calendar, casework.Strict, pauses...); err != nil || again.Day != due.Day {
			t.Fatalf("%s from %s with %v: %v, %v, want %v as they were resumed", rule.Code, trigger, pauses, again, err, due)
		}
	})
}
