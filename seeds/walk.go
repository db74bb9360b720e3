package seeds

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"fuyan/casework"
	"fuyan/postgres"
)

// A walk takes one proposal through its steps.
type walk struct {
	*loader
	proposal
	plan
	handedOver casework.Date
	id         int64
	round      int32
}

func (w *walk) do(ctx context.Context) error {
	w.set(w.handedOver, 0)
	if err := w.receive(ctx); err != nil {
		return err
	}
	for i, s := range w.steps {
		from := w.handedOver
		if s.day < 0 {
			from = w.today()
		}
		w.set(from.AddDays(s.day), 10+7*i)
		if err := s.do(w, ctx); err != nil {
			return fmt.Errorf("step %d on %s: %w", i+1, w.day(), err)
		}
	}
	return w.keep(ctx)
}

// day is the day of the present step.
func (w *walk) day() casework.Date { return casework.DateOf(w.at, zone) }

// by is a write of the walk's proposal.
func (w *walk) by(account string) postgres.Call { return call(w.users[account], w.id) }

func (w *walk) oversight() postgres.Call { return call(w.supervisorOf(w.Kind), w.id) }

func (w *walk) accept(ctx context.Context) error {
	_, err := w.d.AcceptProposal(ctx, w.by("office"), w.day())
	return err
}

func (w *walk) assign(ctx context.Context) error {
	_, err := w.d.AssignProposal(ctx, w.by("office"), w.users[w.handler].ID)
	return err
}

func (w *walk) askReturn(ctx context.Context, reason string) error {
	_, err := w.d.RequestReturn(ctx, w.by("office"), reason)
	return err
}

func (w *walk) grantReturn(ctx context.Context) error {
	_, err := w.d.DecideReturn(ctx, w.oversight(), true, "同意退办，另行交办。")
	return err
}

func (w *walk) withdraw(ctx context.Context, reason string) error {
	_, err := w.d.WithdrawProposal(ctx, w.oversight(), reason)
	return err
}

func (w *walk) askHelpers(ctx context.Context) error {
	for _, helper := range w.Helpers {
		question := "请就“" + w.Title + "”中涉及你单位职能的内容提出会办意见。"
		if _, err := w.d.RequestOpinion(ctx, w.by("office"), w.organs[helper].ID, question); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) giveFirstOpinion(ctx context.Context) error {
	_, err := w.d.SubmitOpinion(ctx, call(w.officeOf(w.Helpers[0]), w.id), w.Opinion)
	return err
}

func (w *walk) giveOpinions(ctx context.Context) error {
	for i, helper := range w.Helpers {
		text := w.Opinion
		if i > 0 {
			text = "对所提建议无不同意见，我单位将按职责配合主办单位落实有关工作。"
		}
		if _, err := w.d.SubmitOpinion(ctx, call(w.officeOf(helper), w.id), text); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) contact(ctx context.Context) error {
	v, err := w.d.ViewProposal(ctx, w.users[w.handler], w.id)
	if err != nil {
		return err
	}
	_, err = w.d.RecordContact(ctx, w.by(w.handler), postgres.NewContact{
		ProposerID: v.ProposerRows[0].ID, Channel: "visit", Day: w.day(), Summary: w.Contact,
	})
	return err
}

// askExtension asks for two thirds of the time that there is at most.
func (w *walk) askExtension(ctx context.Context, reason string) error {
	_, err := w.d.RequestExtension(ctx, w.by("office"), reason, w.handedOver.AddMonths(5))
	return err
}

func (w *walk) grantExtension(ctx context.Context) error {
	_, err := w.d.DecideExtension(ctx, w.oversight(), true, "情况属实，同意延期。")
	return err
}

func (w *walk) draft(ctx context.Context) error {
	n := postgres.NewDraft{Text: w.Draft, Result: string(casework.ResultOf(w.Result)), Publicity: string(w.Publicity)}
	if w.Publicity == casework.Summary {
		n.Summary = fmt.Sprintf("关于“%s”，办理结果为“%s”。承办单位已书面答复提出人，有关措施将按复文所列时限推进。", w.Title, w.Result)
	}
	if w.Publicity == casework.Withheld {
		n.WithholdReason = "涉及重大科研设施的位置、控制指标等敏感信息。"
	}
	_, err := w.d.SaveDraft(ctx, w.by(w.handler), n)
	return err
}

// planPromises says of each promise of the draft what its fate asks for. One that
// is to stay noted is left open, and its letter goes out with a reason.
func (w *walk) planPromises(ctx context.Context) error {
	check, err := w.d.CheckDraft(ctx, w.users[w.handler], w.id, "", "")
	if err != nil {
		return err
	}
	for i, p := range check.Promises {
		switch f := w.fateOf(i); f {
		case noted:
		case waived:
			_, err = w.d.WaivePromise(ctx, w.by(w.handler), p.Text, "属一般性表态，没有可以核查的事项。")
		default:
			_, err = w.d.PlanPromise(ctx, w.by(w.handler), p.Text, w.confirmation(f, p.Due.Day))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) submit(ctx context.Context) error {
	_, err := w.d.SubmitReply(ctx, w.by(w.handler))
	return err
}

// reviewer is who reviews first: the head of the handler's division, else the
// leader.
func (w *walk) reviewer() string {
	if w.users["head"].DivisionID == w.users[w.handler].DivisionID {
		return "head"
	}
	return "leader"
}

// approve passes the next review step.
func (w *walk) approve(ctx context.Context) error {
	v, err := w.d.ViewProposal(ctx, w.users["office"], w.id)
	if err != nil {
		return err
	}
	if v.Standing.Passed > 0 {
		_, err = w.d.ApproveReply(ctx, w.by("office"), "格式、提出人和抄送单位已核，同意。")
	} else {
		_, err = w.d.ApproveReply(ctx, w.by(w.reviewer()), "内容属实，措施可行，同意。")
	}
	return err
}

func (w *walk) sendBack(ctx context.Context, comment string) error {
	_, err := w.d.SendBackReply(ctx, w.by(w.reviewer()), comment)
	return err
}

func (w *walk) sign(ctx context.Context) error {
	_, err := w.d.SignReply(ctx, w.by("leader"), "同意印发。")
	return err
}

func (w *walk) issue(ctx context.Context) error {
	override := ""
	if slices.Contains(w.fates, noted) {
		override = "个别承诺待会办单位核实后确认"
	}
	p, err := w.d.IssueReply(ctx, w.by("office"), override, w.day())
	if err != nil {
		return err
	}
	w.round = p.Round
	return w.recordCommitments(ctx, w.users["office"], w.id, p.Round)
}

func (w *walk) deliverAll(ctx context.Context) error {
	v, err := w.d.ViewProposal(ctx, w.users["office"], w.id)
	if err != nil {
		return err
	}
	for i, s := range v.ProposerRows {
		channel, proof := "post", "挂号信回执"
		if i == 0 {
			channel, proof = "hand", "当面签收"
		}
		d := postgres.NewDelivery{ProposerID: s.ID, Channel: channel, Day: w.day(), Proof: proof}
		if _, err := w.d.RecordDelivery(ctx, w.by("office"), d); err != nil {
			return err
		}
	}
	return nil
}

// sendCopies orders the copies and does at once what the queued jobs do.
func (w *walk) sendCopies(ctx context.Context) error {
	reply, err := w.d.ViewReply(ctx, w.users["office"], w.id, w.round)
	if err != nil {
		return err
	}
	for _, c := range reply.Copies {
		if _, err := w.d.SendCopy(ctx, w.by("office"), c.Copy.OrganID); err != nil {
			return err
		}
		if err := w.d.DoSendCopy(ctx, postgres.SendCopyJob{ReplyID: reply.ID, OrganID: c.Copy.OrganID}); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) acknowledge(ctx context.Context) error {
	_, err1 := w.d.AcknowledgeCopy(ctx, w.by("government"))
	_, err2 := w.d.AcknowledgeCopy(ctx, w.oversight())
	return cmp.Or(err1, err2)
}

func (w *walk) publish(ctx context.Context) error {
	_, err := w.d.PublishReply(ctx, w.by("office"))
	return err
}

func (w *walk) close(ctx context.Context) error {
	_, err := w.d.CloseProposal(ctx, w.by("office"), "反馈期已过，予以办结。")
	return err
}

func (w *walk) redo(ctx context.Context, reason string) error {
	_, err := w.d.RedoProposal(ctx, w.oversight(), reason, casework.Date{})
	return err
}
