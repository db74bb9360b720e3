package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// deadline returns the deadline of the rule, the latest if there are several.
func (b *bundle) deadline(t testing.TB, id int64, rule string) (due, met string) {
	t.Helper()
	v, err := b.ViewProposal(t.Context(), b.Admin, id)
	must(t, err)
	for _, d := range v.Deadlines {
		if d.Rule == rule {
			due, met = d.Due.String(), d.Met.String()
		}
	}
	return due, met
}

func TestReturnWindowCloses(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id := b.receive(t, "0001")
	// Seven working days from Monday, 2 March 2026; nothing is off between.
	if due, _ := b.deadline(t, id, casework.RuleReturn); due != "2026-03-11" {
		t.Errorf("the return window ends %s, want 2026-03-11", due)
	}
	b.now = b.now.AddDate(0, 0, 10)
	if _, err := b.RequestReturn(ctx, by(b.Office, id), "非本委职责"); !errors.Is(err, casework.ErrNotAllowed) {
		t.Errorf("RequestReturn after the window = %v, want %v", err, casework.ErrNotAllowed)
	}
	b.now = b.now.AddDate(0, 0, -1)
	p, err := b.RequestReturn(ctx, by(b.Office, id), "非本委职责")
	if err != nil || p.State != casework.ReturnRequested {
		t.Fatalf("RequestReturn on its last day = %s, %v", p.State, err)
	}
	p, err = b.DecideReturn(ctx, by(b.CPPCCSupervisor, id), true, "改交他单位")
	if err != nil || p.State != casework.Returned {
		t.Errorf("DecideReturn = %s, %v; want %s", p.State, err, casework.Returned)
	}
}

// TestDeadlinesOfEachStep checks the days that a proposal's steps start and meet.
func TestDeadlinesOfEachStep(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	id := b.draft(t, "0001")
	_, err := b.RequestOpinion(ctx, by(b.Handler, id), b.Helper, "能否配合？")
	must(t, err)
	if _, err := b.RequestOpinion(ctx, by(b.Handler, id), b.Helper, "再问"); !errors.Is(err, casework.ErrConflict) {
		t.Errorf("a second question before the first is answered = %v, want %v", err, casework.ErrConflict)
	}
	if due, met := b.deadline(t, id, casework.RuleOpinion); due != "2026-04-02" || met != "" {
		t.Errorf("the opinion is due %s, met %q; want 2026-04-02", due, met)
	}
	if _, err := b.SubmitOpinion(ctx, by(b.Office, id), "代答"); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("an opinion by the lead = %v, want %v", err, casework.ErrForbidden)
	}
	_, err = b.SubmitOpinion(ctx, by(b.HelperOffice, id), "可以配合。")
	must(t, err)
	if _, met := b.deadline(t, id, casework.RuleOpinion); met != "2026-03-02" {
		t.Errorf("the opinion was met %q", met)
	}
	if due, met := b.deadline(t, id, casework.RuleReply); due != "2026-05-10" || met != "" {
		t.Errorf("the reply is due %s, met %q; want 2026-05-10 (three months from 2026-02-10)", due, met)
	}
	id, _ = b.issue(t, "0002")
	if _, met := b.deadline(t, id, casework.RuleReply); met != "2026-03-02" {
		t.Errorf("the reply was met %q", met)
	}
	if due, _ := b.deadline(t, id, casework.RulePublish); due != "2026-03-30" {
		t.Errorf("publication is due %s, want 2026-03-30 (20 working days)", due)
	}
}

// TestJobsDoTheirWorkOnce does each job three times, as a retry would.
func TestJobsDoTheirWorkOnce(t *testing.T) {
	t.Parallel()
	tx := postgrestest.Tx(t)
	b := setup(t, tx)
	ctx := t.Context()
	id, l := b.issue(t, "0001")
	for _, organ := range []int64{b.Government, b.CPPCC} {
		_, err := b.SendCopy(ctx, by(b.Office, id), organ)
		must(t, err)
	}
	v, err := b.ViewProposal(ctx, b.Office, id)
	must(t, err)
	_, err = b.RecordDelivery(ctx, by(b.Office, id), postgres.NewDelivery{ProposerID: v.ProposerRows[0].ID, Channel: "post"})
	must(t, err)
	for range 3 {
		must(t, b.DoRecordCommitments(ctx, postgres.RecordCommitments{LetterID: l.Letter.ID}))
		must(t, b.DoTellProposer(ctx, postgres.TellProposer{ProposalID: id, Occasion: "issued", Ref: l.Letter.ID}))
		for _, organ := range []int64{b.Government, b.CPPCC} {
			must(t, b.DoSendCopy(ctx, postgres.SendCopyJob{ReplyID: l.Letter.ReplyID, OrganID: organ}))
		}
	}
	var told, copied int
	must(t, tx.QueryRow(ctx, `SELECT count(*) FILTER (WHERE proposer_id IS NOT NULL), count(*) FILTER (WHERE organ_id IS NOT NULL)
		FROM messages WHERE proposal_id = $1`, id).Scan(&told, &copied))
	if told != 1 || copied != 2 {
		t.Errorf("%d proposers told and %d offices, want 1 and 2", told, copied)
	}
	events, err := b.ListEvents(ctx, b.Office, postgres.EventFilter{ProposalID: id, Limit: 100})
	must(t, err)
	var got []casework.Verb
	for _, e := range events[len(events)-5:] {
		got = append(got, e.Verb)
	}
	want := []casework.Verb{casework.RecordDelivery, casework.RecordCommitments, casework.CopySent, casework.CopySent, casework.Complete}
	if !slices.Equal(got, want) {
		t.Errorf("events = %v, want %v", got, want)
	}
	if v, err := b.ViewProposal(ctx, b.Office, id); err != nil || v.State != casework.Answered {
		t.Errorf("the proposal is %s, %v; want %s", v.State, err, casework.Answered)
	}
}

func TestPublishedTextFollowsPublicity(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	for i, test := range []struct {
		draft postgres.NewDraft
		want  string // what the public reads; nothing where it may not
	}{
		{postgres.NewDraft{Publicity: "full"}, "某试提复〔2026〕"},
		{postgres.NewDraft{Publicity: "summary", Summary: "摘要文字"}, "摘要文字"},
		{postgres.NewDraft{Publicity: "on_request"}, ""},
		{postgres.NewDraft{Publicity: "withheld", WithholdReason: "内部事务"}, ""},
	} {
		id := b.draft(t, fmt.Sprintf("%04d", i))
		test.draft.Text, test.draft.Result = draftText, "adopted"
		steps := []func(context.Context) (postgres.ListedProposal, error){
			func(ctx context.Context) (postgres.ListedProposal, error) {
				return b.SaveDraft(ctx, by(b.Handler, id), test.draft)
			},
			func(ctx context.Context) (postgres.ListedProposal, error) {
				return b.SubmitReply(ctx, by(b.Handler, id))
			},
			func(ctx context.Context) (postgres.ListedProposal, error) {
				return b.ApproveReply(ctx, by(b.Head, id), "")
			},
			func(ctx context.Context) (postgres.ListedProposal, error) {
				return b.ApproveReply(ctx, by(b.Office, id), "")
			},
			func(ctx context.Context) (postgres.ListedProposal, error) {
				return b.SignReply(ctx, by(b.Leader, id), "")
			},
			func(ctx context.Context) (postgres.ListedProposal, error) {
				return b.IssueReply(ctx, by(b.Office, id), later, casework.Date{})
			},
		}
		for _, step := range steps {
			_, err := step(ctx)
			must(t, err)
		}
		_, err := b.PublishReply(ctx, by(b.Office, id))
		if test.want == "" {
			if !errors.Is(err, casework.ErrNotAllowed) {
				t.Errorf("%s: published, %v; want %v", test.draft.Publicity, err, casework.ErrNotAllowed)
			}
			continue
		}
		must(t, err)
		r, err := b.ViewReply(ctx, b.Delegate, id, 0)
		must(t, err)
		if text := r.Publication.Publication.Text; !strings.Contains(text, test.want) {
			t.Errorf("%s: the public reads %q", test.draft.Publicity, text)
		}
	}
}

// TestListsShowWhatSeesAllows holds the query of lists to the rule of rights.
func TestListsShowWhatSeesAllows(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	asked := b.draft(t, "0001")
	_, err := b.RequestOpinion(ctx, by(b.Office, asked), b.Helper, "？")
	must(t, err)
	n := newProposal("0002", b.OtherDelegate)
	n.Kind, n.Sitting = casework.NPCSuggestion, casework.Sitting{Body: "市人大", Term: 16, Session: 0}
	_, err = b.ReceiveProposal(ctx, by(b.Office, 0), n)
	must(t, err)
	everything, err := b.ListProposals(ctx, b.Admin, postgres.ProposalFilter{Limit: 10})
	if err != nil || len(everything) != 2 {
		t.Fatalf("an admin sees %d proposals, %v; want 2", len(everything), err)
	}
	for _, u := range b.All() {
		list, err := b.ListProposals(ctx, u, postgres.ProposalFilter{Limit: 10})
		must(t, err)
		for _, p := range everything {
			listed := slices.ContainsFunc(list, func(l postgres.ListedProposal) bool { return l.ID == p.ID })
			_, err := b.ViewProposal(ctx, u, p.ID)
			if seen := err == nil; seen != listed {
				t.Errorf("%s: proposal %s is listed %v, seen %v (%v)", u.Name, p.Number, listed, seen, err)
			}
		}
	}
}

// TestDelegatesSeeNoDrafts checks what a proposer learns before and after issue.
func TestDelegatesSeeNoDrafts(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	drafted := b.draft(t, "0001")
	r, err := b.ViewReply(ctx, b.Delegate, drafted, 0)
	if err != nil || len(r.Drafts)+len(r.Reviews) > 0 || r.Result != "" || r.Summary != "" {
		t.Errorf("a delegate sees %d drafts, %d reviews, result %q, %v", len(r.Drafts), len(r.Reviews), r.Result, err)
	}
	events, err := b.ListEvents(ctx, b.Delegate, postgres.EventFilter{ProposalID: drafted, Limit: 100})
	must(t, err)
	for _, e := range events {
		if e.Verb == casework.SaveDraft {
			t.Error("a delegate sees that a draft was saved")
		}
	}
	if _, err := b.CheckDraft(ctx, b.Delegate, drafted, "", ""); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("CheckDraft by a delegate = %v, want %v", err, casework.ErrForbidden)
	}
	if _, err := b.ViewReply(ctx, b.OtherDelegate, drafted, 0); !errors.Is(err, casework.ErrNotFound) {
		t.Errorf("a delegate who did not sign it = %v, want %v", err, casework.ErrNotFound)
	}
	issued, _ := b.issue(t, "0002")
	r, err = b.ViewReply(ctx, b.Delegate, issued, 0)
	if err != nil || len(r.Letters) != 1 || len(r.Drafts) != 0 || r.Result != "adopted" {
		t.Errorf("after issue a delegate sees %d letters, %d drafts, result %q, %v", len(r.Letters), len(r.Drafts), r.Result, err)
	}
}
