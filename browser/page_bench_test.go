package browser_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// many is among how many proposals pages are measured.
const many = 100_000

// grown are the tables of a proposal and what hangs on it, but for its history and
// notices and what the public searches, which has a benchmark of its own.
var grown = []string{
	"proposals", "proposal_words", "proposers", "assignments", "deadlines", "replies", "drafts", "reviews", "letters", "copies", "deliveries",
	"publications", "commitments", "progress", "feedbacks",
}

// grow writes the proposals of the demo data again and again, each with all that
// it has, until there are about so many, of 200 organs. Of those that wait for
// somebody there is one in twenty of the others.
func grow(b *testing.B, pool *pgxpool.Pool, size int) {
	b.Helper()
	conn, err := pool.Acquire(b.Context())
	must(b, err)
	defer conn.Release()
	exec := func(sql string) {
		if _, err := conn.Exec(b.Context(), sql); err != nil {
			b.Fatalf("%v: %s", err, sql)
		}
	}
	var have int
	must(b, conn.QueryRow(b.Context(), `SELECT count(*) FROM proposals WHERE state IN ('answered', 'closed')`).Scan(&have))
	exec(`SET session_replication_role = replica`) // no reference is checked, nor does a trigger run
	exec(`INSERT INTO organs (id, name, short_name) OVERRIDING SYSTEM VALUE SELECT 10000 + n, '第' || n || '委员会', '第' || n || '委' FROM generate_series(1, 199) n`)
	exec(`CREATE TEMP TABLE waiting AS SELECT id FROM proposals WHERE state NOT IN ('answered', 'closed')`)
	for _, table := range grown {
		var into, from []string
		rows, err := conn.Query(b.Context(), `SELECT column_name::text FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position`, table)
		must(b, err)
		for rows.Next() {
			var c string
			must(b, rows.Scan(&c))
			into = append(into, c)
			switch c {
			case "id", "proposal_id", "reply_id", "letter_id", "commitment_id", "publication_id", "proposer_id", "deadline_id", "round_of":
				c += " + n * 10000"
			case "organ_id":
				c = "CASE WHEN n % 200 = 0 THEN organ_id ELSE 10001 + (n + organ_id) % 199 END"
			case "number":
				if table == "proposals" {
					c = "'A' || (number::bigint + n * 10000)::text"
				}
			case "document_number", "basis": // an urge's deadline is known by its number
				c += " || n"
			}
			from = append(from, c)
		}
		must(b, rows.Err())
		which := "true"
		switch {
		case table == "proposals":
			which = "n % 20 = 0 OR id NOT IN (TABLE waiting)"
		case slices.Contains(into, "proposal_id"):
			which = "n % 20 = 0 OR proposal_id NOT IN (TABLE waiting)"
		}
		exec(fmt.Sprintf(`INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s, generate_series(1, %d) n WHERE %s`,
			table, strings.Join(into, ", "), strings.Join(from, ", "), table, size/have, which))
	}
	exec(`SET session_replication_role = DEFAULT`)
	exec(`VACUUM ANALYZE`)
}

// BenchmarkPages asks for pages among many proposals, one after the other and
// fifty at once, each by who uses it.
func BenchmarkPages(b *testing.B) {
	s := newSite(b)
	grow(b, s.pool, many)
	for _, page := range []struct{ account, address string }{
		{nobody, "/replies"},
		{"office", "/work"},
		{"office", "/proposals"},
		{"office", "/proposals?state=STATE_DRAFTING&order=PROPOSAL_ORDER_DUE"},
		{"handler", "/proposals/16"},
		{"handler", "/commitments"},
		{"government", "/board"},
	} {
		for _, atOnce := range []int{1, 50} {
			b.Run(fmt.Sprintf("%s/%s/%d", page.account, strings.ReplaceAll(page.address[1:], "/", "-"), atOnce), func(b *testing.B) {
				s.measure(b, page.account, page.address, atOnce)
			})
		}
	}
}

func (s *site) measure(b *testing.B, account, address string, atOnce int) {
	client := *s.as(b, account)
	client.Transport = &http.Transport{MaxIdleConnsPerHost: atOnce}
	took := make([]time.Duration, b.N*atOnce)
	var w sync.WaitGroup
	begin := time.Now()
	for i := range atOnce {
		w.Go(func() {
			for n := range b.N {
				start := time.Now()
				resp, err := client.Get(s.URL + address)
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
				took[i*b.N+n] = time.Since(start)
				if resp.StatusCode != http.StatusOK {
					b.Error(resp.Status)
				}
			}
		})
	}
	w.Wait()
	all := time.Since(begin)
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
	b.ReportMetric(float64(len(took))/all.Seconds(), "pages/s")
}
