package letter

import (
	"maps"
	"math/bits"
	"slices"
	"unicode/utf8"
)

// A lexicon is a list of words that is asked often: which of them begins a text,
// and whether any stands in it. Most characters begin none of its words, which
// one look into a table tells.
type lexicon struct {
	firsts [1 << 10]uint64 // a bit for each character of the basic plane
	before [1 << 10]uint16 // how many bits stand before those
	words  [][]string      // by first character, in its order
}

func lexiconOf(words ...string) *lexicon {
	l, by := &lexicon{}, map[rune][]string{}
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		l.firsts[r>>6&0x3FF] |= 1 << (r & 63)
		by[r] = append(by[r], w)
	}
	for _, r := range slices.Sorted(maps.Keys(by)) {
		l.words = append(l.words, by[r])
	}
	for i, n := range l.firsts[:len(l.firsts)-1] {
		l.before[i+1] = l.before[i] + uint16(bits.OnesCount64(n))
	}
	return l
}

// opens returns the first of the words that begins s, "" if none does.
func (l *lexicon) opens(s string) string {
	if s == "" {
		return ""
	}
	r := first(s)
	if l.firsts[r>>6&0x3FF]&(1<<(r&63)) == 0 {
		return ""
	}
	return l.word(r, s)
}

// first is the character that opens s, without the care for broken ones: those
// begin no word.
func first(s string) rune {
	if s[0] >= 0xE0 && len(s) >= 3 {
		return rune(s[0]&0x0F)<<12 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F)
	}
	return rune(s[0])
}

// word returns the first of the words that begins s with r, which begins some.
func (l *lexicon) word(r rune, s string) string {
	earlier := l.firsts[r>>6&0x3FF] & (1<<(r&63) - 1)
	for _, w := range l.words[int(l.before[r>>6&0x3FF])+bits.OnesCount64(earlier)] {
		if beginsWith(s, w) {
			return w
		}
	}
	return ""
}

// within reports whether one of the words stands in s.
func (l *lexicon) within(s string) bool {
	for i := 0; i < len(s); i++ {
		r := first(s[i:])
		if l.firsts[r>>6&0x3FF]&(1<<(r&63)) != 0 && l.word(r, s[i:]) != "" {
			return true
		}
		if s[i] >= 0xE0 {
			i += 2
		}
	}
	return false
}
