package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

const (
	oldText = `某试提复〔2026〕7号

对市政协十四届四次会议第0001号提案的答复

甲某委员：

您提出的“关于试办夜间实验室的提案”的提案收悉，经研究，现将办理情况答复如下：

下一步，我委将于2026年12月底前出台𠮷林路方案。

下一步，我委将建设实训基地。

建成之后全年开放，全年开放。

感谢您对我们工作的支持！

某市试验委员会
2026年2月20日
`
	planPromise  = "下一步，我委将于2026年12月底前出台𠮷林路方案"
	basePromise  = "下一步，我委将建设实训基地"
	opensPromise = "全年开放"
)

// imported is a proposal with the letter above, and what a person confirmed.
func imported(b *bundle, confirmed ...postgres.ConfirmedPromise) postgres.NewProposal {
	n := newProposal("0001", b.Delegate)
	n.Letter = &postgres.OldLetter{Text: oldText, Confirmed: true, Promises: confirmed}
	return n
}

// recorded takes a proposal in, does the job, and returns what is on record.
func (b *bundle) recorded(t *testing.T, n postgres.NewProposal) (id int64, texts []string, notes map[casework.Verb]string) {
	t.Helper()
	p, err := b.ReceiveProposal(t.Context(), by(b.Office, 0), n)
	must(t, err)
	l, err := b.PresentLetter(t.Context(), b.Office, p.ID)
	must(t, err)
	job := postgres.RecordCommitments{LetterID: l.Letter.ID}
	must(t, b.DoRecordCommitments(t.Context(), job))
	must(t, b.DoRecordCommitments(t.Context(), job)) // again, as after a crash
	notes = map[casework.Verb]string{}
	events, err := b.ListEvents(t.Context(), b.Office, postgres.EventFilter{ProposalID: p.ID, Limit: 100})
	must(t, err)
	for _, e := range events {
		notes[e.Verb] = e.Note
	}
	return p.ID, b.texts(t, p.ID), notes
}

func (b *bundle) texts(t *testing.T, id int64) (texts []string) {
	t.Helper()
	list, err := b.ListCommitments(t.Context(), b.Office, postgres.CommitmentFilter{ProposalID: id, Limit: 100})
	must(t, err)
	for _, c := range list {
		texts = append(texts, c.Commitment.Text)
	}
	return texts
}

// TestConfirmedPromisesAreRecorded: what a person left out is not on record, and
// what was added is.
func TestConfirmedPromisesAreRecorded(t *testing.T) {
	t.Parallel()
	due := casework.Date{Year: 2026, Month: 12, Day: 31}
	plan := postgres.ConfirmedPromise{Text: planPromise, Responsible: []string{"我委"}, Due: due}
	base := postgres.ConfirmedPromise{Text: basePromise, Responsible: []string{"我委"}}
	for name, test := range map[string]struct {
		confirmed []postgres.ConfirmedPromise
		want      []string
		note      string
	}{
		"as read":         {[]postgres.ConfirmedPromise{base, plan}, []string{planPromise, basePromise}, "；承诺经核对：列入2项"},
		"one left out":    {[]postgres.ConfirmedPromise{base}, []string{basePromise}, "；承诺经核对：列入1项，不列入1项"},
		"all left out":    {nil, nil, "；承诺经核对：列入0项，不列入2项"},
		"one added":       {[]postgres.ConfirmedPromise{plan, base, {Text: opensPromise}}, []string{planPromise, basePromise, opensPromise}, "；承诺经核对：列入3项，补充1项"},
		"out and in":      {[]postgres.ConfirmedPromise{plan, {Text: opensPromise}}, []string{planPromise, opensPromise}, "；承诺经核对：列入2项，不列入1项，补充1项"},
		"shortened":       {[]postgres.ConfirmedPromise{plan, {Text: "建设实训基地", Responsible: []string{"我委"}}}, []string{planPromise, "建设实训基地"}, "；承诺经核对：列入2项，更正1项"},
		"another day":     {[]postgres.ConfirmedPromise{{Text: planPromise, Responsible: []string{"我委"}, Due: due.AddDays(1)}, base}, []string{planPromise, basePromise}, "；承诺经核对：列入2项，更正1项"},
		"one in two":      {[]postgres.ConfirmedPromise{plan, {Text: "下一步", Start: 150}, {Text: "实训基地"}}, []string{planPromise, "下一步", "实训基地"}, "；承诺经核对：列入3项，更正2项"},
		"across the line": {[]postgres.ConfirmedPromise{{Text: "方案。\n\n下一步"}}, []string{"方案。\n\n下一步"}, "；承诺经核对：列入1项，更正1项"},
	} {
		t.Run(name, func(t *testing.T) {
			b := setup(t, postgrestest.Tx(t))
			_, got, notes := b.recorded(t, imported(b, test.confirmed...))
			slices.Sort(got)
			slices.Sort(test.want)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("on record (-want +got):\n%s", diff)
			}
			if got := notes[casework.Import]; got != "某试提复〔2026〕7号"+test.note {
				t.Errorf("the import says %q", got)
			}
		})
	}
}

// TestConfirmedPlaces looks at the rows: what was typed, and how the letter words
// it.
func TestConfirmedPlaces(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	due := casework.Date{Year: 2026, Month: 11, Day: 30}
	second := strings.LastIndex(oldText, opensPromise)
	at := len([]rune(oldText[:second]))
	id, _, _ := b.recorded(t, imported(b,
		postgres.ConfirmedPromise{Text: opensPromise, Start: at - 1}, postgres.ConfirmedPromise{Text: opensPromise},
		postgres.ConfirmedPromise{Text: planPromise, Responsible: []string{"市科委", "某局"}, Due: due}, postgres.ConfirmedPromise{Text: basePromise}))
	list, err := b.ListCommitments(t.Context(), b.Office, postgres.CommitmentFilter{ProposalID: id, Limit: 100})
	must(t, err)
	type row struct {
		Text, Cue, Words string
		Start            int32
		Responsible      []string
		Due              casework.Date
		State            casework.CommitmentState
	}
	var got []row
	for _, c := range list {
		c := c.Commitment
		got = append(got, row{c.Text, c.Cue, c.DueWords, c.StartOffset, c.Responsible, c.WordsDue, c.State})
	}
	place := func(s string) int32 { return int32(len([]rune(oldText[:strings.Index(oldText, s)]))) }
	want := []row{
		{planPromise, "下一步/将", "2026年12月底前", place(planPromise), []string{"市科委", "某局"}, due, casework.Noted},
		{basePromise, "下一步/将", "", place(basePromise), []string{}, casework.Date{}, casework.Noted},
		{opensPromise, "", "", place(opensPromise), []string{}, casework.Date{}, casework.Noted},
		{opensPromise, "", "", int32(at), []string{}, casework.Date{}, casework.Noted},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("commitments (-want +got):\n%s", diff)
	}
}

// TestConfirmedPlaceIsTaken where the sentence stands there, though a search from
// the beginning finds it elsewhere.
func TestConfirmedPlaceIsTaken(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	n := imported(b)
	n.Letter.Text = strings.Replace(oldText, "全年开放，全年开放", "全年全年全年开放", 1)
	at := len([]rune(n.Letter.Text[:strings.Index(n.Letter.Text, "全年开放")])) - 2
	n.Letter.Promises = []postgres.ConfirmedPromise{{Text: "全年全年", Start: at}}
	id, _, _ := b.recorded(t, n)
	list, err := b.ListCommitments(t.Context(), b.Office, postgres.CommitmentFilter{ProposalID: id, Limit: 100})
	must(t, err)
	if len(list) != 1 || int(list[0].Commitment.StartOffset) != at {
		t.Errorf("recorded %+v; want one at %d", list, at)
	}
	for _, start := range []int{-1, at + 1_000_000} {
		n.Number, n.Letter.DocumentNumber = fmt.Sprintf("00%d", 20+start%7), fmt.Sprintf("某试提复〔2026〕%d号", 20+start%7)
		n.Letter.Promises[0].Start = start
		b.recorded(t, n)
	}
}

// TestImportSaysWhichFieldsWereCorrected holds what was given against the letter.
func TestImportSaysWhichFieldsWereCorrected(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	n := imported(b, postgres.ConfirmedPromise{Text: planPromise})
	n.Number, n.Title, n.Letter.DocumentNumber, n.Letter.Result = "0002", "另一案由", "某试提复〔2026〕9号", "adopted"
	n.Proposers = append(n.Proposers, postgres.NewProposer{Name: "乙某"})
	_, _, notes := b.recorded(t, n)
	want := "某试提复〔2026〕9号；更正案号、案由、提出人、发文字号；承诺经核对：列入1项，不列入1项，更正1项"
	if got := notes[casework.Import]; got != want {
		t.Errorf("the import says %q; want %q", got, want)
	}
}

func TestUnconfirmedLettersAreRead(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	n := imported(b)
	n.Letter.Confirmed = false
	_, got, notes := b.recorded(t, n)
	if diff := cmp.Diff([]string{planPromise, basePromise}, got); diff != "" {
		t.Errorf("on record (-want +got):\n%s", diff)
	}
	if got := notes[casework.Import]; got != "某试提复〔2026〕7号" {
		t.Errorf("the import says %q", got)
	}
}

func TestWrongPromisesAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	plan, base := postgres.ConfirmedPromise{Text: planPromise}, postgres.ConfirmedPromise{Text: basePromise}
	for name, test := range map[string]struct {
		confirmed []postgres.ConfirmedPromise
		field     string
		want      string
	}{
		"not in the letter": {[]postgres.ConfirmedPromise{plan, {Text: "下一步，我委将建设两个实训基地"}}, "issued_letter.promises[1].text", "没有这段文字"},
		"a space too many":  {[]postgres.ConfirmedPromise{{Text: planPromise + " "}}, "issued_letter.promises[0].text", "没有这段文字"},
		"blank":             {[]postgres.ConfirmedPromise{{Text: "\n\n"}}, "issued_letter.promises[0].text", "没有这段文字"},
		"empty":             {[]postgres.ConfirmedPromise{plan, base, {}}, "issued_letter.promises[2].text", "没有这段文字"},
		"the same twice":    {[]postgres.ConfirmedPromise{plan, base, plan}, "issued_letter.promises[2].text", "“下一步，我委将于2026年12月底前出台𠮷林路方案”是同一句"},
		"overlapping":       {[]postgres.ConfirmedPromise{{Text: "建设实训基地"}, base}, "issued_letter.promises[1].text", "“建设实训基地”有重叠"},
	} {
		_, err := b.ReceiveProposal(t.Context(), by(b.Office, 0), imported(b, test.confirmed...))
		field, ok := errors.AsType[*casework.FieldError](err)
		if !ok || field.Field != test.field || !strings.Contains(field.Want, test.want) {
			t.Errorf("%s: %v, want a refusal of %s with %s", name, err, test.field, test.want)
		}
	}
	n := imported(b, plan)
	n.Letter.Confirmed = false
	if _, err := b.ReceiveProposal(t.Context(), by(b.Office, 0), n); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("promises that nobody confirmed: %v, want %v", err, casework.ErrInvalid)
	}
	var rows int
	err := b.conn.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM proposals) + (SELECT count(*) FROM letters)
		+ (SELECT count(*) FROM confirmations) + (SELECT count(*) FROM confirmed_promises)`).Scan(&rows)
	if must(t, err); rows != 0 {
		t.Errorf("refused imports left %d rows", rows)
	}
}

// TestCorrectionKeepsWhatWasLeftOut issues a corrected edition of a letter whose
// promises a person chose: only what is new in it is recorded.
func TestCorrectionKeepsWhatWasLeftOut(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id, _, _ := b.recorded(t, imported(b, postgres.ConfirmedPromise{Text: basePromise}))
	text := strings.Replace(oldText, "建成之后全年开放，全年开放。", "下一步，我委将增加开放时间。", 1)
	_, err := b.CorrectLetter(t.Context(), by(b.Office, id), text, "漏字")
	must(t, err)
	l, err := b.PresentLetter(t.Context(), b.Office, id)
	must(t, err)
	must(t, b.DoRecordCommitments(t.Context(), postgres.RecordCommitments{LetterID: l.Letter.ID}))
	if diff := cmp.Diff([]string{basePromise, "下一步，我委将增加开放时间"}, b.texts(t, id)); diff != "" {
		t.Errorf("on record (-want +got):\n%s", diff)
	}
}
