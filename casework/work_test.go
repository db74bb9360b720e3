package casework_test

import (
	"testing"

	"fuyan/casework"
)

// TestNextActNamesItsRPC: every verb that somebody may do has an RPC and a label.
func TestNextActNamesItsRPC(t *testing.T) {
	t.Parallel()
	for verb, want := range map[string][2]string{
		string(casework.Accept):     {"AcceptProposal", "签收"},
		string(casework.ReportDone): {"ReportDone", "报告完成"},
		string(casework.Uphold):     {"UpholdCommitment", "维持核销"},
	} {
		if rpc, label := casework.NextAct(verb); rpc != want[0] || label != want[1] {
			t.Errorf("NextAct(%q) = %q, %q; want %q", verb, rpc, label, want)
		}
	}
	seen := map[casework.WorkStep]bool{}
	for _, s := range casework.WorkSteps {
		if seen[s] {
			t.Errorf("%s is listed twice", s)
		}
		seen[s] = true
	}
}
