package web_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/server/web"
)

func TestPieces(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		text  string
		marks []web.Mark
		want  []web.Piece
	}{
		{"no marks", "下一步", nil, []web.Piece{{Text: "下一步"}}},
		{"no text", "", []web.Mark{{Start: 0, End: 3, Class: "a"}}, nil},
		{
			"characters, not bytes or UTF-16 units", "𠮷𠮷，将建成。",
			[]web.Mark{{Start: 3, End: 6, Class: "a", ID: "c1", Href: "/x"}},
			[]web.Piece{{Text: "𠮷𠮷，"}, {Text: "将建成", Class: "a", ID: "c1", Href: "/x"}, {Text: "。"}},
		},
		{
			"marks that touch", "abcd",
			[]web.Mark{{Start: 2, End: 4, Class: "b"}, {Start: 0, End: 2, Class: "a"}},
			[]web.Piece{{Text: "ab", Class: "a"}, {Text: "cd", Class: "b"}},
		},
		{
			"marks that overlap", "abcdef",
			[]web.Mark{{Start: 0, End: 4, Class: "a", ID: "1", Href: "/1"}, {Start: 2, End: 6, Class: "b", ID: "2", Href: "/2"}},
			[]web.Piece{{Text: "ab", Class: "a", ID: "1", Href: "/1"}, {Text: "cd", Class: "a b", ID: "2", Href: "/1"}, {Text: "ef", Class: "b", Href: "/2"}},
		},
		{
			"a mark within a mark", "abcdef",
			[]web.Mark{{Start: 1, End: 5, Class: "a"}, {Start: 2, End: 3, Class: "a"}},
			[]web.Piece{{Text: "a"}, {Text: "b", Class: "a"}, {Text: "c", Class: "a"}, {Text: "de", Class: "a"}, {Text: "f"}},
		},
		{
			"marks outside the text", "abc",
			[]web.Mark{{Start: -5, End: 1, Class: "a", ID: "1"}, {Start: 2, End: 99, Class: "b"}, {Start: 50, End: 60, Class: "c"}, {Start: 2, End: 1, Class: "d"}, {}},
			[]web.Piece{{Text: "a", Class: "a", ID: "1"}, {Text: "b"}, {Text: "c", Class: "b"}},
		},
	} {
		if diff := cmp.Diff(test.want, web.Pieces(test.text, test.marks)); diff != "" {
			t.Errorf("%s: Pieces(%q) (-want +got):\n%s", test.name, test.text, diff)
		}
	}
}

// FuzzPieces loses and doubles no character, whatever the marks.
func FuzzPieces(f *testing.F) {
	f.Add("下一步，将𠮷建成。", 0, 3, 2, 20)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d int) {
		var got strings.Builder
		for _, p := range web.Pieces(text, []web.Mark{{Start: a, End: b, Class: "x"}, {Start: c, End: d, Class: "y"}}) {
			got.WriteString(p.Text)
		}
		if want := string([]rune(text)); got.String() != want {
			t.Errorf("pieces of %q with marks %d–%d and %d–%d join to %q", want, a, b, c, d, got.String())
		}
	})
}

func TestPromisesAreMarkedInTheLetter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	wantIn(t, "the letter", s.get("/proposals/7"),
		`。

<mark class="promise" id="c41"><a href="/commitments/41">`+firstPromise+`</a></mark>。<mark class="promise" id="c42"><a href="/commitments/42">`+secondPromise+`</a></mark>。`)

	s.commitments[0].LetterId = 30 // an edition that is not shown
	if body := s.get("/proposals/7").Body.String(); strings.Contains(body, `id="c41"`) || !strings.Contains(body, `id="c42"`) {
		t.Errorf("the letter does not mark just its own promises:\n%s", body)
	}
}

func TestSentenceStandsInItsParagraph(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	wantIn(t, "the commitment", s.get("/commitments/41"),
		`<blockquote class="letter"><mark class="promise">`+firstPromise+`</mark>。`+secondPromise+`。</blockquote>`)

	s.reply = nil
	wantIn(t, "the commitment of a letter not found", s.get("/commitments/41"),
		`<blockquote class="letter"><mark class="promise">`+firstPromise+`</mark></blockquote>`)
}
