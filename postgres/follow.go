package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// mostNews is how many events are told of what a proposer has not seen.
const mostNews = 20

// A Followed is a proposal as one of its proposers follows it.
type Followed struct {
	ListedProposal
	Next      casework.NextStep
	NextDay   casework.Date
	Letters   []string // their numbers, the latest first
	News      []Event  // the latest that the proposer has not said to have seen, oldest first
	NewsCount int32    // of all such events
	SeenAt    *time.Time
}

// ListFollowed returns the proposals that u handed in, latest first: before the id
// before, or from the first when that is 0.
func (d *DB) ListFollowed(ctx context.Context, u casework.User, before int64, limit int32) ([]Followed, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	ids, err := q.FollowedIDs(ctx, d.conn, u.ID, before, limit)
	if err != nil {
		return nil, err
	}
	return d.followed(ctx, d.conn, u, ids)
}

// ViewFollowed returns one proposal that u handed in.
func (d *DB) ViewFollowed(ctx context.Context, u casework.User, id int64) (Followed, error) {
	return d.follows(ctx, d.conn, u, id)
}

func (d *DB) follows(ctx context.Context, tx db.DBTX, u casework.User, id int64) (Followed, error) {
	ids, err := q.FollowedIDs(ctx, tx, u.ID, id+1, 1)
	if err == nil && (len(ids) == 0 || ids[0] != id) {
		err = found(pgx.ErrNoRows, "proposal", id)
	}
	if err != nil {
		return Followed{}, err
	}
	list, err := d.followed(ctx, tx, u, ids)
	if err != nil {
		return Followed{}, err
	}
	return list[0], nil
}

// followed returns these proposals, which u handed in, in this order. It reads the
// proposals before the news: what happens between is news again the next time.
func (d *DB) followed(ctx context.Context, tx db.DBTX, u casework.User, ids []int64) ([]Followed, error) {
	proposals, err := d.proposalsOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	courses, err := q.Courses(ctx, tx, u.ID, ids)
	if err != nil {
		return nil, err
	}
	at := map[int64]db.CoursesRow{}
	for _, c := range courses {
		at[c.ID] = c
	}
	out, by := make([]Followed, len(ids)), map[int64]*Followed{}
	for i, id := range ids {
		out[i] = d.courseOf(proposals[id], at[id])
		by[id] = &out[i]
	}
	return out, d.addNews(ctx, tx, u, ids, by)
}

// courseOf says what comes next of a proposal.
func (d *DB) courseOf(p ListedProposal, c db.CoursesRow) Followed {
	f := Followed{ListedProposal: p, Letters: c.Letters, SeenAt: c.SeenAt}
	f.Next, f.NextDay = casework.Course{
		State: p.State, ReplyDue: p.ReplyDue, ReplyPaused: p.ReplyPaused, Undelivered: c.Undelivered, Unspoken: c.Unspoken,
		Asked: c.Asked, FeedbackDue: c.FeedbackDue, Undecided: c.Undecided, PublishDue: c.PublishDue, PromiseDue: c.PromiseDue,
	}.Next(d.Today())
	return f
}

// addNews adds what u has not said to have seen, of the events that those outside
// read.
func (d *DB) addNews(ctx context.Context, tx db.DBTX, u casework.User, ids []int64, to map[int64]*Followed) error {
	names, err := q.NamesOfRules(ctx, tx, hiddenRules)
	if err != nil {
		return err
	}
	rows, err := q.News(ctx, tx, db.NewsParams{
		Ids: ids, UserID: u.ID, Hidden: hiddenVerbs, AboutDeadlines: aboutDeadlines, HiddenNames: names, Most: mostNews,
	})
	for _, r := range rows {
		f := to[r.Event.ProposalID]
		f.News, f.NewsCount = append(f.News, asOutside(r.Event)), r.Total
	}
	return err
}

// MarkSeen keeps that the caller has seen what happened to a proposal up to the
// event seq. Nothing of the proposal itself changes.
func (d *DB) MarkSeen(ctx context.Context, c Call, seq int64) (Followed, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (Followed, error) {
		f, err := d.follows(ctx, tx, c.User, c.ID)
		if err != nil {
			return f, err
		}
		if seq > f.EventCount {
			return f, casework.Invalid("seq", "应为已有的办理记录，现有%d条", f.EventCount)
		}
		_, _, err = d.once(ctx, tx, c, func() (int64, error) {
			return c.ID, q.MarkSeen(ctx, tx, c.User.ID, c.ID, seq)
		})
		if err != nil {
			return f, err
		}
		return d.follows(ctx, tx, c.User, c.ID)
	})
}
