package postgres_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertest"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

func TestIssueReplyFreezesLetter(t *testing.T) {
	t.Parallel()
	tx := postgrestest.Tx(t)
	b := setup(t, tx)
	id, l := b.issue(t, "0001")

	if want := "某试提复〔2026〕1号"; l.Letter.DocumentNumber != want {
		t.Errorf("number = %q, want %q", l.Letter.DocumentNumber, want)
	}
	if sum := sha256.Sum256([]byte(l.Letter.Text)); string(sum[:]) != string(l.Letter.Sha256) {
		t.Error("the hash on record is not the text's")
	}
	for _, want := range []string{"某试提复〔2026〕1号", "对市政协十四届四次会议第0001号提案的答复", "抄送：市政府办公厅建议提案处，市政协提案办。", "2026年3月2日"} {
		if !strings.Contains(l.Letter.Text, want) {
			t.Errorf("the letter does not say %q:\n%s", want, l.Letter.Text)
		}
	}
	rivertest.RequireInsertedTx[*riverpgxv5.Driver](t.Context(), t, tx, postgres.RecordCommitments{}, nil)

	for _, sql := range []string{
		"UPDATE letters SET text = text || '。' WHERE id = $1", "DELETE FROM letters WHERE id = $1",
		"UPDATE events SET note = '' WHERE proposal_id = $1", "DELETE FROM events WHERE proposal_id = $1",
	} {
		sub, err := tx.Begin(t.Context())
		must(t, err)
		subject := l.Letter.ID
		if strings.Contains(sql, "events") {
			subject = id
		}
		if _, err := sub.Exec(t.Context(), sql, subject); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v, want it refused", sql, err)
		}
		must(t, sub.Rollback(t.Context()))
	}
}

func TestIssueReplyRefusesFaults(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.draft(t, "0001")
	ctx := t.Context()
	wrong := strings.Replace(draftText, "甲某委员：", "乙某委员：", 1)
	_, err := b.SaveDraft(ctx, by(b.Handler, id), postgres.NewDraft{Text: wrong, Result: "adopted", Publicity: "full"})
	must(t, err)
	for _, step := range []func() (postgres.ListedProposal, error){
		func() (postgres.ListedProposal, error) { return b.SubmitReply(ctx, by(b.Handler, id)) },
		func() (postgres.ListedProposal, error) { return b.ApproveReply(ctx, by(b.Head, id), "") },
		func() (postgres.ListedProposal, error) { return b.ApproveReply(ctx, by(b.Office, id), "") },
		func() (postgres.ListedProposal, error) { return b.SignReply(ctx, by(b.Leader, id), "") },
	} {
		_, err := step()
		must(t, err)
	}
	if _, err := b.IssueReply(ctx, by(b.Office, id), "", casework.Date{}); !errors.Is(err, casework.ErrNotAllowed) {
		t.Fatalf("IssueReply of a letter to somebody else = %v, want %v", err, casework.ErrNotAllowed)
	}
	p, err := b.IssueReply(ctx, by(b.Office, id), "名字以户籍为准", casework.Date{})
	if err != nil || p.State != casework.Issued {
		t.Fatalf("IssueReply with a reason = %v, %v", p.State, err)
	}
	events, err := b.ListEvents(ctx, b.Office, postgres.EventFilter{ProposalID: id, Limit: 100})
	must(t, err)
	if last := events[len(events)-1]; !strings.Contains(last.Note, "名字以户籍为准") {
		t.Errorf("the event does not say why: %q", last.Note)
	}
}

// TestConcurrentIssuesTakeEachNumberOnce issues 200 letters at once, with
// refused ones and voided numbers among them.
func TestConcurrentIssuesTakeEachNumberOnce(t *testing.T) {
	t.Parallel()
	pool := postgrestest.New(t)
	b := setup(t, pool)
	const letters = 200
	ids := make([]int64, letters)
	for i := range ids {
		ids[i] = b.sign(t, fmt.Sprintf("%04d", i+1))
	}
	var wg sync.WaitGroup
	for i, id := range ids {
		wg.Go(func() {
			if i%10 == 0 {
				void := postgres.VoidedNumber{Kind: casework.CPPCCProposal, Year: 2026, Reason: "打印作废"}
				if _, err := b.VoidNumber(t.Context(), by(b.Office, 0), void); err != nil {
					t.Error(err)
				}
			}
			if _, err := b.IssueReply(t.Context(), by(b.Office, id), later, casework.Date{Year: 2030, Month: 1, Day: 1}); err == nil {
				t.Error("a letter of tomorrow was issued")
			}
			if _, err := b.IssueReply(t.Context(), by(b.Office, id), later, casework.Date{}); err != nil {
				t.Error(err)
			}
			if _, err := b.IssueReply(t.Context(), by(b.Office, id), later, casework.Date{}); !errors.Is(err, casework.ErrNotAllowed) {
				t.Errorf("a letter was issued twice: %v", err)
			}
		})
	}
	wg.Wait()

	var used, void, highest, distinct, last int
	must(t, pool.QueryRow(t.Context(), `
		SELECT count(*) FILTER (WHERE fate = 'used'), count(*) FILTER (WHERE fate = 'void'), max(number), count(DISTINCT number),
		       (SELECT last FROM series WHERE prefix = '某试提复')
		FROM series_numbers WHERE prefix = '某试提复' AND year = 2026`).Scan(&used, &void, &highest, &distinct, &last))
	if got, want := []int{used, void, highest, distinct, last}, []int{200, 20, 220, 220, 220}; !slices.Equal(got, want) {
		t.Errorf("used, void, highest, distinct, last = %v, want %v", got, want)
	}
	if _, err := b.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestCorrectLetterKeepsTheOneBefore(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id, first := b.issue(t, "0001")
	must(t, b.DoRecordCommitments(t.Context(), postgres.RecordCommitments{LetterID: first.Letter.ID}))

	corrected := strings.Replace(first.Letter.Text, "三处", "四处", 1)
	_, err := b.CorrectLetter(t.Context(), by(b.Office, id), corrected, "数字有误")
	must(t, err)
	second, err := b.PresentLetter(t.Context(), b.Office, id)
	must(t, err)
	if second.Letter.Edition != 2 || second.Letter.DocumentNumber != first.Letter.DocumentNumber || second.Letter.Text != corrected {
		t.Errorf("second edition = %+v", second.Letter)
	}
	must(t, b.DoRecordCommitments(t.Context(), postgres.RecordCommitments{LetterID: second.Letter.ID}))
	list, err := b.ListCommitments(t.Context(), b.Office, postgres.CommitmentFilter{ProposalID: id, Limit: 10})
	if err != nil || len(list) != 1 {
		t.Errorf("commitments after the correction = %d, %v; want the same one", len(list), err)
	}
	if _, err := b.CorrectLetter(t.Context(), by(b.Office, id), "没有文号", "试"); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("CorrectLetter without the number = %v", err)
	}
}
