package server_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"gocloud.dev/blob"
	"gocloud.dev/blob/memblob"
	"google.golang.org/protobuf/proto"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/server"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

// A site is the whole service on a database of its own, with people in it.
type site struct {
	*httptest.Server
	postgrestest.People
	db    *postgres.DB
	tx    pgx.Tx
	files *blob.Bucket
	log   *bytes.Buffer // read it only between calls
}

func newSite(t *testing.T) *site {
	t.Helper()
	tx := postgrestest.Tx(t)
	files := memblob.OpenBucket(nil)
	d, err := postgres.New(tx, postgres.Options{Now: postgrestest.Now, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{People: postgrestest.NewPeople(t, tx), db: d, tx: tx, files: files, log: new(bytes.Buffer)}
	s.Server = httptest.NewServer(server.New(d, server.Options{Log: slog.New(slog.NewTextHandler(s.log, nil))}))
	t.Cleanup(s.Close)
	return s
}

// An answer is what an RPC says over HTTP.
type answer struct {
	Code, Message string
	Details       []struct{ Type, Value string }
	body          []byte
}

// refusal is the detail of an answer, empty where it has none.
func (a answer) refusal(t *testing.T) *fuyanv1.Refusal {
	t.Helper()
	out := new(fuyanv1.Refusal)
	for _, d := range a.Details {
		value, err := base64.RawStdEncoding.DecodeString(d.Value)
		if err == nil && d.Type == "fuyan.v1.Refusal" {
			err = proto.Unmarshal(value, out)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// call makes a call with JSON, as nobody when u has no name. The method is named
// "AccountService/GetMe".
func (s *site) call(t *testing.T, u casework.User, method, body string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/fuyan.v1."+method, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if u.Name != "" {
		req.Header.Set("Authorization", "Bearer "+postgrestest.Token(u))
	}
	return s.do(t, req)
}

func (s *site) do(t *testing.T, req *http.Request) answer {
	t.Helper()
	resp, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{body: body}
	if resp.StatusCode == http.StatusOK {
		return a
	}
	if err := json.Unmarshal(body, &a); err != nil || a.Code == "" {
		t.Fatalf("%s = %s: %s", req.URL.Path, resp.Status, body)
	}
	return a
}

// into reads an answer that must be a success.
func (a answer) into(t *testing.T, v any) {
	t.Helper()
	if a.Code != "" {
		t.Fatalf("refused: %s: %s", a.Code, a.Message)
	}
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatal(err)
	}
}
