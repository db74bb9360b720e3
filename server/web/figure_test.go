package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"connectrpc.com/connect/v2"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/server/web"
)

// TestRatesNeverFlatter holds what is not all apart from 100 %, and nothing from
// 0 %.
func TestRatesNeverFlatter(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		numerator, denominator int64
		want                   string
	}{
		{0, 0, "—"},
		{0, 7, "0.00%"},
		{7, 7, "100.00%"},
		{99_999, 100_000, "99.99%"},
		{1, 100_000, "0.01%"},
		{86, 93, "92.47%"},
		{858, 971, "88.36%"},
		{1, 8, "12.50%"},
	} {
		if got := web.Rate(test.numerator, test.denominator); got != test.want {
			t.Errorf("rate(%d, %d) = %s, want %s", test.numerator, test.denominator, got, test.want)
		}
	}
}

// TestFigureFilters sends what stands in the address, and keeps it in every link.
func TestFigureFilters(t *testing.T) {
	t.Parallel()
	const address = "as_of=2026-03-31&body=市政协&from=2026-01-01&kind=KIND_CPPCC_PROPOSAL&organ=1&session=0&since=2026-01-01&term=14&to=2026-02-01"
	want := &fuyanv1.FigureFilter{
		AsOf: "2026-03-31", Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, OrganId: 1, Sitting: &fuyanv1.Sitting{Body: "市政协", Term: 14},
		HandedOverFrom: "2026-01-01", HandedOverTo: "2026-02-01", Since: "2026-01-01",
	}
	s := newSite(t)
	page := s.get("/figures?" + address)
	wantStatus(t, "GET /figures", page, http.StatusOK)
	if diff := cmp.Diff(want, sent[*fuyanv1.GetFiguresRequest](s.service).Filter, protocmp.Transform()); diff != "" {
		t.Errorf("GET /figures asks (-want +got):\n%s", diff)
	}
	query, err := url.ParseQuery(address)
	if err != nil {
		t.Fatal(err)
	}
	query.Set("side", "denominator")
	link := "/figures/answered?" + query.Encode()
	if !strings.Contains(page.Body.String(), strings.ReplaceAll(link, "&", "&amp;")) {
		t.Errorf("the page does not link to %s", link)
	}
	wantStatus(t, "GET "+link, s.get(link), http.StatusOK)
	req := sent[*fuyanv1.ListFigureProposalsRequest](s.service)
	if diff := cmp.Diff(want, req.Filter, protocmp.Transform()); diff != "" || req.Side != fuyanv1.FigureSide_FIGURE_SIDE_DENOMINATOR || req.Code != "answered" {
		t.Errorf("GET %s asks for %s %s (-want +got):\n%s", link, req.Code, req.Side, diff)
	}
}

// TestFigureFilterRefused shows the form again, with the field by its name there.
func TestFigureFilterRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fail["GetFigures"] = refused(connect.CodeInvalidArgument, "字段 filter.as_of：应为今天或以前", &fuyanv1.Refusal{Field: "filter.as_of"})
	page := s.get("/figures?as_of=2030-01-01")
	wantStatus(t, "GET /figures", page, http.StatusBadRequest)
	for _, want := range []string{"截止日", "应为今天或以前", `value="2030-01-01"`} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("the page does not say %s", want)
		}
	}
}

// TestUnknownFigure is no page.
func TestUnknownFigure(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.fail["ListFigureProposals"] = connect.NewError(connect.CodeNotFound, "figure")
	wantStatus(t, "GET /figures/nothing", s.get("/figures/nothing"), http.StatusNotFound)
}

// TestDelegatesCountNothing offers them no figures.
func TestDelegatesCountNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.me = users()[2]
	if strings.Contains(s.get("/proposals").Body.String(), `href="/figures"`) {
		t.Error("a delegate is offered the figures")
	}
}
