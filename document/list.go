package document

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// levels is how many levels a list of Word has.
const levels = 9

// lists counts the paragraphs that Word numbers by itself. Paragraphs name a
// list and a level, by themselves or through their style; numbering.xml says
// how each level of it looks.
type lists struct {
	styles map[string]style
	lists  map[string]*list
	counts map[string]*counts // by abstract list, which lists may share
}

// counts are the numbers last printed at each level, those that have one.
type counts struct {
	at    [levels]int
	begun [levels]bool
}

type abstract struct {
	ID     string   `xml:"abstractNumId,attr"`
	Levels []*level `xml:"lvl"`
}

type level struct {
	Place  string `xml:"ilvl,attr"`
	Start  value  `xml:"start"`
	Format value  `xml:"numFmt"`
	Text   value  `xml:"lvlText"` // （%1）, %1.%2
	Legal  *value `xml:"isLgl"`   // all in Arabic digits
	Style  value  `xml:"pStyle"`
}

type list struct {
	looks     [levels]*level
	begun     bool   // has set the starts of its own
	ID        string `xml:"numId,attr"`
	Abstract  value  `xml:"abstractNumId"`
	Overrides []struct {
		Place string `xml:"ilvl,attr"`
		Start *value `xml:"startOverride"`
		Level *level `xml:"lvl"`
	} `xml:"lvlOverride"`
}

type style struct {
	ID     string    `xml:"styleId,attr"`
	Based  value     `xml:"basedOn"`
	Number numbering `xml:"pPr>numPr"`
}

// A numbering is what a paragraph or a style says of its number.
type numbering struct {
	List  *value `xml:"numId"`
	Level *value `xml:"ilvl"`
}

// A value is what an element says in its one attribute.
type value struct {
	Val string
}

// maxValue is more bytes than a name, a number or the pattern of a number has.
const maxValue = 255

// UnmarshalXML leaves out what is longer: one style or list of a file stands
// behind any number of paragraphs, and what it says would be read for each.
func (v *value) UnmarshalXML(x *xml.Decoder, e xml.StartElement) error {
	for _, a := range e.Attr {
		if a.Name.Local == "val" && len(a.Value) <= maxValue {
			v.Val = a.Value
		}
	}
	return x.Skip()
}

func (v value) int() int {
	n, err := strconv.Atoi(v.Val)
	if err != nil {
		return 0
	}
	return n
}

func (l *lists) readStyles(x *xml.Decoder) error {
	var part struct {
		Styles []style `xml:"style"`
	}
	err := x.Decode(&part)
	l.styles = map[string]style{}
	for _, s := range part.Styles {
		l.styles[s.ID] = s
	}
	return err
}

func (l *lists) readNumbering(x *xml.Decoder) error {
	var part struct {
		Abstracts []abstract `xml:"abstractNum"`
		Lists     []*list    `xml:"num"`
	}
	err := x.Decode(&part)
	abstracts := map[string][]*level{}
	for _, a := range part.Abstracts {
		abstracts[a.ID] = a.Levels[:min(len(a.Levels), levels)]
	}
	l.lists, l.counts = map[string]*list{}, map[string]*counts{}
	for _, have := range part.Lists {
		have.look(abstracts[have.Abstract.Val])
		l.lists[have.ID], l.counts[have.Abstract.Val] = have, new(counts)
	}
	return err
}

// look finds how each level of a list looks, and where it starts.
func (l *list) look(looks []*level) {
	for _, v := range looks {
		l.put(v.Place, v)
	}
	l.Overrides = l.Overrides[:min(len(l.Overrides), levels)]
	for _, o := range l.Overrides {
		if o.Level != nil {
			l.put(o.Place, o.Level)
		}
		if look := l.at(o.Place); look != nil && *look != nil && o.Start != nil {
			own := **look
			own.Start = *o.Start
			*look = &own
		}
	}
}

func (l *list) put(place string, v *level) {
	if look := l.at(place); look != nil {
		*look = v
	}
}

// at is where the look of a level is kept, nil where there is no such level.
func (l *list) at(place string) **level {
	if n, ok := levelAt(place); ok {
		return &l.looks[n]
	}
	return nil
}

// levelAt reads the number of a level.
func levelAt(place string) (n int, ok bool) {
	if len(place) != 1 {
		return 0, false
	}
	n = int(place[0] - '0')
	return n, n < levels
}

// next counts a paragraph and returns the number before it; nothing when it has
// none.
func (l *lists) next(styleID string, n numbering) string {
	n, by := l.inherited(styleID, n)
	if n.List == nil || l.lists[n.List.Val] == nil {
		return ""
	}
	have := l.lists[n.List.Val]
	at := have.place(n, by)
	if have.looks[at] == nil {
		return ""
	}
	c := l.counts[have.Abstract.Val]
	have.restart(c)
	c.count(have, at)
	return have.printed(at, c)
}

// inherited completes what a paragraph says by what its style and those that it
// is based on say, and names the style that knew.
func (l *lists) inherited(styleID string, n numbering) (out numbering, by string) {
	for range levels { // styles may be based on each other
		if n.List != nil {
			break
		}
		s := l.styles[styleID]
		if n.List, by = s.Number.List, s.ID; n.Level == nil {
			n.Level = s.Number.Level
		}
		styleID = s.Based.Val
	}
	return n, by
}

// place is the level of a paragraph: its own, or the one that belongs to the
// style.
func (l *list) place(n numbering, by string) int {
	if n.Level != nil {
		return min(max(n.Level.int(), 0), levels-1)
	}
	for i, look := range l.looks {
		if look != nil && by != "" && look.Style.Val == by {
			return i
		}
	}
	return 0
}

// restart begins the levels anew that have a start of this list's own, before
// its first paragraph.
func (l *list) restart(c *counts) {
	if l.begun {
		return
	}
	l.begun = true
	for _, o := range l.Overrides {
		if n, ok := levelAt(o.Place); ok && o.Start != nil {
			c.begun[n] = false
		}
	}
}

// count moves a list on at a level: the levels above begin if they have not,
// those below begin anew.
func (c *counts) count(l *list, at int) {
	for i := range at + 1 {
		switch look := l.looks[i]; {
		case c.begun[i] && i == at:
			c.at[i]++
		case c.begun[i]:
		case look != nil && look.Start.Val != "":
			c.at[i] = look.Start.int()
		default:
			c.at[i] = 1
		}
		c.begun[i] = true
	}
	clear(c.begun[at+1:])
}

// printed is the number as Word prints it, and a space where it ends in no mark
// of full width.
func (l *list) printed(at int, c *counts) string {
	text := l.looks[at].Text.Val
	for i := range at + 1 {
		format := ""
		if l.looks[i] != nil && l.looks[at].Legal == nil {
			format = l.looks[i].Format.Val
		}
		text = strings.ReplaceAll(text, "%"+strconv.Itoa(i+1), numeral(format, c.at[i]))
	}
	switch last := []rune(text); {
	case len(last) == 0:
		return ""
	case last[0] >= 0xE000 && last[0] <= 0xF8FF: // a bullet of a symbol font
		return "• "
	case last[len(last)-1] < 0x2E80:
		return text + " "
	}
	return text
}
