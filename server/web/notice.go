package web

import (
	"errors"
	"fmt"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type inbox struct {
	Unread      bool // whether only those are shown
	Rows        []noticeRow
	All         *formView // marks all read; nil when there is nothing to mark
	Foresees    bool
	KeepsRungs  bool
	First, Next string
}

type noticeRow struct {
	*fuyanv1.Notice
	Href string // what it is about; empty for nothing
	Read formView
}

func (p *pages) listNotices(r *request) (inbox, error) {
	in := input{values: r.URL.Query()}
	req := &fuyanv1.ListNoticesRequest{Unread: in.flag("unread"), PageToken: in.values.Get("page")}
	answer, err := p.notices.ListNotices(r.Context(), req)
	if err != nil {
		return inbox{}, err
	}
	page := inbox{
		Unread:     req.Unread,
		Foresees:   r.is(fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_OFFICE, fuyanv1.Role_ROLE_SUPERVISOR),
		KeepsRungs: r.is(fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_OFFICE),
	}
	page.First, page.Next = paging("/notices", r, answer.NextPageToken)
	for _, n := range answer.Notices {
		page.Rows = append(page.Rows, noticeRow{n, about(n), p.markRead(r, n, "")})
	}
	if r.unread > 0 && len(answer.Notices) > 0 && req.PageToken == "" {
		all := p.markRead(r, answer.Notices[0], "yes")
		all.Label = "全部标为已读"
		page.All = &all
	}
	return page, nil
}

func (p *pages) markRead(r *request, n *fuyanv1.Notice, andBefore string) formView {
	at := place{fmt.Sprintf("MarkNoticeRead-%d%s", n.Id, andBefore), "/notices/MarkNoticeRead", 0}
	return p.forms["MarkNoticeRead"].view(r, at, subject{notice: n, andBefore: andBefore})
}

// about is the page of what a notice is about.
func about(n *fuyanv1.Notice) string {
	switch {
	case n.CommitmentId != 0:
		return fmt.Sprintf("/commitments/%d", n.CommitmentId)
	case n.ProposalId != 0:
		return fmt.Sprintf("/proposals/%d", n.ProposalId)
	}
	return ""
}

type upcomingList struct {
	Rows        []*fuyanv1.UpcomingDeadline
	First, Next string
}

func (p *pages) listUpcoming(r *request) (upcomingList, error) {
	answer, err := p.notices.ListUpcomingNotices(r.Context(), &fuyanv1.ListUpcomingNoticesRequest{PageToken: r.URL.Query().Get("page")})
	if err != nil {
		return upcomingList{}, err
	}
	list := upcomingList{Rows: answer.Deadlines}
	list.First, list.Next = paging("/notices/upcoming", r, answer.NextPageToken)
	return list, nil
}

// receivers names who will be told.
func receivers(to []*fuyanv1.UpcomingPerson) string {
	var names []string
	for _, one := range to {
		names = append(names, one.Name+"（"+noticeRoles.of(one.Role)+"）")
	}
	if len(names) == 0 {
		return "没有可以告知的人"
	}
	return strings.Join(names, "、")
}

// rungDay says when a rung comes: 到期前 3 个工作日.
func rungDay(days int32) string {
	switch {
	case days < 0:
		return fmt.Sprintf("到期前 %d 个工作日", -days)
	case days > 0:
		return fmt.Sprintf("逾期第 %d 个工作日", days)
	}
	return "到期日"
}

// saveNoticeSettings shows a secret that was made in the answer itself, as
// createToken does.
func (p *pages) saveNoticeSettings(r *request) (accountPage, error) {
	answer, err := p.notices.SaveNoticeSettings(r.Context(), noticeSettings(r.input()))
	if refused, ok := errors.AsType[*refusal](refuse("SaveNoticeSettings", err)); ok {
		r.failed = refused
	} else if err != nil {
		return accountPage{}, err
	}
	page, err := p.showAccount(r)
	page.Saved, page.WebhookSecret = answer != nil, answer.GetWebhookSecret()
	return page, err
}

// deliveryState says how far a way out of a notice is. A mail that was kept as a
// file for want of a mail server has not been sent.
func deliveryState(d *fuyanv1.NoticeDelivery) string {
	if d.GetState() == fuyanv1.NoticeDeliveryState_NOTICE_DELIVERY_STATE_SENT && strings.HasSuffix(d.GetMessageId(), ".eml") {
		return "已存为文件"
	}
	return noticeDeliveryStates.of(d.GetState())
}
