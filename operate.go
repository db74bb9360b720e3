package main

import (
	"context"
	"fmt"
	"net"
	"net/http"

	"golang.org/x/sync/errgroup"
)

// operated does the parts of the program side by side until ctx ends, or until one of
// them or the database fails, while the operator's address, if there is one, says how
// the program is. From the moment that ctx ends it says that the program drains.
func (p *program) operated(ctx context.Context, d *database, parts ...func(context.Context, *health) error) error {
	h, err := newHealth(ctx, d.pool, p.log)
	if err != nil {
		return err
	}
	defer h.pool.Close()
	defer context.AfterFunc(ctx, func() { h.draining.Store(true) })()
	p.observer.AddPool("primary", d.pool)
	if d.standby != nil {
		p.observer.AddPool("standby", d.standby)
	}
	p.observer.AddBacklog(d.DB)
	stop, err := p.tellOperator(ctx, h)
	if err != nil {
		return err
	}
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return d.watch(ctx) })
	g.Go(func() error { return d.follow(ctx, p.log) })
	for _, part := range parts {
		g.Go(func() error { return part(ctx, h) })
	}
	return g.Wait()
}

// tellOperator answers at the operator's address, if there is one, until stop.
func (p *program) tellOperator(ctx context.Context, h *health) (stop func(), err error) {
	if p.metricsListen == "" {
		return func() {}, nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", p.metricsListen)
	if err != nil {
		return nil, fmt.Errorf("%w; --metrics-listen takes another address", err)
	}
	mux := http.NewServeMux()
	h.handle(mux)
	mux.Handle("GET /metrics", p.observer.Handler())
	srv := bounded(mux)
	go func() { _ = srv.Serve(l) }() // until it is closed
	return func() { _ = srv.Close() }, nil
}
