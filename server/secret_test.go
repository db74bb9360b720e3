package server_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"fuyan/casework"
	"fuyan/postgres"
)

// A hoard makes secrets, each a word that stands nowhere else, and remembers them.
type hoard struct{ secrets []string }

func (h *hoard) of(what string) string {
	word := fmt.Sprintf("密%c%s密", '甲'+rune(len(h.secrets)*7), what)
	h.secrets = append(h.secrets, word)
	return word
}

// publicDraft is what everybody may read.
const publicDraft = "甲某委员：\n\n您提出的“关于试办夜间实验室的提案”的提案收悉，经研究，现将办理情况答复如下：\n\n" +
	"下一步，我委将在2026年9月底前再开放两处实验室。\n\n感谢您对本市科技工作的关心和支持。"

// doing calls operations about one proposal, and fails the test when one fails.
type doing struct {
	*site
	t  *testing.T
	id int64
}

func (d *doing) by(u casework.User) postgres.Call { return postgres.Call{User: u, ID: d.id} }

func (d *doing) done(_ postgres.ListedProposal, err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// signed brings a proposal of this title to the signature, with secrets in all that
// is said on the way.
func (s *site) signed(t *testing.T, h *hoard, number, title string, n postgres.NewDraft) *doing {
	t.Helper()
	ctx, d := t.Context(), &doing{site: s, t: t}
	p, err := s.db.ReceiveProposal(ctx, d.by(s.Office), postgres.NewProposal{
		Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 4}, Number: number, Title: title,
		Text: h.of("提案原文"), HandedOver: casework.Date{Year: 2026, Month: 2, Day: 10},
		Proposers: []postgres.NewProposer{{Name: "甲某", UserID: s.Delegate.ID, Phone: h.of("电话"), Address: h.of("住址")}},
	})
	d.done(p, err)
	d.id = p.ID
	d.done(s.db.AcceptProposal(ctx, d.by(s.Office), casework.Date{}))
	d.done(s.db.AssignProposal(ctx, d.by(s.Office), s.Handler.ID))
	d.done(s.db.RequestOpinion(ctx, d.by(s.Office), s.Helper, h.of("征求意见")))
	d.done(s.db.SubmitOpinion(ctx, d.by(s.HelperOffice), h.of("会办意见")))
	v, err := s.db.ViewProposal(ctx, s.Office, d.id)
	d.done(p, err)
	d.done(s.db.RecordContact(ctx, d.by(s.Handler), postgres.NewContact{
		ProposerID: v.ProposerRows[0].ID, Channel: "call", Day: s.db.Today(), Summary: h.of("沟通"),
	}))
	d.done(s.db.SaveDraft(ctx, d.by(s.Handler), postgres.NewDraft{Text: publicDraft + h.of("前一稿"), Result: "adopted", Publicity: "full"}))
	d.done(s.db.SaveDraft(ctx, d.by(s.Handler), n))
	d.done(s.db.SubmitReply(ctx, d.by(s.Handler)))
	d.done(s.db.ApproveReply(ctx, d.by(s.Head), h.of("处长意见")))
	d.done(s.db.ApproveReply(ctx, d.by(s.Office), h.of("核稿意见")))
	d.done(s.db.SignReply(ctx, d.by(s.Leader), h.of("签发意见")))
	return d
}

func (d *doing) issue(h *hoard) {
	d.t.Helper()
	d.done(d.db.IssueReply(d.t.Context(), d.by(d.Office), h.of("越过承诺的理由"), casework.Date{}))
	reply, err := d.db.ViewReply(d.t.Context(), d.Office, d.id, 0)
	if err == nil {
		err = d.db.DoRecordCommitments(d.t.Context(), postgres.RecordCommitments{LetterID: reply.Letters[0].Letter.ID})
	}
	d.done(postgres.ListedProposal{}, err)
}

func (d *doing) publish() {
	d.t.Helper()
	d.done(d.db.PublishReply(d.t.Context(), d.by(d.Office)))
}

// hide puts on record one proposal of each kind that there is, with secrets in
// whatever the public must not read. Three are public: a letter, a letter whose
// second round is being drafted, and a summary.
func (s *site) hide(t *testing.T, h *hoard) (letter, summary, gone *doing) {
	t.Helper()
	ctx, full := t.Context(), postgres.NewDraft{Text: publicDraft, Result: "adopted", Publicity: "full"}
	with := func(secret string) postgres.NewDraft {
		n := full
		n.Text += "\n\n下一步，我委将在2026年8月底前" + secret + "。"
		return n
	}
	letter = s.signed(t, h, "0001", "关于试办夜间实验室的提案", full)
	letter.issue(h)
	letter.publish()
	s.keepSecretly(t, h, letter)

	n := with(h.of("只公开摘要"))
	n.Publicity, n.Summary = "summary", "我委将开放更多实验室，本摘要可以公开。"
	summary = s.signed(t, h, "0002", "关于摘要的提案", n)
	summary.issue(h)
	summary.publish()

	gone = s.signed(t, h, "0003", h.of("撤下的案由"), with(h.of("撤下的全文")))
	gone.issue(h)
	gone.publish()
	gone.done(s.db.TakeDownReply(ctx, gone.by(s.Office), h.of("撤下的理由")))

	n = with(h.of("不予公开的全文"))
	n.Publicity, n.WithholdReason, n.Summary = "withheld", h.of("不予公开的理由"), h.of("不予公开的摘要")
	s.signed(t, h, "0004", h.of("不予公开的案由"), n).issue(h)
	n = with(h.of("依申请公开的全文"))
	n.Publicity, n.Summary = "on_request", h.of("依申请公开的摘要")
	s.signed(t, h, "0005", h.of("依申请公开的案由"), n).issue(h)
	s.signed(t, h, "0006", h.of("尚未公开的案由"), with(h.of("尚未公开的全文"))).issue(h)
	s.signed(t, h, "0007", h.of("尚未编号的案由"), with(h.of("尚未编号的全文")))
	return letter, summary, gone
}

// keepSecretly confirms the promise of a letter and says secrets about it.
func (s *site) keepSecretly(t *testing.T, h *hoard, d *doing) {
	t.Helper()
	ctx := t.Context()
	list, err := s.db.ListCommitments(ctx, s.Office, postgres.CommitmentFilter{ProposalID: d.id, Limit: 10})
	if err != nil || len(list) == 0 {
		t.Fatalf("%d promises: %v", len(list), err)
	}
	about := func(u casework.User) postgres.Call { return postgres.Call{User: u, ID: list[0].Commitment.ID} }
	done := func(_ postgres.Commitment, err error) { t.Helper(); d.done(postgres.ListedProposal{}, err) }
	done(s.db.ConfirmCommitment(ctx, about(s.Office), postgres.Confirmation{
		OwnerID: s.Handler.ID, Due: casework.Date{Year: 2026, Month: 9, Day: 30}, Deliverable: h.of("成果形式"), Criterion: h.of("验收标准"),
	}))
	done(s.db.ReportProgress(ctx, about(s.Handler), h.of("进展"), casework.Date{}))
	done(s.db.ChangeDueDay(ctx, about(s.Office), postgres.DayChange{
		Due: casework.Date{Year: 2026, Month: 10, Day: 30}, Reason: h.of("推迟的理由"), AgreedBy: h.of("同意的人"),
	}))
	for _, c := range list[1:] {
		done(s.db.WaiveCommitment(ctx, postgres.Call{User: s.Office, ID: c.Commitment.ID}, h.of("不列入的理由")))
	}
}

// read is an answer to somebody who is not signed in.
func (s *site) read(t *testing.T, path string) (int, string) {
	t.Helper()
	resp, err := s.Client().Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// TestNothingElseIsPublic looks through every answer that somebody gets who is not
// signed in for what was never published.
func TestNothingElseIsPublic(t *testing.T) {
	t.Parallel()
	s, h := newSite(t), new(hoard)
	letter, summary, gone := s.hide(t, h)
	if n := len(h.secrets); n < 60 {
		t.Fatalf("only %d secrets", n)
	}
	search := func(where, body string) {
		t.Helper()
		for _, secret := range h.secrets {
			if strings.Contains(body, secret) {
				t.Errorf("%s tells %s:\n%s", where, secret, body)
			}
		}
	}
	paths := []string{
		"/", "/replies", "/replies?q=实验室", "/replies/years", "/replies/years/2026", "/replies/feed", "/sitemap.xml", "/sitemap.xml?part=lists",
		"/sitemap.xml?year=2026&part=1", "/robots.txt", "/proposals", "/board", "/mine", "/commitments", "/figures", "/sign-in",
	}
	for id := range gone.id + 10 {
		paths = append(paths, fmt.Sprintf("/replies/%d", id), fmt.Sprintf("/replies/text/%d", id), fmt.Sprintf("/proposals/%d", id),
			fmt.Sprintf("/commitments/%d", id), fmt.Sprintf("/deadlines/%d", id), fmt.Sprintf("/files/%d", id))
		search("the RPC", string(s.call(t, casework.User{}, "PublicService/GetPublishedReply", fmt.Sprintf(`{"proposalId": %d}`, id)).body))
	}
	for _, path := range paths {
		status, body := s.read(t, path)
		search("GET "+path, body)
		want := strings.HasSuffix(path, fmt.Sprintf("replies/%d", letter.id)) || strings.HasSuffix(path, fmt.Sprintf("replies/%d", summary.id))
		if strings.HasPrefix(path, "/replies/") && strings.Trim(path, "/replis0123456789") == "" && want != (status == http.StatusOK) {
			t.Errorf("GET %s = %d, where public is %v", path, status, want)
		}
	}
	search("the catalogue", string(s.call(t, casework.User{}, "PublicService/GetPublicCatalogue", `{}`).body))
	search("the addresses", string(s.call(t, casework.User{}, "PublicService/ListPublishedAddresses", `{"year": 2026, "part": 1}`).body))
	search("the list", string(s.call(t, casework.User{}, "PublicService/SearchReplies", `{}`).body))
	for _, secret := range h.secrets {
		s.checkUnfound(t, secret)
	}
	s.checkFound(t, letter, summary)
}

// checkUnfound asks every search for a secret.
func (s *site) checkUnfound(t *testing.T, secret string) {
	t.Helper()
	if body := s.call(t, casework.User{}, "PublicService/SearchReplies", `{"query": "`+secret+`"}`).body; string(body) != "{}" {
		t.Errorf("the search finds %s: %s", secret, body)
	}
	if _, body := s.read(t, "/replies?q="+url.QueryEscape(secret)); !strings.Contains(body, "没有找到") {
		t.Errorf("the page finds %s: %s", secret, body)
	}
	if _, body := s.read(t, "/replies/feed?q="+url.QueryEscape(secret)); strings.Contains(body, "<entry>") {
		t.Errorf("the feed finds %s: %s", secret, body)
	}
}

// checkFound: what is public is, so that what was looked through is not empty.
func (s *site) checkFound(t *testing.T, letter, summary *doing) {
	t.Helper()
	for path, want := range map[string]string{
		fmt.Sprintf("/replies/%d", letter.id):       "我委将在2026年9月底前再开放两处实验室",
		fmt.Sprintf("/replies/text/%d", letter.id):  "我委将在2026年9月底前再开放两处实验室",
		fmt.Sprintf("/replies/%d", summary.id):      "本摘要可以公开",
		fmt.Sprintf("/replies/text/%d", summary.id): "本摘要可以公开",
		"/replies?q=本摘要":                            "关于摘要的提案",
		"/replies/feed":                             "关于试办夜间实验室的提案",
		"/sitemap.xml?year=2026&part=1":             fmt.Sprintf("/replies/%d</loc>", summary.id),
	} {
		if _, body := s.read(t, path); !strings.Contains(body, want) {
			t.Errorf("GET %s lacks %s:\n%s", path, want, body)
		}
	}
	_, body := s.read(t, "/replies/feed")
	var feed struct {
		Entries []struct {
			ID string `xml:"id"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(body), &feed); err != nil || len(feed.Entries) != 2 {
		t.Errorf("the feed has %d entries, want 2: %v", len(feed.Entries), err)
	}
}
