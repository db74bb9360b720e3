package postgres_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// twoMonths gives replies to 提案 two months from a day on.
func twoMonths(from string) postgres.NewRule {
	return postgres.NewRule{Rule: casework.Rule{
		Code: casework.RuleReply, Kind: casework.CPPCCProposal, Name: "答复", Trigger: "交办日", Amount: 2, Unit: casework.Months,
		Basis: "新条例", Confirmed: true, From: date(from),
	}}
}

// handedOver puts a proposal on record that was handed over on a day.
func (b *bundle) handedOver(t testing.TB, number, day string) int64 {
	t.Helper()
	n := newProposal(number, b.Delegate)
	n.HandedOver = date(day)
	p, err := b.ReceiveProposal(t.Context(), by(b.Office, 0), n)
	must(t, err)
	return p.ID
}

// TestRuleThatChangesInMidYear sets a rule from 1 February 2026 on.
func TestRuleThatChangesInMidYear(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	ctx := t.Context()
	old := b.handedOver(t, "0001", "2026-01-31")
	moves := b.handedOver(t, "0002", "2026-02-01")
	extended := b.handedOver(t, "0003", "2026-02-10")
	_, err := b.RequestExtension(ctx, by(b.Office, extended), "涉及面广", date("2026-07-01"))
	must(t, err)
	_, err = b.DecideExtension(ctx, by(b.CPPCCSupervisor, extended), true, "同意")
	must(t, err)
	rests := b.handedOver(t, "0004", "2026-02-11")
	_, err = b.PauseDeadline(ctx, by(b.Supervisor, rests), b.find(t, rests, casework.RuleReply).ID, "等会办意见")
	must(t, err)

	rule := twoMonths("2026-02-01")
	rule.Preview = true
	preview, err := b.SetRule(ctx, by(b.Admin, 0), rule)
	must(t, err)
	want := []string{"0002 REPLY 2026-05-01→2026-04-01"}
	if diff := cmp.Diff(want, moved(preview.Moved)); diff != "" {
		t.Errorf("the preview names (-want +got):\n%s", diff)
	}
	rule.Preview, rule.Expected = false, preview.Moves
	call := by(b.Admin, 0)
	for range 2 {
		done, err := b.SetRule(ctx, call, rule)
		must(t, err)
		if diff := cmp.Diff(want, moved(done.Moved)); diff != "" || done.Rule.SetBy != "admin" {
			t.Errorf("the rule moved, set by %q (-want +got):\n%s", done.Rule.SetBy, diff)
		}
	}
	for id, want := range map[int64]string{old: "2026-04-30", moves: "2026-04-01", extended: "2026-07-01", rests: "2026-05-11"} {
		v, err := b.ViewProposal(ctx, b.Office, id)
		must(t, err)
		if due, _ := b.deadline(t, id, casework.RuleReply); due != want || v.ReplyDue.String() != want {
			t.Errorf("proposal %s is due %s, in lists %s; want %s", v.Number, due, v.ReplyDue, want)
		}
	}
	if due, _ := b.deadline(t, b.handedOver(t, "0005", "2026-02-28"), casework.RuleReply); due != "2026-04-28" {
		t.Errorf("a new proposal is due %s, want 2026-04-28", due)
	}
	// A rule that comes to stand before it ends where it begins.
	earlier := twoMonths("2026-01-15")
	earlier.Amount = 1
	done, err := b.SetRule(ctx, by(b.Admin, 0), earlier)
	must(t, err)
	if diff := cmp.Diff([]string{"0001 REPLY 2026-04-30→2026-02-28"}, moved(done.Moved)); diff != "" {
		t.Errorf("the rule before it moved (-want +got):\n%s", diff)
	}
	// What moves, and what stays on its day, says which rule it went by before.
	for id, want := range map[int64]string{old: "2026-04-30→2026-02-28 2000-01-01", moves: "2026-05-01→2026-04-01 2000-01-01"} {
		g := b.find(t, id, casework.RuleReply).Changes[0]
		if got := fmt.Sprintf("%s→%s %s", g.Before, g.After, g.RuleFrom); got != want || g.Cause != "rule" {
			t.Errorf("changed by %s %s, want %s", g.Cause, got, want)
		}
	}
	e, err := b.ExplainDeadline(ctx, b.Office, b.find(t, moves, casework.RuleReply).ID)
	if err != nil || e.Steps[0].Words != "答复：自交办日起2个月。依据：新条例" || e.Deadline.Changes[0].Cause != "rule" {
		t.Errorf("explained by %v, %v", e.Steps, err)
	}
	if _, err := b.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// TestRuleThatMovesNothing puts deadlines under a rule by which they stay on their
// day: that is on record, and what was provisional is settled.
func TestRuleThatMovesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	ctx := t.Context()
	b.now = time.Date(2026, time.December, 29, 4, 0, 0, 0, time.UTC)
	id := b.receive(t, "0001")
	if d := b.find(t, id, casework.RuleReturn); d.Due.String() != "2027-01-08" || !d.Provisional {
		t.Fatalf("the return window: %+v", d)
	}
	rule := twoMonths("2026-12-01")
	rule.Code, rule.Name, rule.Amount, rule.Unit = casework.RuleReturn, "退办", 10, casework.CalendarDays
	done, err := b.SetRule(ctx, by(b.Admin, 0), rule)
	if err != nil || len(done.Moved) != 0 {
		t.Errorf("moved %v, %v", moved(done.Moved), err)
	}
	d := b.find(t, id, casework.RuleReturn)
	if d.Due.String() != "2027-01-08" || d.Provisional || d.RuleFrom.String() != "2026-12-01" || len(d.Changes) != 1 {
		t.Fatalf("under the new rule: %+v", d)
	}
	if g := d.Changes[0]; g.Cause != "rule" || g.Before != g.After || g.RuleFrom.String() != "2000-01-01" || g.Author != "admin" {
		t.Errorf("changed by %+v", g)
	}
}

func TestSetRuleIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	for _, u := range b.All() {
		rule := twoMonths("2026-02-01")
		rule.Preview = true
		_, err := b.SetRule(t.Context(), by(u, 0), rule)
		if u.Name == "admin" != (err == nil) || err != nil && !errors.Is(err, casework.ErrForbidden) {
			t.Errorf("%s sets a rule: %v", u.Name, err)
		}
	}
	for field, change := range map[string]func(*postgres.NewRule){
		"rule.valid_from": func(r *postgres.NewRule) { r.From = date("2000-01-01") },
		"rule.code":       func(r *postgres.NewRule) { r.Code = "SOON" },
		"rule.unit":       func(r *postgres.NewRule) { r.Amount = 0 },
		"expected_moves":  func(r *postgres.NewRule) { r.Expected = "x" },
	} {
		rule := twoMonths("2026-02-01")
		change(&rule)
		_, err := b.SetRule(t.Context(), by(b.Admin, 0), rule)
		if f, ok := errors.AsType[*casework.FieldError](err); !ok || f.Field != field {
			t.Errorf("a wrong %s: %v", field, err)
		}
	}
	rows, err := b.ListRules(t.Context())
	if err != nil || len(rows) != 24 {
		t.Errorf("%d rules, %v; want the 24 that are shipped", len(rows), err)
	}
}
