package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fuyan/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

// TestUsage gives what was typed, and words of the answer.
func TestUsage(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"nonsense":                               `unknown command "nonsense"`,
		"--nonsense":                             "not defined: -nonsense",
		"serve again":                            `takes no argument "again"`,
		"read --listen x FILE":                   "fuyan read has no flag --listen",
		"read":                                   "at least one file",
		"--log-format xml verify":                "text or json",
		"work --smtp-url smtp://mail.example.cn": "--smtp-url needs --mail-from",
		"--smtp-url smtp://mail.example.cn":      "--smtp-url needs --mail-from",
		"work --smtp-url http://mail.example.cn --mail-from x@y.cn": "want smtp://",
		"work --webhook-networks 10.0.0.0":                          `--webhook-networks "10.0.0.0": want networks`,
		"serve --webhook-networks 10.0.0.0/8":                       "fuyan serve has no flag --webhook-networks",
		"serve --trusted-proxies 10.0.0.0":                          `--trusted-proxies "10.0.0.0": want networks`,
		"serve --rate many":                                         `invalid value "many" for flag -rate`,
		"work --rate 7":                                             "fuyan work has no flag --rate",
		"serve --rate -1":                                           "--rate -1: want 0 or more",
		"work --files /srv/files":                                   `--files "/srv/files": want file:///FOLDER or s3://`,
		"work --files mem://":                                       "want file:///FOLDER",
		"work --files file://srv/files":                             "want file:///FOLDER",
		"work --files s3://":                                        "--files",
		"migrate --files s3://x":                                    "fuyan migrate has no flag --files",
		"serve --read-database-url postgres://a/b":                  "--read-database-url needs --database-url",
		"serve --database-url postgres://localhost:x/y":             "--database-url: ",
		"work --read-database-url postgres://a/b":                   "fuyan work has no flag --read-database-url",
		"serve --poll-jobs":                                         "fuyan serve has no flag --poll-jobs",
		"user":                                                      "want: fuyan user add",
		"user add me":                                               "--role",
		"user add me --role king":                                   "[admin office",
		"due":                                                       "--rule is missing",
		"due --rule REPLY":                                          `--kind "": want cppcc_proposal`,
		"due --rule REPLY --kind npc_suggestion --from 2026-02-30": `--from "2026-02-30": want a day`,
		"due --rule REPLY --kind 提案 --from 2026-02-28 --mode lax":  `--mode "lax": want strict or rollover`,
		"calendar":                     "want: fuyan calendar import FILE",
		"calendar import":              "want: fuyan calendar import FILE",
		"calendar import --years x -":  `--years "x": want years`,
		"bench --proposals x":          `--proposals "x": want numbers from 1000`,
		"bench --proposals 1000,":      `--proposals "1000,": want numbers from 1000`,
		"bench --proposals 10":         "such as 1000,100000",
		"verify --proposals 1000":      "fuyan verify has no flag --proposals",
		"help nonsense":                `no help for "nonsense"`,
		"user add x --role admin -- y": "want: fuyan user add",
	} {
		err := run(t.Context(), strings.Fields(typed), strings.NewReader(""), &strings.Builder{})
		if _, ok := errors.AsType[usageError](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("fuyan %s: %v, want a usage error with %q", typed, err, want)
		}
	}
}

// TestOnlyServersReadFromAStandby, though all share the environment that names one.
func TestOnlyServersReadFromAStandby(t *testing.T) {
	const url = "postgres://standby/fuyan"
	t.Setenv("FUYAN_READ_DATABASE_URL", url)
	for name, want := range map[string]string{"": url, "serve": url, "work": "", "migrate": "", "verify": ""} {
		in, err := parse(nil)
		must(t, err)
		must(t, in.check(find(name)))
		if in.readDatabaseURL != want {
			t.Errorf("fuyan %s reads from %q, want %q", name, in.readDatabaseURL, want)
		}
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"help":          "fuyan verify",
		"--help":        "--database-url",
		"help user":     "--display-name",
		"user --help":   "add NAME",
		"--help read":   "- is the standard input",
		"migrate -h":    "usage: fuyan migrate [flags]",
		"user add -h":   "--role",
		"help due":      "--mode MODE",
		"calendar -h":   "--preview",
		"help serve -h": "--listen",
	} {
		var out strings.Builder
		if err := run(t.Context(), strings.Fields(typed), nil, &out); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("fuyan %s: %v, want %q in\n%s", typed, err, want, out.String())
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(file, []byte("某试提复〔2026〕7号\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err := run(t.Context(), []string{"read", file, "missing.txt", "-"}, strings.NewReader("某试提复〔2026〕8号\n"), &out)
	if err == nil || !strings.Contains(err.Error(), "missing.txt") {
		t.Errorf("error %v, want one that names missing.txt", err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "〔2026〕7号") || !strings.Contains(lines[1], "〔2026〕8号") {
		t.Errorf("printed\n%s", out.String())
	}
}

// TestReadNamesWrongFiles reads the right ones among wrong ones.
func TestReadNamesWrongFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	args := []string{"read", dir}
	for name, data := range map[string]string{
		"a.pdf": "%PDF-1.7", "b.docx": "PK\x03\x04", "c.txt": "caf\xe9 ", "d.txt": "",
		"right.html": "<html><body><p>某试提复〔2026〕7号</p>", "right.txt": "\xc4\xb3\xca\xd4\xcc\xe1\xb8\xb4\xa1\xb2 2026\xa1\xb3 8\xba\xc5\n",
	} {
		args = append(args, filepath.Join(dir, name))
		if err := os.WriteFile(args[len(args)-1], []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	err := run(t.Context(), append(args, "-"), strings.NewReader("<p>某试提复〔2026〕9号"), &out)
	if err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(err.Error(), "\n")
	for name, want := range map[string]string{
		".": "is a folder", "a.pdf": "is a PDF", "b.docx": "is a damaged .docx", "c.txt": "in neither UTF-8 nor GB18030", "d.txt": "has no text",
	} {
		file := filepath.Join(dir, name)
		if !slices.ContainsFunc(lines, func(l string) bool {
			return strings.HasPrefix(l, file+" ") && strings.Contains(l, want) && strings.Contains(l, "; want ")
		}) {
			t.Errorf("error lacks %s %s:\n%v", file, want, err)
		}
	}
	if len(lines) != 5 || strings.Count(out.String(), "\n") != 3 {
		t.Errorf("%d errors and these answers:\n%s", len(lines), out.String())
	}
	for _, want := range []string{"〔2026〕7号", "〔2026〕8号", "〔2026〕9号"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s was not read:\n%s", want, out.String())
		}
	}
}

// TestNamedDatabase does on a named database what a person would: the first
// account, the demo data refused, the check of the history.
func TestNamedDatabase(t *testing.T) {
	t.Parallel()
	database := newURL(t)
	for _, step := range []struct{ typed, stdin, want, fails string }{
		{"verify", "", "0 proposals", ""},
		{"user add --role admin me", "short\n", "", "至少10个字符"},
		{"user add --role admin,office --organ 市政协提案办 me", "long enough\n", "made the account me", ""},
		{"user add --role admin me", "long enough\n", "", "me"},
		{"user add --role office --organ nowhere you", "long enough\n", "", `no organ is called "nowhere"`},
		{"seed", "", "", "has accounts"},
	} {
		var out strings.Builder
		err := run(t.Context(), append(strings.Fields(step.typed), "--database-url", database), strings.NewReader(step.stdin), &out)
		if (err != nil) != (step.fails != "") || err != nil && !strings.Contains(err.Error(), step.fails) {
			t.Errorf("fuyan %s: %v, want %q", step.typed, err, step.fails)
		}
		if !strings.Contains(out.String(), step.want) {
			t.Errorf("fuyan %s printed %q, want %q", step.typed, out.String(), step.want)
		}
	}
}

// newURL names a migrated database of the test's own.
func newURL(t *testing.T) string {
	t.Helper()
	config := postgrestest.New(t).Config()
	u, err := url.Parse(config.ConnString())
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + config.ConnConfig.Database
	return u.String()
}

// TestEverything serves on a named database, which stays empty, and stops when
// its context ends.
func TestEverything(t *testing.T) {
	t.Parallel()
	database := newURL(t)
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	args := []string{"--database-url", database, "--listen", addr, "--files", "file://" + t.TempDir()}
	if err := run(t.Context(), args, nil, &strings.Builder{}); err == nil || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("on an address in use: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	var out strings.Builder
	go func() { ended <- run(ctx, args, nil, &out) }()
	awaitHealth(t, addr)
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("after the end of its context: %v", err)
	}
	if got := out.String(); !strings.Contains(got, "http://"+addr+"/") || strings.Contains(got, "Demo accounts") {
		t.Errorf("printed\n%s", got)
	}
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	defer func() { must(t, l.Close()) }()
	return l.Addr().String()
}

func awaitHealth(t *testing.T, addr string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		resp, err := http.Get("http://" + addr + "/healthz")
		if err == nil {
			if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
				t.Errorf("/healthz: %s, %v", resp.Status, err)
			}
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// TestServerIsBounded: who sends or reads a byte a minute does not hold a
// connection for ever, and the time to answer is counted from the first byte of a
// request.
func TestServerIsBounded(t *testing.T) {
	t.Parallel()
	srv := bounded(http.NotFoundHandler())
	if srv.ReadHeaderTimeout <= 0 || srv.ReadTimeout < 2*time.Minute || srv.WriteTimeout <= srv.ReadTimeout || srv.IdleTimeout <= 0 {
		t.Errorf("header in %v, request in %v, answer in %v, idle for %v", srv.ReadHeaderTimeout, srv.ReadTimeout, srv.WriteTimeout, srv.IdleTimeout)
	}
}
