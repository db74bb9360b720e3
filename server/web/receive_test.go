package web_test

import (
	"bytes"
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

func received() url.Values {
	return url.Values{
		"request_id": {requestID}, "kind": {"KIND_CPPCC_PROPOSAL"}, "sitting.body": {"市政协"}, "sitting.term": {"14"}, "sitting.session": {"4"},
		"number": {" 0670 "}, "title": {"关于加快发展科技服务业的提案"}, "text": {"正文\r\n第二行"}, "handed_over": {"2026-02-26"},
		"proposers": {"顾伟华\r\n芮海燕 * @guwh\r\n\r\n民盟 上海市委 单位"}, "organ_id": {"1"}, "role": {"ASSIGNMENT_ROLE_LEAD"}, "text_public": {"yes"},
	}
}

func TestReceiveProposal(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.post("/proposals/new", received())
	wantStatus(t, "POST /proposals/new", w, http.StatusSeeOther)
	if got := w.Header().Get("Location"); got != "/proposals/99?done=ReceiveProposal" {
		t.Errorf("POST /proposals/new leads to %s", got)
	}
	want := &fuyanv1.ReceiveProposalRequest{
		RequestId: requestID, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: sitting(), Number: "0670",
		Title: "关于加快发展科技服务业的提案", Text: "正文\n第二行", HandedOver: "2026-02-26",
		Proposers: []*fuyanv1.NewProposer{
			{Name: "顾伟华"}, {Name: "芮海燕", Lead: true, UserId: 3}, {Name: "民盟 上海市委", Organisation: true},
		},
		OrganId: 1, Role: fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_LEAD, TextPublic: true,
	}
	if diff := cmp.Diff(want, sent[*fuyanv1.ReceiveProposalRequest](s.service), protocmp.Transform()); diff != "" {
		t.Errorf("POST /proposals/new sent (-want +got):\n%s", diff)
	}
}

// TestReceiveIssuedLetter sends the form as browsers do, as multipart: the letter
// must arrive to the character.
func TestReceiveIssuedLetter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	values := received()
	values.Set("issued_letter.text", strings.ReplaceAll(letter, "\n", "\r\n"))
	values.Set("promise_rows", "3")
	values.Set("issued_letter.published", "2026-05-18")
	values.Set("issued_letter.publicity", "PUBLICITY_FULL")
	w := s.upload(t, "/proposals/new", values, "", nil)
	wantStatus(t, "POST /proposals/new as multipart", w, http.StatusSeeOther)
	want := &fuyanv1.IssuedLetter{Text: letter, Published: "2026-05-18", Publicity: fuyanv1.Publicity_PUBLICITY_FULL, PromisesConfirmed: true}
	if diff := cmp.Diff(want, sent[*fuyanv1.ReceiveProposalRequest](s.service).IssuedLetter, protocmp.Transform()); diff != "" {
		t.Errorf("POST /proposals/new sent (-want +got):\n%s", diff)
	}
}

// upload sends a form as multipart, with a file in the field of the letter's
// file unless it has no name.
func (s *site) upload(t *testing.T, path string, values url.Values, name string, data []byte) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, v := range values {
		if err := form.WriteField(field, v[0]); err != nil {
			t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("issued_letter.file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestReceiveRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fail["ReceiveProposal"] = refused(connect.CodeInvalidArgument, "姓名过短。", &fuyanv1.Refusal{Field: "proposers[0].name"})
	w := s.post("/proposals/new", received())
	wantStatus(t, "POST /proposals/new", w, http.StatusBadRequest)
	wantIn(t, "POST /proposals/new", w, `<strong class="error">姓名过短。</strong>`, "民盟 上海市委 单位", `value="关于加快发展科技服务业的提案"`,
		`<option value="KIND_CPPCC_PROPOSAL" selected>`, `name="text_public" value="yes" checked`)

	values := received()
	values.Set("proposers", "顾伟华 @nobody")
	w = s.post("/proposals/new", values)
	wantStatus(t, "POST with an unknown account", w, http.StatusBadRequest)
	wantIn(t, "POST with an unknown account", w, "没有登录名为“nobody”的用户")
}
