package web_test

import (
	"net/http"
	"testing"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// publishedSite is the site as somebody sees it who is not signed in.
func publishedSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.me = nil
	s.published = &fuyanv1.PublishedReply{
		ProposalId: 7, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: &fuyanv1.Sitting{Body: "市政协", Term: 14, Session: 4},
		Number: "0670", Title: "关于开放实验室的提案", Organ: "上海市科学技术委员会", DocumentNumber: "沪科提复〔2026〕1号",
		IssueDate: "2026-03-02", Published: "2026-03-05", Result: fuyanv1.Result_RESULT_ADOPTED, Publicity: fuyanv1.Publicity_PUBLICITY_FULL,
		Excerpt: "将再开放两处实验室", Marks: []*fuyanv1.Span{{Start: 6, End: 9}},
		Text: "某委员：\n您好。下一步，我委将再开放两处<实验室>。\n谢谢。",
		Commitments: []*fuyanv1.PublicCommitment{
			{Text: "下一步，我委将再开放两处<实验室>", State: fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN, FirstDue: "2026-09-30", Due: "2026-12-31"},
			{Text: "您好", State: fuyanv1.CommitmentState_COMMITMENT_STATE_KEPT, FirstDue: "2026-06-30", Due: "2026-06-30"},
		},
	}
	return s
}

func TestPublicPages(t *testing.T) {
	t.Parallel()
	s := publishedSite(t)
	golden(t, "GET /replies", "replies", s.get("/replies?q=实验室&year=2026").Body.String())
	golden(t, "GET /replies/7", "published", s.get("/replies/7").Body.String())
	text := s.get("/replies/7/text")
	if got := text.Header().Get("Content-Type"); got != "text/plain; charset=utf-8" || text.Body.String() != s.published.Text+"\n" {
		t.Errorf("as text: %s\n%s", got, text.Body)
	}
	asked := sent[*fuyanv1.SearchRepliesRequest](s.service)
	if asked.Query != "实验室" || asked.Year != 2026 {
		t.Errorf("asked for %v", asked)
	}
}

func TestNothingPublished(t *testing.T) {
	t.Parallel()
	s := publishedSite(t)
	s.published = nil
	for _, path := range []string{"/replies/7", "/replies/7/text", "/replies/x"} {
		wantStatus(t, "GET "+path, s.get(path), http.StatusNotFound)
	}
	wantIn(t, "an empty list", s.get("/replies"), "还没有公开的答复")
	wantIn(t, "an empty search", s.get("/replies?q=火星"), "没有找到")
}
