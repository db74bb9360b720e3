package letter

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fuyan/casework"
)

// CheckMarked refuses to make a promise of a sentence of a text, marked by hand,
// that is not whole sentences, or that shares characters with one of the promises
// there. A promise there may be marked itself. Where the sentence stands more than
// once, one sound place is enough.
func CheckMarked(text, sentence string, promises []Commitment) error {
	if slices.ContainsFunc(promises, func(c Commitment) bool { return c.Text == sentence }) {
		return nil
	}
	chars, marked := []rune(text), []rune(sentence)
	if at := core(marked, Span{0, len(marked)}); at.Start == at.End || !strings.Contains(text, sentence) {
		return casework.Invalid("text", "应与已保存稿件中的一句话逐字相同，稿件里没有这段文字")
	}
	var first error
	for start := 0; start+len(marked) <= len(chars); start++ {
		if !slices.Equal(chars[start:start+len(marked)], marked) {
			continue
		}
		err := checkMarkedAt(chars, Span{start, start + len(marked)}, promises)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// checkMarkedAt asks the same of one place.
func checkMarkedAt(chars []rune, at Span, promises []Commitment) error {
	inner := core(chars, at)
	for _, c := range promises {
		switch {
		case inner == c.Span:
			return casework.Invalid("text", "应与已列出的承诺逐字相同：“%s”", c.Text)
		case c.Span.Start <= at.Start && at.End <= c.Span.End:
			return casework.Invalid("text", "这段文字是已列出的承诺“%s”的一部分，应直接确认那一项", c.Text)
		case c.Span.Start < at.End && at.Start < c.Span.End:
			return casework.Invalid("text", "与已列出的承诺“%s”有重叠，应为这项承诺以外的完整句子", c.Text)
		}
	}
	if whole := wholeSentences(chars, inner); inner != whole {
		return casework.Invalid("text", "应为完整的句子，从句首到句末（。；！？或行末）：“%s”", string(chars[whole.Start:whole.End]))
	}
	return nil
}

// wholeSentences is the place of the sentences that a stretch touches, without the
// mark that ends them. The number of an item belongs to them unless the stretch
// begins behind it.
func wholeSentences(chars []rune, inner Span) Span {
	whole := inner
	for whole.Start > 0 && !endsSentenceMark(chars[whole.Start-1]) {
		whole.Start--
	}
	for whole.End < len(chars) && !endsSentenceMark(chars[whole.End]) {
		whole.End++
	}
	whole = core(chars, whole)
	printed := string(chars[whole.Start:whole.End])
	behind := whole.Start + utf8.RuneCountInString(printed[:enumAt(printed).width])
	if numbered := core(chars, Span{behind, whole.End}); numbered.Start == inner.Start {
		return numbered
	}
	return whole
}

// core leaves out of a stretch the space around it, the marks that end sentences,
// and the quotes that close behind such a mark.
func core(chars []rune, at Span) Span {
	aside := func(i int) bool {
		return endsSentenceMark(chars[i]) || unicode.IsSpace(chars[i]) || i > 0 && strings.ContainsRune("”’」』）》", chars[i]) && endsSentenceMark(chars[i-1])
	}
	for at.Start < at.End && aside(at.Start) {
		at.Start++
	}
	for at.Start < at.End && aside(at.End-1) {
		at.End--
	}
	return at
}

// endsSentenceMark reports whether a sentence ends with r, or before it.
func endsSentenceMark(r rune) bool { return strings.ContainsRune("。；！？\r\n", r) }
