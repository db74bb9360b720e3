package bench

import (
	"strconv"

	"fuyan/casework"
)

// kept is a promise of a proposal and what becomes of it.
type kept struct {
	*promise
	id        int64
	fate      casework.CommitmentState
	wordsDue  day
	due       day // the first
	moved     day // the present one, where it is another
	version   int64
	reported  moment
	done      day
	judged    day
	endReason string
}

const (
	deliverable = "复文所述的文件、平台或服务"
	criterion   = "已正式印发、上线或开始受理，有公开可查的记录"
	evidence    = "文件已于门户网站公布，附印发件和上线记录。"
	report      = "经论证，现行规定不支持该项措施，拟不再推进。"
	noPromise   = "属一般性表态，没有可以核查的事项。"
	putOff      = "征求意见范围扩大，需增加一轮论证。"
	underWay    = "已形成工作方案并明确专人负责，正在征求相关单位意见。"
)

// plan decides of each promise of the draft what will be done about it, and writes
// what its handler says of it now.
func (l *life) plan() {
	on := l.handed + issueDays + l.organ.pace
	year := l.almanac.date(on).Year
	for i := range l.body.promises {
		k := kept{promise: &l.body.promises[i], version: 1}
		if d := k.Due.Day; !d.IsZero() {
			d.Year += year - readYear
			k.wordsDue = dayOf(d)
		}
		k.due = k.wordsDue
		if k.due <= on {
			k.due = on + 150 + day(l.pick(150))
		}
		k.fate = l.fate(on, k.due)
		l.promises = append(l.promises, k)
		l.writePlan(&l.promises[i])
	}
}

// issueDays is after how many days the fastest organ issues its letter.
const issueDays = 36

// fate is how it stands by now with a promise of a letter of one day that is due on
// another.
func (l *life) fate(issued, due day) casework.CommitmentState {
	n := l.pick(1000)
	age := l.almanac.today - due
	switch {
	case l.almanac.today-issued < 40 && n < 200 || n < 3:
		return casework.Noted
	case n < 70:
		return casework.Waived
	case age < 20 && n < 850 || age < 900 && n < 110 || n < 75:
		return casework.Open
	case age < 20 && n < 930 || age < 900 && n < 130:
		return casework.Done
	case n > 970:
		return casework.Dropped
	}
	return casework.Kept
}

func (l *life) writePlan(k *kept) {
	if k.fate == casework.Noted {
		return
	}
	s := l.out[promisePlans]
	s.row(10)
	s.long(l.next(promisePlans))
	s.long(l.replyID)
	s.text(k.Text)
	if k.fate == casework.Waived {
		s.null()
		s.null()
		s.text("")
		s.text("")
		s.text(noPromise)
		l.moved(casework.WaivePromise, l.handler, beginning(k.Text)+"："+noPromise)
	} else {
		s.long(l.handler.id)
		s.day(k.due)
		s.text(deliverable)
		s.text(criterion)
		s.text("")
		l.moved(casework.PlanPromise, l.handler, l.handler.name+"，"+l.almanac.text(k.due)+"："+beginning(k.Text))
	}
	s.long(l.handler.id)
	s.moment(l.now())
}

// beginning is enough of a sentence to know it by.
func beginning(sentence string) string {
	n := 0
	for i := range sentence {
		if n++; n > 40 {
			return sentence[:i] + "…"
		}
	}
	return sentence
}

// record puts the promises of the letter on record.
func (l *life) record() {
	var open, waived int
	for i := range l.promises {
		k := &l.promises[i]
		k.id = l.next(commitments)
		l.progress(k, "noted", "", person{}, casework.Noted)
		switch k.fate {
		case casework.Noted:
		case casework.Waived:
			waived++
			k.endReason = noPromise
			l.progress(k, "waived", noPromise, l.handler, casework.Waived)
		default:
			open++
			l.follow(k)
			l.progress(k, "confirmed", deliverable, l.handler, casework.Open)
		}
	}
	s := l.out[letterReadings]
	s.row(3)
	s.long(l.letter.id)
	s.int(len(l.promises))
	s.moment(l.now())
	note := l.letter.number + "，" + strconv.Itoa(len(l.promises)) + "项"
	if open > 0 {
		note += "，已确认" + strconv.Itoa(open) + "项"
	}
	if waived > 0 {
		note += "，不列入" + strconv.Itoa(waived) + "项"
	}
	l.event(casework.RecordCommitments, person{}, note)
}

func (l *life) follow(k *kept) {
	l.deadlines = append(l.deadlines, deadline{
		id: l.next(deadlines), rule: casework.Commitment, organ: l.organ.id, trigger: l.today, first: k.due, due: due{day: k.due},
		armed: l.now(), commitment: k.id, basis: l.letter.number,
	})
}

func (l *life) deadlineOf(k *kept) *deadline {
	for i := range l.deadlines {
		if l.deadlines[i].commitment == k.id {
			return &l.deadlines[i]
		}
	}
	return nil
}

// progress adds a line to what became of a promise.
func (l *life) progress(k *kept, kind, text string, by person, state casework.CommitmentState) {
	s := l.out[progress]
	s.row(8)
	s.long(l.next(progress))
	s.long(k.id)
	s.text(kind)
	s.text(text)
	s.day(l.today)
	s.id(by.id)
	s.moment(l.now())
	s.text(string(state))
}

// lines are how what is done to promises is called in their own histories, and what it
// makes of them.
var lines = map[casework.CommitmentVerb]struct {
	kind  string
	state casework.CommitmentState
}{
	casework.ReportProgress: {"progress", casework.Open},
	casework.ReportDone:     {"done", casework.Done},
	casework.VerifyKept:     {"accepted", casework.Kept},
	casework.ChangeDueDay:   {"due_changed", casework.Open},
	casework.Drop:           {"dropped", casework.Dropped},
}

// kept does something to a promise.
func (l *life) kept(k *kept, verb casework.CommitmentVerb, text string, by person) {
	k.version++
	l.event(casework.Verb(verb), by, "承诺事项 "+strconv.FormatInt(k.id, 10)+"“"+beginning(k.Text)+"”："+text)
	l.progress(k, lines[verb].kind, text, by, lines[verb].state)
}

// keepAll is what was done about the promises, and writes them.
func (l *life) keepAll() {
	if l.letter.id == 0 {
		return
	}
	for i := range l.promises {
		k := &l.promises[i]
		switch k.fate {
		case casework.Noted, casework.Waived:
		default:
			l.keep(k)
		}
		l.settlePromise(k)
		l.tally(k)
	}
}

// on is the day on which something is done about a promise: as early as that, but
// after what was done before, and in the past.
func (l *life) on(d day) {
	l.today = min(max(l.today, d), l.almanac.today-1)
	l.minutes++
}

func (l *life) keep(k *kept) {
	if l.letter.day+55 < l.almanac.today {
		l.on(l.letter.day + 55)
		k.reported = l.now()
		l.kept(k, casework.ReportProgress, underWay, l.handler)
	}
	if k.due > l.today && l.pick(25) == 0 {
		l.putOff(k)
	}
	if k.fate == casework.Dropped {
		l.drop(k)
	}
	if k.fate == casework.Done || k.fate == casework.Kept {
		l.finish(k)
	}
}

// finish is that the owner says that a promise is kept, and the judgement.
func (l *life) finish(k *kept) {
	l.on(max(k.due, k.moved) - 10)
	k.done, k.reported = l.today, l.now()
	l.deadlineOf(k).met = l.today
	l.kept(k, casework.ReportDone, evidence, l.handler)
	if k.fate == casework.Kept {
		l.on(l.today + 6)
		k.judged = l.today
		l.kept(k, casework.VerifyKept, "材料齐全，与复文一致。", l.organ.leader)
	}
}

func (l *life) putOff(k *kept) {
	k.moved = k.due + 60
	s := l.out[dueChanges]
	s.row(8)
	s.long(l.next(dueChanges))
	s.long(k.id)
	s.day(k.due)
	s.day(k.moved)
	s.text(putOff)
	s.text("分管领导 " + l.organ.leader.name)
	s.long(l.organ.office.id)
	s.moment(l.now())
	d := l.deadlineOf(k)
	d.due.day, d.armed = k.moved, l.now()
	c := l.out[deadlineChanges]
	c.row(9)
	c.long(l.next(deadlineChanges))
	c.long(d.id)
	c.text("due_change")
	c.day(k.due)
	c.day(k.moved)
	c.text(putOff)
	c.long(l.organ.office.id)
	c.text(l.organ.office.name)
	c.moment(l.now())
	l.kept(k, casework.ChangeDueDay, putOff, l.organ.office)
}

func (l *life) drop(k *kept) {
	l.on(k.due - 5)
	k.endReason, k.judged = report, l.today
	l.deadlineOf(k).ended = l.today
	l.kept(k, casework.Drop, "分管领导 "+l.organ.leader.name+"："+report, l.organ.office)
}
