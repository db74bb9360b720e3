package web

import (
	"fmt"
	"strconv"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type jobPage struct {
	States      []option
	Kind        string // asked for; empty for all
	KindName    string
	Filtered    bool
	Columns     []string // the states that are counted
	Counts      []jobCounts
	Rows        []jobRow
	First, Next string
}

// jobCounts are how many jobs of one kind there are in each state.
type jobCounts struct {
	Kind   string
	States []tally
}

type jobRow struct {
	*fuyanv1.Job
	Name          string
	Class         string // of its state: back where it failed, pending where it is tried again
	Subjects      []jobSubject
	Retry, Cancel *formView // nil where it cannot be done
}

type jobSubject struct{ Label, Href string }

// countedStates are the states that the page counts, in its order.
var countedStates = []fuyanv1.JobState{
	fuyanv1.JobState_JOB_STATE_DISCARDED, fuyanv1.JobState_JOB_STATE_RETRYABLE, fuyanv1.JobState_JOB_STATE_RUNNING,
	fuyanv1.JobState_JOB_STATE_AVAILABLE, fuyanv1.JobState_JOB_STATE_SCHEDULED, fuyanv1.JobState_JOB_STATE_CANCELLED,
}

func (p *pages) listJobs(r *request) (jobPage, error) {
	in := input{values: r.URL.Query()}
	req := &fuyanv1.ListJobsRequest{State: picked(in, "state", jobStates), Kind: in.text("kind"), PageToken: in.values.Get("page")}
	answer, err := p.jobs.ListJobs(r.Context(), req)
	if err != nil {
		return jobPage{}, err
	}
	page := jobPage{
		States: selected(jobStates, req.State), Kind: req.Kind, KindName: jobName(req.Kind),
		Filtered: req.State != 0 || req.Kind != "", Counts: countJobs(answer.Counts),
	}
	for _, s := range countedStates {
		page.Columns = append(page.Columns, jobStates.of(s))
	}
	page.First, page.Next = paging("/jobs", r, answer.NextPageToken)
	for _, j := range answer.Jobs {
		page.Rows = append(page.Rows, p.jobRow(r, j))
	}
	return page, nil
}

// countJobs puts the counts, which come kind by kind, into rows.
func countJobs(counts []*fuyanv1.JobCount) (rows []jobCounts) {
	for i, c := range counts {
		if i == 0 || counts[i-1].Kind != c.Kind {
			rows = append(rows, jobCounts{jobName(c.Kind), make([]tally, len(countedStates))})
		}
		for j, s := range countedStates {
			if s == c.State {
				rows[len(rows)-1].States[j] = tally{N: c.Count, Href: "/jobs?kind=" + c.Kind + "&state=" + c.State.String()}
			}
		}
	}
	return rows
}

func (p *pages) jobRow(r *request, j *fuyanv1.Job) jobRow {
	row := jobRow{Job: j, Name: jobName(j.Kind), Class: jobClasses[j.State]}
	for _, s := range j.Subjects {
		row.Subjects = append(row.Subjects, jobSubjectOf(s))
	}
	if j.MayRetry {
		row.Retry = p.jobForm(r, "RetryJob", j)
	}
	if j.MayCancel {
		row.Cancel = p.jobForm(r, "CancelJob", j)
	}
	return row
}

func (p *pages) jobForm(r *request, rpc string, j *fuyanv1.Job) *formView {
	v := p.forms[rpc].view(r, place{fmt.Sprintf("%s-%d", rpc, j.Id), "/jobs/" + rpc, 0}, subject{job: j})
	return &v
}

// jobSubjectOf says what a job is about, and where that is to be seen.
func jobSubjectOf(s *fuyanv1.JobSubject) jobSubject {
	out := jobSubject{Label: jobSubjects[s.Name] + " " + strconv.FormatInt(s.Id, 10)}
	if jobSubjects[s.Name] == "" {
		out.Label = s.Name + out.Label
	}
	if s.Name == "proposal_id" {
		out.Href = fmt.Sprintf("/proposals/%d", s.Id)
	}
	return out
}

func (p *pages) jobForms() []form {
	id := hidden("job_id", func(s subject) string { return idText(s.job.GetId()) })
	return []form{
		entry("RetryJob", "立即重试", "任务已重新排队", calls(p.jobs.RetryJob, retryJob), id),
		entry("CancelJob", "取消", "任务已取消，正在执行的会尽快停下", calls(p.jobs.CancelJob, cancelJob), id, sure()),
	}
}

func retryJob(in input) *fuyanv1.RetryJobRequest {
	return &fuyanv1.RetryJobRequest{RequestId: in.requestID, JobId: in.number64("job_id")}
}

func cancelJob(in input) *fuyanv1.CancelJobRequest {
	return &fuyanv1.CancelJobRequest{RequestId: in.requestID, JobId: in.number64("job_id")}
}

// jobName is how people call a kind of job; its word where nobody has named it.
func jobName(kind string) string {
	if name, ok := jobNames[kind]; ok {
		return name
	}
	return kind
}

// jobNames are how people call the kinds of jobs.
var jobNames = map[string]string{
	"record_commitments": "登记复文中的承诺",
	"send_copy":          "抄送复文",
	"tell_proposer":      "告知提出人",
	"sweep_notices":      "检查到期提醒",
	"send_notice":        "发送通知",
	"send_digest":        "发送每日邮件",
	"carry_over":         "承诺转下年度",
	"end_term":           "换届登记",
	"remove_files":       "清理未用的文件",
	"index_publications": "公开答复编入检索",
	"receive_import":     "登记交办清单",
	"remove_imports":     "清理未确认的清单",
}

// jobClasses point out the states of what goes wrong.
var jobClasses = map[fuyanv1.JobState]string{
	fuyanv1.JobState_JOB_STATE_DISCARDED: " back", fuyanv1.JobState_JOB_STATE_RETRYABLE: " pending",
}

// jobSubjects are how people call what a job is about.
var jobSubjects = map[string]string{
	"proposal_id": "提案建议", "letter_id": "复文", "reply_id": "答复", "organ_id": "单位", "notice_id": "通知", "user_id": "用户", "import_id": "交办清单",
}

var jobStates = labels[fuyanv1.JobState]{
	{fuyanv1.JobState_JOB_STATE_DISCARDED, "失败"},
	{fuyanv1.JobState_JOB_STATE_RETRYABLE, "待重试"},
	{fuyanv1.JobState_JOB_STATE_RUNNING, "执行中"},
	{fuyanv1.JobState_JOB_STATE_AVAILABLE, "排队"},
	{fuyanv1.JobState_JOB_STATE_SCHEDULED, "定时"},
	{fuyanv1.JobState_JOB_STATE_CANCELLED, "已取消"},
	{fuyanv1.JobState_JOB_STATE_COMPLETED, "已完成"},
}
