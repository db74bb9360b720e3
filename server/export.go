package server

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"fuyan/casework"
	"fuyan/casework/letter"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
	"fuyan/sheet"
)

// mostExported is how many commitments one file may hold.
const mostExported = 100_000

// exportFormats says how each format is written.
var exportFormats = map[fuyanv1.ExportFormat]struct{ ending, mediaType string }{
	fuyanv1.ExportFormat_EXPORT_FORMAT_XLSX: {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	fuyanv1.ExportFormat_EXPORT_FORMAT_CSV:  {".csv", "text/csv; charset=utf-8"},
}

func (s *commitmentService) ExportCommitments(ctx context.Context, req *fuyanv1.ExportCommitmentsRequest) (*fuyanv1.ExportCommitmentsResponse, error) {
	table := s.ledger(ctx, req.List)
	var out bytes.Buffer
	write := table.WriteXLSX
	if req.Format == fuyanv1.ExportFormat_EXPORT_FORMAT_CSV {
		write = table.WriteCSV
	}
	if err := write(&out); err != nil {
		return nil, err
	}
	as := exportFormats[req.Format]
	name := table.Name + "-" + s.db.Today().String() + as.ending
	return &fuyanv1.ExportCommitmentsResponse{Content: out.Bytes(), FileName: name, MediaType: as.mediaType}, nil
}

// ledgerColumns are the columns of the ledger.
var ledgerColumns = []struct {
	sheet.Column
	of func(*postgres.DB, postgres.Commitment) any
}{
	{sheet.Column{Heading: "编号", Width: 8}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Commitment.ID }},
	{sheet.Column{Heading: "承办单位", Width: 24}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Organ }},
	{sheet.Column{Heading: "类别", Width: 10}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Commitment.Kind.Noun() }},
	{sheet.Column{Heading: "届次", Width: 24}, func(_ *postgres.DB, c postgres.Commitment) any { return letter.SittingName(postgres.SittingOf(c)) }},
	{sheet.Column{Heading: "案号", Width: 8}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Number }},
	{sheet.Column{Heading: "案由", Width: 40}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Title }},
	{sheet.Column{Heading: "复文文号", Width: 22}, func(_ *postgres.DB, c postgres.Commitment) any { return c.DocumentNumber }},
	{sheet.Column{Heading: "承诺事项", Width: 60}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Commitment.Text }},
	{sheet.Column{Heading: "状态", Width: 12}, func(_ *postgres.DB, c postgres.Commitment) any { return stateLabel(string(c.Commitment.State)) }},
	{sheet.Column{Heading: "责任人", Width: 10}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Owner }},
	{sheet.Column{Heading: "待接手", Width: 10}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Taker }},
	{sheet.Column{Heading: "交付什么", Width: 30}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Commitment.Deliverable }},
	{sheet.Column{Heading: "怎样算完成", Width: 24}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Commitment.Criterion }},
	{sheet.Column{Heading: "文中期限", Width: 16}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Commitment.DueWords }},
	{sheet.Column{Heading: "最初期限", Width: 12}, func(_ *postgres.DB, c postgres.Commitment) any { return dayCell(c.Commitment.FirstDue) }},
	{sheet.Column{Heading: "现期限", Width: 12}, func(_ *postgres.DB, c postgres.Commitment) any { return dayCell(c.Commitment.Due) }},
	{sheet.Column{Heading: "推迟次数", Width: 9}, func(_ *postgres.DB, c postgres.Commitment) any { return int64(c.Commitment.Slips) }},
	{sheet.Column{Heading: "推迟天数", Width: 9}, func(_ *postgres.DB, c postgres.Commitment) any {
		return int64(casework.SlippedBy(c.Commitment.FirstDue, c.Commitment.Due))
	}},
	{sheet.Column{Heading: "逾期天数", Width: 9}, func(d *postgres.DB, c postgres.Commitment) any {
		return int64(casework.OverdueBy(c.Commitment.State, c.Commitment.Due, d.Today()))
	}},
	{sheet.Column{Heading: "跟踪年度", Width: 9}, func(_ *postgres.DB, c postgres.Commitment) any { return yearCell(c.Commitment.FollowYear) }},
	{sheet.Column{Heading: "最近报告", Width: 12}, func(d *postgres.DB, c postgres.Commitment) any { return dayCell(d.DayOf(c.Commitment.ReportedAt)) }},
	{sheet.Column{Heading: "完成日期", Width: 12}, func(_ *postgres.DB, c postgres.Commitment) any { return dayCell(c.Commitment.DoneDay) }},
	{sheet.Column{Heading: "完成凭据", Width: 30}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Commitment.Evidence }},
	{sheet.Column{Heading: "核验", Width: 10}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Judge }},
	{sheet.Column{Heading: "告知提出人", Width: 12}, func(_ *postgres.DB, c postgres.Commitment) any { return dayCell(c.Commitment.ToldDay) }},
	{sheet.Column{Heading: "不列入或终止的理由", Width: 30}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Commitment.EndReason }},
	{sheet.Column{Heading: "终止签发人", Width: 12}, func(_ *postgres.DB, c postgres.Commitment) any { return c.Commitment.SignedBy }},
}

// ledger is the table of what a request lists.
func (s *commitmentService) ledger(ctx context.Context, list *fuyanv1.ListCommitmentsRequest) sheet.Table {
	f := commitmentFilter(list)
	f.Limit = mostExported + 1
	last, lines := postgres.Commitment{}, 0
	t := sheet.Table{Name: "承诺事项"}
	for _, c := range ledgerColumns {
		t.Columns = append(t.Columns, c.Column)
	}
	cells := make([]any, len(ledgerColumns))
	t.Rows = func(add func([]any) error) error {
		return s.db.EachCommitment(ctx, userFrom(ctx), f, func(c postgres.Commitment) error {
			last, lines = c, lines+1
			if err := checkExported(lines); err != nil {
				return err
			}
			for i, column := range ledgerColumns {
				cells[i] = column.of(s.db, c)
			}
			return add(cells)
		})
	}
	t.Notes = func() [][2]string {
		notes := append([][2]string{{"截至", s.db.Today().Chinese()}, {"条数", strconv.Itoa(lines)}}, askedFor(f, last)...)
		return append(notes, [2]string{"逾期天数、推迟天数", "按日历日计"})
	}
	return t
}

// checkExported refuses a file that grows too long.
func checkExported(lines int) error {
	if lines > mostExported {
		return casework.Invalid("list", "符合条件的超过 %d 条，应缩小范围", mostExported)
	}
	return nil
}

// groupLabels are what people call the groups, and ageLabels the ages.
var (
	groupLabels = map[casework.CommitmentGroup]string{
		casework.GroupOverdue: "逾期", casework.GroupDueSoon: "30 天内到期", casework.GroupSilent: "无进展无凭据", casework.GroupSlipped: "推迟过",
		casework.GroupDropped: "终止", casework.GroupContested: "提出人不认可", casework.GroupUnowned: "无人负责",
		casework.GroupNoted: "待确认",
	}
	ageLabels = map[casework.OverdueAge]string{
		casework.OverdueTo30: "1–30 天", casework.OverdueTo90: "31–90 天", casework.OverdueTo180: "91–180 天", casework.OverdueOver180: "180 天以上",
	}
)

// askedFor says in words what a list was filtered by; one of its commitments
// knows the names.
func askedFor(f postgres.CommitmentFilter, one postgres.Commitment) [][2]string {
	notes := [][2]string{}
	for _, n := range []struct {
		asked       bool
		what, value string
	}{
		{f.ProposalID != 0, "提案建议（内部编号）", decimal(f.ProposalID)},
		{f.Kind != "", "类别", f.Kind.Noun()},
		{f.OrganID != 0, "承办单位", one.Organ},
		{f.OwnerID != 0, "责任人", one.Owner},
		{f.Mine, "范围", "我负责的"},
		{f.State != "", "状态", stateLabel(string(f.State))},
		{f.Group != "", "分组", groupLabels[f.Group]},
		{f.Overdue, "逾期", "是"},
		{f.OverdueAge != "", "逾期时间", ageLabels[f.OverdueAge]},
	} {
		if n.asked {
			notes = append(notes, [2]string{n.what, n.value})
		}
	}
	if len(notes) == 0 {
		return [][2]string{{"范围", "全部"}}
	}
	return notes
}

func dayCell(d casework.Date) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

func yearCell(year *int32) any {
	if year == nil {
		return nil
	}
	return int64(*year)
}
