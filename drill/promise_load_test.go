package drill_test

import (
	"context"
	"fmt"
	"time"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
)

// promises follows the first promise to its end and puts the second aside.
func (f *life) promises() bool {
	var list []*fuyanv1.Commitment
	for len(list) < 2 && !f.ended() {
		_ = f.read(f.ctx, "promises", func(ctx context.Context) error {
			answer, err := f.as(f.Handler).commitments.ListCommitments(ctx, &fuyanv1.ListCommitmentsRequest{ProposalId: f.id})
			list = answer.GetCommitments()
			return err
		})
		time.Sleep(f.pause)
	}
	if len(list) < 2 {
		return false
	}
	p := &promise{life: f, c: list[0], owner: f.Handler}
	return p.lead() && (&promise{life: f, c: list[1]}).waive()
}

// A promise is one on its way.
type promise struct {
	*life
	c     *fuyanv1.Commitment
	owner casework.User
	gone  bool // it was given up
}

// A kept is the answer of a move of a promise.
type kept interface{ GetCommitment() *fuyanv1.Commitment }

// follow makes one move of a promise.
func (f *life) follow(c *fuyanv1.Commitment, verb casework.CommitmentVerb, do func(ctx context.Context, request string) (kept, error)) bool {
	e, err := f.write(f.ctx, entry{proposal: f.id, verb: string(verb)}, func(ctx context.Context, request string) (entry, error) {
		answer, err := do(ctx, request)
		if err != nil {
			return entry{}, err
		}
		return entry{promise: answer.GetCommitment().Version}, nil
	})
	if err != nil {
		f.complain(string(verb), err)
		return false
	}
	c.Version = e.promise
	return true
}

// do makes one move of the promise.
func (p *promise) do(verb casework.CommitmentVerb, call func(ctx context.Context, request string) (kept, error)) bool {
	return p.follow(p.c, verb, call)
}

// lead takes the promise through its states, now and then by a side way.
func (p *promise) lead() bool {
	for _, step := range []func() bool{
		p.confirm, p.progress, p.urged, p.offered, p.changeDay, p.dropped, p.done, p.notYet, p.verify, p.doubted,
	} {
		if p.gone {
			return true
		}
		if p.ended() || !step() {
			return false
		}
	}
	return true
}

// confirm confirms what was not planned in the draft.
func (p *promise) confirm() bool {
	return p.c.State != fuyanv1.CommitmentState_COMMITMENT_STATE_NOTED ||
		p.do(casework.Confirm, func(ctx context.Context, request string) (kept, error) {
			return p.as(p.Handler).commitments.ConfirmCommitment(ctx, &fuyanv1.ConfirmCommitmentRequest{
				RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, OwnerId: p.Handler.ID,
				Due: today().AddDays(30).String(), Deliverable: "三处图书室",
			})
		})
}

func (p *promise) progress() bool {
	return p.do(casework.ReportProgress, func(ctx context.Context, request string) (kept, error) {
		return p.as(p.Handler).commitments.ReportProgress(ctx, &fuyanv1.ReportProgressRequest{
			RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, Text: "已选定两处。",
		})
	})
}

// urged has one in two urged. Who answers may sign for it first.
func (p *promise) urged() bool {
	if !p.chance(2) {
		return true
	}
	ok := p.do(casework.Urge, func(ctx context.Context, request string) (kept, error) {
		return p.as(p.body).commitments.UrgeCommitment(ctx, &fuyanv1.UrgeCommitmentRequest{
			RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, Text: "请抓紧办理。", AnswerBy: today().AddDays(7).String(),
		})
	})
	if ok && p.chance(2) {
		ok = p.do(casework.ReceiveUrge, func(ctx context.Context, request string) (kept, error) {
			return p.as(p.owner).commitments.ReceiveUrge(ctx, &fuyanv1.ReceiveUrgeRequest{
				RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version,
			})
		})
	}
	return ok && p.answer()
}

// answer answers the urge.
func (p *promise) answer() bool {
	var urges []*fuyanv1.Urge
	return p.sure("one promise", func(ctx context.Context) error {
		answer, err := p.as(p.owner).commitments.GetCommitment(ctx, &fuyanv1.GetCommitmentRequest{CommitmentId: p.c.Id})
		urges = answer.GetUrges()
		return err
	}) && p.do(casework.AnswerUrge, func(ctx context.Context, request string) (kept, error) {
		return p.as(p.owner).commitments.AnswerUrge(ctx, &fuyanv1.AnswerUrgeRequest{
			RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, UrgeId: urges[len(urges)-1].Id, Text: "月底前完成。",
		})
	})
}

// offered has one in two offered to somebody else, who takes it or not, unless the
// offer is taken back.
func (p *promise) offered() bool {
	if !p.chance(2) {
		return true
	}
	if !p.offer(casework.Offer, p.OtherHandler) {
		return false
	}
	switch p.random.IntN(3) {
	case 0:
		return p.offer(casework.WithdrawOffer, p.owner)
	case 1:
		return p.take(casework.DeclineOffer, "手上事多")
	default:
		ok := p.take(casework.TakeOver, "")
		p.owner = p.OtherHandler
		return ok
	}
}

func (p *promise) offer(verb casework.CommitmentVerb, to casework.User) bool {
	return p.do(verb, func(ctx context.Context, request string) (kept, error) {
		return p.as(p.owner).commitments.ReassignCommitment(ctx, &fuyanv1.ReassignCommitmentRequest{
			RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, OwnerId: to.ID, Reason: "分工调整",
		})
	})
}

func (p *promise) take(verb casework.CommitmentVerb, reason string) bool {
	return p.do(verb, func(ctx context.Context, request string) (kept, error) {
		return p.as(p.OtherHandler).commitments.AcceptCommitment(ctx, &fuyanv1.AcceptCommitmentRequest{
			RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, Accepted: verb == casework.TakeOver, Reason: reason,
		})
	})
}

func (p *promise) changeDay() bool {
	return p.do(casework.ChangeDueDay, func(ctx context.Context, request string) (kept, error) {
		return p.as(p.Handler).commitments.ChangeDueDay(ctx, &fuyanv1.ChangeDueDayRequest{
			RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, Due: today().AddDays(60).String(), Reason: "装修延后", AgreedBy: "梁某",
		})
	})
}

// dropped gives one in five up.
func (p *promise) dropped() bool {
	p.gone = p.chance(5)
	return !p.gone || p.do(casework.Drop, func(ctx context.Context, request string) (kept, error) {
		return p.as(p.Office).commitments.DropCommitment(ctx, &fuyanv1.DropCommitmentRequest{
			RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, Report: "用房已另作安排，不能继续办理。", SignedBy: "梁某",
		})
	})
}

// done says that the promise is kept, with a file that shows it.
func (p *promise) done() bool {
	file, ok := p.errand(entry{verb: "upload_file"}, func(ctx context.Context, request string) (entry, error) {
		answer, err := p.as(p.owner).commitments.UploadFile(ctx, &fuyanv1.UploadFileRequest{
			RequestId: request, CommitmentId: p.c.Id, Name: "公告.txt", Content: fmt.Appendf(nil, "第%d项的开放公告。", p.c.Id), Public: true,
		})
		return entry{made: answer.GetFile().GetId()}, err
	})
	return ok && p.do(casework.ReportDone, func(ctx context.Context, request string) (kept, error) {
		return p.as(p.owner).commitments.ReportDone(ctx, &fuyanv1.ReportDoneRequest{
			RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, Evidence: "开放公告三份", FileIds: []int64{file.made},
		})
	})
}

// notYet sends one in four back to its owner, who reports again.
func (p *promise) notYet() bool {
	return !p.chance(4) || p.do(casework.VerifyNotKept, func(ctx context.Context, request string) (kept, error) {
		return p.as(p.body).commitments.VerifyCommitment(ctx, &fuyanv1.VerifyCommitmentRequest{
			RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, Comment: "只开放了两处",
		})
	}) && p.done()
}

func (p *promise) verify() bool {
	return p.do(casework.VerifyKept, func(ctx context.Context, request string) (kept, error) {
		return p.as(p.body).commitments.VerifyCommitment(ctx, &fuyanv1.VerifyCommitmentRequest{
			RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, Accepted: true, Comment: "已实地查看",
			ToldDay: today().String(), ToldHow: "电话",
		})
	})
}

// doubted asks the proposer. Where they say that it is not kept, it stays so
// nevertheless, or is done once more.
func (p *promise) doubted() bool {
	switch p.random.IntN(3) {
	case 0:
		return p.say(casework.SayKept)
	case 1:
		return p.say(casework.SayNotKept) && p.do(casework.Uphold, func(ctx context.Context, request string) (kept, error) {
			return p.as(p.body).commitments.UpholdCommitment(ctx, &fuyanv1.UpholdCommitmentRequest{
				RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, Reason: "三处均已开放",
			})
		})
	default:
		return p.say(casework.SayNotKept) && p.do(casework.Reopen, func(ctx context.Context, request string) (kept, error) {
			return p.as(p.body).commitments.ReopenCommitment(ctx, &fuyanv1.ReopenCommitmentRequest{
				RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, Reason: "一处又关了", Due: today().AddDays(90).String(),
			})
		}) && p.done() && p.verify()
	}
}

func (p *promise) say(verb casework.CommitmentVerb) bool {
	return p.do(verb, func(ctx context.Context, request string) (kept, error) {
		return p.as(p.Delegate).commitments.AnswerKeeping(ctx, &fuyanv1.AnswerKeepingRequest{
			RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, Kept: verb == casework.SayKept, Text: "去看过了。",
			Channel: fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_OWN,
		})
	})
}

// waive puts the promise aside, unless that was done in the draft.
func (p *promise) waive() bool {
	return p.c.State != fuyanv1.CommitmentState_COMMITMENT_STATE_NOTED ||
		p.do(casework.Waive, func(ctx context.Context, request string) (kept, error) {
			return p.as(p.Handler).commitments.WaiveCommitment(ctx, &fuyanv1.WaiveCommitmentRequest{
				RequestId: request, CommitmentId: p.c.Id, ExpectedVersion: p.c.Version, Reason: "与前一项是一件事",
			})
		})
}
