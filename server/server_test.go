package server_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
)

func id(n int) string {
	return fmt.Sprintf(`"requestId": "00000000-0000-4000-8000-%012d"`, n)
}

type proposal struct {
	ID, Version, State, Number, ReplyDue string
	Overdue                              bool
}

// receive puts proposal n on record.
func (s *site) receive(t *testing.T, n int) proposal {
	t.Helper()
	var out struct{ Proposal proposal }
	body := strings.Replace(received, "0001", fmt.Sprintf("%04d", n), 1)
	s.call(t, s.Office, "ProposalService/ReceiveProposal", "{"+id(n)+", "+body+"}").into(t, &out)
	return out.Proposal
}

func TestRefusedMoves(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.receive(t, 1)
	on := func(n int, version, rest string) string {
		return fmt.Sprintf(`{%s, "proposalId": %s, "expectedVersion": %s%s}`, id(n), p.ID, version, rest)
	}

	got := s.call(t, s.Office, "ProposalService/AssignProposal", on(2, p.Version, fmt.Sprintf(`, "handlerId": %d`, s.Handler.ID)))
	if got.Code != "failed_precondition" || !strings.HasPrefix(got.Message, "“待签收”状态不能做“分办”；现在可以：签收") {
		t.Errorf("AssignProposal before it is accepted: %s %q", got.Code, got.Message)
	}
	if r := got.refusal(t); r.State != "received" || len(r.Possible) == 0 {
		t.Errorf("AssignProposal before it is accepted: %v", r)
	}
	got = s.call(t, s.Office, "ProposalService/AcceptProposal", on(3, "99", ""))
	if got.Code != "aborted" || fmt.Sprint(got.refusal(t).PresentVersion) != p.Version {
		t.Errorf("AcceptProposal on another version: %s %v", got.Code, got.refusal(t))
	}
	got = s.call(t, s.HelperOffice, "ProposalService/GetProposal", fmt.Sprintf(`{"proposalId": %s}`, p.ID))
	if got.Code != "not_found" || got.refusal(t).Reason != fuyanv1.Reason_REASON_NOT_FOUND {
		t.Errorf("GetProposal of another organ: %s %v", got.Code, got.refusal(t))
	}
	got = s.call(t, s.Office, "ProposalService/ReceiveProposal", "{"+id(4)+", "+received+"}")
	if got.Code != "already_exists" {
		t.Errorf("ReceiveProposal of the same number: %s", got.Code)
	}
	got = s.call(t, s.Office, "ProposalService/ReceiveProposal", "{"+id(1)+", "+strings.Replace(received, "标题", "另一", 1)+"}")
	if got.Code != "already_exists" {
		t.Errorf("another request with the same request_id: %s", got.Code)
	}
	if again := s.receive(t, 1); again != p {
		t.Errorf("the same request again = %v, want %v", again, p)
	}
}

// TestMovesAreNamedOnce: DecideReturn grants or refuses, but is one button.
func TestMovesAreNamedOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.receive(t, 1)
	s.call(t, s.Office, "ProposalService/RequestReturn",
		fmt.Sprintf(`{%s, "proposalId": %s, "expectedVersion": %s, "reason": "不属本单位职责"}`, id(2), p.ID, p.Version)).into(t, new(struct{}))
	var out struct {
		View struct {
			Proposal proposal
			Returns  []struct{ Reason, Decision string }
			Moves    []struct{ RPC, Label string }
		}
	}
	s.call(t, s.Supervisor, "ProposalService/GetProposal", fmt.Sprintf(`{"proposalId": %s}`, p.ID)).into(t, &out)
	want := []struct{ RPC, Label string }{{"DecideReturn", "审批退办"}, {"WithdrawProposal", "登记撤回"}, {"PauseDeadline", "暂停期限"}}
	if diff := cmp.Diff(want, out.View.Moves); diff != "" {
		t.Errorf("moves: %s", diff)
	}
	if out.View.Proposal.State != "STATE_RETURN_REQUESTED" || len(out.View.Returns) != 1 || out.View.Returns[0].Decision != "" {
		t.Errorf("view = %+v", out.View)
	}
}

func TestOverdue(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var out struct{ Proposal proposal }
	s.call(t, s.Office, "ProposalService/ReceiveProposal", "{"+id(1)+`, "handedOver": "2025-09-01", `+received+"}").into(t, &out)
	if late := out.Proposal; !late.Overdue || late.ReplyDue == "" {
		t.Errorf("half a year after hand-over: %+v", late)
	}
	if p := s.receive(t, 2); p.Overdue {
		t.Errorf("on the day of hand-over: %+v", p)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for n := range 5 {
		s.receive(t, n+1)
	}
	var got []string
	for token := ""; ; {
		var out struct {
			Proposals     []proposal
			NextPageToken string
		}
		s.call(t, s.Office, "ProposalService/ListProposals", fmt.Sprintf(`{"pageSize": 2, "pageToken": %q}`, token)).into(t, &out)
		for _, p := range out.Proposals {
			got = append(got, p.Number)
		}
		if token = out.NextPageToken; token == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"0005", "0004", "0003", "0002", "0001"}, got); diff != "" {
		t.Errorf("five proposals in pages of two: %s", diff)
	}

	var names []string
	for token := ""; ; {
		var out struct {
			Users         []struct{ Name string }
			NextPageToken string
		}
		s.call(t, s.Admin, "AccountService/ListUsers", fmt.Sprintf(`{"pageSize": 5, "pageToken": %q}`, token)).into(t, &out)
		for _, u := range out.Users {
			names = append(names, u.Name)
		}
		if token = out.NextPageToken; token == "" {
			break
		}
	}
	if len(names) != len(s.All()) {
		t.Errorf("accounts in pages of five: %v", names)
	}
}

// TestColleaguesAreListed: a promise is given to somebody of the house, so those
// who write and review see their own house, and nobody outside it.
func TestColleaguesAreListed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, by := range []casework.User{s.Handler, s.Head, s.Leader} {
		var out struct {
			Users []struct{ ID, OrganID, Name string }
		}
		s.call(t, by, "AccountService/ListUsers", `{"pageSize": 200}`).into(t, &out)
		if len(out.Users) < 3 {
			t.Errorf("%s is shown %v", by.Name, out.Users)
		}
		for _, u := range out.Users {
			if u.OrganID != strconv.FormatInt(by.OrganID, 10) {
				t.Errorf("%s is shown %s of organ %q", by.Name, u.Name, u.OrganID)
			}
		}
	}
}

// TestOrgansAreListed: all with their divisions, those that answer without, or one.
func TestOrgansAreListed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for request, want := range map[string]struct{ organs, divided bool }{
		`{}`:                                    {true, true},
		`{"answering": true}`:                   {true, false},
		fmt.Sprintf(`{"organId": %d}`, s.Organ): {false, true},
	} {
		got := new(fuyanv1.ListOrgansResponse)
		s.call(t, s.Handler, "AccountService/ListOrgans", request).message(t, got)
		at := slices.IndexFunc(got.Organs, func(o *fuyanv1.Organ) bool { return o.Id == s.Organ })
		if at < 0 || (len(got.Organs) > 1) != want.organs || (len(got.Organs[at].Divisions) > 0) != want.divided {
			t.Errorf("%s: %v", request, got)
		}
	}
	if got := s.call(t, s.Handler, "AccountService/ListOrgans", `{"organId": 999999}`); string(got.body) != "{}" {
		t.Errorf("no organ: %s", got.body)
	}
}

// TestStaffOfAnOrgan: who asks for the people of an organ is shown them alone, and
// no more of them than without asking.
func TestStaffOfAnOrgan(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, c := range []struct {
		by    casework.User
		organ int64
		any   bool
	}{{s.Office, s.Organ, true}, {s.Admin, s.Helper, true}, {s.Office, s.Helper, false}} {
		var out struct{ Users []struct{ OrganID string } }
		s.call(t, c.by, "AccountService/ListUsers", fmt.Sprintf(`{"pageSize": 200, "organId": %d}`, c.organ)).into(t, &out)
		if (len(out.Users) > 0) != c.any {
			t.Errorf("%s is shown %d people of organ %d", c.by.Name, len(out.Users), c.organ)
		}
		for _, u := range out.Users {
			if u.OrganID != strconv.FormatInt(c.organ, 10) {
				t.Errorf("%s is shown somebody of organ %q, want of %d alone", c.by.Name, u.OrganID, c.organ)
			}
		}
	}
}

func TestLogSaysWhoAndWhatOnly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.call(t, casework.User{}, "AccountService/SignIn", `{"name": "zhang-san", "password": "hunter2-hunter2"}`)
	s.receive(t, 1)
	s.call(t, s.Office, "ProposalService/AcceptProposal", `{"requestId": "私人电话"}`)
	log := s.log.String()
	if n := strings.Count(log, "msg=rpc"); n != 3 {
		t.Errorf("three calls made %d lines:\n%s", n, log)
	}
	for _, private := range []string{"zhang-san", "hunter2", "标题", "某某", "私人电话", "secret of"} {
		if strings.Contains(log, private) {
			t.Errorf("the log tells %q:\n%s", private, log)
		}
	}
	for _, want := range []string{
		"verb=sign_in noun=account outcome=unauthenticated", "verb=receive noun=proposal outcome=ok", fmt.Sprintf("user=%d", s.Office.ID),
		"outcome=ok", "request_id=00000000-0000-4000-8000-000000000001",
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
}

func TestReadLetter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var out struct {
		Reading struct {
			Kind, DocumentNumber string
			Promises             []struct{ Text, Due string }
		}
	}
	text := `某试提复〔2026〕1号\n\n对市政协十四届一次会议第0001号提案的答复\n\n某某委员：\n\n您提出的“标题”的提案收悉，现答复如下：\n\n下一步，我委将于2026年12月底前出台方案。\n`
	s.call(t, s.Office, "ReplyService/ReadLetter", `{"text": "`+text+`"}`).into(t, &out)
	r := out.Reading
	if r.Kind != "CPPCC_PROPOSAL" || r.DocumentNumber != "某试提复〔2026〕1号" || len(r.Promises) != 1 || r.Promises[0].Due != "2026-12-31" {
		t.Errorf("ReadLetter = %+v", r)
	}
}

// TestReadFile reads a page of GB18030 that is larger than other requests may be.
func TestReadFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := "<html><meta charset=gb2312><p>\xb9\xab\xbf\xaa\xca\xf4\xd0\xd4\xa3\xba\xd6\xf7\xb6\xaf\xb9\xab\xbf\xaa<br>\xc4\xb3\xca\xd4\xcc\xe1\xb8\xb4\xa1\xb22026\xa1\xb31\xba\xc5<script>" + strings.Repeat("x", 5<<20) + "</script>"
	var out struct {
		Reading struct{ DocumentNumber, Publicity string }
		Text    string
	}
	s.call(t, s.Office, "ReplyService/ReadLetter", `{"fileName": "a.html", "file": "`+base64.StdEncoding.EncodeToString([]byte(page))+`"}`).into(t, &out)
	if out.Text != "公开属性：主动公开\n某试提复〔2026〕1号\n" || out.Reading.DocumentNumber != "某试提复〔2026〕1号" || out.Reading.Publicity != "PUBLICITY_FULL" {
		t.Errorf("ReadLetter = %+v", out)
	}
	s.call(t, s.Office, "ReplyService/ReadLetter", `{"file": "`+base64.StdEncoding.EncodeToString([]byte("\xef\xbb\xbf一\r\n二\r三"))+`"}`).into(t, &out)
	if out.Text != "一\n二\n三" {
		t.Errorf("ReadLetter of a file with other line ends = %q", out.Text)
	}
	long := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("长", 200_001)))
	if got := s.call(t, s.Office, "ReplyService/ReadLetter", `{"file": "`+long+`"}`); got.refusal(t).Field != "file" || !strings.Contains(got.Message, "200000") {
		t.Errorf("ReadLetter of a long file = %s %s", got.Code, got.Message)
	}
}
