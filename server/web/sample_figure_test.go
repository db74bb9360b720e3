package web_test

import (
	"context"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

func figures() []*fuyanv1.Figure {
	of := func(unit fuyanv1.FigureUnit, code, name string, numerator, denominator int64) *fuyanv1.Figure {
		return &fuyanv1.Figure{
			Code: code, Name: name, Formula: name + "是这样算的。", Basis: "某规定", Unit: unit,
			Numerator: numerator, Denominator: denominator, AsOf: "2026-03-31",
		}
	}
	return []*fuyanv1.Figure{
		of(fuyanv1.FigureUnit_FIGURE_UNIT_PROPOSAL, "answered", "办复率", 86, 93),
		of(fuyanv1.FigureUnit_FIGURE_UNIT_PROPOSAL, "on_time", "按期办复率", 99_999, 100_000),
		of(fuyanv1.FigureUnit_FIGURE_UNIT_FORM, "returned", "反馈率", 0, 0),
		of(fuyanv1.FigureUnit_FIGURE_UNIT_COMMITMENT, "kept", "承诺落实率", 1, 100_000),
		of(fuyanv1.FigureUnit_FIGURE_UNIT_COMMITMENT, "overdue", "逾期未结承诺", 5, 5),
	}
}

// GetFigures counts up to the last day of March unless asked otherwise.
func (s *service) GetFigures(_ context.Context, req *fuyanv1.GetFiguresRequest) (*fuyanv1.GetFiguresResponse, error) {
	filter := req.Filter
	if filter.AsOf == "" {
		filter.AsOf = "2026-05-20"
	}
	return &fuyanv1.GetFiguresResponse{Figures: figures(), Filter: filter}, nil
}

// ListFigureProposals lists one entry of each unit.
func (s *service) ListFigureProposals(_ context.Context, req *fuyanv1.ListFigureProposalsRequest) (*fuyanv1.ListFigureProposalsResponse, error) {
	return &fuyanv1.ListFigureProposalsResponse{
		Entries: []*fuyanv1.FigureEntry{
			{Proposal: proposals()[0]},
			{Proposal: proposals()[1], Commitment: commitments()[0]},
			{Proposal: proposals()[2], Form: &fuyanv1.FigureForm{Round: 2, Proposer: "顾伟华", Attitude: "satisfied", Result: "dissatisfied"}},
			{Proposal: proposals()[3], Form: &fuyanv1.FigureForm{Round: 1, Proposer: "鲁杰"}},
		},
		Figure: figures()[1], Filter: req.Filter, NextPageToken: s.next,
	}, nil
}
