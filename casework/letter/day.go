package letter

import (
	"strings"
	"time"
	"unicode/utf8"

	"fuyan/casework"
)

// dateAt reads a day with its year at the start of s, in any of the forms that
// letters and web pages print, and how many bytes it takes.
func dateAt(s string) (d casework.Date, width int) {
	year, i := yearAt(s)
	if i == 0 {
		return d, 0
	}
	sep := ""
	for _, mark := range []string{"年", "-", ".", "/"} {
		if strings.HasPrefix(s[i:], mark) {
			sep = mark
		}
	}
	if sep == "" {
		return d, 0
	}
	i += len(sep)
	month, w := numeral(s[i:])
	if i += w; sep == "年" {
		sep = "月"
	}
	if w == 0 || !strings.HasPrefix(s[i:], sep) {
		return d, 0
	}
	i += len(sep)
	day, w := numeral(s[i:])
	if i += w; w == 0 || !validDay(year, month, day) {
		return d, 0
	}
	if sep == "月" {
		if !strings.HasPrefix(s[i:], "日") {
			return d, 0
		}
		i += len("日")
	}
	return casework.Date{Year: year, Month: time.Month(month), Day: day}, i
}

// brokenDate reads a line that is a day whose 年, 月 or 日 a page lost: 2024年1028日.
func brokenDate(s string) (d casework.Date) {
	s = strings.TrimSuffix(strings.Replace(s, "年", "", 1), "日")
	year, w := yearAt(s)
	rest := s[min(w, len(s)):]
	if w != 4 || len(rest) < 3 || len(rest) > 4 || !allDigits(rest) {
		return d
	}
	month, _ := numeral(rest[:len(rest)-2])
	day, _ := numeral(rest[len(rest)-2:])
	if !validDay(year, month, day) || len(rest) == 3 && rest[0] == '1' && rest[1] < '3' {
		return d // 2024112 may be 1月12日 or 11月2日
	}
	return casework.Date{Year: year, Month: time.Month(month), Day: day}
}

// yearAt reads a year of four digits, 2024 or 二〇二四.
func yearAt(s string) (year, width int) {
	if len(s) >= 4 && allDigits(s[:4]) {
		year, _ = numeral(s[:4])
		width = 4
	} else {
		for n := range 4 {
			r, w := utf8.DecodeRuneInString(s[width:])
			v := cnDigit(r)
			if v < 0 || n == 0 && v != 1 && v != 2 {
				return 0, 0
			}
			year, width = year*10+v, width+w
		}
	}
	if year < 1900 || year > 2199 {
		return 0, 0
	}
	return year, width
}

func validDay(year, month, day int) bool {
	return month >= 1 && month <= 12 && day >= 1 && day <= lastDay(year, month).Day
}

// lastDay is the last day of a month; month 0 is the December before.
func lastDay(year, month int) casework.Date {
	return casework.Date{Year: year, Month: time.Month(month), Day: 31}.AddMonths(0)
}
