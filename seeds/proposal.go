package seeds

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"fuyan/casework"
	"fuyan/postgres"
)

// A proposal is one of data/proposals.json: what it asks for, and what is
// written in the course of answering it.
type proposal struct {
	Kind      casework.Kind `json:"kind"`
	Body      string        `json:"body"`
	Term      int           `json:"term"`
	Session   int           `json:"session"`
	Number    string        `json:"number"`
	Title     string        `json:"title"`
	Text      string        `json:"text"`
	Proposers []struct {
		Name         string `json:"name"`
		Organisation bool   `json:"organisation"`
	} `json:"proposers"`
	Result    string             `json:"result"` // as the letter prints it
	Publicity casework.Publicity `json:"publicity"`
	Draft     string             `json:"draft"`
	Helpers   []string           `json:"helpers"` // short names
	Opinion   string             `json:"opinion"` // of the first helper
	Contact   string             `json:"contact"`
}

// writtenIn is the year whose days the texts name.
const writtenIn = 2026

// readProposals returns the proposals by number, with the years that their
// texts name moved to those around year.
func readProposals(year int) (map[string]proposal, error) {
	text, err := data.ReadFile("data/proposals.json")
	if err != nil {
		return nil, err
	}
	var list []proposal
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("read proposals: %w", err)
	}
	var years []string
	for y := writtenIn; y <= writtenIn+1; y++ {
		years = append(years, strconv.Itoa(y)+"年", strconv.Itoa(y-writtenIn+year)+"年")
	}
	moved := strings.NewReplacer(years...)
	out := map[string]proposal{}
	for _, p := range list {
		p.Kind = casework.Kind(strings.ToLower(string(p.Kind)))
		p.Draft = moved.Replace(p.Draft)
		out[p.Number] = p
	}
	return out, nil
}

// loadProposals walks every proposal of the plan as far as the plan says.
func (l *loader) loadProposals(ctx context.Context) error {
	proposals, err := readProposals(l.now.Year())
	if err != nil {
		return err
	}
	for _, p := range plans {
		w := &walk{loader: l, proposal: proposals[p.number], plan: p, handedOver: l.today().AddDays(-p.ago)}
		if err := w.do(ctx); err != nil {
			return fmt.Errorf("proposal %s: %w", p.number, err)
		}
	}
	return nil
}

// receive hands the proposal over to the organ that answers.
func (w *walk) receive(ctx context.Context) error {
	p := w.proposal
	n := postgres.NewProposal{
		Kind: p.Kind, Sitting: casework.Sitting{Body: p.Body, Term: p.Term, Session: p.Session}, Number: p.Number,
		Title: p.Title, Text: p.Text, OrganID: w.organs[answering].ID, HandedOver: w.handedOver,
		TextPublic: p.Publicity != casework.Withheld,
	}
	if len(p.Helpers) > 0 {
		n.Role = "lead"
	}
	for i, s := range p.Proposers {
		n.Proposers = append(n.Proposers, postgres.NewProposer{
			Name: s.Name, Organisation: s.Organisation, Lead: i == 0, UserID: w.accountNamed(s.Name),
		})
	}
	made, err := w.d.ReceiveProposal(ctx, call(w.supervisorOf(p.Kind), 0), n)
	w.id = made.ID
	return err
}
