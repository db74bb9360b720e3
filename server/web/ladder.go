package web

import (
	"fmt"
	"strconv"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type ladderList struct {
	ForAll bool // whether they are those of all organs
	Rows   []ladderRow
}

type ladderRow struct {
	*fuyanv1.Ladder
	Form formView
}

func (p *pages) listLadders(r *request) (ladderList, error) {
	answer, err := p.notices.GetLadders(r.Context(), &fuyanv1.GetLaddersRequest{})
	if err != nil {
		return ladderList{}, err
	}
	list := ladderList{ForAll: r.is(fuyanv1.Role_ROLE_ADMIN)}
	for _, l := range answer.Ladders {
		at := place{"SaveLadder-" + l.Code, "/ladders/SaveLadder", l.Version}
		list.Rows = append(list.Rows, ladderRow{l, p.forms["SaveLadder"].view(r, at, subject{ladder: l})})
	}
	return list, nil
}

func ladderFields() []field {
	return []field{
		hidden("ladder.code", func(s subject) string { return s.ladder.GetCode() }),
		area("ladder.rungs", "各级").hint("每行一级：到期后第几个工作日（到期前为负数），空格，再写对象，以顿号分开。单位自己的阶梯留空，即改回通用的").from(rungLines),
		number("ladder.every", "最后一级每隔几个工作日重复").hint("0 为不重复").from(func(s subject) string { return strconv.Itoa(int(s.ladder.GetEvery())) }),
	}
}

// rungLines writes rungs as saveLadder reads them.
func rungLines(s subject) string {
	var lines []string
	for _, r := range s.ladder.GetRungs() {
		lines = append(lines, fmt.Sprintf("%d %s", r.Days, rolesTold(r.Tells)))
	}
	return strings.Join(lines, "\n")
}

// rolesTold joins who is told at a rung.
func rolesTold(list []fuyanv1.NoticeRole) string {
	var names []string
	for _, r := range list {
		names = append(names, noticeRoles.of(r))
	}
	return strings.Join(names, "、")
}

// saveLadder reads rungs line by line: -3 经办人、处室负责人. What it cannot read
// becomes something that the RPC refuses.
func saveLadder(in input) *fuyanv1.SaveLadderRequest {
	l := &fuyanv1.Ladder{Code: in.text("ladder.code"), Every: in.number32("ladder.every")}
	for line := range strings.Lines(in.text("ladder.rungs")) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		days, names, _ := strings.Cut(line, " ")
		n, err := strconv.ParseInt(days, 10, 32)
		if err != nil {
			n = unreadableDays
		}
		r := &fuyanv1.Rung{Days: int32(n)}
		for name := range strings.SplitSeq(names, "、") {
			r.Tells = append(r.Tells, noticeRoles.named(strings.TrimSpace(name)))
		}
		l.Rungs = append(l.Rungs, r)
	}
	return &fuyanv1.SaveLadderRequest{RequestId: in.requestID, ExpectedVersion: in.version, Ladder: l}
}

// unreadableDays is out of every range.
const unreadableDays = 1 << 20

func markNoticeRead(in input) *fuyanv1.MarkNoticeReadRequest {
	return &fuyanv1.MarkNoticeReadRequest{RequestId: in.requestID, NoticeId: in.number64("notice_id"), AndBefore: in.flag("and_before")}
}

func noticeSettings(in input) *fuyanv1.SaveNoticeSettingsRequest {
	return &fuyanv1.SaveNoticeSettingsRequest{
		RequestId: in.requestID, ExpectedVersion: in.version, WebhookSecret: in.text("webhook_secret"),
		Settings: &fuyanv1.NoticeSettings{
			Mail: in.text("settings.mail"), MailMode: picked(in, "settings.mail_mode", mailModes), WebhookUrl: in.text("settings.webhook_url"),
		},
	}
}
