package web

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net"
	"net/http"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// feedEntries is how many replies a feed brings.
const feedEntries = 50

// An atomFeed is what RFC 4287 calls a feed.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Author     string         `xml:"author>name"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

// feed is what the search page finds, as a feed of those latest published.
func (p *pages) feed(w http.ResponseWriter, r *request) error {
	req := searchOf(r, feedEntries)
	answer, err := p.public.SearchReplies(r.Context(), req)
	if err != nil {
		return err
	}
	site, tag := siteOf(r.Request), tagOf(r.Request)
	f := atomFeed{Lang: "zh-CN", ID: tag + "replies", Title: "公开的答复", Updated: stampOf(p.today())}
	if req.Query != "" {
		f.Title += "：" + req.Query
	}
	query := r.URL.Query()
	query.Del("page")
	asked := ""
	if len(query) > 0 {
		asked = "?" + query.Encode()
	}
	f.ID += asked
	f.Links = []atomLink{
		{"self", "application/atom+xml", site + r.URL.RequestURI()},
		{"alternate", "text/html", site + "/replies" + asked},
	}
	if _, next := paging("/replies/feed", r, answer.NextPageToken); next != "" {
		f.Links = append(f.Links, atomLink{"next", "application/atom+xml", site + next})
	}
	for i, reply := range answer.Replies {
		if i == 0 { // the latest
			f.Updated = stampOf(reply.Published)
		}
		f.Entries = append(f.Entries, atomEntryOf(reply, site, tag))
	}
	return writeXML(w, "application/atom+xml", f)
}

func atomEntryOf(reply *fuyanv1.PublishedReply, site, tag string) atomEntry {
	address := fmt.Sprintf("/replies/%d", reply.ProposalId)
	categories := []atomCategory{{kinds.of(reply.Kind)}}
	if result := results[reply.Kind].of(reply.Result); result != "" {
		categories = append(categories, atomCategory{result})
	}
	return atomEntry{
		ID: tag + address[1:], Title: reply.Title, Published: stampOf(reply.Published), Updated: stampOf(reply.Published),
		Author: reply.Organ, Links: []atomLink{{"alternate", "text/html", site + address}},
		Categories: categories,
		Summary:    fmt.Sprintf("%s 第%s号%s，%s。%s", sittingName(reply.Sitting), reply.Number, kinds.of(reply.Kind), reply.DocumentNumber, reply.Excerpt),
	}
}

// tagOf begins the tags (RFC 4151) by which feeds name what they bring: those stay
// as they are when the site moves to TLS or another port.
func tagOf(r *http.Request) string {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return "tag:" + strings.Trim(host, "[]") + ",2026:"
}

// stampOf is the beginning of a day.
func stampOf(day string) string { return day + "T00:00:00+08:00" }

func writeXML(w http.ResponseWriter, mediaType string, v any) error {
	out := bytes.NewBufferString(xml.Header)
	if err := xml.NewEncoder(out).Encode(v); err != nil {
		return err
	}
	w.Header().Set("Content-Type", mediaType+"; charset=utf-8")
	_, err := out.WriteTo(w)
	return err
}
