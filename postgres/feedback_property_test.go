package postgres_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// feedbackFaults are rows that there must never be, whoever did what.
var feedbackFaults = map[string]string{
	"feedback of who had no letter": `SELECT count(*) FROM feedbacks f
		LEFT JOIN deliveries v ON v.reply_id = f.reply_id AND v.proposer_id = f.proposer_id
		WHERE v.day IS NULL OR f.day < v.day OR f.day > (f.at AT TIME ZONE 'Asia/Shanghai')::date`,
	"dissatisfied without words": `SELECT count(*) FROM feedbacks
		WHERE 'dissatisfied' IN (attitude, result) AND text !~ '\S'`,
	"said by another's account": `SELECT count(*) FROM feedbacks f JOIN proposers s ON s.id = f.proposer_id
		WHERE (f.channel = 'own') <> (f.recorded_by IS NOT DISTINCT FROM s.user_id)`,
	"collected by who may not": `SELECT count(*) FROM feedbacks f
		JOIN replies r ON r.id = f.reply_id JOIN proposals p ON p.id = r.proposal_id
		JOIN users u ON u.id = f.recorded_by LEFT JOIN organs o ON o.id = u.organ_id
		WHERE f.channel <> 'own' AND NOT ('office' = ANY (u.roles) AND u.organ_id = p.organ_id
			OR 'supervisor' = ANY (u.roles) AND o.oversight IN ('government', 'cppcc'))`,
	"decided by who does not oversee": `SELECT count(*) FROM redo_decisions d
		JOIN users u ON u.id = d.decided_by LEFT JOIN organs o ON o.id = u.organ_id
		WHERE NOT coalesce('supervisor' = ANY (u.roles) AND o.oversight IN ('government', 'cppcc'), false)`,
	"rounds that another followed without a decision": `SELECT count(*) FROM replies r
		JOIN proposals p ON p.id = r.proposal_id
		WHERE (r.round < p.round) <> EXISTS (SELECT FROM redo_decisions d WHERE d.reply_id = r.id AND d.redo)`,
	"declined though nobody is dissatisfied": `SELECT count(*) FROM redo_decisions d WHERE NOT d.redo AND NOT EXISTS (
			SELECT FROM feedbacks f WHERE f.reply_id = d.reply_id AND 'dissatisfied' IN (f.attitude, f.result))`,
	"dissatisfied rounds and those that were told of": `SELECT count(*) FROM replies r
		WHERE EXISTS (SELECT FROM feedbacks f WHERE f.reply_id = r.id AND 'dissatisfied' IN (f.attitude, f.result))
		   <> EXISTS (SELECT FROM notices n WHERE n.occasion = 'unsatisfied' AND n.proposal_id = r.proposal_id
		   	AND (SELECT e.round FROM events e WHERE e.proposal_id = n.proposal_id AND e.seq = n.ref) = r.round)`,
	"waits that everybody ended": `SELECT count(*) FROM deadlines d
		JOIN replies r ON r.proposal_id = d.proposal_id AND r.round = d.round
		WHERE d.rule = 'FEEDBACK_WAIT' AND d.met IS NULL AND d.ended IS NULL AND NOT EXISTS (
			SELECT FROM deliveries v WHERE v.reply_id = r.id AND NOT EXISTS (
				SELECT FROM feedbacks f WHERE f.reply_id = v.reply_id AND f.proposer_id = v.proposer_id))`,
}

// TestFeedbackOfAnybody lets random people do random things to a joint proposal,
// issued, answered or answered again. Whatever is refused writes nothing, and what is on record
// holds together. Each try is rolled back.
func TestFeedbackOfAnybody(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	var stages [3]struct {
		id        int64
		proposers []int64
	}
	stages[0].id, stages[0].proposers = b.joint(t, "0001")
	for i := 1; i < len(stages); i++ {
		stages[i].id, stages[i].proposers = b.answerJoint(t, fmt.Sprint(i))
	}
	again := stages[2]
	_, err := b.RedoProposal(t.Context(), by(b.Supervisor, again.id), "请再办", casework.Date{})
	must(t, err)
	b.reply(t, again.id)
	b.deliverTo(t, again.id, again.proposers...)
	b.copyAny(t, again.id)
	given := 0
	rapid.Check(t, func(rt *rapid.T) {
		s := stages[rapid.IntRange(0, 2).Draw(rt, "stage")]
		b, rollback := b.aside(t)
		defer rollback()
		for range rapid.IntRange(15, 30).Draw(rt, "steps") {
			before := b.written(t)
			err := b.tryFeedback(t, rt, s.id, s.proposers)
			if err != nil && (!known(err) || b.written(t) != before) {
				rt.Fatalf("refused with %v, and wrote %d", err, b.written(t)-before)
			}
		}
		for what, sql := range feedbackFaults {
			if n := b.count(t, sql); n != 0 {
				rt.Fatalf("%d %s", n, what)
			}
		}
		given += b.count(t, `SELECT count(*) FROM feedbacks`)
	})
	if given == 0 {
		t.Error("nobody gave any feedback")
	}
}

// aside is the bundle in a transaction of its own, with a clock of its own.
func (b *bundle) aside(t *testing.T) (c *bundle, rollback func()) {
	tx, err := b.conn.Begin(t.Context())
	must(t, err)
	c = &bundle{People: b.People, conn: tx, now: b.now}
	c.DB, err = postgres.New(tx, postgres.Options{Now: func() time.Time { return c.now }})
	must(t, err)
	return c, func() { must(t, tx.Rollback(t.Context())) }
}

// written counts what a write leaves.
func (b *bundle) written(t *testing.T) int {
	return b.count(t, `SELECT (SELECT count(*) FROM feedbacks) + (SELECT count(*) FROM redo_decisions) + (SELECT sum(version) FROM proposals)`)
}

// known reports whether an error is one that callers are told.
func known(err error) bool {
	for _, one := range []error{casework.ErrNotAllowed, casework.ErrForbidden, casework.ErrNotFound, casework.ErrInvalid, casework.ErrConflict} {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}

// tryFeedback does one random thing.
func (b *bundle) tryFeedback(t *testing.T, rt *rapid.T, id int64, proposers []int64) error {
	ctx := t.Context()
	likely := []casework.User{b.Delegate, b.OtherDelegate, b.Office, b.Supervisor, b.CPPCCSupervisor}
	who := by(rapid.SampledFrom(append(likely, b.All()...)).Draw(rt, "who"), id)
	decider := by(rapid.SampledFrom(append(b.All(), likely[3:]...)).Draw(rt, "decider"), id)
	var err error
	switch rapid.SampledFrom([]string{"deliver", "deliver", "copy", "say", "say", "say", "say", "redo", "decline", "decline", "close", "wait", "reply"}).Draw(rt, "what") {
	case "deliver":
		_, err = b.RecordDelivery(ctx, by(b.Office, id), postgres.NewDelivery{ProposerID: rapid.SampledFrom(proposers).Draw(rt, "to"), Channel: "hand"})
	case "copy":
		if v, _ := b.ViewProposal(ctx, b.Office, id); v.State == casework.Issued {
			b.copyAny(t, id)
		}
	case "say":
		_, err = b.GiveFeedback(ctx, who, anyFeedback(rt, who.User, proposers, b.Today()))
	case "redo":
		_, err = b.RedoProposal(ctx, decider, "请再办", casework.Date{})
	case "decline":
		_, err = b.DeclineRedo(ctx, decider, "不属本市事权")
	case "close":
		if rapid.IntRange(0, 3).Draw(rt, "end") == 0 {
			_, err = b.CloseProposal(ctx, who, "")
		}
	case "wait":
		if v, _ := b.ViewProposal(ctx, b.Office, id); !v.State.Open() { // else the reply would be late
			b.now = b.now.AddDate(0, 0, 1)
		}
	case "reply":
		if v, _ := b.ViewProposal(ctx, b.Office, id); v.State == casework.Drafting {
			b.reply(t, id)
		}
	}
	return err
}

// anyFeedback is feedback that u can give, but for what is drawn to be wrong.
func anyFeedback(rt *rapid.T, u casework.User, proposers []int64, today casework.Date) postgres.NewFeedback {
	wrong := func(what string) bool { return rapid.IntRange(0, 9).Draw(rt, what) == 9 }
	rating := func(of string) casework.Rating {
		return rapid.SampledFrom([]casework.Rating{pleased, fair, unhappy}).Draw(rt, of)
	}
	n := said(0, "", rating("attitude"), rating("result"), "请说清楚")
	if own := u.Has(casework.Delegate); own == wrong("proposer") {
		n.ProposerID = rapid.SampledFrom(append(proposers, proposers[0]-1)).Draw(rt, "of")
	}
	if own := u.Has(casework.Delegate); own == wrong("channel") {
		n.Channel = rapid.SampledFrom([]string{"call", "visit", "meeting", "letter", "own"}).Draw(rt, "by")
	}
	if wrong("text") {
		n.Text = rapid.SampledFrom([]string{"", " "}).Draw(rt, "words")
	}
	if wrong("round") {
		n.Round = rapid.Int32Range(1, 2).Draw(rt, "of round")
	}
	if wrong("day") {
		n.Day = today.AddDays(rapid.IntRange(-3, 1).Draw(rt, "days"))
	}
	return n
}
