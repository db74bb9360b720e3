package bench

import (
	"crypto/sha256"
	"strings"
	"unicode/utf8"

	"fuyan/casework"
	"fuyan/casework/letter"
)

// An issued letter.
type issued struct {
	id     int64
	number string
	day    day
	at     moment
	text   string
	// What stands around the body, and where that begins, in characters.
	head, foot string
	offset     int
	// When it was brought to its proposers, sent to the offices and signed for there.
	delivered              day
	copied, acknowledgedAt moment
}

// draft writes the draft, and what its handler decides of its promises.
func (l *life) draft() {
	l.body = &l.pool.bodies[l.pick(len(l.pool.bodies))]
	l.drafted = true
	l.decide()
	s := l.out[drafts]
	s.row(9)
	s.long(l.replyID)
	s.int(1)
	s.text(l.draftText())
	s.long(l.handler.id)
	s.moment(l.now())
	s.text(l.result)
	s.text(l.publicity)
	s.text(l.withheld)
	s.text(l.summary)
	l.moved(casework.SaveDraft, l.handler, "第1稿")
	l.plan()
}

// decide chooses the result and how public the reply will be.
func (l *life) decide() {
	results := []casework.Result{casework.Adopted, casework.Adopted, casework.Planned, casework.Reference}
	if l.kind == 1 {
		results[1] = casework.InProgress
	}
	l.result = string(results[l.pick(len(results))])
	switch n := l.pick(20); {
	case n < 6:
		l.publicity = string(casework.Full)
	case n == 6:
		l.publicity = string(casework.Summary)
		l.summary = "关于“" + l.title + "”，承办单位已书面答复提出人，有关措施按复文所列时限推进。"
	case n < 18:
		l.publicity = string(casework.OnRequest)
	default:
		l.publicity, l.withheld = string(casework.Withheld), "涉及尚未公开的规划内容。"
	}
}

func (l *life) names() []string {
	l.words = l.words[:0]
	for _, p := range l.proposers {
		l.words = append(l.words, p.name)
	}
	return l.words
}

// opening is what stands before the body in a draft, and thanks what stands behind it.
func (l *life) opening() string {
	kind := casework.Kinds[l.kind]
	return letter.Salutation(kind, l.names()) + "\n\n" + l.you() + "提出的“" + l.title + "”的" + kind.Noun() + "收悉，经研究，现将办理情况答复如下：\n\n"
}

func (l *life) thanks() string {
	return "\n\n感谢" + l.you() + "对本市相关工作的关心与支持！\n"
}

func (l *life) you() string {
	if len(l.proposers) == 1 {
		return "您"
	}
	return "你们"
}

func (l *life) draftText() string { return l.opening() + l.body.text + l.thanks() }

func (l *life) submit() {
	l.state = casework.Reviewing
	l.moved(casework.Submit, l.handler, "第1稿")
	l.tell("next", casework.Submit, l.division.head)
}

func (l *life) approve() {
	step, by, comment := casework.ReviewSteps[l.passed], l.division.head, "内容属实，措施可行，同意。"
	if l.passed == 1 {
		by, comment = l.organ.office, "格式、提出人和抄送单位已核，同意。"
	}
	l.review(step, by, comment)
	l.passed++
	l.moved(casework.Approve, by, step)
	if l.passed == len(casework.ReviewSteps) {
		l.tell("next", casework.Approve, l.organ.leader)
	}
}

func (l *life) sign() {
	l.state, l.signedBy = casework.Signed, l.organ.leader.id
	l.review(casework.SignStep, l.organ.leader, "同意印发。")
	l.moved(casework.Sign, l.organ.leader, "")
}

func (l *life) review(step string, by person, comment string) {
	s := l.out[reviews]
	s.row(8)
	s.long(l.next(reviews))
	s.long(l.replyID)
	s.int(1)
	s.text(step)
	s.bool(true)
	s.text(comment)
	s.long(by.id)
	s.moment(l.now())
}

// issue takes the next number, freezes the letter, and records what it promises.
func (l *life) issue() {
	l.state = casework.Issued
	year := l.almanac.date(l.today).Year
	prefix := l.organ.prefixes[l.kind]
	n, number := l.documentNumber(prefix, year)
	l.letter = issued{id: l.next(letters), number: number, day: l.today, at: l.now()}
	l.compose()
	sum := sha256.Sum256([]byte(l.letter.text))
	s := l.out[letters]
	s.row(10)
	s.long(l.letter.id)
	s.long(l.id)
	s.long(l.replyID)
	s.int(1)
	s.text(number)
	s.day(l.today)
	s.text(l.letter.text)
	s.bytes(sum[:])
	s.long(l.organ.office.id)
	s.moment(l.now())
	v := l.out[seriesNumbers]
	v.row(6)
	v.text(prefix)
	v.int(year)
	v.int(n)
	v.text("used")
	v.long(l.letter.id)
	v.moment(l.now())
	l.meet(casework.RuleReply, l.today)
	l.endRule(casework.RuleOpinion) // nobody can use it any more
	if l.publishable() {
		l.start(casework.RulePublish, l.today)
	}
	l.moved(casework.Issue, l.organ.office, number)
	for _, p := range l.proposers {
		l.message("issued", p.id, 0, "您提出的“"+l.title+"”已有书面答复，将按登记的方式送达。")
	}
	l.record()
}

func (l *life) publishable() bool {
	return l.publicity == string(casework.Full) || l.publicity == string(casework.Summary)
}

// compose writes the letter as it is issued.
func (l *life) compose() {
	kind := casework.Kinds[l.kind]
	offices := l.overseers[l.kind]
	l.letter.text = letter.Compose(letter.Facts{
		Kind: kind, Sitting: l.sitting, Number: l.number, Organ: l.organ.name, OrganOffice: l.organ.name + "办公室",
		Result: casework.Result(l.result).Label(kind), Publicity: casework.Publicity(l.publicity).Label(),
		DocumentNumber: l.letter.number, IssueDate: l.almanac.date(l.today), CopiedTo: []string{offices[0].short, offices[1].short},
	}, l.draftText())
	l.letter.head, l.letter.foot, _ = strings.Cut(l.letter.text, l.body.text)
	l.letter.offset = utf8.RuneCountInString(l.letter.head)
}

// message writes what the program sent to a proposer or an organ.
func (l *life) message(occasion string, proposer, organ int64, body string) {
	s := l.out[messages]
	s.row(8)
	s.long(l.next(messages))
	s.long(l.id)
	s.text(occasion)
	s.long(l.letter.id)
	s.id(proposer)
	s.id(organ)
	s.text(body)
	s.moment(l.now())
}

func (l *life) deliver() {
	for _, p := range l.proposers {
		l.moved(casework.RecordDelivery, l.organ.office, p.name)
	}
	l.letter.delivered = l.today
	l.start(casework.RuleFeedback, l.today)
}

// copy sends the letter to the offices that oversee, which makes it answered.
func (l *life) copy() {
	for i, o := range l.overseers[l.kind] {
		l.moved(casework.SendCopy, l.organ.office, o.short)
		l.message("copy", 0, o.id, o.short+"：现将"+l.letter.number+"抄送你处。")
		if i == 1 {
			l.state = casework.Answered
			l.version++
		}
		l.event(casework.CopySent, person{}, o.short)
	}
	l.event(casework.Complete, person{}, "")
	l.letter.copied = l.now()
}

func (l *life) acknowledge() {
	for _, p := range l.receivers[l.kind] {
		l.moved(casework.AcknowledgeCopy, p, "")
	}
	l.letter.acknowledgedAt = l.now()
}

// settleReply writes the reply as it stands, with whom it was brought to.
func (l *life) settleReply() {
	s := l.out[replies]
	s.row(12)
	s.long(l.replyID)
	s.long(l.id)
	s.int(1)
	s.text(l.result)
	s.text(l.publicity)
	if l.drafted {
		s.int(1)
		s.long(l.handler.id)
	} else {
		s.int(0)
		s.null()
	}
	s.int(l.passed)
	s.id(l.signedBy)
	s.bool(l.waits)
	s.text(l.withheld)
	s.text(l.summary)
	if l.letter.id != 0 {
		l.settleDeliveries()
		l.settleCopies()
	}
}

func (l *life) settleDeliveries() {
	for _, p := range l.proposers {
		s := l.out[deliveries]
		s.row(6)
		s.long(l.replyID)
		s.long(p.id)
		if l.letter.delivered == 0 {
			s.text("")
			s.null()
			s.text("")
			s.null()
			continue
		}
		s.text("post")
		s.day(l.letter.delivered)
		s.text("挂号信回执")
		s.long(l.organ.office.id)
	}
}

func (l *life) settleCopies() {
	for i, o := range l.overseers[l.kind] {
		s := l.out[copies]
		s.row(6)
		s.long(l.replyID)
		s.long(o.id)
		s.moment(l.letter.copied)
		s.moment(l.letter.copied)
		s.moment(l.letter.acknowledgedAt)
		if l.letter.acknowledgedAt == 0 {
			s.null()
		} else {
			s.long(l.receivers[l.kind][i].id)
		}
	}
}
