package server_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/sheet"
)

// An imported is an import as JSON has it.
type imported struct {
	ID, Version, State, FileName, Sheet string
	UnreadSheets                        []string
	HiddenRows, HeaderLine, RowCount    int
	GoodCount                           int
	ReceivedCount, RefusedCount         int
	Columns                             []struct {
		Heading, Field string
		Samples        []string
	}
	Defaults json.RawMessage
}

// workbook is a hand-over list as a city makes one: a title, a sheet that is no
// list before it, a hidden row, and a text that a spreadsheet would run.
func workbook(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(f.SetCellValue("Sheet1", "A1", "填表说明"))
	_, err := f.NewSheet("清单")
	must(err)
	must(f.SetCellValue("清单", "A1", "市政协十四届四次会议提案交办清单"))
	must(f.MergeCell("清单", "A1", "D1"))
	must(f.SetSheetRow("清单", "A2", &[]any{"编号", "案由", "领衔委员", "独办单位", "负责处室"}))
	for i, r := range rows {
		must(f.SetSheetRow("清单", fmt.Sprint("A", i+3), &r))
	}
	hidden := len(rows) + 3
	must(f.SetCellValue("清单", fmt.Sprint("A", hidden), "9999"))
	must(f.SetRowVisible("清单", hidden, false))
	var out bytes.Buffer
	_, err = f.WriteTo(&out)
	must(err)
	return out.Bytes()
}

func (s *site) uploadList(t *testing.T, u casework.User, n int, file []byte) imported {
	t.Helper()
	var out struct{ Import imported }
	s.call(t, u, "ImportService/UploadHandOverList",
		fmt.Sprintf(`{%s, "file": %q, "fileName": "C:\\文件\\清单.xlsx"}`, id(n), base64.StdEncoding.EncodeToString(file))).into(t, &out)
	return out.Import
}

// TestHandOverListFromFile goes from a workbook to proposals and to the rows that
// are to be mended.
func TestHandOverListFromFile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	i := s.uploadList(t, s.Office, 1, workbook(t,
		[]any{"0001", "关于甲事的提案", "张三、李四", "市试验委"},
		[]any{2, "=HYPERLINK(\"http://x\")", "王五", "别的单位", "+1"},
		[]any{3, "关于丙事的提案", "王五", ""}))
	if i.FileName != "清单.xlsx" || i.Sheet != "清单" || fmt.Sprint(i.UnreadSheets) != "[Sheet1]" || i.HiddenRows != 1 || i.HeaderLine != 2 || i.RowCount != 3 || i.GoodCount != 2 {
		t.Errorf("uploaded: %+v", i)
	}
	fields := ""
	for _, c := range i.Columns {
		fields += c.Heading + " " + strings.TrimPrefix(c.Field, "IMPORT_FIELD_") + "; "
	}
	if fields != "编号 NUMBER; 案由 TITLE; 领衔委员 PROPOSERS; 独办单位 ORGAN; 负责处室 ; " {
		t.Errorf("columns: %s", fields)
	}

	// A wrong match, and the right one, with numbers of four digits.
	match := func(n int, version, fields string) (out imported) {
		var answer struct{ Import imported }
		s.call(t, s.Office, "ImportService/MatchColumns", fmt.Sprintf(
			`{%s, "importId": %s, "expectedVersion": %s, "headerLine": 2, "fields": [%s], "defaults": {"kind": "KIND_CPPCC_PROPOSAL", "sitting": {"body": "市政协", "term": 14, "session": 4}, "handedOver": "2026-02-10", "numberWidth": 4}}`,
			id(n), i.ID, version, fields)).into(t, &answer)
		return answer.Import
	}
	if got := match(2, i.Version, `"IMPORT_FIELD_TITLE", "IMPORT_FIELD_NUMBER", "IMPORT_FIELD_PROPOSERS", "IMPORT_FIELD_ORGAN"`); got.GoodCount != 0 {
		t.Errorf("with numbers for titles %d rows are good", got.GoodCount)
	}
	i = match(3, "2", `"IMPORT_FIELD_NUMBER", "IMPORT_FIELD_TITLE", "IMPORT_FIELD_PROPOSERS", "IMPORT_FIELD_ORGAN"`)
	var page struct {
		Rows []struct {
			Line                        int
			Number, Refused, ProposalID string
			Problems                    []struct{ Field, Words string }
		}
		NextPageToken string
	}
	s.call(t, s.Office, "ImportService/GetImport", fmt.Sprintf(`{"importId": %s, "rows": "IMPORT_ROWS_WRONG"}`, i.ID)).into(t, &page)
	if len(page.Rows) != 1 || page.Rows[0].Line != 4 || page.Rows[0].Number != "0002" || page.Rows[0].Problems[0].Field != "IMPORT_FIELD_ORGAN" {
		t.Errorf("wrong rows: %+v", page)
	}
	s.call(t, s.Office, "ImportService/GetImport", fmt.Sprintf(`{"importId": %s, "pageSize": 2}`, i.ID)).into(t, &page)
	token := page.NextPageToken
	page.NextPageToken = ""
	s.call(t, s.Office, "ImportService/GetImport", fmt.Sprintf(`{"importId": %s, "pageSize": 2, "pageToken": %q}`, i.ID, token)).into(t, &page)
	if len(page.Rows) != 1 || page.Rows[0].Line != 5 || page.NextPageToken != "" {
		t.Errorf("the second page: %+v", page)
	}

	s.call(t, s.Office, "ImportService/ConfirmImport", fmt.Sprintf(`{%s, "importId": %s, "expectedVersion": %s}`, id(4), i.ID, i.Version)).into(t, new(struct{}))
	var number int64
	if _, err := fmt.Sscan(i.ID, &number); err != nil {
		t.Fatal(err)
	}
	if err := s.db.DoReceiveImport(t.Context(), postgres.ReceiveImport{ImportID: number}); err != nil {
		t.Fatal(err)
	}
	s.call(t, s.Office, "ImportService/GetImport", fmt.Sprintf(`{"importId": %s, "rows": "IMPORT_ROWS_GOOD"}`, i.ID)).into(t, &page)
	if len(page.Rows) != 2 || page.Rows[0].ProposalID == "" || page.Rows[1].Number != "0003" {
		t.Errorf("received: %+v", page.Rows)
	}

	var file struct{ Content, FileName string }
	s.call(t, s.Office, "ImportService/ExportRefusedRows", fmt.Sprintf(`{"importId": %s}`, i.ID)).into(t, &file)
	content, err := base64.StdEncoding.DecodeString(file.Content)
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufeff编号,案由,领衔委员,独办单位,负责处室,届次,交办日期,未登记的原因\r\n" +
		"2,\"'=HYPERLINK(\"\"http://x\"\")\",王五,别的单位,'+1,市政协十四届四次会议,2026-02-10,承办单位：应为已登记的承办单位的全称或简称，现在是“别的单位”\r\n"
	if string(content) != want || file.FileName != "未登记-清单.csv" {
		t.Errorf("%s:\n%q, want\n%q", file.FileName, content, want)
	}
	// Mended, it is a list again.
	mended := s.uploadList(t, s.Office, 5, bytes.Replace(content, []byte("别的单位,"), []byte("市试验委,"), 1))
	if mended.GoodCount != 1 || mended.RowCount != 1 {
		t.Errorf("mended: %+v", mended)
	}
}

// TestHandOverListKeepsWarnings of the rows that were received: whom to ask for an
// opinion, and who will not see it.
func TestHandOverListKeepsWarnings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	i := s.uploadList(t, s.Office, 1, []byte("案号,案由,提出人,会办单位,届次,交办日期\n"+
		"0001,关于甲事的提案,市妇联、张三,市财政局,市政协十四届四次会议,2026-02-10\n"+
		"0001,关于乙事的提案,张三,市财政局,市政协十四届四次会议,2026-02-10\n"))
	s.call(t, s.Office, "ImportService/ConfirmImport", fmt.Sprintf(`{%s, "importId": %s, "expectedVersion": 1}`, id(2), i.ID)).into(t, new(struct{}))
	var number int64
	if _, err := fmt.Sscan(i.ID, &number); err != nil {
		t.Fatal(err)
	}
	for _, done := range []bool{false, true} {
		if done {
			if err := s.db.DoReceiveImport(t.Context(), postgres.ReceiveImport{ImportID: number}); err != nil {
				t.Fatal(err)
			}
		}
		var page struct {
			Rows []struct {
				Organisations []string
				Problems      []struct{ Words string }
			}
		}
		s.call(t, s.Office, "ImportService/GetImport", fmt.Sprintf(`{"importId": %s}`, i.ID)).into(t, &page)
		want := "[[{市财政局（请在签收后征求会办意见）} {张三没有唯一对应的账号，提出人将看不到这件}] " +
			"[{与第 2 行相同} {市财政局（请在签收后征求会办意见）} {张三没有唯一对应的账号，提出人将看不到这件}]]"
		if done { // of a row that was refused there is nothing left to be known
			want = "[[{市财政局（请在签收后征求会办意见）} {张三没有唯一对应的账号，提出人将看不到这件}] []]"
		}
		got := fmt.Sprint([]any{page.Rows[0].Problems, page.Rows[1].Problems})
		if got != want || fmt.Sprint(page.Rows[0].Organisations) != "[市妇联]" {
			t.Errorf("received: %v, %v: %s, want %s", done, page.Rows[0].Organisations, got, want)
		}
	}
}

// TestHandOverListsOfOthers are in no answer.
func TestHandOverListsOfOthers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	i := s.uploadList(t, s.HelperOffice, 1, workbook(t, []any{"0001", "机密案由", "机密人"}))
	for _, u := range s.All() {
		for method, body := range map[string]string{
			"GetImport": `{"importId": ` + i.ID + `}`, "ListImports": `{}`, "ExportRefusedRows": `{"importId": ` + i.ID + `}`,
			"MatchColumns":  `{` + id(2) + `, "importId": ` + i.ID + `, "expectedVersion": 1, "defaults": {}}`,
			"ConfirmImport": `{` + id(3) + `, "importId": ` + i.ID + `, "expectedVersion": 1}`,
		} {
			if u.ID == s.HelperOffice.ID || u.ID == s.Admin.ID {
				continue
			}
			got := s.call(t, u, "ImportService/"+method, body)
			for _, secret := range []string{"机密", "清单"} {
				if strings.Contains(string(got.body), secret) {
					t.Errorf("%s for %s says %s: %s", method, u.Name, secret, got.body)
				}
			}
		}
	}
	if got := s.call(t, s.Admin, "ImportService/GetImport", `{"importId": `+i.ID+`}`); !strings.Contains(string(got.body), "机密案由") {
		t.Errorf("an administrator reads %s", got.body)
	}
}

// TestLargeHandOverList: a file of 10 MB comes through, a larger one is refused in
// words.
func TestLargeHandOverList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	row := "0001,关于甲事的提案," + strings.Repeat("长", 30_000) + "\n"
	file := []byte("案号,案由,正文,提出人\n" + strings.Repeat(row, (sheet.MaxSize-100)/len(row)))
	if got := s.uploadList(t, s.Office, 1, file); got.RowCount != (sheet.MaxSize-100)/len(row) {
		t.Errorf("%d rows", got.RowCount)
	}
	got := s.call(t, s.Office, "ImportService/UploadHandOverList",
		fmt.Sprintf(`{%s, "file": %q}`, id(2), base64.StdEncoding.EncodeToString(append(file, make([]byte, 1<<20)...))))
	if got.Code != "invalid_argument" || !strings.Contains(got.Message, "超过 10 MB") {
		t.Errorf("11 MB: %s %s", got.Code, got.Message)
	}
}
