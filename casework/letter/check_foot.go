package letter

import (
	"strings"
	"unicode/utf8"

	"fuyan/casework"
)

// signature checks the organ that signs and the office that prints.
func (c *checker) signature() {
	if len(c.organs) == 0 {
		if c.whole {
			c.fault("signature", Span{}, "缺少署名，应为“%s”。", c.f.Organ)
		}
	} else if c.r.IssuingOrgan != c.f.Organ {
		at := Span{c.span(c.organs[0].start, c.organs[0].end).Start, c.span(c.organs[0].start, c.organs[len(c.organs)-1].end).End}
		c.fault("signature", at, "署名“%s”不是单位全称，应为“%s”。", c.r.IssuingOrgan, c.f.Organ)
	}
	office, at, printed := c.printing()
	if printed.IsZero() || c.f.OrganOffice == "" {
		return
	}
	if office != c.f.OrganOffice {
		c.fault("signature", at, "印发机关“%s”有误，应为“%s”。", office, c.f.OrganOffice)
	}
}

// printing reads the printing line (印发): the office, in the same line or the
// one before, and the day.
func (c *checker) printing() (office string, at Span, day casework.Date) {
	for i := c.foot; i < len(c.lines); i++ {
		l := c.lines[i]
		t, ok := strings.CutSuffix(c.line(l), "印发")
		if !ok {
			continue
		}
		start, day := trailingDate(t)
		if start > 0 {
			return t[:start], c.span(l.start, l.end), day
		}
		if i > c.foot {
			return c.line(c.lines[i-1]), c.span(c.lines[i-1].start, l.end), day
		}
		return "", c.span(l.start, l.end), day
	}
	return "", Span{}, casework.Date{}
}

// dates checks the letter's day and the day of printing.
func (c *checker) dates() {
	at := c.where("issue_date")
	switch {
	case c.r.IssueDate.IsZero():
		if c.whole {
			c.fault("dates", at, "缺少成文日期，应为%s。", c.f.IssueDate.Chinese())
		}
		return
	case !c.f.IssueDate.IsZero() && c.r.IssueDate != c.f.IssueDate:
		c.fault("dates", at, "成文日期与登记的不一致，应为%s。", c.f.IssueDate.Chinese())
	}
	_, where, printed := c.printing()
	if !printed.IsZero() && printed.Before(c.r.IssueDate) {
		c.fault("dates", where, "印发日期早于成文日期，应不早于%s。", c.r.IssueDate.Chinese())
	}
	for _, l := range c.lines[c.foot:] {
		if t := c.line(l); padded(t) {
			_, d := trailingDate(strings.TrimSuffix(t, "印发"))
			c.fault("dates", c.span(l.start, l.end), "日期的月、日不编虚位，应为%s。", day(d))
		}
	}
}

// padded reports whether a line has a day like 2024年05月07日.
func padded(s string) bool {
	for _, mark := range []string{"年0", "月0"} {
		if k := strings.Index(s, mark); k >= 0 && k+len(mark) < len(s) && isDigit(s[k+len(mark)]) {
			return true
		}
	}
	return false
}

// contacts looks for what must not leave the program: mobile and identity
// numbers, and telephone numbers other than the department's own.
func (c *checker) contacts() {
	own := digitsOf(c.f.ContactPhone)
	for i := 0; i < len(c.flat); i++ {
		if !isDigit(c.flat[i]) {
			continue
		}
		end := numberEnd(c.flat, i)
		what := private(c.flat[i:end], c.flat[max(0, i-45):i])
		if what != "" && !(own != "" && digitsOf(c.flat[i:end]) == own && c.inContact(i)) {
			c.fault("contact_leak", c.span(i, end), "正文中出现%s，公开前应删去，只保留承办单位的联系方式。", what)
		}
		i = end
	}
}

// inContact reports whether i stands in the department's contact block.
func (c *checker) inContact(i int) bool {
	for k, l := range c.lines {
		if i >= l.start && i < l.end {
			return len(c.tags[k]) > 0
		}
	}
	return false
}

// numberEnd is the end of the digits from i on, with hyphens between them and
// the X of an identity number.
func numberEnd(s string, i int) int {
	for i < len(s) && (isDigit(s[i]) || s[i] == '-' && i+1 < len(s) && isDigit(s[i+1])) {
		i++
	}
	if i < len(s) && (s[i] == 'X' || s[i] == 'x') {
		i++
	}
	return i
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// private says what kind of private number s is, by its form and by the words
// before it; "" for none.
func private(s, before string) string {
	d := digitsOf(s)
	switch n := len(d); {
	case n == 18 || n == 17 && len(s) > 17 && s[len(s)-1]|0x20 == 'x':
		return "身份证件号码"
	case n == 11 && d[0] == '1' && d[1] >= '3' && !strings.Contains(s, "-"):
		return "手机号码"
	case n >= 7 && n <= 12 && (d[0] == '0' && strings.Contains(s, "-") || calls(before)):
		return "电话号码"
	}
	return ""
}

// calls reports whether the words before a number say that it is a telephone's.
func calls(before string) bool {
	for len(before) > 0 && !utf8.RuneStart(before[0]) {
		before = before[1:]
	}
	return containsAny(before, "电话", "手机", "联系方式", "致电", "拨打", "座机", "微信")
}
