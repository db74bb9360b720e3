package server

import (
	"context"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// followService implements fuyanv1connect.FollowServiceHandler.
type followService struct{ db *postgres.DB }

func (s *followService) ListFollowed(ctx context.Context, req *fuyanv1.ListFollowedRequest) (*fuyanv1.ListFollowedResponse, error) {
	page, err := pageOf(req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	before, err := page.number()
	if err != nil {
		return nil, err
	}
	rows, err := s.db.ListFollowed(ctx, userFrom(ctx), before, page.limit())
	if err != nil {
		return nil, err
	}
	rows, next := cut(page, rows, func(f postgres.Followed) string { return decimal(f.ID) })
	out := &fuyanv1.ListFollowedResponse{NextPageToken: next}
	for _, f := range rows {
		out.Followed = append(out.Followed, toFollowed(f, s.db.Today()))
	}
	return out, nil
}

func (s *followService) GetFollowed(ctx context.Context, req *fuyanv1.GetFollowedRequest) (*fuyanv1.GetFollowedResponse, error) {
	f, err := s.db.ViewFollowed(ctx, userFrom(ctx), req.ProposalId)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.GetFollowedResponse{Followed: toFollowed(f, s.db.Today())}, nil
}

func (s *followService) MarkSeen(ctx context.Context, req *fuyanv1.MarkSeenRequest) (*fuyanv1.MarkSeenResponse, error) {
	f, err := s.db.MarkSeen(ctx, callOf(ctx, req, req.ProposalId, 0), req.Seq)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.MarkSeenResponse{Followed: toFollowed(f, s.db.Today())}, nil
}

func toFollowed(f postgres.Followed, today casework.Date) *fuyanv1.Followed {
	out := &fuyanv1.Followed{
		Proposal: toProposal(f.ListedProposal, today), NextStep: nextSteps.to[f.Next], NextDay: f.NextDay.String(),
		Letters: f.Letters, NewsCount: f.NewsCount, LastSeq: f.EventCount, SeenTime: toTime(f.SeenAt),
	}
	for _, e := range f.News {
		out.News = append(out.News, toEvent(e))
	}
	return out
}
