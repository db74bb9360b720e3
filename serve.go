package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"time"

	"fuyan/postgres"
	"fuyan/server"
	"fuyan/worker"
)

// grace is how long calls under way may take after the end is asked for.
const grace = 10 * time.Second

// everything migrates, serves and works until ctx ends.
func (p *program) everything(ctx context.Context, _ []string) error {
	o, err := p.ways()
	if err != nil {
		return err
	}
	return p.listening(ctx, p.stored(p.withSchema), func(ctx context.Context, l net.Listener, d *database) error {
		if err := p.prepare(ctx, d, l); err != nil {
			return err
		}
		return p.operated(ctx, d,
			func(ctx context.Context, h *health) error { return p.answer(ctx, l, d, h) },
			func(ctx context.Context, _ *health) error { return p.workOff(ctx, d, o) })
	})
}

func (p *program) serve(ctx context.Context, _ []string) error {
	return p.listening(ctx, p.stored(p.with), func(ctx context.Context, l net.Listener, d *database) error {
		p.printAddress(l)
		return p.operated(ctx, d, func(ctx context.Context, h *health) error { return p.answer(ctx, l, d, h) })
	})
}

func (p *program) work(ctx context.Context, _ []string) error {
	o, err := p.ways()
	if err != nil {
		return err
	}
	return p.stored(p.with)(ctx, func(d *database) error {
		return p.operated(ctx, d, func(ctx context.Context, _ *health) error { return p.workOff(ctx, d, o) })
	})
}

// listening takes the address before it opens the database: an address in use
// is told at once, and who calls meanwhile is answered when all is ready.
func (p *program) listening(
	ctx context.Context, with func(context.Context, func(*database) error) error,
	f func(context.Context, net.Listener, *database) error,
) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", p.listen)
	if err != nil {
		return fmt.Errorf("%w; --listen takes another address", err)
	}
	defer l.Close()
	return with(ctx, func(d *database) error { return f(ctx, l, d) })
}

// upload is how long a request may take to arrive: a file of 20 MB at 2 Mbit/s.
// Its answer has reply more.
const (
	upload = 2 * time.Minute
	reply  = time.Minute
)

// bounded is a server that waits for no client for ever. It speaks HTTP/2 without TLS
// too, as gRPC wants from behind what ends TLS.
func bounded(h http.Handler) *http.Server {
	both := new(http.Protocols)
	both.SetHTTP1(true)
	both.SetUnencryptedHTTP2(true)
	return &http.Server{
		Handler: h, Protocols: both, HTTP2: &http.HTTP2Config{SendPingTimeout: 30 * time.Second}, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: upload, WriteTimeout: upload + reply, IdleTimeout: 2 * time.Minute,
	}
}

// answer answers calls until ctx ends and who asks for health has seen it, then
// lets those under way finish.
func (p *program) answer(ctx context.Context, l net.Listener, d *database, h *health) error {
	srv := bounded(h.before(server.New(d.DB, server.Options{Log: p.log, Observer: p.observer, Rate: p.rate, Proxies: p.proxies})))
	srv.ErrorLog = slog.NewLogLogger(p.log.Handler(), slog.LevelWarn)
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		<-ctx.Done()
		h.drain()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		if err := srv.Shutdown(last); err != nil {
			p.log.WarnContext(ctx, "broke off calls that took too long", "error", srv.Close())
		}
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	<-finished
	return nil
}

// workOff works jobs until ctx ends, then lets those under way finish. A database
// that is lost while it begins it waits for, as it does later.
func (p *program) workOff(ctx context.Context, d *database, o worker.Options) error {
	if d.server != nil { // nobody else works on a private database
		if err := d.ReleaseJobs(ctx); err != nil {
			return err
		}
	}
	listen, err := listening(context.WithoutCancel(ctx), d.pool)
	if err != nil {
		return err
	}
	defer listen.Close()
	o.Listen = listen
	for {
		client, err := worker.New(d.pool, d.DB, o)
		if err != nil {
			return err
		}
		err = client.Start(ctx)
		switch {
		case err == nil:
			<-client.Stopped()
			return nil
		case ctx.Err() != nil:
			return nil // told to end before it had begun
		case !postgres.Unreachable(err):
			return err
		}
		p.log.ErrorContext(ctx, "lost the database while the work began, and begins again", "error", err)
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return nil
		}
	}
}

// ways are the ways out: how mails are sent and what webhooks may reach.
func (p *program) ways() (worker.Options, error) {
	mail, err := p.mailer()
	if err != nil {
		return worker.Options{}, err
	}
	allowed, err := networks("--webhook-networks", p.webhookNetworks)
	if err != nil {
		return worker.Options{}, err
	}
	return worker.Options{Log: p.log, Observer: p.observer, Mail: mail, Hook: worker.NewWebhookClient(allowed), Poll: p.pollJobs}, nil
}

// networks reads the networks that a flag names.
func networks(flag, list string) (out []netip.Prefix, err error) {
	for s := range strings.SplitSeq(list, ",") {
		if s == "" {
			continue
		}
		n, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, usage("%s %q: want networks such as 10.0.0.0/8,192.168.7.0/24", flag, s)
		}
		out = append(out, n)
	}
	return out, nil
}

// mailer sends mails by the server that was named, or keeps them as files in the
// data folder.
func (p *program) mailer() (worker.SendMail, error) {
	if p.smtpURL != "" {
		if p.mailFrom == "" {
			return nil, usage("--smtp-url needs --mail-from, the address that mails come from")
		}
		send, err := worker.NewSMTP(p.smtpURL, p.mailFrom)
		if err != nil {
			return nil, usage("--smtp-url, --mail-from: %v", err)
		}
		return send, nil
	}
	dir, err := p.dataDir()
	if err != nil {
		return nil, err
	}
	send, err := worker.NewFolder(filepath.Join(dir, "mail"), cmp.Or(p.mailFrom, "fuyan@localhost"))
	if err != nil {
		return nil, usage("--mail-from, --data: %v", err)
	}
	return send, nil
}

func (p *program) printAddress(l net.Listener) {
	host, _, _ := net.SplitHostPort(p.listen) // it listens, so it is sound
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if host == "" {
		host = "localhost"
	}
	fmt.Fprintf(p.stdout, "Fuyan answers at http://%s/\n", net.JoinHostPort(host, port))
}
