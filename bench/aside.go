package bench

import "slices"

// asides lead a proposal by what most of them are spared, until it is withdrawn.
var asides = slices.Concat(
	lead("receive"),
	[]move{
		{"ask for its return", "office", "ProposalService/RequestReturn", `{"reason": "似属他单位职责"}`, nil},
		{"decide a return", "cppcc", "ProposalService/DecideReturn", `{"decision": "DECISION_REFUSED", "reason": "属你单位职责"}`, nil},
	},
	lead("accept"),
	[]move{
		{"ask for an extension", "office", "ProposalService/RequestExtension", `{"reason": "涉及面广", "until": "$extended"}`, nil},
		{"decide an extension", "cppcc", "ProposalService/DecideExtension", `{"decision": "DECISION_GRANTED", "reason": "情况属实"}`, nil},
		{"pause a deadline", "cppcc", "ProposalService/PauseDeadline", `{"deadlineId": "$deadline", "reason": "待提出人补充"}`, nil},
		{"resume a deadline", "cppcc", "ProposalService/ResumeDeadline", `{"deadlineId": "$deadline", "reason": "已补充"}`, nil},
	},
	lead("assign"),
	[]move{
		{"assign several at once", "office", "ProposalService/AssignProposals", `{"proposals": $several, "handlerId": "$handler"}`, nil},
		{"ask for an opinion", "handler", "ProposalService/RequestOpinion", `{"organId": "$helper", "question": "能否延长开放？"}`, nil},
		{"give an opinion", "helperOffice", "ProposalService/SubmitOpinion", `{"text": "可以延长。"}`, nil},
	},
	lead("record a contact"),
	[]move{
		{"keep a working copy", "handler", "ReplyService/KeepWorkingCopy", `{"editorId": "$editor", "revision": 1, "expectedVersion": 0,
			"text": "$draft"}`, nil},
		{"drop a working copy", "handler", "ReplyService/DropWorkingCopy", `{"expectedVersion": "$kept"}`, nil},
	},
	lead("save a draft"),
	[]move{
		{"plan a promise", "handler", "ReplyService/PlanPromise", `{"text": "下一步，我委将在2099年6月底前再开放三处图书室", "ownerId": "$handler",
			"due": "$soon", "deliverable": "三处图书室", "criterion": "开放公告"}`, nil},
		{"waive a promise of a draft", "handler", "ReplyService/WaivePromise", `{"text": "我委还将公布开放名录", "reason": "与前一项是一件事"}`, nil},
	},
	lead("submit"),
	[]move{
		{"send back", "head", "ReplyService/SendBackReply", `{"comment": "请核对数字"}`, nil},
		{"withdraw", "cppcc", "ProposalService/WithdrawProposal", `{"reason": "提出人要求撤回"}`, nil},
	},
)

// followed lead a proposal to its letter, and on by what becomes of promises that are
// not simply kept and of replies that do not please, until it is closed.
var followed = slices.Concat(
	lead("receive", "accept", "assign", "record a contact", "save a draft", "submit", "approve, division", "approve, office",
		"sign", "issue", "job: tell the proposer", "job: record commitments"),
	[]move{
		{"correct a letter", "office", "ReplyService/CorrectLetter", `{"text": $corrected, "reason": "处数有误"}`, nil},
		{"void a number", "office", "ReplyService/VoidNumber", `{"kind": "KIND_CPPCC_PROPOSAL", "year": $thisYear, "reason": "重复取号"}`, nil},
	},
	lead("record a delivery", "send a copy", "job: send a copy", "send the last copy", "job: send the last copy", "publish"),
	[]move{
		{"take down", "office", "ReplyService/TakeDownReply", `{"reason": "附件有误"}`, nil},
		{"waive a promise", "handler", "CommitmentService/WaiveCommitment", `{"commitmentId": "$other", "expectedVersion": "$otherVersion",
			"reason": "与前一项是一件事"}`, nil},
	},
	lead("confirm a promise"),
	[]move{
		{"offer a promise", "office", "CommitmentService/ReassignCommitment", `{"ownerId": "$colleague", "reason": "工作交接"}`, nil},
		{"accept an offer", "colleague", "CommitmentService/AcceptCommitment", `{"accepted": true}`, nil},
		{"urge", "cppcc", "CommitmentService/UrgeCommitment", `{"text": "请抓紧办理。", "answerBy": "$soon"}`, nil},
		{"sign for an urge", "office", "CommitmentService/ReceiveUrge", `{}`, nil},
		{"answer an urge", "colleague", "CommitmentService/AnswerUrge", `{"urgeId": "$urge", "text": "已开放两处，其余在装修。"}`, nil},
		{"", "colleague", "CommitmentService/ReportDone", `{"evidence": "开放公告三份"}`, nil},
	},
	lead("judge it kept"),
	[]move{
		{"say that it is not kept", "delegate", "CommitmentService/AnswerKeeping", `{"kept": false, "text": "只开放了两处。",
			"channel": "FEEDBACK_CHANNEL_OWN"}`, nil},
		{"uphold", "cppcc", "CommitmentService/UpholdCommitment", `{"reason": "第三处当日已开放"}`, nil},
		{"reopen", "cppcc", "CommitmentService/ReopenCommitment", `{"reason": "第三处又已关闭", "due": "$later"}`, nil},
		{"end a term", "cppcc", "ProposalService/EndTerm", `{"body": "市政协", "term": "$term", "ended": "$today"}`, nil},
		{name: "job: end a term", job: (*walk).endTerm},
		{"explain at the end of a term", "office", "ProposalService/ExplainTermEnd", `{"text": "第三处图书室仍在装修。", "signedBy": "梁某",
			"toldHow": "书面"}`, nil},
		{"drop a promise", "office", "CommitmentService/DropCommitment", `{"report": "场地已另有他用。", "signedBy": "梁某"}`, nil},
		{"", "delegate", "FeedbackService/GiveFeedback", `{"attitude": "RATING_SATISFIED", "result": "RATING_DISSATISFIED", "text": "没有落实。"}`, nil},
		{"decline to have it answered again", "cppcc", "ProposalService/DeclineRedo", `{"reason": "答复已说明安排"}`, nil},
		{"close", "office", "ProposalService/CloseProposal", `{"note": "反馈期已过"}`, nil},
		{"mark as seen", "delegate", "FollowService/MarkSeen", `{"seq": 1}`, nil},
	},
)
