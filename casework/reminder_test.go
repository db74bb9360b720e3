package casework_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
)

// TestSubjects: each says what, which, and by when.
func TestSubjects(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		rule, today, due string
		to               casework.Recipient
		want             string
	}{
		{casework.RuleReply, "2026-06-03", "2026-06-17", casework.ToHandler, "【提醒】提案第0670号答复期限还剩10个工作日（6月17日到期）"},
		{casework.RuleReply, "2026-06-12", "2026-06-17", casework.ToHead, "【催办】提案第0670号答复期限还剩3个工作日（6月17日到期）"},
		{casework.RuleReply, "2026-06-17", "2026-06-17", casework.ToOffice, "【催办】提案第0670号答复期限今日到期（6月17日到期）"},
		{casework.RuleReply, "2026-06-18", "2026-06-20", casework.ToHandler, "【提醒】提案第0670号答复期限今日为最后一个工作日（6月20日到期）"},
		{casework.RuleReply, "2026-06-23", "2026-06-17", casework.ToHandler, "【逾期】提案第0670号答复期限已逾期3个工作日（6月17日到期）"},
		{casework.RuleReply, "2026-06-23", "2026-06-17", casework.ToOversight, "【督办】提案第0670号答复期限已逾期3个工作日（6月17日到期）"},
		{casework.RuleRedo, "2026-12-31", "2027-01-04", casework.ToHandler, "【提醒】提案第0670号二次办理期限还剩1个工作日（2027年1月4日到期）"},
		{casework.RuleReturn, "2026-06-16", "2026-06-17", casework.ToOffice, "【催办】提案第0670号退办期限还剩1个工作日（6月17日到期）"},
		{casework.RuleOpinion, "2026-06-16", "2026-06-17", casework.ToOffice, "【催办】提案第0670号会办意见期限还剩1个工作日（6月17日到期）"},
		{casework.RulePublish, "2026-06-16", "2026-06-17", casework.ToOffice, "【催办】提案第0670号公开期限还剩1个工作日（6月17日到期）"},
		{casework.RuleFeedback, "2026-06-16", "2026-06-17", casework.ToProposer, "【反馈】提案第0670号反馈期限还剩1个工作日（6月17日到期）"},
		{casework.Commitment, "2026-06-16", "2026-06-17", casework.ToHandler, "【提醒】提案第0670号承诺事项期限还剩1个工作日（6月17日到期）"},
	} {
		r := casework.Reminder{
			Kind: casework.CPPCCProposal, Number: "0670", Rule: test.rule, To: test.to,
			Due: date(t, test.due), Today: date(t, test.today),
		}
		r.Left = hours().Calendar.WorkingDays(r.Today, r.Due)
		if got := r.Subject(); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

func TestEveryRuleHasWords(t *testing.T) {
	t.Parallel()
	for _, code := range append([]string{casework.RuleRedo}, casework.LadderCodes...) {
		r := casework.Reminder{Kind: casework.NPCSuggestion, Number: "1", Rule: code, Due: date(t, "2026-06-17"), Today: date(t, "2026-06-17")}
		if got := r.Body(); strings.Contains(got, "：为") || strings.HasSuffix(got, "\n") {
			t.Errorf("a reminder of %s lacks words: %q", code, got)
		}
	}
}

// TestBodyOfAnEscalation says who was told before, and when.
func TestBodyOfAnEscalation(t *testing.T) {
	t.Parallel()
	r := casework.Reminder{
		Kind: casework.NPCSuggestion, Number: "0629", Title: "关于岸线的建议", Rule: casework.Commitment,
		Promise: "将在年内开放岸线。", Due: date(t, "2026-06-17"), Today: date(t, "2026-06-23"), Left: -3, To: casework.ToOversight,
		Before: []casework.Told{
			{Name: "许亦舟", As: casework.ToHandler, Times: 5, Last: date(t, "2026-06-18")},
			{Name: "程砚", As: casework.ToHead, Times: 1, Last: date(t, "2026-06-16")},
		},
	}
	want := "代表建议第0629号“关于岸线的建议”：承诺事项期限为2026年6月17日，已逾期3个工作日。\n" +
		"承诺的内容：“将在年内开放岸线。”\n" +
		"此前已告知：经办人许亦舟（5次，最近一次6月18日）；处室负责人程砚（6月16日）。\n" +
		"请按期完成并报告完成情况。"
	if diff := cmp.Diff(want, r.Body()); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

// TestAdvice: what can be done until the day is left out when it has passed, and
// only proposers are asked for their opinion.
func TestAdvice(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		rule, today string
		to          casework.Recipient
		want        string
	}{
		{casework.RuleReply, "2026-06-17", casework.ToHandler, "请抓紧办理；确需延期的，请在到期前提出书面报告。"},
		{casework.RuleReply, "2026-06-18", casework.ToHandler, "请抓紧办理。"},
		{casework.RuleReturn, "2026-06-18", casework.ToOffice, "请尽快签收。"},
		{casework.RuleFeedback, "2026-06-16", casework.ToProposer, "请对办理态度和办理结果提出意见。"},
		{casework.RuleFeedback, "2026-06-16", casework.ToOffice, "请联系提出人反馈。"},
	} {
		r := casework.Reminder{Kind: casework.CPPCCProposal, Number: "1", Rule: test.rule, To: test.to, Due: date(t, "2026-06-17"), Today: date(t, test.today)}
		lines := strings.Split(r.Body(), "\n")
		if got := lines[len(lines)-1]; got != test.want {
			t.Errorf("%s on %s to %s: %s, want %s", test.rule, test.today, test.to, got, test.want)
		}
	}
}

func TestEscalates(t *testing.T) {
	t.Parallel()
	r := casework.Rung{Tells: []casework.Recipient{casework.ToProposer, casework.ToOffice}}
	if r.Escalates(casework.ToProposer) || !r.Escalates(casework.ToOffice) {
		t.Error("the office, and not the proposer, hears who was told before")
	}
}

func TestOccasionSubjects(t *testing.T) {
	t.Parallel()
	for verb, o := range casework.Occasions {
		got := o.Subject(casework.CPPCCProposal, "0670", false)
		if !strings.HasPrefix(got, "【") || !strings.Contains(got, "提案第0670号") || strings.Contains(got, "%!") {
			t.Errorf("%s: %q", verb, got)
		}
		if len(o.Tells) == 0 {
			t.Errorf("%s tells nobody", verb)
		}
	}
	if got, want := casework.Occasions[casework.Approve].Subject(casework.CPPCCProposal, "0670", true), "【待签发】提案第0670号的答复稿等您签发"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
