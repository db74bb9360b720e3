package casework_test

import (
	"cmp"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fuyan/casework"
)

// day reads a day that the test's author wrote.
func day(s string) casework.Date {
	d, err := casework.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]casework.Date{
		"2025-06-17": {Year: 2025, Month: time.June, Day: 17},
		"2024-02-29": {Year: 2024, Month: time.February, Day: 29},
		"0001-01-01": {Year: 1, Month: time.January, Day: 1},
		"9999-12-31": {Year: 9999, Month: time.December, Day: 31},
	} {
		got, err := casework.ParseDate(s)
		if err != nil || got != want {
			t.Errorf("ParseDate(%q) = %v, %v, want %v", s, got, err, want)
		}
		if got.String() != s {
			t.Errorf("ParseDate(%q).String() = %q", s, got)
		}
	}
	for _, s := range []string{
		"", " ", "2025-6-17", "2025-06-17 ", "2025-02-29", "2025-06-31", "2025-13-01", "2025-00-10", "2025-06-00",
		"20250617", "17-06-2025", "2025/06/17", "2025年6月17日", "2025-06-17T00:00:00Z", "25-06-17",
	} {
		if got, err := casework.ParseDate(s); !errors.Is(err, casework.ErrInvalid) || !got.IsZero() {
			t.Errorf("ParseDate(%q) = %v, %v, want ErrInvalid", s, got, err)
		}
	}
}

func TestDateOf(t *testing.T) {
	t.Parallel()
	shanghai := time.FixedZone("Asia/Shanghai", 8*60*60)
	for instant, want := range map[string]string{
		"2025-06-16T15:59:59Z":      "2025-06-16",
		"2025-06-16T16:00:00Z":      "2025-06-17", // midnight in Shanghai
		"2025-06-17T00:00:00+08:00": "2025-06-17",
		"2025-12-31T20:00:00Z":      "2026-01-01",
	} {
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := casework.DateOf(at, shanghai); got.String() != want {
			t.Errorf("DateOf(%s, Shanghai) = %v, want %s", instant, got, want)
		}
	}
}

func TestChinese(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"2025-06-07": "2025年6月7日",
		"2023-10-31": "2023年10月31日",
		"2024-12-01": "2024年12月1日",
	} {
		if got := day(s).Chinese(); got != want {
			t.Errorf("%s.Chinese() = %q, want %q", s, got, want)
		}
	}
}

func TestAddMonths(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from string
		n    int
		want string
	}{
		{"2023-02-16", 3, "2023-05-16"},
		{"2023-02-16", 0, "2023-02-16"},
		{"2023-02-16", 6, "2023-08-16"},
		{"2023-11-30", 3, "2024-02-29"}, // a leap year
		{"2022-11-30", 3, "2023-02-28"},
		{"2023-11-29", 3, "2024-02-29"},
		{"2023-11-28", 3, "2024-02-28"},
		{"2023-01-31", 1, "2023-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2023-01-31", 3, "2023-04-30"},
		{"2023-03-31", 1, "2023-04-30"},
		{"2023-03-31", 2, "2023-05-31"},
		{"2023-08-31", 6, "2024-02-29"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"},
		{"2023-02-28", 1, "2023-03-28"}, // not the month's end
		{"2023-12-31", 1, "2024-01-31"},
		{"2023-10-15", 3, "2024-01-15"},
		{"2024-03-31", -1, "2024-02-29"},
		{"2024-01-31", -2, "2023-11-30"},
	} {
		if got := day(tt.from).AddMonths(tt.n); got.String() != tt.want {
			t.Errorf("%s.AddMonths(%d) = %v, want %s", tt.from, tt.n, got, tt.want)
		}
	}
}

func TestAddDays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from string
		n    int
		want string
	}{
		{"2023-02-28", 1, "2023-03-01"},
		{"2024-02-28", 1, "2024-02-29"},
		{"2023-12-31", 1, "2024-01-01"},
		{"2024-01-01", -1, "2023-12-31"},
		{"2024-01-01", 366, "2025-01-01"},
		{"2023-06-17", 0, "2023-06-17"},
		{"1600-01-01", 146097, "2000-01-01"}, // 400 years, more than a Duration holds
	} {
		from := day(tt.from)
		got := from.AddDays(tt.n)
		if got.String() != tt.want {
			t.Errorf("%s.AddDays(%d) = %v, want %s", tt.from, tt.n, got, tt.want)
		}
		if back := day(tt.want).Sub(from); back != tt.n {
			t.Errorf("%s.Sub(%s) = %d, want %d", tt.want, tt.from, back, tt.n)
		}
	}
}

func TestWeekday(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]time.Weekday{
		"2024-02-29": time.Thursday,
		"2025-06-17": time.Tuesday,
		"2027-01-01": time.Friday,
	} {
		if got := day(s).Weekday(); got != want {
			t.Errorf("%s.Weekday() = %v, want %v", s, got, want)
		}
	}
}

func TestZeroDate(t *testing.T) {
	t.Parallel()
	var zero casework.Date
	if !zero.IsZero() || zero.String() != "" {
		t.Errorf("zero Date: IsZero %v, String %q", zero.IsZero(), zero)
	}
	if first := day("0001-01-01"); first.IsZero() || !zero.Before(first) {
		t.Errorf("%v is no day, or not after the zero Date", first)
	}
}

func TestScan(t *testing.T) {
	t.Parallel()
	before := day("2020-01-01")
	for name, tt := range map[string]struct {
		src  any
		want casework.Date
	}{
		"NULL":     {nil, casework.Date{}},
		"midnight": {time.Date(2025, 6, 17, 0, 0, 0, 0, time.UTC), day("2025-06-17")},
		"evening":  {time.Date(2025, 6, 17, 23, 0, 0, 0, time.UTC), day("2025-06-17")},
	} {
		got := before
		if err := got.Scan(tt.src); err != nil || got != tt.want {
			t.Errorf("%s: Scan(%v) gave %v, %v, want %v", name, tt.src, got, err, tt.want)
		}
	}
	for _, src := range []any{"2025-06-17", []byte("2025-06-17"), int64(1)} {
		got := before
		if err := got.Scan(src); err == nil || got != before {
			t.Errorf("Scan(%T) gave %v and no error", src, got)
		}
	}
}

// someDay draws a day of the years 1 to 9999, or none.
var someDay = rapid.Custom(func(t *rapid.T) casework.Date {
	if rapid.IntRange(0, 20).Draw(t, "none") == 20 {
		return casework.Date{}
	}
	return day("0001-01-01").AddDays(rapid.IntRange(0, 3652058).Draw(t, "days"))
})

func TestDateRoundTrips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := someDay.Draw(t, "d")
		value, err := d.Value()
		if err != nil {
			t.Fatalf("%v.Value(): %v", d, err)
		}
		if (value == nil) != d.IsZero() {
			t.Fatalf("%v.Value() = %v; NULL stands for the zero Date and no other", d, value)
		}
		var scanned, read casework.Date
		if err := scanned.Scan(value); err != nil || scanned != d {
			t.Fatalf("Scan(%v.Value()) gave %v, %v", d, scanned, err)
		}
		text, err := d.MarshalText()
		if err != nil || string(text) != d.String() {
			t.Fatalf("%v.MarshalText() = %q, %v", d, text, err)
		}
		if err := read.UnmarshalText(text); err != nil || read != d {
			t.Fatalf("UnmarshalText(%q) gave %v, %v", text, read, err)
		}
	})
	var d casework.Date
	if err := d.UnmarshalText([]byte("tomorrow")); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("UnmarshalText(tomorrow) = %v, want ErrInvalid", err)
	}
}

func TestDateArithmetic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, e := someDay.Draw(t, "d"), someDay.Draw(t, "e")
		n := rapid.IntRange(-200_000, 200_000).Draw(t, "n")
		if d.IsZero() || e.IsZero() {
			t.Skip("there is no counting from no day")
		}
		if got := d.AddDays(n).Sub(d); got != n {
			t.Fatalf("%v.AddDays(%d).Sub(%v) = %d", d, n, d, got)
		}
		if got := d.AddDays(e.Sub(d)); got != e {
			t.Fatalf("%v.AddDays(%v.Sub(%v)) = %v", d, e, d, got)
		}
		months := rapid.IntRange(0, 24).Draw(t, "months")
		later := d.AddMonths(months)
		if passed := later.Year*12 + int(later.Month) - d.Year*12 - int(d.Month); passed != months {
			t.Fatalf("%v.AddMonths(%d) = %v, %d months later", d, months, later, passed)
		}
		if later.Day != d.Day && (later.Day > d.Day || later.AddDays(1).Day != 1) {
			t.Fatalf("%v.AddMonths(%d) = %v, neither the same day nor the month's last", d, months, later)
		}
	})
}

func TestCompareIsTotalOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, e, f := someDay.Draw(t, "d"), someDay.Draw(t, "e"), someDay.Draw(t, "f")
		c := d.Compare(e)
		if want := cmp.Compare(d.String(), e.String()); c != want {
			t.Fatalf("%v.Compare(%v) = %d, want %d", d, e, c, want)
		}
		if (c == 0) != (d == e) || e.Compare(d) != -c {
			t.Fatalf("%v.Compare(%v) = %d, and the other way %d", d, e, c, e.Compare(d))
		}
		if d.Before(e) != (c < 0) || d.After(e) != (c > 0) {
			t.Fatalf("%v and %v: Compare %d, Before %v, After %v", d, e, c, d.Before(e), d.After(e))
		}
		if c <= 0 && e.Compare(f) <= 0 && d.Compare(f) > 0 {
			t.Fatalf("%v ≤ %v ≤ %v, and yet the first is after the last", d, e, f)
		}
	})
}
