package web

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"time"
)

// An asset is a file that pages load. The hash of its content stands in its
// address, so that browsers may keep it for ever.
type asset struct {
	name, contentType, hash string
	body                    []byte
}

//go:embed style.css
var styleBody []byte

//go:embed script.js
var scriptBody []byte

// The assets: there are no others.
var (
	style  = newAsset("style.css", "text/css; charset=utf-8", styleBody)
	script = newAsset("script.js", "text/javascript; charset=utf-8", scriptBody)
)

func newAsset(name, contentType string, body []byte) asset {
	sum := sha256.Sum256(body)
	return asset{name, contentType, hex.EncodeToString(sum[:8]), body}
}

// address is where pages find the asset.
func (a asset) address() string { return "/assets/" + a.name + "?v=" + a.hash }

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", a.contentType)
	w.Header().Set("ETag", `"`+a.hash+`"`)
	w.Header().Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == a.hash {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(w, r, a.name, time.Time{}, bytes.NewReader(a.body))
}
