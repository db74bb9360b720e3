package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"text/tabwriter"
	"time"

	"fuyan/seeds"
)

func (p *program) seed(ctx context.Context, _ []string) error {
	return p.withSchema(ctx, func(d *database) error {
		empty, err := d.Empty(ctx)
		if err != nil {
			return err
		}
		if !empty {
			return errors.New("the database has accounts: demo data goes into an empty one only")
		}
		if err := seeds.Load(ctx, d.pool, time.Now); err != nil {
			return fmt.Errorf("load the demo data: %w", err)
		}
		return p.printAccounts()
	})
}

// prepare fills the private database the first time, and says where to go.
func (p *program) prepare(ctx context.Context, d *database, l net.Listener) error {
	if d.server == nil {
		p.printAddress(l)
		return nil
	}
	empty, err := d.Empty(ctx)
	if err != nil {
		return err
	}
	if empty {
		began := time.Now()
		if err := seeds.Load(ctx, d.pool, time.Now); err != nil {
			return fmt.Errorf("load the demo data: %w", err)
		}
		p.log.InfoContext(ctx, "loaded the demo data", "duration", time.Since(began))
	}
	p.printAddress(l)
	if demo, err := seeds.Present(ctx, d.DB); err != nil || !demo {
		return err
	}
	return p.printAccounts()
}

func (p *program) printAccounts() error {
	fmt.Fprintf(p.stdout, "\nDemo accounts, each with the password %s\n\n", seeds.Password)
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, a := range seeds.Accounts {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s %s %s\n", a.Name, a.Role, a.RoleName, a.Organ, a.Division, a.DisplayName)
	}
	return w.Flush()
}
