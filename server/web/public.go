package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// latestOnFront is how many of the latest replies the first page shows, and
// publicRows how many any list of them.
const (
	latestOnFront = 8
	publicRows    = 20
)

// A publicFront is what people see first who are not signed in.
type publicFront struct {
	Years  []yearLink
	Latest []publicRow
}

// A yearLink leads to the list of a year.
type yearLink struct {
	Year    int32
	Replies int64
	Here    bool
}

// A publicRow is a published reply in a list.
type publicRow struct {
	*fuyanv1.PublishedReply
	Result string
	Pieces []piece // the excerpt
}

// publicFront is what the address of the site itself shows to the public: where to
// search, the years, and what is new.
func (p *pages) publicFront(r *request) (publicFront, error) {
	answer, err := p.public.SearchReplies(r.Context(), &fuyanv1.SearchRepliesRequest{PageSize: latestOnFront})
	if err != nil {
		return publicFront{}, err
	}
	catalogue, err := p.public.GetPublicCatalogue(r.Context(), &fuyanv1.GetPublicCatalogueRequest{})
	return publicFront{Years: yearLinks(catalogue, 0), Latest: publicRowsOf(answer.Replies)}, err
}

func yearLinks(c *fuyanv1.GetPublicCatalogueResponse, here int32) (out []yearLink) {
	for _, y := range c.GetYears() {
		out = append(out, yearLink{y.Year, y.Replies, y.Year == here})
	}
	return out
}

func publicRowsOf(replies []*fuyanv1.PublishedReply) (out []publicRow) {
	for _, reply := range replies {
		var found []mark
		for _, s := range reply.Marks {
			found = append(found, markAt(s, "found", "", ""))
		}
		out = append(out, publicRow{reply, results[reply.Kind].of(reply.Result), pieces(reply.Excerpt, found)})
	}
	return out
}

// A publicList is what a search finds.
type publicList struct {
	Query                  string
	Years, Sittings        []option
	Organs, Kinds, Results []option
	MoreOrgans             bool // than there are to choose from
	Filtered               bool
	Wordless               bool // there is nothing in Query to look for
	Rows                   []publicRow
	First, Next            string
	Feed                   string // the same as a feed
}

// searchOf is what an address asks for: the page and the feed understand the same.
func searchOf(r *request, size int32) *fuyanv1.SearchRepliesRequest {
	in := input{values: r.URL.Query()}
	return &fuyanv1.SearchRepliesRequest{
		Query: in.text("q"), Kind: picked(in, "kind", kinds), OrganId: in.number64("organ"), Year: in.number32("year"),
		Result: picked(in, "result", everyResult), Sitting: sittingOf(in.text("sitting")), PageSize: size, PageToken: in.text("page"),
	}
}

// sittingValue writes a sitting as addresses do: 市政协-14-2.
func sittingValue(s *fuyanv1.Sitting) string {
	return fmt.Sprintf("%s-%d-%d", s.GetBody(), s.GetTerm(), s.GetSession())
}

// sittingOf reads what sittingValue wrote. Of anything else it makes a sitting that
// the RPC refuses.
func sittingOf(value string) *fuyanv1.Sitting {
	if value == "" {
		return nil
	}
	body, rest, _ := strings.Cut(value, "-")
	in := input{values: url.Values{}}
	term, session, _ := strings.Cut(rest, "-")
	in.values.Set("term", term)
	in.values.Set("session", session)
	return &fuyanv1.Sitting{Body: body, Term: in.number32("term"), Session: in.number32("session")}
}

// searchReplies is the page on which everybody finds what is published.
func (p *pages) searchReplies(r *request) (publicList, error) {
	req := searchOf(r, publicRows)
	answer, err := p.public.SearchReplies(r.Context(), req)
	if err != nil {
		return publicList{}, err
	}
	list := publicList{
		Query: req.Query, Kinds: selected(kinds, req.Kind), Results: selected(everyResult, req.Result), Rows: publicRowsOf(answer.Replies),
		Filtered: req.Query != "" || req.Kind != 0 || req.OrganId != 0 || req.Year != 0 || req.Result != 0 || req.Sitting != nil,
		Wordless: answer.Wordless,
		Feed:     with(r, "/replies/feed", "page", ""),
	}
	list.First, list.Next = paging("/replies", r, answer.NextPageToken)
	catalogue, err := p.public.GetPublicCatalogue(r.Context(), &fuyanv1.GetPublicCatalogueRequest{})
	for _, y := range catalogue.GetYears() {
		list.Years = append(list.Years, option{fmt.Sprint(y.Year), fmt.Sprintf("%d年（%d 件）", y.Year, y.Replies), y.Year == req.Year})
	}
	for _, s := range catalogue.GetSittings() {
		value := sittingValue(s.Sitting)
		list.Sittings = append(list.Sittings, option{value, sittingName(s.Sitting), req.Sitting != nil && value == sittingValue(req.Sitting)})
	}
	list.Organs, list.MoreOrgans = publicOrgans(catalogue, req.OrganId, answer.Replies), catalogue.GetMoreOrgans()
	return list, err
}

// publicOrgans offers the organs of the catalogue with the one chosen, which need not
// be among them: then what was found of it names it.
func publicOrgans(c *fuyanv1.GetPublicCatalogueResponse, chosen int64, found []*fuyanv1.PublishedReply) (out []option) {
	named := chosen == 0
	for _, o := range c.GetOrgans() {
		named = named || o.OrganId == chosen
		out = append(out, option{idText(o.OrganId), o.Name, o.OrganId == chosen})
	}
	if !named && len(found) > 0 {
		out = append(out, option{idText(chosen), found[0].Organ, true})
	}
	return out
}

// A publicYear is the list of a year; of every year where Year is 0.
type publicYear struct {
	Year        int32
	Years       []yearLink
	Rows        []publicRow
	First, Next string
}

// listYears is the page of all years.
func (p *pages) listYears(r *request) (publicYear, error) {
	catalogue, err := p.public.GetPublicCatalogue(r.Context(), &fuyanv1.GetPublicCatalogueRequest{})
	return publicYear{Years: yearLinks(catalogue, 0)}, err
}

// listYear is the permanent page of a year. A year of which nothing is published
// has none.
func (p *pages) listYear(r *request) (publicYear, error) {
	year, err := strconv.ParseInt(r.PathValue("year"), 10, 16)
	if err != nil || year < 1 || year > 9999 {
		return publicYear{}, errNoPage
	}
	req := &fuyanv1.SearchRepliesRequest{Year: int32(year), PageSize: publicRows, PageToken: r.URL.Query().Get("page")}
	answer, err := p.public.SearchReplies(r.Context(), req)
	if err != nil {
		return publicYear{}, err
	}
	if len(answer.Replies) == 0 {
		return publicYear{}, errNoPage
	}
	list := publicYear{Year: req.Year, Rows: publicRowsOf(answer.Replies)}
	list.First, list.Next = paging(r.URL.Path, r, answer.NextPageToken)
	catalogue, err := p.public.GetPublicCatalogue(r.Context(), &fuyanv1.GetPublicCatalogueRequest{})
	list.Years = yearLinks(catalogue, req.Year)
	return list, err
}

// siteOf is how the addresses of this site begin, for those that leave it: in
// feeds and sitemaps. What stands in front of the program and speaks TLS for it
// says so by X-Forwarded-Proto.
func siteOf(r *http.Request) string {
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
