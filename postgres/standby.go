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
	// asOf is the moment up to which it is known to have everything; nil until it is.
	asOf atomic.Pointer[time.Time]
	// failing is true from an answer that it owed until it answers a check: meanwhile
	// the database is asked first.
	failing atomic.Bool
	// asked is when the database said position, and reached whether the standby has
	// come that far. Only CheckStandby uses them.
	asked    time.Time
	position string
	reached  bool
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
//
// A primary that dies takes with it the connections that the standby's pool may have
// to it. So a standby that failed is asked once more where the database is gone too.
func ForPublic[T any](ctx context.Context, d *DB, ask func(context.Context, *DB) (T, error)) (T, error) {
	s := d.standby
	if s == nil || !s.fresh(d.clock()) {
		return ask(ctx, d)
	}
	if !s.failing.Load() {
		v, err := ofStandby(ctx, s, ask)
		if answered(err) || ctx.Err() != nil {
			return v, err
		}
		s.failing.Store(true) // nobody else waits for it
	}
	v, err := ask(ctx, d)
	if Unreachable(err) && ctx.Err() == nil {
		if w, failed := ofStandby(ctx, s, ask); answered(failed) {
			return w, failed
		}
	}
	return v, err
}

// ofStandby asks the standby, for as long as it may take.
func ofStandby[T any](ctx context.Context, s *standby, ask func(context.Context, *DB) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, standbyPatience)
	defer cancel()
	return ask(ctx, s.db)
}

// answered tells an answer from a failure.
func answered(err error) bool { return err == nil || errors.Is(err, casework.ErrNotFound) }

func (s *standby) fresh(now time.Time) bool {
	at := s.asOf.Load()
	return at != nil && now.Sub(*at) <= mostBehind
}

// CheckStandby finds out whether the standby may read for the public, and returns
// why not. It is called every second or so, by one goroutine. A database that does
// not answer leaves a standby as new as it is known to be until mostBehind has passed.
func (d *DB) CheckStandby(ctx context.Context) error {
	s, now := d.standby, d.clock()
	gone := d.askPosition(ctx, now)
	if s.position == "" {
		return gone
	}
	ctx, cancel := context.WithTimeout(ctx, standbyPatience)
	defer cancel()
	replayed, err := q.HasReplayed(ctx, s.db.conn, s.position)
	s.failing.Store(err != nil)
	if err != nil {
		return fmt.Errorf("ask the standby how far it has come: %w", err)
	}
	if replayed {
		at := s.asked
		s.asOf.Store(&at)
		s.reached = true
	}
	if gone == nil && !s.fresh(now) {
		return ErrBehind
	}
	return gone
}

// askPosition asks the database how far it has come, once the standby is there or has
// not come there for long.
func (d *DB) askPosition(ctx context.Context, now time.Time) error {
	s := d.standby
	if s.position != "" && !s.reached && now.Sub(s.asked) <= mostBehind {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, standbyPatience)
	defer cancel()
	position, err := q.WalPosition(ctx, d.conn)
	if err != nil {
		return fmt.Errorf("ask the database how far it has come: %w", err)
	}
	s.asked, s.position, s.reached = now, position, false
	return nil
}
