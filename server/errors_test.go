package server_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connectproto"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
	"google.golang.org/protobuf/testing/protocmp"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/server"
)

// report returns what a caller is told of err, and the log.
func report(t *testing.T, f connect.ServerFunc) (*connect.Error, string) {
	t.Helper()
	var log bytes.Buffer
	err := server.ReportErrors(slog.New(slog.NewTextHandler(&log, nil)))(server.RecoverPanics(f))(t.Context(), connect.Spec{Procedure: "/p"}, nil)
	e, ok := errors.AsType[*connect.Error](err)
	if !ok {
		t.Fatalf("%v is no connect error", err)
	}
	return e, log.String()
}

func returning(err error) connect.ServerFunc {
	return func(context.Context, connect.Spec, connect.ServerStream) error { return err }
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err     error
		code    connect.Code
		message string
		detail  *fuyanv1.Refusal
	}{
		{casework.ErrNotFound, connect.CodeNotFound, "未找到，或无权查看", &fuyanv1.Refusal{Reason: fuyanv1.Reason_REASON_NOT_FOUND}},
		{casework.ErrInvalid, connect.CodeInvalidArgument, "内容有误", &fuyanv1.Refusal{Reason: fuyanv1.Reason_REASON_INVALID}},
		{casework.ErrNotAllowed, connect.CodeFailedPrecondition, "当前状态不允许此操作", &fuyanv1.Refusal{Reason: fuyanv1.Reason_REASON_NOT_ALLOWED}},
		{casework.ErrForbidden, connect.CodePermissionDenied, "无权执行此操作", &fuyanv1.Refusal{Reason: fuyanv1.Reason_REASON_FORBIDDEN}},
		{casework.ErrConflict, connect.CodeAlreadyExists, "已经存在", &fuyanv1.Refusal{Reason: fuyanv1.Reason_REASON_CONFLICT}},
		{casework.ErrStale, connect.CodeAborted, "已被他人修改，请刷新后再试", &fuyanv1.Refusal{Reason: fuyanv1.Reason_REASON_STALE}},
		{
			casework.ErrUnauthenticated, connect.CodeUnauthenticated, "未登录，或者登录名、密码有误",
			&fuyanv1.Refusal{Reason: fuyanv1.Reason_REASON_UNAUTHENTICATED},
		},
		{
			casework.Invalid("due", "应晚于 %s", "2026-03-02"), connect.CodeInvalidArgument, "字段 due：应晚于 2026-03-02",
			&fuyanv1.Refusal{Reason: fuyanv1.Reason_REASON_INVALID, Field: "due"},
		},
		{
			&casework.StaleError{Present: 5}, connect.CodeAborted, "已被他人修改，现在是第 5 版，请刷新后再试",
			&fuyanv1.Refusal{Reason: fuyanv1.Reason_REASON_STALE, PresentVersion: 5},
		},
		{
			&casework.StateError{Move: "submit", State: "received", Possible: []string{"accept", "request_return"}},
			connect.CodeFailedPrecondition, "“待签收”状态不能做“送审”；现在可以：签收、申请退办",
			&fuyanv1.Refusal{Reason: fuyanv1.Reason_REASON_NOT_ALLOWED, State: "received", Possible: []string{"accept", "request_return"}},
		},
		{
			&casework.StateError{Move: "issue", State: "signed", Possible: []string{"issue", "send_back"}, Why: "复文有差错", Field: "override_reason"},
			connect.CodeFailedPrecondition, "“已签发”状态不能做“编号印发”（复文有差错）；现在可以：退回修改",
			&fuyanv1.Refusal{Reason: fuyanv1.Reason_REASON_NOT_ALLOWED, State: "signed", Possible: []string{"issue", "send_back"}, Field: "override_reason"},
		},
		{
			&casework.StateError{Move: "urge", State: "dropped", Why: "已经终止"},
			connect.CodeFailedPrecondition, "“终止”状态不能做“催办”（已经终止）；已没有可做的操作",
			&fuyanv1.Refusal{Reason: fuyanv1.Reason_REASON_NOT_ALLOWED, State: "dropped"},
		},
	} {
		for _, err := range []error{test.err, fmt.Errorf("wrapped with secret: %w", test.err)} {
			got, log := report(t, returning(err))
			if got.Code() != test.code || got.Message() != test.message {
				t.Errorf("%v is reported as %v %q, want %v %q", err, got.Code(), got.Message(), test.code, test.message)
			}
			if len(got.Details()) != 1 {
				t.Fatalf("%v has %d details", err, len(got.Details()))
			}
			detail, _ := connectproto.UnmarshalErrorDetail(got.Details()[0])
			if diff := cmp.Diff(test.detail, detail, protocmp.Transform()); diff != "" {
				t.Errorf("the detail of %v: %s", err, diff)
			}
			if log != "" {
				t.Errorf("a refusal is logged as a failure: %s", log)
			}
		}
	}
}

func TestUnknownErrorsLeakNothing(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]connect.ServerFunc{
		"plain":    returning(errors.New("secret")),
		"internal": returning(connect.NewError(connect.CodeInternal, "secret")),
		"remote":   returning(connect.NewError(connect.CodeNotFound, "secret").WithRemote()),
		"panic":    func(context.Context, connect.Spec, connect.ServerStream) error { panic("secret") },
	} {
		got, log := report(t, f)
		if got.Code() != connect.CodeInternal || got.Message() != "internal error" || len(got.Details()) > 0 {
			t.Errorf("%s: told %v %q", name, got.Code(), got.Message())
		}
		if n := strings.Count(log, "level=ERROR"); n != 1 || !strings.Contains(log, "secret") {
			t.Errorf("%s: logged %d times: %s", name, n, log)
		}
	}
}

// TestDatabaseOutOfReach: what nobody can mend who calls has a sentence and a code
// that says to call again, and is logged with its cause.
func TestDatabaseOutOfReach(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		says string
	}{
		{&pgconn.ConnectError{}, "暂时无法访问"},
		{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, "暂时无法访问"},
		{io.ErrUnexpectedEOF, "暂时无法访问"},
		{&pgconn.PgError{Code: "57P01"}, "暂时无法访问"},
		{&pgconn.PgError{Code: "53300"}, "暂时无法访问"},
		{&pgconn.PgError{Code: "25006"}, "暂时无法访问"},
		{&pgconn.PgError{Code: "08006"}, "暂时无法访问"},
		{&pgconn.PgError{Code: "53100"}, "存储空间不足"},
	} {
		got, log := report(t, returning(fmt.Errorf("secret: %w", test.err)))
		if got.Code() != connect.CodeUnavailable || !strings.Contains(got.Message(), test.says) || strings.Contains(got.Message(), "secret") {
			t.Errorf("%v is reported as %v %q", test.err, got.Code(), got.Message())
		}
		if !strings.Contains(log, "level=ERROR") || !strings.Contains(log, "secret") {
			t.Errorf("%v is logged as %q", test.err, log)
		}
	}
	if got, _ := report(t, returning(&pgconn.PgError{Code: "42703"})); got.Code() != connect.CodeInternal {
		t.Errorf("a wrong statement is reported as %v", got.Code())
	}
}

func TestCodesThatStay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		code connect.Code
	}{
		{fmt.Errorf("query: %w", context.Canceled), connect.CodeCanceled},
		{fmt.Errorf("query: %w", context.DeadlineExceeded), connect.CodeDeadlineExceeded},
		{connect.NewError(connect.CodeResourceExhausted, "too large"), connect.CodeResourceExhausted},
		{connect.NewError(connect.CodeInvalidArgument, "no JSON"), connect.CodeInvalidArgument},
	} {
		if got, log := report(t, returning(test.err)); got.Code() != test.code || log != "" {
			t.Errorf("%v is reported as %v, want %v; logged: %q", test.err, got.Code(), test.code, log)
		}
	}
}

func TestEveryStateHasALabel(t *testing.T) {
	t.Parallel()
	var all []string
	for _, s := range casework.States {
		all = append(all, string(s))
	}
	for _, s := range casework.CommitmentStates {
		all = append(all, string(s))
	}
	for _, s := range all {
		if server.States[s] == "" {
			t.Errorf("state %s has no label", s)
		}
	}
	if len(server.States) != len(slices.Compact(all)) {
		t.Errorf("%d labels for %d states", len(server.States), len(all))
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	digest := func(name, password string) []byte {
		return server.DigestOf(&fuyanv1.CreateUserRequest{RequestId: "r", Name: name, Password: password})
	}
	if bytes.Equal(digest("a", "p"), digest("b", "p")) {
		t.Error("two requests have one digest")
	}
	if !bytes.Equal(digest("a", "p"), digest("a", "q")) {
		t.Error("the digest tells of the password")
	}
	accept, submit := &fuyanv1.AcceptProposalRequest{ProposalId: 1}, &fuyanv1.SubmitReplyRequest{ProposalId: 1}
	if bytes.Equal(server.DigestOf(accept), server.DigestOf(submit)) {
		t.Error("two procedures have one digest")
	}
}
