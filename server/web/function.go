package web

import (
	"html/template"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"
)

// functions are what templates may call: names for enums, and days and times as
// people write them.
var functions = template.FuncMap{
	"style":           style.address,
	"script":          script.address,
	"kind":            kinds.of,
	"state":           states.of,
	"part":            parts.of,
	"decision":        decisions.of,
	"importState":     importStates.of,
	"importField":     importFields.of,
	"contactChannel":  contactChannels.of,
	"keepingDecision": keepingDecisions.of,
	"feedbackChannel": feedbackChannels.of,
	"rating":          ratings.of,
	"deliveryChannel": deliveryChannels.of,
	"publicity":       publicities.of,
	"commitmentState": commitmentStates.of,
	"oversight":       oversights.of,
	"progressKind":    func(kind string) string { return progressKinds[kind] },
	"roles":           roleNames,
	"noticeChannel":   noticeChannels.of,
	"deliveryState":   deliveryState,
	"deadlineName":    func(code string) string { return deadlineNames[code] },
	"receivers":       receivers,
	"rungDay":         rungDay,
	"rolesTold":       rolesTold,
	"sitting":         sittingName,
	"day":             chineseDay,
	"moment":          moment,
	"stamp":           func(t *timestamppb.Timestamp) string { return t.AsTime().In(zone).Format(time.RFC3339) },
	"names":           func(names []string) string { return strings.Join(names, "、") },
	"lines":           func(text string) []string { return strings.Split(text, "\n") },
	"fileType":        func(media string) string { return fileTypes[media] },
	"fileSize":        fileSize,
	"sides":           func(before, after string, rows []versionRow) versionsView { return versionsView{before, after, rows} },
	"cause":           deadlineCauses.of,
	"dayKind":         dayKinds.of,
	"jobState":        jobStates.of,
}

// moment writes an instant to the minute.
func moment(t *timestamppb.Timestamp) string {
	if t == nil {
		return ""
	}
	return t.AsTime().In(zone).Format("2006年1月2日 15:04")
}
