package web

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// The form shows so many empty rows for promises that were not read, and no more
// rows than that in all: a few more than a letter may have.
const (
	emptyRows = 3
	mostRows  = 510
)

// A promiseRow is a promise as a person confirms it. Its fields are named
// promise.1.text and so on.
type promiseRow struct {
	Number                 int
	Prefix                 string // of the names of its fields
	Added                  bool   // by a person, not read
	Kept                   bool
	Start                  string
	Note                   string // by what words it was read
	Text, Responsible, Due fieldView
	Place                  string // where it stands in the letter; empty for nowhere
	mark                   mark
}

func promiseField(n int, name string) string { return fmt.Sprintf("promise.%d.%s", n, name) }

// rowsOf is how many rows of promises a form has; 0 before a letter is read.
func rowsOf(typed url.Values) int {
	n, err := strconv.Atoi(typed.Get("promise_rows"))
	if err != nil {
		return 0
	}
	return min(max(n, 0), mostRows)
}

// fillRows gives each promise that was read a row, and adds empty ones.
func fillRows(typed url.Values, promises []*fuyanv1.Promise) {
	for i, pr := range promises {
		set := func(name, value string) { typed.Set(promiseField(i+1, name), value) }
		set("text", pr.Text)
		set("start", strconv.Itoa(int(pr.GetSpan().GetStart())))
		set("responsible", strings.Join(pr.Responsible, "、"))
		set("due", pr.Due)
		set("keep", "yes")
		set("read", "yes")
	}
	typed.Set("promise_rows", strconv.Itoa(min(len(promises)+emptyRows, mostRows)))
}

// rowOf is a row as it was typed, with its place in the letter.
func rowOf(form formView, typed url.Values, n int, read *fuyanv1.ReadLetterResponse, chars []rune) promiseRow {
	in := input{values: typed}
	fill := func(f field) fieldView {
		f.Name = promiseField(n, f.Name)
		return form.fill(f, typed, subject{})
	}
	row := promiseRow{
		Number: n, Prefix: promiseField(n, ""), Added: !in.flag(promiseField(n, "read")), Kept: in.flag(promiseField(n, "keep")),
		Start:       in.text(promiseField(n, "start")),
		Responsible: fill(line("responsible", "责任单位")), Due: fill(day("due", "文中期限")),
	}
	row.Text = fill(area("text", "承诺原句"))
	row.Text.Wanted = !row.Added
	row.find(in, read.GetText(), chars)
	for _, pr := range read.GetReading().GetPromises() {
		if !row.Added && pr.GetSpan().GetStart() == in.number32(promiseField(n, "start")) {
			row.Note = noteOf(pr)
		}
	}
	return row
}

// find marks where the sentence stands in the letter, or says that it does not.
func (row *promiseRow) find(in input, letter string, chars []rune) {
	text, near := in.text(row.Prefix+"text"), in.number32(row.Prefix+"start")
	start, found := locate(letter, chars, text, int(near))
	switch {
	case found:
		row.Place = fmt.Sprintf("#p%d", row.Number)
		row.mark = mark{
			Start: start, End: start + utf8.RuneCountInString(text), Class: "promise", Number: row.Number,
			ID: row.Place[1:], Href: fmt.Sprintf("#promise-%d", row.Number),
		}
		if !row.Kept && !row.Added {
			row.mark.Class = "promise left"
		}
	case text != "" && row.Text.Error == "" && (row.Kept || row.Added):
		row.Text.Error = "复文里没有这段文字"
	}
}

// noteOf says by what words a promise was read, and which day they name.
func noteOf(pr *fuyanv1.Promise) string {
	if pr.DueWords == "" {
		return pr.Cue + " · 没有写明期限"
	}
	return pr.Cue + " · " + pr.DueWords
}

// locate is where a sentence stands in a text, in characters: at near, else of
// several places the one nearest to it.
func locate(text string, chars []rune, sentence string, near int) (start int, found bool) {
	if sentence == "" {
		return 0, false
	}
	if length := utf8.RuneCountInString(sentence); near >= 0 && near+length <= len(chars) && string(chars[near:near+length]) == sentence {
		return near, true
	}
	for from, char := 0, 0; ; {
		at := strings.Index(text[from:], sentence)
		if at < 0 {
			return start, found
		}
		char += utf8.RuneCountInString(text[from : from+at])
		if !found || max(char-near, near-char) < max(start-near, near-start) {
			start, found = char, true
		}
		from, char = from+at+len(sentence), char+utf8.RuneCountInString(sentence)
	}
}

// keptRows are the numbers of the rows to put on record: those read that are
// ticked, and those added that are not empty.
func keptRows(in input) []int {
	var out []int
	for n := 1; n <= rowsOf(in.values); n++ {
		has := func(name string) bool { return in.text(promiseField(n, name)) != "" }
		if has("keep") || !has("read") && (has("text") || has("responsible") || has("due")) {
			out = append(out, n)
		}
	}
	return out
}

func confirmedPromise(in input, n int) *fuyanv1.ConfirmedPromise {
	return &fuyanv1.ConfirmedPromise{
		Text: in.text(promiseField(n, "text")), Start: in.number32(promiseField(n, "start")), Due: in.text(promiseField(n, "due")),
		Responsible: strings.FieldsFunc(in.text(promiseField(n, "responsible")), func(r rune) bool { return strings.ContainsRune("、，,；; \n\u3000", r) }),
	}
}

// atRow makes a refusal of a promise one of the field of its row.
func atRow(in input, err error) error {
	why, ok := errors.AsType[*refusal](err)
	if !ok {
		return err
	}
	rest, ok := strings.CutPrefix(why.Field, "issued_letter.promises[")
	if !ok {
		return err
	}
	index, name, _ := strings.Cut(rest, "].")
	i, err := strconv.Atoi(index)
	rows := keptRows(in)
	if err != nil || i < 0 || i >= len(rows) {
		return why
	}
	name, _, _ = strings.Cut(name, "[")
	labels := []string{"text", "的原句", "responsible", "的责任单位", "due", "的期限"}
	if k := slices.Index(labels, name); k >= 0 {
		why.Message = strings.Replace(why.Message, "字段 "+why.Field, fmt.Sprintf("承诺 %d %s", rows[i], labels[k+1]), 1)
	}
	why.Field = promiseField(rows[i], name)
	return why
}
