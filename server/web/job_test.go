package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

func TestJobsPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.get("/jobs?state=JOB_STATE_RETRYABLE&kind=send_notice")
	want := &fuyanv1.ListJobsRequest{State: fuyanv1.JobState_JOB_STATE_RETRYABLE, Kind: "send_notice"}
	if diff := cmp.Diff(want, sent[*fuyanv1.ListJobsRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("it asks for (-want +got):\n%s", diff)
	}
	wantIn(t, "the jobs", w, `<a href="/jobs" aria-current="page">任务</a>`, "发送通知", "3 / 12", "dial tcp: connection refused", "通知 77",
		`<a href="/proposals/7">提案建议 7</a>`, "x_id 3", "unheard_of", `name="job_id" value="812"`, `action="/jobs/RetryJob"`,
		`<a href="/jobs?kind=send_notice&amp;state=JOB_STATE_AVAILABLE">40</a>`)
	if n := strings.Count(w.Body.String(), `action="/jobs/CancelJob"`); n != 1 {
		t.Errorf("%d jobs may be cancelled, want the one that is not at its end", n)
	}
	s.me.Roles = []fuyanv1.Role{fuyanv1.Role_ROLE_OFFICE}
	if strings.Contains(s.get("/account").Body.String(), `"/jobs"`) {
		t.Error("the office is led to the jobs")
	}
}

// TestJobForms: what is sent, and where a refusal stands.
func TestJobForms(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	values := url.Values{"request_id": {requestID}, "form": {"RetryJob-812"}, "job_id": {"812"}, "sure": {"yes"}}
	w := s.post("/jobs/RetryJob", values)
	wantStatus(t, "POST RetryJob", w, http.StatusSeeOther)
	wantIn(t, "the page after it", s.get(w.Header().Get("Location")), "任务已重新排队")
	want := &fuyanv1.RetryJobRequest{RequestId: requestID, JobId: 812}
	if diff := cmp.Diff(want, sent[*fuyanv1.RetryJobRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("it sends (-want +got):\n%s", diff)
	}
	wantStatus(t, "POST CancelJob", s.post("/jobs/CancelJob", values), http.StatusSeeOther)
	if got := sent[*fuyanv1.CancelJobRequest](s.service); got.GetJobId() != 812 {
		t.Errorf("CancelJob sends %v", got)
	}
	s.fail["RetryJob"] = refused(connect.CodeFailedPrecondition, "任务现在的状态不能这样办", &fuyanv1.Refusal{})
	w = s.post("/jobs/RetryJob", values)
	wantStatus(t, "POST RetryJob refused", w, http.StatusConflict)
	if n := strings.Count(w.Body.String(), `role="alert"`); n != 1 {
		t.Errorf("the refusal stands %d times on the page", n)
	}
}
