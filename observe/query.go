package observe

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// queryName returns what a statement is called. sqlc, and who writes one by hand,
// begin it with "-- name: ListProposals :many". Those of pgx itself are words of
// their own; what else there is shares one name, so that names stay few.
func queryName(sql string) string {
	if rest, named := strings.CutPrefix(sql, "-- name: "); named {
		if end := strings.IndexAny(rest, " \n"); end > 0 {
			return rest[:end]
		}
	}
	switch sql {
	case "begin", "commit", "rollback":
		return sql
	}
	return "other"
}

// A query is the context of a statement under way.
type query struct {
	context.Context
	name  string
	began time.Time
	span  trace.Span // nil where nobody follows what asks it
}

type queryKey struct{}

// Value is the query itself to who ends it.
func (q *query) Value(key any) any {
	if key == (queryKey{}) {
		return q
	}
	return q.Context.Value(key)
}

// TraceQueryStart begins to measure a statement, of which it reads the name and
// nothing else. Only one that is part of something followed is followed itself:
// those that look for jobs are many, and tell nothing.
func (o *Observer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	return o.begin(ctx, queryName(data.SQL))
}

// TraceCopyFromStart begins to measure a COPY, which goes by the name of its table.
func (o *Observer) TraceCopyFromStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceCopyFromStartData) context.Context {
	return o.begin(ctx, "copy "+data.TableName[len(data.TableName)-1])
}

func (o *Observer) begin(ctx context.Context, name string) context.Context {
	q := &query{Context: ctx, name: name, began: time.Now()}
	if trace.SpanFromContext(ctx).IsRecording() {
		q.Context, q.span = o.tracer.Start(ctx, q.name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
			attribute.String("db.system.name", "postgresql"), attribute.String("db.query.summary", q.name)))
	}
	return q
}

// TraceQueryEnd ends what TraceQueryStart began.
func (o *Observer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	o.end(ctx, data.Err)
}

// TraceCopyFromEnd ends what TraceCopyFromStart began.
func (o *Observer) TraceCopyFromEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceCopyFromEndData) {
	o.end(ctx, data.Err)
}

// end tells of an error the code: the words may hold what was asked for.
func (o *Observer) end(ctx context.Context, err error) {
	q, ok := ctx.Value(queryKey{}).(*query)
	if !ok {
		return
	}
	o.queries.WithLabelValues(q.name).Observe(time.Since(q.began).Seconds())
	if q.span == nil {
		return
	}
	if err != nil {
		q.span.SetStatus(codes.Error, codeOf(err))
	}
	q.span.End()
}

func codeOf(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return "unanswered"
}
