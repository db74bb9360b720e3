package web_test

import fuyanv1 "fuyan/gen/fuyan/v1"

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
