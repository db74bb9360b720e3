package web_test

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

const publicText = "办理结果：解决采纳\n\n某委员：\n\n一、关于开放\n\n下一步，我委将再开放两处<实验室>，\n\n并延长时间。\n\n某市科委"

// publishedSite is the site as somebody sees it who is not signed in.
func publishedSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.me = nil
	lines := linesOf(publicText, banner, salutation, heading, body, body, signature)
	lines[2].Level, lines[4].Continues = 1, true
	s.published = &fuyanv1.PublishedReply{
		ProposalId: 7, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: sitting(),
		Number: "0670", Title: "关于开放实验室的提案", Organ: "上海市科学技术委员会", DocumentNumber: "沪科提复〔2026〕1号",
		IssueDate: "2026-03-02", Published: "2026-03-05", Result: fuyanv1.Result_RESULT_ADOPTED, Publicity: fuyanv1.Publicity_PUBLICITY_FULL,
		Excerpt: "将再开放两处<实验室>", Marks: []*fuyanv1.Span{{Start: 7, End: 10}},
		Text: publicText, Lines: lines,
		Commitments: []*fuyanv1.PublicCommitment{
			{Text: "我委将再开放两处<实验室>，\n\n并延长时间", State: fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN, FirstDue: "2026-03-30", Due: "2026-04-30"},
			{Text: "没有这句", State: fuyanv1.CommitmentState_COMMITMENT_STATE_KEPT, FirstDue: "2026-06-30", Due: "2026-06-30"},
		},
	}
	return s
}

func TestPublicPages(t *testing.T) {
	t.Parallel()
	s := publishedSite(t)
	s.next = "bmV4dA"
	for path, name := range map[string]string{
		"/": "front", "/replies?q=实验室&year=2026&sitting=市政协-14-4": "replies", "/replies/7": "published",
		"/replies/years": "years", "/replies/years/2026": "year",
	} {
		golden(t, "GET "+path, name, s.get(path).Body.String())
	}
	text := s.get("/replies/text/7")
	if got := text.Header().Get("Content-Type"); got != "text/plain; charset=utf-8" || text.Body.String() != s.published.Text+"\n" {
		t.Errorf("as text: %s\n%s", got, text.Body)
	}
	s.published.Publicity = fuyanv1.Publicity_PUBLICITY_SUMMARY
	wantIn(t, "a summary", s.get("/replies/7"), "这里是摘要", "答复摘要", "主动公开·摘要")
}

// TestPublicFilters: what the address says is asked for, by the page as by the
// feed.
func TestPublicFilters(t *testing.T) {
	t.Parallel()
	s := publishedSite(t)
	const asked = "q=%E5%AE%9E%E9%AA%8C+AI&kind=KIND_NPC_SUGGESTION&organ=3&year=2026&result=RESULT_PLANNED&sitting=%E5%B8%82%E4%BA%BA%E5%A4%A7-16-3&page=bmV4dA"
	for path, size := range map[string]int32{"/replies": 20, "/replies/feed": 50} {
		wantStatus(t, "GET "+path, s.get(path+"?"+asked), http.StatusOK)
		want := &fuyanv1.SearchRepliesRequest{
			Query: "实验 AI", Kind: fuyanv1.Kind_KIND_NPC_SUGGESTION, OrganId: 3, Year: 2026, Result: fuyanv1.Result_RESULT_PLANNED,
			Sitting: &fuyanv1.Sitting{Body: "市人大", Term: 16, Session: 3}, PageSize: size, PageToken: "bmV4dA",
		}
		if diff := cmp.Diff(want, sent[*fuyanv1.SearchRepliesRequest](s.service), protocmp.Transform()); diff != "" {
			t.Errorf("%s asks for (-want +got):\n%s", path, diff)
		}
	}
	s.get("/replies?sitting=x&organ=all&year=99999999999")
	got := sent[*fuyanv1.SearchRepliesRequest](s.service)
	if got.Sitting.GetTerm() != 0 || got.Sitting.GetBody() != "x" || got.OrganId != -1 || got.Year != -1 {
		t.Errorf("what is no filter is asked for as %v, which the RPC does not refuse", got)
	}
}

// TestMoreOrgans: the organ that an address names stays chosen though it is none of
// those to choose from, and the page says how the others are found.
func TestMoreOrgans(t *testing.T) {
	t.Parallel()
	s := publishedSite(t)
	const hint = "其他单位请在“查找”里写单位名称"
	if page := s.get("/replies").Body.String(); strings.Contains(page, hint) {
		t.Errorf("with all organs to choose from it says %q", hint)
	}
	s.moreOrgans, s.published.Organ = true, "某区教育局"
	wantIn(t, "another organ", s.get("/replies?organ=9"), hint, `<option value="9" selected>某区教育局</option>`, `<option value="1">`)
	if page := s.get("/replies?organ=1").Body.String(); strings.Count(page, `<option value="1"`) != 1 || strings.Contains(page, "某区教育局</option>") {
		t.Errorf("an organ that is there to choose is offered otherwise:\n%s", page)
	}
}

func TestNothingPublished(t *testing.T) {
	t.Parallel()
	s := publishedSite(t)
	wantIn(t, "a search without a word", s.get("/replies?q=《》"), "没有可以查找的字", `value="《》"`)
	s.published = nil
	for _, path := range []string{"/replies/7", "/replies/text/7", "/replies/x", "/replies/years/2026", "/replies/years/x", "/replies/years/0"} {
		wantStatus(t, "GET "+path, s.get(path), http.StatusNotFound)
	}
	for _, path := range []string{"/", "/replies", "/replies/years"} {
		wantIn(t, "GET "+path, s.get(path), "还没有公开的答复")
	}
	wantIn(t, "an empty search", s.get("/replies?q=火星"), "没有找到")
	var f feed
	parse(t, s.get("/replies/feed"), &f)
	if f.Updated == "" || len(f.Entries) != 0 {
		t.Errorf("an empty feed: %+v", f)
	}
}

// TestPublicNavigation: everybody finds the public pages, and who is not signed in
// the way in.
func TestPublicNavigation(t *testing.T) {
	t.Parallel()
	s := publishedSite(t)
	wantIn(t, "signed out", s.get("/replies/years"), `<a href="/replies">公开答复</a>`, `<a href="/replies/years" aria-current="page">按年浏览</a>`, `<a href="/sign-in">登录</a>`)
	s.me = office()
	wantIn(t, "signed in", s.get("/replies"), `<a href="/replies" aria-current="page">公开答复</a>`, `<a href="/account">`)
}

// A feed is what a reader makes of it.
type feed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Links   []link   `xml:"link"`
	Entries []struct {
		ID         string `xml:"id"`
		Title      string `xml:"title"`
		Summary    string `xml:"summary"`
		Published  string `xml:"published"`
		Updated    string `xml:"updated"`
		Author     string `xml:"author>name"`
		Links      []link `xml:"link"`
		Categories []struct {
			Term string `xml:"term,attr"`
		} `xml:"category"`
	} `xml:"entry"`
}

type link struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

func parse(t *testing.T, w *httptest.ResponseRecorder, v any) {
	t.Helper()
	wantStatus(t, "GET", w, http.StatusOK)
	if err := xml.Unmarshal(w.Body.Bytes(), v); err != nil {
		t.Fatalf("%v in\n%s", err, w.Body)
	}
}

func TestFeed(t *testing.T) {
	t.Parallel()
	s := publishedSite(t)
	s.next = "bmV4dA"
	s.published.Title = "关于<开放>&\"实验室\"\x01的提案"
	var f feed
	w := s.get("/replies/feed?q=%E5%AE%9E%E9%AA%8C&page=MQ")
	parse(t, w, &f)
	if got := w.Header().Get("Content-Type"); got != "application/atom+xml; charset=utf-8" {
		t.Errorf("it is %s", got)
	}
	if f.ID != "tag:example.com,2026:replies?q=%E5%AE%9E%E9%AA%8C" || f.Title != "公开的答复：实验" || f.Updated != "2026-03-05T00:00:00+08:00" {
		t.Errorf("the feed is %q %q of %s", f.ID, f.Title, f.Updated)
	}
	want := []link{
		{"self", "http://example.com/replies/feed?q=%E5%AE%9E%E9%AA%8C&page=MQ"},
		{"alternate", "http://example.com/replies?q=%E5%AE%9E%E9%AA%8C"},
		{"next", "http://example.com/replies/feed?page=bmV4dA&q=%E5%AE%9E%E9%AA%8C"},
	}
	if diff := cmp.Diff(want, f.Links); diff != "" {
		t.Errorf("its links (-want +got):\n%s", diff)
	}
	e := f.Entries[0]
	if e.ID != "tag:example.com,2026:replies/7" || e.Title != "关于<开放>&\"实验室\"\uFFFD的提案" || e.Links[0].Href != "http://example.com/replies/7" ||
		e.Author != "上海市科学技术委员会" || e.Published != e.Updated || !strings.Contains(e.Summary, "<实验室>") || e.Categories[1].Term != "解决或采纳" {
		t.Errorf("its entry is %+v", e)
	}
	r := httptest.NewRequest(http.MethodGet, "/replies/feed", nil)
	r.Host = "fuyan.example.cn:8443"
	r.Header.Set("X-Forwarded-Proto", "https")
	other := httptest.NewRecorder()
	s.ServeHTTP(other, r)
	f = feed{}
	parse(t, other, &f)
	if f.Entries[0].ID != "tag:fuyan.example.cn,2026:replies/7" || f.Links[0].Href != "https://fuyan.example.cn:8443/replies/feed" {
		t.Errorf("behind TLS it is %+v", f)
	}
}

func TestSitemap(t *testing.T) {
	t.Parallel()
	s := publishedSite(t)
	type entry struct {
		Loc     string `xml:"loc"`
		Lastmod string `xml:"lastmod"`
	}
	type sitemap struct {
		XMLName xml.Name
		URL     []entry `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 url"`
		Part    []entry `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemap"`
	}
	const site = "http://example.com"
	for path, want := range map[string]sitemap{
		"/sitemap.xml": {Part: []entry{
			{Loc: site + "/sitemap.xml?part=lists"},
			{Loc: site + "/sitemap.xml?part=1&year=2026"},
			{Loc: site + "/sitemap.xml?part=2&year=2026"},
			{Loc: site + "/sitemap.xml?part=1&year=2025"},
		}},
		"/sitemap.xml?part=lists": {URL: []entry{
			{Loc: site + "/"},
			{Loc: site + "/replies"},
			{Loc: site + "/replies/years"},
			{Loc: site + "/replies/years/2026"},
			{Loc: site + "/replies/years/2025"},
		}},
		"/sitemap.xml?part=2&year=2026": {URL: []entry{{site + "/replies/7", "2026-03-05"}}},
	} {
		want.XMLName = xml.Name{Space: "http://www.sitemaps.org/schemas/sitemap/0.9", Local: "urlset"}
		if want.Part != nil {
			want.XMLName.Local = "sitemapindex"
		}
		var got sitemap
		parse(t, s.get(path), &got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	if got := sent[*fuyanv1.ListPublishedAddressesRequest](s.service); got.Year != 2026 || got.Part != 2 {
		t.Errorf("asked for %v", got)
	}
	wantIn(t, "robots.txt", s.get("/robots.txt"), "Sitemap: http://example.com/sitemap.xml", "Disallow: /\n", "Allow: /replies\n", "Allow: /sitemap.xml\n")
}
