package web

import (
	"net/http"
	"net/url"
	"strings"

	"connectrpc.com/connect/v2"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// sessionCookie holds the token of SignIn; what identifies people reads it.
const sessionCookie = "fuyan_session"

type signInPage struct {
	Name, Next string
	Failed     *refusal
	Kept       *keptForm // that waits; nil for none
}

// home leads to what waits for who is signed in, to a proposer's own proposals, or
// to all that there are; to others it shows what is public.
func (p *pages) home(front handler) handler {
	return func(w http.ResponseWriter, r *request) error {
		if r.me == nil {
			return front(w, r)
		}
		to := "/proposals"
		switch {
		case r.is(workers...):
			to = "/work"
		case r.is(fuyanv1.Role_ROLE_DELEGATE):
			to = "/mine"
		}
		http.Redirect(w, r.Request, to, http.StatusSeeOther)
		return nil
	}
}

func (p *pages) signInForm(r *request) (signInPage, error) {
	return signInPage{Name: r.FormValue("name"), Next: localPath(r.FormValue("next")), Failed: r.failed, Kept: p.waiting(r)}, nil
}

// signIn opens a session and gives its token to the browser.
func (p *pages) signIn(again handler) handler {
	return parsed(func(w http.ResponseWriter, r *request) error {
		answer, err := p.accounts.SignIn(r.Context(), &fuyanv1.SignInRequest{
			Name: strings.TrimSpace(r.PostForm.Get("name")), Password: r.PostForm.Get("password"),
		})
		if err != nil {
			return p.signInRefused(w, r, err, again)
		}
		http.SetCookie(w, &http.Cookie{
			Name: sessionCookie, Value: answer.Token, Path: "/", Expires: answer.ExpireTime.AsTime(),
			HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode,
		})
		if kept := p.waiting(r); kept != nil {
			r.me, r.secret = answer.User, answer.Token
			return p.sendAgain(w, r, kept)
		}
		http.Redirect(w, r.Request, localPath(r.PostForm.Get("next")), http.StatusSeeOther)
		return nil
	})
}

// signInRefused shows the sign-in page again. It does not say whether the name
// or the password was wrong.
func (p *pages) signInRefused(w http.ResponseWriter, r *request, err error, again handler) error {
	switch connect.CodeOf(err) {
	case connect.CodeUnauthenticated, connect.CodeInvalidArgument, connect.CodeNotFound, connect.CodePermissionDenied:
		r.failed = &refusal{Status: http.StatusUnauthorized, Heading: "登录名或密码不对"}
	case connect.CodeResourceExhausted:
		r.failed = &refusal{Status: http.StatusTooManyRequests, Heading: refusals[connect.CodeResourceExhausted].heading}
	default:
		return err
	}
	return again(w, r)
}

// signOut ends the session. A session that has ended already is no reason to
// stay.
func (p *pages) signOut(w http.ResponseWriter, r *request) error {
	_, err := p.accounts.SignOut(r.Context(), &fuyanv1.SignOutRequest{})
	if err != nil && connect.CodeOf(err) != connect.CodeUnauthenticated {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Path: "/", MaxAge: -1,
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode,
	})
	http.Redirect(w, r.Request, "/sign-in", http.StatusSeeOther)
	return nil
}

// localPath is next if it leads to a page of this site, and else the first page.
// Browsers read //host and /\host as another site, and leave out tabs and line
// ends before they look; url.Parse refuses those.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.Contains(next, `\`) {
		return "/"
	}
	return next
}
