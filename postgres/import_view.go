package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/casework/handover"
	"fuyan/gen/db"
)

// An ImportView is an import with its list and what its rows say.
type ImportView struct {
	Import
	List  handover.List
	Items []ImportItem // of the rows below the headings
	Good  int          // how many of them can be received as they are
}

// An ImportItem is a row as it would be received, with what became of it.
type ImportItem struct {
	handover.Item
	Outcome    string // received, refused, or nothing yet
	ProposalID int64
	Reason     string
}

// Fails reports whether the row was not received, or could not be.
func (it ImportItem) Fails() bool {
	return it.Outcome == "refused" || it.Outcome == "" && !it.Good()
}

// ViewImport returns an import with all its rows.
func (d *DB) ViewImport(ctx context.Context, u casework.User, id int64) (ImportView, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (ImportView, error) { return d.viewImport(ctx, tx, u, id) })
}

// viewImport reads the rows as its reader would receive them, or once it is
// confirmed as who confirmed it does.
func (d *DB) viewImport(ctx context.Context, tx pgx.Tx, u casework.User, id int64) (ImportView, error) {
	i, err := q.ImportByID(ctx, tx, id)
	if err == nil && !u.SeesImport(i.HandOverImport.OrganID) {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return ImportView{}, found(err, "import", id)
	}
	by := orZero(i.HandOverImport.ConfirmedBy)
	if by == 0 && !u.MayImport() {
		by = i.HandOverImport.UploadedBy
	}
	if by != 0 {
		a, err := q.UserByID(ctx, tx, by)
		if err != nil {
			return ImportView{}, err
		}
		u = UserOf(a)
	}
	return d.readImport(ctx, tx, i, u)
}

// readImport reads what the rows of an import say to u, who receives them.
func (d *DB) readImport(ctx context.Context, tx pgx.Tx, i Import, u casework.User) (ImportView, error) {
	rows, err := q.ImportRows(ctx, tx, i.HandOverImport.ID)
	if err != nil {
		return ImportView{}, err
	}
	organs, err := q.OrganNames(ctx, tx)
	if err != nil {
		return ImportView{}, err
	}
	w := handover.World{User: u, Organs: make([]handover.Answerer, len(organs)), Today: d.Today()}
	for n, o := range organs {
		w.Organs[n] = handover.Answerer(o)
	}
	v := ImportView{Import: i, List: listOf(i.HandOverImport, rows)}
	items := handover.Items(v.List.Body(), v.List.Columns, v.List.Defaults, w)
	settled := rows[len(rows)-len(items):]
	if err := markTaken(ctx, tx, items, settled); err != nil {
		return ImportView{}, err
	}
	accounts, err := delegates(ctx, tx, items)
	if err != nil {
		return ImportView{}, err
	}
	for n, r := range settled {
		items[n].Link(accounts)
		if items[n].Good() {
			v.Good++
		}
		v.Items = append(v.Items, ImportItem{items[n], r.Outcome, orZero(r.ProposalID), r.Reason})
	}
	return v, nil
}

// listOf is the list of an import with these rows.
func listOf(i db.HandOverImport, rows []db.ImportRowsRow) handover.List {
	l := handover.List{HeaderLine: int(i.HeaderLine), Defaults: handover.Defaults{
		Kind: i.Kind, Sitting: casework.Sitting{Body: i.Body, Term: int(i.Term), Session: int(i.Session)},
		OrganID: orZero(i.Answering), Role: i.Role, HandedOver: i.HandedOver, NumberWidth: int(i.NumberWidth),
		TextPublic: i.TextPublic, NoWrittenReply: i.NoWrittenReply,
	}}
	for _, c := range i.Columns {
		l.Columns = append(l.Columns, handover.Field(c))
	}
	for _, r := range rows {
		l.Rows = append(l.Rows, handover.Row{Line: int(r.Line), Cells: r.Cells})
	}
	return l
}

// markTaken notes on the items that are not settled what of them is on record.
func markTaken(ctx context.Context, tx pgx.Tx, items []handover.Item, rows []db.ImportRowsRow) error {
	var p db.TakenNumbersParams
	for n, it := range items {
		if rows[n].Outcome != "" {
			continue
		}
		for _, t := range it.Spellings() {
			p.Kinds, p.Bodies = append(p.Kinds, string(t.Kind)), append(p.Bodies, t.Sitting.Body)
			p.Terms, p.Sessions = append(p.Terms, int32(t.Sitting.Term)), append(p.Sessions, int32(t.Sitting.Session))
			p.Numbers = append(p.Numbers, t.Number)
		}
	}
	taken, err := q.TakenNumbers(ctx, tx, p)
	var list []handover.Taken
	for _, r := range taken {
		list = append(list, handover.Taken{
			Kind: r.Kind, Sitting: casework.Sitting{Body: r.Body, Term: int(r.Term), Session: int(r.Session)}, Number: r.Number,
		})
	}
	record := handover.RecordOf(list)
	for n := range items {
		if rows[n].Outcome == "" {
			items[n].MarkTaken(record)
		}
	}
	return err
}

// delegates are the accounts that the proposers of items may have.
func delegates(ctx context.Context, tx pgx.Tx, items []handover.Item) (handover.Accounts, error) {
	names, shown := handover.Sought(items)
	rows, err := q.DelegateAccounts(ctx, tx, names, shown)
	list := make([]handover.Account, len(rows))
	for i, r := range rows {
		list[i] = handover.Account(r)
	}
	return handover.AccountsOf(list), err
}

// ListImports returns the imports that u may see, latest first.
func (d *DB) ListImports(ctx context.Context, u casework.User, before int64, limit int32) ([]Import, error) {
	rows, err := q.ListedImports(ctx, d.conn, db.ListedImportsParams{
		Everything: u.Has(casework.Admin), OrganID: u.OrganID, Before: before, MaxRows: limit,
	})
	var out []Import
	for _, r := range rows {
		out = append(out, Import(r))
	}
	return out, err
}

// Refused are the rows as they came that were not received, or could not be, each
// with why.
func (v ImportView) Refused() (rows []handover.Row, why []string) {
	for n, it := range v.Items {
		if !it.Fails() {
			continue
		}
		reason := it.Reason
		if reason == "" {
			reason = it.Why()
		}
		rows, why = append(rows, v.List.Body()[n]), append(why, reason)
	}
	return rows, why
}
