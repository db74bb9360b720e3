package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"fuyan/casework"
	"fuyan/gen/db"
)

// The channels by which a notice goes out beside the inbox. What waits for the
// morning's digest has no job of its own.
const (
	ByMail    = "mail"
	ByWebhook = "webhook"
)

// How people want their mail, beside none.
const (
	atOnce   = "at_once"
	inDigest = "digest"
)

// Every way out is queued until it is one of the others.
const (
	queued    = "queued"
	sent      = "sent"
	notNeeded = "not_needed"
	failed    = "failed"
)

// The queues of what goes out, one for each way: a mail server that hangs keeps
// nothing waiting but mails, and a webhook nothing but webhooks.
const (
	MailQueue    = "notices_mail"
	WebhookQueue = "notices_webhook"
)

// MostTries is how often the program tries to send a notice: with River's
// backoff, for eleven hours.
const MostTries = 12

// sendOpts let River try more often than we do: an attempt that was cut off by a
// crash still comes back and is counted here, so that the notice says it failed.
var sendOpts = river.InsertOpts{Queue: MailQueue, MaxAttempts: 2 * MostTries}

// SendNotice is queued for each way out of a notice.
type SendNotice struct {
	NoticeID int64  `json:"notice_id"`
	Channel  string `json:"channel"`
}

// Kind names the job.
func (SendNotice) Kind() string { return "send_notice" }

// InsertOpts puts the job into the queue of its channel.
func (j SendNotice) InsertOpts() river.InsertOpts {
	opts := sendOpts
	if j.Channel == ByWebhook {
		opts.Queue = WebhookQueue
	}
	return opts
}

// An Outgoing is what is to go out.
type Outgoing struct {
	MessageID string // the same at each attempt, without the domain
	At        time.Time
	Name      string // the person's
	Mail      string
	Subject   string
	Text      string // a paragraph a line
	URL       string
	Secret    string
	Payload   Payload // of a webhook
	notices   []int64 // of a digest
}

// A Payload is what a webhook is told, in version 1.
type Payload struct {
	Type      string      `json:"type"` // notice.v1
	Timestamp time.Time   `json:"timestamp"`
	Data      PayloadData `json:"data"`
}

// PayloadData is the notice itself. Code, Due and Days are those of a deadline,
// Occasion of what happened.
type PayloadData struct {
	NoticeID     int64         `json:"notice_id"`
	Subject      string        `json:"subject"`
	Text         string        `json:"text"`
	As           string        `json:"as"`
	ProposalID   int64         `json:"proposal_id,omitempty"`
	CommitmentID int64         `json:"commitment_id,omitempty"`
	Code         string        `json:"code,omitempty"`
	Due          casework.Date `json:"due,omitzero"`
	Days         *int32        `json:"days,omitempty"`
	Occasion     string        `json:"occasion,omitempty"`
}

// An errand is a notice with what decides whether it goes out, to whom and in what
// words.
type errand = db.NoticeToSendRow

// BeginSending counts an attempt and returns what is to go out, or nothing where
// that is not needed: it went out already, or its reason stands no more. What it
// reads may change while the notice is on its way anyhow, so that it holds nothing
// meanwhile; what it writes, it writes only of what is still queued.
func (d *DB) BeginSending(ctx context.Context, job SendNotice) (*Outgoing, error) {
	r, err := q.NoticeToSend(ctx, d.conn, job.Channel, job.NoticeID)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && r.State != queued {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	stands, err := d.stands(ctx, d.conn, r)
	switch {
	case err != nil:
		return nil, err
	case !stands || r.Disabled || !reachable(r, job.Channel):
		return nil, q.DeliveryNotNeeded(ctx, d.conn, job.NoticeID, job.Channel)
	case r.Attempts >= MostTries:
		_, err := d.SendingFailed(ctx, job, Failure{Cause: "多次中断"})
		return nil, err
	}
	if counted, err := q.CountAttempt(ctx, d.conn, job.NoticeID, job.Channel); err != nil || counted == 0 {
		return nil, err
	}
	d.inItsWords(&r)
	return outgoing(r, d.now()), nil
}

// reachable reports whether the person still wants to be told by the channel.
func reachable(r errand, channel string) bool {
	if channel == ByWebhook {
		return r.WebhookUrl != ""
	}
	return r.MailMode != "none"
}

func outgoing(r errand, now time.Time) *Outgoing {
	n := r.Notice
	o := &Outgoing{
		MessageID: fmt.Sprintf("notice.%d.%d", n.ID, n.At.UnixMicro()), At: now, Name: r.DisplayName, Mail: r.Mail,
		Subject: n.Subject, Text: n.Body, URL: r.WebhookUrl, Secret: r.WebhookSecret,
	}
	o.Payload = Payload{Type: "notice.v1", Timestamp: n.At, Data: PayloadData{
		NoticeID: n.ID, Subject: n.Subject, Text: n.Body, As: string(n.Role), ProposalID: r.AboutProposal,
		CommitmentID: r.AboutCommitment, Code: r.Rule, Due: n.Due, Days: n.Rung, Occasion: n.Occasion,
	}}
	return o
}

// stands reports whether the reason of a notice still stands: the deadline runs
// to the same day, what happened still concerns the person, and the person is
// still what they were told as.
func (d *DB) stands(ctx context.Context, tx db.DBTX, r errand) (bool, error) {
	n := r.Notice
	if n.DeadlineID != nil {
		return deadlineStands(ctx, tx, r)
	}
	if n.ProposalID == nil {
		return true, nil
	}
	if n.Role == casework.ToNext || n.Occasion == string(casework.Unsatisfied) {
		p, err := q.Proposal(ctx, tx, *n.ProposalID)
		if err != nil {
			return false, err
		}
		if n.Role == casework.ToNext {
			list, _, err := d.next(ctx, tx, p)
			turn := slices.ContainsFunc(list, func(a addressee) bool { return a.ID == n.UserID })
			return turn && p.State == casework.Reviewing, err
		}
		if s, err := standing(ctx, tx, p); err != nil || !s.Dissatisfied {
			return false, err
		}
	}
	return occasionStands(r), nil
}

// occasionStands asks offices for their role alone: the proposal may have gone
// to another organ by what they are told of.
func occasionStands(r errand) bool {
	n := r.Notice
	c := concern{
		kind: casework.Kind(r.Kind), organID: r.OrganID, divisionID: r.HandlingDivision, handlerID: r.HandlerID,
		proposers: []int64{n.UserID},
	}
	if n.CommitmentID != nil {
		c.handlerID, c.promise, c.offeredTo, c.divisionID = r.OwnerID, true, r.OfferedTo, r.PromisingDivision
		if n.Occasion == string(casework.WithdrawOffer) { // unless it was offered to them anew
			return c.offeredTo != n.UserID && !r.Disabled
		}
	}
	return toldAlone(r).holds(n.UserID, n.Role, c)
}

func deadlineStands(ctx context.Context, tx db.DBTX, r errand) (bool, error) {
	if !r.Runs {
		return false, nil
	}
	c := concern{
		kind: casework.Kind(r.Kind), organID: r.DueOf, divisionID: cmp.Or(r.OwnersDivision, r.HandlingDivision),
		handlerID: cmp.Or(r.OwnerID, r.HandlerID), promise: r.Promise != "",
	}
	if r.Notice.Role == casework.ToProposer {
		silent, err := q.SilentAccounts(ctx, tx, []int64{r.AboutProposal})
		if err != nil {
			return false, err
		}
		for _, s := range silent {
			c.proposers = append(c.proposers, s.UserID)
		}
	}
	return toldAlone(r).holds(r.Notice.UserID, r.Notice.Role, c), nil
}

// toldAlone is the person who is told, alone: what others are does not matter to
// whether this one holds a role.
func toldAlone(r errand) people {
	if r.Disabled {
		return people{}
	}
	return sorted([]person{{
		ID: r.Notice.UserID, DisplayName: r.DisplayName, Roles: r.Roles, OrganID: r.OrganID, DivisionID: r.DivisionID,
		Oversight: r.Oversight, MailMode: r.MailMode, ByWebhook: r.WebhookUrl != "",
	}})
}

// SendingDone records that a notice went out.
func (d *DB) SendingDone(ctx context.Context, job SendNotice, o *Outgoing) error {
	return q.DeliverySent(ctx, d.conn, db.DeliverySentParams{
		SentAt: d.now(), MessageID: o.MessageID, NoticeID: job.NoticeID, Channel: job.Channel,
	})
}

// A Failure is why something did not go out.
type Failure struct {
	Cause     string
	Permanent bool // trying again is of no use
}

// AfterFailure is what is to come of an attempt that failed.
type AfterFailure int

const (
	TryAgain AfterFailure = iota
	GivenUp               // the office of the person's organ was told
	Settled               // it went out, or need not: the answer that said so was lost
)

// SendingFailed records why a notice did not go out, and says what is to come of it.
func (d *DB) SendingFailed(ctx context.Context, job SendNotice, f Failure) (AfterFailure, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (AfterFailure, error) {
		r, err := q.LockDelivery(ctx, tx, job.NoticeID, job.Channel)
		if err != nil || r.State != queued {
			return Settled, err
		}
		if f.Permanent || r.Attempts >= MostTries {
			return GivenUp, d.giveUp(ctx, tx, r, job, f)
		}
		return TryAgain, q.FailDelivery(ctx, tx, db.FailDeliveryParams{
			State: queued, Error: f.Cause, NoticeID: job.NoticeID, Channel: job.Channel,
		})
	})
}

// giveUp writes the failure on the notice and tells the office. What the server
// said stays with the person: it may hold their address.
func (d *DB) giveUp(ctx context.Context, tx pgx.Tx, r db.LockDeliveryRow, job SendNotice, f Failure) error {
	err := q.FailDelivery(ctx, tx, db.FailDeliveryParams{State: failed, Error: f.Cause, NoticeID: job.NoticeID, Channel: job.Channel})
	if err != nil {
		return err
	}
	if err := d.inWords(ctx, tx, &r.Notice); err != nil {
		return err
	}
	return d.tellFailure(ctx, tx, r.OrganID, []int64{r.Notice.ID}, occasionNotice{
		Occasion: job.Channel + "_failed", Ref: r.Notice.ID,
		Subject: fmt.Sprintf("【发送失败】给%s的%s没有送出", r.DisplayName, map[string]string{ByMail: "邮件", ByWebhook: "网络推送"}[job.Channel]),
		Body:    "内容：" + r.Notice.Subject + "\n" + f.words(),
	})
}

func (f Failure) words() string {
	if f.Permanent {
		return "对方拒收，请核对地址，并用其他方式告知。"
	}
	return fmt.Sprintf("已试%d次，均未送出，请用其他方式告知。", MostTries)
}

// tellFailure tells somebody who can reach the person otherwise, by the inbox
// alone: where mail fails, more mail is no help.
func (d *DB) tellFailure(ctx context.Context, tx pgx.Tx, organID int64, notices []int64, n occasionNotice) (err error) {
	n.As, n.InboxOnly = casework.ToOffice, true
	if n.To, err = inCharge(ctx, tx, organID, notices); err != nil {
		return err
	}
	return d.notify(ctx, tx, n)
}

// inCharge returns the office of the organ; where there is none the offices of
// the organs whose proposals the notices are about, and failing those the
// admins.
func inCharge(ctx context.Context, tx pgx.Tx, organID int64, notices []int64) ([]int64, error) {
	organs, err := q.OrgansOfNotices(ctx, tx, notices)
	if err != nil {
		return nil, err
	}
	p, err := peopleOf(ctx, tx, append(organs, organID), nil, nil)
	if err != nil {
		return nil, err
	}
	list := p.offices[organID]
	for i := 0; len(p.offices[organID]) == 0 && i < len(organs); i++ {
		list = append(list, p.offices[organs[i]]...)
	}
	if len(list) == 0 {
		return q.Admins(ctx, tx)
	}
	ids := make([]int64, len(list))
	for i, one := range list {
		ids[i] = one.ID
	}
	return ids, nil
}
