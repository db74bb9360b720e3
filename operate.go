package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
)

// operated does f while the operator's address, if there is one, says how the
// program is. From the moment that ctx ends it says that the program drains.
func (p *program) operated(ctx context.Context, d *database, f func(*health) error) error {
	h := &health{pool: d.pool, log: p.log, linger: linger}
	defer context.AfterFunc(ctx, func() { h.draining.Store(true) })()
	p.observer.AddPool("primary", d.pool)
	if d.standby != nil {
		p.observer.AddPool("standby", d.standby)
	}
	p.observer.AddBacklog(d.DB)
	if p.metricsListen == "" {
		return f(h)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", p.metricsListen)
	if err != nil {
		return fmt.Errorf("%w; --metrics-listen takes another address", err)
	}
	mux := http.NewServeMux()
	h.handle(mux)
	mux.Handle("GET /metrics", p.observer.Handler())
	srv := bounded(mux)
	defer srv.Close()
	go func() { _ = srv.Serve(l) }() // until it is closed
	return f(h)
}
