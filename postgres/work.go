package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/casework/letter"
	"fuyan/gen/db"
)

// nothing is what a transaction without a result returns.
type nothing = struct{}

// DoRecordCommitments puts on record what a frozen letter promises: what a
// person confirmed, else what is read. Done again, it does nothing. A corrected
// edition adds only what the editions before did not say in the same words.
func (d *DB) DoRecordCommitments(ctx context.Context, job RecordCommitments) error {
	l, err := q.Letter(ctx, d.conn, job.LetterID)
	if err != nil {
		return found(err, "letter", job.LetterID)
	}
	promises, err := promisesOf(ctx, d.conn, l)
	if err != nil {
		return err
	}
	_, err = inTx(ctx, d, func(tx pgx.Tx) (nothing, error) {
		m, err := d.lock(ctx, tx, l.ProposalID)
		if err != nil {
			return nothing{}, err
		}
		rows, err := q.CreateLetterReading(ctx, tx, l.ID, int32(len(promises)), d.now())
		if err != nil || rows == 0 {
			return nothing{}, err
		}
		known, err := knownTexts(ctx, tx, l)
		if err != nil {
			return nothing{}, err
		}
		promises = slices.DeleteFunc(promises, func(c letter.Commitment) bool { return slices.Contains(known, c.Text) })
		note, err := d.recordPromises(ctx, tx, m, l, promises)
		if err != nil {
			return nothing{}, err
		}
		return nothing{}, d.record(ctx, tx, &m.p, casework.User{}, casework.RecordCommitments, note)
	})
	return err
}

// recordPromises puts promises of a letter on record, each as it was decided in
// the draft, and says how many.
func (d *DB) recordPromises(ctx context.Context, tx pgx.Tx, m *move, l db.Letter, promises []letter.Commitment) (string, error) {
	plans, err := plansOf(ctx, tx, l.ReplyID)
	if err != nil {
		return "", err
	}
	if err := q.LockTallies(ctx, tx, m.p.OrganID); err != nil {
		return "", err
	}
	states, owned := map[casework.CommitmentState]int{}, []db.Commitment(nil)
	for _, c := range promises {
		row, err := d.createCommitment(ctx, tx, l, c)
		if err != nil {
			return "", err
		}
		if plan, ok := plans[c.Text]; ok {
			if err := d.followPlan(ctx, tx, m, &row, plan, l.IssueDate); err != nil {
				return "", err
			}
			if row.State == casework.Open {
				owned = append(owned, row)
			}
		}
		states[row.State]++
	}
	for _, row := range owned {
		m.note = commitmentNote(&row, row.Due.String())
		if err := d.tellKeeper(ctx, tx, casework.User{}, casework.Verb(casework.Confirm), m, row); err != nil {
			return "", err
		}
	}
	return followed(l.DocumentNumber, len(promises), states[casework.Open], states[casework.Waived]), nil
}

func (d *DB) createCommitment(ctx context.Context, tx pgx.Tx, l db.Letter, c letter.Commitment) (db.Commitment, error) {
	if c.Responsible == nil {
		c.Responsible = []string{}
	}
	row, err := q.CreateCommitment(ctx, tx, db.CreateCommitmentParams{
		ProposalID: l.ProposalID, LetterID: l.ID, Text: c.Text, StartOffset: int32(c.Span.Start), EndOffset: int32(c.Span.End),
		Cue: c.Cue, Responsible: c.Responsible, DueWords: c.Due.Words, WordsDue: c.Due.Day,
	})
	if err != nil {
		return row, err
	}
	return row, d.progress(ctx, tx, casework.User{}, &row, db.CreateProgressParams{Kind: "noted"})
}

// DoSendCopy sends a copy to an oversight office: it writes what was sent and
// when, and makes the proposal answered if nothing else is owed. Done again, it
// does nothing.
func (d *DB) DoSendCopy(ctx context.Context, job SendCopyJob) error {
	_, err := inTx(ctx, d, func(tx pgx.Tx) (nothing, error) {
		l, err := q.LatestLetter(ctx, tx, job.ReplyID)
		if err != nil {
			return nothing{}, found(err, "letter of reply", job.ReplyID)
		}
		m, err := d.lock(ctx, tx, l.ProposalID)
		if err != nil {
			return nothing{}, err
		}
		rows, err := q.SendCopy(ctx, tx, d.now(), job.ReplyID, job.OrganID)
		if err != nil || rows == 0 {
			return nothing{}, err
		}
		organ, err := q.Organ(ctx, tx, job.OrganID)
		if err != nil {
			return nothing{}, err
		}
		body := fmt.Sprintf("%s：现将%s抄送你处。", organ.ShortName, l.DocumentNumber)
		err = q.CreateMessage(ctx, tx, db.CreateMessageParams{
			ProposalID: l.ProposalID, Occasion: "copy", OccasionRef: l.ID, OrganID: &job.OrganID, Body: body, SentAt: d.now(),
		})
		if err != nil {
			return nothing{}, err
		}
		m.note = organ.ShortName
		if err := d.tellReceiver(ctx, tx, m, job.OrganID); err != nil {
			return nothing{}, err
		}
		if m.p.State == casework.Issued && m.reply.ID == job.ReplyID {
			if err := d.complete(ctx, tx, m); err != nil {
				return nothing{}, err
			}
		}
		if m.next == "" { // what a person saw of the proposal still holds
			return nothing{}, d.record(ctx, tx, &m.p, casework.User{}, casework.CopySent, m.note)
		}
		return nothing{}, d.finish(ctx, tx, casework.User{}, casework.CopySent, m)
	})
	return err
}

// occasions says what proposers are told on each occasion, about the proposal's
// title.
var occasions = map[string]string{
	"issued":   "您提出的“%s”已有书面答复，将按登记的方式送达。",
	"extended": "您提出的“%s”经批准延期答复，新的答复期限可在办理页面查看。",
	"redo":     "您提出的“%s”已交承办单位再次办理。",
	"no_redo":  "关于您提出的“%s”，督办单位研究后决定不再交回办理，理由可在办理页面查看。",
	"dropped":  "关于“%s”的一项承诺因情况变化不能继续办理，书面说明可在办理页面查看。",
	"kept":     "关于“%s”的一项承诺已办理完成并经核查，您可以在办理页面说明是否认可。",
	"due":      "关于“%s”的一项承诺调整了完成时限，原定和现定的日期、理由可在办理页面查看。",
	"reopened": "关于“%s”的一项承诺重新打开，将继续办理。",
	"upheld":   "关于“%s”的一项承诺，督办单位经研究维持核销，理由可在办理页面查看。",
	"carried":  "关于“%s”的承诺年内尚未办完，转入下一年度继续办理。",
	"term":     "关于“%s”，换届时有承诺尚未兑现，书面说明可在办理页面查看。",
}

// DoTellProposer writes to each proposer what happened, once.
func (d *DB) DoTellProposer(ctx context.Context, job TellProposer) error {
	format, ok := occasions[job.Occasion]
	if !ok {
		return fmt.Errorf("tell proposers of %q: %w", job.Occasion, casework.ErrInvalid)
	}
	_, err := inTx(ctx, d, func(tx pgx.Tx) (nothing, error) {
		p, err := q.Proposal(ctx, tx, job.ProposalID)
		if err != nil {
			return nothing{}, found(err, "proposal", job.ProposalID)
		}
		list, err := q.Proposers(ctx, tx, p.ID)
		if err != nil {
			return nothing{}, err
		}
		for _, s := range list {
			err := q.CreateMessage(ctx, tx, db.CreateMessageParams{
				ProposalID: p.ID, Occasion: job.Occasion, OccasionRef: job.Ref, ProposerID: &s.ID,
				Body: fmt.Sprintf(format, p.Title), SentAt: d.now(),
			})
			if err != nil {
				return nothing{}, err
			}
		}
		if err := d.tellAccounts(ctx, tx, p, list, job); err != nil || job.Occasion != "dropped" {
			return nothing{}, err
		}
		return nothing{}, d.tellOffices(ctx, tx, p, job)
	})
	return err
}

// tellOffices copies the report of a dropped promise to the offices that oversee
// the proposal (SH-REG art. 22 para. 3).
func (d *DB) tellOffices(ctx context.Context, tx pgx.Tx, p Proposal, job TellProposer) error {
	list, err := q.CopyRecipients(ctx, tx, overseers(p.Kind))
	if err != nil {
		return err
	}
	for _, o := range list {
		err := q.CreateMessage(ctx, tx, db.CreateMessageParams{
			ProposalID: p.ID, Occasion: job.Occasion, OccasionRef: job.Ref, OrganID: &o.ID,
			Body: fmt.Sprintf(occasions[job.Occasion], p.Title), SentAt: d.now(),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
