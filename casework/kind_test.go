package casework_test

import (
	"slices"
	"testing"

	"fuyan/casework"
)

func TestKind(t *testing.T) {
	t.Parallel()
	for kind, want := range map[casework.Kind][2]string{
		casework.CPPCCProposal: {"提案", "委员"},
		casework.NPCSuggestion: {"代表建议", "代表"},
	} {
		if got := [2]string{kind.Noun(), kind.Address()}; got != want {
			t.Errorf("%s: noun and address %v, want %v", kind, got, want)
		}
	}
	want := []casework.Kind{"cppcc_proposal", "npc_suggestion"} // as the database spells them
	if !slices.Equal(casework.Kinds, want) {
		t.Errorf("Kinds = %v, want %v", casework.Kinds, want)
	}
}
