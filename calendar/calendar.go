// Package calendar reads the working-day calendar that staff load: a table of
// days (CSV) or one of the calendars of public holidays (iCalendar) that mark
// days off with 休 and make-up working days with 班.
//
// It reads all of a file or nothing: each thing that is wrong is named with its
// line, its column and what would be right. What becomes of the days, which
// years they make whole and which deadlines they move, others decide.
package calendar

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"fuyan/casework"
)

// A File is what a file says.
type File struct {
	Days  []casework.CalendarDay
	Plain []casework.Date // days that go back to what their weekday says
}

// A Fault is one thing that is wrong in a file. It is a [casework.ErrInvalid].
type Fault struct {
	Line   int    // from 1; 0 where no line is at fault
	Column string // the column of a table or the field of an event; may be empty
	Want   string // what would be right, in Chinese
}

func (f Fault) Error() string {
	switch {
	case f.Line == 0:
		return f.Want
	case f.Column == "":
		return fmt.Sprintf("第%d行：%s", f.Line, f.Want)
	}
	return fmt.Sprintf("第%d行“%s”：%s", f.Line, f.Column, f.Want)
}

// mostFaults is how many faults of a file are named at once.
const mostFaults = 10

// Faults are what is wrong in a file, in order of the lines.
type Faults []Fault

func (f Faults) Error() string {
	var lines []string
	for i, fault := range f {
		if i == mostFaults {
			lines = append(lines, fmt.Sprintf("另有%d处", len(f)-i))
			break
		}
		lines = append(lines, fault.Error())
	}
	return strings.Join(lines, "；")
}

// Is reports whether target is [casework.ErrInvalid].
func (f Faults) Is(target error) bool { return target == casework.ErrInvalid }

// mostDays bounds a file: a year has some forty days that are not what their
// weekday says.
const mostDays = 4000

// Read reads a file, a table unless it begins as an iCalendar does. Where a day
// names no notice, it gets this one. The error is one of [Faults].
func Read(data []byte, notice string) (File, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if at := invalid(data); at > 0 {
		return File{}, Faults{{at, "", "应为 UTF-8 编码；在表格软件中另存为“CSV UTF-8”"}}
	}
	r := reader{notice: notice, seen: map[casework.Date]int{}}
	if isICalendar(data) {
		r.events(data)
	} else {
		r.table(data)
	}
	if len(r.faults) == 0 && len(r.seen) == 0 {
		r.fault(0, "", "文件里没有读到放假或者调休上班的日子")
	}
	if len(r.faults) > 0 {
		slices.SortStableFunc(r.faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
		return File{}, r.faults
	}
	slices.SortFunc(r.file.Days, func(a, b casework.CalendarDay) int { return a.Day.Compare(b.Day) })
	slices.SortFunc(r.file.Plain, casework.Date.Compare)
	return r.file, nil
}

// invalid returns the line of the first bytes that are no UTF-8, 0 for none.
func invalid(data []byte) int {
	if utf8.Valid(data) && !bytes.Contains(data, []byte{0}) {
		return 0
	}
	for i, line := range bytes.Split(data, []byte("\n")) {
		if !utf8.Valid(line) || bytes.Contains(line, []byte{0}) {
			return i + 1
		}
	}
	return 1
}

func isICalendar(data []byte) bool {
	first, _, _ := bytes.Cut(bytes.TrimSpace(data), []byte("\n"))
	return strings.EqualFold(strings.TrimSpace(string(first)), "BEGIN:VCALENDAR")
}

// A reader reads one file.
type reader struct {
	notice string
	file   File
	seen   map[casework.Date]int // the line that named each day
	faults Faults
}

func (r *reader) fault(line int, column, format string, args ...any) {
	r.faults = append(r.faults, Fault{line, column, fmt.Sprintf(format, args...)})
}

// mostName is how many characters the name or the notice of a day may have.
const mostName = 60

// fits reports whether a text fits, and names the fault where it does not.
func (r *reader) fits(line int, column, text string) bool {
	if utf8.RuneCountInString(text) <= mostName {
		return true
	}
	r.fault(line, column, "最多%d个字", mostName)
	return false
}

// columns say where in its line a day and its kind stand, for faults.
type columns struct {
	line      int
	day, kind string
}

// add adds a day of the file.
func (r *reader) add(at columns, k kind, d casework.CalendarDay) {
	if first, twice := r.seen[d.Day]; twice {
		r.fault(at.line, at.day, "每一天只能出现一次，%s在第%d行已有", d.Day, first)
		return
	}
	if len(r.seen) == mostDays {
		r.fault(at.line, "", "最多%d天", mostDays)
	}
	r.seen[d.Day] = at.line
	if len(r.seen) > mostDays {
		return
	}
	d.Off = k != work
	if f, wrong := errors.AsType[*casework.FieldError](casework.CheckCalendarDay("", d)); wrong {
		r.fault(at.line, map[string]string{".date": at.day, ".kind": at.kind}[f.Field], "%s", f.Want)
		return
	}
	if k == plain {
		r.file.Plain = append(r.file.Plain, d.Day)
		return
	}
	d.Notice = cmp.Or(d.Notice, r.notice)
	if d.Name == "" {
		d.Name = map[kind]string{off: "放假", work: "调休上班"}[k]
	}
	r.file.Days = append(r.file.Days, d)
}
