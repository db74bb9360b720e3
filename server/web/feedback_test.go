package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"github.com/google/go-cmp/cmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// feedback is one round of three proposers: one answered by telephone, one has
// the letter, one has not.
func feedback() []*fuyanv1.FeedbackRound {
	return []*fuyanv1.FeedbackRound{{
		Round: 1, Undecided: true, Feedbacks: []*fuyanv1.Feedback{
			{
				ProposerId: 21, Proposer: "顾伟华", Delivered: "2026-05-14", Given: true, Day: "2026-05-18", Time: at(18, 15),
				Attitude: fuyanv1.Rating_RATING_SATISFIED, Result: fuyanv1.Rating_RATING_DISSATISFIED, Text: "要素市场一节没有说清由谁来办。",
				Channel: fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_CALL, RecordedBy: "陈静", RecorderOrgan: "上海市科学技术委员会",
			},
			{ProposerId: 22, Proposer: "芮海燕", Delivered: "2026-05-15"},
			{ProposerId: 23, Proposer: "民盟上海市委"},
		},
	}}
}

func delegate() *fuyanv1.User {
	return &fuyanv1.User{Id: 3, Name: "ruihy", DisplayName: "芮海燕", Roles: []fuyanv1.Role{fuyanv1.Role_ROLE_DELEGATE}}
}

// TestRoundsOfFeedbackStandSideBySide shows the first round with its decision
// under the second.
func TestRoundsOfFeedbackStandSideBySide(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.feedback[0].Undecided = false
	s.feedback[0].Decision = &fuyanv1.RedoDecision{Redo: true, Reason: "请说清 <由谁> 来办", DecidedBy: "顾一凡", Time: at(19, 9)}
	second := &fuyanv1.FeedbackRound{Round: 2, Feedbacks: []*fuyanv1.Feedback{
		{
			ProposerId: 21, Proposer: "顾伟华", Delivered: "2026-05-20", Given: true, Day: "2026-05-20",
			Attitude: fuyanv1.Rating_RATING_SATISFIED, Result: fuyanv1.Rating_RATING_BASICALLY,
			Channel: fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_OWN, RecordedBy: "顾伟华",
		},
		{ProposerId: 22, Proposer: "芮海燕", Delivered: "2026-05-20"},
	}}
	s.feedback = []*fuyanv1.FeedbackRound{second, s.feedback[0]}
	page := s.get("/proposals/7").Body.String()
	_, section, _ := strings.Cut(page, `id="h-feedback"`)
	section, _, _ = strings.Cut(section, "</section>")
	at := 0
	for _, want := range []string{
		"第 2 轮", "顾伟华</td><td>满意</td><td>基本满意", `本人账号<span class="sub">顾伟华 记`, `芮海燕</td><td colspan="5"><span class="pending">未反馈`,
		"第 1 轮", "顾伟华</td><td>满意</td><td>不满意", "要素市场一节没有说清由谁来办。", `电话收集<span class="sub">陈静（上海市科学技术委员会） 记`, "2026年5月18日",
		"未反馈", "未反馈", "复文尚未送达", "<strong>交回二次办理</strong>：请说清 &lt;由谁&gt; 来办", "顾一凡",
	} {
		next := strings.Index(section[at:], want)
		if next < 0 {
			t.Fatalf("after %d characters the section lacks %q:\n%s", at, want, section)
		}
		at += next + len(want)
	}
	if strings.Contains(section, "待督办单位决定") {
		t.Error("what is decided is shown as undecided")
	}
}

func TestDeclinedRedo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	wantIn(t, "an undecided round", s.get("/proposals/7"), "待督办单位决定")
	s.feedback[0].Decision = &fuyanv1.RedoDecision{Reason: "超出事权", DecidedBy: "顾一凡", Time: at(19, 9)}
	wantIn(t, "a declined redo", s.get("/proposals/7"), "<strong>不予二次办理</strong>：超出事权")
	s.feedback = nil
	if page := s.get("/proposals/7").Body.String(); strings.Contains(page, "h-feedback") {
		t.Error("a proposal without a letter has a section of feedback")
	}
}

// TestFeedbackFormOfEach: a proposer is asked for ratings and words alone, first
// of all; who collects says whose and how, and never by the own account.
func TestFeedbackFormOfEach(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.view.Moves = []*fuyanv1.Move{{Rpc: "GiveFeedback", Label: "反馈"}}
	fields := formIn(t, s.get("/proposals/7").Body.String(), "/proposals/7/GiveFeedback")
	if diff := cmp.Diff([]string{"22"}, fields["proposer_id"]); diff != "" {
		t.Errorf("proposers to ask (-want +got):\n%s", diff)
	}
	want := []string{"FEEDBACK_CHANNEL_VISIT", "FEEDBACK_CHANNEL_CALL", "FEEDBACK_CHANNEL_MEETING", "FEEDBACK_CHANNEL_LETTER"}
	if diff := cmp.Diff(want, fields["channel"]); diff != "" {
		t.Errorf("channels of who collects (-want +got):\n%s", diff)
	}
	s.me, s.feedback[0].Feedbacks[1].Mine = delegate(), true
	page := s.get("/proposals/7")
	wantIn(t, "the page of a proposer", page, `<details class="move" id="GiveOwnFeedback" open>`)
	own := formIn(t, page.Body.String(), "/proposals/7/GiveOwnFeedback")
	for _, name := range []string{"proposer_id", "channel", "day"} {
		if own[name] != nil {
			t.Errorf("a proposer is asked for %s", name)
		}
	}
	if ratings := []string{"RATING_SATISFIED", "RATING_BASICALLY", "RATING_DISSATISFIED"}; !slices.Equal(own["attitude"], ratings) || !slices.Equal(own["result"], ratings) {
		t.Errorf("a proposer is offered %v and %v", own["attitude"], own["result"])
	}
}

// TestClerkWhoSigned: who signed the proposal and works in its office too is asked
// for their own answer first, and can bring the others' after it.
func TestClerkWhoSigned(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.view.Moves = []*fuyanv1.Move{{Rpc: "GiveFeedback", Label: "反馈"}}
	lines := s.feedback[0].Feedbacks
	lines[2].Delivered, lines[1].Mine = "2026-05-15", true
	formIn(t, s.get("/proposals/7").Body.String(), "/proposals/7/GiveOwnFeedback")
	lines[1].Given = true
	fields := formIn(t, s.get("/proposals/7").Body.String(), "/proposals/7/GiveFeedback")
	if diff := cmp.Diff([]string{"23"}, fields["proposer_id"]); diff != "" {
		t.Errorf("proposers to ask (-want +got):\n%s", diff)
	}
}

// Feedback without the words that it needs comes back with the field marked.
func TestRefusedFeedbackKeepsWhatWasChosen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.me, s.feedback[0].Feedbacks[1].Mine = delegate(), true
	s.view.Moves = []*fuyanv1.Move{{Rpc: "GiveFeedback", Label: "反馈"}}
	s.fail["GiveFeedback"] = refused(connect.CodeInvalidArgument, "不满意的，应写明具体意见", &fuyanv1.Refusal{Field: "text"})
	w := s.post("/proposals/7/GiveOwnFeedback", url.Values{
		"request_id": {requestID}, "expected_version": {"12"}, "round": {"1"},
		"attitude": {"RATING_SATISFIED"}, "result": {"RATING_DISSATISFIED"},
	})
	wantStatus(t, "feedback without words", w, http.StatusBadRequest)
	wantIn(t, "feedback without words", w, "不满意的，应写明具体意见", `aria-invalid="true"`, `<option value="RATING_DISSATISFIED" selected>`, `id="GiveOwnFeedback" open`)
}
