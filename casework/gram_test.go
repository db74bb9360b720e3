package casework_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fuyan/casework"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":     "",
		" 　\n": "",
		"推动５Ｇ、AI 应用。\n二是减税": "推动5g ai 应用 二是减税",
		"“双组长”（试点）2024年":    "双组长 试点 2024年",
		"Ｂ２Ｃ/ｂ２ｃ！":          "b2c b2c",
		"𠮷字、ǅ":              "𠮷字 ǆ",
	} {
		if got := casework.Plain(text); got != want {
			t.Errorf("Plain(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestGrams(t *testing.T) {
	t.Parallel()
	for plain, want := range map[string][]string{
		"":      {},
		"税":     {"税"},
		"减税 5g": {"5g", "g", "减税", "税"},
		"税税税":   {"税", "税税"},
	} {
		if diff := cmp.Diff(want, casework.Grams(plain)); diff != "" {
			t.Errorf("Grams(%q) (-want +got):\n%s", plain, diff)
		}
	}
	for plain, want := range map[string][]string{"": {}, "减税": {}, "减税费 a𠮷b": {"a𠮷b", "减税费"}, "税税税税": {"税税税"}, "减税降费": {"减税降", "税降费"}} {
		if diff := cmp.Diff(want, casework.Triples(plain)); diff != "" {
			t.Errorf("Triples(%q) (-want +got):\n%s", plain, diff)
		}
	}
}

// TestEveryWordIsFound: whatever stands in a text between two marks is found by
// the grams and triples of any part of it.
func TestEveryWordIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		plain := casework.Plain(rapid.StringOf(rapid.SampledFrom([]rune("科技金融减税Ａa5，。 \n😀𠮷"))).Draw(rt, "text"))
		grams, triples := casework.Grams(plain), casework.Triples(plain)
		for word := range strings.FieldsSeq(plain) {
			runes := []rune(word)
			from := rapid.IntRange(0, len(runes)-1).Draw(rt, "from")
			part := string(runes[from:rapid.IntRange(from+1, len(runes)).Draw(rt, "until")])
			begins := func(gram string) bool { return strings.HasPrefix(gram, part) }
			if utf8.RuneCountInString(part) <= 2 && !slices.ContainsFunc(grams, begins) {
				rt.Fatalf("%q of %q is the beginning of no gram", part, plain)
			}
			for _, triple := range casework.Triples(part) {
				if !slices.Contains(triples, triple) {
					rt.Fatalf("%q of %q needs %q, of which there is none", part, plain, triple)
				}
			}
		}
	})
}

func TestExcerptOf(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("甲", 100) + "减税降费，" + strings.Repeat("乙", 200)
	for name, tt := range map[string]struct {
		text  string
		words []string
		want  casework.Excerpt
	}{
		"nothing asked":      {"一二三", nil, casework.Excerpt{Text: "一二三"}},
		"not there":          {"一二三", []string{"四"}, casework.Excerpt{Text: "一二三"}},
		"full width":         {"用５Ｇ网", []string{"5g"}, casework.Excerpt{Text: "用５Ｇ网", Marks: [][2]int{{1, 3}}}},
		"words that overlap": {"减税降费", []string{"税降", "减税"}, casework.Excerpt{Text: "减税降费", Marks: [][2]int{{0, 3}}}},
		"twice":              {"税和税", []string{"税"}, casework.Excerpt{Text: "税和税", Marks: [][2]int{{0, 1}, {2, 3}}}},
		"inside a long text": {long, []string{"减税"}, casework.Excerpt{
			Text: "…" + strings.Repeat("甲", 24) + "减税降费，" + strings.Repeat("乙", 91) + "…", Marks: [][2]int{{25, 27}},
		}},
		"on one line": {"一\n\n二　三", []string{"二"}, casework.Excerpt{Text: "一  二 三", Marks: [][2]int{{3, 4}}}},
		"of a letter": {"某委员：\n\n" + strings.Repeat("甲", 40) + "答复如下：\n\n" + strings.Repeat("乙", 30), nil, casework.Excerpt{
			Text: "…" + strings.Repeat("乙", 30),
		}},
	} {
		if diff := cmp.Diff(tt.want, casework.ExcerptOf(tt.text, tt.words)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
