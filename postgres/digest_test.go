package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// inDigest lets u be told by the morning's digest.
func (b *bundle) inDigest(t testing.TB, u casework.User) {
	t.Helper()
	_, _, err := b.SaveNoticeSettings(t.Context(), by(u, 0), postgres.NoticeSettings{Mail: "a@example.cn", MailMode: "digest"}, "")
	must(t, err)
}

func (b *bundle) digestOf(t testing.TB, u casework.User, month, day int) *postgres.Outgoing {
	t.Helper()
	o, err := b.BeginDigest(t.Context(), digestJob(u, month, day))
	must(t, err)
	return o
}

func digestJob(u casework.User, month, day int) postgres.SendDigest {
	return postgres.SendDigest{UserID: u.ID, Day: casework.Date{Year: 2026, Month: time.Month(month), Day: day}}
}

// TestDigestHoldsTheRungsOfItsMorning: who reads digests hears of a rung on its
// own day.
func TestDigestHoldsTheRungsOfItsMorning(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.inDigest(t, b.Head)
	b.draft(t, "0001")
	for _, moment := range []string{"2026-05-07 08:59", "2026-05-07 09:00", "2026-05-07 09:05"} {
		b.sweepAt(t, moment)
	}
	if o := b.digestOf(t, b.Head, 5, 7); o == nil || !strings.Contains(o.Text, "答复期限还剩2个工作日") {
		t.Errorf("the digest of the morning is %+v", o)
	}
}

// TestDigestsShareNothing: what yesterday's digest holds, that is still to go
// out, is not in today's.
func TestDigestsShareNothing(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.inDigest(t, b.Handler)
	b.draft(t, "0001")
	b.sweepAt(t, "2026-03-03 09:05")
	b.sweepAt(t, "2026-03-04 09:05")
	if n := b.count(t, `SELECT count(*) FROM digests`); n != 1 {
		t.Errorf("%d digests where nothing is new, want 1", n)
	}
	b.draft(t, "0002")
	b.sweepAt(t, "2026-03-05 09:05")
	old, latest := b.digestOf(t, b.Handler, 3, 3), b.digestOf(t, b.Handler, 3, 5)
	if old == nil || latest == nil || strings.Contains(old.Text, "0002") || strings.Contains(latest.Text, "0001") {
		t.Errorf("the digests are\n%+v\n%+v", old, latest)
	}
}

// TestSomebodyIsToldOfAFailure: the office of the person's organ, that of the
// proposal's, or an admin.
func TestSomebodyIsToldOfAFailure(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.inDigest(t, b.Handler)
	b.draft(t, "0001")
	b.sweepAt(t, "2026-03-03 09:05")
	fails := func() {
		t.Helper()
		b.exec(t, `UPDATE digests SET state = 'queued'`)
		b.exec(t, `UPDATE notice_deliveries SET state = 'queued'`)
		b.exec(t, `DELETE FROM notices WHERE occasion = 'digest_failed'`)
		_, err := b.DigestFailed(t.Context(), digestJob(b.Handler, 3, 3), postgres.Failure{Cause: "对方拒收", Permanent: true})
		must(t, err)
	}
	want := "【发送失败】给handler的每日提醒没有送出"
	toldOf := func(u casework.User) bool { return slices.Contains(b.subjects(t, u), want) }
	if fails(); !toldOf(b.Office) || toldOf(b.Admin) {
		t.Error("the office alone should be told")
	}
	b.exec(t, `UPDATE users SET organ_id = NULL, division_id = NULL WHERE id = $1`, b.Handler.ID)
	if fails(); !toldOf(b.Office) || toldOf(b.Admin) {
		t.Error("the office of the proposal should be told of who has no organ")
	}
	b.exec(t, `UPDATE users SET roles = array_remove(roles, 'office')`)
	if fails(); !toldOf(b.Admin) {
		t.Error("an admin should be told where there is no office")
	}
}

// TestDigestsDespiteABadBatch: a batch that fails keeps no digest back.
func TestDigestsDespiteABadBatch(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	b.inDigest(t, b.Handler)
	b.draft(t, "0001")
	b.exec(t, `ALTER TABLE notices ADD CHECK (deadline_id IS NULL)`)
	b.now = time.Date(2026, 4, 30, 9, 5, 0, 0, time.FixedZone("", 8*60*60))
	if err := b.Sweep(t.Context()); err == nil {
		t.Error("a bad batch went unnoticed")
	}
	if n := b.count(t, `SELECT count(*) FROM digests`); n != 1 {
		t.Errorf("%d digests, want 1", n)
	}
}

// TestWhoIsNoLongerTheHandler is told nothing as one: neither of rungs nor of
// what happened before.
func TestWhoIsNoLongerTheHandler(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.inDigest(t, b.Handler)
	b.draft(t, "0001")
	b.exec(t, `UPDATE users SET roles = '{delegate}' WHERE id = $1`, b.Handler.ID)
	b.sweepAt(t, "2026-04-30 09:05")
	if got, want := b.told(t), []string{"office office REPLY 2026-05-10 -5"}; !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
	if o := b.digestOf(t, b.Handler, 4, 30); o != nil {
		t.Errorf("a delegate is sent what a handler was told:\n%s", o.Text)
	}
}

// TestPassedRungsLoseNobody: who was to be told of a rung that a stopped worker
// passed over is told with the next, in the morning of a working day.
func TestPassedRungsLoseNobody(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.draft(t, "0001")
	c := by(b.Office, 0)
	_, err := b.SaveLadder(t.Context(), c, casework.Ladder{Code: casework.RuleReply, Rungs: []casework.Rung{
		{Days: -5, Tells: []casework.Recipient{casework.ToHead}},
		{Days: -3, Tells: []casework.Recipient{casework.ToHandler}},
	}})
	must(t, err)
	b.sweepAt(t, "2026-05-08 03:00")
	if got := b.told(t); len(got) != 0 {
		t.Errorf("told at night: %v", got)
	}
	b.sweepAt(t, "2026-05-08 09:00")
	if got, want := b.told(t), []string{"handler handler REPLY 2026-05-10 -3", "head head REPLY 2026-05-10 -3"}; !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
}

// TestLadderOfNoOrgan: an office of no organ does not keep the ladders for all.
func TestLadderOfNoOrgan(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	u := b.Office
	u.OrganID = 0
	c := by(u, 0)
	c.Version = 1
	_, err := b.SaveLadder(t.Context(), c, casework.Ladder{Code: casework.RuleReply, Rungs: []casework.Rung{{Days: 0, Tells: []casework.Recipient{casework.ToOffice}}}})
	if !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("an office of no organ keeps a ladder: %v", err)
	}
}
