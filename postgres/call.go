package postgres

import (
	"bytes"
	"context"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A Call says who asks for a write, what it is about, and which request it is.
type Call struct {
	User casework.User
	// RequestID is a UUID, or nothing for what the program does by itself.
	RequestID string
	// Digest tells the request from another with the same RequestID.
	Digest []byte
	// ID is the subject: a proposal, a commitment, an account, a token. It is 0
	// where the subject is to be made.
	ID int64
	// Version is the one that the caller saw; 0 leaves that unchecked.
	Version int64
}

// once runs f unless the call's request was done before. It returns the
// subject's id, which f returns the first time, and whether f ran now.
func (d *DB) once(ctx context.Context, tx pgx.Tx, c Call, f func() (int64, error)) (id int64, fresh bool, err error) {
	if c.RequestID == "" {
		id, err = f()
		return id, true, err
	}
	n, err := q.ClaimRequest(ctx, tx, db.ClaimRequestParams{ID: c.RequestID, UserID: c.User.ID, Digest: c.Digest, At: d.now()})
	if err != nil {
		return 0, false, err
	}
	if n == 0 {
		r, err := q.Request(ctx, tx, c.RequestID)
		if err == nil && (r.UserID != c.User.ID || !bytes.Equal(r.Digest, c.Digest)) {
			err = casework.Exists("使用同一 request_id 的另一请求")
		}
		return r.SubjectID, false, err
	}
	if id, err = f(); err != nil {
		return 0, false, err
	}
	return id, true, q.FinishRequest(ctx, tx, id, c.RequestID)
}

// reckons are the moves that ask the calendar or a rule for a day. They hold both
// before they lock the proposal: who changes a rule locks proposals after it.
var reckons = map[casework.Verb]bool{
	casework.RequestOpinion: true, casework.RequestExtension: true, casework.DecideExtension: true, casework.Redo: true,
	casework.Issue: true, casework.RecordDelivery: true, casework.PauseDeadline: true, casework.ResumeDeadline: true,
}

// A move is a change of one proposal under way.
type move struct {
	p       Proposal
	by      casework.User // who makes it; the zero User is the program
	reply   Reply
	s       casework.Standing
	next    casework.State // the state that follows
	note    string         // what the event says beside the verb
	then    casework.Verb  // a second event, of what the program does in consequence
	other   int64          // another organ that must be told
	owner   int64          // of a promise, before it went to another
	offered int64          // who was to own a promise, before that was withdrawn
}

// change does verb to a proposal: claims the request, locks, asks casework, lets
// f write what is special, and writes what is common to all.
func (d *DB) change(ctx context.Context, c Call, verb casework.Verb, f func(tx pgx.Tx, m *move) error) (ListedProposal, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (ListedProposal, error) {
		_, fresh, err := d.once(ctx, tx, c, func() (int64, error) { return c.ID, d.moveProposal(ctx, tx, c, verb, f) })
		if err == nil && !fresh { // who did it may see it no longer
			_, _, err = seen(ctx, tx, c.User, c.ID)
		}
		if err != nil {
			return ListedProposal{}, err
		}
		return d.listed(ctx, tx, c.ID)
	})
}

func (d *DB) moveProposal(ctx context.Context, tx pgx.Tx, c Call, verb casework.Verb, f func(tx pgx.Tx, m *move) error) error {
	if reckons[verb] {
		if err := holdCalendar(ctx, tx); err != nil {
			return err
		}
	}
	m, err := d.lock(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	m.by = c.User
	if !c.User.Sees(m.s) {
		return found(pgx.ErrNoRows, "proposal", c.ID)
	}
	if c.Version != 0 && c.Version != m.p.Version {
		return &casework.StaleError{Present: m.p.Version}
	}
	if m.next, err = c.User.Do(verb, m.s); err != nil {
		return err
	}
	if err := f(tx, m); err != nil {
		return err
	}
	if err := d.finish(ctx, tx, c.User, verb, m); err != nil {
		return err
	}
	return d.tellMove(ctx, tx, c.User, verb, m)
}

// lock locks the proposal and reads, after that, what rights in it depend on.
func (d *DB) lock(ctx context.Context, tx pgx.Tx, id int64) (*move, error) {
	p, err := q.LockProposal(ctx, tx, id)
	if err != nil {
		return nil, found(err, "proposal", id)
	}
	r, err := q.Reply(ctx, tx, p.ID, p.Round)
	if err != nil {
		return nil, err
	}
	s, err := standing(ctx, tx, p)
	return &move{p: p, reply: r, s: s}, err
}

func standing(ctx context.Context, tx db.DBTX, p Proposal) (casework.Standing, error) {
	r, err := q.Standing(ctx, tx, p.ID)
	return casework.Standing{
		Kind: p.Kind, State: p.State, OrganID: p.OrganID, Helpers: r.Helpers,
		DivisionID: orZero(p.DivisionID), HandlerID: orZero(p.HandlerID), AuthorID: orZero(r.AuthorID),
		Passed: int(r.Passed), Proposers: r.Accounts, NoWrittenReply: p.NoWrittenReply,
		ExtensionAsked: r.ExtensionAsked, Runs: r.Runs, Paused: r.Paused, Withheld: r.Withheld, Published: r.Published, Public: r.Public,
		Unexplained: r.Unexplained, Awaited: r.Awaited, Unspoken: r.Unspoken, Dissatisfied: r.Dissatisfied && !r.Decided, RedoDeclined: r.Decided,
	}, err
}

// finish writes what every move of a proposal changes, and its events.
func (d *DB) finish(ctx context.Context, tx pgx.Tx, u casework.User, verb casework.Verb, m *move) error {
	p, err := q.UpdateProposal(ctx, tx, db.UpdateProposalParams{
		ID: m.p.ID, State: m.next, Round: m.p.Round, DivisionID: m.p.DivisionID, HandlerID: m.p.HandlerID,
		ReplyDue: m.p.ReplyDue, ReplyPaused: m.p.ReplyPaused, UpdatedAt: d.now(),
	})
	if err != nil {
		return err
	}
	m.p = p
	if err := d.record(ctx, tx, &m.p, u, verb, m.note); err != nil || m.then == "" {
		return err
	}
	return d.record(ctx, tx, &m.p, casework.User{}, m.then, "")
}

// saveReply writes the present round's reply.
func (m *move) saveReply(ctx context.Context, tx pgx.Tx) error {
	r := m.reply
	return q.UpdateReply(ctx, tx, db.UpdateReplyParams{
		ID: r.ID, Result: r.Result, Publicity: r.Publicity, WithholdReason: r.WithholdReason, Summary: r.Summary,
		DraftCount: r.DraftCount, AuthorID: r.AuthorID, Passed: r.Passed, SignedBy: r.SignedBy,
	})
}

// refuse returns the error of a move that more than the state forbids.
func (m *move) refuse(verb casework.Verb, why string) *casework.StateError {
	var list []string
	for _, v := range m.s.Possible() {
		list = append(list, string(v))
	}
	return &casework.StateError{Move: string(verb), State: string(m.s.State), Possible: list, Why: why}
}

func orZero[N int32 | int64](n *N) N {
	if n == nil {
		return 0
	}
	return *n
}

// orNull returns the id, or nil where 0 stands for none.
func orNull(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}
