package casework

import "strings"

// A Kind says which of the two kinds of item a proposal is. It decides the
// number series, the noun of the letter, and which office receives a copy.
type Kind string

const (
	CPPCCProposal Kind = "cppcc_proposal" // 政协提案
	NPCSuggestion Kind = "npc_suggestion" // 人大代表建议
)

// Kinds lists every kind.
var Kinds = []Kind{CPPCCProposal, NPCSuggestion}

// KindOf returns the kind of what is handed in to a body: 市政协, 市人大.
func KindOf(body string) Kind {
	if strings.HasSuffix(body, "人大") {
		return NPCSuggestion
	}
	return CPPCCProposal
}

// Noun is what a letter's title and opening call an item of this kind.
func (k Kind) Noun() string {
	if k == NPCSuggestion {
		return "代表建议"
	}
	return "提案"
}

// Address is the noun behind the names of a salutation, 委员 or 代表.
func (k Kind) Address() string {
	if k == NPCSuggestion {
		return "代表"
	}
	return "委员"
}

// A Sitting is the meeting at which a proposal was handed in. Session 0 stands
// for the time between sittings (闭会期间).
type Sitting struct {
	Body    string // as letters call it: 市政协, 市人大
	Term    int    // 届
	Session int    // 次
}
