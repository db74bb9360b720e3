package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fuyan/migrations"
)

const (
	// probing is how long ago somebody may have asked /readyz who will ask again.
	probing = 15 * time.Second
	// linger is how long calls are still taken after /readyz has begun to refuse,
	// so that who asks it sends them elsewhere first.
	linger = 5 * time.Second
	// readyWithin is how long the database may take to answer /readyz.
	readyWithin = 2 * time.Second
)

// A health says whether the program is alive, and whether calls are to be sent to
// it.
type health struct {
	pool     *pgxpool.Pool
	log      *slog.Logger
	linger   time.Duration
	draining atomic.Bool
	migrated atomic.Bool  // a database once right stays so: there is no way down
	asked    atomic.Int64 // when /readyz was asked last, in nanoseconds
}

// newHealth asks by a connection of its own: that all others are at work makes nobody
// unready, and who asks often takes none of them.
func newHealth(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) (*health, error) {
	config := pool.Config()
	config.MaxConns = 1
	own, err := pgxpool.NewWithConfig(ctx, config)
	return &health{pool: own, log: log, linger: linger}, err
}

// handle puts the two answers before what else is served.
func (h *health) handle(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		h.asked.Store(time.Now().UnixNano())
		if why := h.unready(r.Context()); why != "" {
			say(w, http.StatusServiceUnavailable, why)
			return
		}
		say(w, http.StatusOK, "ready")
	})
}

// before serves next, and health beside it. Clients that keep their connection are
// asked to open another while the program drains.
func (h *health) before(next http.Handler) http.Handler {
	mux := http.NewServeMux()
	h.handle(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if h.draining.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
	return mux
}

// unready says why no call is to be sent here; nothing when one may.
func (h *health) unready(ctx context.Context) string {
	if h.draining.Load() {
		return "draining"
	}
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	why, err := h.lacks(ctx)
	if err != nil {
		h.log.WarnContext(ctx, "not ready", "error", err)
		return "the database does not answer"
	}
	return why
}

// lacks says what the database lacks.
func (h *health) lacks(ctx context.Context) (string, error) {
	if h.migrated.Load() {
		return "", h.pool.Ping(ctx)
	}
	missing, err := migrations.Missing(ctx, h.pool)
	if err != nil || len(missing) == 0 {
		h.migrated.Store(err == nil)
		return "", err
	}
	return fmt.Sprintf("fuyan migrate has not applied %s", strings.Join(missing, ", ")), nil
}

// drain begins to refuse, and returns once who asks /readyz has seen it: at once
// where nobody does.
func (h *health) drain() {
	h.draining.Store(true)
	if time.Since(time.Unix(0, h.asked.Load())) < probing {
		time.Sleep(h.linger)
	}
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text) // a client that has gone needs no answer
}
