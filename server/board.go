package server

import (
	"context"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

func (s *commitmentService) GetCommitmentBoard(ctx context.Context, req *fuyanv1.GetCommitmentBoardRequest) (*fuyanv1.GetCommitmentBoardResponse, error) {
	b, err := s.db.CountCommitments(ctx, userFrom(ctx), req.OrganId, kinds.from[req.Kind])
	if err != nil {
		return nil, err
	}
	return &fuyanv1.GetCommitmentBoardResponse{Board: toBoard(b)}, nil
}

func toBoard(b postgres.Board) *fuyanv1.CommitmentBoard {
	out := &fuyanv1.CommitmentBoard{
		Day: b.Day.String(), Counts: toCounts(b.Counts), MedianSlippedDays: int32(casework.MedianSlip(b.Slips)),
		MoreOrgans: b.More,
	}
	for _, slip := range b.Slips {
		out.SlippedDays += int64(slip.Days) * int64(slip.Count)
	}
	for _, o := range b.Organs {
		organ := &fuyanv1.OrganCounts{
			OrganId: o.OrganID, Organ: o.Organ, Counts: toCounts(o.Counts), OtherOwners: o.OtherOwners, OthersOverdue: o.OthersOverdue,
		}
		for _, w := range o.Owners {
			organ.Owners = append(organ.Owners, &fuyanv1.OwnerCount{OwnerId: w.OwnerID, Owner: w.Owner, Overdue: w.Overdue})
		}
		out.Organs = append(out.Organs, organ)
	}
	return out
}

func toCounts(c postgres.Counts) *fuyanv1.CommitmentCounts {
	out := &fuyanv1.CommitmentCounts{
		Overdue: c.Groups[casework.GroupOverdue], DueSoon: c.Groups[casework.GroupDueSoon], Silent: c.Groups[casework.GroupSilent],
		Slipped: c.Groups[casework.GroupSlipped], Dropped: c.Groups[casework.GroupDropped],
		Contested: c.Groups[casework.GroupContested], Unowned: c.Groups[casework.GroupUnowned],
		Noted: c.Groups[casework.GroupNoted],
	}
	for _, a := range casework.OverdueAges {
		out.OverdueByAge = append(out.OverdueByAge, c.Ages[a])
	}
	return out
}
