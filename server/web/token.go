package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
)

// tokenField is the field with a form's token.
const tokenField = "token"

// formToken is what a form must carry that is sent in this session. Pages of the
// session alone know it, for it is made of the session's secret. It is empty where
// there is no session.
func (r *request) formToken() string {
	if r.secret == "" {
		return ""
	}
	mac := hmac.New(sha256.New, []byte(r.secret))
	mac.Write([]byte("form"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// misdirected tells of a form that no page of this session made.
func (r *request) misdirected() bool {
	return !hmac.Equal([]byte(r.PostForm.Get(tokenField)), []byte(r.formToken()))
}

// untied are forms that belong to no session: they begin and end them.
var untied = []string{"/sign-in", "/sign-out"}

var postForm = regexp.MustCompile(`<form [^>]*method="post"[^>]*>`)

// withToken puts the session's token into every form of a page that is posted, so
// that no template can leave it out.
func (r *request) withToken(page []byte) []byte {
	token := r.formToken()
	if token == "" {
		return page
	}
	return postForm.ReplaceAll(page, []byte(`$0<input type="hidden" name="`+tokenField+`" value="`+token+`">`))
}
