package server

import (
	"context"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

func (s *commitmentService) ExportCommitments(ctx context.Context, req *fuyanv1.ExportCommitmentsRequest) (*fuyanv1.ExportCommitmentsResponse, error) {
	return nil, nil
}
