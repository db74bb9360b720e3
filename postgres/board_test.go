package postgres_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// A fate is what became of a commitment, in the words of its columns; the rest is
// filled in. Its letter, of the organ and the kind, is made for it.
type fate struct {
	organ     int64
	kind      casework.Kind
	owner     int64
	state     string
	due       string
	columns   string // further columns with their values: "slips = 1"
	wantIn    []casework.CommitmentGroup
	overdueBy int
}

// put makes a commitment with this fate.
func (b *bundle) put(t *testing.T, f fate) (id int64) {
	t.Helper()
	var proposal int64
	must(t, b.conn.QueryRow(t.Context(), `WITH p AS (
			INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id, handed_over,
				reply_due, received_at, updated_at)
			VALUES ($1, '市政协', 14, 1, nextval('proposals_id_seq')::text, '题', '', true, false, 'answered', $2, '2025-01-01', '2025-04-01', now(), now())
			RETURNING id), r AS (
			INSERT INTO replies (proposal_id, round) SELECT id, 1 FROM p RETURNING id, proposal_id)
		INSERT INTO letters (proposal_id, reply_id, edition, document_number, issue_date, text, sha256, issued_by, issued_at)
		SELECT proposal_id, id, 1, '某试提复〔2025〕' || id || '号', '2025-01-02', '下一步，将做', sha256(convert_to('下一步，将做', 'UTF8')), $3, now() FROM r
		RETURNING proposal_id`, f.kind, f.organ, b.Office.ID).Scan(&proposal))
	must(t, b.conn.QueryRow(t.Context(), `INSERT INTO commitments (proposal_id, letter_id, text, start_offset, end_offset, cue, responsible, due_words)
		SELECT proposal_id, id, text, 0, 6, '将', '{}', '' FROM letters WHERE proposal_id = $1 RETURNING id`, proposal).Scan(&id))
	sql := `UPDATE commitments SET state = $2`
	args := []any{id, f.state}
	if f.due != "" {
		sql += `, owner_id = $3, due = $4::date`
		args = append(args, f.owner, f.due)
		if !strings.Contains(f.columns, "first_due") {
			sql += `, first_due = $4::date`
		}
	}
	switch f.state {
	case "done":
		sql += `, evidence = '文件', done_day = '2025-06-01'`
	case "kept":
		sql += fmt.Sprintf(`, evidence = '文件', done_day = '2025-06-01', judged_by = %d, told_day = '2025-06-02', told_how = '书面'`, b.Office.ID)
	case "dropped":
		sql += `, end_reason = '情况变化', signed_by = '某主任', signed_day = '2025-06-01'`
	case "waived":
		sql += `, end_reason = '不是承诺'`
	}
	if f.columns != "" {
		sql += ", " + f.columns
	}
	_, err := b.conn.Exec(t.Context(), sql+` WHERE id = $1`, args...)
	must(t, err)
	return id
}

const reported = "reported_at = now()"

// fates are commitments of all groups. Today is 2 March 2026.
func (b *bundle) fates(t *testing.T) []fate {
	t.Helper()
	const overdue, soon, silent, slipped = casework.GroupOverdue, casework.GroupDueSoon, casework.GroupSilent, casework.GroupSlipped
	const dropped, contested, unowned, noted = casework.GroupDropped, casework.GroupContested, casework.GroupUnowned, casework.GroupNoted
	of := func(groups ...casework.CommitmentGroup) []casework.CommitmentGroup { return groups }
	id := func(sql string, args ...any) (id int64) {
		t.Helper()
		must(t, b.conn.QueryRow(t.Context(), sql, args...).Scan(&id))
		return id
	}
	disabled := id(`INSERT INTO users (name, display_name, password_hash, roles, organ_id, disabled) VALUES ('left', '走', '', '{handler}', $1, true) RETURNING id`, b.Organ)
	moved := id(`INSERT INTO users (name, display_name, password_hash, roles, organ_id) VALUES ('moved', '调', '', '{handler}', $1) RETURNING id`, b.Helper)
	into := id(`INSERT INTO divisions (organ_id, name) VALUES ($1, '新处') RETURNING id`, b.Organ)
	merged := id(`INSERT INTO divisions (organ_id, name, merged_into) VALUES ($1, '旧处', $2) RETURNING id`, b.Organ, into)
	cppcc, npc, h := casework.CPPCCProposal, casework.NPCSuggestion, b.Handler.ID
	return []fate{
		{b.Organ, cppcc, h, "open", "2026-03-01", reported, of(overdue), 1},
		{b.Organ, npc, h, "open", "2026-01-30", reported, of(overdue), 31},
		{b.Organ, cppcc, b.OtherHandler.ID, "open", "2025-12-01", "", of(overdue, silent), 91},
		{b.Organ, npc, h, "open", "2025-09-02", reported + ", first_due = '2025-08-02', slips = 1", of(overdue, slipped), 181},
		{b.Organ, cppcc, h, "open", "2026-03-02", reported, of(soon), 0},
		{b.Organ, npc, h, "open", "2026-04-01", "", of(soon, silent), 0},
		{b.Organ, cppcc, h, "open", "2026-04-02", reported, nil, 0},
		{b.Organ, cppcc, h, "open", "2026-09-01", reported + ", slips = 2, first_due = '2026-09-30'", of(slipped), 0}, // put off, then brought forward
		{b.Organ, cppcc, h, "open", "2026-09-01", reported + fmt.Sprintf(", offered_to = %d", b.OtherHandler.ID), of(unowned), 0},
		{b.Organ, npc, disabled, "open", "2026-01-05", reported + fmt.Sprintf(", offered_to = %d", h), of(overdue, unowned), 56},
		{b.Organ, npc, moved, "open", "2026-09-01", reported, of(unowned), 0},
		{b.Helper, npc, moved, "open", "2026-09-01", reported, nil, 0},
		{b.Organ, cppcc, h, "open", "2026-09-01", reported + fmt.Sprintf(", division_id = %d", merged), of(unowned), 0},
		{b.Organ, cppcc, h, "open", "2026-09-01", reported + fmt.Sprintf(", division_id = %d", into), nil, 0},
		{b.Organ, cppcc, disabled, "done", "2025-12-01", "", of(silent), 0}, // what is done waits for its judge, not for an owner
		{b.Organ, cppcc, h, "done", "2025-12-01", reported, nil, 0},
		{b.Organ, npc, h, "kept", "2025-12-01", reported + ", contested = true, slips = 1, first_due = '2025-11-01'", of(contested, slipped), 0},
		{b.Organ, cppcc, disabled, "kept", "2025-12-01", "", nil, 0},
		{b.Helper, cppcc, moved, "dropped", "2025-12-01", "", of(dropped), 0},
		{b.Helper, npc, moved, "open", "2026-02-01", "", of(overdue, silent), 29},
		{b.Organ, cppcc, 0, "noted", "", "", of(noted), 0},
		{b.Helper, npc, 0, "noted", "", "words_due = '2026-02-01'", of(noted), 0}, // its words name a day; nobody agreed to it
		{b.Organ, npc, 0, "waived", "", "", nil, 0},
	}
}

func (b *bundle) idsOf(t *testing.T, u casework.User, f postgres.CommitmentFilter) []int64 {
	t.Helper()
	f.Limit = 1000
	list, err := b.ListCommitments(t.Context(), u, f)
	must(t, err)
	ids := []int64{}
	for _, c := range list {
		ids = append(ids, c.Commitment.ID)
	}
	slices.Sort(ids)
	return ids
}

// TestGroups: a list of each group and of each age holds what belongs to it, and
// nothing else.
func TestGroups(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	groups, ages := map[casework.CommitmentGroup][]int64{}, map[casework.OverdueAge][]int64{}
	for _, f := range b.fates(t) {
		id := b.put(t, f)
		for _, g := range f.wantIn {
			groups[g] = append(groups[g], id)
		}
		for _, a := range casework.OverdueAges {
			first, last := a.Days(b.Today())
			if day := b.Today().AddDays(-f.overdueBy); f.overdueBy > 0 && !day.Before(first) && !day.After(last) {
				ages[a] = append(ages[a], id)
			}
		}
	}
	for _, g := range casework.CommitmentGroups {
		if diff := cmp.Diff(groups[g], b.idsOf(t, b.Admin, postgres.CommitmentFilter{Group: g})); diff != "" || len(groups[g]) == 0 {
			t.Errorf("the group %s (-want +got):\n%s", g, diff)
		}
	}
	for _, a := range casework.OverdueAges {
		if diff := cmp.Diff(ages[a], b.idsOf(t, b.Admin, postgres.CommitmentFilter{OverdueAge: a})); diff != "" || len(ages[a]) == 0 {
			t.Errorf("overdue %s (-want +got):\n%s", a, diff)
		}
	}
	if diff := cmp.Diff(groups[casework.GroupOverdue], b.idsOf(t, b.Admin, postgres.CommitmentFilter{Overdue: true})); diff != "" {
		t.Errorf("overdue (-want +got):\n%s", diff)
	}
}

// TestBoardCountsWhatIsListed: each number of each person's board is the length
// of the list that it leads to.
func TestBoardCountsWhatIsListed(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	for _, f := range b.fates(t) {
		b.put(t, f)
	}
	for _, u := range []casework.User{b.Admin, b.Office, b.Head, b.HelperOffice, b.Supervisor, b.CPPCCSupervisor, b.NPCSupervisor} {
		for _, kind := range append([]casework.Kind{""}, casework.Kinds...) {
			board, err := b.CountCommitments(t.Context(), u, 0, kind)
			must(t, err)
			own := int64(0)
			if u.Has(casework.Office, casework.Reviewer) {
				own = u.OrganID
			}
			b.compare(t, u, board.Counts, postgres.CommitmentFilter{OrganID: own, Kind: kind})
			for _, o := range board.Organs {
				b.compare(t, u, o.Counts, postgres.CommitmentFilter{OrganID: o.OrganID, Kind: kind})
				for _, w := range o.Owners {
					f := postgres.CommitmentFilter{OrganID: o.OrganID, Kind: kind, OwnerID: w.OwnerID, Group: casework.GroupOverdue}
					if got := b.idsOf(t, u, f); len(got) != int(w.Overdue) {
						t.Errorf("%s's board says %d overdue of %s, the list has %v", u.Name, w.Overdue, w.Owner, got)
					}
				}
			}
		}
	}
}

func (b *bundle) compare(t *testing.T, u casework.User, c postgres.Counts, f postgres.CommitmentFilter) {
	t.Helper()
	for _, g := range casework.CommitmentGroups {
		f.Group, f.OverdueAge = g, ""
		if got := b.idsOf(t, u, f); len(got) != int(c.Groups[g]) {
			t.Errorf("%s's board says %d %s, the list %+v has %v", u.Name, c.Groups[g], g, f, got)
		}
	}
	for _, a := range casework.OverdueAges {
		f.Group, f.OverdueAge = casework.GroupOverdue, a
		if got := b.idsOf(t, u, f); len(got) != int(c.Ages[a]) {
			t.Errorf("%s's board says %d overdue %s, the list %+v has %v", u.Name, c.Ages[a], a, f, got)
		}
	}
}

func TestBoard(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	for _, f := range b.fates(t) {
		b.put(t, f)
	}
	board, err := b.CountCommitments(t.Context(), b.Supervisor, 0, "")
	must(t, err)
	want := []casework.Slip{{Days: 0, Count: 1}, {Days: 30, Count: 1}, {Days: 31, Count: 1}}
	if diff := cmp.Diff(want, board.Slips); diff != "" {
		t.Errorf("slips (-want +got):\n%s", diff)
	}
	if own, err := b.CountCommitments(t.Context(), b.Supervisor, b.Organ, ""); err != nil || !cmp.Equal(own.Slips, want) {
		t.Errorf("slips of the organ: %v, %v", own.Slips, err)
	}
	if len(board.Organs) != 2 || board.Organs[0].OrganID != b.Organ || board.Organs[1].Organ != "某市帮办局" {
		t.Errorf("organs %+v, want the most overdue first", board.Organs)
	}
	if got := board.Organs[0].Owners; len(got) != 3 || got[0].OwnerID != b.Handler.ID || got[0].Overdue != 3 {
		t.Errorf("owners %+v, want the handler with 3 first", got)
	}
	for _, of := range []struct {
		u     casework.User
		organ int64
	}{{b.Office, b.Helper}, {b.Delegate, 0}, {casework.User{}, 0}} {
		board, err := b.CountCommitments(t.Context(), of.u, of.organ, "")
		if err != nil || len(board.Organs) != 0 || len(board.Groups) != 0 {
			t.Errorf("%s sees counts of %d that are not theirs: %+v, %v", of.u.Name, of.organ, board, err)
		}
	}
}

// TestBoardOfManyOrgans names the two hundred that have the most overdue; the others
// are counted all the same, and are told of when asked for.
func TestBoardOfManyOrgans(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	ids := []int64{b.Organ}
	b.put(t, fate{organ: b.Organ, kind: casework.CPPCCProposal, owner: b.Handler.ID, state: "open", due: "2026-03-05", columns: "slips = 1"})
	for i := range 200 {
		var id int64
		must(t, b.conn.QueryRow(ctx, `INSERT INTO organs (name, short_name) VALUES ($1, $1) RETURNING id`, fmt.Sprint("单位", i)).Scan(&id))
		ids = append(ids, id)
		for range 1 + i/199 { // whose owner is at work elsewhere
			b.put(t, fate{organ: id, kind: casework.NPCSuggestion, owner: b.Handler.ID, state: "open", due: "2026-01-05", columns: reported})
		}
	}
	board, err := b.CountCommitments(ctx, b.Supervisor, 0, "")
	must(t, err)
	if len(board.Organs) != 200 || !board.More || board.Organs[0].OrganID != ids[200] || board.Organs[1].OrganID != ids[1] {
		t.Fatalf("of 201 organs it names %d, more %t", len(board.Organs), board.More)
	}
	sum := postgres.Counts{Groups: map[casework.CommitmentGroup]int32{}, Ages: map[casework.OverdueAge]int32{}}
	for _, id := range ids {
		own, err := b.CountCommitments(ctx, b.Supervisor, id, "")
		must(t, err)
		at := slices.IndexFunc(board.Organs, func(o postgres.OrganCounts) bool { return o.OrganID == id })
		if len(own.Organs) != 1 || own.More || id == b.Organ != (at < 0) {
			t.Fatalf("the organ %d alone has %+v; on the board of all it is at %d", id, own.Organs, at)
		}
		if diff := cmp.Diff(own.Counts, own.Organs[0].Counts); diff != "" || at >= 0 && !cmp.Equal(own.Organs[0], board.Organs[at]) {
			t.Errorf("the organ %d alone has (-all together +its line):\n%s", id, diff)
		}
		for group, n := range own.Groups {
			sum.Groups[group] += n
		}
		for age, n := range own.Ages {
			sum.Ages[age] += n
		}
	}
	if diff := cmp.Diff(sum, board.Counts); diff != "" || sum.Groups[casework.GroupOverdue] != 201 || sum.Groups[casework.GroupUnowned] != 201 {
		t.Errorf("all together (-sum of the organs +got):\n%s", diff)
	}
}

// TestOwnersBehindTheFifth are counted together.
func TestOwnersBehindTheFifth(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	for i := range 7 {
		var id int64
		must(t, b.conn.QueryRow(t.Context(), `INSERT INTO users (name, display_name, password_hash, roles, organ_id) VALUES ($1, $1, '', '{handler}', $2) RETURNING id`,
			fmt.Sprint("owner", i), b.Organ).Scan(&id))
		for range 8 - i {
			b.put(t, fate{organ: b.Organ, kind: casework.CPPCCProposal, owner: id, state: "open", due: "2026-01-05"})
		}
	}
	board, err := b.CountCommitments(t.Context(), b.Admin, 0, "")
	must(t, err)
	o := board.Organs[0]
	if len(o.Owners) != 5 || o.Owners[0].Owner != "owner0" || o.Owners[4].Overdue != 4 || o.OtherOwners != 2 || o.OthersOverdue != 5 || o.Groups[casework.GroupOverdue] != 35 {
		t.Errorf("owners %+v, others %d with %d of %d", o.Owners, o.OtherOwners, o.OthersOverdue, o.Groups[casework.GroupOverdue])
	}
}
