-- How far the database has come: what was committed before is before it.
-- name: WalPosition :one
SELECT pg_current_wal_lsn()::text AS reached;

-- Whether a standby has come so far. A server that is none never has: where the
-- standby was promoted, the address of the database leads to it.
-- name: HasReplayed :one
SELECT coalesce(pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= CAST(@wanted::text AS pg_lsn), false)::bool AS replayed;
