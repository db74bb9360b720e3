package server

import (
	"context"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// boardService implements fuyanv1connect.BoardServiceHandler.
type boardService struct{ db *postgres.DB }

func (s *boardService) GetOverdueBoard(ctx context.Context, req *fuyanv1.GetOverdueBoardRequest) (*fuyanv1.GetOverdueBoardResponse, error) {
	b, err := s.db.CountOverdue(ctx, userFrom(ctx), req.OrganId, kinds.from[req.Kind])
	if err != nil {
		return nil, err
	}
	out := &fuyanv1.OverdueBoard{Day: b.Day.String(), Total: toOverdue(b.Total), MoreOrgans: b.More, Waiting: &fuyanv1.WaitingCounts{
		Extensions: b.Waiting[postgres.WaitingExtensions], Returns: b.Waiting[postgres.WaitingReturns],
		Redos: b.Waiting[postgres.WaitingRedos], Copies: b.Waiting[postgres.WaitingCopies],
	}}
	for _, o := range b.Organs {
		out.Organs = append(out.Organs, &fuyanv1.OrganOverdue{OrganId: o.OrganID, Organ: o.Organ, Counts: toOverdue(o.Overdue)})
	}
	return &fuyanv1.GetOverdueBoardResponse{Board: out}, nil
}

func toOverdue(o postgres.Overdue) *fuyanv1.OverdueCounts {
	return &fuyanv1.OverdueCounts{Replies: o.Replies[:], Promises: o.Promises[:], Publications: o.Publications[:]}
}

func (s *boardService) ListBoardItems(ctx context.Context, req *fuyanv1.ListBoardItemsRequest) (*fuyanv1.ListBoardItemsResponse, error) {
	page, err := pageOf(req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	day, key, err := page.dayAndNumber()
	if err != nil {
		return nil, err
	}
	rows, err := s.db.ListBoard(ctx, userFrom(ctx), postgres.BoardFilter{
		List: boardLists.from[req.List], OrganID: req.OrganId, Kind: kinds.from[req.Kind], OverdueAge: overdueAges.from[req.OverdueAge],
		AfterDay: day, AfterKey: key, Limit: page.limit(),
	})
	if err != nil {
		return nil, err
	}
	rows, next := cut(page, rows, func(i postgres.BoardItem) string { return i.Day.String() + " " + decimal(i.Key) })
	out := &fuyanv1.ListBoardItemsResponse{NextPageToken: next}
	for _, i := range rows {
		out.Items = append(out.Items, toBoardItem(i, s.db.Today()))
	}
	return out, nil
}

func toBoardItem(i postgres.BoardItem, today casework.Date) *fuyanv1.BoardItem {
	return &fuyanv1.BoardItem{
		Proposal: toProposal(i.ListedProposal, today), Day: i.Day.String(), Days: int32(today.Sub(i.Day)),
		Reason: i.Reason, Until: i.Until.String(),
	}
}
