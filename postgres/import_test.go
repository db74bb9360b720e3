package postgres_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// label is what a careful reader says is in a letter.
type label struct {
	Kind           string   `json:"kind"`
	DocumentNumber string   `json:"document_number"`
	Body           string   `json:"body"`
	Term           int      `json:"term"`
	Session        int      `json:"session"`
	CaseNumber     string   `json:"case_number"`
	Title          string   `json:"title"`
	Proposers      []string `json:"proposers"`
	ResultLabel    string   `json:"result_label"`
	IssueDate      string   `json:"issue_date"`
	CopiedTo       []string `json:"copied_to"`
	Commitments    []struct {
		Text string `json:"text"`
	} `json:"commitments"`
}

// TestImportRealLetters takes each real letter in, in one call, and finds what
// it says in the database.
func TestImportRealLetters(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../shared/letters/*.json")
	must(t, err)
	if len(files) == 0 {
		if os.Getenv("CI") != "" {
			t.Fatal("the letters are not beside the checkout")
		}
		t.Skip("the letters are not beside the checkout")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			importLetter(t, file)
		})
	}
}

func importLetter(t *testing.T, file string) {
	var want label
	data, err := os.ReadFile(file)
	must(t, err)
	must(t, json.Unmarshal(data, &want))
	text, err := os.ReadFile(strings.TrimSuffix(file, ".json") + ".txt")
	must(t, err)

	tx := postgrestest.Tx(t)
	b := setup(t, tx)
	n := postgres.NewProposal{
		Kind: casework.Kind(strings.ToLower(want.Kind)), Sitting: casework.Sitting{Body: want.Body, Term: want.Term, Session: want.Session},
		Number: want.CaseNumber, Title: want.Title, Letter: &postgres.OldLetter{Text: string(text)},
	}
	for _, name := range want.Proposers {
		n.Proposers = append(n.Proposers, postgres.NewProposer{Name: name})
	}
	p, err := b.ReceiveProposal(t.Context(), by(b.Office, 0), n)
	must(t, err)
	l, err := b.PresentLetter(t.Context(), b.Office, p.ID)
	must(t, err)
	// The job that the import queued does this.
	must(t, b.DoRecordCommitments(t.Context(), postgres.RecordCommitments{LetterID: l.Letter.ID}))

	reply, err := b.ViewReply(t.Context(), b.Office, p.ID, 0)
	must(t, err)
	var copied []string
	for _, c := range reply.Copies {
		if c.Copy.SentAt != nil {
			copied = append(copied, c.Organ)
		}
	}
	state := casework.Answered
	if len(want.CopiedTo) == 0 {
		state = casework.Issued // its web page does not say that it was copied
	}
	type facts struct {
		Number, Date, Text string
		State              casework.State
		Result             casework.Result
		Copied             []string
	}
	got := facts{l.Letter.DocumentNumber, l.Letter.IssueDate.String(), l.Letter.Text, p.State, casework.Result(reply.Result), copied}
	wanted := facts{want.DocumentNumber, want.IssueDate, string(text), state, casework.ResultOf(want.ResultLabel), nil}
	if len(want.CopiedTo) > 0 {
		wanted.Copied = want.CopiedTo
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	list, err := b.ListCommitments(t.Context(), b.Office, postgres.CommitmentFilter{ProposalID: p.ID, Limit: 100})
	must(t, err)
	var promises, wantPromises []string
	for _, c := range list {
		promises = append(promises, strings.Join(strings.Fields(c.Commitment.Text), ""))
	}
	for _, c := range want.Commitments {
		wantPromises = append(wantPromises, strings.Join(strings.Fields(c.Text), ""))
	}
	if diff := cmp.Diff(wantPromises, promises); diff != "" {
		t.Errorf("commitments (-want +got):\n%s", diff)
	}
	if _, err := b.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestImportRefusesWhatTheLetterDoesNotSay(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	n := newProposal("0001", b.Delegate)
	n.Letter = &postgres.OldLetter{Text: "没有文号、没有日期的一段话，不能作为已印发的复文收进来。"}
	_, err := b.ReceiveProposal(t.Context(), by(b.Office, 0), n)
	field, ok := errors.AsType[*casework.FieldError](err)
	if !ok || field.Field != "issued_letter.document_number" {
		t.Errorf("ReceiveProposal = %v, want a refusal of issued_letter.document_number", err)
	}
	n.Letter.DocumentNumber = "某试提复〔2025〕3号"
	_, err = b.ReceiveProposal(t.Context(), by(b.Office, 0), n)
	field, ok = errors.AsType[*casework.FieldError](err)
	if !ok || field.Field != "issued_letter.issue_date" {
		t.Errorf("ReceiveProposal = %v, want a refusal of issued_letter.issue_date", err)
	}
}

// TestImportedLetterAwaitsFeedback counts from the day of the letter, on which it is
// taken to have been delivered.
func TestImportedLetterAwaitsFeedback(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	n := newProposal("0001", b.Delegate)
	n.Letter = &postgres.OldLetter{Text: "一封早先印发的复文，文字从略，只为试验。", DocumentNumber: "某试提复〔2026〕5号", IssueDate: date("2026-02-24")}
	p, err := b.ReceiveProposal(t.Context(), by(b.Office, 0), n)
	must(t, err)
	if got := b.stand(t, p.ID)[casework.RuleFeedback]; got != "due 2026-03-16" {
		t.Errorf("feedback: %q", got)
	}
	old := newProposal("0002", b.Delegate)
	old.HandedOver = date("2025-02-10")
	old.Letter = &postgres.OldLetter{Text: "一封去年印发的复文，文字从略，只为试验。", DocumentNumber: "某试提复〔2025〕5号", IssueDate: date("2025-02-24")}
	p, err = b.ReceiveProposal(t.Context(), by(b.Office, 0), old)
	must(t, err)
	if got := b.stand(t, p.ID)[casework.RuleFeedback]; got != "" {
		t.Errorf("feedback on a letter of last year: %q, want none asked for", got)
	}
	if next := b.follow(t, b.Delegate, p.ID).Next; next == casework.NextFeedback {
		t.Error("what comes next of a letter of last year is feedback")
	}
}

// TestImportedNumberMovesTheSeriesOn shows that no number below an imported one
// is without a fate, and none is given twice.
func TestImportedNumberMovesTheSeriesOn(t *testing.T) {
	t.Parallel()
	tx := postgrestest.Tx(t)
	b := setup(t, tx)
	old := func(number, document string) error {
		n := newProposal(number, b.Delegate)
		n.Letter = &postgres.OldLetter{Text: "一封早先印发的复文，文字从略，只为试验文号。", DocumentNumber: document, IssueDate: casework.Date{Year: 2026, Month: 2, Day: 20}}
		_, err := b.ReceiveProposal(t.Context(), by(b.Office, 0), n)
		return err
	}
	must(t, old("0001", "某试提复〔2026〕5号"))
	must(t, old("0002", "某试提复〔2026〕3号"))
	_, l := b.issue(t, "0003")
	if want := "某试提复〔2026〕6号"; l.Letter.DocumentNumber != want {
		t.Errorf("the next number = %s, want %s", l.Letter.DocumentNumber, want)
	}
	var fates string
	must(t, tx.QueryRow(t.Context(), `SELECT string_agg(fate, ' ' ORDER BY number) FROM series_numbers`).Scan(&fates))
	if want := "outside outside used outside used used"; fates != want {
		t.Errorf("fates = %s, want %s", fates, want)
	}
	if err := old("0004", "某试提复〔2026〕3号"); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("a number used before = %v, want %v", err, casework.ErrConflict)
	}
}
