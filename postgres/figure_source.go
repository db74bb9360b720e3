package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A FigureKey names what a figure counts, in the order of its list: a proposal, a
// commitment, or a proposer and a round.
type FigureKey struct {
	ID    int64
	Round int32
}

// chunks are how many facts a list looks through: first some, and where those have
// too few of what is wanted all that are left.
var chunks = []int{2000, 0}

// A source is where the facts of one unit come from.
type source[F any] struct {
	unit    string
	table   []casework.FigureOf[F]
	facts   func(walk) string // the query
	columns string            // of the query beside the id
	scan    func(pgx.Rows) (fact[F], error)
	key     func(F) FigureKey
	show    func(ctx context.Context, page []F) ([]FigureEntry, error)
}

// A fact is what is so of some things alike, in a list of one thing.
type fact[F any] struct {
	of    F
	there bool  // it was on record by then
	times int64 // how many things
}

// count counts the figures of the unit.
func (from source[F]) count(ctx context.Context, tx pgx.Tx, s scope) ([]Figure, error) {
	counts := make([]casework.Count, len(from.table))
	w := walk{scope: s}
	err := from.read(ctx, tx, inGroups(from.facts(w), from.columns), w, func(f fact[F]) bool {
		if f.there {
			casework.Tally(from.table, counts, f.of, f.times, s.cut)
		}
		return true
	})
	out := make([]Figure, len(counts))
	for i, f := range from.table {
		out[i] = Figure{f.Figure, from.unit, counts[i]}
	}
	return out, err
}

// read calls visit with the facts of a query until it wants no more.
func (from source[F]) read(ctx context.Context, tx pgx.Tx, query string, w walk, visit func(fact[F]) bool) error {
	rows, err := tx.Query(ctx, "-- name: FigureFacts :many\n"+query, w.args())
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		f, err := from.scan(rows)
		if err != nil || !visit(f) {
			return err
		}
	}
	return rows.Err()
}

// list is the page of a list, if the figure counts this unit.
func (from source[F]) list(ctx context.Context, tx pgx.Tx, s scope, p FigurePage) (l FigureList, found bool, err error) {
	i := slices.IndexFunc(from.table, func(f casework.FigureOf[F]) bool { return f.Code == p.Code })
	if i < 0 {
		return l, false, nil
	}
	f := from.table[i]
	l.Figure, l.Filter = Figure{Figure: f.Figure, Unit: from.unit}, s.FigureFilter
	page, err := from.page(ctx, tx, walk{scope: s, after: p.After}, int(p.Limit), func(facts F) bool { return f.Holds(p.Side, facts, s.cut) })
	if err != nil {
		return l, true, err
	}
	l.Entries, err = from.show(ctx, page)
	return l, true, err
}

// page returns the first so many facts of a walk that are wanted.
func (from source[F]) page(ctx context.Context, tx pgx.Tx, w walk, limit int, wanted func(F) bool) (out []F, err error) {
	for _, w.size = range chunks {
		passed := 0
		err := from.read(ctx, tx, inOrder(from.facts(w), from.columns), w, func(f fact[F]) bool {
			if passed++; f.there && wanted(f.of) {
				out = append(out, f.of)
			}
			w.after = from.key(f.of)
			return len(out) < limit
		})
		if err != nil || len(out) == limit || passed < w.size {
			return out, err
		}
	}
	return out, nil
}

// A factReader reads facts in one transaction.
type factReader struct {
	*DB
	tx pgx.Tx
}

func (r factReader) proposalSource() source[casework.ProposalFacts] {
	return source[casework.ProposalFacts]{
		UnitProposal, casework.ProposalFigures, proposalFacts, proposalColumns, r.proposal,
		func(f casework.ProposalFacts) FigureKey { return FigureKey{ID: f.ID} }, r.showProposals,
	}
}

func (r factReader) proposal(rows pgx.Rows) (fact[casework.ProposalFacts], error) {
	var f casework.ProposalFacts
	var ended *time.Time
	var times int64
	err := rows.Scan(&f.ID, &f.Answers, &f.Helps, &f.Part, &f.Returned, &f.Withdrawn, &f.Closed, &f.Answered, &ended, &f.Due, &f.Paused,
		&f.Result, &f.Publicity, &f.Public, &f.Met, &f.Contacted, &f.Redone, &times)
	if f.Answered.IsZero() && ended != nil {
		f.Answered = casework.DateOf(*ended, r.zone)
	}
	return fact[casework.ProposalFacts]{f, true, times}, err
}

func (r factReader) formSource() source[casework.FormFacts] {
	return source[casework.FormFacts]{
		UnitForm, casework.FormFigures, formFacts, formColumns, form,
		func(f casework.FormFacts) FigureKey { return FigureKey{f.ProposerID, int32(f.Round)} }, r.showForms,
	}
}

// form leaves out who has no letter yet.
func form(rows pgx.Rows) (fact[casework.FormFacts], error) {
	var f fact[casework.FormFacts]
	err := rows.Scan(&f.of.ProposerID, &f.of.Round, &f.there, &f.of.Withdrawn, &f.of.Attitude, &f.of.Result, &f.times)
	return f, err
}

func (r factReader) commitmentSource() source[casework.CommitmentFacts] {
	return source[casework.CommitmentFacts]{
		UnitCommitment, casework.CommitmentFigures, commitmentFacts, commitmentColumns, commitment,
		func(f casework.CommitmentFacts) FigureKey { return FigureKey{ID: f.ID} }, r.showCommitments,
	}
}

// commitment leaves out what was not on record yet.
func commitment(rows pgx.Rows) (fact[casework.CommitmentFacts], error) {
	var f fact[casework.CommitmentFacts]
	err := rows.Scan(&f.of.ID, &f.of.State, &f.of.Before, &f.of.FirstDue, &f.of.Due, &f.of.Done, &f.times)
	f.there = f.of.State != ""
	return f, err
}

func (r factReader) showProposals(ctx context.Context, page []casework.ProposalFacts) ([]FigureEntry, error) {
	ids := make([]int64, len(page))
	for i, f := range page {
		ids[i] = f.ID
	}
	of, err := r.proposalsByID(ctx, ids)
	out := make([]FigureEntry, len(page))
	for i, id := range ids {
		out[i] = FigureEntry{Key: FigureKey{ID: id}, Proposal: of[id]}
	}
	return out, err
}

func (r factReader) showForms(ctx context.Context, page []casework.FormFacts) ([]FigureEntry, error) {
	ids := make([]int64, len(page))
	for i, f := range page {
		ids[i] = f.ProposerID
	}
	rows, err := q.ProposersByID(ctx, r.tx, ids)
	if err != nil {
		return nil, err
	}
	proposers := map[int64]db.ProposersByIDRow{}
	var proposals []int64
	for _, row := range rows {
		proposers[row.ID] = row
		proposals = append(proposals, row.ProposalID)
	}
	of, err := r.proposalsByID(ctx, proposals)
	out := make([]FigureEntry, len(page))
	for i, f := range page {
		s := proposers[f.ProposerID]
		out[i] = FigureEntry{Key: FigureKey{f.ProposerID, int32(f.Round)}, Proposal: of[s.ProposalID], Form: &FigureForm{f, s.Name}}
	}
	return out, err
}

func (r factReader) showCommitments(ctx context.Context, page []casework.CommitmentFacts) ([]FigureEntry, error) {
	ids := make([]int64, len(page))
	for i, f := range page {
		ids[i] = f.ID
	}
	rows, err := q.CommitmentsByID(ctx, r.tx, ids)
	if err != nil {
		return nil, err
	}
	proposals := make([]int64, len(rows))
	for i, row := range rows {
		proposals[i] = row.Commitment.ProposalID
	}
	of, err := r.proposalsByID(ctx, proposals)
	out := make([]FigureEntry, len(rows)) // in order of their ids, as the page is
	for i, row := range rows {
		out[i] = FigureEntry{Key: FigureKey{ID: row.Commitment.ID}, Proposal: of[row.Commitment.ProposalID], Commitment: new(Commitment(row))}
	}
	return out, err
}

func (r factReader) proposalsByID(ctx context.Context, ids []int64) (map[int64]ListedProposal, error) {
	rows, err := q.ProposalsByID(ctx, r.tx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]ListedProposal, len(rows))
	for i, row := range rows {
		list[i] = ListedProposal{
			Proposal: row.Proposal, Organ: row.Organ, Division: row.Division, Handler: row.Handler, Proposers: row.Proposers,
		}
	}
	err = r.countDown(ctx, r.tx, list)
	of := map[int64]ListedProposal{}
	for _, p := range list {
		of[p.ID] = p
	}
	return of, err
}
