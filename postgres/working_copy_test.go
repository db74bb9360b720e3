package postgres_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// A writer is an editor that somebody has opened on a draft.
type writer struct {
	by       casework.User
	editor   string
	revision int64
	version  int64 // of the working copy that it knows
	base     int32
}

// open opens an editor: what it shows is what was kept, or else the latest draft.
func (b *bundle) open(t testing.TB, u casework.User, id int64) (*writer, postgres.ReplyView) {
	t.Helper()
	v, err := b.ViewReply(t.Context(), u, id, 0)
	must(t, err)
	w := &writer{by: u, editor: uuid(), version: v.WorkingCopy.Version, base: v.DraftCount}
	if w.version != 0 {
		w.base = v.WorkingCopy.Base
	}
	return w, v
}

func (b *bundle) keepText(t testing.TB, w *writer, id int64, text string) (postgres.WorkingCopy, error) {
	t.Helper()
	w.revision++
	c := postgres.Call{User: w.by, ID: id, Version: w.version}
	kept, _, err := b.KeepWorkingCopy(t.Context(), c, postgres.Keeping{
		NewDraft: postgres.NewDraft{Text: text, Publicity: "full"}, EditorID: w.editor, Revision: w.revision, Base: w.base,
	})
	if err == nil {
		w.version = kept.Version
	}
	return kept, err
}

func (b *bundle) save(t testing.TB, w *writer, id int64, text string) error {
	t.Helper()
	_, err := b.SaveDraft(t.Context(), by(w.by, id), postgres.NewDraft{
		Text: text, Result: "adopted", Publicity: "full", EditorID: w.editor, CopyVersion: w.version,
	})
	return err
}

// keptText is the text of somebody's working copy; empty for none.
func (b *bundle) keptText(t testing.TB, u casework.User, id int64) string {
	t.Helper()
	v, err := b.ViewReply(t.Context(), u, id, 0)
	must(t, err)
	return v.WorkingCopy.Text
}

func TestWorkingCopyOfTwoPeople(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.draft(t, "0001")
	before := b.count(t, `SELECT p.version + p.event_count FROM proposals p WHERE p.id = $1`, id)
	one, _ := b.open(t, b.Handler, id)
	two, v := b.open(t, b.Office, id)
	if v.WorkingCopy.Version != 0 || two.base != 1 {
		t.Errorf("a draft just saved has the working copy %+v, and begins with draft %d", v.WorkingCopy, two.base)
	}
	for _, w := range []*writer{one, two} {
		_, err := b.keepText(t, w, id, w.by.Name+"写的")
		must(t, err)
	}
	for _, u := range []casework.User{b.Handler, b.Office} {
		if got := b.keptText(t, u, id); got != u.Name+"写的" {
			t.Errorf("%s has kept %q", u.Name, got)
		}
	}
	if got := b.keptText(t, b.Head, id); got != "" {
		t.Errorf("who reviews it reads %q", got)
	}
	if now := b.count(t, `SELECT p.version + p.event_count FROM proposals p WHERE p.id = $1`, id); now != before {
		t.Error("keeping changed the proposal or its history")
	}
	must(t, b.save(t, two, id, "办公室的第二稿"))
	if got := b.keptText(t, b.Office, id); got != "" {
		t.Errorf("after it was saved, %q is still kept", got)
	}
	kept, err := b.keepText(t, one, id, "经办人接着写") // nothing of it is lost to the draft of the other
	if err != nil || kept.Base != 1 || b.keptText(t, b.Handler, id) != "经办人接着写" {
		t.Errorf("kept %+v, %v", kept, err)
	}
	again, v := b.open(t, b.Handler, id)
	if v.DraftCount != 2 || again.base != 1 || v.WorkingCopy.Text != "经办人接着写" || v.WorkingCopy.Publicity != "full" {
		t.Errorf("opened again: draft %d, %+v", v.DraftCount, v.WorkingCopy)
	}
	if got := v.Drafts[0].Draft; got.Result != "adopted" || got.Publicity != "full" {
		t.Errorf("the draft keeps result %q, publicity %q", got.Result, got.Publicity)
	}
}

// TestWorkingCopyOfTwoEditors: neither of two windows of one person writes over
// what the other kept, unless it has read it.
func TestWorkingCopyOfTwoEditors(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.draft(t, "0001")
	one, _ := b.open(t, b.Handler, id)
	two, _ := b.open(t, b.Handler, id)
	_, err := b.keepText(t, one, id, "左")
	must(t, err)
	stale := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, casework.ErrStale) || b.keptText(t, b.Handler, id) == "右" {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err = b.keepText(t, two, id, "右")
	stale("the other window keeps", err)
	must(t, b.save(t, two, id, "右边存为一稿"))
	if got := b.keptText(t, b.Handler, id); got != "左" {
		t.Errorf("after the other window saved a draft, %q is kept", got)
	}
	_, err = b.keepText(t, one, id, "左又写")
	must(t, err) // it goes on in the place of what it kept itself
	three, _ := b.open(t, b.Handler, id)
	_, err = b.keepText(t, three, id, "中")
	must(t, err)
	_, err = b.keepText(t, one, id, "右")
	stale("a window whose text another has taken over", err)
	must(t, b.save(t, three, id, "中间存为一稿"))
	_, err = b.keepText(t, three, id, "右")
	stale("what comes after its own saving", err)
	if got := b.keptText(t, b.Handler, id); got != "" {
		t.Errorf("after it was saved, %q is kept", got)
	}
}

func TestWorkingCopySentTwiceOrLate(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.draft(t, "0001")
	w, _ := b.open(t, b.Handler, id)
	first, err := b.keepText(t, w, id, "一")
	must(t, err)
	b.now = b.now.Add(time.Minute)
	w.revision-- // its answer was lost
	if again, err := b.keepText(t, w, id, "一"); err != nil || again != first {
		t.Errorf("sent twice: %+v, %v; want %+v", again, err, first)
	}
	w.version = 0 // the answer of this one, too
	if _, err := b.keepText(t, w, id, "二"); err != nil {
		t.Errorf("after an answer that was lost: %v", err)
	}
	w.revision--
	late := *w
	late.revision--
	if got, err := b.keepText(t, &late, id, "一"); err != nil || got.Text != "二" {
		t.Errorf("what was overtaken changed it to %q, %v", got.Text, err)
	}
	_, _, err = b.KeepWorkingCopy(t.Context(), postgres.Call{User: b.Handler, ID: id}, postgres.Keeping{EditorID: uuid(), Revision: 1, Base: 2})
	if !errors.Is(err, casework.ErrStale) {
		t.Errorf("another editor: %v", err)
	}
	must(t, b.DropWorkingCopy(t.Context(), call(b.Handler, id, w.version)))
	if err := b.DropWorkingCopy(t.Context(), call(b.Handler, id, w.version)); !errors.Is(err, casework.ErrStale) {
		t.Errorf("dropped twice: %v", err)
	}
	_, _, err = b.KeepWorkingCopy(t.Context(), postgres.Call{User: b.Handler, ID: id}, postgres.Keeping{EditorID: uuid(), Revision: 1, Base: 2})
	if e, ok := errors.AsType[*casework.FieldError](err); !ok || e.Field != "base" {
		t.Errorf("begun with a draft that there is not: %v", err)
	}
}

// call is a call of u on the version that they read.
func call(u casework.User, id, version int64) postgres.Call {
	c := by(u, id)
	c.Version = version
	return c
}

// TestWorkingCopyFollowsTheRights of who may save a draft now.
func TestWorkingCopyFollowsTheRights(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.draft(t, "0001")
	w, _ := b.open(t, b.Handler, id)
	_, err := b.keepText(t, w, id, "写到这里")
	must(t, err)
	for u, want := range map[*casework.User]error{
		&b.OtherHandler: casework.ErrForbidden, &b.Head: casework.ErrForbidden, &b.HelperOffice: casework.ErrNotFound, &b.Delegate: casework.ErrForbidden,
	} {
		if _, err := b.keepText(t, &writer{by: *u, editor: uuid(), base: 1}, id, "我也写"); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", u.Name, err, want)
		}
	}
	_, err = b.SubmitReply(t.Context(), by(b.Handler, id))
	must(t, err)
	if _, err := b.keepText(t, w, id, "还在写"); !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("under review: %v", err)
	}
	if got := b.keptText(t, b.Handler, id); got != "写到这里" {
		t.Errorf("under review %q is kept", got)
	}
	if got, err := b.ViewReply(t.Context(), b.Delegate, id, 0); err != nil || got.WorkingCopy.Version != 0 {
		t.Errorf("a delegate reads %+v, %v", got.WorkingCopy, err)
	}
}

// TestDrillNoTextIsLost lets people type, keep, save and throw away in many
// editors, with answers that do not arrive, and looks after each for every text
// that was acknowledged: it is a draft, or kept, unless its own editor or somebody
// who had read it wrote something else in its place.
func TestDrillNoTextIsLost(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	number, clashes := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		number++
		id := b.draft(t, fmt.Sprint(1000+number))
		owed := map[string]*writer{} // texts acknowledged, and the editor that shows each
		var editors []*writer
		shown := map[*writer]string{}
		for step := range rapid.IntRange(10, 40).Draw(rt, "steps") {
			act := rapid.SampledFrom([]string{"open", "keep", "keep", "keep", "save", "drop"}).Draw(rt, "act")
			if act == "open" || len(editors) == 0 {
				w, v := b.open(t, rapid.SampledFrom([]casework.User{b.Handler, b.Office}).Draw(rt, "user"), id)
				editors, shown[w] = append(editors, w), v.WorkingCopy.Text
				continue
			}
			w := rapid.SampledFrom(editors).Draw(rt, "editor")
			text := fmt.Sprintf("文%d", step)
			var err error
			switch act {
			case "keep":
				known := w.version
				_, err = b.keepText(t, w, id, text)
				if rapid.Bool().Draw(rt, "the answer is lost") {
					w.version = known
				}
			case "save":
				err = b.save(t, w, id, text)
			case "drop":
				if w.version != 0 {
					err, text = b.DropWorkingCopy(t.Context(), call(w.by, id, w.version)), ""
				}
			}
			if errors.Is(err, casework.ErrStale) {
				clashes++
				continue
			}
			must(t, err)
			if act == "drop" && w.version == 0 {
				continue
			}
			delete(owed, shown[w]) // whoever has it before them wrote this in its place
			if shown[w] = text; text != "" {
				owed[text] = w
			}
			for text, w := range owed {
				n := b.count(t, `SELECT (SELECT count(*) FROM drafts d JOIN replies r ON r.id = d.reply_id WHERE r.proposal_id = $1 AND d.text = $2)
					+ (SELECT count(*) FROM working_copies c JOIN replies r ON r.id = c.reply_id WHERE r.proposal_id = $1 AND c.text = $2)`, id, text)
				if n == 0 {
					rt.Fatalf("%q of %s, acknowledged, is lost after step %d: %s", text, w.by.Name, step, act)
				}
			}
		}
	})
	if clashes == 0 {
		t.Error("no two editors ever met")
	}
}
