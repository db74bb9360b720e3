package server_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"fuyan/postgres/postgrestest"
)

// TestCompression compresses what is larger than a packet, for who can read it.
func TestCompression(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, tt := range []struct {
		method, accept, want string
	}{
		{"AccountService/GetMe", "gzip", ""}, // a small answer
		{"AccountService/ListUsers", "gzip", "gzip"},
		{"AccountService/ListUsers", "identity", ""},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/fuyan.v1."+tt.method, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept-Encoding", tt.accept)
		req.Header.Set("Authorization", "Bearer "+postgrestest.Token(s.Admin))
		resp, err := s.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body := io.Reader(resp.Body)
		if got := resp.Header.Get("Content-Encoding"); got != tt.want {
			t.Errorf("%s to who takes %s is encoded as %q, want %q", tt.method, tt.accept, got, tt.want)
		} else if got == "gzip" {
			if body, err = gzip.NewReader(resp.Body); err != nil {
				t.Fatal(err)
			}
		}
		text, err := io.ReadAll(body)
		if err != nil || !strings.Contains(string(text), s.Admin.Name) {
			t.Errorf("%s says %.60q: %v", tt.method, text, err)
		}
		_ = resp.Body.Close()
	}
}
