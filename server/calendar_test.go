package server_test

import (
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestComputeDeadlineOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var out struct {
		Due         string
		Provisional bool
		Steps       []struct{ Kind, Day, Words string }
		Rule        struct{ Span, Basis string }
	}
	s.call(t, s.Delegate, "CalendarService/ComputeDeadline",
		`{"rule": "REPLY", "kind": "KIND_NPC_SUGGESTION", "from": "2022-10-01", "mode": "MODE_ROLLOVER"}`).into(t, &out)
	if out.Due != "2023-01-03" || len(out.Steps) != 6 || out.Steps[3].Kind != "roll" || out.Rule.Span != "自交办日起3个月" {
		t.Errorf("computed %+v", out)
	}
	for request, field := range map[string]string{
		`{"rule": "SOON", "kind": "KIND_NPC_SUGGESTION", "from": "2022-10-01"}`:            "rule",
		`{"rule": "REPLY", "kind": "KIND_NPC_SUGGESTION", "from": "1999-10-01"}`:           "from",
		`{"rule": "REPLY", "kind": "KIND_NPC_SUGGESTION", "from": "2022-02-30"}`:           "from",
		`{"rule": "REPLY", "from": "2022-10-01"}`:                                          "kind",
		`{"rule": "COMMIT_TERM_END", "kind": "KIND_NPC_SUGGESTION", "from": "2022-10-01"}`: "rule",
	} {
		got := s.call(t, s.Delegate, "CalendarService/ComputeDeadline", request)
		if got.Code != "invalid_argument" || got.refusal(t).Field != field {
			t.Errorf("%s: %s %q, field %q, want %q", request, got.Code, got.Message, got.refusal(t).Field, field)
		}
	}
}

// TestCalendarOverHTTP loads a file, and sees the year and the deadline that it
// moved. No other test of this package may start a deadline and then change the
// calendar or a rule: on the database that they share, each would wait for the
// other's transaction.
func TestCalendarOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.receive(t, 1) // a return window until 2026-03-11
	file := func(content string) string { return base64.StdEncoding.EncodeToString([]byte(content)) }
	got := s.call(t, s.Admin, "CalendarService/ImportCalendar",
		fmt.Sprintf(`{%s, "source": "a.csv", "content": %q}`, id(2), file("2026-03-07,班\n2026-03-09,班\n")))
	if got.refusal(t).Field != "content" || got.Message != "字段 content：第2行“类型”：2026-03-09是周一，本来就是工作日；调休上班应为周六或周日" {
		t.Errorf("a wrong line: %s %q", got.Code, got.Message)
	}
	var preview struct {
		Moved []struct{ ProposalID, Rule, From, To string }
		Days  []struct{ Date, Kind, Notice string }
		Moves string
	}
	request := fmt.Sprintf(`{%s, "source": "a.csv", "content": %q, "notice": "通知", "preview": %%v, "expectedMoves": %%q}`, id(3), file("2026-03-07,班\n"))
	s.call(t, s.Admin, "CalendarService/ImportCalendar", fmt.Sprintf(request, true, "")).into(t, &preview)
	want := []struct{ ProposalID, Rule, From, To string }{{p.ID, "RETURN_WRONG", "2026-03-11", "2026-03-10"}}
	if diff := cmp.Diff(want, preview.Moved); diff != "" || preview.Days[0].Kind != "DAY_KIND_MAKE_UP" || preview.Days[0].Notice != "通知" {
		t.Errorf("the preview of %v moves (-want +got):\n%s", preview.Days, diff)
	}
	s.call(t, s.Admin, "CalendarService/ImportCalendar", fmt.Sprintf(request, false, preview.Moves)).into(t, &preview)
	var view struct {
		View struct {
			Deadlines []struct {
				ID, Rule, Due, FirstDue string
				WorkingDaysLeft         int
				Running                 bool
				Changes                 []struct{ Cause, Before, After string }
			}
		}
	}
	s.call(t, s.Office, "ProposalService/GetProposal", fmt.Sprintf(`{"proposalId": %s}`, p.ID)).into(t, &view)
	d := view.View.Deadlines[1]
	if d.Due != "2026-03-10" || d.FirstDue != "2026-03-11" || d.WorkingDaysLeft != 7 || !d.Running || len(d.Changes) != 1 || d.Changes[0].Cause != "DEADLINE_CAUSE_CALENDAR" {
		t.Errorf("the deadline is %+v", d)
	}
	var why struct {
		Steps []struct{ Kind, Words string }
	}
	s.call(t, s.Office, "CalendarService/ExplainDeadline", fmt.Sprintf(`{"deadlineId": %s}`, d.ID)).into(t, &why)
	if why.Steps[2].Words != "2026年3月7日（周六）调休上班（通知），计入" {
		t.Errorf("explained by %+v", why.Steps)
	}
	if got := s.call(t, s.OtherDelegate, "CalendarService/ExplainDeadline", fmt.Sprintf(`{"deadlineId": %s}`, d.ID)); got.Code != "not_found" {
		t.Errorf("explained to a stranger: %s", got.Code)
	}
	var year struct {
		Whole   bool
		Days    []struct{ Date, Kind string }
		Imports []struct{ Source, Author string }
	}
	s.call(t, s.Delegate, "CalendarService/ListCalendarDays", `{"year": 2026}`).into(t, &year)
	if !year.Whole || len(year.Days) != 365 || year.Days[65].Kind != "DAY_KIND_MAKE_UP" || len(year.Imports) != 1 || year.Imports[0].Source != "a.csv" {
		t.Errorf("2026 has %d days, 7 March is %+v, imports %+v", len(year.Days), year.Days[65], year.Imports)
	}
}

func TestRulesOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rule := `{%s, "rule": {"code": "REPLY", "kind": "KIND_NPC_SUGGESTION", "name": "答复", "trigger": "交办日", "amount": 2, "unit": "UNIT_MONTH", "basis": "新规定", "validFrom": "2026-07-01"}}`
	var set struct {
		Rule  struct{ ID, SetBy, Span string }
		Moved []struct{ Rule string }
	}
	s.call(t, s.Admin, "CalendarService/SetRule", fmt.Sprintf(rule, id(2))).into(t, &set)
	if set.Rule.SetBy != "admin" || set.Rule.Span != "自交办日起2个月" || len(set.Moved) != 0 {
		t.Errorf("set %+v", set)
	}
	if got := s.call(t, s.Admin, "CalendarService/SetRule", fmt.Sprintf(rule, id(3))); got.refusal(t).Field != "rule.valid_from" {
		t.Errorf("the same day again: %s %q", got.Code, got.Message)
	}
}

// TestSecondRuleHoldsFromItsDay stands beside the one before it.
func TestSecondRuleHoldsFromItsDay(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	rule := `{%s, "rule": {"code": "REPLY", "kind": "KIND_NPC_SUGGESTION", "name": "答复", "trigger": "交办日", "amount": 2, "unit": "UNIT_MONTH", "basis": "新规定", "validFrom": "2026-07-01"}}`
	s.call(t, s.Admin, "CalendarService/SetRule", fmt.Sprintf(rule, id(2))).into(t, new(struct{}))
	for from, want := range map[string]string{"2026-06-30": "2026-09-30", "2026-07-01": "2026-09-01"} {
		var out struct{ Due string }
		s.call(t, s.Office, "CalendarService/ComputeDeadline", fmt.Sprintf(`{"rule": "REPLY", "kind": "KIND_NPC_SUGGESTION", "from": %q}`, from)).into(t, &out)
		if out.Due != want {
			t.Errorf("from %s: due %s, want %s", from, out.Due, want)
		}
	}
	var list struct {
		Rules []struct {
			Code, Kind, ValidFrom string
			Holds                 bool
		}
	}
	s.call(t, s.Office, "CalendarService/ListRules", `{}`).into(t, &list)
	for _, r := range list.Rules {
		if r.Holds != (r.ValidFrom == "2000-01-01") { // today is 2 March 2026
			t.Errorf("%s of %s from %s holds: %v", r.Code, r.Kind, r.ValidFrom, r.Holds)
		}
	}
}

// TestWorkingDaysLeftOverHTTP counts as far as the reply is due, in the list and
// beside the deadline alike, and says what is provisional of it.
func TestWorkingDaysLeftOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.receive(t, 1) // today, 2 March 2026
	type left struct {
		WorkingDaysLeft int
		LeftProvisional bool
	}
	check := func(want left) {
		t.Helper()
		var list struct{ Proposals []left }
		s.call(t, s.Office, "ProposalService/ListProposals", `{}`).into(t, &list)
		var one struct {
			View struct {
				Proposal  left
				Deadlines []left
			}
		}
		s.call(t, s.Office, "ProposalService/GetProposal", fmt.Sprintf(`{"proposalId": %s}`, p.ID)).into(t, &one)
		got := []left{list.Proposals[0], one.View.Proposal, one.View.Deadlines[0]}
		if diff := cmp.Diff([]left{want, want, want}, got); diff != "" {
			t.Errorf("in the list, of the proposal, of its deadline (-want +got):\n%s", diff)
		}
	}
	check(left{63, false})
	var preview struct {
		Moved []struct {
			To          string
			Provisional bool
		}
	}
	s.call(t, s.Admin, "CalendarService/SetRule", fmt.Sprintf(`{%s, "preview": true, "rule": {"code": "REPLY", "kind": "KIND_CPPCC_PROPOSAL",
		"name": "答复", "trigger": "交办日", "amount": 230, "unit": "UNIT_WORKING_DAY", "basis": "新规定", "validFrom": "2026-01-01"}}`, id(2))).into(t, &preview)
	if len(preview.Moved) != 1 || !preview.Moved[0].Provisional || preview.Moved[0].To < "2027-01-02" {
		t.Errorf("a rule moves %+v, want one provisional day of 2027", preview.Moved)
	}
	for _, change := range []string{"UPDATE proposals SET reply_due = '2027-01-04'", "UPDATE deadlines SET due = '2027-01-04' WHERE rule = 'REPLY'"} {
		if _, err := s.tx.Exec(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	check(left{211, true})
	if _, err := s.tx.Exec(t.Context(), "UPDATE proposals SET reply_paused = true"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.tx.Exec(t.Context(), "UPDATE deadlines SET paused = '2026-03-02', next_notice = NULL WHERE rule = 'REPLY'"); err != nil {
		t.Fatal(err)
	}
	check(left{})
}
