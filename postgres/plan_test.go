package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// sentence is what draftText promises, and plain a sentence of it that promises
// nothing to a reader.
const (
	sentence = "下一步，我委将在2026年9月底前再开放两处实验室"
	plain    = "我委已开放三处实验室"
)

func (b *bundle) confirmation(due string) postgres.Confirmation {
	return postgres.Confirmation{OwnerID: b.Handler.ID, Due: day(due), Deliverable: "两处实验室", Criterion: "对外开放"}
}

func day(text string) casework.Date {
	d, err := casework.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return d
}

// pledge brings a new proposal to its letter, whose promise the handler keeps
// until the end of September.
func (b *bundle) pledge(t testing.TB, number string) (proposal, commitment int64) {
	t.Helper()
	id := b.sign(t, number)
	_, err := b.PlanPromise(t.Context(), by(b.Handler, id), sentence, b.confirmation("2026-09-30"))
	must(t, err)
	_, err = b.IssueReply(t.Context(), by(b.Office, id), "", casework.Date{})
	must(t, err)
	return id, b.record(t, id)[0].Commitment.ID
}

// record does what the job does after issue, and returns what it recorded.
func (b *bundle) record(t testing.TB, id int64) []postgres.Commitment {
	t.Helper()
	l, err := b.PresentLetter(t.Context(), b.Office, id)
	must(t, err)
	must(t, b.DoRecordCommitments(t.Context(), postgres.RecordCommitments{LetterID: l.Letter.ID}))
	list, err := b.ListCommitments(t.Context(), b.Office, postgres.CommitmentFilter{ProposalID: id, Limit: 10})
	must(t, err)
	return list
}

func (b *bundle) commitment(t testing.TB, id int64) postgres.CommitmentView {
	t.Helper()
	v, err := b.ViewCommitment(t.Context(), b.Admin, id)
	must(t, err)
	return v
}

func TestPlansAreWhatIsRecorded(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id := b.draft(t, "0001")
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	done(b.PlanPromise(ctx, by(b.Handler, id), sentence, b.confirmation("2026-08-31")))
	done(b.PlanPromise(ctx, by(b.Office, id), sentence, b.confirmation("2026-09-30"))) // the last word holds
	done(b.PlanPromise(ctx, by(b.Handler, id), plain, b.confirmation("2026-12-31")))   // which no reader takes for one

	// A plan belongs to its sentence: another draft keeps it, where it still says so.
	done(b.SaveDraft(ctx, by(b.Handler, id), postgres.NewDraft{
		Text: strings.Replace(draftText, "一、已经做的", "一、已经做了的", 1), Result: "adopted", Publicity: "full",
	}))
	check, err := b.CheckDraft(ctx, b.Handler, id, "", "")
	must(t, err)
	var got []string
	for _, p := range check.Promises {
		got = append(got, p.Text+" "+p.Plan.PromisePlan.Due.String())
	}
	if want := []string{plain + " 2026-12-31", sentence + " 2026-09-30"}; !slices.Equal(got, want) {
		t.Errorf("planned %q, want %q", got, want)
	}
	done(b.SubmitReply(ctx, by(b.Handler, id)))
	done(b.ApproveReply(ctx, by(b.Head, id), ""))
	done(b.ApproveReply(ctx, by(b.Office, id), ""))
	done(b.SignReply(ctx, by(b.Leader, id), ""))
	done(b.IssueReply(ctx, by(b.Office, id), "", casework.Date{}))
	got = nil
	for _, c := range b.record(t, id) {
		got = append(got, c.Commitment.Text+" "+string(c.Commitment.State)+" "+c.Owner+" "+c.Commitment.FirstDue.String())
	}
	if want := []string{sentence + " open handler 2026-09-30", plain + " open handler 2026-12-31"}; !slices.Equal(got, want) {
		t.Errorf("recorded %q, want %q", got, want)
	}
	told, err := b.ListNotices(ctx, b.Handler, postgres.NoticeFilter{Limit: 100})
	must(t, err)
	got = nil
	for _, n := range told {
		if strings.Contains(n.Subject, "由您负责兑现") {
			got = append(got, n.Body[strings.Index(n.Body, "承诺事项"):])
		}
	}
	if len(got) != 2 || got[0] == got[1] {
		t.Errorf("who keeps two promises of one letter is told %q", got)
	}
	events, err := b.ListEvents(ctx, b.Office, postgres.EventFilter{ProposalID: id, Limit: 100})
	must(t, err)
	if note := events[len(events)-1].Note; !strings.Contains(note, "2项，已确认2项") {
		t.Errorf("the event says %q", note)
	}
}

// TestWordsCountFromTheirLetter: this year is the letter's year, also for who reads
// its draft years later.
func TestWordsCountFromTheirLetter(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id := b.draft(t, "0001")
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	promised := func() string {
		t.Helper()
		check, err := b.CheckDraft(ctx, b.Handler, id, "", "")
		must(t, err)
		if len(check.Promises) != 1 {
			t.Fatalf("%d promises, want 1", len(check.Promises))
		}
		return check.Promises[0].Due.Day.String()
	}
	done(b.SaveDraft(ctx, by(b.Handler, id), postgres.NewDraft{
		Text: strings.Replace(draftText, "2026年9月底前", "今年年底前", 1), Result: "adopted", Publicity: "full",
	}))
	b.on("2025-12-01")
	if got, want := promised(), "2025-12-31"; got != want {
		t.Errorf("a draft of 2025 promises by %s, want %s", got, want)
	}
	b.on("2026-03-02")
	done(b.SubmitReply(ctx, by(b.Handler, id)))
	done(b.ApproveReply(ctx, by(b.Head, id), ""))
	done(b.ApproveReply(ctx, by(b.Office, id), ""))
	done(b.SignReply(ctx, by(b.Leader, id), ""))
	done(b.IssueReply(ctx, by(b.Office, id), later, casework.Date{}))
	b.on("2029-05-07")
	if got, want := promised(), "2026-12-31"; got != want {
		t.Errorf("a letter of 2026 promises by %s, want %s", got, want)
	}
}

// TestLostPlans: an edit takes plans away from their sentences, and putting the
// words back returns them.
func TestLostPlans(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id := b.draft(t, "0001")
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	done(b.WaivePromise(ctx, by(b.Handler, id), sentence, "与前一项是一件事"))
	done(b.PlanPromise(ctx, by(b.Handler, id), plain, b.confirmation("2026-12-31")))
	done(b.PlanPromise(ctx, by(b.Handler, id), sentence, b.confirmation("2026-09-30")))
	for _, tt := range []struct {
		name, from, to string
		want           []string
	}{
		{"as it was", "", "", nil},
		{"a word of another sentence", "经研究", "经认真研究", nil},
		{"the marked sentence reworded", "已开放三处", "已开放四处", []string{plain}},
		{"the promise reworded", "再开放两处", "再开放三处", []string{sentence}},
		{"the promise goes on", "两处实验室", "两处实验室和一处图书室", []string{sentence}},
		{"both", "开放", "建成", []string{sentence, plain}},
	} {
		text := draftText
		if tt.from != "" {
			text = strings.ReplaceAll(text, tt.from, tt.to)
		}
		check, err := b.CheckDraft(ctx, b.Handler, id, text, "")
		must(t, err)
		var got []string
		for _, p := range check.Lost {
			got = append(got, p.Text)
			if p.Plan == nil || p.Plan.Owner != "handler" || p.Plan.PromisePlan.Due.IsZero() {
				t.Errorf("%s: %s is lost with the plan %+v", tt.name, p.Text, p.Plan)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: lost %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestIssueAsksForDecidedPromises: neither a promise that nobody decided of nor
// one due before its letter goes out, but for a reason that the event keeps.
func TestIssueAsksForDecidedPromises(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id := b.sign(t, "0001")
	refused := func(want string) {
		t.Helper()
		_, err := b.IssueReply(ctx, by(b.Office, id), "", casework.Date{})
		if e, ok := errors.AsType[*casework.StateError](err); !ok || !strings.Contains(e.Why, want) || e.Field != "override_reason" {
			t.Errorf("IssueReply = %v, want a refusal for %q that names override_reason", err, want)
		}
	}
	refused("复文有差错：有 1 项承诺尚未确认：“下一步，我委将在2026年9月底前再开放两处实验室”。")
	_, err := b.PlanPromise(ctx, by(b.Handler, id), sentence, b.confirmation("2026-03-05"))
	must(t, err)
	b.now = b.now.AddDate(0, 0, 7)
	refused("时限2026年3月5日早于成文日期")
	_, err = b.IssueReply(ctx, by(b.Office, id), "届时另行约定", casework.Date{})
	must(t, err)
	events, err := b.ListEvents(ctx, b.Office, postgres.EventFilter{ProposalID: id, Limit: 100})
	must(t, err)
	if note := events[len(events)-1].Note; !strings.Contains(note, "届时另行约定") || !strings.Contains(note, "早于成文日期") {
		t.Errorf("the event says %q", note)
	}
	if c := b.record(t, id)[0].Commitment; c.State != casework.Noted || !c.Due.IsZero() {
		t.Errorf("a promise due before its letter is recorded %s until %s, want noted", c.State, c.Due)
	}
}

// TestUndecidedPromisesAreOneMistake: however many there are, the refusal is one
// sentence.
func TestUndecidedPromisesAreOneMistake(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id := b.draft(t, "0001")
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	done(b.SaveDraft(ctx, by(b.Handler, id), postgres.NewDraft{
		Text:   strings.Replace(draftText, sentence+"。", sentence+"。我委还将公布开放名录。我委还将延长开放时间。", 1),
		Result: "adopted", Publicity: "full",
	}))
	done(b.SubmitReply(ctx, by(b.Handler, id)))
	done(b.ApproveReply(ctx, by(b.Head, id), ""))
	done(b.ApproveReply(ctx, by(b.Office, id), ""))
	done(b.SignReply(ctx, by(b.Leader, id), ""))
	_, err := b.IssueReply(ctx, by(b.Office, id), "", casework.Date{})
	e, ok := errors.AsType[*casework.StateError](err)
	if want := "复文有差错：有 3 项承诺尚未确认：“下一步，我委将在2026年9月底前再开放两处实验室”等。"; !ok || e.Why != want {
		t.Errorf("IssueReply = %v, want a refusal for %q", err, want)
	}
}

// TestResultNeedsADay: 正在解决 and 计划解决 go out with a dated commitment only;
// one that is waived is none, whatever day its words name.
func TestResultNeedsADay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind   casework.Kind
		result string
		plan   func(b *bundle, id int64) error
		fault  string // "" for none
	}{
		{casework.NPCSuggestion, "in_progress", waiveSentence, "error"},
		{casework.NPCSuggestion, "planned", waiveSentence, "error"},
		{casework.NPCSuggestion, "adopted", waiveSentence, ""},
		{casework.CPPCCProposal, "planned", waiveSentence, "warning"},
		{casework.NPCSuggestion, "in_progress", planSentence, ""},
		{casework.CPPCCProposal, "planned", planSentence, ""},
	} {
		t.Run(string(tt.kind)+" "+tt.result, func(t *testing.T) { // each in a transaction of its own
			b := setup(t, postgrestest.Tx(t))
			n := newProposal("0001", b.Delegate)
			n.Kind = tt.kind
			p, err := b.ReceiveProposal(t.Context(), by(b.Office, 0), n)
			must(t, err)
			_, err = b.AcceptProposal(t.Context(), by(b.Office, p.ID), casework.Date{})
			must(t, err)
			_, err = b.AssignProposal(t.Context(), by(b.Office, p.ID), b.Handler.ID)
			must(t, err)
			_, err = b.SaveDraft(t.Context(), by(b.Handler, p.ID), postgres.NewDraft{Text: draftText, Result: tt.result, Publicity: "full"})
			must(t, err)
			must(t, tt.plan(b, p.ID))
			check, err := b.CheckDraft(t.Context(), b.Handler, p.ID, "", "")
			must(t, err)
			got := ""
			for _, f := range check.Faults {
				if f.Rule == "result_without_day" {
					got = map[bool]string{true: "error", false: "warning"}[f.Error]
				}
			}
			if got != tt.fault {
				t.Errorf("%s with result %s: %q, want %q", tt.kind, tt.result, got, tt.fault)
			}
		})
	}
}

func planSentence(b *bundle, id int64) error {
	_, err := b.PlanPromise(background, by(b.Handler, id), sentence, b.confirmation("2026-09-30"))
	return err
}

func waiveSentence(b *bundle, id int64) error {
	_, err := b.WaivePromise(background, by(b.Handler, id), sentence, "一般表态")
	return err
}

// TestPlanRefusals: wrong plans leave nothing.
func TestPlanRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	drafting, received := b.draft(t, "0001"), b.receive(t, "0002")
	issued, _ := b.issue(t, "0003")
	with := func(change func(*postgres.Confirmation)) postgres.Confirmation {
		n := b.confirmation("2026-09-30")
		change(&n)
		return n
	}
	owned := func(id int64) postgres.Confirmation { return with(func(n *postgres.Confirmation) { n.OwnerID = id }) }
	before := dump(t, b.conn)
	for _, tt := range []struct {
		name  string
		user  casework.User
		id    int64
		text  string
		n     postgres.Confirmation
		want  error
		field string
	}{
		{"a sentence of nowhere", b.Handler, drafting, "我委将再开放九处实验室", b.confirmation("2026-09-30"), casework.ErrInvalid, "text"},
		{"nothing but space", b.Handler, drafting, "\n", b.confirmation("2026-09-30"), casework.ErrInvalid, "text"},
		{"a part of a promise", b.Handler, drafting, strings.TrimPrefix(sentence, "下一步，"), b.confirmation("2026-09-30"), casework.ErrInvalid, "text"},
		{"a promise and more", b.Handler, drafting, "接着要做的\n\n" + sentence, b.confirmation("2026-09-30"), casework.ErrInvalid, "text"},
		{"half a sentence", b.Handler, drafting, strings.TrimPrefix(plain, "我委"), b.confirmation("2026-09-30"), casework.ErrInvalid, "text"},
		{"a person of another organ", b.Handler, drafting, sentence, owned(b.HelperOffice.ID), casework.ErrInvalid, "owner_id"},
		{"a delegate", b.Handler, drafting, sentence, owned(b.Delegate.ID), casework.ErrInvalid, "owner_id"},
		{"yesterday", b.Handler, drafting, sentence, b.confirmation("2026-03-01"), casework.ErrInvalid, "due"},
		{"another handler", b.OtherHandler, drafting, sentence, b.confirmation("2026-09-30"), casework.ErrForbidden, ""},
		{"a reviewer", b.Head, drafting, sentence, b.confirmation("2026-09-30"), casework.ErrForbidden, ""},
		{"a delegate plans", b.Delegate, drafting, sentence, b.confirmation("2026-09-30"), casework.ErrForbidden, ""},
		{"before there is a draft", b.Office, received, sentence, b.confirmation("2026-09-30"), casework.ErrNotAllowed, ""},
		{"after it went out", b.Office, issued, sentence, b.confirmation("2026-09-30"), casework.ErrNotAllowed, ""},
	} {
		_, err := b.PlanPromise(t.Context(), by(tt.user, tt.id), tt.text, tt.n)
		wrong, _ := errors.AsType[*casework.FieldError](err)
		if !errors.Is(err, tt.want) || tt.field != "" && (wrong == nil || wrong.Field != tt.field) {
			t.Errorf("%s: %v, want %v about %q", tt.name, err, tt.want, tt.field)
		}
	}
	if dump(t, b.conn) != before {
		t.Error("a refused plan left something behind")
	}
}
