package server

import (
	"context"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func (s *replyService) KeepWorkingCopy(ctx context.Context, req *fuyanv1.KeepWorkingCopyRequest) (*fuyanv1.KeepWorkingCopyResponse, error) {
	c := postgres.Call{User: userFrom(ctx), ID: req.ProposalId, Version: req.ExpectedVersion}
	kept, latest, err := s.db.KeepWorkingCopy(ctx, c, postgres.Keeping{
		EditorID: req.EditorId, Revision: req.Revision, Base: req.Base,
		NewDraft: postgres.NewDraft{
			Text: req.Text, Result: results.from[req.Result], Publicity: publicities.from[req.Publicity],
			WithholdReason: req.WithholdReason, Summary: req.Summary,
		},
	})
	if err != nil {
		return nil, err
	}
	return &fuyanv1.KeepWorkingCopyResponse{WorkingCopy: toWorkingCopy(kept), LatestDraft: latest}, nil
}

func (s *replyService) DropWorkingCopy(ctx context.Context, req *fuyanv1.DropWorkingCopyRequest) (*fuyanv1.DropWorkingCopyResponse, error) {
	if err := s.db.DropWorkingCopy(ctx, callOf(ctx, req, req.ProposalId, req.ExpectedVersion)); err != nil {
		return nil, err
	}
	return &fuyanv1.DropWorkingCopyResponse{}, nil
}
