package bench

import "fuyan/casework"

// settlePromise writes a promise as it stands.
func (l *life) settlePromise(k *kept) {
	s := l.out[commitments]
	s.row(33)
	s.long(k.id)
	s.long(k.version)
	s.long(l.id)
	s.long(l.letter.id)
	s.text(k.Text)
	s.int(l.letter.offset + k.start)
	s.int(l.letter.offset + k.start + k.length)
	s.text(k.Cue)
	s.texts(k.Responsible)
	s.text(k.Due.Words)
	s.day(k.wordsDue)
	s.text(string(k.fate))
	followed := k.fate != casework.Noted && k.fate != casework.Waived
	if followed {
		s.long(l.handler.id)
		s.text(deliverable)
		s.text(criterion)
		s.day(k.due)
		s.day(max(k.due, k.moved))
	} else {
		s.null()
		s.text("")
		s.text("")
		s.null()
		s.null()
	}
	s.text(k.endReason)
	l.settleEnd(s, k)
	s.long(l.organ.id)
	s.text(string(casework.Kinds[l.kind]))
	if followed {
		s.long(l.division.id)
		s.int(l.almanac.date(l.letter.day).Year)
	} else {
		s.null()
		s.null()
	}
	s.int(k.slips())
	l.settleWords(s, k)
}

func (k *kept) slips() int {
	if k.moved > 0 {
		return 1
	}
	return 0
}

// settleEnd writes by what the promise is shown to be kept, and who judged that.
func (l *life) settleEnd(s *sheet, k *kept) {
	if k.done == 0 {
		s.text("")
	} else {
		s.text(evidence)
	}
	s.day(k.done)
	if k.fate == casework.Kept {
		s.long(l.organ.leader.id)
		s.day(k.judged)
		s.text("电话告知提出人")
		return
	}
	s.null()
	s.null()
	s.text("")
}

// settleWords writes how often it was kept, when somebody last spoke of it, and who.
func (l *life) settleWords(s *sheet, k *kept) {
	if k.fate == casework.Kept {
		s.int(1)
	} else {
		s.int(0)
	}
	s.moment(k.reported)
	if k.done == 0 {
		s.null()
	} else {
		s.long(l.handler.id)
	}
	if k.fate == casework.Dropped {
		s.text("分管领导 " + l.organ.leader.name)
		s.day(k.judged)
		return
	}
	s.text("")
	s.null()
}

type tallyKey struct {
	what         string
	organ, owner int64
	kind         string
	days         int
}

// tally counts a promise where the triggers would.
func (l *life) tally(k *kept) {
	kind := string(casework.Kinds[l.kind])
	count := func(what string, asked bool) {
		if asked {
			l.tallies[tallyKey{what: what, organ: l.organ.id, kind: kind}]++
		}
	}
	if k.fate == casework.Open {
		l.tallies[tallyKey{what: "open", organ: l.organ.id, kind: kind, owner: l.handler.id}]++
	}
	count("silent", k.fate.Unsettled() && k.reported == 0)
	count("slipped", k.moved > 0)
	count("dropped", k.fate == casework.Dropped)
	count("noted", k.fate == casework.Noted)
	if k.moved > 0 {
		l.tallies[tallyKey{what: "slip", kind: kind, days: int(k.moved - k.due)}]++
	}
}
