package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/casework/letter"
	"fuyan/gen/db"
)

// A ConfirmedPromise is a promise of an old letter as a person confirmed it.
type ConfirmedPromise struct {
	Text        string // exactly as the letter has it
	Start       int    // about where it stands, in characters
	Responsible []string
	Due         casework.Date // that its words name; zero for none
}

// confirm finds the confirmed promises in the letter and says what they and the
// proposal change of what was read.
func (old *readLetter) confirm(r letter.Reading, n NewProposal) error {
	if !old.Confirmed {
		if len(old.Promises) > 0 {
			return casework.Invalid("issued_letter.promises_confirmed", "给出承诺时应为 true")
		}
		return nil
	}
	chars := []rune(old.Text)
	for i, p := range old.Promises {
		span, ok := placeOf(p, old.Text, chars)
		if !ok {
			return wrongPromise(i, "应与复文中的一句话逐字相同，复文里没有这段文字")
		}
		if k := slices.IndexFunc(old.promises, func(c letter.Commitment) bool { return c.Span == span }); k >= 0 {
			return wrongPromise(i, "与另一项“%s”是同一句", beginning(old.promises[k].Text))
		}
		if k := slices.IndexFunc(old.promises, func(c letter.Commitment) bool { return overlap(c.Span, span) }); k >= 0 {
			return wrongPromise(i, "与另一项“%s”有重叠的文字", beginning(old.promises[k].Text))
		}
		old.promises = append(old.promises, confirmed(p, span, r.Commitments))
	}
	old.note = old.changed(r, n)
	return nil
}

func wrongPromise(i int, format string, args ...any) error {
	return casework.Invalid(fmt.Sprintf("issued_letter.promises[%d].text", i), format, args...)
}

// beginning is enough of a sentence to know it by.
func beginning(sentence string) string {
	if chars := []rune(sentence); len(chars) > 40 {
		return string(chars[:40]) + "…"
	}
	return sentence
}

// confirmed is a promise at its place. How the letter words it is taken from
// what was read there.
func confirmed(p ConfirmedPromise, span letter.Span, read []letter.Commitment) letter.Commitment {
	out := letter.Commitment{Text: p.Text, Span: span, Responsible: p.Responsible, Due: letter.Due{Day: p.Due}}
	for _, c := range read {
		if !overlap(c.Span, span) {
			continue
		}
		if out.Cue = c.Cue; !p.Due.IsZero() {
			out.Due.Words = c.Due.Words
		}
		break
	}
	return out
}

func overlap(a, b letter.Span) bool { return a.Start < b.End && b.Start < a.End }

// placeOf is where a promise stands in the text: where it says, else the nearest
// place that has its words.
func placeOf(p ConfirmedPromise, text string, chars []rune) (best letter.Span, ok bool) {
	if strings.TrimSpace(p.Text) == "" {
		return best, false
	}
	length := utf8.RuneCountInString(p.Text)
	if p.Start >= 0 && p.Start+length <= len(chars) && string(chars[p.Start:p.Start+length]) == p.Text {
		return letter.Span{Start: p.Start, End: p.Start + length}, true
	}
	for from, char := 0, 0; ; {
		at := strings.Index(text[from:], p.Text)
		if at < 0 {
			return best, ok
		}
		char += utf8.RuneCountInString(text[from : from+at])
		if !ok || distance(char, p.Start) < distance(best.Start, p.Start) {
			best, ok = letter.Span{Start: char, End: char + length}, true
		}
		from, char = from+at+len(p.Text), char+length
	}
}

func distance(a, b int) int { return max(a-b, b-a) }

// changed says for the event what a person changed of the reading: the fields,
// and how many promises.
func (old *readLetter) changed(r letter.Reading, n NewProposal) string {
	var out strings.Builder
	if fields := old.corrected(r, n); len(fields) > 0 {
		out.WriteString("；更正" + strings.Join(fields, "、"))
	}
	var left, added, reworded int
	for _, c := range r.Commitments {
		if !slices.ContainsFunc(old.promises, func(o letter.Commitment) bool { return overlap(c.Span, o.Span) }) {
			left++
		}
	}
	for _, o := range old.promises {
		i := slices.IndexFunc(r.Commitments, func(c letter.Commitment) bool { return overlap(c.Span, o.Span) })
		switch {
		case i < 0:
			added++
		case !same(r.Commitments[i], o):
			reworded++
		}
	}
	fmt.Fprintf(&out, "；承诺经核对：列入%d项", len(old.promises))
	for _, count := range []struct {
		format string
		n      int
	}{{"，不列入%d项", left}, {"，补充%d项", added}, {"，更正%d项", reworded}} {
		if count.n > 0 {
			fmt.Fprintf(&out, count.format, count.n)
		}
	}
	return out.String()
}

func same(a, b letter.Commitment) bool {
	return a.Span == b.Span && a.Due.Day == b.Due.Day && slices.Equal(a.Responsible, b.Responsible)
}

// corrected names the fields that a person gave otherwise than the letter reads.
func (old *readLetter) corrected(r letter.Reading, n NewProposal) []string {
	var names []string
	for _, p := range n.Proposers {
		names = append(names, p.Name)
	}
	s := casework.Sitting{Body: r.Body, Term: r.Term, Session: r.Session}
	var out []string
	for _, f := range []struct {
		name          string
		read, correct bool
	}{
		{"类别", r.Kind != "", r.Kind == n.Kind},
		{"会议", r.Body != "", s == n.Sitting},
		{"案号", r.CaseNumber != "", r.CaseNumber == n.Number},
		{"案由", r.Title != "", r.Title == n.Title},
		{"提出人", len(r.Proposers) > 0, slices.Equal(r.Proposers, names)},
		{"发文字号", r.DocumentNumber != "", r.DocumentNumber == old.DocumentNumber},
		{"成文日期", !r.IssueDate.IsZero(), r.IssueDate == old.date},
		{"办理结果", r.ResultLabel != "", string(casework.ResultOf(r.ResultLabel)) == old.Result},
		{"公开属性", r.PublicityLabel != "", string(casework.PublicityOf(r.PublicityLabel)) == old.Publicity},
	} {
		if f.read && !f.correct {
			out = append(out, f.name)
		}
	}
	return out
}

// keepPromises keeps what was confirmed until the job records it.
func (d *DB) keepPromises(ctx context.Context, tx pgx.Tx, u casework.User, letterID int64, old *readLetter) error {
	if !old.Confirmed {
		return nil
	}
	if err := q.CreateConfirmation(ctx, tx, letterID, u.ID, d.now()); err != nil {
		return err
	}
	for _, c := range old.promises {
		err := q.CreateConfirmedPromise(ctx, tx, db.CreateConfirmedPromiseParams{
			LetterID: letterID, StartOffset: int32(c.Span.Start), EndOffset: int32(c.Span.End),
			Cue: c.Cue, Responsible: append([]string{}, c.Responsible...), DueWords: c.Due.Words, WordsDue: c.Due.Day,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// promisesOf is what a letter promises: what a person confirmed, else what is
// read and what somebody made a promise in the draft.
func promisesOf(ctx context.Context, tx db.DBTX, l db.Letter) ([]letter.Commitment, error) {
	confirmed, err := q.Confirmed(ctx, tx, l.ID)
	if err != nil {
		return nil, err
	}
	if !confirmed {
		plans, err := plansOf(ctx, tx, l.ReplyID)
		return withPlanned(l.Text, letter.Read(l.Text).Commitments, plans), err
	}
	rows, err := q.ConfirmedPromises(ctx, tx, l.ID)
	chars := []rune(l.Text)
	out := make([]letter.Commitment, len(rows))
	for i, r := range rows {
		out[i] = letter.Commitment{
			Text: string(chars[r.StartOffset:r.EndOffset]), Span: letter.Span{Start: int(r.StartOffset), End: int(r.EndOffset)},
			Cue: r.Cue, Responsible: r.Responsible, Due: letter.Due{Words: r.DueWords, Day: r.WordsDue},
		}
	}
	return out, err
}

// knownTexts are what a letter of the same reply has said before it: the
// promises on record, and what a person left out of them.
func knownTexts(ctx context.Context, tx pgx.Tx, l db.Letter) ([]string, error) {
	known, err := q.CommitmentTexts(ctx, tx, l.ReplyID)
	if err != nil {
		return nil, err
	}
	texts, err := q.ConfirmedTexts(ctx, tx, l.ReplyID, l.ID)
	for _, text := range texts {
		for _, c := range letter.Read(text).Commitments {
			known = append(known, c.Text)
		}
	}
	return known, err
}
