package bench

import "fuyan/casework"

// A deadline is one of a proposal.
type deadline struct {
	id         int64
	rule       string
	organ      int64
	trigger    day
	first      day
	due        due
	met, ended day
	armed      moment
	commitment int64
	basis      string
}

// start starts a deadline of the organ that answers.
func (l *life) start(rule string, trigger day) *deadline {
	t := l.almanac.term(rule, l.kind, trigger)
	l.deadlines = append(l.deadlines, deadline{
		id: l.next(deadlines), rule: rule, organ: l.organ.id, trigger: trigger, first: t.day, due: t, armed: l.now(),
	})
	return &l.deadlines[len(l.deadlines)-1]
}

func (l *life) meet(rule string, on day) {
	for i := range l.deadlines {
		if d := &l.deadlines[i]; d.rule == rule && d.ended == 0 {
			d.met = on
		}
	}
}

// endRule ends, unmet, what runs by one rule.
func (l *life) endRule(rule string) {
	for i := range l.deadlines {
		if d := &l.deadlines[i]; d.rule == rule && d.met == 0 {
			d.ended = l.today
		}
	}
}

// end ends, unmet, what still runs, but not what is still to be published.
func (l *life) end() {
	for i := range l.deadlines {
		if d := &l.deadlines[i]; d.rule != casework.RulePublish && d.commitment == 0 && d.met == 0 {
			d.ended = l.today
		}
	}
}

// settleDeadlines writes the deadlines as they stand, and when the sweep looks at each.
func (l *life) settleDeadlines() {
	kind := string(casework.Kinds[l.kind])
	for i := range l.deadlines {
		d := &l.deadlines[i]
		r := l.almanac.rules[d.rule][l.kind]
		name, basis, unit := r.Name, r.Basis, string(r.Unit)
		code := d.rule
		if d.commitment != 0 {
			name, basis, unit, code = "承诺事项", d.basis, string(casework.NoUnit), casework.Commitment
		}
		runs := d.met == 0 && d.ended == 0
		s := l.out[deadlines]
		s.row(20)
		s.long(d.id)
		s.long(l.id)
		s.text(d.rule)
		s.text(name)
		s.text(basis)
		s.int(1)
		s.long(d.organ)
		s.day(d.trigger)
		s.day(d.first)
		s.day(d.due.day)
		s.bool(d.due.provisional)
		s.day(d.met)
		s.id(d.commitment)
		if d.commitment != 0 {
			s.null()
		} else {
			s.int(int(dayOf(r.From)))
		}
		s.text(unit)
		s.int(r.Amount)
		s.day(d.ended)
		s.moment(d.armed)
		w := l.out[deadlineWatch]
		w.row(2)
		w.long(d.id)
		if runs {
			s.moment(d.armed)
			w.moment(l.almanac.next(code, d.due.day))
		} else {
			s.null()
			w.null()
		}
		s.text(kind)
	}
}
