package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A MovedDeadline is an open deadline that a change of the calendar or of a rule
// moves.
type MovedDeadline struct {
	Deadline      db.Deadline // as it was before
	Number, Title string      // of its proposal
	To            casework.Due
}

// movesDigest stands for a list of moves: another list has another one.
func movesDigest(moves []MovedDeadline) string {
	h := sha256.New()
	for _, m := range moves {
		fmt.Fprintln(h, m.Deadline.ID, m.Deadline.Due, m.To.Day)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// checkMoves refuses to do what is no longer what its preview said.
func checkMoves(moves []MovedDeadline, expected string) error {
	if expected != "" && expected != movesDigest(moves) {
		return casework.Invalid("expected_moves", "预览之后期限有变动，请重新预览")
	}
	return nil
}

// A cause is a change that moves many deadlines.
type cause struct {
	name   string // as in deadline_changes
	id     int64
	verb   casework.Verb
	reason string
	by     casework.User
}

// lockProposalsOf locks the proposals of deadlines that may move. What was met
// or ended meanwhile is seen only by reading the deadlines again.
func lockProposalsOf(ctx context.Context, tx pgx.Tx, list []MovedDeadline) ([]db.LockProposalsRow, error) {
	var ids []int64
	for _, m := range list {
		ids = append(ids, m.Deadline.ProposalID)
	}
	slices.Sort(ids)
	return q.LockProposals(ctx, tx, slices.Compact(ids))
}

// moveAll moves deadlines of proposals that the caller has locked, each with an
// event in its proposal's chain; that it changed is written before. It takes as
// many statements for one deadline as for a thousand.
func (d *DB) moveAll(ctx context.Context, tx pgx.Tx, moves []MovedDeadline, locked []db.LockProposalsRow, c cause) error {
	for chunk := range slices.Chunk(moves, 1000) {
		if err := d.moveChunk(ctx, tx, chunk); err != nil {
			return err
		}
	}
	if err := d.recordMoves(ctx, tx, moves, locked, c); err != nil {
		return err
	}
	after := make([]db.Deadline, len(moves))
	for i, m := range moves {
		after[i] = m.Deadline
		after[i].Due, after[i].Provisional = m.To.Day, m.To.Provisional
	}
	return d.tellMoved(ctx, tx, after, casework.MoveCause(c.name))
}

func (d *DB) moveChunk(ctx context.Context, tx pgx.Tx, moves []MovedDeadline) error {
	p := db.MoveDeadlinesParams{Now: d.now()}
	for _, m := range moves {
		p.Ids, p.Dues, p.Provisionals = append(p.Ids, m.Deadline.ID), append(p.Dues, m.To.Day), append(p.Provisionals, m.To.Provisional)
	}
	if err := q.MoveDeadlines(ctx, tx, p); err != nil {
		return err
	}
	return q.MoveOpinions(ctx, tx, p.Ids)
}

// changeAll writes of each deadline that a change concerned it, and where it now
// falls.
func (d *DB) changeAll(ctx context.Context, tx pgx.Tx, list []MovedDeadline, c cause) error {
	for chunk := range slices.Chunk(list, 1000) {
		g := db.CreateDeadlineChangesParams{
			Cause: c.name, CauseID: c.id, Reason: c.reason, AuthorID: orNull(c.by.ID), Author: c.by.Name, At: d.now(),
		}
		for _, m := range chunk {
			g.Ids, g.Befores = append(g.Ids, m.Deadline.ID), append(g.Befores, m.Deadline.Due)
			g.Afters, g.Provisionals = append(g.Afters, m.To.Day), append(g.Provisionals, m.To.Provisional)
		}
		if err := q.CreateDeadlineChanges(ctx, tx, g); err != nil {
			return err
		}
	}
	return nil
}

// recordMoves adds an event to the history of each proposal for each deadline,
// and keeps the day of its reply in step.
func (d *DB) recordMoves(ctx context.Context, tx pgx.Tx, moves []MovedDeadline, locked []db.LockProposalsRow, c cause) error {
	of := map[int64][]MovedDeadline{}
	for _, m := range moves {
		of[m.Deadline.ProposalID] = append(of[m.Deadline.ProposalID], m)
	}
	for chunk := range slices.Chunk(locked, 1000) {
		events := db.CreateEventsParams{Verb: c.verb, ActorID: orNull(c.by.ID), Actor: c.by.Name, At: d.now()}
		heads := db.MoveRepliesParams{At: d.now()}
		for _, p := range chunk {
			if len(of[p.ID]) == 0 {
				continue // moved no more when it was locked
			}
			for _, m := range of[p.ID] {
				chain(&events, &p, m, c)
			}
			heads.Ids, heads.Counts = append(heads.Ids, p.ID), append(heads.Counts, p.EventCount)
			heads.Hashes, heads.ReplyDues = append(heads.Hashes, p.EventHash), append(heads.ReplyDues, p.ReplyDue)
		}
		if err := q.CreateEvents(ctx, tx, events); err != nil {
			return err
		}
		if err := q.MoveReplies(ctx, tx, heads); err != nil {
			return err
		}
	}
	return nil
}

// chain adds the event of a move to the events, and moves the head of the chain
// and the day of the reply on.
func chain(events *db.CreateEventsParams, p *db.LockProposalsRow, m MovedDeadline, c cause) {
	note := fmt.Sprintf("%s，%s → %s，%s", m.Deadline.Name, m.Deadline.Due, m.To.Day, c.reason)
	e := Event{
		ProposalID: p.ID, Seq: p.EventCount + 1, Verb: c.verb, ActorID: orNull(c.by.ID), Actor: c.by.Name,
		At: events.At, Round: p.Round, Note: note,
	}
	p.EventHash = ChainHash(p.EventHash, e)
	p.EventCount = e.Seq
	if isReply(m.Deadline) && m.Deadline.Round == p.Round {
		p.ReplyDue = m.To.Day
	}
	events.ProposalIds, events.Seqs = append(events.ProposalIds, p.ID), append(events.Seqs, e.Seq)
	events.Rounds, events.Notes = append(events.Rounds, e.Round), append(events.Notes, note)
	events.Hashes = append(events.Hashes, p.EventHash)
}

// settle writes what a change makes of the deadlines that it does not move.
func settle(ctx context.Context, tx pgx.Tx, still []MovedDeadline) error {
	for chunk := range slices.Chunk(still, 5000) {
		ids, provisionals := make([]int64, len(chunk)), make([]bool, len(chunk))
		for i, m := range chunk {
			ids[i], provisionals[i] = m.Deadline.ID, m.To.Provisional
		}
		if err := q.SettleDeadlines(ctx, tx, ids, provisionals); err != nil {
			return err
		}
	}
	return nil
}

// tellMoved tells those whom a deadline concerns that it moved, and why: who
// handles the proposal, and the office of the organ. The rows are as they are now.
func (d *DB) tellMoved(ctx context.Context, tx pgx.Tx, moved []db.Deadline, cause casework.MoveCause) error {
	for chunk := range slices.Chunk(moved, 1000) {
		of := map[int64]db.Deadline{}
		ids := make([]int64, len(chunk))
		for i, row := range chunk {
			of[row.ID], ids[i] = row, row.ID
		}
		list, err := q.Concerned(ctx, tx, ids)
		if err != nil {
			return err
		}
		rows, err := q.TellMoves(ctx, tx, d.newsOf(of, list, cause))
		if err != nil {
			return err
		}
		var jobs []river.InsertManyParams
		for _, r := range rows {
			jobs = goOut(jobs, r.ID, r.ByMail, r.ByWebhook)
		}
		if err := d.queueMany(ctx, tx, jobs); err != nil {
			return err
		}
	}
	return nil
}

// newsOf is what each is told of the deadlines that concern them.
func (d *DB) newsOf(of map[int64]db.Deadline, list []db.ConcernedRow, cause casework.MoveCause) db.TellMovesParams {
	p := db.TellMovesParams{At: d.now()}
	for _, r := range list {
		row := of[r.DeadlineID]
		subject, body := cause.Words(r.Kind, r.Number, row.Name, row.Due)
		p.UserIds, p.Roles = append(p.UserIds, r.UserID), append(p.Roles, r.Role)
		p.Refs, p.ProposalIds = append(p.Refs, r.ChangeID), append(p.ProposalIds, row.ProposalID)
		p.Subjects, p.Bodies = append(p.Subjects, subject), append(p.Bodies, body)
	}
	return p
}
