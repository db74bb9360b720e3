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
		m.note = row.Name + "，" + reason
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
		pause := casework.PauseOf(row.TriggerDay, row.Paused, d.Today())
		calendar, err := calendarOf(ctx, tx, row.Paused, lastDay)
		if err != nil {
			return err
		}
		due, removed := pause.Resume(casework.Due{Day: row.Due, Provisional: row.Provisional}, row.Unit, calendar)
		m.note = fmt.Sprintf("%s，%s → %s，扣除%d%s，%s", row.Name, row.Due, due.Day, removed, unitName(row.Unit), reason)
		if d.rest(m, row, false) {
			m.p.ReplyDue = due.Day
		}
		return d.resume(ctx, tx, c, row, due, db.CreateDeadlineChangeParams{
			Since: pause.From, Until: pause.To, Removed: new(int32(removed)), Reason: reason,
		})
	})
}

func (d *DB) resume(ctx context.Context, tx pgx.Tx, c Call, row db.Deadline, due casework.Due, g db.CreateDeadlineChangeParams) error {
	err := q.ResumeDeadline(ctx, tx, db.ResumeDeadlineParams{ID: row.ID, Due: due.Day, Provisional: due.Provisional, Now: d.now()})
	if err != nil {
		return err
	}
	g.DeadlineID, g.Cause, g.Before, g.After = row.ID, "resume", row.Due, due.Day
	g.AuthorID, g.Author, g.At = &c.User.ID, c.User.Name, d.now()
	if err := q.CreateDeadlineChange(ctx, tx, g); err != nil {
		return err
	}
	if err := q.MoveOpinions(ctx, tx, []int64{row.ID}); err != nil {
		return err
	}
	row.Due = due.Day
	return d.tellMoved(ctx, tx, []db.Deadline{row}, casework.MovedByPause)
}

// deadlineOf returns one of a proposal's own deadlines.
func deadlineOf(ctx context.Context, tx pgx.Tx, p Proposal, id int64) (db.Deadline, error) {
	row, err := q.Deadline(ctx, tx, id)
	if err != nil || row.Deadline.ProposalID != p.ID || row.Deadline.CommitmentID != nil {
		return row.Deadline, casework.Invalid("deadline_id", "应为本件的一项期限；承诺事项的期限用“调整时限”")
	}
	return row.Deadline, nil
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
