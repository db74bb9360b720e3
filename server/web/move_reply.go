package web

import fuyanv1 "fuyan/gen/fuyan/v1"

func saveDraft(in input) *fuyanv1.SaveDraftRequest {
	return &fuyanv1.SaveDraftRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Text: in.verbatim("text"), Result: pickedResult(in, "result"),
		Publicity:      picked(in, "publicity", publicities),
		WithholdReason: in.text("withhold_reason"), Summary: in.verbatim("summary"),
		EditorId: in.text("editor_id"), WorkingCopyVersion: in.number64("copy_version"),
	}
}

func keepWorkingCopy(in input) *fuyanv1.KeepWorkingCopyRequest {
	return &fuyanv1.KeepWorkingCopyRequest{
		ProposalId: in.id, EditorId: in.text("editor_id"), Revision: in.number64("revision"),
		ExpectedVersion: in.number64("copy_version"), Base: in.number32("base"),
		Text: in.verbatim("text"), Result: pickedResult(in, "result"), Publicity: picked(in, "publicity", publicities),
		WithholdReason: in.text("withhold_reason"), Summary: in.verbatim("summary"),
	}
}

func dropWorkingCopy(in input) *fuyanv1.DropWorkingCopyRequest {
	return &fuyanv1.DropWorkingCopyRequest{RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version}
}

// pickedResult is the result chosen. Suggestions have every result there is.
func pickedResult(in input, name string) fuyanv1.Result {
	return picked(in, name, results[fuyanv1.Kind_KIND_NPC_SUGGESTION])
}

func planPromise(in input) *fuyanv1.PlanPromiseRequest {
	return &fuyanv1.PlanPromiseRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Text: in.verbatim("text"), OwnerId: in.number64("owner_id"), Due: in.text("due"),
		Deliverable: in.text("deliverable"), Criterion: in.text("criterion"),
	}
}

func waivePromise(in input) *fuyanv1.WaivePromiseRequest {
	return &fuyanv1.WaivePromiseRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Text: in.verbatim("text"), Reason: in.text("reason"),
	}
}

func submitReply(in input) *fuyanv1.SubmitReplyRequest {
	return &fuyanv1.SubmitReplyRequest{RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version}
}

func approveReply(in input) *fuyanv1.ApproveReplyRequest {
	return &fuyanv1.ApproveReplyRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Comment: in.text("comment"),
	}
}

func sendBackReply(in input) *fuyanv1.SendBackReplyRequest {
	return &fuyanv1.SendBackReplyRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Comment: in.text("comment"),
	}
}

func signReply(in input) *fuyanv1.SignReplyRequest {
	return &fuyanv1.SignReplyRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Comment: in.text("comment"),
	}
}

func issueReply(in input) *fuyanv1.IssueReplyRequest {
	return &fuyanv1.IssueReplyRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		OverrideReason: in.text("override_reason"), IssueDate: in.text("issue_date"),
	}
}

func correctLetter(in input) *fuyanv1.CorrectLetterRequest {
	return &fuyanv1.CorrectLetterRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Text: in.verbatim("text"), Reason: in.text("reason"),
	}
}

func recordDelivery(in input) *fuyanv1.RecordDeliveryRequest {
	return &fuyanv1.RecordDeliveryRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		ProposerId: in.number64("proposer_id"), Channel: picked(in, "channel", deliveryChannels),
		Day: in.text("day"), Proof: in.text("proof"),
	}
}

func sendCopy(in input) *fuyanv1.SendCopyRequest {
	return &fuyanv1.SendCopyRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		OrganId: in.number64("organ_id"),
	}
}

func acknowledgeCopy(in input) *fuyanv1.AcknowledgeCopyRequest {
	return &fuyanv1.AcknowledgeCopyRequest{RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version}
}

func publishReply(in input) *fuyanv1.PublishReplyRequest {
	return &fuyanv1.PublishReplyRequest{RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version}
}

func takeDownReply(in input) *fuyanv1.TakeDownReplyRequest {
	return &fuyanv1.TakeDownReplyRequest{
		RequestId: in.requestID, ProposalId: in.id, ExpectedVersion: in.version,
		Reason: in.text("reason"),
	}
}

func voidNumber(in input) *fuyanv1.VoidNumberRequest {
	return &fuyanv1.VoidNumberRequest{
		RequestId: in.requestID, OrganId: in.number64("organ_id"), Kind: picked(in, "kind", kinds),
		Year: in.number32("year"), Reason: in.text("reason"),
	}
}
