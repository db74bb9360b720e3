package web

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"time"
)

//go:embed style.css
var style []byte

// styleHash names the stylesheet's content in its address, so that browsers may
// keep it for ever.
var styleHash = func() string {
	sum := sha256.Sum256(style)
	return hex.EncodeToString(sum[:8])
}()

// styleAddress is where pages find the stylesheet.
func styleAddress() string { return "/assets/style.css?v=" + styleHash }

func serveStyle(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("ETag", `"`+styleHash+`"`)
	w.Header().Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == styleHash {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(w, r, "style.css", time.Time{}, bytes.NewReader(style))
}
