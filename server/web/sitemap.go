package web

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// addressesInPart is how many addresses ListPublishedAddresses answers at a time.
const addressesInPart = 1000

const sitemapSpace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// A sitemap names addresses; an index names sitemaps.
type sitemap struct {
	XMLName xml.Name
	Pages   []sitemapEntry `xml:"url"`
	Parts   []sitemapEntry `xml:"sitemap"`
}

type sitemapEntry struct {
	Address string `xml:"loc"`
	Changed string `xml:"lastmod,omitempty"`
}

// sitemap tells search engines what there is: an index, whose parts are the lists
// and the replies of each year, a thousand in a part.
func (p *pages) sitemap(w http.ResponseWriter, r *request) error {
	in := input{values: r.URL.Query()}
	site, err := siteOf(r.Request), error(nil)
	var m sitemap
	switch {
	case in.text("year") != "":
		m, err = p.sitemapOfYear(r, site, in.number32("year"), in.number32("part"))
	case in.text("part") == "lists":
		m, err = p.sitemapOfLists(r, site)
	default:
		m, err = p.sitemapIndex(r, site)
	}
	if err != nil {
		return err
	}
	return writeXML(w, "application/xml", m)
}

func (p *pages) sitemapIndex(r *request, site string) (sitemap, error) {
	m := sitemap{XMLName: xml.Name{Space: sitemapSpace, Local: "sitemapindex"}}
	add := func(q url.Values) {
		m.Parts = append(m.Parts, sitemapEntry{Address: site + "/sitemap.xml?" + q.Encode()})
	}
	add(url.Values{"part": {"lists"}})
	catalogue, err := p.public.GetPublicCatalogue(r.Context(), &fuyanv1.GetPublicCatalogueRequest{})
	for _, y := range catalogue.GetYears() {
		for part := range (y.Replies + addressesInPart - 1) / addressesInPart {
			add(url.Values{"year": {fmt.Sprint(y.Year)}, "part": {fmt.Sprint(part + 1)}})
		}
	}
	return m, err
}

func (p *pages) sitemapOfLists(r *request, site string) (sitemap, error) {
	m := sitemap{XMLName: xml.Name{Space: sitemapSpace, Local: "urlset"}}
	for _, path := range []string{"/", "/replies", "/replies/years"} {
		m.Pages = append(m.Pages, sitemapEntry{Address: site + path})
	}
	catalogue, err := p.public.GetPublicCatalogue(r.Context(), &fuyanv1.GetPublicCatalogueRequest{})
	for _, y := range catalogue.GetYears() {
		m.Pages = append(m.Pages, sitemapEntry{Address: fmt.Sprintf("%s/replies/years/%d", site, y.Year)})
	}
	return m, err
}

func (p *pages) sitemapOfYear(r *request, site string, year, part int32) (sitemap, error) {
	m := sitemap{XMLName: xml.Name{Space: sitemapSpace, Local: "urlset"}}
	answer, err := p.public.ListPublishedAddresses(r.Context(), &fuyanv1.ListPublishedAddressesRequest{Year: year, Part: part})
	for _, a := range answer.GetAddresses() {
		m.Pages = append(m.Pages, sitemapEntry{fmt.Sprintf("%s/replies/%d", site, a.ProposalId), a.Published})
	}
	return m, err
}

// robots tells search engines what is theirs: the permanent addresses, and not
// every search that somebody could make.
func serveRobots(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "User-agent: *\nAllow: /$\nAllow: /assets/\nAllow: /replies\nDisallow: /replies?\nAllow: /sitemap.xml\nDisallow: /\nSitemap: "+siteOf(r)+"/sitemap.xml\n")
}
