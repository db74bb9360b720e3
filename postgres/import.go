package postgres

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/casework/handover"
	"fuyan/gen/db"
)

// An Import is a hand-over list that was uploaded, with the names around it.
type Import = db.ImportByIDRow

// A NewImport is a hand-over list as it was read out of a file.
type NewImport struct {
	FileName string
	Content  []byte
	Sheet    string   // the worksheet that was read
	Unread   []string // other worksheets
	Hidden   int      // rows that the file hides
	Rows     []handover.Row
	Pasted   bool // as text, not as a file
}

// UploadHandOverList keeps a hand-over list with a guess of what it holds. Nothing
// of it is received.
func (d *DB) UploadHandOverList(ctx context.Context, c Call, n NewImport) (ImportView, error) {
	return d.changeImport(ctx, c, func(tx pgx.Tx) (int64, error) {
		if !c.User.MayImport() {
			return 0, fmt.Errorf("upload a hand-over list: %w", casework.ErrForbidden)
		}
		return d.createImport(ctx, tx, c.User, n)
	})
}

// changeImport runs f once for the call, and returns the import that it is about as
// it then stands.
func (d *DB) changeImport(ctx context.Context, c Call, f func(tx pgx.Tx) (int64, error)) (ImportView, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (ImportView, error) {
		id, _, err := d.once(ctx, tx, c, func() (int64, error) { return f(tx) })
		if err != nil {
			return ImportView{}, err
		}
		return d.viewImport(ctx, tx, c.User, id)
	})
}

func (d *DB) createImport(ctx context.Context, tx pgx.Tx, u casework.User, n NewImport) (int64, error) {
	l := handover.Guess(n.Rows, n.FileName, d.Today())
	field := "file"
	if n.Pasted {
		field = "text"
	}
	if err := l.Check(field); err != nil {
		return 0, err
	}
	digest := sha256.Sum256(n.Content)
	of := l.Defaults
	id, err := q.CreateImport(ctx, tx, db.CreateImportParams{
		OrganID: u.OrganID, FileName: n.FileName, Size: int64(len(n.Content)), Sha256: digest[:], Sheet: n.Sheet,
		Unread: append([]string{}, n.Unread...), HiddenRows: int32(n.Hidden), HeaderLine: int32(l.HeaderLine), Columns: columnNames(l.Columns),
		Kind: of.Kind, Body: of.Sitting.Body, Term: int32(of.Sitting.Term), Session: int32(of.Sitting.Session),
		Answering: orNull(of.OrganID), Role: of.Role, HandedOver: of.HandedOver, NumberWidth: int32(of.NumberWidth),
		TextPublic: of.TextPublic, NoWrittenReply: of.NoWrittenReply,
		UploadedBy: u.ID, UploadedAt: d.now(), RowCount: int32(len(l.Body())),
	})
	if err != nil {
		return 0, err
	}
	if err := q.CreateImportFile(ctx, tx, id, n.Content); err != nil {
		return 0, err
	}
	rows := make([]db.CreateImportRowsParams, len(n.Rows))
	for i, r := range n.Rows {
		rows[i] = db.CreateImportRowsParams{ImportID: id, Line: int32(r.Line), Cells: r.Cells}
	}
	_, err = q.CreateImportRows(ctx, tx, rows)
	return id, err
}

// columnNames are the fields as the database keeps them.
func columnNames(fields []handover.Field) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = string(f)
	}
	return out
}

// MatchColumns says what the columns of an import hold and what holds for all its
// rows. Where the headings are in another line than before, the columns are guessed
// anew.
func (d *DB) MatchColumns(ctx context.Context, c Call, line int, fields []handover.Field, of handover.Defaults) (ImportView, error) {
	return d.changeImport(ctx, c, func(tx pgx.Tx) (int64, error) {
		i, err := d.lockImport(ctx, tx, c)
		if err != nil {
			return 0, err
		}
		rows, err := q.ImportRows(ctx, tx, c.ID)
		if err != nil {
			return 0, err
		}
		l := listOf(i, rows)
		switch {
		case line != l.HeaderLine:
			l = l.Under(line)
		case len(fields) > len(l.Columns):
			return 0, casework.Invalid("fields", "最多 %d 列", len(l.Columns))
		default:
			clear(l.Columns)
			copy(l.Columns, fields)
		}
		if err := l.Check("header_line"); err != nil {
			return 0, err
		}
		if err := casework.CheckDay("defaults.handed_over", of.HandedOver); err != nil {
			return 0, err
		}
		if of.Role == "helper" {
			return 0, casework.Invalid("defaults.role", "应为承担答复的单位，会办由主办单位征求")
		}
		if err := answers(ctx, tx, of.OrganID); err != nil {
			return 0, err
		}
		return c.ID, q.MatchImport(ctx, tx, db.MatchImportParams{
			ID: c.ID, HeaderLine: int32(l.HeaderLine), Columns: columnNames(l.Columns), Kind: of.Kind, Body: of.Sitting.Body,
			Term: int32(of.Sitting.Term), Session: int32(of.Sitting.Session), Answering: orNull(of.OrganID), Role: of.Role,
			HandedOver: of.HandedOver, NumberWidth: int32(of.NumberWidth), TextPublic: of.TextPublic,
			NoWrittenReply: of.NoWrittenReply, RowCount: int32(len(l.Body())),
		})
	})
}

// answers refuses an organ that answers no proposals; 0 is none.
func answers(ctx context.Context, tx pgx.Tx, id int64) error {
	if id == 0 {
		return nil
	}
	o, err := q.Organ(ctx, tx, id)
	return named(err, o.Oversight == casework.OverseesNothing, casework.Invalid("defaults.organ_id", "应为承办单位，不是督办单位"))
}

// lockImport locks an import that the caller may change: one that is not yet
// confirmed.
func (d *DB) lockImport(ctx context.Context, tx pgx.Tx, c Call) (db.HandOverImport, error) {
	i, err := q.LockImport(ctx, tx, c.ID)
	if err == nil && !c.User.SeesImport(i.OrganID) {
		err = pgx.ErrNoRows
	}
	switch {
	case err != nil:
		return i, found(err, "import", c.ID)
	case c.User.OrganID != i.OrganID:
		return i, fmt.Errorf("change import %d: %w", c.ID, casework.ErrForbidden)
	case c.Version != 0 && c.Version != i.Version:
		return i, &casework.StaleError{Present: i.Version}
	case i.State != "uploaded":
		return i, fmt.Errorf("import %d is confirmed: %w", c.ID, casework.ErrNotAllowed)
	}
	return i, nil
}

// ConfirmImport lets the rows of an import be received, by a job.
func (d *DB) ConfirmImport(ctx context.Context, c Call) (ImportView, error) {
	return d.changeImport(ctx, c, func(tx pgx.Tx) (int64, error) {
		if _, err := d.lockImport(ctx, tx, c); err != nil {
			return 0, err
		}
		v, err := d.viewImport(ctx, tx, c.User, c.ID)
		if err != nil {
			return 0, err
		}
		if v.Good == 0 {
			return 0, casework.Invalid("import_id", "没有一行可以登记，请先改正对应关系或文件")
		}
		if err := q.ConfirmImport(ctx, tx, c.User.ID, d.now(), c.ID); err != nil {
			return 0, err
		}
		return c.ID, d.queue(ctx, tx, ReceiveImport{c.ID})
	})
}

// DiscardImport removes an import that is not confirmed, with its file.
func (d *DB) DiscardImport(ctx context.Context, c Call) error {
	_, err := inTx(ctx, d, func(tx pgx.Tx) (int64, error) {
		id, _, err := d.once(ctx, tx, c, func() (int64, error) {
			if _, err := d.lockImport(ctx, tx, c); err != nil {
				return 0, err
			}
			return c.ID, q.DeleteImport(ctx, tx, c.ID)
		})
		return id, err
	})
	return err
}
