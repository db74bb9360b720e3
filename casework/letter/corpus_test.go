package letter_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"fuyan/casework/letter"
)

// The corpus is letters written for these tests, each with what a careful reader
// finds in it. The floors are what the reader has reached: a change that reads
// worse fails.
const (
	floorFields      = 0.995
	floorPrecision   = 0.985
	floorRecall      = 0.955
	floorResponsible = 0.935
	floorDays        = 0.965
	floorConditions  = 0.98
	floorNatures     = 0.70
)

type corpusLetter struct {
	name, text string
	label      map[string]any
}

func corpus(tb testing.TB) []corpusLetter {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "corpus", "*.json"))
	if err != nil || len(files) < 60 {
		tb.Fatalf("%d labelled letters in the corpus (%v), want at least 60", len(files), err)
	}
	var out []corpusLetter
	for _, file := range files {
		l := corpusLetter{name: strings.TrimSuffix(filepath.Base(file), ".json")}
		for ext, into := range map[string]func([]byte) error{
			".json": func(b []byte) error { return json.Unmarshal(b, &l.label) },
			".txt":  func(b []byte) error { l.text = string(b); return nil },
		} {
			b, err := os.ReadFile(strings.TrimSuffix(file, ".json") + ext)
			if err == nil {
				err = into(b)
			}
			if err != nil {
				tb.Fatal(err)
			}
		}
		out = append(out, l)
	}
	return out
}

// A tally is how many of how many are right.
type tally struct{ right, all int }

func (c *tally) add(right bool) {
	c.all++
	if right {
		c.right++
	}
}

func (c tally) rate() float64 { return float64(c.right) / float64(max(c.all, 1)) }

// A score is how a reading compares with the labels, counted over all letters.
type score struct {
	fields, found, wanted, responsible, days, conditions, natures tally
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	var s score
	for _, l := range corpus(t) {
		s.letter(t, l)
	}
	f1 := 2 * s.found.rate() * s.wanted.rate() / (s.found.rate() + s.wanted.rate())
	t.Logf("fields %d/%d = %.3f; commitments: precision %.3f recall %.3f F1 %.3f", s.fields.right, s.fields.all, s.fields.rate(), s.found.rate(), s.wanted.rate(), f1)
	t.Logf("of the matched: responsible %.3f, days %.3f, conditions %.3f, kinds %.3f", s.responsible.rate(), s.days.rate(), s.conditions.rate(), s.natures.rate())
	for what, at := range map[string]struct{ got, floor float64 }{
		"fields": {s.fields.rate(), floorFields}, "precision": {s.found.rate(), floorPrecision}, "recall": {s.wanted.rate(), floorRecall},
		"responsible": {s.responsible.rate(), floorResponsible}, "days": {s.days.rate(), floorDays},
		"conditions": {s.conditions.rate(), floorConditions}, "kinds": {s.natures.rate(), floorNatures},
	} {
		if at.got < at.floor {
			t.Errorf("%s: %.3f is below %.3f", what, at.got, at.floor)
		}
	}
}

func (s *score) letter(t *testing.T, l corpusLetter) {
	t.Helper()
	r := letter.Read(l.text)
	if err := sound(l.text, r); err != nil {
		t.Errorf("%s: %v", l.name, err)
	}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	got := object(t, b)
	for field, want := range l.label {
		if field == "commitments" {
			continue
		}
		right := squeezed(got[field]) == squeezed(want)
		s.fields.add(right)
		if !right {
			t.Logf("%s: %s is %v, read as %v", l.name, field, want, got[field])
		}
	}
	s.commitments(t, l, promisesOf(got), promisesOf(l.label))
}

type promise struct {
	Text        string
	Responsible []string
	Due         *struct{ Day, Unit string }
	Conditional bool
	Kind        string
	from, to    int // in characters of the letter without white space
}

func promisesOf(of map[string]any) (out []promise) {
	b, _ := json.Marshal(of["commitments"])
	_ = json.Unmarshal(b, &out)
	return out
}

func bare(s string) string { return strings.Join(strings.Fields(strings.TrimPrefix(s, "\ufeff")), "") }

// place finds each promise behind the one before it.
func place(text string, list []promise) {
	at := 0
	for i := range list {
		p := bare(list[i].Text)
		k := strings.Index(text[at:], p)
		if k < 0 {
			k, at = strings.Index(text, p), 0
		}
		list[i].from = utf8.RuneCountInString(text[:at+max(k, 0)])
		list[i].to = list[i].from + utf8.RuneCountInString(p)
		at += max(k, 0) + 1
		for at < len(text) && !utf8.RuneStart(text[at]) {
			at++
		}
	}
}

// commitments matches what was found with what is labelled: two match if they
// share at least half of what they cover together.
func (s *score) commitments(t *testing.T, l corpusLetter, found, wanted []promise) {
	t.Helper()
	text := bare(l.text)
	place(text, found)
	place(text, wanted)
	for _, w := range wanted {
		k := slices.IndexFunc(found, func(f promise) bool {
			both := min(f.to, w.to) - max(f.from, w.from)
			return 2*both >= max(f.to, w.to)-min(f.from, w.from)
		})
		s.wanted.add(k >= 0)
		if k < 0 {
			t.Logf("%s: missed %s", l.name, w.Text)
			continue
		}
		s.found.add(true)
		s.details(w, found[k])
		found = slices.Delete(found, k, k+1)
	}
	for _, f := range found {
		s.found.add(false)
		t.Logf("%s: no promise: %s", l.name, f.Text)
	}
}

func (s *score) details(want, got promise) {
	sorted := func(list []string) string {
		list = slices.Clone(list)
		for i := range list {
			list[i] = bare(list[i])
		}
		slices.Sort(list)
		return strings.Join(list, " ")
	}
	s.responsible.add(sorted(got.Responsible) == sorted(want.Responsible))
	s.days.add((got.Due == nil) == (want.Due == nil) && (got.Due == nil || got.Due.Day == want.Due.Day))
	s.conditions.add(got.Conditional == want.Conditional)
	s.natures.add(got.Kind == want.Kind)
}

func BenchmarkCorpus(b *testing.B) {
	letters := corpus(b)
	size := 0
	for _, l := range letters {
		size += len(l.text)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, l := range letters {
			letter.Read(l.text)
		}
	}
	b.ReportMetric(float64(len(letters)), "letters")
}

// BenchmarkLong reads one letter of 10 MB; a reader that is not linear shows here.
func BenchmarkLong(b *testing.B) {
	body := "一、关于河岸\n近年来，我局会同市财政局清理河岸30公里，修复护栏200处。\n下一步，我局将会同有关部门，在2025年底前完成清理；加强日常巡查。\n"
	long := around(strings.Repeat(body, 10_000_000/len(body)+1))
	b.SetBytes(int64(len(long)))
	for b.Loop() {
		letter.Read(long)
	}
}
