package casework_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
)

// stays stands for the state that a verb is done in.
const stays casework.State = "stays"

// moves is what design.md §3 says, verb by verb: from which states it leads
// where. The order is that of the life of a proposal, and of [casework.Acts].
var moves = []struct {
	verb casework.Verb
	from string
	to   casework.State
}{
	{"receive", "", ""}, // what makes a proposal is done to none
	{"accept", "received", "accepted"},
	{"request_return", "received", "return_requested"},
	{"grant_return", "return_requested", "returned"},
	{"refuse_return", "return_requested", "received"},
	{"assign", "accepted drafting", "drafting"},
	{"request_opinion", "accepted drafting", stays},
	{"submit_opinion", "accepted drafting reviewing", stays},
	{"record_contact", "accepted drafting reviewing signed issued answered", stays},
	{"request_extension", "received accepted drafting reviewing signed", stays},
	{"decide_extension", "received accepted drafting reviewing signed", stays},
	{"withdraw", "received return_requested accepted drafting reviewing signed", "withdrawn"},
	{"redo", "answered closed", "drafting"},
	{"decline_redo", "answered closed", stays},
	{"close", "answered", "closed"},
	{"close_without_letter", "accepted drafting", "closed"},
	{"save_draft", "drafting", stays},
	{"plan_promise", "drafting reviewing signed", stays},
	{"waive_promise", "drafting reviewing signed", stays},
	{"submit", "drafting", "reviewing"},
	{"approve", "reviewing", stays},
	{"send_back", "reviewing signed", "drafting"},
	{"sign", "reviewing", "signed"},
	{"issue", "signed", "issued"},
	{"correct", "issued answered", stays},
	{"record_delivery", "issued", stays},
	{"send_copy", "issued", stays},
	{"acknowledge_copy", "issued answered closed", stays},
	{"complete", "issued", "answered"},
	{"give_feedback", "issued answered closed", stays},
	{"publish", "issued answered closed", stays},
	{"take_down", "drafting reviewing signed issued answered closed withdrawn", stays},
	{"pause_deadline", "received return_requested accepted drafting reviewing signed issued answered closed", stays},
	{"resume_deadline", "received return_requested accepted drafting reviewing signed issued answered closed", stays},
	{"term_ended", "accepted drafting reviewing signed issued answered", stays},
	{"term_ended", "closed", "answered"},
	{"explain_term_end", "accepted drafting reviewing signed issued answered", stays},
}

// leads returns where v leads from s, and whether it leads anywhere.
func leads(s casework.State, v casework.Verb) (casework.State, bool) {
	for _, m := range moves {
		if m.verb == v && slices.Contains(strings.Fields(m.from), string(s)) {
			if m.to == stays {
				return s, true
			}
			return m.to, true
		}
	}
	return "", false
}

// possible returns what moves allows in s, sorted.
func possible(s casework.State) []string {
	out := []string{}
	for _, m := range moves {
		if _, ok := leads(s, m.verb); ok {
			out = append(out, string(m.verb))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestStates(t *testing.T) {
	t.Parallel()
	want := strings.Fields("received return_requested returned accepted drafting reviewing signed issued answered closed withdrawn")
	var got, open []string
	for _, s := range casework.States {
		got = append(got, string(s))
		if s.Open() {
			open = append(open, string(s))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("States (-want +got):\n%s", diff)
	}
	wantOpen := strings.Fields("received return_requested accepted drafting reviewing signed")
	if diff := cmp.Diff(wantOpen, open); diff != "" {
		t.Errorf("states that are Open (-want +got):\n%s", diff)
	}
}

func TestTransitions(t *testing.T) {
	t.Parallel()
	verbs := []casework.Verb{casework.RecordCommitments, casework.CopySent, casework.Import, "", "eat"}
	for _, m := range moves {
		verbs = append(verbs, m.verb)
	}
	for _, s := range append([]casework.State{"", "unknown"}, casework.States...) {
		t.Run(string(s), func(t *testing.T) {
			t.Parallel()
			got := []string{}
			for _, v := range s.Verbs() {
				got = append(got, string(v))
			}
			if diff := cmp.Diff(possible(s), got); diff != "" {
				t.Errorf("%s.Verbs() (-want +got):\n%s", s, diff)
			}
			for _, v := range verbs {
				next, err := s.Next(v)
				if want, ok := leads(s, v); ok {
					if err != nil || next != want {
						t.Errorf("%s.Next(%s) = %s, %v, want %s", s, v, next, err, want)
					}
					continue
				}
				if next != "" || !errors.Is(err, casework.ErrNotAllowed) {
					t.Errorf("%s.Next(%s) = %q, %v, want ErrNotAllowed", s, v, next, err)
				}
				got, _ := errors.AsType[*casework.StateError](err)
				want := &casework.StateError{Move: string(v), State: string(s), Possible: possible(s)}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s.Next(%s) refuses (-want +got):\n%s", s, v, diff)
				}
			}
		})
	}
}

// From every state a proposal can come to an end, and what has ended stays so. One
// that is closed has its end, but for a proposer who answers late and is not
// satisfied.
func TestEveryStateIsReachedAndEnds(t *testing.T) {
	t.Parallel()
	reach := func(from casework.State) []casework.State {
		seen := []casework.State{from}
		for i := 0; i < len(seen); i++ {
			for _, v := range seen[i].Verbs() {
				if v == casework.TermEnded {
					continue
				}
				if next, _ := seen[i].Next(v); !slices.Contains(seen, next) {
					seen = append(seen, next)
				}
			}
		}
		return seen
	}
	ends := []casework.State{casework.Returned, casework.Withdrawn}
	if got := reach(casework.Received); len(got) != len(casework.States) {
		t.Errorf("from received, only %v are reached", got)
	}
	for _, s := range casework.States {
		after := reach(s)
		if slices.Contains(ends, s) {
			if len(after) != 1 {
				t.Errorf("%s is an end, and %v follow", s, after[1:])
			}
			continue
		}
		if !slices.Contains(after, casework.Closed) && !slices.ContainsFunc(after, func(s casework.State) bool { return slices.Contains(ends, s) }) {
			t.Errorf("from %s no end is reached, only %v", s, after)
		}
	}
}

func ExampleState_Next() {
	next, _ := casework.Received.Next(casework.Accept)
	fmt.Println(next)
	_, err := casework.Received.Next(casework.Issue)
	fmt.Println(err)
	// Output:
	// accepted
	// cannot issue in state received; possible now: accept, decide_extension, pause_deadline, request_extension, request_return, resume_deadline, withdraw
}

// The state machine: every verb that moves a proposal on.
func Example() {
	fmt.Print(casework.Diagram())
	// Output:
	// received --accept--> accepted
	// received --request_return--> return_requested
	// received --withdraw--> withdrawn
	// return_requested --grant_return--> returned
	// return_requested --refuse_return--> received
	// return_requested --withdraw--> withdrawn
	// accepted --assign--> drafting
	// accepted --close_without_letter--> closed
	// accepted --withdraw--> withdrawn
	// drafting --close_without_letter--> closed
	// drafting --submit--> reviewing
	// drafting --withdraw--> withdrawn
	// reviewing --send_back--> drafting
	// reviewing --sign--> signed
	// reviewing --withdraw--> withdrawn
	// signed --issue--> issued
	// signed --send_back--> drafting
	// signed --withdraw--> withdrawn
	// issued --complete--> answered
	// answered --close--> closed
	// answered --redo--> drafting
	// closed --redo--> drafting
	// closed --term_ended--> answered
}
