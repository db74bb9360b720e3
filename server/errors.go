package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"buf.build/go/protovalidate"
	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connectproto"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/observe"
	"fuyan/postgres"
)

// refusals says how the errors that callers tell apart look from outside. It is
// the only place that does.
var refusals = []struct {
	err     error
	code    connect.Code
	reason  fuyanv1.Reason
	message string // unless the error says more
}{
	{casework.ErrNotFound, connect.CodeNotFound, fuyanv1.Reason_REASON_NOT_FOUND, "未找到，或无权查看"},
	{casework.ErrInvalid, connect.CodeInvalidArgument, fuyanv1.Reason_REASON_INVALID, "内容有误"},
	{casework.ErrNotAllowed, connect.CodeFailedPrecondition, fuyanv1.Reason_REASON_NOT_ALLOWED, "当前状态不允许此操作"},
	{casework.ErrForbidden, connect.CodePermissionDenied, fuyanv1.Reason_REASON_FORBIDDEN, "无权执行此操作"},
	{casework.ErrConflict, connect.CodeAlreadyExists, fuyanv1.Reason_REASON_CONFLICT, "已经存在"},
	{casework.ErrStale, connect.CodeAborted, fuyanv1.Reason_REASON_STALE, "已被他人修改，请刷新后再试"},
	{casework.ErrUnauthenticated, connect.CodeUnauthenticated, fuyanv1.Reason_REASON_UNAUTHENTICATED, "未登录，或者登录名、密码有误"},
}

// reportErrors returns an interceptor that gives the errors in refusals their
// code, message and detail. It logs what it does not know and tells the caller
// nothing of it.
func reportErrors(log *slog.Logger) connect.ServerInterceptor {
	return func(next connect.ServerFunc) connect.ServerFunc {
		return func(ctx context.Context, spec connect.Spec, stream connect.ServerStream) error {
			err := next(ctx, spec, stream)
			if err == nil {
				return nil
			}
			if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
				err = errors.Join(err, ended) // as Postgres says that a statement was broken off
			}
			var failed error = connect.NewError(connect.CodeInternal, "internal error").WithCause(err)
			if known := outside(err); known != nil {
				if connect.CodeOf(known) != connect.CodeUnavailable || errors.Is(err, errBusy) {
					return known
				}
				failed = known
			}
			log.ErrorContext(ctx, "rpc failed", "procedure", spec.Procedure, "user", userFrom(ctx).ID,
				"request", lineFrom(ctx).request, "error", observe.Words(err))
			return failed
		}
	}
}

// outside returns what a caller is told of err, or nil where that is nothing.
func outside(err error) error {
	if v, ok := errors.AsType[*protovalidate.ValidationError](err); ok {
		err = violated(v)
	}
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return refuse(err, r.code, r.reason, r.message)
		}
	}
	switch e, own := errors.AsType[*connect.Error](err); {
	case errors.Is(err, errTooMany) || errors.Is(err, errTooManyIns):
		return e
	case own && e.Code() == connect.CodeResourceExhausted:
		return connect.NewError(connect.CodeResourceExhausted, tooLarge).WithCause(err)
	case own && !e.IsRemote() && e.Code() != connect.CodeUnknown && e.Code() != connect.CodeInternal:
		return e // connect's own: a body that cannot be read
	case postgres.Full(err):
		return connect.NewError(connect.CodeUnavailable, full).WithCause(err)
	case postgres.Unreachable(err):
		return connect.NewError(connect.CodeUnavailable, unreachable).WithCause(err)
	case errors.Is(err, context.Canceled):
		return connect.NewError(connect.CodeCanceled, "canceled").WithCause(err)
	case errors.Is(err, context.DeadlineExceeded):
		return connect.NewError(connect.CodeDeadlineExceeded, tooLong).WithCause(err)
	}
	return nil
}

// What is said when nothing is wrong with a request. A write may have been done
// all the same: sent again with the same request_id it is not done twice.
const (
	unreachable = "数据库暂时无法访问，请稍后以同一 request_id 重试"
	full        = "数据库存储空间不足，未能保存，请与管理员联系，稍后以同一 request_id 重试"
	tooLong     = "未能在限定时间内办完，请稍后以同一 request_id 重试"
)

// tooLarge is what connect says of a request beyond maxRequest or maxFile.
const tooLarge = "请求过大：一个文件最多 20 MB，不带文件的请求最多 4 MB"

// refuse returns a refusal with all that err knows.
func refuse(err error, code connect.Code, reason fuyanv1.Reason, message string) error {
	refusal := &fuyanv1.Refusal{Reason: reason}
	if e, ok := errors.AsType[*casework.FieldError](err); ok {
		refusal.Field = e.Field
		message = fmt.Sprintf("字段 %s：%s", e.Field, e.Want)
	}
	if e, ok := errors.AsType[*casework.StateError](err); ok {
		refusal.State, refusal.Possible, refusal.Field = e.State, e.Possible, e.Field
		message = stateMessage(e)
	}
	if e, ok := errors.AsType[*casework.ConflictError](err); ok {
		message = e.Error()
	}
	if e, ok := errors.AsType[*casework.StaleError](err); ok {
		refusal.PresentVersion = e.Present
		message = fmt.Sprintf("已被他人修改，现在是第 %d 版，请刷新后再试", e.Present)
	}
	refused := connect.NewError(code, message).WithCause(err)
	detail, err := connectproto.NewErrorDetail(refusal)
	if err != nil {
		return refused
	}
	return refused.WithDetail(detail)
}

// stateMessage is, for example: “待签收”状态不能做“送审”；现在可以：签收、申请退办.
// A move that the state allows and something else forbids is not among them.
func stateMessage(e *casework.StateError) string {
	message := fmt.Sprintf("“%s”状态不能做“%s”", stateLabel(e.State), casework.Verb(e.Move).Label())
	if e.Why != "" {
		message += "（" + e.Why + "）"
	}
	var possible []string
	for _, v := range e.Possible {
		if v != e.Move {
			possible = append(possible, casework.Verb(v).Label())
		}
	}
	if len(possible) == 0 {
		return message + "；已没有可做的操作"
	}
	return message + "；现在可以：" + strings.Join(possible, "、")
}

// stateLabels are what people call the states of proposals and commitments.
var stateLabels = map[string]string{
	string(casework.Received): "待签收", string(casework.ReturnRequested): "退办申请", string(casework.Returned): "已退办",
	string(casework.Accepted): "已签收", string(casework.Drafting): "拟稿", string(casework.Reviewing): "审核",
	string(casework.Signed): "已签发", string(casework.Issued): "已编号", string(casework.Answered): "办复",
	string(casework.Closed): "办结", string(casework.Withdrawn): "撤回",

	string(casework.Noted): "待确认", string(casework.Open): "进行中", string(casework.Done): "已完成待核",
	string(casework.Kept): "已核销", string(casework.Waived): "不列入", string(casework.Dropped): "终止",
}

func stateLabel(s string) string {
	if label, ok := stateLabels[s]; ok {
		return label
	}
	return s
}
