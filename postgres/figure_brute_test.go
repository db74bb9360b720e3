package postgres_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/postgres"
)

// What follows counts once more, slowly and by itself: it takes the tables as
// they are, walks the history of each proposal and each promise line by line up
// to the end of the day, and asks of what comes out.

type rawEvent struct {
	Proposal int64
	Verb     string
	At       time.Time
	Round    int
	Note     string
}

type rawChange struct {
	Of            int64
	Cause         string
	Before, After casework.Date
	At            time.Time
}

type rawLine struct {
	Of    int64
	Kind  string
	State string
	Day   casework.Date
	At    time.Time
}

type rawProposal struct {
	ID            int64
	Kind, Body    string
	Term, Session int
	Organ         int64
	Role          string
	HandedOver    casework.Date
}

type rawReply struct {
	Proposal          int64
	Round             int
	Result, Publicity string
	Issued            casework.Date
}

type rawProposer struct {
	ID, Proposal int64
	Name         string
}

type rawOpinion struct {
	Proposal, Organ int64
	At              time.Time
}

type rawContact struct {
	Proposal int64
	Channel  string
}

type rawFeedback struct {
	Proposer         int64
	Round            int
	Attitude, Result string
	Own              bool
	At               time.Time
}

type rawDeadline struct {
	ID, Proposal int64
	First        casework.Date
}

type rawCommitment struct {
	ID, Proposal int64
	First        casework.Date
}

// A raw is all tables, read once.
type raw struct {
	proposals   []rawProposal
	events      map[int64][]rawEvent
	replies     map[int64][]rawReply
	proposers   map[int64][]rawProposer
	opinions    map[int64][]rawOpinion
	contacts    map[int64][]rawContact
	feedbacks   map[int64][]rawFeedback // by proposer
	deadlines   map[int64][]rawDeadline
	moved       map[int64][]rawChange // by deadline
	commitments map[int64][]rawCommitment
	lines       map[int64][]rawLine   // by commitment
	slipped     map[int64][]rawChange // by commitment
	imported    map[int64]bool        // published when it was taken in
}

func read[R any](t testing.TB, conn postgres.Conn, sql string) []R {
	t.Helper()
	rows, err := conn.Query(t.Context(), sql)
	must(t, err)
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[R])
	must(t, err)
	return out
}

func grouped[R any](list []R, of func(R) int64) map[int64][]R {
	out := map[int64][]R{}
	for _, r := range list {
		out[of(r)] = append(out[of(r)], r)
	}
	return out
}

func readRaw(t testing.TB, conn postgres.Conn) *raw {
	t.Helper()
	r := &raw{imported: map[int64]bool{}}
	r.proposals = read[rawProposal](t, conn, `SELECT p.id, p.kind, p.body, p.term, p.session, p.organ_id, a.role, p.handed_over
		FROM proposals p JOIN assignments a USING (organ_id) WHERE a.proposal_id = p.id`)
	r.events = grouped(read[rawEvent](t, conn, `SELECT proposal_id, verb, at, round, note FROM events ORDER BY seq`),
		func(e rawEvent) int64 { return e.Proposal })
	r.replies = grouped(read[rawReply](t, conn, `SELECT r.proposal_id, r.round, r.result, r.publicity, l.issue_date
		FROM replies r JOIN letters l ON l.reply_id = r.id WHERE l.edition = 1`), func(e rawReply) int64 { return e.Proposal })
	r.proposers = grouped(read[rawProposer](t, conn, `SELECT id, proposal_id, name FROM proposers`), func(e rawProposer) int64 { return e.Proposal })
	r.opinions = grouped(read[rawOpinion](t, conn, `SELECT proposal_id, organ_id, asked_at FROM opinions`), func(e rawOpinion) int64 { return e.Proposal })
	r.contacts = grouped(read[rawContact](t, conn, `SELECT proposal_id, channel FROM contacts ORDER BY id`), func(e rawContact) int64 { return e.Proposal })
	r.feedbacks = grouped(read[rawFeedback](t, conn, `SELECT f.proposer_id, r.round, f.attitude, f.result, f.channel = 'own' AS own, f.at
		FROM feedbacks f JOIN replies r ON r.id = f.reply_id ORDER BY f.id`), func(e rawFeedback) int64 { return e.Proposer })
	r.deadlines = grouped(read[rawDeadline](t, conn, `SELECT id, proposal_id, first_due FROM deadlines WHERE rule = 'REPLY'`),
		func(e rawDeadline) int64 { return e.Proposal })
	r.moved = grouped(read[rawChange](t, conn, `SELECT deadline_id, cause, before, after, at FROM deadline_changes ORDER BY id`),
		func(e rawChange) int64 { return e.Of })
	r.commitments = grouped(read[rawCommitment](t, conn, `SELECT id, proposal_id, first_due FROM commitments`),
		func(e rawCommitment) int64 { return e.Proposal })
	r.lines = grouped(read[rawLine](t, conn, `SELECT commitment_id, kind, state, day, at FROM progress ORDER BY at, id`),
		func(e rawLine) int64 { return e.Of })
	r.slipped = grouped(read[rawChange](t, conn, `SELECT commitment_id, '', before, after, at FROM due_changes ORDER BY id`),
		func(e rawChange) int64 { return e.Of })
	for _, p := range read[struct{ ID int64 }](t, conn, `SELECT r.proposal_id FROM publications u JOIN replies r ON r.id = u.reply_id
		JOIN letters l ON l.reply_id = r.id
		WHERE u.published < (l.issued_at AT TIME ZONE 'Asia/Shanghai')::date`) {
		r.imported[p.ID] = true
	}
	return r
}

// A tally is what is counted by code: the names of what is above and below.
type tally map[string]*[2][]string

func (c tally) add(code string, above, below bool, name string) {
	if c[code] == nil {
		c[code] = new([2][]string)
	}
	if below {
		c[code][1] = append(c[code][1], name)
		if above {
			c[code][0] = append(c[code][0], name)
		}
	}
}

// An asked is who counts what: whatever the filter says, what they may not count
// is left out.
type asked struct {
	postgres.FigureFilter
	today casework.Date
	kinds []casework.Kind
	organ int64
}

// at is a day in Shanghai.
func at(t time.Time) casework.Date {
	return casework.DateOf(t, time.FixedZone("", 8*60*60))
}

// over reports whether a last day is behind the asker.
func (a asked) over(due casework.Date) bool {
	if due.IsZero() {
		return false
	}
	return due.Before(a.Day) || due == a.Day && a.Day != a.today
}

// count counts everything for one who asks.
func (r *raw) count(a asked) tally {
	c := tally{}
	for _, p := range r.proposals {
		switch {
		case !slices.Contains(a.kinds, casework.Kind(p.Kind)),
			a.Kind != "" && a.Kind != casework.Kind(p.Kind),
			a.Sitting != nil && *a.Sitting != casework.Sitting{Body: p.Body, Term: p.Term, Session: p.Session},
			!a.From.IsZero() && p.HandedOver.Before(a.From),
			!a.To.IsZero() && p.HandedOver.After(a.To),
			at(r.events[p.ID][0].At).After(a.Day):
			continue
		}
		r.countProposal(c, p, a)
		if a.organ != 0 && a.organ != p.Organ {
			continue
		}
		r.countForms(c, p, a)
		for _, m := range r.commitments[p.ID] {
			r.countCommitment(c, m, a)
		}
	}
	return c
}

// A life is where a proposal stands at the end of a day.
type life struct {
	state           casework.State
	answeredFirst   casework.Date
	lastRound       int
	contacts, redos int
	public          bool
	delivered       map[string]bool // by name and round
}

func (r *raw) live(p rawProposal, day casework.Date) life {
	l := life{state: casework.Received, delivered: map[string]bool{}}
	for _, e := range r.events[p.ID] {
		if at(e.At).After(day) {
			break
		}
		verb := casework.Verb(e.Verb)
		if next, err := l.state.Next(verb); err == nil {
			l.state = next
		}
		switch verb {
		case casework.Import:
			l.state = casework.Issued
			l.public = r.imported[p.ID]
			for _, s := range r.proposers[p.ID] {
				l.delivered[fmt.Sprint(s.Name, " ", e.Round)] = true
			}
		case casework.Complete:
			l.lastRound = e.Round
			for _, y := range r.replies[p.ID] {
				if y.Round == e.Round && l.answeredFirst.IsZero() {
					l.answeredFirst = y.Issued
				}
			}
		case casework.CloseWithoutLetter:
			if l.answeredFirst.IsZero() {
				l.answeredFirst = at(e.At)
			}
		case casework.RecordContact:
			l.contacts++
		case casework.Redo:
			l.redos++
		case casework.Publish:
			l.public = true
		case casework.TakeDown:
			l.public = false
		case casework.RecordDelivery:
			l.delivered[fmt.Sprint(e.Note, " ", e.Round)] = true
		default:
		}
	}
	return l
}

// replyDay is the day of the first reply as it stood, and whether it was at rest.
func (r *raw) replyDay(p rawProposal, day casework.Date) (due casework.Date, rests bool) {
	for _, d := range r.deadlines[p.ID] {
		due = d.First
		for _, g := range r.moved[d.ID] {
			if at(g.At).After(day) {
				continue
			}
			due = g.After
			if g.Cause == "pause" {
				rests = true
			}
			if g.Cause == "resume" {
				rests = false
			}
		}
	}
	return due, rests
}

func (r *raw) countProposal(c tally, p rawProposal, a asked) {
	helps := false
	for _, o := range r.opinions[p.ID] {
		if !at(o.At).After(a.Day) && (a.organ == 0 || a.organ == o.Organ) {
			helps = true
		}
	}
	ours := a.organ == 0 || a.organ == p.Organ
	l := r.live(p, a.Day)
	if l.state == casework.Returned || l.state == casework.Withdrawn || !ours && !helps {
		return
	}
	name := fmt.Sprint(p.ID)
	c.add("lead", ours && (p.Role == "sole" || p.Role == "lead"), true, name)
	c.add("joint", ours && p.Role == "joint", true, name)
	c.add("split", ours && p.Role == "split", true, name)
	c.add("helper", helps, true, name)
	if !ours {
		return
	}
	answered := !l.answeredFirst.IsZero()
	c.add("answered", answered, true, name)
	c.add("closed", l.state == casework.Closed, true, name)
	due, rests := r.replyDay(p, a.Day)
	switch {
	case answered:
		c.add("on_time", l.answeredFirst.Compare(due) <= 0, true, name)
	case !rests && a.over(due):
		c.add("on_time", false, true, name)
	}
	var visits, talks int
	for i, k := range r.contacts[p.ID] {
		if i < l.contacts {
			talks++
			if k.Channel == "visit" || k.Channel == "meeting" {
				visits++
			}
		}
	}
	c.add("met", visits > 0, true, name)
	c.add("contacted", talks > 0, true, name)
	if !answered {
		return
	}
	result, publicity := "", ""
	for _, y := range r.replies[p.ID] {
		if y.Round == l.lastRound {
			result, publicity = y.Result, y.Publicity
		}
	}
	for code, want := range map[string]string{
		"adopted": "adopted", "in_progress": "in_progress", "planned": "planned", "reference": "reference", "no_result": "",
	} {
		c.add(code, result == want, true, name)
	}
	c.add("solving", result == "adopted" || result == "in_progress" || result == "planned", true, name)
	c.add("public", l.public, true, name)
	c.add("to_be_public", publicity == "full" || publicity == "summary", true, name)
	c.add("redone", l.redos > 0, true, name)
}

func (r *raw) countForms(c tally, p rawProposal, a asked) {
	l := r.live(p, a.Day)
	if l.state == casework.Withdrawn {
		return
	}
	for _, s := range r.proposers[p.ID] {
		for round := 1; round < 20; round++ {
			var f rawFeedback
			for _, said := range r.feedbacks[s.ID] {
				if said.Round == round && !at(said.At).After(a.Day) && !f.Own {
					f = said
				}
			}
			back := f.Attitude != ""
			if !l.delivered[fmt.Sprint(s.Name, " ", round)] && !back {
				continue
			}
			name := fmt.Sprint(s.ID, " ", round)
			manner, outcome := f.Attitude == "satisfied" || f.Attitude == "basically", f.Result == "satisfied" || f.Result == "basically"
			c.add("returned", back, true, name)
			c.add("attitude_of_asked", manner, true, name)
			c.add("result_of_asked", outcome, true, name)
			c.add("attitude", manner, back, name)
			c.add("result", outcome, back, name)
			c.add("first_round", manner && outcome, back && round == 1, name)
		}
	}
}

// stand is the state of a promise at the end of a day, and the last day on which
// it was said to be done.
func (r *raw) stand(m rawCommitment, day casework.Date) (state string, done casework.Date) {
	for _, g := range r.lines[m.ID] {
		if at(g.At).After(day) {
			break
		}
		state = g.State
		if g.Kind == "done" {
			done = g.Day
		}
	}
	return state, done
}

func (r *raw) countCommitment(c tally, m rawCommitment, a asked) {
	state, done := r.stand(m, a.Day)
	if state == "" {
		return
	}
	name := fmt.Sprint(m.ID)
	c.add("unconfirmed", state == "noted", true, name)
	if state == "noted" || state == "waived" {
		return
	}
	due := m.First
	for _, g := range r.slipped[m.ID] {
		if !at(g.At).After(a.Day) {
			due = g.After
		}
	}
	carried := true
	if !a.Since.IsZero() {
		before, _ := r.stand(m, a.Since.AddDays(-1))
		carried = before != "kept" && before != "dropped"
	}
	inPeriod := func(day casework.Date) bool {
		return a.over(day) && (a.Since.IsZero() || !a.Since.After(day) || carried)
	}
	c.add("kept", state == "kept", inPeriod(due), name)
	c.add("kept_on_time", state == "kept" && !m.First.Before(done), inPeriod(m.First), name)
	c.add("overdue", a.over(due), state == "open", name)
	c.add("moved", due != m.First, true, name)
	c.add("dropped", state == "dropped", true, name)
}
