package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"fuyan/casework"
	"fuyan/gen/db"
)

// An occasionNotice tells people once that something happened.
type occasionNotice struct {
	Occasion     string
	Ref          int64   // tells two of the same occasion and proposal apart
	To           []int64 // accounts
	As           casework.Recipient
	ProposalID   int64 // 0 for none
	CommitmentID int64 // 0 for none
	Subject      string
	Body         string
	InboxOnly    bool
}

// notify writes the notice for each recipient, in the transaction of what
// happened, and queues what sends it. Who was told already is not told again.
func (d *DB) notify(ctx context.Context, tx pgx.Tx, n occasionNotice) error {
	if len(n.To) == 0 {
		return nil
	}
	rows, err := q.TellOccasion(ctx, tx, db.TellOccasionParams{
		Role: n.As, Occasion: n.Occasion, Ref: n.Ref, ProposalID: orNull(n.ProposalID), CommitmentID: orNull(n.CommitmentID),
		Subject: n.Subject, Body: n.Body, At: d.now(), UserIds: n.To, GoesOut: !n.InboxOnly,
	})
	if err != nil {
		return err
	}
	jobs := make([]river.InsertManyParams, len(rows))
	for i, r := range rows {
		jobs[i].Args = SendNotice(r)
	}
	return d.queueMany(ctx, tx, jobs)
}

// A Notice is what one person was told, and how it went out.
type Notice struct {
	db.NoticesRow
	Deliveries []db.NoticeDelivery
}

// A NoticeFilter says which of a person's notices are wanted.
type NoticeFilter struct {
	Unread bool
	Before int64 // the last id of the page before; 0 for the first page
	Limit  int32
}

// ListNotices returns what u was told, latest first.
func (d *DB) ListNotices(ctx context.Context, u casework.User, f NoticeFilter) ([]Notice, error) {
	if f.Before == 0 {
		f.Before = 1<<63 - 1
	}
	rows, err := q.Notices(ctx, d.conn, db.NoticesParams{UserID: u.ID, Before: f.Before, Unread: f.Unread, MaxRows: f.Limit})
	if err != nil {
		return nil, err
	}
	out := make([]Notice, len(rows))
	ids := make([]int64, len(rows))
	at := map[int64]*Notice{}
	for i, r := range rows {
		out[i].NoticesRow, ids[i], at[r.ID] = r, r.ID, &out[i]
	}
	sent, err := q.NoticeDeliveries(ctx, d.conn, ids)
	for _, s := range sent {
		at[s.NoticeID].Deliveries = append(at[s.NoticeID].Deliveries, s)
	}
	return out, err
}

// mostUnread is how far unread notices are counted.
const mostUnread = 100

// UnreadNotices counts what u has not read, to a hundred at most.
func (d *DB) UnreadNotices(ctx context.Context, u casework.User) (int64, error) {
	return q.UnreadNotices(ctx, d.conn, u.ID, mostUnread)
}

// MarkNoticeRead marks the caller's notice c.ID read, and with it, where asked,
// every one before it. It returns how many are unread now.
func (d *DB) MarkNoticeRead(ctx context.Context, c Call, andBefore bool) (int64, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (int64, error) {
		_, _, err := d.once(ctx, tx, c, func() (int64, error) {
			if _, err := q.OwnNotice(ctx, tx, c.ID, c.User.ID); err != nil {
				return 0, found(err, "notice", c.ID)
			}
			var err error
			if andBefore {
				_, err = q.MarkNoticesReadUpTo(ctx, tx, d.now(), c.User.ID, c.ID)
			} else {
				_, err = q.MarkNoticesRead(ctx, tx, d.now(), c.User.ID, []int64{c.ID})
			}
			return c.ID, err
		})
		if err != nil {
			return 0, err
		}
		return q.UnreadNotices(ctx, tx, c.User.ID, mostUnread)
	})
}
