package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// shelf puts proposals on record that differ in everything that a list asks for.
func (s *site) shelf(t *testing.T) {
	t.Helper()
	_, err := s.tx.Exec(t.Context(), `INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state,
			organ_id, division_id, handler_id, handed_over, reply_due, received_at, updated_at)
		SELECT CASE WHEN n % 2 = 0 THEN 'npc_suggestion' ELSE 'cppcc_proposal' END, CASE WHEN n % 2 = 0 THEN '市人大' ELSE '市政协' END,
			14 + n % 2, n % 3, lpad((97 - n)::text, 4, '0'), '关于' || CASE WHEN n % 4 = 0 THEN '科技Ａ' ELSE '养老B' END || n || '件事', '', true, false,
			CASE n % 5 WHEN 0 THEN 'accepted' WHEN 1 THEN 'drafting' WHEN 2 THEN 'answered' WHEN 3 THEN 'closed' ELSE 'issued' END,
			$1, CASE WHEN n % 5 = 1 THEN $2::bigint END, CASE WHEN n % 5 = 1 THEN $3::bigint END,
			date '2026-01-01' + n % 7, date '2026-02-20' + n % 20, now(), now()
		FROM generate_series(1, 24) n`, s.Organ, s.Handler.DivisionID, s.Handler.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.tx.Exec(t.Context(), `INSERT INTO replies (proposal_id, round, result)
		SELECT id, 1, CASE WHEN id % 3 = 0 THEN 'planned' ELSE 'adopted' END FROM proposals`)
	if err != nil {
		t.Fatal(err)
	}
}

// all reads a list page by page.
func (s *site) all(t *testing.T, filters string) (out []*fuyanv1.Proposal) {
	t.Helper()
	for token := ""; ; {
		got := new(fuyanv1.ListProposalsResponse)
		s.call(t, s.Office, "ProposalService/ListProposals", fmt.Sprintf(`{"pageSize": 5, "pageToken": %q, %s}`, token, filters)).message(t, got)
		out = append(out, got.Proposals...)
		if token = got.NextPageToken; token == "" {
			return out
		}
		if len(got.Proposals) != 5 {
			t.Fatalf("a page of %d", len(got.Proposals))
		}
	}
}

// TestOrdersAreWholeAndStable: page by page each is every proposal once, in order.
func TestOrdersAreWholeAndStable(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.shelf(t)
	key := map[string]func(p *fuyanv1.Proposal) string{
		"PROPOSAL_ORDER_UNSPECIFIED": func(p *fuyanv1.Proposal) string { return fmt.Sprintf("%09d", 1_000_000-p.Id) },
		"PROPOSAL_ORDER_DUE": func(p *fuyanv1.Proposal) string {
			done := p.State == fuyanv1.State_STATE_ISSUED || p.State == fuyanv1.State_STATE_ANSWERED || p.State == fuyanv1.State_STATE_CLOSED
			return fmt.Sprintf("%t %s %09d", done, p.ReplyDue, p.Id)
		},
		"PROPOSAL_ORDER_NUMBER": func(p *fuyanv1.Proposal) string {
			return fmt.Sprintf("%d %02d %02d %s %09d", p.Kind, 99-p.Sitting.Term, 99-p.Sitting.Session, p.Number, p.Id)
		},
		"PROPOSAL_ORDER_HANDED_OVER": func(p *fuyanv1.Proposal) string {
			var y, m, d int
			_, _ = fmt.Sscanf(p.HandedOver, "%d-%d-%d", &y, &m, &d)
			return fmt.Sprintf("%09d %09d", 99_999_999-(y*10000+m*100+d), 1_000_000-p.Id)
		},
	}
	for order, key := range key {
		got := s.all(t, `"order": "`+order+`"`)
		if len(got) != 24 || !slices.IsSortedFunc(got, func(a, b *fuyanv1.Proposal) int { return strings.Compare(key(a), key(b)) }) {
			t.Errorf("%s: %d proposals, or out of order", order, len(got))
		}
	}
}

// TestEachFilterFindsItsOwn holds each against what a person would pick out.
func TestEachFilterFindsItsOwn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.shelf(t)
	var public int64
	err := s.tx.QueryRow(t.Context(), `WITH u AS (
			INSERT INTO publications (reply_id, text, published) SELECT min(id), '文', '2026-03-01' FROM replies RETURNING id, reply_id)
		INSERT INTO published_replies SELECT p.id, u.id, p.kind, p.organ_id, p.body, p.term, p.session, 2026, 'adopted', '2026-03-01', '', '', ''
		FROM u JOIN replies r ON r.id = u.reply_id JOIN proposals p ON p.id = r.proposal_id RETURNING proposal_id`).Scan(&public)
	if err != nil {
		t.Fatal(err)
	}
	whole := s.all(t, `"overdue": false`)
	out := func(p *fuyanv1.Proposal) bool { return p.State > fuyanv1.State_STATE_SIGNED }
	for filters, picked := range map[string]func(p *fuyanv1.Proposal) bool{
		`"state": "STATE_ACCEPTED"`:                              func(p *fuyanv1.Proposal) bool { return p.State == fuyanv1.State_STATE_ACCEPTED },
		`"kind": "KIND_NPC_SUGGESTION"`:                          func(p *fuyanv1.Proposal) bool { return p.Kind == fuyanv1.Kind_KIND_NPC_SUGGESTION },
		`"sitting": {"body": "市政协", "term": 15, "session": 1}`:   func(p *fuyanv1.Proposal) bool { return p.Sitting.Body == "市政协" && p.Sitting.Session == 1 },
		`"contains": "科技a"`:                                      func(p *fuyanv1.Proposal) bool { return strings.Contains(p.Title, "科技Ａ") },
		`"contains": "事"`:                                        func(*fuyanv1.Proposal) bool { return true },
		`"contains": "养老  0090"`:                                 func(p *fuyanv1.Proposal) bool { return p.Number == "0090" },
		`"contains": "老科"`:                                       func(*fuyanv1.Proposal) bool { return false },
		`"contains": "养科"`:                                       func(*fuyanv1.Proposal) bool { return false },
		`"result": "RESULT_PLANNED"`:                             func(p *fuyanv1.Proposal) bool { return out(p) && p.Id%3 == 0 },
		`"openness": "OPENNESS_PUBLISHED"`:                       func(p *fuyanv1.Proposal) bool { return p.Id == public },
		`"openness": "OPENNESS_NOT_PUBLISHED"`:                   func(p *fuyanv1.Proposal) bool { return p.Id != public },
		`"overdue": true`:                                        func(p *fuyanv1.Proposal) bool { return p.Overdue },
		fmt.Sprintf(`"organId": %d`, s.Organ):                    func(*fuyanv1.Proposal) bool { return true },
		fmt.Sprintf(`"organId": %d`, s.Helper):                   func(*fuyanv1.Proposal) bool { return false },
		fmt.Sprintf(`"divisionId": %d`, s.Handler.DivisionID):    func(p *fuyanv1.Proposal) bool { return p.Division != "" },
		fmt.Sprintf(`"handlerId": %d`, s.Handler.ID):             func(p *fuyanv1.Proposal) bool { return p.Handler != "" },
		fmt.Sprintf(`"proposalIds": [%d, 999999]`, public):       func(p *fuyanv1.Proposal) bool { return p.Id == public },
		`"overdue": true, "kind": "KIND_CPPCC_PROPOSAL"`:         func(p *fuyanv1.Proposal) bool { return p.Overdue && p.Kind == fuyanv1.Kind_KIND_CPPCC_PROPOSAL },
		`"mine": true`:                                           func(*fuyanv1.Proposal) bool { return false },
		`"order": "PROPOSAL_ORDER_DUE", "state": "STATE_CLOSED"`: func(p *fuyanv1.Proposal) bool { return p.State == fuyanv1.State_STATE_CLOSED },
	} {
		var want, got []int64
		for _, p := range whole {
			if picked(p) {
				want = append(want, p.Id)
			}
		}
		for _, p := range s.all(t, filters) {
			got = append(got, p.Id)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", filters, got, want)
		}
	}
}

// TestListsShowNoMoreToFilters: whatever is asked for, nobody sees what is not
// theirs to see.
func TestListsShowNoMoreToFilters(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.shelf(t)
	for _, filters := range []string{
		`"contains": "养老"`, `"state": "STATE_ACCEPTED"`, `"order": "PROPOSAL_ORDER_NUMBER"`, fmt.Sprintf(`"organId": %d`, s.Organ),
		fmt.Sprintf(`"divisionId": %d`, s.Handler.DivisionID), fmt.Sprintf(`"handlerId": %d`, s.Handler.ID), `"openness": "OPENNESS_NOT_PUBLISHED"`,
	} {
		got := new(fuyanv1.ListProposalsResponse)
		s.call(t, s.HelperOffice, "ProposalService/ListProposals", "{"+filters+"}").message(t, got)
		s.call(t, s.Delegate, "ProposalService/ListProposals", "{"+filters+"}").message(t, got)
		if len(got.Proposals) != 0 {
			t.Errorf("%s shows another organ's proposals", filters)
		}
		got.Reset()
		s.call(t, s.NPCSupervisor, "ProposalService/ListProposals", "{"+filters+"}").message(t, got)
		for _, p := range got.Proposals {
			if p.Kind != fuyanv1.Kind_KIND_NPC_SUGGESTION {
				t.Errorf("%s shows a supervisor what they do not oversee", filters)
			}
		}
	}
}

func TestSittingsAreListedOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.shelf(t)
	got := new(fuyanv1.ListSittingsResponse)
	s.call(t, s.Delegate, "ProposalService/ListSittings", `{}`).message(t, got)
	var names []string
	for _, n := range got.Sittings {
		names = append(names, fmt.Sprintf("%s %d-%d", n.Body, n.Term, n.Session))
	}
	want := []string{"市政协 15-2", "市政协 15-1", "市政协 15-0", "市人大 14-2", "市人大 14-1", "市人大 14-0"}
	if !slices.Equal(names, want) {
		t.Errorf("the sittings are %v, want %v", names, want)
	}
}
