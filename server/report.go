package server

import (
	"context"
	"strings"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// reportService implements fuyanv1connect.ReportServiceHandler.
type reportService struct{ db *postgres.DB }

func (s *reportService) GetFigures(ctx context.Context, req *fuyanv1.GetFiguresRequest) (*fuyanv1.GetFiguresResponse, error) {
	filter, err := fromFigureFilter(req.Filter)
	if err != nil {
		return nil, err
	}
	figures, applied, err := s.db.Figures(ctx, userFrom(ctx), filter)
	if err != nil {
		return nil, err
	}
	out := &fuyanv1.GetFiguresResponse{Filter: toFigureFilter(applied)}
	for _, f := range figures {
		out.Figures = append(out.Figures, toFigure(f, applied.Day))
	}
	return out, nil
}

func (s *reportService) ListFigureProposals(ctx context.Context, req *fuyanv1.ListFigureProposalsRequest) (*fuyanv1.ListFigureProposalsResponse, error) {
	page, err := pageOf(req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	after, err := page.figureKey()
	if err != nil {
		return nil, err
	}
	filter, err := fromFigureFilter(req.Filter)
	if err != nil {
		return nil, err
	}
	list, err := s.db.ListFigure(ctx, userFrom(ctx), filter, postgres.FigurePage{
		Code: req.Code, Side: figureSides.from[req.Side], After: after, Limit: page.limit(),
	})
	if err != nil {
		return nil, err
	}
	entries, next := cut(page, list.Entries, figureKey)
	out := &fuyanv1.ListFigureProposalsResponse{
		NextPageToken: next, Figure: toFigure(list.Figure, list.Filter.Day), Filter: toFigureFilter(list.Filter),
	}
	for _, e := range entries {
		out.Entries = append(out.Entries, toFigureEntry(e, s.db.Today()))
	}
	return out, nil
}

// figureKey is the number and the round of an entry, the order of its list.
func figureKey(e postgres.FigureEntry) string {
	return decimal(e.Key.ID) + " " + decimal(int64(e.Key.Round))
}

// figureKey reads a key of figureKey.
func (p page) figureKey() (postgres.FigureKey, error) {
	if p.key == "" {
		return postgres.FigureKey{}, nil
	}
	first, second, _ := strings.Cut(p.key, " ")
	id, err := page{key: first}.number()
	if err != nil || id == 0 {
		return postgres.FigureKey{}, errPageToken
	}
	if second == "0" {
		return postgres.FigureKey{ID: id}, nil
	}
	round, err := page{key: second}.number()
	if err != nil || round == 0 || round > 1<<31-1 {
		return postgres.FigureKey{}, errPageToken
	}
	return postgres.FigureKey{ID: id, Round: int32(round)}, nil
}

func fromFigureFilter(f *fuyanv1.FigureFilter) (out postgres.FigureFilter, err error) {
	out = postgres.FigureFilter{Kind: kinds.from[f.GetKind()], OrganID: f.GetOrganId()}
	if s := f.GetSitting(); s != nil {
		out.Sitting = &casework.Sitting{Body: s.Body, Term: int(s.Term), Session: int(s.Session)}
	}
	for _, day := range []struct {
		field, text string
		to          *casework.Date
	}{
		{"filter.as_of", f.GetAsOf(), &out.Day},
		{"filter.handed_over_from", f.GetHandedOverFrom(), &out.From},
		{"filter.handed_over_to", f.GetHandedOverTo(), &out.To},
		{"filter.since", f.GetSince(), &out.Since},
	} {
		if *day.to, err = dayIn(day.field, day.text); err != nil {
			return out, err
		}
	}
	return out, nil
}
