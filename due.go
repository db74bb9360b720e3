package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"fuyan/casework"
	"fuyan/postgres"
)

// due prints by which day something must be done, and why.
func (p *program) due(ctx context.Context, _ []string) error {
	n, err := p.deadlineQuestion()
	if err != nil {
		return err
	}
	return p.withSchema(ctx, func(d *database) error {
		r, _, err := d.ComputeDeadline(ctx, n)
		if wrong, ok := errors.AsType[*casework.FieldError](err); ok {
			return usage("--%s: %s", wrong.Field, wrong.Want)
		}
		if err != nil {
			return err
		}
		if p.json {
			return json.NewEncoder(p.stdout).Encode(r)
		}
		p.printReckoning(r)
		return nil
	})
}

func (p *program) deadlineQuestion() (n postgres.DeadlineQuestion, err error) {
	n = postgres.DeadlineQuestion{Code: strings.ToUpper(p.rule), Mode: casework.Mode(p.mode)}
	if n.Code == "" {
		return n, usage("--rule is missing: want the code of a rule, for example REPLY")
	}
	if n.Kind, err = parseKind(p.kind); err != nil {
		return n, err
	}
	if n.From, err = casework.ParseDate(p.from); err != nil {
		return n, usage("--from %q: want a day of the calendar, for example 2025-05-19", p.from)
	}
	if wrong, ok := errors.AsType[*casework.FieldError](casework.CheckDay("from", n.From)); ok {
		return n, usage("--%s: %s", wrong.Field, wrong.Want)
	}
	if n.Mode != casework.Strict && n.Mode != casework.Rollover {
		return n, usage("--mode %q: want strict or rollover", p.mode)
	}
	return n, nil
}

func parseKind(name string) (casework.Kind, error) {
	switch k := casework.Kind(strings.TrimPrefix(strings.ToLower(name), "kind_")); {
	case slices.Contains(casework.Kinds, k):
		return k, nil
	case name == "提案":
		return casework.CPPCCProposal, nil
	case name == "建议", name == "代表建议":
		return casework.NPCSuggestion, nil
	}
	return "", usage("--kind %q: want cppcc_proposal (提案) or npc_suggestion (代表建议)", name)
}

func (p *program) printReckoning(r casework.Reckoning) {
	fmt.Fprintf(p.stdout, "%s\n\n", inWords(r.Due))
	for _, s := range r.Steps {
		fmt.Fprintln(p.stdout, s.Words)
	}
}

// inWords is a last day with what is provisional of it: 2027-01-26 暂定.
func inWords(d casework.Due) string {
	if d.Provisional {
		return d.Day.String() + " 暂定"
	}
	return d.Day.String()
}
