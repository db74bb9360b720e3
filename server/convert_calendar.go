package server

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func toDeadlines(list []postgres.DeadlineView, today casework.Date) []*fuyanv1.Deadline {
	var out []*fuyanv1.Deadline
	for _, v := range list {
		out = append(out, toDeadline(v, today))
	}
	return out
}

func toDeadline(v postgres.DeadlineView, today casework.Date) *fuyanv1.Deadline {
	out := &fuyanv1.Deadline{
		Id: v.ID, Rule: v.Rule, Name: v.Name, Round: v.Round, Organ: v.Organ, Trigger: v.TriggerDay.String(),
		FirstDue: v.FirstDue.String(), Due: v.Due.String(), Met: v.Met.String(), Ended: v.Ended.String(), Paused: v.Paused.String(),
		Provisional: v.Provisional, Basis: v.Basis, CommitmentId: orZero(v.CommitmentID),
		WorkingDaysLeft: int32(v.Left), LeftProvisional: v.LeftProvisional, Running: v.Runs(), Overdue: v.Runs() && v.Due.Before(today),
	}
	for _, g := range v.Changes {
		out.Changes = append(out.Changes, &fuyanv1.DeadlineChange{
			Cause: deadlineCauses.to[g.Cause], Before: g.Before.String(), After: g.After.String(),
			Since: g.Since.String(), Until: g.Until.String(), Removed: orZero(g.Removed), WorkingDays: v.Unit == casework.WorkingDays,
			Reason: g.Reason, Author: g.Author, Time: timestamppb.New(g.At),
		})
	}
	return out
}

func toSteps(list []casework.Step) []*fuyanv1.Step {
	var out []*fuyanv1.Step
	for _, s := range list {
		out = append(out, &fuyanv1.Step{Kind: string(s.Kind), Day: s.Day.String(), Words: s.Words})
	}
	return out
}

func toCalendarDay(d postgres.CalendarDay) *fuyanv1.CalendarDay {
	return &fuyanv1.CalendarDay{
		Date: d.Day.String(), Kind: dayKinds.to[d.Kind], Name: d.Name, Notice: d.Notice, Provisional: d.Provisional,
	}
}

func toCalendarYear(y postgres.CalendarYear) *fuyanv1.ListCalendarDaysResponse {
	out := &fuyanv1.ListCalendarDaysResponse{Year: int32(y.Year), Whole: y.Whole, WholeYears: y.WholeYears}
	for _, d := range y.Days {
		out.Days = append(out.Days, toCalendarDay(d))
	}
	for _, i := range y.Imports {
		out.Imports = append(out.Imports, &fuyanv1.CalendarImport{
			Id: i.ID, Source: i.Source, Years: i.Years, Author: i.Author, Time: timestamppb.New(i.At), Days: i.Days,
		})
	}
	return out
}

func toMoved(list []postgres.MovedDeadline) []*fuyanv1.MovedDeadline {
	var out []*fuyanv1.MovedDeadline
	for _, m := range list {
		out = append(out, &fuyanv1.MovedDeadline{
			DeadlineId: m.Deadline.ID, ProposalId: m.Deadline.ProposalID, Number: m.Number, Title: m.Title,
			Rule: m.Deadline.Rule, Name: m.Deadline.Name, From: m.Deadline.Due.String(), To: m.To.Day.String(),
			Provisional: m.To.Provisional,
		})
	}
	return out
}

func toRule(r postgres.Rule) *fuyanv1.Rule {
	return &fuyanv1.Rule{
		Id: r.ID, Code: r.Code, Kind: kinds.to[r.Kind], Name: r.Name, Trigger: r.Trigger, Amount: r.Amount,
		Unit: units.to[r.Unit], YearDay: r.YearDay, Basis: r.Basis, Confirmed: r.Confirmed, ValidFrom: r.ValidFrom.String(),
		Note: r.Note, Span: postgres.SpanOf(r), SetBy: r.SetBy, SetTime: toTime(r.SetAt),
	}
}

// toRules marks, of each code and kind, the newest that has begun.
func toRules(rows []postgres.Rule, today casework.Date) []*fuyanv1.Rule {
	type key struct {
		code string
		kind casework.Kind
	}
	held := map[key]bool{}
	var out []*fuyanv1.Rule
	for _, r := range rows {
		rule, k := toRule(r), key{r.Code, r.Kind}
		if !held[k] && !r.ValidFrom.After(today) {
			rule.Holds, held[k] = true, true
		}
		out = append(out, rule)
	}
	return out
}

func fromRule(r *fuyanv1.Rule) (casework.Rule, error) {
	from, err := dayIn("rule.valid_from", r.ValidFrom)
	return casework.Rule{
		Code: r.Code, Kind: kinds.from[r.Kind], Name: r.Name, Trigger: r.Trigger, Amount: int(r.Amount), Unit: units.from[r.Unit],
		YearDay: r.YearDay, Basis: r.Basis, Confirmed: r.Confirmed, From: from, Note: r.Note,
	}, err
}
