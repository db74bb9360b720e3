package postgres

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A Confirmation makes a noted promise somebody's.
type Confirmation struct {
	OwnerID     int64
	Due         casework.Date
	Deliverable string
	Criterion   string
}

// ConfirmCommitment gives a noted promise an owner, a day and a deliverable.
func (d *DB) ConfirmCommitment(ctx context.Context, c Call, n Confirmation) (Commitment, error) {
	return d.keep(ctx, c, casework.Confirm, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		owner, err := keeperOf(ctx, tx, m.p, n.OwnerID)
		if err != nil {
			return err
		}
		l, err := q.Letter(ctx, tx, row.LetterID)
		if err != nil {
			return err
		}
		if n.Due.Before(l.IssueDate) {
			return casework.Invalid("due", "不得早于成文日期%s", l.IssueDate.Chinese())
		}
		if err := casework.CheckDay("due", n.Due); err != nil {
			return err
		}
		row.OwnerID, row.DivisionID, row.FirstDue, row.Due = &n.OwnerID, owner.User.DivisionID, n.Due, n.Due
		row.FollowYear = new(int32(d.Today().Year))
		row.Deliverable, row.Criterion = n.Deliverable, n.Criterion
		m.note = commitmentNote(row, owner.User.DisplayName+"，"+n.Due.String())
		if err := d.follow(ctx, tx, m, row, l.IssueDate); err != nil {
			return err
		}
		if err := d.askAgain(ctx, tx, m); err != nil {
			return err
		}
		return d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: "confirmed", Text: n.Deliverable})
	})
}

// keeperOf returns somebody who can own promises of the proposal's organ.
func keeperOf(ctx context.Context, tx pgx.Tx, p Proposal, userID int64) (db.UserByIDRow, error) {
	owner, err := q.UserByID(ctx, tx, userID)
	fits := orZero(owner.User.OrganID) == p.OrganID && works(owner.User.Roles, owner.User.Disabled)
	return owner, named(err, fits, casework.Invalid("owner_id", "应为承办单位的工作人员"))
}

// commitmentNote says in an event, and in the notice of it, what became of which
// promise.
func commitmentNote(row *db.Commitment, what string) string {
	return "承诺事项 " + strconv.FormatInt(row.ID, 10) + "“" + beginning(row.Text) + "”：" + what
}

// WaiveCommitment says that a noted sentence is no promise to follow.
func (d *DB) WaiveCommitment(ctx context.Context, c Call, reason string) (Commitment, error) {
	return d.keep(ctx, c, casework.Waive, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		row.EndReason = reason
		m.note = commitmentNote(row, reason)
		return d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: "waived", Text: reason})
	})
}

// ReportProgress reports how far an open promise is, with files that show it.
func (d *DB) ReportProgress(ctx context.Context, c Call, text string, day casework.Date, files ...int64) (Commitment, error) {
	day = d.dayOr(day)
	return d.keep(ctx, c, casework.ReportProgress, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		if err := d.sinceLetter(ctx, tx, row, "day", day); err != nil {
			return err
		}
		m.note = withFiles(commitmentNote(row, text), files)
		row.ReportedAt = new(d.now())
		if err := d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: "progress", Text: text, Day: day}); err != nil {
			return err
		}
		return d.attach(ctx, tx, c, files)
	})
}

// sinceLetter refuses a day before the letter that made the promise, or to come.
func (d *DB) sinceLetter(ctx context.Context, tx pgx.Tx, row *db.Commitment, field string, day casework.Date) error {
	l, err := q.Letter(ctx, tx, row.LetterID)
	if err == nil && (day.Before(l.IssueDate) || day.After(d.Today())) {
		err = casework.Invalid(field, "应在成文日期（%s）至今天之间", l.IssueDate.Chinese())
	}
	return err
}

// ReportDone says that a promise is kept, with what shows it.
func (d *DB) ReportDone(ctx context.Context, c Call, evidence string, day casework.Date, files ...int64) (Commitment, error) {
	done := d.dayOr(day)
	return d.keep(ctx, c, casework.ReportDone, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		if err := d.sinceLetter(ctx, tx, row, "day", done); err != nil {
			return err
		}
		if strings.TrimSpace(evidence) == "" {
			return casework.Invalid("evidence", "应写明以什么证明已经完成")
		}
		row.Evidence, row.DoneDay, row.DoneBy = evidence, done, &c.User.ID
		row.JudgedBy, row.ToldDay, row.ToldHow = nil, casework.Date{}, ""
		row.ReportedAt = new(d.now())
		m.note = withFiles(commitmentNote(row, evidence), files)
		if err := q.MeetCommitment(ctx, tx, done, &row.ID); err != nil {
			return err
		}
		if err := d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: "done", Text: evidence, Day: done}); err != nil {
			return err
		}
		return d.attach(ctx, tx, c, files)
	})
}

// A Verdict is what a judge says of a promise said to be done.
type Verdict struct {
	Accepted bool
	Comment  string
	ToldDay  casework.Date // when the proposers were told
	ToldHow  string
}

// VerifyCommitment judges a promise said to be done. To be kept it needs the day
// and the way its proposers were told (SH-REG art. 22).
func (d *DB) VerifyCommitment(ctx context.Context, c Call, v Verdict) (Commitment, error) {
	verb, kind := casework.VerifyNotKept, "not_accepted"
	if v.Accepted {
		verb, kind = casework.VerifyKept, "accepted"
	}
	return d.keep(ctx, c, verb, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		m.note = commitmentNote(row, v.Comment)
		if v.Accepted {
			switch {
			case v.ToldDay.IsZero() || v.ToldDay.After(d.Today()) || v.ToldDay.Before(row.DoneDay):
				return casework.Invalid("told_day", "应填告知提出人的日期，在%s至今天之间", row.DoneDay.Chinese())
			case strings.TrimSpace(v.ToldHow) == "":
				return casework.Invalid("told_how", "应填告知提出人的方式")
			}
			row.JudgedBy, row.ToldDay, row.ToldHow = &c.User.ID, v.ToldDay, v.ToldHow
			row.Keepings++
			row.OfferedTo = nil // there is nothing left to take over
			if err := d.queue(ctx, tx, TellProposer{m.p.ID, "kept", m.p.EventCount + 1}); err != nil {
				return err
			}
		} else if err := d.reopen(ctx, tx, row, c.User, v.Comment); err != nil {
			return err
		}
		return d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: kind, Text: v.Comment})
	})
}

// A DayChange moves the day of a promise.
type DayChange struct {
	Due      casework.Date
	Reason   string
	AgreedBy string
}

// ChangeDueDay moves the day of an open promise; the days before stay on record.
func (d *DB) ChangeDueDay(ctx context.Context, c Call, n DayChange) (Commitment, error) {
	return d.keep(ctx, c, casework.ChangeDueDay, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		if n.Due == row.Due {
			return casework.Invalid("due", "应与现在的期限%s不同", row.Due.Chinese())
		}
		m.note = commitmentNote(row, row.Due.String()+" → "+n.Due.String()+"，"+n.Reason)
		if err := d.changeDue(ctx, tx, c, row, n); err != nil {
			return err
		}
		if err := d.moveCommitment(ctx, tx, row, shift{n.Due, "due_change", n.Reason, c.User}); err != nil {
			return err
		}
		if err := d.queue(ctx, tx, TellProposer{m.p.ID, "due", m.p.EventCount + 1}); err != nil {
			return err
		}
		return d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: "due_changed", Text: n.Reason})
	})
}

// A DropReport is the signed report by which a promise is given up.
type DropReport struct {
	Text      string
	SignedBy  string
	SignedDay casework.Date // today when none
	Files     []int64
}

// DropCommitment gives an open promise up (SH-REG art. 22 para. 3): with a signed
// report that is copied to the oversight offices and told to the proposers.
func (d *DB) DropCommitment(ctx context.Context, c Call, r DropReport) (Commitment, error) {
	signed := d.dayOr(r.SignedDay)
	return d.keep(ctx, c, casework.Drop, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		if err := d.sinceLetter(ctx, tx, row, "signed_day", signed); err != nil {
			return err
		}
		switch "" {
		case strings.TrimSpace(r.Text):
			return casework.Invalid("report", "应为说明不能继续办理的书面报告")
		case strings.TrimSpace(r.SignedBy):
			return casework.Invalid("signed_by", "应为签发报告的负责人")
		}
		row.EndReason, row.SignedBy, row.SignedDay, row.OfferedTo = r.Text, r.SignedBy, signed, nil
		m.note = withFiles(commitmentNote(row, r.SignedBy+" 签发："+r.Text), r.Files)
		if err := d.queue(ctx, tx, TellProposer{m.p.ID, "dropped", m.p.EventCount + 1}); err != nil {
			return err
		}
		if err := q.EndCommitment(ctx, tx, d.Today(), &row.ID); err != nil {
			return err
		}
		if err := d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: "dropped", Text: r.SignedBy + "：" + r.Text}); err != nil {
			return err
		}
		return d.attach(ctx, tx, c, r.Files)
	})
}

// ReopenCommitment opens a kept promise again (反弹), also where a proposer said
// that it is not kept. What it was judged by is in its history.
func (d *DB) ReopenCommitment(ctx context.Context, c Call, reason string, due casework.Date) (Commitment, error) {
	return d.keep(ctx, c, casework.Reopen, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		m.note = commitmentNote(row, reason)
		if err := d.changeDue(ctx, tx, c, row, DayChange{due, reason, c.User.Name}); err != nil {
			return err
		}
		if err := d.decideContest(ctx, tx, c.User, row, "reopened", reason); err != nil {
			return err
		}
		row.JudgedBy, row.ToldDay, row.ToldHow = nil, casework.Date{}, ""
		row.FollowYear = new(int32(d.Today().Year))
		// What was kept once stays on record as met: the relapse has a day of its own.
		if err := d.follow(ctx, tx, m, row, d.Today()); err != nil {
			return err
		}
		if err := d.askAgain(ctx, tx, m); err != nil {
			return err
		}
		if err := d.queue(ctx, tx, TellProposer{m.p.ID, "reopened", m.p.EventCount + 1}); err != nil {
			return err
		}
		return d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: "reopened", Text: reason})
	})
}
