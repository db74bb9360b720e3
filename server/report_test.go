package server_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
)

// TestFiguresOverHTTP counts three proposals, says what was counted, and lists
// them in pages of one.
func TestFiguresOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for n := range 3 {
		s.call(t, s.Office, "ProposalService/ReceiveProposal",
			"{"+id(n)+fmt.Sprintf(`, "handedOver": "2026-01-0%d", "kind": "KIND_CPPCC_PROPOSAL", "sitting": {"body": "市政协", "term": 14, "session": %d},
				"number": "%d", "title": "标题", "proposers": [{"name": "某某"}]}`, n+1, n, n+1)).into(t, &struct{}{})
	}
	type figure struct{ Code, Unit, Numerator, Denominator, AsOf string }
	var out struct {
		Figures []figure
		Filter  struct{ AsOf, OrganID, HandedOverFrom string }
	}
	const filter = `"filter": {"handedOverFrom": "2026-01-02"}`
	s.call(t, s.Handler, "ReportService/GetFigures", "{"+filter+"}").into(t, &out)
	want := figure{"answered", "FIGURE_UNIT_PROPOSAL", "", "2", "2026-03-02"}
	if diff := cmp.Diff(want, out.Figures[0]); diff != "" {
		t.Errorf("GetFigures (-want +got):\n%s", diff)
	}
	counted := len(casework.ProposalFigures) + len(casework.FormFigures) + len(casework.CommitmentFigures)
	if len(out.Figures) != counted || out.Filter.OrganID != fmt.Sprint(s.Organ) || out.Filter.AsOf != "2026-03-02" {
		t.Errorf("GetFigures: %d figures of %d, of %+v", len(out.Figures), counted, out.Filter)
	}
	var numbers []string
	for token, more := "", true; more; {
		var page struct {
			Entries []struct {
				Proposal struct{ Number, Organ string }
			}
			NextPageToken string
			Figure        figure
		}
		s.call(t, s.Office, "ReportService/ListFigureProposals",
			fmt.Sprintf(`{"code": "answered", "side": "FIGURE_SIDE_REST", "pageSize": 1, "pageToken": %q, %s}`, token, filter)).into(t, &page)
		for _, e := range page.Entries {
			numbers = append(numbers, e.Proposal.Number)
		}
		token, more = page.NextPageToken, page.NextPageToken != ""
	}
	if diff := cmp.Diff([]string{"2", "3"}, numbers); diff != "" {
		t.Errorf("ListFigureProposals in pages of one (-want +got):\n%s", diff)
	}
	s.call(t, s.CPPCCSupervisor, "ReportService/GetFigures", `{"filter": {"sitting": {"body": "市政协", "term": 14}}}`).into(t, &out)
	if out.Figures[0].Denominator != "1" {
		t.Errorf("between sittings there are %s proposals, want 1", out.Figures[0].Denominator)
	}
	if a := s.call(t, s.Admin, "ReportService/ListFigureProposals", `{"code": "nothing", "side": "FIGURE_SIDE_REST"}`); a.Code != "not_found" {
		t.Errorf("a list of no figure: %s, want not_found", a.Code)
	}
}
