package web

import (
	"strings"
	"time"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// A versionRow is a paragraph, or several that changed together, of two versions
// of a text side by side.
type versionRow struct {
	Before, After []versionPiece
	Changed       bool
	Skipped       int // paragraphs that are the same and not shown; then the row has nothing else
}

// A versionPiece is a stretch of one side that the other has, too, or has not.
type versionPiece struct {
	Text string
	Only bool // this side alone has it
}

// A versionsView is two versions side by side, with what each is called.
type versionsView struct {
	Before, After string
	Rows          []versionRow
}

// versionRows holds two versions of a text against each other: by sentence, and
// by character within the sentences that changed. Rows end where a paragraph ends
// on both sides.
func versionRows(before, after string) []versionRow {
	var rows []versionRow
	var row versionRow
	flush := func() {
		if len(row.Before)+len(row.After) > 0 {
			rows = append(rows, row)
		}
		row = versionRow{}
	}
	for _, d := range sentenceDiff(before, after) {
		switch d.Type {
		case diffmatchpatch.DiffEqual:
			for _, s := range sentences(d.Text) {
				row.add(&row.Before, s, false)
				row.add(&row.After, s, false)
				if strings.HasSuffix(s, "\n") {
					flush()
				}
			}
		case diffmatchpatch.DiffDelete:
			row.add(&row.Before, d.Text, true)
		case diffmatchpatch.DiffInsert:
			row.add(&row.After, d.Text, true)
		}
	}
	flush()
	return rows
}

// brief are the rows with what changed and one paragraph around each; what is the
// same between them is counted.
func brief(rows []versionRow) []versionRow {
	near := make([]bool, len(rows))
	last := -1 // the paragraph before; blank lines are none
	pending := false
	for i, row := range rows {
		blank := !row.Changed && strings.TrimSpace(row.Before[0].Text) == ""
		switch {
		case row.Changed:
			if near[i], pending = true, true; last >= 0 {
				near[last] = true
			}
		case !blank && pending:
			near[i], pending = true, false
		}
		if !blank {
			last = i
		}
	}
	var out []versionRow
	for i, row := range rows {
		switch n := len(out) - 1; {
		case near[i]:
			out = append(out, row)
		case strings.TrimSpace(row.Before[0].Text) == "":
		case n >= 0 && out[n].Skipped > 0:
			out[n].Skipped++
		default:
			out = append(out, versionRow{Skipped: 1})
		}
	}
	return out
}

// add puts a stretch at the end of one side of the row.
func (row *versionRow) add(side *[]versionPiece, text string, only bool) {
	row.Changed = row.Changed || only
	if last := len(*side) - 1; last >= 0 && (*side)[last].Only == only {
		(*side)[last].Text += text
		return
	}
	*side = append(*side, versionPiece{text, only})
}

// sentenceDiff is what changed from one text to the other. Sentences that both
// have are never taken apart, so that a character which two different sentences
// share is no island in either.
func sentenceDiff(before, after string) []diffmatchpatch.Diff {
	numbers := map[string]rune{}
	numbered := func(text string) []rune {
		var out []rune
		for _, s := range sentences(text) {
			if numbers[s] == 0 {
				numbers[s] = sentenceRune(len(numbers))
			}
			out = append(out, numbers[s])
		}
		return out
	}
	differ := diffmatchpatch.New()
	differ.DiffTimeout = 200 * time.Millisecond // of texts that share next to nothing a coarse answer will do
	left, right := numbered(before), numbered(after)
	texts := make(map[rune]string, len(numbers))
	for s, n := range numbers {
		texts[n] = s
	}
	var out []diffmatchpatch.Diff
	var gone, come string
	changed := func() {
		if gone != "" && come != "" {
			out = append(out, differ.DiffCleanupSemantic(differ.DiffMain(gone, come, false))...)
		} else if gone != "" {
			out = append(out, diffmatchpatch.Diff{Type: diffmatchpatch.DiffDelete, Text: gone})
		} else if come != "" {
			out = append(out, diffmatchpatch.Diff{Type: diffmatchpatch.DiffInsert, Text: come})
		}
		gone, come = "", ""
	}
	for _, d := range differ.DiffMainRunes(left, right, false) {
		var text strings.Builder
		for _, n := range d.Text {
			text.WriteString(texts[n])
		}
		switch d.Type {
		case diffmatchpatch.DiffDelete:
			gone += text.String()
		case diffmatchpatch.DiffInsert:
			come += text.String()
		case diffmatchpatch.DiffEqual:
			changed()
			out = append(out, diffmatchpatch.Diff{Type: diffmatchpatch.DiffEqual, Text: text.String()})
		}
	}
	changed()
	return out
}

// sentenceRune is the character that stands for the nth sentence while sentences
// are compared. Surrogates are no characters.
func sentenceRune(n int) rune {
	const first, surrogates, many = 1, 0xD800, 0x800
	if n += first; n >= surrogates {
		n += many
	}
	return rune(n)
}

// sentences cuts a text behind each end of a sentence and of a line.
func sentences(text string) []string {
	var out []string
	for text != "" {
		end := strings.IndexAny(text, "。！？；\n")
		if end < 0 {
			return append(out, text)
		}
		for end < len(text) && strings.ContainsRune("。！？；”’）\n", firstRune(text[end:])) {
			stop := firstRune(text[end:]) == '\n'
			end += len(string(firstRune(text[end:])))
			if stop {
				break
			}
		}
		out, text = append(out, text[:end]), text[end:]
	}
	return out
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}
