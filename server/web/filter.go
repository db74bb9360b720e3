package web

import (
	"net/url"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// A filterBar is the filters that a person keeps, and the form that keeps the one
// of this page.
type filterBar struct {
	Rows []filterRow
	Save formView
	Open bool // what a form of it said is to be read
}

type filterRow struct {
	Name, Href string
	Here       bool // this page
	Delete     formView
}

func (p *pages) filterBar(r *request, asked *fuyanv1.ListProposalsRequest) (filterBar, error) {
	answer, err := p.filters.ListFilters(r.Context(), &fuyanv1.ListFiltersRequest{})
	if err != nil {
		return filterBar{}, err
	}
	here := proposalQuery(asked).Encode()
	at := func(rpc string) string { return withQuery("/filters/"+rpc, here) }
	bar := filterBar{
		Save: p.forms["SaveFilter"].view(r, place{"SaveFilter", at("SaveFilter"), 0}, subject{}),
		Open: r.failed != nil,
	}
	for _, f := range answer.Filters {
		query := proposalQuery(f.List).Encode()
		drop := p.forms["DeleteFilter"].view(r, place{"DeleteFilter-" + idText(f.Id), at("DeleteFilter"), 0}, subject{filter: f})
		drop.Label = "删除“" + f.Name + "”"
		bar.Rows = append(bar.Rows, filterRow{f.Name, withQuery("/proposals", query), query == here, drop})
	}
	return bar, nil
}

func withQuery(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

// keepFilter does what a form of the filters asks for and goes back to the list
// that it stood on, whose filters are in its address.
func (p *pages) keepFilter(r *request) (string, error) {
	f, ok := p.forms[r.PathValue("rpc")]
	if !ok || f.on != onFilters {
		return "", errNoPage
	}
	in := r.input()
	in.list = proposalsAsked(r.URL.Query())
	if err := f.call(r.Context(), in); err != nil {
		return "", refuse(r.formKey(f.rpc), err)
	}
	q := proposalQuery(in.list)
	q.Set("done", f.rpc)
	return "/proposals?" + q.Encode(), nil
}

func saveFilter(in input) *fuyanv1.SaveFilterRequest {
	return &fuyanv1.SaveFilterRequest{RequestId: in.requestID, Name: in.text("name"), List: in.list}
}

func deleteFilter(in input) *fuyanv1.DeleteFilterRequest {
	return &fuyanv1.DeleteFilterRequest{RequestId: in.requestID, FilterId: in.number64("filter_id")}
}

func filterID(s subject) string { return idText(s.filter.GetId()) }

// filtersOf reads the filters of an address that another page carries along.
func filtersOf(query string) string {
	q, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	return proposalQuery(proposalsAsked(q)).Encode()
}
