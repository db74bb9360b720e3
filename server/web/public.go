package web

import (
	"fmt"
	"net/http"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// A publicList is what the public finds.
type publicList struct {
	Query          string
	Years, Organs  []option
	Kinds, Results []option
	Filtered       bool
	Rows           []publicRow
	First, Next    string
}

type publicRow struct {
	*fuyanv1.PublishedReply
	Pieces []piece // the excerpt
}

// searchReplies is the page on which everybody finds what is published.
func (p *pages) searchReplies(r *request) (publicList, error) {
	in := input{values: r.URL.Query()}
	req := &fuyanv1.SearchRepliesRequest{
		Query: in.text("q"), Kind: picked(in, "kind", kinds), OrganId: in.number64("organ"), Year: in.number32("year"),
		Result: picked(in, "result", everyResult), PageSize: 20, PageToken: in.text("page"),
	}
	answer, err := p.public.SearchReplies(r.Context(), req)
	if err != nil {
		return publicList{}, err
	}
	list := publicList{
		Query: req.Query, Kinds: selected(kinds, req.Kind), Results: selected(everyResult, req.Result),
		Filtered: req.Query != "" || req.Kind != 0 || req.OrganId != 0 || req.Year != 0 || req.Result != 0,
	}
	list.First, list.Next = paging("/replies", r, answer.NextPageToken)
	for _, reply := range answer.Replies {
		row := publicRow{PublishedReply: reply}
		var found []mark
		for _, s := range reply.Marks {
			found = append(found, markAt(s, "found", "", ""))
		}
		row.Pieces = pieces(reply.Excerpt, found)
		list.Rows = append(list.Rows, row)
	}
	catalogue, err := p.public.GetPublicCatalogue(r.Context(), &fuyanv1.GetPublicCatalogueRequest{})
	for _, y := range catalogue.GetYears() {
		list.Years = append(list.Years, option{fmt.Sprint(y.Year), fmt.Sprintf("%d年（%d 件）", y.Year, y.Replies), y.Year == req.Year})
	}
	for _, o := range catalogue.GetOrgans() {
		list.Organs = append(list.Organs, option{idText(o.OrganId), o.Name, o.OrganId == req.OrganId})
	}
	return list, err
}

type publicPage struct {
	*fuyanv1.PublishedReply
	Result string
	Pieces []piece
	Rows   []publicPromise
}

type publicPromise struct {
	*fuyanv1.PublicCommitment
	Moved bool // the day that holds is not the one first promised
}

// showPublished is the permanent page of a published reply.
func (p *pages) showPublished(r *request) (publicPage, error) {
	reply, err := p.published(r)
	if err != nil {
		return publicPage{}, err
	}
	page := publicPage{PublishedReply: reply, Result: results[reply.Kind].of(reply.Result)}
	var promises []mark
	for i, c := range reply.Commitments {
		page.Rows = append(page.Rows, publicPromise{c, c.Due != c.FirstDue})
		if before, _, found := strings.Cut(reply.Text, c.Text); found {
			start := len([]rune(before))
			promises = append(promises, mark{Start: start, End: start + len([]rune(c.Text)), Class: "promise", ID: fmt.Sprintf("c%d", i+1)})
		}
	}
	page.Pieces = pieces(reply.Text, promises)
	return page, nil
}

func (p *pages) published(r *request) (*fuyanv1.PublishedReply, error) {
	id, err := r.id()
	if err != nil {
		return nil, err
	}
	answer, err := p.public.GetPublishedReply(r.Context(), &fuyanv1.GetPublishedReplyRequest{ProposalId: id})
	return answer.GetReply(), err
}

// showPublishedText is a published reply as plain text.
func (p *pages) showPublishedText(w http.ResponseWriter, r *request) error {
	reply, err := p.published(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = fmt.Fprintln(w, reply.Text)
	return err
}
