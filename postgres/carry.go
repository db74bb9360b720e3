package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// DoCarryOver carries what is not settled into the next year (SH-REG art. 22:
// 年内尚未解决的，转下年度跟踪办理): from 31 December on, and later where nothing ran on
// that day. Each proposal is a transaction of its own, and one that was carried
// is carried no second time, so that it may be broken off and done again; one that
// fails keeps no other back.
func (d *DB) DoCarryOver(ctx context.Context) error {
	year := int32(d.Today().AddDays(1).Year)
	return d.eachProposal(ctx, "carry over promises of",
		func(after int64, most int32) ([]int64, error) {
			return q.ProposalsToCarry(ctx, d.conn, year, after, most)
		},
		func(tx pgx.Tx, id int64) error { return d.carry(ctx, tx, id, year) })
}

// eachProposal does something to each proposal that find looks up, in the order of
// their ids and behind the one given, in a transaction each. One that fails keeps
// no other back.
func (d *DB) eachProposal(ctx context.Context, what string, find func(after int64, most int32) ([]int64, error), do func(tx pgx.Tx, id int64) error) (failed error) {
	const most = 200 // are looked up at a time
	for after := int64(0); ; {
		ids, err := find(after, most)
		if err != nil || len(ids) == 0 {
			return errors.Join(failed, err)
		}
		for _, id := range ids {
			_, err := inTx(ctx, d, func(tx pgx.Tx) (nothing, error) { return nothing{}, do(tx, id) })
			if err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s proposal %d: %w", what, id, err))
			}
			after = id
		}
	}
}

// carry carries the promises of one proposal, and tells its proposers in writing.
func (d *DB) carry(ctx context.Context, tx pgx.Tx, proposalID int64, year int32) error {
	m, err := d.lock(ctx, tx, proposalID)
	if err != nil {
		return err
	}
	list, err := q.CommitmentsToCarry(ctx, tx, proposalID, year)
	if err != nil || len(list) == 0 { // settled, or carried, since they were looked up
		return err
	}
	for _, row := range list {
		if row.State, err = row.State.Next(casework.CarryOver); err != nil {
			return err
		}
		m.note = commitmentNote(&row, fmt.Sprintf("%d年度转入%d年度", orZero(row.FollowYear), year))
		if err := q.CarryCommitment(ctx, tx, year, row.ID); err != nil {
			return err
		}
		words := fmt.Sprintf("%d年度未办结，转入%d年度", orZero(row.FollowYear), year)
		if err := d.progress(ctx, tx, casework.User{}, &row, db.CreateProgressParams{Kind: "carried", Text: words}); err != nil {
			return err
		}
		if err := d.record(ctx, tx, &m.p, casework.User{}, casework.Verb(casework.CarryOver), m.note); err != nil {
			return err
		}
		if err := d.tellKeeper(ctx, tx, casework.User{}, casework.Verb(casework.CarryOver), m, row); err != nil {
			return err
		}
	}
	return d.queue(ctx, tx, TellProposer{m.p.ID, "carried", m.p.EventCount})
}
