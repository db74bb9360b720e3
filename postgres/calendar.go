package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A CalendarDay is a day of the calendar and what it is.
type CalendarDay struct {
	casework.CalendarDay
	Kind        casework.DayKind
	Provisional bool
}

func dayOf(c casework.Calendar, d casework.Date) CalendarDay {
	kind, provisional := c.Kind(d)
	return CalendarDay{c.Day(d), kind, provisional}
}

// A CalendarYear is a year of the calendar, and what was loaded into all of it.
type CalendarYear struct {
	Year       int
	Whole      bool
	Days       []CalendarDay
	WholeYears []int32
	Imports    []db.CalendarImportsRow
}

// ListCalendarDays returns every day of a year, the present one when it is 0.
func (d *DB) ListCalendarDays(ctx context.Context, year int) (CalendarYear, error) {
	if year == 0 {
		year = d.Today().Year
	}
	return inTx(ctx, d, func(tx pgx.Tx) (CalendarYear, error) {
		first := casework.Date{Year: year, Month: time.January, Day: 1}
		c, err := calendarOf(ctx, tx, first, first.AddMonths(12))
		if err != nil {
			return CalendarYear{}, err
		}
		out := CalendarYear{Year: year, Whole: c.Whole(year)}
		for day := first; day.Year == year; day = day.AddDays(1) {
			out.Days = append(out.Days, dayOf(c, day))
		}
		if out.WholeYears, err = q.CalendarYears(ctx, tx); err != nil {
			return out, err
		}
		out.Imports, err = q.CalendarImports(ctx, tx)
		return out, err
	})
}

// A NewCalendar is what a file puts into the calendar.
type NewCalendar struct {
	Source   string
	Content  []byte
	Days     []casework.CalendarDay
	Plain    []casework.Date // days that go back to what their weekday says
	Years    []int           // whole by it; when empty, as [casework.WholeYears] says
	Preview  bool
	Expected string // the moves that a preview announced; empty for any
}

// A CalendarChange is what a file changes, or would.
type CalendarChange struct {
	Days  []CalendarDay // that are not what they were
	Years []int         // that are whole now and were not
	Moved []MovedDeadline
	Moves string // stands for Moved
}

// ImportCalendar loads a file into the calendar, effective at once, and moves the
// open deadlines that counted other days: all in one transaction, with an event
// each. A preview only says what would move.
func (d *DB) ImportCalendar(ctx context.Context, c Call, n NewCalendar) (CalendarChange, error) {
	if !c.User.Has(casework.Admin) {
		return CalendarChange{}, fmt.Errorf("load the calendar: %w", casework.ErrForbidden)
	}
	if len(n.Years) == 0 {
		n.Years = casework.WholeYears(n.Days)
	}
	return inTx(ctx, d, func(tx pgx.Tx) (out CalendarChange, err error) {
		if n.Preview {
			f, err := reform(ctx, tx, n)
			return f.change(), err
		}
		id, fresh, err := d.once(ctx, tx, c, func() (int64, error) {
			id, f, err := d.importCalendar(ctx, tx, c.User, n)
			out = f.change()
			return id, err
		})
		if err != nil || fresh {
			return out, err
		}
		return imported(ctx, tx, id)
	})
}

// A reformed calendar is one before and after a file, with the deadlines that
// follow from it.
type reformed struct {
	before, after casework.Calendar
	days          []casework.Date // that the file changes, also in name only
	years         []int           // whole by it and not before
	moved, still  []MovedDeadline
}

func (f reformed) change() CalendarChange {
	out := CalendarChange{Years: f.years, Moved: f.moved, Moves: movesDigest(f.moved)}
	for _, day := range f.days {
		out.Days = append(out.Days, dayOf(f.after, day))
	}
	return out
}

// reform works out what a file changes. Nothing is stored.
func reform(ctx context.Context, tx pgx.Tx, n NewCalendar) (reformed, error) {
	before, err := calendarOf(ctx, tx, firstDay, lastDay)
	if err != nil {
		return reformed{}, err
	}
	n.Days = numbered(before, n.Days)
	f := reformed{before: before, after: before.Import(n.Days, n.Plain, n.Years)}
	touched := slices.Clone(n.Years)
	for _, day := range n.Days {
		if before.Day(day.Day) != day || !recorded(before, day.Day) {
			f.days = append(f.days, day.Day)
		}
		touched = append(touched, day.Day.Year)
	}
	for _, day := range n.Plain {
		if recorded(before, day) {
			f.days = append(f.days, day)
		}
		touched = append(touched, day.Year)
	}
	slices.SortFunc(f.days, casework.Date.Compare)
	for _, y := range n.Years {
		if !before.Whole(y) {
			f.years = append(f.years, y)
		}
	}
	slices.Sort(touched)
	return f, f.follow(ctx, tx, slices.Compact(touched))
}

// numbered are the days with the notice that is on record of each, where the file
// names none and the day stays what it is.
func numbered(before casework.Calendar, days []casework.CalendarDay) []casework.CalendarDay {
	out := slices.Clone(days)
	for i, day := range out {
		if known := before.Day(day.Day); day.Notice == "" && known.Off == day.Off {
			out[i].Notice = known.Notice
		}
	}
	return out
}

// recorded reports whether a notice names the day.
func recorded(c casework.Calendar, d casework.Date) bool {
	kind, _ := c.Kind(d)
	return kind == casework.Holiday || kind == casework.MakeUp
}

// follow finds the deadlines that counted a day of these years otherwise, and
// reckons them again.
func (f *reformed) follow(ctx context.Context, tx pgx.Tx, touched []int) error {
	changed := f.before.Changed(f.after, touched)
	p := db.DeadlinesByCalendarParams{Changed: changed, Years: []int32{}, First: lastDay, Last: firstDay}
	reach := func(first, last casework.Date) {
		if first.Before(p.First) {
			p.First = first
		}
		if last.After(p.Last) {
			p.Last = last
		}
	}
	for _, day := range changed {
		reach(day, day)
	}
	for _, y := range f.years {
		p.Years = append(p.Years, int32(y))
		reach(casework.Date{Year: y, Month: time.January, Day: 1}, casework.Date{Year: y, Month: time.December, Day: 31})
	}
	if p.First.After(p.Last) {
		return nil
	}
	if p.Changed == nil {
		p.Changed = []casework.Date{}
	}
	rows, err := q.DeadlinesByCalendar(ctx, tx, p)
	if err != nil || len(rows) == 0 {
		return err
	}
	pauses, err := pausesByID(ctx, tx, rows)
	if err != nil {
		return err
	}
	for _, r := range rows {
		rule := casework.Rule{Code: r.Deadline.Rule, Amount: int(r.Deadline.Amount), Unit: r.Deadline.Unit}
		due, err := rule.Due(r.Deadline.TriggerDay, f.after, casework.Strict, pauses[r.Deadline.ID]...)
		if err != nil {
			return err
		}
		f.sort(MovedDeadline{r.Deadline, r.Number, r.Title, due})
	}
	return nil
}

// sort keeps what moves and what only is provisional no more.
func (f *reformed) sort(m MovedDeadline) {
	switch {
	case m.To.Day != m.Deadline.Due:
		f.moved = append(f.moved, m)
	case m.To.Provisional != m.Deadline.Provisional:
		f.still = append(f.still, m)
	}
}

func pausesByID(ctx context.Context, tx pgx.Tx, rows []db.DeadlinesByCalendarRow) (map[int64][]casework.Pause, error) {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.Deadline.ID
	}
	changes, err := q.DeadlineChanges(ctx, tx, ids)
	out := map[int64][]casework.Pause{}
	for _, g := range changes {
		out[g.DeadlineID] = append(out[g.DeadlineID], pausesOf([]db.DeadlineChange{g})...)
	}
	return out, err
}

// importCalendar does what reform says. The calendar is locked first: then no
// deadline can be started by the old one that is not found here. The proposals
// are locked next, and the deadlines read again, since one may have been met
// before its proposal was locked.
func (d *DB) importCalendar(ctx context.Context, tx pgx.Tx, u casework.User, n NewCalendar) (int64, reformed, error) {
	if err := q.LockCalendar(ctx, tx, calendarKey); err != nil {
		return 0, reformed{}, err
	}
	f, err := reform(ctx, tx, n)
	if err != nil {
		return 0, f, err
	}
	locked, err := lockProposalsOf(ctx, tx, f.moved)
	if err != nil {
		return 0, f, err
	}
	if f, err = reform(ctx, tx, n); err != nil {
		return 0, f, err
	}
	if err := checkMoves(f.moved, n.Expected); err != nil {
		return 0, f, err
	}
	id, err := d.storeCalendar(ctx, tx, u, n, f)
	if err != nil {
		return 0, f, err
	}
	if err := settle(ctx, tx, f.still); err != nil {
		return 0, f, err
	}
	why := cause{"calendar", id, casework.CalendarChanged, n.Source, u}
	if err := d.changeAll(ctx, tx, f.moved, why); err != nil {
		return 0, f, err
	}
	return id, f, d.moveAll(ctx, tx, f.moved, locked, why)
}

func (d *DB) storeCalendar(ctx context.Context, tx pgx.Tx, u casework.User, n NewCalendar, f reformed) (int64, error) {
	years := make([]int32, len(n.Years))
	for i, y := range n.Years {
		years[i] = int32(y)
	}
	id, err := q.CreateCalendarImport(ctx, tx, db.CreateCalendarImportParams{
		Source: n.Source, Content: n.Content, Years: years, AuthorID: orNull(u.ID), Author: u.Name, At: d.now(),
	})
	if err != nil {
		return 0, err
	}
	for _, day := range f.days {
		if err := storeDay(ctx, tx, id, f, day); err != nil {
			return 0, err
		}
	}
	return id, q.CreateCalendarYears(ctx, tx, years, id)
}

func storeDay(ctx context.Context, tx pgx.Tx, id int64, f reformed, day casework.Date) error {
	var err error
	if after := f.after.Day(day); recorded(f.after, day) {
		err = q.PutCalendarDay(ctx, tx, db.PutCalendarDayParams{Day: day, Off: after.Off, Name: after.Name, Notice: after.Notice})
	} else {
		err = q.DropCalendarDay(ctx, tx, day)
	}
	if err != nil {
		return err
	}
	return q.CreateCalendarChange(ctx, tx, db.CreateCalendarChangeParams{
		ImportID: id, Day: day, Before: inWords(f.before, day), After: inWords(f.after, day),
	})
}

// inWords says what is on record about a day: 放假 国庆节 国办发明电〔2025〕7号.
func inWords(c casework.Calendar, d casework.Date) string {
	if !recorded(c, d) {
		return ""
	}
	day := c.Day(d)
	what := "调休上班"
	if day.Off {
		what = "放假"
	}
	return strings.Join(slices.DeleteFunc([]string{what, day.Name, day.Notice}, func(s string) bool { return s == "" }), " ")
}

// imported returns what an import did, when it is asked for again.
func imported(ctx context.Context, tx pgx.Tx, id int64) (CalendarChange, error) {
	c, err := calendarOf(ctx, tx, firstDay, lastDay)
	if err != nil {
		return CalendarChange{}, err
	}
	changes, err := q.CalendarChanges(ctx, tx, id)
	if err != nil {
		return CalendarChange{}, err
	}
	years, err := q.YearsOfImport(ctx, tx, id)
	if err != nil {
		return CalendarChange{}, err
	}
	var out CalendarChange
	for _, g := range changes {
		out.Days = append(out.Days, dayOf(c, g.Day))
	}
	for _, y := range years {
		out.Years = append(out.Years, int(y))
	}
	out.Moved, err = movedBy(ctx, tx, "calendar", id)
	out.Moves = movesDigest(out.Moved)
	return out, err
}

// movedBy returns the moves that a change made.
func movedBy(ctx context.Context, tx pgx.Tx, cause string, id int64) ([]MovedDeadline, error) {
	rows, err := q.DeadlinesMovedBy(ctx, tx, cause, id)
	var out []MovedDeadline
	for _, r := range rows {
		r.Deadline.Due = r.DeadlineChange.Before
		to := casework.Due{Day: r.DeadlineChange.After, Provisional: r.DeadlineChange.Provisional}
		out = append(out, MovedDeadline{r.Deadline, r.Number, r.Title, to})
	}
	return out, err
}
