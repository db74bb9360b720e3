package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// MergeDivision merges the division c.ID into another of its organ (处室合并). Its
// people and what it handles go over. Its open promises keep the division in which
// they were taken, and so stand among those that nobody owns until somebody
// accepts each.
func (d *DB) MergeDivision(ctx context.Context, c Call, into int64) (Organ, error) {
	return d.keepOrgan(ctx, c, func(tx pgx.Tx) (int64, error) { return d.mergeDivision(ctx, tx, c, into) })
}

// mergeDivision returns the organ of both.
func (d *DB) mergeDivision(ctx context.Context, tx pgx.Tx, c Call, into int64) (int64, error) {
	id := c.ID
	list, err := q.LockDivisions(ctx, tx, []int64{id, into})
	if err != nil {
		return 0, err
	}
	at := map[int64]db.Division{}
	for _, v := range list {
		at[v.ID] = v
	}
	from, to := at[id], at[into]
	switch {
	case from.ID == 0:
		return 0, found(pgx.ErrNoRows, "division", id)
	case from.MergedInto != nil:
		return 0, casework.Invalid("division_id", "%s已经并入其他处室", from.Name)
	case id == into || to.ID == 0 || to.OrganID != from.OrganID || to.MergedInto != nil:
		return 0, casework.Invalid("into_id", "应为同一单位的另一个处室，且没有并入其他处室")
	}
	if err := q.MergeDivision(ctx, tx, into, id); err != nil {
		return 0, err
	}
	if err := q.MoveUsers(ctx, tx, into, id); err != nil {
		return 0, err
	}
	if err := d.moveProposals(ctx, tx, c.User, from, to); err != nil {
		return 0, err
	}
	return from.OrganID, d.tellLeft(ctx, tx, from.OrganID, from.Name+"并入"+to.Name, nil, &id)
}

// moveProposals gives what a division handles, or may have to again, to another.
func (d *DB) moveProposals(ctx context.Context, tx pgx.Tx, u casework.User, from, to db.Division) error {
	ids, err := q.ProposalsOfDivision(ctx, tx, from.OrganID, from.ID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		m, err := d.lock(ctx, tx, id)
		if err != nil {
			return err
		}
		m.next, m.p.DivisionID, m.note = m.p.State, &to.ID, from.Name+"并入"+to.Name
		if err := d.finish(ctx, tx, u, casework.DivisionMerged, m); err != nil {
			return err
		}
	}
	return nil
}

// tellLeft tells the office of an organ that promises wait for somebody to accept
// them, if there are any: those of a person or those of a division.
func (d *DB) tellLeft(ctx context.Context, tx pgx.Tx, organID int64, why string, ownerID, divisionID *int64) error {
	n, err := q.OpenPromisesOf(ctx, tx, ownerID, divisionID)
	if err != nil || n == 0 {
		return err
	}
	p, err := peopleOf(ctx, tx, []int64{organID}, nil, nil)
	if err != nil {
		return err
	}
	to := p.at([]casework.Recipient{casework.ToOffice}, concern{organID: organID})
	return d.tellAll(ctx, tx, casework.User{}, to, occasionNotice{
		Occasion: "promises_left", Ref: d.now().UnixMicro(), // each time it happens
		Subject: fmt.Sprintf("【待接手】%s，%d项承诺待转交并由接手人确认", why, n),
		Body:    "请在承诺事项中筛选“无人负责”，逐项转交；接手人确认以前，承诺仍列在其中。",
	})
}
