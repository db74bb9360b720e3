package server

import (
	"context"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// filterService implements fuyanv1connect.FilterServiceHandler.
type filterService struct{ db *postgres.DB }

func (s *filterService) ListFilters(ctx context.Context, _ *fuyanv1.ListFiltersRequest) (*fuyanv1.ListFiltersResponse, error) {
	rows, err := s.db.ListFilters(ctx, userFrom(ctx))
	if err != nil {
		return nil, err
	}
	out := new(fuyanv1.ListFiltersResponse)
	for _, f := range rows {
		out.Filters = append(out.Filters, toFilter(f))
	}
	return out, nil
}

func (s *filterService) SaveFilter(ctx context.Context, req *fuyanv1.SaveFilterRequest) (*fuyanv1.SaveFilterResponse, error) {
	list := proto.CloneOf(req.List)
	list.PageSize, list.PageToken = 0, ""
	text, err := protojson.Marshal(list)
	if err != nil {
		return nil, err
	}
	f, err := s.db.SaveFilter(ctx, callOf(ctx, req, 0, 0), req.Name, string(text))
	if err != nil {
		return nil, err
	}
	return &fuyanv1.SaveFilterResponse{Filter: toFilter(f)}, nil
}

func (s *filterService) DeleteFilter(ctx context.Context, req *fuyanv1.DeleteFilterRequest) (*fuyanv1.DeleteFilterResponse, error) {
	if err := s.db.DeleteFilter(ctx, callOf(ctx, req, req.FilterId, 0)); err != nil {
		return nil, err
	}
	return &fuyanv1.DeleteFilterResponse{}, nil
}

// toFilter reads what a filter asks for. What this version of the contract does
// not know of it is left out.
func toFilter(f postgres.Filter) *fuyanv1.Filter {
	list := new(fuyanv1.ListProposalsRequest)
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal([]byte(f.List), list); err != nil {
		list = new(fuyanv1.ListProposalsRequest)
	}
	return &fuyanv1.Filter{Id: f.ID, Name: f.Name, List: list}
}
