package bench

import "fuyan/casework"

// publish puts the reply on the public pages and into their search.
func (l *life) publish() {
	if !l.publishable() || l.pick(20) == 0 {
		return
	}
	l.meet(casework.RulePublish, l.today)
	text := l.letter.text
	if l.summary != "" {
		text = l.summary
	}
	id := l.next(publications)
	s := l.out[publications]
	s.row(4)
	s.long(id)
	s.long(l.replyID)
	s.text(text)
	s.day(l.today)
	year := l.almanac.date(l.letter.day).Year
	l.public[publicKey{year, l.sitting, l.organ.id}]++
	x := l.out[publishedReplies]
	x.row(13)
	x.long(l.id)
	x.long(id)
	x.text(string(casework.Kinds[l.kind]))
	x.long(l.organ.id)
	x.text(l.sitting.Body)
	x.int(l.sitting.Term)
	x.int(l.sitting.Session)
	x.int(year)
	x.text(l.result)
	x.day(l.today)
	l.find(x)
	l.moved(casework.Publish, l.organ.office, "")
}

type publicKey struct {
	year    int
	sitting casework.Sitting
	organ   int64
}

// A sittingYear is a year of letters that answer a sitting.
type sittingYear struct {
	year    int
	sitting casework.Sitting
}

// countPublic writes how much is public, and the sums of it.
func (c *chronicle) countPublic(out *sheaf) {
	organs, sittings := map[int64]int64{}, map[sittingYear]int64{}
	for key, n := range c.public {
		organs[key.organ] += n
		sittings[sittingYear{key.year, key.sitting}] += n
		s := out[publishedCounts]
		s.row(6)
		s.int(key.year)
		s.sitting(key.sitting)
		s.long(key.organ)
		s.long(n)
	}
	for organ, n := range organs {
		s := out[publishedOrgans]
		s.row(2)
		s.long(organ)
		s.long(n)
	}
	for key, n := range sittings {
		s := out[publishedSittings]
		s.row(5)
		s.int(key.year)
		s.sitting(key.sitting)
		s.long(n)
	}
}

func (s *sheet) sitting(of casework.Sitting) {
	s.text(of.Body)
	s.int(of.Term)
	s.int(of.Session)
}

// find writes what the search finds the publication by. Of the body that is known;
// its paragraphs are words apart from what stands around them.
func (l *life) find(x *sheet) {
	own := l.title + "\n第" + l.number + "号\n" + l.letter.number + "\n"
	if l.summary != "" {
		plain := casework.Plain(own + l.summary)
		x.text(plain)
		x.vector(casework.Grams(plain))
		x.vector(casework.Triples(plain))
		return
	}
	before, behind := casework.Plain(own+l.letter.head), casework.Plain(l.letter.foot)
	x.text(before + " " + l.body.plain + " " + behind)
	around := before + " " + behind
	l.grams = merged(l.grams[:0], l.body.grams, casework.Grams(around))
	x.vector(l.grams)
	l.grams = merged(l.grams[:0], l.body.triples, casework.Triples(around))
	x.vector(l.grams)
}

// hearBack is what the first proposer says of the reply, if anything.
func (l *life) hearBack() {
	if l.pick(10) < 3 {
		return
	}
	p := l.proposers[0]
	f := casework.Feedback{Attitude: casework.Satisfied, Result: casework.Satisfied, Text: "答复具体，表示满意。", Channel: casework.Own}
	switch l.pick(100) {
	case 0:
		f.Result, f.Text = casework.Dissatisfied, "答复没有说明时间表，希望补充。"
	case 1, 2, 3, 4, 5:
		f.Result = casework.Basically
	}
	l.meet(casework.RuleFeedback, l.today)
	s := l.out[feedbacks]
	s.row(10)
	s.long(l.next(feedbacks))
	s.long(l.replyID)
	s.long(p.id)
	s.text(string(f.Attitude))
	s.text(string(f.Result))
	s.text(f.Text)
	s.long(p.userID)
	s.text(f.Channel)
	s.day(l.today)
	s.moment(l.now())
	l.moved(casework.GiveFeedback, person{p.userID, p.name}, f.Note(p.name))
	if f.Dissatisfied() {
		l.decline()
	}
}

// decline decides, but for the latest, that what was answered is not answered again.
func (l *life) decline() {
	if l.today+20 >= l.almanac.today {
		l.waits = true
		return
	}
	l.today += 5
	const reason = "答复已说明有关安排，由承办单位当面沟通。"
	by := l.receivers[l.kind][1]
	s := l.out[redoDecisions]
	s.row(6)
	s.long(l.next(redoDecisions))
	s.long(l.replyID)
	s.bool(false)
	s.text(reason)
	s.long(by.id)
	s.moment(l.now())
	l.moved(casework.DeclineRedo, by, reason)
}

func (l *life) close() {
	if l.waits {
		return
	}
	l.state = casework.Closed
	l.moved(casework.Close, l.organ.office, "反馈期已过，予以办结。")
	l.end()
}
