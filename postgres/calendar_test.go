package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

func date(s string) casework.Date {
	d, err := casework.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// madeUp is a calendar with one make-up working day.
func madeUp(day string) postgres.NewCalendar {
	return postgres.NewCalendar{
		Source: "调休.csv", Content: []byte(day), Days: []casework.CalendarDay{{Day: date(day), Name: "调休上班", Notice: "国办发明电〔2026〕1号"}},
	}
}

// wholeYear is a calendar that names the days of a whole year, if not the right
// ones.
func wholeYear(year string) postgres.NewCalendar {
	out := postgres.NewCalendar{Source: year + ".csv", Content: []byte(year)}
	for _, d := range []string{
		"01-01", "02-05", "02-06", "02-07", "02-08", "02-09", "02-10", "04-05", "05-01", "05-02", "10-01", "10-02", "10-03",
	} {
		out.Days = append(out.Days, casework.CalendarDay{Day: date(year + "-" + d), Off: true, Name: "假"})
	}
	for d := date(year + "-09-20"); len(out.Days) < 14; d = d.AddDays(1) {
		if d.Weekday() == time.Saturday {
			out.Days = append(out.Days, casework.CalendarDay{Day: d, Name: "调休上班"})
		}
	}
	return out
}

// dues reads the day of every deadline there is.
func (b *bundle) dues(t testing.TB) map[int64]string {
	t.Helper()
	rows, err := b.conn.Query(t.Context(), `SELECT id, due::text FROM deadlines`)
	must(t, err)
	defer rows.Close()
	out := map[int64]string{}
	for rows.Next() {
		var id int64
		var due string
		must(t, rows.Scan(&id, &due))
		out[id] = due
	}
	must(t, rows.Err())
	return out
}

// moved names the moves as they were announced.
func moved(list []postgres.MovedDeadline) []string {
	var out []string
	for _, m := range list {
		out = append(out, fmt.Sprintf("%s %s %s→%s", m.Number, m.Deadline.Rule, m.Deadline.Due, m.To.Day))
	}
	return out
}

// TestImportMovesWhatThePreviewNamed adds a make-up day to 2026.
func TestImportMovesWhatThePreviewNamed(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	ctx := t.Context()
	b.receive(t, "0001")          // a return window until 11 March, before the new day
	late, _ := b.issue(t, "0002") // to be published by 30 March
	b.now = b.now.AddDate(0, 0, 7)
	other := b.receive(t, "0003") // a return window from 9 March until the 18th
	file := madeUp("2026-03-14")
	file.Preview = true
	before := b.dues(t)
	preview, err := b.ImportCalendar(ctx, by(b.Admin, 0), file)
	must(t, err)
	want := []string{"0002 PUBLISH 2026-03-30→2026-03-27", "0003 RETURN_WRONG 2026-03-18→2026-03-17"}
	if diff := cmp.Diff(want, moved(preview.Moved)); diff != "" {
		t.Errorf("the preview names (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, b.dues(t)); diff != "" {
		t.Errorf("the preview moved:\n%s", diff)
	}
	file.Preview, file.Expected = false, preview.Moves
	call := by(b.Admin, 0)
	for range 2 { // done again, it is answered again
		done, err := b.ImportCalendar(ctx, call, file)
		must(t, err)
		if diff := cmp.Diff(want, moved(done.Moved)); diff != "" || len(done.Days) != 1 {
			t.Errorf("the import moved, by %d days (-want +got):\n%s", len(done.Days), diff)
		}
	}
	for _, m := range preview.Moved {
		before[m.Deadline.ID] = m.To.Day.String()
	}
	if diff := cmp.Diff(before, b.dues(t)); diff != "" {
		t.Errorf("the days are not those that the preview named (-want +got):\n%s", diff)
	}
	b.checkMoved(t, late, other)
}

// TestDaysThatMoveADeadline takes single days off: what lies between the day of
// the trigger, which does not count, and the last day moves it.
func TestDaysThatMoveADeadline(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	b.receive(t, "0001") // a return window from 2 until 11 March
	for day, want := range map[string][]string{
		"2026-03-02": nil,
		"2026-03-03": {"0001 RETURN_WRONG 2026-03-11→2026-03-12"},
		"2026-03-07": nil, // a Saturday
		"2026-03-11": {"0001 RETURN_WRONG 2026-03-11→2026-03-12"},
		"2026-03-12": nil,
		"2025-03-03": nil,
		"2027-03-03": nil,
	} {
		file := madeUp(day)
		file.Days[0].Off, file.Preview = true, true
		preview, err := b.ImportCalendar(t.Context(), by(b.Admin, 0), file)
		must(t, err)
		if diff := cmp.Diff(want, moved(preview.Moved)); diff != "" || len(preview.Days) != 1 {
			t.Errorf("%s off changes %d days (-want +got):\n%s", day, len(preview.Days), diff)
		}
	}
}

// checkMoved checks what a moved deadline leaves behind: an event, a change, and a
// day that the sweep looks at again.
func (b *bundle) checkMoved(t *testing.T, ids ...int64) {
	t.Helper()
	for _, id := range ids {
		events, err := b.ListEvents(t.Context(), b.Admin, postgres.EventFilter{ProposalID: id, Limit: 100})
		must(t, err)
		last := events[len(events)-1]
		if last.Verb != casework.CalendarChanged || last.Actor != "admin" || !strings.HasSuffix(last.Note, "调休.csv") {
			t.Errorf("the last event of %d is %s by %s: %s", id, last.Verb, last.Actor, last.Note)
		}
		v, err := b.ViewProposal(t.Context(), b.Office, id)
		must(t, err)
		changed := 0
		for _, d := range v.Deadlines {
			for _, g := range d.Changes {
				changed++
				if g.Cause != "calendar" || g.After != d.Due || g.Before != d.FirstDue || d.NextNotice == nil || !d.ArmedAt.Equal(b.now) {
					t.Errorf("%s changed by %+v, armed %v", d.Rule, g, d.ArmedAt)
				}
			}
		}
		if changed != 1 {
			t.Errorf("%d deadlines of %d have a change, want 1", changed, id)
		}
	}
	if _, err := b.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestImportIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	for _, u := range b.All() {
		_, err := b.ImportCalendar(t.Context(), by(u, 0), postgres.NewCalendar{Preview: true})
		if u.Name == "admin" != (err == nil) || err != nil && !errors.Is(err, casework.ErrForbidden) {
			t.Errorf("%s loads a calendar: %v", u.Name, err)
		}
	}
	file := madeUp("2026-03-14")
	file.Expected = "other moves"
	_, err := b.ImportCalendar(t.Context(), by(b.Admin, 0), file)
	if f, ok := errors.AsType[*casework.FieldError](err); !ok || f.Field != "expected_moves" {
		t.Errorf("an import that would move others than announced: %v", err)
	}
	y, err := b.ListCalendarDays(t.Context(), 2026)
	if err != nil || len(y.Imports) != 0 || len(y.Days) != 365 || y.Days[72].Kind != casework.Weekend {
		t.Errorf("after a refusal: %d imports, 14 March is %+v, %v", len(y.Imports), y.Days[72], err)
	}
}

// TestProvisionalUntilTheYearIsWhole loads one day of 2027, and then all of it.
func TestProvisionalUntilTheYearIsWhole(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	ctx := t.Context()
	b.now = time.Date(2026, time.December, 29, 4, 0, 0, 0, time.UTC)
	id := b.receive(t, "0001")
	check := func(want string, provisional bool) {
		t.Helper()
		v, err := b.ViewProposal(ctx, b.Office, id)
		must(t, err)
		for _, d := range v.Deadlines {
			if d.Rule == casework.RuleReturn && (d.Due.String() != want || d.Provisional != provisional) {
				t.Errorf("the return window ends %s, provisional %v; want %s, %v", d.Due, d.Provisional, want, provisional)
			}
		}
	}
	check("2027-01-08", true) // 30, 31, then 4 to 8 January
	single := by(b.Admin, 0)
	for range 2 {
		done, err := b.ImportCalendar(ctx, single, madeUp("2027-01-03"))
		must(t, err)
		if len(done.Moved) != 1 || !done.Moved[0].To.Provisional || done.Years != nil {
			t.Errorf("a single day moved %+v, and made %v whole", done.Moved, done.Years)
		}
	}
	check("2027-01-07", true) // a day is not the year
	whole := wholeYear("2027")
	whole.Plain = []casework.Date{date("2027-01-03")}
	call := by(b.Admin, 0)
	for range 2 { // done again, it is answered again
		done, err := b.ImportCalendar(ctx, call, whole)
		must(t, err)
		if diff := cmp.Diff([]int{2027}, done.Years); diff != "" || len(done.Moved) != 1 || done.Moved[0].To.Provisional {
			t.Errorf("years (-want +got):\n%s, moved: %+v", diff, done.Moved)
		}
	}
	check("2027-01-08", false)
	// One that stays on its day is settled without an event.
	b.now = time.Date(2027, time.December, 28, 4, 0, 0, 0, time.UTC)
	id = b.receive(t, "0002")
	check("2028-01-06", true)
	done, err := b.ImportCalendar(ctx, by(b.Admin, 0), postgres.NewCalendar{
		Source: "2028", Content: []byte("x"), Years: []int{2028},
		Days: []casework.CalendarDay{{Day: date("2028-01-01"), Off: true, Name: "元旦"}},
	})
	must(t, err)
	check("2028-01-06", false)
	if len(done.Moved) != 0 {
		t.Errorf("moved: %v", moved(done.Moved))
	}
}

// TestPausedDeadlineFollowsTheCalendar moves a day by its rule and its pause.
func TestPausedDeadlineFollowsTheCalendar(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	ctx := t.Context()
	id, _ := b.issue(t, "0001")
	publish := b.find(t, id, casework.RulePublish)
	_, err := b.PauseDeadline(ctx, by(b.Supervisor, id), publish.ID, "网站维护")
	must(t, err)
	b.now = b.now.AddDate(0, 0, 7)
	_, err = b.ResumeDeadline(ctx, by(b.Supervisor, id), publish.ID, "维护结束")
	must(t, err)
	if due, _ := b.deadline(t, id, casework.RulePublish); due != "2026-04-03" {
		t.Fatalf("resumed, the publication is due %s; want 2026-04-03, four working days on: its first day did not count anyway", due)
	}
	// 7 March lies in the pause; 14 March does not.
	for day, want := range map[string]string{"2026-03-07": "2026-04-03", "2026-03-14": "2026-04-02"} {
		file := madeUp(day)
		file.Preview = true
		preview, err := b.ImportCalendar(ctx, by(b.Admin, 0), file)
		must(t, err)
		got := "2026-04-03"
		for _, m := range preview.Moved {
			got = m.To.Day.String()
		}
		if got != want {
			t.Errorf("with %s worked it is due %s, want %s", day, got, want)
		}
	}
	// One that rests is moved, and stays at rest.
	_, err = b.PauseDeadline(ctx, by(b.Supervisor, id), publish.ID, "再维护")
	must(t, err)
	_, err = b.ImportCalendar(ctx, by(b.Admin, 0), madeUp("2026-03-14"))
	must(t, err)
	if d := b.find(t, id, casework.RulePublish); d.Due.String() != "2026-04-02" || d.NextNotice != nil || d.Paused.IsZero() {
		t.Errorf("a deadline at rest: %+v", d)
	}
}

// TestImportMeetsThoseWhoStartDeadlines starts a deadline while a calendar is
// loaded, in both orders.
func TestImportMeetsThoseWhoStartDeadlines(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	b := setup(t, pool)
	ctx := t.Context()
	// Received, not committed: the import waits, and moves it.
	commit := b.within(t, pool, func(b *bundle) { b.receive(t, "0001") })
	imported := make(chan []string, 1)
	go func() {
		done, err := b.ImportCalendar(ctx, by(b.Admin, 0), madeUp("2026-03-07"))
		if err != nil {
			t.Error(err)
		}
		imported <- moved(done.Moved)
	}()
	awaitLock(t, ctx, pool)
	commit()
	if diff := cmp.Diff([]string{"0001 RETURN_WRONG 2026-03-11→2026-03-10"}, <-imported); diff != "" {
		t.Errorf("the import that waited moved (-want +got):\n%s", diff)
	}
	// Imported, not committed: who receives waits, and counts by the new calendar.
	commit = b.within(t, pool, func(b *bundle) {
		_, err := b.ImportCalendar(ctx, by(b.Admin, 0), madeUp("2026-03-08"))
		must(t, err)
	})
	received := make(chan int64, 1)
	go func() {
		p, err := b.ReceiveProposal(ctx, by(b.Office, 0), newProposal("0002", b.Delegate))
		if err != nil {
			t.Error(err)
		}
		received <- p.ID
	}()
	awaitLock(t, ctx, pool)
	commit()
	if due, _ := b.deadline(t, <-received, casework.RuleReturn); due != "2026-03-09" {
		t.Errorf("received while a calendar was loaded: due %s, want 2026-03-09", due)
	}
}

// within does something in a transaction of its own, which stays open until it is
// committed.
func (b *bundle) within(t *testing.T, pool postgres.Conn, do func(*bundle)) (commit func()) {
	t.Helper()
	tx, err := pool.Begin(t.Context())
	must(t, err)
	t.Cleanup(func() { _ = tx.Rollback(context.Background()) }) // nothing, once committed
	d, err := postgres.New(tx, postgres.Options{Now: func() time.Time { return b.now }})
	must(t, err)
	do(&bundle{People: b.People, DB: d, conn: tx, now: b.now})
	return func() { must(t, tx.Commit(t.Context())) }
}

// awaitLock waits until somebody waits for a lock.
func awaitLock(t *testing.T, ctx context.Context, conn postgres.Conn) {
	t.Helper()
	for range 500 {
		var waiting bool
		must(t, conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waiting))
		if waiting {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("nobody waits")
}

// TestImportKeepsTheNotice loads days again without the number of their notice.
func TestImportKeepsTheNotice(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	again := madeUp("2026-03-14")
	again.Days[0].Notice = ""
	other := again
	other.Days = []casework.CalendarDay{{Day: date("2026-03-14"), Off: true, Name: "放假"}}
	for _, tt := range []struct {
		file         postgres.NewCalendar
		changed      int
		name, notice string
	}{
		{madeUp("2026-03-14"), 1, "调休上班", "国办发明电〔2026〕1号"},
		{again, 0, "调休上班", "国办发明电〔2026〕1号"},
		{other, 1, "放假", ""}, // not what that notice said
	} {
		done, err := b.ImportCalendar(t.Context(), by(b.Admin, 0), tt.file)
		must(t, err)
		y, err := b.ListCalendarDays(t.Context(), 2026)
		must(t, err)
		if d := y.Days[72]; len(done.Days) != tt.changed || d.Name != tt.name || d.Notice != tt.notice {
			t.Errorf("%d days changed, 14 March is %+v; want %d, %s %s", len(done.Days), d, tt.changed, tt.name, tt.notice)
		}
	}
	if again.Days[0].Notice != "" {
		t.Error("the import wrote into the file it was given")
	}
}

// TestWhatWasDecidedIgnoresTheCalendar extends a reply that counts working days.
func TestWhatWasDecidedIgnoresTheCalendar(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	ctx := t.Context()
	rule := twoMonths("2026-02-01")
	rule.Amount, rule.Unit = 40, casework.WorkingDays
	_, err := b.SetRule(ctx, by(b.Admin, 0), rule)
	must(t, err)
	id := b.draft(t, "0001")
	reckoned := b.find(t, id, casework.RuleReply).Due
	_, err = b.RequestExtension(ctx, by(b.Office, id), "难", date("2026-07-01"))
	must(t, err)
	file := madeUp("2026-03-14")
	file.Preview = true
	preview, err := b.ImportCalendar(ctx, by(b.Admin, 0), file)
	must(t, err)
	if len(preview.Moved) != 1 || preview.Moved[0].Deadline.Due != reckoned {
		t.Errorf("before the decision a calendar moves %v", moved(preview.Moved))
	}
	_, err = b.DecideExtension(ctx, by(b.Supervisor, id), true, "是")
	must(t, err)
	if preview, err = b.ImportCalendar(ctx, by(b.Admin, 0), file); err != nil || len(preview.Moved) != 0 {
		t.Errorf("after the decision a calendar moves %v, %v", moved(preview.Moved), err)
	}
}

// TestHistoryOfTheCalendarIsKept tries to empty what is only added to.
func TestHistoryOfTheCalendarIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.receive(t, "0001")
	for _, sql := range []string{
		`TRUNCATE calendar_changes`, `TRUNCATE calendar_imports CASCADE`, `TRUNCATE deadline_rules`, `TRUNCATE deadline_changes`,
		`UPDATE deadlines SET first_due = first_due + 1`, `UPDATE deadlines SET trigger_day = trigger_day - 1`,
	} {
		tx, err := b.conn.Begin(t.Context())
		must(t, err)
		_, err = tx.Exec(t.Context(), sql)
		if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "23001" {
			t.Errorf("%s: %v, want it refused", sql, err)
		}
		must(t, tx.Rollback(t.Context()))
	}
}
