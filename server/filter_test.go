package server_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
)

func (s *site) filtersOf(t *testing.T, u casework.User) []*fuyanv1.Filter {
	t.Helper()
	got := new(fuyanv1.ListFiltersResponse)
	s.call(t, u, "FilterService/ListFilters", `{}`).message(t, got)
	return got.Filters
}

func request(n int) string { return fmt.Sprintf(`"requestId": "6e1b1c1e-6a52-4f0e-9d06-%012d"`, n) }

// TestFiltersAreOnesOwn: kept as they were asked for but for their page, each name
// once, seen and forgotten by nobody else.
func TestFiltersAreOnesOwn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	save := func(n int, u casework.User, name string) answer {
		return s.call(t, u, "FilterService/SaveFilter", fmt.Sprintf(`{%s, "name": %q,
			"list": {"state": "STATE_DRAFTING", "sitting": {"body": "市政协", "term": 14}, "order": "PROPOSAL_ORDER_DUE", "pageSize": 7, "pageToken": "eA"}}`, request(n), name))
	}
	for range 2 { // the same request is done once
		save(1, s.Office, "常看").message(t, new(fuyanv1.SaveFilterResponse))
	}
	got := s.filtersOf(t, s.Office)
	want := []*fuyanv1.Filter{{Id: got[0].Id, Name: "常看", List: &fuyanv1.ListProposalsRequest{
		State: fuyanv1.State_STATE_DRAFTING, Sitting: &fuyanv1.Sitting{Body: "市政协", Term: 14}, Order: fuyanv1.ProposalOrder_PROPOSAL_ORDER_DUE,
	}}}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("the filters are (-want +got):\n%s", diff)
	}
	if a := save(2, s.Office, "常看"); a.Code != "already_exists" {
		t.Errorf("a second one of the name: %s %s", a.Code, a.Message)
	}
	save(3, s.Handler, "常看").message(t, new(fuyanv1.SaveFilterResponse))
	drop := fmt.Sprintf(`{%s, "filterId": %d}`, request(4), got[0].Id)
	if a := s.call(t, s.Handler, "FilterService/DeleteFilter", drop); a.Code != "not_found" {
		t.Errorf("another's filter is deleted: %s %s", a.Code, a.Message)
	}
	s.call(t, s.Office, "FilterService/DeleteFilter", fmt.Sprintf(`{%s, "filterId": %d}`, request(5), got[0].Id)).message(t, new(fuyanv1.DeleteFilterResponse))
	if len(s.filtersOf(t, s.Office)) != 0 || len(s.filtersOf(t, s.Handler)) != 1 {
		t.Error("the wrong filter is gone")
	}
}

func TestThirtyFiltersAreEnough(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for n := range 31 {
		a := s.call(t, s.Office, "FilterService/SaveFilter", fmt.Sprintf(`{%s, "name": "第%d个", "list": {}}`, request(n), n))
		if refused := a.Code == "invalid_argument" && a.refusal(t).Field == "name"; refused != (n == 30) {
			t.Fatalf("filter %d: %s %s", n, a.Code, a.Message)
		}
	}
}

// TestFilterOfALaterTime: what this contract does not know of it is left out.
func TestFilterOfALaterTime(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, err := s.tx.Exec(t.Context(), `INSERT INTO filters (user_id, name, list) VALUES ($1, '新', '{"overdue": true, "unknown": 7}'), ($1, '坏', 'x')`, s.Office.ID)
	if err != nil {
		t.Fatal(err)
	}
	got := s.filtersOf(t, s.Office)
	if len(got) != 2 || !got[0].List.Overdue || !cmp.Equal(got[1].List, &fuyanv1.ListProposalsRequest{}, protocmp.Transform()) {
		t.Errorf("the filters are %v", got)
	}
}
