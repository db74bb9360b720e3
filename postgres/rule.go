package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A Rule is a row of the rules of how long things may take.
type Rule = db.DeadlineRule

// ListRules returns every rule by code and kind, the newest of each first.
func (d *DB) ListRules(ctx context.Context) ([]Rule, error) { return q.Rules(ctx, d.conn) }

// A NewRule is a rule that is to hold from a day on.
type NewRule struct {
	casework.Rule
	Preview  bool
	Expected string // the moves that a preview announced; empty for any
}

// A RuleChange is what a new rule changes, or would.
type RuleChange struct {
	Rule  Rule
	Moved []MovedDeadline
	Moves string // stands for Moved
}

// SetRule adds a rule that holds from a day on; none is ever edited. What began
// before that day keeps its rule. What began on it or after, is open, and was not
// extended, agreed or paused, moves, with an event each. A preview only says what
// would move.
func (d *DB) SetRule(ctx context.Context, c Call, n NewRule) (RuleChange, error) {
	if !c.User.Has(casework.Admin) {
		return RuleChange{}, fmt.Errorf("set a rule: %w", casework.ErrForbidden)
	}
	if err := n.Check(); err != nil {
		return RuleChange{}, err
	}
	if err := casework.CheckDay("rule.valid_from", n.From); err != nil {
		return RuleChange{}, err
	}
	return inTx(ctx, d, func(tx pgx.Tx) (out RuleChange, err error) {
		if err := knownRule(ctx, tx, n.Rule); err != nil {
			return out, err
		}
		if n.Preview {
			list, err := ruled(ctx, tx, n.Rule)
			moved := movedOf(list)
			return RuleChange{rowOf(n.Rule), moved, movesDigest(moved)}, err
		}
		id, _, err := d.once(ctx, tx, c, func() (int64, error) { return d.setRule(ctx, tx, c.User, n) })
		if err != nil {
			return out, err
		}
		if out.Rule, err = q.RuleByID(ctx, tx, id); err != nil {
			return out, err
		}
		out.Moved, err = movedBy(ctx, tx, "rule", id)
		out.Moves = movesDigest(out.Moved)
		return out, err
	})
}

// knownRule refuses a code that the program and its people know nothing of.
func knownRule(ctx context.Context, tx pgx.Tx, r casework.Rule) error {
	rows, err := q.Rules(ctx, tx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Code == r.Code && row.Kind == r.Kind {
			return nil
		}
	}
	return casework.Invalid("rule.code", "应为这一类别已有的时限规定")
}

func rowOf(r casework.Rule) Rule {
	return Rule{
		Code: r.Code, Kind: r.Kind, Name: r.Name, Trigger: r.Trigger, Amount: int32(r.Amount), Unit: r.Unit, YearDay: r.YearDay,
		Basis: r.Basis, Confirmed: r.Confirmed, ValidFrom: r.From, Note: r.Note,
	}
}

// SpanOf says in words how long a rule gives: 自交办日起3个月.
func SpanOf(r Rule) string { return ruleOf(r).Span() }

// ruled returns the deadlines that the rule takes over, those included that fall
// on the same day by it.
func ruled(ctx context.Context, tx pgx.Tx, r casework.Rule) ([]MovedDeadline, error) {
	if r.Unit == casework.YearDay || r.Unit == casework.NoUnit {
		return nil, nil
	}
	until, err := q.RuleEnd(ctx, tx, r.Code, r.Kind, r.From)
	if err != nil {
		return nil, err
	}
	if until.IsZero() {
		until = lastDay
	}
	rows, err := q.DeadlinesByRule(ctx, tx, db.DeadlinesByRuleParams{Rule: r.Code, Kind: r.Kind, First: r.From, Until: until})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	calendar, err := calendarOf(ctx, tx, r.From, lastDay)
	if err != nil {
		return nil, err
	}
	out := make([]MovedDeadline, len(rows))
	for i, row := range rows {
		due, err := r.Due(row.Deadline.TriggerDay, calendar, casework.Strict)
		if err != nil {
			return nil, err
		}
		out[i] = MovedDeadline{row.Deadline, row.Number, row.Title, due}
	}
	return out, nil
}

// movedOf are those among the deadlines that fall on another day.
func movedOf(list []MovedDeadline) []MovedDeadline {
	var out []MovedDeadline
	for _, m := range list {
		if m.To.Day != m.Deadline.Due {
			out = append(out, m)
		}
	}
	return out
}

// setRule adds the rule and moves what it moves, in the order of importCalendar.
func (d *DB) setRule(ctx context.Context, tx pgx.Tx, u casework.User, n NewRule) (int64, error) {
	if err := q.LockCalendar(ctx, tx, calendarKey); err != nil {
		return 0, err
	}
	list, err := ruled(ctx, tx, n.Rule)
	if err != nil {
		return 0, err
	}
	locked, err := lockProposalsOf(ctx, tx, list)
	if err != nil {
		return 0, err
	}
	if list, err = ruled(ctx, tx, n.Rule); err != nil {
		return 0, err
	}
	moved := movedOf(list)
	if err := checkMoves(moved, n.Expected); err != nil {
		return 0, err
	}
	r := rowOf(n.Rule)
	row, err := q.CreateRule(ctx, tx, db.CreateRuleParams{
		Code: r.Code, Kind: r.Kind, Name: r.Name, Trigger: r.Trigger, Amount: r.Amount, Unit: r.Unit, YearDay: r.YearDay,
		Basis: r.Basis, Confirmed: r.Confirmed, ValidFrom: r.ValidFrom, Note: r.Note, SetBy: u.Name, SetAt: d.now(),
	})
	if err != nil {
		return 0, err
	}
	why := cause{"rule", row.ID, casework.RuleChanged, n.Span() + "，" + n.Basis, u}
	if err := d.putUnderRule(ctx, tx, list, r, why); err != nil {
		return 0, err
	}
	return row.ID, d.moveAll(ctx, tx, moved, locked, why)
}

// putUnderRule writes which rule the deadlines go by now, and which they went by.
// A day that stays may be provisional no more, or only now.
func (d *DB) putUnderRule(ctx context.Context, tx pgx.Tx, list []MovedDeadline, r Rule, why cause) error {
	if err := d.changeAll(ctx, tx, list, why); err != nil {
		return err
	}
	ids := make([]int64, len(list))
	for i, m := range list {
		ids[i] = m.Deadline.ID
	}
	err := q.PutUnderRule(ctx, tx, db.PutUnderRuleParams{
		Ids: ids, RuleFrom: r.ValidFrom, Name: r.Name, Basis: r.Basis, Unit: r.Unit, Amount: r.Amount,
	})
	if err != nil {
		return err
	}
	return settle(ctx, tx, list)
}
