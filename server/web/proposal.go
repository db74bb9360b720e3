package web

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"connectrpc.com/connect/v2"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type proposalPage struct {
	*fuyanv1.ProposalView
	Due         dueDay
	Steps       []step
	Deadlines   []deadlineRow
	Reply       *replyPart // nil while there is none
	Rounds      []round
	Feedback    []*fuyanv1.FeedbackRound
	Commitments []commitmentRow
	Events      []*fuyanv1.Event
	Moves       []formView
	Followed    *followedPart // by its proposers; nil for others
	Draft       string        // what the link to the draft says; empty for no link
}

// A step is one state of the step line.
type step struct {
	State   fuyanv1.State
	Passed  bool
	Present bool
}

// A round leads to the reply of an earlier or later round.
type round struct {
	Number  int32
	Href    string
	Present bool
}

func (p *pages) showProposal(r *request) (proposalPage, error) {
	id, err := r.id()
	if err != nil {
		return proposalPage{}, err
	}
	ctx := r.Context()
	answer, err := p.proposals.GetProposal(ctx, &fuyanv1.GetProposalRequest{ProposalId: id})
	if err != nil {
		return proposalPage{}, err
	}
	view := answer.View
	page := proposalPage{
		ProposalView: view,
		Due:          p.replyDue(view.Proposal),
		Steps:        steps(view.Proposal.State),
		Deadlines:    p.deadlines(view.Deadlines, view.Proposal.State),
	}
	found, err := p.commitmentsOf(ctx, id)
	if err != nil {
		return page, err
	}
	page.Commitments = p.commitmentRows(found)
	number, _ := strconv.ParseInt(r.URL.Query().Get("round"), 10, 32)
	reply, err := p.replyOf(ctx, id, int32(number))
	if err != nil {
		return page, err
	}
	page.Reply = replyPartOf(reply, view.Proposal.Kind, found)
	if page.Reply != nil {
		page.Reply.Paper = paperLink(r, view.Proposal, reply)
		page.Reply.PublicationDue = dueOf(page.Deadlines, "PUBLISH", dueDay{Day: reply.Publication.GetDue()})
	}
	page.Rounds = rounds(view.Proposal, reply)
	if page.Feedback, err = p.feedbackOf(ctx, id); err != nil {
		return page, err
	}
	if page.Events, err = p.eventsOf(ctx, id); err != nil {
		return page, err
	}
	if page.Followed, err = p.followedOf(r, id); err != nil {
		return page, err
	}
	return page, p.addMoves(r, &page, reply)
}

// steps is the way that a proposal has gone and will go. One that left the way
// shows where it is instead.
func steps(now fuyanv1.State) []step {
	way := []fuyanv1.State{
		fuyanv1.State_STATE_RECEIVED, fuyanv1.State_STATE_ACCEPTED, fuyanv1.State_STATE_DRAFTING,
		fuyanv1.State_STATE_REVIEWING, fuyanv1.State_STATE_SIGNED, fuyanv1.State_STATE_ISSUED,
		fuyanv1.State_STATE_ANSWERED, fuyanv1.State_STATE_CLOSED,
	}
	at := slices.Index(way, now)
	if at < 0 {
		way, at = []fuyanv1.State{fuyanv1.State_STATE_RECEIVED, now}, 1
	}
	out := make([]step, len(way))
	for i, s := range way {
		out[i] = step{s, i < at, i == at}
	}
	return out
}

// rounds are the replies of a proposal that was handed back for another one.
func rounds(proposal *fuyanv1.Proposal, shown *fuyanv1.Reply) []round {
	if proposal.Round < 2 {
		return nil
	}
	var out []round
	for n := int32(1); n <= proposal.Round; n++ {
		out = append(out, round{n, fmt.Sprintf("/proposals/%d?round=%d#reply", proposal.Id, n), n == shown.GetRound()})
	}
	return out
}

// replyOf is the reply of a round, the present one for 0; nil while there is
// none.
func (p *pages) replyOf(ctx context.Context, id int64, round int32) (*fuyanv1.Reply, error) {
	answer, err := p.replies.GetReply(ctx, &fuyanv1.GetReplyRequest{ProposalId: id, Round: max(round, 0)})
	if connect.CodeOf(err) == connect.CodeNotFound {
		return nil, nil
	}
	return answer.GetReply(), err
}

func (p *pages) eventsOf(ctx context.Context, id int64) ([]*fuyanv1.Event, error) {
	return everyPage(func(token string) ([]*fuyanv1.Event, string, error) {
		answer, err := p.proposals.ListEvents(ctx, &fuyanv1.ListEventsRequest{ProposalId: id, PageSize: pageSize, PageToken: token})
		return answer.GetEvents(), answer.GetNextPageToken(), err
	})
}

// addMoves gives the page a form for every move that the caller may make, the
// first one open.
func (p *pages) addMoves(r *request, page *proposalPage, reply *fuyanv1.Reply) error {
	s := subject{proposal: page.ProposalView, reply: reply, feedback: page.Feedback, me: r.me, today: p.today()}
	var err error
	for _, m := range page.ProposalView.Moves {
		switch m.Rpc {
		case "AssignProposal":
			s.users, err = p.usersIfAllowed(r.Context())
		case "RequestOpinion":
			s.organs, err = p.organsOf(r.Context())
		}
		if err != nil {
			return err
		}
	}
	var offered []offer
	for _, m := range page.ProposalView.Moves {
		form := m.Rpc
		if m.Rpc == "GiveFeedback" {
			form = feedbackForm(s)
		}
		offered = append(offered, offer{form, m.Label})
	}
	page.Draft = draftLink(r, page.ProposalView, reply)
	page.Moves = p.moves(r, onProposal, page.Proposal.Version, offered, s)
	return nil
}

// draftLink is what the link to the draft says to who writes it, and from the
// review on to all of the departments who may read it.
func draftLink(r *request, v *fuyanv1.ProposalView, reply *fuyanv1.Reply) string {
	writes, plans := offers(v, "SaveDraft"), offers(v, "PlanPromise") || offers(v, "WaivePromise")
	reads := reply.GetRound() == v.Proposal.Round && len(reply.GetDrafts()) > 0 && reviewed(v.Proposal.State) &&
		r.is(fuyanv1.Role_ROLE_OFFICE, fuyanv1.Role_ROLE_REVIEWER, fuyanv1.Role_ROLE_HANDLER)
	switch {
	case writes:
		return "去拟稿"
	case plans, reads:
		return "查看稿件与承诺"
	}
	return ""
}

// paperLink leads to the letter on paper: once it is issued for everybody who has
// it, before that for who may check the draft.
func paperLink(r *request, proposal *fuyanv1.Proposal, reply *fuyanv1.Reply) string {
	checks := r.is(fuyanv1.Role_ROLE_OFFICE, fuyanv1.Role_ROLE_REVIEWER, fuyanv1.Role_ROLE_HANDLER)
	if len(reply.Letters) == 0 && (!checks || len(reply.Drafts) == 0 || reply.Round != proposal.Round) {
		return ""
	}
	return fmt.Sprintf("/proposals/%d/letter?round=%d", proposal.Id, reply.Round)
}

// reviewed tells of a state whether the draft has come to its reviewers.
func reviewed(s fuyanv1.State) bool {
	return slices.Contains([]fuyanv1.State{
		fuyanv1.State_STATE_REVIEWING, fuyanv1.State_STATE_SIGNED, fuyanv1.State_STATE_ISSUED,
		fuyanv1.State_STATE_ANSWERED, fuyanv1.State_STATE_CLOSED,
	}, s)
}
