package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// notices are three: one unread whose mail failed, one read, one of a promise.
func notices() []*fuyanv1.Notice {
	at := timestamppb.New(now().Add(-time.Hour))
	return []*fuyanv1.Notice{
		{
			Id: 93, Subject: "【催办】提案第0670号答复期限还剩3个工作日（5月25日到期）", Time: at, ProposalId: 7, Due: "2026-05-25",
			Text: "提案第0670号“关于试办的提案”：答复期限为2026年5月25日，还剩3个工作日。\n此前已告知：经办人许亦舟（2次，最近一次5月18日）。",
			Deliveries: []*fuyanv1.NoticeDelivery{
				{
					Channel: fuyanv1.NoticeChannel_NOTICE_CHANNEL_MAIL, State: fuyanv1.NoticeDeliveryState_NOTICE_DELIVERY_STATE_FAILED,
					Attempts: 1, Error: "550 no such user",
				},
				{
					Channel: fuyanv1.NoticeChannel_NOTICE_CHANNEL_WEBHOOK, State: fuyanv1.NoticeDeliveryState_NOTICE_DELIVERY_STATE_SENT,
					Attempts: 1, SentTime: at, MessageId: "notice.93.1",
				},
			},
		},
		{Id: 92, Subject: "【分办】提案第0670号已交您办理", Text: "周岚：分办", Time: at, ReadTime: at, ProposalId: 7},
		{Id: 91, Subject: "【催办】督办单位催办提案第0670号的一项承诺", Text: "韩松：催办", Time: at, ProposalId: 7, CommitmentId: 41},
	}
}

func upcoming() []*fuyanv1.UpcomingDeadline {
	return []*fuyanv1.UpcomingDeadline{{
		ProposalId: 7, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Number: "0670", Title: "关于试办的提案", Code: "REPLY", Due: "2026-05-25",
		Notices: []*fuyanv1.UpcomingNotice{
			{Time: timestamppb.New(now().AddDate(0, 0, 2)), Days: -1, To: []*fuyanv1.UpcomingPerson{
				{Name: "许亦舟", Role: fuyanv1.NoticeRole_NOTICE_ROLE_HANDLER}, {Name: "程砚", Role: fuyanv1.NoticeRole_NOTICE_ROLE_HEAD},
			}},
			{Time: timestamppb.New(now().AddDate(0, 0, 5)), Days: 0},
		},
	}}
}

func ladders() []*fuyanv1.Ladder {
	return []*fuyanv1.Ladder{
		{Code: "REPLY", Every: 5, Own: true, Version: 4, Rungs: []*fuyanv1.Rung{
			{Days: -3, Tells: []fuyanv1.NoticeRole{fuyanv1.NoticeRole_NOTICE_ROLE_HANDLER}},
			{Days: 0, Tells: []fuyanv1.NoticeRole{fuyanv1.NoticeRole_NOTICE_ROLE_HANDLER, fuyanv1.NoticeRole_NOTICE_ROLE_OFFICE}},
		}},
		{Code: "FEEDBACK_WAIT", Rungs: []*fuyanv1.Rung{{Days: -1, Tells: []fuyanv1.NoticeRole{fuyanv1.NoticeRole_NOTICE_ROLE_PROPOSER}}}},
	}
}

func (s *service) ListNotices(context.Context, *fuyanv1.ListNoticesRequest) (*fuyanv1.ListNoticesResponse, error) {
	return &fuyanv1.ListNoticesResponse{Notices: notices(), NextPageToken: s.next}, nil
}

func (s *service) ListUpcomingNotices(context.Context, *fuyanv1.ListUpcomingNoticesRequest) (*fuyanv1.ListUpcomingNoticesResponse, error) {
	return &fuyanv1.ListUpcomingNoticesResponse{Deadlines: upcoming()}, nil
}

func (s *service) GetLadders(context.Context, *fuyanv1.GetLaddersRequest) (*fuyanv1.GetLaddersResponse, error) {
	return &fuyanv1.GetLaddersResponse{Ladders: ladders()}, nil
}

func (s *service) GetNoticeSettings(context.Context, *fuyanv1.GetNoticeSettingsRequest) (*fuyanv1.GetNoticeSettingsResponse, error) {
	return &fuyanv1.GetNoticeSettingsResponse{Settings: &fuyanv1.NoticeSettings{
		Version: 2, Mail: "clerk@example.cn", MailMode: fuyanv1.MailMode_MAIL_MODE_DIGEST,
	}}, nil
}

func (s *service) SaveNoticeSettings(_ context.Context, req *fuyanv1.SaveNoticeSettingsRequest) (*fuyanv1.SaveNoticeSettingsResponse, error) {
	return &fuyanv1.SaveNoticeSettingsResponse{Settings: req.Settings, WebhookSecret: "whsec_made"}, nil
}

// TestInboxShowsHowNoticesWentOut: what failed is on the notice, and each leads
// to what it is about.
func TestInboxShowsHowNoticesWentOut(t *testing.T) {
	t.Parallel()
	w := newSite(t).get("/notices")
	wantIn(t, "the inbox", w, `<a href="/proposals/7">【催办】`, `<a href="/commitments/41">`,
		"没有送出（试过 1 次，550 no such user）", "网络推送已发", "此前已告知：经办人许亦舟", "全部标为已读", `href="/notices/upcoming"`)
	if n := strings.Count(w.Body.String(), ">标为已读<"); n != 2 {
		t.Errorf("%d notices can be marked read; want the 2 unread ones", n)
	}
}

func TestMarkingRead(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, test := range []struct {
		values url.Values
		want   *fuyanv1.MarkNoticeReadRequest
	}{
		{url.Values{"notice_id": {"93"}, "and_before": {""}}, &fuyanv1.MarkNoticeReadRequest{NoticeId: 93}},
		{url.Values{"notice_id": {"93"}, "and_before": {"yes"}}, &fuyanv1.MarkNoticeReadRequest{NoticeId: 93, AndBefore: true}},
	} {
		w := s.post("/notices/MarkNoticeRead", test.values)
		wantStatus(t, "POST /notices/MarkNoticeRead", w, http.StatusSeeOther)
		if diff := cmp.Diff(test.want, sent[*fuyanv1.MarkNoticeReadRequest](s.service), protocmp.Transform()); diff != "" {
			t.Errorf("POST /notices/MarkNoticeRead sent (-want +got):\n%s", diff)
		}
	}
}

// TestUnreadIsOnEveryPage: the number stands beside the link, on pages that have
// nothing to do with notices too.
func TestUnreadIsOnEveryPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for n, want := range map[int32]string{3: ">3<span", 100: ">99&#43;<span"} {
		s.unread = n
		wantIn(t, "a page", s.get("/proposals"), want)
	}
	s.unread = 0
	if strings.Contains(s.get("/proposals").Body.String(), "badge") {
		t.Error("a page counts no unread notices")
	}
}

func TestUpcomingNamesWhoIsTold(t *testing.T) {
	t.Parallel()
	wantIn(t, "the upcoming notices", newSite(t).get("/notices/upcoming"),
		"到期前 1 个工作日", "许亦舟（经办人）、程砚（处室负责人）", "到期日", "没有可以告知的人", "提案第0670号")
}

// TestLaddersAreLines: a ladder is shown line by line and read so again.
func TestLaddersAreLines(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	wantIn(t, "the ladders", s.get("/ladders"), "-3 经办人\n0 经办人、办公室</textarea>", "此后每 5 个工作日", "本单位另定", `name="expected_version" value="4"`)
	w := s.post("/ladders/SaveLadder", url.Values{
		"request_id": {requestID}, "expected_version": {"4"}, "ladder.code": {"REPLY"}, "ladder.every": {"3"},
		"ladder.rungs": {"-2 经办人、处室负责人\n\n 1 督办单位"},
	})
	wantStatus(t, "POST /ladders/SaveLadder", w, http.StatusSeeOther)
	want := &fuyanv1.SaveLadderRequest{RequestId: requestID, ExpectedVersion: 4, Ladder: &fuyanv1.Ladder{
		Code: "REPLY", Every: 3, Rungs: []*fuyanv1.Rung{
			{Days: -2, Tells: []fuyanv1.NoticeRole{fuyanv1.NoticeRole_NOTICE_ROLE_HANDLER, fuyanv1.NoticeRole_NOTICE_ROLE_HEAD}},
			{Days: 1, Tells: []fuyanv1.NoticeRole{fuyanv1.NoticeRole_NOTICE_ROLE_OVERSIGHT}},
		},
	}}
	if diff := cmp.Diff(want, sent[*fuyanv1.SaveLadderRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("POST /ladders/SaveLadder sent (-want +got):\n%s", diff)
	}

	s.fail["SaveLadder"] = refused(connect.CodeInvalidArgument, "应在上一级之后。", &fuyanv1.Refusal{Field: "ladder.rungs[1].days"})
	w = s.post("/ladders/SaveLadder", url.Values{"form": {"SaveLadder-REPLY"}, "ladder.code": {"REPLY"}, "ladder.rungs": {"明天 老王"}})
	wantStatus(t, "a ladder refused", w, http.StatusBadRequest)
	wantIn(t, "a ladder refused", w, `<strong class="error">应在上一级之后。</strong>`, "明天 老王</textarea>")
	if got := sent[*fuyanv1.SaveLadderRequest](s.service).Ladder.Rungs[0]; got.Days <= 60 || got.Tells[0] != 0 {
		t.Errorf("what cannot be read was sent as %v; want something that is refused", got)
	}
}

func TestNoticeSettings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	wantIn(t, "the account", s.get("/account"), `value="clerk@example.cn"`, `value="MAIL_MODE_DIGEST" selected`)
	w := s.post("/account/SaveNoticeSettings", url.Values{
		"request_id": {requestID}, "expected_version": {"2"}, "settings.mail": {"new@example.cn"},
		"settings.mail_mode": {"MAIL_MODE_AT_ONCE"}, "settings.webhook_url": {"https://example.cn/hook"},
	})
	wantStatus(t, "POST /account/SaveNoticeSettings", w, http.StatusOK)
	wantIn(t, "POST /account/SaveNoticeSettings", w, "<code>whsec_made</code>", "接收方式已保存")
	want := &fuyanv1.SaveNoticeSettingsRequest{RequestId: requestID, ExpectedVersion: 2, Settings: &fuyanv1.NoticeSettings{
		Mail: "new@example.cn", MailMode: fuyanv1.MailMode_MAIL_MODE_AT_ONCE, WebhookUrl: "https://example.cn/hook",
	}}
	if diff := cmp.Diff(want, sent[*fuyanv1.SaveNoticeSettingsRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("POST /account/SaveNoticeSettings sent (-want +got):\n%s", diff)
	}
	s.fail["SaveNoticeSettings"] = refused(connect.CodeInvalidArgument, "要收邮件，应填邮件地址。", &fuyanv1.Refusal{Field: "settings.mail"})
	w = s.post("/account/SaveNoticeSettings", url.Values{"settings.mail_mode": {"MAIL_MODE_AT_ONCE"}})
	wantStatus(t, "settings refused", w, http.StatusBadRequest)
	wantIn(t, "settings refused", w, "要收邮件，应填邮件地址。")
}
