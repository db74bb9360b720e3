package main

import (
	"errors"
	"go/build"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "fuyan"

// imports returns what each of our packages imports, by its path inside the
// module. It reads the files itself, so that go test sees when they change and
// does not answer from its cache, as it would for the files that go list reads.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	list := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || !d.IsDir():
			return err
		case path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return fs.SkipDir
		}
		pkg, err := build.ImportDir(path, 0)
		if _, none := errors.AsType[*build.NoGoError](err); none {
			return nil
		}
		list[strings.TrimPrefix(filepath.ToSlash(path), ".")] = pkg.Imports
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestImports keeps the arrows of the README's diagram: a package may import
// those of ours listed here and no other.
func TestImports(t *testing.T) {
	t.Parallel()
	allowed := map[string][]string{
		"":                      {"bench", "calendar", "casework", "casework/letter", "document", "migrations", "observe", "postgres", "postgres/embedded", "seeds", "server", "worker"},
		"bench":                 {"casework", "casework/letter", "gen/fuyan/v1", "gen/fuyan/v1/fuyanv1connect", "migrations", "observe", "postgres", "seeds", "server", "worker"}, // speaks SQL: it loads, and measures beside
		"browser":               {},
		"drill":                 {},
		"calendar":              {"casework"},
		"casework":              {},
		"casework/handover":     {"casework", "casework/letter"},
		"casework/letter":       {"casework"},
		"document":              {},
		"gen/db":                {"casework"},
		"migrations":            {},
		"observe":               {"postgres"},
		"postgres":              {"casework", "casework/handover", "casework/letter", "gen/db"},
		"postgres/embedded":     {},
		"postgres/postgrestest": {"casework", "migrations", "postgres/embedded"},
		"proto/printdeps":       {},
		"seeds":                 {"casework", "casework/letter", "postgres"},
		"server":                {"calendar", "casework", "casework/handover", "casework/letter", "document", "gen/db", "gen/fuyan/v1", "gen/fuyan/v1/fuyanv1connect", "observe", "postgres", "server/web", "sheet"}, // of gen/db only fields of rows
		"server/web":            {"gen/fuyan/v1", "gen/fuyan/v1/fuyanv1connect"},
		"sheet":                 {},
		"worker":                {"casework", "observe", "postgres"},
	}
	for pkg, paths := range imports(t) {
		if strings.HasPrefix(pkg, "gen/fuyan") {
			continue
		}
		arrows, listed := allowed[pkg]
		if !listed {
			t.Errorf("%s is not listed here", pkg)
		}
		for _, path := range paths {
			imported, ours := strings.CutPrefix(path, module+"/")
			if ours && !slices.Contains(arrows, imported) {
				t.Errorf("%s may not import %s", pkg, imported)
			}
		}
	}
}

// TestRulesArePure keeps the rules and the letters free of every module but
// the standard library, whose paths have no dot before the first slash.
func TestRulesArePure(t *testing.T) {
	t.Parallel()
	list := imports(t)
	for _, pkg := range []string{"casework", "casework/handover", "casework/letter"} {
		if len(list[pkg]) == 0 {
			t.Errorf("%s imports nothing, or is gone", pkg)
		}
		for _, path := range list[pkg] {
			host, _, _ := strings.Cut(path, "/")
			if host != module && strings.Contains(host, ".") {
				t.Errorf("%s imports %s, which is not in the standard library", pkg, path)
			}
		}
	}
}
