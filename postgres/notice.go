package postgres

import (
	"context"
	"slices"

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
	var jobs []river.InsertManyParams
	for _, r := range rows {
		jobs = goOut(jobs, r.ID, r.ByMail, r.ByWebhook)
	}
	return d.queueMany(ctx, tx, jobs)
}

// A Notice is what one person was told, and how it went out.
type Notice struct {
	db.Notice
	AboutProposal, AboutCommitment int64 // 0 for none
	Deliveries                     []db.NoticeDelivery
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
	rows, err := listNotices(ctx, d.conn, u, f)
	if err != nil {
		return nil, err
	}
	out := make([]Notice, len(rows))
	ids, wordless := make([]int64, len(rows)), make([]*db.Notice, len(rows))
	at := map[int64]*Notice{}
	for i, r := range rows {
		out[i] = Notice{Notice: r.Notice, AboutProposal: r.AboutProposal, AboutCommitment: r.AboutCommitment}
		ids[i], wordless[i], at[r.Notice.ID] = r.Notice.ID, &out[i].Notice, &out[i]
	}
	if err := d.inWords(ctx, d.conn, wordless...); err != nil {
		return nil, err
	}
	sent, err := q.NoticeDeliveries(ctx, d.conn, ids)
	for _, s := range sent {
		at[s.NoticeID].Deliveries = append(at[s.NoticeID].Deliveries, s)
	}
	for i := range out {
		out[i].wait(ByMail, out[i].ByMail)
		out[i].wait(ByWebhook, out[i].ByWebhook)
	}
	return out, err
}

func listNotices(ctx context.Context, tx db.DBTX, u casework.User, f NoticeFilter) ([]db.NoticesRow, error) {
	if !f.Unread {
		return q.Notices(ctx, tx, u.ID, f.Before, f.Limit)
	}
	rows, err := q.NoticesUnread(ctx, tx, u.ID, f.Before, f.Limit)
	out := make([]db.NoticesRow, len(rows))
	for i, r := range rows {
		out[i] = db.NoticesRow(r)
	}
	return out, err
}

// wait adds a way out that nobody tried yet: all there is of it is a job.
func (n *Notice) wait(channel string, goesOut bool) {
	tried := slices.ContainsFunc(n.Deliveries, func(s db.NoticeDelivery) bool { return s.Channel == channel })
	if goesOut && !tried {
		n.Deliveries = append(n.Deliveries, db.NoticeDelivery{NoticeID: n.ID, Channel: channel, State: queued})
	}
}

// inWords writes the words of the notices of rungs; those of occasions have
// theirs. They are the same whenever they are written: see the table.
func (d *DB) inWords(ctx context.Context, tx db.DBTX, list ...*db.Notice) error {
	var ids []int64
	for _, n := range list {
		if n.DeadlineID != nil {
			ids = append(ids, n.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	about, err := q.RungWords(ctx, tx, ids)
	if err != nil {
		return err
	}
	told, err := q.ToldBefore(ctx, tx, ids)
	if err != nil {
		return err
	}
	before := map[int64][]casework.Told{}
	for _, r := range told {
		before[r.ID] = append(before[r.ID], casework.Told{
			Name: r.DisplayName, As: r.Role, Times: int(r.Times), Last: casework.DateOf(r.Last, d.zone),
		})
	}
	words := map[int64]casework.Reminder{}
	for _, r := range about {
		words[r.ID] = casework.Reminder{Kind: r.Kind, Number: r.Number, Title: r.Title, Rule: r.Rule, Promise: r.Promise, Before: before[r.ID]}
	}
	for _, n := range list {
		if r, ok := words[n.ID]; ok {
			d.word(n, r)
		}
	}
	return nil
}

// inItsWords does the same for one that goes out.
func (d *DB) inItsWords(r *errand) {
	if r.Notice.DeadlineID == nil {
		return
	}
	words := casework.Reminder{Kind: casework.Kind(r.Kind), Number: r.Number, Title: r.Title, Rule: r.Rule, Promise: r.Promise}
	for i, name := range r.ToldNames {
		words.Before = append(words.Before, casework.Told{
			Name: name, As: casework.Recipient(r.ToldAs[i]), Times: int(r.ToldTimes[i]), Last: casework.DateOf(r.ToldLast[i], d.zone),
		})
	}
	d.word(&r.Notice, words)
}

// word writes the words of a notice, of which r has what the notice does not say itself.
func (d *DB) word(n *db.Notice, r casework.Reminder) {
	r.Due, r.Today, r.Left, r.To = n.Due, casework.DateOf(n.At, d.zone), int(n.DaysLeft), n.Role
	n.Subject, n.Body = r.Subject(), r.Body()
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
			oldest := c.ID
			if andBefore {
				oldest = 0
			}
			return c.ID, q.MarkNoticesRead(ctx, tx, db.MarkNoticesReadParams{ReadAt: d.now(), UserID: c.User.ID, Oldest: oldest, Newest: c.ID})
		})
		if err != nil {
			return 0, err
		}
		return q.UnreadNotices(ctx, tx, c.User.ID, mostUnread)
	})
}
