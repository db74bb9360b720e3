// Package handover reads the list by which a city hands proposals over (交办清单).
//
// Such a list is a table that somebody made for people: a title above it, headings
// in words of their own, days and names in many forms. This package says which row
// has the headings, which column likely is what, and what each row says, or why it
// cannot be received. It decides nothing of a proposal but what the rules of its
// receipt say anyway; what is on record already its caller tells it.
//
// It knows rows of texts, and not of what file they came.
package handover

import (
	"fuyan/casework"
)

// MaxRows is how many proposals one list may have.
const MaxRows = 5000

// A Field is what a column may hold.
type Field string

// The fields of a list. Those of a proposal are named as ReceiveProposal names
// them.
const (
	Nothing        Field = ""
	Number         Field = "number"
	Title          Field = "title"
	Kind           Field = "kind"
	Sitting        Field = "sitting"
	Proposers      Field = "proposers"
	Cosigners      Field = "cosigners"
	Organ          Field = "organ"
	Helpers        Field = "helpers"
	Role           Field = "role"
	HandedOver     Field = "handed_over"
	Text           Field = "text"
	TextPublic     Field = "text_public"
	NoWrittenReply Field = "no_written_reply"
)

// Required are the fields that a list cannot do without.
var Required = []Field{Number, Title, Proposers}

// A Row is a row of the table, and where it stands in the file.
type Row struct {
	Line  int
	Cells []string
}

func (r Row) cell(column int) string {
	if column < 0 || column >= len(r.Cells) {
		return ""
	}
	return r.Cells[column]
}

// Defaults say what holds for every row whose own cell says nothing.
type Defaults struct {
	Kind           casework.Kind
	Sitting        casework.Sitting
	OrganID        int64 // the reader's own when 0
	Role           string
	HandedOver     casework.Date
	NumberWidth    int // shorter numbers get zeros before them
	TextPublic     bool
	NoWrittenReply bool
}

// An Answerer is an organ that rows may name.
type Answerer struct {
	ID              int64
	Name, ShortName string
}

// A World is what rows are read against.
type World struct {
	User   casework.User // who receives
	Organs []Answerer    // those that answer
	Today  casework.Date
}

// An Item is a row as it would be received.
type Item struct {
	Line           int
	Kind           casework.Kind
	Sitting        casework.Sitting
	Number         string
	Title, Text    string
	Proposers      []Proposer
	OrganID        int64
	Organ          string // its name, or what the row says in its place
	Role           string
	Helpers        []string // organs that are to be asked for an opinion later
	HandedOver     casework.Date
	TextPublic     bool
	NoWrittenReply bool
	Problems       []Problem
}

// A Proposer is one of those who handed a proposal in. The first one leads.
type Proposer struct {
	Name         string
	Organisation bool
	Account      string // the name to sign in with that stands behind it, if any
	UserID       int64  // whose account it is; 0 for nobody's
}

// A Problem is what is wrong in a row, in Chinese; of a warning the reader should
// know, but it does not keep the row out.
type Problem struct {
	Field   Field
	Words   string
	Warning bool
}

// Good reports whether the item can be received.
func (it Item) Good() bool {
	for _, p := range it.Problems {
		if !p.Warning {
			return false
		}
	}
	return true
}

// Why is what keeps the item out, in one line with the fields named; empty for
// nothing.
func (it Item) Why() string {
	why := ""
	for _, p := range it.Problems {
		if p.Warning {
			continue
		}
		if why != "" {
			why += "；"
		}
		why += p.Field.Label() + "：" + p.Words
	}
	return why
}

// wrong notes what is wrong in a field.
func (it *Item) wrong(f Field, words string) {
	it.Problems = append(it.Problems, Problem{Field: f, Words: words})
}

// warn notes what the reader should know of a field.
func (it *Item) warn(f Field, words string) {
	it.Problems = append(it.Problems, Problem{Field: f, Words: words, Warning: true})
}
