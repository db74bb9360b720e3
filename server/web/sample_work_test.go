package web_test

import fuyanv1 "fuyan/gen/fuyan/v1"

func workItems() []*fuyanv1.WorkItem {
	return []*fuyanv1.WorkItem{
		{
			Step: fuyanv1.WorkStep_WORK_STEP_REVIEW, ProposalId: 9, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: sitting(), Number: "0112",
			Title: "关于完善科研人员减负机制的提案", Organ: "上海市科学技术委员会", Person: "李伟",
			Due: "2026-05-16", Overdue: true, Running: true, WorkingDaysLeft: -3, Next: &fuyanv1.Move{Rpc: "ApproveReply", Label: "审核通过"},
		},
		{
			Step: fuyanv1.WorkStep_WORK_STEP_KEEP, ProposalId: 7, CommitmentId: 41, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: sitting(), Number: "0670",
			Title: "关于加快发展科技服务业的提案", Text: firstPromise, Organ: "上海市科学技术委员会", Person: "陈静",
			Due: "2026-05-26", Running: true, WorkingDaysLeft: 4, LeftProvisional: true, Next: &fuyanv1.Move{Rpc: "ReportDone", Label: "报告完成"},
		},
		{
			Step: fuyanv1.WorkStep_WORK_STEP_DRAFT, ProposalId: 8, Kind: fuyanv1.Kind_KIND_NPC_SUGGESTION,
			Sitting: &fuyanv1.Sitting{Body: "市人大", Term: 16, Session: 4}, Number: "0629", Title: "关于 <b> 标记的建议",
			Organ: "上海市科学技术委员会", Person: "陈静", Due: "2026-05-20", Next: &fuyanv1.Move{Rpc: "SaveDraft", Label: "保存稿件"},
		},
		{
			Step: fuyanv1.WorkStep_WORK_STEP_ACKNOWLEDGE, ProposalId: 11, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: sitting(), Number: "0200",
			Title: "关于科普的提案", Organ: "上海市知识产权局", Next: &fuyanv1.Move{Rpc: "AcknowledgeCopy", Label: "签收抄送件"},
		},
	}
}

func workCounts() []*fuyanv1.WorkCount {
	return []*fuyanv1.WorkCount{
		{Step: fuyanv1.WorkStep_WORK_STEP_ASSIGN},
		{Step: fuyanv1.WorkStep_WORK_STEP_DRAFT, Count: 1},
		{Step: fuyanv1.WorkStep_WORK_STEP_REVIEW, Count: 1},
		{Step: fuyanv1.WorkStep_WORK_STEP_ACKNOWLEDGE, Count: 100},
		{Step: fuyanv1.WorkStep_WORK_STEP_KEEP, Count: 1},
	}
}

func keptFilters() []*fuyanv1.Filter {
	return []*fuyanv1.Filter{
		{Id: 3, Name: "逾期的提案", List: &fuyanv1.ListProposalsRequest{Overdue: true, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL}},
		{Id: 4, Name: "本届待交办", List: &fuyanv1.ListProposalsRequest{State: fuyanv1.State_STATE_ACCEPTED, Sitting: sitting()}},
	}
}

// accepted are proposals of the office that have no handler yet.
func accepted() []*fuyanv1.Proposal {
	return []*fuyanv1.Proposal{
		{Id: 12, Version: 2, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: sitting(), Number: "0301", Title: "关于甲事的提案", State: fuyanv1.State_STATE_ACCEPTED, Round: 1, Organ: "上海市科学技术委员会", HandedOver: "2026-02-26", ReplyDue: "2026-05-26", WorkingDaysLeft: 4, Proposers: []string{"顾伟华"}},
		{Id: 13, Version: 5, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, Sitting: sitting(), Number: "0302", Title: "关于乙事的提案", State: fuyanv1.State_STATE_ACCEPTED, Round: 1, Organ: "上海市科学技术委员会", HandedOver: "2026-02-26", ReplyDue: "2026-05-26", WorkingDaysLeft: 4, Proposers: []string{"顾伟华"}},
	}
}
