package drill_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"connectrpc.com/connect/v2"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
)

// A load is a town in which lives begin until it is told to stop.
type load struct {
	*town
	ctx    context.Context // ends when who has no answer yet shall give up
	giveUp context.CancelFunc
	ending chan struct{} // closed when no life shall take another step
	lives  sync.WaitGroup
}

// run lets people receive proposals and lead each to its end, many at once.
func (l *town) run(people int, random *rand.Rand) *load {
	ctx, giveUp := context.WithCancel(l.t.Context())
	r := &load{town: l, ctx: ctx, giveUp: giveUp, ending: make(chan struct{})}
	for range people {
		chance := rand.New(rand.NewPCG(random.Uint64(), 0))
		r.lives.Go(func() {
			for !r.ended() {
				(&life{load: r, random: chance}).live()
			}
		})
	}
	return r
}

func (r *load) ended() bool {
	select {
	case <-r.ending:
		return true
	case <-r.ctx.Done():
		return true
	default:
		return false
	}
}

// stop ends the load: everybody waits for the answer to the last call, for a
// while. It says what was done.
func (r *load) stop() {
	r.t.Helper()
	close(r.ending)
	impatient := time.AfterFunc(time.Minute, r.giveUp)
	r.lives.Wait()
	impatient.Stop()
	r.giveUp()
	acknowledged := 0
	for _, e := range r.journal {
		if e.acknowledged {
			acknowledged++
		}
	}
	r.t.Logf("%d writes acknowledged of %d, %d calls made again, %d that were stale, %d reads, the slowest call %v, without an answer: %v",
		acknowledged, len(r.journal), r.again.Load(), r.stale.Load(), r.reads.Load(), r.slowest().Round(time.Millisecond), r.failed)
	for i, what := range r.refused {
		if i == 10 {
			r.t.Errorf("and %d more", len(r.refused)-i)
			break
		}
		r.t.Errorf("refused: %s", what)
	}
	if acknowledged == 0 {
		r.t.Error("nothing was done")
	}
}

// A life is one proposal on its way.
type life struct {
	*load
	random      *rand.Rand
	id, version int64
	body        casework.User // who oversees it
	office      int64         // where that person works
	proposers   []int64
	unwritten   bool // nobody wants a letter
	unhappy     bool // a proposer is not satisfied with the letter
}

// live leads a proposal through its states, now and then by a side way.
func (f *life) live() {
	for _, step := range []func() bool{
		f.receive, f.returned, f.accept, f.assign, f.withdrawn, f.opinion, f.contact, f.extension, f.rest, f.unwrittenEnd,
		f.draft, f.review, f.issue, f.correct, f.deliver, f.publish, f.feedback, f.promises, f.redo, f.end,
	} {
		if f.ended() || !step() {
			return
		}
		f.look()
		f.desk()
	}
}

// chance is true once in n times.
func (f *life) chance(n int) bool { return f.random.IntN(n) == 0 }

// A moved is the answer of a move of a proposal.
type moved interface{ GetProposal() *fuyanv1.Proposal }

// mostStale is how often a move may meet a version that a job made meanwhile.
const mostStale = 10

// move makes one move of the proposal. What a job changed meanwhile it reads
// anew.
func (f *life) move(verb casework.Verb, do func(ctx context.Context, request string, version int64) (moved, error)) bool {
	for range mostStale {
		e, err := f.write(f.ctx, entry{proposal: f.id, verb: string(verb)}, func(ctx context.Context, request string) (entry, error) {
			answer, err := do(ctx, request, f.version)
			if err != nil {
				return entry{}, err
			}
			e := entry{proposal: answer.GetProposal().Id, version: answer.GetProposal().Version}
			if issued, ok := answer.(*fuyanv1.IssueReplyResponse); ok {
				e.number = issued.Letter.DocumentNumber
			}
			return e, nil
		})
		switch {
		case err == nil:
			f.id, f.version = e.proposal, e.version
			return true
		case connect.CodeOf(err) == connect.CodeAborted:
			if f.view() == nil {
				return false
			}
		default:
			f.complain(string(verb), err)
			return false
		}
	}
	f.refuse("%s of proposal %d is stale again and again", verb, f.id)
	return false
}

// complain puts a refusal on record, unless the caller gave up, or named a day that
// the server has not come to.
func (f *life) complain(verb string, err error) {
	if f.doubtful && connect.CodeOf(err) == connect.CodeInvalidArgument {
		return
	}
	if !errors.Is(err, context.Canceled) {
		f.refuse("%s of proposal %d: %v: %v", verb, f.id, connect.CodeOf(err), err)
	}
}

// view reads the proposal until it has an answer; nil when the load ends first.
func (f *life) view() *fuyanv1.ProposalView {
	var view *fuyanv1.ProposalView
	ok := f.sure("one proposal", func(ctx context.Context) error {
		answer, err := f.as(f.Office).proposals.GetProposal(ctx, &fuyanv1.GetProposalRequest{ProposalId: f.id})
		view = answer.GetView()
		return err
	})
	if !ok {
		return nil
	}
	f.version = view.Proposal.Version
	return view
}

// sure reads something until it has an answer, and reports whether it has one.
func (f *life) sure(what string, do func(ctx context.Context) error) bool {
	for f.ctx.Err() == nil {
		err := f.read(f.ctx, what, do)
		if err == nil || !answerLost(err) {
			return err == nil
		}
		time.Sleep(f.pause)
	}
	return false
}

// looks are what people read, by what it is called.
var looks = []struct {
	name string
	read func(*life, context.Context) error
}{
	{"proposals", func(f *life, ctx context.Context) error {
		_, err := f.as(f.Handler).proposals.ListProposals(ctx, &fuyanv1.ListProposalsRequest{PageSize: 50})
		return err
	}},
	{"proposals with words", func(f *life, ctx context.Context) error {
		_, err := f.as(f.Office).proposals.ListProposals(ctx, &fuyanv1.ListProposalsRequest{Contains: "图书室", PageSize: 50})
		return err
	}},
	{"overdue board", func(f *life, ctx context.Context) error {
		_, err := f.as(f.Supervisor).boards.GetOverdueBoard(ctx, &fuyanv1.GetOverdueBoardRequest{})
		return err
	}},
	{"commitments counted", func(f *life, ctx context.Context) error {
		_, err := f.as(f.Office).commitments.GetCommitmentBoard(ctx, &fuyanv1.GetCommitmentBoardRequest{})
		return err
	}},
	{"my work", func(f *life, ctx context.Context) error {
		_, err := f.as(f.Head).work.ListWork(ctx, &fuyanv1.ListWorkRequest{})
		return err
	}},
	{"public search", func(f *life, ctx context.Context) error {
		_, err := f.as(f.Delegate).public.SearchReplies(ctx, &fuyanv1.SearchRepliesRequest{Query: "图书室"})
		return err
	}},
	{"notices", func(f *life, ctx context.Context) error {
		_, err := f.as(f.Office).notices.ListNotices(ctx, &fuyanv1.ListNoticesRequest{})
		return err
	}},
	{"figures", func(f *life, ctx context.Context) error {
		_, err := f.as(f.Supervisor).figures.GetFigures(ctx, &fuyanv1.GetFiguresRequest{})
		return err
	}},
	{"history", func(f *life, ctx context.Context) error {
		_, err := f.as(f.Office).proposals.ListEvents(ctx, &fuyanv1.ListEventsRequest{ProposalId: f.id})
		return err
	}},
}

// look reads one of what people read.
func (f *life) look() {
	one := looks[f.random.IntN(len(looks))]
	_ = f.read(f.ctx, one.name, func(ctx context.Context) error { return one.read(f, ctx) }) // what is wrong with it is on record
}

// today is the day it is where the people are.
func today() casework.Date { return casework.DateOf(time.Now(), time.FixedZone("", 8*60*60)) }

func (f *life) receive() bool {
	number := fmt.Sprint(1_000_000 + f.sequence.Add(1))
	kind, sitting := fuyanv1.Kind_KIND_CPPCC_PROPOSAL, &fuyanv1.Sitting{Body: "市政协", Term: 14, Session: 4}
	f.body, f.office, f.unwritten = f.CPPCCSupervisor, f.CPPCC, f.chance(10)
	if f.chance(2) {
		kind, sitting = fuyanv1.Kind_KIND_NPC_SUGGESTION, &fuyanv1.Sitting{Body: "市人大", Term: 16, Session: 4}
		f.body, f.office = f.NPCSupervisor, f.NPC
	}
	ok := f.move(casework.Receive, func(ctx context.Context, request string, _ int64) (moved, error) {
		return f.as(f.Office).proposals.ReceiveProposal(ctx, &fuyanv1.ReceiveProposalRequest{
			RequestId: request, Kind: kind, Sitting: sitting, Number: number, Title: "关于夜间开放图书室的建议", Text: "夜里没有图书室。",
			Proposers: []*fuyanv1.NewProposer{{Name: "甲某", UserId: f.Delegate.ID}, {Name: "乙某"}}, TextPublic: true, NoWrittenReply: f.unwritten,
		})
	})
	if !ok {
		return false
	}
	view := f.view()
	for _, s := range view.GetProposers() {
		f.proposers = append(f.proposers, s.Id)
	}
	return view != nil
}

// returned has one in five asked back, of which half are.
func (f *life) returned() bool {
	if !f.chance(5) {
		return true
	}
	decision, verb := fuyanv1.Decision_DECISION_REFUSED, casework.RefuseReturn
	if f.chance(2) {
		decision, verb = fuyanv1.Decision_DECISION_GRANTED, casework.GrantReturn
	}
	return f.move(casework.RequestReturn, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Office).proposals.RequestReturn(ctx, &fuyanv1.RequestReturnRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, Reason: "似属他单位职责",
		})
	}) && f.move(verb, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.body).proposals.DecideReturn(ctx, &fuyanv1.DecideReturnRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, Decision: decision, Reason: "已研究",
		})
	}) && verb == casework.RefuseReturn
}

func (f *life) accept() bool {
	return f.move(casework.Accept, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Office).proposals.AcceptProposal(ctx, &fuyanv1.AcceptProposalRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version,
		})
	})
}

// assign gives it to its handler, one in three in a list that has one more, which is
// not there.
func (f *life) assign() bool {
	if f.chance(3) {
		return f.assignTogether()
	}
	return f.move(casework.Assign, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Office).proposals.AssignProposal(ctx, &fuyanv1.AssignProposalRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, HandlerId: f.Handler.ID,
		})
	})
}

func (f *life) assignTogether() bool {
	list := []*fuyanv1.ProposalVersion{{ProposalId: f.id, ExpectedVersion: f.version}, {ProposalId: 1 << 40, ExpectedVersion: 1}}
	given, ok := f.errand(entry{proposal: f.id, verb: string(casework.Assign), unclaimed: true}, func(ctx context.Context, request string) (entry, error) {
		answer, err := f.as(f.Office).proposals.AssignProposals(ctx, &fuyanv1.AssignProposalsRequest{
			RequestId: request, Proposals: list, HandlerId: f.Handler.ID,
		})
		if err != nil {
			return entry{}, err
		}
		if answer.Outcomes[0].Proposal == nil || answer.Outcomes[1].Refusal == nil {
			f.refuse("assigned together: %v", answer)
		}
		return entry{proposal: f.id, version: answer.Outcomes[0].Proposal.GetVersion()}, nil
	})
	f.version = given.version
	return ok && f.version > 0
}

// withdrawn ends one in ten.
func (f *life) withdrawn() bool {
	if !f.chance(10) {
		return true
	}
	f.move(casework.Withdraw, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.body).proposals.WithdrawProposal(ctx, &fuyanv1.WithdrawProposalRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, Reason: "提出人要求撤回",
		})
	})
	return false
}

func (f *life) opinion() bool {
	return !f.chance(3) || f.move(casework.RequestOpinion, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Handler).proposals.RequestOpinion(ctx, &fuyanv1.RequestOpinionRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, OrganId: f.Helper, Question: "能否延长开放？",
		})
	}) && f.move(casework.SubmitOpinion, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.HelperOffice).proposals.SubmitOpinion(ctx, &fuyanv1.SubmitOpinionRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, Text: "可以。",
		})
	})
}

func (f *life) contact() bool {
	return f.move(casework.RecordContact, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Handler).proposals.RecordContact(ctx, &fuyanv1.RecordContactRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, ProposerId: f.proposers[0],
			Channel: fuyanv1.ContactChannel_CONTACT_CHANNEL_CALL, Day: today().String(), Summary: "已沟通。",
		})
	})
}

func (f *life) extension() bool {
	if !f.chance(3) {
		return true
	}
	decision := fuyanv1.Decision(1 + f.random.IntN(2))
	return f.move(casework.RequestExtension, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Office).proposals.RequestExtension(ctx, &fuyanv1.RequestExtensionRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, Reason: "涉及面广", Until: today().AddMonths(5).String(),
		})
	}) && f.move(casework.DecideExtension, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Supervisor).proposals.DecideExtension(ctx, &fuyanv1.DecideExtensionRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, Decision: decision, Reason: "已研究",
		})
	})
}

// rest pauses the day of one reply in three, of which half run again before the letter
// is issued.
func (f *life) rest() bool {
	if !f.chance(3) {
		return true
	}
	var reply int64
	view := f.view()
	for _, d := range view.GetDeadlines() {
		if d.Rule == casework.RuleReply && d.Running {
			reply = d.Id
		}
	}
	return view != nil && f.move(casework.PauseDeadline, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.body).proposals.PauseDeadline(ctx, &fuyanv1.PauseDeadlineRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, DeadlineId: reply, Reason: "等待上级批复",
		})
	}) && (f.chance(2) || f.move(casework.ResumeDeadline, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.body).proposals.ResumeDeadline(ctx, &fuyanv1.ResumeDeadlineRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, DeadlineId: reply, Reason: "已批复",
		})
	}))
}
