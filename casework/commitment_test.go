package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
)

// pledges is what design.md §3 says of commitments, and who may do it to one
// that the other handler owns, that is offered to the head, urged and contested.
// The order is that of [casework.CommitmentActs].
var pledges = []struct {
	verb casework.CommitmentVerb
	from string
	to   casework.CommitmentState
	may  string
}{
	{"take_over", "open done", sameState, "head"},
	{"decline_offer", "open done", sameState, "head"},
	{"confirm", "noted", "open", "office,office overseen,handler,other handler"},
	{"waive", "noted", "waived", "office,office overseen,handler,other handler"},
	{"receive_urge", "open done kept dropped", sameState, "office,office overseen,other handler"},
	{"answer_urge", "open done kept dropped", sameState, "office,office overseen,other handler"},
	{"report_progress", "open", "open", "office,office overseen,other handler"},
	{"report_done", "open", "done", "other handler"},
	{"verify_kept", "done", "kept", "office,office overseen,head,other head,leader,government,cppcc"},
	{"verify_not_kept", "done", "open", "office,office overseen,head,other head,leader,government,cppcc"},
	{"say_kept", "kept", "kept", "office,office overseen,government,cppcc,proposer,co-proposer"},
	{"say_not_kept", "kept", "kept", "office,office overseen,government,cppcc,proposer,co-proposer"},
	{"change_due_day", "open", "open", "office,office overseen,handler,other handler"},
	{"offer", "open done", sameState, "office,office overseen,other handler"},
	{"withdraw_offer", "open done", sameState, "office,office overseen,other handler"},
	{"drop", "open", "dropped", "office,office overseen"},
	{"uphold", "kept", "kept", "government,cppcc"},
	{"reopen", "kept", "open", "office,office overseen,government,cppcc"},
	{"urge", "open", "open", "government,cppcc"},
	{"carry_over", "open done", sameState, ""},
}

// sameState stands for the state that a verb is done in.
const sameState casework.CommitmentState = "same"

// pledgeLeads returns where v leads from s, and whether it leads anywhere.
func pledgeLeads(s casework.CommitmentState, v casework.CommitmentVerb) (casework.CommitmentState, bool) {
	for _, p := range pledges {
		if p.verb == v && slices.Contains(strings.Fields(p.from), string(s)) {
			if p.to == sameState {
				return s, true
			}
			return p.to, true
		}
	}
	return "", false
}

// pledgesIn returns what can be done to a commitment in s, sorted.
func pledgesIn(s casework.CommitmentState) []string {
	out := []string{}
	for _, p := range pledges {
		if _, ok := pledgeLeads(s, p.verb); ok {
			out = append(out, string(p.verb))
		}
	}
	slices.Sort(out)
	return out
}

func TestCommitmentTransitions(t *testing.T) {
	t.Parallel()
	want := []casework.CommitmentState{"noted", "open", "done", "kept", "waived", "dropped"}
	if diff := cmp.Diff(want, casework.CommitmentStates); diff != "" {
		t.Errorf("CommitmentStates (-want +got):\n%s", diff)
	}
	for _, s := range append(want, "", "unknown") {
		for _, p := range pledges {
			next, err := s.Next(p.verb)
			if want, ok := pledgeLeads(s, p.verb); ok {
				if err != nil || next != want {
					t.Errorf("%s.Next(%s) = %s, %v, want %s", s, p.verb, next, err, want)
				}
				continue
			}
			if next != "" || !errors.Is(err, casework.ErrNotAllowed) {
				t.Errorf("%s.Next(%s) = %q, %v, want ErrNotAllowed", s, p.verb, next, err)
			}
			got, _ := errors.AsType[*casework.StateError](err)
			want := &casework.StateError{Move: string(p.verb), State: string(s), Possible: pledgesIn(s)}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s.Next(%s) refuses (-want +got):\n%s", s, p.verb, diff)
			}
		}
		if _, err := s.Next("eat"); !errors.Is(err, casework.ErrNotAllowed) {
			t.Errorf("%s.Next(eat): %v, want ErrNotAllowed", s, err)
		}
	}
}

// pledge is a commitment of the letter to a proposal that is answered.
func pledge(s casework.CommitmentState, owner int64) casework.CommitmentStanding {
	return casework.CommitmentStanding{State: s, OwnerID: owner, Unasked: true, Unspoken: true, Proposal: standing(casework.Answered, "")}
}

// troubled is one in which nothing but the state bars any verb.
func troubled(s casework.CommitmentState, owner int64) casework.CommitmentStanding {
	out := pledge(s, owner)
	out.OfferedTo, out.Unreceived, out.Unanswered, out.Contested = users["head"].ID, true, true, true
	return out
}

func TestDoCommitment(t *testing.T) {
	t.Parallel()
	owner := users["other handler"].ID
	for _, p := range pledges {
		t.Run(string(p.verb), func(t *testing.T) {
			t.Parallel()
			may := strings.Split(p.may, ",")
			for _, s := range casework.CommitmentStates {
				for name, u := range users {
					var want error
					switch {
					case slices.Contains(unseeing, name):
						want = casework.ErrNotFound
					case !slices.Contains(strings.Fields(p.from), string(s)):
						want = casework.ErrNotAllowed
					case !slices.Contains(may, name):
						want = casework.ErrForbidden
					}
					got, err := u.DoCommitment(p.verb, troubled(s, owner))
					if to, _ := pledgeLeads(s, p.verb); want == nil && (err != nil || got != to) {
						t.Errorf("%s does %s to one %s: %q, %v, want %s", name, p.verb, s, got, err, to)
					}
					if want != nil && (!errors.Is(err, want) || got != "") {
						t.Errorf("%s does %s to one %s: %q, %v, want error %q", name, p.verb, s, got, err, want)
					}
				}
			}
		})
	}
}

// TestOwnerIsNotJudge lets everyone who may judge own the commitment in turn:
// they report, and the others judge.
func TestOwnerIsNotJudge(t *testing.T) {
	t.Parallel()
	judges := []string{"office", "head", "other head", "leader", "government", "cppcc"}
	for _, owner := range append(judges, "handler", "helping handler") {
		s := pledge(casework.Done, users[owner].ID)
		for _, v := range []casework.CommitmentVerb{casework.VerifyKept, casework.VerifyNotKept} {
			for _, judge := range judges {
				_, err := users[judge].DoCommitment(v, s)
				if owner == judge && !errors.Is(err, casework.ErrForbidden) {
					t.Errorf("%s does %s to their own commitment: %v, want ErrForbidden", judge, v, err)
				}
				if owner != judge && err != nil {
					t.Errorf("%s does %s to one of %s: %v", judge, v, owner, err)
				}
			}
		}
	}
	all := casework.User{ID: 40, Roles: casework.Roles, OrganID: ours, Oversight: casework.OverseesGovernment}
	_, err := all.DoCommitment(casework.VerifyKept, pledge(casework.Done, all.ID))
	if want := "verify_kept this commitment: forbidden"; !errors.Is(err, casework.ErrForbidden) || err.Error() != want {
		t.Errorf("an owner who has every role judges: %v, want %q", err, want)
	}
}

// TestOwnersRights holds what owning a commitment adds to a user's rights.
func TestOwnersRights(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"office":          "report_progress report_done change_due_day offer drop",
		"head":            "report_progress report_done offer",
		"leader":          "report_progress report_done offer",
		"handler":         "report_progress report_done change_due_day offer",
		"other handler":   "report_progress report_done change_due_day offer",
		"helping office":  "", // of another organ
		"helping handler": "",
		"government":      "urge",
		"proposer":        "",
		"foreign handler": "", // owns what it cannot see
	} {
		if got := commitmentMoves(users[name], pledge(casework.Open, users[name].ID)); got != want {
			t.Errorf("moves of %s in their own open commitment: %q, want %q", name, got, want)
		}
	}
}

// TestCommitmentMovesAreWhatIsDone asks of each act, state and user by both ways.
func TestCommitmentMovesAreWhatIsDone(t *testing.T) {
	t.Parallel()
	for _, a := range casework.CommitmentActs {
		for _, state := range casework.CommitmentStates {
			for name, u := range users {
				s := pledge(state, u.ID)
				_, err := u.DoCommitment(a.Verb, s)
				listed := slices.ContainsFunc(u.CommitmentMoves(s), func(b casework.CommitmentAct) bool { return b.Verb == a.Verb })
				if listed != (err == nil) {
					t.Errorf("%s, %s in %s: %v, and among the moves: %t", name, a.Verb, state, err, listed)
				}
			}
		}
	}
}

func commitmentMoves(u casework.User, s casework.CommitmentStanding) string {
	var out []string
	for _, a := range u.CommitmentMoves(s) {
		out = append(out, string(a.Verb))
	}
	return strings.Join(out, " ")
}

func TestCommitmentMoves(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		user  string
		state casework.CommitmentState
		want  string // in the order of the table
	}{
		{"office", casework.Noted, "confirm waive"},
		{"handler", casework.Noted, "confirm waive"},
		{"other handler", casework.Noted, ""},
		{"office", casework.Open, "report_progress change_due_day offer drop"},
		{"handler", casework.Open, "change_due_day"},
		{"government", casework.Open, "urge"},
		{"leader", casework.Done, "verify_kept verify_not_kept"},
		{"office", casework.Kept, "say_kept say_not_kept reopen"},
		{"cppcc", casework.Kept, "say_kept say_not_kept reopen"},
		{"office", casework.Waived, ""},
		{"office", casework.Dropped, ""},
		{"admin", casework.Open, ""},
		{"npc", casework.Open, ""},
		{"program", casework.Noted, ""}, // nobody owns it, and so does not the zero User
	} {
		if got := commitmentMoves(users[tt.user], pledge(tt.state, 0)); got != tt.want {
			t.Errorf("moves of %s in one %s that nobody owns: %q, want %q", tt.user, tt.state, got, tt.want)
		}
	}
	npc := pledge(casework.Open, 0)
	npc.Proposal.Kind = casework.NPCSuggestion
	for name, want := range map[string]string{"government": "urge", "npc": "urge", "cppcc": ""} {
		if got := commitmentMoves(users[name], npc); got != want {
			t.Errorf("moves of %s in a commitment to a 代表建议: %q, want %q", name, got, want)
		}
	}
}

// pledgeCallers are the roles that may call for each verb at all.
var pledgeCallers = map[string]string{
	"office handler":             "confirm waive change_due_day",
	"office handler reviewer":    "take_over decline_offer receive_urge answer_urge report_progress report_done offer withdraw_offer",
	"office reviewer supervisor": "verify_kept verify_not_kept",
	"delegate office supervisor": "say_kept say_not_kept",
	"office":                     "drop",
	"office supervisor":          "reopen",
	"supervisor":                 "uphold urge",
	"":                           "carry_over",
}

func TestCommitmentActs(t *testing.T) {
	t.Parallel()
	var want, got []casework.CommitmentVerb
	for _, p := range pledges {
		want = append(want, p.verb)
	}
	labels := map[string]casework.CommitmentVerb{}
	for _, a := range casework.CommitmentActs {
		got = append(got, a.Verb)
		if other, taken := labels[a.Label]; taken || a.Label == "" {
			t.Errorf("%s has the label %q, as %q has", a.Verb, a.Label, other)
		}
		labels[a.Label] = a.Verb
		if a.Verb.Label() != a.Label || (a.RPC == "") != (a.Verb == casework.CarryOver) {
			t.Errorf("%s has the label %q and the RPC %q", a.Verb, a.Verb.Label(), a.RPC)
		}
		if who := rolesOf(a.Roles); !slices.Contains(strings.Fields(pledgeCallers[who]), string(a.Verb)) {
			t.Errorf("%s may be called by %q", a.Verb, who)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("verbs of CommitmentActs (-want +got):\n%s", diff)
	}
}

// TestWhoReportedDoesNotJudge: a promise that was handed on after it was said to
// be done is not judged by who said so.
func TestWhoReportedDoesNotJudge(t *testing.T) {
	t.Parallel()
	s := pledge(casework.Done, users["other handler"].ID)
	s.ReportedBy = users["head"].ID
	if _, err := users["head"].DoCommitment(casework.VerifyKept, s); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("who said that it was done judges: %v, want ErrForbidden", err)
	}
	if _, err := users["leader"].DoCommitment(casework.VerifyKept, s); err != nil {
		t.Errorf("somebody else judges: %v", err)
	}
}

// TestCommitmentBars asks for what the state alone would allow.
func TestCommitmentBars(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		verb  casework.CommitmentVerb
		state casework.CommitmentState
		user  string
		why   string
	}{
		{casework.TakeOver, casework.Open, "head", "没有待接手的转交"},
		{casework.DeclineOffer, casework.Done, "head", "没有待接手的转交"},
		{casework.WithdrawOffer, casework.Open, "office", "没有待接手的转交"},
		{casework.ReceiveUrge, casework.Open, "office", "没有待签收的催办件"},
		{casework.AnswerUrge, casework.Dropped, "office", "没有待答复的催办件"},
		{casework.SayKept, casework.Kept, "proposer", "各提出人均已表示意见"},
		{casework.SayNotKept, casework.Kept, "cppcc", "各提出人均已表示意见"},
		{casework.Uphold, casework.Kept, "cppcc", "没有待决定的不同意见"},
	} {
		s := pledge(tt.state, 1)
		s.Unasked, s.Unspoken = false, false
		_, err := users[tt.user].DoCommitment(tt.verb, s)
		refused, ok := errors.AsType[*casework.StateError](err)
		if !ok || refused.Why != tt.why || slices.Contains(refused.Possible, string(tt.verb)) {
			t.Errorf("%s to one %s: %v, want %q and the verb not among what is possible", tt.verb, tt.state, err, tt.why)
		}
		if next, err := users[tt.user].DoCommitment(tt.verb, troubled(tt.state, 1)); err != nil || next != tt.state {
			t.Errorf("%s to one %s that asks for it: %s, %v", tt.verb, tt.state, next, err)
		}
	}
}

// TestProposerSpeaksOnce: each proposer for themselves, once.
func TestProposerSpeaksOnce(t *testing.T) {
	t.Parallel()
	s := pledge(casework.Kept, users["handler"].ID)
	s.Spoken = []int64{users["proposer"].ID}
	for name, want := range map[string]error{"proposer": casework.ErrForbidden, "co-proposer": nil, "delegate": casework.ErrNotFound} {
		if _, err := users[name].DoCommitment(casework.SayNotKept, s); !errors.Is(err, want) {
			t.Errorf("%s speaks: %v, want %v", name, err, want)
		}
	}
}

func TestUnsettled(t *testing.T) {
	t.Parallel()
	for _, s := range casework.CommitmentStates {
		if got, want := s.Unsettled(), s == casework.Open || s == casework.Done; got != want {
			t.Errorf("%s.Unsettled() = %v", s, got)
		}
	}
}
