package web

import (
	"fmt"
	"net/http"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type publicPage struct {
	*fuyanv1.PublishedReply
	Result  string
	Summary bool
	Lines   []letterLine
	Rows    []publicPromise
}

type publicPromise struct {
	*fuyanv1.PublicCommitment
	Anchor string // of its sentence in the text
	Moved  bool   // the day that holds is not the one first promised
	Late   bool
}

// A letterLine is a paragraph of a letter, with what it is.
type letterLine struct {
	Class  string
	Pieces []piece
}

// letterClasses are the classes by which the stylesheet sets the parts of a
// letter.
var letterClasses = map[fuyanv1.LetterPart]string{
	fuyanv1.LetterPart_LETTER_PART_MASTHEAD:   "masthead",
	fuyanv1.LetterPart_LETTER_PART_NUMBER:     "number",
	fuyanv1.LetterPart_LETTER_PART_TITLE:      "title",
	fuyanv1.LetterPart_LETTER_PART_SALUTATION: "salutation",
	fuyanv1.LetterPart_LETTER_PART_HEADING:    "heading",
	fuyanv1.LetterPart_LETTER_PART_BODY:       "body",
	fuyanv1.LetterPart_LETTER_PART_SIGNATURE:  "signature",
	fuyanv1.LetterPart_LETTER_PART_DAY:        "day",
	fuyanv1.LetterPart_LETTER_PART_NOTE:       "body",
	fuyanv1.LetterPart_LETTER_PART_COPIES:     "copies",
	fuyanv1.LetterPart_LETTER_PART_PRINTED:    "printed",
}

// letterLines sets a text line by line, with its marks. Its banner is left out: the
// page has its own.
func letterLines(text string, lines []*fuyanv1.LetterLine, marks []mark) (out []letterLine) {
	chars := []rune(text)
	for _, l := range lines {
		start, end := int(l.Span.GetStart()), int(l.Span.GetEnd())
		if l.Part == fuyanv1.LetterPart_LETTER_PART_BANNER || start < 0 || end > len(chars) || start >= end {
			continue
		}
		set := pieces(string(chars[start:end]), marksWithin(marks, start, end))
		if l.Continues && len(out) > 0 {
			out[len(out)-1].Pieces = append(out[len(out)-1].Pieces, set...)
			continue
		}
		line := letterLine{letterClasses[l.Part], set}
		if l.Part == fuyanv1.LetterPart_LETTER_PART_HEADING {
			line.Class += fmt.Sprint(l.Level)
		}
		out = append(out, line)
	}
	return out
}

// marksWithin are the marks of a line, counted from its beginning. One that began
// in a line before has its anchor there.
func marksWithin(marks []mark, start, end int) (out []mark) {
	for _, m := range marks {
		if m.Start >= end || m.End <= start {
			continue
		}
		if m.Start < start {
			m.ID, m.Number = "", 0
		}
		m.Start, m.End = m.Start-start, m.End-start
		out = append(out, m)
	}
	return out
}

// showPublished is the permanent page of a published reply.
func (p *pages) showPublished(r *request) (publicPage, error) {
	reply, err := p.published(r)
	if err != nil {
		return publicPage{}, err
	}
	page := publicPage{PublishedReply: reply, Result: results[reply.Kind].of(reply.Result), Summary: reply.Publicity == fuyanv1.Publicity_PUBLICITY_SUMMARY}
	var promises []mark
	for i, c := range reply.Commitments {
		row := publicPromise{PublicCommitment: c, Moved: c.Due != c.FirstDue}
		row.Late = c.State == fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN && c.Due != "" && c.Due < p.today()
		if before, _, found := strings.Cut(reply.Text, c.Text); found {
			start := len([]rune(before))
			row.Anchor = fmt.Sprintf("c%d", i+1)
			promises = append(promises, mark{Start: start, End: start + len([]rune(c.Text)), Class: "promise", ID: row.Anchor})
		}
		page.Rows = append(page.Rows, row)
	}
	page.Lines = letterLines(reply.Text, reply.Lines, promises)
	return page, nil
}

func (p *pages) published(r *request) (*fuyanv1.PublishedReply, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	answer, err := p.public.GetPublishedReply(r.Context(), &fuyanv1.GetPublishedReplyRequest{ProposalId: id})
	return answer.GetReply(), err
}

// showPublishedText is a published reply as plain text.
func (p *pages) showPublishedText(w http.ResponseWriter, r *request) error {
	reply, err := p.published(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = fmt.Fprintln(w, reply.Text)
	return err
}
