package web

import (
	"strconv"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

type letterPage struct {
	Proposal *fuyanv1.Proposal
	Letter   *fuyanv1.Letter // nil before it is issued
	Draft    *fuyanv1.Draft  // what it is made from; nil once it is issued
	Paper    paper
}

// showLetter shows the letter as it was issued, or as the saved draft will look.
func (p *pages) showLetter(r *request) (letterPage, error) {
	id, err := r.id()
	if err != nil {
		return letterPage{}, err
	}
	answer, err := p.proposals.GetProposal(r.Context(), &fuyanv1.GetProposalRequest{ProposalId: id})
	if err != nil {
		return letterPage{}, err
	}
	page := letterPage{Proposal: answer.GetView().GetProposal()}
	round, _ := strconv.ParseInt(r.URL.Query().Get("round"), 10, 32)
	reply, err := p.replyOf(r.Context(), id, int32(round))
	if err != nil {
		return page, err
	}
	if letters := reply.GetLetters(); len(letters) > 0 {
		page.Letter = letters[0]
		page.Paper = paperOf(page.Letter.Text, page.Letter.Lines, nil)
		return page, nil
	}
	if page.Draft = latestDraft(reply); page.Draft == nil || reply.GetRound() != page.Proposal.GetRound() {
		return page, errNoPage
	}
	check, err := p.replies.CheckDraft(r.Context(), &fuyanv1.CheckDraftRequest{ProposalId: id})
	page.Paper = draftPaperOf(check.GetLetter(), check.GetLetterLines())
	return page, err
}
