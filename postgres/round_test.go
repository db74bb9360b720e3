package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// answer brings a new proposal to its answer, published.
func (b *bundle) answer(t testing.TB, number string) int64 {
	t.Helper()
	id, l := b.issue(t, number)
	b.deliver(t, id, l)
	_, err := b.PublishReply(t.Context(), by(b.Office, id))
	must(t, err)
	return id
}

// deliver delivers and copies a letter as a person and the jobs do.
func (b *bundle) deliver(t testing.TB, id int64, l postgres.Letter) {
	t.Helper()
	v, err := b.ViewProposal(t.Context(), b.Office, id)
	must(t, err)
	_, err = b.RecordDelivery(t.Context(), by(b.Office, id), postgres.NewDelivery{ProposerID: v.ProposerRows[0].ID, Channel: "hand"})
	must(t, err)
	for _, organ := range []int64{b.Government, b.CPPCC} {
		_, err := b.SendCopy(t.Context(), by(b.Office, id), organ)
		must(t, err)
		must(t, b.DoSendCopy(t.Context(), postgres.SendCopyJob{ReplyID: l.Letter.ReplyID, OrganID: organ}))
	}
}

// again brings a proposal that was sent back for a second round to its letter.
func (b *bundle) again(t testing.TB, id int64) postgres.Letter {
	t.Helper()
	ctx := t.Context()
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	done(b.SaveDraft(ctx, by(b.Handler, id), postgres.NewDraft{Text: draftText, Result: "adopted", Publicity: "full"}))
	done(b.SubmitReply(ctx, by(b.Handler, id)))
	done(b.ApproveReply(ctx, by(b.Head, id), ""))
	done(b.ApproveReply(ctx, by(b.Office, id), ""))
	done(b.SignReply(ctx, by(b.Leader, id), ""))
	done(b.IssueReply(ctx, by(b.Office, id), later, casework.Date{}))
	l, err := b.PresentLetter(ctx, b.Office, id)
	must(t, err)
	return l
}

// TestSecondRoundStandsBesideTheFirst redoes one proposal whose first reply is
// public and one whose is not yet.
func TestSecondRoundStandsBesideTheFirst(t *testing.T) {
	t.Parallel()
	for _, published := range []bool{true, false} {
		t.Run(fmt.Sprintf("published %v", published), func(t *testing.T) {
			t.Parallel()
			tx := postgrestest.Tx(t)
			b := setup(t, tx)
			ctx := t.Context()
			id, first := b.issue(t, "0001")
			b.deliver(t, id, first)
			if published {
				_, err := b.PublishReply(ctx, by(b.Office, id))
				must(t, err)
			}
			_, err := b.RedoProposal(ctx, by(b.CPPCCSupervisor, id), "未答全", casework.Date{})
			must(t, err)
			if _, err := b.RequestExtension(ctx, by(b.Office, id), "难", b.Today().AddMonths(2)); !errors.Is(err, casework.ErrNotAllowed) {
				t.Errorf("RequestExtension in the second round = %v, want %v", err, casework.ErrNotAllowed)
			}
			second := b.again(t, id)
			b.deliver(t, id, second)
			_, err = b.AcknowledgeCopy(ctx, by(b.CPPCCSupervisor, id))
			must(t, err)
			_, err = b.PublishReply(ctx, by(b.Office, id))
			must(t, err)
			var standing, waiting int
			must(t, tx.QueryRow(ctx, `SELECT count(*) FROM publications WHERE taken_down IS NULL`).Scan(&standing))
			must(t, tx.QueryRow(ctx, `SELECT count(*) FROM copies WHERE organ_id = $1 AND acknowledged_at IS NULL`, b.CPPCC).Scan(&waiting))
			if standing != 1 || waiting != 0 {
				t.Errorf("%d publications stand and %d copies wait, want 1 and 0", standing, waiting)
			}
			if first.Letter.DocumentNumber == second.Letter.DocumentNumber {
				t.Errorf("both rounds have the number %s", second.Letter.DocumentNumber)
			}
		})
	}
}

// TestTakeDownDuringRedo shows that what is public can be taken down whatever
// the proposal is doing.
func TestTakeDownDuringRedo(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.answer(t, "0001")
	_, err := b.RedoProposal(t.Context(), by(b.CPPCCSupervisor, id), "未答全", casework.Date{})
	must(t, err)
	if _, err := b.TakeDownReply(t.Context(), by(b.Office, id), "含个人信息"); err != nil {
		t.Errorf("TakeDownReply while the second reply is drafted: %v", err)
	}
	if _, err := b.TakeDownReply(t.Context(), by(b.Office, id), "再撤"); !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("TakeDownReply of what is not public = %v, want %v", err, casework.ErrNotAllowed)
	}
}

// TestReturnedProposalGoesToAnotherOrgan puts an item that was given back on
// record again, for the organ whose it is.
func TestReturnedProposalGoesToAnotherOrgan(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id := b.receive(t, "0001")
	n := newProposal("0001", b.Delegate)
	n.OrganID = b.Helper
	if _, err := b.ReceiveProposal(ctx, by(b.CPPCCSupervisor, 0), n); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("the same item for a second organ = %v, want %v", err, casework.ErrConflict)
	}
	_, err := b.RequestReturn(ctx, by(b.Office, id), "非本委职责")
	must(t, err)
	_, err = b.DecideReturn(ctx, by(b.CPPCCSupervisor, id), true, "改交")
	must(t, err)
	if _, err := b.ReceiveProposal(ctx, by(b.CPPCCSupervisor, 0), n); err != nil {
		t.Errorf("the returned item for another organ: %v", err)
	}
	n = newProposal("0002", b.Delegate)
	n.OrganID = b.CPPCC
	if _, err := b.ReceiveProposal(ctx, by(b.CPPCCSupervisor, 0), n); !errors.Is(err, casework.ErrInvalid) {
		t.Errorf("an item for an oversight office = %v, want %v", err, casework.ErrInvalid)
	}
}

// TestCommitmentPagesEnd pages through promises with a day and without one.
func TestCommitmentPagesEnd(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id, l := b.issue(t, "0001")
	more := strings.Replace(l.Letter.Text, "感谢您", "我委将整理目录。我委将开办培训。我委将加强巡查。我委将公布电话。\n\n感谢您", 1)
	_, err := b.CorrectLetter(ctx, by(b.Office, id), more, "补正")
	must(t, err)
	for _, edition := range []int64{l.Letter.ID, l.Letter.ID + 1} {
		must(t, b.DoRecordCommitments(ctx, postgres.RecordCommitments{LetterID: edition}))
	}
	seen := map[int64]int{}
	f := postgres.CommitmentFilter{ProposalID: id, Limit: 2}
	for range 10 {
		list, err := b.ListCommitments(ctx, b.Office, f)
		must(t, err)
		for _, c := range list {
			seen[c.Commitment.ID]++
			f.AfterDay, f.AfterID = postgres.CommitmentDay(c), c.Commitment.ID
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d commitments on all pages, want 5", len(seen))
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("commitment %d was listed %d times", id, n)
		}
	}
}

// TestManyReadersDoNotWaitForEachOther reads commitments from more goroutines
// than there are connections.
func TestManyReadersDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	id, l := b.issue(t, "0001")
	must(t, b.DoRecordCommitments(t.Context(), postgres.RecordCommitments{LetterID: l.Letter.ID}))
	list, err := b.ListCommitments(t.Context(), b.Office, postgres.CommitmentFilter{ProposalID: id, Limit: 1})
	must(t, err)
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for range 5 {
				if _, err := b.ViewCommitment(t.Context(), b.Delegate, list[0].Commitment.ID); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// TestImportTakesNothingThatIsNotItsOwn refuses numbers of another organ and
// publication of what is not public.
func TestImportTakesNothingThatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	date := casework.Date{Year: 2026, Month: 2, Day: 20}
	for name, test := range map[string]struct {
		letter postgres.OldLetter
		user   casework.User
		field  string
	}{
		"another's prefix":  {postgres.OldLetter{DocumentNumber: "某试提复〔2026〕9号", IssueDate: date}, b.HelperOffice, "issued_letter.document_number"},
		"a mistyped number": {postgres.OldLetter{DocumentNumber: "某试提复〔2026〕202600012号", IssueDate: date}, b.Office, "issued_letter.document_number"},
		"published though withheld": {
			postgres.OldLetter{DocumentNumber: "某试提复〔2026〕9号", IssueDate: date, Publicity: "withheld", Published: date}, b.Office, "issued_letter.published",
		},
		"published tomorrow": {
			postgres.OldLetter{DocumentNumber: "某试提复〔2026〕9号", IssueDate: date, Published: b.Today().AddDays(1)}, b.Office, "issued_letter.published",
		},
	} {
		n := newProposal("0001", b.Delegate)
		test.letter.Text = "一封早先印发的复文，文字从略，只为试验。"
		n.Letter = &test.letter
		_, err := b.ReceiveProposal(t.Context(), by(test.user, 0), n)
		if field, ok := errors.AsType[*casework.FieldError](err); !ok || field.Field != test.field {
			t.Errorf("%s: %v, want a refusal of %s", name, err, test.field)
		}
	}
}
