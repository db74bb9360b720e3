package bench

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// A table is one of those that are loaded by COPY, by its place in [tables].
type table int

const (
	proposals table = iota
	proposers
	assignments
	returns
	opinions
	contacts
	extensions
	events
	replies
	drafts
	reviews
	promisePlans
	letters
	seriesNumbers
	letterReadings
	deliveries
	copies
	publications
	publishedReplies
	messages
	commitments
	progress
	dueChanges
	deadlines
	deadlineChanges
	deadlineWatch
	feedbacks
	redoDecisions
	notices
	proposalWords
	series
	publishedCounts
	publishedOrgans
	publishedSittings
	commitmentTallies
)

// tables are the columns of each, in the order in which rows of it are written.
var tables = [...]struct{ name, columns string }{
	proposals: {"proposals", `id, version, kind, body, term, session, number, title, text, text_public, no_written_reply, state, round,
		organ_id, division_id, handler_id, handed_over, reply_due, received_at, updated_at, event_count, event_hash`},
	proposers:      {"proposers", `id, proposal_id, place, name, organisation, lead, user_id, phone, address`},
	assignments:    {"assignments", `id, proposal_id, organ_id, role, handed_over, signed_for`},
	returns:        {"returns", `id, proposal_id, reason, asked_by, asked_at, granted, decided_by, decision_reason`},
	opinions:       {"opinions", `id, proposal_id, organ_id, question, asked_at, due, text, given_by, given_at`},
	contacts:       {"contacts", `id, proposal_id, proposer_id, channel, day, summary, recorded_by`},
	extensions:     {"extensions", `id, proposal_id, reason, until, asked_by, asked_at, granted, decided_by, decision_reason`},
	events:         {"events", `proposal_id, seq, verb, actor_id, actor, at, round, note, hash`},
	replies:        {"replies", `id, proposal_id, round, result, publicity, draft_count, author_id, passed, signed_by, redo_waits, withhold_reason, summary`},
	drafts:         {"drafts", `reply_id, number, text, author_id, created_at, result, publicity, withhold_reason, summary`},
	reviews:        {"reviews", `id, reply_id, draft_number, step, approved, comment, reviewer_id, at`},
	promisePlans:   {"promise_plans", `id, reply_id, text, owner_id, due, deliverable, criterion, reason, planned_by, planned_at`},
	letters:        {"letters", `id, proposal_id, reply_id, edition, document_number, issue_date, text, sha256, issued_by, issued_at`},
	seriesNumbers:  {"series_numbers", `prefix, year, number, fate, letter_id, at`},
	letterReadings: {"letter_readings", `letter_id, commitments, at`},
	deliveries:     {"deliveries", `reply_id, proposer_id, channel, day, proof, recorded_by`},
	copies:         {"copies", `reply_id, organ_id, ordered_at, sent_at, acknowledged_at, acknowledged_by`},
	publications:   {"publications", `id, reply_id, text, published`},
	publishedReplies: {"published_replies", `proposal_id, publication_id, kind, organ_id, body, term, session, year, result, published,
		plain, grams, triples`},
	messages: {"messages", `id, proposal_id, occasion, occasion_ref, proposer_id, organ_id, body, sent_at`},
	commitments: {"commitments", `id, version, proposal_id, letter_id, text, start_offset, end_offset, cue, responsible, due_words, words_due,
		state, owner_id, deliverable, criterion, first_due, due, end_reason, evidence, done_day, judged_by, told_day, told_how,
		organ_id, kind, division_id, follow_year, slips, keepings, reported_at, done_by, signed_by, signed_day`},
	progress:   {"progress", `id, commitment_id, kind, text, day, author_id, at, state`},
	dueChanges: {"due_changes", `id, commitment_id, before, after, reason, agreed_by, author_id, at`},
	deadlines: {"deadlines", `id, proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional, met,
		commitment_id, rule_from, unit, amount, ended, armed_at, next_notice, kind`},
	deadlineChanges: {"deadline_changes", `id, deadline_id, cause, before, after, reason, author_id, author, at`},
	deadlineWatch:   {"deadline_watch", `deadline_id, next_notice`},
	feedbacks:       {"feedbacks", `id, reply_id, proposer_id, attitude, result, text, recorded_by, channel, day, at`},
	redoDecisions:   {"redo_decisions", `id, reply_id, redo, reason, decided_by, at`},
	notices:         {"notices", `id, user_id, role, occasion, ref, proposal_id, subject, body, by_mail, by_webhook, at, read_at`},
	proposalWords:   {"proposal_words", `proposal_id, plain, grams`},

	series:            {"series", `prefix, year, last`},
	publishedCounts:   {"published_counts", `year, body, term, session, organ_id, replies`},
	publishedOrgans:   {"published_organs", `organ_id, replies`},
	publishedSittings: {"published_sittings", `year, body, term, session, replies`},
	commitmentTallies: {"commitment_tallies", `what, organ_id, kind, owner_id, days, n`},
}

// names are the tables' names.
func names() []string {
	out := make([]string, len(tables))
	for i, t := range tables {
		out[i] = t.name
	}
	return out
}

// signature begins a binary COPY: no flags and no extension follow.
const signature = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// A sheet is rows of one table as COPY reads them. What begins a row says how many
// fields follow it.
type sheet struct {
	b    []byte
	rows int64
}

func (s *sheet) row(fields int) {
	if len(s.b) == 0 {
		s.b = append(s.b, signature...)
	}
	s.b = binary.BigEndian.AppendUint16(s.b, uint16(fields))
	s.rows++
}

func (s *sheet) null() { s.b = append(s.b, 0xff, 0xff, 0xff, 0xff) }

func (s *sheet) size(n int) { s.b = binary.BigEndian.AppendUint32(s.b, uint32(n)) }

func (s *sheet) long(n int64) {
	s.size(8)
	s.b = binary.BigEndian.AppendUint64(s.b, uint64(n))
}

// id is a reference that may be to nothing.
func (s *sheet) id(n int64) {
	if n == 0 {
		s.null()
		return
	}
	s.long(n)
}

func (s *sheet) int(n int) {
	s.size(4)
	s.size(n)
}

func (s *sheet) bool(v bool) {
	s.size(1)
	if v {
		s.b = append(s.b, 1)
		return
	}
	s.b = append(s.b, 0)
}

func (s *sheet) text(v string) {
	s.size(len(v))
	s.b = append(s.b, v...)
}

func (s *sheet) bytes(v []byte) {
	s.size(len(v))
	s.b = append(s.b, v...)
}

func (s *sheet) day(d day) {
	if d == 0 {
		s.null()
		return
	}
	s.int(int(d))
}

func (s *sheet) moment(m moment) {
	if m == 0 {
		s.null()
		return
	}
	s.long(int64(m))
}

// oidText is Postgres's number of the type text.
const oidText = 25

func (s *sheet) texts(list []string) {
	at := len(s.b)
	s.size(0)
	if len(list) == 0 {
		s.size(0) // dimensions
	} else {
		s.size(1)
	}
	s.size(0) // no nulls
	s.size(oidText)
	if len(list) > 0 {
		s.size(len(list))
		s.size(1) // counted from one
	}
	for _, v := range list {
		s.text(v)
	}
	s.close(at)
}

// vector is a tsvector without places. Its words are in order and each is there once.
func (s *sheet) vector(list []string) {
	at := len(s.b)
	s.size(0)
	s.size(len(list))
	for _, v := range list {
		s.b = append(append(s.b, v...), 0, 0, 0)
	}
	s.close(at)
}

// close says before a field, at its beginning, how long it has become.
func (s *sheet) close(at int) {
	binary.BigEndian.PutUint32(s.b[at:], uint32(len(s.b)-at-4))
}

// A sheaf is rows of all tables, of the same proposals.
type sheaf [len(tables)]*sheet

// stock are sheets of each table that were copied, whose room is written again.
type stock [len(tables)]sync.Pool

func (s *stock) sheaf() *sheaf {
	var out sheaf
	for t := range out {
		out[t], _ = s[t].Get().(*sheet)
		if out[t] == nil {
			out[t] = &sheet{}
		}
	}
	return &out
}

// copyAll copies the sheets that come to each table, until there are no more. Each
// table has a connection that fills it in one transaction.
func (s *stock) copyAll(ctx context.Context, config *pgx.ConnConfig, in *desks) error {
	g, ctx := errgroup.WithContext(ctx)
	for t := range in {
		g.Go(func() error { return s.copyTable(ctx, config, table(t), in[t]) })
	}
	return g.Wait()
}

func (s *stock) copyTable(ctx context.Context, config *pgx.ConnConfig, t table, in <-chan *sheet) error {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if err := empty(ctx, conn, tables[t].name); err != nil {
		return err
	}
	for one := range in {
		if err := one.copy(ctx, conn, t); err != nil {
			return err
		}
		*one = sheet{b: one.b[:0]}
		s[t].Put(one)
	}
	if _, err := conn.Exec(ctx, `COMMIT`); err != nil {
		return err
	}
	return ctx.Err()
}

// desks are where sheets of each table wait to be copied.
type desks [len(tables)]chan *sheet

func newDesks() *desks {
	var d desks
	for t := range d {
		d[t] = make(chan *sheet, 2)
	}
	return &d
}

func (d *desks) close() {
	for _, desk := range d {
		close(desk)
	}
}

func (s *sheet) copy(ctx context.Context, conn *pgx.Conn, to table) error {
	t := tables[to]
	s.b = append(s.b, 0xff, 0xff) // there are no more rows
	_, err := conn.PgConn().CopyFrom(ctx, bytes.NewReader(s.b), "COPY "+t.name+" ("+t.columns+") FROM STDIN (FORMAT binary, FREEZE)")
	if err != nil {
		return fmt.Errorf("copy %s: %w", t.name, err)
	}
	return nil
}
