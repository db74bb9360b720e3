package postgres

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"fuyan/casework"
	"fuyan/casework/handover"
	"fuyan/gen/db"
)

// ReceiveImport is queued when a hand-over list is confirmed: its rows are received.
type ReceiveImport struct {
	ImportID int64 `json:"import_id"`
}

// Kind names the job.
func (ReceiveImport) Kind() string { return "receive_import" }

// RemoveImports is queued each hour: lists that nobody confirmed go.
type RemoveImports struct{}

// Kind names the job.
func (RemoveImports) Kind() string { return "remove_imports" }

// InsertOpts keeps one from following another: what one leaves the next removes.
func (RemoveImports) InsertOpts() river.InsertOpts { return alone }

// DoReceiveImport receives the rows of a confirmed list one by one, each in a
// transaction that also says what became of it. A row that is settled stays so: when
// the job was broken off, the next run goes on where it was.
func (d *DB) DoReceiveImport(ctx context.Context, job ReceiveImport) error {
	v, u, err := d.importToReceive(ctx, job.ImportID)
	if errors.Is(err, casework.ErrNotFound) || err == nil && v.HandOverImport.State != "confirmed" {
		return nil
	}
	if err != nil {
		return err
	}
	for _, it := range v.Items {
		if it.Outcome != "" {
			continue
		}
		if err := d.settleRow(ctx, job.ImportID, u, it.Item); err != nil {
			return fmt.Errorf("line %d of import %d: %w", it.Line, job.ImportID, err)
		}
	}
	return q.FinishImport(ctx, d.conn, d.now(), job.ImportID)
}

// importToReceive returns an import with who confirmed it, as whom its rows are
// received.
func (d *DB) importToReceive(ctx context.Context, id int64) (v ImportView, u casework.User, err error) {
	i, err := q.ImportByID(ctx, d.conn, id)
	if err != nil || i.HandOverImport.ConfirmedBy == nil {
		return v, u, found(err, "import", id)
	}
	a, err := q.UserByID(ctx, d.conn, *i.HandOverImport.ConfirmedBy)
	if err != nil {
		return v, u, err
	}
	u = UserOf(a)
	v, err = inTx(ctx, d, func(tx pgx.Tx) (ImportView, error) { return d.readImport(ctx, tx, i, u) })
	return v, u, err
}

// settleRow receives a row, or refuses it where the rules do.
func (d *DB) settleRow(ctx context.Context, id int64, u casework.User, it handover.Item) error {
	why := it.Why()
	if why == "" {
		err := d.settle(ctx, id, it.Line, func(tx pgx.Tx) (*int64, string, error) {
			p, _, err := d.once(ctx, tx, rowCall(id, u, it), func() (int64, error) { return d.receive(ctx, tx, u, proposalOf(it)) })
			return &p, "", err
		})
		if why = refusedFor(err); why == "" {
			return err
		}
	}
	return d.settle(ctx, id, it.Line, func(pgx.Tx) (*int64, string, error) { return nil, why, nil })
}

// settle says once what became of a row: the proposal that f received, or why not.
func (d *DB) settle(ctx context.Context, id int64, line int, f func(pgx.Tx) (*int64, string, error)) error {
	_, err := inTx(ctx, d, func(tx pgx.Tx) (struct{}, error) {
		outcome, err := q.LockImportRow(ctx, tx, id, int32(line))
		if err != nil || outcome != "" {
			return struct{}{}, err
		}
		p, why, err := f(tx)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, q.SettleImportRow(ctx, tx, db.SettleImportRowParams{ProposalID: p, Reason: why, ImportID: id, Line: int32(line)})
	})
	return err
}

// rowCall is the request by which a row is received: the same whenever it is tried.
func rowCall(id int64, u casework.User, it handover.Item) Call {
	digest := sha256.Sum256(fmt.Appendf(nil, "ReceiveImport\n%d\n%d", id, it.Line))
	b := digest
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80 // a UUID of a form of one's own (RFC 9562, version 8)
	request := fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
	return Call{User: u, RequestID: request, Digest: digest[:]}
}

func proposalOf(it handover.Item) NewProposal {
	n := NewProposal{
		Kind: it.Kind, Sitting: it.Sitting, Number: it.Number, Title: it.Title, Text: it.Text, OrganID: it.OrganID, Role: it.Role,
		HandedOver: it.HandedOver, TextPublic: it.TextPublic, NoWrittenReply: it.NoWrittenReply,
	}
	for i, p := range it.Proposers {
		n.Proposers = append(n.Proposers, NewProposer{Name: p.Name, Organisation: p.Organisation, Lead: i == 0, UserID: p.UserID})
	}
	return n
}

// refusedFor says in Chinese why the rules refuse a proposal; nothing for an error
// that is not theirs.
func refusedFor(err error) string {
	if e, ok := errors.AsType[*casework.FieldError](err); ok {
		return e.Want
	}
	if e, ok := errors.AsType[*casework.ConflictError](err); ok {
		return e.Error()
	}
	if errors.Is(err, casework.ErrForbidden) {
		return "确认的人无权登记这一件"
	}
	return ""
}

// unconfirmed is how long a list that nobody confirms is kept.
const unconfirmed = 30 * 24 * time.Hour

// DoRemoveImports removes lists that nobody confirmed in time, with their files.
func (d *DB) DoRemoveImports(ctx context.Context) error {
	return q.RemoveImports(ctx, d.conn, d.now().Add(-unconfirmed))
}
