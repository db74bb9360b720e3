package calendar

import (
	"bytes"
	"regexp"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"fuyan/casework"
)

// mostSpan is how many days one holiday may last.
const mostSpan = 31

// events reads the marked events of an iCalendar. Events without a mark, such as
// 母亲节, say nothing about work and are passed over.
func (r *reader) events(data []byte) {
	accept := ics.WithUnknownPropertyHandler(ics.AcceptUnknownPropertyHandler)
	cal, err := ics.ParseCalendarWithOptions(bytes.NewReader(data), accept)
	if err != nil {
		r.fault(0, "", "不是完整的 iCalendar 文件：%v", err)
		return
	}
	source := sourceOf(data)
	events := cal.Events()
	if !source.ended || len(events) != len(source.events) {
		r.fault(source.last, "", "文件不完整：应以 END:VCALENDAR 结束，每个 BEGIN:VEVENT 有对应的 END:VEVENT")
		return
	}
	for i, e := range events {
		r.event(source.events[i], e)
	}
}

// An eventSource is where an event and its properties begin.
type eventSource struct {
	line       int
	properties map[string]int
}

// at is the line of a property, the event's own where it has none.
func (s eventSource) at(property ics.ComponentProperty) int {
	if line, ok := s.properties[string(property)]; ok {
		return line
	}
	return s.line
}

type source struct {
	events []eventSource
	last   int
	ended  bool
}

// sourceOf finds the lines of the events: the library does not keep them.
func sourceOf(data []byte) source {
	var out source
	inside := false
	for i, raw := range strings.Split(string(data), "\n") {
		line := strings.ToUpper(strings.TrimRight(raw, "\r"))
		if strings.TrimSpace(line) == "" {
			continue
		}
		out.last = i + 1
		switch name, _, _ := strings.Cut(line, ":"); {
		case line == "BEGIN:VEVENT":
			inside = true
			out.events = append(out.events, eventSource{i + 1, map[string]int{}})
		case line == "END:VEVENT":
			inside = false
		case line == "END:VCALENDAR":
			out.ended = true
		case inside && raw[0] != ' ' && raw[0] != '\t': // else it goes on from the line before
			name, _, _ = strings.Cut(name, ";")
			if seen := out.events[len(out.events)-1].properties; seen[name] == 0 {
				seen[name] = i + 1
			}
		}
	}
	return out
}

func value(e *ics.VEvent, property ics.ComponentProperty) string {
	p := e.GetProperty(property)
	if p == nil {
		return ""
	}
	return strings.TrimSpace(p.Value)
}

func (r *reader) event(at eventSource, e *ics.VEvent) {
	k := markOf(e)
	if k == none || strings.EqualFold(value(e, ics.ComponentPropertyStatus), "CANCELLED") {
		return
	}
	for _, repeated := range []ics.ComponentProperty{ics.ComponentPropertyRrule, ics.ComponentPropertyRdate} {
		if e.GetProperty(repeated) != nil {
			r.fault(at.at(repeated), string(repeated), "放假和调休每年另行公布，应为不重复的日程")
			return
		}
	}
	first, last, ok := r.span(at, e)
	if !ok {
		return
	}
	name := nameOf(value(e, ics.ComponentPropertySummary))
	if !r.fits(at.at(ics.ComponentPropertySummary), "SUMMARY", name) {
		return
	}
	for d := first; d.Before(last); d = d.AddDays(1) {
		r.add(columns{at.at(ics.ComponentPropertyDtStart), "DTSTART", "SUMMARY"}, k, casework.CalendarDay{Day: d, Name: name})
	}
}

// span returns the first day of an event and the day after its last.
func (r *reader) span(at eventSource, e *ics.VEvent) (first, last casework.Date, ok bool) {
	if first, ok = r.day(at, e, ics.ComponentPropertyDtStart); !ok {
		return first, last, false
	}
	switch {
	case e.GetProperty(ics.ComponentPropertyDtEnd) != nil:
		if last, ok = r.day(at, e, ics.ComponentPropertyDtEnd); !ok {
			return first, last, false
		}
	case e.GetProperty(ics.ComponentPropertyDuration) != nil:
		r.fault(at.at(ics.ComponentPropertyDuration), "DURATION", "应以 DTEND 写明最后一日的次日")
		return first, last, false
	default:
		last = first.AddDays(1)
	}
	if n := last.Sub(first); n < 1 || n > mostSpan {
		r.fault(at.at(ics.ComponentPropertyDtEnd), "DTEND", "应在 DTSTART 之后1至%d天（不含当日），现在是%s至%s", mostSpan, first, last)
		return first, last, false
	}
	return first, last, true
}

func (r *reader) day(at eventSource, e *ics.VEvent, property ics.ComponentProperty) (casework.Date, bool) {
	text := value(e, property)
	t, err := time.Parse("20060102", text)
	if err != nil {
		r.fault(at.at(property), string(property), "应为全天日程的日期，写作 20261001，现在是%q", text)
	}
	return casework.DateOf(t, time.UTC), err == nil
}

// special is how one large publisher marks days beside the summary.
const special ics.ComponentProperty = "X-APPLE-SPECIAL-DAY"

// markOf says what an event's mark means. Only these count: a word for it in
// brackets, or as the last of the summary, before a number of days; a bare 班 or
// 休 after a space. For 培训班, 值班, 退休 and 补休 are no days of the State
// Council: 元旦（休）, 国庆节 班, 春节 补班 第1天/共2天 are.
func markOf(e *ics.VEvent) kind {
	switch strings.ToUpper(value(e, special)) {
	case "ALTERNATE-WORKDAY":
		return work
	case "WORK-HOLIDAY":
		return off
	}
	summary := numbering.ReplaceAllString(value(e, ics.ComponentPropertySummary), "")
	for _, mark := range marks {
		switch found := mark.FindString(summary); {
		case found == "":
		case strings.HasPrefix(found, "不"):
			return none
		case strings.Contains(found, "班"):
			return work
		default:
			return off
		}
	}
	return none
}

// numbering is the end of a summary that counts the days of a holiday.
var numbering = regexp.MustCompile(`\s*第\s*\d+\s*天\s*/?\s*(共\s*\d+\s*天)?$`)

// marks are where a summary may carry its mark, which is no part of the name.
var marks = []*regexp.Regexp{
	regexp.MustCompile(`[（(\[【](调休上班|补班|上班|班|放假|假期|休息|休)[）)\]】]`),
	regexp.MustCompile(`(不?(调休上班|补班|上班|放假|假期|休息)|(^|\s)[班休])$`),
}

// nameOf is a summary without its marks.
func nameOf(summary string) string {
	summary = numbering.ReplaceAllString(summary, "")
	for _, mark := range marks {
		summary = mark.ReplaceAllString(summary, " ")
	}
	return strings.Join(strings.Fields(summary), " ")
}
