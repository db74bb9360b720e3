package web

import (
	"context"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// contextLength is how many characters around its sentence a commitment's page
// shows at most.
const contextLength = 160

type commitmentPage struct {
	*fuyanv1.Commitment
	Due        dueDay
	Sentence   []piece // in its paragraph
	Progress   []*fuyanv1.Progress
	DueChanges []*fuyanv1.DueChange
	Urges      []*fuyanv1.Urge
	Answers    []*fuyanv1.KeepingAnswer
	Deadlines  []deadlineRow
	Moves      []formView
}

func (p *pages) showCommitment(r *request) (commitmentPage, error) {
	id, err := r.id()
	if err != nil {
		return commitmentPage{}, err
	}
	answer, err := p.commitments.GetCommitment(r.Context(), &fuyanv1.GetCommitmentRequest{CommitmentId: id})
	if err != nil {
		return commitmentPage{}, err
	}
	c := answer.Commitment
	page := commitmentPage{
		Commitment: c, Progress: answer.Progress, DueChanges: answer.DueChanges, Urges: answer.Urges,
		Answers: answer.Answers, Deadlines: p.deadlines(answer.Deadlines, 0),
	}
	page.Due = dueOf(page.Deadlines, "COMMITMENT", p.due(c.Due, c.State == fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN))
	if page.Sentence, err = p.sentence(r.Context(), c); err != nil {
		return page, err
	}
	page.Moves, err = p.commitmentMoves(r, answer)
	return page, err
}

// sentence finds the commitment's sentence in its letter, which may be one of an
// earlier round.
func (p *pages) sentence(ctx context.Context, c *fuyanv1.Commitment) ([]piece, error) {
	reply, err := p.replyOf(ctx, c.ProposalId, 0)
	for round := reply.GetRound(); err == nil && reply != nil; {
		for _, l := range reply.Letters {
			if l.Id == c.LetterId {
				return around(l.Text, markAt(c.Span, "promise", "", ""), contextLength), nil
			}
		}
		if round--; round < 1 {
			break
		}
		reply, err = p.replyOf(ctx, c.ProposalId, round)
	}
	return []piece{{Text: c.Text, Class: "promise"}}, err
}

func (p *pages) commitmentMoves(r *request, of *fuyanv1.GetCommitmentResponse) ([]formView, error) {
	c := of.Commitment
	s := subject{commitment: c, silent: of.Silent, urges: of.Urges, me: r.me, today: p.today()}
	var offered []offer
	for _, m := range of.Moves {
		offered = append(offered, offer{m.Rpc, m.Label})
		if m.Rpc == "ConfirmCommitment" || m.Rpc == "ReassignCommitment" {
			var err error
			if s.users, err = p.usersIfAllowed(r.Context()); err != nil {
				return nil, err
			}
		}
	}
	return p.moves(r, onCommitment, c.Version, offered, s), nil
}
