package web_test

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

func TestUploadHandOverList(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", "清单.xlsx")
	if err == nil {
		_, err = file.Write(bytes.Repeat([]byte("x"), 9<<20))
	}
	if err := errors.Join(err, form.WriteField("request_id", requestID), form.Close()); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/imports", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	wantStatus(t, "POST /imports", w, http.StatusSeeOther)
	if to := w.Header().Get("Location"); to != "/imports/5" {
		t.Errorf("POST /imports leads to %s", to)
	}
	got := sent[*fuyanv1.UploadHandOverListRequest](s.service)
	if len(got.File) != 9<<20 || got.FileName != "清单.xlsx" || got.RequestId != requestID {
		t.Errorf("POST /imports sent %d bytes as %q", len(got.File), got.FileName)
	}

	s.fail["UploadHandOverList"] = refused(connect.CodeInvalidArgument, "字段 text：粘贴的表格里没有内容", &fuyanv1.Refusal{Field: "text"})
	w = s.post("/imports", url.Values{"request_id": {requestID}, "text": {"案号\t<案由>"}})
	wantStatus(t, "POST /imports", w, http.StatusBadRequest)
	wantIn(t, "POST /imports", w, `<strong class="error">粘贴的表格里没有内容</strong>`, "案号\t&lt;案由&gt;</textarea>", "提案交办清单.xlsx")
}

// matching is the form of the columns as it is sent.
func matching() url.Values {
	return url.Values{
		"request_id": {requestID}, "form": {"MatchColumns"}, "expected_version": {"2"}, "header_line": {"3"}, "columns": {"5"},
		"fields[0]": {"IMPORT_FIELD_NUMBER"}, "fields[1]": {"IMPORT_FIELD_TITLE"}, "fields[2]": {"IMPORT_FIELD_PROPOSERS"}, "fields[3]": {"IMPORT_FIELD_HELPERS"}, "fields[4]": {""},
		"defaults.kind": {"KIND_CPPCC_PROPOSAL"}, "defaults.sitting.body": {"市政协"}, "defaults.sitting.term": {"14"}, "defaults.sitting.session": {"4"},
		"defaults.organ_id": {"1"}, "defaults.role": {"ASSIGNMENT_ROLE_LEAD"}, "defaults.handed_over": {"2026-02-26"}, "defaults.number_width": {"4"}, "defaults.text_public": {"yes"},
	}
}

func TestMatchColumns(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.post("/imports/5/MatchColumns", matching())
	wantStatus(t, "POST MatchColumns", w, http.StatusSeeOther)
	if to := w.Header().Get("Location"); to != "/imports/5?done=MatchColumns" {
		t.Errorf("POST MatchColumns leads to %s", to)
	}
	want := &fuyanv1.MatchColumnsRequest{
		RequestId: requestID, ImportId: 5, ExpectedVersion: 2, HeaderLine: 3,
		Fields: []fuyanv1.ImportField{1, 2, 5, fuyanv1.ImportField_IMPORT_FIELD_HELPERS, 0},
		Defaults: &fuyanv1.ImportDefaults{
			Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: sitting(), OrganId: 1, Role: fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_LEAD,
			HandedOver: "2026-02-26", NumberWidth: 4, TextPublic: true,
		},
	}
	if diff := cmp.Diff(want, sent[*fuyanv1.MatchColumnsRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("POST MatchColumns sent (-want +got):\n%s", diff)
	}
	s.post("/imports/5/MatchColumns", url.Values{"columns": {"2000000000"}})
	if got := sent[*fuyanv1.MatchColumnsRequest](s.service); len(got.Fields) != 100 || got.Defaults.Sitting != nil {
		t.Errorf("a form of many columns: %d fields, sitting %v", len(got.Fields), got.Defaults.Sitting)
	}
}

// TestMatchingRefused keeps what was chosen.
func TestMatchingRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fail["MatchColumns"] = refused(connect.CodeInvalidArgument, "字段 fields：“案号”选了两列，应只选一列", &fuyanv1.Refusal{Field: "fields"})
	w := s.post("/imports/5/MatchColumns", matching())
	wantStatus(t, "POST MatchColumns", w, http.StatusBadRequest)
	wantIn(t, "POST MatchColumns", w, "</strong> “案号”选了两列", `<option value="IMPORT_FIELD_HELPERS" selected>`, `number_width-note" value="4"`)
	if strings.Contains(w.Body.String(), "字段 fields") {
		t.Error("the field's name in the contract is on the page")
	}
	s.fail["MatchColumns"] = refused(connect.CodeInvalidArgument, "字段 defaults.handed_over：应为日历上有的一天", &fuyanv1.Refusal{Field: "defaults.handed_over"})
	wantIn(t, "POST MatchColumns", s.post("/imports/5/MatchColumns", matching()), `<strong class="error">应为日历上有的一天</strong>`)
}

func TestConfirmAndDiscardImport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for rpc, to := range map[string]string{"ConfirmImport": "/imports/5?done=ConfirmImport", "DiscardImport": "/imports?done=DiscardImport"} {
		w := s.post("/imports/5/"+rpc, url.Values{"form": {rpc}, "request_id": {requestID}, "expected_version": {"2"}, "sure": {"yes"}})
		wantStatus(t, rpc, w, http.StatusSeeOther)
		if got := w.Header().Get("Location"); got != to {
			t.Errorf("%s leads to %s, want %s", rpc, got, to)
		}
	}
	if got := sent[*fuyanv1.ConfirmImportRequest](s.service); got.ImportId != 5 || got.ExpectedVersion != 2 || got.RequestId != requestID {
		t.Errorf("ConfirmImport sent %v", got)
	}
	if got := sent[*fuyanv1.DiscardImportRequest](s.service); got.ImportId != 5 || got.ExpectedVersion != 2 {
		t.Errorf("DiscardImport sent %v", got)
	}
	// Back after it was confirmed: what it is now, not the form of before.
	s.confirmed(fuyanv1.ImportState_IMPORT_STATE_DONE)
	for _, rpc := range []string{"ConfirmImport", "DiscardImport", "MatchColumns"} {
		s.fail[rpc] = refused(connect.CodeAborted, "现在是第 3 版", &fuyanv1.Refusal{PresentVersion: 3})
		w := s.post("/imports/5/"+rpc, url.Values{"form": {rpc}, "request_id": {requestID}, "expected_version": {"2"}, "sure": {"yes"}})
		wantStatus(t, rpc+" of an old version", w, http.StatusConflict)
		wantIn(t, rpc+" of an old version", w, "现在是第 3 版", "登记完毕", `<a href="/proposals/7">`)
		if strings.Contains(w.Body.String(), `action="/imports/5/`) {
			t.Errorf("%s is offered of a list that is done", rpc)
		}
	}
}

// TestImportIsRefreshed while its rows are received, and only then.
func TestImportIsRefreshed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	if got := s.get("/imports/5").Header().Get("Refresh"); got != "" {
		t.Errorf("before it is confirmed: Refresh %q", got)
	}
	s.confirmed(fuyanv1.ImportState_IMPORT_STATE_CONFIRMED)
	w := s.get("/imports/5?done=ConfirmImport")
	if got := w.Header().Get("Refresh"); got != "2; url=/imports/5" {
		t.Errorf("while it is received: Refresh %q", got)
	}
	wantIn(t, "GET /imports/5", w, `<progress max="4" value="3"`, "75%，3 / 4 行：已登记 2 件，未登记 1 行")
	s.confirmed(fuyanv1.ImportState_IMPORT_STATE_DONE)
	if got := s.get("/imports/5").Header().Get("Refresh"); got != "" {
		t.Errorf("at the end: Refresh %q", got)
	}
}

// TestImportIsReadByAdministrators who change nothing.
func TestImportIsReadByAdministrators(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.me.Roles = []fuyanv1.Role{fuyanv1.Role_ROLE_ADMIN}
	for _, path := range []string{"/imports", "/imports/5"} {
		w := s.get(path)
		wantIn(t, "GET "+path, w, "提案交办清单.xlsx")
		if strings.Contains(w.Body.String(), `action="/imports`) {
			t.Errorf("GET %s offers an administrator a form", path)
		}
	}
}

func TestImportWithoutNumbers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.imported.Columns[0].Field, s.imported.GoodCount = 0, 0
	w := s.get("/imports/5")
	wantIn(t, "GET /imports/5", w, "还没有对应：案号。", "现在没有一行可以登记")
	if strings.Contains(w.Body.String(), "/imports/5/ConfirmImport") {
		t.Error("a list of which nothing can be received can be confirmed")
	}
}

func TestExportRefusedRows(t *testing.T) {
	t.Parallel()
	w := newSite(t).get("/imports/5/refused")
	wantStatus(t, "GET /imports/5/refused", w, http.StatusOK)
	if got := w.Header().Get("Content-Disposition"); got != "attachment; filename*=UTF-8''%E6%9C%AA%E7%99%BB%E8%AE%B0-%E6%B8%85%E5%8D%95%201.csv" || w.Body.String() != "案号" {
		t.Errorf("GET /imports/5/refused: %s %s", got, w.Body)
	}
}
