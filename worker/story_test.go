package worker_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/worker"
)

// at sets the clock, sweeps, and waits until all that follows is done.
func (p *post) at(moment string) {
	p.t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", moment, time.FixedZone("", 8*60*60))
	must(p.t, err)
	p.now.Store(when.Unix())
	_, err = p.client.Insert(p.t.Context(), postgres.SweepNotices{}, nil)
	must(p.t, err)
	p.rest()
}

// says compares the mails since it was last asked with these; those of one
// moment come in no order.
func (p *post) says(what string, want ...string) {
	p.t.Helper()
	p.rest()
	var got []string
	for _, m := range p.box.all(true) {
		got = append(got, m.to[:len(m.to)-len("@example.cn")]+": "+m.subject)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		p.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

const storyDraft = "林若水委员：\n\n您提出的“关于保护内河的提案”的提案收悉，经研究，现将办理情况答复如下：\n\n" +
	"一、现状\n\n我委已清理两处河岸。\n\n感谢您对本市科技工作的关心和支持。"

// TestStoryOfFourMonths leads a proposal from hand-over to its late publication,
// on a clock that moves from one morning to the next at which something is due,
// with River and a mail server. The mailbox holds what is expected and nothing
// else, in this order. The calendar of 2026: days off on 4–6 April, 1–5 May and
// 19–21 June, 9 May is worked.
func TestStoryOfFourMonths(t *testing.T) {
	t.Parallel()
	p := newPost(t, worker.Options{})
	p.mails(p.Office, p.Handler, p.Head, p.Leader, p.Supervisor, p.CPPCCSupervisor, p.NPCSupervisor, p.HelperOffice, p.Delegate)
	id := p.handOver()
	p.window(id)
	p.opinion(id)
	p.moreTime(id)
	p.late(id)
	p.publishLate(id)
}

// handOver puts the proposal on record.
func (p *post) handOver() int64 {
	p.at("2026-03-02 10:00")
	r, err := p.ReceiveProposal(p.t.Context(), postgres.Call{User: p.Office}, postgres.NewProposal{
		Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 4}, Number: "0670",
		Title: "关于保护内河的提案", Text: "请保护内河。", HandedOver: p.Today(),
		Proposers: []postgres.NewProposer{{Name: "林若水", UserID: p.Delegate.ID}},
	})
	must(p.t, err)
	p.at("2026-03-02 10:01")
	p.says("on receipt")
	return r.ID
}

// window is the time in which it could be returned.
func (p *post) window(id int64) {
	ctx, by := p.t.Context(), func(u casework.User) postgres.Call { return postgres.Call{User: u, ID: id} }
	done := func(_ postgres.ListedProposal, err error) { p.t.Helper(); must(p.t, err) }
	p.at("2026-03-04 09:00") // five working days before the end of the return window, 11 March
	p.says("five days before the window closes", "office: 【催办】提案第0670号退办期限还剩5个工作日（3月11日到期）")
	p.at("2026-03-06 09:00")
	p.says("three days before", "office: 【催办】提案第0670号退办期限还剩3个工作日（3月11日到期）")
	done(p.AcceptProposal(ctx, by(p.Office), casework.Date{}))
	p.at("2026-03-10 09:00")
	p.at("2026-03-11 09:00")
	p.says("signed for: the window is told of no more")
	done(p.AssignProposal(ctx, by(p.Office), p.Handler.ID))
	p.says("assigned", "handler: 【分办】提案第0670号已交您办理")
}

// opinion asks a helping organ, which is a day late.
func (p *post) opinion(id int64) {
	ctx, by := p.t.Context(), func(u casework.User) postgres.Call { return postgres.Call{User: u, ID: id} }
	done := func(_ postgres.ListedProposal, err error) { p.t.Helper(); must(p.t, err) }
	done(p.RequestOpinion(ctx, by(p.Handler), p.Helper, "能否出资？")) // due on 11 April, a Saturday
	p.says("an opinion asked", "helper-office: 【会办】请对提案第0670号提出会办意见")
	p.at("2026-04-03 09:00") // five working days before, over 清明
	p.says("five days before the opinion", "helper-office: 【催办】提案第0670号会办意见期限还剩4个工作日（4月11日到期）")
	p.at("2026-04-08 09:00")
	p.says("three days before the opinion", "helper-office: 【催办】提案第0670号会办意见期限还剩2个工作日（4月11日到期）")
	p.at("2026-04-10 09:00") // the day before and the day itself are one morning
	p.says("the last working day", "helper-office: 【催办】提案第0670号会办意见期限今日为最后一个工作日（4月11日到期）")
	p.at("2026-04-13 09:00")
	p.says("a day late", "handler: 【逾期】提案第0670号会办意见期限已逾期1个工作日（4月11日到期）",
		"helper-office: 【逾期】提案第0670号会办意见期限已逾期1个工作日（4月11日到期）")
	done(p.SubmitOpinion(ctx, by(p.HelperOffice), "可以。"))
	p.says("the opinion given", "handler: 【会办】提案第0670号的会办意见已提交")
	p.at("2026-04-30 17:00")
	p.says("met: no more of it, and the reply is far")
}

// moreTime leads up to the reply's first day, which is moved.
func (p *post) moreTime(id int64) {
	ctx, by := p.t.Context(), func(u casework.User) postgres.Call { return postgres.Call{User: u, ID: id} }
	done := func(_ postgres.ListedProposal, err error) { p.t.Helper(); must(p.t, err) }
	p.at("2026-05-19 09:00") // ten working days before 2 June
	p.says("ten days before", "handler: 【提醒】提案第0670号答复期限还剩10个工作日（6月2日到期）")
	p.at("2026-05-27 14:00") // nobody swept the day before
	p.says("five days before, told a day late", "handler: 【提醒】提案第0670号答复期限还剩4个工作日（6月2日到期）")
	p.at("2026-05-28 09:00")
	p.says("three days before, the head too", "handler: 【提醒】提案第0670号答复期限还剩3个工作日（6月2日到期）",
		"head: 【催办】提案第0670号答复期限还剩3个工作日（6月2日到期）")
	done(p.RequestExtension(ctx, by(p.Office), "涉及面广", casework.Date{Year: 2026, Month: 6, Day: 15}))
	done(p.DecideExtension(ctx, by(p.CPPCCSupervisor), true, "同意"))
	p.says("more time granted", "handler: 【延期】提案第0670号的延期申请已审批", "office: 【延期】提案第0670号的延期申请已审批",
		"delegate: 【延期】提案第0670号经批准延期答复")
}

// late leads past the reply's second day.
func (p *post) late(id int64) {
	p.at("2026-06-01 09:00")
	p.says("ten days before the new day", "handler: 【提醒】提案第0670号答复期限还剩10个工作日（6月15日到期）")
	p.at("2026-06-02 09:00")
	p.says("the first day is nobody's any more")
	p.at("2026-06-08 09:00")
	p.says("five days before", "handler: 【提醒】提案第0670号答复期限还剩5个工作日（6月15日到期）")
	p.at("2026-06-10 09:00")
	p.says("three days before", "handler: 【提醒】提案第0670号答复期限还剩3个工作日（6月15日到期）",
		"head: 【催办】提案第0670号答复期限还剩3个工作日（6月15日到期）")
	p.review(id)
	p.at("2026-06-12 09:00")
	p.says("a day before", "handler: 【提醒】提案第0670号答复期限还剩1个工作日（6月15日到期）",
		"head: 【催办】提案第0670号答复期限还剩1个工作日（6月15日到期）")
	p.at("2026-06-15 09:00")
	p.says("the day itself", "handler: 【提醒】提案第0670号答复期限今日到期（6月15日到期）",
		"head: 【催办】提案第0670号答复期限今日到期（6月15日到期）", "office: 【催办】提案第0670号答复期限今日到期（6月15日到期）")
	p.at("2026-06-16 09:00")
	p.says("a day late", "handler: 【逾期】提案第0670号答复期限已逾期1个工作日（6月15日到期）",
		"head: 【逾期】提案第0670号答复期限已逾期1个工作日（6月15日到期）", "office: 【逾期】提案第0670号答复期限已逾期1个工作日（6月15日到期）")
	p.at("2026-06-18 09:00")
	p.says("three days late, to the offices that oversee", "handler: 【逾期】提案第0670号答复期限已逾期3个工作日（6月15日到期）",
		"head: 【逾期】提案第0670号答复期限已逾期3个工作日（6月15日到期）", "office: 【逾期】提案第0670号答复期限已逾期3个工作日（6月15日到期）",
		"supervisor: 【督办】提案第0670号答复期限已逾期3个工作日（6月15日到期）", "cppcc-supervisor: 【督办】提案第0670号答复期限已逾期3个工作日（6月15日到期）")
	p.toldBefore()
}

// review leads the draft to the signature, with one way back.
func (p *post) review(id int64) {
	ctx, by := p.t.Context(), func(u casework.User) postgres.Call { return postgres.Call{User: u, ID: id} }
	done := func(_ postgres.ListedProposal, err error) { p.t.Helper(); must(p.t, err) }
	done(p.SaveDraft(ctx, by(p.Handler), postgres.NewDraft{Text: storyDraft, Result: "adopted", Publicity: "full"}))
	done(p.SubmitReply(ctx, by(p.Handler)))
	p.says("submitted", "head: 【待审核】提案第0670号的答复稿等您审核")
	done(p.SendBackReply(ctx, by(p.Head), "请补充数字"))
	p.says("sent back", "handler: 【退回】提案第0670号的答复稿被退回修改")
	done(p.SubmitReply(ctx, by(p.Handler)))
	p.says("submitted again", "head: 【待审核】提案第0670号的答复稿等您审核")
	done(p.ApproveReply(ctx, by(p.Head), ""))
	p.says("to the office", "office: 【待审核】提案第0670号的答复稿等您审核")
	done(p.ApproveReply(ctx, by(p.Office), ""))
	p.says("to the leader", "leader: 【待签发】提案第0670号的答复稿等您签发")
	done(p.SignReply(ctx, by(p.Leader), ""))
	p.says("signed")
}

// toldBefore looks into the inbox of an oversight office: the notice says who
// was told before it, and when.
func (p *post) toldBefore() {
	p.t.Helper()
	list, err := p.ListNotices(p.t.Context(), p.CPPCCSupervisor, postgres.NoticeFilter{Limit: 1})
	must(p.t, err)
	want := "提案第0670号“关于保护内河的提案”：答复期限为2026年6月15日，已逾期3个工作日。\n" +
		"此前已告知：经办人handler（6次，最近一次6月16日）；处室负责人head（4次，最近一次6月16日）；办公室office（2次，最近一次6月16日）。\n" +
		"请抓紧办理。"
	if diff := cmp.Diff(want, list[0].Body); diff != "" {
		p.t.Errorf("what the oversight office reads (-want +got):\n%s", diff)
	}
}

// publishLate issues the letter, delivers it, and publishes it after its day.
func (p *post) publishLate(id int64) {
	ctx, by := p.t.Context(), func(u casework.User) postgres.Call { return postgres.Call{User: u, ID: id} }
	done := func(_ postgres.ListedProposal, err error) { p.t.Helper(); must(p.t, err) }
	done(p.IssueReply(ctx, by(p.Office), "试", casework.Date{}))
	p.says("issued", "delegate: 【答复】提案第0670号已有书面答复")
	p.at("2026-06-25 09:00")
	p.says("answered: nobody is urged any more")
	for _, organ := range []int64{p.Government, p.CPPCC} {
		done(p.SendCopy(ctx, by(p.Office), organ))
	}
	p.says("copied", "supervisor: 【抄送】收到提案第0670号的复文，请签收", "cppcc-supervisor: 【抄送】收到提案第0670号的复文，请签收")
	p.at("2026-07-09 10:00")
	v, err := p.ViewProposal(ctx, p.Office, id)
	must(p.t, err)
	done(p.RecordDelivery(ctx, by(p.Office), postgres.NewDelivery{ProposerID: v.ProposerRows[0].ID, Channel: "hand"}))
	for _, one := range []struct{ day, says string }{
		{"2026-07-10", "【催办】提案第0670号公开期限还剩5个工作日（7月17日到期）"},
		{"2026-07-14", "【催办】提案第0670号公开期限还剩3个工作日（7月17日到期）"},
		{"2026-07-16", "【催办】提案第0670号公开期限还剩1个工作日（7月17日到期）"},
		{"2026-07-17", "【催办】提案第0670号公开期限今日到期（7月17日到期）"},
		{"2026-07-20", "【逾期】提案第0670号公开期限已逾期1个工作日（7月17日到期）"},
	} {
		p.at(one.day + " 09:00")
		p.says(one.day, "office: "+one.says)
	}
	p.at("2026-07-22 09:00")
	p.says("three days late", "office: 【逾期】提案第0670号公开期限已逾期3个工作日（7月17日到期）",
		"supervisor: 【督办】提案第0670号公开期限已逾期3个工作日（7月17日到期）", "cppcc-supervisor: 【督办】提案第0670号公开期限已逾期3个工作日（7月17日到期）")
	done(p.PublishReply(ctx, by(p.Office)))
	p.at("2026-07-22 18:00")
	p.says("published")
}
