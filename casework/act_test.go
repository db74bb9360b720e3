package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
)

// The organs and divisions of the users below.
const (
	ours, helping, foreign = 1, 2, 3
	division, otherOne     = 11, 12
)

func roles(list ...casework.Role) []casework.Role { return list }

// users are one of each standing to the proposal of [standing].
var users = map[string]casework.User{
	"admin":           {ID: 1, Roles: roles(casework.Admin), OrganID: ours},
	"office":          {ID: 2, Roles: roles(casework.Office), OrganID: ours},
	"head":            {ID: 3, Roles: roles(casework.Reviewer), OrganID: ours, DivisionID: division},
	"other head":      {ID: 4, Roles: roles(casework.Reviewer), OrganID: ours, DivisionID: otherOne},
	"leader":          {ID: 5, Roles: roles(casework.Reviewer), OrganID: ours},
	"handler":         {ID: 6, Roles: roles(casework.Handler), OrganID: ours, DivisionID: division},
	"other handler":   {ID: 7, Roles: roles(casework.Handler), OrganID: ours, DivisionID: division},
	"helping office":  {ID: 8, Roles: roles(casework.Office), OrganID: helping},
	"helping handler": {ID: 9, Roles: roles(casework.Handler), OrganID: helping, DivisionID: division},
	"helping leader":  {ID: 10, Roles: roles(casework.Reviewer), OrganID: helping},
	"government":      {ID: 11, Roles: roles(casework.Supervisor), OrganID: 4, Oversight: casework.OverseesGovernment},
	"cppcc":           {ID: 12, Roles: roles(casework.Supervisor), OrganID: 5, Oversight: casework.OverseesCPPCC},
	"proposer":        {ID: 13, Roles: roles(casework.Delegate)},
	"co-proposer":     {ID: 14, Roles: roles(casework.Delegate)},
	"office overseen": {ID: 15, Roles: roles(casework.Office), OrganID: ours, Oversight: casework.OverseesGovernment},
	"helping npc":     {ID: 16, Roles: roles(casework.Office, casework.Supervisor), OrganID: helping, Oversight: casework.OverseesNPC},

	"foreign office":  {ID: 21, Roles: roles(casework.Office), OrganID: foreign},
	"foreign head":    {ID: 22, Roles: roles(casework.Reviewer), OrganID: foreign, DivisionID: division},
	"foreign leader":  {ID: 23, Roles: roles(casework.Reviewer), OrganID: foreign},
	"foreign handler": {ID: 24, Roles: roles(casework.Handler), OrganID: foreign, DivisionID: division},
	"npc":             {ID: 25, Roles: roles(casework.Supervisor), OrganID: 6, Oversight: casework.OverseesNPC},
	"no oversight":    {ID: 26, Roles: roles(casework.Supervisor), OrganID: ours},
	"overseeing":      {ID: 27, Roles: roles(casework.Office), OrganID: 4, Oversight: casework.OverseesGovernment},
	"delegate":        {ID: 28, Roles: roles(casework.Delegate)},
	"no role":         {ID: 29, OrganID: ours},
	"program":         {},
}

// unseeing are the users who may not know of the proposal.
var unseeing = strings.Split("foreign office,foreign head,foreign leader,foreign handler,npc,no oversight,overseeing,delegate,no role,program", ",")

// standing is that of a 提案 in state s in which nothing but the state bars v.
func standing(s casework.State, v casework.Verb) casework.Standing {
	out := casework.Standing{
		Kind: casework.CPPCCProposal, State: s, OrganID: ours, Helpers: []int64{helping}, DivisionID: division,
		HandlerID: 6, AuthorID: 6, Proposers: []int64{13, 14}, NoWrittenReply: true,
		ExtensionAsked: true, Runs: true, Paused: true, Public: v == casework.TakeDown, Unexplained: v == casework.ExplainTermEnd,
		Awaited: []int64{13, 0}, Unspoken: []int64{13}, Dissatisfied: true,
	}
	if v == casework.Sign {
		out.Passed = len(casework.ReviewSteps)
	}
	return out
}

// rights say who may do what, where its state allows it.
var rights = map[casework.Verb]string{
	"receive":              "",
	"accept":               "office,office overseen",
	"request_return":       "office,office overseen",
	"grant_return":         "government,cppcc",
	"refuse_return":        "government,cppcc",
	"assign":               "office,office overseen",
	"request_opinion":      "office,office overseen,handler",
	"submit_opinion":       "helping office,helping handler,helping npc",
	"record_contact":       "office,office overseen,handler",
	"request_extension":    "office,office overseen",
	"decide_extension":     "government,cppcc",
	"pause_deadline":       "government,cppcc",
	"resume_deadline":      "government,cppcc",
	"withdraw":             "government,cppcc",
	"redo":                 "government,cppcc",
	"decline_redo":         "government,cppcc",
	"close":                "office,office overseen",
	"close_without_letter": "office,office overseen",
	"save_draft":           "office,office overseen,handler",
	"submit":               "handler",
	"approve":              "head,leader", // of the first step
	"send_back":            "office,office overseen,head,leader",
	"sign":                 "leader",
	"issue":                "office,office overseen",
	"correct":              "office,office overseen",
	"record_delivery":      "office,office overseen",
	"send_copy":            "office,office overseen",
	"acknowledge_copy":     "government,cppcc",
	"complete":             "",
	"give_feedback":        "office,office overseen,government,cppcc,proposer,co-proposer",
	"publish":              "office,office overseen",
	"take_down":            "office,office overseen",
	"plan_promise":         "office,office overseen,handler",
	"waive_promise":        "office,office overseen,handler",
	"term_ended":           "",
	"explain_term_end":     "office,office overseen",
}

// TestDo asks for every verb, in every state, by everyone. Who may not see the
// proposal learns nothing of it, not even that the state is wrong; who sees it
// learns of the state first.
func TestDo(t *testing.T) {
	t.Parallel()
	for _, m := range moves {
		t.Run(string(m.verb), func(t *testing.T) {
			t.Parallel()
			may := strings.Split(rights[m.verb], ",")
			for _, s := range casework.States {
				next, moves := leads(s, m.verb)
				for name, u := range users {
					var want error
					switch {
					case slices.Contains(unseeing, name):
						want = casework.ErrNotFound
					case !moves:
						want = casework.ErrNotAllowed
					case !slices.Contains(may, name):
						want = casework.ErrForbidden
					}
					got, err := u.Do(m.verb, standing(s, m.verb))
					if want == nil && (err != nil || got != next) {
						t.Errorf("%s does %s in %s: %q, %v, want %s", name, m.verb, s, got, err, next)
					}
					if want != nil && (!errors.Is(err, want) || got != "") {
						t.Errorf("%s does %s in %s: %q, %v, want error %q", name, m.verb, s, got, err, want)
					}
				}
			}
		})
	}
}

func TestForbiddenNamesTheVerb(t *testing.T) {
	t.Parallel()
	_, err := users["handler"].Do(casework.Accept, standing(casework.Received, casework.Accept))
	if want := "accept this proposal: forbidden"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %q", err, want)
	}
}

// callers are the roles that may call for each verb at all.
var callers = map[string]string{
	"office":                     "accept request_return assign request_extension close close_without_letter issue correct record_delivery send_copy publish take_down explain_term_end",
	"supervisor":                 "grant_return refuse_return decide_extension pause_deadline resume_deadline withdraw redo decline_redo acknowledge_copy",
	"office supervisor":          "receive",
	"delegate office supervisor": "give_feedback",
	"office handler":             "request_opinion submit_opinion record_contact save_draft plan_promise waive_promise",
	"handler":                    "submit",
	"reviewer office":            "approve send_back",
	"reviewer":                   "sign",
	"":                           "complete term_ended",
}

// rolesOf spells roles as callers does.
func rolesOf(list []casework.Role) string {
	var out []string
	for _, r := range list {
		out = append(out, string(r))
	}
	return strings.Join(out, " ")
}

// Every verb has one row, in the order of the work, and a name of its own.
func TestActs(t *testing.T) {
	t.Parallel()
	var want, got []casework.Verb
	for _, m := range moves {
		want = append(want, m.verb)
	}
	want = slices.Compact(want) // a verb that leads to two states has two lines
	labels := map[string]casework.Verb{}
	for _, a := range casework.Acts {
		got = append(got, a.Verb)
		if other, taken := labels[a.Label]; taken || a.Label == "" {
			t.Errorf("%s has the label %q, as %q has", a.Verb, a.Label, other)
		}
		labels[a.Label] = a.Verb
		if a.Verb.Label() != a.Label {
			t.Errorf("%s.Label() = %q, want %q", a.Verb, a.Verb.Label(), a.Label)
		}
		if program := a.Verb == casework.Complete || a.Verb == casework.TermEnded; program != (a.RPC == "") || program != (len(a.Roles) == 0) {
			t.Errorf("%s has the RPC %q and the roles %v; only the program completes", a.Verb, a.RPC, a.Roles)
		}
		if who := rolesOf(a.Roles); !slices.Contains(strings.Fields(callers[who]), string(a.Verb)) {
			t.Errorf("%s may be called by %q", a.Verb, who)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("verbs of Acts (-want +got):\n%s", diff)
	}
}

func TestVerbLabel(t *testing.T) {
	t.Parallel()
	for v, want := range map[casework.Verb]string{
		casework.Accept:                "签收",
		casework.Sign:                  "签发",
		casework.Complete:              "办复",
		casework.RecordCommitments:     "登记承诺事项",
		casework.CopySent:              "抄送件已发出",
		casework.Import:                "补录复文",
		casework.Verb(casework.Reopen): "重新办理", // one history holds the events of both
		"eat":                          "eat",
	} {
		if got := v.Label(); got != want {
			t.Errorf("%s.Label() = %q, want %q", v, got, want)
		}
	}
}

func TestOversight(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		oversight  casework.Oversight
		cppcc, npc bool
	}{
		{casework.OverseesNothing, false, false},
		{casework.OverseesGovernment, true, true},
		{casework.OverseesCPPCC, true, false},
		{casework.OverseesNPC, false, true},
		{"moon", false, false},
	} {
		for kind, want := range map[casework.Kind]bool{casework.CPPCCProposal: tt.cppcc, casework.NPCSuggestion: tt.npc} {
			if got := tt.oversight.Covers(kind); got != want {
				t.Errorf("%q covers %s: %v, want %v", tt.oversight, kind, got, want)
			}
			s := standing(casework.Received, casework.Withdraw)
			s.Kind = kind
			u := casework.User{ID: 30, Roles: roles(casework.Supervisor), OrganID: 4, Oversight: tt.oversight}
			if _, err := u.Do(casework.Withdraw, s); want != (err == nil) || !want && !errors.Is(err, casework.ErrNotFound) {
				t.Errorf("%q withdraws a %s: %v", tt.oversight, kind, err)
			}
			if u.Sees(s) != want || u.SeesDrafts(s) {
				t.Errorf("%q sees a %s: %v, its drafts: %v; want %v and no drafts", tt.oversight, kind, u.Sees(s), u.SeesDrafts(s), want)
			}
		}
	}
}

func TestSees(t *testing.T) {
	t.Parallel()
	noDrafts := []string{"government", "cppcc", "proposer", "co-proposer"}
	for _, state := range casework.States {
		s := standing(state, "")
		for name, u := range users {
			sees := !slices.Contains(unseeing, name)
			if got := u.Sees(s); got != sees {
				t.Errorf("%s sees a proposal that is %s: %v, want %v", name, state, got, sees)
			}
			drafts := sees && !slices.Contains(noDrafts, name)
			if got := u.SeesDrafts(s); got != drafts {
				t.Errorf("%s sees the drafts of a proposal that is %s: %v, want %v", name, state, got, drafts)
			}
		}
	}
	lone := standing(casework.Drafting, "")
	lone.Helpers = nil
	for name, want := range map[string]bool{"helping office": false, "helping handler": false, "helping leader": false, "office": true} {
		if got := users[name].Sees(lone); got != want {
			t.Errorf("%s sees a proposal without helpers: %v, want %v", name, got, want)
		}
	}
	both := casework.User{ID: 13, Roles: roles(casework.Delegate, casework.Handler), OrganID: foreign}
	if s := standing(casework.Drafting, ""); !both.Sees(s) || both.SeesDrafts(s) {
		t.Errorf("a proposer who handles elsewhere sees %v, drafts %v; want the proposal alone", both.Sees(s), both.SeesDrafts(s))
	}
}

// TestReviewOrder asks who may approve and sign as the steps pass. Nobody does
// so with their own draft, whatever their roles.
func TestReviewOrder(t *testing.T) {
	t.Parallel()
	all := map[string]casework.User{
		"all roles": {ID: 40, Roles: roles(casework.Office, casework.Reviewer, casework.Handler), OrganID: ours},
		"deputy":    {ID: 41, Roles: roles(casework.Reviewer, casework.Handler), OrganID: ours, DivisionID: division},
	}
	for _, name := range []string{"admin", "office", "head", "other head", "leader", "handler", "helping office", "helping leader", "government"} {
		all[name] = users[name]
	}
	for _, tt := range []struct {
		verb   casework.Verb
		passed int
		author string
		may    string
		why    string // of the refusal to everyone
	}{
		{verb: "approve", passed: 0, author: "handler", may: "all roles,deputy,head,leader"},
		{verb: "approve", passed: 0, author: "head", may: "all roles,deputy,leader"},
		{verb: "approve", passed: 0, author: "leader", may: "all roles,deputy,head"},
		{verb: "approve", passed: 0, author: "deputy", may: "all roles,head,leader"},
		{verb: "approve", passed: 0, author: "all roles", may: "deputy,head,leader"},
		{verb: "approve", passed: 1, author: "handler", may: "all roles,office"},
		{verb: "approve", passed: 1, author: "office", may: "all roles"},
		{verb: "approve", passed: 1, author: "all roles", may: "office"},
		{verb: "approve", passed: 2, author: "handler", why: "各审核环节均已通过，待签发"},
		{verb: "sign", passed: 0, author: "handler", why: "还没有通过处室审核"},
		{verb: "sign", passed: 1, author: "handler", why: "还没有通过办公室核稿"},
		{verb: "sign", passed: 2, author: "handler", may: "all roles,leader"},
		{verb: "sign", passed: 2, author: "leader", may: "all roles"},
		{verb: "sign", passed: 2, author: "all roles", may: "leader"},
		{verb: "send_back", passed: 0, author: "handler", may: "all roles,deputy,head,leader,office"},
		{verb: "send_back", passed: 1, author: "leader", may: "all roles,deputy,head,leader,office"},
		{verb: "send_back", passed: 2, author: "office", may: "all roles,deputy,head,leader,office"},
	} {
		s := standing(casework.Reviewing, tt.verb)
		s.Passed, s.AuthorID = tt.passed, all[tt.author].ID
		may := []string{}
		for name, u := range all {
			_, err := u.Do(tt.verb, s)
			if err == nil {
				may = append(may, name)
				continue
			}
			refusal, ofState := errors.AsType[*casework.StateError](err)
			if ofState != (tt.why != "") || ofState && refusal.Why != tt.why {
				t.Errorf("%s does %s of %s's draft after %d steps: %v, want %q", name, tt.verb, tt.author, tt.passed, err, tt.why)
			}
		}
		slices.Sort(may)
		if got := strings.Join(may, ","); got != tt.may {
			t.Errorf("%s of %s's draft after %d steps: %q may, want %q", tt.verb, tt.author, tt.passed, got, tt.may)
		}
	}
	if diff := cmp.Diff([]string{"处室审核", "办公室核稿"}, casework.ReviewSteps); diff != "" || casework.SignStep != "签发" {
		t.Errorf("steps (-want +got):\n%s, and last %s", diff, casework.SignStep)
	}
}

// TestBars holds what more than the state bars a verb, and that a refusal does
// not offer what is barred.
func TestBars(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		verb   casework.Verb
		state  casework.State
		change func(*casework.Standing)
		why    string
		gone   []string // beside the verb
	}{
		"no letter, but one is wanted": {
			casework.CloseWithoutLetter, casework.Accepted,
			func(s *casework.Standing) { s.NoWrittenReply = false },
			"提出人需要书面答复", nil,
		},
		"no letter, but one is wanted, while drafting": {
			casework.CloseWithoutLetter, casework.Drafting,
			func(s *casework.Standing) { s.NoWrittenReply, s.Helpers = false, nil },
			"提出人需要书面答复",
			[]string{"submit_opinion"},
		},
		"opinion that nobody asked for": {
			casework.SubmitOpinion, casework.Drafting,
			func(s *casework.Standing) { s.Helpers = nil },
			"没有征求过会办意见", nil,
		},
		"signature before review": {
			casework.Sign, casework.Reviewing,
			func(s *casework.Standing) { s.Passed = 0 },
			"还没有通过处室审核", nil,
		},
		"a third review": {
			casework.Approve, casework.Reviewing,
			func(s *casework.Standing) { s.Passed = 2 },
			"各审核环节均已通过，待签发", nil,
		},
		"a pause where nothing runs": {
			casework.PauseDeadline, casework.Answered,
			func(s *casework.Standing) { s.Runs = false },
			"没有正在计算的期限", nil,
		},
		"an end with promises not explained": {
			casework.Close, casework.Answered,
			func(s *casework.Standing) { s.Unexplained = true },
			"换届时还有承诺没有兑现，应先向提出人作出书面说明", nil,
		},
		"an explanation of nothing": {
			casework.ExplainTermEnd, casework.Answered,
			func(s *casework.Standing) { s.Unexplained = false },
			"没有待说明的换届事项", nil,
		},
		"a redo after one was declined": {
			casework.Redo, casework.Answered,
			func(s *casework.Standing) { s.RedoDeclined, s.Dissatisfied = true, false },
			"本轮已决定不予二次办理",
			[]string{"decline_redo"},
		},
		"a redo that nobody asks for any more": {
			casework.Redo, casework.Closed,
			func(s *casework.Standing) { s.Dissatisfied = false },
			"没有待决定的不满意反馈",
			[]string{"decline_redo"},
		},
		"no redo where nobody is dissatisfied": {
			casework.DeclineRedo, casework.Answered,
			func(s *casework.Standing) { s.Dissatisfied = false },
			"没有待决定的不满意反馈", nil,
		},
		"a resume where nothing rests": {
			casework.ResumeDeadline, casework.Received,
			func(s *casework.Standing) { s.Paused = false },
			"没有暂停的期限", nil,
		},
	} {
		s := standing(tt.state, tt.verb)
		tt.change(&s)
		left := slices.DeleteFunc(possible(tt.state), func(v string) bool {
			return v == string(tt.verb) || v == "take_down" || v == "term_ended" || v == "explain_term_end" && !s.Unexplained || slices.Contains(tt.gone, v) // nothing is public, no term is over
		})
		want := &casework.StateError{Move: string(tt.verb), State: string(tt.state), Possible: left, Why: tt.why}
		_, err := users["office"].Do(tt.verb, s)
		got, _ := errors.AsType[*casework.StateError](err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if _, err := users["delegate"].Do(tt.verb, s); !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("%s: a stranger learns %v, want ErrNotFound", name, err)
		}
	}
}

// A proposal that is not on record yet has no standing: who may put it there
// depends on its kind and its organ alone.
func TestMayReceive(t *testing.T) {
	t.Parallel()
	for kind, names := range map[casework.Kind]string{
		casework.CPPCCProposal: "cppcc,government,office,office overseen",
		casework.NPCSuggestion: "government,helping npc,npc,office,office overseen",
	} {
		may := []string{}
		for name, u := range users {
			err := u.MayReceive(kind, ours)
			if err == nil {
				may = append(may, name)
			} else if !errors.Is(err, casework.ErrForbidden) {
				t.Errorf("%s receives a %s: %v, want ErrForbidden", name, kind, err)
			}
		}
		slices.Sort(may)
		if got := strings.Join(may, ","); got != names {
			t.Errorf("%q may receive a %s, want %q", got, kind, names)
		}
	}
}

func TestMoves(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		user  string
		state casework.State
		want  string // in the order of the table
	}{
		{"office", casework.Received, "accept request_return request_extension"},
		{"government", casework.Received, "decide_extension withdraw pause_deadline resume_deadline"},
		{"government", casework.ReturnRequested, "grant_return refuse_return withdraw pause_deadline resume_deadline"},
		{"office", casework.ReturnRequested, ""},
		{"office", casework.Accepted, "assign request_opinion record_contact request_extension close_without_letter"},
		{"handler", casework.Drafting, "request_opinion record_contact save_draft plan_promise waive_promise submit"},
		{"helping office", casework.Drafting, "submit_opinion"},
		{"head", casework.Reviewing, "approve send_back"},
		{"other head", casework.Reviewing, ""},
		{"office", casework.Reviewing, "record_contact request_extension plan_promise waive_promise send_back"},
		{"leader", casework.Signed, "send_back"},
		{"office", casework.Signed, "record_contact request_extension plan_promise waive_promise send_back issue"},
		{"office", casework.Issued, "record_contact correct record_delivery send_copy give_feedback publish"},
		{"cppcc", casework.Issued, "acknowledge_copy give_feedback pause_deadline resume_deadline"},
		{"office", casework.Answered, "record_contact close correct give_feedback publish"},
		{"cppcc", casework.Answered, "redo decline_redo acknowledge_copy give_feedback pause_deadline resume_deadline"},
		{"office", casework.Closed, "give_feedback publish"},
		{"cppcc", casework.Closed, "redo decline_redo acknowledge_copy give_feedback pause_deadline resume_deadline"},
		{"office", casework.Withdrawn, ""},
		{"admin", casework.Received, ""},
		{"proposer", casework.Answered, "give_feedback"},
		{"co-proposer", casework.Answered, ""}, // who has no letter, or has answered
		{"foreign office", casework.Received, ""},
		{"program", casework.Issued, ""},
	} {
		var got []string
		for _, a := range users[tt.user].Moves(standing(tt.state, "")) {
			got = append(got, string(a.Verb))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("moves of %s in %s: %v, want %s", tt.user, tt.state, got, tt.want)
		}
	}
}

// TestMovesAreWhatIsDone asks of each act, state and user by both ways.
func TestMovesAreWhatIsDone(t *testing.T) {
	t.Parallel()
	for _, a := range casework.Acts {
		for _, state := range casework.States {
			s := standing(state, a.Verb)
			for name, u := range users {
				_, err := u.Do(a.Verb, s)
				listed := slices.ContainsFunc(u.Moves(s), func(b casework.Act) bool { return b.Verb == a.Verb })
				if listed != (err == nil) && a.Verb != casework.GiveFeedback { // not listed where all was said
					t.Errorf("%s, %s in %s: %v, and among the moves: %t", name, a.Verb, state, err, listed)
				}
			}
		}
	}
}

// BenchmarkMoves is what each look at one proposal asks.
func BenchmarkMoves(b *testing.B) {
	u, s := users["office"], standing(casework.Answered, "")
	b.ReportAllocs()
	for b.Loop() {
		u.Moves(s)
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	want := roles("admin", "office", "reviewer", "handler", "supervisor", "delegate") // as the database spells them
	if diff := cmp.Diff(want, casework.Roles); diff != "" {
		t.Errorf("Roles (-want +got):\n%s", diff)
	}
	u := casework.User{Roles: roles(casework.Office, casework.Handler)}
	if !u.Has(casework.Handler) || !u.Has(casework.Admin, casework.Office) || u.Has(casework.Admin) || u.Has() {
		t.Errorf("an office handler has the roles %v", u.Roles)
	}
}
