package web

import (
	"log/slog"
	"net/http"
	"time"

	"connectrpc.com/connect/v2"
)

// What the tests look at without a page around it.
var (
	Pieces      = pieces
	LocalPath   = localPath
	SittingName = sittingName
	ChineseDay  = chineseDay
	Rate        = rate
)

type (
	Mark  = mark
	Piece = piece
)

// The tables of labels.
var (
	States               = states
	Kinds                = kinds
	Roles                = roles
	Publicities          = publicities
	CommitmentStates     = commitmentStates
	Parts                = parts
	ImportStates         = importStates
	ImportFields         = importFields
	Oversights           = oversights
	ContactChannels      = contactChannels
	FeedbackChannels     = feedbackChannels
	Ratings              = ratings
	DeliveryChannels     = deliveryChannels
	Decisions            = decisions
	NoticeRoles          = noticeRoles
	NoticeChannels       = noticeChannels
	NoticeDeliveryStates = noticeDeliveryStates
	DeliveryState        = deliveryState
	MailModes            = mailModes
	DeadlineCauses       = deadlineCauses
	DayKinds             = dayKinds
	CommitmentGroups     = commitmentGroups
	OverdueAges          = overdueAges
	Standings            = standings
	Units                = units
	Modes                = modes
)

// Of is what people call a value.
func (l labels[E]) Of(value E) string { return l.of(value) }

// What the tests of versions look at.
var (
	VersionRows = versionRows
	Brief       = brief
	Merge       = merge
)

type (
	VersionRow   = versionRow
	VersionPiece = versionPiece
	Writing      = writing
)

// What the tests of letters look at.
var (
	PaperOf      = paperOf
	DraftPaperOf = draftPaperOf
)

type Paper = paper

// NewAt is New with a clock and no log.
func NewAt(client *connect.Client, now func() time.Time) http.Handler {
	return newAt(client, slog.New(slog.DiscardHandler), now)
}
