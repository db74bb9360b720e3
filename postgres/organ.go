package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A Division is a row of the divisions table.
type Division = db.Division

// An Organ is an organ with its divisions.
type Organ struct {
	db.Organ
	Divisions []Division
}

// mostOrgans is how many organs there are to choose from at once, and on a board.
const mostOrgans = 200

// most are the organs among them that are shown, and whether there are more.
func most[T any](organs []T) ([]T, bool) {
	return organs[:min(len(organs), mostOrgans)], len(organs) > mostOrgans
}

// ListOrgans returns every organ with its divisions.
func (d *DB) ListOrgans(ctx context.Context) ([]Organ, error) {
	rows, err := q.Organs(ctx, d.conn)
	if err != nil {
		return nil, err
	}
	divisions, err := q.Divisions(ctx, d.conn)
	if err != nil {
		return nil, err
	}
	out := make([]Organ, len(rows))
	at := map[int64]*Organ{}
	for i, r := range rows {
		out[i].Organ = r
		at[r.ID] = &out[i]
	}
	for _, v := range divisions {
		at[v.OrganID].Divisions = append(at[v.OrganID].Divisions, v)
	}
	return out, nil
}

// ListOrgansAnswering returns the organs that answer, without their divisions: of many
// those of which the most is public, and that there are more.
func (d *DB) ListOrgansAnswering(ctx context.Context) ([]Organ, bool, error) {
	rows, err := q.OrgansAnswering(ctx, d.conn, mostOrgans+1)
	rows, more := most(rows)
	slices.SortFunc(rows, func(x, y db.OrgansAnsweringRow) int { return cmp.Compare(x.Organ.ID, y.Organ.ID) })
	out := make([]Organ, len(rows))
	for i, r := range rows {
		out[i].Organ = r.Organ
	}
	return out, more, err
}

// ListOrgan returns one organ with its divisions; nothing where there is none.
func (d *DB) ListOrgan(ctx context.Context, id int64) ([]Organ, error) {
	o, err := organ(ctx, d.conn, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return []Organ{o}, err
}

func organ(ctx context.Context, tx db.DBTX, id int64) (Organ, error) {
	row, err := q.Organ(ctx, tx, id)
	if err != nil {
		return Organ{}, err
	}
	divisions, err := q.DivisionsOfOrgan(ctx, tx, id)
	return Organ{row, divisions}, err
}

// SaveOrgan makes an organ, or changes the one that o.ID names. Divisions
// without an id are made; those not named stay.
func (d *DB) SaveOrgan(ctx context.Context, c Call, o Organ) (Organ, error) {
	return d.keepOrgan(ctx, c, func(tx pgx.Tx) (int64, error) { return saveOrgan(ctx, tx, o) })
}

// keepOrgan runs f once for an admin's call, and returns the organ that it names.
func (d *DB) keepOrgan(ctx context.Context, c Call, f func(tx pgx.Tx) (int64, error)) (Organ, error) {
	if !c.User.Has(casework.Admin) {
		return Organ{}, fmt.Errorf("keep organs: %w", casework.ErrForbidden)
	}
	return inTx(ctx, d, func(tx pgx.Tx) (Organ, error) {
		id, _, err := d.once(ctx, tx, c, func() (int64, error) { return f(tx) })
		if err != nil {
			return Organ{}, err
		}
		return organ(ctx, tx, id)
	})
}

func saveOrgan(ctx context.Context, tx pgx.Tx, o Organ) (int64, error) {
	p := db.CreateOrganParams{
		Name: o.Name, ShortName: o.ShortName, OfficeName: o.OfficeName, Oversight: o.Oversight,
		CppccPrefix: o.CppccPrefix, NpcPrefix: o.NpcPrefix,
	}
	var row db.Organ
	var err error
	if o.ID == 0 {
		row, err = q.CreateOrgan(ctx, tx, p)
	} else {
		row, err = q.UpdateOrgan(ctx, tx, db.UpdateOrganParams{
			ID: o.ID, Name: p.Name, ShortName: p.ShortName, OfficeName: p.OfficeName, Oversight: p.Oversight,
			CppccPrefix: p.CppccPrefix, NpcPrefix: p.NpcPrefix,
		})
	}
	if err != nil {
		return 0, found(err, "organ", o.ID)
	}
	for i, v := range o.Divisions {
		if v.ID == 0 {
			_, err = q.CreateDivision(ctx, tx, row.ID, v.Name)
		} else if n, e := q.RenameDivision(ctx, tx, v.Name, v.ID, row.ID); e != nil || n == 0 {
			err = casework.Invalid(fmt.Sprintf("organ.divisions[%d].id", i), "应为该单位的处室")
		}
		if err != nil {
			return 0, err
		}
	}
	return row.ID, nil
}
