package web

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"connectrpc.com/connect/v2"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// A request is what a page function gets.
type request struct {
	*http.Request
	me     *fuyanv1.User // who is signed in; nil for nobody
	secret string        // of their session; empty for none
	unread int32         // how many notices they have not read
	failed *refusal      // the form that was just refused; nil when there is none
	typed  url.Values    // what forms show as typed though nothing was sent off; nil for none
}

// A handler answers a request, or returns an error that becomes a page.
type handler func(w http.ResponseWriter, r *request) error

// frame is what the layout shows around the data of a page.
type frame[T any] struct {
	Me   *fuyanv1.User
	Nav  []navItem
	Done string // what was just done, in words
	Data T
}

type navItem struct {
	Href, Label string
	Count       string // of what waits there; empty for nothing
	Here        bool
}

// render returns what shows data of one kind in the template of this name.
func render[T any](p *pages, name string) func(http.ResponseWriter, *request, T) error {
	t := templateOf(name)
	return func(w http.ResponseWriter, r *request, data T) error {
		f := frame[T]{Me: r.me, Nav: nav(r), Data: data}
		if r.Method == http.MethodGet {
			f.Done = p.forms[r.URL.Query().Get("done")].done
		}
		var out bytes.Buffer
		if err := t.ExecuteTemplate(&out, "layout.html", f); err != nil {
			return err
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.failed != nil {
			w.WriteHeader(r.failed.Status)
		}
		_, err := w.Write(r.withToken(out.Bytes()))
		return err
	}
}

// show returns a handler that answers with what f returns, in the template of
// this name.
func show[T any](p *pages, name string, f func(*request) (T, error)) handler {
	shown := render[T](p, name)
	return func(w http.ResponseWriter, r *request) error {
		data, err := f(r)
		if err != nil {
			return err
		}
		return shown(w, r, data)
	}
}

// do returns a handler that runs f and answers with 303 to where f says. When
// what f tried was refused, the page is shown again with what was typed.
func do(f func(*request) (string, error), again handler) handler {
	return parsed(func(w http.ResponseWriter, r *request) error {
		to, err := f(r)
		if refused, ok := errors.AsType[*refusal](err); ok {
			r.failed = refused
			return again(w, r)
		}
		if err != nil {
			return err
		}
		http.Redirect(w, r.Request, to, http.StatusSeeOther)
		return nil
	})
}

// parsed returns h for requests whose form was read whole, and removes the files
// that it brought when the page is done. A form that no page of the session made
// is shown first. Browsers send line ends
// as CR LF; letters are counted and kept with LF. ParseForm goes first: of a form
// that is not multipart, ParseMultipartForm hides what went wrong.
func parsed(h handler) handler {
	return func(w http.ResponseWriter, r *request) error {
		if r.ContentLength > bodyLimit(r.Request) { // no need to read that far
			return unreadable(&http.MaxBytesError{Limit: bodyLimit(r.Request)})
		}
		if err := r.ParseForm(); err != nil {
			return unreadable(err)
		}
		if err := r.ParseMultipartForm(maxBody); err != nil && !errors.Is(err, http.ErrNotMultipart) {
			return unreadable(err)
		}
		if r.MultipartForm != nil { // net/http would remove those of the request that it made, which this is a copy of
			defer func() { _ = r.MultipartForm.RemoveAll() }()
		}
		for _, values := range r.PostForm {
			for i, v := range values {
				values[i] = strings.ReplaceAll(v, "\r\n", "\n")
			}
		}
		if r.me != nil && r.misdirected() && !slices.Contains(untied, r.URL.Path) {
			return errMisdirected
		}
		return h(w, r)
	}
}

// values are what forms show as typed.
func (r *request) values() url.Values {
	if r.failed != nil {
		return r.PostForm
	}
	return r.typed
}

// An upload is a file that was chosen in a form.
type upload struct{ *multipart.FileHeader }

// upload is the file chosen in a field; nil for none.
func (r *request) upload(name string) *upload {
	if r.MultipartForm == nil {
		return nil
	}
	for _, f := range r.MultipartForm.File[name] {
		if f.Filename != "" {
			return &upload{f}
		}
	}
	return nil
}

func (u *upload) read() ([]byte, error) {
	f, err := u.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// id is the number in the address.
func (r *request) id() (int64, error) {
	n, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || n <= 0 {
		return 0, errNoPage
	}
	return n, nil
}

// is tells whether the person who is signed in has one of these roles. It only
// decides what is offered: what is allowed the RPCs decide.
func (r *request) is(roles ...fuyanv1.Role) bool {
	for _, have := range r.me.GetRoles() {
		for _, want := range roles {
			if have == want {
				return true
			}
		}
	}
	return false
}

// dayPages stand behind one entry of the navigation.
var dayPages = []string{"/due", "/calendar", "/calendar/preview", "/rules", "/rules/preview"}

func nav(r *request) []navItem {
	if r.me == nil {
		return hereIn([]navItem{{Href: "/replies", Label: "公开答复"}, {Href: "/replies/years", Label: "按年浏览"}}, r)
	}
	var items []navItem
	if r.is(workers...) {
		items = append(items, navItem{Href: "/work", Label: "我的工作"})
	}
	items = append(items, []navItem{{Href: "/proposals", Label: "提案建议"}, {Href: "/commitments", Label: "承诺事项"}, {Href: "/due", Label: "期限"}, {Href: "/notices", Label: "通知", Count: counted(r.unread)}}...)
	if r.is(boardRoles...) {
		items = append(items, navItem{Href: "/board", Label: "督办台"})
	}
	if r.is(counters...) {
		items = append(items, navItem{Href: "/figures", Label: "统计"})
	}
	if r.is(fuyanv1.Role_ROLE_DELEGATE) {
		items = append(items, navItem{Href: "/mine", Label: "我的提案建议"})
	}
	if r.is(fuyanv1.Role_ROLE_OFFICE, fuyanv1.Role_ROLE_SUPERVISOR) {
		items = append(items, navItem{Href: "/proposals/new", Label: "收件登记"})
	}
	if r.is(fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_SUPERVISOR, fuyanv1.Role_ROLE_OFFICE) {
		items = append(items, navItem{Href: "/terms", Label: "换届"})
	}
	if r.is(fuyanv1.Role_ROLE_ADMIN) {
		items = append(items, navItem{Href: "/users", Label: "用户"}, navItem{Href: "/jobs", Label: "任务"})
	}
	if r.is(fuyanv1.Role_ROLE_ADMIN, fuyanv1.Role_ROLE_OFFICE) {
		items = append(items, navItem{Href: "/organs", Label: "单位"})
	}
	items = append(items, navItem{Href: "/replies", Label: "公开答复"})
	return hereIn(items, r)
}

// hereIn marks the item of the navigation that the page is under.
func hereIn(items []navItem, r *request) []navItem {
	here := -1
	for i, item := range items {
		if item.Href == "/proposals/new" && (r.URL.Path == "/imports" || r.URL.Path == "/letters/read" || strings.HasPrefix(r.URL.Path, "/imports/")) || item.Href == "/due" && slices.Contains(dayPages, r.URL.Path) || r.URL.Path == item.Href || strings.HasPrefix(r.URL.Path, item.Href+"/") {
			here = i // the last one is the nearest: /proposals/new after /proposals
		}
	}
	if here >= 0 {
		items[here].Here = true
	}
	return items
}

// counted is a number of what waits, nothing for none; the service counts to a
// hundred.
func counted(n int32) string {
	switch {
	case n == 0:
		return ""
	case n > 99:
		return "99+"
	}
	return strconv.Itoa(int(n))
}

// open serves people signed in or not.
func (p *pages) open(h handler) http.Handler {
	return p.identified(func(w http.ResponseWriter, r *request, err error) error {
		if err != nil && connect.CodeOf(err) != connect.CodeUnauthenticated {
			return err
		}
		return h(w, r)
	})
}

// signedIn serves people who are signed in and sends others to the sign-in page. A
// form that they sent is kept for them.
func (p *pages) signedIn(h handler) http.Handler {
	return p.identified(func(w http.ResponseWriter, r *request, err error) error {
		if err != nil {
			return err
		}
		return h(w, r)
	})
}

// identified asks who is signed in, tells h, and shows the error that h returns.
func (p *pages) identified(h func(http.ResponseWriter, *request, error) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		me, err := p.accounts.GetMe(hr.Context(), &fuyanv1.GetMeRequest{})
		r := &request{Request: hr, me: me.GetUser(), unread: me.GetUnreadNotices()}
		if cookie, err := hr.Cookie(sessionCookie); err == nil {
			r.secret = cookie.Value
		}
		if err := p.askAgain(w, r, h(w, r, err)); err != nil {
			p.showError(w, r, err)
		}
	})
}
