package server

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"connectrpc.com/connect/v2"
)

// logCalls writes one line for each call. It names the user by id and holds
// nothing of what the call says.
func logCalls(log *slog.Logger) connect.ServerInterceptor {
	return func(next connect.ServerFunc) connect.ServerFunc {
		return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
			begin := time.Now()
			seen := &requestIDReader{ServerStream: stream}
			err := next(ctx, spec, seen)
			outcome := "ok"
			if err != nil {
				outcome = connect.CodeOf(err).String()
			}
			line := []slog.Attr{
				slog.Int64("user", userFrom(ctx).ID), slog.String("procedure", spec.Procedure),
				slog.String("outcome", outcome), slog.Duration("duration", time.Since(begin)),
			}
			if seen.id != "" {
				line = append(line, slog.String("request_id", seen.id))
			}
			log.LogAttrs(ctx, slog.LevelInfo, "rpc", line...)
			return err
		}
	}
}

// A requestIDReader remembers the request_id of the message that it reads.
type requestIDReader struct {
	connect.ServerStream
	id string
}

func (r *requestIDReader) Receive(msg any) error {
	err := r.ServerStream.Receive(msg)
	if m, ok := msg.(interface{ GetRequestId() string }); ok && err == nil && looksLikeUUID(m.GetRequestId()) {
		r.id = m.GetRequestId()
	}
	return err
}

// looksLikeUUID keeps out of the log what somebody writes in place of a UUID.
func looksLikeUUID(s string) bool {
	return len(s) == 36 && strings.Trim(s, "0123456789abcdefABCDEF-") == ""
}

// recoverPanics makes a panic an error, which is logged as any other.
func recoverPanics(next connect.ServerFunc) connect.ServerFunc {
	return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		return next(ctx, spec, stream)
	}
}
