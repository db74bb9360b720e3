package postgres_test

import (
	"slices"
	"testing"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// TestSweepsDoNotPileUp: while one is still to be done, no other is queued.
func TestSweepsDoNotPileUp(t *testing.T) {
	t.Parallel()
	tx := postgrestest.Tx(t)
	client, err := river.NewClient(riverpgxv5.New(nil), &river.Config{})
	must(t, err)
	for i := range 2 {
		r, err := client.InsertTx(t.Context(), tx, postgres.SweepNotices{}, nil)
		must(t, err)
		if again := i > 0; r.UniqueSkippedAsDuplicate != again {
			t.Errorf("sweep %d skipped: %t", i, r.UniqueSkippedAsDuplicate)
		}
	}
}

// TestHeadOfAnotherOrgan: the head of the division that handles a proposal is
// told of the opinion that another organ owes, whatever else is swept.
func TestHeadOfAnotherOrgan(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.draft(t, "0001")
	_, err := b.SaveLadder(t.Context(), by(b.HelperOffice, 0), casework.Ladder{Code: casework.RuleOpinion, Rungs: []casework.Rung{
		{Days: 0, Tells: []casework.Recipient{casework.ToHead}},
	}})
	must(t, err)
	_, err = b.RequestOpinion(t.Context(), by(b.Office, id), b.Helper, "？")
	must(t, err)
	b.exec(t, `UPDATE deadlines SET next_notice = NULL WHERE rule <> $1`, casework.RuleOpinion)
	b.exec(t, `UPDATE deadlines SET due = '2026-03-10', next_notice = armed_at WHERE rule = $1`, casework.RuleOpinion)
	b.sweepAt(t, "2026-03-10 09:00")
	if got, want := b.told(t), []string{"head head COHANDLE_OPINION 2026-03-10 0"}; !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
}
