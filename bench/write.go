package bench

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A move is one write, by an RPC as somebody, or by a job. One without a name leads
// up to others and is not measured itself.
type move struct {
	name, who, rpc, request string
	job                     func(*walk, context.Context) error
}

// A story is moves in the order in which they can be made. One in so many of the walks
// goes along it.
type story struct {
	moves []move
	of    int
}

// stories have every write but those of [unmeasured]. The version of its subject, the
// subject and the request_id are put in where a request has them and does not say them.
var stories = []story{{moves, 1}, {asides, 4}, {followed, 4}, {desk, 2}}

// moves lead a proposal from receipt to a promise that is kept, and back.
var moves = []move{
	{
		"receive", "office", "ProposalService/ReceiveProposal", `{"kind": "KIND_CPPCC_PROPOSAL", "number": "$number", "textPublic": true,
		"sitting": {"body": "市政协", "term": "$term", "session": 1}, "title": "关于夜间开放图书室的提案", "text": "夜里没有图书室。",
		"organId": "$organ", "proposers": [{"name": "甲某", "userId": "$delegate"}]}`, nil,
	},
	{"accept", "office", "ProposalService/AcceptProposal", `{}`, nil},
	{"assign", "office", "ProposalService/AssignProposal", `{"handlerId": "$handler"}`, nil},
	{"record a contact", "handler", "ProposalService/RecordContact", `{"proposerId": "$proposer", "channel": "CONTACT_CHANNEL_CALL",
		"day": "$today", "summary": "已电话沟通。"}`, nil},
	{"save a draft", "handler", "ReplyService/SaveDraft", `{"text": "$draft", "result": "RESULT_ADOPTED", "publicity": "PUBLICITY_FULL"}`, nil},
	{"submit", "handler", "ReplyService/SubmitReply", `{}`, nil},
	{"approve, division", "head", "ReplyService/ApproveReply", `{"comment": "同意"}`, nil},
	{"approve, office", "office", "ReplyService/ApproveReply", `{"comment": "同意"}`, nil},
	{"sign", "leader", "ReplyService/SignReply", `{"comment": "同意印发"}`, nil},
	{"issue", "office", "ReplyService/IssueReply", `{"overrideReason": "承诺随后确认"}`, nil},
	{name: "job: tell the proposer", job: (*walk).tellProposer},
	{name: "job: record commitments", job: (*walk).recordCommitments},
	{"record a delivery", "office", "ReplyService/RecordDelivery", `{"proposerId": "$proposer", "channel": "DELIVERY_CHANNEL_HAND", "proof": "签收单"}`, nil},
	{"send a copy", "office", "ReplyService/SendCopy", `{"organId": "$governmentOrgan"}`, nil},
	{name: "job: send a copy", job: (*walk).sendFirstCopy},
	{"send the last copy", "office", "ReplyService/SendCopy", `{"organId": "$cppccOrgan"}`, nil},
	{name: "job: send the last copy", job: (*walk).sendLastCopy},
	{"acknowledge", "cppcc", "ReplyService/AcknowledgeCopy", `{}`, nil},
	{"publish", "office", "ReplyService/PublishReply", `{}`, nil},
	{"give feedback", "delegate", "FeedbackService/GiveFeedback", `{"attitude": "RATING_SATISFIED", "result": "RATING_SATISFIED"}`, nil},
	{"confirm a promise", "handler", "CommitmentService/ConfirmCommitment", `{"ownerId": "$handler", "due": "$soon", "deliverable": "三处图书室"}`, nil},
	{"report progress", "handler", "CommitmentService/ReportProgress", `{"text": "已开放两处。"}`, nil},
	{"change a due day", "office", "CommitmentService/ChangeDueDay", `{"due": "$later", "reason": "装修延后", "agreedBy": "分管领导"}`, nil},
	{"report it done", "handler", "CommitmentService/ReportDone", `{"evidence": "开放公告三份"}`, nil},
	{"judge it kept", "cppcc", "CommitmentService/VerifyCommitment", `{"accepted": true, "comment": "已实地查看", "toldDay": "$today", "toldHow": "电话"}`, nil},
	{"have it answered again", "cppcc", "ProposalService/RedoProposal", `{"reason": "尚有一问未答"}`, nil},
}

// lead are some of [moves], by their names, as they lead up to others.
func lead(names ...string) []move {
	var out []move
	for _, name := range names {
		i := slices.IndexFunc(moves, func(m move) bool { return m.name == name })
		m := moves[i]
		m.name = ""
		out = append(out, m)
	}
	return out
}

// A walk takes one proposal along the moves of a story, in one database by the
// operations and in the other by their statements.
type walk struct {
	*run
	facts
	proposal, version     int64
	commitment, committed int64 // a promise and its version
	reply, letter         int64
}

// write measures every write, in two databases that are the same: the operation is
// done in one, and its statements are replayed in the other. Both commit, and at the
// end both must hold the same.
func (r *run) write(ctx context.Context) error {
	for i, s := range stories {
		if err := r.tell(ctx, s, i); err != nil {
			return err
		}
	}
	return r.agreeOn(ctx)
}

// tell measures the moves of the story that has a place among the others.
func (r *run) tell(ctx context.Context, t story, place int) error {
	whole, sql := make([]side, len(t.moves)), make([]side, len(t.moves))
	walks := max(1, r.o.Walks/t.of)
	if place > 0 {
		walks = min(walks, terms-1)
	}
	for n := range walks + 1 {
		w := &walk{run: r, facts: r.walkFacts(place, n)}
		for i, m := range t.moves {
			a, b, err := w.take(ctx, m)
			if err != nil {
				return fmt.Errorf("%s: %w", cmp.Or(m.name, m.rpc, "a job"), err)
			}
			if n > 0 { // the first connects and prepares statements
				whole[i].add(a)
				sql[i].add(b)
			}
		}
	}
	for i, m := range t.moves {
		if m.name != "" {
			r.add(Measure{Group: Writes, What: m.name, How: m.how(), Against: BareSQL}.measured(&whole[i], &sql[i]))
		}
	}
	return nil
}

// how is how it is asked for.
func (s move) how() string {
	if s.job != nil {
		return "×1"
	}
	return "proto ×1"
}

const replyText = "甲某委员：\n\n您提出的“关于夜间开放图书室的提案”的提案收悉，经研究，现将办理情况答复如下：\n\n" +
	"一、现状\n\n我委已开放两处图书室。\n\n二、打算\n\n下一步，我委将在2099年6月底前再开放三处图书室。我委还将公布开放名录。\n\n" +
	"感谢您对本市工作的关心和支持。"

// walkFacts are those of the database, with what is the nth walk's own of the story
// that has a place among the others.
func (r *run) walkFacts(place, n int) facts {
	today := r.recorded.Today()
	own := facts{
		"number": strconv.Itoa(place*mostWalks + n + 1), "term": strconv.Itoa(lastTerm - place*terms - n%terms), "editor": newUUID(),
		"today": today.String(), "thisYear": strconv.Itoa(today.Year),
		"soon": today.AddDays(30).String(), "later": today.AddDays(60).String(), "extended": today.AddMonths(5).String(),
		"nextRule": today.AddDays(1000 + n).String(), "calendar": calendarFile(n), "list": handOverList(n),
		"draft": strings.ReplaceAll(replyText, "\n", `\n`),
	}
	maps.Copy(own, r.facts)
	return own
}

const (
	mostWalks = 100_000 // more than there are of one story
	lastTerm  = 99      // that can be named
	terms     = 20      // of which the walks of one story hand in proposals, so that each can end its own
)

// take does a move, and then its statements in the other database.
func (w *walk) take(ctx context.Context, s move) (whole, sql time.Duration, err error) {
	if err := w.look(ctx); err != nil {
		return 0, 0, err
	}
	do := s.job
	if do == nil {
		if do, err = w.prepare(ctx, s); err != nil {
			return 0, 0, err
		}
	}
	w.tape.take()
	began := time.Now()
	if err := do(w, ctx); err != nil {
		return 0, 0, err
	}
	whole = time.Since(began)
	tape := w.tape.take()
	began = time.Now()
	err = replay(ctx, w.twin, tape)
	return whole, time.Since(began), err
}
