package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// ReassignCommitment offers a promise to another owner (转交). Until the other
// accepts it stays with whom it was, so that no promise is ever nobody's. A later
// offer takes the place of one not yet accepted; to give it to its present owner
// withdraws what was offered to another.
func (d *DB) ReassignCommitment(ctx context.Context, c Call, ownerID int64, reason string) (Commitment, error) {
	meant := func(row db.Commitment) casework.CommitmentVerb {
		if offered := orZero(row.OfferedTo); ownerID == orZero(row.OwnerID) && offered != 0 && offered != ownerID {
			return casework.WithdrawOffer
		}
		return casework.Offer
	}
	return d.keepAs(ctx, c, meant, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		if meant(*row) == casework.WithdrawOffer {
			return d.withdrawOffer(ctx, tx, m, row, reason)
		}
		owner, err := keeperOf(ctx, tx, m.p, ownerID)
		if err != nil {
			return err
		}
		// Whose division was merged must accept anew what was taken in the old one.
		if ownerID == orZero(row.OwnerID) && orZero(owner.User.DivisionID) == orZero(row.DivisionID) {
			return casework.Invalid("owner_id", "应为另一位工作人员，这项承诺现在就由%s负责", owner.User.DisplayName)
		}
		row.OfferedTo = &ownerID
		m.note = commitmentNote(row, owner.User.DisplayName+"，"+reason)
		return d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: "offered", Text: owner.User.DisplayName + "：" + reason})
	})
}

// withdrawOffer takes back what was offered to somebody, who is told.
func (d *DB) withdrawOffer(ctx context.Context, tx pgx.Tx, m *move, row *db.Commitment, reason string) error {
	taker, err := q.UserByID(ctx, tx, *row.OfferedTo)
	if err != nil {
		return err
	}
	m.offered, row.OfferedTo = taker.User.ID, nil
	m.note = commitmentNote(row, taker.User.DisplayName+"，"+reason)
	return d.progress(ctx, tx, m.by, row, db.CreateProgressParams{Kind: "offer_withdrawn", Text: taker.User.DisplayName + "：" + reason})
}

// AcceptCommitment makes the promise the caller's, to whom it was offered, or
// leaves it with whom it was.
func (d *DB) AcceptCommitment(ctx context.Context, c Call, accepted bool, reason string) (Commitment, error) {
	verb := casework.TakeOver
	if !accepted {
		verb = casework.DeclineOffer
	}
	return d.keep(ctx, c, verb, func(tx pgx.Tx, m *move, row *db.Commitment) error {
		row.OfferedTo = nil
		if !accepted {
			if strings.TrimSpace(reason) == "" {
				return casework.Invalid("reason", "不接手时应说明理由")
			}
			m.note = commitmentNote(row, reason)
			return d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: "declined", Text: reason})
		}
		owner, err := keeperOf(ctx, tx, m.p, c.User.ID) // may have left the organ since
		if err != nil {
			return err
		}
		m.owner = orZero(row.OwnerID) // is told that it is theirs no more
		row.OwnerID, row.DivisionID = &c.User.ID, owner.User.DivisionID
		m.note = commitmentNote(row, owner.User.DisplayName)
		return d.progress(ctx, tx, c.User, row, db.CreateProgressParams{Kind: "taken_over", Text: reason})
	})
}
