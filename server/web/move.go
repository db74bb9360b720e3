package web

import (
	"context"
	"slices"
	"strconv"
)

// The pages on which forms stand.
const (
	onProposal   = "proposals"
	onCommitment = "commitments"
	onAccount    = "account"
	onUsers      = "users"
	onOrgans     = "organs"
	onCalendar   = "calendar"
	onRules      = "rules"
	onNotices    = "notices"
	onLadders    = "ladders"
	onDraft      = "draft"
	onTerms      = "terms"
	onJobs       = "jobs"
	onMine       = "mine"
	onImport     = "imports"
	onFilters    = "filters"
	onItsOwn     = ""
)

// allForms lists every RPC that a form calls, by the page it stands on: what its
// button says where no Move says it, what a page says afterwards, what makes and
// sends its request, and its fields. The forms of the proposal and commitment
// pages are shown when the RPC is among the moves.
func (p *pages) allForms() map[string]form {
	all := make(map[string]form)
	for on, forms := range map[string][]form{
		onProposal:   slices.Concat(p.proposalForms(), p.replyForms(), p.feedbackForms(), []form{p.seenForm("MarkProposalSeen")}),
		onCommitment: p.commitmentForms(),
		onAccount:    p.accountForms(),
		onUsers:      p.userForms(),
		onOrgans:     p.organForms(),
		onCalendar:   p.calendarForms(),
		onRules:      p.ruleForms(),
		onNotices:    p.noticeForms(),
		onLadders:    {entry("SaveLadder", "保存", "提醒阶梯已保存", calls(p.notices.SaveLadder, saveLadder), ladderFields()...)},
		onDraft:      p.planForms(),
		onTerms: {entry("EndTerm", "登记换届", "换届已登记", calls(p.proposals.EndTerm, endTerm),
			line("body", "届别所属").must().hint("市政协、市人大"), number("term", "届").must(), today("ended", "届满日期").must(), sure())},
		onJobs:   p.jobForms(),
		onMine:   {p.seenForm("MarkSeen")},
		onImport: p.importForms(),
		onFilters: {
			entry("SaveFilter", "保存", "筛选已保存", calls(p.filters.SaveFilter, saveFilter), line("name", "筛选名称").must()),
			entry("DeleteFilter", "删除", "筛选已删除", calls(p.filters.DeleteFilter, deleteFilter), hidden("filter_id", filterID)),
		},
		onItsOwn: p.ownForms(),
	} {
		for _, f := range forms {
			f.on = on
			all[f.rpc] = f
		}
	}
	return all
}

func entry(rpc, label, done string, call func(context.Context, input) error, fields ...field) form {
	return form{rpc: rpc, label: label, done: done, call: call, fields: fields}
}

func (p *pages) proposalForms() []form {
	reason := area("reason", "理由").must()
	return []form{
		entry("AcceptProposal", "签收", "已签收", calls(p.proposals.AcceptProposal, acceptProposal), today("signed_for", "签收日期")),
		entry("RequestReturn", "申请退办", "已提出退办申请", calls(p.proposals.RequestReturn, requestReturn),
			area("reason", "退办理由").must()),
		entry("DecideReturn", "审定退办", "退办申请已审定", calls(p.proposals.DecideReturn, decideReturn),
			pick("decision", "决定", fixed(decisions)).must(), reason),
		entry("AssignProposal", "交经办人", "已交经办人", calls(p.proposals.AssignProposal, assignProposal),
			pick("handler_id", "经办人", handlers).must()),
		entry("RequestOpinion", "请会办", "已请会办单位提出意见", calls(p.proposals.RequestOpinion, requestOpinion),
			pick("organ_id", "会办单位", helpers).must(), area("question", "请会办的事项").must()),
		entry("SubmitOpinion", "提出会办意见", "会办意见已提出", calls(p.proposals.SubmitOpinion, submitOpinion),
			area("text", "会办意见").must()),
		entry("RecordContact", "记录沟通", "沟通已记录", calls(p.proposals.RecordContact, recordContact),
			pick("proposer_id", "提出人", proposers).must(), pick("channel", "方式", fixed(contactChannels)).must(),
			today("day", "日期").must(), area("summary", "沟通内容").must()),
		entry("RequestExtension", "申请延期", "已提出延期申请", calls(p.proposals.RequestExtension, requestExtension),
			day("until", "延至").must(), area("reason", "书面报告").must()),
		entry("DecideExtension", "审定延期", "延期申请已审定", calls(p.proposals.DecideExtension, decideExtension),
			pick("decision", "决定", fixed(decisions)).must(), reason),
		entry("PauseDeadline", "暂停期限", "期限已暂停", calls(p.proposals.PauseDeadline, pauseDeadline),
			pick("deadline_id", "期限", running).must(), reason),
		entry("ResumeDeadline", "恢复期限", "期限已恢复计算", calls(p.proposals.ResumeDeadline, resumeDeadline),
			pick("deadline_id", "期限", resting).must(), reason),
		entry("WithdrawProposal", "撤回", "已撤回", calls(p.proposals.WithdrawProposal, withdrawProposal),
			area("reason", "提出人的书面意见").must(), sure()),
		entry("RedoProposal", "二次办理", "已发回二次办理", calls(p.proposals.RedoProposal, redoProposal),
			area("reason", "不满意之处").must(), day("due", "新的答复期限").hint("留空为一个月后")),
		entry("ExplainTermEnd", "换届书面说明", "书面说明已记录", calls(p.proposals.ExplainTermEnd, explainTermEnd),
			area("text", "书面说明").must(), line("signed_by", "签发人").must(), today("told_day", "告知日期"), line("told_how", "告知方式").must()),
		entry("DeclineRedo", "不予二次办理", "已决定不予二次办理", calls(p.proposals.DeclineRedo, declineRedo), reason, sure()),
		entry("CloseProposal", "办结", "已办结", calls(p.proposals.CloseProposal, closeProposal), area("note", "备注"), sure()),
	}
}

func (p *pages) replyForms() []form {
	comment := area("comment", "意见")
	return []form{
		entry("SubmitReply", "送审", "已送审", calls(p.replies.SubmitReply, submitReply)),
		entry("ApproveReply", "审核通过", "已通过", calls(p.replies.ApproveReply, approveReply), comment),
		entry("SendBackReply", "退回修改", "已退回修改", calls(p.replies.SendBackReply, sendBackReply),
			area("comment", "修改意见").must()),
		entry("SignReply", "签发", "已签发", calls(p.replies.SignReply, signReply), comment),
		entry("IssueReply", "编号发文", "已编号发文", calls(p.replies.IssueReply, issueReply),
			today("issue_date", "成文日期"), area("override_reason", "有误仍发的理由").hint("复文有误时不予编号；确需发出，写明理由"), sure()),
		entry("CorrectLetter", "更正复文", "已更正", calls(p.replies.CorrectLetter, correctLetter),
			letter("text", "更正后的全文").must().from(presentLetter), area("reason", "更正理由").must(), sure()),
		entry("RecordDelivery", "记录送达", "送达已记录", calls(p.replies.RecordDelivery, recordDelivery),
			pick("proposer_id", "提出人", undelivered).must(), pick("channel", "方式", fixed(deliveryChannels)).must(),
			today("day", "送达日期"), line("proof", "凭据").hint("回执号、签收人")),
		entry("SendCopy", "抄送", "已抄送", calls(p.replies.SendCopy, sendCopy), pick("organ_id", "抄送单位", uncopied).must()),
		entry("AcknowledgeCopy", "签收抄送件", "抄送件已签收", calls(p.replies.AcknowledgeCopy, acknowledgeCopy)),
		entry("PublishReply", "公开", "已公开", calls(p.replies.PublishReply, publishReply)),
		entry("TakeDownReply", "撤下公开", "已撤下", calls(p.replies.TakeDownReply, takeDownReply),
			area("reason", "撤下理由").must(), sure()),
	}
}

// planForms stand beside each promise of a draft.
func (p *pages) planForms() []form {
	sentence := func(s subject) string { return s.promise.GetText() }
	return []form{
		entry("PlanPromise", "确认", "承诺已确认", calls(p.replies.PlanPromise, planPromise),
			hidden("text", sentence), pick("owner_id", "责任人", owners).must().from(plannedOwner),
			day("due", "完成期限").must().from(plannedDue),
			line("deliverable", "交付什么").must().from(plannedDeliverable),
			line("criterion", "怎样算完成").must().from(plannedCriterion)),
		entry("WaivePromise", "不列入", "已不列入", calls(p.replies.WaivePromise, waivePromise),
			hidden("text", sentence), line("reason", "不列入的理由").must().from(func(s subject) string { return s.promise.GetPlan().GetWaiveReason() })),
		entry("DropWorkingCopy", "放弃暂存", "暂存的文字已放弃", calls(p.replies.DropWorkingCopy, dropWorkingCopy), sure()),
	}
}

func (p *pages) commitmentForms() []form {
	due := day("due", "新的期限").must()
	return []form{
		entry("ConfirmCommitment", "确认承诺", "已确认", calls(p.commitments.ConfirmCommitment, confirmCommitment),
			pick("owner_id", "责任人", owners).must(), day("due", "完成期限").must().from(wordsDue),
			area("deliverable", "交付什么").must(), area("criterion", "怎样算完成")),
		entry("WaiveCommitment", "不列入", "已不列入", calls(p.commitments.WaiveCommitment, waiveCommitment),
			area("reason", "不列入的理由").must(), sure()),
		entry("ReportProgress", "报进展", "进展已记录", calls(p.commitments.ReportProgress, reportProgress),
			slices.Concat([]field{area("text", "进展").must().hint("提出人看得到"), today("day", "日期")}, evidenceFields())...),
		entry("ReportDone", "报完成", "已报完成", calls(p.commitments.ReportDone, reportDone),
			slices.Concat([]field{area("evidence", "完成凭据").must().hint("提出人看得到"), today("day", "完成日期")}, evidenceFields())...),
		entry("VerifyCommitment", "核验", "已核验", calls(p.commitments.VerifyCommitment, verifyCommitment),
			pick("accepted", "结论", verdicts).must(), area("comment", "核验意见").must(),
			day("told_day", "告知提出人日期").hint("核销时必填"), line("told_how", "告知方式").hint("核销时必填")),
		entry("ChangeDueDay", "调整期限", "期限已调整", calls(p.commitments.ChangeDueDay, changeDueDay),
			due, line("agreed_by", "同意人").must(), area("reason", "理由").must()),
		entry("DropCommitment", "终止", "已终止", calls(p.commitments.DropCommitment, dropCommitment),
			slices.Concat([]field{area("report", "书面报告").must(), line("signed_by", "签发人").must(), today("signed_day", "签发日期")}, evidenceFields(), []field{sure()})...),
		entry("ReopenCommitment", "重新打开", "已重新打开", calls(p.commitments.ReopenCommitment, reopenCommitment),
			due, area("reason", "反弹情况").must()),
		entry("ReassignCommitment", "转交", "已转交，待对方接手", calls(p.commitments.ReassignCommitment, reassignCommitment),
			pick("owner_id", "新的责任人", owners).must().hint("选现在的责任人，即撤回未接手的转交"), area("reason", "理由").must()),
		entry("AcceptCommitment", "答复转交", "已答复", calls(p.commitments.AcceptCommitment, acceptCommitment),
			pick("accepted", "是否接手", acceptances).must(), area("reason", "说明").hint("不接手时必填")),
		entry("AnswerKeeping", "表示意见", "意见已记录", calls(p.commitments.AnswerKeeping, answerKeeping),
			pick("proposer_id", "提出人", silentProposers).must().from(firstSilent), pick("kept", "这项承诺", keepings).must(),
			area("text", "情况说明").hint("认为没有兑现时必填"), pick("channel", "听取意见的方式", answerWays).must().from(ownWay)),
		entry("UpholdCommitment", "维持核销", "已维持核销", calls(p.commitments.UpholdCommitment, upholdCommitment),
			area("reason", "理由").must().hint("会告知提出人")),
		entry("ReceiveUrge", "签收催办件", "催办件已签收", calls(p.commitments.ReceiveUrge, receiveUrge)),
		entry("AnswerUrge", "答复催办件", "催办件已答复", calls(p.commitments.AnswerUrge, answerUrge),
			pick("urge_id", "催办件", unansweredUrges).must().from(firstUrge), area("text", "答复").must()),
		entry("UrgeCommitment", "催办", "已催办", calls(p.commitments.UrgeCommitment, urgeCommitment),
			area("text", "催办内容").must(), day("answer_by", "答复期限").must()),
	}
}

func (p *pages) accountForms() []form {
	return []form{
		entry("ChangePassword", "更改密码", "密码已更改，其他登录已退出", calls(p.accounts.ChangePassword, changePassword),
			password("old_password", "现在的密码").must(), password("new_password", "新密码").must().hint("至少 10 个字符")),
		entry("RevokeToken", "作废令牌", "令牌已作废", calls(p.accounts.RevokeToken, revokeToken), number("token_id", "令牌编号").must(), sure()),
	}
}

func (p *pages) noticeForms() []form {
	return []form{
		entry("MarkNoticeRead", "标为已读", "已标为已读", calls(p.notices.MarkNoticeRead, markNoticeRead),
			hidden("notice_id", func(s subject) string { return strconv.FormatInt(s.notice.GetId(), 10) }),
			hidden("and_before", func(s subject) string { return s.andBefore })),
	}
}

func (p *pages) userForms() []form {
	return []form{
		entry("CreateUser", "新建用户", "用户已新建", calls(p.accounts.CreateUser, createUser),
			line("name", "登录名").must().hint("小写字母开头，可用数字 . _ -"), line("display_name", "姓名").must(),
			password("password", "初始密码").must().hint("至少 10 个字符"), pick("organ_id", "单位", organs).hint("提出人不选"), pick("division_id", "处室", divisions),
			flags("roles", "角色", fixed(roles)).must()),
		entry("SetRoles", "保存", "用户已保存", calls(p.accounts.SetRoles, setRoles),
			hidden("user_id", userID), flags("roles", "角色", fixed(roles)).fromAll(userRoles), flag("disabled", "停用，不得登录").from(userDisabled),
			sureIf("disabled", "停用的，已核对，确认停用")),
	}
}

func (p *pages) organForms() []form {
	return []form{
		entry("VoidNumber", "作废文号", "下一个文号已作废", calls(p.replies.VoidNumber, voidNumber),
			pick("organ_id", "单位", organs).must(), pick("kind", "类别", fixed(kinds)).must(),
			number("year", "年份").must(), line("reason", "理由").must(), sure()),
		entry("MergeDivision", "合并处室", "处室已合并", calls(p.accounts.MergeDivision, mergeDivision),
			pick("division_id", "撤并的处室", divisions).must(), pick("into_id", "并入", divisions).must(), sure()),
		entry("SaveOrgan", "保存", "单位已保存", calls(p.accounts.SaveOrgan, saveOrgan), organFields()...),
	}
}

// calendarForms are what is filled in, which only previews, and what is sent when
// the preview is confirmed.
func (p *pages) calendarForms() []form {
	confirm := entry("ImportCalendar", "确认载入", "日历已载入，期限已调整", calls(p.calendars.ImportCalendar, importCalendar),
		confirmFields("source", "content", "notice", "years", "expected_moves")...)
	return []form{confirm, entry("PreviewCalendar", "预览", "", nil, calendarFields()...)}
}

func (p *pages) ruleForms() []form {
	names := []string{"expected_moves"}
	for _, f := range ruleFields() {
		names = append(names, f.Name)
	}
	confirm := entry("SetRule", "确认施行", "规定已设定，期限已调整", calls(p.calendars.SetRule, setRule), confirmFields(names...)...)
	return []form{confirm, entry("PreviewRule", "预览", "", nil, ruleFields()...)}
}

// ownForms stand on pages of their own, with handlers that know more.
func (p *pages) ownForms() []form {
	return []form{
		entry("ReceiveProposal", "登记", "已登记", nil, receiveFields()...),
		entry("UploadHandOverList", "读取清单", "", nil, uploadListFields()...),
		entry("DiscardImport", "丢弃", "清单已丢弃", nil, sure()),
		entry("AssignProposals", "确认分办", "选中的都已分办", nil),
		entry("SaveDraft", "保存", "已保存", calls(p.replies.SaveDraft, saveDraft), draftFields()...),
		entry("SaveNoticeSettings", "保存", "接收方式已保存", nil,
			long("settings.mail", "邮件地址").from(func(s subject) string { return s.settings.GetMail() }),
			pick("settings.mail_mode", "邮件", fixed(mailModes)).must().from(func(s subject) string { return s.settings.GetMailMode().String() }),
			long("settings.webhook_url", "网络推送地址").hint("每件通知以 POST 送到这个地址，按 Standard Webhooks 签名").
				from(func(s subject) string { return s.settings.GetWebhookUrl() }),
			password("webhook_secret", "签名密钥").hint("留空则不改；还没有的，由系统生成")),
		entry("CreateToken", "新建令牌", "", nil, line("name", "用途").must(), number("days", "有效天数").hint("留空为 90 天，最多 366 天")),
	}
}
