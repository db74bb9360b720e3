package web

import fuyanv1 "fuyan/gen/fuyan/v1"

func confirmCommitment(in input) *fuyanv1.ConfirmCommitmentRequest {
	return &fuyanv1.ConfirmCommitmentRequest{
		RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version,
		OwnerId: in.number64("owner_id"), Due: in.text("due"),
		Deliverable: in.text("deliverable"), Criterion: in.text("criterion"),
	}
}

func waiveCommitment(in input) *fuyanv1.WaiveCommitmentRequest {
	return &fuyanv1.WaiveCommitmentRequest{
		RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version,
		Reason: in.text("reason"),
	}
}

func reportProgress(in input) *fuyanv1.ReportProgressRequest {
	return &fuyanv1.ReportProgressRequest{
		RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version,
		Text: in.text("text"), Day: in.text("day"), FileIds: in.fileIDs(),
	}
}

func reportDone(in input) *fuyanv1.ReportDoneRequest {
	return &fuyanv1.ReportDoneRequest{
		RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version,
		Evidence: in.text("evidence"), Day: in.text("day"), FileIds: in.fileIDs(),
	}
}

func verifyCommitment(in input) *fuyanv1.VerifyCommitmentRequest {
	return &fuyanv1.VerifyCommitmentRequest{
		RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version,
		Accepted: in.text("accepted") == "yes", Comment: in.text("comment"),
		ToldDay: in.text("told_day"), ToldHow: in.text("told_how"),
	}
}

func changeDueDay(in input) *fuyanv1.ChangeDueDayRequest {
	return &fuyanv1.ChangeDueDayRequest{
		RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version,
		Due: in.text("due"), Reason: in.text("reason"), AgreedBy: in.text("agreed_by"),
	}
}

func dropCommitment(in input) *fuyanv1.DropCommitmentRequest {
	return &fuyanv1.DropCommitmentRequest{
		RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version,
		Report: in.text("report"), SignedBy: in.text("signed_by"), SignedDay: in.text("signed_day"), FileIds: in.fileIDs(),
	}
}

func reopenCommitment(in input) *fuyanv1.ReopenCommitmentRequest {
	return &fuyanv1.ReopenCommitmentRequest{
		RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version,
		Reason: in.text("reason"), Due: in.text("due"),
	}
}

func urgeCommitment(in input) *fuyanv1.UrgeCommitmentRequest {
	return &fuyanv1.UrgeCommitmentRequest{
		RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version,
		Text: in.text("text"), AnswerBy: in.text("answer_by"),
	}
}

func receiveUrge(in input) *fuyanv1.ReceiveUrgeRequest {
	return &fuyanv1.ReceiveUrgeRequest{RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version}
}

func answerUrge(in input) *fuyanv1.AnswerUrgeRequest {
	return &fuyanv1.AnswerUrgeRequest{
		RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version,
		UrgeId: in.number64("urge_id"), Text: in.text("text"),
	}
}

func reassignCommitment(in input) *fuyanv1.ReassignCommitmentRequest {
	return &fuyanv1.ReassignCommitmentRequest{
		RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version,
		OwnerId: in.number64("owner_id"), Reason: in.text("reason"),
	}
}

func acceptCommitment(in input) *fuyanv1.AcceptCommitmentRequest {
	return &fuyanv1.AcceptCommitmentRequest{
		RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version,
		Accepted: in.text("accepted") == "yes", Reason: in.text("reason"),
	}
}

func answerKeeping(in input) *fuyanv1.AnswerKeepingRequest {
	return &fuyanv1.AnswerKeepingRequest{
		RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version,
		ProposerId: in.number64("proposer_id"), Kept: in.text("kept") == "yes", Text: in.text("text"),
		Channel: picked(in, "channel", feedbackChannels),
	}
}

func upholdCommitment(in input) *fuyanv1.UpholdCommitmentRequest {
	return &fuyanv1.UpholdCommitmentRequest{
		RequestId: in.requestID, CommitmentId: in.id, ExpectedVersion: in.version,
		Reason: in.text("reason"),
	}
}
