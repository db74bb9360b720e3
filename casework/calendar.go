package casework

import (
	"maps"
	"slices"
	"time"
)

// A CalendarDay is a day that is not what its weekday says: off by a notice of
// the State Council, or worked to make up for one (调休).
type CalendarDay struct {
	Day    Date
	Off    bool
	Name   string // 国庆节; 调休上班
	Notice string // 国办发明电〔2024〕12号; may be empty
}

// A DayKind says why a day is worked or not.
type DayKind string

const (
	Workday DayKind = "workday" // 工作日
	Weekend DayKind = "weekend" // 周六, 周日
	Holiday DayKind = "holiday" // 放假, by notice
	MakeUp  DayKind = "make_up" // 调休上班, by notice
	Statute DayKind = "statute" // 法定节假日 of a year whose notice is not loaded
)

// A Calendar (工作日历) tells working days from days off. A year that is not
// declared whole is counted by the weekends, the statute's fixed days and the
// days on record, and is provisional: one day of it makes no year.
type Calendar struct {
	days  map[Date]CalendarDay
	whole map[int]bool
	order []CalendarDay // the days, by day
}

// NewCalendar returns the calendar of the given days, in which these years are
// whole.
func NewCalendar(days []CalendarDay, whole []int) Calendar {
	c := Calendar{days: map[Date]CalendarDay{}, whole: map[int]bool{}}
	for _, d := range days {
		c.days[d.Day] = d
	}
	for _, y := range whole {
		c.whole[y] = true
	}
	return c.ordered()
}

// ordered returns c with its days in order.
func (c Calendar) ordered() Calendar {
	c.order = slices.SortedFunc(maps.Values(c.days), func(a, b CalendarDay) int { return a.Day.Compare(b.Day) })
	return c
}

// Whole reports whether the calendar of the year is complete.
func (c Calendar) Whole(year int) bool { return c.whole[year] }

// Kind says what d is, and whether that is only provisional.
func (c Calendar) Kind(d Date) (kind DayKind, provisional bool) {
	if day, ok := c.days[d]; ok {
		if day.Off {
			return Holiday, false
		}
		return MakeUp, false
	}
	whole := c.whole[d.Year]
	switch {
	case d.onWeekend():
		return Weekend, !whole
	case !whole && fixed(d) != "":
		return Statute, true
	}
	return Workday, !whole
}

// Works reports whether a day of this kind is worked.
func (k DayKind) Works() bool { return k == Workday || k == MakeUp }

// Day returns what is on record about d: for a day of the statute its name.
func (c Calendar) Day(d Date) CalendarDay {
	if day, ok := c.days[d]; ok {
		return day
	}
	day := CalendarDay{Day: d}
	if kind, _ := c.Kind(d); kind == Statute {
		day.Off, day.Name = true, fixed(d)
	}
	return day
}

// Working reports whether d is a working day, and whether that is only
// provisional.
func (c Calendar) Working(d Date) (working, provisional bool) {
	kind, provisional := c.Kind(d)
	return kind.Works(), provisional
}

// AddWorkingDays returns the n-th working day after d.
func (c Calendar) AddWorkingDays(d Date, n int) Due {
	r := reckoner{calendar: c, due: Due{Day: d}}
	r.work(n, nil)
	return r.due
}

// WorkingDays counts the working days after from, up to and with to. It is
// negative, by the same count, when to is past.
func (c Calendar) WorkingDays(from, to Date) int { return c.Left(from, to).Days }

// A Left is how many working days are left.
type Left struct {
	Days        int  // negative when the day is past
	Provisional bool // counted through a year whose calendar is not published
}

// Left counts as WorkingDays does, from being today.
func (c Calendar) Left(from, to Date) Left {
	if to.Before(from) {
		left := c.Left(to, from)
		return Left{-left.Days, left.Provisional}
	}
	var left Left
	for from.Before(to) {
		until := Date{from.AddDays(1).Year, time.December, 31}
		if to.Before(until) {
			until = to
		}
		c.count(&left, from, until)
		from = until
	}
	return left
}

// count adds the working days after from, up to and with until, of one year. It
// looks at the days that are not what their weekday says alone: a list counts to
// many days.
func (c Calendar) count(left *Left, from, until Date) {
	left.Days += weekdaysBetween(from, until)
	days := c.order[c.upTo(from):c.upTo(until)]
	for _, d := range days {
		switch weekend := d.Day.onWeekend(); {
		case d.Off && !weekend:
			left.Days--
		case !d.Off && weekend:
			left.Days++
		}
	}
	if c.whole[until.Year] {
		return
	}
	left.Provisional = left.Provisional || until.Sub(from) > len(days)
	for _, f := range fixedDays {
		d := Date{until.Year, f.Month, f.Day}
		_, known := c.days[d]
		if from.Before(d) && !until.Before(d) && !known && !d.onWeekend() && fixed(d) != "" {
			left.Days--
		}
	}
}

// upTo is how many of the days in order are up to and with d.
func (c Calendar) upTo(d Date) int {
	i, found := slices.BinarySearchFunc(c.order, d, func(day CalendarDay, d Date) int { return day.Day.Compare(d) })
	if found {
		i++
	}
	return i
}

func (d Date) onWeekend() bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

// weekdaysBetween counts the Mondays to Fridays after from, up to and with until.
func weekdaysBetween(from, until Date) int {
	n := until.Sub(from)
	out := n / 7 * 5
	day := from.Weekday()
	for range n % 7 {
		day = (day + 1) % 7
		if day != time.Saturday && day != time.Sunday {
			out++
		}
	}
	return out
}

// Import returns the calendar with days put on record, days that go back to what
// their weekday says, and further years whole.
func (c Calendar) Import(days []CalendarDay, plain []Date, whole []int) Calendar {
	out := NewCalendar(days, whole)
	for d, day := range c.days {
		if _, changed := out.days[d]; !changed {
			out.days[d] = day
		}
	}
	for _, d := range plain {
		delete(out.days, d)
	}
	for y := range c.whole {
		out.whole[y] = true
	}
	return out.ordered()
}

// Changed lists, in order, the days on which after works and c does not, or the
// other way round. Only days of the given years are looked at.
func (c Calendar) Changed(after Calendar, years []int) []Date {
	var out []Date
	for _, y := range years {
		for d := (Date{y, time.January, 1}); d.Year == y; d = d.AddDays(1) {
			before, _ := c.Working(d)
			if now, _ := after.Working(d); now != before {
				out = append(out, d)
			}
		}
	}
	return out
}

// statutory is how many days off the statute gives in a year, since 2025.
const statutory = 13

// WholeYears returns the years that days declare whole: those of which they name
// New Year, Labour Day and National Day as off, no fewer days off than the
// statute gives, and a day worked to make up for them. Every notice of the State
// Council does; a correction, a file that breaks off, or a list of holidays only
// does not.
func WholeYears(days []CalendarDay) []int {
	type tally struct{ named, off, worked int }
	tallies := map[int]tally{}
	for _, d := range days {
		t := tallies[d.Day.Year]
		if d.Off {
			t.off++
		} else {
			t.worked++
		}
		if d.Off && d.Day.Day == 1 && fixed(d.Day) != "" {
			t.named++
		}
		tallies[d.Day.Year] = t
	}
	var out []int
	for y, t := range tallies {
		if t.named == 3 && t.off >= statutory && t.worked > 0 {
			out = append(out, y)
		}
	}
	slices.Sort(out)
	return out
}

// LastYear is the last year of which a day can be given.
const LastYear = 2199

// CheckDay returns a [FieldError] for a day that comes after LastYear: counting up
// to it would take long, and a day beyond the year 9999 has no form.
func CheckDay(field string, d Date) error {
	if d.Year > LastYear {
		return Invalid(field, "应在%d年或以前，现在是%s", LastYear, d.Chinese())
	}
	return nil
}

// CheckCalendarDay returns a [FieldError] for a day that no notice can have named.
func CheckCalendarDay(field string, d CalendarDay) error {
	switch {
	case d.Day.Year < 1950 || d.Day.Year > LastYear:
		return Invalid(field+".date", "应在1950年至%d年之间，现在是%s", LastYear, d.Day)
	case !d.Off && !d.Day.onWeekend():
		return Invalid(field+".kind", "%s是%s，本来就是工作日；调休上班应为周六或周日", d.Day, weekday(d.Day))
	}
	return nil
}

var weekdays = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

func weekday(d Date) string { return weekdays[d.Weekday()] }

// fixedDays are the days, of whichever year, of which fixed may have a name.
var fixedDays = [...]Date{
	{Month: time.January, Day: 1},
	{Month: time.May, Day: 1},
	{Month: time.May, Day: 2},
	{Month: time.October, Day: 1},
	{Month: time.October, Day: 2},
	{Month: time.October, Day: 3},
}

// fixed returns the name of a day off that the statute (全国年节及纪念日放假办法)
// fixes by the solar calendar, and nothing for any other day. The others follow
// the moon and come by notice. The second of May is one since 2025.
func fixed(d Date) string {
	switch {
	case d.Month == time.January && d.Day == 1:
		return "元旦"
	case d.Month == time.May && (d.Day == 1 || d.Day == 2 && d.Year >= 2025):
		return "劳动节"
	case d.Month == time.October && d.Day <= 3:
		return "国庆节"
	}
	return ""
}
