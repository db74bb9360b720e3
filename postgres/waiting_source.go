package postgres

import (
	"slices"
	"strings"

	"fuyan/casework"
)

// A workSource says where the things of one step are found that u can do: in SQL
// what [casework.User.Moves] and [casework.User.CommitmentMoves] say of one
// proposal and one commitment; a test holds them together. The conditions of state
// stand in it as they stand in the indexes of migration 14.
type workSource struct {
	step        casework.WorkStep
	from, where string
	key, day    string
	running     string // whether the day binds
	verb        string // what comes next
	commitment  bool   // it is about the commitment c
}

func (s workSource) place() int { return slices.Index(casework.WorkSteps, s.step) }

const (
	withReply      = "proposals p JOIN replies r ON r.proposal_id = p.id AND r.round = p.round"
	withProposal   = "commitments c JOIN proposals p ON p.id = c.proposal_id"
	noDay          = "'infinity'::date"
	ownOpen        = "d.met IS NULL AND d.ended IS NULL AND d.organ_id = @organ"
	notMine        = "c.owner_id IS DISTINCT FROM @me AND c.done_by IS DISTINCT FROM @me"
	notMyDraft     = "r.author_id IS DISTINCT FROM @me"
	unknownDay     = "coalesce(c.due, c.words_due, 'infinity'::date)"
	openExtensions = "'received', 'accepted', 'drafting', 'reviewing', 'signed'"
)

// workOf are the sources of what can wait for u, in the order of the steps.
func workOf(u casework.User) []workSource {
	var out []workSource
	if u.Has(casework.Office) {
		out = append(out, officeWork()...)
	}
	if u.Has(casework.Office, casework.Handler) {
		out = append(out, opinions(), toConfirm(u))
	}
	if u.Has(casework.Handler) {
		out = append(out, drafts())
	}
	if u.Has(casework.Office, casework.Reviewer) {
		out = append(out, reviews(u))
	}
	if u.Has(casework.Reviewer) && u.DivisionID == 0 {
		out = append(out, ofOrgan(casework.WorkSign, casework.Sign, withReply, "p.state = 'reviewing' AND r.passed >= 2 AND "+notMyDraft))
	}
	if u.Has(casework.Office, casework.Handler, casework.Reviewer) {
		out = append(out, offers(u), kept(), urges(u))
	}
	if u.Has(casework.Supervisor) {
		out = append(out, overseersWork()...)
	}
	if u.Has(casework.Office, casework.Reviewer, casework.Supervisor) {
		out = append(out, toVerify(u))
	}
	slices.SortFunc(out, func(a, b workSource) int { return a.place() - b.place() })
	return out
}

// ofOrgan is what is found by the state of the organ's own proposals, due with
// their reply.
func ofOrgan(step casework.WorkStep, verb casework.Verb, from, where string) workSource {
	return workSource{
		step: step, from: from, where: "p.organ_id = @organ AND " + where,
		key: "p.id", day: "p.reply_due", running: "NOT p.reply_paused", verb: said(verb),
	}
}

// said writes a verb into a query.
func said[V ~string](verb V) string { return "'" + string(verb) + "'" }

// officeWork is what the office of an organ does.
func officeWork() []workSource {
	signFor := ofOrgan(casework.WorkSignFor, casework.Accept,
		`proposals p LEFT JOIN deadlines d ON d.proposal_id = p.id AND d.rule = 'RETURN_WRONG' AND d.organ_id = p.organ_id
        AND d.round = p.round AND d.commitment_id IS NULL AND d.met IS NULL AND d.ended IS NULL`, "p.state = 'received'")
	// It is to be signed for while it can be given back; few are in this state.
	signFor.day, signFor.running = "coalesce(d.due, p.reply_due)", "CASE WHEN d.id IS NULL THEN NOT p.reply_paused ELSE d.paused IS NULL END"
	return []workSource{
		signFor,
		ofOrgan(casework.WorkAssign, casework.Assign, "proposals p", "p.state = 'accepted'"),
		ofOrgan(casework.WorkNumber, casework.Issue, "proposals p", "p.state = 'signed'"),
		ofOrgan(casework.WorkDeliver, casework.RecordDelivery, withReply,
			"p.state = 'issued' AND EXISTS (SELECT FROM deliveries v WHERE v.reply_id = r.id AND v.day IS NULL)"),
		ofOrgan(casework.WorkCopy, casework.SendCopy, withReply,
			"p.state = 'issued' AND EXISTS (SELECT FROM copies k WHERE k.reply_id = r.id AND k.ordered_at IS NULL)"),
		byDeadline(casework.WorkPublish, casework.Publish,
			"JOIN replies r ON r.proposal_id = p.id AND r.round = p.round",
			`d.rule = 'PUBLISH' AND d.round = p.round AND p.state IN ('issued', 'answered', 'closed') AND r.publicity IN ('full', 'summary')
    AND NOT EXISTS (SELECT FROM publications b WHERE b.reply_id = r.id AND b.taken_down IS NULL)`),
	}
}

// byDeadline is what is found by a deadline of the organ.
func byDeadline(step casework.WorkStep, verb casework.Verb, join, where string) workSource {
	return workSource{
		step: step, from: "deadlines d JOIN proposals p ON p.id = d.proposal_id " + join, where: ownOpen + " AND " + where,
		key: "d.id", day: "d.due", running: "d.paused IS NULL", verb: said(verb),
	}
}

// opinions are those that the organ was asked for and that can still be given.
func opinions() workSource {
	return byDeadline(casework.WorkOpinion, casework.SubmitOpinion, "",
		"d.rule = 'COHANDLE_OPINION' AND p.state IN ('accepted', 'drafting', 'reviewing')")
}

func drafts() workSource {
	s := ofOrgan(casework.WorkDraft, casework.SaveDraft, withReply, "p.state = 'drafting' AND p.handler_id = @me")
	s.verb = "CASE WHEN r.draft_count = 0 THEN " + said(casework.SaveDraft) + " ELSE " + said(casework.Submit) + " END"
	return s
}

// reviews are those whose turn is u's.
func reviews(u casework.User) workSource {
	var turns []string
	if u.Has(casework.Reviewer) && u.DivisionID == 0 {
		turns = append(turns, "r.passed = 0")
	} else if u.Has(casework.Reviewer) {
		turns = append(turns, "r.passed = 0 AND p.division_id = @division")
	}
	if u.Has(casework.Office) {
		turns = append(turns, "r.passed = 1")
	}
	return ofOrgan(casework.WorkReview, casework.Approve, withReply,
		"p.state = 'reviewing' AND "+notMyDraft+" AND ("+strings.Join(turns, " OR ")+")")
}

// overseersWork is what an oversight office decides and receives.
func overseersWork() []workSource {
	of := func(step casework.WorkStep, verb casework.Verb, from, where string) workSource {
		s := ofOrgan(step, verb, from, "")
		s.where = "p.kind = ANY (@kinds) AND " + where
		return s
	}
	redo := of(casework.WorkDecideRedo, casework.Redo, withReply, "r.redo_waits AND p.state IN ('answered', 'closed')")
	copies := of(casework.WorkAcknowledge, casework.AcknowledgeCopy,
		// From each copy to its proposal, and not all replies side by side with the few copies.
		`copies k, LATERAL (SELECT * FROM replies x WHERE x.id = k.reply_id OFFSET 0) r,
        LATERAL (SELECT * FROM proposals x WHERE x.id = r.proposal_id OFFSET 0) p`,
		`k.organ_id = @organ AND k.sent_at IS NOT NULL AND k.acknowledged_at IS NULL AND p.state IN ('issued', 'answered', 'closed')`)
	copies.key = "k.reply_id"
	for _, s := range []*workSource{&redo, &copies} {
		s.day, s.running = noDay, "false"
	}
	return []workSource{
		of(casework.WorkDecideReturn, casework.GrantReturn, "proposals p", "p.state = 'return_requested'"),
		of(casework.WorkDecideExtension, casework.DecideExtension, "extensions e JOIN proposals p ON p.id = e.proposal_id",
			"e.granted IS NULL AND p.state IN ("+openExtensions+")"),
		redo, copies,
		{
			step: casework.WorkContest, from: withProposal, where: "c.contested AND c.kind = ANY (@kinds)",
			key: "c.id", day: noDay, running: "false", verb: said(casework.Uphold), commitment: true,
		},
	}
}

// toConfirm are the promises of the organ's letters that nobody confirmed: the
// office's, or those of the proposals that u handles.
func toConfirm(u casework.User) workSource {
	s := workSource{
		step: casework.WorkConfirm, from: withProposal, where: "c.organ_id = @organ AND c.state = 'noted'",
		key: "c.id", day: unknownDay, running: unknownDay + " < 'infinity'", verb: said(casework.Confirm), commitment: true,
	}
	if !u.Has(casework.Office) {
		s.where += " AND p.handler_id = @me"
	}
	return s
}

// offers are the promises that u is to take over, of proposals that u can see.
func offers(u casework.User) workSource {
	s := workSource{
		step: casework.WorkTakeOver, from: withProposal, where: "c.offered_to = @me AND c.state IN ('open', 'done')",
		key: "c.id", day: "c.due", running: "c.state = 'open'", verb: said(casework.TakeOver), commitment: true,
	}
	if !u.Has(casework.Admin) {
		s.where += ` AND (c.organ_id = @organ OR c.kind = ANY (@kinds)
         OR EXISTS (SELECT FROM opinions o WHERE o.proposal_id = c.proposal_id AND o.organ_id = @organ))`
	}
	return s
}

// kept are u's own promises: what comes next is the end once it is near, and
// before that a word of how far it is.
func kept() workSource {
	return workSource{
		step: casework.WorkKeep, from: withProposal, where: "c.owner_id = @me AND c.organ_id = @organ AND c.state = 'open'",
		key: "c.id", day: "c.due", running: "true", commitment: true,
		verb: "CASE WHEN c.due <= @soon THEN " + said(casework.ReportDone) + " ELSE " + said(casework.ReportProgress) + " END",
	}
}

// urges are those to sign for, and then to answer.
func urges(u casework.User) workSource {
	s := workSource{
		step: casework.WorkUrge,
		from: `deadlines d JOIN urges g ON g.document_number = d.basis JOIN commitments c ON c.id = g.commitment_id
        JOIN proposals p ON p.id = c.proposal_id`,
		where: ownOpen + " AND d.rule = 'URGE_ANSWER' AND c.state IN ('open', 'done', 'kept', 'dropped')",
		key:   "d.id", day: "d.due", running: "d.paused IS NULL", commitment: true,
		verb: "CASE WHEN g.received_at IS NULL THEN " + said(casework.ReceiveUrge) + " ELSE " + said(casework.AnswerUrge) + " END",
	}
	if !u.Has(casework.Office) {
		s.where += " AND c.owner_id = @me"
	}
	return s
}

// toVerify are the promises said to be done that u can judge: the organ's, or
// those that u oversees.
func toVerify(u casework.User) workSource {
	var ways []string
	if u.Has(casework.Office, casework.Reviewer) {
		ways = append(ways, "c.organ_id = @organ")
	}
	if u.Has(casework.Supervisor) {
		ways = append(ways, "c.kind = ANY (@kinds)")
	}
	return workSource{
		step: casework.WorkVerify, from: withProposal, where: "c.state = 'done' AND " + notMine + " AND (" + strings.Join(ways, " OR ") + ")",
		key: "c.id", day: "c.due", running: "false", verb: said(casework.VerifyKept), commitment: true,
	}
}
