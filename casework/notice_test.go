package casework_test

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fuyan/casework"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// around is the calendar of the Dragon Boat and Spring Festivals of 2026, with
// the days worked for them.
func hours() casework.Hours {
	var days []casework.CalendarDay
	for day := (casework.Date{Year: 2026, Month: 2, Day: 15}); day.Day <= 23; day = day.AddDays(1) {
		days = append(days, casework.CalendarDay{Day: day, Off: true})
	}
	for day := (casework.Date{Year: 2026, Month: 6, Day: 19}); day.Day <= 21; day = day.AddDays(1) {
		days = append(days, casework.CalendarDay{Day: day, Off: true})
	}
	days = append(days, casework.CalendarDay{Day: casework.Date{Year: 2026, Month: 2, Day: 14}}, casework.CalendarDay{Day: casework.Date{Year: 2026, Month: 2, Day: 28}})
	return casework.Hours{Calendar: casework.NewCalendar(days, []int{2026}), Zone: shanghai}
}

func date(t testing.TB, s string) casework.Date {
	t.Helper()
	d, err := casework.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestRungDays counts both ways, over weekends, festivals and days worked for
// them, and from a due day that is a day off.
func TestRungDays(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		due  string
		days int
		want string
	}{
		{"2026-06-17", 0, "2026-06-17"},
		{"2026-06-17", -1, "2026-06-16"},
		{"2026-06-17", -3, "2026-06-12"}, // over a weekend
		{"2026-06-17", -10, "2026-06-03"},
		{"2026-06-17", 1, "2026-06-18"},
		{"2026-06-17", 3, "2026-06-23"}, // over the festival
		{"2026-06-17", 8, "2026-06-30"},
		{"2026-06-20", 0, "2026-06-18"},  // due in the festival: the last day to act
		{"2026-06-20", -1, "2026-06-18"}, // the same morning
		{"2026-06-20", -2, "2026-06-17"},
		{"2026-06-20", 1, "2026-06-22"},
		{"2026-02-24", -1, "2026-02-14"}, // a Saturday worked for the festival
		{"2026-02-24", -2, "2026-02-13"},
		{"2026-02-27", 1, "2026-02-28"}, // another
		{"2026-02-28", 0, "2026-02-28"},
	} {
		if got := hours().Day(date(t, test.due), test.days); got.String() != test.want {
			t.Errorf("day %d of %s = %s, want %s", test.days, test.due, got, test.want)
		}
	}
	if got, want := hours().Morning(date(t, "2026-06-17")), time.Date(2026, 6, 17, 1, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("Morning = %s, want nine in Shanghai", got)
	}
}

// reply is the ladder of replies, as the first migration that has ladders makes
// it, but for whom it tells.
func reply() casework.Ladder {
	l := casework.Ladder{Code: casework.RuleReply, Every: 5}
	for _, days := range []int{-10, -5, -3, -1, 0, 1, 3} {
		l.Rungs = append(l.Rungs, casework.Rung{Days: days, Tells: []casework.Recipient{casework.ToOffice}})
	}
	return l
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", s, shanghai)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// TestStand asks at moments around the rungs of a reply due on 17 June 2026.
func TestStand(t *testing.T) {
	t.Parallel()
	const none = 99
	for _, test := range []struct {
		armed, now string
		last, next int
	}{
		{"2026-03-17 10:00", "2026-03-17 10:00", none, -10},
		{"2026-03-17 10:00", "2026-06-03 08:59", none, -10},
		{"2026-03-17 10:00", "2026-06-03 09:00", -10, -5},
		{"2026-03-17 10:00", "2026-06-12 09:00", -3, -1},
		{"2026-06-12 09:00", "2026-06-12 09:00", -3, -1},   // armed at the very moment
		{"2026-06-12 09:01", "2026-06-12 09:01", none, -1}, // a moment too late
		{"2026-03-17 10:00", "2026-06-17 23:59", 0, 1},
		{"2026-03-17 10:00", "2026-06-23 09:00", 3, 8},
		{"2026-03-17 10:00", "2026-06-30 09:00", 8, 13},
		{"2026-03-17 10:00", "2026-07-06 12:00", 8, 13},
		{"2026-07-06 12:00", "2026-07-06 12:00", none, 13}, // moved when long overdue
	} {
		now := at(t, test.now)
		come, next := casework.Stand(reply().Tellings(date(t, "2026-06-17"), now, hours()), at(t, test.armed), now)
		last := casework.Together(come, math.MinInt)
		got := func(s casework.Telling) int {
			if s.At.IsZero() {
				return none
			}
			return s.Days
		}
		if got(last) != test.last || got(next) != test.next {
			t.Errorf("armed %s, now %s: last %d, next %d; want %d and %d", test.armed, test.now, got(last), got(next), test.last, test.next)
		}
	}
}

// TestLastTellingEnds: a ladder that does not repeat has an end.
func TestLastTellingEnds(t *testing.T) {
	t.Parallel()
	feedback := reply()
	feedback.Every = 0
	now := at(t, "2027-01-04 09:00")
	come, next := casework.Stand(feedback.Tellings(date(t, "2026-06-17"), now, hours()), at(t, "2026-05-01 09:00"), now)
	last := casework.Together(come, math.MinInt)
	if last.Days != 3 || !next.At.IsZero() {
		t.Errorf("last %+v, next %+v; want the third day after and none", last, next)
	}
}

// TestTellingsOfOneMorning: rungs that fall on one morning, or were passed over,
// are told together, in the words of the last, to all whom they tell.
func TestTellingsOfOneMorning(t *testing.T) {
	t.Parallel()
	l := casework.Ladder{Code: casework.RuleFeedback, Rungs: []casework.Rung{
		{Days: -5, Tells: []casework.Recipient{casework.ToProposer}},
		{Days: -1, Tells: []casework.Recipient{casework.ToHead}},
		{Days: 0, Tells: []casework.Recipient{casework.ToOffice}},
	}}
	now := at(t, "2026-06-18 09:00")
	come, _ := casework.Stand(l.Tellings(date(t, "2026-06-20"), now, hours()), at(t, "2026-03-01 09:00"), now)
	for told, want := range map[int][]casework.Recipient{
		math.MinInt: {casework.ToOffice, casework.ToProposer, casework.ToHead},
		-5:          {casework.ToOffice, casework.ToHead},
		0:           {casework.ToOffice},
	} {
		if got := casework.Together(come, told); got.Days != 0 || !slices.Equal(got.Tells, want) {
			t.Errorf("after rung %d, rung %d tells %v, want 0 and %v", told, got.Days, got.Tells, want)
		}
	}
	if got := l.Rungs[2].Tells; len(got) != 1 {
		t.Errorf("the ladder itself changed: %v", got)
	}
}

// TestOpens: nobody is told at night or on a day off, but the next morning that
// is worked.
func TestOpens(t *testing.T) {
	t.Parallel()
	for now, want := range map[string]string{
		"2026-06-17 08:59": "2026-06-17 09:00",
		"2026-06-17 09:00": "2026-06-17 09:00",
		"2026-06-17 23:30": "2026-06-17 23:30",
		"2026-06-18 00:10": "2026-06-18 09:00",
		"2026-06-19 12:00": "2026-06-22 09:00", // the festival
		"2026-02-28 12:00": "2026-02-28 12:00", // a Saturday that is worked
	} {
		if got := hours().Opens(at(t, now)); !got.Equal(at(t, want)) {
			t.Errorf("at %s it opens %s, want %s", now, got, want)
		}
	}
}

// TestStandNeverLooksBack: whatever the ladder, the day and the moments, what is
// told has come and not before the deadline was armed, and what follows is yet
// to come and later.
func TestStandNeverLooksBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		days := rapid.SliceOfNDistinct(rapid.IntRange(-15, 8), 1, 8, rapid.ID[int]).Draw(rt, "days")
		l := casework.Ladder{Code: casework.RuleReply, Every: rapid.IntRange(0, 6).Draw(rt, "every")}
		for d := -15; d <= 8; d++ {
			for _, have := range days {
				if have == d {
					l.Rungs = append(l.Rungs, casework.Rung{Days: d, Tells: []casework.Recipient{casework.ToOffice}})
				}
			}
		}
		due := casework.Date{Year: 2026, Month: 2, Day: 1}.AddDays(rapid.IntRange(0, 200).Draw(rt, "due"))
		start := time.Date(2026, 1, 1, 0, 0, 0, 0, shanghai)
		armed := start.Add(time.Duration(rapid.IntRange(0, 300*24).Draw(rt, "armed")) * time.Hour)
		now := armed.Add(time.Duration(rapid.IntRange(0, 200*24).Draw(rt, "later")) * time.Hour)
		come, next := casework.Stand(l.Tellings(due, now, hours()), armed, now)
		last := casework.Together(come, math.MinInt)
		if !last.At.IsZero() && (last.At.After(now) || last.At.Before(armed)) {
			rt.Fatalf("told at %s, armed %s, now %s", last.At, armed, now)
		}
		if !next.At.IsZero() && (!next.At.After(now) || next.Days <= last.Days && !last.At.IsZero()) {
			rt.Fatalf("next at %s (%d) after %s (%d)", next.At, next.Days, now, last.Days)
		}
		if l.Every > 0 && l.Rungs[len(l.Rungs)-1].Days >= 0 && next.At.IsZero() {
			rt.Fatal("a ladder that repeats came to an end")
		}
	})
}

func TestLaddersThatMakeNoSense(t *testing.T) {
	t.Parallel()
	rung := func(days int, to ...casework.Recipient) casework.Rung { return casework.Rung{Days: days, Tells: to} }
	for field, l := range map[string]casework.Ladder{
		"ladder.code":           {Code: "TEA", Rungs: []casework.Rung{rung(0, casework.ToOffice)}},
		"ladder.rungs":          {Code: casework.RuleReply},
		"ladder.rungs[1].days":  {Code: casework.RuleReply, Rungs: []casework.Rung{rung(0, casework.ToOffice), rung(0, casework.ToOffice)}},
		"ladder.rungs[0].days":  {Code: casework.RuleReply, Rungs: []casework.Rung{rung(-61, casework.ToOffice)}},
		"ladder.rungs[0].tells": {Code: casework.RuleReply, Rungs: []casework.Rung{rung(0, casework.ToProposer)}},
		"ladder.every":          {Code: casework.RuleReply, Every: 5, Rungs: []casework.Rung{rung(-1, casework.ToOffice)}},
	} {
		err := l.Check()
		if e, ok := errors.AsType[*casework.FieldError](err); !ok || e.Field != field {
			t.Errorf("%+v: %v, want a fault of %s", l, err, field)
		}
	}
	for _, r := range []casework.Rung{rung(0), rung(0, "king"), rung(0, casework.ToOffice, casework.ToOffice)} {
		if err := (casework.Ladder{Code: casework.RuleReply, Rungs: []casework.Rung{r}}).Check(); !errors.Is(err, casework.ErrInvalid) {
			t.Errorf("a rung that tells %v: %v", r.Tells, err)
		}
	}
}
