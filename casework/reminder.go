package casework

import (
	"fmt"
	"slices"
	"strings"
)

// A Reminder is what one person is told of a deadline. All that it is made of
// stays as it is, so that it says the same whenever it is read again.
type Reminder struct {
	Kind       Kind
	Number     string
	Title      string
	Rule       string
	Promise    string // its words, where the deadline follows one
	Due, Today Date
	Left       int // working days from today to the due day, as counted today; negative where it is past
	To         Recipient
	Before     []Told // who was told of the same day before
}

// A Told is somebody who was told before.
type Told struct {
	Name  string
	As    Recipient
	Times int
	Last  Date
}

// duties say of each deadline what its day is called, what to do about it, and
// what else can be done until the day.
var duties = map[string]struct{ day, advice, until string }{
	RuleReply:    {"答复期限", "请抓紧办理", "确需延期的，请在到期前提出书面报告"},
	RuleRedo:     {"二次办理期限", "请抓紧办理，按期再次答复", ""},
	RuleReturn:   {"退办期限", "请尽快签收", "不属本单位职责的，请在到期前提出退办"},
	RuleOpinion:  {"会办意见期限", "请按期提交会办意见", ""},
	RulePublish:  {"公开期限", "请按期公开答复", ""},
	RuleFeedback: {"反馈期限", "请对办理态度和办理结果提出意见", ""},
	Commitment:   {"承诺事项期限", "请按期完成并报告完成情况", "确需调整的，请在到期前办理"},
	UrgeAnswer:   {"催办答复期限", "请按期书面答复催办件", ""},
}

// advice says what to do. Only proposers give feedback; others ask them for it.
func (r Reminder) advice() string {
	duty := duties[r.Rule]
	switch {
	case r.Rule == RuleFeedback && r.To != ToProposer:
		return "请联系提出人反馈。"
	case duty.until == "" || r.Today.After(r.Due):
		return duty.advice + "。"
	}
	return duty.advice + "；" + duty.until + "。"
}

// Matter returns what a notice calls a proposal: 提案第0670号.
func Matter(k Kind, number string) string { return k.Noun() + "第" + number + "号" }

// Subject says what, which and by when, in one line.
func (r Reminder) Subject() string {
	return r.mark() + Matter(r.Kind, r.Number) + duties[r.Rule].day + r.left() + "（" + r.dueDay() + "到期）"
}

// mark says how pressing it is.
func (r Reminder) mark() string {
	switch {
	case r.To == ToOversight:
		return "【督办】"
	case r.Rule == RuleFeedback:
		return "【反馈】"
	case r.Today.After(r.Due):
		return "【逾期】"
	case r.To == ToHandler:
		return "【提醒】"
	}
	return "【催办】"
}

// left says how far the day is, in working days.
func (r Reminder) left() string {
	switch {
	case r.Today == r.Due:
		return "今日到期"
	case r.Today.After(r.Due):
		return fmt.Sprintf("已逾期%d个工作日", -r.Left)
	case r.Left > 0:
		return fmt.Sprintf("还剩%d个工作日", r.Left)
	}
	return "今日为最后一个工作日"
}

// dueDay leaves the year out where it is this year.
func (r Reminder) dueDay() string { return shortDay(r.Due, r.Today.Year) }

func shortDay(d Date, year int) string {
	if d.Year == year {
		return fmt.Sprintf("%d月%d日", int(d.Month), d.Day)
	}
	return d.Chinese()
}

// Body says the same in whole sentences, one a line, and who was told before.
func (r Reminder) Body() string {
	lines := []string{fmt.Sprintf("%s“%s”：%s为%s，%s。",
		Matter(r.Kind, r.Number), r.Title, duties[r.Rule].day, r.Due.Chinese(), r.left())}
	if r.Promise != "" {
		lines = append(lines, "承诺的内容：“"+r.Promise+"”")
	}
	if len(r.Before) > 0 {
		lines = append(lines, "此前已告知："+r.told()+"。")
	}
	return strings.Join(append(lines, r.advice()), "\n")
}

// told lists who was told before, those first who were told first of all.
func (r Reminder) told() string {
	var parts []string
	for _, t := range r.Before {
		when := shortDay(t.Last, r.Today.Year)
		if t.Times > 1 {
			when = fmt.Sprintf("%d次，最近一次%s", t.Times, when)
		}
		parts = append(parts, fmt.Sprintf("%s%s（%s）", t.As.Label(), t.Name, when))
	}
	return strings.Join(parts, "；")
}

// Escalates reports whether who is told at r as to hears who was told before:
// where more than the person in charge is told. Proposers never hear the names
// of those who handle their matter.
func (r Rung) Escalates(to Recipient) bool {
	return to != ToProposer && slices.ContainsFunc(r.Tells, func(to Recipient) bool { return to != ToHandler && to != ToProposer })
}
