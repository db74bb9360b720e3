package drill_test

import (
	"context"
	"strings"
	"time"

	"fuyan/casework"
	"fuyan/casework/letter"
	fuyanv1 "fuyan/gen/fuyan/v1"
)

// libraryReply makes two promises.
const libraryReply = "甲某、乙某委员：\n\n你们提出的“关于夜间开放图书室的建议”的提案收悉，经研究，现将办理情况答复如下：\n\n" +
	"我委已开放两处图书室。\n\n下一步，我委将在2099年6月底前再开放三处图书室。我委还将公布开放名录。\n\n感谢你们对本市科技工作的关心和支持。"

// draft saves a draft or two, of which the writing may be kept before, and submits
// the last.
func (f *life) draft() bool {
	for i := range 1 + f.random.IntN(2) {
		copied, ok := f.scribble(int32(i))
		ok = ok && f.move(casework.SaveDraft, func(ctx context.Context, request string, version int64) (moved, error) {
			return f.as(f.Handler).replies.SaveDraft(ctx, &fuyanv1.SaveDraftRequest{
				RequestId: request, ProposalId: f.id, ExpectedVersion: version, Text: libraryReply,
				Result: fuyanv1.Result_RESULT_ADOPTED, Publicity: fuyanv1.Publicity_PUBLICITY_FULL,
				EditorId: copied.request, WorkingCopyVersion: copied.made,
			})
		})
		if !ok {
			return false
		}
	}
	return f.plan() && f.submit()
}

// scribble keeps a working copy of one draft in two, and throws half of them away
// again. The editor has the id of the request.
func (f *life) scribble(base int32) (entry, bool) {
	if !f.chance(2) {
		return entry{}, true
	}
	copied, ok := f.errand(entry{verb: "keep_copy", unclaimed: true}, func(ctx context.Context, request string) (entry, error) {
		answer, err := f.as(f.Handler).replies.KeepWorkingCopy(ctx, &fuyanv1.KeepWorkingCopyRequest{
			ProposalId: f.id, EditorId: request, Revision: 1, Base: base, Text: "夜间",
		})
		return entry{made: answer.GetWorkingCopy().GetVersion()}, err
	})
	if ok && f.chance(2) {
		_, ok = f.errand(entry{verb: "drop_copy"}, func(ctx context.Context, request string) (entry, error) {
			_, err := f.as(f.Handler).replies.DropWorkingCopy(ctx, &fuyanv1.DropWorkingCopyRequest{
				RequestId: request, ProposalId: f.id, ExpectedVersion: copied.made,
			})
			return entry{}, err
		})
	}
	return copied, ok
}

// plan says of one draft in three what becomes of its promises.
func (f *life) plan() bool {
	if !f.chance(3) {
		return true
	}
	promises, due := letter.Read(libraryReply).Commitments, today().AddDays(30).String()
	return f.move(casework.PlanPromise, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Handler).replies.PlanPromise(ctx, &fuyanv1.PlanPromiseRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, Text: promises[0].Text, OwnerId: f.Handler.ID,
			Due: due, Deliverable: "三处图书室", Criterion: "对外开放",
		})
	}) && f.move(casework.WaivePromise, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Handler).replies.WaivePromise(ctx, &fuyanv1.WaivePromiseRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, Text: promises[1].Text, Reason: "与前一项是一件事",
		})
	})
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

// correct corrects one letter in four.
func (f *life) correct() bool {
	if !f.chance(4) {
		return true
	}
	var text string
	return f.sure("one reply", func(ctx context.Context) error {
		answer, err := f.as(f.Office).replies.GetReply(ctx, &fuyanv1.GetReplyRequest{ProposalId: f.id})
		if err == nil {
			text = answer.Reply.Letters[0].Text
		}
		return err
	}) && f.move(casework.Correct, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Office).replies.CorrectLetter(ctx, &fuyanv1.CorrectLetterRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version,
			Text: strings.Replace(text, "已开放两处", "已开放二处", 1), Reason: "错字",
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

// publish publishes the reply; one in three is taken down and published again.
func (f *life) publish() bool {
	do := func() bool {
		return f.move(casework.Publish, func(ctx context.Context, request string, version int64) (moved, error) {
			return f.as(f.Office).replies.PublishReply(ctx, &fuyanv1.PublishReplyRequest{
				RequestId: request, ProposalId: f.id, ExpectedVersion: version,
			})
		})
	}
	if !do() || !f.chance(3) {
		return true
	}
	return f.move(casework.TakeDown, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Office).replies.TakeDownReply(ctx, &fuyanv1.TakeDownReplyRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, Reason: "附件有误",
		})
	}) && do()
}

// feedback has one proposer in two say that the result is not what was asked for.
func (f *life) feedback() bool {
	result, text := fuyanv1.Rating_RATING_SATISFIED, "谢谢。"
	if f.unhappy = f.chance(2); f.unhappy {
		result, text = fuyanv1.Rating_RATING_DISSATISFIED, "尚有一问未答。"
	}
	return f.move(casework.GiveFeedback, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.Delegate).feedback.GiveFeedback(ctx, &fuyanv1.GiveFeedbackRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version,
			Attitude: fuyanv1.Rating_RATING_SATISFIED, Result: result, Text: text,
		})
	})
}

// redo gives one in two of those with whom somebody is not satisfied, and one in
// eight of the others, a second round, which ends with its letter. The other letters
// with which somebody is not satisfied stand nevertheless.
func (f *life) redo() bool {
	switch {
	case f.unhappy && f.chance(2):
		return f.declineRedo()
	case f.unhappy, f.chance(8):
		ok := f.move(casework.Redo, func(ctx context.Context, request string, version int64) (moved, error) {
			return f.as(f.body).proposals.RedoProposal(ctx, &fuyanv1.RedoProposalRequest{
				RequestId: request, ProposalId: f.id, ExpectedVersion: version, Reason: "尚有一问未答",
			})
		})
		if ok && f.draft() && f.review() {
			f.issue()
		}
		return false
	default:
		return true
	}
}

func (f *life) declineRedo() bool {
	return f.move(casework.DeclineRedo, func(ctx context.Context, request string, version int64) (moved, error) {
		return f.as(f.body).proposals.DeclineRedo(ctx, &fuyanv1.DeclineRedoRequest{
			RequestId: request, ProposalId: f.id, ExpectedVersion: version, Reason: "已答复清楚",
		})
	})
}

// end closes one in two of the answered.
func (f *life) end() bool {
	return !f.chance(2) || f.move(casework.Close, f.shut)
}

// unwrittenEnd closes what nobody wants a letter to.
func (f *life) unwrittenEnd() bool {
	if f.unwritten {
		f.move(casework.CloseWithoutLetter, f.shut)
	}
	return !f.unwritten
}

func (f *life) shut(ctx context.Context, request string, version int64) (moved, error) {
	return f.as(f.Office).proposals.CloseProposal(ctx, &fuyanv1.CloseProposalRequest{
		RequestId: request, ProposalId: f.id, ExpectedVersion: version,
	})
}
