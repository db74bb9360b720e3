package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"fuyan/sheet"
)

var day = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

func tableOf(rows ...[]any) sheet.Table {
	return sheet.Table{
		Name: "承诺事项", Columns: []sheet.Column{{"事项", 60}, {"天数", 8}, {"期限", 12}},
		Notes: func() [][2]string { return [][2]string{{"截至", "2026-03-02"}, {"状态", "=1+1"}} },
		Rows: func(add func([]any) error) error {
			for _, r := range rows {
				if err := add(r); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := tableOf([]any{"印发，\"方案\"", int64(-3), day}, []any{"=HYPERLINK(\"x\")", int64(0), time.Time{}}, []any{"两\n行", nil, nil}).WriteCSV(&out)
	want := "\ufeff事项,天数,期限\r\n\"印发，\"\"方案\"\"\",-3,2026-03-02\r\n\"'=HYPERLINK(\"\"x\"\")\",0,\r\n\"两\r\n行\",,\r\n"
	if err != nil || out.String() != want {
		t.Errorf("WriteCSV: %v\n%q, want\n%q", err, out.String(), want)
	}
}

func TestHarmless(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"=1", "+1", "-1", "@a", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠a", "-", "="} {
		if got := sheet.Harmless(text); got != "'"+text {
			t.Errorf("Harmless(%q) = %q, want an apostrophe before it", text, got)
		}
	}
	for _, text := range []string{"", "下一步，=1", " =1", "'=1", "2026-03-02", "—— ", "，"} {
		if got := sheet.Harmless(text); got != text {
			t.Errorf("Harmless(%q) = %q, want it as it is", text, got)
		}
	}
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := tableOf([]any{"出台方案", int64(31), day}, []any{"", nil, time.Time{}}).WriteXLSX(&out); err != nil {
		t.Fatal(err)
	}
	f := open(t, out.Bytes())
	if got := f.GetSheetList(); !slices.Equal(got, []string{"承诺事项", "说明"}) {
		t.Errorf("sheets %q", got)
	}
	rows, err := f.GetRows("承诺事项", excelize.Options{RawCellValue: true})
	if diff := cmp.Diff([][]string{{"事项", "天数", "期限"}, {"出台方案", "31", "46083"}}, rows); err != nil || diff != "" {
		t.Errorf("rows: %v (-want +got)\n%s", err, diff)
	}
	if shown, err := f.GetCellValue("承诺事项", "C2"); err != nil || shown != "2026-03-02" {
		t.Errorf("the day is shown as %q: %v", shown, err)
	}
	if kind, err := f.GetCellType("承诺事项", "B2"); err != nil || kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString {
		t.Errorf("a number is a cell of type %v: %v", kind, err)
	}
	if panes, err := f.GetPanes("承诺事项"); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v: %v", panes, err)
	}
	if width, err := f.GetColWidth("承诺事项", "A"); err != nil || width != 60 {
		t.Errorf("width %v: %v", width, err)
	}
	notes, err := f.GetRows("说明")
	if diff := cmp.Diff([][]string{{"截至", "2026-03-02"}, {"状态", "=1+1"}}, notes); err != nil || diff != "" {
		t.Errorf("notes: %v (-want +got)\n%s", err, diff)
	}
	if formula, err := f.GetCellFormula("说明", "B2"); err != nil || formula != "" {
		t.Errorf("a note is the formula %q: %v", formula, err)
	}
	if !strings.Contains(part(t, out.Bytes(), "xl/worksheets/sheet1.xml"), `<autoFilter ref="$A$1:$C$3"`) {
		t.Error("the rows cannot be filtered")
	}
}

// TestNothingRuns writes any texts and reads them back: no cell of the CSV begins
// as a formula does, and the workbook has each text as it was, and no formula.
func TestNothingRuns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		begin := rapid.SampledFrom([]string{"", "=", "+", "-", "@", "\t", "\r", "'", "＝", "\"", " ", "\n", "_x000D_"})
		rest := rapid.StringOfN(rapid.RuneFrom([]rune("=+-@'\"(),;|!A1甲𠮷&<>\t _x")), 0, 12, -1)
		texts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return begin.Draw(t, "begin") + rest.Draw(t, "rest")
		}), 1, 8).Draw(t, "texts")
		var rows [][]any
		for _, text := range texts {
			rows = append(rows, []any{text, int64(1), day})
		}
		var plain, book bytes.Buffer
		if err := errors.Join(tableOf(rows...).WriteCSV(&plain), tableOf(rows...).WriteXLSX(&book)); err != nil {
			t.Fatal(err)
		}
		read, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(plain.String(), "\ufeff"))).ReadAll()
		if err != nil || len(read) != len(texts)+1 {
			t.Fatalf("%d lines: %v", len(read), err)
		}
		f := open(t, book.Bytes())
		for i, text := range texts {
			if cell := read[i+1][0]; cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
				t.Errorf("the CSV has %q", cell)
			}
			at, _ := excelize.CoordinatesToCellName(1, i+2)
			got, err := f.GetCellValue("承诺事项", at)
			if err != nil || got != text {
				t.Errorf("the workbook has %q, want %q: %v", got, text, err)
			}
			if formula, err := f.GetCellFormula("承诺事项", at); err != nil || formula != "" {
				t.Errorf("%q became the formula %q: %v", text, formula, err)
			}
		}
	})
}

// TestRowsThatFail ends both with the error of the rows.
func TestRowsThatFail(t *testing.T) {
	t.Parallel()
	broken := errors.New("no more")
	table := tableOf()
	table.Rows = func(add func([]any) error) error { return errors.Join(add([]any{"一", nil, nil}), broken) }
	if err := table.WriteCSV(new(bytes.Buffer)); !errors.Is(err, broken) {
		t.Errorf("WriteCSV: %v", err)
	}
	if err := table.WriteXLSX(new(bytes.Buffer)); !errors.Is(err, broken) {
		t.Errorf("WriteXLSX: %v", err)
	}
}

func open(t rapid.TB, book []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// part is one of the files in a workbook.
func part(t *testing.T, book []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := fs.ReadFile(z, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
