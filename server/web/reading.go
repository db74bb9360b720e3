package web

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// A readView is a letter as it was read, for a person to correct.
type readView struct {
	Facts  []readFact
	Pieces []piece // the letter, with its fields and promises marked
	Rows   []promiseRow
	Count  int    // of the rows
	Found  int    // how many promises were read
	Error  string // about all promises
	places map[string]string
}

// A readFact is a field that was read.
type readFact struct {
	Label, Value string
	Place        string // where it stands in the letter; empty for nowhere
}

// readFields are the fields of a reading by name, with the field of the form
// that each goes into.
var readFields = []struct{ name, label, input string }{
	{"document_number", "发文字号", "issued_letter.document_number"},
	{"issue_date", "成文日期", "issued_letter.issue_date"},
	{"issuing_organ", "发文机关", "organ_id"},
	{"kind", "类别", "kind"},
	{"body", "会议", "sitting.body"},
	{"term", "届", "sitting.term"},
	{"session", "次", "sitting.session"},
	{"case_number", "案号", "number"},
	{"title", "案由", "title"},
	{"proposers", "提出人", "proposers"},
	{"result_label", "办理结果", "issued_letter.result"},
	{"publicity_label", "公开属性", "issued_letter.publicity"},
	{"copied_to", "抄送", ""},
	{"contact_name", "联系人", ""},
	{"contact_phone", "联系电话", ""},
}

// valuesOf are the fields of a reading, as people write them.
func valuesOf(r *fuyanv1.Reading) map[string]string {
	return map[string]string{
		"document_number": r.GetDocumentNumber(), "issue_date": chineseDay(r.GetIssueDate()), "issuing_organ": r.GetIssuingOrgan(),
		"kind": kinds.of(kinds.value("KIND_" + r.GetKind())), "body": r.GetBody(), "term": count(r.GetTerm()), "session": count(r.GetSession()),
		"case_number": r.GetCaseNumber(), "title": r.GetTitle(), "proposers": strings.Join(r.GetProposers(), "、"),
		"result_label": r.GetResultLabel(), "publicity_label": r.GetPublicityLabel(), "copied_to": strings.Join(r.GetCopiedTo(), "、"),
		"contact_name": r.GetContactName(), "contact_phone": r.GetContactPhone(),
	}
}

// count writes a number; nothing for none.
func count(n int32) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(int(n))
}

// readLetter reads the letter that was pasted or uploaded and fills the form
// with what it says. Nothing is stored.
func (p *pages) readLetter(r *request) (receivePage, error) {
	in := r.input()
	if in.flag("more_rows") {
		return p.moreRows(r)
	}
	req := &fuyanv1.ReadLetterRequest{Text: in.verbatim("issued_letter.text")}
	if up := r.upload("issued_letter.file"); up != nil {
		data, err := up.read()
		if err != nil {
			return receivePage{}, unreadable(err)
		}
		req = &fuyanv1.ReadLetterRequest{File: data, FileName: up.Filename}
	}
	answer, err := p.replies.ReadLetter(r.Context(), req)
	if why := refused(err); why != nil {
		why.Message = why.plain()
		why.Field = "issued_letter." + why.Field
		r.failed = why
		return p.receiveForm(r)
	}
	if err != nil {
		return receivePage{}, err
	}
	all, err := p.organsOf(r.Context())
	if err != nil {
		return receivePage{}, err
	}
	r.typed = filled(r.PostForm, answer, all)
	return p.receiveWith(r, answer)
}

// moreRows shows what was typed, with room for more promises.
func (p *pages) moreRows(r *request) (receivePage, error) {
	r.PostForm.Set("promise_rows", strconv.Itoa(min(rowsOf(r.PostForm)+emptyRows, mostRows)))
	r.typed = r.PostForm
	return p.receiveForm(r)
}

// refused is the refusal of a letter that cannot be read; nil for other errors.
func refused(err error) *refusal {
	why, ok := errors.AsType[*refusal](refuse("ReceiveProposal", err))
	if !ok {
		return nil
	}
	return why
}

// filled is what was typed, with what the letter says in its place where it says
// something.
func filled(typed url.Values, answer *fuyanv1.ReadLetterResponse, organs []*fuyanv1.Organ) url.Values {
	out, read := url.Values{}, answer.Reading
	for name, values := range typed {
		if !strings.HasPrefix(name, "promise") {
			out[name] = values
		}
	}
	out.Set("issued_letter.text", answer.Text)
	for name, value := range map[string]string{
		"sitting.body": read.GetBody(), "sitting.term": count(read.GetTerm()), "sitting.session": count(read.GetSession()),
		"number": read.GetCaseNumber(), "title": read.GetTitle(), "proposers": strings.Join(read.GetProposers(), "\n"),
		"organ_id": organCalled(organs, read.GetIssuingOrgan()), "issued_letter.document_number": read.GetDocumentNumber(),
		"issued_letter.issue_date": read.GetIssueDate(),
	} {
		if value != "" {
			out.Set(name, value)
		}
	}
	if kind := kinds.value("KIND_" + read.GetKind()); kind != 0 {
		out.Set("kind", kind.String())
	}
	if read.GetResult() != 0 {
		out.Set("issued_letter.result", read.GetResult().String())
	}
	if read.GetPublicity() != 0 {
		out.Set("issued_letter.publicity", read.GetPublicity().String())
	}
	if day := read.GetIssueDate(); day != "" && out.Get("handed_over") > day { // today, which no letter of before can be later than
		out.Set("handed_over", "")
	}
	fillRows(out, read.GetPromises())
	return out
}

func organCalled(organs []*fuyanv1.Organ, name string) string {
	i := slices.IndexFunc(organs, func(o *fuyanv1.Organ) bool { return name != "" && (o.Name == name || o.ShortName == name) })
	if i < 0 {
		return ""
	}
	return strconv.FormatInt(organs[i].Id, 10)
}

// readingOf shows the letter and the promises as they were typed, with what was
// read of the letter beside them; nil where no letter was read.
func readingOf(form formView, typed url.Values, read *fuyanv1.ReadLetterResponse) *readView {
	if rowsOf(typed) == 0 {
		return nil
	}
	reading := read.GetReading()
	v := &readView{Count: rowsOf(typed), Found: len(reading.GetPromises()), places: map[string]string{}}
	chars := []rune(read.GetText())
	var marks []mark
	for n := range v.Count {
		row := rowOf(form, typed, n+1, read, chars)
		if row.Place != "" {
			marks = append(marks, row.mark)
		}
		v.Rows = append(v.Rows, row)
	}
	if why := form.Failed; why != nil && why.Field == "issued_letter.promises" {
		v.Error = why.Message
	}
	v.Pieces = pieces(read.GetText(), append(marks, v.fieldMarks(form.Key, reading)...))
	values := valuesOf(reading)
	for _, f := range readFields {
		if values[f.name] != "" {
			v.Facts = append(v.Facts, readFact{f.label, values[f.name], v.places[f.name]})
		}
	}
	return v
}

// fieldMarks marks where the fields were read, and notes for each where it
// begins. Fields that begin at the same place have one anchor.
func (v *readView) fieldMarks(form string, read *fuyanv1.Reading) []mark {
	var marks []mark
	anchors := map[int32]string{}
	for _, place := range read.GetPlaces() {
		i := slices.IndexFunc(readFields, func(f struct{ name, label, input string }) bool { return f.name == place.Name })
		if i < 0 || place.Span == nil {
			continue
		}
		f := readFields[i]
		if anchors[place.Span.Start] == "" {
			anchors[place.Span.Start] = fmt.Sprintf("f%d", len(marks)+1)
		}
		if v.places[f.name] == "" {
			v.places[f.name] = "#" + anchors[place.Span.Start]
		}
		m := markAt(place.Span, "field", anchors[place.Span.Start], "")
		if m.Title = f.label; f.input != "" {
			m.Href = "#" + form + "-" + f.input
		}
		marks = append(marks, m)
	}
	return marks
}

// place tells fields of the form where in the letter they were read.
func (v *readView) place(fields []fieldView) {
	for _, f := range readFields {
		for i := range fields {
			if fields[i].Name == f.input && fields[i].Place == "" {
				fields[i].Place = v.places[f.name]
			}
		}
	}
}
