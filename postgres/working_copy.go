package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A WorkingCopy is a row of the working_copies table: what one person has written
// of a reply and not yet saved as a draft.
type WorkingCopy = db.WorkingCopy

// A Keeping is what KeepWorkingCopy keeps.
type Keeping struct {
	NewDraft
	EditorID string
	Revision int64
	Base     int32 // the draft that the writing began with; 0 for none
}

// KeepWorkingCopy keeps what the caller has written so far, in the place of what
// they kept before, and returns it with the number of the latest draft. It is no
// move: nobody else sees it, and no event says so.
func (d *DB) KeepWorkingCopy(ctx context.Context, c Call, k Keeping) (kept WorkingCopy, latest int32, err error) {
	kept, err = inTx(ctx, d, func(tx pgx.Tx) (WorkingCopy, error) {
		m, err := d.mayWrite(ctx, tx, c)
		if err != nil {
			return WorkingCopy{}, err
		}
		latest = m.reply.DraftCount
		before, err := workingCopy(ctx, tx, m.reply.ID, c.User.ID)
		if err != nil {
			return before, err
		}
		edit := casework.Edit{Editor: k.EditorID, Revision: k.Revision, Version: c.Version}
		late, err := edit.Follows(casework.Edit{Editor: before.EditorID, Revision: before.Revision, Version: before.Version})
		if err != nil || late {
			return before, err
		}
		if before.Version == 0 {
			if err := notOvertaken(ctx, tx, m, c, k.Base); err != nil {
				return before, err
			}
		}
		return q.KeepWorkingCopy(ctx, tx, db.KeepWorkingCopyParams{
			ReplyID: m.reply.ID, UserID: c.User.ID, EditorID: k.EditorID, Revision: k.Revision, Base: k.Base,
			Text: k.Text, Result: k.Result, Publicity: k.Publicity, WithholdReason: k.WithholdReason, Summary: k.Summary, KeptAt: d.now(),
		})
	})
	return kept, latest, err
}

// mayWrite locks the proposal for somebody who may save drafts of it now.
func (d *DB) mayWrite(ctx context.Context, tx pgx.Tx, c Call) (*move, error) {
	m, err := d.lock(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	if !c.User.Sees(m.s) {
		return nil, found(pgx.ErrNoRows, "proposal", c.ID)
	}
	_, err = c.User.Do(casework.SaveDraft, m.s)
	return m, err
}

// notOvertaken refuses what was begun before the caller's own latest draft, where
// nothing is kept: it was sent before that was saved and comes after it, or from
// another window, which has to show the draft first.
func notOvertaken(ctx context.Context, tx pgx.Tx, m *move, c Call, base int32) error {
	if base > m.reply.DraftCount {
		return casework.Invalid("base", "应为已有的一稿，最多 %d", m.reply.DraftCount)
	}
	own, err := q.OwnDraft(ctx, tx, m.reply.ID, c.User.ID)
	if err == nil && base < own {
		err = &casework.StaleError{Present: int64(own)}
	}
	return err
}

// DropWorkingCopy throws the caller's working copy away.
func (d *DB) DropWorkingCopy(ctx context.Context, c Call) error {
	_, err := inTx(ctx, d, func(tx pgx.Tx) (int64, error) {
		id, _, err := d.once(ctx, tx, c, func() (int64, error) { return c.ID, d.dropWorkingCopy(ctx, tx, c) })
		return id, err
	})
	return err
}

func (d *DB) dropWorkingCopy(ctx context.Context, tx pgx.Tx, c Call) error {
	m, err := d.mayWrite(ctx, tx, c)
	if err != nil {
		return err
	}
	n, err := q.DropWorkingCopy(ctx, tx, m.reply.ID, c.User.ID, c.Version)
	if err != nil || n == 1 {
		return err
	}
	kept, err := workingCopy(ctx, tx, m.reply.ID, c.User.ID)
	if err == nil {
		err = &casework.StaleError{Present: kept.Version}
	}
	return err
}

// workingCopy is what a person has kept of a reply; the zero one for nothing.
func workingCopy(ctx context.Context, tx db.DBTX, replyID, userID int64) (WorkingCopy, error) {
	kept, err := q.WorkingCopy(ctx, tx, replyID, userID)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return kept, err
}
