package web_test

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/server/web"
)

// TestEveryValueHasALabel keeps the tables in step with the contract.
func TestEveryValueHasALabel(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	check := func(e interface {
		protoreflect.Enum
		String() string
	}, label string,
	) {
		if e.Number() == 0 {
			return
		}
		if label == "" || strings.Contains(label, "_") {
			t.Errorf("%v has the label %q", e, label)
		}
		key := string(e.Descriptor().FullName()) + " " + label
		if other, ok := seen[key]; ok {
			t.Errorf("%v and %s have the same label %q", e, other, label)
		}
		seen[key] = e.String()
	}
	for n := range fuyanv1.State_name {
		check(fuyanv1.State(n), web.States.Of(fuyanv1.State(n)))
	}
	for n := range fuyanv1.Kind_name {
		check(fuyanv1.Kind(n), web.Kinds.Of(fuyanv1.Kind(n)))
	}
	for n := range fuyanv1.Role_name {
		check(fuyanv1.Role(n), web.Roles.Of(fuyanv1.Role(n)))
	}
	for n := range fuyanv1.Publicity_name {
		check(fuyanv1.Publicity(n), web.Publicities.Of(fuyanv1.Publicity(n)))
	}
	for n := range fuyanv1.CommitmentState_name {
		check(fuyanv1.CommitmentState(n), web.CommitmentStates.Of(fuyanv1.CommitmentState(n)))
	}
	for n := range fuyanv1.AssignmentRole_name {
		check(fuyanv1.AssignmentRole(n), web.Parts.Of(fuyanv1.AssignmentRole(n)))
	}
	for n := range fuyanv1.ImportState_name {
		check(fuyanv1.ImportState(n), web.ImportStates.Of(fuyanv1.ImportState(n)))
	}
	for n := range fuyanv1.ImportField_name {
		check(fuyanv1.ImportField(n), web.ImportFields.Of(fuyanv1.ImportField(n)))
	}
	for n := range fuyanv1.Oversight_name {
		check(fuyanv1.Oversight(n), web.Oversights.Of(fuyanv1.Oversight(n)))
	}
	for n := range fuyanv1.ContactChannel_name {
		check(fuyanv1.ContactChannel(n), web.ContactChannels.Of(fuyanv1.ContactChannel(n)))
	}
	for n := range fuyanv1.FeedbackChannel_name {
		check(fuyanv1.FeedbackChannel(n), web.FeedbackChannels.Of(fuyanv1.FeedbackChannel(n)))
	}
	for n := range fuyanv1.Rating_name {
		check(fuyanv1.Rating(n), web.Ratings.Of(fuyanv1.Rating(n)))
	}
	for n := range fuyanv1.DeliveryChannel_name {
		check(fuyanv1.DeliveryChannel(n), web.DeliveryChannels.Of(fuyanv1.DeliveryChannel(n)))
	}
	for n := range fuyanv1.DeadlineCause_name {
		check(fuyanv1.DeadlineCause(n), web.DeadlineCauses.Of(fuyanv1.DeadlineCause(n)))
	}
	for n := range fuyanv1.DayKind_name {
		check(fuyanv1.DayKind(n), web.DayKinds.Of(fuyanv1.DayKind(n)))
	}
	for n := range fuyanv1.Unit_name {
		check(fuyanv1.Unit(n), web.Units.Of(fuyanv1.Unit(n)))
	}
	for n := range fuyanv1.Mode_name {
		check(fuyanv1.Mode(n), web.Modes.Of(fuyanv1.Mode(n)))
	}
	for n := range fuyanv1.NoticeRole_name {
		check(fuyanv1.NoticeRole(n), web.NoticeRoles.Of(fuyanv1.NoticeRole(n)))
	}
	for n := range fuyanv1.NoticeChannel_name {
		check(fuyanv1.NoticeChannel(n), web.NoticeChannels.Of(fuyanv1.NoticeChannel(n)))
	}
	for n := range fuyanv1.NoticeDeliveryState_name {
		check(fuyanv1.NoticeDeliveryState(n), web.NoticeDeliveryStates.Of(fuyanv1.NoticeDeliveryState(n)))
	}
	for n := range fuyanv1.MailMode_name {
		check(fuyanv1.MailMode(n), web.MailModes.Of(fuyanv1.MailMode(n)))
	}
	for n := range fuyanv1.CommitmentGroup_name {
		check(fuyanv1.CommitmentGroup(n), web.CommitmentGroups.Of(fuyanv1.CommitmentGroup(n)))
	}
	for n := range fuyanv1.OverdueAge_name {
		check(fuyanv1.OverdueAge(n), web.OverdueAges.Of(fuyanv1.OverdueAge(n)))
	}
	for n := range fuyanv1.State_name {
		if n != 0 && web.Standings[fuyanv1.State(n)] == "" {
			t.Errorf("%v has no plain words", fuyanv1.State(n))
		}
	}
	for n := range fuyanv1.Decision_name {
		check(fuyanv1.Decision(n), web.Decisions.Of(fuyanv1.Decision(n)))
	}
}

func TestResultsAreCalledByKind(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind fuyanv1.Kind
		res  fuyanv1.Result
		want string
	}{
		{fuyanv1.Kind_KIND_CPPCC_PROPOSAL, fuyanv1.Result_RESULT_ADOPTED, "解决或采纳"},
		{fuyanv1.Kind_KIND_CPPCC_PROPOSAL, fuyanv1.Result_RESULT_PLANNED, "列入计划拟解决"},
		{fuyanv1.Kind_KIND_CPPCC_PROPOSAL, fuyanv1.Result_RESULT_REFERENCE, "留作参考"},
		{fuyanv1.Kind_KIND_NPC_SUGGESTION, fuyanv1.Result_RESULT_ADOPTED, "解决采纳"},
		{fuyanv1.Kind_KIND_NPC_SUGGESTION, fuyanv1.Result_RESULT_IN_PROGRESS, "正在解决"},
		{fuyanv1.Kind_KIND_NPC_SUGGESTION, fuyanv1.Result_RESULT_PLANNED, "计划解决"},
	} {
		s := drafting(t)
		s.view.Proposal.Kind, s.reply.Result = test.kind, test.res
		wantIn(t, "a reply with "+test.res.String(), s.get("/proposals/7"), "<dt>办理结果</dt><dd>"+test.want+"</dd>")
		wantIn(t, "a draft with "+test.res.String(), s.get("/proposals/7/draft"), `" selected>`+test.want+"</option>")
	}
	s := drafting(t)
	if strings.Contains(s.get("/proposals/7/draft").Body.String(), "正在解决") {
		t.Error("a 提案 is offered 正在解决")
	}
}

func TestSittingName(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]*fuyanv1.Sitting{
		"市政协十四届二次会议":   {Body: "市政协", Term: 14, Session: 2},
		"市十六届人大三次会议":   {Body: "市人大", Term: 16, Session: 3},
		"市政协十届十次会议":    {Body: "市政协", Term: 10, Session: 10},
		"市政协二十届二十一次会议": {Body: "市政协", Term: 20, Session: 21},
		"市二十二届人大闭会期间":  {Body: "市人大", Term: 22},
		"全国政协一届九次会议":   {Body: "全国政协", Term: 1, Session: 9},
		"市政协120届一次会议":  {Body: "市政协", Term: 120, Session: 1},
	} {
		if got := web.SittingName(s); got != want {
			t.Errorf("SittingName(%v) = %s; want %s", s, got, want)
		}
	}
}

// TestDaysUntilDue counts all days to a day that was agreed.
func TestDaysUntilDue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for day, want := range map[string]string{
		"2026-05-20": `soon"><time datetime="2026-05-20">2026年5月20日</time> <span class="left">今天到期`,
		"2026-05-21": `soon"><time datetime="2026-05-21">2026年5月21日</time> <span class="left">还有 1 天`,
		"2026-06-03": `soon"><time datetime="2026-06-03">2026年6月3日</time> <span class="left">还有 14 天`,
		"2026-06-04": `due "><time datetime="2026-06-04">2026年6月4日</time> <span class="left">还有 15 天`,
		"2026-05-19": `late"><time datetime="2026-05-19">2026年5月19日</time> <span class="left">逾期 1 天`,
		"2027-05-20": `due "><time datetime="2027-05-20">2027年5月20日</time> <span class="left">还有 365 天`,
		"soon":       `due "><time datetime="soon">soon</time></span>`,
		"":           `<span class="sub">文中：2026年12月底前</span>`,
	} {
		s.commitments[0].Due = day
		wantIn(t, "a promise due "+day, s.get("/commitments"), want)
	}
}

// TestWorkingDaysUntilDue shows the same count at the head of a proposal, in the
// list and at the deadline itself. 20 May 2026 is today.
func TestWorkingDaysUntilDue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, tt := range []struct {
		day         string
		left        int32
		provisional bool
		class, want string
	}{
		{"2026-05-20", 0, false, "soon", "今天到期"},
		{"2026-05-23", 0, false, "soon", "还有 0 个工作日"}, // only days off lie between
		{"2026-06-03", 10, false, "soon", "还有 10 个工作日"},
		{"2026-06-04", 11, false, "", "还有 11 个工作日"},
		{"2027-01-04", 156, true, "", "还有 156 个工作日（暂定）"},
		{"2026-05-19", -1, false, "late", "逾期 1 个工作日"},
		{"2026-05-17", 0, false, "late", "已逾期"}, // no working day has gone by
	} {
		p := s.view.Proposal
		p.State, p.ReplyDue, p.WorkingDaysLeft, p.LeftProvisional = fuyanv1.State_STATE_DRAFTING, tt.day, tt.left, tt.provisional
		s.list = []*fuyanv1.Proposal{p}
		s.view.Deadlines = []*fuyanv1.Deadline{{
			Id: 51, Rule: "REPLY", Name: "答复", Due: tt.day, FirstDue: tt.day, WorkingDaysLeft: tt.left, LeftProvisional: tt.provisional, Running: true,
		}}
		for path, n := range map[string]int{"/proposals/7": 2, "/proposals": 1, "/deadlines/51": 1, "/proposals/7/draft": 1} {
			shown := fmt.Sprintf(`<span class="due %s"><time datetime="%s">%s</time> <span class="left">%s</span>`, tt.class, tt.day, web.ChineseDay(tt.day), tt.want)
			if got := strings.Count(s.get(path).Body.String(), shown); got != n {
				t.Errorf("%s shows %s %d times, want %d", path, shown, got, n)
			}
		}
	}
}

// Nobody owes a feedback: past its day it is not late, it is not given.
func TestFeedbackIsNeverLate(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.view.Deadlines = []*fuyanv1.Deadline{{
		Id: 51, Rule: "FEEDBACK_WAIT", Name: "反馈", Due: "2026-05-11", FirstDue: "2026-05-11", WorkingDaysLeft: -7, Running: true,
	}}
	for _, path := range []string{"/proposals/7", "/deadlines/51"} {
		page := s.get(path).Body.String()
		if !strings.Contains(page, `<span class="left">已过，未反馈</span>`) || strings.Contains(page, "逾期 7 个工作日") {
			t.Errorf("%s shows a feedback that was not given as late", path)
		}
	}
}

// TestProvisionalDayIsMarkedOnce has a day that is provisional itself, and so is
// the count to it.
func TestProvisionalDayIsMarkedOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.view.Deadlines[3].LeftProvisional = true
	const shown = `<time datetime="2026-06-02">2026年6月2日</time> <span class="tag">暂定</span> <span class="left">还有 9 个工作日</span>`
	if got := strings.Count(s.get("/proposals/7").Body.String(), shown); got != 2 { // among the deadlines, and beside the reply
		t.Errorf("the day of publication is shown %d times as provisional, want 2", got)
	}
}

// A mail that was kept as a file has not been sent, and the page says so.
func TestMailsKeptAsFiles(t *testing.T) {
	t.Parallel()
	sent := fuyanv1.NoticeDeliveryState_NOTICE_DELIVERY_STATE_SENT
	for id, want := range map[string]string{"notice.7.1.eml": "已存为文件", "notice.7.1": "已发", "": "已发"} {
		if got := web.DeliveryState(&fuyanv1.NoticeDelivery{State: sent, MessageId: id}); got != want {
			t.Errorf("a mail sent as %q: %s, want %s", id, got, want)
		}
	}
}
