package drill_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// TestDrillDiskFull fills the disk under the database while people work. What
// cannot be written is refused with words and nothing of it is there; all goes on
// when there is room again, without a restart.
func TestDrillDiskFull(t *testing.T) {
	t.Parallel()
	rounds, bad := 1, 2*time.Second
	if full() {
		rounds, bad = 5, 10*time.Second
	}
	random := newRandom(t)
	c := newCluster(t)
	small := mount(t, c, "96m")
	c.exec("postgres", "DROP DATABASE fuyan", "CREATE TABLESPACE small LOCATION '"+small+"'", "CREATE DATABASE fuyan TABLESPACE small")
	s := occupy(t, c, 1, 1)
	l := s.run(8, random)
	for range rounds {
		time.Sleep(time.Second)
		free := fill(t, filepath.Join(small, "filler"))
		time.Sleep(bad)
		free()
		s.recovers("the disk was full")
	}
	l.stop()
	said := false
	for what := range s.failed {
		said = said || strings.Contains(what, "存储空间不足")
	}
	if !said {
		t.Errorf("nobody was told that the disk is full, but %v", s.failed)
	}
	s.onlyOutages()
	s.verdict()
}

// mount makes a small disk for the cluster.
func mount(t testing.TB, c *cluster, size string) string {
	t.Helper()
	dir := filepath.Join(c.dir, "small")
	must(t, os.Mkdir(dir, 0o700))
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "mode=700,size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no disk may be mounted here: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	if cred := serverUser(t); cred != nil {
		must(t, os.Chown(dir, int(cred.Uid), int(cred.Gid)))
	}
	return dir
}

// fill takes all that is left of a disk and returns what gives it back.
func fill(t testing.TB, name string) (free func()) {
	t.Helper()
	file, err := os.Create(name)
	must(t, err)
	_, err = io.Copy(file, zeroes{})
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk takes more than there is: %v", err)
	}
	must(t, file.Close())
	return func() { must(t, os.Remove(name)) }
}

// zeroes never end.
type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestDrillTooManyConnections takes every connection that the database allows.
// Who gets none is told so, and gets one when there is one.
func TestDrillTooManyConnections(t *testing.T) {
	t.Parallel()
	bad := 2 * time.Second
	if full() {
		bad = 20 * time.Second
	}
	random := newRandom(t)
	s := occupy(t, newCluster(t, "max_connections=28", "superuser_reserved_connections=1"), 1, 1)
	must(t, s.as(s.Office).ping(t.Context()))
	free := s.takeConnections()
	l := s.run(12, random)
	time.Sleep(bad)
	free()
	s.recovers("every connection was taken")
	l.stop()
	s.onlyOutages()
	s.verdict()
}

// ping reads something small.
func (c clients) ping(ctx context.Context) error {
	_, err := c.notices.ListNotices(ctx, &fuyanv1.ListNoticesRequest{PageSize: 1})
	return err
}

// takeConnections takes all connections that are left and returns what gives them
// back.
func (s *site) takeConnections() (free func()) {
	s.t.Helper()
	ctx := s.t.Context()
	var taken []*pgx.Conn
	for {
		conn, err := pgx.Connect(ctx, s.db.url("fuyan"))
		if err != nil {
			break
		}
		taken = append(taken, conn)
	}
	if len(taken) == 0 {
		s.t.Fatal("there was no connection to take")
	}
	return func() {
		for _, conn := range taken {
			must(s.t, conn.Close(ctx))
		}
	}
}

// serverPatience is how long a server lets most calls take.
const serverPatience = 30 * time.Second

// TestDrillLongLock holds a lock on all proposals for a minute. Calls that need one
// end in time, and who waits longer than the server is told so; the others go on; in
// the end all is well.
func TestDrillLongLock(t *testing.T) {
	t.Parallel()
	bad, attempt := 5*time.Second, 2*time.Second
	if full() {
		bad, attempt = time.Minute, serverPatience+15*time.Second
	}
	random := newRandom(t)
	s := occupy(t, newCluster(t), 1, 1)
	s.patience.attempt = attempt
	l := s.run(8, random)
	time.Sleep(time.Second)
	conn, err := pgx.Connect(t.Context(), s.db.url("fuyan"))
	must(t, err)
	_, err = conn.Exec(t.Context(), "BEGIN; LOCK TABLE proposals IN ACCESS EXCLUSIVE MODE")
	must(t, err)
	for until := time.Now().Add(bad); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(t.Context(), serverPatience/6) // a busy machine may take more than a second
		if err := s.as(s.Admin).ping(ctx); err != nil {
			t.Errorf("a call that needs no proposal, while all are locked: %v", err)
		}
		cancel()
	}
	_, err = conn.Exec(t.Context(), "ROLLBACK")
	must(t, errors.Join(err, conn.Close(t.Context())))
	s.recovers("a lock was held")
	l.stop()
	told := 0
	for what, n := range s.failed {
		switch {
		case strings.HasPrefix(what, "deadline_exceeded: "):
			told += n
		case what != noAnswer: // of what may take longer, as figures
			t.Errorf("%d calls were answered %s", n, what)
		}
	}
	if told == 0 && attempt > serverPatience {
		t.Error("nobody was told that a call took too long")
	}
	s.verdict()
}
