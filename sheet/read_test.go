package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"fuyan/sheet"
)

func lines(g sheet.Grid) []string {
	var out []string
	for _, r := range g.Rows {
		out = append(out, fmt.Sprint(r.Line, "|", strings.Join(r.Cells, "|")))
	}
	return out
}

func TestReadText(t *testing.T) {
	t.Parallel()
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("案号,案由\n1,镕㙍")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, data string
		want       []string
	}{
		{"commas", "案号,案由\r\n0001,某\r\n", []string{"1|案号|案由", "2|0001|某"}},
		{"a mark before it", "\ufeff案号,案由\n1,某", []string{"1|案号|案由", "2|1|某"}},
		{"GB18030", gb, []string{"1|案号|案由", "2|1|镕㙍"}},
		{"UTF-16", "\xff\xfe\x48\x68\x09\x00\x31\x00", []string{"1|案|1"}},
		{"tabs with commas in them", "案号\t案由\n1\t一,二\n", []string{"1|案号|案由", "2|1|一,二"}},
		{"semicolons", "案号;案由\n1;某", []string{"1|案号|案由", "2|1|某"}},
		{"lines in a cell", "案号,案由\n1,\"一\n二\"\n2,三", []string{"1|案号|案由", "2|1|一\n二", "4|2|三"}},
		{"quotes that are not paired", "案号,案由\n1,办好\"三件事\n2,三", []string{"1|案号|案由", "2|1|办好\"三件事", "3|2|三"}},
		{"empty rows and cells", "案号,案由,,\n,,\n \n1,,某,\n", []string{"1|案号|案由", "4|1||某"}},
		{"one column", "案号\n1", []string{"1|案号", "2|1"}},
		{"a formula is a text", "案号,案由\n1,=1+1", []string{"1|案号|案由", "2|1|=1+1"}},
	} {
		got, err := sheet.Read([]byte(test.data))
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %v, %d tables", test.name, err, len(got))
			continue
		}
		if diff := cmp.Diff(test.want, lines(got[0])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// book writes a workbook.
func book(t testing.TB, f func(*excelize.File)) []byte {
	t.Helper()
	b := excelize.NewFile()
	defer b.Close()
	f(b)
	var out bytes.Buffer
	if _, err := b.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func check(t testing.TB, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestReadWorkbook(t *testing.T) {
	t.Parallel()
	data := book(t, func(b *excelize.File) {
		s := "Sheet1"
		style := func(format string) int {
			id, err := b.NewStyle(&excelize.Style{CustomNumFmt: &format})
			check(t, err)
			return id
		}
		builtIn, err := b.NewStyle(&excelize.Style{NumFmt: 14})
		check(t, err)
		check(t,
			b.SetCellValue(s, "A1", "交办清单"), b.MergeCell(s, "A1", "F1"),
			b.SetSheetRow(s, "A3", &[]any{"案号", "案由", "日期", "数", "真", "空"}),
			b.SetSheetRow(s, "A4", &[]any{670, "某", time.Date(2026, 3, 4, 15, 0, 0, 0, time.UTC), 1234.5, true}),
			b.SetCellStyle(s, "A4", "A4", style("0000")), b.SetCellStyle(s, "C4", "C4", style(`yyyy"年"m"月"d"日"`)),
			b.SetCellRichText(s, "B5", []excelize.RichTextRun{{Text: "关于"}, {Text: "某事", Font: &excelize.Font{Bold: true}}}),
			b.SetCellValue(s, "A5", "0671"), b.SetCellValue(s, "C5", 46085), b.SetCellStyle(s, "C5", "C5", builtIn),
			b.SetCellFormula(s, "D5", "1+1"), b.SetCellValue(s, "A6", "藏"), b.SetRowVisible(s, 6, false),
			b.SetCellValue(s, "A8", "组"), b.MergeCell(s, "A8", "A9"), b.SetCellValue(s, "B8", "一"), b.SetCellValue(s, "B9", "二"),
		)
		_, err = b.NewSheet("另一")
		check(t, err, b.SetCellValue("另一", "A1", "1"))
		_, err = b.NewSheet("空")
		check(t, err)
		_, err = b.NewSheet("看不见")
		check(t, err, b.SetCellValue("看不见", "A1", "1"), b.SetSheetVisible("看不见", false))
	})
	got, err := sheet.Read(data)
	if err != nil || len(got) != 2 || got[0].Name != "Sheet1" || got[1].Name != "另一" || got[0].Hidden != 1 {
		t.Fatalf("Read: %v, %+v", err, got)
	}
	want := []string{
		"1|交办清单", "3|案号|案由|日期|数|真|空", "4|0670|某|2026-03-04|1234.5|1", "5|0671|关于某事|2026-03-04",
		"8|组|一", "9|组|二",
	}
	if diff := cmp.Diff(want, lines(got[0])); diff != "" {
		t.Errorf("Read (-want +got):\n%s", diff)
	}
}

// TestReadWhatWeWrite reads back a table that this package wrote.
func TestReadWhatWeWrite(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	check(t, tableOf([]any{"=1+1", int64(-3), day}, []any{"两\n行", nil, nil}).WriteXLSX(&out))
	got, err := sheet.Read(out.Bytes())
	if err != nil || len(got) != 2 {
		t.Fatalf("Read: %v, %d tables", err, len(got))
	}
	if diff := cmp.Diff([]string{"1|事项|天数|期限", "2|=1+1|-3|2026-03-02", "3|两\n行"}, lines(got[0])); diff != "" {
		t.Errorf("Read (-want +got):\n%s", diff)
	}
}

// parts packs a workbook of one sheet by hand.
func parts(t testing.TB, sheetXML string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range map[string]string{
		"xl/workbook.xml":            `<workbook><workbookPr date1904="1"/><sheets><sheet name="S" id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="/xl/s.xml"/><Relationship Id="r2" Type="x/styles" Target="st.xml"/></Relationships>`,
		"xl/st.xml":                  `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="31"/></cellXfs></styleSheet>`,
		"xl/s.xml":                   sheetXML,
	} {
		w, err := z.Create(name)
		check(t, err)
		_, err = w.Write([]byte(text))
		check(t, err)
	}
	check(t, z.Close())
	return out.Bytes()
}

func TestReadOddWorkbooks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, xml string
		want      []string
	}{
		{"a day since 1904", `<worksheet><sheetData><row r="1"><c r="A1" s="1"><v>44623</v></c></row></sheetData></worksheet>`, []string{"1|2026-03-04"}},
		{"no references", `<worksheet><sheetData><row><c t="inlineStr"><is><t>甲</t></is></c><c><v>6.7E2</v></c></row></sheetData></worksheet>`, []string{"1|甲|670"}},
		{"the last row there is", `<worksheet><sheetData><row r="1048576"><c r="B1048576"><v>1</v></c></row></sheetData></worksheet>`, []string{"1048576||1"}},
		{"a formula with its value", `<worksheet><sheetData><row r="2"><c r="A2" t="str"><f>HYPERLINK("x")</f><v>x</v></c></row></sheetData></worksheet>`, []string{"2|x"}},
		{"a string that is not there", `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>7</v></c><c r="B1"><v>1</v></c></row></sheetData></worksheet>`, []string{"1||1"}},
	} {
		got, err := sheet.Read(parts(t, test.xml))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(test.want, lines(got[0])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	row := func(n int, cells string) string { return fmt.Sprintf(`<row r="%d">%s</row>`, n, cells) }
	many, wide := "", ""
	for n := range sheet.MaxRows + 1 {
		many += row(n+1, `<c><v>1</v></c>`)
	}
	for range sheet.MaxColumns + 1 {
		wide += `<c><v>1</v></c>`
	}
	sheetOf := func(rows string) []byte {
		return parts(t, "<worksheet><sheetData>"+rows+"</sheetData></worksheet>")
	}
	for _, test := range []struct {
		name string
		data []byte
		want sheet.Fault
	}{
		{"nothing", nil, sheet.Empty},
		{"blank", []byte(" \n,,\n"), sheet.Empty},
		{"an empty workbook", sheetOf(""), sheet.Empty},
		{"too large", make([]byte, sheet.MaxSize+1), sheet.TooLarge},
		{"too long", sheetOf(many), sheet.TooLong},
		{"too long as text", []byte(strings.Repeat("1,2\n", sheet.MaxRows+1)), sheet.TooLong},
		{"too wide", sheetOf(row(1, wide)), sheet.TooWide},
		{"too wide as text", []byte(strings.Repeat("1,", sheet.MaxColumns+1) + "1"), sheet.TooWide},
		{"a bomb", sheetOf(row(1, "<c><v>"+strings.Repeat("0", 65<<20)+"</v></c>")), sheet.Unpacked},
		{"cut off", book(t, func(*excelize.File) {})[:900], sheet.Broken},
		{"broken", sheetOf("<row><c>"), sheet.Broken},
		{"a line twice", sheetOf(row(2, `<c><v>1</v></c>`) + row(2, `<c><v>1</v></c>`)), sheet.Broken},
		{"a line beyond all", sheetOf(row(99999999999, `<c><v>1</v></c>`)), sheet.Broken},
		{"another zip", []byte("PK\x03\x04"), sheet.Broken},
		{"an old workbook", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), sheet.OldExcel},
		{"a PDF", []byte("%PDF-1.7\n1,2"), sheet.NotText},
		{"bytes", []byte{0x00, 0x01, 0xff}, sheet.NotText},
	} {
		if _, err := sheet.Read(test.data); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
}

// TestManyMerges: ranges that overlap cost no more than ranges that do not.
func TestManyMerges(t *testing.T) {
	t.Parallel()
	var rows, merges strings.Builder
	for n := range 5000 {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d"><v>1</v></c></row>`, n+1, n+1)
		merges.WriteString(strings.Repeat(`<mergeCell ref="A1:CV1048576"/>`, 20))
	}
	got, err := sheet.Read(parts(t, "<worksheet><sheetData>"+rows.String()+"</sheetData><mergeCells>"+merges.String()+"</mergeCells></worksheet>"))
	if err != nil || len(got[0].Rows) != 5000 {
		t.Errorf("Read: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("案号,案由\n1,\"某\n"))
	f.Add(parts(f, `<worksheet><sheetData><row r="1"><c r="A1" s="1"><v>44623</v></c></row></sheetData><mergeCells><mergeCell ref="A1:A9"/></mergeCells></worksheet>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		grids, err := sheet.Read(data)
		if err != nil {
			if _, ok := errors.AsType[sheet.Fault](err); !ok {
				t.Errorf("%v is no fault", err)
			}
			return
		}
		for _, g := range grids {
			if len(g.Rows) == 0 || len(g.Rows) > sheet.MaxRows {
				t.Errorf("%d rows", len(g.Rows))
			}
			for _, r := range g.Rows {
				if len(r.Cells) == 0 || len(r.Cells) > sheet.MaxColumns || strings.Contains(strings.Join(r.Cells, ""), "\x00") {
					t.Errorf("row %v", r)
				}
			}
		}
	})
}
