package letter

import (
	"strings"
	"time"
	"unicode/utf8"

	"fuyan/casework"
)

// due returns the day that a stretch of the letter names for what it promises:
// the latest that is said to be a limit (前, 底, 内), else the first. Days
// before the letter's own are no promise.
func (rd *reader) due(start, end int) Due {
	d, _ := rd.dueAt(start, end)
	return d
}

// dueAt is due, and where its words end.
func (rd *reader) dueAt(start, end int) (best Due, at int) {
	limit := false
	for i := start; i < end; i++ {
		c := rd.flat[i]
		if c != 0xE2 && rd.bare[i] != c || !isDigit(c) && (i+3 > end || dayStarts.opens(rd.flat[i:i+3]) == "") {
			continue
		}
		if isDigit(c) && i > start && isDigit(rd.flat[i-1]) {
			continue // in the middle of a number
		}
		w := wording{s: rd.flat[i:min(end, i+90)], letter: rd.date}
		if !w.read() || w.day.IsZero() {
			continue
		}
		if rd.noLimit(start, i, i+w.at, w) || !rd.date.IsZero() && w.day.Before(rd.date) {
			i += w.at - 1
			continue
		}
		if best.Day.IsZero() || w.limit && (!limit || best.Day.Before(w.day)) {
			best, at = Due{Words: rd.printed(i, i+w.at), Day: w.day, Unit: w.unit}, i+w.at
			limit = w.limit
		}
		i += w.at - 1
	}
	return best, at
}

// noLimit reports whether the words for a day from i to end say something else
// than when: what comes each year, how long something takes once it has begun,
// or what a thing is called after (2026年度方案).
func (rd *reader) noLimit(start, i, end int, w wording) bool {
	before, after := rd.flat[max(start, i-12):i], rd.flat[end:]
	if hasAnyPrefix(after, "以来", "已", "起每") || hasAnySuffix(before, "每年", "每") || strings.HasSuffix(before, "至") && len(before) > 3 && isDigit(before[len(before)-4]) {
		return true
	}
	if w.unit == "day" && w.since {
		return containsAny(rd.bare[start:i], "后", "待", "对", "每", "凡", "逾期", "收到")
	}
	if w.since && hasAnySuffix(before, "对", "每") {
		return true
	}
	if w.named && (w.annual && !hasAnySuffix(before, "在", "于", "到") || strings.HasSuffix(before, "其中")) {
		return true
	}
	return w.named && !hasAnySuffix(before, "到", "至", "于", "在", "计划", "拟", "确保", "力争") && !(after == "" || hasAnyPrefix(after, "，", "、", "；", "。", "将", "拟", "再", "我", "市", "全", "由", "力争", "计划", "预计", "起", "把", "在", "对") || startsAct(after))
}

// dayStarts are the characters with which words for a day begin.
var dayStarts = lexiconOf(strings.Split("“十一二两三四五六七八九半今本明后年第上下月元国", "")...)

// A wording reads a day in words at the start of s.
type wording struct {
	s      string
	at     int           // how much is read
	letter casework.Date // against which 今年 and 三年内 are meant
	day    casework.Date
	unit   string
	limit  bool
	named  bool // a year alone, which may be part of a name
	annual bool // it says 年度
	since  bool // it counts from the letter's day: 三年内
}

func (w *wording) take(options ...string) string {
	for _, o := range options {
		if strings.HasPrefix(w.s[w.at:], o) {
			w.at += len(o)
			return o
		}
	}
	return ""
}

func (w *wording) number() int {
	n, width := numeral(w.s[w.at:])
	w.at += width
	return n
}

// read reports whether s begins with words for a day.
func (w *wording) read() bool {
	switch r, _ := utf8.DecodeRuneInString(w.s); {
	case r == '“' || r == '十':
		if w.plan() {
			return true
		}
		w.at = 0
		return r == '十' && (w.dated() || w.counted())
	case isDigit(w.s[0]), strings.ContainsRune("一二两三四五六七八九半", r):
		return w.dated() || w.counted()
	case strings.ContainsRune("今本明后年第上下月元国", r):
		return w.dated()
	}
	return false
}

// plan reads a five-year plan: “十四五”期间 ends with 2025.
func (w *wording) plan() bool {
	w.take("“")
	if w.take("十") == "" {
		return false
	}
	r, size := utf8.DecodeRuneInString(w.s[w.at:])
	w.at += size
	if cnDigit(r) < 1 || w.take("五") == "" {
		return false
	}
	w.take("”")
	if w.take("期间", "时期", "末期", "末", "期末", "规划期内") == "" {
		return false
	}
	w.finish(lastDay(2025+5*(10+cnDigit(r)-14), 12), "year", false)
	w.take("前")
	return true
}

// counted reads a stretch from the letter on: 三年内, 6个月内.
func (w *wording) counted() bool {
	w.at = 0
	if w.letter.IsZero() {
		return false
	}
	w.since = true
	half := w.take("半年内", "半年之内") != ""
	if half {
		w.finish(w.letter.AddMonths(6), "month", true)
		return true
	}
	n := w.number()
	if n == 0 || n > 100 {
		return false
	}
	switch w.take("年内", "年之内", "年左右", "个月内", "个月之内", "日内", "天内") {
	case "年内", "年之内", "年左右":
		w.finish(w.letter.AddMonths(12*n), "year", true)
	case "个月内", "个月之内":
		w.finish(w.letter.AddMonths(n), "month", true)
	case "日内", "天内":
		w.finish(w.letter.AddDays(n), "day", true)
	default:
		return false
	}
	return true
}

func (w *wording) finish(day casework.Date, unit string, limit bool) {
	w.day, w.unit, w.limit = day, unit, limit
}

// dated reads a day, month, quarter or year of the calendar.
func (w *wording) dated() bool {
	w.at = 0
	year, explicit := w.year()
	if year == 0 {
		return false
	}
	behind := w.at
	if w.quarter(year) || w.half(year) || w.month(year, explicit) {
		return true
	}
	w.at = behind
	switch {
	case w.take("年底", "年末", "底", "末", "年内", "内", "期间") != "":
		w.take("之前", "以前", "前")
		if w.at == behind+len("底") && !explicit {
			return false
		}
		w.finish(lastDay(year, 12), "year", true)
	case explicit && w.take("之前", "以前", "前") != "":
		w.finish(lastDay(year-1, 12), "year", true)
	case explicit && !hasAnyPrefix(w.s[w.at:], "春节", "中秋", "端午", "清明", "汛", "主汛", "暑", "寒假", "开学", "采暖", "供暖", "高考", "中考", "入冬", "台风", "春运", "雨季", "秋季", "春季"):
		w.named = true
		w.finish(lastDay(year, 12), "year", false)
	default:
		return false
	}
	return true
}

// year reads 2025年, 2024-2026年, 今年 and 明年; without any it is the letter's.
func (w *wording) year() (year int, explicit bool) {
	switch w.take("今年", "本年度", "本年", "明年", "后年") {
	case "今年", "本年度", "本年":
		return w.letter.Year, w.letter.Year > 0
	case "明年":
		return nonZero(w.letter.Year, 1), w.letter.Year > 0
	case "后年":
		return nonZero(w.letter.Year, 2), w.letter.Year > 0
	}
	y, n := yearAt(w.s)
	if n == 0 {
		return w.letter.Year, false
	}
	w.at = n
	if w.take("-", "—", "–", "至", "年至", "年-") != "" {
		if later, n := yearAt(w.s[w.at:]); n > 0 {
			y = later
			w.at += n
		}
	}
	took := w.take("年度", "年")
	w.annual = took == "年度"
	return y, took != ""
}

// newYears are the first days of the lunar years (春节). They follow the moon and
// are known, not counted.
var newYears = map[int]casework.Date{
	2012: {Year: 2012, Month: time.January, Day: 23}, 2013: {Year: 2013, Month: time.February, Day: 10},
	2014: {Year: 2014, Month: time.January, Day: 31}, 2015: {Year: 2015, Month: time.February, Day: 19},
	2016: {Year: 2016, Month: time.February, Day: 8}, 2017: {Year: 2017, Month: time.January, Day: 28},
	2018: {Year: 2018, Month: time.February, Day: 16}, 2019: {Year: 2019, Month: time.February, Day: 5},
	2020: {Year: 2020, Month: time.January, Day: 25}, 2021: {Year: 2021, Month: time.February, Day: 12},
	2022: {Year: 2022, Month: time.February, Day: 1}, 2023: {Year: 2023, Month: time.January, Day: 22},
	2024: {Year: 2024, Month: time.February, Day: 10}, 2025: {Year: 2025, Month: time.January, Day: 29},
	2026: {Year: 2026, Month: time.February, Day: 17}, 2027: {Year: 2027, Month: time.February, Day: 6},
}

func nonZero(year, plus int) int {
	if year == 0 {
		return 0
	}
	return year + plus
}

// holidays are the limits that fall at the end of the same month each year.
var holidays = []struct {
	words string
	month int
	unit  string
}{
	{"元旦前", 0, "day"},
	{"五一前", 4, "day"},
	{"“五一”前", 4, "day"},
	{"五一节前", 4, "day"},
	{"国庆前", 9, "day"},
	{"国庆节前", 9, "day"},
	{"“十一”前", 9, "day"},
	{"秋季开学前", 8, "month"},
	{"秋季学期开学前", 8, "month"},
}

func (w *wording) quarter(year int) bool {
	start := w.at
	w.take("第")
	n := w.number()
	if n < 1 || n > 4 || w.take("季度") == "" {
		w.at = start
		return false
	}
	limit := w.take("末", "底", "内") != ""
	if before := w.take("之前", "以前", "前") != ""; before && !limit {
		n, limit = n-1, true
	}
	w.finish(lastDay(year, 3*n), "quarter", limit)
	return true
}

// half reads half a year, and the holidays whose day is the same each year.
func (w *wording) half(year int) bool {
	if w.take("春节前", "春节之前", "春节以前") != "" {
		day, known := newYears[year]
		w.finish(day.AddDays(-1), "day", true)
		return known
	}
	for _, h := range holidays {
		if w.take(h.words) != "" {
			w.finish(lastDay(year, h.month), h.unit, true)
			return true
		}
	}
	month := map[string]int{"上半年": 6, "下半年": 12}[w.take("上半年", "下半年")]
	if month == 0 {
		return false
	}
	w.take("内")
	w.finish(lastDay(year, month), "month", false)
	return true
}

// month reads 6月底前, 9月中旬 and 10月15日. A month that the letter's date has
// passed is next year's unless the year is printed.
func (w *wording) month(year int, explicit bool) bool {
	if !explicit && !w.letter.IsZero() {
		switch w.take("本月底", "本月内", "下月底", "下个月") {
		case "本月底", "本月内":
			w.finish(lastDay(year, int(w.letter.Month)), "month", true)
			return true
		case "下月底", "下个月":
			w.finish(lastDay(year, int(w.letter.Month)+1), "month", true)
			return true
		}
	}
	n := w.number()
	if n < 1 || n > 12 || w.take("月") == "" {
		return false
	}
	if !explicit && n < int(w.letter.Month) {
		year++
	}
	before := w.at
	if d := w.number(); validDay(year, n, d) && w.take("日") != "" {
		w.finish(casework.Date{Year: year, Month: time.Month(n), Day: d}, "day", w.take("之前", "以前", "前") != "")
		return true
	}
	w.at = before
	if w.take("至", "—", "-") != "" { // 8月至11月
		if last := w.number(); last > n && last <= 12 && w.take("月") != "" {
			n, before = last, w.at
		}
	}
	w.at = before
	w.inMonth(year, n)
	return true
}

func (w *wording) inMonth(year, month int) {
	day, limit := lastDay(year, month), true
	switch w.take("份", "底", "末", "内", "上旬", "中旬", "下旬") {
	case "上旬":
		day.Day = 10
	case "中旬":
		day.Day = 20
	case "底", "末", "内", "下旬":
	default:
		limit = false
		if w.take("之前", "以前", "前") != "" {
			day, limit = lastDay(year, month-1), true
		}
	}
	w.take("之前", "以前", "前")
	w.finish(day, "month", limit)
}
