package postgres

import (
	"context"

	"fuyan/gen/db"
)

// countDown says how many working days are left to those of the proposals that
// await a reply.
func (d *DB) countDown(ctx context.Context, tx db.DBTX, list []ListedProposal) error {
	today := d.Today()
	first, last := today, today
	for _, p := range list {
		if !p.awaitsReply() {
			continue
		}
		if p.ReplyDue.Before(first) {
			first = p.ReplyDue
		}
		if p.ReplyDue.After(last) {
			last = p.ReplyDue
		}
	}
	if first == last {
		return nil
	}
	calendar, err := calendarOf(ctx, tx, first, last)
	if err != nil {
		return err
	}
	for i := range list {
		if p := &list[i]; p.awaitsReply() {
			p.Left = calendar.Left(today, p.ReplyDue)
		}
	}
	return nil
}

func (p ListedProposal) awaitsReply() bool { return p.State.Open() && !p.ReplyPaused }
