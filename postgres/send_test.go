package postgres_test

import (
	"testing"

	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// toHead tells the head of the division by mail, and returns the job that sends it.
func toHead(t *testing.T, b *bundle) postgres.SendNotice {
	t.Helper()
	_, _, err := b.SaveNoticeSettings(t.Context(), by(b.Head, 0), postgres.NoticeSettings{Mail: "a@example.cn", MailMode: "at_once"}, "")
	must(t, err)
	b.draft(t, "0001")
	b.sweepAt(t, "2026-05-07 09:00")
	list, err := b.ListNotices(t.Context(), b.Head, postgres.NoticeFilter{Limit: 9})
	must(t, err)
	return postgres.SendNotice{NoticeID: list[len(list)-1].ID, Channel: postgres.ByMail}
}

// delivery returns how it stands with the job's notice.
func (b *bundle) delivery(t *testing.T, job postgres.SendNotice) (state string, attempts int) {
	t.Helper()
	must(t, b.conn.QueryRow(t.Context(), `SELECT state, attempts FROM notice_deliveries WHERE notice_id = $1 AND channel = $2`,
		job.NoticeID, job.Channel).Scan(&state, &attempts))
	return state, attempts
}

// TestSentThoughTheCountIsLost: a database that breaks down may lose the count of an
// attempt, but not that the notice went out, and nobody is told again.
func TestSentThoughTheCountIsLost(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	job := toHead(t, b)
	o, err := b.BeginSending(t.Context(), job)
	must(t, err)
	b.exec(t, `DELETE FROM notice_deliveries WHERE notice_id = $1`, job.NoticeID)
	for range 2 {
		must(t, b.SendingDone(t.Context(), job, o))
		if state, attempts := b.delivery(t, job); state != "sent" || attempts != 1 {
			t.Errorf("%s after %d attempts, want it sent after 1", state, attempts)
		}
	}
	if o, err := b.BeginSending(t.Context(), job); o != nil || err != nil {
		t.Errorf("BeginSending of what was sent = %v, %v; want nothing", o, err)
	}
}

// TestGivesUpWhatIsBrokenOff: attempts that end without a word are counted, and the
// last is followed by none. What is not sent because it is not needed is no attempt.
func TestGivesUpWhatIsBrokenOff(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	job := toHead(t, b)
	for n := range postgres.MostTries {
		if o, err := b.BeginSending(t.Context(), job); o == nil || err != nil {
			t.Fatalf("attempt %d: %v, %v", n+1, o, err)
		}
	}
	for range 2 {
		if o, err := b.BeginSending(t.Context(), job); o != nil || err != nil {
			t.Errorf("BeginSending of what was given up = %v, %v; want nothing", o, err)
		}
		if state, attempts := b.delivery(t, job); state != "failed" || attempts != postgres.MostTries {
			t.Errorf("%s after %d attempts, want it failed after %d", state, attempts, postgres.MostTries)
		}
	}
	if n := b.count(t, `SELECT count(*) FROM notices WHERE occasion = 'mail_failed'`); n == 0 {
		t.Error("nobody is told that it was given up")
	}
}

// TestNotNeededIsNoAttempt: what nobody wants any more, or whose reason stands no
// more, is not sent and not counted.
func TestNotNeededIsNoAttempt(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"wants no mail":       `UPDATE notice_settings SET mail_mode = 'none'`,
		"disabled":            `UPDATE users SET disabled = true WHERE name = 'head'`,
		"another role":        `UPDATE users SET roles = '{handler}' WHERE name = 'head'`,
		"another division":    `UPDATE proposals SET division_id = NULL`,
		"the deadline met":    `UPDATE deadlines SET met = '2026-05-07'`,
		"the deadline paused": `UPDATE deadlines SET paused = '2026-05-07'`,
		"another day":         `UPDATE deadlines SET due = due + 1`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, postgrestest.Tx(t))
			job := toHead(t, b)
			b.exec(t, sql)
			if o, err := b.BeginSending(t.Context(), job); o != nil || err != nil {
				t.Errorf("BeginSending = %v, %v; want nothing", o, err)
			}
			if state, attempts := b.delivery(t, job); state != "not_needed" || attempts != 0 {
				t.Errorf("%s after %d attempts, want it not needed and none", state, attempts)
			}
		})
	}
}
