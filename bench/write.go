package bench

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"
)

// A move is one write on the way of a proposal, by an RPC as somebody, or by a job.
type move struct {
	name, who, rpc, request string
	job                     func(*walk, context.Context) error
}

// moves lead a proposal from receipt to a promise that is kept. The version of its
// subject, the subject and the request_id are put in where the request has them.
var moves = []move{
	{
		"receive", "office", "ProposalService/ReceiveProposal", `{"kind": "KIND_CPPCC_PROPOSAL", "number": "$number", "textPublic": true,
		"sitting": {"body": "市政协", "term": 99, "session": 1}, "title": "关于夜间开放图书室的提案", "text": "夜里没有图书室。",
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
}

// A walk takes one proposal along the moves, in one database by the operations and
// in the other by their statements.
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
	whole, sql := make([]side, len(moves)), make([]side, len(moves))
	for n := range r.o.Walks + 1 {
		w := &walk{run: r, facts: r.walkFacts(n)}
		for i, s := range moves {
			a, b, err := w.take(ctx, s)
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			if n > 0 { // the first connects and prepares statements
				whole[i].add(a)
				sql[i].add(b)
			}
		}
	}
	for i, s := range moves {
		r.add(Measure{Group: Writes, What: s.name, How: s.how(), Against: BareSQL}.measured(&whole[i], &sql[i]))
	}
	return r.agreeOn(ctx)
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

// walkFacts are those of the database, with what is a walk's own.
func (r *run) walkFacts(n int) facts {
	own := facts{
		"number": strconv.Itoa(n + 1), "today": r.recorded.Today().String(),
		"soon": r.recorded.Today().AddDays(30).String(), "later": r.recorded.Today().AddDays(60).String(),
		"draft": strings.ReplaceAll(replyText, "\n", `\n`),
	}
	maps.Copy(own, r.facts)
	return own
}

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
