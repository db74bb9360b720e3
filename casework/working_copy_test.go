package casework_test

import (
	"errors"
	"testing"

	"fuyan/casework"
)

func TestFollows(t *testing.T) {
	t.Parallel()
	kept := casework.Edit{Editor: "a", Revision: 3, Version: 17}
	for _, tt := range []struct {
		name  string
		edit  casework.Edit
		kept  casework.Edit
		late  bool
		stale bool
	}{
		{"nothing is kept", casework.Edit{Editor: "b", Revision: 1}, casework.Edit{}, false, false},
		{"what was kept is gone", casework.Edit{Editor: "b", Revision: 1, Version: 9}, casework.Edit{}, false, false},
		{"the editor goes on", casework.Edit{Editor: "a", Revision: 4, Version: 17}, kept, false, false},
		{"the editor goes on though it did not hear the answer", casework.Edit{Editor: "a", Revision: 4, Version: 12}, kept, false, false},
		{"the same again", casework.Edit{Editor: "a", Revision: 3, Version: 17}, kept, true, false},
		{"one that was overtaken", casework.Edit{Editor: "a", Revision: 2, Version: 17}, kept, true, false},
		{"another editor that began with it", casework.Edit{Editor: "b", Revision: 1, Version: 17}, kept, false, false},
		{"another editor that began before it", casework.Edit{Editor: "b", Revision: 9, Version: 12}, kept, false, true},
		{"another editor that began with nothing", casework.Edit{Editor: "b", Revision: 9}, kept, false, true},
	} {
		late, err := tt.edit.Follows(tt.kept)
		if late != tt.late || errors.Is(err, casework.ErrStale) != tt.stale {
			t.Errorf("%s: late %v, %v; want late %v, stale %v", tt.name, late, err, tt.late, tt.stale)
		}
		if e, ok := errors.AsType[*casework.StaleError](err); ok && e.Present != tt.kept.Version {
			t.Errorf("%s: it says the version is %d, want %d", tt.name, e.Present, tt.kept.Version)
		}
	}
}
