package casework

import "time"

// A CalendarDay is a day that is not what its weekday says: off by a notice of
// the State Council, or worked to make up for one (调休).
type CalendarDay struct {
	Day Date
	Off bool
}

// A Calendar (工作日历) tells working days from days off. A year of which it holds
// no day is counted by the weekends and the statute's fixed days alone, and is
// provisional.
type Calendar struct {
	days  map[Date]bool // whether off
	years map[int]bool
}

// NewCalendar returns the calendar of the given days.
func NewCalendar(days []CalendarDay) Calendar {
	c := Calendar{map[Date]bool{}, map[int]bool{}}
	for _, d := range days {
		c.days[d.Day] = d.Off
		c.years[d.Day.Year] = true
	}
	return c
}

// Working reports whether d is a working day, and whether that is only
// provisional.
func (c Calendar) Working(d Date) (working, provisional bool) {
	if off, ok := c.days[d]; ok {
		return !off, false
	}
	if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		return false, !c.years[d.Year]
	}
	if c.years[d.Year] {
		return true, false
	}
	return !fixed(d), true
}

// AddWorkingDays returns the n-th working day after d.
func (c Calendar) AddWorkingDays(d Date, n int) Due {
	due := Due{Day: d}
	for n > 0 {
		due.Day = due.Day.AddDays(1)
		working, provisional := c.Working(due.Day)
		due.Provisional = due.Provisional || provisional
		if working {
			n--
		}
	}
	return due
}

// fixed reports whether d is a day off that the statute (全国年节及纪念日放假办法, 2024)
// fixes by the solar calendar. The others follow the moon and come by notice.
func fixed(d Date) bool {
	switch d.Month {
	case time.January:
		return d.Day == 1
	case time.May:
		return d.Day <= 2
	case time.October:
		return d.Day <= 3
	default:
		return false
	}
}
