package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"pgregory.net/rapid"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// acts are what a random user tries with a promise, with what may be right or
// wrong for it.
func (b *bundle) acts(rt *rapid.T) map[string]func(context.Context, postgres.Call) (postgres.Commitment, error) {
	somebody := rapid.SampledFrom(b.All())
	days := rapid.SampledFrom([]int{-40, -9, -1, 0, 0, 0, 0, 1, 30, 90})
	near := func(label string) casework.Date { return b.Today().AddDays(days.Draw(rt, label)) }
	words := rapid.SampledFrom([]string{"", " ", "有据", "有据", "有据"})
	return map[string]func(context.Context, postgres.Call) (postgres.Commitment, error){
		"progress": func(ctx context.Context, c postgres.Call) (postgres.Commitment, error) {
			return b.ReportProgress(ctx, c, "在办", near("day"))
		},
		"done": func(ctx context.Context, c postgres.Call) (postgres.Commitment, error) {
			return b.ReportDone(ctx, c, words.Draw(rt, "evidence"), near("day"))
		},
		"accept it": func(ctx context.Context, c postgres.Call) (postgres.Commitment, error) {
			told := b.Today().AddDays(rapid.SampledFrom([]int{-1, 0, 0, 0, 1}).Draw(rt, "told"))
			return b.VerifyCommitment(ctx, c, postgres.Verdict{Accepted: true, Comment: "看过", ToldDay: told, ToldHow: "电话"})
		},
		"return it": func(ctx context.Context, c postgres.Call) (postgres.Commitment, error) {
			return b.VerifyCommitment(ctx, c, postgres.Verdict{Comment: "不实"})
		},
		"put off": func(ctx context.Context, c postgres.Call) (postgres.Commitment, error) {
			return b.ChangeDueDay(ctx, c, postgres.DayChange{Due: near("due"), Reason: "难", AgreedBy: "某"})
		},
		"drop": func(ctx context.Context, c postgres.Call) (postgres.Commitment, error) {
			return b.DropCommitment(ctx, c, postgres.DropReport{Text: "不能", SignedBy: words.Draw(rt, "signer"), SignedDay: near("signed")})
		},
		"reopen": func(ctx context.Context, c postgres.Call) (postgres.Commitment, error) {
			return b.ReopenCommitment(ctx, c, "反弹", near("due"))
		},
		"offer": func(ctx context.Context, c postgres.Call) (postgres.Commitment, error) {
			return b.ReassignCommitment(ctx, c, somebody.Draw(rt, "to").ID, "转")
		},
		"take over": func(ctx context.Context, c postgres.Call) (postgres.Commitment, error) {
			return b.AcceptCommitment(ctx, c, rapid.Bool().Draw(rt, "yes"), "说")
		},
		"urge": func(ctx context.Context, c postgres.Call) (postgres.Commitment, error) {
			return b.UrgeCommitment(ctx, c, "催", near("by"))
		},
		"say": func(ctx context.Context, c postgres.Call) (postgres.Commitment, error) {
			return b.AnswerKeeping(ctx, c, postgres.KeepingAnswer{Kept: rapid.Bool().Draw(rt, "kept"), Text: words.Draw(rt, "words"), Channel: casework.Own})
		},
		"uphold": func(ctx context.Context, c postgres.Call) (postgres.Commitment, error) {
			return b.UpholdCommitment(ctx, c, "核过")
		},
	}
}

// doer is most often somebody whose part it is to do something; anybody else
// tries, too.
func (b *bundle) doer(rt *rapid.T, act string) casework.User {
	if rapid.IntRange(0, 2).Draw(rt, "whoever") == 0 {
		return rapid.SampledFrom(b.All()).Draw(rt, "user")
	}
	switch act {
	case "progress", "done":
		return b.Handler
	case "say":
		return b.Delegate
	case "urge", "uphold":
		return b.CPPCCSupervisor
	}
	return rapid.SampledFrom([]casework.User{b.Office, b.Handler, b.Head}).Draw(rt, "user")
}

// TestDrillPromiseUnderRandomActions lets random users do random things to a promise
// and asks after each of them for what must always hold.
func TestDrillPromiseUnderRandomActions(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	number, start := 0, b.now
	seen, contested := map[casework.CommitmentState]int{}, 0
	rapid.Check(t, func(rt *rapid.T) {
		number++
		b.now = start
		_, c := b.pledge(t, fmt.Sprint(1000+number))
		b.now = b.now.AddDate(0, 1, 0)
		acts := b.acts(rt)
		for range rapid.IntRange(20, 60).Draw(rt, "actions") {
			name := rapid.SampledFrom(keysOf(acts)).Draw(rt, "act")
			u := b.doer(rt, name)
			before := b.line(t, c)
			_, err := acts[name](t.Context(), by(u, c))
			after := b.line(t, c)
			if msg := before.becomes(after, u, err); msg != "" {
				rt.Fatalf("%s by %s: %s\n%+v\n%+v: %v", name, u.Name, msg, before, after, err)
			}
			if msg := after.holds(); msg != "" {
				rt.Fatalf("%s by %s: %s\n%+v", name, u.Name, msg, after)
			}
			seen[after.State]++
			if after.Contested {
				contested++
			}
			if rapid.IntRange(0, 5).Draw(rt, "a day passes") == 0 {
				b.now = b.now.AddDate(0, 0, 1)
			}
		}
	})
	if os.Getenv("FUYAN_DRILL") != "" { // few cases may miss one
		if contested == 0 {
			t.Error("no promise was ever contested")
		}
		for _, s := range []casework.CommitmentState{casework.Open, casework.Done, casework.Kept, casework.Dropped} {
			if seen[s] == 0 {
				t.Errorf("no promise was ever %s", s)
			}
		}
	}
	if _, err := b.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func keysOf[V any](m map[string]V) []string {
	var out []string
	for _, k := range []string{"progress", "done", "done", "done", "accept it", "accept it", "return it", "put off", "drop", "reopen", "offer", "take over", "urge", "say", "say", "uphold"} {
		if _, ok := m[k]; ok {
			out = append(out, k)
		}
	}
	return out
}

// A promiseLine is all that a promise is, read from the tables.
type promiseLine struct {
	Version                     int64
	State, LastState            casework.CommitmentState // the row's, and that of the last line of its history
	Owner, Judge, Reported      int64
	First, Due, Told, SignedDay casework.Date
	Evidence, ToldHow, SignedBy string
	Slips, Puts, Lines, Events  int
	Chain                       bool // each change of its day begins where the one before ended, the last ends at the day
	Running                     int  // deadlines of its own that run
	Contested                   bool
	OpenAnswers                 int // that it is not kept, and undecided
}

func (b *bundle) line(t testing.TB, id int64) (l promiseLine) {
	t.Helper()
	err := b.conn.QueryRow(t.Context(), `
		SELECT c.version, c.state, (SELECT g.state FROM progress g WHERE g.commitment_id = c.id ORDER BY g.at DESC, g.id DESC LIMIT 1),
		       coalesce(c.owner_id, 0), coalesce(c.judged_by, 0), coalesce(c.done_by, 0), c.first_due, c.due, c.told_day, c.signed_day,
		       c.evidence, c.told_how, c.signed_by, c.slips,
		       (SELECT count(*) FROM due_changes g WHERE g.commitment_id = c.id AND g.after > g.before),
		       (SELECT count(*) FROM progress g WHERE g.commitment_id = c.id),
		       (SELECT p.event_count FROM proposals p WHERE p.id = c.proposal_id),
		       coalesce((SELECT bool_and(g.before = g.expected) AND (array_agg(g.after ORDER BY g.id DESC))[1] = c.due
		                 FROM (SELECT x.*, lag(x.after, 1, c.first_due) OVER (ORDER BY x.id) AS expected
		                       FROM due_changes x WHERE x.commitment_id = c.id) g), c.first_due = c.due),
		       (SELECT count(*) FROM deadlines d WHERE d.commitment_id = c.id AND d.rule = 'COMMITMENT' AND d.met IS NULL AND d.ended IS NULL),
		       c.contested,
		       (SELECT count(*) FROM keeping_answers a WHERE a.commitment_id = c.id AND NOT a.kept AND a.decision = '')
		FROM commitments c WHERE c.id = $1`, id).Scan(
		&l.Version, &l.State, &l.LastState, &l.Owner, &l.Judge, &l.Reported, &l.First, &l.Due, &l.Told, &l.SignedDay,
		&l.Evidence, &l.ToldHow, &l.SignedBy, &l.Slips, &l.Puts, &l.Lines, &l.Events, &l.Chain, &l.Running, &l.Contested, &l.OpenAnswers)
	must(t, err)
	return l
}

// becomes says what is wrong with a step: one that was refused changes nothing; one
// that was done leaves one line and one event; nobody judges what is their own.
func (l promiseLine) becomes(next promiseLine, u casework.User, err error) string {
	switch {
	case err != nil && next != l:
		return "it was refused and changed something"
	case err != nil && !errors.Is(err, casework.ErrInvalid) && !errors.Is(err, casework.ErrNotAllowed) &&
		!errors.Is(err, casework.ErrForbidden) && !errors.Is(err, casework.ErrNotFound) && !errors.Is(err, casework.ErrConflict):
		return "it failed with what nobody can act on"
	case err != nil:
		return ""
	case next.Version != l.Version+1 || next.Lines != l.Lines+1 || next.Events != l.Events+1:
		return "it did not leave one line and one event"
	case next.First != l.First:
		return "the first promised day is lost"
	case l.State == casework.Done && next.State == casework.Kept && (u.ID == l.Owner || u.ID == l.Reported || next.Judge != u.ID):
		return "its owner, or who reported it, judged"
	case l.State == casework.Kept && next.State == casework.Open && next.Judge != 0:
		return "it is open again and still judged"
	}
	return ""
}

// holds says what must never be.
func (l promiseLine) holds() string {
	switch {
	case l.State != l.LastState:
		return "its history ends in another state"
	case l.State == casework.Kept && (l.Evidence == "" || l.Told.IsZero() || l.ToldHow == "" || l.Judge == 0):
		return "kept without evidence, a judge or a word to its proposers"
	case l.Judge != 0 && (l.Judge == l.Owner || l.Judge == l.Reported):
		return "judged by its owner"
	case l.State == casework.Dropped && (l.SignedBy == "" || l.SignedDay.IsZero()):
		return "dropped without a signed report"
	case l.First.IsZero() || !l.Chain:
		return "its days do not follow from the first"
	case l.Slips != l.Puts:
		return "its slips are not those on record"
	case (l.State == casework.Open) != (l.Running == 1) || l.Running > 1:
		return "its deadline does not run as it does"
	case l.Contested != (l.OpenAnswers > 0) || l.Contested && l.State != casework.Kept:
		return "it is not contested as its proposers say"
	}
	return ""
}
