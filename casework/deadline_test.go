package casework_test

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
)

func TestRuleDue(t *testing.T) {
	t.Parallel()
	calendar := shipped(t)
	for _, tt := range []struct {
		amount      int
		unit        casework.Unit
		trigger     string
		want        string
		provisional bool
	}{
		{20, casework.WorkingDays, "2021-05-26", "2021-06-24", false},
		{20, casework.WorkingDays, "2022-08-26", "2022-09-26", false},
		{20, casework.WorkingDays, "2023-05-16", "2023-06-13", false},
		{20, casework.WorkingDays, "2024-05-27", "2024-06-25", false},
		{20, casework.WorkingDays, "2025-05-19", "2025-06-17", false},
		{7, casework.WorkingDays, "2023-02-16", "2023-02-27", false},
		{7, casework.WorkingDays, "2024-01-30", "2024-02-07", false},
		{7, casework.WorkingDays, "2026-02-13", "2026-03-02", false},
		{1, casework.WorkingDays, "2025-06-13", "2025-06-16", false}, // over a weekend
		{1, casework.WorkingDays, "2025-06-14", "2025-06-16", false}, // from a Saturday
		{1, casework.WorkingDays, "2025-09-27", "2025-09-28", false}, // a Sunday made up

		{3, casework.WorkingDays, "2026-12-28", "2026-12-31", false},
		{4, casework.WorkingDays, "2026-12-28", "2027-01-04", true}, // past 元旦 of a year not loaded
		{20, casework.WorkingDays, "2026-12-28", "2027-01-26", true},
		{1, casework.WorkingDays, "2027-09-30", "2027-10-04", true},
		{2, casework.WorkingDays, "2028-04-28", "2028-05-04", true},

		{3, casework.Months, "2023-02-16", "2023-05-16", false},
		{6, casework.Months, "2023-02-16", "2023-08-16", false},
		{1, casework.Months, "2023-01-31", "2023-02-28", false},
		{3, casework.Months, "2023-11-30", "2024-02-29", false},
		{3, casework.Months, "2024-11-04", "2025-02-04", false}, // a day off; it does not move on
		{3, casework.Months, "2026-11-04", "2027-02-04", false}, // months ask no calendar

		{15, casework.CalendarDays, "2024-02-20", "2024-03-06", false},
		{1, casework.CalendarDays, "2024-12-31", "2025-01-01", false},
	} {
		rule := casework.Rule{Amount: tt.amount, Unit: tt.unit}
		want := casework.Due{Day: day(tt.want), Provisional: tt.provisional}
		if got, err := rule.Due(day(tt.trigger), calendar, casework.Strict); err != nil || got != want {
			t.Errorf("%d %s from %s: %v, %v, want %v", tt.amount, tt.unit, tt.trigger, got, err, want)
		}
	}
}

func TestRuleOfUnknownUnit(t *testing.T) {
	t.Parallel()
	rule := casework.Rule{Code: casework.RuleReply, Amount: 3, Unit: "week"}
	due, err := rule.Due(day("2023-02-16"), casework.Calendar{}, casework.Strict)
	if !errors.Is(err, casework.ErrInvalid) || due != (casework.Due{}) {
		t.Errorf("Due = %v, %v, want ErrInvalid", due, err)
	}
	if want := `rule REPLY counts in "week": invalid`; err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
}

var ruleRow = regexp.MustCompile(`(?m)^    \('([A-Z_]+)', '([a-z_]+)', '[^']+', '([^']+)', (\d+), '([a-z_]+)', '[^']+', (true|false), '[-\d]+'\)[,;]$`)

// The rules that the program starts are all shipped, for both kinds, with the
// amounts of the regulations. What was not read of 提案 is not confirmed.
func TestShippedRules(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		casework.RuleReply + " npc_suggestion":   "交办日 3 month true",
		casework.RuleReply + " cppcc_proposal":   "交办日 3 month false",
		casework.RuleExtend + " npc_suggestion":  "交办日 6 month true",
		casework.RuleExtend + " cppcc_proposal":  "交办日 6 month false",
		casework.RuleReturn + " npc_suggestion":  "签收日 7 working_day true",
		casework.RuleReturn + " cppcc_proposal":  "签收日 7 working_day false",
		casework.RuleOpinion + " npc_suggestion": "签收日 1 month true",
		casework.RuleOpinion + " cppcc_proposal": "签收日 1 month false",
		casework.RuleRedo + " npc_suggestion":    "交回日 1 month true",
		casework.RuleRedo + " cppcc_proposal":    "交回日 1 month false",
		casework.RulePublish + " npc_suggestion": "成文日期 20 working_day true",
		casework.RulePublish + " cppcc_proposal": "成文日期 20 working_day true",
	}
	calendar := shipped(t)
	got := map[string]string{}
	for _, row := range ruleRow.FindAllStringSubmatch(seeded(t), -1) {
		got[row[1]+" "+row[2]] = strings.Join(row[3:], " ")
		amount, err := strconv.Atoi(row[4])
		if err != nil {
			t.Fatal(err)
		}
		rule := casework.Rule{Code: row[1], Amount: amount, Unit: casework.Unit(row[5])}
		if due, err := rule.Due(day("2025-03-03"), calendar, casework.Strict); err != nil || !due.Day.After(day("2025-03-03")) {
			t.Errorf("rule %s %s: due %v, %v", row[1], row[2], due, err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("deadline_rules of the migration (-want +got):\n%s", diff)
	}
}
