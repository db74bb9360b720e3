package postgres

// What tests outside the package look at.
var (
	Reckons     = reckons
	CalendarKey = int64(calendarKey)
)
