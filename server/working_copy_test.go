package server_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"fuyan/casework"
	"fuyan/postgres"
)

type workingCopy struct{ Version, Text, Result string }

// drafted brings a proposal to its first draft.
func (s *site) drafted(t *testing.T, n int) proposal {
	t.Helper()
	p := s.receive(t, n)
	id := mustID(t, p.ID)
	by := func(u casework.User) postgres.Call { return postgres.Call{User: u, ID: id} }
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	done(s.db.AcceptProposal(t.Context(), by(s.Office), casework.Date{}))
	done(s.db.AssignProposal(t.Context(), by(s.Office), s.Handler.ID))
	done(s.db.SaveDraft(t.Context(), by(s.Handler), postgres.NewDraft{Text: "某某委员：\n\n已办。", Result: "adopted", Publicity: "full"}))
	return p
}

func mustID(t *testing.T, text string) (id int64) {
	t.Helper()
	_, err := fmt.Sscan(text, &id)
	must(t, err)
	return id
}

// TestTwoPeopleOnOneDraft: each keeps what they write, one saves, the other hears
// of it, and finds what they kept when they come back.
func TestTwoPeopleOnOneDraft(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.drafted(t, 1)
	keep := func(u casework.User, editor, revision int, text string) (answer, struct {
		WorkingCopy workingCopy
		LatestDraft int
	},
	) {
		var out struct {
			WorkingCopy workingCopy
			LatestDraft int
		}
		got := s.call(t, u, "ReplyService/KeepWorkingCopy", fmt.Sprintf(`{"proposalId": %s, "editorId": "00000000-0000-4000-8000-%012d", "revision": %d, "base": 1, "text": %q, "result": "RESULT_PLANNED"}`, p.ID, editor, revision, text))
		if got.Code == "" {
			got.into(t, &out)
		}
		return got, out
	}
	kept := func(u casework.User) workingCopy {
		var out struct {
			Reply struct{ WorkingCopy workingCopy }
		}
		s.call(t, u, "ReplyService/GetReply", fmt.Sprintf(`{"proposalId": %s}`, p.ID)).into(t, &out)
		return out.Reply.WorkingCopy
	}
	keep(s.Handler, 1, 1, "经办人写的")
	_, of := keep(s.Office, 2, 1, "办公室写的")
	if of.LatestDraft != 1 || kept(s.Handler).Text != "经办人写的" || kept(s.Office).Text != "办公室写的" || kept(s.Head) != (workingCopy{}) {
		t.Errorf("kept: %+v, %+v, %+v", kept(s.Handler), kept(s.Office), kept(s.Head))
	}
	if got, _ := keep(s.Handler, 3, 1, "另一个窗口"); got.Code != "aborted" || fmt.Sprint(got.refusal(t).PresentVersion) != kept(s.Handler).Version {
		t.Errorf("the other window: %s %v", got.Code, got.refusal(t))
	}
	var now struct{ View struct{ Proposal proposal } }
	s.call(t, s.Office, "ProposalService/GetProposal", fmt.Sprintf(`{"proposalId": %s}`, p.ID)).into(t, &now)
	s.call(t, s.Office, "ReplyService/SaveDraft", fmt.Sprintf(`{%s, "proposalId": %s, "expectedVersion": %s, "text": "办公室存的", "editorId": "00000000-0000-4000-8000-%012d"}`,
		id(77), p.ID, now.View.Proposal.Version, 2)).into(t, &struct{}{})
	if kept(s.Office) != (workingCopy{}) {
		t.Errorf("saved and still kept: %+v", kept(s.Office))
	}
	if _, of := keep(s.Handler, 1, 2, "经办人接着写"); of.LatestDraft != 2 || kept(s.Handler).Text != "经办人接着写" || kept(s.Handler).Result != "RESULT_PLANNED" {
		t.Errorf("after the other saved: latest %d, %+v", of.LatestDraft, kept(s.Handler))
	}
	drop := fmt.Sprintf(`{%s, "proposalId": %s, "expectedVersion": %s}`, id(78), p.ID, kept(s.Handler).Version)
	for range 2 { // the same request twice is done once
		if got := s.call(t, s.Handler, "ReplyService/DropWorkingCopy", drop); got.Code != "" || kept(s.Handler) != (workingCopy{}) {
			t.Errorf("dropping: %s, kept %+v", got.Code, kept(s.Handler))
		}
	}
}

var formInput = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// TestDraftByPages: two people on one draft, on the pages and without a script:
// whoever saves second is asked field by field, and a form sent twice is done once.
func TestDraftByPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.drafted(t, 1)
	address := s.URL + "/proposals/" + p.ID + "/draft"
	open := func(u casework.User) (*http.Client, url.Values) {
		browser := s.browser(t, u)
		resp, err := browser.Get(address)
		_, page := fetched(t, resp, err)
		return browser, editorIn(t, page)
	}
	send := func(browser *http.Client, values url.Values) (*http.Response, string) {
		resp, err := browser.PostForm(address, values)
		return fetched(t, resp, err)
	}
	office, theirs := open(s.Office)
	handler, mine := open(s.Handler)
	for _, values := range []url.Values{theirs, mine} {
		values.Set("result", "RESULT_ADOPTED")
		values.Set("publicity", "PUBLICITY_FULL")
	}
	theirs.Set("text", "某某委员：\n\n已办，办公室改。")
	theirs.Set("publicity", "PUBLICITY_ON_REQUEST")
	for range 2 { // a double click
		if resp, page := send(office, theirs); resp.StatusCode != http.StatusOK || !strings.Contains(page, "已保存第 2 稿") {
			t.Fatalf("the first saves: %s\n%s", resp.Status, page)
		}
	}
	mine.Set("text", "某某委员：\n\n已办，经办人改。")
	resp, page := send(handler, mine)
	if resp.StatusCode != http.StatusConflict || !strings.Contains(page, `name="take.text"`) || strings.Contains(page, `name="take.publicity"`) || !strings.Contains(page, "经办人改。</textarea>") {
		t.Fatalf("the second saves: %s\n%s", resp.Status, page)
	}
	again := editorIn(t, page)
	for name, value := range map[string]string{"text": "某某委员：\n\n已办，经办人改。", "take.text": "mine", "result": "RESULT_ADOPTED", "publicity": "PUBLICITY_ON_REQUEST", "do": "save"} {
		again.Set(name, value)
	}
	if resp, page := send(handler, again); resp.StatusCode != http.StatusOK || !strings.Contains(page, "已保存第 3 稿") {
		t.Fatalf("the second saves what was chosen: %s\n%s", resp.Status, page)
	}
	v, err := s.db.ViewReply(t.Context(), s.Handler, mustID(t, p.ID), 0)
	must(t, err)
	if len(v.Drafts) != 3 || v.Drafts[0].Draft.Text != "某某委员：\n\n已办，经办人改。" || v.Publicity != "on_request" {
		t.Errorf("%d drafts, the last %+v, publicity %s", len(v.Drafts), v.Drafts[0].Draft, v.Publicity)
	}
}

// editorIn is what the form of the editor sends of itself.
func editorIn(t *testing.T, page string) url.Values {
	t.Helper()
	_, form, found := strings.Cut(page, `<form class="fields editor"`)
	if !found {
		t.Fatalf("no editor:\n%s", page)
	}
	form, _, _ = strings.Cut(form, "</form>")
	values := url.Values{}
	for _, m := range formInput.FindAllStringSubmatch(form, -1) {
		values.Set(m[1], html.UnescapeString(m[2]))
	}
	return values
}
