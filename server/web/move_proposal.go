package web

import fuyanv1 "fuyan/gen/fuyan/v1"

func acceptProposal(in input) *fuyanv1.AcceptProposalRequest {
	return &fuyanv1.AcceptProposalRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		SignedFor: in.text("signed_for"),
	}
}

func requestReturn(in input) *fuyanv1.RequestReturnRequest {
	return &fuyanv1.RequestReturnRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Reason: in.text("reason"),
	}
}

func decideReturn(in input) *fuyanv1.DecideReturnRequest {
	return &fuyanv1.DecideReturnRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Decision: picked(in, "decision", decisions), Reason: in.text("reason"),
	}
}

func assignProposal(in input) *fuyanv1.AssignProposalRequest {
	return &fuyanv1.AssignProposalRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		HandlerId: in.number64("handler_id"),
	}
}

func requestOpinion(in input) *fuyanv1.RequestOpinionRequest {
	return &fuyanv1.RequestOpinionRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		OrganId: in.number64("organ_id"), Question: in.text("question"),
	}
}

func submitOpinion(in input) *fuyanv1.SubmitOpinionRequest {
	return &fuyanv1.SubmitOpinionRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Text: in.text("text"),
	}
}

func recordContact(in input) *fuyanv1.RecordContactRequest {
	return &fuyanv1.RecordContactRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		ProposerId: in.number64("proposer_id"), Channel: picked(in, "channel", contactChannels),
		Day: in.text("day"), Summary: in.text("summary"),
	}
}

func requestExtension(in input) *fuyanv1.RequestExtensionRequest {
	return &fuyanv1.RequestExtensionRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Reason: in.text("reason"), Until: in.text("until"),
	}
}

func decideExtension(in input) *fuyanv1.DecideExtensionRequest {
	return &fuyanv1.DecideExtensionRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Decision: picked(in, "decision", decisions), Reason: in.text("reason"),
	}
}

func pauseDeadline(in input) *fuyanv1.PauseDeadlineRequest {
	return &fuyanv1.PauseDeadlineRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		DeadlineId: in.number64("deadline_id"), Reason: in.text("reason"),
	}
}

func resumeDeadline(in input) *fuyanv1.ResumeDeadlineRequest {
	return &fuyanv1.ResumeDeadlineRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		DeadlineId: in.number64("deadline_id"), Reason: in.text("reason"),
	}
}

func withdrawProposal(in input) *fuyanv1.WithdrawProposalRequest {
	return &fuyanv1.WithdrawProposalRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Reason: in.text("reason"),
	}
}

func redoProposal(in input) *fuyanv1.RedoProposalRequest {
	return &fuyanv1.RedoProposalRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Reason: in.text("reason"), Due: in.text("due"),
	}
}

func declineRedo(in input) *fuyanv1.DeclineRedoRequest {
	return &fuyanv1.DeclineRedoRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Reason: in.text("reason"),
	}
}

func closeProposal(in input) *fuyanv1.CloseProposalRequest {
	return &fuyanv1.CloseProposalRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Note: in.text("note"),
	}
}

func explainTermEnd(in input) *fuyanv1.ExplainTermEndRequest {
	return &fuyanv1.ExplainTermEndRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Text: in.text("text"), SignedBy: in.text("signed_by"), ToldDay: in.text("told_day"), ToldHow: in.text("told_how"),
	}
}

func endTerm(in input) *fuyanv1.EndTermRequest {
	return &fuyanv1.EndTermRequest{RequestId: in.requestID, Body: in.text("body"), Term: in.number32("term"), Ended: in.text("ended")}
}
