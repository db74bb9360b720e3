package bench

import "fuyan/casework"

// ask asks another organ for its opinion, about one proposal of seven.
func (l *life) ask() {
	if l.helper = nil; l.pick(7) > 0 {
		return
	}
	l.helper = &l.organs[l.pick(len(l.organs))]
	if l.helper == l.organ {
		l.helper = nil
		return
	}
	l.asked = l.now()
	d := l.start(casework.RuleOpinion, l.today)
	d.organ = l.helper.id
	l.moved(casework.RequestOpinion, l.handler, l.helper.name)
}

// advise is the opinion of who was asked.
func (l *life) advise() {
	if l.helper == nil {
		return
	}
	l.advised = l.now()
	l.meet(casework.RuleOpinion, l.today)
	l.moved(casework.SubmitOpinion, l.helper.office, "")
}

// settleAssignments writes who answers and who helps.
func (l *life) settleAssignments() {
	role := "sole"
	if l.helper != nil {
		role = "lead"
		l.assignment(l.helper, "helper", day(l.asked/microsDay), day(l.asked/microsDay))
		l.settleOpinion()
	}
	l.assignment(l.organ, role, l.handed, l.signed)
}

func (l *life) assignment(o *organ, role string, handed, signed day) {
	s := l.out[assignments]
	s.row(6)
	s.long(l.next(assignments))
	s.long(l.id)
	s.long(o.id)
	s.text(role)
	s.day(handed)
	s.day(signed)
}

func (l *life) settleOpinion() {
	asked := day(l.asked / microsDay)
	s := l.out[opinions]
	s.row(9)
	s.long(l.next(opinions))
	s.long(l.id)
	s.long(l.helper.id)
	s.text("请就“" + l.title + "”中涉及你单位职能的内容提出会办意见。")
	s.moment(l.asked)
	s.day(l.almanac.term(casework.RuleOpinion, l.kind, asked).day)
	if l.advised == 0 {
		s.text("")
		s.null()
		s.null()
		return
	}
	s.text("对所提建议无不同意见，我单位将按职责配合主办单位落实有关工作。")
	s.long(l.helper.office.id)
	s.moment(l.advised)
}

// stall is what keeps a proposal from going on: most are only late, some are to be
// given back or ask for more time.
func (l *life) stall() {
	switch {
	case l.state == casework.Received && l.pick(2) == 0:
		l.giveBack()
	case l.state != casework.Received && l.pick(6) == 0:
		l.askForTime()
	}
}

func (l *life) giveBack() {
	const reason = "所提事项不属本单位职责，建议另行交办。"
	l.state = casework.ReturnRequested
	l.meet(casework.RuleReturn, l.today)
	s := l.out[returns]
	s.row(8)
	s.long(l.next(returns))
	s.long(l.id)
	s.text(reason)
	s.long(l.organ.office.id)
	s.moment(l.now())
	s.null()
	s.null()
	s.text("")
	l.moved(casework.RequestReturn, l.organ.office, reason)
}

func (l *life) askForTime() {
	const reason = "所提事项涉及多个部门，尚需进一步会商并听取提出人意见。"
	until := dayOf(l.almanac.date(l.handed).AddMonths(5))
	s := l.out[extensions]
	s.row(9)
	s.long(l.next(extensions))
	s.long(l.id)
	s.text(reason)
	s.day(until)
	s.long(l.organ.office.id)
	s.moment(l.now())
	s.null()
	s.null()
	s.text("")
	l.moved(casework.RequestExtension, l.organ.office, l.almanac.text(until)+"："+reason)
}
