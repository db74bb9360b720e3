package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connectproto"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

var errNoPage = connect.NewError(connect.CodeNotFound, "no such page")

// A refusal is why a form did not go through: something that the person in
// front of it can mend.
type refusal struct {
	Form    string // which form of the page it was
	Status  int
	Heading string // what it means here
	Message string // what the RPC said
	Field   string // the field that is wrong; empty for none
	cause   error
}

// Error is what the RPC said, with its code.
func (r *refusal) Error() string { return r.cause.Error() }

// Unwrap returns the RPC's error.
func (r *refusal) Unwrap() error { return r.cause }

// concerns tells whether a field of this name, or a part of it, is what is wrong.
func (r *refusal) concerns(name string) bool {
	rest, ok := strings.CutPrefix(r.Field, name)
	return ok && (rest == "" || rest[0] == '[' || rest[0] == '.')
}

// plain is what the RPC said without the name that its field has there.
func (r *refusal) plain() string { return strings.TrimPrefix(r.Message, "字段 "+r.Field+"：") }

// named is the refusal with the field called by its label.
func (r *refusal) named(label string) *refusal {
	out := *r
	if out.Message = r.plain(); label != "" && out.Message != r.Message {
		out.Message = label + "：" + out.Message
	}
	return &out
}

// refusals are the codes that are shown above the form. The others become a
// page of their own.
var refusals = map[connect.Code]struct {
	status  int
	heading string
}{
	connect.CodeInvalidArgument:    {http.StatusBadRequest, "有一处需要改正"},
	connect.CodeFailedPrecondition: {http.StatusConflict, "现在不能这样办"},
	connect.CodeAlreadyExists:      {http.StatusConflict, "已经有了"},
	connect.CodeAborted:            {http.StatusConflict, "在您填写的时候，别人改动过。下面是现在的情况，请核对后再提交"},
	connect.CodeResourceExhausted:  {http.StatusTooManyRequests, "尝试过多，请稍后再试"},
}

// refuse makes err the refusal of a form, if it is one.
func refuse(form string, err error) error {
	if err == nil {
		return nil
	}
	as, ok := refusals[connect.CodeOf(err)]
	if !ok {
		return err
	}
	r := &refusal{Form: form, Status: as.status, Heading: as.heading, cause: err}
	if e, ok := errors.AsType[*connect.Error](err); ok {
		r.Message = e.Message()
		r.Field = fieldOf(e)
	}
	return r
}

// fieldOf is the field that the detail of an error names.
func fieldOf(e *connect.Error) string {
	for _, d := range e.Details() {
		m, err := connectproto.UnmarshalErrorDetail(d)
		if err != nil {
			continue
		}
		if detail, ok := m.(*fuyanv1.Refusal); ok {
			return detail.Field
		}
	}
	return ""
}

// unreadable is the error of a form that could not be read.
func unreadable(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return connect.NewError(connect.CodeOutOfRange, "form too large").WithCause(err)
	}
	return connect.NewError(connect.CodeInvalidArgument, "form not readable").WithCause(err)
}

// An errorPage says in words what went wrong and what to do.
type errorPage struct {
	Status              int
	Title, Text, Detail string
	Request             string // its id, by which the log says why; empty where it need not
}

// requestHeader holds the id of a request, which what stands before the pages has
// given it.
const requestHeader = "X-Request-Id"

var errorPages = map[connect.Code]errorPage{
	connect.CodeNotFound:         {Status: http.StatusNotFound, Title: "没有找到", Text: "没有这一页，或者您看不到它。"},
	connect.CodePermissionDenied: {Status: http.StatusForbidden, Title: "没有权限", Text: "您的角色不能看这一页或办这件事。需要时请与管理员联系。"},
	connect.CodeInvalidArgument:  {Status: http.StatusBadRequest, Title: "地址或内容有误", Text: "请返回上一页检查。"},
	connect.CodeOutOfRange:       {Status: http.StatusRequestEntityTooLarge, Title: "内容过长", Text: "一次最多提交 1 MiB，带复文的最多 24 MiB，带附件的最多 60 MB（每个附件最多 20 MB），请返回上一页缩短内容。"},
	connect.CodeDeadlineExceeded: {Status: http.StatusGatewayTimeout, Title: "用时过长", Text: "没有在规定的时间内办完，不一定已经办成。请先核对，再试一次。"},
	connect.CodeUnavailable:      {Status: http.StatusServiceUnavailable, Title: "暂时无法访问", Text: "系统繁忙或正在恢复。请稍等片刻，核对后再试。"},
}

var brokenPage = errorPage{Status: http.StatusInternalServerError, Title: "出了问题", Text: "没有办成，原因已记录。请稍后再试。"}

// showError answers with the page of an error.
func (p *pages) showError(w http.ResponseWriter, r *request, err error) {
	code := connect.CodeOf(err)
	page, known := errorPages[code]
	if as, ok := refusals[code]; ok && !known {
		page, known = errorPage{Status: as.status, Title: as.heading, Text: "请返回上一页。"}, true
	}
	if !known {
		page = brokenPage
		page.Request = w.Header().Get(requestHeader)
		p.logFailure(w, r, err)
	}
	r.failed = &refusal{Status: page.Status, cause: err}
	if err := p.errors(w, r, page); err != nil {
		http.Error(w, brokenPage.Text, http.StatusInternalServerError)
	}
}

// logFailure logs an error of the page itself. An RPC has logged its own.
func (p *pages) logFailure(w http.ResponseWriter, r *request, err error) {
	if _, told := errors.AsType[*connect.Error](err); !told {
		p.log.ErrorContext(r.Context(), "page failed", "pattern", r.Pattern, "request", w.Header().Get(requestHeader), "error", err)
	}
}

// cameFrom is the page to come back to: the one asked for, or the one whose form
// was sent.
func cameFrom(r *request) string {
	if r.Method == http.MethodGet {
		return r.URL.RequestURI()
	}
	if u, err := url.Parse(r.Referer()); err == nil && u.Host == r.Host {
		return u.RequestURI()
	}
	return "/"
}
