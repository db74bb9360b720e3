package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"fuyan/casework"
)

// A language makes up texts that are spread as Chinese ones are: few words are
// everywhere, most are in few texts, and a text comes back to the words of its
// subject.
type language struct{ words []string }

// vocabulary is how many words it has.
const vocabulary = 40_000

// commonest are the words that lead the list, so that the searches read like
// searches.
var commonest = strings.Fields(`的 和 工作 本市 推进 建设 企业 发展 服务 我委 加强 创新 科技 项目 支持 政策 相关 机制 平台 完善 开展
	部门 管理 提升 市民 社区 人才 重点 领域 体系 研究 资金 产业 数据 标准 培训 合作 实验室 示范 落实 下一步 将 进一步 推动`)

func newLanguage() *language {
	r := rand.New(rand.NewPCG(7, 11))
	chars := rand.NewZipf(r, 1.2, 40, 3499)
	l := &language{words: slices.Clone(commonest)}
	for len(l.words) < vocabulary {
		n := []int{1, 2, 2, 2, 2, 2, 2, 3, 3, 4}[r.IntN(10)]
		var w strings.Builder
		for range n {
			w.WriteRune(rune(0x4e00 + chars.Uint64()*37%3500)) // spread: neighbours in rank do not look alike
		}
		l.words = append(l.words, w.String())
	}
	return l
}

// text is the i-th letter, of 3,000 characters.
func (l *language) text(i int) string {
	r := rand.New(rand.NewPCG(uint64(i), 13))
	every, subject := rand.NewZipf(r, 1.25, 8, vocabulary-1), rand.NewZipf(r, 1.2, 8, 2999)
	from, last := r.IntN(vocabulary-3000), uint64(0)
	var t strings.Builder
	for n := 0; n < 3000; {
		for range 3 + r.IntN(9) {
			at := every.Uint64()
			if r.IntN(4) == 0 {
				at = uint64(from) + subject.Uint64()
			}
			if t.Len() > 0 && r.IntN(5) > 0 { // words go together
				at = (last*7919 + uint64(r.IntN(2))*31) % (last + 200)
			}
			last = at
			t.WriteString(l.words[at])
			n += utf8.RuneCountInString(l.words[at])
		}
		end := []string{"，", "，", "，", "、", "；", "。", "。\n\n"}[r.IntN(7)]
		t.WriteString(end)
		n += utf8.RuneCountInString(end)
	}
	return t.String()
}

// fillPublished publishes n letters of ten years, of twenty organs and of both
// kinds. What a publication writes one by one is written here in bulk, and the
// indexes are made after: some minutes, and 4 GB.
func fillPublished(b *testing.B, s *bundle, l *language, n int) {
	b.Helper()
	began := time.Now()
	for _, sql := range []string{
		`INSERT INTO organs (name, short_name) SELECT '第' || i || '委员会', '第' || i || '委' FROM generate_series(1, 20) i`,
		fmt.Sprintf(`INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state,
				organ_id, handed_over, reply_due, received_at, updated_at)
			SELECT CASE i %% 3 WHEN 0 THEN 'npc_suggestion' ELSE 'cppcc_proposal' END, CASE i %% 3 WHEN 0 THEN '市人大' ELSE '市政协' END,
				13 + i / 50001, 1 + i / 10001 %% 5, i, '关于某事的建议', '', true, false, 'answered', o.first + i %% 20, '2017-01-01'::date + (i / 28)::int,
				'2017-04-01'::date + (i / 28)::int, now(), now()
			FROM generate_series(1, %d) i, (SELECT min(id) AS first FROM organs WHERE name LIKE '第%%') o`, n),
		`INSERT INTO replies (proposal_id, round, result, publicity)
			SELECT id, 1, (ARRAY['adopted', 'adopted', 'adopted', 'planned', 'reference'])[1 + id % 5], 'full' FROM proposals`,
		fmt.Sprintf(`INSERT INTO letters (proposal_id, reply_id, edition, document_number, issue_date, text, sha256, issued_by, issued_at)
			SELECT p.id, r.id, 1, p.id, p.handed_over + 40, 'x', sha256('x'), %d, now() FROM proposals p JOIN replies r ON r.proposal_id = p.id`, s.Office.ID),
		`DROP INDEX published_replies_grams, published_replies_latest, published_replies_of_organ, published_replies_of_year`,
		`ANALYZE`,
	} {
		if _, err := s.conn.Exec(b.Context(), sql); err != nil {
			b.Fatalf("%v: %s", err, sql)
		}
	}
	publishInBulk(b, s, l, n)
	for _, sql := range []string{
		`CREATE INDEX published_replies_latest ON published_replies (published DESC, proposal_id DESC)`,
		`CREATE INDEX published_replies_of_organ ON published_replies (organ_id, published DESC, proposal_id DESC)`,
		`CREATE INDEX published_replies_of_year ON published_replies (year, published DESC, proposal_id DESC)`,
		`SET maintenance_work_mem = '1GB'; CREATE INDEX published_replies_grams ON published_replies USING gin (grams, triples) WITH (fastupdate = off); RESET maintenance_work_mem`,
		`INSERT INTO published_counts (year, body, term, session, organ_id, replies)
			SELECT year, body, term, session, organ_id, count(*) FROM published_replies GROUP BY year, body, term, session, organ_id`,
		`VACUUM ANALYZE`, `CHECKPOINT`,
	} {
		if _, err := s.conn.Exec(b.Context(), sql); err != nil {
			b.Fatalf("%v: %s", err, sql)
		}
	}
	b.Logf("%d letters in %v, %d grams in the first", n, time.Since(began).Round(time.Second), len(casework.Grams(casework.Plain(l.text(0)))))
}

// publishInBulk writes the publications and their rows of the search, a few
// hundred at a time.
func publishInBulk(b *testing.B, s *bundle, l *language, n int) {
	const batch = 250
	var wg sync.WaitGroup
	from := make(chan int)
	for range 4 {
		wg.Go(func() {
			for first := range from {
				var texts, plains, grams, triples []string
				for i := first; i < min(first+batch, n); i++ {
					text := l.text(i)
					plain := casework.Plain("关于某事的建议\n" + text)
					texts, plains, grams = append(texts, text), append(plains, plain), append(grams, strings.Join(casework.Grams(plain), " "))
					triples = append(triples, strings.Join(casework.Triples(plain), " "))
				}
				_, err := s.conn.Exec(b.Context(), `WITH t AS (
						SELECT t.*, r.id AS reply_id, r.result, p.id, p.kind, p.organ_id, p.body, p.term, p.session, p.handed_over + 40 AS issued
						FROM unnest($1::text[], $2::text[], $3::text[], $5::text[]) WITH ORDINALITY t(text, plain, grams, triples, n)
						JOIN proposals p ON p.number = (t.n + $4)::text JOIN replies r ON r.proposal_id = p.id),
					u AS (INSERT INTO publications (reply_id, text, published) SELECT reply_id, text, issued + 10 FROM t RETURNING id, reply_id, published)
					INSERT INTO published_replies (proposal_id, publication_id, kind, organ_id, body, term, session, year, result, published, plain, grams, triples)
					SELECT t.id, u.id, t.kind, t.organ_id, t.body, t.term, t.session, extract(year FROM t.issued), t.result, u.published, t.plain, t.grams::tsvector, t.triples::tsvector
					FROM t JOIN u ON u.reply_id = t.reply_id`, texts, plains, grams, first, triples)
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	for first := 0; first < n; first += batch {
		from <- first
	}
	close(from)
	wg.Wait()
}
