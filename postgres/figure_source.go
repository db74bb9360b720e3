package postgres

import (
	"context"
	"slices"

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

// chunk is how many facts are read at once: enough that the statement costs
// little, few enough to hold.
const chunk = 5000

// A source is where the facts of one unit come from.
type source[F any] struct {
	unit  string
	table []casework.FigureOf[F]
	// read returns the next facts behind a key, and the key to go on behind; the
	// zero key when there are no more.
	read func(ctx context.Context, s scope, after FigureKey) ([]F, FigureKey, error)
	show func(ctx context.Context, page []F) ([]FigureEntry, error)
}

// walk calls visit with all facts behind a key, in order, until it wants no more.
func (from source[F]) walk(ctx context.Context, s scope, after FigureKey, visit func(F) bool) error {
	for more := true; more; more = after != (FigureKey{}) {
		facts, next, err := from.read(ctx, s, after)
		if err != nil {
			return err
		}
		for _, f := range facts {
			if !visit(f) {
				return nil
			}
		}
		after = next
	}
	return nil
}

// count counts the figures of the unit.
func (from source[F]) count(ctx context.Context, s scope) ([]Figure, error) {
	counts := make([]casework.Count, len(from.table))
	err := from.walk(ctx, s, FigureKey{}, func(facts F) bool {
		casework.Tally(from.table, counts, facts, s.cut)
		return true
	})
	out := make([]Figure, len(counts))
	for i, f := range from.table {
		out[i] = Figure{f.Figure, from.unit, counts[i]}
	}
	return out, err
}

// list is the page of a list, if the figure counts this unit.
func (from source[F]) list(ctx context.Context, s scope, p FigurePage) (l FigureList, found bool, err error) {
	i := slices.IndexFunc(from.table, func(f casework.FigureOf[F]) bool { return f.Code == p.Code })
	if i < 0 {
		return l, false, nil
	}
	f := from.table[i]
	l.Figure, l.Filter = Figure{Figure: f.Figure, Unit: from.unit}, s.FigureFilter
	var page []F
	err = from.walk(ctx, s, p.After, func(facts F) bool {
		if f.Holds(p.Side, facts, s.cut) {
			page = append(page, facts)
		}
		return len(page) < int(p.Limit)
	})
	if err != nil {
		return l, true, err
	}
	l.Entries, err = from.show(ctx, page)
	return l, true, err
}

// goOn is the key to go on behind, if the chunk was full.
func goOn[R any](rows []R, key func(R) FigureKey) FigureKey {
	if len(rows) < chunk {
		return FigureKey{}
	}
	return key(rows[len(rows)-1])
}

func (s scope) body() (body *string, term, session int32) {
	if s.Sitting == nil {
		return nil, 0, 0
	}
	return &s.Sitting.Body, int32(s.Sitting.Term), int32(s.Sitting.Session)
}

// A factReader reads facts in one transaction.
type factReader struct {
	*DB
	tx pgx.Tx
}

func (r factReader) proposalSource() source[casework.ProposalFacts] {
	return source[casework.ProposalFacts]{UnitProposal, casework.ProposalFigures, r.proposalFacts, r.showProposals}
}

func (r factReader) proposalFacts(ctx context.Context, s scope, after FigureKey) ([]casework.ProposalFacts, FigureKey, error) {
	body, term, session := s.body()
	rows, err := q.ProposalFacts(ctx, r.tx, db.ProposalFactsParams{
		OrganID: orNull(s.OrganID), Until: s.until, Day: s.Day, After: after.ID, Kinds: s.kinds, Body: body, Term: term,
		Session: session, HandedOverFrom: s.From, HandedOverTo: s.To, MaxRows: chunk,
	})
	out := make([]casework.ProposalFacts, len(rows))
	for i, row := range rows {
		out[i] = casework.ProposalFacts{
			ID: row.ID, Answers: row.Answers, Helps: row.Helps, Part: casework.Part(row.Part),
			Returned: row.Returned, Withdrawn: row.Withdrawn, Closed: row.Closed, Answered: row.Answered, Due: row.Due, Paused: row.Paused,
			Result: casework.Result(row.Result), Publicity: casework.Publicity(row.Publicity), Public: row.Public,
			Met: row.Met, Contacted: row.Contacted, Redone: row.Redone,
		}
		if row.Answered.IsZero() && row.EndedAt.Before(s.until) {
			out[i].Answered = casework.DateOf(row.EndedAt, r.zone)
		}
	}
	return out, goOn(rows, func(r db.ProposalFactsRow) FigureKey { return FigureKey{ID: r.ID} }), err
}

func (r factReader) formSource() source[casework.FormFacts] {
	return source[casework.FormFacts]{UnitForm, casework.FormFigures, r.formFacts, r.showForms}
}

// formFacts leaves out who has no letter yet.
func (r factReader) formFacts(ctx context.Context, s scope, after FigureKey) ([]casework.FormFacts, FigureKey, error) {
	body, term, session := s.body()
	rows, err := q.FormFacts(ctx, r.tx, db.FormFactsParams{
		Until: s.until, After: after.ID, AfterRound: after.Round, Kinds: s.kinds, OrganID: orNull(s.OrganID),
		Body: body, Term: term, Session: session, HandedOverFrom: s.From, HandedOverTo: s.To, MaxRows: chunk,
	})
	var out []casework.FormFacts
	for _, row := range rows {
		if row.Asked {
			out = append(out, casework.FormFacts{
				ProposerID: row.ProposerID, Round: int(row.Round), Withdrawn: row.Withdrawn,
				Attitude: casework.Rating(row.Attitude), Result: casework.Rating(row.Result),
			})
		}
	}
	return out, goOn(rows, func(r db.FormFactsRow) FigureKey { return FigureKey{r.ProposerID, r.Round} }), err
}

func (r factReader) commitmentSource() source[casework.CommitmentFacts] {
	return source[casework.CommitmentFacts]{UnitCommitment, casework.CommitmentFigures, r.commitmentFacts, r.showCommitments}
}

// commitmentFacts leaves out what was not on record yet.
func (r factReader) commitmentFacts(ctx context.Context, s scope, after FigureKey) ([]casework.CommitmentFacts, FigureKey, error) {
	body, term, session := s.body()
	rows, err := q.CommitmentFacts(ctx, r.tx, db.CommitmentFactsParams{
		Until: s.until, InPeriod: !s.Since.IsZero(), Since: s.since, After: after.ID, Kinds: s.kinds, OrganID: orNull(s.OrganID),
		Body: body, Term: term, Session: session, HandedOverFrom: s.From, HandedOverTo: s.To, MaxRows: chunk,
	})
	var out []casework.CommitmentFacts
	for _, row := range rows {
		if row.State != "" {
			out = append(out, casework.CommitmentFacts{
				ID: row.ID, State: casework.CommitmentState(row.State), Before: casework.CommitmentState(row.Before),
				FirstDue: row.FirstDue, Due: row.Due, Done: row.Done,
			})
		}
	}
	return out, goOn(rows, func(r db.CommitmentFactsRow) FigureKey { return FigureKey{ID: r.ID} }), err
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
