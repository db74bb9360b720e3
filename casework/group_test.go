package casework_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fuyan/casework"
)

// TestAgesCoverThePast: whatever day has passed has exactly one age.
func TestAgesCoverThePast(t *testing.T) {
	t.Parallel()
	today := casework.Date{Year: 2026, Month: 3, Day: 2}
	for _, test := range []struct {
		days int
		want casework.OverdueAge
	}{
		{1, casework.OverdueTo30},
		{30, casework.OverdueTo30},
		{31, casework.OverdueTo90},
		{90, casework.OverdueTo90},
		{91, casework.OverdueTo180},
		{180, casework.OverdueTo180},
		{181, casework.OverdueOver180},
		{4000, casework.OverdueOver180},
		{0, ""},
		{-1, ""},
	} {
		due := today.AddDays(-test.days)
		var got []casework.OverdueAge
		for _, a := range casework.OverdueAges {
			if first, last := a.Days(today); (first.IsZero() || !due.Before(first)) && !due.After(last) {
				got = append(got, a)
			}
		}
		want := []casework.OverdueAge{test.want}
		if test.want == "" {
			want = nil
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d days overdue: %v, want %v", test.days, got, want)
		}
	}
}

func TestOverdueBy(t *testing.T) {
	t.Parallel()
	today := casework.Date{Year: 2026, Month: 3, Day: 2}
	for _, test := range []struct {
		state casework.CommitmentState
		due   casework.Date
		want  int
	}{
		{casework.Open, today.AddDays(-1), 1},
		{casework.Open, today.AddDays(-365), 365},
		{casework.Open, today, 0},
		{casework.Open, today.AddDays(9), 0},
		{casework.Open, casework.Date{}, 0},
		{casework.Done, today.AddDays(-1), 0},
		{casework.Kept, today.AddDays(-1), 0},
		{casework.Dropped, today.AddDays(-1), 0},
	} {
		if got := casework.OverdueBy(test.state, test.due, today); got != test.want {
			t.Errorf("OverdueBy(%s, %s) = %d, want %d", test.state, test.due, got, test.want)
		}
	}
}

func TestSlippedBy(t *testing.T) {
	t.Parallel()
	first := casework.Date{Year: 2026, Month: 2, Day: 27}
	for _, test := range []struct {
		first, due casework.Date
		want       int
	}{
		{first, casework.Date{Year: 2026, Month: 3, Day: 2}, 3},
		{first, first, 0},
		{first, first.AddDays(-5), 0},
		{casework.Date{}, first, 0},
		{first, casework.Date{}, 0},
	} {
		if got := casework.SlippedBy(test.first, test.due); got != test.want {
			t.Errorf("SlippedBy(%s, %s) = %d, want %d", test.first, test.due, got, test.want)
		}
	}
}

// TestMedianSlip holds the median of counts against that of the days written out.
func TestMedianSlip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfN(rapid.IntRange(0, 12), 0, 40).Draw(t, "days")
		slices.Sort(days)
		var slips []casework.Slip
		for _, d := range days {
			if n := len(slips); n > 0 && slips[n-1].Days == d {
				slips[n-1].Count++
				continue
			}
			slips = append(slips, casework.Slip{Days: d, Count: 1})
		}
		want := 0
		if len(days) > 0 {
			want = days[(len(days)-1)/2]
		}
		if got := casework.MedianSlip(slips); got != want {
			t.Errorf("MedianSlip(%v) = %d, want %d", slips, got, want)
		}
	})
}
