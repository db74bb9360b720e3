// Package postgrestest gives tests a migrated database.
//
// A package that uses it calls [Main] from its TestMain. Tests use the server
// named by TEST_DATABASE_URL, or else a private one that Main starts and stops.
package postgrestest

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fuyan/migrations"
	"fuyan/postgres/embedded"
)

// Now is a clock that stands still: noon in Shanghai on a Monday.
func Now() time.Time { return time.Date(2026, time.March, 2, 4, 0, 0, 0, time.UTC) }

// name is the database of the package under test: "go test" runs each package
// in a process of its own.
var name = "test_" + strings.TrimSuffix(filepath.Base(os.Args[0]), ".test")

var serial atomic.Int64

// Main runs the tests of a package with a server to run them on.
func Main(m *testing.M) {
	stop := func() {}
	if os.Getenv("TEST_DATABASE_URL") == "" {
		stop = startServer()
	}
	code := m.Run()
	stop()
	os.Exit(code)
}

func startServer() (stop func()) {
	// Not [testing.T.TempDir]: its parent is closed to the server's user when
	// the tests run as root.
	dir, err := os.MkdirTemp("/tmp", "fuyan-test-")
	check(err)
	check(os.Chmod(dir, 0o755))
	s, err := embedded.Start(context.Background(), embedded.Options{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	check(err)
	// What a test commits need not survive the machine.
	check(os.Setenv("TEST_DATABASE_URL", s.URL()+"&synchronous_commit=off"))
	return func() {
		check(s.Stop())
		check(os.RemoveAll(dir))
	}
}

func check(err error) {
	if err != nil {
		log.Fatal("postgrestest: ", err)
	}
}

// shared is the database in which every test that uses [Tx] runs.
var shared = sync.OnceValues(func() (*pgxpool.Pool, error) {
	pool, err := create(context.Background(), name, "template1")
	if err != nil {
		return nil, err
	}
	return pool, migrations.Up(context.Background(), pool)
})

// Tx returns a transaction that is rolled back when the test ends. It costs
// about a millisecond and is what nearly every test wants.
func Tx(t testing.TB) pgx.Tx {
	t.Helper()
	pool, err := shared()
	must(t, err)
	tx, err := pool.Begin(t.Context())
	must(t, err)
	t.Cleanup(func() { must(t, tx.Rollback(context.Background())) })
	return tx
}

// New returns a pool on a database of the test's own, for tests in which one
// transaction must see what another committed. It costs about 100 ms.
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return migrated(t)
}

var migrated = Template(migrations.Up)

// Template returns a way to databases as [New] has it, of which each is a copy of one
// that is filled when the first is wanted.
func Template(fill func(context.Context, *pgxpool.Pool) error) func(testing.TB) *pgxpool.Pool {
	template := next()
	filled := sync.OnceValue(func() error {
		pool, err := create(context.Background(), template, "template1")
		if err != nil {
			return err
		}
		defer pool.Close() // what somebody is connected to cannot be copied
		return fill(context.Background(), pool)
	})
	return func(t testing.TB) *pgxpool.Pool {
		t.Helper()
		must(t, filled())
		pool, err := create(t.Context(), next(), template)
		must(t, err)
		t.Cleanup(pool.Close)
		return pool
	}
}

// next is the name of another database.
func next() string { return fmt.Sprintf("%s_%d", name, serial.Add(1)) }

func create(ctx context.Context, name, template string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, sql := range []string{`DROP DATABASE IF EXISTS ` + name + ` WITH (FORCE)`, `CREATE DATABASE ` + name + ` TEMPLATE ` + template} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return nil, err
		}
	}
	config.ConnConfig.Database = name
	config.MaxConns = 8
	return pgxpool.NewWithConfig(ctx, config)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
