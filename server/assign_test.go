package server_test

import (
	"fmt"
	"strings"
	"testing"

	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// TestSeveralAreAssigned: each by itself, once however often it is asked for, with
// a reason for each that is refused.
func TestSeveralAreAssigned(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.shelf(t)
	accepted := s.all(t, `"state": "STATE_ACCEPTED"`)
	closed := s.all(t, `"state": "STATE_CLOSED"`)[0]
	first, second := accepted[0], accepted[1]
	ask := func(secondVersion int64, handler int64) *fuyanv1.AssignProposalsResponse {
		got := new(fuyanv1.AssignProposalsResponse)
		s.call(t, s.Office, "ProposalService/AssignProposals", fmt.Sprintf(`{%s, "handlerId": %d, "proposals": [
			{"proposalId": %d, "expectedVersion": %d}, {"proposalId": %d, "expectedVersion": %d}, {"proposalId": %d, "expectedVersion": %d}, {"proposalId": 999999, "expectedVersion": 1}]}`,
			aRequest, handler, first.Id, first.Version, second.Id, secondVersion, closed.Id, closed.Version)).message(t, got)
		return got
	}
	for range 2 { // done again it is answered alike
		got := ask(second.Version+7, s.Handler.ID)
		if len(got.Outcomes) != 4 || got.Outcomes[0].Proposal.GetHandler() != "handler" || got.Outcomes[0].Message != "" {
			t.Fatalf("the outcomes are %v", got.Outcomes)
		}
		for i, want := range map[int]fuyanv1.Reason{
			1: fuyanv1.Reason_REASON_STALE, 2: fuyanv1.Reason_REASON_NOT_ALLOWED, 3: fuyanv1.Reason_REASON_NOT_FOUND,
		} {
			if o := got.Outcomes[i]; o.Proposal != nil || o.Refusal.GetReason() != want || o.Message == "" {
				t.Errorf("outcome %d is %v, want %v", i, o, want)
			}
		}
	}
	if got := ask(second.Version, s.Handler.ID).Outcomes; got[0].Proposal == nil || got[1].Proposal.GetHandler() != "handler" {
		t.Errorf("what was refused cannot be done with the right version: %v", got)
	}
	events, err := s.db.ListEvents(t.Context(), s.Admin, postgres.EventFilter{ProposalID: first.Id, Limit: 10})
	if err != nil || len(events) != 1 {
		t.Errorf("%d events of one that was assigned three times by one request, %v", len(events), err)
	}
	if got := ask(second.Version, s.OtherHandler.ID).Outcomes[0]; got.Refusal.GetReason() != fuyanv1.Reason_REASON_CONFLICT {
		t.Errorf("the same request gives it to another: %v", got)
	}
}

func TestWhoCannotBeAHandlerIsNamed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.shelf(t)
	p := s.all(t, `"state": "STATE_ACCEPTED"`)[0]
	got := new(fuyanv1.AssignProposalsResponse)
	s.call(t, s.Office, "ProposalService/AssignProposals", fmt.Sprintf(`{%s, "handlerId": %d, "proposals": [{"proposalId": %d, "expectedVersion": %d}]}`,
		aRequest, s.Delegate.ID, p.Id, p.Version)).message(t, got)
	if o := got.Outcomes[0]; o.Refusal.GetField() != "handler_id" || !strings.Contains(o.Message, "经办人") {
		t.Errorf("the outcome is %v", o)
	}
}
