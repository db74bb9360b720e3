package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/types/known/timestamppb"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// A rival is another writing of the draft than the one in the editor: a draft that
// was saved since that was begun, or what the writer kept in another window.
type rival struct {
	writing
	Key    string // draft-4 or copy-17
	Number int32  // of the draft; 0 for a working copy
	Author string
	Time   *timestamppb.Timestamp
}

func draftRival(d *fuyanv1.Draft) *rival {
	return &rival{writingOf(d), fmt.Sprintf("draft-%d", d.Number), d.Number, d.Author, d.CreateTime}
}

func copyRival(c *fuyanv1.WorkingCopy) *rival {
	return &rival{writingOf(c), fmt.Sprintf("copy-%d", c.Version), 0, "", c.KeepTime}
}

// rivalOf is what stands against the values of an editor; nil for nothing. That
// another window kept something is asked about only when somebody wants to know.
func rivalOf(reply *fuyanv1.Reply, values url.Values, other bool) *rival {
	in := input{values: values}
	if latest := latestDraft(reply); latest.GetNumber() > in.number32("base") {
		return draftRival(latest)
	}
	if c := reply.GetWorkingCopy(); other && c != nil && c.Version != in.number64("copy_version") {
		return copyRival(c)
	}
	return nil
}

func latestDraft(reply *fuyanv1.Reply) *fuyanv1.Draft {
	if drafts := reply.GetDrafts(); len(drafts) > 0 {
		return drafts[0]
	}
	return nil
}

// settled says in the values of an editor that they stand for the rival, too.
func (rv *rival) settled(values url.Values) {
	values.Del("rival")
	if rv.Number != 0 {
		values.Set("base", strconv.Itoa(int(rv.Number)))
	} else if c := rv.Key[len("copy-"):]; c != "" {
		values.Set("copy_version", c)
	}
}

// begunWith is the writing that the values of an editor began with.
func begunWith(s subject, values url.Values) writing {
	base := input{values: values}.number32("base")
	for _, d := range s.reply.GetDrafts() {
		if d.Number == base {
			return writingOf(d)
		}
	}
	return writing{"text": outline(s)}
}

// A clash is what two writings of a draft disagree about.
type clash struct {
	*rival
	Fields []clashField // both changed them: a person decides
	Taken  []string     // the labels of those that only the other changed
}

type clashField struct {
	Name, Label  string
	Mine, Theirs string       // as people read them; empty for nothing
	Rows         []versionRow // for a text: both sides
	Take         string       // what was chosen: mine, theirs or nothing
	Error        string
}

// clashOf puts the rival's own changes into the values of an editor, and returns
// what is left to decide. Where nothing is, the values stand for both.
func (p *pages) clashOf(s subject, rv *rival, values url.Values) *clash {
	mine := typedWriting(values)
	merged, both, theirs := merge(begunWith(s, values), mine, rv.writing)
	merged.into(values)
	c := &clash{rival: rv}
	for _, f := range p.forms["SaveDraft"].fields {
		if slices.Contains(theirs, f.Name) {
			c.Taken = append(c.Taken, f.Label)
		}
		if slices.Contains(both, f.Name) {
			c.Fields = append(c.Fields, f.clash(s, mine[f.Name], rv.writing[f.Name], values.Get("take."+f.Name)))
		}
	}
	if values.Set("rival", rv.Key); len(both) == 0 {
		rv.settled(values)
	}
	return c
}

func (f field) clash(s subject, mine, theirs, take string) clashField {
	out := clashField{Name: f.Name, Label: f.Label, Mine: mine, Theirs: theirs, Take: take}
	if f.Kind == "letter" || f.Kind == "area" {
		out.Rows = brief(versionRows(mine, theirs))
	}
	if f.options != nil {
		for _, o := range f.options(s) {
			if o.Value == mine {
				out.Mine = o.Label
			}
			if o.Value == theirs {
				out.Theirs = o.Label
			}
		}
	}
	return out
}

// settle puts into the form what was chosen between the two sides of a clash, and
// refuses it while something is not. A rival that was overtaken by a third is left
// to be shown anew.
func settle(s subject, values url.Values) error {
	rv := rivalOf(s.reply, values, true)
	if rv == nil || rv.Key != values.Get("rival") {
		return nil
	}
	for _, name := range writingFields {
		if values.Get("take."+name) == "theirs" {
			values.Set(name, rv.writing[name])
		}
	}
	_, both, _ := merge(begunWith(s, values), typedWriting(values), rv.writing)
	for _, name := range both {
		if values.Get("take."+name) != "mine" {
			return &refusal{Form: "SaveDraft", Status: 409, Field: "take." + name, Heading: "还没有选择用哪一份", cause: errUndecided}
		}
	}
	rv.settled(values)
	return nil
}

// refusal is why a draft was not saved that clashes with another.
func (c *clash) refusal(failed *refusal) *refusal {
	out := *failed
	out.Message = "请在下面逐项选择用哪一份，再保存。"
	if len(c.Fields) == 0 {
		out.Message = "两边改动的地方不同，已合在一起，请核对后再保存。"
	}
	if c.Number != 0 && !strings.HasPrefix(failed.Field, "take.") {
		out.Heading = fmt.Sprintf("在您拟稿的时候，%s保存了第 %d 稿", c.Author, c.Number)
	}
	for i, f := range c.Fields {
		if failed.Field == "take."+f.Name {
			c.Fields[i].Error = "请选择用哪一份"
		}
	}
	return &out
}
