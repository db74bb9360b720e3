package casework

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// fold is how the search sees a character: letters and digits in lower case and
// of half width, everything else as a space.
func fold(r rune) rune {
	if r >= '一' && r <= '龥' { // nearly all there is
		return r
	}
	if r >= '！' && r <= '～' { // the printable characters of ASCII, in full width
		r -= '！' - '!'
	}
	if unicode.In(r, unicode.L, unicode.Nd, unicode.Nl) { // 〇 is of Nl
		return unicode.ToLower(r)
	}
	return ' '
}

// Plain is a text as the search sees it: its words in lower case and of half
// width, one space between them. What stands between two punctuation marks is a
// word: Chinese is not cut further.
func Plain(text string) string {
	return strings.Join(strings.Fields(strings.Map(fold, text)), " ")
}

// Wordless reports whether a query asks for something and has no word in it: only
// punctuation, of which the search knows nothing.
func Wordless(query string) bool {
	return strings.TrimSpace(query) != "" && Plain(query) == ""
}

// Grams are what the index knows of a plain text, each once and in order: every two
// characters of a word that stand beside each other, and its last one alone. So that
// a word of two characters is found, which indexes of three miss; one character is the
// beginning of some gram.
func Grams(plain string) []string {
	keys := make([]uint64, 0, len(plain)) // two characters, or one and nothing
	for word := range strings.FieldsSeq(plain) {
		var before uint64
		for _, r := range word {
			if before != 0 {
				keys = append(keys, before<<32|uint64(r))
			}
			before = uint64(r)
		}
		keys = append(keys, before<<32)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	out := make([]string, len(keys))
	for i, key := range keys {
		if out[i] = string(rune(key >> 32)); key<<32 != 0 {
			out[i] += string(rune(key & math.MaxUint32))
		}
	}
	return out
}

// Triples are what else the index knows of a plain text, each once and in order:
// every three characters of a word that stand beside each other. Of a long word they
// are far rarer than its pairs.
func Triples(plain string) []string {
	out := make([]string, 0, len(plain)/3)
	for word := range strings.FieldsSeq(plain) {
		var begins [3]int // of the last three characters, the first of them the earliest
		n := 0
		for i, r := range word {
			begins[0], begins[1], begins[2] = begins[1], begins[2], i
			if n++; n >= 3 {
				out = append(out, word[begins[0]:i+utf8.RuneLen(r)])
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// An Excerpt is the place of a text where words that were looked for stand.
type Excerpt struct {
	Text  string
	Marks [][2]int // where they stand in Text, in characters, in order and apart
}

// excerptBefore and excerptLength are how many characters an excerpt shows before the first
// word, and in all.
const (
	excerptBefore = 24
	excerptLength = 120
)

// ExcerptOf is the excerpt around the first of the words of a plain text, or where
// none of them stands in it, from its first paragraph on. It is one line, with … where
// it leaves out what is before or behind.
func ExcerptOf(text string, words []string) Excerpt {
	runes := []rune(text)
	var folded []rune
	if len(words) > 0 {
		folded = make([]rune, len(runes))
		for i, r := range runes {
			folded[i] = fold(r)
		}
	}
	first := len(runes)
	for _, w := range words {
		if i := indexRunes(folded, []rune(w), 0); i >= 0 {
			first = min(first, i)
		}
	}
	from := max(0, first-excerptBefore)
	if first == len(runes) {
		from = firstParagraph(runes)
	}
	until := min(len(runes), from+excerptLength)
	var x Excerpt
	for _, w := range words {
		word := []rune(w)
		for i := indexRunes(folded[:until], word, from); i >= 0; i = indexRunes(folded[:until], word, i+len(word)) {
			x.Marks = append(x.Marks, [2]int{i - from, i - from + len(word)})
		}
	}
	x.Marks = joined(x.Marks)
	x.Text = strings.Map(oneLine, string(runes[from:until]))
	if from > 0 {
		x.Text = "…" + x.Text
		for i := range x.Marks {
			x.Marks[i] = [2]int{x.Marks[i][0] + 1, x.Marks[i][1] + 1}
		}
	}
	if until < len(runes) {
		x.Text += "…"
	}
	return x
}

func oneLine(r rune) rune {
	if unicode.IsSpace(r) {
		return ' '
	}
	return r
}

// paragraphLength is from how many characters on a line is taken for a paragraph:
// what stands above it in a letter is shorter.
const paragraphLength = 30

// firstParagraph is where the first paragraph begins that does not only lead up to
// what follows it (…答复如下：); 0 where there is none.
func firstParagraph(text []rune) int {
	start := 0
	for i := range len(text) + 1 {
		if i < len(text) && text[i] != '\n' {
			continue
		}
		if i-start >= paragraphLength && text[i-1] != '：' {
			return start
		}
		start = i + 1
	}
	return 0
}

// joined are spans in order, with those that touch made one.
func joined(spans [][2]int) [][2]int {
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s[0] <= out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], s[1])
			continue
		}
		out = append(out, s)
	}
	return out
}

func indexRunes(text, word []rune, from int) int {
	for i := from; i+len(word) <= len(text); i++ {
		if slices.Equal(text[i:i+len(word)], word) {
			return i
		}
	}
	return -1
}
