package postgres_test

import (
	"errors"
	"testing"
	"time"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// find returns the latest deadline of a rule.
func (b *bundle) find(t testing.TB, id int64, rule string) postgres.DeadlineView {
	t.Helper()
	v, err := b.ViewProposal(t.Context(), b.Admin, id)
	must(t, err)
	var out postgres.DeadlineView
	for _, d := range v.Deadlines {
		if d.Rule == rule {
			out = d
		}
	}
	return out
}

// TestPauseAndResume stops a reply that counts months for ten days.
func TestPauseAndResume(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id := b.draft(t, "0001")
	reply := b.find(t, id, casework.RuleReply) // due 2026-05-10
	if reply.Left != 46 {
		t.Errorf("%d working days are left until 2026-05-10, want 46", reply.Left)
	}
	for _, u := range b.All() {
		_, err := b.PauseDeadline(ctx, by(u, id), 0, "试")
		want := casework.ErrForbidden
		switch u.Name {
		case "supervisor", "cppcc-supervisor":
			want = casework.ErrInvalid // the deadline that it names
		case "helper-office", "npc-supervisor", "other-delegate":
			want = casework.ErrNotFound
		}
		if !errors.Is(err, want) {
			t.Errorf("%s pauses: %v, want %v", u.Name, err, want)
		}
	}
	b.now = time.Date(2026, time.May, 8, 4, 0, 0, 0, time.UTC)
	_, err := b.PauseDeadline(ctx, by(b.CPPCCSupervisor, id), reply.ID, "会办意见未到")
	must(t, err)
	paused := b.find(t, id, casework.RuleReply)
	if paused.Runs() || paused.Left != 0 || paused.NextNotice != nil || paused.Paused.String() != "2026-05-08" {
		t.Errorf("paused: %+v", paused)
	}
	if _, err := b.PauseDeadline(ctx, by(b.CPPCCSupervisor, id), reply.ID, "再"); !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("paused twice: %v", err)
	}
	b.now = b.now.AddDate(0, 0, 10) // past the day that it had
	if list, err := b.ListProposals(ctx, b.Office, postgres.ProposalFilter{Overdue: true, Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("%d proposals are overdue while they rest, %v", len(list), err)
	}
	p, err := b.ResumeDeadline(ctx, by(b.CPPCCSupervisor, id), reply.ID, "会办意见已到")
	must(t, err)
	if p.ReplyDue.String() != "2026-05-20" || p.ReplyPaused {
		t.Errorf("resumed, the proposal is due %s, paused %v; want 2026-05-20", p.ReplyDue, p.ReplyPaused)
	}
	after := b.find(t, id, casework.RuleReply)
	if after.Due.String() != "2026-05-20" || after.FirstDue.String() != "2026-05-10" || !after.Runs() || after.NextNotice == nil || !after.ArmedAt.Equal(b.now) || after.Left != 2 {
		t.Errorf("resumed: %+v", after)
	}
	if g := after.Changes[1]; len(after.Changes) != 2 || g.Cause != "resume" || *g.Removed != 10 || g.Since.String() != "2026-05-08" || g.Until.String() != "2026-05-18" || g.Author != "cppcc-supervisor" {
		t.Errorf("changes: %+v", after.Changes)
	}
	if _, err := b.ResumeDeadline(ctx, by(b.CPPCCSupervisor, id), reply.ID, "再"); !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("resumed twice: %v", err)
	}
	b.now = b.now.AddDate(0, 0, 3) // one day too late
	if _, err := b.PauseDeadline(ctx, by(b.CPPCCSupervisor, id), reply.ID, "迟"); !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("paused after its day: %v", err)
	}
}

// TestDeadlinesOfAnotherAreNotPaused names a deadline of another proposal, and
// that of a promise.
func TestDeadlinesOfAnotherAreNotPaused(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id, other := b.receive(t, "0001"), b.receive(t, "0002")
	_, err := b.PauseDeadline(t.Context(), by(b.Supervisor, id), b.find(t, other, casework.RuleReply).ID, "试")
	if f, ok := errors.AsType[*casework.FieldError](err); !ok || f.Field != "deadline_id" {
		t.Errorf("paused another's: %v", err)
	}
}
