package postgres

import (
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

// BeginSending counts an attempt and returns what is to go out, or nothing where
// that is not needed: it went out already, or its reason stands no more.
func (d *DB) BeginSending(ctx context.Context, job SendNotice) (*Outgoing, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (*Outgoing, error) {
		if err := q.StartDelivery(ctx, tx, job.Channel, job.NoticeID); err != nil {
			return nil, err
		}
		r, err := q.LockDelivery(ctx, tx, job.NoticeID, job.Channel)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && r.State != queued {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		set := db.SetDeliveryParams{NoticeID: job.NoticeID, Channel: job.Channel, State: queued, Attempts: r.Attempts}
		stands, err := d.stands(ctx, tx, r.Notice)
		switch {
		case err != nil:
			return nil, err
		case !stands || r.Disabled || !reachable(r, job.Channel):
			set.State = notNeeded
			return nil, q.SetDelivery(ctx, tx, set)
		case r.Attempts >= MostTries:
			return nil, d.giveUp(ctx, tx, r, job, Failure{Cause: "多次中断"})
		}
		if err := d.inWords(ctx, tx, &r.Notice); err != nil {
			return nil, err
		}
		set.Attempts++
		return outgoing(r, d.now()), q.SetDelivery(ctx, tx, set)
	})
}

// reachable reports whether the person still wants to be told by the channel.
func reachable(r db.LockDeliveryRow, channel string) bool {
	if channel == ByWebhook {
		return r.WebhookUrl != ""
	}
	return r.MailMode != "none"
}

func outgoing(r db.LockDeliveryRow, now time.Time) *Outgoing {
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
func (d *DB) stands(ctx context.Context, tx pgx.Tx, n db.Notice) (bool, error) {
	if n.DeadlineID != nil {
		return d.deadlineStands(ctx, tx, n)
	}
	if n.ProposalID == nil {
		return true, nil
	}
	p, err := q.Proposal(ctx, tx, *n.ProposalID)
	if err != nil {
		return false, err
	}
	if n.Role == casework.ToNext {
		list, _, err := d.next(ctx, tx, p)
		turn := slices.ContainsFunc(list, func(a addressee) bool { return a.ID == n.UserID })
		return turn && p.State == casework.Reviewing, err
	}
	if n.Occasion == string(casework.Unsatisfied) {
		if s, err := standing(ctx, tx, p); err != nil || !s.Dissatisfied {
			return false, err
		}
	}
	return occasionStands(ctx, tx, n, p)
}

// occasionStands asks offices for their role alone: the proposal may have gone
// to another organ by what they are told of.
func occasionStands(ctx context.Context, tx pgx.Tx, n db.Notice, p Proposal) (bool, error) {
	list, err := peopleOf(ctx, tx, nil, nil, []int64{n.UserID})
	if err != nil {
		return false, err
	}
	c := concern{
		kind: p.Kind, organID: list.byID[n.UserID].OrganID, divisionID: orZero(p.DivisionID), handlerID: orZero(p.HandlerID),
		proposers: []int64{n.UserID},
	}
	if n.CommitmentID != nil {
		row, err := q.Commitment(ctx, tx, *n.CommitmentID)
		if err != nil {
			return false, err
		}
		c.handlerID, c.promise, c.offeredTo = orZero(row.Commitment.OwnerID), true, orZero(row.Commitment.OfferedTo)
		c.divisionID = orZero(row.Commitment.DivisionID)
		if n.Occasion == string(casework.WithdrawOffer) { // unless it was offered to them anew
			return c.offeredTo != n.UserID && len(list.known(n.UserID)) > 0, nil
		}
	}
	return list.holds(n.UserID, n.Role, c), nil
}

func (d *DB) deadlineStands(ctx context.Context, tx pgx.Tx, n db.Notice) (bool, error) {
	rows, err := q.DueDeadlines(ctx, tx, []int64{*n.DeadlineID})
	if err != nil || len(rows) == 0 || !rows[0].Runs || rows[0].Due != n.Due {
		return false, err
	}
	r := rows[0]
	p, err := peopleOf(ctx, tx, nil, nil, []int64{r.HandlerID, n.UserID})
	if err != nil {
		return false, err
	}
	c := concern{kind: r.Kind, organID: r.OrganID, divisionID: r.DivisionID, handlerID: r.HandlerID, promise: r.Promise != ""}
	if n.Role == casework.ToProposer {
		silent, err := q.SilentAccounts(ctx, tx, []int64{r.ProposalID})
		if err != nil {
			return false, err
		}
		for _, s := range silent {
			c.proposers = append(c.proposers, s.UserID)
		}
	}
	return p.holds(n.UserID, n.Role, c), nil
}

// SendingDone records that a notice went out.
func (d *DB) SendingDone(ctx context.Context, job SendNotice, o *Outgoing) error {
	_, err := q.DeliverySent(ctx, d.conn, db.DeliverySentParams{
		SentAt: d.now(), MessageID: o.MessageID, NoticeID: job.NoticeID, Channel: job.Channel,
	})
	return err
}

// A Failure is why something did not go out.
type Failure struct {
	Cause     string
	Permanent bool // trying again is of no use
}

// SendingFailed records why a notice did not go out. It reports whether that was
// the last try; then the office of the person's organ is told.
func (d *DB) SendingFailed(ctx context.Context, job SendNotice, f Failure) (last bool, err error) {
	return inTx(ctx, d, func(tx pgx.Tx) (bool, error) {
		r, err := q.LockDelivery(ctx, tx, job.NoticeID, job.Channel)
		if err != nil || r.State != queued {
			return true, err
		}
		if f.Permanent || r.Attempts >= MostTries {
			return true, d.giveUp(ctx, tx, r, job, f)
		}
		return false, q.FailDelivery(ctx, tx, db.FailDeliveryParams{
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
