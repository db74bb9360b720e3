package drill_test

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A cluster is a Postgres server of a drill's own. It answers on a port of this
// machine and on a socket, and trusts who reaches it.
type cluster struct {
	t        testing.TB
	dir      string // belongs to the server's user: data, log and socket are in it
	port     string
	settings []string // "name=value", and those of the next start win
	cmd      *exec.Cmd
	exited   chan struct{}
}

// newCluster makes a server with an empty database fuyan and starts it.
func newCluster(t testing.TB, settings ...string) *cluster {
	t.Helper()
	c := emptyCluster(t, settings...)
	c.run("initdb", "-D", c.data(), "--username=fuyan", "--encoding=UTF8", "--locale=C", "--auth=trust", "--no-sync")
	c.start()
	c.exec("postgres", "CREATE DATABASE fuyan")
	return c
}

// emptyCluster makes the folder and the address of a server that has no data yet.
func emptyCluster(t testing.TB, settings ...string) *cluster {
	t.Helper()
	// Not [testing.T.TempDir]: its parent is closed to the server's user when the
	// tests run as root.
	dir, err := os.MkdirTemp("/tmp", "fuyan-drill-")
	must(t, err)
	_, port, _ := strings.Cut(freeAddr(t), ":")
	// A killed process takes nothing with it that the machine had taken over: to
	// wait for the disk would only cost time.
	c := &cluster{t: t, dir: dir, port: port, settings: append([]string{"fsync=off", "full_page_writes=off"}, settings...)}
	if cred := serverUser(t); cred != nil {
		must(t, os.Chown(dir, int(cred.Uid), int(cred.Gid)))
	}
	t.Cleanup(func() {
		c.stop()
		if t.Failed() {
			t.Logf("the end of Postgres's log:\n%s", tail(c.log()))
		}
		must(t, os.RemoveAll(dir))
	})
	return c
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }
func (c *cluster) log() string  { return filepath.Join(c.dir, "log") }

// serverUser is who runs Postgres where the tests run as root, whom it refuses.
func serverUser(t testing.TB) *syscall.Credential {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, _ := strconv.ParseUint(u.Uid, 10, 32)
			gid, _ := strconv.ParseUint(u.Gid, 10, 32)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	t.Skip("Postgres refuses root, and there is no other user here")
	return nil
}

// command is one of Postgres's own commands as the server's user.
func (c *cluster) command(name string, args ...string) *exec.Cmd {
	c.t.Helper()
	cmd := exec.Command(filepath.Join(binaries(c.t), name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: serverUser(c.t)}
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(pair string) bool {
		return strings.HasPrefix(pair, "PG") || strings.HasPrefix(pair, "LC_")
	}), "LC_ALL=C", "TZ=UTC")
	return cmd
}

// run does one of Postgres's own commands, which must succeed.
func (c *cluster) run(name string, args ...string) {
	c.t.Helper()
	out, err := c.command(name, args...).CombinedOutput()
	if err != nil {
		c.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// binaries is the folder of the newest Postgres here.
func binaries(t testing.TB) string {
	t.Helper()
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb"); len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		t.Skip("there is no Postgres here to start")
	}
	return filepath.Dir(path)
}

// start starts the server and waits until it answers.
func (c *cluster) start() {
	c.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if c.cmd == nil {
			c.launch()
		}
		conn, err := pgx.Connect(c.t.Context(), c.url("postgres"))
		if err == nil {
			must(c.t, conn.Close(c.t.Context()))
			return
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("Postgres does not answer: %v\n%s", err, tail(c.log()))
		}
		select {
		case <-c.exited: // what is left of a killed one is in its way still
			c.cmd = nil
		default:
		}
	}
}

func (c *cluster) launch() {
	c.t.Helper()
	args := []string{"-D", c.data()}
	for _, setting := range append([]string{
		"listen_addresses=127.0.0.1", "port=" + c.port, "unix_socket_directories=" + c.dir, "timezone=UTC", "log_timezone=UTC",
	}, c.settings...) {
		args = append(args, "-c", setting)
	}
	log, err := os.OpenFile(c.log(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	must(c.t, err)
	cmd := c.command("postgres", args...)
	cmd.Stdout, cmd.Stderr = log, log
	must(c.t, cmd.Start())
	must(c.t, log.Close())
	exited := make(chan struct{})
	c.cmd, c.exited = cmd, exited
	go func() {
		_ = cmd.Wait() // how it ended is in its log
		close(exited)
	}()
}

// kill ends the server and all its sessions as a power cut would.
func (c *cluster) kill() {
	pid := c.cmd.Process.Pid
	_ = syscall.Kill(pid, syscall.SIGSTOP) // it shall not see its sessions die
	sessions := children(pid)
	_ = syscall.Kill(pid, syscall.SIGKILL)
	for _, session := range sessions {
		_ = syscall.Kill(session, syscall.SIGKILL)
	}
	<-c.exited
	c.cmd = nil
}

// children are the processes that parent started. Where there is no /proc there
// are none, and a server's sessions notice by themselves that it is gone.
func children(parent int) (pids []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		// 4711 (name) S 4242 …: a name may hold spaces and brackets.
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) < 2 || fields[1] != strconv.Itoa(parent) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name))); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// stop shuts the server down and breaks off its sessions.
func (c *cluster) stop() {
	if c.cmd == nil {
		return
	}
	_ = c.cmd.Process.Signal(syscall.SIGINT)
	select {
	case <-c.exited:
		c.cmd = nil
	case <-time.After(30 * time.Second):
		c.t.Error("Postgres does not end")
		c.kill()
	}
}

// url names a database of the server by its port.
func (c *cluster) url(database string) string {
	return "postgres://fuyan@127.0.0.1:" + c.port + "/" + database + "?sslmode=disable"
}

// pool opens a database of the server.
func (c *cluster) pool(database string) *pgxpool.Pool {
	c.t.Helper()
	p, err := pgxpool.New(c.t.Context(), c.url(database))
	must(c.t, err)
	c.t.Cleanup(p.Close)
	return p
}

// exec does statements on a connection of their own.
func (c *cluster) exec(database string, statements ...string) {
	c.t.Helper()
	ctx := c.t.Context()
	conn, err := pgx.Connect(ctx, c.url(database))
	must(c.t, err)
	for _, sql := range statements {
		_, err = conn.Exec(ctx, sql)
		must(c.t, err)
	}
	must(c.t, conn.Close(ctx))
}

// tail is the end of a log.
func tail(path string) string {
	const enough = 4 << 10
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return "(there is none)"
	}
	return string(text[max(0, len(text)-enough):])
}
