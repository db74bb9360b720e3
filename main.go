// Fuyan receives the proposals and suggestions that a department must answer,
// leads each to its letter, and keeps count of what the letters promise.
//
// With no argument it does everything in one process: it starts a Postgres of
// its own unless one is named, migrates it, serves pages and RPCs, and works off
// the jobs. "fuyan help" lists what else it does.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"os/signal"
	"syscall"

	"gocloud.dev/blob"

	"fuyan/observe"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "fuyan:", err)
	if _, ok := errors.AsType[usageError](err); ok {
		os.Exit(2)
	}
	os.Exit(1)
}

// A usageError is a mistake in what was typed.
type usageError string

func (e usageError) Error() string { return string(e) }

func usage(format string, args ...any) error { return usageError(fmt.Sprintf(format, args...)) }

// A program is one run of the command.
type program struct {
	options
	log    *slog.Logger
	stdin  io.Reader
	stdout io.Writer
	store  *blob.Bucket // of files; nil where nobody uploads or removes any

	observer *observe.Observer
	proxies  []netip.Prefix // trusted
}

// run does what args say and returns when it is done or ctx ends.
func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	in, err := parse(args)
	if err != nil {
		return err
	}
	c, rest, err := in.command()
	if err != nil {
		return err
	}
	if in.help || c.name == "help" {
		return help(stdout, c, rest)
	}
	if err := in.check(c); err != nil {
		return err
	}
	log, err := newLog(os.Stderr, in.logFormat)
	if err != nil {
		return err
	}
	p := &program{options: in.options, log: log, stdin: stdin, stdout: stdout}
	if p.proxies, err = networks("--trusted-proxies", p.trustedProxies); err != nil {
		return err
	}
	exports, flush, err := exports(ctx, log)
	if err != nil {
		return err
	}
	defer flush()
	p.observer = observe.New(exports)
	return c.run(p, ctx, rest)
}

func newLog(w io.Writer, format string) (*slog.Logger, error) {
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, nil)), nil
	}
	return nil, usage("--log-format is text or json, not %q", format)
}
