package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// A form is an RPC as people fill it in.
type form struct {
	rpc    string
	on     string // the pages that have it: onProposal and so on
	label  string // what its button says, where no Move says it
	done   string // what a page says afterwards
	fields []field
	call   func(context.Context, input) error
}

// A field is one thing to fill in. Its name is the path of the field of the
// request that it goes into, so that a refusal finds it.
type field struct {
	Name, Label, Hint string
	Kind              string // line, long, area, letter, day, number, pick, flag, flags, file, files, password, hidden
	Required          bool
	Wanted            bool   // empty only where what it is about is left out
	Accept            string // the names of files that a file is chosen from
	when              string // of a confirmation: the flag that needs it; empty for the whole form
	options           func(subject) []option
	initial           func(subject) []string
}

type option struct {
	Value, Label string
	Selected     bool
}

// A subject is what a form is about, and what its choices come from.
type subject struct {
	proposal   *fuyanv1.ProposalView
	reply      *fuyanv1.Reply
	feedback   []*fuyanv1.FeedbackRound
	commitment *fuyanv1.Commitment
	silent     []*fuyanv1.Proposer // who have not said whether the commitment is kept
	urges      []*fuyanv1.Urge
	promise    *fuyanv1.Promise // of a draft
	users      []*fuyanv1.User
	organs     []*fuyanv1.Organ
	rules      []*fuyanv1.Rule
	organ      *fuyanv1.Organ // the one to change
	user       *fuyanv1.User  // the one to change
	notice     *fuyanv1.Notice
	job        *fuyanv1.Job
	followed   *fuyanv1.Followed
	andBefore  string // of a notice: "yes" for all up to it
	ladder     *fuyanv1.Ladder
	settings   *fuyanv1.NoticeSettings
	imported   *fuyanv1.Import
	filter     *fuyanv1.Filter
	me         *fuyanv1.User
	today      string
}

func line(name, label string) field   { return field{Name: name, Label: label, Kind: "line"} }
func long(name, label string) field   { return field{Name: name, Label: label, Kind: "long"} }
func area(name, label string) field   { return field{Name: name, Label: label, Kind: "area"} }
func letter(name, label string) field { return field{Name: name, Label: label, Kind: "letter"} }
func day(name, label string) field    { return field{Name: name, Label: label, Kind: "day"} }
func file(name, label, accept string) field {
	return field{Name: name, Label: label, Kind: "file", Accept: accept}
}
func number(name, label string) field   { return field{Name: name, Label: label, Kind: "number"} }
func flag(name, label string) field     { return field{Name: name, Label: label, Kind: "flag"} }
func password(name, label string) field { return field{Name: name, Label: label, Kind: "password"} }

// today is a day that is today unless somebody says otherwise.
func today(name, label string) field {
	return day(name, label).from(func(s subject) string { return s.today })
}

func hidden(name string, value func(subject) string) field {
	return field{Name: name, Kind: "hidden"}.from(value)
}

// sure asks once more before what cannot be undone.
func sure() field { return flag("sure", "已核对，确认办理").must() }

// sureIf asks once more where a flag of the form is set.
func sureIf(name, label string) field {
	f := flag("sure", label)
	f.when = name
	return f
}

// unsure tells of a form as it was sent whether it lacks the confirmation that it
// asks for.
func (f form) unsure(values url.Values) bool {
	return slices.ContainsFunc(f.fields, func(f field) bool {
		return f.Name == "sure" && values.Get("sure") == "" && (f.when == "" || values.Get(f.when) != "")
	})
}

func pick(name, label string, options func(subject) []option) field {
	return field{Name: name, Label: label, Kind: "pick", options: options}
}

func flags(name, label string, options func(subject) []option) field {
	return field{Name: name, Label: label, Kind: "flags", options: options}
}

// must makes the field required.
func (f field) must() field { f.Required = true; return f }

// hint says under the field what belongs into it.
func (f field) hint(text string) field { f.Hint = text; return f }

// from gives the field something to begin with.
func (f field) from(initial func(subject) string) field {
	return f.fromAll(func(s subject) []string { return []string{initial(s)} })
}

// fromAll gives a field of several values something to begin with.
func (f field) fromAll(initial func(subject) []string) field { f.initial = initial; return f }

// fixed offers the same choices whatever the form is about.
func fixed[E enum](l labels[E]) func(subject) []option {
	return func(subject) []option { return l.options() }
}

// A formView is a form as a page shows it.
type formView struct {
	Key, Action, Label string
	RequestID          string
	Version            int64 // of what it changes; 0 when it makes something
	Fields             []fieldView
	Failed             *refusal
	Open               bool
}

type fieldView struct {
	field
	ID, Value string
	Options   []option
	Error     string
	Place     string // where on the page it was read; empty for nowhere
}

// has tells whether a form has a field of a kind.
func (f form) has(kind string) bool {
	return slices.ContainsFunc(f.fields, func(f field) bool { return f.Kind == kind })
}

// A place is where a form stands on a page.
type place struct {
	key     string // tells it from other forms of the page
	action  string
	version int64
}

// view shows the form at a place: with what it begins with, or as it was typed
// when it was refused or only asked about.
func (f form) view(r *request, at place, s subject) formView {
	v := formView{Key: at.key, Action: at.action, Label: f.label, Version: at.version, RequestID: newUUID()}
	typed := r.typed
	if r.failed != nil && r.failed.Form == at.key {
		v.Failed, v.Open, typed = r.failed, true, r.PostForm
	}
	for _, field := range f.fields {
		v.Fields = append(v.Fields, v.fill(field, typed, s))
	}
	for _, field := range f.fields {
		if v.Failed != nil && v.Failed.concerns(field.Name) {
			v.Failed = v.Failed.named(field.Label)
		}
	}
	return v
}

// fill is a field with what was typed into it, or with what it begins with.
func (v formView) fill(f field, typed url.Values, s subject) fieldView {
	out := fieldView{field: f, ID: v.Key + "-" + f.Name}
	var values []string
	switch {
	case typed != nil:
		values = typed[f.Name]
	case f.initial != nil:
		values = f.initial(s)
	}
	if v.Failed != nil && v.Failed.concerns(f.Name) {
		out.Error = v.Failed.plain()
	}
	if len(values) > 0 {
		out.Value = values[0]
	}
	if f.Kind == "files" {
		out.Options = keptFiles(values)
	}
	if f.options != nil {
		for _, o := range f.options(s) {
			o.Selected = slices.Contains(values, o.Value)
			out.Options = append(out.Options, o)
		}
	}
	return out
}

// newUUID is a random UUID, by which the same form sent twice is known.
func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return uuidOf(b, 4)
}

func uuidOf(b [16]byte, version byte) string {
	b[6], b[8] = b[6]&0x0f|version<<4, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// An input is a form as it was sent.
type input struct {
	id        int64 // of what the form is about
	version   int64
	requestID string
	values    url.Values
	list      *fuyanv1.ListProposalsRequest // of the page that the form stood on
}

func (r *request) input() input {
	in := input{requestID: r.PostForm.Get("request_id"), values: r.PostForm}
	in.id, _ = r.id()
	in.version = in.number64("expected_version")
	return in
}

// text is what was typed, without the space around it.
func (in input) text(name string) string { return strings.TrimSpace(in.verbatim(name)) }

// verbatim is what was typed, to the character.
func (in input) verbatim(name string) string { return in.values.Get(name) }

// number64 is a number; 0 when none was typed, -1 when it was something else, so
// that the RPC refuses it.
func (in input) number64(name string) int64 {
	text := in.text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func (in input) number32(name string) int32 {
	n := in.number64(name)
	if n != int64(int32(n)) {
		return -1
	}
	return int32(n)
}

func (in input) flag(name string) bool { return in.values.Get(name) != "" }

// picked is the value chosen of an enum; zero for none.
func picked[E enum](in input, name string, l labels[E]) E { return l.value(in.values.Get(name)) }
