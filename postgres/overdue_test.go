package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// awaiting makes a proposal in this state whose reply is due on the day.
func (b *bundle) awaiting(t testing.TB, organ int64, kind casework.Kind, state, due string) (id int64) {
	t.Helper()
	handler := "NULL"
	if state == "drafting" {
		handler = fmt.Sprint(b.Handler.ID)
	}
	must(t, b.conn.QueryRow(t.Context(), `WITH p AS (
			INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id, handler_id,
				handed_over, reply_due, received_at, updated_at)
			VALUES ($1, '市政协', 14, 1, nextval('proposals_id_seq')::text, '题', '', true, false, $2, $3, `+handler+`, '2025-01-01', $4::date, now(), now())
			RETURNING id), r AS (
			INSERT INTO replies (proposal_id, round) SELECT id, 1 FROM p)
		SELECT id FROM p`, kind, state, organ, due).Scan(&id))
	return id
}

// unpublished makes a proposal whose reply was to be published until the day.
func (b *bundle) unpublished(t testing.TB, organ int64, kind casework.Kind, due, columns string) {
	t.Helper()
	id := b.awaiting(t, organ, kind, "answered", "2025-04-01")
	_, err := b.conn.Exec(t.Context(), `INSERT INTO deadlines (proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional)
		VALUES ($1, 'PUBLISH', '公开', '', 1, $2, '2025-01-01', $3::date, $3::date, false)`, id, organ, due)
	must(t, err)
	if columns != "" {
		_, err = b.conn.Exec(t.Context(), `UPDATE deadlines SET `+columns+` WHERE proposal_id = $1`, id)
		must(t, err)
	}
}

// lates are proposals with something late and others beside them. Today is 2 March
// 2026.
func (b *bundle) lates(t *testing.T) {
	t.Helper()
	cppcc, npc := casework.CPPCCProposal, casework.NPCSuggestion
	b.awaiting(t, b.Organ, cppcc, "received", "2026-03-01")  // 1 day
	b.awaiting(t, b.Organ, npc, "drafting", "2026-01-31")    // 30
	b.awaiting(t, b.Organ, cppcc, "drafting", "2026-01-30")  // 31
	b.awaiting(t, b.Helper, npc, "accepted", "2025-12-02")   // 90
	b.awaiting(t, b.Helper, cppcc, "received", "2025-09-03") // 180
	b.awaiting(t, b.Organ, npc, "received", "2025-09-02")    // 181
	b.awaiting(t, b.Organ, cppcc, "received", "2026-03-02")  // today
	b.awaiting(t, b.Organ, cppcc, "withdrawn", "2025-09-02")
	paused := b.awaiting(t, b.Organ, cppcc, "received", "2025-09-02")
	_, err := b.conn.Exec(t.Context(), `UPDATE proposals SET reply_paused = true WHERE id = $1`, paused)
	must(t, err)
	b.unpublished(t, b.Organ, npc, "2026-03-01", "")
	b.unpublished(t, b.Organ, cppcc, "2025-12-01", "") // 91
	b.unpublished(t, b.Helper, cppcc, "2026-02-01", "")
	b.unpublished(t, b.Organ, cppcc, "2026-03-02", "")
	b.unpublished(t, b.Organ, cppcc, "2025-12-01", "met = '2026-01-01'")
	b.unpublished(t, b.Organ, cppcc, "2025-12-01", "ended = '2026-01-01'")
	b.unpublished(t, b.Organ, cppcc, "2025-12-01", "paused = '2026-01-01'")
	b.put(t, fate{organ: b.Organ, kind: npc, owner: b.Handler.ID, state: "open", due: "2026-02-20"})
}

// TestOverdueBoard: what is late on 2 March 2026, by organ and age.
func TestOverdueBoard(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.lates(t)
	board, err := b.CountOverdue(t.Context(), b.Supervisor, 0, "")
	must(t, err)
	want := []postgres.OrganOverdue{
		{b.Organ, "某市试验委员会", postgres.Overdue{
			Replies: postgres.Tally{2, 1, 0, 1}, Promises: postgres.Tally{1, 0, 0, 0}, Publications: postgres.Tally{1, 0, 1, 0},
		}},
		{b.Helper, "某市帮办局", postgres.Overdue{Replies: postgres.Tally{0, 1, 1, 0}, Publications: postgres.Tally{1, 0, 0, 0}}},
	}
	if diff := cmp.Diff(want, board.Organs); diff != "" {
		t.Errorf("organs (-want +got):\n%s", diff)
	}
	total := postgres.Overdue{Replies: postgres.Tally{2, 2, 1, 1}, Promises: postgres.Tally{1, 0, 0, 0}, Publications: postgres.Tally{2, 0, 1, 0}}
	if board.Total != total || board.Total.Sum() != 10 {
		t.Errorf("total %+v, want %+v", board.Total, total)
	}
}

// TestOverdueBoardOfManyOrgans names the two hundred that have the most; the others are
// counted all the same, and are told of when asked for.
func TestOverdueBoardOfManyOrgans(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	ctx := t.Context()
	b.lates(t)
	_, err := b.conn.Exec(ctx, `WITH more AS (
			INSERT INTO organs (name, short_name) SELECT '单位' || n, '单' || n FROM generate_series(1, 199) n RETURNING id, name)
		INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id,
			handed_over, reply_due, received_at, updated_at)
		SELECT 'cppcc_proposal', '市政协', 14, 1, nextval('proposals_id_seq')::text, '题', '', true, false, 'received', id,
			'2025-01-01', '2026-02-01', now(), now()
		FROM more, generate_series(1, 4 + 9 * (name = '单位7')::int) n`)
	must(t, err)
	board, err := b.CountOverdue(ctx, b.Supervisor, 0, "")
	must(t, err)
	if len(board.Organs) != 200 || !board.More {
		t.Fatalf("of 201 organs it names %d, more %t", len(board.Organs), board.More)
	}
	if first := board.Organs[0]; first.Organ != "单位7" || first.Sum() != 13 || board.Organs[1].OrganID != b.Organ {
		t.Errorf("it begins with %+v", board.Organs[:2])
	}
	if slices.ContainsFunc(board.Organs, func(o postgres.OrganOverdue) bool { return o.OrganID == b.Helper }) {
		t.Error("it names the organ that has the least")
	}
	own, err := b.CountOverdue(ctx, b.Supervisor, b.Helper, "")
	must(t, err)
	if len(own.Organs) != 1 || own.More || own.Total.Sum() != 3 || own.Organs[0].Overdue != own.Total {
		t.Errorf("of the organ that it does not name there is %+v", own)
	}
	sum := own.Total
	for _, o := range board.Organs {
		for i := range sum.Replies {
			sum.Replies[i] += o.Replies[i]
			sum.Promises[i] += o.Promises[i]
			sum.Publications[i] += o.Publications[i]
		}
	}
	now, err := b.OverdueNow(ctx)
	must(t, err)
	if board.Total != sum || now != sum || sum.Sum() != 10+199*4+9 {
		t.Errorf("total %+v, now %+v, the sum of all is %+v", board.Total, now, sum)
	}
}

// TestOverdueBoardCountsWhatIsListed: each number of each person's board is the
// length of the list behind it, and every line of it is late.
func TestOverdueBoardCountsWhatIsListed(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.lates(t)
	for _, u := range []casework.User{b.Admin, b.Office, b.HelperOffice, b.Supervisor, b.CPPCCSupervisor, b.NPCSupervisor, b.Delegate} {
		for _, kind := range append([]casework.Kind{""}, casework.Kinds...) {
			for _, organ := range []int64{0, b.Organ, b.Helper} {
				board, err := b.CountOverdue(t.Context(), u, organ, kind)
				must(t, err)
				f := postgres.BoardFilter{OrganID: organ, Kind: kind, Limit: 100}
				for list, tally := range map[postgres.BoardList]postgres.Tally{
					postgres.OverdueReplies: board.Total.Replies, postgres.OverduePublications: board.Total.Publications,
				} {
					f.List = list
					b.compareAges(t, u, f, tally)
				}
			}
		}
	}
}

func (b *bundle) compareAges(t *testing.T, u casework.User, f postgres.BoardFilter, want postgres.Tally) {
	t.Helper()
	var all []int64
	for i, age := range casework.OverdueAges {
		f.OverdueAge = age
		list, err := b.ListBoard(t.Context(), u, f)
		must(t, err)
		if len(list) != int(want[i]) {
			t.Errorf("%s's board says %d, the list %+v has %d", u.Name, want[i], f, len(list))
		}
		first, last := age.Days(b.Today())
		for _, item := range list {
			if item.Day.Before(first) || item.Day.After(last) || f.Kind != "" && item.Kind != f.Kind {
				t.Errorf("%s of %s is in the list %+v", item.Day, item.Kind, f)
			}
			all = append(all, item.Key)
		}
	}
	f.OverdueAge = ""
	list, err := b.ListBoard(t.Context(), u, f)
	must(t, err)
	var keys []int64
	for i, item := range list {
		if i > 0 && item.Day.Before(list[i-1].Day) {
			t.Errorf("%s comes after %s", item.Day, list[i-1].Day)
		}
		keys = append(keys, item.Key)
	}
	slices.Sort(keys)
	slices.Sort(all)
	if diff := cmp.Diff(all, keys); diff != "" {
		t.Errorf("%s's list %+v without an age (-of all ages +got):\n%s", u.Name, f, diff)
	}
}

// TestBoardListGoesOn: the pages of a list together are the list.
func TestBoardListGoesOn(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.lates(t)
	b.awaiting(t, b.Organ, casework.CPPCCProposal, "received", "2026-03-01") // two on one day
	for _, list := range []postgres.BoardList{postgres.OverdueReplies, postgres.OverduePublications} {
		whole, err := b.ListBoard(t.Context(), b.Admin, postgres.BoardFilter{List: list, Limit: 100})
		must(t, err)
		f := postgres.BoardFilter{List: list, Limit: 1}
		for _, want := range whole {
			page, err := b.ListBoard(t.Context(), b.Admin, f)
			must(t, err)
			if len(page) != 1 || page[0].Key != want.Key {
				t.Fatalf("%s after %s: %+v, want %d", list, f.AfterDay, page, want.Key)
			}
			f.AfterDay, f.AfterKey = page[0].Day, page[0].Key
		}
	}
}

// TestBoardWaits: what an oversight office has to decide is listed until it is
// decided, for who oversees the kind and for the organ.
func TestBoardWaits(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	done := func(_ postgres.ListedProposal, err error) { t.Helper(); must(t, err) }
	waits := func(u casework.User, list postgres.BoardList, want ...int64) {
		t.Helper()
		board, err := b.CountOverdue(t.Context(), u, 0, "")
		must(t, err)
		items, err := b.ListBoard(t.Context(), u, postgres.BoardFilter{List: list, Limit: 10})
		must(t, err)
		var got []int64
		for _, i := range items {
			got = append(got, i.ID)
		}
		if !slices.Equal(got, want) || int(board.Waiting[list]) != len(want) {
			t.Errorf("%s of %s: %v and %d on the board, want %v", list, u.Name, got, board.Waiting[list], want)
		}
	}
	id := b.receive(t, "0801")
	done(b.RequestReturn(t.Context(), by(b.Office, id), "不属本单位职责"))
	for _, u := range []casework.User{b.Supervisor, b.CPPCCSupervisor, b.Admin, b.Office} {
		waits(u, postgres.WaitingReturns, id)
	}
	waits(b.NPCSupervisor, postgres.WaitingReturns)
	waits(b.HelperOffice, postgres.WaitingReturns)
	done(b.DecideReturn(t.Context(), by(b.Supervisor, id), false, "属你单位"))
	waits(b.Supervisor, postgres.WaitingReturns)

	done(b.RequestExtension(t.Context(), by(b.Office, id), "涉及面广", casework.Date{Year: 2026, Month: 6, Day: 1}))
	waits(b.CPPCCSupervisor, postgres.WaitingExtensions, id)
	items, err := b.ListBoard(t.Context(), b.Supervisor, postgres.BoardFilter{List: postgres.WaitingExtensions, Limit: 10})
	must(t, err)
	if items[0].Reason != "涉及面广" || items[0].Until.String() != "2026-06-01" || items[0].Day != b.Today() || items[0].Organ == "" {
		t.Errorf("the request stands as %+v", items[0])
	}
	done(b.WithdrawProposal(t.Context(), by(b.Supervisor, id), "提出人撤回"))
	waits(b.CPPCCSupervisor, postgres.WaitingExtensions) // nobody need decide it any more

	id, who := b.joint(t, "0802")
	b.deliverTo(t, id, who...)
	b.copyAny(t, id)
	waits(b.CPPCCSupervisor, postgres.WaitingCopies, id)
	waits(b.Admin, postgres.WaitingCopies) // who acknowledges none
	waits(b.Office, postgres.WaitingCopies)
	done(b.AcknowledgeCopy(t.Context(), by(b.CPPCCSupervisor, id)))
	waits(b.CPPCCSupervisor, postgres.WaitingCopies)
	waits(b.Supervisor, postgres.WaitingCopies, id) // another office's

	b.give(t, b.Delegate, id, said(0, "", fair, unhappy, "没有答到点上"))
	waits(b.Supervisor, postgres.WaitingRedos, id)
	b.now = b.now.Add(time.Hour)
	done(b.DeclineRedo(t.Context(), by(b.Supervisor, id), "已尽力"))
	waits(b.Supervisor, postgres.WaitingRedos)
	b.now = b.now.Add(time.Hour)
	b.give(t, b.OtherDelegate, id, said(0, "", unhappy, fair, "我也不满意"))
	waits(b.CPPCCSupervisor, postgres.WaitingRedos, id)
	v, err := b.ViewProposal(t.Context(), b.Supervisor, id)
	must(t, err)
	if !v.Standing.Dissatisfied {
		t.Error("the list says what casework does not")
	}
}

// TestAgeIsOfWhatIsOverdue refuses to ask how long overdue a request is.
func TestAgeIsOfWhatIsOverdue(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	_, err := b.ListBoard(t.Context(), b.Admin, postgres.BoardFilter{List: postgres.WaitingRedos, OverdueAge: casework.OverdueTo30, Limit: 10})
	if f, ok := errors.AsType[*casework.FieldError](err); !ok || f.Field != "overdue_age" {
		t.Errorf("got %v, want it to name overdue_age", err)
	}
}
