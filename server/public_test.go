package server_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// public calls an RPC of the public as nobody.
func (s *site) public(t *testing.T, rpc, body string) answer {
	t.Helper()
	return s.call(t, casework.User{}, "PublicService/"+rpc, body)
}

// TestPublicOverHTTP publishes three replies, finds them by pages, filters and
// words, reads one, and takes one down.
func TestPublicOverHTTP(t *testing.T) {
	t.Parallel()
	s, h := newSite(t), new(hoard)
	var all []*doing
	for i := range 3 {
		d := s.signed(t, h, fmt.Sprintf("%04d", i+1), "关于试办夜间实验室的提案", postgres.NewDraft{Text: publicDraft, Result: "adopted", Publicity: "full"})
		d.issue(h)
		d.publish()
		all = append(all, d)
	}
	s.keepSecretly(t, h, all[0])

	var numbers []string
	page := new(fuyanv1.SearchRepliesResponse)
	for token := ""; ; token = page.NextPageToken {
		page.Reset()
		s.public(t, "SearchReplies", `{"query": "实验室", "pageSize": 2, "pageToken": "`+token+`", "year": 2026, "kind": "KIND_CPPCC_PROPOSAL",
			"result": "RESULT_ADOPTED", "sitting": {"body": "市政协", "term": 14, "session": 4}}`).message(t, page)
		for _, r := range page.Replies {
			numbers = append(numbers, r.Number)
			if at := r.Marks[0]; string([]rune(r.Excerpt)[at.Start:at.End]) != "实验室" || r.Text != "" {
				t.Errorf("in a list it is %v", r)
			}
		}
		if page.NextPageToken == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"0003", "0002", "0001"}, numbers); diff != "" {
		t.Errorf("by pages (-want +got):\n%s", diff)
	}
	for _, none := range []string{
		`{"query": "室验"}`, `{"year": 2025}`, `{"kind": "KIND_NPC_SUGGESTION"}`, `{"result": "RESULT_PLANNED"}`,
		`{"sitting": {"body": "市政协", "term": 14, "session": 3}}`, fmt.Sprintf(`{"organId": %d}`, s.Helper),
	} {
		if got := s.public(t, "SearchReplies", none); string(got.body) != "{}" {
			t.Errorf("%s finds %s", none, got.body)
		}
	}

	if got := s.public(t, "SearchReplies", `{"query": "《》"}`); string(got.body) != `{"wordless":true}` {
		t.Errorf("without a word it finds %s", got.body)
	}

	catalogue := new(fuyanv1.GetPublicCatalogueResponse)
	s.public(t, "GetPublicCatalogue", `{}`).message(t, catalogue)
	want := &fuyanv1.GetPublicCatalogueResponse{
		Years:    []*fuyanv1.PublishedYear{{Year: 2026, Replies: 3}},
		Organs:   []*fuyanv1.PublishedOrgan{{OrganId: s.Organ, Name: "某市试验委员会", Replies: 3}},
		Sittings: []*fuyanv1.PublishedSitting{{Sitting: &fuyanv1.Sitting{Body: "市政协", Term: 14, Session: 4}, Replies: 3}},
	}
	if diff := cmp.Diff(want, catalogue, protocmp.Transform()); diff != "" {
		t.Errorf("the catalogue (-want +got):\n%s", diff)
	}
	s.checkPublished(t, all[0].id)
	s.checkTakenDown(t, all)
}

// checkPublished reads a reply: its lines are its text, and its promise says how it
// stands and nothing more.
func (s *site) checkPublished(t *testing.T, id int64) {
	t.Helper()
	one := new(fuyanv1.GetPublishedReplyResponse)
	s.public(t, "GetPublishedReply", fmt.Sprintf(`{"proposalId": %d}`, id)).message(t, one)
	parts := map[fuyanv1.LetterPart]string{}
	for _, l := range one.Reply.Lines {
		parts[l.Part] = string([]rune(one.Reply.Text)[l.Span.Start:l.Span.End])
	}
	for part, want := range map[fuyanv1.LetterPart]string{
		fuyanv1.LetterPart_LETTER_PART_NUMBER:     "某试提复〔2026〕1号",
		fuyanv1.LetterPart_LETTER_PART_SALUTATION: "甲某委员：",
		fuyanv1.LetterPart_LETTER_PART_SIGNATURE:  "某市试验委员会",
		fuyanv1.LetterPart_LETTER_PART_DAY:        "2026年3月2日",
	} {
		if parts[part] != want {
			t.Errorf("its %v is %q, want %q", part, parts[part], want)
		}
	}
	want := []*fuyanv1.PublicCommitment{{
		Text: "下一步，我委将在2026年9月底前再开放两处实验室", State: fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN, FirstDue: "2026-09-30", Due: "2026-10-30",
	}}
	if diff := cmp.Diff(want, one.Reply.Commitments, protocmp.Transform()); diff != "" {
		t.Errorf("its promises (-want +got):\n%s", diff)
	}
}

// checkTakenDown takes the first down and asks for its address everywhere.
func (s *site) checkTakenDown(t *testing.T, all []*doing) {
	t.Helper()
	gone := all[0]
	gone.done(s.db.TakeDownReply(t.Context(), gone.by(s.Office), "有误"))
	if got := s.public(t, "GetPublishedReply", fmt.Sprintf(`{"proposalId": %d}`, gone.id)); got.Code != "not_found" {
		t.Errorf("taken down, the RPC answers %q", got.Code)
	}
	_, never := s.read(t, "/replies/999999")
	if status, body := s.read(t, fmt.Sprintf("/replies/%d", gone.id)); status != http.StatusNotFound || body != never {
		t.Errorf("taken down, its page is %d and not like one that never was:\n%s", status, body)
	}
	left := new(fuyanv1.ListPublishedAddressesResponse)
	s.public(t, "ListPublishedAddresses", `{"year": 2026, "part": 1}`).message(t, left)
	want := []*fuyanv1.PublishedAddress{{ProposalId: all[1].id, Published: "2026-03-02"}, {ProposalId: all[2].id, Published: "2026-03-02"}}
	if diff := cmp.Diff(want, left.Addresses, protocmp.Transform()); diff != "" {
		t.Errorf("the addresses that are left (-want +got):\n%s", diff)
	}
	left.Reset()
	s.public(t, "ListPublishedAddresses", `{"year": 2026, "part": 2}`).message(t, left)
	if len(left.Addresses) != 0 {
		t.Errorf("in the second thousand: %v", left.Addresses)
	}
}
