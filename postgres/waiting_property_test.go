package postgres_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// crew are the people of a test and some who have several parts at once.
func (b *bundle) crew(t testing.TB) []casework.User {
	t.Helper()
	out := b.All()
	for i, u := range []casework.User{
		{Roles: []casework.Role{casework.Office, casework.Handler, casework.Reviewer}, OrganID: b.Organ},
		{Roles: []casework.Role{casework.Handler, casework.Reviewer}, OrganID: b.Organ, DivisionID: b.Handler.DivisionID},
		{Roles: []casework.Role{casework.Admin, casework.Handler}, OrganID: b.Helper},
		{Roles: []casework.Role{casework.Supervisor, casework.Office}, OrganID: b.CPPCC, Oversight: casework.OverseesCPPCC},
	} {
		u.Name = fmt.Sprintf("crew%d", i)
		must(t, b.conn.QueryRow(t.Context(), `INSERT INTO users (name, display_name, password_hash, roles, organ_id, division_id)
			VALUES ($1, $1, '', $2, $3, nullif($4, 0)) RETURNING id`, u.Name, u.Roles, u.OrganID, u.DivisionID).Scan(&u.ID))
		out = append(out, u)
	}
	return out
}

// done does a move that was offered; what it needs beside is found on the proposal.
func (b *bundle) done(t testing.TB, rt *rapid.T, c postgres.Call, verb casework.Verb) error {
	ctx := t.Context()
	v, err := b.ViewProposal(ctx, b.Admin, c.ID)
	must(t, err)
	one := func(_ postgres.ListedProposal, err error) error { return err }
	office := rapid.SampledFrom([]int64{b.Government, b.CPPCC})
	deadline := func() int64 {
		i := slices.IndexFunc(v.Deadlines, func(d postgres.DeadlineView) bool { return d.Runs() == (verb == casework.PauseDeadline) })
		return v.Deadlines[max(i, 0)].ID
	}
	switch verb {
	case casework.Accept:
		return one(b.AcceptProposal(ctx, c, casework.Date{}))
	case casework.RequestReturn:
		return one(b.RequestReturn(ctx, c, "不是"))
	case casework.GrantReturn, casework.RefuseReturn:
		return one(b.DecideReturn(ctx, c, false, "是"))
	case casework.Assign:
		return one(b.AssignProposal(ctx, c, rapid.SampledFrom([]int64{b.Handler.ID, b.OtherHandler.ID}).Draw(rt, "handler")))
	case casework.RequestOpinion:
		return one(b.RequestOpinion(ctx, c, b.Helper, "问"))
	case casework.SubmitOpinion:
		return one(b.SubmitOpinion(ctx, c, "答"))
	case casework.RequestExtension:
		return one(b.RequestExtension(ctx, c, "难", v.ReplyDue.AddDays(9)))
	case casework.DecideExtension:
		return one(b.DecideExtension(ctx, c, rapid.Bool().Draw(rt, "granted"), "好"))
	case casework.SaveDraft:
		return one(b.SaveDraft(ctx, c, postgres.NewDraft{Text: draftText, Result: "adopted", Publicity: "full"}))
	case casework.Submit:
		return one(b.SubmitReply(ctx, c))
	case casework.Approve:
		return one(b.ApproveReply(ctx, c, ""))
	case casework.SendBack:
		return one(b.SendBackReply(ctx, c, "改"))
	case casework.Sign:
		return one(b.SignReply(ctx, c, ""))
	case casework.Issue:
		return one(b.IssueReply(ctx, c, later, casework.Date{}))
	case casework.RecordDelivery:
		return one(b.RecordDelivery(ctx, c, postgres.NewDelivery{ProposerID: v.ProposerRows[0].ID, Channel: "hand"}))
	case casework.SendCopy:
		return one(b.SendCopy(ctx, c, office.Draw(rt, "office")))
	case casework.AcknowledgeCopy:
		return one(b.AcknowledgeCopy(ctx, c))
	case casework.Publish:
		return one(b.PublishReply(ctx, c))
	case casework.TakeDown:
		return one(b.TakeDownReply(ctx, c, "试"))
	case casework.GiveFeedback:
		n := postgres.NewFeedback{Feedback: casework.Feedback{Attitude: casework.Satisfied, Result: casework.Dissatisfied, Text: "没有办成"}}
		if !c.User.Has(casework.Delegate) {
			n.ProposerID, n.Channel = v.ProposerRows[0].ID, "call"
		}
		return one(b.GiveFeedback(ctx, c, n))
	case casework.Redo:
		return one(b.RedoProposal(ctx, c, "再办", casework.Date{}))
	case casework.DeclineRedo:
		return one(b.DeclineRedo(ctx, c, "不必"))
	case casework.PauseDeadline:
		return one(b.PauseDeadline(ctx, c, deadline(), "停"))
	case casework.ResumeDeadline:
		return one(b.ResumeDeadline(ctx, c, deadline(), "续"))
	case casework.Close, casework.CloseWithoutLetter:
		return one(b.CloseProposal(ctx, c, ""))
	default: // the others change nothing of what waits, or end the story
		return casework.ErrNotAllowed
	}
}

// doneTo does to a commitment what was offered.
func (b *bundle) doneTo(t testing.TB, rt *rapid.T, c postgres.Call, verb casework.CommitmentVerb) error {
	ctx := t.Context()
	v, err := b.ViewCommitment(ctx, b.Admin, c.ID)
	must(t, err)
	one := func(_ postgres.Commitment, err error) error { return err }
	somebody := rapid.SampledFrom([]int64{b.Office.ID, b.Handler.ID, b.OtherHandler.ID, b.Leader.ID})
	switch verb {
	case casework.Confirm:
		due := b.Today().AddDays(rapid.SampledFrom([]int{5, 300}).Draw(rt, "due"))
		return one(b.ConfirmCommitment(ctx, c, postgres.Confirmation{OwnerID: somebody.Draw(rt, "owner"), Due: due, Deliverable: "两处"}))
	case casework.ReportDone:
		return one(b.ReportDone(ctx, c, "有据", casework.Date{}))
	case casework.VerifyKept, casework.VerifyNotKept:
		return one(b.VerifyCommitment(ctx, c, postgres.Verdict{Accepted: verb == casework.VerifyKept, Comment: "看过", ToldDay: b.Today(), ToldHow: "电话"}))
	case casework.Offer:
		return one(b.ReassignCommitment(ctx, c, somebody.Draw(rt, "to"), "转"))
	case casework.TakeOver, casework.DeclineOffer:
		return one(b.AcceptCommitment(ctx, c, verb == casework.TakeOver, "说"))
	case casework.SayNotKept:
		if !c.User.Has(casework.Delegate) {
			return casework.ErrNotAllowed
		}
		return one(b.AnswerKeeping(ctx, c, postgres.KeepingAnswer{Text: "没有", Channel: casework.Own}))
	case casework.Uphold:
		return one(b.UpholdCommitment(ctx, c, "核过"))
	case casework.Urge:
		return one(b.UrgeCommitment(ctx, c, "催", b.Today().AddDays(3)))
	case casework.ReceiveUrge:
		return one(b.ReceiveUrge(ctx, c))
	case casework.AnswerUrge:
		i := slices.IndexFunc(v.Urges, func(u postgres.Urge) bool { return u.Urge.AnsweredAt == nil })
		return one(b.AnswerUrge(ctx, c, v.Urges[i].Urge.ID, "在办"))
	default:
		return casework.ErrNotAllowed
	}
}

// step lets somebody do something that is offered to them, or the jobs run.
func (b *bundle) step(t testing.TB, rt *rapid.T, crew []casework.User, id int64) {
	u := rapid.SampledFrom(crew).Draw(rt, "who")
	v, err := b.ViewProposal(t.Context(), u, id)
	if errors.Is(err, casework.ErrNotFound) {
		return
	}
	must(t, err)
	refused := func(err error) {
		if err != nil && !errors.Is(err, casework.ErrNotAllowed) && !errors.Is(err, casework.ErrInvalid) && !errors.Is(err, casework.ErrConflict) &&
			!errors.Is(err, casework.ErrForbidden) {
			rt.Fatalf("%s: %v", u.Name, err)
		}
	}
	if len(v.Moves) > 0 {
		refused(b.done(t, rt, by(u, id), rapid.SampledFrom(v.Moves).Draw(rt, "move").Verb))
	}
	b.work(t, id)
	for _, c := range b.promisesOf(t, id) {
		w, err := b.ViewCommitment(t.Context(), u, c)
		must(t, err)
		if len(w.Moves) > 0 {
			refused(b.doneTo(t, rt, by(u, c), rapid.SampledFrom(w.Moves).Draw(rt, "act").Verb))
		}
	}
}

// work does the jobs that record promises and send copies.
func (b *bundle) work(t testing.TB, id int64) {
	t.Helper()
	v, err := b.ViewReply(t.Context(), b.Admin, id, 0)
	must(t, err)
	for _, l := range v.Letters {
		must(t, b.DoRecordCommitments(t.Context(), postgres.RecordCommitments{LetterID: l.Letter.ID}))
	}
	for _, c := range v.Copies {
		if c.Copy.OrderedAt != nil {
			must(t, b.DoSendCopy(t.Context(), postgres.SendCopyJob{ReplyID: v.ID, OrganID: c.Copy.OrganID}))
		}
	}
}

func (b *bundle) promisesOf(t testing.TB, id int64) (ids []int64) {
	t.Helper()
	list, err := b.ListCommitments(t.Context(), b.Admin, postgres.CommitmentFilter{ProposalID: id, Limit: 100})
	must(t, err)
	for _, c := range list {
		ids = append(ids, c.Commitment.ID)
	}
	return ids
}

// waiting is what waits for u of one proposal, by what is offered to u and by what
// hangs on it: the slow way round.
func (b *bundle) waiting(t testing.TB, u casework.User, id int64) (out []string) {
	ctx := t.Context()
	v, err := b.ViewProposal(ctx, u, id)
	if errors.Is(err, casework.ErrNotFound) {
		return nil
	}
	must(t, err)
	offered := func(verb casework.Verb) bool {
		return slices.ContainsFunc(v.Moves, func(a casework.Act) bool { return a.Verb == verb })
	}
	r, err := b.ViewReply(ctx, b.Admin, id, 0)
	must(t, err)
	undelivered, unsent := false, false
	for _, d := range r.Deliveries {
		undelivered = undelivered || d.Delivery.Day.IsZero()
	}
	for _, c := range r.Copies {
		unsent = unsent || c.Copy.OrderedAt == nil
	}
	toPublish := slices.ContainsFunc(v.Deadlines, func(d postgres.DeadlineView) bool {
		return d.Rule == casework.RulePublish && d.Met.IsZero() && d.Ended.IsZero() && d.Round == v.Round
	})
	asked := false
	for _, o := range v.Opinions {
		asked = asked || o.Opinion.OrganID == u.OrganID && o.Opinion.GivenAt == nil
	}
	add := func(step casework.WorkStep, waits bool) {
		if waits {
			out = append(out, fmt.Sprintf("%s %d 0", step, id))
		}
	}
	add(casework.WorkSignFor, offered(casework.Accept))
	add(casework.WorkAssign, offered(casework.Assign) && v.State == casework.Accepted)
	add(casework.WorkOpinion, offered(casework.SubmitOpinion) && asked)
	add(casework.WorkDraft, offered(casework.Submit) && *v.HandlerID == u.ID)
	add(casework.WorkReview, offered(casework.Approve))
	add(casework.WorkSign, offered(casework.Sign))
	add(casework.WorkNumber, offered(casework.Issue))
	add(casework.WorkDeliver, offered(casework.RecordDelivery) && undelivered)
	add(casework.WorkCopy, offered(casework.SendCopy) && unsent)
	add(casework.WorkPublish, offered(casework.Publish) && toPublish)
	add(casework.WorkDecideReturn, offered(casework.GrantReturn))
	add(casework.WorkDecideExtension, offered(casework.DecideExtension))
	add(casework.WorkDecideRedo, offered(casework.Redo) && v.Standing.Dissatisfied)
	for round := int32(1); round <= v.Round; round++ {
		r, err := b.ViewReply(ctx, b.Admin, id, round)
		must(t, err)
		for _, c := range r.Copies {
			add(casework.WorkAcknowledge, offered(casework.AcknowledgeCopy) && c.Copy.OrganID == u.OrganID && c.Copy.SentAt != nil && c.Copy.AcknowledgedAt == nil)
		}
	}
	for _, c := range b.promisesOf(t, id) {
		out = append(out, b.waitingOf(t, u, c)...)
	}
	return out
}

// waitingOf is what waits for u of one commitment.
func (b *bundle) waitingOf(t testing.TB, u casework.User, id int64) (out []string) {
	v, err := b.ViewCommitment(t.Context(), u, id)
	must(t, err)
	for _, s := range []struct {
		step casework.WorkStep
		verb casework.CommitmentVerb
	}{
		{casework.WorkConfirm, casework.Confirm},
		{casework.WorkTakeOver, casework.TakeOver},
		{casework.WorkKeep, casework.ReportDone},
		{casework.WorkVerify, casework.VerifyKept},
		{casework.WorkContest, casework.Uphold},
		{casework.WorkUrge, casework.AnswerUrge},
	} {
		if !slices.ContainsFunc(v.Moves, func(a casework.CommitmentAct) bool { return a.Verb == s.verb }) {
			continue
		}
		n := 1
		if s.step == casework.WorkUrge {
			n = len(slices.DeleteFunc(slices.Clone(v.Urges), func(u postgres.Urge) bool { return u.Urge.AnsweredAt != nil }))
		}
		for range n {
			out = append(out, fmt.Sprintf("%s %d %d", s.step, v.Commitment.Commitment.ProposalID, id))
		}
	}
	return out
}

// offers says whether what an item says comes next is offered.
func (b *bundle) offers(t testing.TB, u casework.User, w postgres.WorkItem) bool {
	if w.CommitmentID != 0 {
		v, err := b.ViewCommitment(t.Context(), u, w.CommitmentID)
		must(t, err)
		return slices.ContainsFunc(v.Moves, func(a casework.CommitmentAct) bool { return string(a.Verb) == w.Verb })
	}
	v, err := b.ViewProposal(t.Context(), u, w.ProposalID)
	must(t, err)
	return slices.ContainsFunc(v.Moves, func(a casework.Act) bool { return string(a.Verb) == w.Verb })
}

// TestWorkIsWhatIsOffered: whatever is done to proposals and their promises, each
// person's work is what waits by the moves that are offered to that person, each
// once and in order, whether it is read whole or page by page.
func TestWorkIsWhatIsOffered(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	crew := b.crew(t)
	number := 0
	seen := map[casework.WorkStep]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		number++
		id := b.start(t, rt, fmt.Sprintf("%04d", number))
		for range rapid.IntRange(5, 60).Draw(rt, "steps") {
			b.step(t, rt, crew, id)
		}
		for _, u := range crew {
			var got []string
			for _, w := range b.allWork(t, u, 1000) {
				if w.ProposalID != id {
					continue
				}
				if seen[w.Step] = true; !b.offers(t, u, w) {
					rt.Fatalf("%s is to %s what is not offered: %+v", u.Name, w.Verb, w)
				}
				got = append(got, fmt.Sprintf("%s %d %d", w.Step, w.ProposalID, w.CommitmentID))
			}
			want := b.waiting(t, u, id)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				rt.Fatalf("the work of %s is %v, want %v", u.Name, got, want)
			}
		}
	})
	for _, u := range crew {
		b.checkPages(t, u)
	}
	t.Logf("steps seen: %d of %d", len(seen), len(casework.WorkSteps))
}

// allWork reads the work page by page.
func (b *bundle) allWork(t testing.TB, u casework.User, size int32) (all []postgres.WorkItem) {
	t.Helper()
	f := postgres.WorkFilter{Limit: size}
	for {
		page, err := b.ListWork(t.Context(), u, f)
		must(t, err)
		all = append(all, page...)
		if len(page) < int(size) {
			return all
		}
		last := page[size-1]
		f.AfterDay, f.AfterPlace, f.AfterKey = last.Due, last.Place, last.Key
	}
}

// checkPages holds pages of three against one page, the order, the counts and the
// lists of one step each against the whole.
func (b *bundle) checkPages(t *testing.T, u casework.User) {
	t.Helper()
	whole, err := b.ListWork(t.Context(), u, postgres.WorkFilter{Limit: 10_000})
	must(t, err)
	if got := b.allWork(t, u, 3); !slices.Equal(got, whole) {
		t.Errorf("%s: pages of three have %d things, one page %d", u.Name, len(got), len(whole))
	}
	byDay := func(a, b postgres.WorkItem) int {
		if a.Due.IsZero() != b.Due.IsZero() {
			return cmp.Compare(b.Due.String(), a.Due.String())
		}
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Key, b.Key))
	}
	if !slices.IsSortedFunc(whole, byDay) {
		t.Errorf("%s: out of order", u.Name)
	}
	counts, err := b.CountWork(t.Context(), u)
	must(t, err)
	for _, c := range counts {
		n := 0
		for _, w := range whole {
			if w.Step == c.Step {
				n++
			}
		}
		one, err := b.ListWork(t.Context(), u, postgres.WorkFilter{Step: c.Step, Limit: 10_000})
		must(t, err)
		if len(one) != n || int(c.Count) != min(n, casework.MostCounted) {
			t.Errorf("%s: %d of %s in the whole list, %d in its own, %d counted", u.Name, n, c.Step, len(one), c.Count)
		}
	}
}
