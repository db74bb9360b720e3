package postgres_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// everywhere is a position that every standby of a test has passed, or none.
const (
	everywhere = "FFFFFFFF/FFFFFFFF"
	nowhere    = "0/1"
)

// mirrored is a database with a published reply and a standby without one, so that
// what is read says where.
type mirrored struct {
	*bundle
	standby postgrestest.Standby
	id      int64
}

func newFollowed(t *testing.T) *mirrored {
	t.Helper()
	f := &mirrored{bundle: setup(t, postgrestest.Tx(t)), standby: postgrestest.NewStandby(t)}
	f.id = f.answer(t, "0001")
	d, err := postgres.New(f.conn, postgres.Options{Now: func() time.Time { return f.now }, Standby: f.standby})
	must(t, err)
	f.DB = d
	return f
}

// where says where the public reads.
func (f *mirrored) where(t *testing.T) string {
	t.Helper()
	_, err := postgres.ForPublic(t.Context(), f.DB, func(ctx context.Context, d *postgres.DB) (postgres.PublicPage, error) {
		return d.PublishedReply(ctx, f.id)
	})
	if errors.Is(err, casework.ErrNotFound) {
		return "standby"
	}
	must(t, err)
	return "database"
}

// TestPublicReadsStandby goes through what may become of a standby: it is asked
// while it is known to be no more than half a minute behind.
func TestPublicReadsStandby(t *testing.T) {
	t.Parallel()
	f := newFollowed(t)
	behind := postgres.ErrBehind.Error()
	for _, step := range []struct {
		name     string
		later    time.Duration // since the step before
		recovers bool
		replayed string
		check    string // what is wrong with it; "-" without a check
		want     string
	}{
		{"never checked", 0, true, everywhere, "-", "database"},
		{"has everything", 0, true, everywhere, "", "standby"},
		{"stays behind", 25 * time.Second, true, nowhere, "", "standby"},
		{"not checked again", 5 * time.Second, true, nowhere, "-", "standby"},
		{"and for too long", time.Second, true, nowhere, behind, "database"},
		{"has the answer to an old question", 0, true, everywhere, "", "standby"},
		{"which is as old as it was", 25 * time.Second, true, nowhere, "-", "database"},
		{"has everything again", time.Second, true, everywhere, "", "standby"},
		{"was promoted", time.Second, false, everywhere, "", "standby"},
		{"and follows nobody", 31 * time.Second, false, everywhere, behind, "database"},
		{"follows again", time.Minute, true, everywhere, "", "standby"},
	} {
		f.now = f.now.Add(step.later)
		f.standby.Be(t, step.recovers, step.replayed)
		if step.check != "-" {
			if err := f.CheckStandby(t.Context()); (err == nil) != (step.check == "") || err != nil && !strings.Contains(err.Error(), step.check) {
				t.Errorf("%s: the check says %v, want %q", step.name, err, step.check)
			}
		}
		if got := f.where(t); got != step.want {
			t.Errorf("%s: the public reads the %s, want the %s", step.name, got, step.want)
		}
	}
}

// TestPublicReadsWithoutStandby asks the database when a standby fails, for the
// same question, and asks the standby again when it is back.
func TestPublicReadsWithoutStandby(t *testing.T) {
	t.Parallel()
	f := newFollowed(t)
	must(t, f.CheckStandby(t.Context()))
	rename := func(from, to string) {
		t.Helper()
		_, err := f.standby.Exec(t.Context(), `ALTER TABLE `+from+` RENAME TO `+to)
		must(t, err)
		f.standby.Reset()
	}
	rename("published_replies", "elsewhere")
	if got := f.where(t); got != "database" {
		t.Errorf("with a broken standby the public reads the %s", got)
	}
	rename("elsewhere", "published_replies")
	if got := f.where(t); got != "database" {
		t.Errorf("before a check the public reads the %s", got)
	}
	must(t, f.CheckStandby(t.Context()))
	if got := f.where(t); got != "standby" {
		t.Errorf("after a check the public reads the %s", got)
	}
	f.standby.Close()
	if got := f.where(t); got != "database" {
		t.Errorf("with a closed standby the public reads the %s", got)
	}
	if err := f.CheckStandby(t.Context()); err == nil || !strings.Contains(err.Error(), "ask the standby") {
		t.Errorf("the check of a closed standby: %v", err)
	}
}

// TestPublicReadsWithoutDatabase lets the database be gone, and with it a connection
// of the standby's pool: the standby is asked again, and from then on after the
// database, until it answers a check.
func TestPublicReadsWithoutDatabase(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	standby := postgrestest.NewStandby(t)
	d, err := postgres.New(pool, postgres.Options{Now: postgrestest.Now, Standby: standby})
	must(t, err)
	must(t, d.CheckStandby(t.Context()))
	pool.Close()
	// read says who was asked, of whom the standby does not answer so many times.
	read := func(broken int) (asked string, err error) {
		t.Helper()
		_, err = postgres.ForPublic(t.Context(), d, func(_ context.Context, from *postgres.DB) (int, error) {
			switch {
			case from == d:
				asked += "d"
				return 0, &net.OpError{Op: "dial", Err: errors.New("the database is gone")}
			case strings.Count(asked, "s") < broken:
				asked += "s"
				return 0, io.ErrUnexpectedEOF
			}
			asked += "s"
			return 0, casework.ErrNotFound
		})
		return asked, err
	}
	for _, step := range []struct {
		name   string
		broken int
		check  bool
		asked  string
		found  bool
	}{
		{"the standby answers", 0, false, "s", true},
		{"a connection broke", 1, false, "sds", true},
		{"the next reader", 0, false, "ds", true},
		{"who finds nobody", 1, false, "ds", false},
		{"after a check", 0, true, "s", true},
	} {
		if step.check {
			if err := d.CheckStandby(t.Context()); err == nil || !strings.Contains(err.Error(), "ask the database") {
				t.Errorf("%s: the check says %v", step.name, err)
			}
		}
		asked, err := read(step.broken)
		if asked != step.asked || errors.Is(err, casework.ErrNotFound) != step.found {
			t.Errorf("%s: %q were asked (d: the database), want %q; %v", step.name, asked, step.asked, err)
		}
		if !step.found && !strings.Contains(err.Error(), "the database is gone") {
			t.Errorf("%s: %v, want what the database says", step.name, err)
		}
	}
}

// TestPublicGivesUp does not ask the database for somebody who has gone.
func TestPublicGivesUp(t *testing.T) {
	t.Parallel()
	f := newFollowed(t)
	must(t, f.CheckStandby(t.Context()))
	ctx, cancel := context.WithCancel(t.Context())
	asked := 0
	_, err := postgres.ForPublic(ctx, f.DB, func(ctx context.Context, _ *postgres.DB) (int, error) {
		asked++
		cancel()
		return 0, ctx.Err()
	})
	if asked != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("asked %d times, and got %v", asked, err)
	}
	if got := f.where(t); got != "standby" {
		t.Errorf("then the public reads the %s", got)
	}
}
