package web_test

import (
	"context"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// imported is a hand-over list of four rows, whose helpers' column is not matched.
func imported() *fuyanv1.Import {
	column := func(heading string, f fuyanv1.ImportField, samples ...string) *fuyanv1.ImportColumn {
		return &fuyanv1.ImportColumn{Heading: heading, Field: f, Samples: samples}
	}
	return &fuyanv1.Import{
		Id: 5, Version: 2, FileName: "提案交办清单.xlsx", Size: 9000, Sheet: "交办", UnreadSheets: []string{"说明"}, HiddenRows: 2,
		State: fuyanv1.ImportState_IMPORT_STATE_UPLOADED, HeaderLine: 3, RowCount: 4, GoodCount: 2,
		Columns: []*fuyanv1.ImportColumn{
			column("提案编号", fuyanv1.ImportField_IMPORT_FIELD_NUMBER, "0670", "0671"), column("案由", fuyanv1.ImportField_IMPORT_FIELD_TITLE, "关于加快发展科技服务业的提案"),
			column("第一提案人", fuyanv1.ImportField_IMPORT_FIELD_PROPOSERS, "顾伟华、<b>芮海燕</b>"), column("协同", 0), column("", 0, "备忘"),
		},
		Defaults: &fuyanv1.ImportDefaults{Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: sitting(), HandedOver: "2026-02-26", TextPublic: true},
		Organ:    "上海市科学技术委员会", UploadedBy: "陈静", UploadTime: at(18, 9),
	}
}

func importRows() []*fuyanv1.ImportRow {
	row := func(line int32, number, title string, problems ...*fuyanv1.ImportProblem) *fuyanv1.ImportRow {
		return &fuyanv1.ImportRow{
			Line: line, Number: number, Title: title, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: sitting(),
			Proposers: []string{"顾伟华", "民盟上海市委"}, Organisations: []string{"民盟上海市委"}, Organ: "上海市科学技术委员会", Role: fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_SOLE,
			HandedOver: "2026-02-26", Problems: problems,
		}
	}
	return []*fuyanv1.ImportRow{
		row(4, "0670", "关于加快发展科技服务业的提案"),
		row(5, "0671", "关于 <script> 的提案", &fuyanv1.ImportProblem{Field: fuyanv1.ImportField_IMPORT_FIELD_HELPERS, Words: "市教委（请在签收后征求会办意见）", Warning: true}),
		row(6, "0670", "关于另一事的提案", &fuyanv1.ImportProblem{Field: fuyanv1.ImportField_IMPORT_FIELD_NUMBER, Words: "与第 4 行相同"}),
		{Line: 7, Problems: []*fuyanv1.ImportProblem{{Field: fuyanv1.ImportField_IMPORT_FIELD_TITLE, Words: "必填，现在是空的"}}},
	}
}

// confirmed brings the list to a later state, with one row received and one not.
func (s *service) confirmed(state fuyanv1.ImportState) {
	s.imported.State, s.imported.Version, s.imported.ConfirmedBy, s.imported.ConfirmTime = state, 3, "陈静", at(18, 10)
	s.imported.ReceivedCount, s.imported.RefusedCount = 2, 1
	s.importRows[0].ProposalId, s.importRows[2].Refused, s.importRows[2].Problems = 7, "案号：与第 4 行相同", nil
	if state == fuyanv1.ImportState_IMPORT_STATE_DONE {
		s.imported.RefusedCount, s.imported.DoneTime = 2, at(18, 11)
	}
}

func (s *service) GetImport(_ context.Context, req *fuyanv1.GetImportRequest) (*fuyanv1.GetImportResponse, error) {
	rows := s.importRows
	if req.Rows == fuyanv1.ImportRows_IMPORT_ROWS_WRONG {
		rows = rows[2:]
	}
	return &fuyanv1.GetImportResponse{Import: s.imported, Rows: rows, NextPageToken: s.next}, nil
}

func (s *service) ListImports(context.Context, *fuyanv1.ListImportsRequest) (*fuyanv1.ListImportsResponse, error) {
	return &fuyanv1.ListImportsResponse{Imports: []*fuyanv1.Import{s.imported}, NextPageToken: s.next}, nil
}

func (s *service) UploadHandOverList(context.Context, *fuyanv1.UploadHandOverListRequest) (*fuyanv1.UploadHandOverListResponse, error) {
	return &fuyanv1.UploadHandOverListResponse{Import: s.imported}, nil
}

func (s *service) ExportRefusedRows(context.Context, *fuyanv1.ExportRefusedRowsRequest) (*fuyanv1.ExportRefusedRowsResponse, error) {
	return &fuyanv1.ExportRefusedRowsResponse{Content: []byte("案号"), FileName: "未登记-清单 1.csv", MediaType: "text/csv; charset=utf-8"}, nil
}
