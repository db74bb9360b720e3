package postgres

// What tests outside the package look at.
var (
	Reckons     = reckons
	Beginning   = beginning
	CalendarKey = int64(calendarKey)
)
