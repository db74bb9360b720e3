package handover

import (
	"slices"
	"strings"

	"fuyan/casework"
)

// A List is a table with what is said of it.
type List struct {
	Rows       []Row // all, in the order of the file
	HeaderLine int   // 0 for none
	Columns    []Field
	Defaults   Defaults
}

// Guess says of the rows of a file of this name where the headings are, what the
// columns hold and what holds for all rows.
func Guess(rows []Row, name string, today casework.Date) List {
	at, titles := Header(rows), []string{}
	l := List{Rows: rows}
	if at >= 0 {
		l.HeaderLine = rows[at].Line
		for _, r := range rows[:at] {
			titles = append(titles, strings.Join(r.Cells, ""))
		}
	}
	l.Defaults = DefaultsIn(append(titles, name))
	l.match()
	if !slices.Contains(l.Columns, HandedOver) {
		l.Defaults.HandedOver = today
	}
	return l
}

// Under is the list with its headings in another line, and its columns guessed
// anew.
func (l List) Under(line int) List {
	l.HeaderLine = line
	l.match()
	return l
}

// match guesses the columns: as many as the widest row has.
func (l *List) match() {
	width := 0
	for _, r := range l.Rows {
		if r.Line >= l.HeaderLine {
			width = max(width, len(r.Cells))
		}
	}
	headings := make([]string, width)
	copy(headings, l.Headings())
	l.Columns = Match(headings, l.Body())
}

// Headings are those of the columns; none where no line has any.
func (l List) Headings() []string {
	for _, r := range l.Rows {
		if r.Line == l.HeaderLine {
			return r.Cells
		}
	}
	return nil
}

// Body is the rows below the headings.
func (l List) Body() []Row {
	at := slices.IndexFunc(l.Rows, func(r Row) bool { return r.Line > l.HeaderLine })
	if at < 0 {
		return nil
	}
	return l.Rows[at:]
}

// Check returns a [casework.FieldError] unless the list has rows and its columns
// hold each field once. Rows is the field of the request that they come in.
func (l List) Check(rows string) error {
	switch n := len(l.Body()); {
	case n == 0:
		return casework.Invalid(rows, "表头下面没有行")
	case n > MaxRows:
		return casework.Invalid(rows, "最多 %d 行，现在有 %d 行；请分成几个文件", MaxRows, n)
	}
	seen := map[Field]bool{}
	for _, f := range l.Columns {
		if f != Nothing && seen[f] {
			return casework.Invalid("fields", "“%s”选了两列，应只选一列", f.Label())
		}
		seen[f] = true
	}
	return nil
}

// A Taken is a number that is on record.
type Taken struct {
	Kind    casework.Kind
	Sitting casework.Sitting
	Number  string
}

// Spellings are the ways in which the item's number may be on record.
func (it Item) Spellings() []Taken {
	if it.Number == "" || it.Kind == "" {
		return nil
	}
	var out []Taken
	digits := bareNumber(it.Number)
	letter := strings.TrimRight(digits, "0123456789")
	digits = strings.TrimPrefix(digits, letter)
	numbers := []string{it.Number}
	for width := len(digits); width <= max(len(digits), 5); width++ {
		numbers = append(numbers, letter+strings.Repeat("0", width-len(digits))+digits)
	}
	slices.Sort(numbers)
	for _, n := range slices.Compact(numbers) {
		if n != letter {
			out = append(out, Taken{it.Kind, it.Sitting, n})
		}
	}
	return out
}

// A Record is what is on record of what a list has.
type Record map[key]string

// RecordOf is the record with these numbers.
func RecordOf(list []Taken) Record {
	r := Record{}
	for _, t := range list {
		r[Item{Kind: t.Kind, Sitting: t.Sitting, Number: t.Number}.key()] = t.Number
	}
	return r
}

// MarkTaken notes on the item that its number is on record.
func (it *Item) MarkTaken(r Record) {
	if number, ok := r[it.key()]; ok && it.Number != "" {
		it.wrong(Number, "这一届次的 "+number+" 号已经登记")
	}
}
