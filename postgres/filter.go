package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A Filter is a list of proposals that a person keeps; what it asks for is the
// contract's own JSON, which only the server reads.
type Filter = db.Filter

// mostFilters is how many filters a person may keep.
const mostFilters = 30

// ListFilters returns u's filters, the oldest first.
func (d *DB) ListFilters(ctx context.Context, u casework.User) ([]Filter, error) {
	return q.Filters(ctx, d.conn, u.ID)
}

// SaveFilter keeps a filter of the caller's under a name.
func (d *DB) SaveFilter(ctx context.Context, c Call, name, list string) (Filter, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (Filter, error) {
		id, _, err := d.once(ctx, tx, c, func() (int64, error) {
			// Locked so that two who save at once are counted one after the other.
			if _, err := q.LockUser(ctx, tx, c.User.ID); err != nil {
				return 0, err
			}
			n, err := q.CountFilters(ctx, tx, c.User.ID)
			if err == nil && n >= mostFilters {
				err = casework.Invalid("name", "最多保存 %d 个筛选，应先删去不用的", mostFilters)
			}
			if err != nil {
				return 0, err
			}
			return q.CreateFilter(ctx, tx, c.User.ID, name, list)
		})
		if err != nil {
			return Filter{}, err
		}
		f, err := q.Filter(ctx, tx, id, c.User.ID)
		return f, found(err, "filter", id)
	})
}

// DeleteFilter forgets the caller's filter c.ID.
func (d *DB) DeleteFilter(ctx context.Context, c Call) error {
	_, err := inTx(ctx, d, func(tx pgx.Tx) (nothing, error) {
		_, _, err := d.once(ctx, tx, c, func() (int64, error) {
			n, err := q.DeleteFilter(ctx, tx, c.ID, c.User.ID)
			if err == nil && n == 0 {
				err = found(pgx.ErrNoRows, "filter", c.ID)
			}
			return c.ID, err
		})
		return nothing{}, err
	})
	return err
}
