package web_test

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// board has two organs, one of which has more owners than are named.
func board() *fuyanv1.CommitmentBoard {
	return &fuyanv1.CommitmentBoard{
		Day: "2026-05-20", SlippedDays: 95, MedianSlippedDays: 31,
		Counts: &fuyanv1.CommitmentCounts{Overdue: 14, OverdueByAge: []int32{7, 4, 2, 1}, DueSoon: 5, Silent: 6, Slipped: 3, Dropped: 2, Contested: 1, Noted: 4},
		Organs: []*fuyanv1.OrganCounts{
			{
				OrganId: 1, Organ: "上海市科学技术委员会",
				Counts:      &fuyanv1.CommitmentCounts{Overdue: 14, OverdueByAge: []int32{7, 4, 2, 1}, DueSoon: 3, Silent: 6, Slipped: 3, Contested: 1, Noted: 4},
				Owners:      []*fuyanv1.OwnerCount{{OwnerId: 2, Owner: "李伟", Overdue: 9}, {OwnerId: 5, Owner: "王敏", Overdue: 2}},
				OtherOwners: 2, OthersOverdue: 3,
			},
			{OrganId: 2, Organ: "上海市知识产权局", Counts: &fuyanv1.CommitmentCounts{OverdueByAge: []int32{0, 0, 0, 0}, DueSoon: 2, Dropped: 2}},
		},
	}
}

// overdueBoard has an organ that is late with everything and one with a little.
func overdueBoard() *fuyanv1.OverdueBoard {
	return &fuyanv1.OverdueBoard{
		Day:     "2026-05-20",
		Total:   &fuyanv1.OverdueCounts{Replies: []int32{6, 3, 0, 1}, Promises: []int32{7, 4, 2, 1}, Publications: []int32{2, 0, 0, 0}},
		Waiting: &fuyanv1.WaitingCounts{Extensions: 2, Returns: 1, Copies: 12},
		Organs: []*fuyanv1.OrganOverdue{
			{OrganId: 1, Organ: "上海市科学技术委员会", Counts: &fuyanv1.OverdueCounts{Replies: []int32{4, 3, 0, 1}, Promises: []int32{7, 4, 2, 1}, Publications: []int32{2, 0, 0, 0}}},
			{OrganId: 2, Organ: "上海市知识产权局", Counts: &fuyanv1.OverdueCounts{Replies: []int32{2, 0, 0, 0}, Promises: []int32{0, 0, 0, 0}, Publications: []int32{0, 0, 0, 0}}},
		},
	}
}

func boardItems() []*fuyanv1.BoardItem {
	late := proposals()[2]
	return []*fuyanv1.BoardItem{
		{Proposal: late, Day: "2026-05-16", Days: 4},
		{Proposal: proposals()[1], Day: "2026-05-20", Reason: "会办单位尚未答复，<需要>再沟通。", Until: "2026-07-26"},
	}
}

func jobs() *fuyanv1.ListJobsResponse {
	return &fuyanv1.ListJobsResponse{
		Jobs: []*fuyanv1.Job{
			{
				Id: 812, Kind: "send_notice", State: fuyanv1.JobState_JOB_STATE_RETRYABLE, Attempt: 3, MaxAttempts: 12, LastError: "dial tcp: connection refused",
				ErrorTime: at(20, 9), NextTime: at(20, 11), CreateTime: at(20, 8), AttemptTime: at(20, 9), MayRetry: true, MayCancel: true,
				Subjects: []*fuyanv1.JobSubject{{Name: "notice_id", Id: 77}},
			},
			{
				Id: 811, Kind: "tell_proposer", State: fuyanv1.JobState_JOB_STATE_DISCARDED, Attempt: 25, MaxAttempts: 25, LastError: "no letter",
				ErrorTime: at(19, 9), CreateTime: at(18, 8), MayRetry: true, Subjects: []*fuyanv1.JobSubject{{Name: "proposal_id", Id: 7}, {Name: "x_id", Id: 3}},
			},
			{Id: 810, Kind: "unheard_of", State: fuyanv1.JobState_JOB_STATE_COMPLETED, Attempt: 1, MaxAttempts: 1, CreateTime: at(18, 8)},
		},
		Counts: []*fuyanv1.JobCount{
			{Kind: "send_notice", State: fuyanv1.JobState_JOB_STATE_AVAILABLE, Count: 40},
			{Kind: "send_notice", State: fuyanv1.JobState_JOB_STATE_RETRYABLE, Count: 1},
			{Kind: "tell_proposer", State: fuyanv1.JobState_JOB_STATE_DISCARDED, Count: 1},
		},
	}
}

// followed are a proposal whose letter is there, with news, and one that is being
// answered.
func followed() []*fuyanv1.Followed {
	return []*fuyanv1.Followed{
		{
			Proposal: proposal(), NextStep: fuyanv1.NextStep_NEXT_STEP_FEEDBACK, NextDay: "2026-06-04", Letters: []string{"沪科提复〔2026〕25号"},
			News: events()[2:], NewsCount: 5, LastSeq: 4, SeenTime: timestamppb.New(at(2, 9).AsTime()),
		},
		{Proposal: proposals()[1], NextStep: fuyanv1.NextStep_NEXT_STEP_REPLY, NextDay: "2026-05-26", LastSeq: 3},
	}
}
