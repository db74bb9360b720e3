package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"fuyan/calendar"
	"fuyan/casework"
	"fuyan/postgres"
)

// calendar loads files into the working-day calendar. Who can reach the database
// may, as with accounts.
func (p *program) calendar(ctx context.Context, words []string) error {
	if len(words) < 2 || words[0] != "import" {
		return usage("want: fuyan calendar import FILE…")
	}
	years, err := parseYears(p.years)
	if err != nil {
		return err
	}
	n, err := p.readCalendars(words[1:])
	if err != nil {
		return err
	}
	n.Years, n.Preview = years, p.preview
	return p.withSchema(ctx, func(d *database) error {
		self := casework.User{Name: "fuyan calendar import", Roles: []casework.Role{casework.Admin}}
		change, err := d.ImportCalendar(ctx, postgres.Call{User: self}, n)
		if err != nil {
			return fmt.Errorf("load the calendar: %w", err)
		}
		p.printCalendar(change)
		return nil
	})
}

func parseYears(list string) ([]int, error) {
	var out []int
	for text := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' }) {
		y, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || y < 1950 || y > casework.LastYear {
			return nil, usage("--years %q: want years with commas between, for example 2027", list)
		}
		out = append(out, y)
	}
	return out, nil
}

// readCalendars reads every file before anything is done with one.
func (p *program) readCalendars(names []string) (postgres.NewCalendar, error) {
	n := postgres.NewCalendar{Source: sourceOf(names)}
	var contents [][]byte
	var errs []error
	for _, name := range names {
		data, err := p.fileBytes(name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		file, err := calendar.Read(data, p.notice)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
			continue
		}
		for _, d := range slices.Concat(file.Plain, daysOf(file.Days)) {
			if slices.Contains(n.Plain, d) || slices.Contains(daysOf(n.Days), d) {
				errs = append(errs, fmt.Errorf("%s: %s is named by another file as well", name, d))
			}
		}
		n.Days, n.Plain, contents = append(n.Days, file.Days...), append(n.Plain, file.Plain...), append(contents, data)
	}
	n.Content = bytes.Join(contents, []byte("\n"))
	return n, errors.Join(errs...)
}

// sourceOf names the files in the histories that they change: not by where they
// lie.
func sourceOf(names []string) string {
	out := make([]string, len(names))
	for i, name := range names {
		if out[i] = filepath.Base(name); name == "-" {
			out[i] = "标准输入"
		}
	}
	return strings.Join(out, "、")
}

func daysOf(list []casework.CalendarDay) []casework.Date {
	out := make([]casework.Date, len(list))
	for i, d := range list {
		out[i] = d.Day
	}
	return out
}

// printCalendar lists what changed, or would, and what moves for it.
func (p *program) printCalendar(change postgres.CalendarChange) {
	done, moves := "changed", "moved"
	if p.preview {
		done, moves = "would change", "would move"
	}
	fmt.Fprintf(p.stdout, "%d days %s", len(change.Days), done)
	if len(change.Years) > 0 {
		fmt.Fprintf(p.stdout, ", complete now: %s", strings.Trim(fmt.Sprint(change.Years), "[]"))
	}
	fmt.Fprintf(p.stdout, "; %d open deadlines %s\n", len(change.Moved), moves)
	for _, m := range change.Moved {
		fmt.Fprintf(p.stdout, "%s\t%s\t%s\t%s → %s\n", m.Number, m.Title, m.Deadline.Rule, m.Deadline.Due, inWords(m.To))
	}
}
