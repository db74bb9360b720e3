package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connectproto"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
)

// AssignProposals assigns each by itself, as AssignProposal does, with a request
// id of its own that follows from the one given.
func (s *proposalService) AssignProposals(ctx context.Context, req *fuyanv1.AssignProposalsRequest) (*fuyanv1.AssignProposalsResponse, error) {
	seen := map[int64]bool{}
	for i, p := range req.Proposals {
		if seen[p.ProposalId] {
			return nil, casework.Invalid(fmt.Sprintf("proposals[%d].proposal_id", i), "同一件只能出现一次")
		}
		seen[p.ProposalId] = true
	}
	out := new(fuyanv1.AssignProposalsResponse)
	for _, p := range req.Proposals {
		answer, err := s.AssignProposal(ctx, &fuyanv1.AssignProposalRequest{
			RequestId: requestOf(req.RequestId, p.ProposalId), ProposalId: p.ProposalId,
			ExpectedVersion: p.ExpectedVersion, HandlerId: req.HandlerId,
		})
		outcome := &fuyanv1.AssignOutcome{ProposalId: p.ProposalId, Proposal: answer.GetProposal()}
		if err != nil {
			if err := refusedBy(err, outcome); err != nil {
				return nil, err
			}
		}
		out.Outcomes = append(out.Outcomes, outcome)
	}
	return out, nil
}

// requestOf is the id of the part of a request that is about one proposal: always
// the same, so that it is done once.
func requestOf(request string, proposalID int64) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", request, proposalID))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// refusedBy says in an outcome why it was refused. An error that nobody is told of
// it returns: the whole request is tried again.
func refusedBy(err error, outcome *fuyanv1.AssignOutcome) error {
	refused, ok := errors.AsType[*connect.Error](outside(err))
	if !ok || len(refused.Details()) == 0 {
		return err
	}
	detail, broken := connectproto.UnmarshalErrorDetail(refused.Details()[0])
	if broken != nil {
		return broken
	}
	outcome.Refusal, _ = detail.(*fuyanv1.Refusal)
	outcome.Message = refused.Message()
	return nil
}
