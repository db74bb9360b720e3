package server

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"path"
	"slices"
	"strconv"
	"strings"

	"fuyan/casework"
	"fuyan/casework/handover"
	"fuyan/casework/letter"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
	"fuyan/sheet"
)

// importService implements fuyanv1connect.ImportServiceHandler.
type importService struct{ db *postgres.DB }

func (s *importService) UploadHandOverList(ctx context.Context, req *fuyanv1.UploadHandOverListRequest) (*fuyanv1.UploadHandOverListResponse, error) {
	n, err := fromHandOverList(req)
	if err != nil {
		return nil, err
	}
	v, err := s.db.UploadHandOverList(ctx, callOf(ctx, req, 0, 0), n)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.UploadHandOverListResponse{Import: toImportView(v)}, nil
}

// fromHandOverList reads the list that a request brings: out of a file, or as it was
// pasted.
func fromHandOverList(req *fuyanv1.UploadHandOverListRequest) (postgres.NewImport, error) {
	field, content, pasted := "file", req.File, strings.TrimSpace(req.Text) != ""
	switch {
	case len(content) == 0 && !pasted:
		return postgres.NewImport{}, casework.Invalid("file", "应为交办清单的文件，或者给出 text")
	case len(content) > 0 && pasted:
		return postgres.NewImport{}, casework.Invalid("text", "与 file 只能给出一样")
	case pasted:
		field, content = "text", []byte(req.Text)
	}
	grids, err := sheet.Read(content)
	if fault, wrong := errors.AsType[sheet.Fault](err); wrong {
		words := fault.Error()
		if pasted {
			words = "粘贴的表格" + string(fault)
		}
		return postgres.NewImport{}, casework.Invalid(field, "%s", words)
	}
	if err != nil {
		return postgres.NewImport{}, err
	}
	n := listIn(grids)
	n.FileName, n.Content = cmp.Or(casework.CleanName(req.FileName), "交办清单"), content
	if n.Pasted = pasted; pasted {
		n.FileName = "粘贴的交办清单"
	}
	return n, nil
}

// listIn is the table of a file that is the list: the first one with headings, or
// else the first one.
func listIn(grids []sheet.Grid) postgres.NewImport {
	var tables [][]handover.Row
	for _, g := range grids {
		var rows []handover.Row
		for _, r := range g.Rows {
			rows = append(rows, handover.Row{Line: r.Line, Cells: r.Cells})
		}
		tables = append(tables, rows)
	}
	at := max(0, slices.IndexFunc(tables, func(rows []handover.Row) bool { return handover.Header(rows) >= 0 }))
	n := postgres.NewImport{Sheet: grids[at].Name, Hidden: grids[at].Hidden, Rows: tables[at]}
	for i, g := range grids {
		if i != at {
			n.Unread = append(n.Unread, g.Name)
		}
	}
	return n
}

func (s *importService) MatchColumns(ctx context.Context, req *fuyanv1.MatchColumnsRequest) (*fuyanv1.MatchColumnsResponse, error) {
	of, err := fromImportDefaults(req.Defaults)
	if err != nil {
		return nil, err
	}
	v, err := s.db.MatchColumns(ctx, callOf(ctx, req, req.ImportId, req.ExpectedVersion), int(req.HeaderLine), importFields.listFrom(req.Fields), of)
	if err != nil {
		return nil, err
	}
	return &fuyanv1.MatchColumnsResponse{Import: toImportView(v)}, nil
}

func (s *importService) ConfirmImport(ctx context.Context, req *fuyanv1.ConfirmImportRequest) (*fuyanv1.ConfirmImportResponse, error) {
	v, err := s.db.ConfirmImport(ctx, callOf(ctx, req, req.ImportId, req.ExpectedVersion))
	if err != nil {
		return nil, err
	}
	return &fuyanv1.ConfirmImportResponse{Import: toImportView(v)}, nil
}

func (s *importService) DiscardImport(ctx context.Context, req *fuyanv1.DiscardImportRequest) (*fuyanv1.DiscardImportResponse, error) {
	return &fuyanv1.DiscardImportResponse{}, s.db.DiscardImport(ctx, callOf(ctx, req, req.ImportId, req.ExpectedVersion))
}

func (s *importService) GetImport(ctx context.Context, req *fuyanv1.GetImportRequest) (*fuyanv1.GetImportResponse, error) {
	page, err := pageOf(req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	after, err := page.number()
	if err != nil {
		return nil, err
	}
	v, err := s.db.ViewImport(ctx, userFrom(ctx), req.ImportId)
	if err != nil {
		return nil, err
	}
	var rows []postgres.ImportItem
	for _, it := range v.Items {
		if int64(it.Line) > after && len(rows) < int(page.limit()) && asked(req.Rows, it) {
			rows = append(rows, it)
		}
	}
	rows, next := cut(page, rows, func(it postgres.ImportItem) string { return strconv.Itoa(it.Line) })
	out := &fuyanv1.GetImportResponse{Import: toImportView(v), NextPageToken: next}
	for _, it := range rows {
		out.Rows = append(out.Rows, toImportRow(it))
	}
	return out, nil
}

// asked reports whether a row is one of those asked for.
func asked(rows fuyanv1.ImportRows, it postgres.ImportItem) bool {
	return rows == fuyanv1.ImportRows_IMPORT_ROWS_UNSPECIFIED || it.Fails() == (rows == fuyanv1.ImportRows_IMPORT_ROWS_WRONG)
}

func (s *importService) ListImports(ctx context.Context, req *fuyanv1.ListImportsRequest) (*fuyanv1.ListImportsResponse, error) {
	page, err := pageOf(req.PageSize, req.PageToken)
	if err != nil {
		return nil, err
	}
	before, err := page.number()
	if err != nil {
		return nil, err
	}
	rows, err := s.db.ListImports(ctx, userFrom(ctx), before, page.limit())
	if err != nil {
		return nil, err
	}
	rows, next := cut(page, rows, func(i postgres.Import) string { return decimal(i.HandOverImport.ID) })
	out := &fuyanv1.ListImportsResponse{NextPageToken: next}
	for _, i := range rows {
		out.Imports = append(out.Imports, toImport(i))
	}
	return out, nil
}

func (s *importService) ExportRefusedRows(ctx context.Context, req *fuyanv1.ExportRefusedRowsRequest) (*fuyanv1.ExportRefusedRowsResponse, error) {
	v, err := s.db.ViewImport(ctx, userFrom(ctx), req.ImportId)
	if err != nil {
		return nil, err
	}
	table := refusedTable(v)
	var out bytes.Buffer
	if err := table.WriteCSV(&out); err != nil {
		return nil, err
	}
	as := exportFormats[fuyanv1.ExportFormat_EXPORT_FORMAT_CSV]
	return &fuyanv1.ExportRefusedRowsResponse{Content: out.Bytes(), FileName: table.Name + as.ending, MediaType: as.mediaType}, nil
}

// refusedTable is what was refused of an import, in the columns in which it came,
// behind them why, and what was said of all rows, which the file does not say.
func refusedTable(v postgres.ImportView) sheet.Table {
	t := sheet.Table{Name: "未登记-" + strings.TrimSuffix(v.HandOverImport.FileName, path.Ext(v.HandOverImport.FileName))}
	headings := v.List.Headings()
	for n, f := range v.List.Columns {
		heading := ""
		if n < len(headings) {
			heading = strings.Join(strings.Fields(headings[n]), " ")
		}
		if heading == "" {
			heading = f.Heading()
		}
		t.Columns = append(t.Columns, sheet.Column{Heading: heading})
	}
	of := v.List.Defaults
	said := []any{}
	if of.Sitting.Term > 0 && !slices.Contains(v.List.Columns, handover.Sitting) {
		t.Columns, said = append(t.Columns, sheet.Column{Heading: handover.Sitting.Label()}), append(said, letter.SittingName(of.Sitting))
	}
	if !of.HandedOver.IsZero() && !slices.Contains(v.List.Columns, handover.HandedOver) {
		t.Columns, said = append(t.Columns, sheet.Column{Heading: handover.HandedOver.Label()}), append(said, dayCell(of.HandedOver))
	}
	t.Columns = append(t.Columns, sheet.Column{Heading: "未登记的原因"})
	t.Rows = func(add func([]any) error) error {
		rows, why := v.Refused()
		for n, r := range rows {
			cells := make([]any, len(v.List.Columns), len(t.Columns))
			for i := range cells {
				if i < len(r.Cells) {
					cells[i] = r.Cells[i]
				}
			}
			if err := add(append(append(cells, said...), why[n])); err != nil {
				return err
			}
		}
		return nil
	}
	return t
}
