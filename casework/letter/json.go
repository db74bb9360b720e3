package letter

import (
	"encoding/json"
	"strings"

	"fuyan/casework"
)

type jsonDue struct {
	Words string        `json:"words"`
	Day   casework.Date `json:"day"`
	Unit  string        `json:"unit"`
}

type jsonCommitment struct {
	Text        string   `json:"text"`
	Cue         string   `json:"cue"`
	Responsible []string `json:"responsible"`
	Span
	Due         *jsonDue `json:"due"`
	Kind        *string  `json:"kind"`
	Conditional bool     `json:"conditional"`
}

type jsonConflict struct {
	Field   string `json:"field"`
	Printed string `json:"printed"`
	Span
}

// MarshalJSON writes the reading as one object. What is not printed is null, a
// list without members is empty.
func (r Reading) MarshalJSON() ([]byte, error) {
	conflicts := make([]jsonConflict, 0, len(r.Conflicts))
	for _, c := range r.Conflicts {
		conflicts = append(conflicts, jsonConflict{c.Field, c.Printed, c.Span})
	}
	sections := make([]string, 0, len(r.Sections))
	for _, s := range r.Sections {
		sections = append(sections, s.Heading)
	}
	commitments := make([]jsonCommitment, 0, len(r.Commitments))
	for _, c := range r.Commitments {
		j := jsonCommitment{Text: c.Text, Cue: c.Cue, Responsible: list(c.Responsible), Span: c.Span, Kind: printed(string(c.Nature)), Conditional: c.Conditional}
		if !c.Due.Day.IsZero() {
			j.Due = new(jsonDue(c.Due))
		}
		commitments = append(commitments, j)
	}
	return json.Marshal(struct {
		Kind           *string          `json:"kind"`
		IssuingOrgan   *string          `json:"issuing_organ"`
		DocumentNumber *string          `json:"document_number"`
		Body           *string          `json:"body"`
		Term           *int             `json:"term"`
		Session        *int             `json:"session"`
		CaseNumber     *string          `json:"case_number"`
		Title          *string          `json:"title"`
		Proposers      []string         `json:"proposers"`
		ResultLabel    *string          `json:"result_label"`
		PublicityLabel *string          `json:"publicity_label"`
		IssueDate      *casework.Date   `json:"issue_date"`
		CopiedTo       []string         `json:"copied_to"`
		ContactName    *string          `json:"contact_name"`
		ContactPhone   *string          `json:"contact_phone"`
		Sections       []string         `json:"sections"`
		Commitments    []jsonCommitment `json:"commitments"`
		Conflicts      []jsonConflict   `json:"conflicts"`
	}{
		printed(strings.ToUpper(string(r.Kind))), printed(r.IssuingOrgan), printed(r.DocumentNumber),
		printed(r.Body), printed(r.Term), printed(r.Session), printed(r.CaseNumber), printed(r.Title), list(r.Proposers),
		printed(r.ResultLabel), printed(r.PublicityLabel), printed(r.IssueDate), list(r.CopiedTo),
		printed(r.ContactName), printed(r.ContactPhone), sections, commitments, conflicts,
	})
}

// printed is nil for what the letter does not print.
func printed[T comparable](v T) *T {
	if v == *new(T) {
		return nil
	}
	return &v
}

func list(s []string) []string { return append([]string{}, s...) }
