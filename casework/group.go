package casework

import "slices"

// A CommitmentGroup is a set of commitments that somebody must look after.
type CommitmentGroup string

const (
	GroupOverdue   CommitmentGroup = "overdue"   // open past their day, 逾期
	GroupDueSoon   CommitmentGroup = "due_soon"  // open, with a day from today to [SoonDays] later
	GroupSilent    CommitmentGroup = "silent"    // open or done, and never a word of who keeps them, 无进展无凭据
	GroupSlipped   CommitmentGroup = "slipped"   // put off at least once, whatever became of them
	GroupDropped   CommitmentGroup = "dropped"   // given up, 终止
	GroupContested CommitmentGroup = "contested" // judged kept, and a proposer says otherwise
	GroupUnowned   CommitmentGroup = "unowned"   // open, and nobody at work there has accepted them
	GroupNoted     CommitmentGroup = "noted"     // found in a letter, and given neither owner nor day yet, 待确认
)

// CommitmentGroups lists every group.
var CommitmentGroups = []CommitmentGroup{
	GroupOverdue, GroupDueSoon, GroupSilent, GroupSlipped, GroupDropped, GroupContested, GroupUnowned, GroupNoted,
}

// SoonDays is how many days after today a day may be to be near.
const SoonDays = 30

// An OverdueAge says how long ago, in calendar days, the day of an overdue
// commitment was.
type OverdueAge string

const (
	OverdueTo30    OverdueAge = "to_30"
	OverdueTo90    OverdueAge = "to_90"
	OverdueTo180   OverdueAge = "to_180"
	OverdueOver180 OverdueAge = "over_180"
)

// OverdueAges lists every age, the latest days first.
var OverdueAges = []OverdueAge{OverdueTo30, OverdueTo90, OverdueTo180, OverdueOver180}

// overdueDays are the most days of each age but the last, which has no end.
var overdueDays = []int{30, 90, 180}

// Days returns the first and the last day that are overdue so long on the day
// today; the first is none for the age that has no end.
func (a OverdueAge) Days(today Date) (first, last Date) {
	i := slices.Index(OverdueAges, a)
	if i < len(overdueDays) {
		first = today.AddDays(-overdueDays[i])
	}
	last = today.AddDays(-1)
	if i > 0 {
		last = today.AddDays(-overdueDays[i-1] - 1)
	}
	return first, last
}

// OverdueBy returns how many days a commitment with this state and day is
// overdue, 0 when it is not.
func OverdueBy(s CommitmentState, due, today Date) int {
	if s != Open || due.IsZero() {
		return 0
	}
	return max(today.Sub(due), 0)
}

// SlippedBy returns how many days later a commitment's day is than its first,
// 0 when it is not later.
func SlippedBy(first, due Date) int {
	if first.IsZero() || due.IsZero() {
		return 0
	}
	return max(due.Sub(first), 0)
}

// A Slip is by how many days so many commitments were put off.
type Slip struct{ Days, Count int }

// MedianSlip returns the median of slips, which are ordered by days: of an even
// number the lower one, 0 of none.
func MedianSlip(slips []Slip) int {
	total := 0
	for _, s := range slips {
		total += s.Count
	}
	passed := 0
	for _, s := range slips {
		if passed += s.Count; 2*passed >= total {
			return s.Days
		}
	}
	return 0
}
