package postgres_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/riverqueue/river/rivertype"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// job puts a job of this kind and state on record.
func (b *bundle) job(t testing.TB, kind string, state rivertype.JobState, args string) (id int64) {
	t.Helper()
	finalized := "NULL"
	if slices.Contains([]rivertype.JobState{rivertype.JobStateDiscarded, rivertype.JobStateCancelled, rivertype.JobStateCompleted}, state) {
		finalized = "now()"
	}
	must(t, b.conn.QueryRow(t.Context(), `INSERT INTO river_job (kind, state, args, attempt, max_attempts, finalized_at, attempted_at, attempted_by, errors)
		VALUES ($1, $2::text::river_job_state, $3, 1, 1, `+finalized+`, now(), '{w}', ARRAY['{"at":"2026-03-01T00:00:00Z","attempt":1,"error":"dial tcp: refused","trace":"secret"}'::jsonb])
		RETURNING id`, kind, string(state), args).Scan(&id))
	return id
}

func TestJobs(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	queued := b.job(t, "send_notice", rivertype.JobStateAvailable, `{"notice_id": 7, "channel": "mail"}`)
	failed := b.job(t, "send_notice", rivertype.JobStateDiscarded, `{"notice_id": 8}`)
	trying := b.job(t, "send_copy", rivertype.JobStateRetryable, `{"reply_id": 3, "organ_id": 4}`)
	done := b.job(t, "send_copy", rivertype.JobStateCompleted, `{}`)
	ids := func(f postgres.JobFilter) []int64 {
		t.Helper()
		f.Limit = max(f.Limit, 1)
		jobs, err := b.ListJobs(t.Context(), f)
		must(t, err)
		var out []int64
		for _, j := range jobs {
			out = append(out, j.ID)
		}
		return out
	}
	for _, test := range []struct {
		f    postgres.JobFilter
		want []int64
	}{
		{postgres.JobFilter{Limit: 10}, []int64{trying, failed, queued}},
		{postgres.JobFilter{Limit: 2}, []int64{trying, failed}},
		{postgres.JobFilter{Limit: 10, Before: failed}, []int64{queued}},
		{postgres.JobFilter{Limit: 10, Kind: "send_notice"}, []int64{failed, queued}},
		{postgres.JobFilter{Limit: 10, Kind: "send_notice", Before: failed}, []int64{queued}},
		{postgres.JobFilter{Limit: 10, State: rivertype.JobStateDiscarded}, []int64{failed}},
		{postgres.JobFilter{Limit: 10, State: rivertype.JobStateCompleted}, []int64{done}},
		{postgres.JobFilter{Limit: 10, State: rivertype.JobStateRunning}, nil},
		{postgres.JobFilter{Limit: 10, Kind: "nothing"}, nil},
	} {
		if diff := cmp.Diff(test.want, ids(test.f)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", test.f, diff)
		}
	}
	counts, err := b.CountJobs(t.Context())
	must(t, err)
	want := []postgres.JobCount{
		{"send_copy", rivertype.JobStateRetryable, 1}, {"send_notice", rivertype.JobStateAvailable, 1}, {"send_notice", rivertype.JobStateDiscarded, 1},
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

// TestJobMoves: what each state allows, and what becomes of it.
func TestJobMoves(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	for _, test := range []struct{ from, retried, cancelled rivertype.JobState }{
		{rivertype.JobStateAvailable, "", rivertype.JobStateCancelled},
		{rivertype.JobStateRetryable, rivertype.JobStateAvailable, rivertype.JobStateCancelled},
		{rivertype.JobStateScheduled, rivertype.JobStateAvailable, rivertype.JobStateCancelled},
		{rivertype.JobStateDiscarded, rivertype.JobStateAvailable, ""},
		{rivertype.JobStateCancelled, rivertype.JobStateAvailable, ""},
		{rivertype.JobStateCompleted, "", ""},
		{rivertype.JobStateRunning, "", rivertype.JobStateRunning}, // told to end
	} {
		for want, move := range map[*rivertype.JobState]func(postgres.Call) (*postgres.Job, error){
			&test.retried:   func(c postgres.Call) (*postgres.Job, error) { return b.RetryJob(t.Context(), c) },
			&test.cancelled: func(c postgres.Call) (*postgres.Job, error) { return b.CancelJob(t.Context(), c) },
		} {
			c := by(b.Admin, b.job(t, "send_copy", test.from, `{}`))
			got, err := move(c)
			if *want == "" {
				if !errors.Is(err, casework.ErrNotAllowed) {
					t.Errorf("from %s: %v, want it refused", test.from, err)
				}
				continue
			}
			must(t, err)
			if got.State != *want || *want == rivertype.JobStateAvailable && got.MaxAttempts != 2 {
				t.Errorf("from %s: %s with %d attempts, want %s", test.from, got.State, got.MaxAttempts, *want)
			}
			if again, err := move(c); err != nil || again.State != *want {
				t.Errorf("the same request again: %v, %v", again, err)
			}
		}
	}
	if _, err := b.RetryJob(t.Context(), by(b.Admin, 999999)); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("no such job: %v", err)
	}
}

// TestRetryBesideItsLike: of a kind that is alone, one that failed is not queued
// beside one that waits.
func TestRetryBesideItsLike(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	failed, waiting := b.job(t, "carry_over", rivertype.JobStateDiscarded, `{}`), b.job(t, "carry_over", rivertype.JobStateAvailable, `{}`)
	_, err := b.conn.Exec(t.Context(), `UPDATE river_job SET unique_key = 'carry_over', unique_states = B'11110001' WHERE id IN ($1, $2)`, failed, waiting)
	must(t, err)
	if _, err := b.RetryJob(t.Context(), by(b.Admin, failed)); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("retried beside another: %v", err)
	}
}

// TestJobSubjects: identities and nothing else.
func TestJobSubjects(t *testing.T) {
	t.Parallel()
	for args, want := range map[string][]postgres.JobSubject{
		`{"reply_id": 3, "organ_id": 4}`:                                         {{"organ_id", 4}, {"reply_id", 3}},
		`{"proposal_id": 9, "occasion": "extended", "ref": 2}`:                   {{"proposal_id", 9}},
		`{"letter_id": 5, "text": "下一步，将做", "phone_id": "13800000000"}`:          {{"letter_id", 5}},
		`{"user_id": 1, "nested": {"notice_id": 2}, "organ_id": 0, "x_id": 1.5}`: {{"user_id", 1}},
		`{}`: nil, `[1]`: nil, ``: nil,
	} {
		if diff := cmp.Diff(want, postgres.JobSubjects(&postgres.Job{EncodedArgs: []byte(args)})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", args, diff)
		}
	}
}
