package web_test

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// letter has a character outside the basic plane before its promises, so that
// bytes, UTF-16 units and characters all differ.
const letter = `沪科提复〔2026〕25号

对市政协十四届四次会议第0670号提案的答复

顾伟华、芮海燕委员：

你们提出的“关于加快发展科技服务业的提案”收悉，经研究，现将办理情况答复如下：

一、关于要素市场

市科委会同𠮷林路街道，在 39 家高校、科研院所开展了成果赋权试点。2025年，4个示范区科技服务业营收1112.21亿元。

下一步，市科委将于2026年12月底前出台科技服务业发展行动方案。下一步，我们将会同相关部门，建设技术转移人才实训基地。

感谢你们对本市科技创新工作的关心与支持！

上海市科学技术委员会
2026年5月12日

抄送：市政府办公厅建议提案处，市政协提案办。
`

func letterLines() []*fuyanv1.LetterLine {
	lines := linesOf(letter, number, title, salutation, body, heading, body, body, body, signature, day, copies)
	lines[4].Level = 1
	return lines
}

const (
	firstPromise  = "下一步，市科委将于2026年12月底前出台科技服务业发展行动方案"
	secondPromise = "下一步，我们将会同相关部门，建设技术转移人才实训基地"
)

func at(day, hour int) *timestamppb.Timestamp {
	return timestamppb.New(time.Date(2026, 5, day, hour-8, 30, 0, 0, time.UTC))
}

func sitting() *fuyanv1.Sitting { return &fuyanv1.Sitting{Body: "市政协", Term: 14, Session: 4} }

func office() *fuyanv1.User {
	return &fuyanv1.User{
		Id: 1, Version: 2, Name: "chenjing", DisplayName: "陈静", OrganId: 1, Organ: "上海市科学技术委员会", Division: "办公室",
		Roles: []fuyanv1.Role{fuyanv1.Role_ROLE_OFFICE, fuyanv1.Role_ROLE_ADMIN},
	}
}

func users() []*fuyanv1.User {
	return []*fuyanv1.User{
		office(),
		{Id: 2, Version: 1, Name: "liwei", DisplayName: "李伟", OrganId: 1, Organ: "上海市科学技术委员会", Division: "科技服务处", Roles: []fuyanv1.Role{fuyanv1.Role_ROLE_HANDLER}},
		{Id: 3, Version: 1, Name: "guwh", DisplayName: "顾伟华", Roles: []fuyanv1.Role{fuyanv1.Role_ROLE_DELEGATE}},
		{Id: 4, Version: 3, Name: "old", DisplayName: "赵离", OrganId: 1, Organ: "上海市科学技术委员会", Disabled: true, Roles: []fuyanv1.Role{fuyanv1.Role_ROLE_HANDLER}},
	}
}

func organs() []*fuyanv1.Organ {
	return []*fuyanv1.Organ{
		{Id: 1, Name: "上海市科学技术委员会", ShortName: "市科委", OfficeName: "上海市科委办公室", CppccPrefix: "沪科提复", NpcPrefix: "沪科建复", Divisions: []*fuyanv1.Division{{Id: 3, Name: "科技服务处"}, {Id: 4, Name: "科技金融处"}}},
		{Id: 2, Name: "上海市知识产权局", ShortName: "市知识产权局"},
		{Id: 8, Name: "市政府办公厅建议提案处", ShortName: "建议提案处", Oversight: fuyanv1.Oversight_OVERSIGHT_GOVERNMENT},
		{Id: 9, Name: "市政协提案办", ShortName: "提案办", Oversight: fuyanv1.Oversight_OVERSIGHT_CPPCC},
	}
}

func proposal() *fuyanv1.Proposal {
	return &fuyanv1.Proposal{
		Id: 7, Version: 12, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: sitting(), Number: "0670",
		Title: "关于加快发展科技服务业的提案", State: fuyanv1.State_STATE_ISSUED, Round: 1,
		Organ: "上海市科学技术委员会", Division: "科技服务处", Handler: "李伟",
		HandedOver: "2026-02-26", ReplyDue: "2026-05-26", ReceiveTime: at(1, 9), UpdateTime: at(12, 16),
		Proposers: []string{"顾伟华", "芮海燕"},
	}
}

func proposals() []*fuyanv1.Proposal {
	return []*fuyanv1.Proposal{
		proposal(),
		{Id: 8, Kind: fuyanv1.Kind_KIND_NPC_SUGGESTION, Sitting: &fuyanv1.Sitting{Body: "市人大", Term: 16, Session: 4}, Number: "0629", Title: "关于支持未来谷科技服务业集聚区建设的建议", State: fuyanv1.State_STATE_DRAFTING, Round: 1, Organ: "上海市科学技术委员会", Division: "科技金融处", Handler: "王敏", ReplyDue: "2026-05-26", WorkingDaysLeft: 4, Proposers: []string{"谢吉华"}},
		{Id: 9, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: sitting(), Number: "0112", Title: "关于完善科研人员减负机制的提案", State: fuyanv1.State_STATE_REVIEWING, Round: 2, Organ: "上海市科学技术委员会", Division: "科技服务处", Handler: "李伟", ReplyDue: "2026-05-16", WorkingDaysLeft: -3, Overdue: true, Proposers: []string{"民盟上海市委"}},
		{Id: 10, Kind: fuyanv1.Kind_KIND_NPC_SUGGESTION, Sitting: &fuyanv1.Sitting{Body: "市人大", Term: 16}, Number: "B12", Title: "关于规范 <script> 类网络脚本检测服务的建议", State: fuyanv1.State_STATE_RECEIVED, Round: 1, Organ: "上海市科学技术委员会", ReplyDue: "2026-08-10", WorkingDaysLeft: 57, Proposers: []string{"鲁杰", "汤东英"}},
	}
}

func view() *fuyanv1.ProposalView {
	return &fuyanv1.ProposalView{
		Proposal: proposal(),
		Text:     "一、背景情况\n科技服务业是现代服务业的重要组成部分。\n\n二、具体建议\n1. 健全技术要素市场；\n2. 建设人才实训基地。",
		Proposers: []*fuyanv1.Proposer{
			{Id: 21, Name: "顾伟华", Lead: true}, {Id: 22, Name: "芮海燕"},
		},
		Assignments: []*fuyanv1.Assignment{
			{Organ: "上海市科学技术委员会", Role: fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_LEAD, HandedOver: "2026-02-26", SignedFor: "2026-02-27"},
			{Organ: "上海市知识产权局", Role: fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_HELPER, HandedOver: "2026-02-26"},
		},
		Opinions: []*fuyanv1.Opinion{
			{OrganId: 2, Organ: "上海市知识产权局", Question: "专利分级标准的进展", Due: "2026-04-01", Text: "标准已报立项。", GiveTime: at(2, 11)},
		},
		Contacts: []*fuyanv1.Contact{
			{Day: "2026-04-10", Channel: fuyanv1.ContactChannel_CONTACT_CHANNEL_VISIT, Proposer: "顾伟华", Summary: "走访委员，听取对要素市场的意见。", RecordedBy: "李伟"},
		},
		Extensions: []*fuyanv1.Extension{
			{Reason: "涉及面广", Until: "2026-06-26", AskedBy: "陈静", AskTime: at(3, 10), Decision: fuyanv1.Decision_DECISION_REFUSED, DecisionReason: "可按期答复"},
		},
		Returns: []*fuyanv1.Return{
			{Reason: "疑属经济信息化委职责", AskedBy: "陈静", AskTime: at(1, 10), Decision: fuyanv1.Decision_DECISION_REFUSED, DecisionReason: "由科委主办", DecidedBy: "周平"},
		},
		Deadlines: sampleDeadlines(),
		Moves: []*fuyanv1.Move{
			{Rpc: "RecordDelivery", Label: "记录送达"},
			{Rpc: "SendCopy", Label: "抄送"},
			{Rpc: "RecordContact", Label: "记录沟通"},
			{Rpc: "PublishReply", Label: "公开"},
			{Rpc: "CorrectLetter", Label: "更正复文"},
		},
		TextPublic: true,
	}
}

func reply() *fuyanv1.Reply {
	return &fuyanv1.Reply{
		ProposalId: 7, Version: 12, Round: 1, Result: fuyanv1.Result_RESULT_ADOPTED, Publicity: fuyanv1.Publicity_PUBLICITY_FULL,
		Drafts: []*fuyanv1.Draft{
			{Number: 2, Text: "顾伟华、芮海燕委员：\n第二稿", Author: "李伟", CreateTime: at(8, 15)},
			{Number: 1, Text: "顾伟华、芮海燕委员：\n第一稿", Author: "李伟", CreateTime: at(6, 9)},
		},
		Reviews: []*fuyanv1.Review{
			{Step: "处室审核", DraftNumber: 1, Comment: "补充数据", Reviewer: "孙处长", Time: at(7, 9), Reset_: true},
			{Step: "处室审核", DraftNumber: 2, Approved: true, Comment: "同意", Reviewer: "孙处长", Time: at(9, 9)},
			{Step: "签发", DraftNumber: 2, Approved: true, Reviewer: "吴主任", Time: at(11, 17)},
		},
		Letters: []*fuyanv1.Letter{
			{Id: 31, Edition: 1, DocumentNumber: "沪科提复〔2026〕25号", IssueDate: "2026-05-12", Text: letter, Sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", IssuedBy: "陈静", IssueTime: at(12, 16), Lines: letterLines()},
		},
		Deliveries: []*fuyanv1.Delivery{
			{ProposerId: 21, Proposer: "顾伟华", Channel: fuyanv1.DeliveryChannel_DELIVERY_CHANNEL_POST, Day: "2026-05-14", Proof: "EMS 1099", RecordedBy: "陈静"},
			{ProposerId: 22, Proposer: "芮海燕"},
		},
		Copies: []*fuyanv1.Copy{
			{OrganId: 8, Organ: "市政府办公厅建议提案处", SendTime: at(13, 9), AcknowledgeTime: at(14, 9), AcknowledgedBy: "周平"},
			{OrganId: 9, Organ: "市政协提案办"},
		},
		Publication: &fuyanv1.Publication{Due: "2026-06-02"},
		SignedBy:    "吴主任",
	}
}

func commitments() []*fuyanv1.Commitment {
	return []*fuyanv1.Commitment{
		{
			Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: sitting(), ProposalNumber: "0670", ProposalTitle: "关于加快发展科技服务业的提案",
			Id: 41, Version: 3, ProposalId: 7, LetterId: 31, DocumentNumber: "沪科提复〔2026〕25号", Text: firstPromise,
			Span: spanOf(letter, firstPromise), Cue: "下一步/将", Responsible: []string{"市科委"}, DueWords: "2026年12月底前", WordsDue: "2026-12-31",
			State: fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN, Owner: "李伟", OwnerId: 2, Deliverable: "行动方案印发", Criterion: "公开发文",
			FirstDue: "2025-12-31", Due: "2026-05-10", Overdue: true, OverdueDays: 10, Organ: "上海市科学技术委员会", OrganId: 1, Slips: 2,
			SlippedDays: 130, FollowYear: 2026, OfferedTo: "王敏",
			Latest:      &fuyanv1.Progress{Kind: "progress", Text: "已完成初稿。", Day: "2026-05-15", Author: "李伟", Time: at(15, 9)},
			PublicFiles: []*fuyanv1.File{{Id: 61, Name: "初稿.pdf", MediaType: "application/pdf", Size: 48200, Public: true}},
		},
		{
			Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: sitting(), ProposalNumber: "0670", ProposalTitle: "关于加快发展科技服务业的提案",
			Id: 42, Version: 1, ProposalId: 7, LetterId: 31, DocumentNumber: "沪科提复〔2026〕25号", Text: secondPromise,
			Span: spanOf(letter, secondPromise), Cue: "下一步/将", State: fuyanv1.CommitmentState_COMMITMENT_STATE_NOTED, Organ: "上海市科学技术委员会", OrganId: 1,
		},
	}
}

func events() []*fuyanv1.Event {
	return []*fuyanv1.Event{
		{Seq: 1, Verb: "receive", Label: "收件", Actor: "陈静", Time: at(1, 9), Round: 1},
		{Seq: 2, Verb: "accept", Label: "签收", Actor: "陈静", Time: at(1, 10), Round: 1, Note: "签收日 2026-02-27"},
		{Seq: 3, Verb: "issue", Label: "编号", Actor: "陈静", Time: at(12, 16), Round: 1, Note: "沪科提复〔2026〕25号"},
		{Seq: 4, Verb: "record_commitments", Label: "登记承诺", Time: at(12, 17), Round: 1, Note: "2 条"},
	}
}

func check() *fuyanv1.CheckDraftResponse {
	return &fuyanv1.CheckDraftResponse{
		Faults: []*fuyanv1.Fault{
			{Rule: "address_form", Error: true, Message: "提出人有两位，应称“你们”。", Span: spanOf(draftText, "您提出")},
			{Rule: "result_day", Message: "承诺没有写明期限。", Span: spanOf(draftText, "将建设")},
			{Rule: "copies", Error: true, Message: "缺少抄送。"},
		},
		Promises: []*fuyanv1.Promise{
			{Text: "下一步，我们将建设实训基地", Span: spanOf(draftText, "下一步，我们将建设实训基地"), Cue: "下一步/将", Responsible: []string{"我们"}, Plan: &fuyanv1.PromisePlan{
				Owner: "李伟", OwnerId: 2, Due: "2026-12-31", Deliverable: "实训基地", Criterion: "开放使用", PlannedBy: "李伟", PlanTime: at(8, 16),
			}},
		},
		Letter: "沪科提复〔2026〕　号\n\n" + draftText,
	}
}

const draftText = "顾伟华、芮海燕委员：\n\n您提出的“关于加快发展科技服务业的提案”收悉。\n\n下一步，我们将建设实训基地。"

func commitment() *fuyanv1.GetCommitmentResponse {
	return &fuyanv1.GetCommitmentResponse{
		Commitment: commitments()[0],
		Progress: []*fuyanv1.Progress{
			{Kind: "progress", Text: "已完成初稿。", Day: "2026-05-15", Author: "李伟", Time: at(15, 9), Files: files()},
			{Kind: "urged", Text: "请加快。", Day: "2026-05-18", Author: "周平", Time: at(18, 9)},
		},
		DueChanges: []*fuyanv1.DueChange{
			{Before: "2025-12-31", After: "2026-04-30", Reason: "征求意见延长", AgreedBy: "吴主任", Author: "李伟", Time: at(12, 9)},
			{Before: "2026-04-30", After: "2026-05-10", Reason: "会签延长", AgreedBy: "吴主任", Author: "李伟", Time: at(13, 9)},
		},
		Urges: []*fuyanv1.Urge{
			{Id: 4, DocumentNumber: "提案办催〔2026〕1号", Organ: "提案办", Text: "请说明进展。", AnswerBy: "2026-05-10", IssuedBy: "周平", IssueTime: at(4, 9), ReceivedBy: "陈静", ReceiveTime: at(4, 11), Answer: "正在会签。", AnsweredBy: "李伟", AnswerTime: at(6, 9)},
			{Id: 5, DocumentNumber: "提案办催〔2026〕2号", Organ: "提案办", Text: "请加快。", AnswerBy: "2026-05-25", IssuedBy: "周平", IssueTime: at(18, 9)},
		},
		Answers: []*fuyanv1.KeepingAnswer{
			{Proposer: "顾伟华", Text: "方案没有公开。", RecordedBy: "周平", Channel: fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_CALL, Time: at(2, 9), Decision: fuyanv1.KeepingDecision_KEEPING_DECISION_REOPENED, DecisionReason: "应当公开", DecidedBy: "周平", DecideTime: at(3, 9)},
		},
		Silent: []*fuyanv1.Proposer{{Id: 21, Name: "顾伟华"}, {Id: 22, Name: "芮海燕"}},
		Moves: []*fuyanv1.CommitmentMove{
			{Rpc: "ReportProgress", Label: "报进展"}, {Rpc: "ReportDone", Label: "报完成"}, {Rpc: "ChangeDueDay", Label: "调整期限"}, {Rpc: "DropCommitment", Label: "终止"},
		},
	}
}

func files() []*fuyanv1.File {
	return []*fuyanv1.File{
		{Id: 61, Name: "行动方案 <初稿>.docx", MediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Size: 348_160, UploadedBy: "李伟", UploadTime: at(15, 9)},
		{Id: 62, Name: "座谈会.jpg", MediaType: "image/jpeg", Size: 2_450_000, Public: true, UploadedBy: "李伟", UploadTime: at(15, 9)},
		{Id: 63, Name: "说明.txt", MediaType: "text/plain", Size: 12, UploadedBy: "李伟", UploadTime: at(15, 9)},
	}
}

func reading() *fuyanv1.Reading {
	return &fuyanv1.Reading{
		Kind: "CPPCC_PROPOSAL", IssuingOrgan: "上海市科学技术委员会", DocumentNumber: "沪科提复〔2026〕25号", Body: "市政协", Term: 14, Session: 4,
		CaseNumber: "0670", Title: "关于加快发展科技服务业的提案", Proposers: []string{"顾伟华", "芮海燕"}, ResultLabel: "解决采纳", IssueDate: "2026-05-12",
		CopiedTo: []string{"市政府办公厅建议提案处", "市政协提案办"}, Result: fuyanv1.Result_RESULT_ADOPTED,
		Places: []*fuyanv1.FieldPlace{
			{Name: "document_number", Span: spanOf(letter, "沪科提复〔2026〕25号")},
			{Name: "body", Span: spanOf(letter, "市政协十四")},
			{Name: "term", Span: spanOf(letter, "市政协十四届四次会议")},
			{Name: "session", Span: spanOf(letter, "市政协十四届四次会议")},
			{Name: "proposers", Span: spanOf(letter, "顾伟华")},
			{Name: "proposers", Span: spanOf(letter, "芮海燕")},
			{Name: "title", Span: spanOf(letter, "关于加快发展科技服务业的提案")},
			{Name: "issuing_organ", Span: spanOf(letter, "上海市科学技术委员会")},
			{Name: "copied_to", Span: spanOf(letter, "市政协提案办")},
			{Name: "unheard_of", Span: spanOf(letter, "感谢")},
		},
		Promises: []*fuyanv1.Promise{
			{Text: firstPromise, Span: spanOf(letter, firstPromise), Cue: "下一步/将", Responsible: []string{"市科委"}, DueWords: "2026年12月底前", Due: "2026-12-31"},
		},
	}
}
