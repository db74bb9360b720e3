package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"github.com/google/go-cmp/cmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// A chosen is a file as a browser sends it.
type chosen struct{ name, content string }

// report sends a form with files as browsers do.
func (s *site) report(t *testing.T, rpc string, values map[string][]string, files ...chosen) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"request_id", "expected_version", "text", "evidence", "public", "file_ids"} {
		for _, v := range values[name] {
			must(form.WriteField(name, v))
		}
	}
	for _, f := range files {
		w, err := form.CreateFormFile("file_ids", f.name)
		must(err)
		_, err = io.WriteString(w, f.content)
		must(err)
	}
	must(form.Close())
	r := httptest.NewRequest(http.MethodPost, "/commitments/41/"+rpc, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func uploads(s *service) (out []*fuyanv1.UploadFileRequest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.requests {
		if u, ok := m.(*fuyanv1.UploadFileRequest); ok {
			out = append(out, u)
		}
	}
	return out
}

func reported() map[string][]string {
	return map[string][]string{"request_id": {requestID}, "expected_version": {"12"}, "text": {"过半"}, "evidence": {"已印发"}}
}

// TestFilesGoBeforeTheReport sends a form twice, as an impatient person does: the
// uploads and the report are the same requests again.
func TestFilesGoBeforeTheReport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	values := reported()
	values["public"], values["file_ids"] = []string{"yes"}, []string{"5/旧.pdf"}
	for range 2 {
		w := s.report(t, "ReportProgress", values, chosen{"a.txt", "1"}, chosen{"", ""}, chosen{"b.txt", "22"})
		wantStatus(t, "POST ReportProgress", w, http.StatusSeeOther)
		if diff := cmp.Diff([]int64{5, 71, 72}, sent[*fuyanv1.ReportProgressRequest](s.service).FileIds); diff != "" {
			t.Errorf("ReportProgress names (-want +got):\n%s", diff)
		}
	}
	got := uploads(s.service)
	if len(got) != 4 {
		t.Fatalf("%d uploads, want two twice", len(got))
	}
	if a, b := got[0], got[1]; a.Name != "a.txt" || string(a.Content) != "1" || !a.Public || a.CommitmentId != 41 || a.RequestId == b.RequestId {
		t.Errorf("uploads %v, %v", a, b)
	}
	if got[0].RequestId != got[2].RequestId || got[1].RequestId != got[3].RequestId {
		t.Errorf("the same form again has other request ids: %v", got)
	}
	s.report(t, "ReportProgress", values, chosen{"a.txt", "2"})
	if again := uploads(s.service); again[4].RequestId == got[0].RequestId {
		t.Error("another file has the same request id")
	}
}

// TestRefusedReportKeepsItsFiles shows the form again with what was uploaded, and
// takes it from there.
func TestRefusedReportKeepsItsFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fail["ReportDone"] = refused(connect.CodeInvalidArgument, "字段 day：应为今天以前", &fuyanv1.Refusal{Field: "day"})
	values := reported()
	values["public"] = []string{"yes"}
	w := s.report(t, "ReportDone", values, chosen{"现场.png", "333"})
	wantStatus(t, "POST ReportDone", w, http.StatusBadRequest)
	wantIn(t, "POST ReportDone", w, `name="file_ids" value="73/现场.png，提出人可以查看" checked>`, "现场.png，提出人可以查看（已上传）", "已印发</textarea>", "应为今天以前")

	delete(s.fail, "ReportDone")
	values["file_ids"] = []string{"73/现场.png，提出人可以查看"}
	wantStatus(t, "POST ReportDone again", s.report(t, "ReportDone", values), http.StatusSeeOther)
	if got := sent[*fuyanv1.ReportDoneRequest](s.service).FileIds; len(got) != 1 || got[0] != 73 {
		t.Errorf("ReportDone names %v, want 73", got)
	}
}

// TestRefusedFileIsNamed uploads the others, and reports nothing.
func TestRefusedFileIsNamed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.report(t, "DropCommitment", reported(), chosen{"坏<b>.pdf", "MZ"}, chosen{"好.txt", "1"})
	wantStatus(t, "POST DropCommitment", w, http.StatusBadRequest)
	wantIn(t, "POST DropCommitment", w, `<strong class="error">“坏&lt;b&gt;.pdf”：这是程序</strong>`, `value="71/好.txt" checked>`)
	if sent[*fuyanv1.DropCommitmentRequest](s.service) != nil {
		t.Error("reported without the file that was refused")
	}
	s.fail["UploadFile"] = connect.NewError(connect.CodeInternal, "secret of the inside")
	wantStatus(t, "POST when the store fails", s.report(t, "ReportDone", reported(), chosen{"a.txt", "1"}), http.StatusInternalServerError)
}

// TestForgedFileIDs reach the RPC as what it refuses.
func TestForgedFileIDs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	values := reported()
	values["file_ids"] = []string{"x/a.pdf", "", "9"}
	s.report(t, "ReportProgress", values)
	if diff := cmp.Diff([]int64{-1, 9}, sent[*fuyanv1.ReportProgressRequest](s.service).FileIds); diff != "" {
		t.Errorf("ReportProgress names (-want +got):\n%s", diff)
	}
}

// TestServedFilesCanDoNothing looks at the headers of each type.
func TestServedFilesCanDoNothing(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ media, name, contentType, disposition string }{
		{"image/png", "现场 1.png", "image/png", "inline; filename*=UTF-8''%E7%8E%B0%E5%9C%BA%201.png"},
		{"image/jpeg", "a.jpg", "image/jpeg", "inline; filename*=UTF-8''a.jpg"},
		{"image/webp", "a.webp", "image/webp", "inline; filename*=UTF-8''a.webp"},
		{"application/pdf", "a\"; b='c'.pdf", "application/pdf", "attachment; filename*=UTF-8''a%22%3B%20b%3D%27c%27.pdf"},
		{"text/plain", "a\r\nX: y.txt", "text/plain; charset=utf-8", "attachment; filename*=UTF-8''a%0D%0AX%3A%20y.txt"},
		{"text/html", "a.html", "text/html", "attachment; filename*=UTF-8''a.html"},
		{"image/svg+xml", "a.svg", "image/svg+xml", "attachment; filename*=UTF-8''a.svg"},
	} {
		s := newSite(t)
		s.file = &fuyanv1.File{Id: 61, Name: test.name, MediaType: test.media, Size: 5}
		w := s.get("/files/61")
		wantStatus(t, "GET /files/61", w, http.StatusOK)
		for header, want := range map[string]string{
			"Content-Type": test.contentType, "Content-Disposition": test.disposition, "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "sandbox; default-src 'none'", "Content-Length": "5", "Cache-Control": "no-store",
		} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s of %s: %q, want %q", header, test.media, got, want)
			}
		}
		if w.Body.String() != "bytes" || sent[*fuyanv1.GetFileRequest](s.service).FileId != 61 {
			t.Errorf("GET /files/61 = %q", w.Body)
		}
	}
}

func TestFilesNeedASession(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fail["GetFile"] = connect.NewError(connect.CodeNotFound, "not yours")
	wantStatus(t, "GET /files/61 of another", s.get("/files/61"), http.StatusNotFound)
	wantStatus(t, "GET /files/x", s.get("/files/x"), http.StatusNotFound)
	s.me = nil
	wantStatus(t, "GET /files/61 of nobody", s.get("/files/61"), http.StatusSeeOther)
}

// TestPageListsFiles names each with what it is, and escapes what people typed.
func TestPageListsFiles(t *testing.T) {
	t.Parallel()
	w := newSite(t).get("/commitments/41")
	wantIn(t, "GET /commitments/41", w,
		`<a href="/files/61">行动方案 &lt;初稿&gt;.docx</a> <span class="sub">Word · 348 KB</span>`,
		`<a href="/files/62">座谈会.jpg</a> <span class="sub">JPEG · 2.5 MB · 提出人可以查看</span>`,
		`<a href="/files/63">说明.txt</a> <span class="sub">文本 · 12 B</span>`)
	if n := strings.Count(w.Body.String(), `type="file" multiple`); n != 3 {
		t.Errorf("%d forms take files, want three", n)
	}
}

// TestTooMuchIsRefusedUnread answers before it has read what is announced.
func TestTooMuchIsRefusedUnread(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	r := httptest.NewRequest(http.MethodPost, "/commitments/41/ReportDone", io.MultiReader(unread{t}))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	r.ContentLength = 2 << 30
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	wantStatus(t, "POST of 2 GB", w, http.StatusRequestEntityTooLarge)
	wantIn(t, "POST of 2 GB", w, "内容过长", "每个附件最多 20 MB")
	if len(uploads(s.service)) > 0 || sent[*fuyanv1.ReportDoneRequest](s.service) != nil {
		t.Error("something was sent")
	}
}

// unread is what nobody may read.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("read of a body that is too large")
	return 0, io.EOF
}
