package bench

import (
	"context"
	"maps"
	"strings"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// quiet are connections for whom no trigger runs and no reference is checked, and that
// wait for no disk.
func quiet(config *pgx.ConnConfig) *pgx.ConnConfig {
	config = config.Copy()
	config.RuntimeParams = maps.Clone(config.RuntimeParams)
	config.RuntimeParams["session_replication_role"] = "replica"
	config.RuntimeParams["synchronous_commit"] = "off"
	config.RuntimeParams["maintenance_work_mem"] = "256MB"
	config.RuntimeParams["max_parallel_maintenance_workers"] = "0" // each connection builds an index of its own
	return config
}

// A trigger is one that was taken away, as it was made.
type trigger struct{ Drop, Make, Enable string }

// rest lets the indexes of the tables rest. One that is not ready is there, with all
// that refers to it, and is not written: it is made anew at the end, which is many
// times faster. The triggers of inserts are taken away: those that run for each row
// keep COPY from writing many rows at once, whether they run or not.
func rest(ctx context.Context, conn *pgx.Conn) ([]trigger, error) {
	rows, err := conn.Query(ctx, `SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass), pg_get_triggerdef(oid),
			CASE tgenabled WHEN 'A' THEN format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', tgrelid::regclass, tgname) ELSE '' END
		FROM pg_trigger
		WHERE NOT tgisinternal AND tgtype & 4 = 4 AND tgrelid = ANY ($1::text[]::regclass[])
		ORDER BY oid`, names())
	if err != nil {
		return nil, err
	}
	triggers, err := pgx.CollectRows(rows, pgx.RowToStructByPos[trigger])
	if err != nil {
		return nil, err
	}
	for _, t := range triggers {
		if _, err := conn.Exec(ctx, t.Drop); err != nil {
			return nil, err
		}
	}
	_, err = conn.Exec(ctx, `UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = ANY ($1::text[]::regclass[])`, names())
	return triggers, err
}

// wake makes the triggers again, and lets Postgres look at what there is now.
func wake(ctx context.Context, conn *pgx.Conn, triggers []trigger) error {
	for _, t := range triggers {
		for _, sql := range []string{t.Make, t.Enable} {
			if _, err := conn.Exec(ctx, sql); err != nil {
				return err
			}
		}
	}
	loaded := strings.Join(append(names(), "organs", "divisions", "users", "tokens"), ", ")
	for _, sql := range []string{`VACUUM (ANALYZE) ` + loaded, `CHECKPOINT`} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// builders is how many indexes are made at once.
const builders = 2

// reindex makes the indexes that rested, the largest first, several at once.
func reindex(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `SELECT 'REINDEX INDEX ' || indexrelid::regclass FROM pg_index
		WHERE indrelid = ANY ($1::text[]::regclass[]) AND NOT indisready ORDER BY pg_table_size(indrelid) DESC, indexrelid`, names())
	if err != nil {
		return err
	}
	statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	todo := make(chan string, len(statements))
	for _, sql := range statements {
		todo <- sql
	}
	close(todo)
	g, ctx := errgroup.WithContext(ctx)
	for range builders {
		g.Go(func() error { return doAll(ctx, conn.Config(), todo) })
	}
	return g.Wait()
}

// doAll does statements on a connection of its own.
func doAll(ctx context.Context, config *pgx.ConnConfig, todo <-chan string) error {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for sql := range todo {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}
