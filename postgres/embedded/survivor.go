package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// takeOver clears the way for a new server: it stops the one that outlived a
// killed parent, and makes sure that Postgres does not mistake another process,
// which by now has the dead server's pid, for it.
func (f *folder) takeOver(ctx context.Context, log *slog.Logger) error {
	pid, err := f.notedPID()
	if err != nil || pid == 0 {
		return err
	}
	if f.serves(pid) {
		log.Warn("stopping the Postgres that a killed process left behind", "dir", f.path, "pid", pid)
		if err := f.end(ctx, pid); err != nil {
			return err
		}
	}
	if strings.Contains(commandLine(pid), "postgres") {
		return nil // another server: Postgres itself decides, and refuses when in doubt
	}
	return f.disown()
}

func (f *folder) pidFile() string { return filepath.Join(f.cluster(), "postmaster.pid") }

// notedPID is the process that the cluster takes for its server, 0 when none.
func (f *folder) notedPID() (int, error) {
	text, err := os.ReadFile(f.pidFile())
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil { // torn by a crash of the machine; the server it named went with it
		return 0, os.Remove(f.pidFile())
	}
	return pid, nil
}

// serves reports whether pid is a server of this cluster, and not a zombie.
func (f *folder) serves(pid int) bool {
	return strings.Contains(commandLine(pid), "/postgres -D "+f.cluster()+" ")
}

// commandLine is how pid was called, empty if there is no such process.
func commandLine(pid int) string {
	if line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil {
		return strings.ReplaceAll(string(line), "\x00", " ")
	}
	line, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return ""
	}
	return string(line)
}

// end stops a server that is not our child.
func (f *folder) end(ctx context.Context, pid int) error {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stop the former Postgres, pid %d: %w", pid, err)
		}
		if f.gone(ctx, pid) {
			return nil
		}
	}
	return fmt.Errorf("the former Postgres, pid %d, does not end", pid)
}

// gone waits for the end of a server, but not for ever.
func (f *folder) gone(ctx context.Context, pid int) bool {
	ctx, cancel := context.WithTimeout(ctx, patience/3)
	defer cancel()
	for f.serves(pid) {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(pause):
		}
	}
	return true
}

// disown replaces the noted pid by ours. Postgres takes a note with its
// parent's pid for stale without looking for the process, but still checks
// that no session of the former server uses its memory.
func (f *folder) disown() error {
	text, err := os.ReadFile(f.pidFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, rest, _ := strings.Cut(string(text), "\n")
	return os.WriteFile(f.pidFile(), fmt.Appendf(nil, "%d\n%s", os.Getpid(), rest), 0o600)
}
