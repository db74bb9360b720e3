package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"fuyan/casework"
)

// Loaded is what [Load] wrote and how long that took.
type Loaded struct {
	People    People
	Proposals int
	Rows      int64
	Bytes     int64         // that were sent
	Copy      time.Duration // from nothing to the last row
	Index     time.Duration
	Settle    time.Duration // until Postgres has cleaned up and knows what there is
}

// Load fills a database that has its schema and no accounts with what a city has after
// ten years and so many proposals. It is the same for the same number and day: what is
// past, due and to come is counted from today.
//
// Rows are copied, with nothing that looks at them: no trigger, no reference and no
// index, which are made afterwards. What triggers and operations would have written
// beside them is written here. A Load that fails leaves a database to be thrown away.
// It takes a superuser.
func Load(ctx context.Context, db *pgxpool.Pool, proposals int, now time.Time) (Loaded, error) {
	l := Loaded{Proposals: proposals}
	start := time.Now()
	c, err := begin(ctx, db, proposals, now)
	if err != nil {
		return l, fmt.Errorf("begin to load: %w", err)
	}
	l.People = c.People
	conn, err := pgx.ConnectConfig(ctx, quiet(db.Config().ConnConfig))
	if err != nil {
		return l, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	resting, err := rest(ctx, conn)
	if err != nil {
		return l, fmt.Errorf("lay triggers to rest: %w", err)
	}
	if err := c.copy(ctx, conn.Config(), &l); err != nil {
		return l, err
	}
	if err := c.number(ctx, conn); err != nil {
		return l, fmt.Errorf("set the sequences: %w", err)
	}
	l.Copy = time.Since(start)
	start = time.Now()
	if err := reindex(ctx, conn); err != nil {
		return l, fmt.Errorf("make indexes: %w", err)
	}
	l.Index = time.Since(start)
	start = time.Now()
	err = wake(ctx, conn, resting)
	l.Settle = time.Since(start)
	return l, err
}

// begin puts the people on record and gathers what proposals are made of.
func begin(ctx context.Context, db *pgxpool.Pool, proposals int, now time.Time) (*chronicle, error) {
	var users int
	if err := db.QueryRow(ctx, `SELECT count(*) FROM users`).Scan(&users); err != nil {
		return nil, err
	}
	if users > 0 {
		return nil, fmt.Errorf("the database has %d accounts", users)
	}
	rnd := rand.New(rand.NewPCG(20230108, uint64(proposals)))
	c := &chronicle{
		rnd: rnd, cases: map[[2]int]int{}, last: map[seriesKey]int{}, public: map[publicKey]int64{}, tallies: map[tallyKey]int{},
	}
	var err error
	if c.almanac, err = newAlmanac(ctx, db, now); err != nil {
		return nil, err
	}
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		c.city, err = settle(ctx, tx, proposals, rnd)
		return err
	})
	c.pool = newPool(proposals, rnd)
	w := writer{rnd}
	for k, kind := range casework.Kinds {
		noun := "提案"
		if kind == casework.NPCSuggestion {
			noun = "建议"
		}
		for range 5000 {
			c.titles[k] = append(c.titles[k], w.title(noun))
		}
	}
	return c, err
}

// chunk is how many proposals are copied together.
const chunk = 1000

// recent is how many of a hundred proposals were handed over in the last recentDays,
// of which most still wait.
const (
	recent     = 8
	recentDays = 150
)

// handed is the day on which a proposal of so many was handed over.
func (c *chronicle) handed(i, of int) day {
	old := of * (100 - recent) / 100
	if i < old {
		return c.almanac.first + day(i*(past-recentDays)/old)
	}
	return c.almanac.today - recentDays + day((i-old)*(recentDays-1)/max(1, of-old))
}

// copy writes the lives of the proposals while others copy what was written before,
// and then what was counted of all.
func (c *chronicle) copy(ctx context.Context, config *pgx.ConnConfig, loaded *Loaded) error {
	g, ctx := errgroup.WithContext(ctx)
	var sheets stock
	to := newDesks()
	g.Go(func() error { return sheets.copyAll(ctx, config, to) })
	g.Go(func() error {
		defer to.close()
		l := &life{chronicle: c}
		for from := 0; from < loaded.Proposals; from += chunk {
			l.out = sheets.sheaf()
			for i := from; i < min(from+chunk, loaded.Proposals); i++ {
				l.live(c.handed(i, loaded.Proposals))
			}
			if err := l.out.send(ctx, to, loaded); err != nil {
				return err
			}
		}
		out := sheets.sheaf()
		c.count(out)
		return out.send(ctx, to, loaded)
	})
	return g.Wait()
}

// send hands the sheets to be copied, and counts them.
func (s *sheaf) send(ctx context.Context, to *desks, loaded *Loaded) error {
	for t, one := range s {
		if one.rows == 0 {
			continue
		}
		loaded.Rows += one.rows
		loaded.Bytes += int64(len(one.b))
		select {
		case to[t] <- one:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// count writes what was counted.
func (c *chronicle) count(out *sheaf) {
	for key, last := range c.last {
		s := out[series]
		s.row(3)
		s.text(key.prefix)
		s.int(key.year)
		s.int(last)
	}
	for key, n := range c.tallies {
		s := out[commitmentTallies]
		s.row(6)
		s.text(key.what)
		s.long(key.organ)
		s.text(key.kind)
		s.long(key.owner)
		s.int(key.days)
		s.int(n)
	}
	c.countPublic(out)
}

// number lets the sequences go on behind what was numbered.
func (c *chronicle) number(ctx context.Context, conn *pgx.Conn) error {
	for t, last := range c.ids {
		if last == 0 {
			continue
		}
		if _, err := conn.Exec(ctx, `SELECT setval(pg_get_serial_sequence($1, 'id'), $2)`, tables[t].name, last); err != nil {
			return err
		}
	}
	return nil
}
