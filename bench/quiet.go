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

// A rested thing is a trigger or a reference that was taken away, as it was made and
// as what follows makes it whole.
type rested struct{ Drop, Make, Mend string }

// rest takes away what looks at rows: the triggers of inserts, for those that run for
// each row keep COPY from writing many rows at once, whether they run or not; and
// references, for a table that others refer to can not be emptied alone, see [empty].
func rest(ctx context.Context, conn *pgx.Conn) ([]rested, error) {
	rows, err := conn.Query(ctx, `
		SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass), pg_get_triggerdef(oid),
			CASE tgenabled WHEN 'A' THEN format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', tgrelid::regclass, tgname) ELSE '' END
		FROM pg_trigger
		WHERE NOT tgisinternal AND tgtype & 4 = 4 AND tgrelid = ANY ($1::text[]::regclass[])
		UNION ALL
		SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
			format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID', conrelid::regclass, conname, pg_get_constraintdef(oid)),
			format('UPDATE pg_constraint SET convalidated = true WHERE conrelid = %L::regclass AND conname = %L', conrelid::regclass, conname)
		FROM pg_constraint
		WHERE contype = 'f' AND confrelid = ANY ($1::text[]::regclass[])
		ORDER BY 1`, names())
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[rested])
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if _, err := conn.Exec(ctx, r.Drop); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// empty empties a table that has no rows, in the transaction that is going to fill
// it: what nobody else can see may be written as what all have always seen, so that
// nothing is left to be cleaned up behind it. Its indexes rest. One that is not ready
// is there, with all that refers to it, and is not written: it is made anew at the
// end, which is many times faster.
func empty(ctx context.Context, conn *pgx.Conn, table string) error {
	_, err := conn.Exec(ctx, `BEGIN; TRUNCATE `+table+`;
		UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = '`+table+`'::regclass`, pgx.QueryExecModeSimpleProtocol)
	return err
}

// wake makes again what rested, and lets Postgres look at what there is now. That rows
// refer to others is known and not looked at once more.
func wake(ctx context.Context, conn *pgx.Conn, all []rested) error {
	for _, r := range all {
		for _, sql := range []string{r.Make, r.Mend} {
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
