package embedded_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fuyan/postgres/embedded"
)

// nowhere has no binaries and cannot fetch any.
func nowhere(t *testing.T, dir string) embedded.Options {
	t.Helper()
	empty := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(empty.Close)
	return embedded.Options{Dir: dir}.Searching("no-such-program", nil, empty.URL)
}

func TestNothingInstalled(t *testing.T) {
	t.Parallel()
	_, err := embedded.Start(t.Context(), nowhere(t, folder(t)))
	if err == nil {
		t.Fatal("Start without binaries succeeded")
	}
	for _, want := range []string{"no Postgres is installed here", "cannot be fetched", "install it with: "} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("Start: %v, want it to say %q", err, want)
		}
	}
}

func TestDataOfAnotherMajorVersion(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	cluster := filepath.Join(dir, "postgres")
	if err := os.MkdirAll(cluster, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cluster, "PG_VERSION"), []byte("9.6\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := embedded.Start(t.Context(), embedded.Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "the data is of Postgres 9, which is not installed here (only ") {
		t.Errorf("Start on data of 9.6: %v", err)
	}
}

// TestChoiceOfVersion offers binaries that only say who they are.
func TestChoiceOfVersion(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	for version, places := range map[string]string{"9.6.24": "9.6", "15.1": "15", "16.2": "16"} {
		bin := filepath.Join(dir, places, "bin")
		if err := os.MkdirAll(bin, 0o755); err != nil {
			t.Fatal(err)
		}
		script := "#!/bin/sh\necho '(PostgreSQL) " + version + "'; [ $# = 1 ]\n"
		for _, name := range []string{"initdb", "postgres"} {
			writeProgram(t, filepath.Join(bin, name), []byte(script))
		}
	}
	opts := embedded.Options{Dir: filepath.Join(dir, "data")}.
		Searching("no-such-program", []string{filepath.Join(dir, "*", "bin")}, "http://localhost:0")

	_, err := embedded.Start(t.Context(), opts)
	if err == nil || !strings.HasSuffix(err.Error(), "make the cluster: exit status 1\n(PostgreSQL) 16.2\n") {
		t.Errorf("Start of a new cluster: %v, want the newest binaries used", err)
	}

	cluster := filepath.Join(opts.Dir, "postgres")
	if err := os.Mkdir(cluster, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cluster, "PG_VERSION"), []byte("15\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = embedded.Start(t.Context(), opts)
	if err == nil || !strings.HasSuffix(err.Error(), "the server ended, its log says:\n(PostgreSQL) 15.1\n") {
		t.Errorf("Start of a cluster of 15: %v, want the binaries of 15 used", err)
	}
}

// archive is a tar of bin/initdb, which says "the fetched initdb ran" and fails,
// bin/postgres, which says it is version 18.3, and bin/pg_ctl; packed with xz.
const archive = `
/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AMZdADEaShsO1TDyWxuE7yh9tnRTrysNXAd6pn59Hpw24ECP5rkUguLgj9gZAeij
F7alli5c/t6UEedtiVDVJ6X/tOa0DmR/q4S/2EtFzQIWwAKPQ0zVnq7zxUITgDzleFGA4jYWOR8pX9zl/D4D37WugenOTMuCKqr7
bh8MXm00bLjWngcdQQ+EwYqsPnMQB75LpWQyB163rmmiJRVUqr3FnpSWWppT9MgZKK34onUf/+HYQ4uEZ4wqLZ+SaqIn831EXfyW
/l7dAAAAAH56q4RUOUY2AAHiAYBQAABv31wkscRn+wIAAAAABFla
`

// TestFetched is not parallel: see writeProgram.
func TestFetched(t *testing.T) {
	jar := pack(t)
	sum := sha256.Sum256(jar)
	repository := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".sha256") {
			_, _ = w.Write([]byte(hex.EncodeToString(sum[:])))
			return
		}
		_, _ = w.Write(jar)
	}))
	t.Cleanup(repository.Close)
	dir := folder(t)
	_, err := embedded.Start(t.Context(), embedded.Options{Dir: dir}.Searching("no-such-program", nil, repository.URL))
	if err == nil || !strings.Contains(err.Error(), "the fetched initdb ran") {
		t.Fatalf("Start with fetched binaries: %v", err)
	}
	_, err = embedded.Start(t.Context(), nowhere(t, dir))
	if err == nil || !strings.Contains(err.Error(), "the fetched initdb ran") {
		t.Errorf("Start with binaries fetched before: %v", err)
	}
}

// pack puts the archive into a jar, as it is offered for download.
func pack(t *testing.T) []byte {
	t.Helper()
	txz, err := base64.StdEncoding.DecodeString(archive)
	if err != nil {
		t.Fatal(err)
	}
	var jar bytes.Buffer
	z := zip.NewWriter(&jar)
	file, err := z.Create("postgres.txz")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(txz); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return jar.Bytes()
}
