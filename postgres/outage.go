package postgres

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Unreachable reports whether err says that the database could not be asked, or
// was lost before it answered: what was asked is right and may succeed later.
// Whether a write was done before the answer was lost nobody knows; asked again
// with the same request it is done once.
func Unreachable(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(pg.Code, connectionException) || slices.Contains(outages, pg.Code)
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return !errors.Is(err, context.Canceled)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false // the caller went away, or the time was up
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return pgconn.SafeToRetry(err) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// Full reports whether err says that the database has no room for what was to be
// written.
func Full(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == diskFull || pg.Code == ioError && strings.Contains(pg.Message, "No space left"))
}

// SQLSTATEs of a database that is well asked and cannot answer now.
const (
	connectionException = "08" // the class
	diskFull            = "53100"
	ioError             = "58030"
)

var outages = []string{
	"57P01", "57P02", "57P03", // it is ending, was ended, is starting
	"53300", // too many sessions
	"25006", // a standby, which takes no writes: its primary is another by now
	"53200", // out of memory
}
