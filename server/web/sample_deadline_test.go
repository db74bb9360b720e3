package web_test

import (
	"time"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

func sampleDeadlines() []*fuyanv1.Deadline {
	return []*fuyanv1.Deadline{
		{
			Id: 51, Rule: "REPLY", Name: "答复提出人", Organ: "上海市科学技术委员会", Trigger: "2026-02-26", FirstDue: "2026-05-26", Due: "2026-06-26", Met: "2026-05-12", Basis: "代表法第五十一条", Round: 1,
			Changes: []*fuyanv1.DeadlineChange{
				{Cause: fuyanv1.DeadlineCause_DEADLINE_CAUSE_EXTENSION, Before: "2026-05-26", After: "2026-06-26", Reason: "涉及面广", Author: "周平", Time: at(3, 10)},
			},
		},
		{Id: 52, Rule: "RETURN_WRONG", Name: "退办", Trigger: "2026-02-27", FirstDue: "2026-03-10", Due: "2026-03-10", Basis: "市人大规定第十四条", Running: true, Overdue: true, WorkingDaysLeft: -48},
		{Id: 53, Rule: "COHANDLE_OPINION", Name: "会办意见", Trigger: "2026-03-01", FirstDue: "2026-04-01", Due: "2026-05-18", Running: true, Overdue: true, WorkingDaysLeft: -2},
		{Id: 54, Rule: "PUBLISH", Name: "主动公开", Trigger: "2026-05-12", FirstDue: "2026-06-02", Due: "2026-06-02", Provisional: true, Basis: "政府信息公开条例第二十六条", Running: true, WorkingDaysLeft: 9},
		{
			Id: 55, Rule: "FEEDBACK_WAIT", Name: "反馈", Trigger: "2026-05-14", FirstDue: "2026-06-04", Due: "2026-06-11", Paused: "2026-05-19",
			Changes: []*fuyanv1.DeadlineChange{
				{Cause: fuyanv1.DeadlineCause_DEADLINE_CAUSE_RESUME, Before: "2026-06-04", After: "2026-06-11", Since: "2026-05-11", Until: "2026-05-18", Removed: 5, WorkingDays: true, Reason: "走访改期", Author: "周平", Time: at(18, 9)},
				{Cause: fuyanv1.DeadlineCause_DEADLINE_CAUSE_PAUSE, Before: "2026-06-11", After: "2026-06-11", Reason: "再改期", Author: "周平", Time: at(19, 9)},
			},
		},
	}
}

func steps() []*fuyanv1.Step {
	return []*fuyanv1.Step{
		{Kind: "rule", Day: "2026-12-28", Words: "公开：自成文日期起20个工作日。依据：政府信息公开条例第二十六条"},
		{Kind: "start", Day: "2026-12-28", Words: "2026年12月28日（周一）是成文日期，当日不计"},
		{Kind: "provisional", Day: "2027-01-01", Words: "2027年的放假安排尚未载入，暂定"},
		{Kind: "skip", Day: "2027-01-01", Words: "2027年1月1日（周五）元旦，法定假日，暂定，不计"},
		{Kind: "due", Day: "2027-01-26", Words: "期限是2027年1月26日（暂定）"},
	}
}

func rules() []*fuyanv1.Rule {
	return []*fuyanv1.Rule{
		{Id: 1, Code: "PUBLISH", Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Name: "公开", Trigger: "成文日期", Amount: 20, Unit: fuyanv1.Unit_UNIT_WORKING_DAY, Basis: "政府信息公开条例第二十六条", Confirmed: true, ValidFrom: "2000-01-01", Holds: true, Span: "自成文日期起20个工作日"},
		{Id: 2, Code: "REPLY", Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Name: "答复", Trigger: "交办日", Amount: 2, Unit: fuyanv1.Unit_UNIT_MONTH, Basis: "比照代表建议", ValidFrom: "2027-01-01", Span: "自交办日起2个月", SetBy: "陈静", Note: "新一届起"},
		{Id: 3, Code: "COMMIT_TERM_END", Kind: fuyanv1.Kind_KIND_NPC_SUGGESTION, Name: "承诺届末说明", Trigger: "换届", Unit: fuyanv1.Unit_UNIT_NONE, Basis: "第二十二条", Confirmed: true, ValidFrom: "2000-01-01", Holds: true, Span: "换届"},
	}
}

func movedDeadlines() []*fuyanv1.MovedDeadline {
	return []*fuyanv1.MovedDeadline{
		{DeadlineId: 54, ProposalId: 7, Number: "0670", Title: "关于加快发展科技服务业的提案", Rule: "PUBLISH", Name: "主动公开", From: "2026-06-02", To: "2026-06-01", Provisional: true},
	}
}

// calendarYear is a year with New Year off, and a Sunday that is worked for it.
func calendarYear(year int) *fuyanv1.ListCalendarDaysResponse {
	out := &fuyanv1.ListCalendarDaysResponse{
		Year: int32(year), Whole: year == 2026, WholeYears: []int32{2026},
		Imports: []*fuyanv1.CalendarImport{{Id: 1, Source: "2026.csv", Years: []int32{2026}, Author: "陈静", Time: at(1, 9), Days: 39}},
	}
	for d := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
		day := &fuyanv1.CalendarDay{Date: d.Format(time.DateOnly), Kind: fuyanv1.DayKind_DAY_KIND_WORKDAY, Provisional: year != 2026}
		switch {
		case d.Month() == 1 && d.Day() <= 3:
			day.Kind, day.Name, day.Notice = fuyanv1.DayKind_DAY_KIND_HOLIDAY, "元旦", "国办发明电〔2025〕7号"
		case d.Month() == 1 && d.Day() == 4:
			day.Kind, day.Name = fuyanv1.DayKind_DAY_KIND_MAKE_UP, "调休上班"
		case d.Weekday() == 0 || d.Weekday() == 6:
			day.Kind = fuyanv1.DayKind_DAY_KIND_WEEKEND
		}
		out.Days = append(out.Days, day)
	}
	return out
}
