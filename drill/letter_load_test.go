package drill_test

import (
	"context"
	"time"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
)

// libraryReply makes two promises.
const libraryReply = "甲某、乙某委员：\n\n你们提出的“关于夜间开放图书室的建议”的提案收悉，经研究，现将办理情况答复如下：\n\n" +
	"我委已开放两处图书室。\n\n下一步，我委将在2099年6月底前再开放三处图书室。我委还将公布开放名录。\n\n感谢你们对本市科技工作的关心和支持。"

func (f *life) draft() bool {
	for range 1 + f.random.IntN(2) {
		ok := f.move(casework.SaveDraft, func(ctx context.Context, request string, version int64) (moved, error) {
			return f.as(f.Handler).replies.SaveDraft(ctx, &fuyanv1.SaveDraftRequest{
				RequestId: request, ProposalId: f.id, ExpectedVersion: version, Text: libraryReply,
				Result: fuyanv1.Result_RESULT_ADOPTED, Publicity: fuyanv1.Publicity_PUBLICITY_FULL,
			})
		})
		if !ok {
			return false
		}
	}
	return f.submit()
}

func (f *life) submit() bool {
	return f.move(casework.Submit, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Handler).replies.SubmitReply(ctx, &fuyanv1.SubmitReplyRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version,
		})
	})
}

// review approves and signs; one in five is sent back first.
func (f *life) review() bool {
	if f.chance(5) && !(f.approve(f.Head) && f.sendBack() && f.submit()) {
		return false
	}
	return f.approve(f.Head) && f.approve(f.Office) && f.move(casework.Sign, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Leader).replies.SignReply(ctx, &fuyanv1.SignReplyRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version,
		})
	})
}

func (f *life) approve(u casework.User) bool {
	return f.move(casework.Approve, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(u).replies.ApproveReply(ctx, &fuyanv1.ApproveReplyRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, Comment: "同意",
		})
	})
}

func (f *life) sendBack() bool {
	return f.move(casework.SendBack, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Office).replies.SendBackReply(ctx, &fuyanv1.SendBackReplyRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, Comment: "请核对数字",
		})
	})
}

func (f *life) issue() bool {
	return f.move(casework.Issue, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Office).replies.IssueReply(ctx, &fuyanv1.IssueReplyRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, OverrideReason: "承诺随后确认",
		})
	})
}

// deliver brings the letter to the proposers and its copies to the offices, and
// waits until the jobs have sent them. A half of the lives ends without waiting.
func (f *life) deliver() bool {
	for _, id := range f.proposers {
		ok := f.move(casework.RecordDelivery, func(ctx context.Context, request string, version int64) (moved, error) {
			return f.as(f.Office).replies.RecordDelivery(ctx, &fuyanv1.RecordDeliveryRequest{
				RequestId: request, ProposalId: f.id, ExpectedVersion: version, ProposerId: id,
				Channel: fuyanv1.DeliveryChannel_DELIVERY_CHANNEL_HAND, Proof: "签收单",
			})
		})
		if !ok {
			return false
		}
	}
	for _, organ := range []int64{f.Government, f.office} {
		ok := f.move(casework.SendCopy, func(ctx context.Context, request string, version int64) (moved, error) {
			return f.as(f.Office).replies.SendCopy(ctx, &fuyanv1.SendCopyRequest{
				RequestId: request, ProposalId: f.id, ExpectedVersion: version, OrganId: organ,
			})
		})
		if !ok {
			return false
		}
	}
	return f.chance(2) && f.answered() && f.move(casework.AcknowledgeCopy, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.body).replies.AcknowledgeCopy(ctx, &fuyanv1.AcknowledgeCopyRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version,
		})
	})
}

// answered waits for the jobs that send the copies.
func (f *life) answered() bool {
	for !f.ended() {
		view := f.view()
		if view == nil || view.Proposal.State == fuyanv1.State_STATE_ANSWERED {
			return view != nil
		}
		time.Sleep(f.pause)
	}
	return false
}

// publish publishes the reply; one in five is taken down and published again.
func (f *life) publish() bool {
	do := func() bool {
		return f.move(casework.Publish, func(ctx context.Context, request string, version int64) (moved, error) {
			return f.as(f.Office).replies.PublishReply(ctx, &fuyanv1.PublishReplyRequest{
				RequestId: request, ProposalId: f.id, ExpectedVersion: version,
			})
		})
	}
	if !do() || !f.chance(5) {
		return true
	}
	return f.move(casework.TakeDown, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Office).replies.TakeDownReply(ctx, &fuyanv1.TakeDownReplyRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, Reason: "附件有误",
		})
	}) && do()
}

func (f *life) feedback() bool {
	return f.move(casework.GiveFeedback, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Delegate).feedback.GiveFeedback(ctx, &fuyanv1.GiveFeedbackRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version,
			Attitude: fuyanv1.Rating_RATING_SATISFIED, Result: fuyanv1.Rating_RATING_SATISFIED, Text: "谢谢。",
		})
	})
}

// redo gives one in five a second round, which ends with its letter.
func (f *life) redo() bool {
	return !f.chance(5) || f.move(casework.Redo, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.body).proposals.RedoProposal(ctx, &fuyanv1.RedoProposalRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, Reason: "尚有一问未答",
		})
	}) && f.draft() && f.review() && f.issue()
}

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
	return f.keep(list[0]) && f.waive(list[1])
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

func (f *life) keep(c *fuyanv1.Commitment) bool {
	day := today()
	return f.follow(c, casework.Confirm, func(ctx context.Context, request string) (kept, error) {
		return f.as(f.Handler).commitments.ConfirmCommitment(ctx, &fuyanv1.ConfirmCommitmentRequest{
			RequestId: request, CommitmentId: c.Id, ExpectedVersion: c.Version, OwnerId: f.Handler.ID,
			Due: day.AddDays(30).String(), Deliverable: "三处图书室",
		})
	}) && f.follow(c, casework.ReportProgress, func(ctx context.Context, request string) (kept, error) {
		return f.as(f.Handler).commitments.ReportProgress(ctx, &fuyanv1.ReportProgressRequest{
			RequestId: request, CommitmentId: c.Id, ExpectedVersion: c.Version, Text: "已选定两处。",
		})
	}) && f.follow(c, casework.ChangeDueDay, func(ctx context.Context, request string) (kept, error) {
		return f.as(f.Handler).commitments.ChangeDueDay(ctx, &fuyanv1.ChangeDueDayRequest{
			RequestId: request, CommitmentId: c.Id, ExpectedVersion: c.Version, Due: day.AddDays(60).String(), Reason: "装修延后", AgreedBy: "梁某",
		})
	}) && f.follow(c, casework.ReportDone, func(ctx context.Context, request string) (kept, error) {
		return f.as(f.Handler).commitments.ReportDone(ctx, &fuyanv1.ReportDoneRequest{
			RequestId: request, CommitmentId: c.Id, ExpectedVersion: c.Version, Evidence: "开放公告三份",
		})
	}) && f.follow(c, casework.VerifyKept, func(ctx context.Context, request string) (kept, error) {
		return f.as(f.body).commitments.VerifyCommitment(ctx, &fuyanv1.VerifyCommitmentRequest{
			RequestId: request, CommitmentId: c.Id, ExpectedVersion: c.Version, Accepted: true, Comment: "已实地查看",
			ToldDay: day.String(), ToldHow: "电话",
		})
	})
}

func (f *life) waive(c *fuyanv1.Commitment) bool {
	return f.follow(c, casework.Waive, func(ctx context.Context, request string) (kept, error) {
		return f.as(f.Handler).commitments.WaiveCommitment(ctx, &fuyanv1.WaiveCommitmentRequest{
			RequestId: request, CommitmentId: c.Id, ExpectedVersion: c.Version, Reason: "与前一项是一件事",
		})
	})
}
