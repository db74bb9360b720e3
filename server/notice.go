package server

import (
	"context"
	"strconv"
	"strings"
	"time"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// noticeService implements fuyanv1connect.NoticeServiceHandler.
type noticeService struct{ db *postgres.DB }

func (s *noticeService) ListNotices(ctx context.Context, req *fuyanv1.ListNoticesRequest) (*fuyanv1.ListNoticesResponse, error) {
	page, err := pageOf(req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	before, err := page.number()
	if err != nil {
		return nil, err
	}
	rows, err := s.db.ListNotices(ctx, userFrom(ctx), postgres.NoticeFilter{Unread: req.Unread, Before: before, Limit: page.limit()})
	if err != nil {
		return nil, err
	}
	rows, next := cut(page, rows, func(n postgres.Notice) string { return decimal(n.ID) })
	out := &fuyanv1.ListNoticesResponse{NextPageToken: next}
	for _, n := range rows {
		out.Notices = append(out.Notices, toNotice(n))
	}
	return out, nil
}

func (s *noticeService) MarkNoticeRead(ctx context.Context, req *fuyanv1.MarkNoticeReadRequest) (*fuyanv1.MarkNoticeReadResponse, error) {
	unread, err := s.db.MarkNoticeRead(ctx, callOf(ctx, req, req.NoticeId, 0), req.AndBefore)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.MarkNoticeReadResponse{Unread: int32(unread)}, nil
}

func (s *noticeService) ListUpcomingNotices(ctx context.Context, req *fuyanv1.ListUpcomingNoticesRequest) (*fuyanv1.ListUpcomingNoticesResponse, error) {
	page, err := pageOf(req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	after, id, err := page.momentAndNumber()
	if err != nil {
		return nil, err
	}
	rows, err := s.db.ListUpcoming(ctx, userFrom(ctx), postgres.UpcomingFilter{After: after, AfterID: id, Limit: page.limit()})
	if err != nil {
		return nil, err
	}
	rows, next := cut(page, rows, upcomingKey)
	out := &fuyanv1.ListUpcomingNoticesResponse{NextPageToken: next}
	for _, u := range rows {
		if len(u.Notices) > 0 {
			out.Deadlines = append(out.Deadlines, toUpcoming(u))
		}
	}
	return out, nil
}

// upcomingKey is the moment and the id, the order of the list.
func upcomingKey(u postgres.Upcoming) string {
	return decimal(u.NextNotice.UnixMicro()) + " " + decimal(u.ID)
}

// momentAndNumber reads a key of upcomingKey.
func (p page) momentAndNumber() (time.Time, int64, error) {
	if p.key == "" {
		return time.Time{}, 0, nil
	}
	moment, id, _ := strings.Cut(p.key, " ")
	micro, err := strconv.ParseInt(moment, 10, 64)
	n, bad := page{key: id}.number()
	const farthest = 1 << 55 // in microseconds, more than a thousand years
	if err != nil || bad != nil || n == 0 || micro < 0 || micro > farthest {
		return time.Time{}, 0, errPageToken
	}
	return time.UnixMicro(micro), n, nil
}

func (s *noticeService) GetLadders(ctx context.Context, _ *fuyanv1.GetLaddersRequest) (*fuyanv1.GetLaddersResponse, error) {
	list, err := s.db.GetLadders(ctx, userFrom(ctx))
	if err != nil {
		return nil, err
	}
	return &fuyanv1.GetLaddersResponse{Ladders: toLadders(list)}, nil
}

func (s *noticeService) SaveLadder(ctx context.Context, req *fuyanv1.SaveLadderRequest) (*fuyanv1.SaveLadderResponse, error) {
	l := casework.Ladder{Code: req.Ladder.Code, Every: int(req.Ladder.Every)}
	for _, r := range req.Ladder.Rungs {
		l.Rungs = append(l.Rungs, casework.Rung{Days: int(r.Days), Tells: noticeRoles.listFrom(r.Tells)})
	}
	list, err := s.db.SaveLadder(ctx, callOf(ctx, req, 0, req.ExpectedVersion), l)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.SaveLadderResponse{Ladders: toLadders(list)}, nil
}

func (s *noticeService) GetNoticeSettings(ctx context.Context, _ *fuyanv1.GetNoticeSettingsRequest) (*fuyanv1.GetNoticeSettingsResponse, error) {
	n, err := s.db.GetNoticeSettings(ctx, userFrom(ctx))
	if err != nil {
		return nil, err
	}
	return &fuyanv1.GetNoticeSettingsResponse{Settings: toNoticeSettings(n)}, nil
}

func (s *noticeService) SaveNoticeSettings(ctx context.Context, req *fuyanv1.SaveNoticeSettingsRequest) (*fuyanv1.SaveNoticeSettingsResponse, error) {
	n, secret, err := s.db.SaveNoticeSettings(ctx, callOf(ctx, req, 0, req.ExpectedVersion), postgres.NoticeSettings{
		Mail: req.Settings.Mail, MailMode: mailModes.from[req.Settings.MailMode], WebhookURL: req.Settings.WebhookUrl,
	}, req.WebhookSecret)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.SaveNoticeSettingsResponse{Settings: toNoticeSettings(n), WebhookSecret: secret}, nil
}
