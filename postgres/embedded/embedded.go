// Package embedded runs a private Postgres for people who have none running.
//
// The server belongs to one data folder and to one process. The folder holds
// the cluster (postgres), the Unix socket that is the only way in (socket),
// the server's log (postgres.log), binaries if some had to be fetched
// (download), and a lock (fuyan.lock) that the process keeps for its life.
//
// A parent killed with -9 leaves its server running. The next [Start] holds
// the lock, so it knows that nobody uses that server: it stops it and starts
// its own, which recovers what was committed.
//
// Postgres refuses to run as root. As root, the server runs as the owner of
// the cluster, in a new folder as the user postgres or nobody.
package embedded

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// Options say where the server lives and who hears about it.
type Options struct {
	Dir string       // the data folder, made when missing
	Log *slog.Logger // nil is silent

	search *search // nil looks in the usual places
}

// Server is a running Postgres that ends with [Server.Stop].
type Server struct {
	folder *folder
	proc   *process
	fresh  bool
	done   chan struct{}

	stop     sync.Once
	stopping chan struct{}
	stopErr  error
}

// Start makes the cluster if the folder has none, starts its server and waits
// until it answers. ctx limits the start, not the life of the server.
func Start(ctx context.Context, o Options) (*Server, error) {
	began := time.Now()
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	f, err := openFolder(o.Dir)
	if err != nil {
		return nil, err
	}
	s, err := start(ctx, o, f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start Postgres in %s: %w", f.path, err), f.close())
	}
	o.Log.Info("started Postgres", "dir", f.path, "fresh", s.fresh, "duration", time.Since(began))
	return s, nil
}

func start(ctx context.Context, o Options, f *folder) (*Server, error) {
	made, err := f.major()
	if err != nil {
		return nil, err
	}
	bin, err := cmp.Or(o.search, &usual).find(ctx, o.Log, made, filepath.Join(f.path, "download"))
	if err != nil {
		return nil, err
	}
	if err := f.prepare(bin); err != nil {
		return nil, err
	}
	if made == 0 {
		err = f.create(ctx, bin)
	} else {
		err = f.takeOver(ctx, o.Log)
	}
	if err != nil {
		return nil, err
	}
	p, err := f.launch(ctx, bin)
	if err != nil {
		return nil, err
	}
	s := &Server{folder: f, proc: p, fresh: made == 0, done: make(chan struct{}), stopping: make(chan struct{})}
	go s.watch()
	return s, nil
}

// URL is the connection string of the database fuyan.
func (s *Server) URL() string { return s.folder.url("fuyan") }

// Fresh reports whether this start made the cluster.
func (s *Server) Fresh() bool { return s.fresh }

// Done is closed when the server ends without having been stopped.
func (s *Server) Done() <-chan struct{} { return s.done }

func (s *Server) watch() {
	<-s.proc.exited
	select {
	case <-s.stopping:
	default:
		close(s.done)
	}
}

// Stop shuts the server down, breaking off its sessions, and frees the folder.
// A further call waits for the first and returns the same.
func (s *Server) Stop() error {
	s.stop.Do(func() {
		close(s.stopping)
		s.stopErr = errors.Join(s.proc.stop(), s.folder.close())
	})
	return s.stopErr
}

// DefaultDir is where the data of the present user belongs.
func DefaultDir() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/lib/fuyan", nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "fuyan"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the folder for data: %w", err)
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Application Support", "fuyan"), nil
	}
	return filepath.Join(home, ".local", "share", "fuyan"), nil
}
