package drill_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"github.com/google/uuid"

	"fuyan/casework/letter"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/gen/fuyan/v1/fuyanv1connect"
	"fuyan/seeds"
)

// as signs a demo person in.
func (p *process) as(name string) signedIn {
	p.t.Helper()
	transport := connecthttp.NewTransport(http.DefaultClient, "http://"+p.addr)
	accounts := fuyanv1connect.NewAccountServiceClient(connect.NewClient(transport))
	in, err := accounts.SignIn(p.t.Context(), &fuyanv1.SignInRequest{Name: name, Password: seeds.Password})
	must(p.t, err)
	return signedIn{newClients(connect.NewClient(transport, bearer(in.Token))), in.User}
}

// signedIn is how a person calls, and who that is.
type signedIn struct {
	clients
	me *fuyanv1.User
}

// TestDrillKillDuringIssuing kills the program at random moments while letters
// are issued. After each restart every issued letter has its number, its event
// and its commitments, none is doubled, and what was acknowledged is there.
func TestDrillKillDuringIssuing(t *testing.T) {
	t.Parallel()
	rounds := 4
	if full() {
		rounds = 100
	}
	random := newRandom(t)
	addr := freeAddr(t)
	p := newProcess(t, addr, "--listen", addr)
	p.start()
	var issued []int64
	for round := range rounds {
		ids := p.sign(round, 6)
		acknowledged := p.issueAndKill(ids, random.IntN(len(ids)), time.Duration(random.IntN(10_000))*time.Microsecond)
		p.start()
		issued = append(issued, p.check(ids, acknowledged)...)
	}
	t.Logf("%d of %d letters were issued before the kill", len(issued), rounds*6)
	if len(issued) == 0 || len(issued) == rounds*6 {
		t.Errorf("the kill never fell into the issuing: %d letters", len(issued))
	}
	p.checkNumbers()
	p.stop()
	fuyan(t, "verify", "--data", p.data)
}

// sign brings n new proposals to the signature.
func (p *process) sign(round, n int) (ids []int64) {
	p.t.Helper()
	ctx := p.t.Context()
	office, handler := p.as("office"), p.as("handler")
	head, leader := p.as("head"), p.as("leader")
	for i := range n {
		number := fmt.Sprintf("%d", 5000+round*n+i)
		in, err := office.proposals.ReceiveProposal(ctx, &fuyanv1.ReceiveProposalRequest{
			RequestId: uuid.NewString(), Kind: fuyanv1.Kind_KIND_NPC_SUGGESTION, Number: number, Title: "关于开放旧车间的建议",
			Sitting: &fuyanv1.Sitting{Body: "市人大", Term: 16, Session: 4}, Text: "车间空着。",
			Proposers: []*fuyanv1.NewProposer{{Name: "丁某"}},
		})
		must(p.t, err)
		id := in.Proposal.Id
		ids = append(ids, id)
		version := in.Proposal.Version
		step := func(v interface{ GetProposal() *fuyanv1.Proposal }, err error) {
			p.t.Helper()
			must(p.t, err)
			version = v.GetProposal().Version
		}
		step(office.proposals.AcceptProposal(ctx, &fuyanv1.AcceptProposalRequest{RequestId: uuid.NewString(), ProposalId: id, ExpectedVersion: version}))
		step(office.proposals.AssignProposal(ctx, &fuyanv1.AssignProposalRequest{RequestId: uuid.NewString(), ProposalId: id, ExpectedVersion: version, HandlerId: handler.me.Id}))
		step(handler.replies.SaveDraft(ctx, &fuyanv1.SaveDraftRequest{
			RequestId: uuid.NewString(), ProposalId: id, ExpectedVersion: version, Text: workshopReply,
			Result: fuyanv1.Result_RESULT_ADOPTED, Publicity: fuyanv1.Publicity_PUBLICITY_FULL,
		}))
		step(handler.replies.SubmitReply(ctx, &fuyanv1.SubmitReplyRequest{RequestId: uuid.NewString(), ProposalId: id, ExpectedVersion: version}))
		step(head.replies.ApproveReply(ctx, &fuyanv1.ApproveReplyRequest{RequestId: uuid.NewString(), ProposalId: id, ExpectedVersion: version}))
		step(office.replies.ApproveReply(ctx, &fuyanv1.ApproveReplyRequest{RequestId: uuid.NewString(), ProposalId: id, ExpectedVersion: version}))
		step(leader.replies.SignReply(ctx, &fuyanv1.SignReplyRequest{RequestId: uuid.NewString(), ProposalId: id, ExpectedVersion: version}))
	}
	return ids
}

// workshopReply makes two promises.
const workshopReply = "丁某代表：\n\n您提出的“关于开放旧车间的建议”的代表建议收悉，经研究，现将办理情况答复如下：\n\n" +
	"我委已清查空置车间。\n\n下一步，我委将逐个开放空置车间。我委还将在明年6月底前公布名录。\n\n感谢您对本市科技工作的关心和支持。"

// issueAndKill issues all letters at once and kills the program a moment after
// it said of some that they are issued. It returns all of which it said so.
func (p *process) issueAndKill(ids []int64, some int, moment time.Duration) (acknowledged []int64) {
	office := p.as("office")
	versions := map[int64]int64{}
	for _, id := range ids {
		v, err := office.proposals.GetProposal(p.t.Context(), &fuyanv1.GetProposalRequest{ProposalId: id})
		must(p.t, err)
		versions[id] = v.View.Proposal.Version
	}
	said := make(chan int64, len(ids))
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			_, err := office.replies.IssueReply(p.t.Context(), &fuyanv1.IssueReplyRequest{
				RequestId: uuid.NewString(), ProposalId: id, ExpectedVersion: versions[id], OverrideReason: "承诺随后确认",
			})
			if err == nil {
				said <- id
			}
		})
	}
	for range some {
		acknowledged = append(acknowledged, <-said)
	}
	time.Sleep(moment)
	p.kill()
	wg.Wait()
	close(said)
	for id := range said {
		acknowledged = append(acknowledged, id)
	}
	return acknowledged
}

// check compares each proposal with what a letter all or nothing means, and
// returns the issued ones.
func (p *process) check(ids, acknowledged []int64) (issued []int64) {
	office := p.as("office")
	ctx := p.t.Context()
	for _, id := range ids {
		v, err := office.proposals.GetProposal(ctx, &fuyanv1.GetProposalRequest{ProposalId: id})
		must(p.t, err)
		r, err := office.replies.GetReply(ctx, &fuyanv1.GetReplyRequest{ProposalId: id})
		must(p.t, err)
		events, err := office.proposals.ListEvents(ctx, &fuyanv1.ListEventsRequest{ProposalId: id})
		must(p.t, err)
		count := 0
		for _, e := range events.Events {
			if e.Verb == "issue" {
				count++
			}
		}
		switch state := v.View.Proposal.State; {
		case state == fuyanv1.State_STATE_SIGNED && len(r.Reply.Letters) == 0 && count == 0 && !slices.Contains(acknowledged, id):
		case state == fuyanv1.State_STATE_ISSUED && len(r.Reply.Letters) == 1 && count == 1:
			issued = append(issued, id)
			p.checkCommitments(office, id)
		default:
			p.t.Errorf("proposal %d: state %s, %d letters, %d events of issue, acknowledged %v",
				id, state, len(r.Reply.Letters), count, slices.Contains(acknowledged, id))
		}
	}
	return issued
}

// checkCommitments waits for the job, and sees that it worked once.
func (p *process) checkCommitments(office signedIn, id int64) {
	want := len(letter.Read(workshopReply).Commitments)
	var got int
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		list, err := office.commitments.ListCommitments(p.t.Context(), &fuyanv1.ListCommitmentsRequest{ProposalId: id})
		must(p.t, err)
		if got = len(list.Commitments); got >= want {
			break
		}
	}
	if got != want {
		p.t.Errorf("proposal %d has %d commitments on record, want %d", id, got, want)
	}
}

// checkNumbers sees that the series of this year runs from 1 without a gap and
// without a double.
func (p *process) checkNumbers() {
	office := p.as("office")
	year := fmt.Sprintf("沪科建复〔%d〕", time.Now().In(time.FixedZone("", 8*60*60)).Year())
	seen := map[int]int{}
	for token := ""; ; {
		list, err := office.proposals.ListProposals(p.t.Context(), &fuyanv1.ListProposalsRequest{PageSize: 200, PageToken: token})
		must(p.t, err)
		for _, proposal := range list.Proposals {
			for round := int32(1); round <= proposal.Round; round++ {
				r, err := office.replies.GetReply(p.t.Context(), &fuyanv1.GetReplyRequest{ProposalId: proposal.Id, Round: round})
				must(p.t, err)
				if n := len(r.Reply.Letters); n > 0 && strings.HasPrefix(r.Reply.Letters[n-1].DocumentNumber, year) {
					_, _, number, err := letter.ParseNumber(r.Reply.Letters[n-1].DocumentNumber)
					must(p.t, err)
					seen[number]++
				}
			}
		}
		if token = list.NextPageToken; token == "" {
			break
		}
	}
	for n := range len(seen) {
		if seen[n+1] != 1 {
			p.t.Errorf("%s%d号 was given %d times", year, n+1, seen[n+1])
		}
	}
}
