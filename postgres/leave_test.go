package postgres_test

import (
	"errors"
	"slices"
	"testing"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// unowned are the promises that wait for somebody to accept them.
func (b *bundle) unowned(t testing.TB) (ids []int64) {
	t.Helper()
	list, err := b.ListCommitments(t.Context(), b.Office, postgres.CommitmentFilter{Group: casework.GroupUnowned, Limit: 10})
	must(t, err)
	for _, c := range list {
		ids = append(ids, c.Commitment.ID)
	}
	return ids
}

// TestMergedDivisionLeavesItsPromises: its people and proposals go over; each of
// its promises is nobody's until somebody accepts it, be it who had it before.
func TestMergedDivisionLeavesItsPromises(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, c := b.pledge(t, "0001")
	_, done := b.kept(t, "0002")
	var into, elsewhere int64
	must(t, b.conn.QueryRow(ctx, `INSERT INTO divisions (organ_id, name) VALUES ($1, '综合处') RETURNING id`, b.Organ).Scan(&into))
	must(t, b.conn.QueryRow(ctx, `INSERT INTO divisions (organ_id, name) VALUES ($1, '某处') RETURNING id`, b.Helper).Scan(&elsewhere))
	from := b.Handler.DivisionID
	if _, err := b.MergeDivision(ctx, by(b.Office, from), into); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("the office merges divisions: %v", err)
	}
	for name, target := range map[string]int64{"itself": from, "another organ's": elsewhere, "none": 999} {
		_, err := b.MergeDivision(ctx, by(b.Admin, from), target)
		if wrong, ok := errors.AsType[*casework.FieldError](err); !ok || wrong.Field != "into_id" {
			t.Errorf("merged into %s: %v", name, err)
		}
	}
	o, err := b.MergeDivision(ctx, by(b.Admin, from), into)
	must(t, err)
	if v := o.Divisions[0]; v.MergedInto == nil || *v.MergedInto != into {
		t.Errorf("the division is %+v", v)
	}
	if _, err := b.MergeDivision(ctx, by(b.Admin, from), into); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("merged twice: %v", err)
	}
	if v, err := b.ViewProposal(ctx, b.Office, id); err != nil || v.Division != "综合处" {
		t.Errorf("the proposal is handled by %s, %v", v.Division, err)
	}
	if n := b.count(t, `SELECT count(*) FROM users WHERE division_id = $1`, into); n != 3 {
		t.Errorf("%d people went over, want the handlers and the head", n)
	}
	if got := b.unowned(t); !slices.Equal(got, []int64{c}) {
		t.Errorf("nobody's are %v, want %d and not %d, which is kept", got, c, done)
	}
	if got := b.subjects(t, b.Office); !slices.Contains(got, "【待接手】试验处并入综合处，1项承诺待转交并由接手人确认") {
		t.Errorf("the office is told %q", got)
	}
	if _, err := b.Verify(ctx); err != nil {
		t.Error(err)
	}

	handler := b.Handler
	handler.DivisionID = into
	_, err = b.ReassignCommitment(ctx, by(b.Office, c), handler.ID, "处室合并")
	must(t, err)
	if got := b.unowned(t); !slices.Equal(got, []int64{c}) {
		t.Errorf("offered and not accepted, nobody's are %v", got)
	}
	_, err = b.AcceptCommitment(ctx, by(handler, c), true, "")
	must(t, err)
	if got := b.unowned(t); len(got) != 0 {
		t.Errorf("accepted, nobody's are %v", got)
	}
}

// TestWhoLeavesLeavesPromises: those of a disabled account wait for somebody else.
func TestWhoLeavesLeavesPromises(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	_, c := b.pledge(t, "0001")
	_, err := b.SetRoles(ctx, by(b.Admin, b.OtherHandler.ID), b.OtherHandler.Roles, true)
	must(t, err)
	if got := b.unowned(t); len(got) != 0 {
		t.Errorf("who had none left %v", got)
	}
	_, err = b.SetRoles(ctx, by(b.Admin, b.Handler.ID), b.Handler.Roles, true)
	must(t, err)
	if got := b.unowned(t); !slices.Equal(got, []int64{c}) {
		t.Errorf("nobody's are %v, want %d", got, c)
	}
	var told int
	for _, s := range b.subjects(t, b.Office) {
		if s == "【待接手】handler不再承办，1项承诺待转交并由接手人确认" {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the office is told %d times", told)
	}
	_, err = b.ReassignCommitment(ctx, by(b.Office, c), b.Head.ID, "离任")
	must(t, err)
	_, err = b.AcceptCommitment(ctx, by(b.Head, c), true, "")
	must(t, err)
	if got := b.unowned(t); len(got) != 0 {
		t.Errorf("accepted, nobody's are %v", got)
	}
}
