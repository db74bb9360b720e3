package worker_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/worker"
)

// A post is a database with people, jobs that are worked, and a clock that tests
// set.
type post struct {
	postgrestest.People
	*postgres.DB
	t      *testing.T
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx]
	box    *mailbox
	now    atomic.Int64 // in seconds
}

// soon tries again after a moment.
type soon struct{}

func (soon) NextRetry(*rivertype.JobRow) time.Time { return time.Now().Add(50 * time.Millisecond) }

func newPost(t *testing.T, o worker.Options) *post {
	t.Helper()
	p := &post{t: t, pool: postgrestest.New(t), box: newMailbox(t)}
	p.People = postgrestest.NewPeople(t, p.pool)
	p.now.Store(postgrestest.Now().Unix())
	var err error
	p.DB, err = postgres.New(p.pool, postgres.Options{Now: func() time.Time { return time.Unix(p.now.Load(), 0) }})
	must(t, err)
	if o.Mail == nil {
		o.Mail, err = worker.NewSMTP(p.box.url, "fuyan@example.cn")
		must(t, err)
	}
	o.Log, o.Timing.Retry = cmp.Or(o.Log, slog.New(slog.DiscardHandler)), soon{}
	p.client, err = worker.New(p.pool, p.DB, o)
	must(t, err)
	must(t, p.client.Start(t.Context()))
	t.Cleanup(func() { <-p.client.Stopped() })
	return p
}

// reads says how a person wants to be told.
func (p *post) reads(u casework.User, n postgres.NoticeSettings) {
	p.t.Helper()
	_, _, err := p.SaveNoticeSettings(p.t.Context(), postgres.Call{User: u}, n, "")
	must(p.t, err)
}

func (p *post) mails(users ...casework.User) {
	for _, u := range users {
		p.reads(u, postgres.NoticeSettings{Mail: u.Name + "@example.cn", MailMode: "at_once"})
	}
}

// rest waits until every job is done.
func (p *post) rest() {
	p.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var n int
		must(p.t, p.pool.QueryRow(p.t.Context(), `SELECT count(*) FROM river_job WHERE finalized_at IS NULL`).Scan(&n))
		if n == 0 {
			return
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("%d jobs are not done", n)
		}
	}
}

// states lists the ways out of all notices: who, by which channel, how far.
func (p *post) states() map[string]int {
	p.t.Helper()
	rows, err := p.pool.Query(p.t.Context(), `SELECT u.name || ' ' || s.channel || ' ' || s.state
		FROM notice_deliveries s JOIN notices n ON n.id = s.notice_id JOIN users u ON u.id = n.user_id`)
	must(p.t, err)
	out := map[string]int{}
	for rows.Next() {
		var s string
		must(p.t, rows.Scan(&s))
		out[s]++
	}
	must(p.t, rows.Err())
	return out
}

// receive puts a proposal on record and gives it to the handler.
func (p *post) receive(number string) int64 {
	p.t.Helper()
	ctx := p.t.Context()
	r, err := p.ReceiveProposal(ctx, postgres.Call{User: p.Office}, postgres.NewProposal{
		Kind: casework.CPPCCProposal, Sitting: casework.Sitting{Body: "市政协", Term: 14, Session: 4}, Number: number,
		Title: "关于保护内河的提案", Text: "请保护内河。", HandedOver: p.Today(),
		Proposers: []postgres.NewProposer{{Name: "林若水", UserID: p.Delegate.ID}},
	})
	must(p.t, err)
	_, err = p.AcceptProposal(ctx, postgres.Call{User: p.Office, ID: r.ID}, casework.Date{})
	must(p.t, err)
	_, err = p.AssignProposal(ctx, postgres.Call{User: p.Office, ID: r.ID}, p.Handler.ID)
	must(p.t, err)
	return r.ID
}

// TestMailOfANotice is a mail with a text and an HTML part, a subject in
// Chinese, and a Message-ID that the notice remembers.
func TestMailOfANotice(t *testing.T) {
	t.Parallel()
	p := newPost(t, worker.Options{})
	p.mails(p.Handler)
	p.receive("0670")
	p.rest()
	got := p.box.all(false)
	if len(got) != 1 || got[0].to != "handler@example.cn" || got[0].subject != "【分办】提案第0670号已交您办理" {
		t.Fatalf("the mailbox holds %+v", got)
	}
	if kind := got[0].header.Get("Content-Type"); !strings.HasPrefix(kind, "multipart/alternative") {
		t.Errorf("the mail is %s", kind)
	}
	for _, part := range []string{"text/plain", "text/html"} {
		if !strings.Contains(got[0].text, part) {
			t.Errorf("the mail has no part %s:\n%s", part, got[0].text)
		}
	}
	list, err := p.ListNotices(t.Context(), p.Handler, postgres.NoticeFilter{Limit: 9})
	must(t, err)
	s := list[0].Deliveries[0]
	if s.State != "sent" || s.Attempts != 1 || got[0].id != "<"+s.MessageID+"@example.cn>" {
		t.Errorf("delivery %+v of the mail %s", s, got[0].id)
	}
}

// TestMailServerThatPutsOff takes a mail at last, once.
func TestMailServerThatPutsOff(t *testing.T) {
	t.Parallel()
	p := newPost(t, worker.Options{})
	p.mails(p.Handler)
	p.box.set(putsOff)
	p.receive("0670")
	p.await("a failed try", func() bool {
		return p.count(`SELECT count(*) FROM notice_deliveries WHERE error = '对方服务器暂时不收（451）'`) == 1
	})
	p.box.set(takes)
	p.rest()
	if got := p.states(); got["handler mail sent"] != 1 || len(p.box.all(false)) != 1 {
		t.Errorf("%v with %d mails, want one sent", got, len(p.box.all(false)))
	}
	if n := p.count(`SELECT count(*) FROM notice_deliveries WHERE error <> ''`); n != 0 {
		t.Error("what was sent still shows an error")
	}
}

func (p *post) count(sql string) (n int) {
	p.t.Helper()
	must(p.t, p.pool.QueryRow(p.t.Context(), sql).Scan(&n))
	return n
}

func (p *post) await(what string, done func() bool) {
	p.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// TestRefusedMailFailsAtOnce: a final no is not tried again; it stands on the
// notice, and the office is told in its inbox, without what the server said.
func TestRefusedMailFailsAtOnce(t *testing.T) {
	t.Parallel()
	p := newPost(t, worker.Options{})
	p.reads(p.Handler, postgres.NoticeSettings{Mail: "nobody@example.cn", MailMode: "at_once"})
	p.mails(p.Office)
	p.receive("0670")
	p.rest()
	list, err := p.ListNotices(t.Context(), p.Handler, postgres.NoticeFilter{Limit: 9})
	must(t, err)
	if s := list[0].Deliveries[0]; s.State != "failed" || s.Attempts != 1 || s.Error != "邮件服务器不接受收件地址（550）" {
		t.Errorf("delivery %+v, want it failed at the first try", s)
	}
	list, err = p.ListNotices(t.Context(), p.Office, postgres.NoticeFilter{Limit: 9})
	must(t, err)
	if len(list) != 1 || list[0].Subject != "【发送失败】给handler的邮件没有送出" || len(list[0].Deliveries) != 0 || strings.Contains(list[0].Body, "no such") {
		t.Errorf("the office was told %+v", list)
	}
}

// TestMailThatFailsForever is given up after so many tries.
func TestMailThatFailsForever(t *testing.T) {
	t.Parallel()
	p := newPost(t, worker.Options{})
	p.mails(p.Handler)
	p.box.set(putsOff)
	p.receive("0670")
	p.rest()
	list, err := p.ListNotices(t.Context(), p.Handler, postgres.NoticeFilter{Limit: 9})
	must(t, err)
	if s := list[0].Deliveries[0]; s.State != "failed" || s.Attempts != postgres.MostTries {
		t.Errorf("delivery %+v, want it failed after %d tries", s, postgres.MostTries)
	}
	if n := p.count(`SELECT count(*) FROM notices WHERE occasion = 'mail_failed'`); n != 1 {
		t.Errorf("the office was told %d times, want once", n)
	}
}

// TestWaysHoldUpNothingElse: while every worker of one way out waits, the other
// goes on, and so do the sweeps.
func TestWaysHoldUpNothingElse(t *testing.T) {
	t.Parallel()
	const each = 6 // more than there are workers
	for hanging, going := range map[string]string{"mail": "webhook", "webhook": "mail"} {
		t.Run(hanging, func(t *testing.T) {
			t.Parallel()
			freed := make(chan struct{})
			srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				if hanging == "webhook" {
					<-freed
				}
			}))
			t.Cleanup(srv.Close)
			p := newPost(t, worker.Options{Hook: thisMachine(), Timing: worker.Timing{SendTimeout: 20 * time.Second}})
			p.reads(p.Handler, postgres.NoticeSettings{Mail: "handler@example.cn", MailMode: "at_once", WebhookURL: srv.URL})
			if hanging == "mail" {
				p.box.set(hangs)
			}
			for i := range each {
				p.receive(fmt.Sprint(i))
			}
			p.await("the other way", func() bool { return p.states()["handler "+going+" sent"] == each })
			if n := p.count(`SELECT count(*) FROM notice_deliveries WHERE error <> ''`); n != 0 {
				t.Errorf("the way that goes waited for %d tries of the other to end", n)
			}
			_, err := p.client.Insert(t.Context(), postgres.SweepNotices{}, nil)
			must(t, err)
			p.await("the sweep", func() bool {
				return p.count(`SELECT count(*) FROM river_job WHERE kind = 'sweep_notices' AND finalized_at IS NULL`) == 0
			})
			if n := p.states()["handler "+hanging+" sent"]; n != 0 {
				t.Errorf("%d went out by the way that hangs", n)
			}
			close(freed)
			p.box.set(takes)
			p.rest()
			if n := p.states()["handler "+hanging+" sent"]; n != each {
				t.Errorf("%d went out in the end, want %d", n, each)
			}
		})
	}
}

// TestReasonsThatFell are asked for again at the moment of sending.
func TestReasonsThatFell(t *testing.T) {
	t.Parallel()
	for name, fell := range map[string]func(p *post, id int64){
		"given to another": func(p *post, id int64) {
			_, err := p.AssignProposal(p.t.Context(), postgres.Call{User: p.Office, ID: id}, p.OtherHandler.ID)
			must(p.t, err)
		},
		"account ended": func(p *post, _ int64) {
			_, err := p.SetRoles(p.t.Context(), postgres.Call{User: p.Admin, ID: p.Handler.ID}, p.Handler.Roles, true)
			must(p.t, err)
		},
		"wants no mail": func(p *post, _ int64) {
			_, _, err := p.SaveNoticeSettings(p.t.Context(), postgres.Call{User: p.Handler, Version: 1}, postgres.NoticeSettings{MailMode: "none"}, "")
			must(p.t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPost(t, worker.Options{})
			p.mails(p.Handler)
			p.box.set(putsOff)
			id := p.receive("0670")
			p.await("a failed try", func() bool { return p.count(`SELECT count(*) FROM notice_deliveries WHERE error <> ''`) == 1 })
			fell(p, id)
			p.await("the notice to be closed", func() bool { return p.states()["handler mail not_needed"] == 1 })
			p.box.set(takes)
			p.rest()
			if got := p.box.all(false); len(got) != 0 {
				t.Errorf("sent all the same: %+v", got)
			}
		})
	}
}

// TestSentThoughNobodySaysSo: what is on record as sent is done, though the answer of
// the database that says so was lost.
func TestSentThoughNobodySaysSo(t *testing.T) {
	t.Parallel()
	var sent atomic.Int32
	p := newPost(t, worker.Options{Mail: func(_ context.Context, _ *postgres.Outgoing, done func() error) error {
		sent.Add(1)
		return cmp.Or(done(), io.ErrUnexpectedEOF)
	}})
	p.mails(p.Handler)
	p.receive("0001")
	p.rest()
	if n := sent.Load(); n == 0 || int(n) != p.states()["handler mail sent"] {
		t.Errorf("%d mails went out, on record are %v", n, p.states())
	}
	var n int
	must(t, p.pool.QueryRow(t.Context(), `SELECT count(*) FROM river_job WHERE kind = 'send_notice' AND state = 'completed' AND attempt = 1`).Scan(&n))
	if n != int(sent.Load()) {
		t.Errorf("%d jobs are done, want %d", n, sent.Load())
	}
}
