package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// TestMine: one list of promises, each under its proposal.
func TestMine(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.me = delegate()
	w := s.get("/mine")
	want := &fuyanv1.ListCommitmentsRequest{WithLatest: true, PageSize: 200}
	if diff := cmp.Diff(want, sent[*fuyanv1.ListCommitmentsRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("it asks for (-want +got):\n%s", diff)
	}
	lists := 0
	for _, m := range s.requests {
		if _, ok := m.(*fuyanv1.ListCommitmentsRequest); ok {
			lists++
		}
	}
	if lists != 1 {
		t.Errorf("it asks %d times for promises, want once", lists)
	}
	wantIn(t, "the page", w, `<a href="/mine" aria-current="page">我的提案建议</a>`, "已有复文，正在送达", "正在办理，起草答复", "还有 4 个工作日",
		firstPromise, `<a href="/proposals/7#reply">沪科提复〔2026〕25号</a>`, "最初为2025年12月31日", "已完成初稿。", "没有写明期限",
		"有 1 件请您反馈，1 件有新的进展", `<a class="button" href="/proposals/7#GiveOwnFeedback">请您反馈`, "还有 15 天",
		"另有更早的 3 条", "登记承诺", `name="seq" value="4"`)
	if n := strings.Count(w.Body.String(), `<ol class="follow">`); n != 1 {
		t.Errorf("%d proposals have promises, want the one whose letter makes them", n)
	}
	if strings.Contains(w.Body.String(), "待决定") {
		t.Error("something is to be decided where nobody contests it")
	}
	s.commitments[0].State, s.commitments[0].Contested = fuyanv1.CommitmentState_COMMITMENT_STATE_KEPT, true
	wantIn(t, "a proposer's page of what is contested", s.get("/mine"), `<span class="pending">提出人不认可，待决定</span>`)
	s.followed = nil
	wantIn(t, "nothing yet", s.get("/mine"), "还没有您提出的")
	s.me = office()
	wantStatus(t, "GET /mine as the office", s.get("/mine"), http.StatusNotFound)
	if strings.Contains(s.get("/proposals").Body.String(), `"/mine"`) {
		t.Error("the office is led to /mine")
	}
}

// TestNewIsMarked: what was said of a promise after the proposer last said to have
// seen, and nothing before.
func TestNewIsMarked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.me = delegate()
	latest := `<p class="latest"><span class="tag fresh">新</span>`
	wantIn(t, "a promise reported on since", s.get("/mine"), latest)
	s.followed[0].SeenTime = s.commitments[0].Latest.Time
	if strings.Contains(s.get("/mine").Body.String(), latest) {
		t.Error("what was seen is marked new")
	}
	s.followed[0].SeenTime = nil
	wantIn(t, "a promise of who has seen nothing", s.get("/mine"), latest)
	s.followed[0].News, s.followed[0].NewsCount = nil, 0
	if body := s.get("/mine").Body.String(); strings.Contains(body, "知道了") || strings.Contains(body, "新进展") {
		t.Error("who has seen everything is asked to say so")
	}
}

// TestEveryNextStepHasWords, and where a day is set, a name for it.
func TestEveryNextStepHasWords(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for n, name := range fuyanv1.NextStep_name {
		if n == 0 {
			continue
		}
		s := newSite(t)
		s.me = delegate()
		s.followed = s.followed[1:]
		s.followed[0].NextStep = fuyanv1.NextStep(n)
		_, words, _ := strings.Cut(s.get("/mine").Body.String(), "<dt>接下来</dt><dd>")
		words, _, _ = strings.Cut(words, "<")
		if words == "" || seen[words] {
			t.Errorf("%s has the words %q", name, words)
		}
		seen[words] = true
	}
}

// TestProposersFollowOnTheProposal: what is next, what is new in the history, and
// the form that says so; for nobody else.
func TestProposersFollowOnTheProposal(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.me = delegate()
	w := s.get("/proposals/7")
	wantIn(t, "the proposal", w, "请您对办理态度和办理结果作出评价", `href="/proposals/7#GiveOwnFeedback"`, `action="/proposals/7/MarkProposalSeen"`)
	_, history, _ := strings.Cut(w.Body.String(), `id="h-events"`)
	if n := strings.Count(history, `<span class="tag fresh">新</span>`); n != 2 {
		t.Errorf("%d lines of the history are new, want 2:\n%s", n, history)
	}
	s.followed = nil // who has also another reason to see it
	if strings.Contains(s.get("/proposals/7").Body.String(), "接下来") {
		t.Error("who did not hand it in follows it")
	}
	s = newSite(t)
	if strings.Contains(s.get("/proposals/7").Body.String(), "接下来") || sent[*fuyanv1.GetFollowedRequest](s.service) != nil {
		t.Error("the office follows a proposal")
	}
}

// TestSeen: the form of either page says what it showed.
func TestSeen(t *testing.T) {
	t.Parallel()
	for rpc, page := range map[string]string{"MarkSeen": "/mine", "MarkProposalSeen": "/proposals/7"} {
		s := newSite(t)
		s.me = delegate()
		w := s.post(page+"/"+rpc, url.Values{"request_id": {requestID}, "form": {rpc + "-7"}, "proposal_id": {"7"}, "seq": {"4"}})
		wantStatus(t, "POST "+rpc, w, http.StatusSeeOther)
		if got := w.Header().Get("Location"); got != page+"?done="+rpc {
			t.Errorf("POST %s leads to %s", rpc, got)
		}
		want := &fuyanv1.MarkSeenRequest{RequestId: requestID, ProposalId: 7, Seq: 4}
		if diff := cmp.Diff(want, sent[*fuyanv1.MarkSeenRequest](s.service), protocmp.Transform()); diff != "" {
			t.Errorf("%s sends (-want +got):\n%s", rpc, diff)
		}
	}
}
