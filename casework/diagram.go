package casework

import (
	"fmt"
	"strings"
)

// Diagram draws the state machine: in the order of [States], one line for each
// verb that moves a proposal to another state.
func Diagram() string {
	var b strings.Builder
	for _, s := range States {
		for _, v := range s.Verbs() {
			if next := transitions[s][v]; next != s {
				fmt.Fprintf(&b, "%s --%s--> %s\n", s, v, next)
			}
		}
	}
	return b.String()
}
