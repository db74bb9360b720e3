package postgres_test

import (
	"context"
	"errors"
	"strings"
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

// TestPauseEndsWithItsDeadline meets or ends deadlines while they rest: they have
// the days of their pause, and are not late.
func TestPauseEndsWithItsDeadline(t *testing.T) {
	t.Parallel()
	done := func(_ postgres.ListedProposal, err error) error { return err }
	for name, tt := range map[string]struct {
		rule    string
		begin   func(*testing.T, *bundle) int64
		end     func(context.Context, *bundle, int64) error
		want    string
		due     string // five days on: three working days where it counts these, Friday to Wednesday
		removed int32
	}{
		"issued": {
			casework.RuleReply,
			func(t *testing.T, b *bundle) int64 { return b.sign(t, "1") },
			func(ctx context.Context, b *bundle, id int64) error {
				return done(b.IssueReply(ctx, by(b.Office, id), later, casework.Date{}))
			},
			"met 2026-03-11", "2026-05-15", 5,
		},
		"withdrawn": {
			casework.RuleReply,
			func(t *testing.T, b *bundle) int64 { return b.draft(t, "1") },
			func(ctx context.Context, b *bundle, id int64) error {
				return done(b.WithdrawProposal(ctx, by(b.Supervisor, id), "撤"))
			},
			"ended 2026-03-11", "2026-05-15", 5,
		},
		"accepted": {
			casework.RuleReturn,
			func(t *testing.T, b *bundle) int64 { return b.receive(t, "1") },
			func(ctx context.Context, b *bundle, id int64) error {
				return done(b.AcceptProposal(ctx, by(b.Office, id), casework.Date{}))
			},
			"met 2026-03-11", "2026-03-16", 3,
		},
		"an opinion": {
			casework.RuleOpinion,
			func(t *testing.T, b *bundle) int64 {
				id := b.draft(t, "1")
				must(t, done(b.RequestOpinion(t.Context(), by(b.Office, id), b.Helper, "？")))
				return id
			},
			func(ctx context.Context, b *bundle, id int64) error {
				return done(b.SubmitOpinion(ctx, by(b.HelperOffice, id), "可以"))
			},
			"met 2026-03-11", "2026-04-07", 5,
		},
		"published": {
			casework.RulePublish,
			func(t *testing.T, b *bundle) int64 { id, _ := b.issue(t, "1"); return id },
			func(ctx context.Context, b *bundle, id int64) error {
				return done(b.PublishReply(ctx, by(b.Office, id)))
			},
			"met 2026-03-11", "2026-04-02", 3,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, postgrestest.Tx(t))
			id := tt.begin(t, b)
			b.now = b.now.AddDate(0, 0, 4) // a Friday
			row := b.find(t, id, tt.rule)
			must(t, done(b.PauseDeadline(t.Context(), by(b.Supervisor, id), row.ID, "等")))
			b.now = b.now.AddDate(0, 0, 5)
			must(t, tt.end(t.Context(), b, id))
			v, err := b.ViewProposal(t.Context(), b.Office, id)
			must(t, err)
			d := b.find(t, id, tt.rule)
			if got := standOf(t, b, d); got != tt.want || d.Due.String() != tt.due || !d.Paused.IsZero() || v.ReplyPaused {
				t.Errorf("%s, due %s, paused %s, the reply %v; want %s, due %s", got, d.Due, d.Paused, v.ReplyPaused, tt.want, tt.due)
			}
			if tt.rule == casework.RuleReply && v.ReplyDue != d.Due {
				t.Errorf("the proposal says %s", v.ReplyDue)
			}
			if tt.rule == casework.RuleOpinion && v.Opinions[0].Opinion.Due != d.Due {
				t.Errorf("the question says %s", v.Opinions[0].Opinion.Due)
			}
			if len(d.Changes) != 2 || d.Changes[1].Cause != "resume" || *d.Changes[1].Removed != tt.removed || d.Changes[1].Author == "" {
				t.Errorf("changes: %+v", d.Changes)
			}
		})
	}
}

// TestPauseBesideAnExtension: the office that decides both adds pauses to the most
// that an extension gives, in either order; a reply that rests is not extended.
func TestPauseBesideAnExtension(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	rest := func(id int64) {
		t.Helper()
		reply := b.find(t, id, casework.RuleReply).ID
		done(b.PauseDeadline(ctx, by(b.Supervisor, id), reply, "等"))
		_, err := b.RequestExtension(ctx, by(b.Office, id), "难", date("2026-08-01"))
		if refused, ok := errors.AsType[*casework.StateError](err); !ok || refused.Why != "答复期限暂停中，恢复后再申请延期" {
			t.Errorf("an extension of a reply that rests: %v", err)
		}
		b.now = b.now.AddDate(0, 0, 10)
		done(b.ResumeDeadline(ctx, by(b.Supervisor, id), reply, "到"))
	}
	extend := func(id int64, until string) {
		t.Helper()
		done(b.RequestExtension(ctx, by(b.Office, id), "难", date(until)))
		done(b.DecideExtension(ctx, by(b.Supervisor, id), true, "是"))
	}
	first, last := b.draft(t, "1"), b.draft(t, "2")
	rest(first)
	_, err := b.RequestExtension(ctx, by(b.Office, first), "难", date("2026-08-21"))
	if f, ok := errors.AsType[*casework.FieldError](err); !ok || f.Field != "until" || !strings.Contains(f.Want, "2026年8月20日") {
		t.Errorf("an extension past six months and ten days: %v", err)
	}
	extend(first, "2026-08-20")
	extend(last, "2026-08-10")
	rest(last)
	for _, id := range []int64{first, last} {
		if due := b.find(t, id, casework.RuleReply).Due.String(); due != "2026-08-20" {
			t.Errorf("extended and paused, it is due %s", due)
		}
	}
	events, err := b.ListEvents(ctx, b.Office, postgres.EventFilter{ProposalID: last, Limit: 100})
	must(t, err)
	want := "答复，2026-08-10 → 2026-08-20，扣除10日，因暂停晚于延期的最后一日2026-08-10；到"
	if got := events[len(events)-1].Note; got != want {
		t.Errorf("the event says %s, want %s", got, want)
	}
}

// TestQuestionFollowsItsDeadline moves the day of an opinion, which the question
// carries too.
func TestQuestionFollowsItsDeadline(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	ctx := t.Context()
	id := b.draft(t, "1")
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	done(b.RequestOpinion(ctx, by(b.Office, id), b.Helper, "？"))
	check := func(want string) {
		t.Helper()
		v, err := b.ViewProposal(ctx, b.Office, id)
		must(t, err)
		if due := b.find(t, id, casework.RuleOpinion).Due.String(); due != want || v.Opinions[0].Opinion.Due.String() != want {
			t.Errorf("due %s, by the question %s; want %s", due, v.Opinions[0].Opinion.Due, want)
		}
	}
	rule := twoMonths("2026-03-01")
	rule.Code, rule.Name = casework.RuleOpinion, "会办意见"
	_, err := b.SetRule(ctx, by(b.Admin, 0), rule)
	must(t, err)
	check("2026-05-02")
	b.now = b.now.AddDate(0, 0, 1)
	opinion := b.find(t, id, casework.RuleOpinion).ID
	done(b.PauseDeadline(ctx, by(b.Supervisor, id), opinion, "等"))
	b.now = b.now.AddDate(0, 0, 3)
	done(b.ResumeDeadline(ctx, by(b.Supervisor, id), opinion, "到"))
	check("2026-05-05")
}
