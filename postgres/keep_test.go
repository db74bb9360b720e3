package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

var background = context.Background()

// kept brings a promise to where it is judged kept.
func (b *bundle) kept(t testing.TB, number string) (proposal, commitment int64) {
	t.Helper()
	p, c := b.pledge(t, number)
	_, err := b.ReportDone(t.Context(), by(b.Handler, c), "公告", casework.Date{})
	must(t, err)
	_, err = b.VerifyCommitment(t.Context(), by(b.Head, c), postgres.Verdict{Accepted: true, Comment: "属实", ToldDay: b.Today(), ToldHow: "电话"})
	must(t, err)
	return p, c
}

// TestHandover: a promise stays with whom it was until another accepts it.
func TestHandover(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, c := b.pledge(t, "0001")
	done := func(_ postgres.Commitment, err error) { t.Helper(); must(t, err) }
	owner := func(want, offered string) {
		t.Helper()
		if v := b.commitment(t, c); v.Owner != want || v.Taker != offered {
			t.Errorf("owned by %s, offered to %q; want %s and %q", v.Owner, v.Taker, want, offered)
		}
	}
	done(b.ReassignCommitment(ctx, by(b.Office, c), b.Head.ID, "调岗"))
	owner("handler", "head")
	if _, err := b.AcceptCommitment(ctx, by(b.Leader, c), true, ""); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("somebody else accepts: %v", err)
	}
	done(b.ReportProgress(ctx, by(b.Handler, c), "仍在办", casework.Date{})) // as its owner still
	if _, err := b.AcceptCommitment(ctx, by(b.Head, c), false, ""); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("declined without a reason: %v", err)
	}
	done(b.AcceptCommitment(ctx, by(b.Head, c), false, "不熟悉"))
	owner("handler", "")
	done(b.ReassignCommitment(ctx, by(b.Handler, c), b.Head.ID, "调岗"))
	done(b.ReassignCommitment(ctx, by(b.Office, c), b.OtherHandler.ID, "改由同事")) // takes the place of the first
	if _, err := b.AcceptCommitment(ctx, by(b.Head, c), true, ""); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("who is offered it no more accepts: %v", err)
	}
	done(b.AcceptCommitment(ctx, by(b.OtherHandler, c), true, ""))
	owner("other-handler", "")
	if _, err := b.ReportDone(ctx, by(b.Handler, c), "证", casework.Date{}); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("who owned it before reports it done: %v", err)
	}
	// Why it goes from hand to hand is no concern of its proposers.
	seen, err := b.ViewCommitment(ctx, b.Delegate, c)
	must(t, err)
	for _, g := range seen.Progress {
		if strings.Contains(g.Progress.Text, "调岗") || strings.Contains(g.Progress.Text, "不熟悉") {
			t.Errorf("the delegate reads %q", g.Progress.Text)
		}
	}
	events, err := b.ListEvents(ctx, b.Delegate, postgres.EventFilter{ProposalID: id, Limit: 100})
	must(t, err)
	for _, e := range events {
		if slices.Contains([]casework.Verb{"offer", "decline_offer", "withdraw_offer", "plan_promise", "waive_promise"}, e.Verb) {
			t.Errorf("the delegate reads the event %s: %s", e.Verb, e.Note)
		}
	}
	if v := b.commitment(t, c); v.Commitment.Commitment.FirstDue != day("2026-09-30") || *v.Commitment.Commitment.DivisionID != b.OtherHandler.DivisionID {
		t.Errorf("after the handover: %+v", v.Commitment.Commitment)
	}
}

// TestKeepersAreToldWhichPromise: who is told of a promise reads its proposal and
// its sentence, as the event says it; a long one by its beginning.
func TestKeepersAreToldWhichPromise(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id, c := b.pledge(t, "0001")
	_, err := b.ReassignCommitment(t.Context(), by(b.Office, c), b.Head.ID, "调岗")
	must(t, err)
	note := fmt.Sprintf("承诺事项 %d“%s”：head，调岗", c, sentence)
	events, err := b.ListEvents(t.Context(), b.Office, postgres.EventFilter{ProposalID: id, Limit: 100})
	must(t, err)
	if got := events[len(events)-1].Note; got != note {
		t.Errorf("the event says %q, want %q", got, note)
	}
	list, err := b.ListNotices(t.Context(), b.Head, postgres.NoticeFilter{Limit: 1})
	must(t, err)
	want := "提案第0001号“关于试办夜间实验室的提案”。\noffice：转交（" + note + "）"
	if len(list) != 1 || list[0].Body != want {
		t.Errorf("who is offered it reads %+v, want %q", list, want)
	}
	for _, said := range []string{sentence, strings.Repeat("将", 40)} {
		if got := postgres.Beginning(said); got != said {
			t.Errorf("%q begins with %q", said, got)
		}
	}
	if got, want := postgres.Beginning(strings.Repeat("𠮷", 41)), strings.Repeat("𠮷", 40)+"…"; got != want {
		t.Errorf("41 characters begin with %q, want %q", got, want)
	}
}

// TestWithdrawnOffer: to give a promise to its present owner withdraws what was
// offered to another, who is told and can take it no more.
func TestWithdrawnOffer(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, c := b.pledge(t, "0001")
	done := func(_ postgres.Commitment, err error) { t.Helper(); must(t, err) }
	_, _, err := b.SaveNoticeSettings(ctx, by(b.Head, 0), postgres.NoticeSettings{Mail: "a@example.cn", MailMode: "at_once"}, "")
	must(t, err)
	done(b.ReassignCommitment(ctx, by(b.Office, c), b.Head.ID, "调岗"))
	done(b.ReassignCommitment(ctx, by(b.Handler, c), b.Handler.ID, "留任"))
	if v := b.commitment(t, c); v.Owner != "handler" || v.Taker != "" || v.Progress[len(v.Progress)-1].Progress.Kind != "offer_withdrawn" {
		t.Errorf("owned by %s, offered to %q after %v", v.Owner, v.Taker, v.Progress)
	}
	if _, err := b.AcceptCommitment(ctx, by(b.Head, c), true, ""); !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("what was withdrawn is taken: %v", err)
	}
	events, err := b.ListEvents(ctx, b.Office, postgres.EventFilter{ProposalID: id, Limit: 100})
	must(t, err)
	if last := events[len(events)-1]; last.Verb != "withdraw_offer" || last.Actor != "handler" || !strings.HasSuffix(last.Note, "”：head，留任") {
		t.Errorf("the last event is %s by %s: %s", last.Verb, last.Actor, last.Note)
	}
	list, err := b.ListNotices(ctx, b.Head, postgres.NoticeFilter{Limit: 2})
	must(t, err)
	if len(list) != 2 || list[0].Subject != "【转交】提案第0001号的一项承诺不再转交给您，无需答复" {
		t.Fatalf("who was to own it is told %+v", list)
	}
	for i, goes := range []bool{true, false} { // that it was offered is no news any more
		o, err := b.BeginSending(ctx, postgres.SendNotice{NoticeID: list[i].ID, Channel: postgres.ByMail})
		if must(t, err); (o != nil) != goes {
			t.Errorf("%s goes out: %+v, want %t", list[i].Subject, o, goes)
		}
	}
	if _, err := b.ReassignCommitment(ctx, by(b.Office, c), b.Handler.ID, "再撤"); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("withdrawn twice: %v", err)
	}
	seen, err := b.ViewCommitment(ctx, b.Delegate, c)
	must(t, err)
	if last := seen.Progress[len(seen.Progress)-1].Progress; last.Text != "" {
		t.Errorf("the delegate reads why: %q", last.Text)
	}
}

// TestHandoverRefusals: only to people who can keep it, and not to oneself.
func TestHandoverRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	_, c := b.pledge(t, "0001")
	_, err := b.conn.Exec(t.Context(), `UPDATE users SET disabled = true WHERE id = $1`, b.OtherHandler.ID)
	must(t, err)
	for name, id := range map[string]int64{
		"its owner": b.Handler.ID, "another organ": b.HelperOffice.ID, "a delegate": b.Delegate.ID, "who left": b.OtherHandler.ID, "nobody": 999,
	} {
		_, err := b.ReassignCommitment(t.Context(), by(b.Office, c), id, "试")
		if wrong, ok := errors.AsType[*casework.FieldError](err); !ok || wrong.Field != "owner_id" {
			t.Errorf("offered to %s: %v", name, err)
		}
	}
	// Offered to somebody who leaves before they answer.
	_, err = b.ReassignCommitment(t.Context(), by(b.Office, c), b.Head.ID, "试")
	must(t, err)
	_, err = b.conn.Exec(t.Context(), `UPDATE users SET disabled = true WHERE id = $1`, b.Head.ID)
	must(t, err)
	if _, err := b.AcceptCommitment(t.Context(), by(b.Head, c), true, ""); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("who has left accepts: %v", err)
	}
}

// TestJudgeDidNotReport: a promise handed on while it waits for its judge is not
// judged by who said that it was done.
func TestJudgeDidNotReport(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	_, c := b.pledge(t, "0001")
	done := func(_ postgres.Commitment, err error) { t.Helper(); must(t, err) }
	done(b.ReassignCommitment(ctx, by(b.Office, c), b.Head.ID, "调岗"))
	done(b.AcceptCommitment(ctx, by(b.Head, c), true, ""))
	done(b.ReportDone(ctx, by(b.Head, c), "证", casework.Date{}))
	done(b.ReassignCommitment(ctx, by(b.Office, c), b.Handler.ID, "调回"))
	done(b.AcceptCommitment(ctx, by(b.Handler, c), true, ""))
	yes := postgres.Verdict{Accepted: true, Comment: "好", ToldDay: b.Today(), ToldHow: "电话"}
	if _, err := b.VerifyCommitment(ctx, by(b.Head, c), yes); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("who reported it judges: %v", err)
	}
	done(b.VerifyCommitment(ctx, by(b.Leader, c), yes))
}

// TestUrges: each is numbered in the series of its office, has a day of its own,
// and is answered by itself.
func TestUrges(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	_, c := b.pledge(t, "0001")
	_, other := b.pledge(t, "0002")
	done := func(_ postgres.Commitment, err error) { t.Helper(); must(t, err) }
	done(b.UrgeCommitment(ctx, by(b.CPPCCSupervisor, c), "一问", day("2026-03-10")))
	done(b.UrgeCommitment(ctx, by(b.Supervisor, other), "二问", day("2026-03-11")))
	done(b.UrgeCommitment(ctx, by(b.CPPCCSupervisor, c), "三问", day("2026-03-12")))
	var numbers []string
	v := b.commitment(t, c)
	for _, u := range append(v.Urges, b.commitment(t, other).Urges...) {
		numbers = append(numbers, u.Urge.DocumentNumber)
	}
	if want := []string{"市政协提案办催〔2026〕1号", "市政协提案办催〔2026〕2号", "市政府办公厅建议提案处催〔2026〕1号"}; !slices.Equal(numbers, want) {
		t.Errorf("numbers %q, want %q", numbers, want)
	}
	if _, err := b.UrgeCommitment(ctx, by(b.NPCSupervisor, c), "?", day("2026-03-12")); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("an office that does not oversee it urges: %v", err)
	}
	if _, err := b.UrgeCommitment(ctx, by(b.CPPCCSupervisor, c), "?", b.Today()); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("to be answered today: %v", err)
	}
	if _, err := b.AnswerUrge(ctx, by(b.Handler, c), b.commitment(t, other).Urges[0].Urge.ID, "答"); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("the urge of another promise is answered: %v", err)
	}
	done(b.ReportDone(ctx, by(b.Handler, c), "证", casework.Date{})) // does not answer it
	done(b.AnswerUrge(ctx, by(b.Handler, c), v.Urges[1].Urge.ID, "答"))
	if _, err := b.AnswerUrge(ctx, by(b.Handler, c), v.Urges[1].Urge.ID, "再答"); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("answered twice: %v", err)
	}
	var lines []string
	for _, d := range b.commitment(t, c).Deadlines {
		lines = append(lines, d.Rule+" "+d.Basis+" "+d.Due.String()+map[bool]string{true: " runs", false: ""}[d.Runs()])
	}
	want := []string{"COMMITMENT 某试提复〔2026〕1号 2026-09-30", "URGE_ANSWER 市政协提案办催〔2026〕1号 2026-03-10 runs", "URGE_ANSWER 市政协提案办催〔2026〕2号 2026-03-12"}
	if !slices.Equal(lines, want) {
		t.Errorf("deadlines %q, want %q", lines, want)
	}
	// The one not answered climbs.
	b.now = b.now.AddDate(0, 0, 11)
	must(t, b.Sweep(ctx))
	list, err := b.ListNotices(ctx, b.CPPCCSupervisor, postgres.NoticeFilter{Limit: 10})
	must(t, err)
	if !slices.ContainsFunc(list, func(n postgres.Notice) bool {
		return strings.Contains(n.Subject, "催办答复期限已逾期3个工作日")
	}) {
		t.Errorf("the office that urged is not told that nobody answers: %d notices", len(list))
	}
}

// TestAnswerKeeping: each proposer says once, in their own name, whether a promise
// judged kept is kept.
func TestAnswerKeeping(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, c := b.kept(t, "0001")
	var second int64
	err := b.conn.QueryRow(ctx, `INSERT INTO proposers (proposal_id, place, name, organisation, lead, user_id, phone, address)
		VALUES ($1, 2, '乙某', false, false, $2, '', '') RETURNING id`, id, b.OtherDelegate.ID).Scan(&second)
	must(t, err)
	no := postgres.KeepingAnswer{Text: "没有开", Channel: casework.Own}
	for name, tt := range map[string]struct {
		user  casework.User
		n     postgres.KeepingAnswer
		field string
	}{
		"without words":         {b.Delegate, postgres.KeepingAnswer{Channel: casework.Own}, "text"},
		"by telephone, oneself": {b.Delegate, postgres.KeepingAnswer{Text: "没有", Channel: "call"}, "channel"},
		"by own account, asked": {b.Office, postgres.KeepingAnswer{ProposerID: second, Text: "没有", Channel: casework.Own}, "channel"},
		"of nobody":             {b.Office, postgres.KeepingAnswer{Text: "没有", Channel: "call"}, "proposer_id"},
	} {
		_, err := b.AnswerKeeping(ctx, by(tt.user, c), tt.n)
		if wrong, ok := errors.AsType[*casework.FieldError](err); !ok || wrong.Field != tt.field {
			t.Errorf("%s: %v, want it refused about %s", name, err, tt.field)
		}
	}
	another := postgres.KeepingAnswer{ProposerID: second, Text: "没有", Channel: casework.Own}
	if _, err := b.AnswerKeeping(ctx, by(b.Delegate, c), another); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("one proposer speaks for another: %v", err)
	}
	done := func(_ postgres.Commitment, err error) { t.Helper(); must(t, err) }
	done(b.AnswerKeeping(ctx, by(b.Delegate, c), no))
	if _, err := b.AnswerKeeping(ctx, by(b.Delegate, c), no); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("said twice: %v", err)
	}
	if _, err := b.UpholdCommitment(ctx, by(b.Office, c), "自认"); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("the office that answers decides of itself: %v", err)
	}
	done(b.UpholdCommitment(ctx, by(b.CPPCCSupervisor, c), "已实地查看"))
	done(b.AnswerKeeping(ctx, by(b.Office, c), postgres.KeepingAnswer{ProposerID: second, Kept: true, Channel: "call"}))
	if _, err := b.AnswerKeeping(ctx, by(b.Office, c), postgres.KeepingAnswer{ProposerID: second, Kept: true, Channel: "call"}); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("asked again: %v", err)
	}
	v := b.commitment(t, c)
	if a := v.Answers; len(a) != 2 || a[0].KeepingAnswer.Decision != "upheld" || a[0].Recorder != "delegate" || a[1].Recorder != "office" || v.Commitment.Commitment.Contested {
		t.Errorf("what was said: %+v", a)
	}
	// One proposer does not read another's words.
	own, err := b.ViewCommitment(ctx, b.OtherDelegate, c)
	must(t, err)
	if len(own.Answers) != 1 || own.Answers[0].Proposer != "乙某" {
		t.Errorf("the second proposer reads %+v", own.Answers)
	}
	for _, g := range own.Progress {
		if strings.Contains(g.Progress.Text, "没有开") {
			t.Errorf("the second proposer reads in the history %q", g.Progress.Text)
		}
	}
	events, err := b.ListEvents(ctx, b.OtherDelegate, postgres.EventFilter{ProposalID: id, Limit: 100})
	must(t, err)
	for _, e := range events {
		if strings.Contains(e.Note, "没有开") {
			t.Errorf("the second proposer reads among the events %q", e.Note)
		}
	}
}

// TestOwnWordHolds: what the organ that kept a promise heard on the telephone does
// not keep a proposer from saying otherwise.
func TestOwnWordHolds(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, c := b.kept(t, "0001")
	v, err := b.ViewProposal(ctx, b.Office, id)
	must(t, err)
	asked := postgres.KeepingAnswer{ProposerID: v.ProposerRows[0].ID, Kept: true, Channel: "call"}
	for name, u := range map[string]casework.User{"its owner": b.Handler, "a delegate of another": b.OtherDelegate} {
		if _, err := b.AnswerKeeping(ctx, by(u, c), asked); !errors.Is(err, casework.ErrForbidden) && !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("collected by %s: %v", name, err)
		}
	}
	_, err = b.AnswerKeeping(ctx, by(b.Office, c), asked)
	must(t, err)
	seen, err := b.ViewCommitment(ctx, b.Delegate, c)
	must(t, err)
	if len(seen.Silent) != 1 || len(seen.Moves) != 2 {
		t.Errorf("the proposer may not speak: %+v, %+v", seen.Silent, seen.Moves)
	}
	_, err = b.AnswerKeeping(ctx, by(b.Delegate, c), postgres.KeepingAnswer{Text: "没有开", Channel: casework.Own})
	must(t, err)
	now := b.commitment(t, c)
	if !now.Commitment.Commitment.Contested || len(now.Answers) != 2 {
		t.Errorf("the proposer's own word: %+v", now.Answers)
	}
	if _, err := b.AnswerKeeping(ctx, by(b.Supervisor, c), asked); !errors.Is(err, casework.ErrForbidden) && !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("collected after the proposer said so: %v", err)
	}
}

// TestDropNeedsASignedReport: its day lies between the letter and today, the
// proposers are told and the oversight offices have a copy.
func TestDropNeedsASignedReport(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, c := b.pledge(t, "0001")
	for _, when := range []string{"2026-03-01", "2026-03-03"} {
		_, err := b.DropCommitment(ctx, by(b.Office, c), postgres.DropReport{Text: "不能", SignedBy: "吴", SignedDay: day(when)})
		if wrong, ok := errors.AsType[*casework.FieldError](err); !ok || wrong.Field != "signed_day" {
			t.Errorf("signed on %s: %v", when, err)
		}
	}
	if _, err := b.DropCommitment(ctx, by(b.Office, c), postgres.DropReport{Text: "不能"}); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("dropped by a report that nobody signed: %v", err)
	}
	_, err := b.DropCommitment(ctx, by(b.Office, c), postgres.DropReport{Text: "不能", SignedBy: "吴", SignedDay: day("2026-03-02")})
	must(t, err)
	b.tell(t)
	var told []string
	rows, err := b.conn.Query(ctx, `SELECT coalesce(s.name, o.short_name) FROM messages m LEFT JOIN proposers s ON s.id = m.proposer_id
		LEFT JOIN organs o ON o.id = m.organ_id WHERE m.proposal_id = $1 AND m.occasion = 'dropped' ORDER BY m.id`, id)
	must(t, err)
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		told = append(told, name)
	}
	if want := []string{"甲某", "市政府办公厅建议提案处", "市政协提案办"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}
