package postgres_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// reckoning brings new proposals to where each move that asks the calendar or a
// rule for a day is next.
func (b *bundle) reckoning(t *testing.T) map[casework.Verb]func(number string) (int64, func() error) {
	ctx := t.Context()
	done := func(_ postgres.ListedProposal, err error) error { return err }
	return map[casework.Verb]func(number string) (int64, func() error){
		casework.RequestOpinion: func(number string) (int64, func() error) {
			id := b.draft(t, number)
			return id, func() error { return done(b.RequestOpinion(ctx, by(b.Office, id), b.Helper, "？")) }
		},
		casework.RequestExtension: func(number string) (int64, func() error) {
			id := b.draft(t, number)
			return id, func() error {
				return done(b.RequestExtension(ctx, by(b.Office, id), "难", date("2026-07-01")))
			}
		},
		casework.DecideExtension: func(number string) (int64, func() error) {
			id := b.draft(t, number)
			must(t, done(b.RequestExtension(ctx, by(b.Office, id), "难", date("2026-07-01"))))
			return id, func() error { return done(b.DecideExtension(ctx, by(b.Supervisor, id), true, "是")) }
		},
		casework.Redo: func(number string) (int64, func() error) {
			id := b.answer(t, number)
			return id, func() error {
				return done(b.RedoProposal(ctx, by(b.Supervisor, id), "未答全", casework.Date{}))
			}
		},
		casework.Issue: func(number string) (int64, func() error) {
			id := b.sign(t, number)
			return id, func() error { return done(b.IssueReply(ctx, by(b.Office, id), later, casework.Date{})) }
		},
		casework.RecordDelivery: func(number string) (int64, func() error) {
			id, _ := b.issue(t, number)
			v, err := b.ViewProposal(ctx, b.Office, id)
			must(t, err)
			return id, func() error {
				return done(b.RecordDelivery(ctx, by(b.Office, id), postgres.NewDelivery{ProposerID: v.ProposerRows[0].ID, Channel: "hand"}))
			}
		},
		casework.PauseDeadline: func(number string) (int64, func() error) {
			id := b.draft(t, number)
			reply := b.find(t, id, casework.RuleReply).ID
			return id, func() error { return done(b.PauseDeadline(ctx, by(b.Supervisor, id), reply, "等")) }
		},
		casework.ResumeDeadline: func(number string) (int64, func() error) {
			id := b.draft(t, number)
			reply := b.find(t, id, casework.RuleReply).ID
			must(t, done(b.PauseDeadline(ctx, by(b.Supervisor, id), reply, "等")))
			return id, func() error { return done(b.ResumeDeadline(ctx, by(b.Supervisor, id), reply, "到")) }
		},
	}
}

// TestMovesThatReckonHoldTheCalendar makes each such move while somebody changes
// the calendar: it waits for them, and does not keep the proposal meanwhile.
func TestMovesThatReckonHoldTheCalendar(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	b := setup(t, pool)
	ctx := t.Context()
	moves := b.reckoning(t)
	verbs := slices.Sorted(maps.Keys(moves))
	if diff := cmp.Diff(slices.Sorted(maps.Keys(postgres.Reckons)), verbs); diff != "" {
		t.Fatalf("verbs that reckon (-want +tried):\n%s", diff)
	}
	for i, verb := range verbs {
		t.Run(string(verb), func(t *testing.T) {
			id, move := moves[verb](string(rune('1' + i)))
			tx, err := pool.Begin(ctx)
			must(t, err)
			defer func() { _ = tx.Rollback(context.Background()) }() // nothing, once committed
			_, err = tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, postgres.CalendarKey)
			must(t, err)
			moved := make(chan error, 1)
			go func() { moved <- move() }()
			awaitLock(t, ctx, pool)
			if _, err := tx.Exec(ctx, `SELECT FROM proposals WHERE id = $1 FOR UPDATE NOWAIT`, id); err != nil {
				t.Errorf("while it waits for the calendar it holds the proposal: %v", err)
			}
			must(t, tx.Commit(ctx))
			must(t, <-moved)
		})
	}
}

// TestImportLeavesWhatIsMetMeanwhile publishes a reply while a calendar is loaded
// that would have moved its day.
func TestImportLeavesWhatIsMetMeanwhile(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	b := setup(t, pool)
	ctx := t.Context()
	id, _ := b.issue(t, "0001")
	commit := b.within(t, pool, func(b *bundle) {
		_, err := b.PublishReply(ctx, by(b.Office, id))
		must(t, err)
	})
	imported := make(chan []string, 1)
	go func() {
		done, err := b.ImportCalendar(ctx, by(b.Admin, 0), madeUp("2026-03-14"))
		if err != nil {
			t.Error(err)
		}
		imported <- moved(done.Moved)
	}()
	awaitLock(t, ctx, pool)
	commit()
	if got := <-imported; got != nil {
		t.Errorf("the import moved %v", got)
	}
	d := b.find(t, id, casework.RulePublish)
	if d.Due.String() != "2026-03-30" || d.Met.String() != "2026-03-02" || len(d.Changes) != 0 {
		t.Errorf("published meanwhile: %+v", d)
	}
}
