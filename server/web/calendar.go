package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type calendarPage struct {
	*fuyanv1.ListCalendarDaysResponse
	Prev, Next int32
	Months     []calendarMonth
	Working    int // days of the year
	Notices    []string
	MayLoad    bool
	Form       formView
	Preview    *calendarPreview // what the file that was just sent would do
}

// A calendarMonth is a month as a sheet shows it: weeks that begin on Monday.
type calendarMonth struct {
	Number  int
	Working int
	Weeks   [][]calendarCell
	Named   []string // 元旦 1–3日
}

type calendarCell struct {
	Day   int // 0 outside the month
	Class string
	Mark  string // 休, 班
}

type calendarPreview struct {
	*fuyanv1.ImportCalendarResponse
	Moved   movedList
	Confirm formView
}

// mostMoved is how many moved deadlines a page names.
const mostMoved = 200

type movedList struct {
	Rows []*fuyanv1.MovedDeadline
	More int
	All  int
}

func movedRows(list []*fuyanv1.MovedDeadline) movedList {
	shown := list[:min(len(list), mostMoved)]
	return movedList{shown, len(list) - len(shown), len(list)}
}

func (p *pages) showCalendar(r *request) (calendarPage, error) {
	year, _ := strconv.ParseInt(r.URL.Query().Get("year"), 10, 32)
	return p.calendarOf(r, int32(max(year, 0)))
}

// calendarOf is the page of a year, the present one for 0.
func (p *pages) calendarOf(r *request, year int32) (calendarPage, error) {
	answer, err := p.calendars.ListCalendarDays(r.Context(), &fuyanv1.ListCalendarDaysRequest{Year: year})
	if err != nil {
		return calendarPage{}, err
	}
	page := calendarPage{
		ListCalendarDaysResponse: answer, Prev: answer.Year - 1, Next: answer.Year + 1, Months: months(answer.Days),
		MayLoad: r.is(fuyanv1.Role_ROLE_ADMIN),
	}
	for _, m := range page.Months {
		page.Working += m.Working
	}
	for _, d := range answer.Days {
		if d.Notice != "" && !slices.Contains(page.Notices, d.Notice) {
			page.Notices = append(page.Notices, d.Notice)
		}
	}
	if r.failed != nil { // a confirmation that failed shows in the form that is seen
		r.failed.Form = "PreviewCalendar"
	}
	page.Form = p.forms["PreviewCalendar"].view(r, place{"PreviewCalendar", "/calendar/preview", 0}, subject{})
	return page, nil
}

func months(days []*fuyanv1.CalendarDay) []calendarMonth {
	out := make([]calendarMonth, 12)
	for _, d := range days {
		at, err := time.Parse(time.DateOnly, d.Date)
		if err != nil {
			continue
		}
		m := &out[at.Month()-1]
		m.Number = int(at.Month())
		m.add(at, d)
	}
	return out
}

var dayMarks = map[fuyanv1.DayKind]struct{ class, mark string }{
	fuyanv1.DayKind_DAY_KIND_WEEKEND: {"weekend", ""},
	fuyanv1.DayKind_DAY_KIND_HOLIDAY: {"off", "休"},
	fuyanv1.DayKind_DAY_KIND_STATUTE: {"off", "休"},
	fuyanv1.DayKind_DAY_KIND_MAKE_UP: {"worked", "班"},
}

func (m *calendarMonth) add(at time.Time, d *fuyanv1.CalendarDay) {
	column := (int(at.Weekday()) + 6) % 7
	if column == 0 || len(m.Weeks) == 0 {
		m.Weeks = append(m.Weeks, make([]calendarCell, 7))
	}
	look := dayMarks[d.Kind]
	m.Weeks[len(m.Weeks)-1][column] = calendarCell{at.Day(), look.class, look.mark}
	if look.class == "" || look.class == "worked" {
		m.Working++
	}
	if look.mark != "" {
		m.name(at.Day(), d)
	}
}

// name joins the days of one holiday: 元旦 1–3日.
func (m *calendarMonth) name(day int, d *fuyanv1.CalendarDay) {
	name := d.Name
	if d.Kind == fuyanv1.DayKind_DAY_KIND_MAKE_UP {
		name = "调休上班"
	}
	if n := len(m.Named); n > 0 {
		last, days, _ := strings.Cut(m.Named[n-1], " ")
		first, to, _ := strings.Cut(strings.TrimSuffix(days, "日"), "–")
		if to == "" {
			to = first
		}
		if last == name && to == strconv.Itoa(day-1) {
			m.Named[n-1] = fmt.Sprintf("%s %s–%d日", name, first, day)
			return
		}
	}
	m.Named = append(m.Named, fmt.Sprintf("%s %d日", name, day))
}

// previewCalendar shows what a file would do, with a button that does it. The
// file's text stays in the form: what was sent cannot be put back into a field
// for files.
func (p *pages) previewCalendar(r *request) (calendarPage, error) {
	if err := r.takeFile(); err != nil {
		return calendarPage{}, err
	}
	req := importCalendar(r.input())
	req.Preview, req.ExpectedMoves, req.RequestId = true, "", newUUID()
	answer, err := p.calendars.ImportCalendar(r.Context(), req)
	var refused *refusal
	if err := refusedInto(r, &refused, err); err != nil {
		return calendarPage{}, err
	}
	if refused == nil {
		r.typed = r.PostForm
		r.typed.Set("expected_moves", answer.Moves)
	}
	page, err := p.calendarOf(r, yearOf(answer.GetDays()))
	if err != nil || refused != nil {
		return page, err
	}
	confirm := p.forms["ImportCalendar"].view(r, place{"ImportCalendar", "/calendar/ImportCalendar", 0}, subject{})
	page.Preview = &calendarPreview{answer, movedRows(answer.Moved), confirm}
	return page, nil
}

// yearOf is the year of the first day, 0 for none.
func yearOf(days []*fuyanv1.CalendarDay) int32 {
	if len(days) == 0 {
		return 0
	}
	at, _ := time.Parse(time.DateOnly, days[0].Date)
	return int32(at.Year())
}

// takeFile puts the text of the file that was sent, if one was, where it would
// have been typed.
func (r *request) takeFile() error {
	sent := r.upload("file")
	if sent == nil {
		return nil
	}
	text, err := sent.read()
	if err != nil {
		return unreadable(err)
	}
	if len(text) > 0 {
		r.PostForm.Set("content", string(text))
		r.PostForm.Set("source", sent.Filename)
	}
	return nil
}

func calendarFields() []field {
	return []field{
		file("file", "文件", ".csv,.ics,.txt,text/csv,text/calendar").hint("CSV 表格，或者标有“休”“班”的 iCalendar 日历"),
		area("content", "或者粘贴内容").hint("每行一天：日期,类型,名称,文号；类型为 休、班，或者 撤销（改回平日）"),
		line("notice", "文号").hint("国办发明电〔2025〕7号；用于没有写明文号的日子"),
		line("years", "全年已齐的年份").hint("留空时自动判断：列有元旦、劳动节和国庆节，放假不少于13天，并有调休上班的年份"),
		{Name: "source", Kind: "hidden"},
	}
}

// confirmFields are the same, unseen: what was previewed is what is loaded.
func confirmFields(names ...string) []field {
	var out []field
	for _, name := range names {
		out = append(out, field{Name: name, Kind: "hidden"})
	}
	return out
}

func importCalendar(in input) *fuyanv1.ImportCalendarRequest {
	req := &fuyanv1.ImportCalendarRequest{
		RequestId: in.requestID, Source: in.text("source"), Content: []byte(in.verbatim("content")), Notice: in.text("notice"),
		ExpectedMoves: in.text("expected_moves"),
	}
	if req.Source == "" {
		req.Source = "粘贴的内容"
	}
	for _, text := range strings.FieldsFunc(in.text("years"), func(c rune) bool { return strings.ContainsRune(",，、 ", c) }) {
		n := input{values: map[string][]string{"year": {text}}}.number32("year")
		req.Years = append(req.Years, n)
	}
	return req
}
