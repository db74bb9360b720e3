package postgres_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gocloud.dev/blob"
	"gocloud.dev/blob/memblob"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// owned is a commitment that the handler keeps.
func (b *bundle) owned(t testing.TB, number string) int64 {
	t.Helper()
	id, l := b.issue(t, number)
	must(t, b.DoRecordCommitments(t.Context(), postgres.RecordCommitments{LetterID: l.Letter.ID}))
	list, err := b.ListCommitments(t.Context(), b.Office, postgres.CommitmentFilter{ProposalID: id, Limit: 1})
	must(t, err)
	c := list[0].Commitment.ID
	_, err = b.ConfirmCommitment(t.Context(), by(b.Office, c), postgres.Confirmation{OwnerID: b.Handler.ID, Due: casework.Date{Year: 2026, Month: 9, Day: 30}, Deliverable: "两处"})
	must(t, err)
	return c
}

func text(content string, public bool) postgres.NewFile {
	return postgres.NewFile{Name: "说明.txt", Media: "text/plain", Content: []byte(content), Public: public}
}

func (b *bundle) upload(t testing.TB, c postgres.Call, n postgres.NewFile) int64 {
	t.Helper()
	f, err := b.UploadFile(t.Context(), c, n)
	must(t, err)
	return f.File.ID
}

// blobs are the keys in the store.
func (b *bundle) blobs(t testing.TB) []string {
	t.Helper()
	keys := []string{}
	for list := b.files.List(nil); ; {
		o, err := list.Next(t.Context())
		if errors.Is(err, io.EOF) {
			return keys
		}
		must(t, err)
		keys = append(keys, o.Key)
	}
}

func keyOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "evidence/" + hex.EncodeToString(sum[:])
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	c := b.owned(t, "0001")
	secret, open := b.upload(t, by(b.Handler, c), text("内部", false)), b.upload(t, by(b.Handler, c), text("公开", true))
	_, err := b.ReportProgress(ctx, by(b.Handler, c), "过半", casework.Date{}, secret, open)
	must(t, err)
	_, err = b.ReportDone(ctx, by(b.Handler, c), "两处已开放", casework.Date{}, b.upload(t, by(b.Handler, c), text("照片", true)))
	must(t, err)

	for _, test := range []struct {
		u    casework.User
		want map[string][]string
	}{
		{b.Office, map[string][]string{"progress": {"内部", "公开"}, "done": {"照片"}}},
		{b.Supervisor, map[string][]string{"progress": {"内部", "公开"}, "done": {"照片"}}},
		{b.Delegate, map[string][]string{"progress": {"公开"}, "done": {"照片"}}},
	} {
		v, err := b.ViewCommitment(ctx, test.u, c)
		must(t, err)
		got := map[string][]string{}
		for _, g := range v.Progress {
			for _, f := range v.Files[g.Progress.ID] {
				_, content, err := b.ReadFile(ctx, test.u, f.File.ID)
				must(t, err)
				got[g.Progress.Kind] = append(got[g.Progress.Kind], string(content))
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s reads (-want +got):\n%s", test.u.Name, diff)
		}
	}
	for _, u := range []casework.User{b.Delegate, b.OtherDelegate, b.HelperOffice, b.NPCSupervisor} {
		if _, _, err := b.ReadFile(ctx, u, secret); !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("%s reads a file that is not theirs to read: %v", u.Name, err)
		}
	}
	var notes []string
	v, err := b.ViewCommitment(ctx, b.Office, c)
	must(t, err)
	events, err := b.ListEvents(ctx, b.Office, postgres.EventFilter{ProposalID: v.Commitment.Commitment.ProposalID, Limit: 100})
	must(t, err)
	for _, e := range events {
		if strings.Contains(e.Note, "附件") {
			notes = append(notes, e.Note[strings.Index(e.Note, "”：")+len("”："):])
		}
	}
	if diff := cmp.Diff([]string{"过半，附件2个", "两处已开放，附件1个"}, notes); diff != "" {
		t.Errorf("notes of events (-want +got):\n%s", diff)
	}
}

func TestDroppedWithItsReport(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	c := b.owned(t, "0001")
	_, err := b.DropCommitment(t.Context(), by(b.Office, c), postgres.DropReport{
		Text: "无法实施", SignedBy: "吴主任", Files: []int64{b.upload(t, by(b.Office, c), text("报告", true))},
	})
	must(t, err)
	if n := b.count(t, `SELECT count(*) FROM files f JOIN progress g ON g.id = f.progress_id WHERE g.kind = 'dropped'`); n != 1 {
		t.Errorf("%d files of the line that drops it", n)
	}
	if _, err := b.UploadFile(t.Context(), by(b.Office, c), text("晚了", true)); !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("upload for what is dropped: %v", err)
	}
}

// TestOnlyWhoReportsUploads: nothing is left of what others try.
func TestOnlyWhoReportsUploads(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	c := b.owned(t, "0001")
	for _, u := range b.All() {
		_, err := b.UploadFile(t.Context(), by(u, c), text("证据", false))
		if may := u.ID == b.Handler.ID || u.ID == b.Office.ID; may != (err == nil) {
			t.Errorf("%s uploads: %v", u.Name, err)
		}
	}
	if n := b.count(t, `SELECT count(*) FROM files`); n != 2 {
		t.Errorf("%d files, want two", n)
	}
	if _, err := b.UploadFile(t.Context(), by(b.Office, 999999), text("证据", false)); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("upload for no commitment: %v", err)
	}
}

// TestFilesThatAReportMayNotName names each among a right one: the report is not
// made, and the right one is still free.
func TestFilesThatAReportMayNotName(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	c, other := b.owned(t, "0001"), b.owned(t, "0002")
	right, used := b.upload(t, by(b.Handler, c), text("一", false)), b.upload(t, by(b.Handler, c), text("二", false))
	_, err := b.ReportProgress(ctx, by(b.Handler, c), "过半", casework.Date{}, used)
	must(t, err)
	unstored := b.upload(t, by(b.Handler, c), text("三", false))
	b.exec(t, `UPDATE files SET stored = false WHERE id = $1`, unstored)
	for what, id := range map[string]int64{
		"no file": 999999, "one that is used": used, "one that is not stored": unstored,
		"one of another commitment": b.upload(t, by(b.Handler, other), text("四", false)),
		"one of somebody else":      b.upload(t, by(b.Office, c), text("五", false)),
	} {
		_, err := b.ReportProgress(ctx, by(b.Handler, c), "又过半", casework.Date{}, right, id)
		wrong, ok := errors.AsType[*casework.FieldError](err)
		if !ok || wrong.Field != "file_ids[1]" {
			t.Errorf("%s: %v", what, err)
		}
	}
	if n := b.count(t, `SELECT count(*) FROM progress WHERE text = '又过半'`); n != 0 {
		t.Errorf("%d reports with wrong files", n)
	}
	_, err = b.ReportProgress(ctx, by(b.Handler, c), "又过半", casework.Date{}, right)
	must(t, err)
}

func TestTheSameUploadTwice(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	call := by(b.Handler, b.owned(t, "0001"))
	if a, again := b.upload(t, call, text("证据", false)), b.upload(t, call, text("证据", false)); a != again {
		t.Errorf("the same request made files %d and %d", a, again)
	}
	call.Digest = []byte("another")
	if _, err := b.UploadFile(t.Context(), call, text("别的", false)); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("another file in the same request: %v", err)
	}
	if diff := cmp.Diff([]string{keyOf("证据")}, b.blobs(t)); diff != "" {
		t.Errorf("in the store (-want +got):\n%s", diff)
	}
}

// with is the same database with another store.
func (b *bundle) with(t testing.TB, files *blob.Bucket) *bundle {
	t.Helper()
	other := *b
	other.files = files
	d, err := postgres.New(b.conn, postgres.Options{Now: func() time.Time { return b.now }, Files: files})
	must(t, err)
	other.DB = d
	return &other
}

// broken is a store that takes nothing.
func broken(t testing.TB) *blob.Bucket {
	t.Helper()
	files := memblob.OpenBucket(nil)
	must(t, files.Close())
	return files
}

// TestUploadDiesBetweenItsSteps: what broke off is not seen and cannot be named,
// and the same request again brings it to its end.
func TestUploadDiesBetweenItsSteps(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		written bool // the bytes, before it died
	}{{"before the bytes are written", false}, {"before they are known to be", true}} {
		t.Run(test.name, func(t *testing.T) {
			b := setup(t, postgrestest.Tx(t))
			ctx := t.Context()
			c := b.owned(t, "0001")
			call := by(b.Handler, c)
			if _, err := b.with(t, broken(t)).UploadFile(ctx, call, text("证据", false)); err == nil {
				t.Fatal("uploaded to a broken store")
			}
			if test.written {
				must(t, b.files.WriteAll(ctx, keyOf("证据"), []byte("证据"), nil))
			}
			var id int64
			must(t, b.conn.QueryRow(ctx, `SELECT id FROM files WHERE NOT stored`).Scan(&id))
			if _, _, err := b.ReadFile(ctx, b.Handler, id); !errors.Is(err, casework.ErrNotFound) {
				t.Errorf("read: %v", err)
			}
			if _, err := b.ReportProgress(ctx, by(b.Handler, c), "过半", casework.Date{}, id); !errors.Is(err, casework.ErrInvalid) {
				t.Errorf("named: %v", err)
			}
			if again := b.upload(t, call, text("证据", false)); again != id {
				t.Errorf("again makes file %d, want %d", again, id)
			}
			_, err := b.ReportProgress(ctx, by(b.Handler, c), "过半", casework.Date{}, id)
			must(t, err)
			if _, content, err := b.ReadFile(ctx, b.Office, id); err != nil || string(content) != "证据" {
				t.Errorf("read %q, %v", content, err)
			}
		})
	}
}

// TestOtherBytesAreNotServed changes and loses what is in the store.
func TestOtherBytesAreNotServed(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id := b.upload(t, by(b.Handler, b.owned(t, "0001")), text("证据", false))
	must(t, b.files.WriteAll(ctx, keyOf("证据"), []byte("伪证"), nil))
	if _, content, err := b.ReadFile(ctx, b.Handler, id); err == nil || content != nil {
		t.Errorf("read %q, %v", content, err)
	}
	must(t, b.files.Delete(ctx, keyOf("证据")))
	if _, _, err := b.ReadFile(ctx, b.Handler, id); err == nil || errors.Is(err, casework.ErrNotFound) {
		t.Errorf("read what the store lost: %v", err)
	}
}

// TestUnnamedFilesAreRemoved a day later, with their bytes unless another file has
// the same, and what is named stays.
func TestUnnamedFilesAreRemoved(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	c := b.owned(t, "0001")
	kept := b.upload(t, by(b.Handler, c), text("用了", false))
	_, err := b.ReportProgress(ctx, by(b.Handler, c), "过半", casework.Date{}, kept)
	must(t, err)
	for _, content := range []string{"用了", "没用", "没用"} {
		b.upload(t, by(b.Handler, c), text(content, false))
	}
	late := by(b.Handler, c)
	if _, err := b.with(t, broken(t)).UploadFile(ctx, late, text("断了", false)); err == nil {
		t.Fatal("uploaded to a broken store")
	}
	b.now = b.now.Add(24 * time.Hour)
	must(t, b.DoRemoveFiles(ctx))
	if n := b.count(t, `SELECT count(*) FROM files`); n != 5 {
		t.Errorf("just a day later there are %d files, want five", n)
	}
	b.now = b.now.Add(time.Second)
	young := b.upload(t, by(b.Handler, c), text("刚传", false))
	must(t, b.DoRemoveFiles(ctx))
	if n := b.count(t, `SELECT count(*) FROM files WHERE id NOT IN ($1, $2)`, kept, young); n != 0 {
		t.Errorf("%d files are left", n)
	}
	want := []string{keyOf("用了"), keyOf("刚传")}
	slices.Sort(want)
	if diff := cmp.Diff(want, b.blobs(t)); diff != "" {
		t.Errorf("in the store (-want +got):\n%s", diff)
	}
	if _, err := b.UploadFile(ctx, late, text("断了", false)); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("the request of a file that was removed: %v", err)
	}
}

// TestRemovalDiesBetweenItsSteps: a file that was taken back cannot be named any
// more, and is removed the next time, whether or not its bytes are gone.
func TestRemovalDiesBetweenItsSteps(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	c := b.owned(t, "0001")
	ids := []int64{b.upload(t, by(b.Handler, c), text("一", false)), b.upload(t, by(b.Handler, c), text("二", false))}
	b.now = b.now.Add(25 * time.Hour)
	if err := b.with(t, broken(t)).DoRemoveFiles(ctx); err == nil || b.count(t, `SELECT count(*) FROM files`) != 2 {
		t.Fatalf("removal from a broken store: %v", err)
	}
	must(t, b.files.Delete(ctx, keyOf("一"))) // as if it had died just then
	for _, id := range ids {
		if _, err := b.ReportProgress(ctx, by(b.Handler, c), "过半", casework.Date{}, id); !errors.Is(err, casework.ErrInvalid) {
			t.Errorf("named: %v", err)
		}
	}
	must(t, b.DoRemoveFiles(ctx))
	if n := b.count(t, `SELECT count(*) FROM files`); n != 0 || len(b.blobs(t)) != 0 {
		t.Errorf("%d files and %v are left", n, b.blobs(t))
	}
}

// TestUploadOfBytesUnderRemoval uploads what is being removed: it waits, and its
// bytes are there afterwards.
func TestUploadOfBytesUnderRemoval(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	b := setup(t, pool)
	ctx := t.Context()
	c := b.owned(t, "0001")
	b.upload(t, by(b.Handler, c), text("证据", false))
	b.now = b.now.Add(25 * time.Hour)
	var id int64
	commit := b.within(t, pool, func(inner *bundle) {
		must(t, inner.with(t, b.files).DoRemoveFiles(ctx))
	})
	if n := len(b.blobs(t)); n != 0 {
		t.Fatalf("%d blobs while the removal is not committed", n)
	}
	uploaded := make(chan error, 1)
	go func() {
		f, err := b.UploadFile(ctx, by(b.Handler, c), text("证据", false))
		id = f.File.ID
		uploaded <- err
	}()
	awaitLock(t, ctx, pool)
	commit()
	must(t, <-uploaded)
	if _, content, err := b.ReadFile(ctx, b.Handler, id); err != nil || string(content) != "证据" {
		t.Errorf("read %q, %v", content, err)
	}
}

// TestUploadsAndRemovalsAtOnce: whatever is stored can be read, at the end and
// all along.
func TestUploadsAndRemovalsAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	ctx := t.Context()
	c := b.owned(t, "0001")
	for range 4 { // old ones of the same bytes as those to come
		b.upload(t, by(b.Handler, c), text("一", false))
		b.upload(t, by(b.Handler, c), text("二", false))
	}
	b.now = b.now.Add(25 * time.Hour)
	var wait sync.WaitGroup
	for _, content := range []string{"一", "二"} {
		wait.Go(func() {
			for range 10 {
				f, err := b.UploadFile(ctx, by(b.Handler, c), text(content, false))
				if err != nil {
					t.Error(err)
					return
				}
				if _, _, err := b.ReadFile(ctx, b.Handler, f.File.ID); err != nil {
					t.Errorf("read right after the upload: %v", err)
				}
			}
		})
	}
	for range 2 {
		wait.Go(func() {
			for range 5 {
				if err := b.DoRemoveFiles(context.WithoutCancel(ctx)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if n := b.count(t, `SELECT count(*) FROM files WHERE NOT stored`); n != 0 {
		t.Errorf("%d files are not stored", n)
	}
	if n := b.count(t, `SELECT count(*) FROM files`); n != 20 {
		t.Errorf("%d files, want the twenty young ones", n)
	}
}
