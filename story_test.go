package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"fuyan/casework"
	"fuyan/casework/letter"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/gen/fuyan/v1/fuyanv1connect"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/server"
	"fuyan/worker"
)

// stage is the whole service on a database of its own: RPCs over HTTP, and
// River working the jobs.
type stage struct {
	t   *testing.T
	url string
	db  *postgres.DB
	postgrestest.People
}

func newStage(t *testing.T) *stage {
	t.Helper()
	pool := postgrestest.New(t)
	d, err := postgres.New(pool, postgres.Options{Now: time.Now})
	must(t, err)
	log := slog.New(slog.DiscardHandler)
	srv := httptest.NewServer(server.New(d, server.Options{Log: log}))
	t.Cleanup(srv.Close)
	jobs, err := worker.New(pool, d, worker.Options{Log: log})
	must(t, err)
	must(t, jobs.Start(t.Context()))
	t.Cleanup(func() { <-jobs.Stopped() })
	return &stage{t, srv.URL, d, postgrestest.NewPeople(t, pool)}
}

// as returns the RPCs as u calls them.
func (s *stage) as(u casework.User) clients {
	c := connect.NewClient(connecthttp.NewTransport(http.DefaultClient, s.url), bearer(postgrestest.Token(u)))
	return clients{
		fuyanv1connect.NewProposalServiceClient(c), fuyanv1connect.NewReplyServiceClient(c),
		fuyanv1connect.NewCommitmentServiceClient(c), &fuyanv1.User{Id: u.ID},
	}
}

// clients are the RPCs as one person calls them.
type clients struct {
	proposals   fuyanv1connect.ProposalServiceClient
	replies     fuyanv1connect.ReplyServiceClient
	commitments fuyanv1connect.CommitmentServiceClient
	me          *fuyanv1.User
}

// bearer adds a token to every call.
func bearer(token string) connect.ClientInterceptor {
	return func(next connect.ClientFunc) connect.ClientFunc {
		return func(ctx context.Context, spec connect.Spec) (connect.ClientStream, error) {
			info, _ := connect.CallInfoForClientContext(ctx)
			info.RequestHeader().Set("Authorization", "Bearer "+token)
			return next(ctx, spec)
		}
	}
}

// a tale is one proposal on its way, by RPC alone.
type tale struct {
	*stage
	id, version int64
}

// step checks that a move led to the state and notes the version for the next.
func (a *tale) step(want fuyanv1.State) func(interface{ GetProposal() *fuyanv1.Proposal }, error) {
	return func(answer interface{ GetProposal() *fuyanv1.Proposal }, err error) {
		a.t.Helper()
		must(a.t, err)
		p := answer.GetProposal()
		if p.State != want {
			a.t.Fatalf("proposal is %s, want %s", p.State, want)
		}
		a.id, a.version = p.Id, p.Version
	}
}

func (a *tale) view() *fuyanv1.ProposalView {
	a.t.Helper()
	v, err := a.as(a.Office).proposals.GetProposal(a.t.Context(), &fuyanv1.GetProposalRequest{ProposalId: a.id})
	must(a.t, err)
	a.version = v.View.Proposal.Version
	return v.View
}

func (a *tale) reply() *fuyanv1.Reply {
	a.t.Helper()
	r, err := a.as(a.Office).replies.GetReply(a.t.Context(), &fuyanv1.GetReplyRequest{ProposalId: a.id})
	must(a.t, err)
	return r.Reply
}

// await waits for what a job does.
func (a *tale) await(what string, done func() bool) {
	a.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			a.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// stories are one proposal of each kind.
var stories = []struct {
	kind       fuyanv1.Kind
	sitting    *fuyanv1.Sitting
	noun       string
	address    string
	prefix     string
	copies     []string
	supervisor func(p postgrestest.People) casework.User
	office     func(p postgrestest.People) int64
}{
	{
		fuyanv1.Kind_KIND_CPPCC_PROPOSAL, &fuyanv1.Sitting{Body: "市政协", Term: 14, Session: 4}, "提案", "委员", "某试提复",
		[]string{"市政府办公厅建议提案处", "市政协提案办"},
		func(p postgrestest.People) casework.User { return p.CPPCCSupervisor }, func(p postgrestest.People) int64 { return p.CPPCC },
	},
	{
		fuyanv1.Kind_KIND_NPC_SUGGESTION, &fuyanv1.Sitting{Body: "市人大", Term: 16, Session: 4}, "代表建议", "代表", "某试建复",
		[]string{"市政府办公厅建议提案处", "市人大代表工作处"},
		func(p postgrestest.People) casework.User { return p.NPCSupervisor }, func(p postgrestest.People) int64 { return p.NPC },
	},
}

// TestStory walks one proposal of each kind from receipt to its published reply
// and its kept commitment, as the people who may do each step.
func TestStory(t *testing.T) {
	t.Parallel()
	for _, story := range stories {
		t.Run(story.noun, func(t *testing.T) {
			t.Parallel()
			a := &tale{stage: newStage(t)}
			body := story.supervisor(a.People)
			a.receive(story.kind, story.sitting)
			a.returnAndAccept(body)
			a.assignAndAsk()
			a.draft(fmt.Sprintf(storyReply, story.address, story.noun))
			a.review()
			a.issue(story.prefix, story.noun)
			a.deliver(story.office(a.People), body)
			a.publish()
			a.keepCommitment(body)
			a.redo(body, fmt.Sprintf(storyReply, story.address, story.noun))
			a.end(story.copies)
		})
	}
}

const storyReply = "甲某、乙某%s：\n\n你们提出的“关于夜间开放图书室的建议”的%s收悉，经研究，现将办理情况答复如下：\n\n" +
	"一、现状\n\n我委已开放两处图书室。\n\n二、打算\n\n下一步，我委将在2099年6月底前再开放三处图书室。我委还将公布开放名录。\n\n感谢你们对本市科技工作的关心和支持。"

func (a *tale) receive(kind fuyanv1.Kind, sitting *fuyanv1.Sitting) {
	a.step(fuyanv1.State_STATE_RECEIVED)(a.as(a.Office).proposals.ReceiveProposal(a.t.Context(), &fuyanv1.ReceiveProposalRequest{
		RequestId: uuid.NewString(), Kind: kind, Sitting: sitting, Number: "0042", Title: "关于夜间开放图书室的建议", Text: "夜里没有图书室。",
		Proposers: []*fuyanv1.NewProposer{{Name: "甲某", UserId: a.Delegate.ID, Phone: "021-55550000"}, {Name: "乙某"}}, TextPublic: true,
	}))
	v := a.view()
	var got []string
	for _, d := range v.Deadlines {
		got = append(got, d.Rule)
	}
	if want := []string{"REPLY", "RETURN_WRONG"}; !slices.Equal(got, want) {
		a.t.Errorf("deadlines at receipt = %v, want %v", got, want)
	}
	if strings.Contains(v.String(), "55550000") {
		a.t.Error("a proposer's telephone left the program")
	}
}

func (a *tale) returnAndAccept(body casework.User) {
	ctx := a.t.Context()
	a.step(fuyanv1.State_STATE_RETURN_REQUESTED)(a.as(a.Office).proposals.RequestReturn(ctx, &fuyanv1.RequestReturnRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, Reason: "似属他单位职责",
	}))
	a.step(fuyanv1.State_STATE_RECEIVED)(a.as(body).proposals.DecideReturn(ctx, &fuyanv1.DecideReturnRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, Decision: fuyanv1.Decision_DECISION_REFUSED, Reason: "仍请办理",
	}))
	a.step(fuyanv1.State_STATE_ACCEPTED)(a.as(a.Office).proposals.AcceptProposal(ctx, &fuyanv1.AcceptProposalRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version,
	}))
}

func (a *tale) assignAndAsk() {
	ctx := a.t.Context()
	drafting := a.step(fuyanv1.State_STATE_DRAFTING)
	drafting(a.as(a.Office).proposals.AssignProposal(ctx, &fuyanv1.AssignProposalRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, HandlerId: a.Handler.ID,
	}))
	drafting(a.as(a.Handler).proposals.RequestOpinion(ctx, &fuyanv1.RequestOpinionRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, OrganId: a.Helper, Question: "能否延长开放？",
	}))
	drafting(a.as(a.HelperOffice).proposals.SubmitOpinion(ctx, &fuyanv1.SubmitOpinionRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, Text: "可以。",
	}))
	v := a.view()
	drafting(a.as(a.Handler).proposals.RecordContact(ctx, &fuyanv1.RecordContactRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, ProposerId: v.Proposers[0].Id,
		Channel: fuyanv1.ContactChannel_CONTACT_CHANNEL_CALL, Day: a.db.Today().String(), Summary: "已沟通。",
	}))
	until := a.db.Today().AddMonths(5).String()
	drafting(a.as(a.Office).proposals.RequestExtension(ctx, &fuyanv1.RequestExtensionRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, Reason: "涉及面广", Until: until,
	}))
	drafting(a.as(a.Supervisor).proposals.DecideExtension(ctx, &fuyanv1.DecideExtensionRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, Decision: fuyanv1.Decision_DECISION_GRANTED, Reason: "同意",
	}))
	reply := a.view().Deadlines[0]
	if reply.Due != until || reply.FirstDue != a.db.Today().AddMonths(3).String() {
		a.t.Errorf("reply due %s, first %s; want %s and three months", reply.Due, reply.FirstDue, until)
	}
}

func (a *tale) draft(text string) {
	ctx := a.t.Context()
	a.step(fuyanv1.State_STATE_DRAFTING)(a.as(a.Handler).replies.SaveDraft(ctx, &fuyanv1.SaveDraftRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, Text: text,
		Result: fuyanv1.Result_RESULT_ADOPTED, Publicity: fuyanv1.Publicity_PUBLICITY_FULL,
	}))
	check, err := a.as(a.Handler).replies.CheckDraft(ctx, &fuyanv1.CheckDraftRequest{ProposalId: a.id})
	must(a.t, err)
	undecided := 0
	for _, f := range check.Faults {
		switch {
		case f.Rule == letter.Undecided && f.Error:
			undecided++
		case f.Error:
			a.t.Errorf("the draft has a fault: %s", f.Message)
		}
	}
	if len(check.Promises) != 2 || undecided != 2 {
		a.t.Errorf("the draft promises %d things, of which %d wait to be confirmed; want 2 and 2", len(check.Promises), undecided)
	}
	a.step(fuyanv1.State_STATE_REVIEWING)(a.as(a.Handler).replies.SubmitReply(ctx, &fuyanv1.SubmitReplyRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version,
	}))
}

func (a *tale) review() {
	ctx := a.t.Context()
	reviewing := a.step(fuyanv1.State_STATE_REVIEWING)
	approve := func(u casework.User) {
		a.t.Helper()
		reviewing(a.as(u).replies.ApproveReply(ctx, &fuyanv1.ApproveReplyRequest{RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, Comment: "同意"}))
	}
	approve(a.Head)
	a.step(fuyanv1.State_STATE_DRAFTING)(a.as(a.Office).replies.SendBackReply(ctx, &fuyanv1.SendBackReplyRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, Comment: "请核对数字",
	}))
	reviewing(a.as(a.Handler).replies.SubmitReply(ctx, &fuyanv1.SubmitReplyRequest{RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version}))
	_, err := a.as(a.Leader).replies.SignReply(ctx, &fuyanv1.SignReplyRequest{RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version})
	if connect.CodeOf(err) != connect.CodeFailedPrecondition {
		a.t.Errorf("SignReply before the approvals = %v, want %s: sending back starts them anew", err, connect.CodeFailedPrecondition)
	}
	approve(a.Head)
	approve(a.Office)
	a.step(fuyanv1.State_STATE_SIGNED)(a.as(a.Leader).replies.SignReply(ctx, &fuyanv1.SignReplyRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, Comment: "同意印发",
	}))
}

func (a *tale) issue(prefix, noun string) {
	ctx := a.t.Context()
	_, err := a.as(a.Office).replies.IssueReply(ctx, &fuyanv1.IssueReplyRequest{RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version})
	if connect.CodeOf(err) != connect.CodeFailedPrecondition || !strings.Contains(err.Error(), "有 2 项承诺尚未确认：“") {
		a.t.Errorf("IssueReply with promises that nobody confirmed = %v", err)
	}
	issued, err := a.as(a.Office).replies.IssueReply(ctx, &fuyanv1.IssueReplyRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, OverrideReason: "承诺随后确认",
	})
	a.step(fuyanv1.State_STATE_ISSUED)(issued, err)
	l := issued.Letter
	if !strings.HasPrefix(l.DocumentNumber, prefix) || !strings.Contains(l.Text, "第0042号"+noun+"的答复") {
		a.t.Errorf("letter %s:\n%s", l.DocumentNumber, l.Text)
	}
	if sum := sha256.Sum256([]byte(l.Text)); l.Sha256 != hex.EncodeToString(sum[:]) {
		a.t.Error("the letter's hash is not its text's")
	}
}

func (a *tale) deliver(second int64, body casework.User) {
	ctx := a.t.Context()
	step := a.step(fuyanv1.State_STATE_ISSUED)
	for _, s := range a.view().Proposers {
		step(a.as(a.Office).replies.RecordDelivery(ctx, &fuyanv1.RecordDeliveryRequest{
			RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, ProposerId: s.Id,
			Channel: fuyanv1.DeliveryChannel_DELIVERY_CHANNEL_HAND, Proof: "签收单",
		}))
	}
	for _, organ := range []int64{a.Government, second} {
		step(a.as(a.Office).replies.SendCopy(ctx, &fuyanv1.SendCopyRequest{RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, OrganId: organ}))
	}
	a.await("the answer to be complete", func() bool { return a.view().Proposal.State == fuyanv1.State_STATE_ANSWERED })
	a.step(fuyanv1.State_STATE_ANSWERED)(a.as(body).replies.AcknowledgeCopy(ctx, &fuyanv1.AcknowledgeCopyRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version,
	}))
}

func (a *tale) publish() {
	a.step(fuyanv1.State_STATE_ANSWERED)(a.as(a.Office).replies.PublishReply(a.t.Context(), &fuyanv1.PublishReplyRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version,
	}))
	r := a.reply()
	if r.Publication == nil || r.Publication.Text != r.Letters[0].Text || r.Publication.Published != a.db.Today().String() {
		a.t.Errorf("publication = %v", r.Publication)
	}
}

func (a *tale) keepCommitment(body casework.User) {
	ctx := a.t.Context()
	var list []*fuyanv1.Commitment
	a.await("the commitments to be recorded", func() bool {
		answer, err := a.as(a.Office).commitments.ListCommitments(ctx, &fuyanv1.ListCommitmentsRequest{ProposalId: a.id})
		must(a.t, err)
		list = answer.Commitments
		return len(list) > 0
	})
	if len(list) != 2 || list[0].WordsDue != "2099-06-30" {
		a.t.Fatalf("commitments = %v", list)
	}
	text := []rune(a.reply().Letters[0].Text)
	if c := list[0]; string(text[c.Span.Start:c.Span.End]) != c.Text {
		a.t.Errorf("the commitment does not stand at its place: %q", c.Text)
	}
	c := list[0]
	next := func(want fuyanv1.CommitmentState) func(interface {
		GetCommitment() *fuyanv1.Commitment
	}, error) {
		return func(answer interface {
			GetCommitment() *fuyanv1.Commitment
		}, err error,
		) {
			a.t.Helper()
			must(a.t, err)
			if c = answer.GetCommitment(); c.State != want {
				a.t.Fatalf("commitment is %s, want %s", c.State, want)
			}
		}
	}
	open := fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN
	due, later := a.db.Today().AddDays(30).String(), a.db.Today().AddDays(60).String()
	next(open)(a.as(a.Handler).commitments.ConfirmCommitment(ctx, &fuyanv1.ConfirmCommitmentRequest{
		RequestId: uuid.NewString(), CommitmentId: c.Id, ExpectedVersion: c.Version, OwnerId: a.Handler.ID, Due: due, Deliverable: "三处图书室",
	}))
	next(open)(a.as(a.Handler).commitments.ChangeDueDay(ctx, &fuyanv1.ChangeDueDayRequest{
		RequestId: uuid.NewString(), CommitmentId: c.Id, ExpectedVersion: c.Version, Due: later, Reason: "装修延后", AgreedBy: "梁某",
	}))
	if c.FirstDue != due || c.Due != later {
		a.t.Errorf("due %s, first %s; want %s and %s", c.Due, c.FirstDue, later, due)
	}
	next(fuyanv1.CommitmentState_COMMITMENT_STATE_DONE)(a.as(a.Handler).commitments.ReportDone(ctx, &fuyanv1.ReportDoneRequest{
		RequestId: uuid.NewString(), CommitmentId: c.Id, ExpectedVersion: c.Version, Evidence: "开放公告三份",
	}))
	_, err := a.as(a.Handler).commitments.VerifyCommitment(ctx, &fuyanv1.VerifyCommitmentRequest{
		RequestId: uuid.NewString(), CommitmentId: c.Id, ExpectedVersion: c.Version, Accepted: true, Comment: "好",
		ToldDay: a.db.Today().String(), ToldHow: "电话",
	})
	if connect.CodeOf(err) != connect.CodePermissionDenied {
		a.t.Errorf("VerifyCommitment by its owner = %v, want %s", err, connect.CodePermissionDenied)
	}
	next(fuyanv1.CommitmentState_COMMITMENT_STATE_KEPT)(a.as(body).commitments.VerifyCommitment(ctx, &fuyanv1.VerifyCommitmentRequest{
		RequestId: uuid.NewString(), CommitmentId: c.Id, ExpectedVersion: c.Version, Accepted: true, Comment: "已实地查看",
		ToldDay: a.db.Today().String(), ToldHow: "电话",
	}))
}

func (a *tale) redo(body casework.User, text string) {
	ctx := a.t.Context()
	a.view()
	a.step(fuyanv1.State_STATE_DRAFTING)(a.as(body).proposals.RedoProposal(ctx, &fuyanv1.RedoProposalRequest{
		RequestId: uuid.NewString(), ProposalId: a.id, ExpectedVersion: a.version, Reason: "尚有一问未答",
	}))
	a.draft(text)
	a.review()
	if v := a.view(); v.Proposal.Round != 2 || v.Proposal.ReplyDue != a.db.Today().AddMonths(1).String() {
		a.t.Errorf("round %d due %s, want round 2 in one month", v.Proposal.Round, v.Proposal.ReplyDue)
	}
	first, err := a.as(a.Delegate).replies.GetReply(ctx, &fuyanv1.GetReplyRequest{ProposalId: a.id, Round: 1})
	must(a.t, err)
	if len(first.Reply.Letters) != 1 || len(first.Reply.Drafts) != 0 {
		a.t.Errorf("the delegate sees %d letters and %d drafts of the first round, want 1 and 0", len(first.Reply.Letters), len(first.Reply.Drafts))
	}
}

func (a *tale) end(copies []string) {
	first, err := a.as(a.Office).replies.GetReply(a.t.Context(), &fuyanv1.GetReplyRequest{ProposalId: a.id, Round: 1})
	must(a.t, err)
	var sent []string
	for _, c := range first.Reply.Copies {
		if c.SendTime != nil {
			sent = append(sent, c.Organ)
		}
	}
	if diff := cmp.Diff(copies, sent); diff != "" {
		a.t.Errorf("copies (-want +got):\n%s", diff)
	}
	if _, err := a.db.Verify(a.t.Context()); err != nil {
		a.t.Error(err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if e, ok := errors.AsType[*connect.Error](err); ok {
		t.Fatalf("%v: %v", connect.CodeOf(err), e)
	}
	t.Fatal(err)
}

// TestGRPC: the server speaks it without TLS.
func TestGRPC(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	d, err := postgres.New(pool, postgres.Options{Now: postgrestest.Now})
	must(t, err)
	people := postgrestest.NewPeople(t, pool)
	srv := httptest.NewUnstartedServer(nil)
	srv.Config = bounded(server.New(d, server.Options{Log: slog.New(slog.DiscardHandler)}))
	srv.Start()
	t.Cleanup(srv.Close)
	over := new(http.Protocols)
	over.SetUnencryptedHTTP2(true)
	transport := connecthttp.NewTransport(&http.Client{Transport: &http.Transport{Protocols: over}}, srv.URL, connecthttp.WithGRPC())
	accounts := fuyanv1connect.NewAccountServiceClient(connect.NewClient(transport, bearer(postgrestest.Token(people.Office))))
	me, err := accounts.GetMe(t.Context(), &fuyanv1.GetMeRequest{})
	if err != nil || me.User.Id != people.Office.ID {
		t.Errorf("GetMe: %v, %v", me, err)
	}
	_, err = accounts.ListUsers(t.Context(), &fuyanv1.ListUsersRequest{PageSize: -1})
	if connect.CodeOf(err) != connect.CodeInvalidArgument && connect.CodeOf(err) != connect.CodePermissionDenied {
		t.Errorf("a wrong request: %v", err)
	}
}
