package bench

import (
	"encoding/base64"
	"fmt"
	"strings"

	"fuyan/casework"
)

// desk is what people do that is about no single proposal.
var desk = []move{
	{"save a filter", "office", "FilterService/SaveFilter", `{"name": "逾期 $number", "list": {"overdue": true}}`, nil},
	{"delete a filter", "office", "FilterService/DeleteFilter", `{"filterId": "$filter"}`, nil},
	{"mark a notice read", "handler", "NoticeService/MarkNoticeRead", `{"noticeId": "$notice"}`, nil},
	{"save settings of notices", "delegate", "NoticeService/SaveNoticeSettings", `{"expectedVersion": "$settings",
		"settings": {"mail": "someone@example.cn", "mailMode": "MAIL_MODE_AT_ONCE"}}`, nil},
	{"save a ladder", "office", "NoticeService/SaveLadder", `{"expectedVersion": "$ladder", "ladder": {"code": "PUBLISH",
		"rungs": [{"days": -2, "tells": ["NOTICE_ROLE_OFFICE"]}, {"days": 1, "tells": ["NOTICE_ROLE_OFFICE"]}]}}`, nil},
	{"", "office", "NoticeService/SaveLadder", `{"expectedVersion": "$ladder", "ladder": {"code": "PUBLISH"}}`, nil}, // the organ gives it up
	{"upload a list", "office", "ImportService/UploadHandOverList", `{"text": "$list"}`, nil},
	{"match its columns", "office", "ImportService/MatchColumns", columns, nil},
	{"discard a list", "office", "ImportService/DiscardImport", `{"importId": "$import", "expectedVersion": "$importVersion"}`, nil},
	{"", "office", "ImportService/UploadHandOverList", `{"text": "$list"}`, nil},
	{"", "office", "ImportService/MatchColumns", columns, nil},
	{"confirm a list", "office", "ImportService/ConfirmImport", `{"importId": "$import", "expectedVersion": "$importVersion"}`, nil},
	{name: "job: receive a list of five", job: (*walk).receiveImport},
	{"cancel a job", "admin", "JobService/CancelJob", `{"jobId": "$queued"}`, nil},
	{"retry a job", "admin", "JobService/RetryJob", `{"jobId": "$cancelled"}`, nil},
	{"save an organ", "admin", "AccountService/SaveOrgan", `{"organ": {"name": "试验单位$number", "shortName": "试验$number",
		"divisions": [{"name": "前处"}, {"name": "后处"}]}}`, nil},
	{"merge a division", "admin", "AccountService/MergeDivision", `{"divisionId": "$from", "intoId": "$into"}`, nil},
	{"set roles", "admin", "AccountService/SetRoles", `{"userId": "$delegate", "expectedVersion": "$user", "roles": ["ROLE_DELEGATE"]}`, nil},
	{"set a rule", "admin", "CalendarService/SetRule", `{"rule": {"code": "REPLY", "kind": "KIND_CPPCC_PROPOSAL", "name": "答复", "trigger": "交办",
		"amount": 3, "unit": "UNIT_MONTH", "basis": "试验", "validFrom": "$nextRule"}}`, nil},
	{"load a calendar", "admin", "CalendarService/ImportCalendar", `{"source": "试验", "content": "$calendar", "notice": "试验"}`, nil},
	{"make a token", "office", "AccountService/CreateToken", `{"name": "脚本"}`, nil},
	{"revoke a token", "office", "AccountService/RevokeToken", `{"tokenId": "$secret"}`, nil},
	{"sign out", "office", "AccountService/SignOut", `{}`, nil},
}

const columns = `{"importId": "$import", "expectedVersion": "$importVersion", "headerLine": 1,
	"fields": ["IMPORT_FIELD_NUMBER", "IMPORT_FIELD_TITLE", "IMPORT_FIELD_PROPOSERS"], "defaults": {"kind": "KIND_CPPCC_PROPOSAL",
	"sitting": {"body": "市政协", "term": "$term", "session": 1}, "organId": "$organ", "handedOver": "$today"}}`

// unmeasured are the writes that are measured in no story, and why.
var unmeasured = map[string]string{
	"AccountService/SignIn":         hashes,
	"AccountService/CreateUser":     hashes,
	"AccountService/ChangePassword": hashes,
	"CommitmentService/UploadFile":  "most of it is the file that it writes to the store, and no statement writes that",
}

const hashes = "most of it is the hash of a password, which takes long on purpose, and no statement reckons that"

// handOverList is the nth list of five proposals.
func handOverList(n int) string {
	var b strings.Builder
	b.WriteString("案号,案由,提出人")
	for i := range 5 {
		fmt.Fprintf(&b, `\n%d,关于第%d件试验的提案,甲某`, 1_000_000+n*5+i, i+1)
	}
	return b.String()
}

// calendarFile is a file with a Saturday on which people work, far from all
// deadlines: the nth from one on.
func calendarFile(n int) string {
	day := casework.Date{Year: 2090, Month: 1, Day: 7}.AddDays(7 * n)
	return base64.StdEncoding.EncodeToString([]byte(day.String() + ",班\n"))
}
