package worker_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gomail "github.com/wneessen/go-mail"

	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/worker"
)

// TestFolder keeps mails as files, each whole, the same one in the same place.
func TestFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "mail")
	send, err := worker.NewFolder(dir, "fuyan@example.cn")
	must(t, err)
	letter := postgres.Outgoing{
		MessageID: "notice.7.1", At: postgrestest.Now(), Name: "许亦舟", Mail: "x@example.cn",
		Subject: "【提醒】提案第0670号<b>", Text: "第一行<b>\n第二行",
	}
	for range 2 {
		n, o := 0, letter
		must(t, send(t.Context(), &o, func() error { n++; return nil }))
		if n != 1 || o.MessageID != "notice.7.1.eml" {
			t.Fatalf("sent was called %d times about %s", n, o.MessageID)
		}
	}
	files, err := os.ReadDir(dir)
	must(t, err)
	if len(files) != 1 || files[0].Name() != "notice.7.1.eml" {
		t.Fatalf("the folder holds %v", files)
	}
	m, err := gomail.EMLToMsgFromFile(filepath.Join(dir, files[0].Name()))
	must(t, err)
	if got := m.GetGenHeader(gomail.HeaderDate)[0]; got != "Mon, 02 Mar 2026 04:00:00 +0000" {
		t.Errorf("Date: %s", got)
	}
	if got := m.GetMessageID(); got != "<notice.7.1@example.cn>" {
		t.Errorf("Message-ID: %s", got)
	}
	parts := m.GetParts()
	if len(parts) != 2 {
		t.Fatalf("%d parts, want two", len(parts))
	}
	for i, want := range []string{"许亦舟，您好：\n\n第一行<b>\n第二行", "<p>第一行&lt;b&gt;</p>"} {
		text, err := parts[i].GetContent()
		must(t, err)
		if !strings.Contains(strings.ReplaceAll(string(text), "\r\n", "\n"), want) {
			t.Errorf("part %d lacks %q:\n%s", i, want, text)
		}
	}
}

// TestFolderRemovesHalves of workers that were killed, and of no other.
func TestFolderRemovesHalves(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old, young := filepath.Join(dir, ".eml-1"), filepath.Join(dir, ".eml-2")
	must(t, os.WriteFile(old, nil, 0o600))
	must(t, os.WriteFile(young, nil, 0o600))
	must(t, os.Chtimes(old, time.Time{}, time.Now().Add(-2*time.Hour)))
	_, err := worker.NewFolder(dir, "fuyan@example.cn")
	must(t, err)
	if left, err := filepath.Glob(filepath.Join(dir, ".*")); err != nil || len(left) != 1 || left[0] != young {
		t.Errorf("left are %v (%v), want %s", left, err, young)
	}
}
