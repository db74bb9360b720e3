package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A CommitmentFilter says which commitments are wanted.
type CommitmentFilter struct {
	ProposalID int64
	State      casework.CommitmentState
	Group      casework.CommitmentGroup
	OverdueAge casework.OverdueAge
	OrganID    int64
	OwnerID    int64
	Kind       casework.Kind
	Overdue    bool
	Mine       bool
	AfterDay   casework.Date // with AfterID, the last of the page before
	AfterID    int64
	Limit      int32
}

// ListCommitments returns the commitments that u may see: what is due first,
// then what has no day.
func (d *DB) ListCommitments(ctx context.Context, u casework.User, f CommitmentFilter) ([]Commitment, error) {
	out := make([]Commitment, 0, min(f.Limit, 1000))
	return out, d.EachCommitment(ctx, u, f, func(c Commitment) error {
		out = append(out, c)
		return nil
	})
}

// EachCommitment calls each with the commitments of [DB.ListCommitments], in that
// order, and ends with its first error.
func (d *DB) EachCommitment(ctx context.Context, u casework.User, f CommitmentFilter, each func(Commitment) error) error {
	sql, args := searchFor(u, f, d.Today())
	rows, err := d.conn.Query(ctx, "-- name: SearchCommitments :many\n"+sql, args)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r, err := pgx.RowToStructByPos[foundCommitment](rows)
		if err != nil {
			return err
		}
		if err := each(r.commitment()); err != nil {
			return err
		}
	}
	return rows.Err()
}

// foundColumns are the columns of a foundCommitment, in the order of its fields. Names
// are looked up, as those of listedColumns are.
const foundColumns = `c.id, c.version, c.proposal_id, c.letter_id, c.text, c.start_offset, c.end_offset, c.cue, c.responsible,
       c.due_words, c.words_due, c.state, c.owner_id, c.deliverable, c.criterion, c.first_due, c.due, c.end_reason, c.evidence,
       c.done_day, c.judged_by, c.told_day, c.told_how, c.organ_id, c.kind, c.division_id, c.offered_to, c.follow_year,
       c.slips, c.keepings, c.reported_at, c.contested, c.done_by, c.signed_by, c.signed_day,
       (SELECT l.document_number FROM letters l WHERE l.id = c.letter_id) AS document_number,
       coalesce((SELECT u.display_name FROM users u WHERE u.id = c.owner_id), '') AS owner,
       coalesce((SELECT u.display_name FROM users u WHERE u.id = c.judged_by), '') AS judge,
       (SELECT n.name FROM organs n WHERE n.id = c.organ_id) AS organ,
       coalesce((SELECT u.display_name FROM users u WHERE u.id = c.offered_to), '') AS taker,
       p.body, p.term, p.session, p.number, p.title`

type foundCommitment struct {
	db.Commitment
	DocumentNumber, Owner, Judge, Organ, Taker string
	Body                                       string
	Term, Session                              int32
	Number, Title                              string
}

func (r foundCommitment) commitment() Commitment {
	return Commitment{
		Commitment: r.Commitment, DocumentNumber: r.DocumentNumber, Owner: r.Owner, Judge: r.Judge, Organ: r.Organ, Taker: r.Taker,
		Body: r.Body, Term: r.Term, Session: r.Session, Number: r.Number, Title: r.Title,
	}
}

// groupConditions says in a query what each group is. Each is word for word the
// condition of the index that finds the group, see migration 10.
var groupConditions = map[casework.CommitmentGroup]string{
	casework.GroupOverdue:   "c.state = 'open' AND c.due < @today",
	casework.GroupDueSoon:   "c.state = 'open' AND c.due BETWEEN @today AND @soon",
	casework.GroupSilent:    "c.state IN ('open', 'done') AND c.reported_at IS NULL",
	casework.GroupSlipped:   "c.slips > 0",
	casework.GroupDropped:   "c.state = 'dropped'",
	casework.GroupContested: "c.contested",
	casework.GroupNoted:     "c.state = 'noted'",
	casework.GroupUnowned:   "c.state = 'open' AND c.id IN (SELECT v.id FROM unowned_commitments v)",
}

// searchFor returns the query for one page of commitments. It is written by hand,
// as those of figures are: what is wanted decides which partial index finds it, and
// Postgres takes that only where the query says the index's condition and no
// "or the filter is null". It finds the page first, in the index alone, and then
// its rows; where u has several ways to see a commitment, in each of them.
func searchFor(u casework.User, f CommitmentFilter, today casework.Date) (string, pgx.NamedArgs) {
	args := pgx.NamedArgs{
		"today": today, "soon": today.AddDays(casework.SoonDays), "after_day": f.AfterDay, "after_id": f.AfterID, "max_rows": f.Limit,
		"proposal_id": f.ProposalID, "state": string(f.State), "organ_id": f.OrganID, "owner_id": f.OwnerID, "kind": string(f.Kind),
		"kinds": overseen(u), "own_organ": staffOrgan(u), "me": u.ID,
	}
	if f.OverdueAge != "" {
		args["since"], args["until"] = f.OverdueAge.Days(today)
	}
	// Whatever is followed has a day of its own.
	day := "c.due"
	if (f.Group == "" || f.Group == casework.GroupNoted) && f.OverdueAge == "" && !f.Overdue && f.State != casework.Open {
		day = "coalesce(c.due, c.words_due, 'infinity'::date)"
	}
	where := conditions(f, day)
	var ways []string
	for _, way := range waysToSee(u, f) {
		ways = append(ways, `(SELECT c.id, `+day+` AS day
    FROM commitments c
    WHERE `+strings.Join(append([]string{way}, where...), " AND ")+`
    ORDER BY `+day+`, c.id
    LIMIT @max_rows)`)
	}
	return `SELECT ` + foundColumns + `
FROM (` + strings.Join(ways, " UNION ") + `) page
JOIN commitments c ON c.id = page.id
JOIN proposals p ON p.id = c.proposal_id
ORDER BY page.day, page.id
LIMIT @max_rows`, args
}

// conditions are those that f asks for, with lists running by day.
func conditions(f CommitmentFilter, day string) []string {
	var out []string
	for _, c := range []struct {
		asked bool
		sql   string
	}{
		{f.Group != "", groupConditions[f.Group]},
		{f.Overdue, groupConditions[casework.GroupOverdue]},
		{f.OverdueAge != "", "c.state = 'open' AND c.due <= @until"},
		{f.OverdueAge != "" && f.OverdueAge != casework.OverdueOver180, "c.due >= @since"},
		{f.State == casework.Open, "c.state = 'open'"},
		{f.State != "" && f.State != casework.Open, "c.state = @state"},
		{f.ProposalID != 0, "c.proposal_id = @proposal_id"},
		{f.OrganID != 0, "c.organ_id = @organ_id"},
		{f.OwnerID != 0, "c.owner_id = @owner_id"},
		{f.Mine, "c.owner_id = @me"},
		{f.Kind != "", "c.kind = @kind"},
		{f.AfterID != 0, "(" + day + ", c.id) > (coalesce(@after_day::date, 'infinity'), @after_id)"},
	} {
		if c.asked {
			out = append(out, c.sql)
		}
	}
	return out
}

// LatestProgress returns what was last said of how far each of these commitments
// is. It does not ask who may know: its caller was shown them.
func (d *DB) LatestProgress(ctx context.Context, ids []int64) (map[int64]db.ProgressOfRow, error) {
	rows, err := q.LatestProgress(ctx, d.conn, ids)
	out := map[int64]db.ProgressOfRow{}
	for _, r := range rows {
		out[r.Progress.CommitmentID] = db.ProgressOfRow(r)
	}
	return out, err
}

// waysToSee say in a query what [casework.User.Sees] says of the proposal of a
// commitment; a test holds them together. Whose proposals are their own is found
// first, so that no plan looks through what all others have.
func waysToSee(u casework.User, f CommitmentFilter) []string {
	if u.Has(casework.Admin) || len(overseen(u)) == len(casework.Kinds) {
		return []string{"true"}
	}
	ways := []string{}
	if len(overseen(u)) > 0 {
		ways = append(ways, "c.kind = ANY (@kinds)")
	}
	if own := staffOrgan(u); own != 0 {
		ways = append(ways, "c.organ_id = @own_organ")
		if f.OrganID != own { // else the other way leads to nothing more
			ways = append(ways, "c.proposal_id = ANY (ARRAY(SELECT a.proposal_id FROM assignments a WHERE a.organ_id = @own_organ))")
		}
	}
	if u.Has(casework.Delegate) {
		ways = append(ways, "c.proposal_id = ANY (ARRAY(SELECT s.proposal_id FROM proposers s WHERE s.user_id = @me))")
	}
	if len(ways) == 0 {
		return []string{"false"}
	}
	return ways
}
