package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/term"

	"fuyan/casework"
	"fuyan/postgres"
)

// user makes an account. Who can reach the database may: so the first account
// comes to be.
func (p *program) user(ctx context.Context, words []string) error {
	if len(words) != 2 || words[0] != "add" {
		return usage("want: fuyan user add --role ROLE NAME")
	}
	roles, err := parseRoles(p.roles)
	if err != nil {
		return err
	}
	if p.division != "" && p.organ == "" {
		return usage("--division needs --organ")
	}
	n := postgres.NewUser{Name: words[1], DisplayName: cmp.Or(p.displayName, words[1]), Roles: roles}
	if n.Password, err = p.askPassword(n.Name); err != nil {
		return err
	}
	return p.withSchema(ctx, func(d *database) error {
		if err := p.place(ctx, d, &n); err != nil {
			return err
		}
		self := casework.User{Name: "fuyan user add", Roles: []casework.Role{casework.Admin}}
		if _, err := d.CreateUser(ctx, postgres.Call{User: self}, n); err != nil {
			return fmt.Errorf("make the account %s: %w", n.Name, err)
		}
		fmt.Fprintf(p.stdout, "made the account %s\n", n.Name)
		return nil
	})
}

func parseRoles(list string) ([]casework.Role, error) {
	var roles []casework.Role
	for name := range strings.SplitSeq(list, ",") {
		r := casework.Role(strings.TrimSpace(name))
		if !slices.Contains(casework.Roles, r) {
			return nil, usage("--role %q: want one or several of %v, with commas between", list, casework.Roles)
		}
		roles = append(roles, r)
	}
	return roles, nil
}

// place finds the organ and the division that were named.
func (p *program) place(ctx context.Context, d *database, n *postgres.NewUser) error {
	if p.organ == "" {
		return nil
	}
	list, err := d.ListOrgans(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(o postgres.Organ) bool { return o.Name == p.organ || o.ShortName == p.organ })
	if i < 0 {
		return fmt.Errorf("no organ is called %q", p.organ)
	}
	n.OrganID = list[i].ID
	for _, v := range list[i].Divisions {
		if p.division == v.Name || p.division == strconv.FormatInt(v.ID, 10) {
			n.DivisionID = v.ID
		}
	}
	if p.division != "" && n.DivisionID == 0 {
		return fmt.Errorf("%s has no division %q", list[i].Name, p.division)
	}
	return nil
}

// askPassword asks at a terminal, twice, and else reads one line.
func (p *program) askPassword(name string) (string, error) {
	f, ok := p.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		line, err := bufio.NewReader(p.stdin).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	var typed [2]string
	for i, prompt := range []string{"Password for " + name + ": ", "Again: "} {
		fmt.Fprint(p.stdout, prompt)
		secret, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(p.stdout)
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		typed[i] = string(secret)
	}
	if typed[0] != typed[1] {
		return "", errors.New("the two passwords differ")
	}
	return typed[0], nil
}
