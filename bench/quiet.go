package bench

import (
	"context"
	"maps"

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

// rest lets the indexes of the tables rest, and the one trigger that runs also in
// replicas. An index that is not ready is there, with all that refers to it, and is
// not written: it is made anew at the end, which is many times faster.
func rest(ctx context.Context, config *pgx.ConnConfig) error {
	return do(ctx, config,
		`ALTER TABLE commitments DISABLE TRIGGER commitments_are_tallied`,
		`UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = ANY ($1::text[]::regclass[])`)
}

// do does one statement after the other. Each that has a place for it is given the
// names of the tables.
func do(ctx context.Context, config *pgx.ConnConfig, statements ...string) error {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for _, sql := range statements {
		var args []any
		if len(sql) > 6 && sql[:6] == "UPDATE" {
			args = append(args, names())
		}
		if _, err := conn.Exec(ctx, sql, args...); err != nil {
			return err
		}
	}
	return nil
}

// builders is how many indexes are made at once.
const builders = 2

// reindex makes the indexes that rested, the largest first.
func reindex(ctx context.Context, config *pgx.ConnConfig) error {
	return each(ctx, config, `SELECT 'REINDEX INDEX ' || indexrelid::regclass FROM pg_index
		WHERE indrelid = ANY ($1::text[]::regclass[]) AND NOT indisready ORDER BY pg_table_size(indrelid) DESC, indexrelid`)
}

// wake lets the trigger run again, and Postgres look at what there is now.
func wake(ctx context.Context, config *pgx.ConnConfig) error {
	if err := do(ctx, config, `ALTER TABLE commitments ENABLE ALWAYS TRIGGER commitments_are_tallied`); err != nil {
		return err
	}
	if err := do(ctx, config, `VACUUM ANALYZE`); err != nil {
		return err
	}
	return do(ctx, config, `CHECKPOINT`)
}

// each does every statement that the query returns, several at once.
func each(ctx context.Context, config *pgx.ConnConfig, query string) error {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	rows, err := conn.Query(ctx, query, names())
	if err != nil {
		return err
	}
	statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(builders)
	for _, sql := range statements {
		g.Go(func() error { return do(ctx, config, sql) })
	}
	return g.Wait()
}
