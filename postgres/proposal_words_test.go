package postgres_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// titles puts proposals of the organ and of its helper on record, each with the number
// of its place among them.
func (b *bundle) titles(t testing.TB, titles []string) {
	t.Helper()
	_, err := b.conn.Exec(t.Context(), `WITH p AS (
			INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id, handed_over,
				reply_due, received_at, updated_at)
			SELECT CASE n % 3 WHEN 0 THEN 'npc_suggestion' ELSE 'cppcc_proposal' END, '市政协', 14, 1, n, t.text, '', true, false, 'answered',
				CASE n % 4 WHEN 0 THEN $2::bigint ELSE $3 END, '2026-01-01'::date - n::int, '2026-04-01', now(), now()
			FROM unnest($1::text[]) WITH ORDINALITY t(text, n) ORDER BY n
			RETURNING id, organ_id, number)
		INSERT INTO assignments (proposal_id, organ_id, role, handed_over) SELECT id, organ_id, 'sole', '2026-01-01'::date FROM p
		UNION ALL SELECT id, $2, 'helper', '2026-01-01'::date FROM p WHERE organ_id <> $2 AND number::int % 10 = 1`, titles, b.Helper, b.Organ)
	must(t, err)
}

// numbered are the numbers of all proposals that a list has, page by page.
func (b *bundle) numbered(t testing.TB, u casework.User, f postgres.ProposalFilter) (numbers []string) {
	t.Helper()
	for f.Limit = 7; ; {
		list, err := b.ListProposals(t.Context(), u, f)
		must(t, err)
		for _, p := range list {
			numbers = append(numbers, p.Number)
			f.After = &p.Proposal
		}
		if len(list) < int(f.Limit) {
			return numbers
		}
	}
}

// TestWordsFindTheSame: however common words are, and whoever looks for them, those
// proposals are found that have them all, each once and in the order asked for.
func TestWordsFindTheSame(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	var titles []string
	for i := range 1000 {
		title := "关于养老的提案"
		for every, word := range map[int]string{2: "服务", 9: "电梯", 60: "Ａ５托育", 240: "河道"} {
			if i%every == 0 {
				title += word
			}
		}
		if i < 40 { // long ago, and never since
			title += "旧"
		}
		if i >= 994 || i == 3 { // the talk of a season, and once before
			title += "论坛"
		}
		titles = append(titles, title)
	}
	b.titles(t, titles)
	sees := map[string]func(n int) bool{
		"admin":      func(int) bool { return true },
		"government": func(int) bool { return true },
		"cppcc":      func(n int) bool { return n%3 != 0 },
		"office":     func(n int) bool { return n%4 != 0 },
		"helper":     func(n int) bool { return n%4 == 0 || n%10 == 1 },
		"delegate":   func(int) bool { return false },
	}
	users := map[string]casework.User{
		"admin": b.Admin, "government": b.Supervisor, "cppcc": b.CPPCCSupervisor, "office": b.Office, "helper": b.HelperOffice, "delegate": b.Delegate,
	}
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"服务", "电梯", "a5托育", "河道", "旧", "论坛", "养老的", "7", "62", "无", "%"}), 1, 2)
	rapid.Check(t, func(rt *rapid.T) {
		who := rapid.SampledFrom([]string{"admin", "government", "cppcc", "office", "helper", "delegate"}).Draw(rt, "who")
		f := postgres.ProposalFilter{Contains: strings.Join(words.Draw(rt, "words"), " ")}
		if rapid.Bool().Draw(rt, "of one organ") {
			f.OrganID = b.Organ
		}
		down := rapid.Bool().Draw(rt, "the last first")
		if !down {
			f.Order = postgres.ByHandOver // each was handed over before the one that follows it
		}
		var want []string
		for i, title := range titles {
			n := i + 1
			plain := casework.Plain(title) + fmt.Sprintf(" %d", n)
			missing := slices.ContainsFunc(strings.Fields(f.Contains), func(w string) bool { return !strings.Contains(plain, w) })
			if sees[who](n) && !missing && (f.OrganID == 0 || n%4 != 0) {
				want = append(want, fmt.Sprint(n))
			}
		}
		if down {
			slices.Reverse(want)
		}
		if got := b.numbered(t, users[who], f); !slices.Equal(got, want) {
			rt.Fatalf("%s looks for %+v and finds %v, want %v", who, f, got, want)
		}
	})
}
