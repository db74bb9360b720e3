package server_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// late makes proposals late: of each day, one whose reply was due.
func (s *site) late(t *testing.T, days ...string) {
	t.Helper()
	for i, day := range days {
		p := s.receive(t, 100+i)
		if _, err := s.tx.Exec(t.Context(), `UPDATE proposals SET reply_due = $1::text::date WHERE id = $2::text::bigint`, day, p.ID); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOverdueBoardOverHTTP: the numbers in the order of the ages, and the pages of
// the list behind them.
func TestOverdueBoardOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.late(t, "2026-02-20", "2025-12-20", "2025-12-20")
	got := new(fuyanv1.GetOverdueBoardResponse)
	s.call(t, s.CPPCCSupervisor, "BoardService/GetOverdueBoard", `{}`).message(t, got)
	counts := &fuyanv1.OverdueCounts{Replies: []int32{1, 2, 0, 0}, Promises: []int32{0, 0, 0, 0}, Publications: []int32{0, 0, 0, 0}}
	want := &fuyanv1.OverdueBoard{
		Day: "2026-03-02", Total: counts, Waiting: &fuyanv1.WaitingCounts{},
		Organs: []*fuyanv1.OrganOverdue{{OrganId: s.Organ, Organ: "某市试验委员会", Counts: counts}},
	}
	if diff := cmp.Diff(want, got.Board, protocmp.Transform()); diff != "" {
		t.Errorf("the board (-want +got):\n%s", diff)
	}
	var lines []string
	token := ""
	for range 4 {
		page := new(fuyanv1.ListBoardItemsResponse)
		s.call(t, s.CPPCCSupervisor, "BoardService/ListBoardItems", fmt.Sprintf(`{"list": "BOARD_LIST_REPLIES", "pageSize": 1, "pageToken": %q}`, token)).message(t, page)
		for _, i := range page.Items {
			lines = append(lines, fmt.Sprintf("%s %s %d %v", i.Proposal.Number, i.Day, i.Days, i.Proposal.Overdue))
		}
		if token = page.NextPageToken; token == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"0101 2025-12-20 72 true", "0102 2025-12-20 72 true", "0100 2026-02-20 10 true"}, lines); diff != "" {
		t.Errorf("the pages (-want +got):\n%s", diff)
	}
	empty := new(fuyanv1.ListBoardItemsResponse)
	for _, u := range []casework.User{s.NPCSupervisor, s.HelperOffice} {
		s.call(t, u, "BoardService/ListBoardItems", `{"list": "BOARD_LIST_REPLIES"}`).message(t, empty)
		if len(empty.Items) != 0 {
			t.Errorf("%s sees %d replies that are not theirs", u.Name, len(empty.Items))
		}
	}
}

// TestJobsTellNoWords: what went wrong in short, and of the arguments identities.
func TestJobsTellNoWords(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	wrong := strings.Repeat("错", 500)
	_, err := s.tx.Exec(t.Context(), `INSERT INTO river_job (kind, state, args, attempt, max_attempts, finalized_at, errors) VALUES
		('tell_proposer', 'discarded', '{"proposal_id": 7, "occasion": "秘密事由", "text": "秘密正文"}', 25, 25, now(),
		 ARRAY[jsonb_build_object('at', '2026-03-01T00:00:00Z', 'attempt', 25, 'error', $1::text, 'trace', '秘密轨迹')])`, wrong)
	if err != nil {
		t.Fatal(err)
	}
	answer := s.call(t, s.Admin, "JobService/ListJobs", `{"kind": "tell_proposer"}`)
	if strings.Contains(string(answer.body), "秘密") {
		t.Errorf("the jobs tell secrets: %s", answer.body)
	}
	got := new(fuyanv1.ListJobsResponse)
	answer.message(t, got)
	if len(got.Jobs) != 1 {
		t.Fatalf("%d jobs, want 1", len(got.Jobs))
	}
	j := got.Jobs[0]
	if j.State != fuyanv1.JobState_JOB_STATE_DISCARDED || j.LastError != wrong[:600]+"…" || len(j.Subjects) != 1 || j.Subjects[0].Id != 7 || !j.MayRetry || j.MayCancel || j.NextTime != nil {
		t.Errorf("the job stands as %v", j)
	}
	moved := new(fuyanv1.RetryJobResponse)
	s.call(t, s.Admin, "JobService/RetryJob", fmt.Sprintf(`{%s, "jobId": %d}`, id(1), j.Id)).message(t, moved)
	if moved.Job.State != fuyanv1.JobState_JOB_STATE_AVAILABLE || moved.Job.NextTime == nil {
		t.Errorf("retried it stands as %v", moved.Job)
	}
	stopped := new(fuyanv1.CancelJobResponse)
	s.call(t, s.Admin, "JobService/CancelJob", fmt.Sprintf(`{%s, "jobId": %d}`, id(2), j.Id)).message(t, stopped)
	if stopped.Job.State != fuyanv1.JobState_JOB_STATE_CANCELLED {
		t.Errorf("cancelled it stands as %v", stopped.Job)
	}
	if again := s.call(t, s.Admin, "JobService/CancelJob", fmt.Sprintf(`{%s, "jobId": %d}`, id(3), j.Id)); again.Code != "failed_precondition" {
		t.Errorf("cancelled again: %s %s", again.Code, again.Message)
	}
}

// TestProposersFollowNoSecrets plants what goes on inside and looks for it in all
// that a proposer is told on their own pages.
func TestProposersFollowNoSecrets(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	n, proposers := s.answered(t)
	s.plant(t, n, proposers[0])
	for _, method := range []string{"FollowService/ListFollowed", "FollowService/GetFollowed", "ProposalService/GetProposal", "ProposalService/ListEvents"} {
		body := fmt.Sprintf(`{"proposalId": %d}`, n)
		if method == "FollowService/ListFollowed" {
			body = `{}`
		}
		if got := s.call(t, s.Delegate, method, body); got.Code != "" || strings.Contains(string(got.body), "秘密") {
			t.Errorf("%s: %s %s", method, got.Code, got.body)
		}
	}
	browser := s.browser(t, s.Delegate)
	for _, path := range []string{"/mine", fmt.Sprintf("/proposals/%d", n), "/commitments", "/notices"} {
		resp, err := browser.Get(s.URL + path)
		_, page := fetched(t, resp, err)
		if strings.Contains(page, "秘密") || !strings.Contains(page, "<h1>") {
			t.Errorf("GET %s:\n%s", path, page)
		}
	}
	got := new(fuyanv1.GetFollowedResponse)
	s.call(t, s.Delegate, "FollowService/GetFollowed", fmt.Sprintf(`{"proposalId": %d}`, n)).message(t, got)
	if f := got.Followed; f.NextStep != fuyanv1.NextStep_NEXT_STEP_REPLY || f.NewsCount == 0 || len(f.Letters) != 1 {
		t.Errorf("the proposer follows %v", f)
	}
	if other := s.call(t, s.OtherDelegate, "FollowService/GetFollowed", fmt.Sprintf(`{"proposalId": %d}`, n)); other.Code != "not_found" {
		t.Errorf("another proposer: %s %s", other.Code, other.body)
	}
}

// TestFourThousandOrgans: no page of oversight is large, and it leads to an organ that
// it does not name.
func TestFourThousandOrgans(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if _, err := s.tx.Exec(t.Context(), `WITH more AS (
			INSERT INTO organs (name, short_name) SELECT '某市第' || n || '试点工作委员会办公室', '第' || n || '试点办' FROM generate_series(1, 4000) n RETURNING id),
		late AS (
			INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id,
				handed_over, reply_due, received_at, updated_at)
			SELECT 'cppcc_proposal', '市政协', 14, 1, 'x' || id || '-' || n, '题', '', true, false, 'received', id, '2025-01-01', '2026-02-01', now(), now()
			FROM more, generate_series(1, 2) n)
		INSERT INTO published_organs SELECT id, 1 FROM more`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.tx.Exec(t.Context(), `INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id,
			handed_over, reply_due, received_at, updated_at)
		VALUES ('cppcc_proposal', '市政协', 14, 1, 'y', '题', '', true, false, 'received', $1, '2025-01-01', '2026-02-01', now(), now())`, s.HelperOffice.OrganID); err != nil {
		t.Fatal(err)
	}
	browser := s.browser(t, s.Supervisor)
	page := func(path string) string {
		t.Helper()
		resp, err := browser.Get(s.URL + path)
		resp, body := fetched(t, resp, err)
		if resp.StatusCode != 200 || len(body) > 100<<10 {
			t.Errorf("GET %s: %d, %d bytes; want at most 100 KB", path, resp.StatusCode, len(body))
		}
		return body
	}
	const name = "某市帮办局"
	for _, path := range []string{"/board", "/board/commitments", "/board/replies", "/commitments", "/proposals", "/figures", "/organs?from=4000"} {
		if body := page(path); path[1] != 'o' && (strings.Contains(body, name+"</option>") || !strings.Contains(body, `<a href="/organs">单位</a>`)) {
			t.Errorf("GET %s offers an organ that is not among the first, or does not lead to it", path)
		}
	}
	if first := page("/organs"); !strings.Contains(first, `href="/organs?from=50" rel="next"`) {
		t.Error("the list of the organs does not go on")
	}
	link := fmt.Sprintf("/board?organ=%d", s.HelperOffice.OrganID)
	if found := page("/organs?contains=帮办"); !strings.Contains(found, `href="`+link+`"`) || strings.Contains(found, "试点") {
		t.Errorf("the organ is not found by its name:\n%s", found)
	}
	if body := page(link); !strings.Contains(body, name+"</a>") || !strings.Contains(body, fmt.Sprintf(`<option value="%d" selected>%s`, s.HelperOffice.OrganID, name)) {
		t.Errorf("the board of the organ:\n%s", body)
	}
}

// plant brings an answered proposal into its second round and leaves secrets.
func (s *site) plant(t *testing.T, id, proposer int64) {
	t.Helper()
	ctx := t.Context()
	by := func(u casework.User) postgres.Call { return postgres.Call{User: u, ID: id} }
	done := func(_ postgres.ListedProposal, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	done(s.db.RecordContact(ctx, by(s.Office), postgres.NewContact{ProposerID: proposer, Channel: "call", Day: s.db.Today(), Summary: "秘密沟通"}))
	done(s.db.RedoProposal(ctx, by(s.Supervisor), "请再办", casework.Date{}))
	done(s.db.RequestOpinion(ctx, by(s.Office), s.Helper, "秘密会办"))
	done(s.db.SubmitOpinion(ctx, by(s.HelperOffice), "秘密意见"))
	done(s.db.SaveDraft(ctx, by(s.Handler), postgres.NewDraft{Text: "甲某、乙某委员：\n\n秘密稿件。", Result: "adopted", Publicity: "withheld", WithholdReason: "秘密理由"}))
	done(s.db.SubmitReply(ctx, by(s.Handler)))
	done(s.db.SendBackReply(ctx, by(s.Head), "秘密审核意见"))
	if _, err := s.tx.Exec(ctx, `UPDATE proposers SET phone = '秘密电话', address = '秘密住址'`); err != nil {
		t.Fatal(err)
	}
}
