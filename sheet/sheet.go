// Package sheet writes tables that people open in Excel, .xlsx and CSV, and reads
// those that they made there.
//
// What stands in a cell was written by many hands, and a spreadsheet runs a text
// that begins like a formula. In .xlsx each text is a text cell, which nothing
// runs, and stays to the character as it was. CSV has no types: there a text that
// could be run begins with an apostrophe, see [Harmless].
//
// Of a table that is read only what a person sees in it counts: a formula is what it
// came to last, hidden rows and worksheets are left out, a day is written
// 2025-03-04 however it is shown.
//
// What the rows mean is not known here.
package sheet

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// A Column is a column's heading and its width in characters.
type Column struct {
	Heading string
	Width   float64
}

// A Table is what is written: rows of texts, whole numbers (int64) and days
// ([time.Time]); a nil or a zero day is an empty cell.
type Table struct {
	Name    string
	Columns []Column
	// Notes say in a sheet of their own what the table is; they are asked for when
	// the rows are through. CSV has no room for them.
	Notes func() [][2]string
	// Rows calls add with each row in turn, and returns its first error.
	Rows func(add func([]any) error) error
}

// byteOrderMark tells Excel that a CSV is UTF-8.
const byteOrderMark = "\ufeff"

// WriteCSV writes the table as CSV with a byte order mark and lines that end in
// CR LF.
func (t Table) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	line := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		line[i] = Harmless(c.Heading)
	}
	if err := out.Write(line); err != nil {
		return err
	}
	err := t.Rows(func(cells []any) error {
		for i, cell := range cells {
			line[i] = plain(cell)
		}
		return out.Write(line)
	})
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	return err
}

// Harmless returns text with an apostrophe before it where a spreadsheet would
// take it for a formula.
func Harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(text)[0]) {
		return "'" + text
	}
	return text
}

func plain(cell any) string {
	switch v := cell.(type) {
	case string:
		return Harmless(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case time.Time:
		if !v.IsZero() {
			return v.Format(time.DateOnly)
		}
	}
	return ""
}

// dayFormat is how Excel shows a day.
const dayFormat = "yyyy-mm-dd"

// WriteXLSX writes the table as .xlsx: headings that stay in sight and can be
// filtered by, and the notes behind it.
func (t Table) WriteXLSX(w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	if err := f.SetSheetName("Sheet1", t.Name); err != nil {
		return err
	}
	if err := t.fill(f); err != nil {
		return err
	}
	if err := t.note(f); err != nil {
		return err
	}
	_, err = f.WriteTo(w)
	return err
}

// fill streams the rows into the first sheet, so that only the file is held in
// memory.
func (t Table) fill(f *excelize.File) error {
	out, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	for i, c := range t.Columns {
		if err := out.SetColWidth(i+1, i+1, c.Width); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	s, err := stylesOf(f)
	if err != nil {
		return err
	}
	head := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = excelize.Cell{StyleID: s.head, Value: c.Heading}
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	lines := 1
	cells := make([]any, len(t.Columns))
	err = t.Rows(func(row []any) error {
		lines++
		for i, cell := range row {
			cells[i] = s.cell(cell)
		}
		return out.SetRow("A"+strconv.Itoa(lines), cells)
	})
	if err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(len(t.Columns), lines)
	if err != nil {
		return err
	}
	// The stream writes it with the rows.
	if err := f.AutoFilter(t.Name, "A1:"+last, nil); err != nil {
		return err
	}
	return out.Flush()
}

// styles are what cells look like.
type styles struct{ head, text, number, day int }

func stylesOf(f *excelize.File) (s styles, err error) {
	top := &excelize.Alignment{Vertical: "top"}
	wrapped := &excelize.Alignment{Vertical: "top", WrapText: true}
	format := dayFormat
	for _, of := range []struct {
		id    *int
		style excelize.Style
	}{
		{&s.head, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: wrapped, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E6EEFB"}}}},
		{&s.text, excelize.Style{Alignment: wrapped}},
		{&s.number, excelize.Style{Alignment: top}},
		{&s.day, excelize.Style{Alignment: top, CustomNumFmt: &format}},
	} {
		if *of.id, err = f.NewStyle(&of.style); err != nil {
			return s, err
		}
	}
	return s, nil
}

// cell is what the stream writer takes: of a text a text cell, whatever it says.
func (s styles) cell(cell any) any {
	switch v := cell.(type) {
	case string:
		if v != "" {
			return excelize.Cell{StyleID: s.text, Value: v}
		}
	case int64:
		return excelize.Cell{StyleID: s.number, Value: v}
	case time.Time:
		if !v.IsZero() {
			return excelize.Cell{StyleID: s.day, Value: v}
		}
	}
	return nil
}

// note writes the notes into a sheet behind the table.
func (t Table) note(f *excelize.File) error {
	const name = "说明"
	if _, err := f.NewSheet(name); err != nil {
		return err
	}
	if err := f.SetColWidth(name, "A", "B", 24); err != nil {
		return err
	}
	for i, n := range t.Notes() {
		if err := f.SetSheetRow(name, "A"+strconv.Itoa(i+1), &[]string{n[0], n[1]}); err != nil {
			return err
		}
	}
	return nil
}
