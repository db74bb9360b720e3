package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	patience = 30 * time.Second      // with a server that says nothing, or does not end
	pause    = 10 * time.Millisecond // between two looks
)

// SQLSTATEs
const (
	startingUp = "57P03"
	noDatabase = "3D000"
)

// errOrphans means that sessions of a killed server still hold its memory.
// They notice its death by themselves.
var errOrphans = errors.New("sessions of the former server are still alive")

// process is a running server.
type process struct {
	os     *os.Process
	log    string
	from   int64         // where this server's part of the log begins
	exited chan struct{} // closed at the end
}

// launch starts the server and returns once the database fuyan can be used.
func (f *folder) launch(ctx context.Context, bin binaries) (*process, error) {
	giveUp := time.After(patience)
	for {
		p, err := f.run(ctx, bin)
		if err != nil {
			return nil, err
		}
		if err = p.ready(ctx, f); err == nil {
			return p, nil
		}
		if !errors.Is(err, errOrphans) {
			return nil, errors.Join(err, p.stop())
		}
		select {
		case <-time.After(10 * pause):
		case <-giveUp:
			return nil, err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (f *folder) run(ctx context.Context, bin binaries) (*process, error) {
	name := filepath.Join(f.path, "postgres.log")
	log, from, err := openLog(name)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	args := []string{"-D", f.cluster()}
	for _, setting := range []string{
		"listen_addresses=",
		`unix_socket_directories="` + strings.ReplaceAll(f.socket, `"`, `""`) + `"`,
		"unix_socket_permissions=0700",
		"port=" + port,
		"cluster_name=fuyan",
		"shared_buffers=128MB",
		"max_connections=100",
		"timezone=UTC",
		"log_timezone=UTC",
		"log_checkpoints=off",
	} {
		args = append(args, "-c", setting)
	}
	cmd := f.command(context.WithoutCancel(ctx), bin, "postgres", args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{os: cmd.Process, log: name, from: from, exited: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // how it ended is in its log
		close(p.exited)
	}()
	return p, nil
}

// openLog returns the log and its size. A long one is put aside first.
func openLog(name string) (*os.File, int64, error) {
	const long = 10 << 20
	if info, err := os.Stat(name); err == nil && info.Size() > long {
		if err := os.Rename(name, name+".old"); err != nil {
			return nil, 0, err
		}
	}
	log, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, 0, err
	}
	size, err := log.Seek(0, io.SeekEnd)
	return log, size, err
}

// ready waits for the server. It may take its time for recovery as long as it
// says so.
func (p *process) ready(ctx context.Context, f *folder) error {
	silence := time.NewTimer(patience)
	for {
		err := f.connect(ctx)
		if err == nil {
			return nil
		}
		if code(err) == startingUp {
			silence.Reset(patience)
		}
		select {
		case <-p.exited:
			return p.failure()
		case <-silence.C:
			return fmt.Errorf("no answer within %v: %w", patience, err)
		case <-ctx.Done():
			return fmt.Errorf("wait for an answer: %w", ctx.Err())
		case <-time.After(pause):
		}
	}
}

// failure says with the server's own words why it ended.
func (p *process) failure() error {
	const enough = 2 << 10
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err
	}
	text = text[min(p.from, int64(len(text))):]
	if bytes.Contains(text, []byte("is still in use")) {
		return errOrphans
	}
	return fmt.Errorf("the server ended, its log says:\n%s", text[max(0, len(text)-enough):])
}

// connect makes sure that the database fuyan answers. It is missing if the
// first start was broken off.
func (f *folder) connect(ctx context.Context) error {
	err := query(ctx, f.url("fuyan"), "SELECT 1")
	if code(err) != noDatabase {
		return err
	}
	return query(ctx, f.url("postgres"), "CREATE DATABASE fuyan")
}

func query(ctx context.Context, url, sql string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}

func code(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// stop ends the server as gently as it lets itself be ended.
func (p *process) stop() error {
	for _, step := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{
		{syscall.SIGINT, patience},      // break off sessions, write everything down
		{syscall.SIGQUIT, patience / 6}, // leave it to the next start's recovery
		{syscall.SIGKILL, patience / 6},
	} {
		if err := p.os.Signal(step.signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop Postgres: %w", err)
		}
		select {
		case <-p.exited:
			return nil
		case <-time.After(step.wait):
		}
	}
	return fmt.Errorf("stop Postgres: pid %d does not end", p.os.Pid)
}
