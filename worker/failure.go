package worker

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"fuyan/postgres"
)

// A kind is a kind of failure.
type kind int

const (
	unknown kind = iota
	interrupted
	unreachable
	broken
	insecure
	putOff
	senderRefused
	recipientRefused
	mailRefused
	unwritable
	unsaved
	offLimits
	gone
	answered
)

// kinds says what the log and people are told of each kind, and for which no
// further try is of use.
var kinds = [...]struct {
	log, people string
	permanent   bool
}{
	unknown:          {"internal error", "系统出错", false},
	interrupted:      {"interrupted", "发送时程序停止", false},
	unreachable:      {"unreachable", "连接不上对方服务器", false},
	broken:           {"no answer", "对方服务器没有及时答复，或中断了连接", false},
	insecure:         {"no agreement on encryption or login", "与对方服务器的加密连接或登录没有成功", false},
	putOff:           {"put off", "对方服务器暂时不收", false},
	senderRefused:    {"sender refused", "邮件服务器不接受发件地址", false},
	recipientRefused: {"recipient refused", "邮件服务器不接受收件地址", true},
	mailRefused:      {"mail refused", "邮件服务器拒收这封邮件", true},
	unwritable:       {"not to be written", "收件或推送地址有误", true},
	unsaved:          {"not kept as a file", "邮件没有存成文件", false},
	offLimits:        {"address off limits", "推送地址在不允许访问的网络中", true},
	gone:             {"gone", "推送地址已停用", true},
	answered:         {"not accepted", "推送地址没有接受", false},
}

// A failure is why something did not go out, in words that may be kept, logged
// and shown: neither the address, which of a webhook is a secret, nor what the
// other side said, which may hold one.
type failure struct {
	kind  kind
	host  string // the other side's, if there is one
	code  int    // that it answered, if it did
	cause error  // within this machine, for the log alone
}

// Error is for the log and the job.
func (f *failure) Error() string {
	words := []string{kinds[f.kind].log}
	if f.host != "" {
		words = append([]string{f.host}, words...)
	}
	if f.code != 0 {
		words = append(words, fmt.Sprint(f.code))
	}
	if f.cause != nil {
		words = append(words, f.cause.Error())
	}
	return strings.Join(words, ": ")
}

// Is lets River see that a job was interrupted, which counts as no attempt.
func (f *failure) Is(target error) bool { return f.kind == interrupted && target == context.Canceled }

// told is an error as the database keeps it and people are shown it.
func told(err error) postgres.Failure {
	f, ok := errors.AsType[*failure](err)
	if !ok {
		f = &failure{}
	}
	k := kinds[f.kind]
	if f.code == 0 {
		return postgres.Failure{Cause: k.people, Permanent: k.permanent}
	}
	return postgres.Failure{Cause: fmt.Sprintf("%s（%d）", k.people, f.code), Permanent: k.permanent}
}
