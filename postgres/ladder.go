package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A Ladder is one that holds for an organ: its own, or the one for all.
type Ladder struct {
	casework.Ladder
	Own     bool
	Version int64 // of the organ's own; 0 where it never had one
}

// GetLadders returns the ladders that hold for u's organ; for an admin those of
// all organs that have none of their own.
func (d *DB) GetLadders(ctx context.Context, u casework.User) ([]Ladder, error) {
	return laddersFor(ctx, d.conn, ladderOrgan(u))
}

// ladderOrgan is the organ whose ladders u keeps: none for an admin, who keeps
// those for all.
func ladderOrgan(u casework.User) int64 {
	if u.Has(casework.Admin) {
		return 0
	}
	return u.OrganID
}

func laddersFor(ctx context.Context, tx db.DBTX, organID int64) ([]Ladder, error) {
	rows, err := q.Ladders(ctx, tx, []int64{organID})
	if err != nil {
		return nil, err
	}
	all, err := laddersFrom(ctx, tx, rows)
	if err != nil {
		return nil, err
	}
	versions := map[ladderKey]int64{}
	for _, r := range rows {
		versions[ladderKey{r.Code, orZero(r.OrganID)}] = r.Version
	}
	var out []Ladder
	for _, code := range casework.LadderCodes {
		key := ladderKey{code, organID}
		own, ok := all[key]
		if !ok {
			own = all[ladderKey{code, 0}]
		}
		out = append(out, Ladder{own, ok && organID != 0, versions[key]})
	}
	return out, nil
}

// SaveLadder keeps the ladder of the caller's organ, or for an admin the one for
// all. One without rungs gives the organ's own up. What climbs the ladder is
// looked at anew.
func (d *DB) SaveLadder(ctx context.Context, c Call, l casework.Ladder) ([]Ladder, error) {
	organID := ladderOrgan(c.User)
	if !c.User.Has(casework.Admin) && (!c.User.Has(casework.Office) || organID == 0) {
		return nil, fmt.Errorf("keep ladders: %w", casework.ErrForbidden)
	}
	if err := checkLadder(l, organID); err != nil {
		return nil, err
	}
	return inTx(ctx, d, func(tx pgx.Tx) ([]Ladder, error) {
		_, _, err := d.once(ctx, tx, c, func() (int64, error) { return 0, d.saveLadder(ctx, tx, c, organID, l) })
		if err != nil {
			return nil, err
		}
		return laddersFor(ctx, tx, organID)
	})
}

// checkLadder lets an organ give its own up.
func checkLadder(l casework.Ladder, organID int64) error {
	if len(l.Rungs) == 0 && organID != 0 && slices.Contains(casework.LadderCodes, l.Code) {
		return nil
	}
	return l.Check()
}

func (d *DB) saveLadder(ctx context.Context, tx pgx.Tx, c Call, organID int64, l casework.Ladder) error {
	row, err := q.LockLadder(ctx, tx, l.Code, orNull(organID))
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if c.Version != row.Version {
		return &casework.StaleError{Present: row.Version}
	}
	if len(l.Rungs) == 0 {
		l.Every = 0
	}
	if row.ID == 0 {
		row.ID, err = q.CreateLadder(ctx, tx, l.Code, orNull(organID), int32(l.Every))
		if errors.Is(err, pgx.ErrNoRows) { // another has just made it
			return &casework.StaleError{Present: 1}
		}
		if err != nil {
			return err
		}
	}
	if err := writeRungs(ctx, tx, row.ID, l); err != nil {
		return err
	}
	rules := []string{l.Code}
	for _, climbs := range []string{casework.RuleRedo, casework.UrgeAnswer} {
		if casework.LadderOf(climbs) == l.Code {
			rules = append(rules, climbs)
		}
	}
	return q.RearmLadder(ctx, tx, db.RearmLadderParams{Now: d.now(), Rules: rules, OrganID: orNull(organID), Code: l.Code})
}

func writeRungs(ctx context.Context, tx pgx.Tx, id int64, l casework.Ladder) error {
	if err := q.DeleteRungs(ctx, tx, id); err != nil {
		return err
	}
	if err := q.UpdateLadder(ctx, tx, int32(l.Every), id); err != nil {
		return err
	}
	for _, r := range l.Rungs {
		if err := q.CreateRung(ctx, tx, id, int32(r.Days), r.Tells); err != nil {
			return err
		}
	}
	return nil
}
