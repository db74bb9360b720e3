package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A Proposal is a row of the proposals table. The rest of the service knows it
// by this name and never imports gen/db.
type Proposal = db.Proposal

// A NewProposal is what ReceiveProposal puts on record.
type NewProposal struct {
	Kind           casework.Kind
	Sitting        casework.Sitting
	Number         string
	Title          string
	Text           string
	Proposers      []NewProposer
	OrganID        int64 // the caller's own when 0
	Role           string
	HandedOver     casework.Date
	TextPublic     bool
	NoWrittenReply bool
	Letter         *OldLetter // where it was answered before it came here
}

// A NewProposer is one of those who handed a new proposal in.
type NewProposer struct {
	Name               string
	Organisation, Lead bool
	UserID             int64 // 0 for none
	Phone, Address     string
}

// ReceiveProposal puts a proposal on record (收件) and starts its deadlines.
func (d *DB) ReceiveProposal(ctx context.Context, c Call, n NewProposal) (ListedProposal, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (ListedProposal, error) {
		id, _, err := d.once(ctx, tx, c, func() (int64, error) { return d.receive(ctx, tx, c.User, n) })
		if err != nil {
			return ListedProposal{}, err
		}
		return d.listed(ctx, tx, id)
	})
}

func (d *DB) receive(ctx context.Context, tx pgx.Tx, u casework.User, n NewProposal) (int64, error) {
	if n.OrganID == 0 {
		n.OrganID = u.OrganID
	}
	if err := u.MayReceive(n.Kind, n.OrganID); err != nil {
		return 0, err
	}
	organ, err := q.Organ(ctx, tx, n.OrganID)
	if err := named(err, organ.Oversight == casework.OverseesNothing, casework.Invalid("organ_id", "应为承办单位，不是督办单位")); err != nil {
		return 0, err
	}
	var old *readLetter
	if n.Letter != nil {
		if old, err = readOld(n, d.Today()); err != nil {
			return 0, err
		}
		if n.HandedOver.IsZero() {
			n.HandedOver = old.date
		}
	}
	n.HandedOver = d.dayOr(n.HandedOver)
	if n.HandedOver.After(d.Today()) {
		return 0, casework.Invalid("handed_over", "应为今天或以前")
	}
	if err := holdCalendar(ctx, tx); err != nil {
		return 0, err
	}
	p, err := d.create(ctx, tx, n)
	if err != nil {
		return 0, err
	}
	if err := d.record(ctx, tx, &p, u, casework.Receive, n.HandedOver.String()+" 交办"); err != nil {
		return 0, err
	}
	if old != nil {
		return p.ID, d.importLetter(ctx, tx, u, p, old)
	}
	// The return window opens on the day of receipt (SH-REG art. 14: 自收到之日起).
	window, err := d.termOf(ctx, tx, p.Kind, casework.RuleReturn, d.Today())
	if err != nil {
		return 0, err
	}
	return p.ID, d.start(ctx, tx, p, p.OrganID, window)
}

// create writes the rows of a new proposal.
func (d *DB) create(ctx context.Context, tx pgx.Tx, n NewProposal) (Proposal, error) {
	reply, err := d.termOf(ctx, tx, n.Kind, casework.RuleReply, n.HandedOver)
	if err != nil {
		return Proposal{}, err
	}
	p, err := q.CreateProposal(ctx, tx, db.CreateProposalParams{
		Kind: n.Kind, Body: n.Sitting.Body, Term: int32(n.Sitting.Term), Session: int32(n.Sitting.Session),
		Number: n.Number, Title: n.Title, Text: n.Text, TextPublic: n.TextPublic, NoWrittenReply: n.NoWrittenReply,
		State: casework.Received, OrganID: n.OrganID, HandedOver: n.HandedOver, ReplyDue: reply.Day, ReceivedAt: d.now(),
	})
	if err != nil {
		return p, err
	}
	if err := d.start(ctx, tx, p, p.OrganID, reply); err != nil {
		return p, err
	}
	if _, err := q.CreateReply(ctx, tx, p.ID, p.Round); err != nil {
		return p, err
	}
	role := n.Role
	if role == "" {
		role = "sole"
	}
	if role == "helper" {
		return p, casework.Invalid("role", "应为承担答复的单位，会办由主办单位征求")
	}
	err = q.CreateAssignment(ctx, tx, db.CreateAssignmentParams{ProposalID: p.ID, OrganID: n.OrganID, Role: role, HandedOver: n.HandedOver})
	if err != nil {
		return p, err
	}
	return p, createProposers(ctx, tx, p.ID, n.Proposers)
}

func createProposers(ctx context.Context, tx pgx.Tx, id int64, list []NewProposer) error {
	if len(list) == 0 {
		return casework.Invalid("proposers", "至少一项")
	}
	someoneLeads := slices.ContainsFunc(list, func(n NewProposer) bool { return n.Lead })
	for i, n := range list {
		_, err := q.CreateProposer(ctx, tx, db.CreateProposerParams{
			ProposalID: id, Place: int32(i + 1), Name: n.Name, Organisation: n.Organisation,
			Lead: n.Lead || i == 0 && !someoneLeads, UserID: orNull(n.UserID), Phone: n.Phone, Address: n.Address,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// AcceptProposal signs for a proposal (签收).
func (d *DB) AcceptProposal(ctx context.Context, c Call, signedFor casework.Date) (ListedProposal, error) {
	day := d.dayOr(signedFor)
	return d.change(ctx, c, casework.Accept, func(tx pgx.Tx, m *move) error {
		if day.Before(m.p.HandedOver) || day.After(d.Today()) {
			return casework.Invalid("signed_for", "应在交办日（%s）至今天之间", m.p.HandedOver.Chinese())
		}
		m.note = day.String()
		if err := q.SignAssignment(ctx, tx, day, m.p.ID, m.p.OrganID); err != nil {
			return err
		}
		return d.meet(ctx, tx, m, casework.RuleReturn, m.p.OrganID, day)
	})
}

// RequestReturn asks to give a proposal back (退办), once, within the return
// window.
func (d *DB) RequestReturn(ctx context.Context, c Call, reason string) (ListedProposal, error) {
	return d.change(ctx, c, casework.RequestReturn, func(tx pgx.Tx, m *move) error {
		window, err := q.OpenDeadline(ctx, tx, m.p.ID, casework.RuleReturn, m.p.OrganID)
		if err := named(err, true, m.refuse(casework.RequestReturn, "已申请过退办")); err != nil {
			return err
		}
		if window.Paused.IsZero() && d.Today().After(window.Due) {
			return m.refuse(casework.RequestReturn, "退办期限已于"+window.Due.Chinese()+"届满")
		}
		m.note = reason
		if err := d.meet(ctx, tx, m, casework.RuleReturn, m.p.OrganID, d.Today()); err != nil {
			return err
		}
		return q.CreateReturn(ctx, tx, db.CreateReturnParams{ProposalID: m.p.ID, Reason: reason, AskedBy: c.User.ID, AskedAt: d.now()})
	})
}

// DecideReturn grants or refuses a return.
func (d *DB) DecideReturn(ctx context.Context, c Call, granted bool, reason string) (ListedProposal, error) {
	verb := casework.RefuseReturn
	if granted {
		verb = casework.GrantReturn
	}
	return d.change(ctx, c, verb, func(tx pgx.Tx, m *move) error {
		m.note = reason
		n, err := q.DecideReturn(ctx, tx, db.DecideReturnParams{Granted: granted, DecidedBy: c.User.ID, DecisionReason: reason, ProposalID: m.p.ID})
		if err == nil && n == 0 {
			return fmt.Errorf("no return of proposal %d waits: %w", m.p.ID, casework.ErrNotFound)
		}
		if err != nil || !granted {
			return err
		}
		return d.end(ctx, tx, m, ownRules...)
	})
}

// AssignProposal gives the proposal to a handler and the handler's division.
func (d *DB) AssignProposal(ctx context.Context, c Call, handlerID int64) (ListedProposal, error) {
	return d.change(ctx, c, casework.Assign, func(tx pgx.Tx, m *move) error {
		h, err := q.UserByID(ctx, tx, handlerID)
		fits := !h.User.Disabled && orZero(h.User.OrganID) == m.p.OrganID && slices.Contains(h.User.Roles, casework.Handler)
		if err := named(err, fits, casework.Invalid("handler_id", "应为承办单位的经办人")); err != nil {
			return err
		}
		m.p.HandlerID, m.p.DivisionID, m.note = &handlerID, h.User.DivisionID, h.Division+" "+h.User.DisplayName
		return nil
	})
}

// WithdrawProposal records that its proposers took the proposal back (撤回).
func (d *DB) WithdrawProposal(ctx context.Context, c Call, reason string) (ListedProposal, error) {
	return d.change(ctx, c, casework.Withdraw, func(tx pgx.Tx, m *move) error {
		m.note = reason
		return d.end(ctx, tx, m, ownRules...)
	})
}

// RedoProposal starts a new round (二次办理); the reply before stays on record.
func (d *DB) RedoProposal(ctx context.Context, c Call, reason string, due casework.Date) (ListedProposal, error) {
	return d.change(ctx, c, casework.Redo, func(tx pgx.Tx, m *move) error {
		if !due.IsZero() && !due.After(d.Today()) {
			return casework.Invalid("due", "应为今天以后")
		}
		if err := casework.CheckDay("due", due); err != nil {
			return err
		}
		if m.p.HandlerID == nil { // an imported one, which the office has yet to assign
			m.next = casework.Accepted
		}
		// The feedback was given: this is what came of it. The reply before can be
		// published no more.
		if err := d.meet(ctx, tx, m, casework.RuleFeedback, m.p.OrganID, d.Today()); err != nil {
			return err
		}
		if err := d.end(ctx, tx, m, casework.RulePublish); err != nil {
			return err
		}
		if err := d.decide(ctx, tx, m, true, reason); err != nil {
			return err
		}
		m.p.Round++
		m.note = reason
		if _, err := q.CreateReply(ctx, tx, m.p.ID, m.p.Round); err != nil {
			return err
		}
		by, err := d.termOf(ctx, tx, m.p.Kind, casework.RuleRedo, d.Today())
		if err != nil {
			return err
		}
		if err := d.start(ctx, tx, m.p, m.p.OrganID, by); err != nil {
			return err
		}
		m.p.ReplyDue = by.Day
		if due.After(by.Day) {
			return casework.Invalid("due", "应不晚于%s，即二次办理的期限", by.Day.Chinese())
		}
		if !due.IsZero() && due != by.Day {
			m.p.ReplyDue = due
			err = d.moveTo(ctx, tx, m, casework.RuleRedo, shift{due, "due_change", reason, c.User})
		}
		if err != nil {
			return err
		}
		return d.queue(ctx, tx, TellProposer{m.p.ID, "redo", int64(m.p.Round)})
	})
}

// CloseProposal ends a proposal: answered, or without a letter when its
// proposers want none.
func (d *DB) CloseProposal(ctx context.Context, c Call, note string) (ListedProposal, error) {
	p, err := q.Proposal(ctx, d.conn, c.ID)
	if err != nil {
		return ListedProposal{}, found(err, "proposal", c.ID)
	}
	verb := casework.Close
	if p.State == casework.Accepted || p.State == casework.Drafting {
		verb = casework.CloseWithoutLetter
	}
	return d.change(ctx, c, verb, func(tx pgx.Tx, m *move) error {
		m.note = note
		if verb == casework.CloseWithoutLetter {
			for _, code := range []string{casework.RuleReply, casework.RuleRedo} {
				if err := d.meet(ctx, tx, m, code, m.p.OrganID, d.Today()); err != nil {
					return err
				}
			}
		}
		return d.end(ctx, tx, m, without(ownRules, casework.RulePublish)...) // what is to be published still is
	})
}
