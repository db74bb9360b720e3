package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// moves are the operations that a random user tries on a random proposal. What
// is refused must leave no trace; what is done must leave one event of the verb.
func (b *bundle) moves() []func(ctx context.Context, c postgres.Call) error {
	done := func(_ postgres.ListedProposal, err error) error { return err }
	deliver := func(ctx context.Context, c postgres.Call) error {
		v, err := b.ViewProposal(ctx, b.Office, c.ID)
		if err != nil {
			return err
		}
		return done(b.RecordDelivery(ctx, c, postgres.NewDelivery{ProposerID: v.ProposerRows[0].ID, Channel: "hand"}))
	}
	deadline := func(ctx context.Context, id int64, runs bool) int64 {
		v, err := b.ViewProposal(ctx, b.Admin, id)
		for _, d := range v.Deadlines {
			if err == nil && d.Runs() == runs {
				return d.ID
			}
		}
		return 0
	}
	draft := postgres.NewDraft{Text: draftText, Result: "adopted", Publicity: "full"}
	return []func(ctx context.Context, c postgres.Call) error{
		func(ctx context.Context, c postgres.Call) error {
			return done(b.AcceptProposal(ctx, c, casework.Date{}))
		},
		func(ctx context.Context, c postgres.Call) error {
			return done(b.RequestReturn(ctx, c, "不是我们的"))
		},
		func(ctx context.Context, c postgres.Call) error { return done(b.DecideReturn(ctx, c, false, "是")) },
		func(ctx context.Context, c postgres.Call) error { return done(b.AssignProposal(ctx, c, b.Handler.ID)) },
		func(ctx context.Context, c postgres.Call) error { return done(b.SaveDraft(ctx, c, draft)) },
		func(ctx context.Context, c postgres.Call) error { return done(b.SubmitReply(ctx, c)) },
		func(ctx context.Context, c postgres.Call) error { return done(b.ApproveReply(ctx, c, "")) },
		func(ctx context.Context, c postgres.Call) error { return done(b.SendBackReply(ctx, c, "改")) },
		func(ctx context.Context, c postgres.Call) error { return done(b.SignReply(ctx, c, "")) },
		func(ctx context.Context, c postgres.Call) error {
			return done(b.IssueReply(ctx, c, later, casework.Date{}))
		},
		deliver,
		func(ctx context.Context, c postgres.Call) error { return done(b.SendCopy(ctx, c, b.Government)) },
		func(ctx context.Context, c postgres.Call) error { return done(b.SendCopy(ctx, c, b.CPPCC)) },
		func(ctx context.Context, c postgres.Call) error { return done(b.PublishReply(ctx, c)) },
		func(ctx context.Context, c postgres.Call) error { return done(b.TakeDownReply(ctx, c, "试")) },
		func(ctx context.Context, c postgres.Call) error {
			if id := deadline(ctx, c.ID, true); id != 0 { // where none runs there is nothing to try
				return done(b.PauseDeadline(ctx, c, id, "停"))
			}
			return casework.ErrNotAllowed
		},
		func(ctx context.Context, c postgres.Call) error {
			if id := deadline(ctx, c.ID, false); id != 0 {
				return done(b.ResumeDeadline(ctx, c, id, "续"))
			}
			return casework.ErrNotAllowed
		},
		func(ctx context.Context, c postgres.Call) error {
			return done(b.RedoProposal(ctx, c, "不满意", casework.Date{}))
		},
		func(ctx context.Context, c postgres.Call) error { return done(b.WithdrawProposal(ctx, c, "撤")) },
		func(ctx context.Context, c postgres.Call) error { return done(b.CloseProposal(ctx, c, "")) },
	}
}

// ends are rare, so that proposals live long enough to be issued.
const ends = 3

// a tried move: which move, by whom, on which proposal
type try struct{ move, user, proposal int }

// TestDrillRandomMoves lets many goroutines do random moves at once, and
// then walks each history through the state table.
func TestDrillRandomMoves(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	var numbers atomic.Int64
	rapid.Check(t, func(rt *rapid.T) {
		ids := make([]int64, 3)
		for i := range ids {
			ids[i] = b.start(t, rt, fmt.Sprintf("%d", 1000+numbers.Add(1)))
		}
		tries := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) try {
			return try{
				rapid.IntRange(0, len(b.moves())-1-ends*rapid.IntRange(0, 1).Draw(rt, "no end")).Draw(rt, "move"),
				rapid.IntRange(0, len(b.All())-1).Draw(rt, "user"), rapid.IntRange(0, len(ids)-1).Draw(rt, "proposal"),
			}
		}), 60, 160).Draw(rt, "tries")
		succeeded := b.run(t, ids, tries)
		for i, id := range ids {
			if msg := b.replay(t, id, succeeded[i]); msg != "" {
				rt.Fatalf("proposal %d: %s", id, msg)
			}
		}
		if msg := b.numbers(t); msg != "" {
			rt.Fatal(msg)
		}
		if stale := b.stale(t); len(stale) > 0 {
			rt.Fatalf("the search does not know: %v", stale)
		}
	})
	if _, err := b.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// start puts a proposal on record at one of the stages of its life.
func (b *bundle) start(t *testing.T, rt *rapid.T, number string) (id int64) {
	switch rapid.IntRange(0, 3).Draw(rt, "stage") {
	case 0:
		return b.receive(t, number)
	case 1:
		return b.draft(t, number)
	case 2:
		return b.sign(t, number)
	}
	id, _ = b.issue(t, number)
	return id
}

// run does the tries from eight goroutines and counts, for each proposal, the
// events that there must be now.
func (b *bundle) run(t *testing.T, ids []int64, tries []try) []int64 {
	events := make([]atomic.Int64, len(ids))
	for i, id := range ids {
		p, err := b.ViewProposal(t.Context(), b.Admin, id)
		must(t, err)
		events[i].Store(p.EventCount)
	}
	moves, people := b.moves(), b.All()
	todo := make(chan try)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for try := range todo {
				err := moves[try.move](t.Context(), by(people[try.user], ids[try.proposal]))
				switch {
				case err == nil:
					events[try.proposal].Add(1)
				case errors.Is(err, casework.ErrNotAllowed), errors.Is(err, casework.ErrForbidden), errors.Is(err, casework.ErrNotFound):
				default:
					t.Errorf("move %d by %s: %v", try.move, people[try.user].Name, err)
				}
			}
		})
	}
	for _, try := range tries {
		todo <- try
	}
	close(todo)
	wg.Wait()
	counts := make([]int64, len(ids))
	for i := range events {
		counts[i] = events[i].Load()
	}
	return counts
}

// replay walks a history through the state table and says what is wrong.
func (b *bundle) replay(t *testing.T, id, succeeded int64) string {
	v, err := b.ViewProposal(t.Context(), b.Admin, id)
	must(t, err)
	events, err := b.ListEvents(t.Context(), b.Admin, postgres.EventFilter{ProposalID: id, Limit: 10_000})
	must(t, err)
	state, completed := casework.Received, int64(0)
	for _, e := range events {
		if e.Verb == casework.Receive {
			continue
		}
		if e.Verb == casework.Complete {
			completed++
		}
		if state, err = state.Next(e.Verb); err != nil {
			return fmt.Sprintf("event %d: %v", e.Seq, err)
		}
	}
	if state != v.State {
		return fmt.Sprintf("its history ends in %s, its row says %s", state, v.State)
	}
	if got := int64(len(events)); got != succeeded+completed {
		return fmt.Sprintf("%d events for %d moves", got, succeeded+completed)
	}
	return ""
}

// numbers says which numbers are doubled or missing.
func (b *bundle) numbers(t *testing.T) string {
	var count, last, letters int
	must(t, b.conn.QueryRow(t.Context(), `SELECT count(*), coalesce(max(number), 0),
		(SELECT count(*) FROM letters) FROM series_numbers`).Scan(&count, &last, &letters))
	if count != last || letters != last {
		return fmt.Sprintf("the last number is %d, %d numbers have a fate, %d letters", last, count, letters)
	}
	return ""
}
