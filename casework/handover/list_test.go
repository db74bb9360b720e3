package handover_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"fuyan/casework"
	"fuyan/casework/handover"
)

func TestGuess(t *testing.T) {
	t.Parallel()
	l := handover.Guess(rows("市人大十六届四次会议|代表建议", "案号|案由|领衔代表", "0001|某|张三|备注"), "清单.xlsx", world().Today)
	if l.HeaderLine != 2 || len(l.Columns) != 4 || l.Columns[3] != handover.Nothing || l.Defaults.Kind != casework.NPCSuggestion ||
		l.Defaults.Sitting.Term != 16 || l.Defaults.HandedOver != world().Today || len(l.Body()) != 1 {
		t.Errorf("Guess = %+v", l)
	}
	if l = l.Under(0); len(l.Body()) != 3 || l.Headings() != nil || len(l.Columns) != 4 {
		t.Errorf("Under(0) = %+v", l)
	}
	l = handover.Guess(rows("案号|案由|交办日期", "1|某|2026-03-04"), "市政协十四届四次会议.csv", world().Today)
	if !l.Defaults.HandedOver.IsZero() || l.Defaults.Sitting.Session != 4 {
		t.Errorf("a list with days of its own: %+v", l.Defaults)
	}
}

func TestListCheck(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		list  handover.List
		field string
	}{
		{handover.List{Rows: rows("案号", "1"), HeaderLine: 1, Columns: []handover.Field{handover.Number}}, ""},
		{handover.List{Rows: rows("案号", "1"), HeaderLine: 1, Columns: []handover.Field{handover.Nothing, handover.Nothing}}, ""},
		{handover.List{Rows: rows("案号"), HeaderLine: 1}, "file"},
		{handover.List{Rows: rows(make([]string, handover.MaxRows+1)...)}, "file"},
		{handover.List{Rows: rows("1"), Columns: []handover.Field{handover.Title, handover.Title}}, "fields"},
	} {
		err := test.list.Check("file")
		if field, _, _ := strings.Cut(errorOf(err), ":"); field != test.field {
			t.Errorf("Check of %v: %v, want %q to be wrong", test.list.Columns, err, test.field)
		}
	}
}

func errorOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestTaken: whatever zeros stand before a number here and on record, a number on
// record is found by one of the item's spellings, and no other is.
func TestTaken(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, other := rapid.IntRange(1, 9999).Draw(t, "n"), rapid.IntRange(1, 9999).Draw(t, "other")
		here, there := rapid.IntRange(0, 5).Draw(t, "here"), rapid.IntRange(0, 5).Draw(t, "there")
		item := handover.Item{Kind: casework.CPPCCProposal, Sitting: defaults().Sitting, Number: fmt.Sprintf("%0*d", here, n)}
		on := handover.Taken{Kind: item.Kind, Sitting: item.Sitting, Number: fmt.Sprintf("%0*d", there, other)}
		if found := slices.Contains(item.Spellings(), on); found != (n == other) {
			t.Errorf("%s is looked for as %v; %s is found: %v", item.Number, item.Spellings(), on.Number, found)
		}
		item.MarkTaken(handover.RecordOf([]handover.Taken{on}))
		if item.Good() == (n == other) {
			t.Errorf("%s beside %s on record: %q", item.Number, on.Number, item.Why())
		}
	})
}
