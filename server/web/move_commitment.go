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
		Report: in.text("report"), SignedBy: in.text("signed_by"), FileIds: in.fileIDs(),
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
		Text: in.text("text"),
	}
}
