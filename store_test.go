package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestStoreInAFolder writes as the service does, and finds a file that nobody
// else of the machine may read.
func TestStoreInAFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	p := &program{options: options{data: dir}}
	files, err := p.openStore(t.Context())
	must(t, err)
	must(t, files.WriteAll(t.Context(), "evidence/ab", []byte("x"), nil))
	must(t, files.Close())
	list, err := os.ReadDir(filepath.Join(dir, "files", "evidence"))
	if err != nil || len(list) != 1 || list[0].Name() != "ab" {
		t.Errorf("in the folder: %v, %v", list, err)
	}
	info, err := os.Stat(filepath.Join(dir, "files", "evidence"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder has mode %v, %v", info.Mode(), err)
	}
	info, err = os.Stat(dir) // the database beside the files may run as another user
	if err != nil || info.Mode().Perm()&0o055 != 0o055 {
		t.Errorf("the data folder has mode %v, %v", info.Mode(), err)
	}
}

// TestStoreRemovesHalves: what a killed program left half written goes, what
// another writes just now stays.
func TestStoreRemovesHalves(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	evidence := filepath.Join(dir, "evidence")
	must(t, os.MkdirAll(evidence, 0o700))
	for name, age := range map[string]time.Duration{"ab": 48 * time.Hour, "ab.1f.tmp": 2 * time.Hour, "cd.2f.tmp": time.Minute} {
		file := filepath.Join(evidence, name)
		must(t, os.WriteFile(file, []byte("x"), 0o600))
		must(t, os.Chtimes(file, time.Time{}, time.Now().Add(-age)))
	}
	files, err := (&program{options: options{files: "file://" + dir}}).openStore(t.Context())
	must(t, err)
	must(t, files.Close())
	left, err := filepath.Glob(filepath.Join(evidence, "*"))
	if err != nil || len(left) != 2 || filepath.Base(left[0]) != "ab" || filepath.Base(left[1]) != "cd.2f.tmp" {
		t.Errorf("left: %v, %v", left, err)
	}
}

// TestStoreThatCannotBeOpened is told before anything starts.
func TestStoreThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	err := run(t.Context(), []string{"work", "--files", "file://" + file, "--database-url", "postgres://nowhere.invalid/x"}, nil, &strings.Builder{})
	if err == nil || !strings.Contains(err.Error(), "folder of files (--files)") {
		t.Errorf("a file for a folder: %v", err)
	}
}
