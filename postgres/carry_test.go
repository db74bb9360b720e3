package postgres_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// on sets the clock to the morning of a day.
func (b *bundle) on(text string) {
	d := day(text)
	b.now = time.Date(d.Year, d.Month, d.Day, 1, 0, 0, 0, time.UTC)
}

// TestCarryOver: on 31 December, and later where nothing ran, what is not settled
// goes into the next year, once.
func TestCarryOver(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, open := b.pledge(t, "0001")
	_, done := b.pledge(t, "0002")
	_, kept := b.kept(t, "0003")
	_, dropped := b.pledge(t, "0004")
	_, err := b.ReportDone(ctx, by(b.Handler, done), "证", casework.Date{})
	must(t, err)
	_, err = b.DropCommitment(ctx, by(b.Office, dropped), postgres.DropReport{Text: "不能", SignedBy: "吴"})
	must(t, err)
	years := func(day string, want ...int32) {
		t.Helper()
		b.on(day)
		must(t, b.DoCarryOver(ctx))
		var got []int32
		for _, c := range []int64{open, done, kept, dropped} {
			got = append(got, *b.commitment(t, c).Commitment.Commitment.FollowYear)
		}
		if !slices.Equal(got, want) {
			t.Errorf("on %s in the ledgers of %v, want %v", day, got, want)
		}
	}
	years("2026-12-30", 2026, 2026, 2026, 2026)
	years("2026-12-31", 2027, 2027, 2026, 2026)
	years("2027-01-01", 2027, 2027, 2026, 2026)
	years("2029-03-01", 2029, 2029, 2026, 2026) // nobody was there for two years
	v := b.commitment(t, open)
	var carried []string
	for _, g := range v.Progress {
		if g.Progress.Kind == "carried" {
			carried = append(carried, g.Progress.Day.String()+" "+g.Progress.Text+" "+string(g.Progress.State))
		}
	}
	if want := []string{"2026-12-31 2026年度未办结，转入2027年度 open", "2029-03-01 2027年度未办结，转入2029年度 open"}; !slices.Equal(carried, want) {
		t.Errorf("history %q, want %q", carried, want)
	}
	if v.Commitment.Commitment.FirstDue != day("2026-09-30") || v.Commitment.Commitment.Due != day("2026-09-30") {
		t.Errorf("carried, its day is %s", v.Commitment.Commitment.Due)
	}
	b.tell(t)
	var written int
	must(t, b.conn.QueryRow(ctx, `SELECT count(*) FROM messages WHERE proposal_id = $1 AND occasion = 'carried'`, id).Scan(&written))
	if written != 2 {
		t.Errorf("the proposer has %d written notices, want one a year", written)
	}
	if _, err := b.Verify(ctx); err != nil {
		t.Error(err)
	}
}

// TestCarryOverOfMany carries more proposals than are looked up at a time.
func TestCarryOverOfMany(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	_, c := b.pledge(t, "0001")
	_, err := b.conn.Exec(t.Context(), `
		WITH p AS (
			INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id,
			                       handler_id, handed_over, reply_due, received_at, updated_at)
			SELECT kind, body, term, session, 'n' || n, title, text, text_public, no_written_reply, state, organ_id, handler_id,
			       handed_over, reply_due, received_at, updated_at
			FROM proposals, generate_series(1, 450) n WHERE number = '0001' RETURNING id
		), r AS (
			INSERT INTO replies (proposal_id, round) SELECT id, 1 FROM p RETURNING id, proposal_id
		), l AS (
			INSERT INTO letters (proposal_id, reply_id, edition, document_number, issue_date, text, sha256, issued_by, issued_at)
			SELECT r.proposal_id, r.id, 1, 'n' || r.id, '2026-03-02', c.text, sha256(convert_to(c.text, 'UTF8')), c.owner_id, now()
			FROM r, commitments c WHERE c.id = $1 RETURNING id, proposal_id
		)
		SELECT count(*) FROM l`, c)
	must(t, err)
	_, err = b.conn.Exec(t.Context(), `
		INSERT INTO commitments (proposal_id, letter_id, text, start_offset, end_offset, cue, responsible, due_words, state,
		                         owner_id, first_due, due, follow_year)
		SELECT l.proposal_id, l.id, c.text, 0, char_length(c.text), '', '{}', '', 'open', c.owner_id, c.due, c.due, 2026
		FROM letters l, commitments c WHERE l.document_number LIKE 'n%' AND c.id = $1`, c)
	must(t, err)
	b.on("2026-12-31")
	must(t, b.DoCarryOver(t.Context()))
	var carried, events int
	must(t, b.conn.QueryRow(t.Context(), `SELECT count(*) FILTER (WHERE follow_year = 2027),
		(SELECT count(*) FROM events WHERE verb = 'carry_over') FROM commitments`).Scan(&carried, &events))
	if carried != 451 || events != 451 {
		t.Errorf("carried %d with %d events, want 451 of each", carried, events)
	}
}

// TestEndTerm: a closed proposal with promises not kept is answered again until
// its proposers have a written explanation; one whose promises are kept stays
// closed.
func TestEndTerm(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	late, _ := b.pledge(t, "0001")
	good, _ := b.kept(t, "0002")
	for _, id := range []int64{late, good} {
		l, err := b.PresentLetter(ctx, b.Office, id)
		must(t, err)
		b.deliver(t, id, l)
		_, err = b.CloseProposal(ctx, by(b.Office, id), "")
		must(t, err)
	}
	states := func(want ...casework.State) {
		t.Helper()
		var got []casework.State
		for _, id := range []int64{late, good} {
			v, err := b.ViewProposal(ctx, b.Office, id)
			must(t, err)
			got = append(got, v.State)
		}
		if !slices.Equal(got, want) {
			t.Errorf("states %v, want %v", got, want)
		}
	}
	for name, u := range map[string]casework.User{"another body": b.NPCSupervisor, "the office": b.Office, "a delegate": b.Delegate} {
		if _, err := b.EndTerm(ctx, by(u, 0), "市政协", 14, day("2026-03-01")); !errors.Is(err, casework.ErrForbidden) {
			t.Errorf("%s ends the term: %v", name, err)
		}
	}
	for _, body := range []string{"政协", "市人大"} { // mistyped: the term is what there is none of
		_, err := b.EndTerm(ctx, by(b.CPPCCSupervisor, 0), body, 14, day("2026-03-01"))
		if invalid, ok := errors.AsType[*casework.FieldError](err); !ok || invalid.Field != "term" {
			t.Errorf("the end of a term of %s: %v", body, err)
		}
	}
	if _, err := b.EndTerm(ctx, by(b.CPPCCSupervisor, 0), "市政协", 14, day("2026-03-03")); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("a term that ends tomorrow: %v", err)
	}
	ended, err := b.EndTerm(ctx, by(b.CPPCCSupervisor, 0), "市政协", 14, day("2026-03-01"))
	if err != nil || ended.Unexplained != 1 {
		t.Fatalf("EndTerm = %+v, %v", ended, err)
	}
	if _, err := b.EndTerm(ctx, by(b.Admin, 0), "市政协", 14, day("2026-03-01")); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("ended twice: %v", err)
	}
	job := postgres.EndTermJob{Body: "市政协", Term: 14}
	must(t, b.DoEndTerm(ctx, job))
	must(t, b.DoEndTerm(ctx, job)) // again, as after a crash
	states(casework.Answered, casework.Closed)
	events, err := b.ListEvents(ctx, b.Office, postgres.EventFilter{ProposalID: late, Limit: 100})
	must(t, err)
	if n := len(slices.DeleteFunc(events, func(e postgres.Event) bool { return e.Verb != casework.TermEnded })); n != 1 {
		t.Errorf("%d events say that the term ended, want 1", n)
	}
	_, err = b.CloseProposal(ctx, by(b.Office, late), "")
	if refused, ok := errors.AsType[*casework.StateError](err); !ok || refused.Why != "换届时还有承诺没有兑现，应先向提出人作出书面说明" {
		t.Errorf("closed without an explanation: %v", err)
	}
	x := postgres.TermExplanation{Text: "场地尚未交付", SignedBy: "吴", ToldHow: "书面"}
	if _, err := b.ExplainTermEnd(ctx, by(b.Office, good), x); !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("an explanation of nothing: %v", err)
	}
	tomorrow := x
	tomorrow.ToldDay = day("2026-03-03")
	if _, err := b.ExplainTermEnd(ctx, by(b.Office, late), tomorrow); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("told tomorrow: %v", err)
	}
	_, err = b.ExplainTermEnd(ctx, by(b.Office, late), x)
	must(t, err)
	_, err = b.CloseProposal(ctx, by(b.Office, late), "")
	must(t, err)
	must(t, b.DoEndTerm(ctx, job))
	states(casework.Closed, casework.Closed)
	v, err := b.ViewProposal(ctx, b.Delegate, late)
	must(t, err)
	if got := v.TermExplanation; got == nil || got.TermExplanation.Text != "场地尚未交付" || got.TermExplanation.ToldDay != b.Today() {
		t.Errorf("the delegate reads %+v", got)
	}
}

// TestEndedTermsCountTheirOwn: of each term what is still to be explained, be another's
// in between, and of that what the reader may count.
func TestEndedTermsCountTheirOwn(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	b.pledge(t, "0001")
	before, _ := b.pledge(t, "0002")
	b.kept(t, "0003")
	last, _ := b.pledge(t, "0004")
	exec := func(sql string, id int64) {
		t.Helper()
		_, err := b.conn.Exec(ctx, sql, id)
		must(t, err)
	}
	exec(`UPDATE proposals SET term = 13 WHERE id = $1`, before)
	for term, want := range map[int32]int64{13: 1, 14: 2} {
		e, err := b.EndTerm(ctx, by(b.CPPCCSupervisor, 0), "市政协", term, day("2026-03-01"))
		if err != nil || e.Body != "市政协" || e.Term != term || e.Unexplained != want {
			t.Errorf("EndTerm(%d) = %+v, %v, want %d unexplained", term, e, err, want)
		}
	}
	counts := func(of13, of14 int64, readers ...casework.User) {
		t.Helper()
		for _, u := range readers {
			list, err := b.ListEndedTerms(ctx, u)
			if err != nil || len(list) != 2 || list[0].Unexplained != of13 || list[1].Unexplained != of14 {
				t.Errorf("%s counts %+v, %v, want %d and %d", u.Name, list, err, of13, of14)
			}
		}
	}
	counts(1, 2, b.Admin, b.CPPCCSupervisor, b.Office)
	counts(0, 0, b.NPCSupervisor, b.HelperOffice)
	exec(`UPDATE proposals SET state = 'withdrawn' WHERE id = $1`, last)
	counts(1, 1, b.Admin)
	must(t, b.DoEndTerm(ctx, postgres.EndTermJob{Body: "市政协", Term: 13}))
	_, err := b.ExplainTermEnd(ctx, by(b.Office, before), postgres.TermExplanation{Text: "场地尚未交付", SignedBy: "吴", ToldHow: "书面"})
	must(t, err)
	counts(0, 1, b.Admin, b.Office)
}
