package server

import (
	"github.com/riverqueue/river/rivertype"

	"fuyan/casework"
	"fuyan/casework/handover"
	"fuyan/casework/letter"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
)

// A table holds the words of casework and of the rows, W, beside those of proto,
// P. The empty word is proto's unspecified.
type table[W ~string, P ~int32] struct {
	to   map[W]P
	from map[P]W
}

func tableOf[W ~string, P ~int32](to map[W]P) table[W, P] {
	from := make(map[P]W, len(to))
	for w, p := range to {
		from[p] = w
	}
	return table[W, P]{to, from}
}

func (t table[W, P]) listTo(list []W) []P {
	out := make([]P, len(list))
	for i, w := range list {
		out[i] = t.to[w]
	}
	return out
}

func (t table[W, P]) listFrom(list []P) []W {
	out := make([]W, len(list))
	for i, p := range list {
		out[i] = t.from[p]
	}
	return out
}

var roles = tableOf(map[casework.Role]fuyanv1.Role{
	casework.Admin:      fuyanv1.Role_ROLE_ADMIN,
	casework.Office:     fuyanv1.Role_ROLE_OFFICE,
	casework.Reviewer:   fuyanv1.Role_ROLE_REVIEWER,
	casework.Handler:    fuyanv1.Role_ROLE_HANDLER,
	casework.Supervisor: fuyanv1.Role_ROLE_SUPERVISOR,
	casework.Delegate:   fuyanv1.Role_ROLE_DELEGATE,
})

var importStates = tableOf(map[string]fuyanv1.ImportState{
	"uploaded":  fuyanv1.ImportState_IMPORT_STATE_UPLOADED,
	"confirmed": fuyanv1.ImportState_IMPORT_STATE_CONFIRMED,
	"done":      fuyanv1.ImportState_IMPORT_STATE_DONE,
})

var importFields = tableOf(map[handover.Field]fuyanv1.ImportField{
	handover.Nothing:        fuyanv1.ImportField_IMPORT_FIELD_UNSPECIFIED,
	handover.Number:         fuyanv1.ImportField_IMPORT_FIELD_NUMBER,
	handover.Title:          fuyanv1.ImportField_IMPORT_FIELD_TITLE,
	handover.Kind:           fuyanv1.ImportField_IMPORT_FIELD_KIND,
	handover.Sitting:        fuyanv1.ImportField_IMPORT_FIELD_SITTING,
	handover.Proposers:      fuyanv1.ImportField_IMPORT_FIELD_PROPOSERS,
	handover.Cosigners:      fuyanv1.ImportField_IMPORT_FIELD_COSIGNERS,
	handover.Organ:          fuyanv1.ImportField_IMPORT_FIELD_ORGAN,
	handover.Helpers:        fuyanv1.ImportField_IMPORT_FIELD_HELPERS,
	handover.Role:           fuyanv1.ImportField_IMPORT_FIELD_ROLE,
	handover.HandedOver:     fuyanv1.ImportField_IMPORT_FIELD_HANDED_OVER,
	handover.Text:           fuyanv1.ImportField_IMPORT_FIELD_TEXT,
	handover.TextPublic:     fuyanv1.ImportField_IMPORT_FIELD_TEXT_PUBLIC,
	handover.NoWrittenReply: fuyanv1.ImportField_IMPORT_FIELD_WRITTEN_REPLY,
})

var kinds = tableOf(map[casework.Kind]fuyanv1.Kind{
	casework.CPPCCProposal: fuyanv1.Kind_KIND_CPPCC_PROPOSAL,
	casework.NPCSuggestion: fuyanv1.Kind_KIND_NPC_SUGGESTION,
})

var states = tableOf(map[casework.State]fuyanv1.State{
	casework.Received:        fuyanv1.State_STATE_RECEIVED,
	casework.ReturnRequested: fuyanv1.State_STATE_RETURN_REQUESTED,
	casework.Returned:        fuyanv1.State_STATE_RETURNED,
	casework.Accepted:        fuyanv1.State_STATE_ACCEPTED,
	casework.Drafting:        fuyanv1.State_STATE_DRAFTING,
	casework.Reviewing:       fuyanv1.State_STATE_REVIEWING,
	casework.Signed:          fuyanv1.State_STATE_SIGNED,
	casework.Issued:          fuyanv1.State_STATE_ISSUED,
	casework.Answered:        fuyanv1.State_STATE_ANSWERED,
	casework.Closed:          fuyanv1.State_STATE_CLOSED,
	casework.Withdrawn:       fuyanv1.State_STATE_WITHDRAWN,
})

var commitmentStates = tableOf(map[casework.CommitmentState]fuyanv1.CommitmentState{
	casework.Noted:   fuyanv1.CommitmentState_COMMITMENT_STATE_NOTED,
	casework.Open:    fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN,
	casework.Done:    fuyanv1.CommitmentState_COMMITMENT_STATE_DONE,
	casework.Kept:    fuyanv1.CommitmentState_COMMITMENT_STATE_KEPT,
	casework.Waived:  fuyanv1.CommitmentState_COMMITMENT_STATE_WAIVED,
	casework.Dropped: fuyanv1.CommitmentState_COMMITMENT_STATE_DROPPED,
})

var commitmentGroups = tableOf(map[casework.CommitmentGroup]fuyanv1.CommitmentGroup{
	casework.GroupOverdue:   fuyanv1.CommitmentGroup_COMMITMENT_GROUP_OVERDUE,
	casework.GroupDueSoon:   fuyanv1.CommitmentGroup_COMMITMENT_GROUP_DUE_SOON,
	casework.GroupSilent:    fuyanv1.CommitmentGroup_COMMITMENT_GROUP_SILENT,
	casework.GroupSlipped:   fuyanv1.CommitmentGroup_COMMITMENT_GROUP_SLIPPED,
	casework.GroupDropped:   fuyanv1.CommitmentGroup_COMMITMENT_GROUP_DROPPED,
	casework.GroupContested: fuyanv1.CommitmentGroup_COMMITMENT_GROUP_CONTESTED,
	casework.GroupUnowned:   fuyanv1.CommitmentGroup_COMMITMENT_GROUP_UNOWNED,
	casework.GroupNoted:     fuyanv1.CommitmentGroup_COMMITMENT_GROUP_NOTED,
})

var overdueAges = tableOf(map[casework.OverdueAge]fuyanv1.OverdueAge{
	casework.OverdueTo30:    fuyanv1.OverdueAge_OVERDUE_AGE_TO_30,
	casework.OverdueTo90:    fuyanv1.OverdueAge_OVERDUE_AGE_TO_90,
	casework.OverdueTo180:   fuyanv1.OverdueAge_OVERDUE_AGE_TO_180,
	casework.OverdueOver180: fuyanv1.OverdueAge_OVERDUE_AGE_OVER_180,
})

var oversights = tableOf(map[casework.Oversight]fuyanv1.Oversight{
	casework.OverseesNothing:    fuyanv1.Oversight_OVERSIGHT_UNSPECIFIED,
	casework.OverseesGovernment: fuyanv1.Oversight_OVERSIGHT_GOVERNMENT,
	casework.OverseesCPPCC:      fuyanv1.Oversight_OVERSIGHT_CPPCC,
	casework.OverseesNPC:        fuyanv1.Oversight_OVERSIGHT_NPC,
})

var deadlineCauses = tableOf(map[string]fuyanv1.DeadlineCause{
	"extension":  fuyanv1.DeadlineCause_DEADLINE_CAUSE_EXTENSION,
	"calendar":   fuyanv1.DeadlineCause_DEADLINE_CAUSE_CALENDAR,
	"rule":       fuyanv1.DeadlineCause_DEADLINE_CAUSE_RULE,
	"pause":      fuyanv1.DeadlineCause_DEADLINE_CAUSE_PAUSE,
	"resume":     fuyanv1.DeadlineCause_DEADLINE_CAUSE_RESUME,
	"due_change": fuyanv1.DeadlineCause_DEADLINE_CAUSE_DUE_CHANGE,
	"reopened":   fuyanv1.DeadlineCause_DEADLINE_CAUSE_REOPENED,
})

var dayKinds = tableOf(map[casework.DayKind]fuyanv1.DayKind{
	casework.Workday: fuyanv1.DayKind_DAY_KIND_WORKDAY,
	casework.Weekend: fuyanv1.DayKind_DAY_KIND_WEEKEND,
	casework.Holiday: fuyanv1.DayKind_DAY_KIND_HOLIDAY,
	casework.MakeUp:  fuyanv1.DayKind_DAY_KIND_MAKE_UP,
	casework.Statute: fuyanv1.DayKind_DAY_KIND_STATUTE,
})

var units = tableOf(map[casework.Unit]fuyanv1.Unit{
	casework.WorkingDays:  fuyanv1.Unit_UNIT_WORKING_DAY,
	casework.CalendarDays: fuyanv1.Unit_UNIT_CALENDAR_DAY,
	casework.Months:       fuyanv1.Unit_UNIT_MONTH,
	casework.YearDay:      fuyanv1.Unit_UNIT_YEAR_DAY,
	casework.NoUnit:       fuyanv1.Unit_UNIT_NONE,
})

var modes = tableOf(map[casework.Mode]fuyanv1.Mode{
	casework.Strict:   fuyanv1.Mode_MODE_STRICT,
	casework.Rollover: fuyanv1.Mode_MODE_ROLLOVER,
})

var assignmentRoles = tableOf(map[string]fuyanv1.AssignmentRole{
	"sole":   fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_SOLE,
	"lead":   fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_LEAD,
	"joint":  fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_JOINT,
	"helper": fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_HELPER,
	"split":  fuyanv1.AssignmentRole_ASSIGNMENT_ROLE_SPLIT,
})

var contactChannels = tableOf(map[string]fuyanv1.ContactChannel{
	"visit":   fuyanv1.ContactChannel_CONTACT_CHANNEL_VISIT,
	"call":    fuyanv1.ContactChannel_CONTACT_CHANNEL_CALL,
	"meeting": fuyanv1.ContactChannel_CONTACT_CHANNEL_MEETING,
	"letter":  fuyanv1.ContactChannel_CONTACT_CHANNEL_LETTER,
})

var keepingDecisions = tableOf(map[string]fuyanv1.KeepingDecision{
	"":         fuyanv1.KeepingDecision_KEEPING_DECISION_UNSPECIFIED,
	"reopened": fuyanv1.KeepingDecision_KEEPING_DECISION_REOPENED,
	"upheld":   fuyanv1.KeepingDecision_KEEPING_DECISION_UPHELD,
})

var feedbackChannels = tableOf(map[string]fuyanv1.FeedbackChannel{
	casework.Own: fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_OWN,
	"visit":      fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_VISIT,
	"call":       fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_CALL,
	"meeting":    fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_MEETING,
	"letter":     fuyanv1.FeedbackChannel_FEEDBACK_CHANNEL_LETTER,
})

var ratings = tableOf(map[casework.Rating]fuyanv1.Rating{
	casework.Satisfied:    fuyanv1.Rating_RATING_SATISFIED,
	casework.Basically:    fuyanv1.Rating_RATING_BASICALLY,
	casework.Dissatisfied: fuyanv1.Rating_RATING_DISSATISFIED,
})

var deliveryChannels = tableOf(map[string]fuyanv1.DeliveryChannel{
	"hand":   fuyanv1.DeliveryChannel_DELIVERY_CHANNEL_HAND,
	"post":   fuyanv1.DeliveryChannel_DELIVERY_CHANNEL_POST,
	"system": fuyanv1.DeliveryChannel_DELIVERY_CHANNEL_SYSTEM,
})

var results = tableOf(map[string]fuyanv1.Result{
	string(casework.Adopted):    fuyanv1.Result_RESULT_ADOPTED,
	string(casework.InProgress): fuyanv1.Result_RESULT_IN_PROGRESS,
	string(casework.Planned):    fuyanv1.Result_RESULT_PLANNED,
	string(casework.Reference):  fuyanv1.Result_RESULT_REFERENCE,
})

var publicities = tableOf(map[string]fuyanv1.Publicity{
	string(casework.Full):      fuyanv1.Publicity_PUBLICITY_FULL,
	string(casework.Summary):   fuyanv1.Publicity_PUBLICITY_SUMMARY,
	string(casework.OnRequest): fuyanv1.Publicity_PUBLICITY_ON_REQUEST,
	string(casework.Withheld):  fuyanv1.Publicity_PUBLICITY_WITHHELD,
})

var letterParts = tableOf(map[letter.Part]fuyanv1.LetterPart{
	letter.BannerPart:     fuyanv1.LetterPart_LETTER_PART_BANNER,
	letter.MastheadPart:   fuyanv1.LetterPart_LETTER_PART_MASTHEAD,
	letter.NumberPart:     fuyanv1.LetterPart_LETTER_PART_NUMBER,
	letter.TitlePart:      fuyanv1.LetterPart_LETTER_PART_TITLE,
	letter.SalutationPart: fuyanv1.LetterPart_LETTER_PART_SALUTATION,
	letter.HeadingPart:    fuyanv1.LetterPart_LETTER_PART_HEADING,
	letter.BodyPart:       fuyanv1.LetterPart_LETTER_PART_BODY,
	letter.SignaturePart:  fuyanv1.LetterPart_LETTER_PART_SIGNATURE,
	letter.DayPart:        fuyanv1.LetterPart_LETTER_PART_DAY,
	letter.NotePart:       fuyanv1.LetterPart_LETTER_PART_NOTE,
	letter.CopiesPart:     fuyanv1.LetterPart_LETTER_PART_COPIES,
	letter.PrinterPart:    fuyanv1.LetterPart_LETTER_PART_PRINTER,
	letter.PrintedPart:    fuyanv1.LetterPart_LETTER_PART_PRINTED,
})

var noticeRoles = tableOf(map[casework.Recipient]fuyanv1.NoticeRole{
	casework.ToHandler:   fuyanv1.NoticeRole_NOTICE_ROLE_HANDLER,
	casework.ToHead:      fuyanv1.NoticeRole_NOTICE_ROLE_HEAD,
	casework.ToOffice:    fuyanv1.NoticeRole_NOTICE_ROLE_OFFICE,
	casework.ToOversight: fuyanv1.NoticeRole_NOTICE_ROLE_OVERSIGHT,
	casework.ToProposer:  fuyanv1.NoticeRole_NOTICE_ROLE_PROPOSER,
})

var noticeChannels = tableOf(map[string]fuyanv1.NoticeChannel{
	"mail":    fuyanv1.NoticeChannel_NOTICE_CHANNEL_MAIL,
	"digest":  fuyanv1.NoticeChannel_NOTICE_CHANNEL_DIGEST,
	"webhook": fuyanv1.NoticeChannel_NOTICE_CHANNEL_WEBHOOK,
})

var noticeDeliveryStates = tableOf(map[string]fuyanv1.NoticeDeliveryState{
	"queued":     fuyanv1.NoticeDeliveryState_NOTICE_DELIVERY_STATE_QUEUED,
	"sent":       fuyanv1.NoticeDeliveryState_NOTICE_DELIVERY_STATE_SENT,
	"not_needed": fuyanv1.NoticeDeliveryState_NOTICE_DELIVERY_STATE_NOT_NEEDED,
	"failed":     fuyanv1.NoticeDeliveryState_NOTICE_DELIVERY_STATE_FAILED,
})

var mailModes = tableOf(map[string]fuyanv1.MailMode{
	"none":    fuyanv1.MailMode_MAIL_MODE_UNSPECIFIED,
	"at_once": fuyanv1.MailMode_MAIL_MODE_AT_ONCE,
	"digest":  fuyanv1.MailMode_MAIL_MODE_DIGEST,
})

// toDecision returns what was decided; nil is nothing yet.
func toDecision(granted *bool) fuyanv1.Decision {
	switch {
	case granted == nil:
		return fuyanv1.Decision_DECISION_UNSPECIFIED
	case *granted:
		return fuyanv1.Decision_DECISION_GRANTED
	}
	return fuyanv1.Decision_DECISION_REFUSED
}

var figureUnits = tableOf(map[string]fuyanv1.FigureUnit{
	postgres.UnitProposal:   fuyanv1.FigureUnit_FIGURE_UNIT_PROPOSAL,
	postgres.UnitForm:       fuyanv1.FigureUnit_FIGURE_UNIT_FORM,
	postgres.UnitCommitment: fuyanv1.FigureUnit_FIGURE_UNIT_COMMITMENT,
})

var figureSides = tableOf(map[casework.Side]fuyanv1.FigureSide{
	casework.Numerator:   fuyanv1.FigureSide_FIGURE_SIDE_NUMERATOR,
	casework.Denominator: fuyanv1.FigureSide_FIGURE_SIDE_DENOMINATOR,
	casework.Rest:        fuyanv1.FigureSide_FIGURE_SIDE_REST,
})

var boardLists = tableOf(map[postgres.BoardList]fuyanv1.BoardList{
	postgres.OverdueReplies:      fuyanv1.BoardList_BOARD_LIST_REPLIES,
	postgres.OverduePublications: fuyanv1.BoardList_BOARD_LIST_PUBLICATIONS,
	postgres.WaitingExtensions:   fuyanv1.BoardList_BOARD_LIST_EXTENSIONS,
	postgres.WaitingReturns:      fuyanv1.BoardList_BOARD_LIST_RETURNS,
	postgres.WaitingRedos:        fuyanv1.BoardList_BOARD_LIST_REDOS,
	postgres.WaitingCopies:       fuyanv1.BoardList_BOARD_LIST_COPIES,
})

var jobStates = tableOf(map[rivertype.JobState]fuyanv1.JobState{
	rivertype.JobStateAvailable: fuyanv1.JobState_JOB_STATE_AVAILABLE,
	rivertype.JobStateRunning:   fuyanv1.JobState_JOB_STATE_RUNNING,
	rivertype.JobStateRetryable: fuyanv1.JobState_JOB_STATE_RETRYABLE,
	rivertype.JobStateScheduled: fuyanv1.JobState_JOB_STATE_SCHEDULED,
	rivertype.JobStateDiscarded: fuyanv1.JobState_JOB_STATE_DISCARDED,
	rivertype.JobStateCancelled: fuyanv1.JobState_JOB_STATE_CANCELLED,
	rivertype.JobStateCompleted: fuyanv1.JobState_JOB_STATE_COMPLETED,
})

var nextSteps = tableOf(map[casework.NextStep]fuyanv1.NextStep{
	casework.NextAcceptance:   fuyanv1.NextStep_NEXT_STEP_ACCEPTANCE,
	casework.NextHandover:     fuyanv1.NextStep_NEXT_STEP_HANDOVER,
	casework.NextReply:        fuyanv1.NextStep_NEXT_STEP_REPLY,
	casework.NextResumption:   fuyanv1.NextStep_NEXT_STEP_RESUMPTION,
	casework.NextDelivery:     fuyanv1.NextStep_NEXT_STEP_DELIVERY,
	casework.NextFeedback:     fuyanv1.NextStep_NEXT_STEP_FEEDBACK,
	casework.NextRedoDecision: fuyanv1.NextStep_NEXT_STEP_REDO_DECISION,
	casework.NextPublication:  fuyanv1.NextStep_NEXT_STEP_PUBLICATION,
	casework.NextPromise:      fuyanv1.NextStep_NEXT_STEP_PROMISE,
	casework.NothingNext:      fuyanv1.NextStep_NEXT_STEP_NOTHING,
})
