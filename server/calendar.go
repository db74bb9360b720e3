package server

import (
	"context"

	"fuyan/calendar"
	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// calendarService implements fuyanv1connect.CalendarServiceHandler.
type calendarService struct{ db *postgres.DB }

func (s *calendarService) ComputeDeadline(ctx context.Context, req *fuyanv1.ComputeDeadlineRequest) (*fuyanv1.ComputeDeadlineResponse, error) {
	from, err := dayIn("from", req.From)
	if err != nil {
		return nil, err
	}
	r, rule, err := s.db.ComputeDeadline(ctx, postgres.DeadlineQuestion{
		Code: req.Rule, Kind: kinds.from[req.Kind], From: from, Mode: modes.from[req.Mode],
	})
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ComputeDeadlineResponse{
		Due: r.Day.String(), Provisional: r.Provisional, Steps: toSteps(r.Steps), Rule: toRule(rule),
	}, nil
}

func (s *calendarService) ExplainDeadline(ctx context.Context, req *fuyanv1.ExplainDeadlineRequest) (*fuyanv1.ExplainDeadlineResponse, error) {
	e, err := s.db.ExplainDeadline(ctx, userFrom(ctx), req.DeadlineId)
	if err != nil {
		return nil, err
	}
	today := s.db.Today()
	return &fuyanv1.ExplainDeadlineResponse{
		Deadline: toDeadline(e.Deadline, today), Steps: toSteps(e.Steps), Proposal: toProposal(e.Proposal, today),
	}, nil
}

func (s *calendarService) ListCalendarDays(ctx context.Context, req *fuyanv1.ListCalendarDaysRequest) (*fuyanv1.ListCalendarDaysResponse, error) {
	y, err := s.db.ListCalendarDays(ctx, int(req.Year))
	if err != nil {
		return nil, err
	}
	return toCalendarYear(y), nil
}

func (s *calendarService) ImportCalendar(ctx context.Context, req *fuyanv1.ImportCalendarRequest) (*fuyanv1.ImportCalendarResponse, error) {
	file, err := calendar.Read(req.Content, req.Notice)
	if err != nil {
		return nil, casework.Invalid("content", "%v", err)
	}
	n := postgres.NewCalendar{
		Source: req.Source, Content: req.Content, Days: file.Days, Plain: file.Plain, Preview: req.Preview, Expected: req.ExpectedMoves,
	}
	for _, y := range req.Years {
		n.Years = append(n.Years, int(y))
	}
	change, err := s.db.ImportCalendar(ctx, callOf(ctx, req, 0, 0), n)
	if err != nil {
		return nil, err
	}
	out := &fuyanv1.ImportCalendarResponse{Moved: toMoved(change.Moved), Moves: change.Moves}
	for _, d := range change.Days {
		out.Days = append(out.Days, toCalendarDay(d))
	}
	for _, y := range change.Years {
		out.Years = append(out.Years, int32(y))
	}
	return out, nil
}

func (s *calendarService) ListRules(ctx context.Context, _ *fuyanv1.ListRulesRequest) (*fuyanv1.ListRulesResponse, error) {
	rows, err := s.db.ListRules(ctx)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ListRulesResponse{Rules: toRules(rows, s.db.Today())}, nil
}

func (s *calendarService) SetRule(ctx context.Context, req *fuyanv1.SetRuleRequest) (*fuyanv1.SetRuleResponse, error) {
	rule, err := fromRule(req.Rule)
	if err != nil {
		return nil, err
	}
	n := postgres.NewRule{Rule: rule, Preview: req.Preview, Expected: req.ExpectedMoves}
	change, err := s.db.SetRule(ctx, callOf(ctx, req, 0, 0), n)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.SetRuleResponse{Rule: toRule(change.Rule), Moved: toMoved(change.Moved), Moves: change.Moves}, nil
}
