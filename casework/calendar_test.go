package casework_test

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fuyan/casework"
)

// seeded reads the migration that ships the rules and the calendar.
func seeded(t *testing.T) string {
	t.Helper()
	sql, err := os.ReadFile("../migrations/0005_create_rules_and_calendar.sql")
	if err != nil {
		t.Fatal(err)
	}
	return string(sql)
}

var calendarRow = regexp.MustCompile(`(?m)^    \('([-\d]{10})', (true|false), '([^']+)', '([^']+)'\)[,;]$`)

// shipped is the calendar of 2021 to 2026 that the migrations hold.
func shipped(t *testing.T) casework.Calendar {
	t.Helper()
	var days []casework.CalendarDay
	for _, row := range calendarRow.FindAllStringSubmatch(seeded(t), -1) {
		days = append(days, casework.CalendarDay{Day: day(row[1]), Off: row[2] == "true", Name: row[3], Notice: row[4]})
	}
	return casework.NewCalendar(days, []int{2021, 2022, 2023, 2024, 2025, 2026})
}

// notices are the days off, inclusive, and the days that make up for them, as
// the notices of the State Council name them.
var notices = []struct {
	year, notice, off, madeUp string
}{
	{
		"2021", "国办发明电〔2020〕27号",
		"01-01/01-03 02-11/02-17 04-03/04-05 05-01/05-05 06-12/06-14 09-19/09-21 10-01/10-07",
		"02-07 02-20 04-25 05-08 09-18 09-26 10-09",
	},
	{
		"2022", "国办发明电〔2021〕11号",
		"01-01/01-03 01-31/02-06 04-03/04-05 04-30/05-04 06-03/06-05 09-10/09-12 10-01/10-07",
		"01-29 01-30 04-02 04-24 05-07 10-08 10-09",
	},
	{
		"2023", "国办发明电〔2022〕16号",
		"2022-12-31/01-02 01-21/01-27 04-05/04-05 04-29/05-03 06-22/06-24 09-29/10-06",
		"01-28 01-29 04-23 05-06 06-25 10-07 10-08",
	},
	{
		"2024", "国办发明电〔2023〕7号",
		"01-01/01-01 02-10/02-17 04-04/04-06 05-01/05-05 06-10/06-10 09-15/09-17 10-01/10-07",
		"02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
	},
	{
		"2025", "国办发明电〔2024〕12号",
		"01-01/01-01 01-28/02-04 04-04/04-06 05-01/05-05 05-31/06-02 10-01/10-08",
		"01-26 02-08 04-27 09-28 10-11",
	},
	{
		"2026", "国办发明电〔2025〕7号",
		"01-01/01-03 02-15/02-23 04-04/04-06 05-01/05-05 06-19/06-21 09-25/09-27 10-01/10-07",
		"01-04 02-14 02-28 05-09 09-20 10-10",
	},
}

func TestShippedCalendarIsTheNotices(t *testing.T) {
	t.Parallel()
	want := map[string]string{}
	for _, n := range notices {
		full := func(s string) casework.Date {
			if len(s) == len("01-02") {
				s = n.year + "-" + s
			}
			return day(s)
		}
		for span := range strings.FieldsSeq(n.off) {
			first, last, _ := strings.Cut(span, "/")
			for d := full(first); !d.After(full(last)); d = d.AddDays(1) {
				want[d.String()] = "true " + n.notice
			}
		}
		for s := range strings.FieldsSeq(n.madeUp) {
			want[full(s).String()] = "false " + n.notice
		}
	}
	got := map[string]string{}
	for _, row := range calendarRow.FindAllStringSubmatch(seeded(t), -1) {
		got[row[1]] = row[2] + " " + row[4]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calendar_days of the migration (-notices +got):\n%s", diff)
	}
}

func TestWorkingDaysOfEachMonth(t *testing.T) {
	t.Parallel()
	calendar := shipped(t)
	for _, tt := range []struct {
		year   int
		months [12]int
		total  int
	}{
		{2021, [12]int{20, 17, 23, 22, 19, 21, 22, 22, 22, 17, 22, 23}, 250},
		{2022, [12]int{21, 16, 23, 21, 20, 21, 21, 23, 21, 18, 22, 22}, 249},
		{2023, [12]int{18, 20, 23, 20, 21, 21, 21, 23, 20, 19, 22, 21}, 249},
		{2024, [12]int{22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22}, 251},
		{2025, [12]int{19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23}, 248},
		{2026, [12]int{21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23}, 248},
	} {
		var months [12]int
		total := 0
		for d := (casework.Date{Year: tt.year, Month: time.January, Day: 1}); d.Year == tt.year; d = d.AddDays(1) {
			working, provisional := calendar.Working(d)
			if provisional {
				t.Errorf("Working(%v) is provisional in a year that is loaded", d)
			}
			if working {
				months[d.Month-1]++
				total++
			}
		}
		if months != tt.months || total != tt.total {
			t.Errorf("working days of %d: %v, together %d, want %v, together %d", tt.year, months, total, tt.months, tt.total)
		}
	}
}

func TestWorking(t *testing.T) {
	t.Parallel()
	calendar := shipped(t)
	for _, tt := range []struct {
		day                  string
		working, provisional bool
	}{
		{"2025-06-17", true, false},
		{"2025-06-14", false, false}, // Saturday
		{"2025-09-28", true, false},  // Sunday, made up
		{"2025-06-02", false, false}, // Monday, 端午
		{"2024-02-09", true, false},  // 除夕, leave only encouraged
		{"2022-12-31", false, false}, // by the notice of 2023
		{"2024-05-02", false, false},
		{"2023-01-03", true, false},
		{"2027-01-01", false, true}, // Friday, fixed by statute
		{"2027-01-04", true, true},
		{"2027-01-02", false, true}, // Saturday; it might be made up
		{"2027-02-05", true, true},  // 除夕, but the moon is not computed
		{"2027-10-01", false, true},
		{"2027-10-04", true, true}, // Monday, fixed are three days
		{"2028-05-01", false, true},
		{"2028-05-02", false, true}, // Tuesday, the second day since 2025
		{"2028-05-03", true, true},
		{"2028-10-03", false, true}, // Tuesday
		{"2019-05-02", true, true},  // Thursday, not yet one
		{"2020-06-17", true, true},  // before the first notice
	} {
		working, provisional := calendar.Working(day(tt.day))
		if working != tt.working || provisional != tt.provisional {
			t.Errorf("Working(%s) = %v, provisional %v; want %v, %v", tt.day, working, provisional, tt.working, tt.provisional)
		}
	}
}

// A notice that comes is a matter of data: what was provisional is so no more.
func TestPublishedNoticeEndsProvisional(t *testing.T) {
	t.Parallel()
	from := day("2027-02-03")
	before := casework.NewCalendar(nil, nil).AddWorkingDays(from, 2)
	if want := (casework.Due{Day: day("2027-02-05"), Provisional: true}); before != want {
		t.Errorf("without a notice: %v, want %v", before, want)
	}
	after := casework.NewCalendar([]casework.CalendarDay{
		{Day: day("2027-02-05"), Off: true},
		{Day: day("2027-02-06"), Off: false},
	}, []int{2027}).AddWorkingDays(from, 2)
	if want := (casework.Due{Day: day("2027-02-06")}); after != want {
		t.Errorf("with a notice: %v, want %v", after, want)
	}
}

// TestWholeYears takes a year for complete only by what every notice holds.
func TestWholeYears(t *testing.T) {
	t.Parallel()
	off := func(first string, n int) []casework.CalendarDay {
		var out []casework.CalendarDay
		for i := range n {
			out = append(out, casework.CalendarDay{Day: day(first).AddDays(i), Off: true})
		}
		return out
	}
	fixed := slices.Concat(off("2027-01-01", 1), off("2027-05-01", 2), off("2027-10-01", 3))
	worked := []casework.CalendarDay{{Day: day("2027-02-06")}}
	for name, tt := range map[string]struct {
		days []casework.CalendarDay
		want []int
	}{
		"a notice":             {slices.Concat(fixed, off("2027-02-07", 7), worked), []int{2027}},
		"twelve days off":      {slices.Concat(fixed, off("2027-02-07", 6), worked), nil},
		"the first of three":   {slices.Concat(off("2027-01-01", 1), off("2027-05-01", 1), off("2027-10-01", 1), worked), nil},
		"holidays only":        {slices.Concat(fixed, off("2027-02-07", 7)), nil},
		"without National Day": {slices.Concat(fixed[:3], off("2027-02-07", 12), worked), nil},
		"two years": {
			slices.Concat(fixed, off("2027-02-07", 7), worked, off("2028-01-01", 8), off("2028-05-01", 1), off("2028-10-01", 4), []casework.CalendarDay{{Day: day("2028-10-14")}}),
			[]int{2027, 2028},
		},
		"days of two other years": {slices.Concat(fixed, off("2028-02-07", 7), worked), nil},
	} {
		if diff := cmp.Diff(tt.want, casework.WholeYears(tt.days)); diff != "" {
			t.Errorf("%s: whole years (-want +got):\n%s", name, diff)
		}
	}
}

func TestLeft(t *testing.T) {
	t.Parallel()
	calendar := shipped(t)
	for _, tt := range []struct {
		from, to string
		want     casework.Left
	}{
		{"2026-06-17", "2026-06-17", casework.Left{}},
		{"2026-06-19", "2026-06-21", casework.Left{}}, // 端午, Friday to Sunday
		{"2026-06-17", "2026-06-22", casework.Left{Days: 2}},
		{"2026-06-22", "2026-06-17", casework.Left{Days: -2}},
		{"2026-12-30", "2027-01-04", casework.Left{Days: 2, Provisional: true}},
		{"2027-01-04", "2026-12-30", casework.Left{Days: -2, Provisional: true}},
	} {
		if got := calendar.Left(day(tt.from), day(tt.to)); got != tt.want {
			t.Errorf("Left(%s, %s) = %+v, want %+v", tt.from, tt.to, got, tt.want)
		}
	}
}

func TestCheckDay(t *testing.T) {
	t.Parallel()
	if err := casework.CheckDay("due", day("2199-12-31")); err != nil {
		t.Errorf("the last day: %v", err)
	}
	err := casework.CheckDay("due", day("2200-01-01"))
	if wrong, ok := errors.AsType[*casework.FieldError](err); !ok || wrong.Field != "due" || wrong.Want != "应在2199年或以前，现在是2200年1月1日" {
		t.Errorf("the day after: %v", err)
	}
}

func TestAddWorkingDaysCountsWorkingDays(t *testing.T) {
	t.Parallel()
	calendar := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		from := day("2020-06-01").AddDays(rapid.IntRange(0, 2800).Draw(t, "from"))
		n := rapid.IntRange(1, 60).Draw(t, "n")
		due := calendar.AddWorkingDays(from, n)
		count, provisional := 0, false
		for d := from.AddDays(1); !d.After(due.Day); d = d.AddDays(1) {
			working, p := calendar.Working(d)
			provisional = provisional || p
			if working {
				count++
			}
		}
		if last, _ := calendar.Working(due.Day); !last || count != n || provisional != due.Provisional {
			t.Fatalf("AddWorkingDays(%v, %d) = %v: the last works %v, %d working days, provisional %v", from, n, due, last, count, provisional)
		}
	})
}

// TestLeftCountsEachDay: what is counted at once is what is counted day by day.
func TestLeftCountsEachDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		day := rapid.Custom(func(rt *rapid.T) casework.Date {
			return casework.Date{Year: 2024, Month: time.January, Day: 1}.AddDays(rapid.IntRange(0, 1200).Draw(rt, "day"))
		})
		var days []casework.CalendarDay
		for d, off := range rapid.MapOfN(day, rapid.Bool(), 0, 80).Draw(rt, "days") {
			days = append(days, casework.CalendarDay{Day: d, Off: off})
		}
		c := casework.NewCalendar(nil, nil).Import(days, nil, rapid.SliceOf(rapid.IntRange(2024, 2027)).Draw(rt, "whole"))
		from, to := day.Draw(rt, "from"), day.Draw(rt, "to")
		var want casework.Left
		for d := from; d.Before(to); {
			d = d.AddDays(1)
			working, provisional := c.Working(d)
			if working {
				want.Days++
			}
			want.Provisional = want.Provisional || provisional
		}
		got := c.Left(from, to)
		if to.Before(from) {
			got, want = c.Left(to, from), casework.Left{Days: -got.Days, Provisional: got.Provisional}
		}
		if got != want {
			rt.Errorf("Left(%s, %s) = %+v, want %+v", from, to, got, want)
		}
	})
}
