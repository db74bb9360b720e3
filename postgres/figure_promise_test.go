package postgres_test

import (
	"errors"
	"slices"

	"fuyan/casework"
	"fuyan/postgres"
)

// keep does something random to one of the promises.
func (h *history) keep() {
	ctx := h.t.Context()
	list, err := h.ListCommitments(ctx, h.Admin, postgres.CommitmentFilter{ProposalID: h.p.ID, Limit: 10})
	must(h.t, err)
	if len(list) == 0 {
		return
	}
	c := list[h.r.IntN(len(list))].Commitment
	p := promise{h, c.ID, h.Handler, h.Today().AddDays(h.r.IntN(60))}
	if c.OwnerID != nil && *c.OwnerID == h.OtherHandler.ID {
		p.owner = h.OtherHandler
	}
	moves := promiseMoves[c.State]
	if len(moves) == 0 {
		return
	}
	_, err = moves[h.r.IntN(len(moves))](p)
	refused := []error{casework.ErrInvalid, casework.ErrNotAllowed, casework.ErrForbidden, casework.ErrConflict}
	if err != nil && !slices.ContainsFunc(refused, func(e error) bool { return errors.Is(err, e) }) {
		h.t.Fatalf("history %d, promise %s: %v", h.n, c.State, err)
	}
}

// A promise of a history, who keeps it, and some day soon.
type promise struct {
	*history
	id    int64
	owner casework.User
	soon  casework.Date
}

func (p promise) on(u casework.User) postgres.Call { return postgres.Call{User: u, ID: p.id} }

type promiseMove func(promise) (postgres.Commitment, error)

// promiseMoves are what may be done to a promise; what is there twice is done more
// often.
var promiseMoves = map[casework.CommitmentState][]promiseMove{
	casework.Noted: {promise.confirm, promise.confirm, promise.confirm, promise.waive},
	casework.Open: {
		promise.report, promise.moveDay, promise.drop, promise.done, promise.done, promise.done,
		promise.offer, promise.take, promise.urge, promise.receiveUrge, promise.answerUrge,
	},
	casework.Done: {promise.judge, promise.judge, promise.judge, promise.offer, promise.take, promise.receiveUrge, promise.answerUrge},
	casework.Kept: {promise.reopen, promise.speak, promise.speak, promise.uphold, promise.receiveUrge},
}

func (p promise) confirm() (postgres.Commitment, error) {
	n := postgres.Confirmation{OwnerID: p.Handler.ID, Due: p.soon, Deliverable: "物"}
	return p.ConfirmCommitment(p.t.Context(), p.on(p.Office), n)
}

func (p promise) waive() (postgres.Commitment, error) {
	return p.WaiveCommitment(p.t.Context(), p.on(p.Office), "不是")
}

func (p promise) report() (postgres.Commitment, error) {
	return p.ReportProgress(p.t.Context(), p.on(p.owner), "在办", p.Today())
}

func (p promise) moveDay() (postgres.Commitment, error) {
	return p.ChangeDueDay(p.t.Context(), p.on(p.Office), postgres.DayChange{Due: p.soon, Reason: "难", AgreedBy: "某"})
}

func (p promise) drop() (postgres.Commitment, error) {
	if p.r.IntN(3) > 0 {
		return p.report()
	}
	return p.DropCommitment(p.t.Context(), p.on(p.Office), postgres.DropReport{Text: "不能", SignedBy: "某"})
}

func (p promise) done() (postgres.Commitment, error) {
	return p.ReportDone(p.t.Context(), p.on(p.owner), "文件", p.Today().AddDays(-p.r.IntN(4)))
}

func (p promise) judge() (postgres.Commitment, error) {
	v := postgres.Verdict{Accepted: p.r.IntN(3) > 0, Comment: "看过", ToldDay: p.Today(), ToldHow: "电话"}
	return p.VerifyCommitment(p.t.Context(), p.on(p.Leader), v)
}

func (p promise) offer() (postgres.Commitment, error) {
	to := p.Handler
	if p.owner.ID == to.ID {
		to = p.OtherHandler
	}
	return p.ReassignCommitment(p.t.Context(), p.on(p.owner), to.ID, "换人")
}

func (p promise) take() (postgres.Commitment, error) {
	who := p.Handler
	if p.owner.ID == who.ID {
		who = p.OtherHandler
	}
	return p.AcceptCommitment(p.t.Context(), p.on(who), p.r.IntN(3) > 0, "忙")
}

func (p promise) urge() (postgres.Commitment, error) {
	return p.UrgeCommitment(p.t.Context(), p.on(p.overseer()), "请抓紧", p.Today().AddDays(7))
}

func (p promise) receiveUrge() (postgres.Commitment, error) {
	return p.ReceiveUrge(p.t.Context(), p.on(p.Office))
}

func (p promise) answerUrge() (postgres.Commitment, error) {
	v, err := p.ViewCommitment(p.t.Context(), p.Admin, p.id)
	if err != nil || len(v.Urges) == 0 {
		return postgres.Commitment{}, err
	}
	return p.AnswerUrge(p.t.Context(), p.on(p.Office), v.Urges[len(v.Urges)-1].Urge.ID, "在办")
}

func (p promise) speak() (postgres.Commitment, error) {
	list := p.look().ProposerRows
	return p.AnswerKeeping(p.t.Context(), p.on(p.Office), postgres.KeepingAnswer{
		ProposerID: list[p.r.IntN(len(list))].ID, Kept: p.r.IntN(2) == 0, Text: "看到的", Channel: "call",
	})
}

func (p promise) uphold() (postgres.Commitment, error) {
	return p.UpholdCommitment(p.t.Context(), p.on(p.overseer()), "已实地查看")
}

func (p promise) reopen() (postgres.Commitment, error) {
	return p.ReopenCommitment(p.t.Context(), p.on(p.Office), "反弹", p.soon)
}
