package postgres_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// manyLetters is how many letters the search is measured over.
const manyLetters = 100_000

// BenchmarkSearch looks for words in 100,000 published letters of 3,000
// characters, two hundred words or more of each sort, one after the other, and
// reports how long half of the searches took, and all but the slowest hundredth;
// at last of all sorts together.
func BenchmarkSearch(b *testing.B) {
	s, l := setup(b, postgrestest.New(b)), newLanguage()
	fillPublished(b, s, l, manyLetters)
	var all []time.Duration
	for _, sort := range searches(l, s.firstOrgan(b)) {
		b.Run(sort.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				for _, f := range sort.filters {
					f.Limit = 21
					began := time.Now()
					_, err := s.SearchReplies(b.Context(), f)
					must(b, err)
					took = append(took, time.Since(began))
				}
			}
			all = append(all, took[:len(sort.filters)]...)
			report(b, took)
		})
	}
	b.Run("mix", func(b *testing.B) {
		for b.Loop() { // what was measured above, once
		}
		report(b, all)
	})
}

func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	for at, name := range map[float64]string{0.5: "p50-ms", 0.99: "p99-ms", 1: "worst-ms"} {
		b.ReportMetric(float64(took[int(float64(len(took)-1)*at)].Microseconds())/1000, name)
	}
	b.ReportMetric(0, "ns/op") // says nothing here
}

func (b *bundle) firstOrgan(t testing.TB) (id int64) {
	t.Helper()
	must(t, b.conn.QueryRow(t.Context(), `SELECT min(organ_id) FROM published_replies`).Scan(&id))
	return id
}

type searchSort struct {
	name    string
	filters []postgres.PublicFilter
}

// searches are the words that are looked for: by how common they are, by how long,
// several together, with filters, and on later pages.
func searches(l *language, organ int64) []searchSort {
	const each = 200
	r := rand.New(rand.NewPCG(3, 5))
	ranked := func(from, to int) string { return l.words[from+r.IntN(to-from)] }
	pair := func(from, to int) string {
		for {
			if w := ranked(from, to); utf8.RuneCountInString(w) == 2 {
				return w
			}
		}
	}
	of := func(name string, query func() postgres.PublicFilter) searchSort {
		s := searchSort{name: name}
		for range each {
			s.filters = append(s.filters, query())
		}
		return s
	}
	words := func(name string, query func() string) searchSort {
		return of(name, func() postgres.PublicFilter { return postgres.PublicFilter{Query: query()} })
	}
	filtered := func(f postgres.PublicFilter) postgres.PublicFilter {
		switch r.IntN(4) {
		case 0:
			f.Year = 2018 + r.Int32N(8)
		case 1:
			f.OrganID = organ + r.Int64N(20)
		case 2:
			f.Result, f.Kind = "reference", casework.CPPCCProposal
		case 3:
			f.Sitting = &casework.Sitting{Body: "市政协", Term: 13 + r.IntN(2), Session: 1 + r.IntN(5)}
		}
		return f
	}
	after := func(f postgres.PublicFilter) postgres.PublicFilter {
		f.AfterDay, f.AfterID = casework.Date{Year: 2018 + r.IntN(8), Month: 1 + time.Month(r.IntN(12)), Day: 1}, math.MaxInt64
		return f
	}
	return []searchSort{
		words("nothing", func() string { return "" }),
		words("common", func() string { return pair(0, 60) }),
		words("known", func() string { return pair(60, 3000) }),
		words("rare", func() string { return pair(10_000, vocabulary) }),
		words("one character", func() string { return string([]rune(ranked(0, vocabulary))[:1]) }),
		words("not there", func() string { return string([]rune(pair(0, 3000))[1:]) + string([]rune(pair(3000, vocabulary))[:1]) }),
		words("long", func() string { return l.cut(r, 3+r.IntN(6)) }),
		words("common in a row", func() string { return pair(0, 60) + pair(0, 60) }),
		words("several", func() string { return pair(0, 60) + " " + pair(60, 3000) }),
		words("three", func() string { return pair(0, 200) + " " + pair(0, 1000) + " " + l.cut(r, 4) }),
		of("filtered", func() postgres.PublicFilter { return filtered(postgres.PublicFilter{Query: ranked(0, 3000)}) }),
		of("filters alone", func() postgres.PublicFilter { return filtered(postgres.PublicFilter{}) }),
		of("later page", func() postgres.PublicFilter { return after(postgres.PublicFilter{Query: ranked(0, 3000)}) }),
		of("later page, filtered", func() postgres.PublicFilter { return after(filtered(postgres.PublicFilter{Query: ranked(0, 200)})) }),
	}
}

// cut is a stretch of some letter, without marks: what people copy into a search.
func (l *language) cut(r *rand.Rand, length int) string {
	for {
		text := []rune(l.text(r.IntN(manyLetters)))
		at := r.IntN(len(text) - length)
		if part := string(text[at : at+length]); !strings.ContainsAny(part, "，、；。\n") {
			return part
		}
	}
}
