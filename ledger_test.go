package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"github.com/google/uuid"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/server"
	"fuyan/worker"
)

// A ledger is the whole service with a clock that the test sets, and one promise
// that is followed through it.
type ledger struct {
	*tale
	clock      atomic.Int64
	commitment int64
	next       int64 // the version of the commitment
}

func newLedger(t *testing.T) *ledger {
	t.Helper()
	l := &ledger{}
	l.day("2026-03-02")
	pool := postgrestest.New(t)
	d, err := postgres.New(pool, postgres.Options{Now: func() time.Time { return time.Unix(l.clock.Load(), 0) }})
	must(t, err)
	log := slog.New(slog.DiscardHandler)
	srv := httptest.NewServer(server.New(d, server.Options{Log: log}))
	t.Cleanup(srv.Close)
	jobs, err := worker.New(pool, d, worker.Options{Log: log})
	must(t, err)
	must(t, jobs.Start(t.Context()))
	t.Cleanup(func() { <-jobs.Stopped() })
	l.tale = &tale{stage: &stage{t, srv.URL, d, postgrestest.NewPeople(t, pool)}}
	return l
}

// day sets the clock to ten o'clock of the day.
func (l *ledger) day(day string) {
	at, err := time.Parse(time.RFC3339, day+"T10:00:00+08:00")
	if err != nil {
		panic(err)
	}
	l.clock.Store(at.Unix())
}

const ledgerReply = "甲某委员：\n\n您提出的“关于夜间开放图书室的建议”的提案收悉，经研究，现将办理情况答复如下：\n\n" +
	"我委已开放两处图书室。\n\n下一步，我委将再开放三处图书室。我委还将公布开放名录。\n\n感谢您对本市科技工作的关心和支持。"

const (
	promise = "下一步，我委将再开放三处图书室"
	second  = "我委还将公布开放名录"
)

// TestPromiseFromDraftToKept follows one promise: planned in the draft, recorded
// at issue, put off twice, said to be done, returned, done again, judged kept,
// told, contradicted by its proposer, reopened, carried over the year, and kept.
// What each person sees of it is asked after each step.
func TestPromiseFromDraftToKept(t *testing.T) {
	t.Parallel()
	l := newLedger(t)
	l.planAndIssue()
	l.slipTwice()
	l.doneAndReturned()
	l.urged()
	l.keptAndContradicted()
	l.carriedAndKept()
	if _, err := l.db.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func (l *ledger) planAndIssue() {
	ctx := l.t.Context()
	l.step(fuyanv1.State_STATE_RECEIVED)(l.as(l.Office).proposals.ReceiveProposal(ctx, &fuyanv1.ReceiveProposalRequest{
		RequestId: uuid.NewString(), Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: &fuyanv1.Sitting{Body: "市政协", Term: 14, Session: 4},
		Number: "0042", Title: "关于夜间开放图书室的建议", Text: "夜里没有图书室。",
		Proposers: []*fuyanv1.NewProposer{{Name: "甲某", UserId: l.Delegate.ID}},
	}))
	l.step(fuyanv1.State_STATE_ACCEPTED)(l.as(l.Office).proposals.AcceptProposal(ctx, &fuyanv1.AcceptProposalRequest{
		RequestId: uuid.NewString(), ProposalId: l.id, ExpectedVersion: l.version,
	}))
	drafting := l.step(fuyanv1.State_STATE_DRAFTING)
	drafting(l.as(l.Office).proposals.AssignProposal(ctx, &fuyanv1.AssignProposalRequest{
		RequestId: uuid.NewString(), ProposalId: l.id, ExpectedVersion: l.version, HandlerId: l.Handler.ID,
	}))
	drafting(l.as(l.Handler).replies.SaveDraft(ctx, &fuyanv1.SaveDraftRequest{
		RequestId: uuid.NewString(), ProposalId: l.id, ExpectedVersion: l.version, Text: ledgerReply,
		Result: fuyanv1.Result_RESULT_PLANNED, Publicity: fuyanv1.Publicity_PUBLICITY_FULL,
	}))
	l.drafts("warning result_without_day; error promise_undecided; error promise_undecided", promise+": undecided", second+": undecided")
	drafting(l.as(l.Handler).replies.PlanPromise(ctx, &fuyanv1.PlanPromiseRequest{
		RequestId: uuid.NewString(), ProposalId: l.id, ExpectedVersion: l.version, Text: promise,
		OwnerId: l.Handler.ID, Due: "2026-09-30", Deliverable: "三处图书室", Criterion: "对外开放",
	}))
	l.drafts("error promise_undecided", promise+": handler until 2026-09-30", second+": undecided")
	drafting(l.as(l.Office).replies.WaivePromise(ctx, &fuyanv1.WaivePromiseRequest{
		RequestId: uuid.NewString(), ProposalId: l.id, ExpectedVersion: l.version, Text: second, Reason: "与前一项是一件事",
	}))
	l.drafts("", promise+": handler until 2026-09-30", second+": waived, 与前一项是一件事")
	l.step(fuyanv1.State_STATE_REVIEWING)(l.as(l.Handler).replies.SubmitReply(ctx, &fuyanv1.SubmitReplyRequest{
		RequestId: uuid.NewString(), ProposalId: l.id, ExpectedVersion: l.version,
	}))
	l.review()
	l.step(fuyanv1.State_STATE_ISSUED)(l.as(l.Office).replies.IssueReply(ctx, &fuyanv1.IssueReplyRequest{
		RequestId: uuid.NewString(), ProposalId: l.id, ExpectedVersion: l.version,
	}))
	var list []*fuyanv1.Commitment
	l.await("the commitments to be recorded", func() bool {
		answer, err := l.as(l.Office).commitments.ListCommitments(ctx, &fuyanv1.ListCommitmentsRequest{ProposalId: l.id})
		must(l.t, err)
		list = answer.Commitments
		return len(list) > 0
	})
	var states []string
	for _, c := range list {
		states = append(states, c.Text+" "+c.State.String())
		if c.Text == promise {
			l.commitment = c.Id
		}
	}
	if want := []string{promise + " COMMITMENT_STATE_OPEN", second + " COMMITMENT_STATE_WAIVED"}; !slices.Equal(states, want) {
		l.t.Fatalf("recorded %q, want %q", states, want)
	}
	text := []rune(l.reply().Letters[0].Text)
	if c := list[0]; string(text[c.Span.Start:c.Span.End]) != promise {
		l.t.Errorf("the promise does not stand at its place: %q", c.Text)
	}
	l.sees("OPEN handler 2026-09-30", "noted, confirmed", map[string]string{
		"handler":    "ReportProgress ReportDone ChangeDueDay ReassignCommitment",
		"office":     "ReportProgress ChangeDueDay ReassignCommitment DropCommitment",
		"supervisor": "UrgeCommitment",
		"delegate":   "",
	})
	l.deliver(l.CPPCC, l.CPPCCSupervisor)
}

// drafts asks what CheckDraft says of the draft's promises.
func (l *ledger) drafts(faults string, want ...string) {
	l.t.Helper()
	check, err := l.as(l.Handler).replies.CheckDraft(l.t.Context(), &fuyanv1.CheckDraftRequest{ProposalId: l.id})
	must(l.t, err)
	var found, got []string
	for _, f := range check.Faults {
		found = append(found, map[bool]string{true: "error ", false: "warning "}[f.Error]+f.Rule)
	}
	for _, p := range check.Promises {
		switch plan := p.Plan; {
		case plan == nil:
			got = append(got, p.Text+": undecided")
		case plan.WaiveReason != "":
			got = append(got, p.Text+": waived, "+plan.WaiveReason)
		default:
			got = append(got, p.Text+": "+plan.Owner+" until "+plan.Due)
		}
	}
	if f := strings.Join(found, "; "); f != faults || !slices.Equal(got, want) {
		l.t.Errorf("the draft has %q and promises %q; want %q and %q", f, got, faults, want)
	}
}

// do makes a move of the commitment.
func (l *ledger) do(answer interface{ GetCommitment() *fuyanv1.Commitment }, err error) {
	l.t.Helper()
	must(l.t, err)
	l.next = answer.GetCommitment().Version
}

// sees asks what everybody sees of the commitment: its line, what became of it,
// and what each may do. Who has nothing to do with it does not see it.
func (l *ledger) sees(line, progress string, moves map[string]string) {
	l.t.Helper()
	for name, u := range map[string]casework.User{"handler": l.Handler, "office": l.Office, "supervisor": l.CPPCCSupervisor, "delegate": l.Delegate} {
		v, err := l.as(u).commitments.GetCommitment(l.t.Context(), &fuyanv1.GetCommitmentRequest{CommitmentId: l.commitment})
		must(l.t, err)
		l.next = v.Commitment.Version
		if got := lineOf(v.Commitment); got != line {
			l.t.Errorf("%s sees %q, want %q", name, got, line)
		}
		var kinds, may []string
		for _, g := range v.Progress {
			kinds = append(kinds, g.Kind)
		}
		if got := strings.Join(kinds, ", "); got != progress {
			l.t.Errorf("%s reads of %q, want %q", name, got, progress)
		}
		for _, m := range v.Moves {
			may = append(may, m.Rpc)
		}
		if got := strings.Join(may, " "); got != moves[name] {
			l.t.Errorf("%s may %q, want %q", name, got, moves[name])
		}
		l.inList(u, v.Commitment)
	}
	for name, u := range map[string]casework.User{"another delegate": l.OtherDelegate, "another body": l.NPCSupervisor} {
		_, err := l.as(u).commitments.GetCommitment(l.t.Context(), &fuyanv1.GetCommitmentRequest{CommitmentId: l.commitment})
		if connect.CodeOf(err) != connect.CodeNotFound {
			l.t.Errorf("%s asks for the promise: %v", name, err)
		}
	}
}

// inList sees that the list says what the page says.
func (l *ledger) inList(u casework.User, want *fuyanv1.Commitment) {
	l.t.Helper()
	answer, err := l.as(u).commitments.ListCommitments(l.t.Context(), &fuyanv1.ListCommitmentsRequest{State: want.State})
	must(l.t, err)
	i := slices.IndexFunc(answer.Commitments, func(c *fuyanv1.Commitment) bool { return c.Id == want.Id })
	if i < 0 || lineOf(answer.Commitments[i]) != lineOf(want) {
		l.t.Errorf("the list of %s does not say %q: %v", u.Name, lineOf(want), answer.Commitments)
	}
}

// lineOf is what a commitment says of itself.
func lineOf(c *fuyanv1.Commitment) string {
	out := strings.TrimPrefix(c.State.String(), "COMMITMENT_STATE_") + " " + c.Owner + " " + c.FirstDue
	if c.Due != c.FirstDue {
		out += "→" + c.Due
	}
	if c.Slips > 0 {
		out += fmt.Sprintf(" slipped %d times %d days", c.Slips, c.SlippedDays)
	}
	for _, part := range []struct {
		is    bool
		words string
	}{
		{c.Overdue, "overdue"},
		{c.OfferedTo != "", "offered to " + c.OfferedTo},
		{c.DoneDay != "" && c.State != fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN, "done " + c.DoneDay},
		{c.JudgedBy != "", "judged by " + c.JudgedBy},
		{c.ToldDay != "", "told " + c.ToldDay + " " + c.ToldHow},
		{c.Contested, "contested"},
		{c.FollowYear != 2026, fmt.Sprintf("in the ledger of %d", c.FollowYear)},
	} {
		if part.is {
			out += ", " + part.words
		}
	}
	return out
}

// openMoves are what may be done to the promise while it is open.
var openMoves = map[string]string{
	"handler":    "ReportProgress ReportDone ChangeDueDay ReassignCommitment",
	"office":     "ReportProgress ChangeDueDay ReassignCommitment DropCommitment",
	"supervisor": "UrgeCommitment",
}

// doneMoves are what may be done while it waits for its judge: its owner does not
// judge.
var doneMoves = map[string]string{
	"handler": "ReassignCommitment", "office": "VerifyCommitment ReassignCommitment", "supervisor": "VerifyCommitment",
}

func (l *ledger) slipTwice() {
	l.day("2026-08-20")
	slip := func(due, reason string) {
		l.do(l.as(l.Handler).commitments.ChangeDueDay(l.t.Context(), &fuyanv1.ChangeDueDayRequest{
			RequestId: uuid.NewString(), CommitmentId: l.commitment, ExpectedVersion: l.next, Due: due, Reason: reason, AgreedBy: "梁某",
		}))
	}
	slip("2026-10-31", "装修延后")
	l.sees("OPEN handler 2026-09-30→2026-10-31 slipped 1 times 31 days", "noted, confirmed, due_changed", openMoves)
	slip("2026-11-20", "消防验收")
	l.sees("OPEN handler 2026-09-30→2026-11-20 slipped 2 times 51 days", "noted, confirmed, due_changed, due_changed", openMoves)
	v, err := l.as(l.Delegate).commitments.GetCommitment(l.t.Context(), &fuyanv1.GetCommitmentRequest{CommitmentId: l.commitment})
	must(l.t, err)
	var days []string
	for _, g := range v.DueChanges {
		days = append(days, g.Before+" "+g.After+" "+g.Reason+" "+g.AgreedBy)
	}
	if want := []string{"2026-09-30 2026-10-31 装修延后 梁某", "2026-10-31 2026-11-20 消防验收 梁某"}; !slices.Equal(days, want) {
		l.t.Errorf("the delegate reads of the days %q, want %q", days, want)
	}
	l.told(l.Delegate, "【时限调整】提案第0042号的一项承诺调整了完成时限")
}

// told waits until the last notice of a person says this.
func (l *ledger) told(u casework.User, subject string) {
	l.t.Helper()
	l.await(subject, func() bool {
		list, err := l.db.ListNotices(l.t.Context(), u, postgres.NoticeFilter{Limit: 5})
		must(l.t, err)
		return slices.ContainsFunc(list, func(n postgres.Notice) bool { return n.Subject == subject })
	})
}

func (l *ledger) doneAndReturned() {
	l.day("2026-11-02")
	const before = "noted, confirmed, due_changed, due_changed, "
	l.reportDone("开放公告一份")
	l.sees("DONE handler 2026-09-30→2026-11-20 slipped 2 times 51 days, done 2026-11-02", before+"done", doneMoves)
	l.do(l.as(l.CPPCCSupervisor).commitments.VerifyCommitment(l.t.Context(), &fuyanv1.VerifyCommitmentRequest{
		RequestId: uuid.NewString(), CommitmentId: l.commitment, ExpectedVersion: l.next, Comment: "只有一处开放",
	}))
	l.sees("OPEN handler 2026-09-30→2026-11-20 slipped 2 times 51 days", before+"done, not_accepted", openMoves)
	l.told(l.Handler, "【退回】提案第0042号的一项承诺未通过核查，请继续办理")
}

func (l *ledger) reportDone(evidence string) {
	l.t.Helper()
	l.do(l.as(l.Handler).commitments.ReportDone(l.t.Context(), &fuyanv1.ReportDoneRequest{
		RequestId: uuid.NewString(), CommitmentId: l.commitment, ExpectedVersion: l.next, Evidence: evidence,
	}))
}

// urged: the promise is overdue, and the oversight office wants to know why.
func (l *ledger) urged() {
	ctx := l.t.Context()
	l.day("2026-11-25")
	const line = "OPEN handler 2026-09-30→2026-11-20 slipped 2 times 51 days, overdue"
	const before = "noted, confirmed, due_changed, due_changed, done, not_accepted, "
	l.do(l.as(l.CPPCCSupervisor).commitments.UrgeCommitment(ctx, &fuyanv1.UrgeCommitmentRequest{
		RequestId: uuid.NewString(), CommitmentId: l.commitment, ExpectedVersion: l.next, Text: "请说明", AnswerBy: "2026-12-01",
	}))
	l.sees(line, before+"urged", map[string]string{
		"handler":    "ReceiveUrge AnswerUrge " + openMoves["handler"],
		"office":     "ReceiveUrge AnswerUrge " + openMoves["office"],
		"supervisor": "UrgeCommitment",
	})
	l.told(l.Office, "【催办】督办单位催办提案第0042号的一项承诺，请签收并答复")
	l.do(l.as(l.Office).commitments.ReceiveUrge(ctx, &fuyanv1.ReceiveUrgeRequest{
		RequestId: uuid.NewString(), CommitmentId: l.commitment, ExpectedVersion: l.next,
	}))
	v, err := l.as(l.Handler).commitments.GetCommitment(ctx, &fuyanv1.GetCommitmentRequest{CommitmentId: l.commitment})
	must(l.t, err)
	u := v.Urges[0]
	if u.DocumentNumber != "市政协提案办催〔2026〕1号" || u.ReceivedBy != "office" || u.AnswerBy != "2026-12-01" {
		l.t.Errorf("the urge is %v", u)
	}
	l.do(l.as(l.Handler).commitments.AnswerUrge(ctx, &fuyanv1.AnswerUrgeRequest{
		RequestId: uuid.NewString(), CommitmentId: l.commitment, ExpectedVersion: l.next, UrgeId: u.Id, Text: "月底开放",
	}))
	l.sees(line, before+"urged, urge_received, urge_answered", openMoves)
	l.told(l.CPPCCSupervisor, "【催办答复】提案第0042号的一件催办已有答复")
}

const urgedProgress = "noted, confirmed, due_changed, due_changed, done, not_accepted, urged, urge_received, urge_answered, "

func (l *ledger) keptAndContradicted() {
	ctx := l.t.Context()
	l.day("2026-11-30")
	l.reportDone("三处开放公告")
	l.day("2026-12-03")
	l.verify("2026-12-02")
	const kept = "KEPT handler 2026-09-30→2026-11-20 slipped 2 times 51 days, done 2026-11-30, judged by cppcc-supervisor, told 2026-12-02 电话"
	l.sees(kept, urgedProgress+"done, accepted", map[string]string{
		"handler": "", "office": "AnswerKeeping ReopenCommitment", "supervisor": "AnswerKeeping ReopenCommitment", "delegate": "AnswerKeeping",
	})
	l.told(l.Delegate, "【核销】提案第0042号的一项承诺已办理完成")
	_, err := l.as(l.Delegate).commitments.AnswerKeeping(ctx, &fuyanv1.AnswerKeepingRequest{
		RequestId: uuid.NewString(), CommitmentId: l.commitment, ExpectedVersion: l.next, Channel: fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_OWN,
	})
	if connect.CodeOf(err) != connect.CodeInvalidArgument {
		l.t.Errorf("not kept, without words: %v", err)
	}
	l.do(l.as(l.Delegate).commitments.AnswerKeeping(ctx, &fuyanv1.AnswerKeepingRequest{
		RequestId: uuid.NewString(), CommitmentId: l.commitment, ExpectedVersion: l.next, Text: "第三处晚上不开",
		Channel: fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_OWN,
	}))
	l.sees(kept+", contested", urgedProgress+"done, accepted, said_not_kept", map[string]string{
		"office": "ReopenCommitment", "supervisor": "UpholdCommitment ReopenCommitment",
	})
	l.told(l.CPPCCSupervisor, "【不同意见】提出人认为提案第0042号的一项承诺没有兑现，请督办单位决定")
	if v := l.view(); v.Proposal.State != fuyanv1.State_STATE_ANSWERED || v.Proposal.Round != 1 {
		l.t.Errorf("what the proposer said touched the reply: %s, round %d", v.Proposal.State, v.Proposal.Round)
	}
	l.do(l.as(l.CPPCCSupervisor).commitments.ReopenCommitment(ctx, &fuyanv1.ReopenCommitmentRequest{
		RequestId: uuid.NewString(), CommitmentId: l.commitment, ExpectedVersion: l.next, Reason: "第三处应夜间开放", Due: "2027-01-31",
	}))
	l.sees("OPEN handler 2026-09-30→2027-01-31 slipped 3 times 123 days", urgedProgress+"done, accepted, said_not_kept, reopened", openMoves)
	v, err := l.as(l.Delegate).commitments.GetCommitment(ctx, &fuyanv1.GetCommitmentRequest{CommitmentId: l.commitment})
	must(l.t, err)
	if a := v.Answers[0]; a.Text != "第三处晚上不开" || a.Decision != fuyanv1.KeepingDecision_KEEPING_DECISION_REOPENED || a.DecisionReason != "第三处应夜间开放" {
		l.t.Errorf("the delegate reads of their word %v", a)
	}
}

func (l *ledger) verify(told string) {
	l.t.Helper()
	l.do(l.as(l.CPPCCSupervisor).commitments.VerifyCommitment(l.t.Context(), &fuyanv1.VerifyCommitmentRequest{
		RequestId: uuid.NewString(), CommitmentId: l.commitment, ExpectedVersion: cmp.Or(l.next, 1), Accepted: true, Comment: "属实",
		ToldDay: told, ToldHow: "电话",
	}))
}

func (l *ledger) carriedAndKept() {
	ctx := l.t.Context()
	carry := func(day string) {
		l.day(day)
		must(l.t, l.db.DoCarryOver(context.WithoutCancel(ctx)))
	}
	const open = "OPEN handler 2026-09-30→2027-01-31 slipped 3 times 123 days"
	const reopened = urgedProgress + "done, accepted, said_not_kept, reopened"
	carry("2026-12-30")
	l.sees(open, reopened, openMoves)
	carry("2026-12-31")
	carry("2027-01-01")
	l.sees(open+", in the ledger of 2027", reopened+", carried", openMoves)
	l.told(l.Delegate, "【转下年度】提案第0042号的承诺转入下一年度继续办理")
	l.told(l.Handler, "【转下年度】提案第0042号的一项承诺转入下一年度继续办理")
	l.day("2027-01-20")
	l.reportDone("夜间开放公告")
	l.verify("2027-01-20")
	const kept = "KEPT handler 2026-09-30→2027-01-31 slipped 3 times 123 days, done 2027-01-20, judged by cppcc-supervisor, told 2027-01-20 电话, in the ledger of 2027"
	l.sees(kept, reopened+", carried, done, accepted", map[string]string{
		"office": "AnswerKeeping ReopenCommitment", "supervisor": "AnswerKeeping ReopenCommitment", "delegate": "AnswerKeeping",
	})
	l.do(l.as(l.Delegate).commitments.AnswerKeeping(ctx, &fuyanv1.AnswerKeepingRequest{
		RequestId: uuid.NewString(), CommitmentId: l.commitment, ExpectedVersion: l.next, Kept: true, Text: "谢谢",
		Channel: fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_OWN,
	}))
	l.sees(kept, reopened+", carried, done, accepted, said_kept", map[string]string{"office": "ReopenCommitment", "supervisor": "ReopenCommitment"})
}
