package postgres

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// tellMove tells those whom it concerns that verb was done to a proposal.
func (d *DB) tellMove(ctx context.Context, tx pgx.Tx, u casework.User, verb casework.Verb, m *move) error {
	o, ok := casework.Occasions[verb]
	if !ok {
		return nil
	}
	c := concern{kind: m.p.Kind, organID: cmp.Or(m.other, m.p.OrganID), divisionID: orZero(m.p.DivisionID), handlerID: orZero(m.p.HandlerID)}
	p, err := peopleOf(ctx, tx, []int64{c.organID}, []int64{c.divisionID}, []int64{c.handlerID})
	if err != nil {
		return err
	}
	to := p.at(o.Tells, c)
	signing := false
	if slices.Contains(o.Tells, casework.ToNext) {
		if to, signing, err = d.next(ctx, tx, m.p); err != nil {
			return err
		}
	}
	return d.tellAll(ctx, tx, u, to, occasionNotice{
		Occasion: string(verb), Ref: m.p.EventCount, ProposalID: m.p.ID,
		Subject: o.Subject(m.p.Kind, m.p.Number, signing), Body: happened(m.p, u, verb, m.note),
	})
}

// tellUnsatisfied tells those who oversee the proposal that a proposer is not
// satisfied with a round of which nothing waited for them.
func (d *DB) tellUnsatisfied(ctx context.Context, tx pgx.Tx, u casework.User, m *move) error {
	o := casework.Occasions[casework.Unsatisfied]
	p, err := peopleOf(ctx, tx, []int64{m.p.OrganID}, nil, nil)
	if err != nil {
		return err
	}
	return d.tellAll(ctx, tx, u, p.at(o.Tells, concern{kind: m.p.Kind, organID: m.p.OrganID}), occasionNotice{
		Occasion: string(casework.Unsatisfied), Ref: m.p.EventCount + 1, ProposalID: m.p.ID,
		Subject: o.Subject(m.p.Kind, m.p.Number, false), Body: happened(m.p, u, casework.GiveFeedback, m.note),
	})
}

// tellKeeper tells those whom it concerns that verb was done to a promise.
func (d *DB) tellKeeper(ctx context.Context, tx pgx.Tx, u casework.User, verb casework.Verb, m *move, row db.Commitment) error {
	o, ok := casework.Occasions[verb]
	if !ok {
		return nil
	}
	c := concern{
		kind: m.p.Kind, organID: cmp.Or(m.other, m.p.OrganID), divisionID: orZero(row.DivisionID),
		handlerID: cmp.Or(m.owner, orZero(row.OwnerID)), promise: true, offeredTo: cmp.Or(m.offered, orZero(row.OfferedTo)),
	}
	p, err := peopleOf(ctx, tx, []int64{c.organID}, []int64{c.divisionID}, []int64{c.handlerID, c.offeredTo})
	if err != nil {
		return err
	}
	return d.tellAll(ctx, tx, u, p.at(o.Tells, c), occasionNotice{
		Occasion: string(verb), Ref: m.p.EventCount, ProposalID: m.p.ID, CommitmentID: row.ID,
		Subject: o.Subject(m.p.Kind, m.p.Number, false), Body: happened(m.p, u, verb, m.note),
	})
}

// tellAll tells each but the one who did it, as what they are.
func (d *DB) tellAll(ctx context.Context, tx pgx.Tx, u casework.User, to []addressee, n occasionNotice) error {
	for _, as := range append(slices.Clone(casework.Recipients), casework.ToHelper, casework.ToReceiver, casework.ToNext, casework.ToOffered) {
		n.As, n.To = as, nil
		for _, a := range to {
			if a.as == as && a.ID != u.ID {
				n.To = append(n.To, a.ID)
			}
		}
		if err := d.notify(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// happened says what was done by whom.
func happened(p Proposal, u casework.User, verb casework.Verb, note string) string {
	line := cmp.Or(u.Name, "系统") + "：" + verb.Label()
	if note != "" {
		line += "（" + note + "）"
	}
	return fmt.Sprintf("%s“%s”。\n%s", casework.Matter(p.Kind, p.Number), p.Title, line)
}

// next returns whose turn it is with a draft in review, and whether that is to
// sign it. For the first step these are the division's own, where it has any.
func (d *DB) next(ctx context.Context, tx db.DBTX, p Proposal) (to []addressee, signing bool, err error) {
	s, err := standing(ctx, tx, p)
	if err != nil {
		return nil, false, err
	}
	verb := casework.Approve
	if signing = s.Passed >= len(casework.ReviewSteps); signing {
		verb = casework.Sign
	}
	list, err := q.Tellable(ctx, tx, db.TellableParams{
		OrganIds: []int64{p.OrganID}, Roles: []string{string(casework.Office), string(casework.Reviewer)},
	})
	if err != nil {
		return nil, signing, err
	}
	for _, one := range list {
		u := casework.User{ID: one.ID, Roles: one.Roles, OrganID: one.OrganID, DivisionID: one.DivisionID}
		if _, err := u.Do(verb, s); err == nil {
			to = append(to, addressee{one, casework.ToNext})
		}
	}
	outside := func(a addressee) bool { return a.DivisionID == 0 }
	if s.Passed == 0 && slices.ContainsFunc(to, func(a addressee) bool { return !outside(a) }) {
		to = slices.DeleteFunc(to, outside)
	}
	return to, signing, nil
}

// tellReceiver tells the oversight office that a copy was sent to it.
func (d *DB) tellReceiver(ctx context.Context, tx pgx.Tx, m *move, organID int64) error {
	m.other = organID
	return d.tellMove(ctx, tx, casework.User{}, casework.CopySent, m)
}

// proposerNews are the subjects of what proposers with an account are told.
var proposerNews = map[string]string{
	"issued":   "【答复】%s已有书面答复",
	"extended": "【延期】%s经批准延期答复",
	"redo":     "【二次办理】%s已交回再次办理",
	"no_redo":  "【不予二次办理】%s不再交回办理",
	"dropped":  "【终止】%s的一项承诺不能继续办理",
	"kept":     "【核销】%s的一项承诺已办理完成",
	"due":      "【时限调整】%s的一项承诺调整了完成时限",
	"reopened": "【重新办理】%s的一项承诺重新打开",
	"upheld":   "【答复】督办单位对%s的一项承诺维持核销",
	"carried":  "【转下年度】%s的承诺转入下一年度继续办理",
	"term":     "【换届说明】%s有承诺尚未兑现的书面说明",
}

// tellAccounts tells the proposers who have an account what all are told.
func (d *DB) tellAccounts(ctx context.Context, tx pgx.Tx, p Proposal, list []db.Proposer, job TellProposer) error {
	n := occasionNotice{
		Occasion: "tell_" + job.Occasion, Ref: job.Ref, As: casework.ToProposer, ProposalID: p.ID,
		Subject: fmt.Sprintf(proposerNews[job.Occasion], casework.Matter(p.Kind, p.Number)),
		Body:    fmt.Sprintf(occasions[job.Occasion], p.Title),
	}
	for _, s := range list {
		if s.UserID != nil {
			n.To = append(n.To, *s.UserID)
		}
	}
	return d.notify(ctx, tx, n)
}
