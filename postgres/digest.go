package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"fuyan/casework"
	"fuyan/gen/db"
)

// digestHour and digestMinute are when the morning's digests are made: after the
// rungs of the day, so that they hold them.
const (
	digestHour   = 9
	digestMinute = 5
)

// SendDigest is queued for each person and morning on which something waits.
type SendDigest struct {
	UserID int64         `json:"user_id"`
	Day    casework.Date `json:"day"`
}

// Kind names the job.
func (SendDigest) Kind() string { return "send_digest" }

// InsertOpts puts the job into the queue of what goes out.
func (SendDigest) InsertOpts() river.InsertOpts { return sendOpts }

// makeDigests makes the digests of a working day once, when its hour has come.
func (d *DB) makeDigests(ctx context.Context) error {
	day, now := d.Today(), d.now()
	if now.Before(time.Date(day.Year, day.Month, day.Day, digestHour, digestMinute, 0, 0, d.zone)) {
		return nil
	}
	if made, err := q.DigestDay(ctx, d.conn, day); err != nil || made {
		return err
	}
	_, err := inTx(ctx, d, func(tx pgx.Tx) (nothing, error) {
		h, err := d.hours(ctx, tx)
		if err != nil {
			return nothing{}, err
		}
		if working, _ := h.Calendar.Working(day); !working {
			return nothing{}, nil
		}
		if n, err := q.CreateDigestDay(ctx, tx, day); err != nil || n == 0 {
			return nothing{}, err
		}
		people, err := q.CreateDigests(ctx, tx, day, now)
		if err != nil {
			return nothing{}, err
		}
		jobs := make([]river.InsertManyParams, len(people))
		for i, id := range people {
			jobs[i].Args = SendDigest{id, day}
		}
		return nothing{}, d.queueMany(ctx, tx, jobs)
	})
	return err
}

// BeginDigest counts an attempt and returns the digest that is to go out, or
// nothing where none is needed. What stands no more is left out.
func (d *DB) BeginDigest(ctx context.Context, job SendDigest) (*Outgoing, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (*Outgoing, error) {
		r, err := q.LockDigest(ctx, tx, job.UserID, job.Day)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && r.Digest.State != queued {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		standing, gone, err := d.waiting(ctx, tx, job, r)
		if err != nil {
			return nil, err
		}
		if len(gone) > 0 {
			if err := q.SetDigestDeliveries(ctx, tx, db.SetDigestDeliveriesParams{State: notNeeded, NoticeIds: gone}); err != nil {
				return nil, err
			}
		}
		set := db.SetDigestParams{UserID: job.UserID, Day: job.Day, State: queued, Attempts: r.Digest.Attempts + 1}
		if len(standing) == 0 {
			set.State = notNeeded
			return nil, q.SetDigest(ctx, tx, set)
		}
		if r.Digest.Attempts >= MostTries {
			return nil, d.giveUpDigest(ctx, tx, r, Failure{Cause: "多次中断"})
		}
		words := make([]*db.Notice, len(standing))
		for i := range standing {
			words[i] = &standing[i]
		}
		if err := d.inWords(ctx, tx, words...); err != nil {
			return nil, err
		}
		return d.digest(r, standing), q.SetDigest(ctx, tx, set)
	})
}

// waiting parts what waits for the digest into what still stands and what does
// not. For who can no longer be reached, nothing does.
func (d *DB) waiting(ctx context.Context, tx pgx.Tx, job SendDigest, r db.LockDigestRow) (standing []db.Notice, gone []int64, err error) {
	rows, err := q.DigestNotices(ctx, tx, job.UserID, r.Digest.Until, job.Day)
	if err != nil {
		return nil, nil, err
	}
	for _, row := range rows {
		e, err := q.NoticeToSend(ctx, tx, inDigest, row.Notice.ID)
		if err != nil {
			return nil, nil, err
		}
		stands, err := d.stands(ctx, tx, e)
		if err != nil {
			return nil, nil, err
		}
		if !stands || r.Disabled || r.MailMode == "none" {
			gone = append(gone, row.Notice.ID)
			continue
		}
		standing = append(standing, row.Notice)
	}
	return standing, gone, nil
}

// digest writes one mail about everything that waits.
func (d *DB) digest(r db.LockDigestRow, list []db.Notice) *Outgoing {
	day := r.Digest.Day
	o := &Outgoing{
		MessageID: fmt.Sprintf("digest.%d.%s", r.Digest.UserID, day), At: d.now(), Name: r.DisplayName, Mail: r.Mail,
		Subject: fmt.Sprintf("【每日提醒】%d月%d日，%d件事项", int(day.Month), day.Day, len(list)),
	}
	var lines []string
	for i, n := range list {
		o.notices = append(o.notices, n.ID)
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, n.Subject), n.Body)
	}
	o.Text = strings.Join(lines, "\n")
	return o
}

// DigestDone records that a digest went out, and with it all that it holds.
func (d *DB) DigestDone(ctx context.Context, job SendDigest, o *Outgoing) error {
	now := d.now()
	_, err := inTx(ctx, d, func(tx pgx.Tx) (nothing, error) {
		r, err := q.LockDigest(ctx, tx, job.UserID, job.Day)
		if err != nil || r.Digest.State != queued {
			return nothing{}, err
		}
		err = q.SetDigest(ctx, tx, db.SetDigestParams{
			UserID: job.UserID, Day: job.Day, State: sent, Attempts: r.Digest.Attempts, SentAt: &now, MessageID: o.MessageID,
		})
		if err != nil {
			return nothing{}, err
		}
		return nothing{}, q.SetDigestDeliveries(ctx, tx, db.SetDigestDeliveriesParams{
			State: sent, Attempts: r.Digest.Attempts, SentAt: &now, MessageID: o.MessageID, NoticeIds: o.notices,
		})
	})
	return err
}

// DigestFailed records why a digest did not go out, as [DB.SendingFailed] does.
func (d *DB) DigestFailed(ctx context.Context, job SendDigest, f Failure) (AfterFailure, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (AfterFailure, error) {
		r, err := q.LockDigest(ctx, tx, job.UserID, job.Day)
		if err != nil || r.Digest.State != queued {
			return Settled, err
		}
		if f.Permanent || r.Digest.Attempts >= MostTries {
			return GivenUp, d.giveUpDigest(ctx, tx, r, f)
		}
		return TryAgain, q.SetDigest(ctx, tx, db.SetDigestParams{
			UserID: job.UserID, Day: job.Day, State: queued, Attempts: r.Digest.Attempts, Error: f.Cause,
		})
	})
}

// giveUpDigest writes the failure on the digest and on all that it held.
func (d *DB) giveUpDigest(ctx context.Context, tx pgx.Tx, r db.LockDigestRow, f Failure) error {
	g := r.Digest
	err := q.SetDigest(ctx, tx, db.SetDigestParams{UserID: g.UserID, Day: g.Day, State: failed, Attempts: g.Attempts, Error: f.Cause})
	if err != nil {
		return err
	}
	rows, err := q.DigestNotices(ctx, tx, g.UserID, g.Until, g.Day)
	if err != nil || len(rows) == 0 {
		return err
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.Notice.ID
	}
	err = q.SetDigestDeliveries(ctx, tx, db.SetDigestDeliveriesParams{State: failed, Attempts: g.Attempts, Error: f.Cause, NoticeIds: ids})
	if err != nil {
		return err
	}
	return d.tellFailure(ctx, tx, r.OrganID, ids, occasionNotice{
		Occasion: "digest_failed", Ref: ids[0],
		Subject: fmt.Sprintf("【发送失败】给%s的每日提醒没有送出", r.DisplayName),
		Body:    fmt.Sprintf("其中有%d件事项。\n%s", len(ids), f.words()),
	})
}
