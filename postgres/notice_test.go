package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// told lists what the ledger has of rungs: who, as what, of which day, how far.
func (b *bundle) told(t testing.TB) []string {
	t.Helper()
	rows, err := b.conn.Query(t.Context(), `SELECT u.name || ' ' || n.role || ' ' || d.rule || ' ' || n.due || ' ' || n.rung
		FROM notices n JOIN users u ON u.id = n.user_id JOIN deadlines d ON d.id = n.deadline_id ORDER BY n.id`)
	must(t, err)
	var out []string
	for rows.Next() {
		var s string
		must(t, rows.Scan(&s))
		out = append(out, s)
	}
	must(t, rows.Err())
	return out
}

// sweepAt sets the clock to a moment in Shanghai and sweeps.
func (b *bundle) sweepAt(t testing.TB, moment string) {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", moment, time.FixedZone("", 8*60*60))
	must(t, err)
	b.now = when
	must(t, b.Sweep(t.Context()))
}

func (b *bundle) subjects(t testing.TB, u casework.User) []string {
	t.Helper()
	list, err := b.ListNotices(t.Context(), u, postgres.NoticeFilter{Limit: 100})
	must(t, err)
	var out []string
	for _, n := range list {
		out = append(out, n.Subject)
	}
	return out
}

// TestSweepClimbs: who holds the role at each rung is told, the office where
// nobody does, and nobody twice however often it is swept. The reply is due on 10
// May 2026, a Sunday after a Saturday that is worked.
func TestSweepClimbs(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.receive(t, "0001")
	_, err := b.AcceptProposal(t.Context(), by(b.Office, id), casework.Date{})
	must(t, err)
	b.sweepAt(t, "2026-04-23 09:00") // before anybody handles it
	_, err = b.AssignProposal(t.Context(), by(b.Office, id), b.Handler.ID)
	must(t, err)
	for _, moment := range []string{"2026-04-30 09:00", "2026-04-30 09:01", "2026-05-07 10:00", "2026-05-09 09:00", "2026-05-11 09:00", "2026-05-11 12:00"} {
		b.sweepAt(t, moment)
	}
	want := []string{
		"office office REPLY 2026-05-10 -10",
		"handler handler REPLY 2026-05-10 -5",
		"handler handler REPLY 2026-05-10 -3", "head head REPLY 2026-05-10 -3",
		"handler handler REPLY 2026-05-10 0", "head head REPLY 2026-05-10 0", "office office REPLY 2026-05-10 0",
		"handler handler REPLY 2026-05-10 1", "head head REPLY 2026-05-10 1", "office office REPLY 2026-05-10 1",
	}
	if diff := cmp.Diff(want, b.told(t)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// TestSweepIsQuietAfterMoves: what is met, ended, paused or moved is told of no
// more by its old day.
func TestSweepIsQuietAfterMoves(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"met":    `UPDATE deadlines SET met = '2026-04-01', next_notice = NULL`,
		"ended":  `UPDATE deadlines SET ended = '2026-04-01', next_notice = NULL`,
		"paused": `UPDATE deadlines SET paused = '2026-04-01', next_notice = NULL`,
		"moved":  `UPDATE deadlines SET due = '2026-08-10', armed_at = '2026-04-20', next_notice = '2026-04-20' WHERE met IS NULL`,
	} {
		t.Run(name, func(t *testing.T) {
			b := setup(t, postgrestest.Tx(t))
			b.draft(t, "0001")
			b.sweepAt(t, "2026-03-03 09:00")
			b.exec(t, sql)
			b.sweepAt(t, "2026-05-08 09:00")
			if got := b.told(t); len(got) != 0 {
				t.Errorf("told %v", got)
			}
		})
	}
}

// TestNoticeSaysTheSameLater: the words of a rung are put together when they are
// read, and neither a calendar that changed, nor a day that moved, nor later
// rungs change them. Until somebody tries to send it, a notice is queued.
func TestNoticeSaysTheSameLater(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	_, _, err := b.SaveNoticeSettings(t.Context(), by(b.Head, 0), postgres.NoticeSettings{Mail: "a@example.cn", MailMode: "at_once"}, "")
	must(t, err)
	id := b.draft(t, "0001")
	b.sweepAt(t, "2026-04-30 09:00")
	b.sweepAt(t, "2026-05-07 09:00")
	read := func() postgres.Notice {
		t.Helper()
		list, err := b.ListNotices(t.Context(), b.Head, postgres.NoticeFilter{Limit: 9})
		must(t, err)
		return list[len(list)-1]
	}
	then := read()
	if len(then.Deliveries) != 1 || then.Deliveries[0].State != "queued" || then.Deliveries[0].Attempts != 0 {
		t.Errorf("deliveries %+v, want one queued", then.Deliveries)
	}
	if want := "此前已告知：经办人handler（4月30日）。"; !strings.Contains(then.Body, "还剩2个工作日") || !strings.Contains(then.Body, want) {
		t.Errorf("the notice says\n%s", then.Body)
	}
	job := postgres.SendNotice{NoticeID: then.ID, Channel: postgres.ByMail}
	o, err := b.BeginSending(t.Context(), job)
	must(t, err)
	if o.Subject != then.Subject || o.Text != then.Body {
		t.Errorf("the mail says\n%s\n%s", o.Subject, o.Text)
	}
	if s := read().Deliveries; len(s) != 1 || s[0].State != "queued" || s[0].Attempts != 1 {
		t.Errorf("deliveries %+v, want one after an attempt", s)
	}
	b.exec(t, `INSERT INTO calendar_days (day, off, name, notice) VALUES ('2026-05-08', true, '', '') ON CONFLICT (day) DO UPDATE SET off = true`)
	b.sweepAt(t, "2026-05-11 09:00")
	b.exec(t, `UPDATE deadlines SET due = '2026-06-10', armed_at = $1, next_notice = $1 WHERE proposal_id = $2 AND met IS NULL`, b.now, id)
	b.sweepAt(t, "2026-06-09 09:00")
	if now := read(); now.Subject != then.Subject || now.Body != then.Body {
		t.Errorf("the notice said\n%s\nand now says\n%s", then.Body, now.Body)
	}
}

// TestNobodyIsToldTwice sweeps at random moments, moves days and meets deadlines
// in between, and breaks transactions off, as a crash does. Nobody is told the
// same twice; nothing is told before its moment, of a moment before the deadline
// was armed, or after it was met; and an earlier rung never comes after a later.
func TestNobodyIsToldTwice(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		b.now = postgrestest.Now()
		id := b.draft(t, fmt.Sprintf("p%d", n))
		met := false
		arms := armsOf{}
		arms.note(t, b, id)
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			b.now = b.now.Add(time.Duration(rapid.IntRange(1, 15*24*60).Draw(rt, "minutes")) * time.Minute)
			switch rapid.IntRange(0, 5).Draw(rt, "what") {
			case 0:
				due := b.Today().AddDays(rapid.IntRange(-5, 40).Draw(rt, "due"))
				b.exec(t, `UPDATE deadlines SET due = $1, armed_at = $2, next_notice = $2 WHERE proposal_id = $3 AND met IS NULL`, due, b.now, id)
				arms.note(t, b, id)
			case 1:
				if rapid.IntRange(0, 4).Draw(rt, "met") == 0 {
					b.exec(t, `UPDATE deadlines SET met = $1, next_notice = NULL WHERE proposal_id = $2`, b.Today(), id)
					met = true
				}
			case 2: // a sweep that dies before it is done
				tx, err := b.conn.Begin(t.Context())
				must(t, err)
				now := b.now
				d, err := postgres.New(tx, postgres.Options{Now: func() time.Time { return now }})
				must(t, err)
				must(t, d.Sweep(t.Context()))
				must(t, tx.Rollback(t.Context()))
			default:
				before := b.count(t, `SELECT count(*) FROM notices n JOIN deadlines d ON d.id = n.deadline_id WHERE d.proposal_id = $1`, id)
				must(t, b.Sweep(t.Context()))
				after := b.count(t, `SELECT count(*) FROM notices n JOIN deadlines d ON d.id = n.deadline_id WHERE d.proposal_id = $1`, id)
				if met && after != before {
					rt.Fatalf("%d told after it was met", after-before)
				}
			}
		}
		for what, sql := range map[string]string{
			"told twice": `SELECT count(*) - count(DISTINCT (deadline_id, due, rung, user_id)) FROM notices WHERE deadline_id IS NOT NULL`,
			"told of an earlier rung after a later": `SELECT count(*) FROM notices a JOIN notices b USING (deadline_id, due, user_id)
				WHERE a.id < b.id AND a.rung >= b.rung`,
			"deadlines watched after their end": `SELECT count(*) FROM deadline_watch w JOIN deadlines d ON d.id = w.deadline_id
				WHERE w.next_notice IS NOT NULL AND (d.met IS NOT NULL OR d.ended IS NOT NULL)`,
		} {
			if n := b.count(t, sql); n != 0 {
				rt.Fatalf("%d %s", n, what)
			}
		}
		if wrong := arms.wrong(t, b, id); wrong != "" {
			rt.Fatal(wrong)
		}
	})
}

// armsOf are the moments at which each day of each deadline was armed.
type armsOf map[string][]time.Time

func (a armsOf) note(t testing.TB, b *bundle, proposalID int64) {
	t.Helper()
	rows, err := b.conn.Query(t.Context(), `SELECT id || ' ' || due, armed_at FROM deadlines WHERE proposal_id = $1 AND met IS NULL`, proposalID)
	must(t, err)
	var key string
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&key, &at}, func() error { a[key] = append(a[key], at); return nil })
	must(t, err)
}

// wrong returns what was told before its moment, of a moment before the day was
// armed, or at night.
func (a armsOf) wrong(t testing.TB, b *bundle, proposalID int64) (what string) {
	t.Helper()
	h := casework.Hours{Calendar: b.calendar(t), Zone: time.FixedZone("", 8*60*60)}
	rows, err := b.conn.Query(t.Context(), `SELECT d.id || ' ' || n.due, n.due, n.rung, n.at
		FROM notices n JOIN deadlines d ON d.id = n.deadline_id WHERE d.proposal_id = $1`, proposalID)
	must(t, err)
	var key string
	var due casework.Date
	var rung int
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&key, &due, &rung, &at}, func() error {
		moment := h.Morning(h.Day(due, rung))
		armed := func(when time.Time) bool { return !when.After(at) && !when.After(moment) }
		if at.Before(moment) || !h.Opens(at).Equal(at) || !slices.ContainsFunc(a[key], armed) {
			what = fmt.Sprintf("rung %d of %s, of %s, told at %s; armed at %v", rung, key, moment, at, a[key])
		}
		return nil
	})
	must(t, err)
	return what
}

func (b *bundle) calendar(t testing.TB) casework.Calendar {
	t.Helper()
	rows, err := b.conn.Query(t.Context(), `SELECT day, off FROM calendar_days`)
	must(t, err)
	var days []casework.CalendarDay
	var day casework.CalendarDay
	_, err = pgx.ForEachRow(rows, []any{&day.Day, &day.Off}, func() error { days = append(days, day); return nil })
	must(t, err)
	return casework.NewCalendar(days, nil)
}

func (b *bundle) exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	_, err := b.conn.Exec(t.Context(), sql, args...)
	must(t, err)
}

func (b *bundle) count(t testing.TB, sql string, args ...any) (n int) {
	t.Helper()
	must(t, b.conn.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}

// TestSweepsInBatches: more than a batch is told in one sweep, by several at
// once, and the ledger and the queue agree.
func TestSweepsInBatches(t *testing.T) {
	t.Parallel()
	s, pool := load(t, 60_000)
	arm(t, pool, 6_000)
	must(t, s.Sweep(t.Context()))
	for _, table := range []string{"notices", "river_job"} {
		if got := count(t, pool, table); got != 6_000 {
			t.Errorf("%d rows of %s, want 6000", got, table)
		}
	}
	if n := s.count(t, `SELECT count(*) FROM river_job j LEFT JOIN notices n
		ON n.id = (j.args->>'notice_id')::bigint AND n.by_mail AND j.args->>'channel' = 'mail' WHERE n.id IS NULL`); n != 0 {
		t.Errorf("%d jobs send nothing that is in the ledger", n)
	}
}

// TestDefaultLadders writes the ladders out, as people read them.
func TestDefaultLadders(t *testing.T) {
	t.Parallel()
	want := strings.TrimSpace(`
RETURN_WRONG -5 办公室, -3 办公室, -1 办公室, 0 办公室, 1 办公室, 3 办公室督办单位, every 5
REPLY -10 经办人, -5 经办人, -3 经办人处室负责人, -1 经办人处室负责人, 0 经办人处室负责人办公室, 1 经办人处室负责人办公室, 3 经办人处室负责人办公室督办单位, every 5
COHANDLE_OPINION -5 办公室, -3 办公室, -1 办公室, 0 办公室, 1 经办人办公室, 3 经办人办公室督办单位, every 5
PUBLISH -5 办公室, -3 办公室, -1 办公室, 0 办公室, 1 办公室, 3 办公室督办单位, every 5
FEEDBACK_WAIT -5 提出人, -1 提出人, 1 办公室, every 0
COMMITMENT -10 经办人, -5 经办人, -3 经办人处室负责人, -1 经办人处室负责人, 0 经办人处室负责人办公室, 1 经办人处室负责人办公室, 3 经办人处室负责人办公室督办单位, every 5`)
	b := setup(t, postgrestest.Tx(t))
	list, err := b.GetLadders(t.Context(), b.Admin)
	must(t, err)
	var lines []string
	for _, l := range list {
		if err := l.Check(); err != nil {
			t.Errorf("%s: %v", l.Code, err)
		}
		var rungs []string
		for _, r := range l.Rungs {
			text := fmt.Sprintf("%d ", r.Days)
			for _, to := range r.Tells {
				text += to.Label()
			}
			rungs = append(rungs, text)
		}
		lines = append(lines, fmt.Sprintf("%s %s, every %d", l.Code, strings.Join(rungs, ", "), l.Every))
	}
	if diff := cmp.Diff(want, strings.Join(lines, "\n")); diff != "" {
		t.Errorf("the default ladders (-want +got):\n%s", diff)
	}
}

// TestLadderOfAnOrgan holds for its own deadlines and no other's, from the next
// sweep on, until it is given up.
func TestLadderOfAnOrgan(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.draft(t, "0001")
	b.sweepAt(t, "2026-03-03 09:00")
	own := casework.Ladder{Code: casework.RuleReply, Rungs: []casework.Rung{{Days: -20, Tells: []casework.Recipient{casework.ToHead}}}}
	save := func(u casework.User, version int64, l casework.Ladder) error {
		c := by(u, 0)
		c.Version = version
		_, err := b.SaveLadder(t.Context(), c, l)
		return err
	}
	must(t, save(b.Office, 0, own))
	must(t, save(b.HelperOffice, 0, casework.Ladder{Code: casework.RuleReply, Rungs: []casework.Rung{{Days: -21, Tells: []casework.Recipient{casework.ToHead}}}}))
	if err := save(b.Office, 0, own); !errors.Is(err, casework.ErrStale) {
		t.Errorf("saving on an old version: %v", err)
	}
	if err := save(b.Office, 1, casework.Ladder{Code: "TEA"}); err == nil {
		t.Error("a ladder of nothing was given up")
	}
	for _, u := range []casework.User{b.Handler, b.Head, b.Supervisor, b.Delegate} {
		if err := save(u, 1, own); !errors.Is(err, casework.ErrForbidden) {
			t.Errorf("a ladder of %s: %v", u.Name, err)
		}
	}
	b.sweepAt(t, "2026-04-10 09:00") // 20 working days before 10 May
	if got, want := b.told(t), []string{"head head REPLY 2026-05-10 -20"}; !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
	must(t, save(b.Office, 1, casework.Ladder{Code: casework.RuleReply}))
	b.sweepAt(t, "2026-04-23 09:00")
	if got := b.told(t); len(got) != 2 || got[1] != "handler handler REPLY 2026-05-10 -10" {
		t.Errorf("after the organ gave its ladder up: told %v", got)
	}
	if err := save(b.Office, 0, own); !errors.Is(err, casework.ErrStale) {
		t.Errorf("made anew from the beginning: %v", err)
	}
	must(t, save(b.Office, 2, own))
}

// TestOccasions: each is told to whom it concerns and not to who did it.
func TestOccasions(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.draft(t, "0001")
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	done(b.SubmitReply(t.Context(), by(b.Handler, id)))
	done(b.SendBackReply(t.Context(), by(b.Head, id), "改"))
	done(b.RequestExtension(t.Context(), by(b.Office, id), "难", casework.Date{Year: 2026, Month: 6, Day: 30}))
	done(b.DecideExtension(t.Context(), by(b.Supervisor, id), false, "否"))
	for u, want := range map[*casework.User][]string{
		&b.Handler: {"【延期】提案第0001号的延期申请已审批", "【退回】提案第0001号的答复稿被退回修改", "【分办】提案第0001号已交您办理"},
		&b.Head:    {"【待审核】提案第0001号的答复稿等您审核"},
		&b.Office:  {"【延期】提案第0001号的延期申请已审批"},
		&b.Leader:  nil, &b.OtherHandler: nil, &b.Supervisor: nil, &b.HelperOffice: nil, &b.Delegate: nil,
	} {
		if got := b.subjects(t, *u); !slices.Equal(got, want) {
			t.Errorf("%s was told %v, want %v", u.Name, got, want)
		}
	}
	b.exec(t, `UPDATE users SET roles = '{office,handler}' WHERE id = $1`, b.Office.ID)
	done(b.AssignProposal(t.Context(), by(b.Office, b.accept(t, "0003")), b.Office.ID))
	if got := b.subjects(t, b.Office); len(got) != 1 {
		t.Errorf("who did it was told of it: %v", got)
	}
	other := b.receive(t, "0002")
	done(b.RequestReturn(t.Context(), by(b.Office, other), "不是"))
	done(b.DecideReturn(t.Context(), by(b.Supervisor, other), true, "是"))
	if got := b.subjects(t, b.Office)[0]; got != "【退办】提案第0002号的退办申请已获同意" {
		t.Errorf("the office was told %q", got)
	}
}

// TestNoticesAreOnesOwn: nobody reads or marks another's.
func TestNoticesAreOnesOwn(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	for i := range 3 {
		b.draft(t, fmt.Sprint(i))
	}
	list, err := b.ListNotices(t.Context(), b.Handler, postgres.NoticeFilter{Limit: 9})
	must(t, err)
	if len(list) != 3 {
		t.Fatalf("%d notices, want 3", len(list))
	}
	for _, u := range b.All() {
		_, err := b.MarkNoticeRead(t.Context(), by(u, list[1].ID), false)
		if own := u.ID == b.Handler.ID; own != (err == nil) || !own && !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("marking as %s: %v", u.Name, err)
		}
	}
	left, err := b.ListNotices(t.Context(), b.Handler, postgres.NoticeFilter{Limit: 9, Unread: true})
	must(t, err)
	if len(left) != 2 || left[0].ID != list[0].ID || left[1].ID != list[2].ID {
		t.Errorf("unread are %v", left)
	}
	page, err := b.ListNotices(t.Context(), b.Handler, postgres.NoticeFilter{Limit: 1, Before: list[0].ID})
	must(t, err)
	if len(page) != 1 || page[0].ID != list[1].ID {
		t.Errorf("the second page is %v", page)
	}
	if n, err := b.MarkNoticeRead(t.Context(), by(b.Handler, list[0].ID), true); err != nil || n != 0 {
		t.Errorf("%d unread after all are marked: %v", n, err)
	}
}

// TestUpcoming names what will be told and to whom, only of what the reader may
// see.
func TestUpcoming(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.draft(t, "0001")
	b.sweepAt(t, "2026-04-20 12:00")
	list, err := b.ListUpcoming(t.Context(), b.Office, postgres.UpcomingFilter{Limit: 9})
	must(t, err)
	if len(list) != 1 {
		t.Fatalf("%d deadlines, want one", len(list))
	}
	var got []string
	for _, n := range list[0].Notices {
		line := n.At.In(time.FixedZone("", 8*60*60)).Format("01-02 15:04")
		for _, to := range n.To {
			line += " " + to.Name
		}
		got = append(got, line)
	}
	want := []string{
		"04-23 09:00 handler", "04-30 09:00 handler", "05-07 09:00 handler head", "05-09 09:00 handler head office",
		"05-11 09:00 handler head office", "05-13 09:00 handler head office cppcc-supervisor supervisor", "05-20 09:00 handler head office cppcc-supervisor supervisor",
	}
	for i := range got {
		words := strings.Fields(got[i])
		if len(words) > 5 {
			slices.Sort(words[5:])
			got[i] = strings.Join(words, " ")
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("upcoming (-want +got):\n%s", diff)
	}
	for u, want := range map[*casework.User]int{
		&b.Admin: 1, &b.Supervisor: 1, &b.CPPCCSupervisor: 1, &b.NPCSupervisor: 0, &b.HelperOffice: 0, &b.Delegate: 0,
	} {
		if list, err := b.ListUpcoming(t.Context(), *u, postgres.UpcomingFilter{Limit: 9}); err != nil || len(list) != want {
			t.Errorf("%s sees %d, want %d: %v", u.Name, len(list), want, err)
		}
	}
}

// TestDigest is one mail a person and working morning, with what still stands.
func TestDigest(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	_, _, err := b.SaveNoticeSettings(t.Context(), by(b.Handler, 0), postgres.NoticeSettings{Mail: "a@example.cn", MailMode: "digest"}, "")
	must(t, err)
	b.draft(t, "0001")
	gone := b.draft(t, "0002")
	_, err = b.AssignProposal(t.Context(), by(b.Office, gone), b.OtherHandler.ID)
	must(t, err)
	digests := func() int { return b.count(t, `SELECT count(*) FROM digests`) }
	for _, test := range []struct {
		moment string
		want   int
	}{
		{"2026-03-03 09:04", 0}, {"2026-03-03 09:05", 1}, {"2026-03-03 09:06", 1}, {"2026-03-03 23:00", 1},
	} {
		if b.sweepAt(t, test.moment); digests() != test.want {
			t.Errorf("%d digests at %s, want %d", digests(), test.moment, test.want)
		}
	}
	job := postgres.SendDigest{UserID: b.Handler.ID, Day: casework.Date{Year: 2026, Month: 3, Day: 3}}
	o, err := b.BeginDigest(t.Context(), job)
	must(t, err)
	if o.Subject != "【每日提醒】3月3日，1件事项" || !strings.Contains(o.Text, "第0001号") || strings.Contains(o.Text, "第0002号") {
		t.Errorf("digest %q:\n%s", o.Subject, o.Text)
	}
	must(t, b.DigestDone(t.Context(), job, o))
	if o, err := b.BeginDigest(t.Context(), job); o != nil || err != nil {
		t.Errorf("a digest that went out goes out again: %v", err)
	}
	b.draft(t, "0003") // on Saturday nobody is told of it
	if b.sweepAt(t, "2026-03-07 09:30"); digests() != 1 {
		t.Error("a digest was made on a Saturday")
	}
	if b.sweepAt(t, "2026-03-09 09:30"); digests() != 2 {
		t.Error("no digest was made on Monday")
	}
	if got := b.count(t, `SELECT count(*) FROM notice_deliveries WHERE state = 'sent' AND message_id = $1`, o.MessageID); got != 1 {
		t.Errorf("%d notices went out in the digest, want 1", got)
	}
}

func TestNoticeSettingsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	for _, test := range []struct {
		n      postgres.NoticeSettings
		secret string
		field  string
	}{
		{postgres.NoticeSettings{MailMode: "at_once"}, "", "settings.mail"},
		{postgres.NoticeSettings{Mail: "nobody", MailMode: "none"}, "", "settings.mail"},
		{postgres.NoticeSettings{Mail: "A <a@b.cn>", MailMode: "none"}, "", "settings.mail"},
		{postgres.NoticeSettings{Mail: "a@b.cn\nBcc: c@d.cn", MailMode: "none"}, "", "settings.mail"},
		{postgres.NoticeSettings{MailMode: "none", WebhookURL: "ftp://example.cn"}, "", "settings.webhook_url"},
		{postgres.NoticeSettings{MailMode: "none", WebhookURL: "https://u:p@example.cn"}, "", "settings.webhook_url"},
		{postgres.NoticeSettings{MailMode: "none", WebhookURL: "https://example.cn"}, "whsec_short", "webhook_secret"},
	} {
		_, _, err := b.SaveNoticeSettings(t.Context(), by(b.Office, 0), test.n, test.secret)
		if e, ok := errors.AsType[*casework.FieldError](err); !ok || e.Field != test.field {
			t.Errorf("%+v: %v, want a fault of %s", test.n, err, test.field)
		}
	}
	c := by(b.Office, 0)
	_, secret, err := b.SaveNoticeSettings(t.Context(), c, postgres.NoticeSettings{MailMode: "none", WebhookURL: "https://example.cn"}, "")
	must(t, err)
	if !strings.HasPrefix(secret, "whsec_") {
		t.Errorf("the secret made is %q", secret)
	}
	if _, again, err := b.SaveNoticeSettings(t.Context(), c, postgres.NoticeSettings{MailMode: "none", WebhookURL: "https://example.cn"}, ""); err != nil || again != "" {
		t.Errorf("the same request again shows %q: %v", again, err)
	}
}

// accept signs for a new proposal.
func (b *bundle) accept(t testing.TB, number string) int64 {
	t.Helper()
	id := b.receive(t, number)
	_, err := b.AcceptProposal(t.Context(), by(b.Office, id), casework.Date{})
	must(t, err)
	return id
}
