package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// TestWhoIsToldOfAMove moves a publication: its handler and the office of its
// organ are told once, nobody else, and nobody whose account is disabled.
func TestWhoIsToldOfAMove(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	ctx := t.Context()
	b.issue(t, "0001")
	_, err := b.conn.Exec(ctx, `INSERT INTO users (name, display_name, password_hash, roles, organ_id, disabled)
		VALUES ('gone', 'gone', '', '{office}', $1, true), ('both', 'both', '', '{office,handler}', $1, false)`, b.Organ)
	must(t, err)
	_, err = b.conn.Exec(ctx, `UPDATE proposals SET handler_id = (SELECT id FROM users WHERE name = 'both')`)
	must(t, err)
	_, err = b.ImportCalendar(ctx, by(b.Admin, 0), madeUp("2026-03-14"))
	must(t, err)
	rows, err := b.conn.Query(ctx, `SELECT u.name || ' ' || n.subject || ' ' || (n.ref = g.id)
		FROM notices n JOIN users u ON u.id = n.user_id, deadline_changes g WHERE n.occasion = 'deadline_moved' ORDER BY u.name`)
	must(t, err)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	want := []string{"both 【期限调整】提案第0001号公开期限改为2026年3月27日 true", "office 【期限调整】提案第0001号公开期限改为2026年3月27日 true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// publishing makes n proposals with a publication each, due on 30 March.
func (b *bundle) publishing(t testing.TB, n int) {
	t.Helper()
	_, err := b.conn.Exec(t.Context(), `WITH p AS (
		INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id,
			handler_id, handed_over, reply_due, received_at, updated_at)
		SELECT 'cppcc_proposal', '市政协', 14, 1, i, '题', '', true, false, 'issued', $1, $2, '2026-01-01', '2026-04-01', now(), now()
		FROM generate_series(1, $3::int) i
		RETURNING id)
		INSERT INTO deadlines (proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional,
			rule_from, unit, amount, next_notice)
		SELECT id, 'PUBLISH', '公开', '', 1, $1, '2026-03-02', '2026-03-30', '2026-03-30', false, '2000-01-01', 'working_day', 20, now()
		FROM p`, b.Organ, b.Handler.ID, n)
	must(t, err)
}

// A counting connection counts the statements of its transactions.
type counting struct {
	postgres.Conn
	statements *int
}

func (c counting) Begin(ctx context.Context) (pgx.Tx, error) {
	tx, err := c.Conn.Begin(ctx)
	return countingTx{tx, c.statements}, err
}

type countingTx struct {
	pgx.Tx
	statements *int
}

func (c countingTx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	*c.statements++
	return c.Tx.Exec(ctx, sql, args...)
}

func (c countingTx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	*c.statements++
	return c.Tx.Query(ctx, sql, args...)
}

func (c countingTx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	*c.statements++
	return c.Tx.QueryRow(ctx, sql, args...)
}

// TestManyMovesTakeAsManyStatementsAsOne loads a calendar that moves one deadline,
// and one that moves many, each with an event and notices.
func TestManyMovesTakeAsManyStatementsAsOne(t *testing.T) {
	t.Parallel()
	var took []int
	for _, n := range []int{10, 1000} {
		b := setup(t, postgrestest.New(t))
		b.publishing(t, n)
		statements := 0
		d, err := postgres.New(counting{b.conn, &statements}, postgres.Options{Now: func() time.Time { return b.now }})
		must(t, err)
		done, err := d.ImportCalendar(t.Context(), postgres.Call{User: b.Admin}, madeUp("2026-03-14"))
		if err != nil || len(done.Moved) != n {
			t.Fatalf("moved %d, %v; want %d", len(done.Moved), err, n)
		}
		took = append(took, statements)
	}
	if took[0] != took[1] {
		t.Errorf("ten moves take %d statements, a thousand %d", took[0], took[1])
	}
}
