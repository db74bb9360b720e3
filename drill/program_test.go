// Package drill_test breaks things: it kills, stops, starves and cuts off real
// processes of the program and a real Postgres while people work, and then looks
// by queries whether anything is lost, doubled or half-done.
//
// "go test" does each drill in a short form; with FUYAN_DRILL set it is done in
// full ("make drill"). Each prints the seed of what it did at random.
package drill_test

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
)

func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "4"); err != nil { // they wait more than they work
		panic(err)
	}
	code := m.Run()
	if builtOnce {
		_ = os.RemoveAll(filepath.Dir(binary()))
	}
	os.Exit(code)
}

// full reports whether the drills are done in full.
func full() bool { return os.Getenv("FUYAN_DRILL") != "" }

// newRandom is what a drill leaves to chance. It prints its seed.
func newRandom(t testing.TB) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// builtOnce is true once the command is built.
var builtOnce bool

// binary is the command, built once, in full drills with the race detector.
var binary = sync.OnceValue(func() string {
	dir, err := os.MkdirTemp("/tmp", "fuyan-drill-bin-")
	if err != nil {
		panic(err)
	}
	builtOnce = true
	path := filepath.Join(dir, "fuyan")
	args := []string{"build", "-o", path}
	if full() {
		args = append(args, "-race")
	}
	if out, err := exec.Command("go", append(args, "fuyan")...).CombinedOutput(); err != nil {
		panic("go build: " + err.Error() + "\n" + string(out))
	}
	return path
})

// fuyan runs the command to its end, which must be a success, and returns what it
// printed.
func fuyan(t testing.TB, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), binary(), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("fuyan %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// A process is one running command: a server, a worker, or all in one.
type process struct {
	t      testing.TB
	args   []string
	addr   string // where it answers; "" where it does not
	data   string // its data folder
	log    string
	cmd    *exec.Cmd
	exited chan error
	kills  int
}

// newServer starts "fuyan serve" on a database and waits until it answers. It lets
// few people ask as much as many would.
func newServer(t testing.TB, url string, flags ...string) *process {
	t.Helper()
	addr := freeAddr(t)
	p := newProcess(t, addr, append([]string{"serve", "--database-url", url, "--listen", addr, "--rate", "0"}, flags...)...)
	p.start()
	return p
}

// newWorker starts "fuyan work" on a database and waits until it answers: one that
// finds no database when it begins ends, for whoever watches over it to start it again.
func newWorker(t testing.TB, url string, flags ...string) *process {
	t.Helper()
	addr := freeAddr(t)
	p := newProcess(t, addr, append([]string{"work", "--database-url", url, "--metrics-listen", addr}, flags...)...)
	p.start()
	return p
}

// newProcess is a command that is not started, with a data folder of its own.
func newProcess(t testing.TB, addr string, args ...string) *process {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "fuyan-drill-")
	must(t, err)
	must(t, os.Chmod(dir, 0o755)) // the user of a private Postgres must pass
	p := &process{t: t, addr: addr, data: filepath.Join(dir, "data"), log: filepath.Join(dir, "log")}
	p.args = append(args, "--data", p.data, "--log-format", "json")
	t.Cleanup(func() {
		p.stop()
		if t.Failed() {
			t.Logf("the end of the log of fuyan %s:\n%s", args[0], tail(p.log))
		}
		must(t, os.RemoveAll(dir))
	})
	return p
}

func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	defer func() { must(t, l.Close()) }()
	return l.Addr().String()
}

// start starts the command and, where it answers, waits until it does.
func (p *process) start() {
	p.t.Helper()
	p.launch()
	if p.addr == "" {
		return
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if p.answers("/healthz") {
			return
		}
		select {
		case err := <-p.exited:
			p.t.Fatalf("fuyan %s ended: %v\n%s", p.args[0], err, tail(p.log))
		default:
		}
	}
	p.t.Fatalf("fuyan %s does not answer:\n%s", p.args[0], tail(p.log))
}

func (p *process) launch() {
	p.t.Helper()
	log, err := os.OpenFile(p.log, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	must(p.t, err)
	cmd := exec.Command(binary(), p.args...)
	cmd.Stdout, cmd.Stderr = log, log
	must(p.t, cmd.Start())
	must(p.t, log.Close())
	exited := make(chan error, 1)
	p.cmd, p.exited = cmd, exited
	go func() { exited <- cmd.Wait() }()
}

// answers reports whether the server says OK to GET path.
func (p *process) answers(path string) bool {
	ctx, cancel := context.WithTimeout(p.t.Context(), 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.addr+path, nil)
	must(p.t, err)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// kill ends the command as a power cut would.
func (p *process) kill() {
	p.kills++
	_ = p.cmd.Process.Kill()
	if err := <-p.exited; err == nil {
		p.t.Logf("fuyan %s had ended by itself", p.args[0])
	}
	p.cmd = nil
}

// stop asks the command to end and waits until it has, without a complaint.
func (p *process) stop() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-p.exited:
		if err != nil {
			p.t.Errorf("fuyan %s, told to end: %v\n%s", p.args[0], err, tail(p.log))
		}
		p.cmd = nil
	case <-time.After(time.Minute):
		p.t.Errorf("fuyan %s does not end:\n%s", p.args[0], tail(p.log))
		p.kill()
	}
}

// logged is the first line of the log that holds words; "" for none.
func logged(t testing.TB, p *process, words string) string {
	t.Helper()
	text, err := os.ReadFile(p.log)
	must(t, err)
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, words) {
			return line
		}
	}
	return ""
}

func must(t testing.TB, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if e, ok := errors.AsType[*connect.Error](err); ok {
		t.Fatalf("%v: %v", connect.CodeOf(err), e)
	}
	t.Fatal(err)
}
