package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"fuyan/casework"
)

// A standby is a copy of the database that follows it and reads for the public.
//
// How far behind it is, no clock of its own tells: one that lost its connection
// believes that nothing happens. So the database is asked how far it has come, and
// the standby whether it has come that far; it is then known to have all that was
// committed before the first question. While that is longer ago than mostBehind,
// the database answers the public itself.
type standby struct {
	db *DB
	// asOf is the moment up to which it is known to have everything; nil while it
	// is not to be asked.
	asOf atomic.Pointer[time.Time]
	// asked is when the database said position, which the standby has not reached
	// yet; position is "" when it has. Only CheckStandby uses them.
	asked    time.Time
	position string
}

const (
	// mostBehind bounds how long the public may still read what was taken down. It
	// is as long as it commonly takes until a primary that died has a successor:
	// meanwhile nobody can take anything down, and the public still reads.
	mostBehind = 30 * time.Second
	// standbyPatience is how long a standby may take for one answer.
	standbyPatience = 3 * time.Second
)

// ErrBehind means that a standby is not known to have what it should.
var ErrBehind = errors.New("the standby is behind, or no standby")

// ForPublic returns what ask finds in the standby or, where there is none that is
// known to be nearly as new, or it fails, in the database itself. It is for readers
// who are not signed in: others would miss what they did a moment ago.
func ForPublic[T any](ctx context.Context, d *DB, ask func(context.Context, *DB) (T, error)) (T, error) {
	s := d.standby
	if s == nil || !s.fresh(d.clock()) {
		return ask(ctx, d)
	}
	short, cancel := context.WithTimeout(ctx, standbyPatience)
	defer cancel()
	v, err := ask(short, s.db)
	if err == nil || errors.Is(err, casework.ErrNotFound) || ctx.Err() != nil {
		return v, err
	}
	s.asOf.Store(nil) // until it is checked again, nobody else waits for it
	return ask(ctx, d)
}

func (s *standby) fresh(now time.Time) bool {
	at := s.asOf.Load()
	return at != nil && now.Sub(*at) <= mostBehind
}

// CheckStandby finds out whether the standby may read for the public, and returns
// why not. It is called every second or so, by one goroutine. A database that does
// not answer leaves a standby as it is until mostBehind has passed.
func (d *DB) CheckStandby(ctx context.Context) error {
	s, now := d.standby, d.clock()
	ctx, cancel := context.WithTimeout(ctx, standbyPatience)
	defer cancel()
	if s.position == "" || now.Sub(s.asked) > mostBehind {
		position, err := q.WalPosition(ctx, d.conn)
		if err != nil {
			return fmt.Errorf("ask the database how far it has come: %w", err)
		}
		s.asked, s.position = now, position
	}
	switch replayed, err := q.HasReplayed(ctx, s.db.conn, s.position); {
	case err != nil:
		s.asOf.Store(nil)
		return fmt.Errorf("ask the standby how far it has come: %w", err)
	case replayed:
		at := s.asked
		s.asOf.Store(&at)
		s.position = ""
	}
	if !s.fresh(now) {
		return ErrBehind
	}
	return nil
}
