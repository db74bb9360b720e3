package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/testing/protocmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

const requestID = "0d3e6a5e-5d0c-4a3e-9c1f-1f2e3d4c5b6a"

// posts are every form with a way to fill it in, and the request that it is to
// send.
var posts = []struct {
	page   string // where the form stands
	rpc    string
	values url.Values
	want   proto.Message
}{
	{
		page: "/proposals/7", rpc: "AcceptProposal",
		values: url.Values{"signed_for": {"2026-05-19"}},
		want:   &fuyanv1.AcceptProposalRequest{SignedFor: "2026-05-19"},
	},
	{
		page: "/proposals/7", rpc: "RequestReturn",
		values: url.Values{"reason": {" 不属本单位 "}},
		want:   &fuyanv1.RequestReturnRequest{Reason: "不属本单位"},
	},
	{
		page: "/proposals/7", rpc: "DecideReturn",
		values: url.Values{"decision": {"DECISION_REFUSED"}, "reason": {"属本单位"}},
		want:   &fuyanv1.DecideReturnRequest{Decision: fuyanv1.Decision_DECISION_REFUSED, Reason: "属本单位"},
	},
	{
		page: "/proposals/7", rpc: "AssignProposal",
		values: url.Values{"handler_id": {"2"}},
		want:   &fuyanv1.AssignProposalRequest{HandlerId: 2},
	},
	{
		page: "/proposals/7", rpc: "RequestOpinion",
		values: url.Values{"organ_id": {"2"}, "question": {"一\r\n二"}},
		want:   &fuyanv1.RequestOpinionRequest{OrganId: 2, Question: "一\n二"},
	},
	{
		page: "/proposals/7", rpc: "SubmitOpinion",
		values: url.Values{"text": {"意见"}},
		want:   &fuyanv1.SubmitOpinionRequest{Text: "意见"},
	},
	{
		page: "/proposals/7", rpc: "RecordContact",
		values: url.Values{"proposer_id": {"22"}, "channel": {"CONTACT_CHANNEL_CALL"}, "day": {"2026-05-01"}, "summary": {"通话"}},
		want:   &fuyanv1.RecordContactRequest{ProposerId: 22, Channel: fuyanv1.ContactChannel_CONTACT_CHANNEL_CALL, Day: "2026-05-01", Summary: "通话"},
	},
	{
		page: "/proposals/7", rpc: "PauseDeadline",
		values: url.Values{"deadline_id": {"54"}, "reason": {"会办未复"}},
		want:   &fuyanv1.PauseDeadlineRequest{DeadlineId: 54, Reason: "会办未复"},
	},
	{
		page: "/proposals/7", rpc: "ResumeDeadline",
		values: url.Values{"deadline_id": {"55"}, "reason": {"已复"}},
		want:   &fuyanv1.ResumeDeadlineRequest{DeadlineId: 55, Reason: "已复"},
	},
	{
		page: "/proposals/7", rpc: "RequestExtension",
		values: url.Values{"until": {"2026-06-26"}, "reason": {"复杂"}},
		want:   &fuyanv1.RequestExtensionRequest{Until: "2026-06-26", Reason: "复杂"},
	},
	{
		page: "/proposals/7", rpc: "DecideExtension",
		values: url.Values{"decision": {"DECISION_GRANTED"}, "reason": {"可"}},
		want:   &fuyanv1.DecideExtensionRequest{Decision: fuyanv1.Decision_DECISION_GRANTED, Reason: "可"},
	},
	{
		page: "/proposals/7", rpc: "WithdrawProposal",
		values: url.Values{"reason": {"撤回"}, "sure": {"yes"}},
		want:   &fuyanv1.WithdrawProposalRequest{Reason: "撤回"},
	},
	{
		page: "/proposals/7", rpc: "RedoProposal",
		values: url.Values{"reason": {"不满意"}, "due": {"2026-07-01"}},
		want:   &fuyanv1.RedoProposalRequest{Reason: "不满意", Due: "2026-07-01"},
	},
	{
		page: "/proposals/7", rpc: "DeclineRedo",
		values: url.Values{"reason": {"超出事权"}, "sure": {"yes"}},
		want:   &fuyanv1.DeclineRedoRequest{Reason: "超出事权"},
	},
	{
		page: "/proposals/7", rpc: "GiveFeedback",
		values: url.Values{
			"round": {"1"}, "proposer_id": {"22"}, "channel": {"FEEDBACK_CHANNEL_CALL"}, "day": {"2026-05-19"},
			"attitude": {"RATING_SATISFIED"}, "result": {"RATING_DISSATISFIED"}, "text": {" 没有说清\r\n由谁来办 "},
		},
		want: &fuyanv1.GiveFeedbackRequest{
			Round: 1, ProposerId: 22, Channel: fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_CALL, Day: "2026-05-19",
			Attitude: fuyanv1.Rating_RATING_SATISFIED, Result: fuyanv1.Rating_RATING_DISSATISFIED, Text: "没有说清\n由谁来办",
		},
	},
	{
		page: "/proposals/7", rpc: "GiveOwnFeedback",
		values: url.Values{"round": {"1"}, "attitude": {"RATING_BASICALLY"}, "result": {"RATING_SATISFIED"}, "text": {"谢谢"}},
		want: &fuyanv1.GiveFeedbackRequest{
			Round: 1, Attitude: fuyanv1.Rating_RATING_BASICALLY, Result: fuyanv1.Rating_RATING_SATISFIED, Text: "谢谢",
		},
	},
	{
		page: "/proposals/7", rpc: "CloseProposal",
		values: url.Values{"note": {"备注"}, "sure": {"yes"}},
		want:   &fuyanv1.CloseProposalRequest{Note: "备注"},
	},
	{
		page: "/proposals/7", rpc: "SubmitReply",
		values: url.Values{},
		want:   &fuyanv1.SubmitReplyRequest{},
	},
	{
		page: "/proposals/7", rpc: "ApproveReply",
		values: url.Values{"comment": {"同意"}},
		want:   &fuyanv1.ApproveReplyRequest{Comment: "同意"},
	},
	{
		page: "/proposals/7", rpc: "SendBackReply",
		values: url.Values{"comment": {"重写"}},
		want:   &fuyanv1.SendBackReplyRequest{Comment: "重写"},
	},
	{
		page: "/proposals/7", rpc: "SignReply",
		values: url.Values{"comment": {"发"}},
		want:   &fuyanv1.SignReplyRequest{Comment: "发"},
	},
	{
		page: "/proposals/7", rpc: "IssueReply",
		values: url.Values{"issue_date": {"2026-05-20"}, "override_reason": {"急"}, "sure": {"yes"}},
		want:   &fuyanv1.IssueReplyRequest{IssueDate: "2026-05-20", OverrideReason: "急"},
	},
	{
		page: "/proposals/7", rpc: "CorrectLetter",
		values: url.Values{"text": {"\n全文\r\n"}, "reason": {"笔误"}, "sure": {"yes"}},
		want:   &fuyanv1.CorrectLetterRequest{Text: "\n全文\n", Reason: "笔误"},
	},
	{
		page: "/proposals/7", rpc: "RecordDelivery",
		values: url.Values{"proposer_id": {"22"}, "channel": {"DELIVERY_CHANNEL_HAND"}, "day": {"2026-05-20"}, "proof": {"本人签收"}},
		want:   &fuyanv1.RecordDeliveryRequest{ProposerId: 22, Channel: fuyanv1.DeliveryChannel_DELIVERY_CHANNEL_HAND, Day: "2026-05-20", Proof: "本人签收"},
	},
	{
		page: "/proposals/7", rpc: "SendCopy",
		values: url.Values{"organ_id": {"9"}},
		want:   &fuyanv1.SendCopyRequest{OrganId: 9},
	},
	{
		page: "/proposals/7", rpc: "AcknowledgeCopy",
		values: url.Values{},
		want:   &fuyanv1.AcknowledgeCopyRequest{},
	},
	{
		page: "/proposals/7", rpc: "PublishReply",
		values: url.Values{},
		want:   &fuyanv1.PublishReplyRequest{},
	},
	{
		page: "/proposals/7", rpc: "TakeDownReply",
		values: url.Values{"reason": {"涉密"}, "sure": {"yes"}},
		want:   &fuyanv1.TakeDownReplyRequest{Reason: "涉密"},
	},
	{
		page: "/commitments/41", rpc: "ConfirmCommitment",
		values: url.Values{"owner_id": {"2"}, "due": {"2026-12-31"}, "deliverable": {"方案"}, "criterion": {"印发"}},
		want:   &fuyanv1.ConfirmCommitmentRequest{OwnerId: 2, Due: "2026-12-31", Deliverable: "方案", Criterion: "印发"},
	},
	{
		page: "/commitments/41", rpc: "WaiveCommitment",
		values: url.Values{"reason": {"非承诺"}, "sure": {"yes"}},
		want:   &fuyanv1.WaiveCommitmentRequest{Reason: "非承诺"},
	},
	{
		page: "/commitments/41", rpc: "ReportProgress",
		values: url.Values{"file_ids": {"12/现场.png", "13/批文.pdf，提出人可以查看"}, "public": {"yes"}, "text": {"过半"}, "day": {"2026-05-20"}},
		want:   &fuyanv1.ReportProgressRequest{FileIds: []int64{12, 13}, Text: "过半", Day: "2026-05-20"},
	},
	{
		page: "/commitments/41", rpc: "ReportDone",
		values: url.Values{"file_ids": {"12/现场.png", "13/批文.pdf，提出人可以查看"}, "public": {"yes"}, "evidence": {"文件"}, "day": {"2026-05-20"}},
		want:   &fuyanv1.ReportDoneRequest{FileIds: []int64{12, 13}, Evidence: "文件", Day: "2026-05-20"},
	},
	{
		page: "/commitments/41", rpc: "VerifyCommitment",
		values: url.Values{"accepted": {"yes"}, "comment": {"属实"}, "told_day": {"2026-05-20"}, "told_how": {"电话"}},
		want:   &fuyanv1.VerifyCommitmentRequest{Accepted: true, Comment: "属实", ToldDay: "2026-05-20", ToldHow: "电话"},
	},
	{
		page: "/commitments/41", rpc: "ChangeDueDay",
		values: url.Values{"due": {"2027-01-31"}, "reason": {"顺延"}, "agreed_by": {"吴主任"}},
		want:   &fuyanv1.ChangeDueDayRequest{Due: "2027-01-31", Reason: "顺延", AgreedBy: "吴主任"},
	},
	{
		page: "/commitments/41", rpc: "DropCommitment",
		values: url.Values{"file_ids": {"12/现场.png", "13/批文.pdf，提出人可以查看"}, "public": {"yes"}, "report": {"无法实施"}, "signed_by": {"吴主任"}, "signed_day": {"2026-05-20"}, "sure": {"yes"}},
		want:   &fuyanv1.DropCommitmentRequest{FileIds: []int64{12, 13}, Report: "无法实施", SignedBy: "吴主任", SignedDay: "2026-05-20"},
	},
	{
		page: "/commitments/41", rpc: "ReopenCommitment",
		values: url.Values{"reason": {"反弹"}, "due": {"2027-01-31"}},
		want:   &fuyanv1.ReopenCommitmentRequest{Reason: "反弹", Due: "2027-01-31"},
	},
	{
		page: "/commitments/41", rpc: "UrgeCommitment",
		values: url.Values{"text": {"请加快"}, "answer_by": {"2026-06-01"}},
		want:   &fuyanv1.UrgeCommitmentRequest{Text: "请加快", AnswerBy: "2026-06-01"},
	},
	{
		page: "/commitments/41", rpc: "ReceiveUrge",
		values: url.Values{},
		want:   &fuyanv1.ReceiveUrgeRequest{},
	},
	{
		page: "/commitments/41", rpc: "AnswerUrge",
		values: url.Values{"urge_id": {"5"}, "text": {"已在招标"}},
		want:   &fuyanv1.AnswerUrgeRequest{UrgeId: 5, Text: "已在招标"},
	},
	{
		page: "/commitments/41", rpc: "ReassignCommitment",
		values: url.Values{"owner_id": {"2"}, "reason": {"调岗"}},
		want:   &fuyanv1.ReassignCommitmentRequest{OwnerId: 2, Reason: "调岗"},
	},
	{
		page: "/commitments/41", rpc: "AcceptCommitment",
		values: url.Values{"accepted": {"no"}, "reason": {"不在职责内"}},
		want:   &fuyanv1.AcceptCommitmentRequest{Reason: "不在职责内"},
	},
	{
		page: "/commitments/41", rpc: "AnswerKeeping",
		values: url.Values{"proposer_id": {"21"}, "kept": {"no"}, "text": {"并未开放"}, "channel": {"FEEDBACK_CHANNEL_CALL"}},
		want:   &fuyanv1.AnswerKeepingRequest{ProposerId: 21, Text: "并未开放", Channel: fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_CALL},
	},
	{
		page: "/commitments/41", rpc: "UpholdCommitment",
		values: url.Values{"reason": {"已实地核查"}},
		want:   &fuyanv1.UpholdCommitmentRequest{Reason: "已实地核查"},
	},
	{
		page: "/proposals/7/draft", rpc: "PlanPromise",
		values: url.Values{"text": {"将建设实训基地。"}, "owner_id": {"2"}, "due": {"2026-12-31"}, "deliverable": {"基地"}, "criterion": {"开放"}},
		want:   &fuyanv1.PlanPromiseRequest{Text: "将建设实训基地。", OwnerId: 2, Due: "2026-12-31", Deliverable: "基地", Criterion: "开放"},
	},
	{
		page: "/proposals/7/draft", rpc: "WaivePromise",
		values: url.Values{"text": {"将继续努力。"}, "reason": {"一般表态"}},
		want:   &fuyanv1.WaivePromiseRequest{Text: "将继续努力。", Reason: "一般表态"},
	},
	{
		page: "/proposals/7", rpc: "ExplainTermEnd",
		values: url.Values{"text": {"因故未成"}, "signed_by": {"吴主任"}, "told_day": {"2026-05-20"}, "told_how": {"书面"}},
		want:   &fuyanv1.ExplainTermEndRequest{Text: "因故未成", SignedBy: "吴主任", ToldDay: "2026-05-20", ToldHow: "书面"},
	},
	{
		page: "/terms", rpc: "EndTerm",
		values: url.Values{"body": {"市政协"}, "term": {"14"}, "ended": {"2026-05-20"}, "sure": {"yes"}},
		want:   &fuyanv1.EndTermRequest{Body: "市政协", Term: 14, Ended: "2026-05-20"},
	},
	{
		page: "/account", rpc: "ChangePassword",
		values: url.Values{"old_password": {" a "}, "new_password": {"0123456789 "}},
		want:   &fuyanv1.ChangePasswordRequest{OldPassword: " a ", NewPassword: "0123456789 "},
	},
	{
		page: "/account", rpc: "RevokeToken",
		values: url.Values{"token_id": {"5"}, "sure": {"yes"}},
		want:   &fuyanv1.RevokeTokenRequest{TokenId: 5},
	},
	{
		page: "/users", rpc: "CreateUser",
		values: url.Values{"name": {"zhaoyi"}, "display_name": {"赵毅"}, "password": {"0123456789"}, "organ_id": {"1"}, "division_id": {"3"}, "roles": {"ROLE_OFFICE", "ROLE_HANDLER"}},
		want:   &fuyanv1.CreateUserRequest{Name: "zhaoyi", DisplayName: "赵毅", Password: "0123456789", OrganId: 1, DivisionId: 3, Roles: []fuyanv1.Role{fuyanv1.Role_ROLE_OFFICE, fuyanv1.Role_ROLE_HANDLER}},
	},
	{
		page: "/users", rpc: "SetRoles",
		values: url.Values{"user_id": {"4"}, "roles": {"ROLE_REVIEWER"}, "disabled": {"yes"}, "sure": {"yes"}},
		want:   &fuyanv1.SetRolesRequest{UserId: 4, Roles: []fuyanv1.Role{fuyanv1.Role_ROLE_REVIEWER}, Disabled: true},
	},
	{
		page: "/organs", rpc: "SaveOrgan",
		values: url.Values{"organ.id": {"1"}, "organ.name": {"上海市科学技术委员会"}, "organ.short_name": {"市科委"}, "organ.office_name": {"上海市科委办公室"}, "organ.oversight": {"OVERSIGHT_UNSPECIFIED"}, "organ.cppcc_prefix": {"沪科提复"}, "organ.npc_prefix": {"沪科建复"}, "organ.divisions": {"服务业处 #3\r\n\r\n人才处"}},
		want:   &fuyanv1.SaveOrganRequest{Organ: &fuyanv1.Organ{Id: 1, Name: "上海市科学技术委员会", ShortName: "市科委", OfficeName: "上海市科委办公室", CppccPrefix: "沪科提复", NpcPrefix: "沪科建复", Divisions: []*fuyanv1.Division{{Id: 3, Name: "服务业处"}, {Name: "人才处"}}}},
	},
	{
		page: "/organs", rpc: "MergeDivision",
		values: url.Values{"division_id": {"3"}, "into_id": {"4"}, "sure": {"yes"}},
		want:   &fuyanv1.MergeDivisionRequest{DivisionId: 3, IntoId: 4},
	},
	{
		page: "/organs", rpc: "VoidNumber",
		values: url.Values{"organ_id": {"1"}, "kind": {"KIND_NPC_SUGGESTION"}, "year": {"2026"}, "reason": {"打印作废"}, "sure": {"yes"}},
		want:   &fuyanv1.VoidNumberRequest{OrganId: 1, Kind: fuyanv1.Kind_KIND_NPC_SUGGESTION, Year: 2026, Reason: "打印作废"},
	},
}

// set writes what every form sends of itself into the request that is wanted.
func set(m proto.Message) proto.Message {
	m = proto.Clone(m)
	r := m.ProtoReflect()
	for name, n := range map[string]int64{"expected_version": 12, "proposal_id": 7, "commitment_id": 41} {
		if f := r.Descriptor().Fields().ByName(protoreflect.Name(name)); f != nil {
			r.Set(f, protoreflect.ValueOfInt64(n))
		}
	}
	r.Set(r.Descriptor().Fields().ByName("request_id"), protoreflect.ValueOfString(requestID))
	return m
}

func TestEveryFormSendsItsRequest(t *testing.T) {
	t.Parallel()
	for _, post := range posts {
		s := newSite(t)
		values := url.Values{"request_id": {requestID}, "expected_version": {"12"}}
		for name, v := range post.values {
			values[name] = v
		}
		call := fmt.Sprintf("POST %s/%s", post.page, post.rpc)
		w := s.post(post.page+"/"+post.rpc, values)
		wantStatus(t, call, w, http.StatusSeeOther)
		if got, want := w.Header().Get("Location"), post.page+"?done="+post.rpc; got != want {
			t.Errorf("%s leads to %s; want %s", call, got, want)
		}
		got := s.requests[len(s.requests)-1]
		if diff := cmp.Diff(set(post.want), got, protocmp.Transform()); diff != "" {
			t.Errorf("%s sent (-want +got):\n%s", call, diff)
		}
		s.requests = nil
		if done := s.get(w.Header().Get("Location")); !strings.Contains(done.Body.String(), `role="status"`) {
			t.Errorf("%s: the page afterwards does not say that it is done", call)
		}
	}
}

// TestEveryFormHasItsFields asks for each field of each request in the form that
// the page shows.
func TestEveryFormHasItsFields(t *testing.T) {
	t.Parallel()
	for _, post := range posts {
		s := newSite(t)
		s.view.Moves = []*fuyanv1.Move{{Rpc: post.rpc, Label: "办"}}
		s.commitment.Moves = []*fuyanv1.CommitmentMove{{Rpc: post.rpc, Label: "办"}}
		fields := formIn(t, s.get(post.page).Body.String(), post.page+"/"+post.rpc)
		for name, values := range post.values {
			if fields[name] == nil {
				t.Errorf("the form of %s has no field %s", post.rpc, name)
			}
			if options := fields[name]; len(options) > 0 && !slices.Contains(options, values[0]) {
				t.Errorf("field %s of %s offers %q; want %q among them", name, post.rpc, options, values[0])
			}
		}
		for name := range fields {
			if _, ok := post.values[name]; !ok && name != "request_id" && name != "expected_version" && name != "form" {
				t.Errorf("the form of %s has a field %s that no test fills", post.rpc, name)
			}
		}
	}
}

var (
	names   = regexp.MustCompile(`<(?:input|select|textarea)[^>]* name="([^"]+)"`)
	options = regexp.MustCompile(`(?s)<select[^>]* name="([^"]+)".*?</select>`)
	offered = regexp.MustCompile(`<option value="([^"]+)"`)
)

// formIn returns the fields of the form with this action, and what a select
// among them offers.
func formIn(t *testing.T, page, action string) map[string][]string {
	t.Helper()
	_, form, found := strings.Cut(page, `action="`+action+`"`)
	if !found {
		t.Fatalf("no form for %s in\n%s", action, page)
	}
	form, _, _ = strings.Cut(form, "</form>")
	fields := map[string][]string{}
	for _, m := range names.FindAllStringSubmatch(form, -1) {
		fields[m[1]] = []string{}
	}
	for _, m := range options.FindAllStringSubmatch(form, -1) {
		for _, o := range offered.FindAllStringSubmatch(m[0], -1) {
			fields[m[1]] = append(fields[m[1]], html.UnescapeString(o[1]))
		}
	}
	return fields
}

var uuid = regexp.MustCompile(`name="request_id" value="([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"`)

func TestRequestIDsAreFreshUUIDs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seen := map[string]bool{}
	for range 2 {
		found := uuid.FindAllStringSubmatch(s.get("/proposals/7").Body.String(), -1)
		if len(found) != len(s.view.Moves) {
			t.Errorf("page has %d request ids; want one for each of %d moves", len(found), len(s.view.Moves))
		}
		for _, m := range found {
			if seen[m[1]] {
				t.Errorf("request id %s is used twice", m[1])
			}
			seen[m[1]] = true
		}
	}
}

func TestRefusedFormsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code    connect.Code
		field   string
		status  int
		heading string
	}{
		{connect.CodeInvalidArgument, "day", http.StatusBadRequest, "有一处需要改正"},
		{connect.CodeFailedPrecondition, "", http.StatusConflict, "现在不能这样办"},
		{connect.CodeAborted, "", http.StatusConflict, "别人改动过"},
		{connect.CodeAlreadyExists, "", http.StatusConflict, "已经有了"},
	} {
		s := newSite(t)
		s.fail["RecordDelivery"] = refused(test.code, "送达日期 <不对>。", &fuyanv1.Refusal{Field: test.field})
		w := s.post("/proposals/7/RecordDelivery", url.Values{
			"request_id": {requestID}, "expected_version": {"11"},
			"proposer_id": {"22"}, "channel": {"DELIVERY_CHANNEL_HAND"}, "day": {"2026-05-01"}, "proof": {`"签收" <人>`},
		})
		call := fmt.Sprintf("a form refused with %v", test.code)
		wantStatus(t, call, w, test.status)
		wantIn(t, call, w, test.heading, "送达日期 &lt;不对&gt;。",
			`<option value="22" selected>`, `<option value="DELIVERY_CHANNEL_HAND" selected>`, `value="2026-05-01"`,
			`value="&#34;签收&#34; &lt;人&gt;"`, `id="RecordDelivery" open`, `name="expected_version" value="12"`)
		if marked := strings.Contains(w.Body.String(), `aria-invalid="true"`); marked != (test.field != "") {
			t.Errorf("%s: field marked as wrong: %v; want %v", call, marked, test.field != "")
		}
		if strings.Contains(w.Body.String(), requestID) {
			t.Errorf("%s comes back with the request id that was used", call)
		}
	}
}

// TestLostMoveKeepsWhatWasTyped refuses a move that the page offers no more.
func TestLostMoveKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fail["SendBackReply"] = refused(connect.CodeFailedPrecondition, "已经签发。", &fuyanv1.Refusal{})
	w := s.post("/proposals/7/SendBackReply", url.Values{"comment": {"一段很长的意见"}})
	wantStatus(t, "a move that is offered no more", w, http.StatusConflict)
	wantIn(t, "a move that is offered no more", w, "已经签发。", "一段很长的意见")
}

func TestForbiddenMoves(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fail["SignReply"] = connect.NewError(connect.CodePermissionDenied, "not yours")
	wantStatus(t, "a move that is forbidden", s.post("/proposals/7/SignReply", nil), http.StatusForbidden)
	s.fail["SignReply"] = connect.NewError(connect.CodeInternal, "boom")
	wantStatus(t, "a move that breaks", s.post("/proposals/7/SignReply", nil), http.StatusInternalServerError)
}

func TestNumbersThatAreNone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.post("/proposals/7/AssignProposal", url.Values{"handler_id": {"7 or 1=1"}})
	if got := sent[*fuyanv1.AssignProposalRequest](s.service).HandlerId; got != -1 {
		t.Errorf("a handler that is no number is sent as %d; want -1, which is refused", got)
	}
}

// TestWhatCannotBeUndoneAsks: without the confirmation nothing is sent, and what
// was typed is kept.
func TestWhatCannotBeUndoneAsks(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, post := range posts {
		if post.values["sure"] == nil {
			continue
		}
		asked++
		s := newSite(t)
		s.view.Moves = []*fuyanv1.Move{{Rpc: post.rpc, Label: "办"}}
		s.commitment.Moves = []*fuyanv1.CommitmentMove{{Rpc: post.rpc, Label: "办"}}
		values := url.Values{"request_id": {requestID}, "expected_version": {"12"}}
		for name, v := range post.values {
			if name != "sure" {
				values[name] = v
			}
		}
		call := fmt.Sprintf("POST %s/%s without confirmation", post.page, post.rpc)
		w := s.post(post.page+"/"+post.rpc, values)
		wantStatus(t, call, w, http.StatusBadRequest)
		if post.rpc != "SetRoles" { // whose page has a form for each user
			wantIn(t, call, w, "请先确认", "请核对后勾选确认")
		}
		for _, m := range s.requests {
			if reflect.TypeOf(m) == reflect.TypeOf(post.want) {
				t.Errorf("%s was sent", call)
			}
		}
	}
	if asked < 12 {
		t.Errorf("%d forms ask, want 12 or more", asked)
	}
	s := newSite(t)
	w := s.post("/users/SetRoles", url.Values{"form": {"SetRoles-4"}, "user_id": {"4"}, "roles": {"ROLE_ADMIN"}})
	wantStatus(t, "roles of somebody who is not disabled", w, http.StatusSeeOther)
}
