package bench

import (
	"fuyan/casework"
	"fuyan/postgres"
)

// A life is what became of one proposal so far, written as it goes on.
type life struct {
	*chronicle
	out *sheaf

	id, replyID       int64
	kind              int // an index of [casework.Kinds]
	organ             *organ
	division          *division
	handler           person
	proposers         []proposer
	number, title     string
	sitting           casework.Sitting
	noReply           bool
	state             casework.State
	assigned          bool
	handed, signed    day
	replyDue          day
	today             day // of what is done now
	minutes           int
	seq               int64
	hash              []byte
	version           int64
	deadlines         []deadline
	result, publicity string
	withheld, summary string
	passed            int
	signedBy          int64
	drafted, waits    bool
	body              *body
	letter            issued
	promises          []kept
	helper            *organ
	asked, advised    moment
}

type proposer struct {
	id, userID int64
	name       string
}

// A step is something that is done so many days after the hand-over, or after the pace
// of the organ has been added.
type step struct {
	days  day
	paced bool
	do    func(*life)
}

// script is how a proposal goes, until the present or until it stalls.
var script = []step{
	{2, false, (*life).accept},
	{4, false, (*life).assign},
	{5, false, (*life).ask},
	{15, false, (*life).contact},
	{20, false, (*life).advise},
	{25, true, (*life).draft},
	{27, true, (*life).submit},
	{30, true, (*life).approve},
	{32, true, (*life).approve},
	{34, true, (*life).sign},
	{36, true, (*life).issue},
	{39, true, (*life).deliver},
	{40, true, (*life).copy},
	{43, true, (*life).acknowledge},
	{50, true, (*life).publish},
	{53, true, (*life).hearBack},
	{75, true, (*life).close},
}

// live writes the whole life of a proposal that was handed over on a day.
func (l *life) live(handed day) {
	l.receive(handed)
	stall := len(script)
	if l.almanac.today-handed < 200 && l.pick(5) == 0 {
		stall = l.pick(10) // before the letter is issued
	}
	for i, s := range script {
		on := handed + s.days
		if s.paced {
			on += l.organ.pace
		}
		if on >= l.almanac.today {
			break
		}
		l.today, l.minutes = on, 10+7*i
		if i == stall {
			l.stall()
			break
		}
		s.do(l)
	}
	l.keepAll()
	l.settle()
}

func (l *life) now() moment { return l.today.at(l.minutes) }

// event adds a line to the history.
func (l *life) event(verb casework.Verb, by person, note string) {
	l.seq++
	at := l.now()
	e := postgres.Event{ProposalID: l.id, Seq: l.seq, Verb: verb, Actor: by.name, At: at.time(), Round: 1, Note: note}
	if by.id != 0 {
		e.ActorID = &by.id
	}
	l.hash = postgres.ChainHash(l.hash, e)
	s := l.out[events]
	s.row(9)
	s.long(l.id)
	s.long(l.seq)
	s.text(string(verb))
	s.id(by.id)
	s.text(by.name)
	s.moment(at)
	s.int(1)
	s.text(note)
	s.bytes(l.hash)
}

// moved is an event that made a new version of the proposal.
func (l *life) moved(verb casework.Verb, by person, note string) {
	l.version++
	l.event(verb, by, note)
}

func (l *life) receive(handed day) {
	l.id, l.replyID = l.next(proposals), l.next(replies)
	l.kind = 0
	if l.rnd.IntN(3) == 0 {
		l.kind = 1
	}
	l.organ = &l.organs[l.pick(len(l.organs))]
	l.division = &l.organ.divisions[l.pick(len(l.organ.divisions))]
	l.handler = l.division.handlers[l.pick(len(l.division.handlers))]
	l.proposers, l.deadlines, l.promises = l.proposers[:0], l.deadlines[:0], l.promises[:0]
	l.state, l.assigned, l.signed, l.seq, l.hash, l.version = casework.Received, false, 0, 0, nil, 1
	l.result, l.publicity, l.withheld, l.summary, l.passed, l.signedBy, l.drafted, l.waits = "", "", "", "", 0, 0, false, false
	l.handed, l.today, l.minutes, l.body, l.letter = handed, handed, 0, nil, issued{}
	l.helper, l.asked, l.advised = nil, 0, 0
	date := l.almanac.date(handed)
	l.sitting = sittingOf(l.kind, date.Year)
	l.number = l.caseNumber(l.kind, date.Year)
	l.title = l.titles[l.kind][l.pick(len(l.titles[l.kind]))]
	l.noReply = l.rnd.IntN(200) == 0
	l.start(casework.RuleReply, handed)
	l.replyDue = l.deadlines[0].due.day
	l.handIn()
	l.event(casework.Receive, l.receivers[l.kind][1], l.almanac.text(handed)+" 交办")
	l.start(casework.RuleReturn, handed)
}

// handIn writes who handed it in.
func (l *life) handIn() {
	n := 1
	if l.rnd.IntN(3) == 0 {
		n += 1 + l.rnd.IntN(3)
	}
	first := l.pick(len(l.delegates))
	for i := range n {
		d := l.delegates[(first+i*7)%len(l.delegates)]
		if l.signs(d.name) {
			continue
		}
		p := proposer{id: l.next(proposers), userID: d.id, name: d.name}
		l.proposers = append(l.proposers, p)
		s := l.out[proposers]
		s.row(9)
		s.long(p.id)
		s.long(l.id)
		s.int(len(l.proposers))
		s.text(p.name)
		s.bool(false)
		s.bool(i == 0)
		s.id(p.userID)
		s.text("")
		s.text("")
	}
}

func (l *life) signs(name string) bool {
	for _, p := range l.proposers {
		if p.name == name {
			return true
		}
	}
	return false
}

func (l *life) accept() {
	l.state, l.signed = casework.Accepted, l.today
	l.meet(casework.RuleReturn, l.today)
	l.moved(casework.Accept, l.organ.office, l.almanac.text(l.today))
}

func (l *life) assign() {
	l.state, l.assigned = casework.Drafting, true
	l.moved(casework.Assign, l.organ.office, l.division.name+" "+l.handler.name)
	l.tell("handler", casework.Assign, l.handler)
}

func (l *life) contact() {
	p := l.proposers[0]
	s := l.out[contacts]
	s.row(7)
	s.long(l.next(contacts))
	s.long(l.id)
	s.long(p.id)
	s.text(channels[l.pick(len(channels))])
	s.day(l.today)
	s.text("向" + p.name + "介绍了办理进展，听取了意见，同意以书面形式答复。")
	s.long(l.handler.id)
	l.moved(casework.RecordContact, l.handler, p.name)
}

var channels = [3]string{"visit", "call", "meeting"}

// tell writes a notice of what was just done. All but the latest are read.
func (l *life) tell(role string, verb casework.Verb, to person) {
	s := l.out[notices]
	s.row(12)
	s.long(l.next(notices))
	s.long(to.id)
	s.text(role)
	s.text(string(verb))
	s.long(l.seq)
	s.long(l.id)
	kind := casework.Kinds[l.kind]
	s.text(casework.Occasions[verb].Subject(kind, l.number, l.passed == len(casework.ReviewSteps)))
	s.text(casework.Matter(kind, l.number) + "“" + l.title + "”。")
	s.bool(false)
	s.bool(false)
	s.moment(l.now())
	if l.almanac.today-l.today < 10 {
		s.null()
		return
	}
	s.moment((l.today + 1).at(0))
}

// sittingOf is the sitting of a year: both bodies changed in 2023.
func sittingOf(kind, year int) casework.Sitting {
	since := year - 2008
	s := casework.Sitting{Body: "市政协", Term: 11 + since/5, Session: since%5 + 1}
	if kind == 1 {
		s.Body, s.Term = "市人大", 13+since/5
	}
	return s
}

// settle writes what stands at the end.
func (l *life) settle() {
	l.settleDeadlines()
	kind := string(casework.Kinds[l.kind])
	l.settleReply()
	l.settleAssignments()
	w := l.out[proposalWords]
	plain := l.title + " " + l.number
	l.words = gramsOf(l.words[:0], plain)
	w.row(3)
	w.long(l.id)
	w.text(plain)
	w.texts(l.words)
	s := l.out[proposals]
	s.row(22)
	s.long(l.id)
	s.long(l.version)
	s.text(kind)
	s.text(l.sitting.Body)
	s.int(l.sitting.Term)
	s.int(l.sitting.Session)
	s.text(l.number)
	s.text(l.title)
	s.text(l.pool.texts[l.pick(len(l.pool.texts))])
	s.bool(true)
	s.bool(l.noReply)
	s.text(string(l.state))
	s.int(1)
	s.long(l.organ.id)
	if l.assigned {
		s.long(l.division.id)
		s.long(l.handler.id)
	} else {
		s.null()
		s.null()
	}
	s.day(l.handed)
	s.day(l.replyDue)
	s.moment(l.handed.at(0))
	s.moment(l.now())
	s.long(l.seq)
	s.bytes(l.hash)
}
