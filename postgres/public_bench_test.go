package postgres_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// BenchmarkSearch looks in 100,000 published letters of 3,000 characters for
// words that are everywhere, in some and in few, and reports the median and the
// hundredth slowest search.
func BenchmarkSearch(b *testing.B) {
	s := setup(b, postgrestest.New(b))
	fillPublished(b, s, 100_000)
	for name, query := range map[string]string{
		"everywhere": "科技", "in some": "实验室", "in few": "脑机接口", "two words": "金融 实验室", "nothing asked": "", "nowhere": "火星基地",
	} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				_, err := s.SearchReplies(b.Context(), postgres.PublicFilter{Query: query, Limit: 21})
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// fillPublished publishes n letters of made-up words.
func fillPublished(b *testing.B, s *bundle, n int) {
	b.Helper()
	ctx, r := b.Context(), rand.New(rand.NewPCG(1, 2))
	must := func(_ any, err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	must(s.conn.Exec(ctx, `INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state,
			organ_id, handed_over, reply_due, received_at, updated_at)
		SELECT 'cppcc_proposal', '市政协', 14, i % 5, i, '关于某事的提案', '', true, false, 'answered', $1, '2026-01-01', '2026-04-01', now(), now()
		FROM generate_series(1, $2::int) i`, s.Organ, n))
	must(s.conn.Exec(ctx, `INSERT INTO replies (proposal_id, round, result, publicity) SELECT id, 1, 'adopted', 'full' FROM proposals`))
	must(s.conn.Exec(ctx, `INSERT INTO letters (proposal_id, reply_id, edition, document_number, issue_date, text, sha256, issued_by, issued_at)
		SELECT proposal_id, id, 1, '沪科提复〔2026〕' || id || '号', '2026-03-02', 'x', sha256('x'), $1, now() FROM replies`, s.Office.ID))
	common := []rune("科技创新金融企业服务发展推进工作委会市政策支持研究建设加强完善机制平台人才产业园区项目资数据")
	rare := make([]rune, 2500)
	for i := range rare {
		rare[i] = rune(0x4e00 + i)
	}
	text := func(i int) string {
		var t strings.Builder
		for t.Len() < 9000 { // 3,000 characters
			for range 5 + r.IntN(15) {
				if r.IntN(3) == 0 {
					t.WriteRune(rare[r.IntN(len(rare))])
				} else {
					t.WriteRune(common[r.IntN(len(common))])
				}
			}
			t.WriteString("，")
		}
		t.WriteString("科技。")
		if i%20 == 0 {
			t.WriteString("实验室，金融。")
		}
		if i%10_000 == 0 {
			t.WriteString("脑机接口。")
		}
		return t.String()
	}
	for from := 0; from < n; from += 1000 {
		var texts []string
		for i := range 1000 {
			texts = append(texts, text(from+i))
		}
		must(s.conn.Exec(ctx, `INSERT INTO publications (reply_id, text, published)
			SELECT r.id, t.text, '2026-03-05'::date + t.n::int % 200
			FROM unnest($1::text[]) WITH ORDINALITY t(text, n)
			JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM replies) r ON r.n = t.n + $2`, texts, from))
	}
	if err := s.DoIndexPublications(ctx); err != nil {
		b.Fatal(err)
	}
	must(s.conn.Exec(ctx, `VACUUM ANALYZE`))
	b.Logf("%d letters, %d grams in one", n, len(casework.Grams(casework.Plain(text(1)))))
}
