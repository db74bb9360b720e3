package server_test

import (
	"fmt"
	"strings"
	"testing"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// answered brings a proposal of the delegate and of somebody without an account
// to its letter, delivered, and returns its id and its proposers.
func (s *site) answered(t *testing.T) (id int64, proposers []int64) {
	t.Helper()
	ctx := t.Context()
	by := func(u casework.User) postgres.Call { return postgres.Call{User: u, ID: id} }
	p, err := s.db.ReceiveProposal(ctx, by(s.Office), postgres.NewProposal{
		Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 4}, Number: "0001", Title: "关于试办夜间实验室的提案",
		HandedOver: casework.Date{Year: 2026, Month: 2, Day: 10},
		Proposers:  []postgres.NewProposer{{Name: "甲某", UserID: s.Delegate.ID}, {Name: "乙某"}},
	})
	id = p.ID
	done := func(_ postgres.ListedProposal, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	done(p, err)
	done(s.db.AcceptProposal(ctx, by(s.Office), casework.Date{}))
	done(s.db.AssignProposal(ctx, by(s.Office), s.Handler.ID))
	done(s.db.SaveDraft(ctx, by(s.Handler), postgres.NewDraft{Text: "甲某、乙某委员：\n\n已办。", Result: "adopted", Publicity: "full"}))
	done(s.db.SubmitReply(ctx, by(s.Handler)))
	done(s.db.ApproveReply(ctx, by(s.Head), ""))
	done(s.db.ApproveReply(ctx, by(s.Office), ""))
	done(s.db.SignReply(ctx, by(s.Leader), ""))
	done(s.db.IssueReply(ctx, by(s.Office), "试验", casework.Date{}))
	v, err := s.db.ViewProposal(ctx, s.Office, id)
	done(p, err)
	for _, row := range v.ProposerRows {
		proposers = append(proposers, row.ID)
		done(s.db.RecordDelivery(ctx, by(s.Office), postgres.NewDelivery{ProposerID: row.ID, Channel: "hand"}))
	}
	reply, err := s.db.ViewReply(ctx, s.Office, id, 0)
	done(p, err)
	for _, organ := range []int64{s.Government, s.CPPCC} {
		done(s.db.SendCopy(ctx, by(s.Office), organ))
		done(p, s.db.DoSendCopy(ctx, postgres.SendCopyJob{ReplyID: reply.ID, OrganID: organ}))
	}
	return id, proposers
}

// feedback is how ListFeedback answers in JSON.
type feedback struct {
	Rounds []struct {
		Round     int
		Undecided bool
		Decision  struct{ Reason, DecidedBy string }
		Feedbacks []struct {
			Proposer, Delivered, Attitude, Result, Text, Channel, RecordedBy, RecorderOrgan, Day, Time string
			Mine, Given                                                                                bool
		}
	}
}

// TestFeedbackOverHTTP gives and lists feedback as each side does.
func TestFeedbackOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id, proposers := s.answered(t)
	version := func() int64 {
		v, err := s.db.ViewProposal(t.Context(), s.Admin, id)
		if err != nil {
			t.Fatal(err)
		}
		return v.Version
	}
	request := func(n int, more string) string {
		return fmt.Sprintf(`{"requestId": "00000000-0000-4000-8000-%012d", "proposalId": %d, "expectedVersion": %d, %s}`, n, id, version(), more)
	}
	own := request(1, `"round": 1, "attitude": "RATING_SATISFIED", "result": "RATING_DISSATISFIED", "text": "没有答到点上"`)
	for range 2 { // the same request twice is done once
		s.call(t, s.Delegate, "FeedbackService/GiveFeedback", own).into(t, &struct{}{})
	}
	again := s.call(t, s.Delegate, "FeedbackService/GiveFeedback", request(2, `"attitude": "RATING_SATISFIED", "result": "RATING_SATISFIED"`))
	if again.Code != "already_exists" || !strings.Contains(again.Message, "已有该提出人对本轮答复的反馈") {
		t.Errorf("a second answer: %s %q", again.Code, again.Message)
	}
	call := request(3, fmt.Sprintf(`"proposerId": %d, "channel": "FEEDBACK_CHANNEL_CALL", "day": "2026-03-02", "attitude": "RATING_BASICALLY", "result": "RATING_SATISFIED", "text": "好"`, proposers[1]))
	s.call(t, s.Office, "FeedbackService/GiveFeedback", call).into(t, &struct{}{})
	list := func(u casework.User) (f feedback) {
		t.Helper()
		s.call(t, u, "FeedbackService/ListFeedback", fmt.Sprintf(`{"proposalId": %d}`, id)).into(t, &f)
		return f
	}
	rows := list(s.Delegate).Rounds[0].Feedbacks
	if r := rows[0]; !r.Mine || !r.Given || r.Attitude != "RATING_SATISFIED" || r.Result != "RATING_DISSATISFIED" || r.Text != "没有答到点上" ||
		r.Channel != "FEEDBACK_CHANNEL_OWN" || r.RecordedBy != "delegate" || r.RecorderOrgan != "" || r.Delivered != "2026-03-02" || r.Day != "2026-03-02" || r.Time == "" {
		t.Errorf("the delegate's own feedback is %+v", r)
	}
	if r := rows[1]; r.Mine || r.Attitude != "RATING_BASICALLY" || r.Text != "" || r.Channel != "FEEDBACK_CHANNEL_CALL" || r.RecordedBy != "office" || r.RecorderOrgan != "某市试验委员会" {
		t.Errorf("the co-signer's feedback is shown to the delegate as %+v", r)
	}
	if round := list(s.Supervisor).Rounds[0]; !round.Undecided || round.Feedbacks[1].Text != "好" || round.Decision.Reason != "" {
		t.Errorf("the supervisor sees %+v", round)
	}
	s.call(t, s.CPPCCSupervisor, "ProposalService/DeclineRedo", request(4, `"reason": "不属本市事权"`)).into(t, &struct{}{})
	if round := list(s.Office).Rounds[0]; round.Undecided || round.Decision.Reason != "不属本市事权" || round.Decision.DecidedBy != "cppcc-supervisor" {
		t.Errorf("after the decision the office sees %+v", round)
	}
}

// What is wrong with feedback is said of the field and in Chinese.
func TestFeedbackRefusedOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id, proposers := s.answered(t)
	v, err := s.db.ViewProposal(t.Context(), s.Admin, id)
	if err != nil {
		t.Fatal(err)
	}
	rated := func(result, more string) string {
		return fmt.Sprintf(`{%s, "proposalId": %d, "expectedVersion": %d, "attitude": "RATING_SATISFIED", "result": "RATING_%s"%s}`, aRequest, id, v.Version, result, more)
	}
	collected := fmt.Sprintf(`, "proposerId": %d`, proposers[1])
	for _, tt := range []struct {
		user                 casework.User
		request              string
		code, field, message string
	}{
		{s.Delegate, rated("DISSATISFIED", ""), "invalid_argument", "text", "应写明具体意见"},
		{s.Delegate, rated("SATISFIED", `, "channel": "FEEDBACK_CHANNEL_CALL"`), "invalid_argument", "channel", "本人账号"},
		{s.Delegate, rated("SATISFIED", collected), "permission_denied", "", "无权"},
		{s.Office, rated("SATISFIED", collected), "invalid_argument", "channel", "走访、电话、座谈或书面"},
		{s.Office, rated("SATISFIED", `, "channel": "FEEDBACK_CHANNEL_CALL"`), "invalid_argument", "proposer_id", "本件的提出人"},
		{s.Office, rated("SATISFIED", collected+`, "channel": "FEEDBACK_CHANNEL_CALL", "day": "2026-03-01"`), "invalid_argument", "day", "送达之日（2026年3月2日）"},
		{s.Office, rated("SATISFIED", collected+`, "channel": "FEEDBACK_CHANNEL_CALL", "round": 2`), "invalid_argument", "round", "第1轮"},
		{s.NPCSupervisor, rated("SATISFIED", collected+`, "channel": "FEEDBACK_CHANNEL_CALL"`), "not_found", "", ""},
	} {
		before := s.rows(t)
		got := s.call(t, tt.user, "FeedbackService/GiveFeedback", tt.request)
		if got.Code != tt.code || got.refusal(t).Field != tt.field || !strings.Contains(got.Message, tt.message) {
			t.Errorf("%s %s: %s %q about %q, want %s about %q", tt.user.Name, tt.request, got.Code, got.Message, got.refusal(t).Field, tt.code, tt.field)
		}
		if after := s.rows(t); after != before {
			t.Errorf("%s changed the database", tt.request)
		}
	}
	none := s.call(t, s.Supervisor, "ProposalService/DeclineRedo", fmt.Sprintf(`{%s, "proposalId": %d, "expectedVersion": %d, "reason": "x"}`, aRequest, id, v.Version))
	if none.Code != "failed_precondition" || none.refusal(t).Reason != fuyanv1.Reason_REASON_NOT_ALLOWED || !strings.Contains(none.Message, "“办复”状态不能做“不予二次办理”（没有待决定的不满意反馈）") {
		t.Errorf("a refusal of nothing: %s %q", none.Code, none.Message)
	}
	empty := s.call(t, s.Supervisor, "ProposalService/DeclineRedo", fmt.Sprintf(`{%s, "proposalId": %d, "expectedVersion": %d}`, aRequest, id, v.Version))
	if empty.refusal(t).Field != "reason" {
		t.Errorf("a refusal without a reason: %s %q", empty.Code, empty.Message)
	}
}
