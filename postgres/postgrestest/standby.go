package postgrestest

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

// A Standby is a database of the test's own that says of itself what a standby
// says, and as much of it as the test wants. It follows nothing: what a test finds
// in it came from nowhere else.
type Standby struct{ *pgxpool.Pool }

// NewStandby returns one that has replayed everything.
func NewStandby(t testing.TB) Standby {
	t.Helper()
	pool := New(t)
	_, err := pool.Exec(t.Context(), `CREATE SCHEMA standby;
		CREATE TABLE standby.state (recovers bool NOT NULL, replayed pg_lsn NOT NULL);
		INSERT INTO standby.state VALUES (true, 'FFFFFFFF/FFFFFFFF');
		CREATE FUNCTION standby.pg_is_in_recovery() RETURNS bool LANGUAGE sql AS 'SELECT recovers FROM standby.state';
		CREATE FUNCTION standby.pg_last_wal_replay_lsn() RETURNS pg_lsn LANGUAGE sql AS 'SELECT replayed FROM standby.state';
		DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = standby, pg_catalog, public', current_database()); END $$`)
	must(t, err)
	pool.Reset() // only new connections look there first
	return Standby{pool}
}

// Be says whether the server recovers, as a standby does, and how far it has come.
func (s Standby) Be(t testing.TB, recovers bool, replayed string) {
	t.Helper()
	_, err := s.Exec(t.Context(), `UPDATE standby.state SET recovers = $1, replayed = $2::text::pg_lsn`, recovers, replayed)
	must(t, err)
}
