package web

import (
	"fmt"
	"math"
	"time"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// zone is where the service works: Asia/Shanghai has had no summer time since
// 1991.
var zone = time.FixedZone("CST", 8*3600)

// soon is how many days before it a day is shown as near, and soonWorking how
// many working days.
const (
	soon        = 14
	soonWorking = 10
)

// A dueDay is a day by which something must be done, as a page shows it.
type dueDay struct {
	Day   string // as 2025-06-17; empty for none
	Left  string // how far it is from today; empty when that matters no more
	Class string // late, soon, or empty
	// Provisional says that the day itself was counted through a year whose
	// calendar is not published.
	Provisional bool
}

// dueWorking shows a day that is awaited, with the working days left to it. Where
// only days off are left, it is not yet the last day.
func (p *pages) dueWorking(day string, left int32, provisional bool) dueDay {
	d := dueDay{Day: day, Left: fmt.Sprintf("还有 %d 个工作日", left)}
	if left <= soonWorking {
		d.Class = "soon"
	}
	switch today := p.today(); {
	case day == today:
		d.Left = "今天到期"
	case day < today && left == 0:
		d.Left, d.Class = "已逾期", "late"
	case day < today:
		d.Left, d.Class = fmt.Sprintf("逾期 %d 个工作日", -left), "late"
	}
	if provisional {
		d.Left += "（暂定）"
	}
	return d
}

// replyDue shows the day of a proposal's reply.
func (p *pages) replyDue(of *fuyanv1.Proposal) dueDay {
	if !awaitsLetter(of) {
		return dueDay{Day: of.GetReplyDue()}
	}
	return p.dueWorking(of.ReplyDue, of.WorkingDaysLeft, of.LeftProvisional)
}

// due shows a day that was agreed, of something that is open or not.
func (p *pages) due(day string, open bool) dueDay {
	d := dueDay{Day: day}
	at, err := time.Parse(time.DateOnly, day)
	if err != nil || !open {
		return d
	}
	today, _ := time.Parse(time.DateOnly, p.today())
	switch left := int(math.Round(at.Sub(today).Hours() / 24)); {
	case left < 0:
		d.Left, d.Class = fmt.Sprintf("逾期 %d 天", -left), "late"
	case left == 0:
		d.Left, d.Class = "今天到期", "soon"
	case left <= soon:
		d.Left, d.Class = fmt.Sprintf("还有 %d 天", left), "soon"
	default:
		d.Left = fmt.Sprintf("还有 %d 天", left)
	}
	return d
}

// today is the day it is here, as 2025-06-17.
func (p *pages) today() string { return p.now().In(zone).Format(time.DateOnly) }

// chineseDay writes 2025-06-17 as 2025年6月17日, and anything else as it is.
func chineseDay(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.Format("2006年1月2日")
}
