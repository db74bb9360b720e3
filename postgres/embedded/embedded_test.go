package embedded_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/postgres/embedded"
)

const nobody = 65534 // the user and the group

// holdDir makes the test program start a server there and wait to be killed.
const holdDir = "EMBEDDED_TEST_HOLD_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdDir); dir != "" {
		hold(dir)
	}
	os.Exit(m.Run())
}

func hold(dir string) {
	s, err := embedded.Start(context.Background(), embedded.Options{Dir: dir})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(s.URL())
	select {}
}

// folder is a data folder that the server's user can reach, as t.TempDir is
// not for root.
func folder(t *testing.T) string {
	t.Helper()
	parent, err := os.MkdirTemp("/tmp", "embedded-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(parent) })
	if err := os.Chmod(parent, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(parent, "data")
}

func start(t *testing.T, dir string) *embedded.Server {
	t.Helper()
	s, err := embedded.Start(t.Context(), embedded.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *embedded.Server) {
	t.Helper()
	if err := s.Stop(); err != nil {
		t.Errorf("Stop() = %v", err)
	}
}

// query returns the one value that sql gives as text, empty if it gives none.
func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	results, err := conn.PgConn().Exec(t.Context(), sql).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	if last := results[len(results)-1]; len(last.Rows) > 0 {
		return string(last.Rows[0][0])
	}
	return ""
}

// serverPID is the process that serves the cluster in dir.
func serverPID(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "postgres", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestDataSurvivesRestart(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, dir)
	if !s.Fresh() {
		t.Error("first start: Fresh() = false")
	}
	query(t, s.URL(), "CREATE TABLE kept AS SELECT '复言' AS word")
	stop(t, s)
	stop(t, s)
	select {
	case <-s.Done():
		t.Error("Done() is closed after Stop")
	default:
	}

	s = start(t, dir)
	if s.Fresh() {
		t.Error("second start: Fresh() = true")
	}
	if got := query(t, s.URL(), "SELECT word FROM kept"); got != "复言" {
		t.Errorf("after restart: got %q", got)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, dir)
	for setting, want := range map[string]string{
		"fsync":            "on",
		"listen_addresses": "",
		"max_connections":  "100",
		"server_encoding":  "UTF8",
		"shared_buffers":   "128MB",
		"TimeZone":         "UTC",
	} {
		if got := query(t, s.URL(), "SHOW "+setting); got != want {
			t.Errorf("%s = %q, want %q", setting, got, want)
		}
	}
	for _, name := range []string{"postgres", "socket"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
}

func TestSecondStartNamesTheFirst(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, dir)
	_, err := embedded.Start(t.Context(), embedded.Options{Dir: dir})
	want := fmt.Sprintf("lock the data folder %s: in use by the process with pid %d", dir, os.Getpid())
	if err == nil || err.Error() != want {
		t.Errorf("second Start: %v, want %s", err, want)
	}
	query(t, s.URL(), "SELECT 1")
}

func TestLongPath(t *testing.T) {
	t.Parallel()
	s := start(t, filepath.Join(folder(t), strings.Repeat("long/", 25)))
	query(t, s.URL(), "SELECT 1")
	config, err := pgx.ParseConfig(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	stop(t, s)
	if _, err := os.Stat(config.Host); !os.IsNotExist(err) {
		t.Errorf("after Stop the socket's folder %s is there: %v", config.Host, err)
	}
}

func TestStrangePath(t *testing.T) {
	t.Parallel()
	for _, name := range []string{`a "b" 'c' +d&e=复`, "a,b"} {
		s := start(t, filepath.Join(folder(t), name))
		query(t, s.URL(), "SELECT 1")
	}
}

func TestFirstStartBrokenOff(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	if err := os.MkdirAll(filepath.Join(dir, "postgres.new", "base"), 0o755); err != nil {
		t.Fatal(err)
	}
	s := start(t, dir)
	if !s.Fresh() {
		t.Error("Fresh() = false")
	}
	query(t, strings.Replace(s.URL(), "/fuyan?", "/postgres?", 1), "DROP DATABASE fuyan")
	stop(t, s)
	query(t, start(t, dir).URL(), "SELECT 1")
}

func TestCancelledStartFreesTheFolder(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := embedded.Start(ctx, embedded.Options{Dir: dir}); err == nil {
		t.Error("Start with a cancelled context succeeded")
	}
	start(t, dir)
}

func TestParentKilled(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	parent, url := startHolder(t, dir)
	query(t, url, "CREATE TABLE kept AS SELECT 1")
	old := serverPID(t, dir)
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait() // it was killed

	s := start(t, dir)
	if got := query(t, s.URL(), "SELECT count(*) FROM kept"); got != "1" {
		t.Errorf("after the parent was killed: %q rows", got)
	}
	if pid := serverPID(t, dir); pid == old {
		t.Errorf("the server is still the dead parent's, pid %d", pid)
	}
}

// startHolder runs a program that has a server in dir, and returns its URL.
func startHolder(t *testing.T, dir string) (*exec.Cmd, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // normally done before
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "postgres:") {
		t.Fatalf("the program in between: %s %v", line, err)
	}
	return cmd, strings.TrimSpace(line)
}

func TestServerKilled(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, dir)
	query(t, s.URL(), "CREATE TABLE kept AS SELECT 1")
	leaveOrphan(t, s.URL())
	if err := syscall.Kill(serverPID(t, dir), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("Done() is not closed after the server was killed")
	}
	stop(t, s)

	s = start(t, dir)
	if got := query(t, s.URL(), "SELECT count(*) FROM kept"); got != "1" {
		t.Errorf("after the server was killed: %q rows", got)
	}
}

// leaveOrphan opens a session too busy to notice the end of its server at once.
func leaveOrphan(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	begun := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		close(begun)
		_, _ = conn.Exec(context.WithoutCancel(t.Context()), // its connection breaks
			`DO $$ DECLARE till timestamptz := clock_timestamp() + interval '1 second';
			BEGIN WHILE clock_timestamp() < till LOOP END LOOP; END $$`)
	}()
	<-begun
	time.Sleep(100 * time.Millisecond)
	t.Cleanup(func() {
		<-ended
		conn.Close(context.Background())
	})
}

// TestReusedPID has a crashed server's pid taken by a process that is none.
func TestReusedPID(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	s := start(t, dir)
	file := filepath.Join(dir, "postgres", "postmaster.pid")
	note, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	stop(t, s)

	other := exec.Command("sleep", "60")
	other.SysProcAttr = asOwner(t, filepath.Join(dir, "postgres"))
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = other.Process.Kill()
		_ = other.Wait() // it was killed
	})
	_, rest, _ := strings.Cut(string(note), "\n")
	if err := os.WriteFile(file, fmt.Appendf(nil, "%d\n%s", other.Process.Pid, rest), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o666); err != nil {
		t.Fatal(err)
	}
	query(t, start(t, dir).URL(), "SELECT 1")
}

// asOwner runs a command as the owner of path.
func asOwner(t *testing.T, path string) *syscall.SysProcAttr {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner(t, path), Gid: nobody}}
}

func TestFolderClosedToTheServer(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root runs the server as somebody else")
	}
	dir := filepath.Join(folder(t), "closed")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := embedded.Start(t.Context(), embedded.Options{Dir: filepath.Join(dir, "data")})
	if err == nil || !strings.Contains(err.Error(), "may not enter "+dir+" ") {
		t.Errorf("Start in %s: %v", dir, err)
	}
}

// TestOwner gives the cluster to another user, then to root as a copy made by root is.
func TestOwner(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root runs the server as somebody else")
	}
	dir := folder(t)
	cluster := filepath.Join(dir, "postgres")
	stop(t, start(t, dir))
	first := owner(t, cluster)
	for _, c := range []struct{ given, want uint32 }{{nobody, nobody}, {0, first}} {
		if out, err := exec.Command("chown", "-R", fmt.Sprint(c.given), cluster).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		s := start(t, dir)
		if got := owner(t, filepath.Join(cluster, "postmaster.pid")); got != c.want {
			t.Errorf("cluster of user %d: the server runs as %d, want %d", c.given, got, c.want)
		}
		stop(t, s)
	}
}

func owner(t *testing.T, path string) uint32 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t).Uid
}

// TestAsNormalUser runs this package's other tests as nobody.
func TestAsNormalUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("not root: the other tests are run as a normal user")
	}
	dir := folder(t)
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "embedded.test") // where nobody can read it
	self, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	writeProgram(t, program, self)
	cmd := exec.CommandContext(t.Context(), program, "-test.v", "-test.timeout=5m")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}

// writeProgram lets no other test start a process meanwhile: it would inherit
// the open file, and a file open for writing cannot be executed.
func writeProgram(t *testing.T, path string, text []byte) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, text, 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestDefaultDir(t *testing.T) {
	t.Parallel()
	got, err := embedded.DefaultDir()
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(got) || filepath.Base(got) != "fuyan" {
		t.Errorf("DefaultDir() = %s", got)
	}
	if os.Geteuid() == 0 && got != "/var/lib/fuyan" {
		t.Errorf("DefaultDir() for root = %s", got)
	}
}
