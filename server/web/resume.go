package web

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"connectrpc.com/connect/v2"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// keptPrefix stands before the names of the fields of a form that waits for its
// sender to sign in.
const keptPrefix = "kept:"

// A keptForm is a form that came when its session was over. Its sender sees it
// again after signing in, and sends it by a press of a button: who signs in may be
// somebody else than who filled it in.
type keptForm struct {
	Action string
	Fields []keptField
	Files  bool // it came with files, which have to be chosen again
}

type keptField struct {
	Name, Value string
	Label       string // as its form says it; empty for what is not typed
}

// unsent is the form of a request that was not carried out.
func (p *pages) unsent(r *request) *keptForm {
	return p.kept(r.URL.RequestURI(), r.PostForm, r.MultipartForm != nil && len(r.MultipartForm.File) > 0)
}

// waiting is the form that waited for the request to sign in; nil for none.
func (p *pages) waiting(r *request) *keptForm {
	action := r.PostForm.Get("kept")
	if action == "" {
		return nil
	}
	values := url.Values{}
	for name, all := range r.PostForm {
		if name, ok := strings.CutPrefix(name, keptPrefix); ok {
			values[name] = all
		}
	}
	return p.kept(localPath(action), values, r.PostForm.Get("files") != "")
}

func (p *pages) kept(action string, values url.Values, files bool) *keptForm {
	out := &keptForm{Action: action, Files: files}
	fields := p.forms[formAt(action)].fields
	for _, name := range slices.Sorted(maps.Keys(values)) {
		secret := slices.ContainsFunc(fields, func(f field) bool { return f.Name == name && f.Kind == "password" })
		if name == tokenField || secret {
			continue
		}
		kept := keptField{Name: name}
		if at := slices.IndexFunc(fields, func(f field) bool { return f.Name == name && f.typed() }); at >= 0 {
			kept.Label = fields[at].Label
		}
		for _, kept.Value = range values[name] {
			out.Fields = append(out.Fields, kept)
		}
	}
	return out
}

// typed tells of a field that what it holds can be read as it is.
func (f field) typed() bool {
	return slices.Contains([]string{"line", "long", "area", "letter", "day", "number"}, f.Kind)
}

// formAt is the RPC of the form that is sent to an address.
func formAt(action string) string {
	action, _, _ = strings.Cut(action, "?")
	switch last := path.Base(action); last {
	case "draft":
		return "SaveDraft"
	case "new", "read":
		return "ReceiveProposal"
	default:
		return last
	}
}

// errMisdirected is the error of a form that no page of the session made: another
// person signed in meanwhile, or the same one again.
var errMisdirected = errors.New("form of another session")

// askAgain answers in place of what needs a session, or another one, and returns
// every other error. A form is kept; a page is led back to.
func (p *pages) askAgain(w http.ResponseWriter, r *request, err error) error {
	switch unknown := connect.CodeOf(err) == connect.CodeUnauthenticated; {
	case errors.Is(err, errMisdirected):
		r.failed = &refusal{Status: http.StatusForbidden}
		return p.sendAgain(w, r, p.unsent(r))
	case unknown && r.Method == http.MethodPost:
		return parsed(p.signInAgain)(w, r)
	case outOfReach(err) && r.Method == http.MethodPost && !slices.Contains(untied, r.URL.Path):
		p.log.WarnContext(r.Context(), "page kept a form", "pattern", r.Pattern, "request", w.Header().Get(requestHeader), "outcome", connect.CodeOf(err))
		return parsed(p.tryAgain)(w, r)
	case unknown:
		http.Redirect(w, r.Request, "/sign-in?next="+url.QueryEscape(cameFrom(r)), http.StatusSeeOther)
		return nil
	}
	return err
}

// signInAgain asks who sent a form to sign in, and keeps the form meanwhile.
func (p *pages) signInAgain(w http.ResponseWriter, r *request) error {
	r.failed = &refusal{Status: http.StatusUnauthorized, Heading: "登录已经过期", Message: "登录以后，可以继续提交刚才填写的内容。"}
	return p.signInPage(w, r, signInPage{Next: cameFrom(r), Failed: r.failed, Kept: p.unsent(r)})
}

// outOfReach tells of an error that it is nobody's fault and may be over soon.
func outOfReach(err error) bool {
	code := connect.CodeOf(err)
	return err != nil && (code == connect.CodeUnavailable || code == connect.CodeDeadlineExceeded)
}

// tryAgain keeps a form that could not be carried out now. Its request_id is kept
// with it, so that what was done after all is not done twice.
func (p *pages) tryAgain(w http.ResponseWriter, r *request) error {
	r.failed = &refusal{Status: http.StatusServiceUnavailable}
	return p.resumePage(w, r, resumePage{keptForm: p.unsent(r), Later: true})
}

// sendAgain shows a form that was not carried out, to be sent again.
func (p *pages) sendAgain(w http.ResponseWriter, r *request, kept *keptForm) error {
	return p.resumePage(w, r, resumePage{keptForm: kept, Sender: r.me})
}

type resumePage struct {
	*keptForm
	Sender *fuyanv1.User
	Later  bool // the service could not be reached
}
