package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// An Event is a row of the events table.
type Event = db.Event

// record adds an event to the chain of p, whose row the caller has locked.
func (d *DB) record(ctx context.Context, tx pgx.Tx, p *Proposal, u casework.User, verb casework.Verb, note string) error {
	e := Event{
		ProposalID: p.ID, Seq: p.EventCount + 1, Verb: verb, ActorID: orNull(u.ID), Actor: u.Name,
		At: d.now(), Round: p.Round, Note: note,
	}
	e.Hash = ChainHash(p.EventHash, e)
	p.EventCount, p.EventHash = e.Seq, e.Hash
	if err := q.CreateEvent(ctx, tx, db.CreateEventParams(e)); err != nil {
		return err
	}
	return q.AdvanceChain(ctx, tx, e.Seq, e.Hash, p.ID)
}

// ChainHash is SHA-256 over the hash before and every column of e, each with its
// length in front, so that no two events write the same bytes.
func ChainHash(before []byte, e Event) []byte {
	var room [32]byte
	b := make([]byte, 0, 512)
	part := func(p []byte) { b = append(binary.BigEndian.AppendUint64(b, uint64(len(p))), p...) }
	number := func(n int64) { part(strconv.AppendInt(room[:0], n, 10)) }
	part(before)
	number(e.ProposalID)
	number(e.Seq)
	part([]byte(e.Verb))
	number(orZero(e.ActorID))
	part([]byte(e.Actor))
	part(e.At.UTC().AppendFormat(room[:0], time.RFC3339Nano))
	number(int64(e.Round))
	part([]byte(e.Note))
	sum := sha256.Sum256(b)
	return sum[:]
}

// An EventFilter says which events of a proposal are wanted.
type EventFilter struct {
	ProposalID int64
	After      int64 // the last seq of the page before
	Limit      int32
}

// hiddenVerbs are the events that those who may not read drafts do not see.
var hiddenVerbs = []string{
	string(casework.SaveDraft), string(casework.Submit), string(casework.Approve), string(casework.SendBack),
	string(casework.RequestOpinion), string(casework.SubmitOpinion), string(casework.RecordContact),
	string(casework.RequestReturn), string(casework.GrantReturn), string(casework.RefuseReturn),
	string(casework.PlanPromise), string(casework.WaivePromise),
	string(casework.Offer), string(casework.TakeOver), string(casework.DeclineOffer), string(casework.WithdrawOffer),
	string(casework.Urge), string(casework.ReceiveUrge), string(casework.AnswerUrge),
}

// draftVerbs are the events that quote a draft: only who may read drafts sees them.
var draftVerbs = []string{string(casework.PlanPromise), string(casework.WaivePromise)}

// hiddenRules are the rules of deadlines that they do not see either: these go on
// between offices.
var hiddenRules = []string{casework.RuleReturn, casework.RuleOpinion}

// aboutDeadlines are the events whose notes begin with the name of a deadline.
var aboutDeadlines = []string{
	string(casework.PauseDeadline), string(casework.ResumeDeadline), string(casework.CalendarChanged), string(casework.RuleChanged),
}

// inside begins what in a note stays inside: faults of a letter and why they were
// overridden, why a deadline rested.
const inside = "；"

// ListEvents returns the history of a proposal, oldest first.
func (d *DB) ListEvents(ctx context.Context, u casework.User, f EventFilter) ([]Event, error) {
	_, s, err := seen(ctx, d.conn, u, f.ProposalID)
	if err != nil {
		return nil, err
	}
	p := db.EventsParams{
		ProposalID: f.ProposalID, After: f.After, Hidden: []string{}, AboutDeadlines: aboutDeadlines, HiddenNames: []string{},
		MaxRows: f.Limit,
	}
	switch {
	case u.SeesDrafts(s):
		return q.Events(ctx, d.conn, p)
	case u.SeesContacts(s):
		p.Hidden = draftVerbs
		return q.Events(ctx, d.conn, p)
	}
	p.Hidden = hiddenVerbs
	if p.HiddenNames, err = q.NamesOfRules(ctx, d.conn, hiddenRules); err != nil {
		return nil, err
	}
	events, err := q.Events(ctx, d.conn, p)
	for i, e := range events {
		events[i] = asOutside(e)
	}
	return events, err
}

// asOutside is an event as those read it who do not read drafts.
func asOutside(e Event) Event {
	if e.Verb == casework.Issue || e.Verb == casework.PauseDeadline || e.Verb == casework.ResumeDeadline {
		e.Note, _, _ = strings.Cut(e.Note, inside)
	}
	return e
}

// A ChainError names the first broken line of a history.
type ChainError struct {
	ProposalID, Seq int64
	Why             string
}

func (e *ChainError) Error() string {
	return fmt.Sprintf("proposal %d, event %d: %s", e.ProposalID, e.Seq, e.Why)
}

// A VerifyReport counts what was verified.
type VerifyReport struct{ Proposals, Events int64 }

// Verify walks every history and returns a [ChainError] at the first line that
// is missing, added or changed.
func (d *DB) Verify(ctx context.Context) (r VerifyReport, err error) {
	for after, more := int64(0), true; more && err == nil; {
		after, err = inTx(ctx, d, func(tx pgx.Tx) (int64, error) { return r.batch(ctx, tx, after) })
		more = after > 0
	}
	return r, err
}

// batch verifies the histories of some proposals behind after and returns the
// last one's id, or 0 when there are none. The heads stay locked meanwhile, so
// that nobody adds an event between the two reads.
func (r *VerifyReport) batch(ctx context.Context, tx pgx.Tx, after int64) (int64, error) {
	heads, err := q.ChainHeads(ctx, tx, after, 500)
	if err != nil || len(heads) == 0 {
		return 0, err
	}
	last := heads[len(heads)-1].ID
	ids := make([]int64, len(heads))
	for i, h := range heads {
		ids[i] = h.ID
	}
	events, err := q.AllEvents(ctx, tx, ids)
	if err != nil {
		return 0, err
	}
	r.Proposals += int64(len(heads))
	r.Events += int64(len(events))
	return last, verifyChains(heads, events)
}

// verifyChains checks events, in order of proposal and seq, against the heads.
func verifyChains(heads []db.ChainHeadsRow, events []Event) error {
	for _, h := range heads {
		var before []byte
		var seq int64
		for len(events) > 0 && events[0].ProposalID == h.ID {
			e := events[0]
			events = events[1:]
			seq++
			if e.Seq != seq {
				return &ChainError{h.ID, seq, "is missing"}
			}
			if string(ChainHash(before, e)) != string(e.Hash) {
				return &ChainError{h.ID, seq, "is not what was recorded"}
			}
			before = e.Hash
		}
		if seq != h.EventCount {
			return &ChainError{h.ID, seq + 1, fmt.Sprintf("is missing: %d events are on record", h.EventCount)}
		}
		if string(before) != string(h.EventHash) {
			return &ChainError{h.ID, seq, "does not end in the hash on record"}
		}
	}
	return nil
}
