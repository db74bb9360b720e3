package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

func TestReadLetter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	w := s.post("/letters/read", url.Values{
		"title": {"旧案由"}, "text": {"已经抄好的正文"}, "handed_over": {"2026-05-20"}, "issued_letter.text": {strings.ReplaceAll(letter, "\n", "\r\n")},
	})
	wantStatus(t, "POST /letters/read", w, http.StatusOK)
	if got := sent[*fuyanv1.ReadLetterRequest](s.service).Text; got != letter {
		t.Errorf("POST /letters/read sent %q", got)
	}
	wantIn(t, "what was read", w,
		`<mark class="promise" id="p1" data-number="1"><a href="#promise-1"><span class="unseen">承诺 1：</span>`+firstPromise+`</a></mark>。`+secondPromise, // marked to the character
		`<mark class="field" id="f1" title="发文字号"><a href="#ReceiveProposal-issued_letter.document_number"><span class="unseen">发文字号：</span>沪科提复〔2026〕25号</a></mark>`,
		`<mark class="field" id="f2" title="会议、届、次"><a href="#ReceiveProposal-sitting.body"><span class="unseen">会议、届、次：</span>市政协十四</a></mark>`,
		`<option value="KIND_CPPCC_PROPOSAL" selected>`, `name="sitting.term" required aria-describedby="ReceiveProposal-sitting.term-note" value="14"`,
		`value="关于加快发展科技服务业的提案"`, "顾伟华\n芮海燕</textarea>", `value="沪科提复〔2026〕25号"`, "已经抄好的正文", "市政协提案办",
		`<option value="1" selected>上海市科学技术委员会</option>`, `<option value="RESULT_ADOPTED" selected>`, `name="handed_over" aria-describedby="ReceiveProposal-handed_over-note" value=""`,
		`<a class="place" href="#f2">原文<span class="unseen">：次</span></a>`,
		`name="promise.1.keep" value="yes" checked`, firstPromise+"</textarea>", `name="promise.1.responsible" value="市科委"`, `name="promise.1.due" value="2026-12-31"`,
		`name="promise_rows" value="4"`, `name="promise.4.text"`)
	if strings.Contains(w.Body.String(), "旧案由") {
		t.Error("what the letter says did not replace what was typed")
	}
	if sent[*fuyanv1.ReceiveProposalRequest](s.service) != nil {
		t.Error("reading a letter stored it")
	}

	s.fail["ReadLetter"] = refused(connect.CodeInvalidArgument, "没有文字。", &fuyanv1.Refusal{Field: "text"})
	w = s.post("/letters/read", url.Values{"title": {"旧案由"}})
	wantStatus(t, "POST /letters/read of nothing", w, http.StatusBadRequest)
	wantIn(t, "POST /letters/read of nothing", w, `<strong class="error">没有文字。</strong>`, "旧案由")
}

// TestEveryLinkOfAReadingLeads follows each link inside the page.
func TestEveryLinkOfAReadingLeads(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	body := s.post("/letters/read", url.Values{"issued_letter.text": {letter}}).Body.String()
	for _, rest := range strings.Split(body, `href="#`)[1:] {
		id, _, _ := strings.Cut(rest, `"`)
		if strings.Count(body, ` id="`+id+`"`) != 1 {
			t.Errorf("the link to #%s leads to %d places", id, strings.Count(body, ` id="`+id+`"`))
		}
	}
	for _, m := range labelled.FindAllStringSubmatch(body, -1) {
		if !strings.Contains(body, `for="`+m[1]+`"`) {
			t.Errorf("the input %s has no label", m[1])
		}
	}
}

// TestLetterIsReadFirst: a letter that was pasted is not stored by the button, nor
// by the Enter key, before somebody saw what was read in it.
func TestLetterIsReadFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	values := received()
	values.Set("issued_letter.text", letter)
	w := s.post("/proposals/new", values)
	wantStatus(t, "a letter that was not read", w, http.StatusOK)
	wantIn(t, "a letter that was not read", w, "尚未登记", `name="promise_rows" value="4"`, firstPromise+"</textarea>")
	if sent[*fuyanv1.ReceiveProposalRequest](s.service) != nil {
		t.Error("a letter that was not read was stored")
	}
	values.Set("issued_letter.text", " \r\n")
	wantStatus(t, "no letter", s.post("/proposals/new", values), http.StatusSeeOther)
}

// TestUploadsAreRemoved looks for what a request left on the disk.
func TestUploadsAreRemoved(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s := newSite(t)
	large := []byte(strings.Repeat(letter, 20_000))
	for _, path := range []string{"/letters/read", "/proposals/new", "/account/CreateToken", "/proposals/7/draft"} {
		s.upload(t, path, nil, "复文.txt", large)
	}
	if got := sent[*fuyanv1.ReadLetterRequest](s.service); len(got.GetFile()) != len(large) {
		t.Errorf("read a file of %d bytes; want %d", len(got.GetFile()), len(large))
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

// TestRowsCanBeEmptied: a promise that is left out needs no sentence, so that the
// browser must not ask for one.
func TestRowsCanBeEmptied(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	wantIn(t, "a row that was read", s.post("/letters/read", url.Values{"issued_letter.text": {letter}}),
		`<label for="ReceiveProposal-promise.1.text">承诺原句</label>`, `name="promise.1.text" rows`)
	values := confirmed()
	values.Set("promise.1.text", "")
	values.Del("promise.1.keep")
	wantStatus(t, "a row left out and emptied", s.post("/proposals/new", values), http.StatusSeeOther)
	if got := sent[*fuyanv1.ReceiveProposalRequest](s.service).IssuedLetter.Promises; len(got) != 1 || got[0].Text != secondPromise {
		t.Errorf("a row left out and emptied sent %v", got)
	}
}

// TestRowsAreNamed for those who hear the page.
func TestRowsAreNamed(t *testing.T) {
	t.Parallel()
	w := newSite(t).post("/letters/read", url.Values{"issued_letter.text": {letter}})
	wantIn(t, "the rows", w, "<fieldset>\n<legend class=\"unseen\">承诺 1</legend>", "<fieldset>\n<legend class=\"unseen\">补充 4</legend>")
}

func TestReadFile(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/letters/read", "/proposals/new"} { // the second only reads, too
		s := newSite(t)
		w := s.upload(t, path, url.Values{"text": {"已经抄好的正文"}, "issued_letter.text": {"贴错的文字"}}, "复文.docx", []byte(letter))
		wantStatus(t, "a file to "+path, w, http.StatusOK)
		want := &fuyanv1.ReadLetterRequest{File: []byte(letter), FileName: "复文.docx"}
		if diff := cmp.Diff(want, sent[*fuyanv1.ReadLetterRequest](s.service), protocmp.Transform()); diff != "" {
			t.Errorf("a file to %s sent (-want +got):\n%s", path, diff)
		}
		wantIn(t, "a file to "+path, w, "尚未登记", "已经抄好的正文", "rows=\"24\">\n"+letter+"</textarea>")
		if sent[*fuyanv1.ReceiveProposalRequest](s.service) != nil {
			t.Errorf("a file to %s stored something", path)
		}
	}
	s := newSite(t)
	s.fail["ReadLetter"] = refused(connect.CodeInvalidArgument, "“复文.pdf”是 PDF。", &fuyanv1.Refusal{Field: "file"})
	w := s.upload(t, "/proposals/new", url.Values{"title": {"旧案由"}}, "复文.pdf", []byte("%PDF-"))
	wantStatus(t, "a PDF", w, http.StatusBadRequest)
	wantIn(t, "a PDF", w, `<strong class="error">“复文.pdf”是 PDF。</strong>`, "旧案由")
	w = s.upload(t, "/letters/read", nil, "large.txt", make([]byte, 25<<20))
	wantStatus(t, "a file of 25 MB", w, http.StatusRequestEntityTooLarge)
}

// confirmed is a form with the letter read: both promises, and one empty row.
func confirmed() url.Values {
	values := received()
	values.Set("issued_letter.text", letter)
	for name, value := range map[string]string{
		"promise_rows": "3", "promise.1.read": "yes", "promise.1.keep": "yes", "promise.1.text": firstPromise, "promise.1.start": "161",
		"promise.1.responsible": "市科委", "promise.1.due": "2026-12-31",
		"promise.2.read": "yes", "promise.2.keep": "yes", "promise.2.text": secondPromise, "promise.2.start": "194",
	} {
		values.Set(name, value)
	}
	return values
}

// TestConfirmedPromises sends what a person ticked, mended and added.
func TestConfirmedPromises(t *testing.T) {
	t.Parallel()
	first := &fuyanv1.ConfirmedPromise{Text: firstPromise, Start: 161, Responsible: []string{"市科委"}, Due: "2026-12-31"}
	second := &fuyanv1.ConfirmedPromise{Text: secondPromise, Start: 194}
	for _, test := range []struct {
		name   string
		change map[string]string
		want   []*fuyanv1.ConfirmedPromise
	}{
		{"as read", nil, []*fuyanv1.ConfirmedPromise{first, second}},
		{"the first left out", map[string]string{"promise.1.keep": ""}, []*fuyanv1.ConfirmedPromise{second}},
		{"all left out", map[string]string{"promise.1.keep": "", "promise.2.keep": ""}, nil},
		{
			"mended",
			map[string]string{"promise.1.keep": "", "promise.2.text": "\r\n建设技术转移人才实训基地 ", "promise.2.responsible": "我们，市教委、 市人社局", "promise.2.due": "2027-01-31"},
			[]*fuyanv1.ConfirmedPromise{{Text: "建设技术转移人才实训基地", Start: 194, Responsible: []string{"我们", "市教委", "市人社局"}, Due: "2027-01-31"}},
		},
		{"one added", map[string]string{"promise.1.keep": "", "promise.3.text": "一、关于要素市场"}, []*fuyanv1.ConfirmedPromise{second, {Text: "一、关于要素市场"}}},
		{"one added without its sentence", map[string]string{"promise.1.keep": "", "promise.3.due": "2026-12-31"}, []*fuyanv1.ConfirmedPromise{second, {Due: "2026-12-31"}}},
	} {
		s := newSite(t)
		values := confirmed()
		for name, value := range test.change {
			values.Set(name, value)
		}
		wantStatus(t, test.name, s.post("/proposals/new", values), http.StatusSeeOther)
		got := sent[*fuyanv1.ReceiveProposalRequest](s.service).IssuedLetter
		want := &fuyanv1.IssuedLetter{Text: letter, Promises: test.want, PromisesConfirmed: true}
		if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestRefusedPromises shows a refusal at its row and keeps what was typed: rows
// that are left out have no place in the request.
func TestRefusedPromises(t *testing.T) {
	t.Parallel()
	for field, id := range map[string]string{
		"text": "promise.2.text", "due": "promise.2.due", "responsible[0]": "promise.2.responsible",
	} {
		s := newSite(t)
		field = "issued_letter.promises[0]." + field
		s.fail["ReceiveProposal"] = refused(connect.CodeInvalidArgument, "字段 "+field+"：不对", &fuyanv1.Refusal{Field: field})
		values := confirmed()
		values.Del("promise.1.keep")
		values.Set("promise.2.text", "我们<将>建设")
		values.Set("promise.3.text", "感谢你们")
		w := s.post("/proposals/new", values)
		wantStatus(t, field, w, http.StatusBadRequest)
		wantIn(t, field, w, `id="ReceiveProposal-`+id+`-note"><strong class="error">承诺 2 的`, `name="promise.1.keep" value="yes">`,
			`name="promise.2.keep" value="yes" checked>`, "我们&lt;将&gt;建设</textarea>", `<mark class="promise left" id="p1"`, `<mark class="promise" id="p3"`)
	}
	s := newSite(t)
	s.fail["ReceiveProposal"] = refused(connect.CodeInvalidArgument, "最多 500 项", &fuyanv1.Refusal{Field: "issued_letter.promises"})
	wantIn(t, "too many", s.post("/proposals/new", confirmed()), `<p class="wide"><strong class="error">最多 500 项</strong></p>`)
}

// TestMoreRows keeps what was typed, and says at the field what the letter does
// not have.
func TestMoreRows(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	values := confirmed()
	values.Del("promise.1.keep")
	values.Set("promise.3.text", "复文没有的话")
	values.Set("title", "改过的案由")
	values.Set("more_rows", "yes")
	w := s.post("/letters/read", values)
	wantStatus(t, "more rows", w, http.StatusOK)
	wantIn(t, "more rows", w, `name="promise_rows" value="6"`, `name="promise.6.text"`, `name="promise.1.keep" value="yes">`, `value="改过的案由"`,
		`id="ReceiveProposal-promise.3.text-note"><strong class="error">复文里没有这段文字</strong>`)
	values.Del("more_rows")
	for _, rows := range []string{"-1", "x", "", "0"} {
		values.Set("promise_rows", rows)
		wantIn(t, rows+" rows", s.post("/proposals/new", values), "尚未登记", `name="promise_rows" value="4"`) // read anew
	}
	values.Set("more_rows", "yes")
	values.Set("promise_rows", "1000000000")
	wantIn(t, "too many rows", s.post("/letters/read", values), `name="promise_rows" value="510"`)
}

// TestSameSentenceTwice marks each row at the place that it names.
func TestSameSentenceTwice(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	text := strings.Repeat("下一步，建设基地。\n", 3)
	s.reading = &fuyanv1.Reading{}
	for _, start := range []int32{0, 20} {
		s.reading.Promises = append(s.reading.Promises, &fuyanv1.Promise{Text: "下一步，建设基地", Span: &fuyanv1.Span{Start: start, End: start + 8}, Cue: "下一步"})
	}
	body := s.post("/letters/read", url.Values{"issued_letter.text": {text}}).Body.String()
	want := `<mark class="promise" id="p1" data-number="1"><a href="#promise-1"><span class="unseen">承诺 1：</span>下一步，建设基地</a></mark>。
下一步，建设基地。
<mark class="promise" id="p2" data-number="2"><a href="#promise-2"><span class="unseen">承诺 2：</span>下一步，建设基地</a></mark>。`
	if !strings.Contains(body, want) {
		t.Errorf("the page lacks %s", want)
	}
}

// TestPlaceThatIsNamed comes before those that a search from the beginning finds.
func TestPlaceThatIsNamed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.reading = &fuyanv1.Reading{Promises: []*fuyanv1.Promise{{Text: "建设建设", Span: &fuyanv1.Span{Start: 2, End: 6}}}}
	wantIn(t, "a sentence that overlaps itself", s.post("/letters/read", url.Values{"issued_letter.text": {"建设建设建设"}}),
		`建设<mark class="promise" id="p1" data-number="1"><a href="#promise-1"><span class="unseen">承诺 1：</span>建设建设</a></mark></article>`)
}

// TestReadingNothingKeepsWhatWasTyped reads a letter that says nothing.
func TestReadingNothingKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.reading = &fuyanv1.Reading{}
	values := received()
	values.Set("issued_letter.text", "无字号的文字")
	w := s.post("/letters/read", values)
	wantStatus(t, "reading nothing", w, http.StatusOK)
	body := html.UnescapeString(w.Body.String())
	for _, want := range []string{`<option value="KIND_CPPCC_PROPOSAL" selected>`, `value="市政协"`, `value="14"`, "芮海燕 * @guwh", "没有读出承诺", "无字号的文字</textarea>"} {
		if !strings.Contains(body, want) {
			t.Errorf("reading nothing lost %s", want)
		}
	}
}

// TestReadingFails shows nothing in part.
func TestReadingFails(t *testing.T) {
	t.Parallel()
	more := confirmed()
	more.Set("more_rows", "yes")
	for _, rpc := range []string{"ReadLetter", "ListOrgans"} {
		s := newSite(t)
		s.fail[rpc] = connect.NewError(connect.CodeInternal, "secret of the inside")
		for _, values := range []url.Values{{"issued_letter.text": {letter}}, more} {
			wantStatus(t, fmt.Sprintf("reading when %s fails", rpc), s.post("/letters/read", values), http.StatusInternalServerError)
		}
	}
}
