package bench_test

import (
	"testing"
	"time"

	"fuyan/bench"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestLoad(t *testing.T) {
	pool := postgrestest.New(t)
	l, err := bench.Load(t.Context(), pool, 1000, postgrestest.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", l)
	d, err := postgres.New(pool, postgres.Options{Now: postgrestest.Now})
	if err != nil {
		t.Fatal(err)
	}
	r, err := d.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Log(r)
	_ = time.Now
}
