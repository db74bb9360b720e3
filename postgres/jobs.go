package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// RecordCommitments is queued when a letter is issued: what it promises goes on
// record.
type RecordCommitments struct {
	LetterID int64 `json:"letter_id"`
}

// Kind names the job.
func (RecordCommitments) Kind() string { return "record_commitments" }

// SendCopyJob is queued when a letter is to be copied to an oversight office.
type SendCopyJob struct {
	ReplyID int64 `json:"reply_id"`
	OrganID int64 `json:"organ_id"`
}

// Kind names the job.
func (SendCopyJob) Kind() string { return "send_copy" }

// TellProposer is queued when the proposers of a proposal must be told of
// something.
type TellProposer struct {
	ProposalID int64  `json:"proposal_id"`
	Occasion   string `json:"occasion"` // a key of occasions
	Ref        int64  `json:"ref"`      // tells two of the same occasion apart
}

// Kind names the job.
func (TellProposer) Kind() string { return "tell_proposer" }

// SweepNotices is queued each minute: whoever must be told of a deadline is.
type SweepNotices struct{}

// Kind names the job.
func (SweepNotices) Kind() string { return "sweep_notices" }

// InsertOpts keeps sweeps from piling up: what one leaves undone the next does.
func (SweepNotices) InsertOpts() river.InsertOpts {
	return alone
}

// CarryOver is queued each hour: on 31 December, and after it where nobody was
// there, what is not settled is carried into the next year (转下年度).
type CarryOver struct{}

// Kind names the job.
func (CarryOver) Kind() string { return "carry_over" }

// InsertOpts keeps them from piling up: what one leaves undone the next does.
func (CarryOver) InsertOpts() river.InsertOpts {
	return alone
}

// EndTermJob is queued when a term of a body is over: its proposals whose promises
// are not kept are looked at.
type EndTermJob struct {
	Body string `json:"body"`
	Term int32  `json:"term"`
}

// Kind names the job.
func (EndTermJob) Kind() string { return "end_term" }

// RemoveFiles is queued each hour: files of evidence that no report names go.
type RemoveFiles struct{}

// Kind names the job.
func (RemoveFiles) Kind() string { return "remove_files" }

// InsertOpts keeps one from following another: what one leaves the next removes.
func (RemoveFiles) InsertOpts() river.InsertOpts {
	return alone
}

// alone keeps jobs of a kind from piling up, and from being tried again.
var alone = river.InsertOpts{MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByState: unfinished}}

// unfinished are the states of a job that is still to be done.
var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning,
	rivertype.JobStateScheduled,
}

// queue queues a job in the transaction of the change that it follows from.
func (d *DB) queue(ctx context.Context, tx pgx.Tx, job river.JobArgs) error {
	_, err := d.jobs.InsertTx(ctx, tx, job, nil)
	return err
}

// ReleaseJobs gives jobs that were under way when the program was killed back to
// the queue at once, instead of when River thinks them stuck. Only for a program
// that knows to be the only one on its database.
func (d *DB) ReleaseJobs(ctx context.Context) error {
	_, err := d.conn.Exec(ctx, "UPDATE river_job SET state = 'available' WHERE state = 'running'")
	return err
}
