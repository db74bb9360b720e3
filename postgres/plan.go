package postgres

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/casework/letter"
	"fuyan/gen/db"
)

// A PromisePlan is what was decided of a promise of a draft.
type PromisePlan = db.PromisePlansRow

// PlanPromise says of a promise of the saved draft who keeps it, until when, and
// how it will be judged. A whole sentence that no reader took for a promise may be
// made one. Said again, the last word holds.
func (d *DB) PlanPromise(ctx context.Context, c Call, text string, n Confirmation) (ListedProposal, error) {
	return d.change(ctx, c, casework.PlanPromise, func(tx pgx.Tx, m *move) error {
		if err := d.mayPlan(ctx, tx, m, text); err != nil {
			return err
		}
		owner, err := keeperOf(ctx, tx, m.p, n.OwnerID)
		if err != nil {
			return err
		}
		if n.Due.Before(d.Today()) {
			return casework.Invalid("due", "应为今天或以后")
		}
		if err := casework.CheckDay("due", n.Due); err != nil {
			return err
		}
		m.note = owner.User.DisplayName + "，" + n.Due.String() + "：" + beginning(text)
		return q.SavePromisePlan(ctx, tx, db.SavePromisePlanParams{
			ReplyID: m.reply.ID, Text: text, OwnerID: &n.OwnerID, Due: n.Due, Deliverable: n.Deliverable, Criterion: n.Criterion,
			PlannedBy: c.User.ID, PlannedAt: d.now(),
		})
	})
}

// WaivePromise says of a promise of the saved draft that it is none to follow.
func (d *DB) WaivePromise(ctx context.Context, c Call, text, reason string) (ListedProposal, error) {
	return d.change(ctx, c, casework.WaivePromise, func(tx pgx.Tx, m *move) error {
		if err := d.standsInDraft(ctx, tx, m, text); err != nil {
			return err
		}
		m.note = beginning(text) + "：" + reason
		return q.SavePromisePlan(ctx, tx, db.SavePromisePlanParams{
			ReplyID: m.reply.ID, Text: text, Reason: reason, PlannedBy: c.User.ID, PlannedAt: d.now(),
		})
	})
}

// mayPlan refuses a sentence that is no promise of the latest draft and cannot be
// made one.
func (d *DB) mayPlan(ctx context.Context, tx pgx.Tx, m *move, text string) error {
	draft, err := d.latestDraft(ctx, tx, m.reply)
	if err != nil {
		return err
	}
	plans, err := plansOf(ctx, tx, m.reply.ID)
	if err != nil {
		return err
	}
	read := letter.ReadDraft(draft, d.Today()).Commitments
	return letter.CheckMarked(draft, text, withPlanned(draft, read, plans))
}

// standsInDraft refuses a sentence that the latest draft does not have.
func (d *DB) standsInDraft(ctx context.Context, tx pgx.Tx, m *move, text string) error {
	draft, err := d.latestDraft(ctx, tx, m.reply)
	if err == nil && (strings.TrimSpace(text) == "" || !strings.Contains(draft, text)) {
		err = casework.Invalid("text", "应与已保存稿件中的一句话逐字相同，稿件里没有这段文字")
	}
	return err
}

// latestDraft is the text saved last; empty while there is none.
func (d *DB) latestDraft(ctx context.Context, tx db.DBTX, r Reply) (string, error) {
	if r.DraftCount == 0 {
		return "", nil
	}
	draft, err := q.Draft(ctx, tx, r.ID, r.DraftCount)
	return draft.Text, err
}

// plansOf returns what was decided of the promises of a round, by sentence.
func plansOf(ctx context.Context, tx db.DBTX, replyID int64) (map[string]PromisePlan, error) {
	rows, err := q.PromisePlans(ctx, tx, replyID)
	out := make(map[string]PromisePlan, len(rows))
	for _, r := range rows {
		out[r.PromisePlan.Text] = r
	}
	return out, err
}

// forLetter is what a letter is checked against of the plans.
func forLetter(plans map[string]PromisePlan) map[string]letter.Plan {
	out := make(map[string]letter.Plan, len(plans))
	for text, p := range plans {
		out[text] = letter.Plan{Due: p.PromisePlan.Due, Waived: p.PromisePlan.Reason != ""}
	}
	return out
}

// A PlannedPromise is a promise of a draft with what was decided of it; nil for
// nothing yet.
type PlannedPromise struct {
	letter.Commitment
	Plan *PromisePlan
}

// planned puts the plans beside the promises that were read, and adds those of
// sentences that were not.
func planned(text string, read []letter.Commitment, plans map[string]PromisePlan) []PlannedPromise {
	var out []PlannedPromise
	for _, c := range withPlanned(text, read, plans) {
		p := PlannedPromise{Commitment: c}
		if plan, ok := plans[c.Text]; ok {
			p.Plan = &plan
		}
		out = append(out, p)
	}
	return out
}

// lost are the plans that hold for nothing in a text: those of sentences that it
// does not have, or has only as a part of another promise. They are in the order
// in which they were made.
func lost(text string, promises []PlannedPromise, plans map[string]PromisePlan) []PlannedPromise {
	var out []PlannedPromise
	chars := []rune(text)
	for sentence, plan := range plans {
		if slices.ContainsFunc(promises, func(p PlannedPromise) bool { return p.Text == sentence }) {
			continue
		}
		span, stands := placeOf(ConfirmedPromise{Text: sentence, Start: -1}, text, chars)
		covered := slices.ContainsFunc(promises, func(p PlannedPromise) bool { return overlap(p.Span, span) })
		if !stands || covered {
			out = append(out, PlannedPromise{letter.Commitment{Text: sentence}, &plan})
		}
	}
	slices.SortFunc(out, func(a, b PlannedPromise) int { return cmp.Compare(a.Plan.PromisePlan.ID, b.Plan.PromisePlan.ID) })
	return out
}

// withPlanned are the promises read in a text and the sentences that somebody
// made promises, in the order of their places.
func withPlanned(text string, read []letter.Commitment, plans map[string]PromisePlan) []letter.Commitment {
	out := slices.Clone(read)
	chars := []rune(text)
	for sentence, plan := range plans {
		span, ok := placeOf(ConfirmedPromise{Text: sentence, Start: -1}, text, chars)
		taken := slices.ContainsFunc(out, func(c letter.Commitment) bool { return overlap(c.Span, span) })
		if ok && !taken && plan.PromisePlan.Reason == "" {
			out = append(out, letter.Commitment{Text: sentence, Span: span})
		}
	}
	slices.SortFunc(out, func(a, b letter.Commitment) int { return a.Span.Start - b.Span.Start })
	return out
}

// followPlan makes a promise of an issued letter what was decided of it in the draft:
// open with its owner and day, or waived. One of which nothing was decided, or
// whose day came before the letter, stays noted.
func (d *DB) followPlan(ctx context.Context, tx pgx.Tx, m *move, row *db.Commitment, plan PromisePlan, issued casework.Date) error {
	n := plan.PromisePlan
	by := casework.User{ID: n.PlannedBy, Name: plan.Planner}
	kind, words := "confirmed", n.Deliverable
	switch {
	case n.Reason != "":
		kind, words = "waived", n.Reason
		row.State, row.EndReason = casework.Waived, n.Reason
	case n.Due.Before(issued):
		return nil
	default:
		row.State, row.OwnerID, row.DivisionID, row.FirstDue, row.Due = casework.Open, n.OwnerID, plan.DivisionID, n.Due, n.Due
		row.Deliverable, row.Criterion, row.FollowYear = n.Deliverable, n.Criterion, new(int32(d.Today().Year))
		if err := d.follow(ctx, tx, m, row, issued); err != nil {
			return err
		}
	}
	if err := saveCommitment(ctx, tx, *row); err != nil {
		return err
	}
	return d.progress(ctx, tx, by, row, db.CreateProgressParams{Kind: kind, Text: words})
}

// followed says how many promises of a letter were taken into the ledger, and how.
func followed(number string, all, open, waived int) string {
	note := fmt.Sprintf("%s，%d项", number, all)
	if open > 0 {
		note += fmt.Sprintf("，已确认%d项", open)
	}
	if waived > 0 {
		note += fmt.Sprintf("，不列入%d项", waived)
	}
	return note
}
