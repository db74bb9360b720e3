package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"fuyan/casework"
)

// A Job is a job as River keeps it.
type Job = rivertype.JobRow

// A JobFilter says which jobs are wanted.
type JobFilter struct {
	State  rivertype.JobState // all but the completed when empty
	Kind   string
	Before int64 // the last id of the page before; 0 for the first page
	Limit  int32
}

// A JobCount is how many jobs of a kind are in a state.
type JobCount struct {
	Kind  string
	State rivertype.JobState
	Count int32
}

// unsettled are the states of jobs that somebody may want to look at.
var unsettled = append(slices.Clone(unfinished), rivertype.JobStateDiscarded, rivertype.JobStateCancelled)

// ListJobs returns jobs, the last queued first.
func (d *DB) ListJobs(ctx context.Context, f JobFilter) ([]*Job, error) {
	params := river.NewJobListParams().States(unsettled...).First(int(f.Limit)).OrderBy(river.JobListOrderByID, river.SortOrderDesc)
	if f.State != "" {
		params = params.States(f.State)
	}
	if f.Kind != "" {
		params = params.Kinds(f.Kind)
	}
	if f.Before != 0 { // in this order a job's id is all that River asks of it
		params = params.After(river.JobListCursorFromJob(&Job{ID: f.Before}))
	}
	return inTx(ctx, d, func(tx pgx.Tx) ([]*Job, error) {
		list, err := d.jobs.JobListTx(ctx, tx, params)
		if err != nil {
			return nil, err
		}
		return list.Jobs, nil
	})
}

// CountJobs counts jobs by kind and state, but for the completed: River lists jobs,
// and counts none.
func (d *DB) CountJobs(ctx context.Context) ([]JobCount, error) {
	rows, err := d.conn.Query(ctx, `-- name: CountJobs :many
		SELECT kind, state, count(*)::int
		FROM river_job
		WHERE state = ANY ($1::text[]::river_job_state[])
		GROUP BY kind, state
		ORDER BY kind, state`, unsettled)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[JobCount])
}

// A Backlog is how many jobs of a queue are in one state, and for how many seconds
// the first of them could have been done.
type Backlog struct {
	Queue string
	State rivertype.JobState
	Count int64
	Age   float64
}

// CountBacklog counts the jobs that are not at their end. It walks the index by
// which River fetches jobs, and no further: the states stand in the statement so
// that it is planned for them.
func (d *DB) CountBacklog(ctx context.Context) ([]Backlog, error) {
	rows, err := d.conn.Query(ctx, `-- name: CountBacklog :many
		SELECT queue, state, count(*), greatest(extract(epoch FROM now() - min(scheduled_at)), 0)::float8
		FROM river_job
		WHERE state IN ('available', 'pending', 'retryable', 'running', 'scheduled')
		GROUP BY queue, state
		ORDER BY queue, state`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Backlog])
}

// MayRetry reports whether a job can be done once more at once: one that waits, or
// that failed or was stopped.
func MayRetry(s rivertype.JobState) bool {
	switch s {
	case rivertype.JobStateRetryable, rivertype.JobStateScheduled, rivertype.JobStateDiscarded, rivertype.JobStateCancelled:
		return true
	case rivertype.JobStateAvailable, rivertype.JobStateRunning, rivertype.JobStateCompleted, rivertype.JobStatePending:
	}
	return false
}

// MayCancel reports whether a job can be stopped: one that is not at its end.
func MayCancel(s rivertype.JobState) bool { return slices.Contains(unfinished, s) }

// RetryJob has a job done at once.
func (d *DB) RetryJob(ctx context.Context, c Call) (*Job, error) {
	return d.changeJob(ctx, c, "retry", MayRetry, d.jobs.JobRetryTx)
}

// CancelJob stops a job. One that is being done is told to end.
func (d *DB) CancelJob(ctx context.Context, c Call) (*Job, error) {
	return d.changeJob(ctx, c, "cancel", MayCancel, d.jobs.JobCancelTx)
}

func (d *DB) changeJob(
	ctx context.Context, c Call, move string, may func(rivertype.JobState) bool,
	change func(context.Context, pgx.Tx, int64) (*Job, error),
) (*Job, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (*Job, error) {
		_, _, err := d.once(ctx, tx, c, func() (int64, error) {
			job, err := d.job(ctx, tx, c.ID)
			if err != nil {
				return 0, err
			}
			if !may(job.State) {
				return 0, &casework.StateError{Move: move, State: string(job.State), Why: "任务现在的状态不能这样办"}
			}
			_, err = change(ctx, tx, c.ID)
			return c.ID, err
		})
		if err != nil {
			return nil, err
		}
		return d.job(ctx, tx, c.ID)
	})
}

func (d *DB) job(ctx context.Context, tx pgx.Tx, id int64) (*Job, error) {
	job, err := d.jobs.JobGetTx(ctx, tx, id)
	if errors.Is(err, river.ErrNotFound) {
		err = pgx.ErrNoRows
	}
	return job, found(err, "job", id)
}

// A JobSubject is one thing that a job is about.
type JobSubject struct {
	Name string
	ID   int64
}

// JobSubjects returns what a job is about: the identities among its arguments, in
// the order of their names. Words, which may be anybody's, are left out.
func JobSubjects(job *Job) []JobSubject {
	args := map[string]json.RawMessage{}
	if json.Unmarshal(job.EncodedArgs, &args) != nil {
		return nil
	}
	var out []JobSubject
	for _, name := range slices.Sorted(maps.Keys(args)) {
		var id int64
		if strings.HasSuffix(name, "_id") && json.Unmarshal(args[name], &id) == nil && id != 0 {
			out = append(out, JobSubject{name, id})
		}
	}
	return out
}
