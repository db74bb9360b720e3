package letter

import "unicode/utf8"

// A lexicon is a list of words that is asked often: which of them begins a text,
// and whether any stands in it. Most characters begin none of its words, which
// one look into a table tells.
type lexicon struct {
	firsts [1 << 10]uint64   // a bit for each character of the basic plane
	words  [1 << 10][]string // those that begin with one of its 64
}

func lexiconOf(words ...string) *lexicon {
	l := &lexicon{}
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		l.firsts[r>>6&0x3FF] |= 1 << (r & 63)
		l.words[r>>6&0x3FF] = append(l.words[r>>6&0x3FF], w)
	}
	return l
}

// opens returns the first of the words that begins s, "" if none does.
func (l *lexicon) opens(s string) string {
	if s == "" || !l.begun(first(s)) {
		return ""
	}
	return l.word(s)
}

// begun reports whether one of the words begins with r.
func (l *lexicon) begun(r rune) bool { return l.firsts[r>>6&0x3FF]&(1<<(r&63)) != 0 }

// first is the character that opens s, without the care for broken ones: those
// begin no word.
func first(s string) rune {
	if s[0] >= 0xE0 && len(s) >= 3 {
		return rune(s[0]&0x0F)<<12 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F)
	}
	return rune(s[0])
}

func (l *lexicon) word(s string) string {
	for _, w := range l.words[first(s)>>6&0x3FF] {
		if beginsWith(s, w) {
			return w
		}
	}
	return ""
}

// within reports whether one of the words stands in s.
func (l *lexicon) within(s string) bool {
	for i := 0; i < len(s); i++ {
		if l.begun(first(s[i:])) && l.word(s[i:]) != "" {
			return true
		}
		if s[i] >= 0xE0 {
			i += 2
		}
	}
	return false
}
