package postgres_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

func TestRequestTwiceIsDoneOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	receive := by(b.Office, 0)
	first, err := b.ReceiveProposal(ctx, receive, newProposal("0001", b.Delegate))
	must(t, err)
	again, err := b.ReceiveProposal(ctx, receive, newProposal("0001", b.Delegate))
	if err != nil || again.ID != first.ID {
		t.Errorf("the same request again = %d, %v; want proposal %d", again.ID, err, first.ID)
	}
	other := receive
	other.Digest = []byte("another request")
	if _, err := b.ReceiveProposal(ctx, other, newProposal("0002", b.Delegate)); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("another request with the same id = %v, want %v", err, casework.ErrConflict)
	}
	other = receive
	other.User = b.Supervisor
	if _, err := b.ReceiveProposal(ctx, other, newProposal("0001", b.Delegate)); !errors.Is(err, casework.ErrForbidden) && !errors.Is(err, casework.ErrConflict) {
		t.Errorf("the same request of somebody else = %v, want it refused", err)
	}

	accept := by(b.Office, first.ID)
	accept.Version = first.Version
	for range 2 {
		p, err := b.AcceptProposal(ctx, accept, casework.Date{})
		if err != nil || p.State != casework.Accepted || p.Version != first.Version+1 {
			t.Errorf("AcceptProposal = %s version %d, %v", p.State, p.Version, err)
		}
	}
	events, err := b.ListEvents(ctx, b.Office, postgres.EventFilter{ProposalID: first.ID, Limit: 10})
	if err != nil || len(events) != 2 {
		t.Errorf("%d events, %v; want 2", len(events), err)
	}
}

// TestSameRequestAtOnce sends one request from many goroutines.
func TestSameRequestAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	call := by(b.Office, 0)
	ids := make([]int64, 16)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			p, err := b.ReceiveProposal(t.Context(), call, newProposal("0001", b.Delegate))
			if err != nil {
				t.Error(err)
			}
			ids[i] = p.ID
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("one request made several proposals: %v", ids)
		}
	}
}

func TestStaleVersionNamesThePresentOne(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.receive(t, "0001")
	call := by(b.Office, id)
	call.Version = 7
	_, err := b.AcceptProposal(t.Context(), call, casework.Date{})
	stale, ok := errors.AsType[*casework.StaleError](err)
	if !ok || stale.Present != 1 {
		t.Errorf("AcceptProposal of version 7 = %v, want a stale error with version 1", err)
	}
}

// dump returns every row of every table of ours, so that a refusal can be shown
// to leave the database as it was.
func dump(t testing.TB, conn postgres.Conn) string {
	t.Helper()
	var out strings.Builder
	rows, err := conn.Query(t.Context(), `SELECT tablename::text FROM pg_tables
		WHERE schemaname = 'public' AND tablename NOT LIKE 'river%' ORDER BY 1`)
	must(t, err)
	var tables []string
	for rows.Next() {
		var table string
		must(t, rows.Scan(&table))
		tables = append(tables, table)
	}
	must(t, rows.Err())
	for _, table := range append(tables, "river_job") {
		var text string
		sql := `SELECT coalesce(string_agg(r::text, E'\n' ORDER BY r::text), '') FROM ` + table + ` r`
		must(t, conn.QueryRow(t.Context(), sql).Scan(&text))
		out.WriteString(table + "\n" + text + "\n")
	}
	return out.String()
}

// TestRefusalsChangeNothing tries everything that must be refused, and compares
// the whole database before and after.
func TestRefusalsChangeNothing(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	received, drafting, signed := b.receive(t, "0001"), b.draft(t, "0002"), b.sign(t, "0003")
	issued, l := b.issue(t, "0004")
	must(t, b.DoRecordCommitments(ctx, postgres.RecordCommitments{LetterID: l.Letter.ID}))
	list, err := b.ListCommitments(ctx, b.Office, postgres.CommitmentFilter{ProposalID: issued, Limit: 1})
	must(t, err)
	promise := list[0].Commitment.ID
	tomorrow := b.Today().AddDays(1)

	proposal := func(_ postgres.ListedProposal, err error) error { return err }
	commitment := func(_ postgres.Commitment, err error) error { return err }
	tests := []struct {
		name string
		do   func(ctx context.Context) error
		want error
	}{
		{"number taken", func(ctx context.Context) error {
			return proposal(b.ReceiveProposal(ctx, by(b.Office, 0), newProposal("0001", b.Delegate)))
		}, casework.ErrConflict},
		{"received for another organ", func(ctx context.Context) error {
			n := newProposal("0009", b.Delegate)
			n.OrganID = b.Helper
			return proposal(b.ReceiveProposal(ctx, by(b.Office, 0), n))
		}, casework.ErrForbidden},
		{"handed over tomorrow", func(ctx context.Context) error {
			n := newProposal("0009", b.Delegate)
			n.HandedOver = tomorrow
			return proposal(b.ReceiveProposal(ctx, by(b.Office, 0), n))
		}, casework.ErrInvalid},
		{"a proposer twice", func(ctx context.Context) error {
			n := newProposal("0009", b.Delegate)
			n.Proposers = append(n.Proposers, n.Proposers[0])
			return proposal(b.ReceiveProposal(ctx, by(b.Office, 0), n))
		}, casework.ErrInvalid},
		{"nothing there", func(ctx context.Context) error {
			return proposal(b.AcceptProposal(ctx, by(b.Office, 999), casework.Date{}))
		}, casework.ErrNotFound},
		{"not to be seen", func(ctx context.Context) error {
			return proposal(b.AcceptProposal(ctx, by(b.HelperOffice, received), casework.Date{}))
		}, casework.ErrNotFound},
		{"wrong state", func(ctx context.Context) error {
			return proposal(b.IssueReply(ctx, by(b.Office, received), later, casework.Date{}))
		}, casework.ErrNotAllowed},
		{"signed for before hand-over", func(ctx context.Context) error {
			return proposal(b.AcceptProposal(ctx, by(b.Office, received), casework.Date{Year: 2026, Month: 1, Day: 1}))
		}, casework.ErrInvalid},
		{"assigned to a reviewer", func(ctx context.Context) error {
			return proposal(b.AssignProposal(ctx, by(b.Office, drafting), b.Head.ID))
		}, casework.ErrInvalid},
		{"another handler's draft", func(ctx context.Context) error {
			return proposal(b.SaveDraft(ctx, by(b.OtherHandler, drafting), postgres.NewDraft{Text: "稿"}))
		}, casework.ErrForbidden},
		{"a result of the other kind", func(ctx context.Context) error {
			return proposal(b.SaveDraft(ctx, by(b.Handler, drafting), postgres.NewDraft{Text: "稿", Result: "in_progress"}))
		}, casework.ErrInvalid},
		{"withheld without a reason", func(ctx context.Context) error {
			return proposal(b.SaveDraft(ctx, by(b.Handler, drafting), postgres.NewDraft{Text: "稿", Publicity: "withheld"}))
		}, casework.ErrInvalid},
		{"an opinion of oneself", func(ctx context.Context) error {
			return proposal(b.RequestOpinion(ctx, by(b.Office, drafting), b.Organ, "？"))
		}, casework.ErrInvalid},
		{"an extension past six months", func(ctx context.Context) error {
			return proposal(b.RequestExtension(ctx, by(b.Office, drafting), "难", casework.Date{Year: 2026, Month: 8, Day: 11}))
		}, casework.ErrInvalid},
		{"a letter of tomorrow", func(ctx context.Context) error {
			return proposal(b.IssueReply(ctx, by(b.Office, signed), later, tomorrow))
		}, casework.ErrInvalid},
		{"delivered to nobody", func(ctx context.Context) error {
			return proposal(b.RecordDelivery(ctx, by(b.Office, issued), postgres.NewDelivery{ProposerID: 999, Channel: "hand"}))
		}, casework.ErrInvalid},
		{"copied to the other body", func(ctx context.Context) error {
			return proposal(b.SendCopy(ctx, by(b.Office, issued), b.NPC))
		}, casework.ErrInvalid},
		{"a copy acknowledged before it was sent", func(ctx context.Context) error {
			return proposal(b.AcknowledgeCopy(ctx, by(b.CPPCCSupervisor, issued)))
		}, casework.ErrNotAllowed},
		{"taken down and not public", func(ctx context.Context) error {
			return proposal(b.TakeDownReply(ctx, by(b.Office, issued), "试"))
		}, casework.ErrNotAllowed},
		{"owned by a supervisor", func(ctx context.Context) error {
			return commitment(b.ConfirmCommitment(ctx, by(b.Office, promise), postgres.Confirmation{OwnerID: b.Supervisor.ID, Due: tomorrow, Deliverable: "物"}))
		}, casework.ErrInvalid},
		{"done before it is open", func(ctx context.Context) error {
			return commitment(b.ReportDone(ctx, by(b.Office, promise), "证", casework.Date{}))
		}, casework.ErrNotAllowed},
	}
	before := dump(t, b.conn)
	for _, test := range tests {
		// A savepoint stands for the transaction of the RPC.
		if err := test.do(ctx); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
		if after := dump(t, b.conn); after != before {
			t.Fatalf("%s: the refusal changed the database", test.name)
		}
	}
}

func TestVerifyNamesTheFirstBrokenLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, sql string
		seq       int64
	}{
		{"changed", "UPDATE events SET note = 'x' WHERE proposal_id = $1 AND seq = 2", 2},
		{"time moved", "UPDATE events SET at = at + interval '1 second' WHERE proposal_id = $1 AND seq = 3", 3},
		{"middle removed", "DELETE FROM events WHERE proposal_id = $1 AND seq = 2", 2},
		{"end removed", "DELETE FROM events WHERE proposal_id = $1 AND seq = 4", 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tx := postgrestest.Tx(t)
			b := setup(t, tx)
			b.receive(t, "0000")
			id := b.draft(t, "0001") // receive, accept, assign, save_draft
			_, err := tx.Exec(t.Context(), "ALTER TABLE events DISABLE TRIGGER USER")
			must(t, err)
			_, err = tx.Exec(t.Context(), test.sql, id)
			must(t, err)
			_, err = b.Verify(t.Context())
			broken, ok := errors.AsType[*postgres.ChainError](err)
			if !ok || broken.ProposalID != id || broken.Seq != test.seq {
				t.Errorf("Verify = %v, want proposal %d, event %d", err, id, test.seq)
			}
		})
	}
}

// TestRepeatedRequestShowsNothingNew repeats requests as somebody who has since
// gone to another organ.
func TestRepeatedRequestShowsNothingNew(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, l := b.issue(t, "0001")
	must(t, b.DoRecordCommitments(ctx, postgres.RecordCommitments{LetterID: l.Letter.ID}))
	list, err := b.ListCommitments(ctx, b.Office, postgres.CommitmentFilter{ProposalID: id, Limit: 1})
	must(t, err)
	publish, waive := by(b.Office, id), by(b.Office, list[0].Commitment.ID)
	_, err = b.PublishReply(ctx, publish)
	must(t, err)
	_, err = b.WaiveCommitment(ctx, waive, "套话")
	must(t, err)

	publish.User.OrganID, waive.User.OrganID = b.Helper, b.Helper
	if p, err := b.PublishReply(ctx, publish); !errors.Is(err, casework.ErrNotFound) || p.ID != 0 {
		t.Errorf("PublishReply again from another organ = proposal %d, %v; want %v", p.ID, err, casework.ErrNotFound)
	}
	if c, err := b.WaiveCommitment(ctx, waive, "套话"); !errors.Is(err, casework.ErrNotFound) || c.Commitment.ID != 0 {
		t.Errorf("WaiveCommitment again from another organ = commitment %d, %v; want %v", c.Commitment.ID, err, casework.ErrNotFound)
	}
}
