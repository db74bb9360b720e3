package web

import (
	"net/url"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// A writing is what an editor holds of a draft, by the names of its fields.
type writing map[string]string

// writingFields are the fields of a writing, in the order of the form.
var writingFields = []string{"text", "result", "publicity", "withhold_reason", "summary"}

// A written message is one that holds a writing: a draft or a working copy.
type written interface {
	GetText() string
	GetResult() fuyanv1.Result
	GetPublicity() fuyanv1.Publicity
	GetWithholdReason() string
	GetSummary() string
}

func writingOf(m written) writing {
	return writing{
		"text": m.GetText(), "result": picks(m.GetResult()), "publicity": picks(m.GetPublicity()),
		"withhold_reason": m.GetWithholdReason(), "summary": m.GetSummary(),
	}
}

// picks is the value of a choice in a form; empty for none.
func picks[E enum](value E) string {
	if value == 0 {
		return ""
	}
	return value.String()
}

func typedWriting(values url.Values) writing {
	w := writing{}
	for _, name := range writingFields {
		w[name] = values.Get(name)
	}
	w["withhold_reason"] = strings.TrimSpace(w["withhold_reason"])
	return w
}

// into puts a writing into the fields of a form.
func (w writing) into(values url.Values) {
	for name, value := range w {
		values.Set(name, value)
	}
}

func (w writing) is(other writing) bool {
	for _, name := range writingFields {
		if w[name] != other[name] {
			return false
		}
	}
	return true
}

// merge puts two writings that began with the same one together: what only one of
// them changed is taken from it. Both are the names of what both changed, which a
// person must decide and which stays mine until then, theirs of what was taken
// from the other.
func merge(base, mine, other writing) (out writing, both, theirs []string) {
	out = writing{}
	for _, name := range writingFields {
		out[name] = mine[name]
		switch {
		case mine[name] == other[name] || other[name] == base[name]:
		case mine[name] == base[name]:
			out[name] = other[name]
			theirs = append(theirs, name)
		default:
			both = append(both, name)
		}
	}
	return out, both, theirs
}
