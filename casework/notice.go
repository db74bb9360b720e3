package casework

import (
	"fmt"
	"slices"
	"time"
)

// A Recipient (提醒对象) is somebody who is told of a deadline, by what they are
// to it.
type Recipient string

const (
	ToHandler   Recipient = "handler"   // 经办人; of a promise its owner
	ToHead      Recipient = "head"      // 处室负责人
	ToOffice    Recipient = "office"    // 办公室 of the organ that must act
	ToOversight Recipient = "oversight" // 督办单位
	ToProposer  Recipient = "proposer"  // 提出人
)

// Recipients lists them in the order in which a matter climbs.
var Recipients = []Recipient{ToProposer, ToHandler, ToHead, ToOffice, ToOversight}

// Label returns what people call r.
func (r Recipient) Label() string {
	switch r {
	case ToHandler:
		return "经办人"
	case ToHead:
		return "处室负责人"
	case ToOffice:
		return "办公室"
	case ToOversight:
		return "督办单位"
	case ToProposer:
		return "提出人"
	default:
		return string(r)
	}
}

// A Rung is one step of a ladder.
type Rung struct {
	Days  int // working days after the due day; before it where negative
	Tells []Recipient
}

// A Ladder (提醒阶梯) says who is told of a deadline, and when.
type Ladder struct {
	Code  string // of the rule; REDO climbs that of REPLY
	Rungs []Rung // by day
	Every int    // the last rung comes again each so many working days; 0 for never
}

// LadderCodes are the codes of the ladders, in the order of a proposal's life.
var LadderCodes = []string{RuleReturn, RuleReply, RuleOpinion, RulePublish, RuleFeedback, Commitment}

// LadderOf returns the code of the ladder that a deadline of the rule climbs.
func LadderOf(rule string) string {
	switch rule {
	case RuleRedo:
		return RuleReply
	case UrgeAnswer:
		return Commitment
	default:
		return rule
	}
}

const (
	mostRungs = 20
	mostDays  = 60
)

// Check says what is wrong with a ladder that somebody wrote.
func (l Ladder) Check() error {
	switch {
	case !slices.Contains(LadderCodes, l.Code):
		return Invalid("ladder.code", "没有这种期限的提醒")
	case len(l.Rungs) == 0 || len(l.Rungs) > mostRungs:
		return Invalid("ladder.rungs", "应有1至%d级", mostRungs)
	case l.Every < 0 || l.Every > mostDays:
		return Invalid("ladder.every", "应在0至%d之间", mostDays)
	case l.Every > 0 && l.Rungs[len(l.Rungs)-1].Days < 0:
		return Invalid("ladder.every", "最后一级在到期之前的，不能重复提醒")
	}
	for i, r := range l.Rungs {
		if err := r.check(fmt.Sprintf("ladder.rungs[%d]", i), l.Code); err != nil {
			return err
		}
		if i > 0 && r.Days <= l.Rungs[i-1].Days {
			return Invalid(fmt.Sprintf("ladder.rungs[%d].days", i), "应在上一级之后")
		}
	}
	return nil
}

func (r Rung) check(field, code string) error {
	if r.Days < -mostDays || r.Days > mostDays {
		return Invalid(field+".days", "应在到期前后%d个工作日以内", mostDays)
	}
	if len(r.Tells) == 0 {
		return Invalid(field+".tells", "至少一项")
	}
	for i, to := range r.Tells {
		switch {
		case !slices.Contains(Recipients, to):
			return Invalid(field+".tells", "没有这种提醒对象")
		case slices.Contains(r.Tells[:i], to):
			return Invalid(field+".tells", "有重复的提醒对象")
		case to == ToProposer && code != RuleFeedback:
			return Invalid(field+".tells", "提出人只在反馈的提醒中告知")
		}
	}
	return nil
}

// Hours are when people are told things: on working days, by the clock of a
// zone.
type Hours struct {
	Calendar Calendar
	Zone     *time.Location
}

// firstHour is when a rung of the day is told.
const firstHour = 9

// Morning returns the moment of the day at which its rungs are told.
func (h Hours) Morning(day Date) time.Time {
	return time.Date(day.Year, day.Month, day.Day, firstHour, 0, 0, 0, h.Zone)
}

// Opens returns the moment itself where people may be told then, on a working
// day from the hour on, and else the next morning when they may.
func (h Hours) Opens(now time.Time) time.Time {
	day := DateOf(now, h.Zone)
	if working, _ := h.Calendar.Working(day); !working {
		return h.Morning(h.Calendar.AddWorkingDays(day, 1).Day)
	}
	if morning := h.Morning(day); now.Before(morning) {
		return morning
	}
	return now
}

// Day returns the working day that stands so many working days after the due
// day, or before it where days is negative. 0 is the due day itself, or the
// last working day before it where it is a day off: what is due on a day off
// must be done by then.
func (h Hours) Day(due Date, days int) Date {
	if days > 0 {
		return h.Calendar.AddWorkingDays(due, days).Day
	}
	day := due
	if days == 0 {
		day = day.AddDays(1)
		days = -1
	}
	for days < 0 {
		day = day.AddDays(-1)
		if working, _ := h.Calendar.Working(day); working {
			days++
		}
	}
	return day
}

// A Telling is a rung of one deadline, with its moment.
type Telling struct {
	Rung
	At time.Time
}

// Tellings returns the tellings of a deadline in order, up to the first that
// comes after until where the ladder goes on without end.
func (l Ladder) Tellings(due Date, until time.Time, h Hours) []Telling {
	var out []Telling
	for _, r := range l.Rungs {
		out = append(out, Telling{r, h.Morning(h.Day(due, r.Days))})
	}
	if l.Every == 0 || len(out) == 0 {
		return out
	}
	for last := out[len(out)-1]; !last.At.After(until); {
		last.Days += l.Every
		last.At = h.Morning(h.Day(due, last.Days))
		out = append(out, last)
	}
	return out
}

// Stand says where a deadline stands on its ladder: the tellings that have come
// since it was armed, and the next one, none where there are no more.
func Stand(list []Telling, armed, now time.Time) (come []Telling, next Telling) {
	for _, t := range list {
		switch {
		case t.At.After(now):
			return come, t
		case !t.At.Before(armed):
			come = append(come, t)
		}
	}
	return come, Telling{}
}

// Together makes one telling of several, so that nobody hears of one day twice
// at once: the last, for all whom it tells and whom those tell that come after
// the rung told already.
func Together(list []Telling, told int) (t Telling) {
	if len(list) == 0 {
		return t
	}
	t = list[len(list)-1]
	t.Tells = slices.Clone(t.Tells)
	for _, one := range list {
		for _, to := range one.Tells {
			if one.Days > told && !slices.Contains(t.Tells, to) {
				t.Tells = append(t.Tells, to)
			}
		}
	}
	return t
}
