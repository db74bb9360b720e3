// Package seeds fills an empty database with something to look at: organs, an
// account for every role, five letters of past years, and proposals of this
// year in every state with commitments in every state.
//
// It does so by the operations of package postgres alone, as the people who do
// them, with a clock that is set to the day of each step. Days are counted back
// from the present, so the lists look alike whenever they are loaded.
package seeds

import (
	"context"
	"embed"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/postgres"
)

//go:embed data
var data embed.FS

// zone is where the days of the demo data begin and end.
var zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Load writes the demo data in one transaction: all of it or, when it fails,
// nothing. The database has its schema and no accounts.
func Load(ctx context.Context, conn postgres.Conn, now func() time.Time) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		l := &loader{now: now().In(zone)}
		l.at = l.now
		d, err := postgres.New(tx, postgres.Options{Now: func() time.Time { return l.at }, Zone: zone})
		if err != nil {
			return err
		}
		l.d = d
		return l.load(ctx)
	})
}

// A loader loads one database.
type loader struct {
	d      *postgres.DB
	now    time.Time // the present
	at     time.Time // what d takes for the present
	organs map[string]postgres.Organ
	users  map[string]casework.User
}

func (l *loader) load(ctx context.Context) error {
	if err := l.loadOrgans(ctx); err != nil {
		return fmt.Errorf("load organs: %w", err)
	}
	if err := l.loadAccounts(ctx); err != nil {
		return fmt.Errorf("load accounts: %w", err)
	}
	if err := l.loadPast(ctx); err != nil {
		return fmt.Errorf("load past letters: %w", err)
	}
	if err := l.loadProposals(ctx); err != nil {
		return err
	}
	return l.loadSettings(ctx)
}

// today is the day of the present.
func (l *loader) today() casework.Date { return casework.DateOf(l.now, zone) }

// set sets the clock to the morning of a day and some minutes more, though
// never beyond the present.
func (l *loader) set(day casework.Date, minutes int) {
	at := time.Date(day.Year, day.Month, day.Day, 9, minutes, 0, 0, zone)
	if at.After(l.now) {
		at = l.now
	}
	l.at = at
}

// call is a write about a subject.
func call(u casework.User, id int64) postgres.Call { return postgres.Call{User: u, ID: id} }
