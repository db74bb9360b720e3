package bench

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fuyan/casework"
)

// A day and a moment are as Postgres counts them, from the beginning of the year
// 2000: in days and in microseconds. 0 is none.
type (
	day    int32
	moment int64
)

// zone is where days begin and end.
var zone = time.FixedZone("Asia/Shanghai", 8*60*60)

const (
	epoch     = 946_684_800 // the beginning of 2000, for Unix
	microsDay = 24 * 60 * 60 * 1_000_000
	nine      = 60 * 60 * 1_000_000 // nine in the morning in Shanghai, in UTC
)

// at is so many minutes after nine.
func (d day) at(minutes int) moment { return moment(d)*microsDay + nine + moment(minutes)*60_000_000 }

func (m moment) time() time.Time {
	return time.Unix(epoch+int64(m)/1_000_000, int64(m)%1_000_000*1000).UTC()
}

func dayOf(d casework.Date) day {
	if d.IsZero() {
		return 0
	}
	return day(d.Sub(casework.Date{Year: 2000, Month: time.January, Day: 1}))
}

func momentOf(t time.Time) moment {
	if t.IsZero() {
		return 0
	}
	return moment(t.UnixMicro() - epoch*1_000_000)
}

// past is how many years of proposals there are, and future for how many more days are
// known.
const (
	past   = 10 * 365
	future = 3 * 365
)

// An almanac knows of each day what would take long to ask again and again: how it is
// written, and when a deadline of each rule falls that begins on it.
type almanac struct {
	first, today day
	dates        []casework.Date
	written      []string // 2026-03-02
	rules        map[string][2]casework.Rule
	dues         map[string][2][]due
	hours        casework.Hours
	worked       []int // working days from the first to each
	workdays     []day // the nth of them; that of 0 is none
	ladders      map[string]casework.Ladder
	now          time.Time
	nexts        map[notice]moment
}

type due struct {
	day         day
	provisional bool
}

// A notice is of a ladder and of the day to which it leads.
type notice struct {
	code string
	due  day
}

func newAlmanac(ctx context.Context, pool *pgxpool.Pool, now time.Time) (*almanac, error) {
	a := &almanac{
		now: now, today: dayOf(casework.DateOf(now, zone)), nexts: map[notice]moment{},
		rules: map[string][2]casework.Rule{}, dues: map[string][2][]due{}, ladders: map[string]casework.Ladder{},
	}
	a.first = a.today - past
	from := casework.DateOf(now, zone).AddDays(-past)
	for n := range past + future {
		d := from.AddDays(n)
		a.dates, a.written = append(a.dates, d), append(a.written, d.String())
	}
	if err := a.readCalendar(ctx, pool); err != nil {
		return nil, err
	}
	if err := a.readLadders(ctx, pool); err != nil {
		return nil, err
	}
	return a, a.readRules(ctx, pool)
}

func (a *almanac) readCalendar(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, `SELECT day, off, name, notice FROM calendar_days ORDER BY day`)
	if err != nil {
		return err
	}
	days, err := pgx.CollectRows(rows, pgx.RowToStructByPos[casework.CalendarDay])
	if err != nil {
		return err
	}
	var years []int
	if err := pool.QueryRow(ctx, `SELECT array_agg(year) FROM calendar_years`).Scan(&years); err != nil {
		return err
	}
	a.hours = casework.Hours{Calendar: casework.NewCalendar(days, years), Zone: zone}
	a.workdays = append(a.workdays, 0)
	for i, d := range a.dates {
		if working, _ := a.hours.Calendar.Working(d); working {
			a.workdays = append(a.workdays, a.first+day(i))
		}
		a.worked = append(a.worked, len(a.workdays)-1)
	}
	return nil
}

// readRules reads the rules that deadlines are started by, of which there is one a
// kind in a new database.
func (a *almanac) readRules(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, `SELECT code, kind, name, amount, unit, basis, valid_from FROM deadline_rules
		WHERE code = ANY ($1) ORDER BY code, kind`,
		[]string{casework.RuleReply, casework.RuleReturn, casework.RuleOpinion, casework.RulePublish, casework.RuleFeedback})
	if err != nil {
		return err
	}
	var r casework.Rule
	_, err = pgx.ForEachRow(rows, []any{&r.Code, &r.Kind, &r.Name, &r.Amount, &r.Unit, &r.Basis, &r.From}, func() error {
		list, dues := a.rules[r.Code], a.dues[r.Code]
		k := slices.Index(casework.Kinds, r.Kind)
		list[k], dues[k] = r, make([]due, len(a.dates))
		a.rules[r.Code], a.dues[r.Code] = list, dues
		return nil
	})
	return err
}

func (a *almanac) readLadders(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, `SELECT l.code, l.every, g.days, g.tells FROM ladders l JOIN rungs g ON g.ladder_id = l.id
		WHERE l.organ_id IS NULL ORDER BY l.code, g.days`)
	if err != nil {
		return err
	}
	var l casework.Ladder
	var g casework.Rung
	_, err = pgx.ForEachRow(rows, []any{&l.Code, &l.Every, &g.Days, &g.Tells}, func() error {
		l.Rungs = append(a.ladders[l.Code].Rungs, g)
		a.ladders[l.Code] = l
		return nil
	})
	return err
}

func (a *almanac) date(d day) casework.Date { return a.dates[d-a.first] }

func (a *almanac) text(d day) string { return a.written[d-a.first] }

// term is when a deadline of the rule falls that begins on a day. The rules of a new
// database can all be reckoned.
func (a *almanac) term(code string, kind int, trigger day) due {
	known := &a.dues[code][kind][trigger-a.first]
	if known.day == 0 {
		last, _ := a.rules[code][kind].Due(a.date(trigger), a.hours.Calendar, casework.Strict)
		*known = due{dayOf(last.Day), last.Provisional}
	}
	return *known
}

// next is the moment of the next notice of a deadline of which all were told whose
// moment has come.
func (a *almanac) next(code string, d day) moment {
	key := notice{code, d}
	at, known := a.nexts[key]
	if !known {
		at = a.reckon(a.ladders[code], d)
		a.nexts[key] = at
	}
	return at
}

// reckon is next, of a ladder. One that goes on without end is not climbed from its
// foot where the day is long past: how many working days are gone says where it is.
func (a *almanac) reckon(l casework.Ladder, d day) moment {
	if l.Every > 0 && d < a.today-longPast {
		worked := a.worked[d-a.first]
		gone := a.worked[a.today-a.first] - worked
		last := l.Rungs[len(l.Rungs)-1].Days
		for rung := last + (gone-last)/l.Every*l.Every; ; rung += l.Every {
			if at := a.workdays[worked+rung].at(0); at > momentOf(a.now) {
				return at
			}
		}
	}
	_, telling := casework.Stand(l.Tellings(a.date(d), a.now, a.hours), a.now, a.now)
	return momentOf(telling.At)
}

// longPast is a number of days that have more working days than a ladder has.
const longPast = 200
