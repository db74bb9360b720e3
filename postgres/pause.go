package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// PauseDeadline stops a running deadline of a proposal (暂停). What is past cannot
// be stopped any more, and the day of a promise is changed and not paused.
func (d *DB) PauseDeadline(ctx context.Context, c Call, deadlineID int64, reason string) (ListedProposal, error) {
	return d.change(ctx, c, casework.PauseDeadline, func(tx pgx.Tx, m *move) error {
		row, err := deadlineOf(ctx, tx, m.p, deadlineID)
		if err != nil {
			return err
		}
		if !row.Paused.IsZero() || !row.Met.IsZero() || !row.Ended.IsZero() {
			return m.refuse(casework.PauseDeadline, row.Name+"的期限没有在计算")
		}
		if d.Today().After(row.Due) {
			return m.refuse(casework.PauseDeadline, row.Name+"的期限已于"+row.Due.Chinese()+"届满")
		}
		m.note = row.Name + inside + reason
		d.rest(m, row, true)
		if err := q.PauseDeadline(ctx, tx, d.Today(), row.ID); err != nil {
			return err
		}
		return q.CreateDeadlineChange(ctx, tx, db.CreateDeadlineChangeParams{
			DeadlineID: row.ID, Cause: "pause", Before: row.Due, After: row.Due, Reason: reason,
			AuthorID: &c.User.ID, Author: c.User.Name, At: d.now(),
		})
	})
}

// ResumeDeadline lets a paused deadline run again: its day moves on by the days
// that it rested, working days where it counts those, else all days. The day on
// which it was paused is the first that does not count, the day on which it
// resumes the first that does.
func (d *DB) ResumeDeadline(ctx context.Context, c Call, deadlineID int64, reason string) (ListedProposal, error) {
	return d.change(ctx, c, casework.ResumeDeadline, func(tx pgx.Tx, m *move) error {
		row, err := deadlineOf(ctx, tx, m.p, deadlineID)
		if err != nil {
			return err
		}
		if row.Paused.IsZero() {
			return m.refuse(casework.ResumeDeadline, row.Name+"的期限没有暂停")
		}
		due, removed, err := d.resume(ctx, tx, m, row, resumption{d.Today(), reason})
		if err != nil {
			return err
		}
		past, err := d.pastTheMost(ctx, tx, m, row, due)
		if err != nil {
			return err
		}
		m.note = fmt.Sprintf("%s，%s → %s，扣除%d%s", row.Name, row.Due, due, removed, unitName(row.Unit)) + past + inside + reason
		row.Due = due
		return d.tellMoved(ctx, tx, []db.Deadline{row}, casework.MovedByPause)
	})
}

// pastTheMost says where a pause takes a reply past the last day of an extension:
// the office that oversees it may do that, and adds to what the rule gives.
func (d *DB) pastTheMost(ctx context.Context, tx pgx.Tx, m *move, row db.Deadline, due casework.Date) (string, error) {
	if row.Rule != casework.RuleReply {
		return "", nil
	}
	most, err := d.termOf(ctx, tx, m.p.Kind, casework.RuleExtend, m.p.HandedOver)
	if err != nil || !due.After(most.Day) {
		return "", err
	}
	return fmt.Sprintf("，因暂停晚于延期的最后一日%s", most.Day), nil
}

// A resumption ends a pause.
type resumption struct {
	on     casework.Date // the first day that counts again
	reason string
}

// wake ends the pauses of deadlines that are about to be met or ended. A calendar
// that is loaded meanwhile leaves them alone, as if it had come later.
func (d *DB) wake(ctx context.Context, tx pgx.Tx, m *move, resting []db.Deadline, r resumption) error {
	for _, row := range resting {
		if _, _, err := d.resume(ctx, tx, m, row, r); err != nil {
			return err
		}
	}
	return nil
}

// resume lets a deadline run again and returns its day, and how many days did not
// count.
func (d *DB) resume(ctx context.Context, tx pgx.Tx, m *move, row db.Deadline, r resumption) (casework.Date, int, error) {
	calendar, err := calendarOf(ctx, tx, row.TriggerDay, lastDay)
	if err != nil {
		return row.Due, 0, err
	}
	pause := casework.PauseOf(row.TriggerDay, row.Paused, r.on)
	due, removed := pause.Resume(casework.Due{Day: row.Due, Provisional: row.Provisional}, row.Unit, calendar)
	if d.rest(m, row, false) {
		m.p.ReplyDue = due.Day
	}
	err = q.ResumeDeadline(ctx, tx, db.ResumeDeadlineParams{ID: row.ID, Due: due.Day, Provisional: due.Provisional, Now: d.now()})
	if err != nil {
		return row.Due, 0, err
	}
	err = q.CreateDeadlineChange(ctx, tx, db.CreateDeadlineChangeParams{
		DeadlineID: row.ID, Cause: "resume", Before: row.Due, After: due.Day, Provisional: due.Provisional,
		Since: pause.From, Until: pause.To, Removed: new(int32(removed)), Reason: r.reason,
		AuthorID: orNull(m.by.ID), Author: m.by.Name, At: d.now(),
	})
	if err != nil {
		return row.Due, 0, err
	}
	return due.Day, removed, q.MoveOpinions(ctx, tx, []int64{row.ID})
}

// deadlineOf returns one of a proposal's own deadlines.
func deadlineOf(ctx context.Context, tx pgx.Tx, p Proposal, id int64) (db.Deadline, error) {
	row, err := q.Deadline(ctx, tx, id)
	fits := row.Deadline.ProposalID == p.ID && row.Deadline.CommitmentID == nil
	return row.Deadline, named(err, fits, casework.Invalid("deadline_id", "应为本件的一项期限；承诺事项的期限用“调整时限”"))
}

// rest says on the proposal that its present reply rests or not, and reports
// whether the deadline is that of this reply.
func (d *DB) rest(m *move, row db.Deadline, rests bool) bool {
	reply := isReply(row) && row.Round == m.p.Round
	if reply {
		m.p.ReplyPaused = rests
	}
	return reply
}

// isReply reports whether the deadline is that of a reply, which the proposal
// carries as well.
func isReply(row db.Deadline) bool {
	return row.Rule == casework.RuleReply || row.Rule == casework.RuleRedo
}

func unitName(u casework.Unit) string {
	if u == casework.WorkingDays {
		return "个工作日"
	}
	return "日"
}
