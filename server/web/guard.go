package web

import (
	"net/http"
	"slices"
	"strings"
)

// policy lets a page load its one stylesheet and its one script, talk to this
// server, and nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guarded returns h behind what holds for every page: forms of other sites are
// refused, bodies are bounded, and browsers are told to be strict.
func (p *pages) guarded(h http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(p.open(func(w http.ResponseWriter, r *request) error {
		r.failed = &refusal{Status: http.StatusForbidden}
		return p.errors(w, r, errorPage{Title: "已拒绝", Text: "这份表单来自别的网站。请在本站页面上重新填写。"})
	}))
	h = cross.Handler(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit(r))
		h.ServeHTTP(w, r)
	})
}

func bodyLimit(r *http.Request) int64 {
	if slices.Contains([]string{"/letters/read", "/proposals/new", "/sign-in", "/imports"}, r.URL.Path) {
		return maxLetter
	}
	if strings.HasPrefix(r.URL.Path, "/commitments/") {
		return maxFiles
	}
	return maxBody
}
