package letter

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"fuyan/casework"
)

// Check compares a draft or a whole letter with what is on record and returns
// its faults. A draft runs from the salutation to the thanks; what it does not
// have yet (number, title, signature, copies) is asked for only once the record
// has a document number.
func Check(text string, f Facts) []Fault {
	c := &checker{reader: newReader(text), source: text, f: f, whole: f.DocumentNumber != ""}
	c.written = f.IssueDate
	c.read()
	for _, rule := range rules {
		rule(c)
	}
	return c.faults
}

// rules are the checks, in the order of their report.
var rules = []func(*checker){
	(*checker).number,
	(*checker).title,
	(*checker).salutation,
	(*checker).addressForm,
	(*checker).openingTitle,
	(*checker).banner,
	(*checker).copies,
	(*checker).signature,
	(*checker).dates,
	(*checker).deadline,
	(*checker).resultDay,
	(*checker).promises,
	(*checker).contacts,
}

type checker struct {
	*reader
	source string // the text as it was given
	f      Facts
	whole  bool // the letter has its number: everything must be there
	faults []Fault
}

func (c *checker) fault(rule string, at Span, format string, args ...any) {
	c.faults = append(c.faults, Fault{rule, true, fmt.Sprintf(format, args...), at})
}

func (c *checker) warn(rule string, at Span, format string, args ...any) {
	c.faults = append(c.faults, Fault{rule, false, fmt.Sprintf(format, args...), at})
}

// where is the place of a field, zero when it was not found.
func (c *checker) where(field string) Span {
	for _, f := range c.r.Fields {
		if f.Name == field {
			return f.Span
		}
	}
	return Span{}
}

// as returns the characters at a place.
func (c *checker) as(at Span) string {
	from, to := c.offset(at.Start), c.offset(at.End)
	return strings.TrimSpace(c.text[c.place(from).byte:c.place(to).byte])
}

func (c *checker) number() {
	at := c.where("document_number")
	if at == (Span{}) {
		if c.whole {
			c.fault("number_form", at, "缺少发文字号，应为%s。", c.f.DocumentNumber)
		}
		return
	}
	printed := c.as(at)
	if _, _, _, err := ParseNumber(printed); err != nil {
		c.fault("number_form", at, "发文字号“%s”不规范，应写作%s。", printed, c.properNumber())
	}
	n, _ := findNumber(c.r.DocumentNumber)
	if !c.rightSeries(n.prefix) {
		c.fault("number_series", at, "发文字号的机关代字“%s”与%s不符，应为%s。", n.prefix, c.f.Kind.Noun(), c.f.Prefix)
	}
	if y := c.issued().Year; y != 0 && n.year != y {
		c.warn("number_year", at, "发文字号的年份%d与成文日期不一致，应为%d。", n.year, y)
	}
	if c.whole && n.normal() != c.f.DocumentNumber && n.prefix == c.f.Prefix {
		c.fault("number_record", at, "发文字号与登记的不一致，应为%s。", c.f.DocumentNumber)
	}
}

func (c *checker) properNumber() string {
	if c.f.DocumentNumber != "" {
		return c.f.DocumentNumber
	}
	n, _ := findNumber(c.r.DocumentNumber)
	return n.normal()
}

// rightSeries reports whether a number's prefix belongs to the kind (提复, 建复).
func (c *checker) rightSeries(prefix string) bool {
	if c.f.Prefix != "" {
		return prefix == c.f.Prefix
	}
	if c.f.Kind == casework.NPCSuggestion {
		return !strings.Contains(prefix, "提")
	}
	return !strings.Contains(prefix, "建复")
}

// issued is the day of the letter, by the record or else as printed.
func (c *checker) issued() casework.Date {
	if c.f.IssueDate.IsZero() {
		return c.r.IssueDate
	}
	return c.f.IssueDate
}

func (c *checker) title() {
	want := Subject(c.f)
	if c.subject == (line{}) {
		if c.whole {
			c.fault("subject_form", Span{}, "缺少标题，应为“%s”。", want)
		}
		return
	}
	if got := c.line(c.subject); got != want {
		c.fault("subject_form", c.span(c.subject.start, c.subject.end), "标题“%s”与登记不符，应为“%s”。", got, want)
	}
}

func (c *checker) openingTitle() {
	at := c.where("title")
	switch {
	case c.r.Title == "":
		c.fault("opening_title", at, "首句没有引用案由，应为“%s”。", c.f.Title)
	case plain(c.r.Title) != plain(c.f.Title):
		c.fault("opening_title", at, "首句引用的案由与登记的不一致，应为“%s”。", c.f.Title)
	}
}

// plain leaves out what two spellings of a title may differ in.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("“”‘’\"'「」『』《》〈〉", r) {
			return -1
		}
		return r
	}, squeeze(s))
}

func (c *checker) banner() {
	if got := c.r.ResultLabel; got != "" && got != c.f.Result && c.f.Result != "" {
		c.fault("result_label", c.where("result_label"), "办理结果“%s”与登记的不一致，应为“%s”。", got, c.f.Result)
	}
	if got := c.r.PublicityLabel; got != "" && got != squeeze(c.f.Publicity) && c.f.Publicity != "" {
		c.fault("publicity_label", c.where("publicity_label"), "公开属性“%s”与登记的不一致，应为“%s”。", got, c.f.Publicity)
	}
}

// resultDay asks for a promised day where the result class implies one
// (正在解决, 计划解决: SH-REG 18): in the words of a promise that is not waived, or
// decided beside it and still ahead.
func (c *checker) resultDay() {
	for sentence, plan := range c.f.Plans {
		if !plan.Waived && !plan.Due.Before(c.issued()) && c.says(sentence) {
			return
		}
	}
	if slices.ContainsFunc(c.r.Commitments, func(p Commitment) bool { return !p.Due.Day.IsZero() && !c.f.Plans[p.Text].Waived }) {
		return
	}
	at := c.where("result_label")
	switch c.f.Result {
	case "正在解决", "计划解决":
		c.fault("result_without_day", at, "办理结果为“%s”，但没有一项承诺有解决时限，应写明或确认完成的年月日。", c.f.Result)
	case "列入计划拟解决":
		c.warn("result_without_day", at, "办理结果为“%s”，但没有一项承诺有解决时限，宜写明或确认完成的年月日。", c.f.Result)
	}
}

// says reports whether the text has a sentence, to the character. A plan may be one
// of a draft before.
func (c *checker) says(sentence string) bool { return strings.Contains(c.source, sentence) }

// Undecided is the rule of a promise that nobody confirmed or waived: one fault
// for each, which those who tell people of them may count instead.
const Undecided = "promise_undecided"

// promises asks that each promise be confirmed or waived before the letter goes
// out, and that none be due before it, read or not.
func (c *checker) promises() {
	if c.f.Plans == nil {
		return
	}
	for _, p := range c.r.Commitments {
		if _, decided := c.f.Plans[p.Text]; !decided {
			c.fault(Undecided, p.Span, "这项承诺还没有确认责任人和时限，也没有说明不列入的理由：“%s”。", p.Text)
		}
	}
	for _, sentence := range slices.Sorted(maps.Keys(c.f.Plans)) {
		if plan := c.f.Plans[sentence]; !plan.Waived && plan.Due.Before(c.issued()) && c.says(sentence) {
			at := utf8.RuneCountInString(c.source[:strings.Index(c.source, sentence)])
			span := Span{Start: at, End: at + utf8.RuneCountInString(sentence)}
			c.fault("promise_due_passed", span, "这项承诺确认的时限%s早于成文日期，应重新确认：“%s”。", plan.Due.Chinese(), sentence)
		}
	}
}

func (c *checker) deadline() {
	if d := c.issued(); !d.IsZero() && !c.f.ReplyDue.IsZero() && d.After(c.f.ReplyDue) {
		c.fault("reply_overdue", c.where("issue_date"), "成文日期%s已超过答复期限%s，应先办理延期。", d.Chinese(), c.f.ReplyDue.Chinese())
	}
}
