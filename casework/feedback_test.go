package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fuyan/casework"
)

func TestCheckFeedback(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		attitude, result casework.Rating
		text             string
		field            string // that is wrong; empty for none
		dissatisfied     bool
	}{
		{casework.Satisfied, casework.Satisfied, "", "", false},
		{casework.Satisfied, casework.Basically, "", "", false},
		{casework.Basically, casework.Basically, "还可以再快些", "", false},
		{casework.Satisfied, casework.Dissatisfied, "没有答到点上", "", true},
		{casework.Dissatisfied, casework.Satisfied, "没有人联系过我", "", true},
		{casework.Satisfied, casework.Dissatisfied, "", "text", true},
		{casework.Dissatisfied, casework.Satisfied, " \n　", "text", true},
		{casework.Dissatisfied, casework.Dissatisfied, "", "text", true},
		{"", casework.Satisfied, "好", "attitude", false},
		{casework.Satisfied, "", "好", "result", false},
		{casework.Satisfied, "so so", "好", "result", false},
	} {
		f := casework.Feedback{Attitude: tt.attitude, Result: tt.result, Text: tt.text}
		wrong, _ := errors.AsType[*casework.FieldError](f.Check())
		if (wrong != nil) != (tt.field != "") || wrong != nil && wrong.Field != tt.field {
			t.Errorf("Check(%+v) = %v, want a refusal of %q", f, wrong, tt.field)
		}
		if got := f.Dissatisfied(); got != tt.dissatisfied {
			t.Errorf("%+v is dissatisfied: %v, want %v", f, got, tt.dissatisfied)
		}
	}
}

// The history is read by all proposers: it has the ratings, and no words.
func TestFeedbackNote(t *testing.T) {
	t.Parallel()
	f := casework.Feedback{Attitude: casework.Satisfied, Result: casework.Dissatisfied, Text: "没有答到点上", Channel: "call"}
	if got, want := f.Note("甲某"), "甲某·电话：办理态度满意，办理结果不满意"; got != want {
		t.Errorf("Note = %s, want %s", got, want)
	}
	f = casework.Feedback{Attitude: casework.Basically, Result: casework.Basically, Channel: casework.Own}
	if got, want := f.Note("乙某"), "乙某·本人：办理态度基本满意，办理结果基本满意"; got != want {
		t.Errorf("Note = %s, want %s", got, want)
	}
}

// TestMaySay asks, for each channel, who may bring what the proposer with the
// account 13 says, and what one without an account says.
func TestMaySay(t *testing.T) {
	t.Parallel()
	s := standing(casework.Answered, casework.GiveFeedback)
	const collectors = "cppcc,government,office,office overseen"
	for _, tt := range []struct {
		account int64
		channel string
		may     string
		invalid string // those who would, by another channel
	}{
		{13, casework.Own, "proposer", collectors},
		{13, "call", collectors, "proposer"},
		{13, "letter", collectors, "proposer"},
		{0, "visit", collectors, ""},
		{0, "meeting", collectors, ""},
		{0, casework.Own, "", collectors},
		{0, "", "", collectors},
		{0, "pigeon", "", collectors},
	} {
		var may, invalid []string
		for name, u := range users {
			err := u.MaySay(s, tt.account, tt.channel)
			switch {
			case err == nil:
				may = append(may, name)
			case errors.Is(err, casework.ErrInvalid):
				invalid = append(invalid, name)
			case !errors.Is(err, casework.ErrForbidden):
				t.Errorf("%s says it by %q: %v", name, tt.channel, err)
			}
		}
		slices.Sort(may)
		slices.Sort(invalid)
		if got := strings.Join(may, ","); got != tt.may {
			t.Errorf("by %q for the account %d: %q may, want %q", tt.channel, tt.account, got, tt.may)
		}
		if got := strings.Join(invalid, ","); got != tt.invalid {
			t.Errorf("by %q for the account %d: refused for the channel are %q, want %q", tt.channel, tt.account, got, tt.invalid)
		}
	}
}

// A clerk of the organ who signed the proposal speaks for themselves as any
// proposer does.
func TestCollectorWhoIsAProposer(t *testing.T) {
	t.Parallel()
	s := standing(casework.Answered, casework.GiveFeedback)
	u := casework.User{ID: 13, Roles: roles(casework.Office, casework.Delegate), OrganID: ours}
	if err := u.MaySay(s, 13, casework.Own); err != nil {
		t.Errorf("own feedback: %v", err)
	}
	if err := u.MaySay(s, 13, "call"); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("own feedback by a call to oneself: %v, want ErrInvalid", err)
	}
	if err := u.MaySay(s, 14, "call"); err != nil {
		t.Errorf("another's feedback by call: %v", err)
	}
}

// Feedback is offered while some of it is still to come, to a proposer their own.
func TestFeedbackIsOffered(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		awaited, unspoken []int64
		to                string
	}{
		{nil, nil, ""},
		{[]int64{0}, nil, "cppcc,government,office,office overseen"},
		{[]int64{14}, []int64{14}, "co-proposer,cppcc,government,office,office overseen"},
		{nil, []int64{13}, "proposer"}, // whose feedback was collected
		{[]int64{13, 14, 0}, []int64{13, 14}, "co-proposer,cppcc,government,office,office overseen,proposer"},
	} {
		s := standing(casework.Answered, casework.GiveFeedback)
		s.Awaited, s.Unspoken = tt.awaited, tt.unspoken
		var to []string
		for name, u := range users {
			if slices.ContainsFunc(u.Moves(s), func(a casework.Act) bool { return a.Verb == casework.GiveFeedback }) {
				to = append(to, name)
			}
		}
		slices.Sort(to)
		if got := strings.Join(to, ","); got != tt.to {
			t.Errorf("while %v are awaited it is offered to %q, want %q", tt.awaited, got, tt.to)
		}
	}
}
