package server

// What tests outside the package look at.
var (
	ReportErrors  = reportErrors
	RecoverPanics = recoverPanics
	CheckAccess   = checkAccess
	DigestOf      = digestOf
	States        = stateLabels
	CheckExported = checkExported
	AskedFor      = askedFor
)
