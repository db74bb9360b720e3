package server_test

import (
	"encoding/json"
	"strings"
	"testing"

	"buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
)

const aRequest = `"requestId": "6e1b1c1e-6a52-4f0e-9d06-0f3c1a3f1a11"`

// received is a request of ReceiveProposal; a field that a test names replaces
// the one here.
const received = `"kind": "KIND_CPPCC_PROPOSAL", "sitting": {"body": "市政协", "term": 14, "session": 1}, ` +
	`"number": "0001", "title": "标题", "proposers": [{"name": "某某"}]`

func TestMalformedFieldsAreNamed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	accept := aRequest + `, "proposalId": 1, "expectedVersion": 1`
	contact := accept + `, "proposerId": 1, "channel": "CONTACT_CHANNEL_CALL", "summary": "x"`
	edited := `"proposalId": 1, "editorId": "6e1b1c1e-6a52-4f0e-9d06-0f3c1a3f1a12"`
	commitment := aRequest + `, "commitmentId": 1, "expectedVersion": 1`
	instead := func(old, new string) string { return aRequest + ", " + strings.Replace(received, old, new, 1) }
	feedback := accept + `, "attitude": "RATING_SATISFIED"`
	letterWith := func(promises string) string {
		return instead("", `"issuedLetter": {"text": "`+strings.Repeat("长", 20)+`", "documentNumber": "某试提复〔2026〕9号", "issueDate": "2026-03-02", "promisesConfirmed": true, "promises": [`+promises+"]}, ")
	}
	for _, test := range []struct{ method, request, field, message string }{
		{"ProposalService/AcceptProposal", `"proposalId": 1, "expectedVersion": 1`, "request_id", "UUID"},
		{"ProposalService/AcceptProposal", `"requestId": "7", "proposalId": 1, "expectedVersion": 1`, "request_id", "UUID"},
		{"AccountService/ListOrgans", `"organId": -1`, "organ_id", "应不小于 0"},
		{"ProposalService/AcceptProposal", aRequest + `, "expectedVersion": 1`, "proposal_id", "应大于 0"},
		{"ProposalService/AcceptProposal", aRequest + `, "proposalId": -1, "expectedVersion": 1`, "proposal_id", "应大于 0"},
		{"ProposalService/AcceptProposal", aRequest + `, "proposalId": 1`, "expected_version", "应大于 0"},
		{"ProposalService/AcceptProposal", accept + `, "signedFor": "today"`, "signed_for", "2025-06-17"},
		{"ProposalService/AcceptProposal", accept + `, "signedFor": "2025-02-30"`, "signed_for", "2025-06-17"},
		{"ProposalService/RecordContact", contact, "day", "2025-06-17"},
		{"ProposalService/RecordContact", contact + `, "day": "2025-13-01"`, "day", "2025-06-17"},
		{"ProposalService/RequestExtension", accept + `, "reason": "x", "until": "2025-06-31"`, "until", "2025-06-17"},
		{"ProposalService/ReceiveProposal", letterWith(`{"text": "长", "due": "2200-01-01"}`), "issued_letter.promises[0].due", "2199年或以前"},
		{"ProposalService/ReceiveProposal", strings.Replace(letterWith(`{"text": "长"}`), "2026-03-02", "2200-01-01", 1), "issued_letter.issue_date", "2199年或以前"},
		{"ProposalService/ReceiveProposal", strings.Replace(letterWith(`{"text": "长"}`), `"issueDate"`, `"published": "2200-01-01", "issueDate"`, 1), "issued_letter.published", "2199年或以前"},
		{"ProposalService/RequestReturn", accept, "reason", "至少 1 个字"},
		{"ProposalService/RequestReturn", accept + `, "reason": "` + strings.Repeat("长", 2001) + `"`, "reason", "最多 2000 个字"},
		{"ProposalService/RequestReturn", accept + `, "reason": "a\u0000b"`, "reason", "U+0000"},
		{"ProposalService/CloseProposal", accept + `, "note": "\u0000"`, "note", "U+0000"},
		{"ProposalService/RequestReturn", accept + `, "reason": " \u3000\n"`, "reason", "只有空白"},
		{"ProposalService/ReceiveProposal", instead(`{"name": "某某"}`, `{"name": "　　"}`), "proposers[0].name", "只有空白"},
		{"ProposalService/ReceiveProposal", instead("KIND_CPPCC_PROPOSAL", "KIND_UNSPECIFIED"), "kind", "列出的值"},
		{"ProposalService/ReceiveProposal", instead(`"sitting": {"body": "市政协", "term": 14, "session": 1}, `, ""), "sitting", "必填"},
		{"ProposalService/ReceiveProposal", instead(`"term": 14`, `"term": 100`), "sitting.term", "不大于 99"},
		{"ProposalService/ReceiveProposal", instead("0001", "第1号"), "number", "[0-9]"},
		{"ProposalService/ReceiveProposal", instead("标题", ""), "title", "至少 1 个字"},
		{"ProposalService/ReceiveProposal", instead(`{"name": "某某"}`, ""), "proposers", "至少 1 项"},
		{"ProposalService/ReceiveProposal", instead(`{"name": "某某"}`, `{"name": "某某"}, {"name": "某"}`), "proposers[1].name", "至少 2 个字"},
		{"ProposalService/ReceiveProposal", instead(`{"name": "某某"}`, `{"name": "某\u0000某"}`), "proposers[0].name", "U+0000"},
		{"ProposalService/ReceiveProposal", instead("", `"handedOver": "2026-02-29", `), "handed_over", "2025-06-17"},
		{"ProposalService/ReceiveProposal", instead("", `"issuedLetter": {"text": "短"}, `), "issued_letter.text", "至少 20 个字"},
		{"ProposalService/ReceiveProposal", instead("", `"issuedLetter": {"text": "`+strings.Repeat("长", 20)+`", "published": "2026-02-30"}, `), "issued_letter.published", "2025-06-17"},
		{"ProposalService/ReceiveProposal", letterWith(`{"text": ""}`), "issued_letter.promises[0].text", "至少 1 个字"},
		{"ProposalService/ReceiveProposal", letterWith(`{"text": "长长"}, {"text": "短"}`), "issued_letter.promises[1].text", "没有这段文字"},
		{"ProposalService/ReceiveProposal", letterWith(`{"text": "长长"}, {"text": "长长长"}`), "issued_letter.promises[1].text", "重叠"},
		{"ProposalService/ReceiveProposal", letterWith(`{"text": "长长"}, {"text": "长长"}`), "issued_letter.promises[1].text", "同一句"},
		{"ProposalService/ReceiveProposal", letterWith(`{"text": "长", "due": "2026-02-30"}`), "issued_letter.promises[0].due", "2025-06-17"},
		{"ProposalService/ReceiveProposal", letterWith(`{"text": "长", "responsible": ["市科委", ""]}`), "issued_letter.promises[0].responsible[1]", "至少 1 个字"},
		{"ProposalService/ReceiveProposal", letterWith(`{"text": "长", "start": -1}`), "issued_letter.promises[0].start", "应不小于 0"},
		{"ProposalService/ReceiveProposal", letterWith(strings.Repeat(`{"text": "长"}, `, 500) + `{"text": "长"}`), "issued_letter.promises", "最多 500 项"},
		{"ProposalService/ReceiveProposal", strings.Replace(letterWith(`{"text": "长"}`), `"promisesConfirmed": true, `, "", 1), "issued_letter.promises_confirmed", "true"},
		{"PublicService/SearchReplies", `"query": "` + strings.Repeat("长", 101) + `"`, "query", "最多 100 个字"},
		{"PublicService/SearchReplies", `"query": "\u0000"`, "query", "U+0000"},
		{"PublicService/SearchReplies", `"kind": 9`, "kind", "列出的值"},
		{"PublicService/SearchReplies", `"result": 9`, "result", "列出的值"},
		{"PublicService/SearchReplies", `"organId": "-1"`, "organ_id", "应不小于 0"},
		{"PublicService/SearchReplies", `"year": -1`, "year", "应不小于 0"},
		{"PublicService/SearchReplies", `"sitting": {"body": "市政协"}`, "sitting.term", "应不小于 1"},
		{"PublicService/SearchReplies", `"pageSize": 201`, "page_size", "不大于 200"},
		{"PublicService/SearchReplies", `"pageToken": "eA"`, "page_token", "next_page_token"},
		{"PublicService/GetPublishedReply", ``, "proposal_id", "应大于 0"},
		{"PublicService/ListPublishedAddresses", `"part": 1`, "year", "应不小于 1"},
		{"PublicService/ListPublishedAddresses", `"year": 2026`, "part", "应不小于 1"},
		{"PublicService/ListPublishedAddresses", `"year": 2026, "part": 100001`, "part", "不大于 100000"},
		{"ReplyService/ReadLetter", ``, "text", "复文全文"},
		{"ReplyService/ReadLetter", `"text": " \n"`, "text", "复文全文"},
		{"ReplyService/ReadLetter", `"text": "某", "file": "eA=="`, "file", "只能给出一样"},
		{"ReplyService/ReadLetter", `"file": "JVBERi0xLjc=", "fileName": "a.txt"`, "file", "“a.txt”是 PDF"},
		{"ImportService/UploadHandOverList", aRequest, "file", "交办清单的文件"},
		{"ImportService/UploadHandOverList", `"text": "案号,案由\n1,某"`, "request_id", "UUID"},
		{"ImportService/UploadHandOverList", aRequest + `, "text": "案号", "file": "eA=="`, "text", "只能给出一样"},
		{"ImportService/UploadHandOverList", aRequest + `, "file": "JVBERi0xLjc=", "fileName": "a.csv"`, "file", "不是表格"},
		{"ImportService/UploadHandOverList", aRequest + `, "file": "UEsDBAAA"`, "file", "已损坏"},
		{"ImportService/UploadHandOverList", aRequest + `, "file": "0M8R4A=="`, "file", "旧格式"},
		{"ImportService/UploadHandOverList", aRequest + `, "text": ",,"`, "text", "粘贴的表格里没有内容"},
		{"ImportService/UploadHandOverList", aRequest + `, "text": "案号,案由"`, "text", "表头下面没有行"},
		{"ImportService/MatchColumns", aRequest + `, "importId": 1, "expectedVersion": 1`, "defaults", "必填"},
		{"ImportService/MatchColumns", aRequest + `, "importId": 1, "expectedVersion": 1, "defaults": {"handedOver": "2026-02-30"}`, "defaults.handed_over", "2025-06-17"},
		{"ImportService/MatchColumns", aRequest + `, "importId": 1, "expectedVersion": 1, "defaults": {"numberWidth": 11}`, "defaults.number_width", "不大于 10"},
		{"ImportService/MatchColumns", aRequest + `, "importId": 1, "expectedVersion": 1, "defaults": {"sitting": {"body": "市政协"}}`, "defaults.sitting.term", "应不小于 1"},
		{"ImportService/MatchColumns", aRequest + `, "importId": 1, "expectedVersion": 1, "headerLine": -1, "defaults": {}`, "header_line", "应不小于 0"},
		{"ImportService/ConfirmImport", aRequest + `, "expectedVersion": 1`, "import_id", "应大于 0"},
		{"ImportService/GetImport", `"importId": 1, "pageToken": "!"`, "page_token", "next_page_token"},
		{"ProposalService/ListProposals", `"sitting": {"body": "市", "term": 14}`, "sitting.body", "至少 2 个字"},
		{"ProposalService/ListProposals", `"organId": -1`, "organ_id", "应不小于 0"},
		{"ProposalService/ListProposals", `"divisionId": -1`, "division_id", "应不小于 0"},
		{"ProposalService/ListProposals", `"handlerId": -1`, "handler_id", "应不小于 0"},
		{"ProposalService/ListProposals", `"order": 9`, "order", "列出的值"},
		{"ProposalService/ListProposals", `"openness": 9`, "openness", "列出的值"},
		{"ProposalService/ListProposals", `"result": 9`, "result", "列出的值"},
		{"ProposalService/ListProposals", `"proposalIds": [0]`, "proposal_ids[0]", "应大于 0"},
		{"ProposalService/ListProposals", `"pageToken": "MTIgbm9uZSAyMDI2LTAzLTAyIDIwMjYtMDMtMDIgYyAxIDEgMQ"`, "page_token", "next_page_token"}, // a state that is none
		{"ProposalService/AssignProposals", aRequest + `, "handlerId": 1`, "proposals", "至少 1 项"},
		{"ProposalService/AssignProposals", aRequest + `, "handlerId": 1, "proposals": [{"proposalId": 1}]`, "proposals[0].expected_version", "应大于 0"},
		{"ProposalService/AssignProposals", aRequest + `, "handlerId": 1, "proposals": [{"proposalId": 1, "expectedVersion": 1}, {"proposalId": 1, "expectedVersion": 1}]`, "proposals[1].proposal_id", "只能出现一次"},
		{"ProposalService/AssignProposals", aRequest + `, "proposals": [{"proposalId": 1, "expectedVersion": 1}]`, "handler_id", "应大于 0"},
		{"WorkService/ListWork", `"step": 99`, "step", "列出的值"},
		{"WorkService/ListWork", `"pageSize": 201`, "page_size", "不大于 200"},
		{"WorkService/ListWork", `"pageToken": "MSB4"`, "page_token", "next_page_token"},
		{"FilterService/SaveFilter", aRequest + `, "list": {}`, "name", "至少 1 个字"},
		{"FilterService/SaveFilter", aRequest + `, "name": "` + strings.Repeat("长", 31) + `", "list": {}`, "name", "最多 30 个字"},
		{"FilterService/SaveFilter", aRequest + `, "name": "甲"`, "list", "必填"},
		{"FilterService/SaveFilter", aRequest + `, "name": "甲", "list": {"state": 99}`, "list.state", "列出的值"},
		{"FilterService/SaveFilter", aRequest + `, "name": "甲", "list": {"contains": "a\u0000b"}`, "list.contains", "U+0000"},
		{"ProposalService/ListProposals", `"pageSize": 201`, "page_size", "不大于 200"},
		{"ProposalService/ListProposals", `"pageToken": "!"`, "page_token", "next_page_token"},
		{"ProposalService/ListProposals", `"pageToken": "eA"`, "page_token", "next_page_token"},
		{"ProposalService/ListProposals", `"state": 77`, "state", "列出的值"},
		{"ProposalService/ListEvents", `"proposalId": 1, "pageToken": "LTE"`, "page_token", "next_page_token"},
		{"ReportService/GetFigures", `"filter": {"asOf": "2026-02-30"}`, "filter.as_of", "2025-06-17"},
		{"ReportService/GetFigures", `"filter": {"asOf": "2026-03-03"}`, "filter.as_of", "今天或以前"},
		{"ReportService/GetFigures", `"filter": {"since": "2026-03-03"}`, "filter.since", "截止日"},
		{"ReportService/GetFigures", `"filter": {"organId": -1}`, "filter.organ_id", "应不小于 0"},
		{"ReportService/GetFigures", `"filter": {"sitting": {"body": "市政协"}}`, "filter.sitting.term", "应不小于 1"},
		{"ReportService/GetFigures", `"filter": {"handedOverFrom": "2026-02-02", "handedOverTo": "2026-02-01"}`, "filter.handed_over_to", "不得早于"},
		{"ReportService/ListFigureProposals", `"code": "answered"`, "side", ""},
		{"ReportService/ListFigureProposals", `"side": 1`, "code", "至少 1 个字"},
		{"ReportService/ListFigureProposals", `"code": "answered", "side": 1, "pageToken": "eA"`, "page_token", "next_page_token"},
		{"ReportService/ListFigureProposals", `"code": "answered", "side": 1, "pageToken": "MSAtMQ"`, "page_token", "next_page_token"},
		{"CommitmentService/ListCommitments", `"pageToken": "MjAyNi0wMi0zMCAx"`, "page_token", "next_page_token"},
		{"CommitmentService/ListCommitments", `"pageToken": "MjAyNi0wMi0yMA"`, "page_token", "next_page_token"},
		{"CommitmentService/ListCommitments", `"group": 77`, "group", "列出的值"},
		{"CommitmentService/ListCommitments", `"overdueAge": 77`, "overdue_age", "列出的值"},
		{"CommitmentService/ListCommitments", `"organId": -1`, "organ_id", "应不小于 0"},
		{"CommitmentService/ListCommitments", `"ownerId": -1`, "owner_id", "应不小于 0"},
		{"CommitmentService/GetCommitmentBoard", `"organId": -1`, "organ_id", "应不小于 0"},
		{"CommitmentService/GetCommitmentBoard", `"kind": 77`, "kind", "列出的值"},
		{"BoardService/GetOverdueBoard", `"organId": -1`, "organ_id", "应不小于 0"},
		{"BoardService/ListBoardItems", ``, "list", "列出的值"},
		{"BoardService/ListBoardItems", `"list": "BOARD_LIST_REPLIES", "pageToken": "eA"`, "page_token", "next_page_token"},
		{"BoardService/ListBoardItems", `"list": "BOARD_LIST_REPLIES", "overdueAge": 77`, "overdue_age", "列出的值"},
		{"BoardService/ListBoardItems", `"list": "BOARD_LIST_COPIES", "overdueAge": "OVERDUE_AGE_TO_30"`, "overdue_age", "只用于逾期的清单"},
		{"JobService/ListJobs", `"state": 77`, "state", "列出的值"},
		{"JobService/ListJobs", `"pageToken": "eA"`, "page_token", "next_page_token"},
		{"JobService/RetryJob", aRequest, "job_id", "应大于 0"},
		{"JobService/CancelJob", `"jobId": 1`, "request_id", "UUID"},
		{"FollowService/ListFollowed", `"pageToken": "eA"`, "page_token", "next_page_token"},
		{"FollowService/MarkSeen", aRequest + `, "proposalId": 1`, "seq", "应大于 0"},
		{"CommitmentService/ExportCommitments", ``, "format", "列出的值"},
		{"CommitmentService/ExportCommitments", `"format": 77`, "format", "列出的值"},
		{"CommitmentService/ExportCommitments", `"format": 1, "list": {"group": 77}`, "list.group", "列出的值"},
		{"CommitmentService/ConfirmCommitment", commitment + `, "ownerId": 1, "due": "2026-02-30", "deliverable": "x"`, "due", "2025-06-17"},
		{"CommitmentService/ReportProgress", commitment + `, "text": "x", "day": "2026-00-01"`, "day", "2025-06-17"},
		{"CommitmentService/ReportProgress", commitment + `, "text": "x", "fileIds": [0]`, "file_ids[0]", "应大于 0"},
		{"CommitmentService/ReportDone", commitment + `, "evidence": "x", "fileIds": [1, 1]`, "file_ids", "不应重复"},
		{"CommitmentService/DropCommitment", commitment + `, "report": "x", "signedBy": "x", "fileIds": [` + strings.Repeat("1, ", 20) + `1]`, "file_ids", "最多 20 项"},
		{"CommitmentService/UploadFile", aRequest + `, "commitmentId": 1, "content": "eA=="`, "name", "至少 1 个字"},
		{"CommitmentService/UploadFile", `"requestId": "7", "commitmentId": 1, "name": "a.txt", "content": "eA=="`, "request_id", "UUID"},
		{"CommitmentService/UploadFile", aRequest + `, "name": "a.txt", "content": "eA=="`, "commitment_id", "应大于 0"},
		{"CommitmentService/VerifyCommitment", commitment + `, "comment": "x", "toldDay": "2026-04-31"`, "told_day", "2025-06-17"},
		{"FeedbackService/GiveFeedback", feedback, "result", "列出的值"},
		{"FeedbackService/GiveFeedback", accept + `, "result": "RATING_SATISFIED"`, "attitude", "列出的值"},
		{"FeedbackService/GiveFeedback", feedback + `, "result": 4`, "result", "列出的值"},
		{"FeedbackService/GiveFeedback", feedback + `, "result": "RATING_SATISFIED", "channel": 9`, "channel", "列出的值"},
		{"FeedbackService/GiveFeedback", feedback + `, "result": "RATING_SATISFIED", "round": -1`, "round", "不小于 0"},
		{"FeedbackService/GiveFeedback", feedback + `, "result": "RATING_SATISFIED", "day": "2026-02-30"`, "day", "2025-06-17"},
		{"FeedbackService/GiveFeedback", feedback + `, "result": "RATING_SATISFIED", "text": "` + strings.Repeat("长", 5001) + `"`, "text", "最多 5000 个字"},
		{"FeedbackService/ListFeedback", "", "proposal_id", "应大于 0"},
		{"ReplyService/PlanPromise", accept + `, "ownerId": 1, "due": "2026-06-30", "deliverable": "x", "criterion": "x"`, "text", "至少 1 个字"},
		{"ReplyService/PlanPromise", accept + `, "text": "x", "ownerId": 1, "due": "2026-02-30", "deliverable": "x", "criterion": "x"`, "due", "2025-06-17"},
		{"ReplyService/PlanPromise", accept + `, "text": "x", "ownerId": 1, "due": "2026-06-30", "deliverable": "x"`, "criterion", "至少 1 个字"},
		{"ReplyService/KeepWorkingCopy", `"proposalId": 1, "revision": 1`, "editor_id", "UUID"},
		{"ReplyService/KeepWorkingCopy", edited + `, "revision": 0`, "revision", "应大于 0"},
		{"ReplyService/KeepWorkingCopy", edited + `, "revision": 1, "base": -1`, "base", "应不小于 0"},
		{"ReplyService/KeepWorkingCopy", edited + `, "revision": 1, "text": "` + strings.Repeat("长", 100001) + `"`, "text", "最多 100000 个字"},
		{"ReplyService/KeepWorkingCopy", edited + `, "revision": 1, "text": "a\u0000b"`, "text", "U+0000"},
		{"ReplyService/DropWorkingCopy", aRequest + `, "proposalId": 1`, "expected_version", "应大于 0"},
		{"ReplyService/SaveDraft", accept + `, "text": "x", "editorId": "7"`, "editor_id", "UUID"},
		{"ReplyService/WaivePromise", accept + `, "text": "x"`, "reason", "至少 1 个字"},
		{"CommitmentService/UrgeCommitment", commitment + `, "text": "x"`, "answer_by", "2025-06-17"},
		{"CommitmentService/AnswerUrge", commitment + `, "text": "x"`, "urge_id", "应大于 0"},
		{"CommitmentService/ReassignCommitment", commitment + `, "reason": "x"`, "owner_id", "应大于 0"},
		{"CommitmentService/AnswerKeeping", commitment + `, "kept": true`, "channel", "列出的值"},
		{"CommitmentService/DropCommitment", commitment + `, "report": "x"`, "signed_by", "至少 1 个字"},
		{"CommitmentService/DropCommitment", commitment + `, "report": "x", "signedBy": "x", "signedDay": "2026-02-30"`, "signed_day", "2025-06-17"},
		{"ProposalService/EndTerm", aRequest + `, "body": "市政协", "ended": "2026-02-28"`, "term", "不小于 1"},
		{"ProposalService/ExplainTermEnd", accept + `, "text": "x", "toldHow": "x"`, "signed_by", "至少 1 个字"},
		{"AccountService/MergeDivision", aRequest + `, "divisionId": 1`, "into_id", "应大于 0"},
		{"ReplyService/VoidNumber", aRequest + `, "kind": "KIND_CPPCC_PROPOSAL", "year": 1999, "reason": "x"`, "year", "不小于 2000"},
		{"AccountService/ListUsers", `"pageToken": "AA"`, "page_token", "next_page_token"},
	} {
		before := s.rows(t)
		got := s.call(t, s.caller(test.method), test.method, "{"+test.request+"}")
		r := got.refusal(t)
		if got.Code != "invalid_argument" || r.Reason != fuyanv1.Reason_REASON_INVALID || r.Field != test.field {
			t.Errorf("%s %.300s:\n%s %v %q about %q, want invalid_argument about %q", test.method, test.request, got.Code, r.Reason, got.Message, r.Field, test.field)
		}
		if !strings.Contains(got.Message, test.field) || !strings.Contains(got.Message, test.message) {
			t.Errorf("%s: message %q lacks %q or %q", test.method, got.Message, test.field, test.message)
		}
		if after := s.rows(t); after != before {
			t.Errorf("%s %.300s changed the database", test.method, test.request)
		}
	}
}

// caller is somebody who may call the method: the office where it may.
func (s *site) caller(method string) casework.User {
	for _, m := range methods {
		switch {
		case m.name != method || strings.Contains(m.roles, "office") || m.roles == "signed in":
		case strings.Contains(m.roles, "supervisor"):
			return s.Supervisor
		case m.roles == "delegate":
			return s.Delegate
		default:
			return s.Admin
		}
	}
	return s.Office
}

// TestNoDayAfter2199 gives each field that is a day one that lies too far ahead.
func TestNoDayAfter2199(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	fields := 0
	for _, m := range methods {
		service, rpc, _ := strings.Cut(m.name, "/")
		method := services()[service].Methods().ByName(protoreflect.Name(rpc))
		for i := range method.Input().Fields().Len() {
			field := method.Input().Fields().Get(i)
			if !isDay(field) {
				continue
			}
			fields++
			request := map[string]any{}
			if err := json.Unmarshal([]byte(strings.Replace(m.request, "#", aRequest, 1)), &request); err != nil {
				t.Fatal(err)
			}
			request[field.JSONName()] = "2200-01-01"
			text, _ := json.Marshal(request)
			got := s.call(t, s.caller(m.name), m.name, string(text))
			if got.Code != "invalid_argument" || got.refusal(t).Field != string(field.Name()) || !strings.Contains(got.Message, "2199年或以前") {
				t.Errorf("%s %s: %s %q", m.name, field.Name(), got.Code, got.Message)
			}
		}
	}
	if fields < 13 {
		t.Errorf("found %d fields that are days, want 13 or more", fields)
	}
	rule := `{` + aRequest + `, "rule": {"code": "REPLY", "kind": "KIND_NPC_SUGGESTION", "name": "答复", "trigger": "交办日", "amount": 2, "unit": "UNIT_MONTH", "basis": "x", "validFrom": "2200-01-01"}}`
	if got := s.call(t, s.Admin, "CalendarService/SetRule", rule); got.refusal(t).Field != "rule.valid_from" {
		t.Errorf("a rule: %s %q", got.Code, got.Message)
	}
}

// isDay reports whether proto says that a field holds a day.
func isDay(field protoreflect.FieldDescriptor) bool {
	rules, _ := proto.GetExtension(field.Options(), validate.E_Field).(*validate.FieldRules)
	return rules.GetString().GetPattern() == `^\d{4}-\d{2}-\d{2}$`
}

// rows counts what a write leaves.
func (s *site) rows(t *testing.T) (n int) {
	t.Helper()
	err := s.tx.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM requests) + (SELECT count(*) FROM proposals) +
		(SELECT count(*) FROM events) + (SELECT count(*) FROM users) + (SELECT count(*) FROM organs)`).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestUnreadableBodies(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, test := range []struct{ body, code string }{
		{`{`, "invalid_argument"},
		{`{"proposalId": "x"}`, "invalid_argument"},
		{`{"contains": "` + strings.Repeat("x", 5<<20) + `"}`, "resource_exhausted"},
	} {
		if got := s.call(t, s.Office, "ProposalService/GetProposal", test.body); got.Code != test.code {
			t.Errorf("%.30s: %s %q, want %s", test.body, got.Code, got.Message, test.code)
		}
	}
}

// TestUnknownWordsOfJSON: what is misspelt is not left out in silence.
func TestUnknownWordsOfJSON(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, tt := range []struct{ request, want string }{
		{`{"sate": "STATE_ISSUED"}`, "sate"},
		{`{"state": "STATE_ISUED"}`, "state"},
		{`{"pageSize": "many"}`, "pageSize"},
	} {
		got := s.call(t, s.Office, "ProposalService/ListProposals", tt.request)
		if got.Code != "invalid_argument" || !strings.Contains(got.Message, tt.want) {
			t.Errorf("%s: %s %q, want a message that names %s", tt.request, got.Code, got.Message, tt.want)
		}
	}
}
