package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// TestFormsBegin looks at what a form holds before anything is typed.
func TestFormsBegin(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		page, rpc, want string
	}{
		{"/proposals/7", "AcceptProposal", `name="signed_for" value="2026-05-20"`},
		{"/proposals/7", "RecordContact", `name="day" required value="2026-05-20"`},
		{"/proposals/7", "IssueReply", `name="issue_date" value="2026-05-20"`},
		{"/proposals/7", "RequestExtension", `name="until" required value=""`},
		{"/proposals/7", "CorrectLetter", "rows=\"24\">\n" + letter + "</textarea>"},
		{"/proposals/7", "WithdrawProposal", `name="sure" value="yes" required`},
		{"/commitments/41", "ConfirmCommitment", `name="due" required value="2026-12-31"`},
		{"/commitments/41", "ReportDone", `name="day" value="2026-05-20"`},
		{"/commitments/41", "ChangeDueDay", `name="due" required value=""`},
	} {
		s := newSite(t)
		s.view.Moves = []*fuyanv1.Move{{Rpc: test.rpc, Label: "办"}}
		s.commitment.Moves = []*fuyanv1.CommitmentMove{{Rpc: test.rpc, Label: "办"}}
		_, form, _ := strings.Cut(s.get(test.page).Body.String(), `action="`+test.page+"/"+test.rpc+`"`)
		form, _, _ = strings.Cut(form, "</form>")
		if !strings.Contains(form, test.want) {
			t.Errorf("the form of %s lacks %s:\n%s", test.rpc, test.want, form)
		}
	}
}

// TestChoicesAreWhatIsLeft offers the proposers without the letter and the
// offices without a copy.
func TestChoicesAreWhatIsLeft(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.view.Moves = append(s.view.Moves, &fuyanv1.Move{Rpc: "RequestOpinion", Label: "会办"})
	body := s.get("/proposals/7").Body.String()
	for action, want := range map[string]map[string][]string{
		"RecordDelivery": {"proposer_id": {"22"}},
		"SendCopy":       {"organ_id": {"9"}},
		"RecordContact":  {"proposer_id": {"21", "22"}},
		"RequestOpinion": {"organ_id": {"2", "8", "9"}},
	} {
		fields := formIn(t, body, "/proposals/7/"+action)
		for name, options := range want {
			if diff := cmp.Diff(options, fields[name]); diff != "" {
				t.Errorf("%s of %s (-want +got):\n%s", name, action, diff)
			}
		}
	}
	s.reply.Deliveries = nil
	fields := formIn(t, s.get("/proposals/7").Body.String(), "/proposals/7/RecordDelivery")
	if diff := cmp.Diff([]string{"21", "22"}, fields["proposer_id"]); diff != "" {
		t.Errorf("proposers before any delivery (-want +got):\n%s", diff)
	}
}

func TestFirstMoveIsOpen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.get("/proposals/7")
	wantIn(t, "the proposal", w, `<details class="move" id="RecordDelivery" open>`, `<details class="move" id="SendCopy">`)
	wantIn(t, "the label of the move", w, "<summary>记录沟通</summary>", "<button>记录沟通</button>")
}

func TestProposerLines(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]*fuyanv1.NewProposer{
		"顾伟华":           {Name: "顾伟华"},
		"  顾伟华  *":      {Name: "顾伟华", Lead: true},
		"顾伟华 ＊":         {Name: "顾伟华", Lead: true},
		"顾伟华 领衔 @guwh":  {Name: "顾伟华", Lead: true, UserId: 3},
		"@guwh":         {Name: "@guwh"},
		"*":             {Name: "*"},
		"九三学社 上海市委 单位":  {Name: "九三学社 上海市委", Organisation: true},
		"阿不都热西提·吾甫尔 * ": {Name: "阿不都热西提·吾甫尔", Lead: true},
		"市科协 单位 *":      {Name: "市科协", Organisation: true, Lead: true},
		"李 * 明":         {Name: "李 * 明"},
	} {
		s := newSite(t)
		values := received()
		values.Set("proposers", "\r\n"+line+"\r\n\r\n")
		wantStatus(t, fmt.Sprintf("receiving %q", line), s.post("/proposals/new", values), http.StatusSeeOther)
		got := sent[*fuyanv1.ReceiveProposalRequest](s.service).Proposers
		if diff := cmp.Diff([]*fuyanv1.NewProposer{want}, got, protocmp.Transform()); diff != "" {
			t.Errorf("the line %q (-want +got):\n%s", line, diff)
		}
	}
}

// TestDoneSaysOnlyWhatIsKnown keeps other people's words off the page.
func TestDoneSaysOnlyWhatIsKnown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	wantIn(t, "after signing", s.get("/proposals/7?done=SignReply"), `<p class="note done" role="status">已签发。</p>`)
	for _, done := range []string{"转账成功", "CreateToken", ""} {
		if strings.Contains(s.get("/proposals/7?done="+url.QueryEscape(done)).Body.String(), `role="status"`) {
			t.Errorf("?done=%s says that something was done", done)
		}
	}
}

func TestPagesAreSmall(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for range 46 {
		s.list = append(s.list, proposal())
	}
	for path := range reads {
		if n := s.get(path).Body.Len(); n > 100<<10 {
			t.Errorf("GET %s is %d bytes; want at most 100 KB", path, n)
		}
	}
}

func TestUsersPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.get("/users?page=t1")
	if got := sent[*fuyanv1.ListUsersRequest](s.service).PageToken; got != "t1" {
		t.Errorf("GET /users?page=t1 asks for page %q", got)
	}
}
