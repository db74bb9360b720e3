package seeds

import (
	"context"
	"fmt"
	"slices"

	"fuyan/casework"
	"fuyan/postgres"
)

// A fate is what became of a commitment.
type fate int

const (
	noted   fate = iota // nobody has looked at it yet
	waived              // it is no promise to follow
	inHand              // under way
	late                // under way, and overdue
	urged               // overdue, and urged by the oversight office
	moved               // under way, with a later day than the first
	done                // its owner says so, nobody has judged yet
	refused             // its owner said so, the judge did not agree
	kept
	dropped
)

// fateOf is what becomes of the letter's promise at a place in their order; under
// way where nothing is said.
func (w *walk) fateOf(i int) fate {
	if len(w.fates) == 0 {
		return inHand
	}
	return w.fates[min(i, len(w.fates)-1)]
}

// Days after hand-over on which commitments are looked at.
const (
	progressDay = 92
	doneDay     = 104
	judgeDay    = 108
)

// keep gives each commitment of the walk's letter its fate.
func (w *walk) keep(ctx context.Context) error {
	if len(w.fates) == 0 {
		return nil
	}
	list, err := w.d.ListCommitments(ctx, w.users["office"], postgres.CommitmentFilter{ProposalID: w.id, Limit: 100})
	if err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b postgres.Commitment) int {
		return int(a.Commitment.StartOffset - b.Commitment.StartOffset)
	})
	for i, c := range list {
		f := w.fateOf(i)
		k := &keeper{walk: w, c: c, minutes: 5 * i}
		if err := k.meet(ctx, f); err != nil {
			return fmt.Errorf("commitment %d: %w", i+1, err)
		}
	}
	return nil
}

// A keeper sees one commitment through.
type keeper struct {
	*walk
	c       postgres.Commitment
	minutes int
}

// on sets the clock to so many days after hand-over.
func (k *keeper) on(day int) { k.set(k.handedOver.AddDays(day), k.minutes) }

// by is a write of the commitment.
func (k *keeper) by(account string) postgres.Call { return call(k.users[account], k.c.Commitment.ID) }

func (k *keeper) meet(ctx context.Context, f fate) error {
	if f == noted || f == waived {
		return nil
	}
	k.on(progressDay)
	_, err := k.d.ReportProgress(ctx, k.by(k.handler), "已形成工作方案并明确专人负责，正在征求相关单位意见。", k.day())
	if err != nil {
		return err
	}
	k.on(doneDay)
	return k.end(ctx, f)
}

// confirmation makes the handler the owner.
func (w *walk) confirmation(f fate, words casework.Date) postgres.Confirmation {
	return postgres.Confirmation{
		OwnerID: w.users[w.handler].ID, Due: w.dueOf(f, words),
		Deliverable: "复文所述的文件、平台或服务", Criterion: "已正式印发、上线或开始受理，有公开可查的记录",
	}
}

// dueOf is the day that the letter's words name, where it suits the fate, else
// one that does.
func (w *walk) dueOf(f fate, words casework.Date) casework.Date {
	today := w.today()
	ahead := words.After(w.day())
	if f == late || f == urged {
		if ahead && words.Before(today) {
			return words
		}
		return today.AddDays(-9)
	}
	if ahead && !words.Before(today) {
		return words
	}
	return today.AddMonths(3)
}

// end brings a commitment under way to where its fate leaves it.
func (k *keeper) end(ctx context.Context, f fate) error {
	var err error
	switch f {
	case noted, waived, inHand, late:
	case urged:
		k.set(k.today().AddDays(-2), k.minutes)
		_, err = k.d.UrgeCommitment(ctx, call(k.supervisorOf(k.Kind), k.c.Commitment.ID), "承诺时限已过，请尽快完成并书面说明进展。", k.today().AddDays(8))
	case moved:
		_, err = k.d.ChangeDueDay(ctx, k.by("office"), postgres.DayChange{
			Due: k.today().AddMonths(5), Reason: "征求意见范围扩大，需增加一轮论证。", AgreedBy: "分管领导 梁卓",
		})
	case done:
		err = k.reportDone(ctx)
	case refused:
		err = k.judge(ctx, postgres.Verdict{Comment: "所附材料只能证明方案已起草，尚未印发，请继续办理。"})
	case kept:
		err = k.judge(ctx, postgres.Verdict{
			Accepted: true, Comment: "材料齐全，与复文一致。",
			ToldDay: k.handedOver.AddDays(judgeDay), ToldHow: "电话告知提出人",
		})
	case dropped:
		report := "经论证，现行规定不支持该项措施，拟不再推进，已向提出人书面说明。"
		_, err = k.d.DropCommitment(ctx, k.by("office"), postgres.DropReport{Text: report, SignedBy: "分管领导 梁卓"})
	}
	return err
}

func (k *keeper) reportDone(ctx context.Context) error {
	_, err := k.d.ReportDone(ctx, k.by(k.handler), "文件已于门户网站公布，附印发件和上线记录。", k.day())
	return err
}

// judge lets the leader judge what the owner reported.
func (k *keeper) judge(ctx context.Context, v postgres.Verdict) error {
	if err := k.reportDone(ctx); err != nil {
		return err
	}
	k.on(judgeDay)
	_, err := k.d.VerifyCommitment(ctx, k.by("leader"), v)
	return err
}
