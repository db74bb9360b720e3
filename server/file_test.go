package server_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// owned is a commitment that the handler keeps, and its version.
func (s *site) owned(t *testing.T) (id, version string) {
	t.Helper()
	ctx := t.Context()
	p, err := s.db.ReceiveProposal(ctx, postgres.Call{User: s.Office}, postgres.NewProposal{
		Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 1}, Number: "0001", Title: "标题",
		Proposers: []postgres.NewProposer{{Name: "某某", UserID: s.Delegate.ID}}, Letter: &postgres.OldLetter{Text: issuedLetter},
	})
	if err == nil {
		r, viewing := s.db.ViewReply(ctx, s.Office, p.ID, 0)
		err = errors.Join(viewing, s.db.DoRecordCommitments(ctx, postgres.RecordCommitments{LetterID: r.Letters[0].Letter.ID}))
	}
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.db.ListCommitments(ctx, s.Office, postgres.CommitmentFilter{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.db.ConfirmCommitment(ctx, postgres.Call{User: s.Office, ID: list[0].Commitment.ID}, postgres.Confirmation{
		OwnerID: s.Handler.ID, Due: casework.Date{Year: 2026, Month: 9, Day: 30}, Deliverable: "平台",
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(c.Commitment.ID), fmt.Sprint(c.Commitment.Version)
}

// checkNothingKept fails the test when an upload left something.
func (s *site) checkNothingKept(t *testing.T) {
	t.Helper()
	var rows int
	if err := s.tx.QueryRow(t.Context(), `SELECT count(*) FROM files`).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d files on record, %v", rows, err)
	}
	if o, err := s.files.List(nil).Next(t.Context()); !errors.Is(err, io.EOF) {
		t.Errorf("in the store: %v, %v", o, err)
	}
}

func TestFilesByRPC(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c, version := s.owned(t)
	upload := func(n int, name, content string, public bool) string {
		return fmt.Sprintf(`{%s, "commitmentId": %s, "name": %q, "content": %q, "public": %t}`, id(n), c, name, base64.StdEncoding.EncodeToString([]byte(content)), public)
	}
	type file struct {
		ID, Name, MediaType, Size, SHA256, UploadedBy string
		Public                                        bool
	}
	var first, again, second struct{ File file }
	s.call(t, s.Handler, "CommitmentService/UploadFile", upload(11, `C:\现场\说明.txt`, "已开放", true)).into(t, &first)
	s.call(t, s.Handler, "CommitmentService/UploadFile", upload(11, `C:\现场\说明.txt`, "已开放", true)).into(t, &again)
	s.call(t, s.Handler, "CommitmentService/UploadFile", upload(12, "批文.pdf", "%PDF-1.7", false)).into(t, &second)
	want := file{first.File.ID, "说明.txt", "text/plain", "9", first.File.SHA256, "handler", true}
	if diff := cmp.Diff(want, first.File); diff != "" || first != again || len(first.File.SHA256) != 64 {
		t.Errorf("uploaded %+v, again %+v", first, again)
	}
	s.call(t, s.Handler, "CommitmentService/ReportDone", fmt.Sprintf(`{%s, "commitmentId": %s, "expectedVersion": %s, "evidence": "已开放", "fileIds": [%s, %s]}`,
		id(13), c, version, first.File.ID, second.File.ID)).into(t, new(struct{}))
	for _, test := range []struct {
		u    casework.User
		want []file
	}{{s.Supervisor, []file{first.File, second.File}}, {s.Delegate, []file{first.File}}} {
		var view struct {
			Progress []struct {
				Kind  string
				Files []file
			}
		}
		s.call(t, test.u, "CommitmentService/GetCommitment", fmt.Sprintf(`{"commitmentId": %s}`, c)).into(t, &view)
		if diff := cmp.Diff(test.want, view.Progress[len(view.Progress)-1].Files); diff != "" {
			t.Errorf("%s sees (-want +got):\n%s", test.u.Name, diff)
		}
	}
	var list struct {
		Commitments []struct{ PublicFiles []file }
	}
	s.call(t, s.Delegate, "CommitmentService/ListCommitments", `{"withLatest": true}`).into(t, &list)
	if diff := cmp.Diff([]file{first.File}, list.Commitments[0].PublicFiles); diff != "" {
		t.Errorf("the delegate's list (-want +got):\n%s", diff)
	}
	var got struct{ Content []byte }
	s.call(t, s.Delegate, "CommitmentService/GetFile", fmt.Sprintf(`{"fileId": %s}`, first.File.ID)).into(t, &got)
	if string(got.Content) != "已开放" {
		t.Errorf("GetFile = %q", got.Content)
	}
	for _, u := range []casework.User{s.Delegate, s.HelperOffice, s.NPCSupervisor} {
		if a := s.call(t, u, "CommitmentService/GetFile", fmt.Sprintf(`{"fileId": %s}`, second.File.ID)); a.Code != "not_found" {
			t.Errorf("GetFile by %s: %s", u.Name, a.Code)
		}
	}
}

func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c, _ := s.owned(t)
	for _, test := range []struct{ name, content, field, message string }{
		{"a.txt", "", "content", "空文件"},
		{"a.pdf", "<!doctype html><script>alert(1)</script>", "content", "内容是网页（HTML）"},
		{"a.png", "<svg xmlns='http://www.w3.org/2000/svg'/>", "content", "内容是SVG 图片"},
		{"a.pdf", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", "content", "内容是可执行程序"},
		{"a.pdf", "\x89PNG\r\n\x1a\n", "name", "内容是 PNG 图片，名字应以 .png 结尾"},
		{"a.html", "只是文字", "name", "名字应以 .txt 结尾"},
		{"a.txt", strings.Repeat("x", 20<<20+1), "content", "最多 20 MB"},
	} {
		got := s.call(t, s.Handler, "CommitmentService/UploadFile", fmt.Sprintf(`{%s, "commitmentId": %s, "name": %q, "content": %q}`,
			id(11), c, test.name, base64.StdEncoding.EncodeToString([]byte(test.content))))
		if r := got.refusal(t); got.Code != "invalid_argument" || r.Field != test.field || !strings.Contains(got.Message, test.message) {
			t.Errorf("%s with %.20q: %s %q about %q", test.name, test.content, got.Code, got.Message, r.Field)
		}
	}
	s.checkNothingKept(t)
}

// zeros are as many as somebody reads, and how many that were.
type zeros struct{ read atomic.Int64 }

func (z *zeros) Read(p []byte) (int, error) {
	clear(p)
	z.read.Add(int64(len(p)))
	return len(p), nil
}

// allocated is how many bytes the program took while f ran.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestTwoGigabytesByRPC breaks off at the limit.
func TestTwoGigabytesByRPC(t *testing.T) {
	s := newSite(t)
	s.owned(t)
	for _, announced := range []int64{2 << 30, -1} {
		source := &zeros{}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/fuyan.v1.CommitmentService/UploadFile", io.LimitReader(source, 2<<30))
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = announced
		req.Header.Set("Content-Type", "application/proto")
		req.Header.Set("Authorization", "Bearer "+postgrestest.Token(s.Handler))
		var got answer
		if n := allocated(func() { got = s.do(t, req) }); n > 256<<20 {
			t.Errorf("took %d MB of memory", n>>20)
		}
		if got.Code != "resource_exhausted" || !strings.Contains(got.Message, "20 MB") {
			t.Errorf("2 GB announced as %d: %s %q", announced, got.Code, got.Message)
		}
		if read := source.read.Load(); read > 200<<20 {
			t.Errorf("read %d MB", read>>20)
		}
	}
	s.checkNothingKept(t)
}

// browser signs a person in on the pages.
func (s *site) browser(t *testing.T, u casework.User) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(at, []*http.Cookie{{Name: "fuyan_session", Value: postgrestest.Token(u)}})
	return &http.Client{Jar: jar, Transport: s.Client().Transport}
}

// fetched is a page with its status.
func fetched(t *testing.T, resp *http.Response, err error) (*http.Response, string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

// TestTwoGigabytesByPage says what the limit is, and keeps nothing.
func TestTwoGigabytesByPage(t *testing.T) {
	s := newSite(t)
	c, _ := s.owned(t)
	browser := s.browser(t, s.Handler)
	head := "--x\r\nContent-Disposition: form-data; name=\"file_ids\"; filename=\"a.txt\"\r\n\r\n"
	for _, announced := range []int64{2 << 30, -1} {
		source := &zeros{}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/commitments/"+c+"/ReportProgress",
			io.LimitReader(io.MultiReader(strings.NewReader(head), source), 2<<30))
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = announced
		req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		var resp *http.Response
		var page string
		n := allocated(func() {
			answer, err := browser.Do(req)
			resp, page = fetched(t, answer, err)
		})
		if resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(page, "每个附件最多 20 MB") {
			t.Errorf("2 GB announced as %d: %s\n%s", announced, resp.Status, page)
		}
		if n > 64<<20 {
			t.Errorf("took %d MB of memory", n>>20)
		}
		if read := source.read.Load(); read > 200<<20 {
			t.Errorf("read %d MB", read>>20)
		}
	}
	s.checkNothingKept(t)
}

var hiddenInput = regexp.MustCompile(`name="(token|request_id|expected_version)" value="([^"]*)"`)

// TestEvidenceByPages reports with files, is refused one, mends that, and a
// proposer reads what is public.
func TestEvidenceByPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	c, _ := s.owned(t)
	handler := s.browser(t, s.Handler)
	at := s.URL + "/commitments/" + c
	report := func(page, kept string, files map[string]string) (*http.Response, string) {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		from := strings.Index(page, `/ReportProgress"`)
		for _, m := range hiddenInput.FindAllStringSubmatch(page[from:from+600], -1) {
			must(t, form.WriteField(m[1], m[2]))
		}
		must(t, form.WriteField("text", "过半"))
		must(t, form.WriteField("public", "yes"))
		if kept != "" {
			must(t, form.WriteField("file_ids", kept))
		}
		for name, content := range files {
			w, err := form.CreateFormFile("file_ids", name)
			must(t, err)
			_, err = io.WriteString(w, content)
			must(t, err)
		}
		must(t, form.Close())
		resp, err := handler.Post(at+"/ReportProgress", form.FormDataContentType(), &body)
		return fetched(t, resp, err)
	}
	resp, err := handler.Get(at)
	_, page := fetched(t, resp, err)
	resp, page = report(page, "", map[string]string{"现场.png": "\x89PNG\r\n\x1a\n", "程序.pdf": "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"})
	kept := regexp.MustCompile(`name="file_ids" value="([^"]+)" checked`).FindStringSubmatch(page)
	if resp.StatusCode != http.StatusBadRequest || kept == nil || !strings.Contains(page, "“程序.pdf”：应为") || !strings.Contains(page, "过半</textarea>") {
		t.Fatalf("with a program: %s\n%s", resp.Status, page)
	}
	resp, page = report(page, kept[1], nil)
	link := regexp.MustCompile(`<a href="(/files/\d+)">现场.png</a>`).FindStringSubmatch(page)
	if resp.StatusCode != http.StatusOK || link == nil {
		t.Fatalf("without it: %s\n%s", resp.Status, page)
	}
	for _, test := range []struct {
		u      casework.User
		status int
	}{{s.Delegate, http.StatusOK}, {s.OtherDelegate, http.StatusNotFound}, {s.HelperOffice, http.StatusNotFound}} {
		resp, err := s.browser(t, test.u).Get(s.URL + link[1])
		resp, content := fetched(t, resp, err)
		if resp.StatusCode != test.status || test.status == http.StatusOK && content != "\x89PNG\r\n\x1a\n" {
			t.Errorf("%s reads it: %s %q", test.u.Name, resp.Status, content)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
