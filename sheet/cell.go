package sheet

import (
	"encoding/xml"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A format is how numbers of a style are shown, as far as it matters here: as
// days, or with zeros before them.
type format struct {
	day   bool
	width int // 0000 makes 670 0670
}

// quoted is what a format prints as it stands.
var quoted = regexp.MustCompile(`"[^"]*"|\[[^\]]*\]|\\.`)

func formatOf(id int, code string) format {
	switch {
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return format{day: true} // built in; the later ones are Chinese
	case code != "" && strings.Trim(code, "0") == "":
		return format{width: len(code)}
	}
	code = strings.ToLower(quoted.ReplaceAllString(code, ""))
	return format{day: strings.Contains(code, "d") || strings.Contains(code, "yy")}
}

func (b *book) readStyles(part string) error {
	if part == "" {
		return nil
	}
	var s struct {
		Codes []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Styles []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := b.decode(part, &s); err != nil {
		return err
	}
	codes := map[int]string{}
	for _, c := range s.Codes {
		codes[c.ID] = c.Code
	}
	for _, style := range s.Styles {
		b.formats = append(b.formats, formatOf(style.Format, codes[style.Format]))
	}
	return nil
}

// A cell is one as the file has it. Of a formula only what it came to last is read.
type cell struct {
	Ref    string `xml:"r,attr"`
	Type   string `xml:"t,attr"`
	Style  int    `xml:"s,attr"`
	Value  string `xml:"v"`
	Inline rich   `xml:"is"`
}

// readSheet reads a worksheet.
func (b *book) readSheet(part string) (Grid, error) {
	var g Grid
	line := 0
	var ranges []string
	err := b.each(part, "<row><mergeCell>", func(in *xml.Decoder, start xml.StartElement) error {
		if start.Name.Local == "mergeCell" {
			ranges = append(ranges, attribute(start, "ref"))
			return nil
		}
		var row struct {
			Cells []cell `xml:"c"`
		}
		if err := in.DecodeElement(&row, &start); err != nil {
			return err
		}
		line++
		if n, err := strconv.Atoi(attribute(start, "r")); err == nil && n > 0 {
			line = n
		}
		cells, err := b.texts(row.Cells)
		if err != nil {
			return err
		}
		if hidden := attribute(start, "hidden"); hidden == "1" || hidden == "true" {
			if strings.TrimSpace(strings.Join(cells, "")) != "" {
				g.Hidden++
			}
			return nil
		}
		return g.add(line, cells)
	})
	g.fill(ranges)
	return g, err
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// texts are the cells of a row, each in its column.
func (b *book) texts(cells []cell) ([]string, error) {
	var out []string
	for _, c := range cells {
		at := len(out)
		if c.Ref != "" {
			at, _ = place(c.Ref)
		}
		text := b.text(c)
		if text == "" {
			continue
		}
		if at < 0 || at >= MaxColumns {
			return nil, TooWide
		}
		for len(out) <= at {
			out = append(out, "")
		}
		out[at] = text
	}
	return out, nil
}

// text is what a person reads in a cell, but a day as 2025-03-04 however it is
// shown, and a number without what is put between its digits.
func (b *book) text(c cell) string {
	switch c.Type {
	case "s":
		n, err := strconv.Atoi(c.Value)
		if err != nil || n < 0 || n >= len(b.shared) {
			return ""
		}
		return b.shared[n]
	case "inlineStr":
		return c.Inline.String()
	case "str", "b", "e", "d":
		return c.Value
	}
	value, err := strconv.ParseFloat(c.Value, 64)
	if err != nil || c.Style < 0 || c.Style >= len(b.formats) {
		return tidy(c.Value)
	}
	f := b.formats[c.Style]
	if f.day && value >= 1 && value < 200_000 {
		return b.day(value)
	}
	text := tidy(c.Value)
	if f.width > 0 && strings.Trim(text, "0123456789") == "" {
		return strings.Repeat("0", max(0, f.width-len(text))) + text
	}
	return text
}

// tidy writes a whole number that a file has as 6.7E2 or 670.0 with its digits.
func tidy(number string) string {
	value, err := strconv.ParseFloat(number, 64)
	if err != nil || value != math.Trunc(value) || math.Abs(value) >= 1<<53 {
		return number
	}
	return strconv.FormatInt(int64(value), 10)
}

// day is the day with a number: counted from the end of 1899, or from 1904.
func (b *book) day(number float64) string {
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if b.since == 1904 {
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return first.AddDate(0, 0, int(number)).Format(time.DateOnly)
}

// place reads C12 as column 2 and line 12; a column of -1 is none.
func place(ref string) (column, line int) {
	column = 0
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z'; i++ {
		if column = column*26 + int(ref[i]-'A') + 1; column > 1<<20 {
			return -1, 0
		}
	}
	line, err := strconv.Atoi(ref[i:])
	if err != nil {
		return -1, 0
	}
	return column - 1, line
}

// fill writes what cells merged downwards say into each of their lines. What is
// merged sideways stays in its first column: the others say something else. The
// work is bounded by the size of the table, as ranges that do not overlap are.
func (g *Grid) fill(ranges []string) {
	work := len(g.Rows) + len(ranges)
	at := map[int]int{}
	for i, row := range g.Rows {
		at[row.Line] = i
		work += len(row.Cells)
	}
	for _, r := range ranges {
		from, to, _ := strings.Cut(r, ":")
		column, top := place(from)
		_, bottom := place(to)
		first, ok := at[top]
		if !ok || column < 0 || column >= len(g.Rows[first].Cells) || column >= MaxColumns {
			continue
		}
		for i := first + 1; i < len(g.Rows) && g.Rows[i].Line <= bottom; i++ {
			if work--; work < 0 {
				return
			}
			row := &g.Rows[i]
			for len(row.Cells) <= column {
				row.Cells = append(row.Cells, "")
			}
			if row.Cells[column] == "" {
				row.Cells[column] = g.Rows[first].Cells[column]
			}
		}
	}
}
