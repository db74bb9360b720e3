package calendar_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/calendar"
	"fuyan/casework"
)

func day(s string) casework.Date {
	d, err := casework.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func off(d string) casework.CalendarDay {
	return casework.CalendarDay{Day: day(d), Off: true, Name: "春节", Notice: notice}
}

// worked is the Saturday of 春节 2027.
func worked(name string) casework.CalendarDay {
	return casework.CalendarDay{Day: day("2027-02-06"), Name: name, Notice: notice}
}

const notice = "国办发明电〔2026〕8号"

func TestTables(t *testing.T) {
	t.Parallel()
	want := calendar.File{
		Days:  []casework.CalendarDay{off("2027-02-05"), worked("调休上班")},
		Plain: []casework.Date{day("2026-05-09")},
	}
	for name, text := range map[string]string{
		"English":     "date,kind,name,notice\n2027-02-05,off,春节," + notice + "\n2027-02-06,work,,\n2026-05-09,none,,\n",
		"Chinese":     "日期,类型,名称,文号\n2027年2月5日,休,春节," + notice + "\n2027-02-06,班\n2026-05-09,撤销\n",
		"no heading":  "2027/2/5,放假,春节\n2027-02-06,调休上班,调休上班\n2026-05-09,取消\n",
		"from Excel":  "\ufeff日期,类型,名称\r\n2027/2/5,放假,春节\r\n\r\n2027/2/6,上班,\r\n2026/5/9,照常,\r\n,,\r\n",
		"other order": "名称,日期,类型\n\"春节\",2027-02-05,休\n,2027-02-06,补班\n,2026-05-09,none\n",
	} {
		got, err := calendar.Read([]byte(text), notice)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func event(lines ...string) string {
	return "BEGIN:VEVENT\r\nUID:1\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\n"
}

func ical(events ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//CN\r\n" + strings.Join(events, "") + "END:VCALENDAR\r\n"
}

func TestEvents(t *testing.T) {
	t.Parallel()
	spring := "DTSTART;VALUE=DATE:20270205"
	for name, tt := range map[string]struct {
		event string
		want  []casework.CalendarDay
	}{
		"one day": {event(spring, "SUMMARY:春节（休）"), []casework.CalendarDay{off("2027-02-05")}},
		"several": {
			event(spring, "DTEND;VALUE=DATE:20270207", "SUMMARY:春节 休"),
			[]casework.CalendarDay{off("2027-02-05"), off("2027-02-06")},
		},
		"numbered":         {event(spring, "SUMMARY:春节 假期 第1天/共8天"), []casework.CalendarDay{off("2027-02-05")}},
		"numbered, worked": {event("DTSTART;VALUE=DATE:20270206", "SUMMARY:春节 补班 第1天/共2天"), []casework.CalendarDay{worked("春节")}},
		"worked":           {event("DTSTART;VALUE=DATE:20270206", "SUMMARY:春节(班)"), []casework.CalendarDay{worked("春节")}},
		"worked, in words": {event("DTSTART;VALUE=DATE:20270206", "SUMMARY:调休上班"), []casework.CalendarDay{worked("调休上班")}},
		"worked, in brackets": {
			event("DTSTART;VALUE=DATE:20270206", "SUMMARY:春节（补班）"), []casework.CalendarDay{worked("春节")},
		},
		"off, in words":     {event(spring, "SUMMARY:春节放假"), []casework.CalendarDay{off("2027-02-05")}},
		"marked first":      {event(spring, "SUMMARY:[休] 春节"), []casework.CalendarDay{off("2027-02-05")}},
		"marked beside it":  {event(spring, "SUMMARY:春节", "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY"), []casework.CalendarDay{off("2027-02-05")}},
		"worked, beside it": {event("DTSTART;VALUE=DATE:20270206", "SUMMARY:春节", "X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY"), []casework.CalendarDay{worked("春节")}},
	} {
		mothersDay := event("DTSTART;VALUE=DATE:20270509", "SUMMARY:母亲节")
		for _, text := range []string{ical(mothersDay, tt.event), strings.ReplaceAll(ical(tt.event), "\r\n", "\n")} {
			got, err := calendar.Read([]byte(text), notice)
			if diff := cmp.Diff(calendar.File{Days: tt.want}, got); err != nil || diff != "" {
				t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
			}
		}
	}
}

// TestEventsThatSayNothing have the characters of a mark, but are no days of the
// State Council. 6 February 2027 is a Saturday, the day before a Friday.
func TestEventsThatSayNothing(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"20270205", "20270206"} {
		for _, summary := range []string{
			"暑期培训班", "值班", "张三退休", "补休", "午休", "李四休假", "春节前一班车", "休学手续", "放假通知", "国庆节不放假", "周六不上班", "春节 调休", "班 会",
		} {
			got, err := calendar.Read([]byte(ical(event("DTSTART;VALUE=DATE:"+day, "SUMMARY:"+summary))), notice)
			if err == nil {
				t.Errorf("%s on %s is read as %+v", summary, day, got.Days)
			}
		}
	}
}

// TestFaults gives what is wrong, and what the error says of it.
func TestFaults(t *testing.T) {
	t.Parallel()
	start := "DTSTART;VALUE=DATE:20270205"
	for name, tt := range map[string]struct{ text, want string }{
		"no day":            {"date,kind\n2027-02-30,休\n", `第2行“date”：应为日历上有的一天，写作 2026-10-01，现在是"2027-02-30"`},
		"no kind":           {"日期,类型\n2027-02-05,假\n", `第2行“类型”：应为“休”（off）、“班”（work）或“撤销”（none），现在是"假"`},
		"both, and another": {"2027-02-05,休\nx,y\n2027-02-05,班\n", `第2行“日期”：应为日历上有的一天，写作 2026-10-01，现在是"x"；第2行“类型”：应为“休”（off）、“班”（work）或“撤销”（none），现在是"y"；第3行“日期”：每一天只能出现一次，2027-02-05在第1行已有`},
		"work on a Monday":  {"2027-02-08,班\n", "第1行“类型”：2027-02-08是周一，本来就是工作日；调休上班应为周六或周日"},
		"another century":   {"1827-02-05,休\n", "第1行“日期”：应在1950年至2199年之间，现在是1827-02-05"},
		"an unclear word":   {"2027-02-05,休\n2027-02-06,调休\n", `第2行“类型”："调休"看不出是上班还是放假，应写明“班”或“休”`},
		"undone too early":  {"0000-01-01,撤销\n", "第1行“日期”：应在1950年至2199年之间，现在是0000-01-01"},
		"undone too late":   {"2200-01-01,none\n", "第1行“日期”：应在1950年至2199年之间，现在是2200-01-01"},
		"half a heading":    {"日期,名称\n2027-02-05,春节\n", "第1行“日期,名称”：表头应有 date（日期）和 kind（类型）两栏，可有 name（名称）、notice（文号）"},
		"five columns":      {"2027-02-05,休,春节,x,y\n", "第1行：应有日期、类型、名称、文号四栏，现在有5栏"},
		"a long name":       {"2027-02-05,休," + strings.Repeat("春", 61) + "\n", "第1行“名称”：最多60个字"},
		"quotes":            {"2027-02-05,休,\"春节\n", "第1行：引号不成对，或者引号前后有多余的字符"},
		"GBK":               {"2027-02-05,\xd0\xdd\n", "第1行：应为 UTF-8 编码；在表格软件中另存为“CSV UTF-8”"},
		"nothing":           {"", "文件里没有读到放假或者调休上班的日子"},
		"only a heading":    {"date,kind\n", "文件里没有读到放假或者调休上班的日子"},

		"a time":             {ical(event("DTSTART:20270205T090000Z", "SUMMARY:春节 休")), `第6行“DTSTART”：应为全天日程的日期，写作 20261001，现在是"20270205T090000Z"`},
		"an end before":      {ical(event(start, "DTEND;VALUE=DATE:20270205", "SUMMARY:春节 休")), "第7行“DTEND”：应在 DTSTART 之后1至31天（不含当日），现在是2027-02-05至2027-02-05"},
		"a repeated one":     {ical(event(start, "SUMMARY:春节 休", "RRULE:FREQ=YEARLY")), "第8行“RRULE”：放假和调休每年另行公布，应为不重复的日程"},
		"a duration":         {ical(event(start, "DURATION:P3D", "SUMMARY:春节 休")), "第7行“DURATION”：应以 DTEND 写明最后一日的次日"},
		"a Monday is worked": {ical(event("DTSTART;VALUE=DATE:20270208", "SUMMARY:春节 班")), "第6行“SUMMARY”：2027-02-08是周一，本来就是工作日；调休上班应为周六或周日"},
		"twice":              {ical(event(start, "SUMMARY:休"), event(start, "SUMMARY:班")), "第11行“DTSTART”：每一天只能出现一次，2027-02-05在第6行已有"},
		"nothing marked":     {ical(event(start, "SUMMARY:春节")), "文件里没有读到放假或者调休上班的日子"},
		"broken off":         {strings.TrimSuffix(ical(event(start, "SUMMARY:春节 休")), "END:VCALENDAR\r\n"), "第8行：文件不完整：应以 END:VCALENDAR 结束，每个 BEGIN:VEVENT 有对应的 END:VEVENT"},
	} {
		f, err := calendar.Read([]byte(tt.text), "")
		if err == nil || err.Error() != tt.want || !errors.Is(err, casework.ErrInvalid) || len(f.Days)+len(f.Plain) > 0 {
			t.Errorf("%s: %d days, %v\nwant %s", name, len(f.Days), err, tt.want)
		}
	}
	many := strings.Repeat("x,休\n", 12)
	if _, err := calendar.Read([]byte(many), ""); !strings.HasSuffix(err.Error(), "；另有2处") {
		t.Errorf("twelve faults: %v", err)
	}
}

func FuzzTable(f *testing.F) {
	f.Add("date,kind,name,notice\n2027-02-05,off,春节,x\n2027-02-06,work,,\n")
	f.Add("\ufeff日期,类型\r\n2027/2/5,放假\r\n\"")
	f.Add("2027-02-08,班\n2027-02-08,撤销,\"a\"\"b\"")
	f.Fuzz(func(t *testing.T, text string) { holds(t, text) })
}

func FuzzEvents(f *testing.F) {
	f.Add(ical(event("DTSTART;VALUE=DATE:20270205", "DTEND;VALUE=DATE:20270207", "SUMMARY:春节（休）")))
	f.Add(ical(event("DTSTART:20270205T000000", "SUMMARY:春节 班", "RRULE:FREQ=DAILY")))
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:休\nEND:VEVENT\nEND:VCALENDAR")
	f.Fuzz(func(t *testing.T, text string) { holds(t, "BEGIN:VCALENDAR\n"+text) })
}

// holds reads a text and checks what holds of all that is read: days in order,
// each once, each possible; or a fault and nothing.
func holds(t *testing.T, text string) {
	t.Helper()
	got, err := calendar.Read([]byte(text), "通知")
	if err != nil {
		if _, ok := errors.AsType[calendar.Faults](err); !ok || err.Error() == "" || len(got.Days)+len(got.Plain) > 0 {
			t.Errorf("%v with %d days", err, len(got.Days))
		}
		return
	}
	seen := map[casework.Date]bool{}
	for i, d := range got.Days {
		if seen[d.Day] || i > 0 && !got.Days[i-1].Day.Before(d.Day) || casework.CheckCalendarDay("", d) != nil || d.Name == "" || d.Notice == "" {
			t.Errorf("day %d is %+v", i, d)
		}
		seen[d.Day] = true
	}
	for _, d := range got.Plain {
		if seen[d] {
			t.Errorf("%v is two things", d)
		}
	}
	if len(got.Days)+len(got.Plain) == 0 {
		t.Error("read nothing and found no fault")
	}
}

// TestWholeYearFile reads a year as staff load it, and finds it whole.
func TestWholeYearFile(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/2026.csv")
	if err != nil {
		t.Fatal(err)
	}
	got, err := calendar.Read(data, "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{2026}, casework.WholeYears(got.Days)); diff != "" {
		t.Errorf("whole years (-want +got):\n%s", diff)
	}
	c := casework.NewCalendar(got.Days, []int{2026})
	if n := c.WorkingDays(day("2025-12-31"), day("2026-12-31")); n != 248 {
		t.Errorf("2026 has %d working days, want 248", n)
	}
}
