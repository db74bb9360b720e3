package postgres

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/gen/db"
)

// A ListedProposal is a proposal with the names that a list shows.
type ListedProposal struct {
	Proposal
	Organ, Division, Handler string
	Proposers                []string
	Left                     casework.Left // to the day of its reply, while one is awaited
}

func (d *DB) listed(ctx context.Context, tx db.DBTX, id int64) (ListedProposal, error) {
	p, err := q.Proposal(ctx, tx, id)
	if err != nil {
		return ListedProposal{}, found(err, "proposal", id)
	}
	n, err := q.ProposalNames(ctx, tx, id)
	if err != nil {
		return ListedProposal{}, err
	}
	one := []ListedProposal{{Proposal: p, Organ: n.Organ, Division: n.Division, Handler: n.Handler, Proposers: n.Proposers}}
	err = d.countDown(ctx, tx, one)
	return one[0], err
}

// seen returns a proposal that u may see, or [casework.ErrNotFound].
func seen(ctx context.Context, tx db.DBTX, u casework.User, id int64) (Proposal, casework.Standing, error) {
	p, err := q.Proposal(ctx, tx, id)
	if err != nil {
		return p, casework.Standing{}, found(err, "proposal", id)
	}
	s, err := standing(ctx, tx, p)
	if err == nil && !u.Sees(s) {
		err = found(pgx.ErrNoRows, "proposal", id)
	}
	return p, s, err
}

// overseen, staffOrgan and delegateID say in a query what [casework.User.Sees]
// says of one proposal; a test holds them together.
func overseen(u casework.User) []string {
	return slices.DeleteFunc(allKinds(), func(k string) bool {
		return !u.Has(casework.Supervisor) || !u.Oversight.Covers(casework.Kind(k))
	})
}

// allKinds are the kinds, as queries take them.
func allKinds() []string {
	out := make([]string, len(casework.Kinds))
	for i, k := range casework.Kinds {
		out[i] = string(k)
	}
	return out
}

func staffOrgan(u casework.User) int64 {
	if u.Has(casework.Office, casework.Reviewer, casework.Handler) {
		return u.OrganID
	}
	return 0
}

func delegateID(u casework.User) *int64 {
	if u.Has(casework.Delegate) {
		return &u.ID
	}
	return nil
}

// A Proposer is a row of the proposers table.
type Proposer = db.Proposer

// A ProposalView is a proposal with all that hangs on it and that its reader may
// see.
type ProposalView struct {
	ListedProposal
	Standing     casework.Standing
	ProposerRows []db.Proposer
	Assignments  []db.AssignmentsRow
	Returns      []db.ReturnsRow
	Opinions     []db.OpinionsRow
	Contacts     []db.ContactsRow
	Extensions   []db.ExtensionsRow
	Deadlines    []DeadlineView
	Moves        []casework.Act
	// TermExplanation is nil while there is none.
	TermExplanation *db.TermExplanationRow
}

// ViewProposal returns one proposal as u may see it.
func (d *DB) ViewProposal(ctx context.Context, u casework.User, id int64) (ProposalView, error) {
	return inTx(ctx, d, func(tx pgx.Tx) (v ProposalView, err error) {
		if v.ListedProposal, err = d.listed(ctx, tx, id); err != nil {
			return v, err
		}
		if v.Standing, err = standing(ctx, tx, v.Proposal); err != nil {
			return v, err
		}
		if !u.Sees(v.Standing) {
			return v, found(pgx.ErrNoRows, "proposal", id)
		}
		v.Moves = u.Moves(v.Standing)
		list, err := d.deadlines(ctx, tx, v.ID, 0)
		if err != nil {
			return v, err
		}
		v.Deadlines = shownTo(u, v.Standing, list)
		return v, v.load(ctx, tx, u)
	})
}

func (v *ProposalView) load(ctx context.Context, tx pgx.Tx, u casework.User) (err error) {
	if v.ProposerRows, err = q.Proposers(ctx, tx, v.ID); err != nil {
		return err
	}
	if v.Assignments, err = q.Assignments(ctx, tx, v.ID); err != nil {
		return err
	}
	if v.Extensions, err = q.Extensions(ctx, tx, v.ID); err != nil {
		return err
	}
	if err := v.loadTerm(ctx, tx); err != nil {
		return err
	}
	if u.SeesContacts(v.Standing) {
		if v.Returns, err = q.Returns(ctx, tx, v.ID); err != nil {
			return err
		}
		if v.Contacts, err = q.Contacts(ctx, tx, v.ID); err != nil {
			return err
		}
	}
	if u.SeesDrafts(v.Standing) {
		v.Opinions, err = q.Opinions(ctx, tx, v.ID)
	}
	return err
}

// A ReplyView is the reply of one round with what hangs on it.
type ReplyView struct {
	Reply
	ProposalVersion int64
	SignedBy        string
	NextStep        string
	Drafts          []db.DraftsRow
	Reviews         []db.ReviewsRow
	Letters         []Letter
	Deliveries      []db.DeliveriesRow
	Copies          []db.CopiesRow
	Publication     *db.LatestPublicationRow
	WorkingCopy     WorkingCopy // the reader's own; the zero one for none
}

// ViewReply returns the reply of a round, the present one when round is 0, as u
// may see it.
func (d *DB) ViewReply(ctx context.Context, u casework.User, proposalID int64, round int32) (ReplyView, error) {
	p, s, err := seen(ctx, d.conn, u, proposalID)
	if err != nil {
		return ReplyView{}, err
	}
	if round == 0 {
		round = p.Round
	}
	return inTx(ctx, d, func(tx pgx.Tx) (v ReplyView, err error) {
		if v.Reply, err = q.Reply(ctx, tx, p.ID, round); err != nil {
			return v, found(err, "reply", int64(round))
		}
		v.ProposalVersion = p.Version
		if err := v.loadLetters(ctx, tx); err != nil {
			return v, err
		}
		if !u.SeesDrafts(s) {
			if len(v.Letters) == 0 { // what is not issued is not decided, to those outside
				v.Result, v.Publicity, v.WithholdReason, v.Summary, v.SignedBy = "", "", "", "", ""
			}
			return v, nil
		}
		if p.State == casework.Reviewing && round == p.Round {
			v.NextStep = append(slices.Clone(casework.ReviewSteps), casework.SignStep)[v.Passed]
		}
		if v.WorkingCopy, err = workingCopy(ctx, tx, v.ID, u.ID); err != nil {
			return v, err
		}
		return v, v.loadDrafts(ctx, tx)
	})
}

func (v *ReplyView) loadDrafts(ctx context.Context, tx pgx.Tx) (err error) {
	if v.Drafts, err = q.Drafts(ctx, tx, v.ID); err != nil {
		return err
	}
	v.Reviews, err = q.Reviews(ctx, tx, v.ID)
	return err
}

func (v *ReplyView) loadLetters(ctx context.Context, tx pgx.Tx) (err error) {
	if v.Letters, err = q.Letters(ctx, tx, v.ID); err != nil {
		return err
	}
	if v.Deliveries, err = q.Deliveries(ctx, tx, v.ID); err != nil {
		return err
	}
	if v.Copies, err = q.Copies(ctx, tx, v.ID); err != nil {
		return err
	}
	if by := v.Reply.SignedBy; by != nil {
		signer, err := q.UserByID(ctx, tx, *by)
		if err != nil {
			return err
		}
		v.SignedBy = signer.User.DisplayName
	}
	publication, err := q.LatestPublication(ctx, tx, v.ProposalID, v.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	v.Publication = &publication
	return err
}

// PresentLetter returns the latest letter of the present round.
func (d *DB) PresentLetter(ctx context.Context, u casework.User, proposalID int64) (Letter, error) {
	v, err := d.ViewReply(ctx, u, proposalID, 0)
	if err == nil && len(v.Letters) == 0 {
		err = found(pgx.ErrNoRows, "letter of proposal", proposalID)
	}
	if err != nil {
		return Letter{}, err
	}
	return v.Letters[0], nil
}
