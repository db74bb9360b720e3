package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"fuyan/casework"
	"fuyan/casework/handover"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

// list is a hand-over list with these rows under a title and headings.
func list(rows ...string) postgres.NewImport {
	n := postgres.NewImport{FileName: "市政协十四届四次会议提案.xlsx", Content: []byte(strings.Join(rows, "\n")), Sheet: "交办", Unread: []string{"说明"}, Hidden: 2}
	for i, r := range append([]string{"提案交办清单", "案号|案由|提出人|主办单位|交办日期"}, rows...) {
		n.Rows = append(n.Rows, handover.Row{Line: i + 1, Cells: strings.Split(r, "|")})
	}
	return n
}

func (b *bundle) uploadList(t testing.TB, rows ...string) postgres.ImportView {
	t.Helper()
	v, err := b.UploadHandOverList(t.Context(), by(b.Office, 0), list(rows...))
	must(t, err)
	return v
}

// reasons are what is wrong with each row, or what became of it.
func reasons(v postgres.ImportView) []string {
	var out []string
	for _, it := range v.Items {
		out = append(out, strings.TrimSpace(it.Outcome+" "+it.Reason+it.Why()))
	}
	return out
}

// TestHandOverList goes from the upload of a list to its report.
func TestHandOverList(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.receive(t, "0003")
	v := b.uploadList(t,
		"0001|关于甲事的提案|张三、李四|市试验委|2026-02-10",
		"0002|关于乙事的提案|王五|市帮办局|2026-02-10",
		"3|关于丙事的提案|王五||2026-02-10",
		"0004||王五||2026年2月30日",
		"0005|关于戊事的提案|民盟某市委|||",
		"1|关于己事的提案|王五|||")
	i := v.HandOverImport
	if v.List.HeaderLine != 2 || i.RowCount != 6 || v.List.Defaults.Kind != casework.CPPCCProposal || v.List.Defaults.Sitting.Session != 4 || v.Good != 1 {
		t.Errorf("uploaded: headings in line %d, %d rows, %+v, %d good", v.List.HeaderLine, i.RowCount, v.List.Defaults, v.Good)
	}
	want := []string{
		"", "承办单位：不是本单位承办的件，不在这里登记", "案号：这一届次的 0003 号已经登记",
		"案由：必填，现在是空的；交办日期：应为某年某月某日，如 2026-03-04，现在是“2026年2月30日”", "交办日期：没有写，也没有在上面选定",
		"案号：与第 3 行相同；交办日期：没有写，也没有在上面选定",
	}
	if diff := cmp.Diff(want, reasons(v)); diff != "" {
		t.Errorf("uploaded (-want +got):\n%s", diff)
	}

	of := v.List.Defaults
	of.HandedOver = casework.Date{Year: 2026, Month: time.February, Day: 9}
	v, err := b.MatchColumns(t.Context(), by(b.Office, i.ID), 2, v.List.Columns, of)
	must(t, err)
	if v.Good != 2 || v.HandOverImport.Version != 2 {
		t.Errorf("with a day for all: %d good, version %d; want 2, 2", v.Good, v.HandOverImport.Version)
	}
	if n := b.count(t, `SELECT count(*) FROM proposals`); n != 1 {
		t.Errorf("%d proposals before it is confirmed, want 1", n)
	}

	call := by(b.Office, i.ID)
	for range 2 { // a double click
		v, err = b.ConfirmImport(t.Context(), call)
		must(t, err)
	}
	if n := b.count(t, `SELECT count(*) FROM river_job WHERE kind = 'receive_import'`); n != 1 || v.HandOverImport.State != "confirmed" {
		t.Errorf("confirmed: %s, %d jobs", v.HandOverImport.State, n)
	}
	b.receive(t, "0005") // meanwhile
	for range 2 {
		must(t, b.DoReceiveImport(t.Context(), postgres.ReceiveImport{ImportID: i.ID}))
	}
	v, err = b.ViewImport(t.Context(), b.Office, i.ID)
	must(t, err)
	got := v.HandOverImport
	if got.State != "done" || got.ReceivedCount != 1 || got.RefusedCount != 5 || got.DoneAt == nil {
		t.Errorf("done: %+v", got)
	}
	if got := v.Items[4]; got.Outcome != "refused" || got.Reason != "案号：这一届次的 0005 号已经登记" {
		t.Errorf("received by another meanwhile: %s %s", got.Outcome, got.Reason)
	}
	p, err := b.ViewProposal(t.Context(), b.Office, v.Items[0].ProposalID)
	must(t, err)
	if p.Number != "0001" || p.HandedOver.String() != "2026-02-10" || len(p.ProposerRows) != 2 || !p.ProposerRows[0].Lead || len(p.Deadlines) != 2 {
		t.Errorf("received: %+v", p.ListedProposal)
	}
	rows, why := v.Refused()
	if len(rows) != 5 || rows[0].Cells[0] != "0002" || why[0] != "承办单位：不是本单位承办的件，不在这里登记" {
		t.Errorf("refused: %v %v", rows, why)
	}
}

// TestHandOverListIsSeenByDelegates who are named in it, by their name or by that of
// their account, and by no others.
func TestHandOverListIsSeenByDelegates(t *testing.T) {
	t.Parallel()
	tx := postgrestest.Tx(t)
	b := setup(t, tx)
	_, err := tx.Exec(t.Context(), `UPDATE users SET display_name = '张三' WHERE id = ANY ($1)`, []int64{b.Delegate.ID, b.Handler.ID})
	must(t, err)
	upload := func(row string) postgres.ImportView {
		return b.uploadList(t, row+"||2026-02-10")
	}
	if it := upload("0001|关于甲事的提案|李四、李五 @handler").Items[0]; it.Why() != "提出人：没有登录名为“handler”的委员或代表" {
		t.Errorf("an account that is no delegate's: %q", it.Why())
	}
	id := b.uploadList(t, "0001|关于甲事的提案|张三、李四||2026-02-10", "0002|关于乙事的提案|李四 @other-delegate||2026-02-10").HandOverImport.ID
	_, err = b.ConfirmImport(t.Context(), by(b.Office, id))
	must(t, err)
	must(t, b.DoReceiveImport(t.Context(), postgres.ReceiveImport{ImportID: id}))
	for number, u := range map[string]casework.User{"0001": b.Delegate, "0002": b.OtherDelegate} {
		list, err := b.ListProposals(t.Context(), u, postgres.ProposalFilter{Limit: 10})
		must(t, err)
		if len(list) != 1 || list[0].Number != number {
			t.Errorf("%s sees %+v, want %s", u.Name, list, number)
		}
	}
	_, err = tx.Exec(t.Context(), `UPDATE users SET display_name = '李四', disabled = id = $1 WHERE id = ANY ($2)`,
		b.Delegate.ID, []int64{b.Delegate.ID, b.OtherDelegate.ID})
	must(t, err)
	if p := upload("0003|关于丙事的提案|李四").Items[0].Proposers[0]; p.UserID != b.OtherDelegate.ID {
		t.Errorf("beside a disabled account of that name: account %d, want %d", p.UserID, b.OtherDelegate.ID)
	}
}

// TestHandOverListFindsNamesHoweverWritten: with blanks, in wide characters, with what
// cannot be seen; two accounts of one name written in two ways are nobody's.
func TestHandOverListFindsNamesHoweverWritten(t *testing.T) {
	t.Parallel()
	tx := postgrestest.Tx(t)
	b := setup(t, tx)
	for shown, want := range map[string]int64{"张三": b.Delegate.ID, "张　 三": b.Delegate.ID, "张\u200b三": b.Delegate.ID, "张三Ｂ": 0, "张三丰": 0} {
		_, err := tx.Exec(t.Context(), `UPDATE users SET display_name = $1 WHERE id = $2`, shown, b.Delegate.ID)
		must(t, err)
		if p := b.uploadList(t, "0001|关于甲事的提案|张 三||2026-02-10").Items[0].Proposers[0]; p.UserID != want {
			t.Errorf("%q is found for 张三 as account %d, want %d", shown, p.UserID, want)
		}
	}
	_, err := tx.Exec(t.Context(), `UPDATE users SET display_name = CASE id WHEN $1 THEN 'Ａnn' ELSE 'A nn' END WHERE id IN ($1, $2)`,
		b.Delegate.ID, b.OtherDelegate.ID)
	must(t, err)
	for names, want := range map[string]int64{"Ann": 0, "Ann @other-delegate": b.OtherDelegate.ID} {
		if p := b.uploadList(t, "0001|关于甲事的提案|"+names+"||2026-02-10").Items[0].Proposers[0]; p.UserID != want {
			t.Errorf("%s of two accounts is %d, want %d", names, p.UserID, want)
		}
	}
}

// TestNameKeyIsOneForWhatIsOneName: no two names that a hand-over list takes for one
// differ in the key by which accounts are looked up, whatever character tells them
// apart.
func TestNameKeyIsOneForWhatIsOneName(t *testing.T) {
	t.Parallel()
	tx := postgrestest.Tx(t)
	links := func(name, shown string) bool {
		it := handover.Item{Proposers: []handover.Proposer{{Name: name}}}
		it.Link(handover.AccountsOf([]handover.Account{{ID: 1, DisplayName: shown}}))
		return it.Proposers[0].UserID == 1
	}
	var names, shown []string
	for r := '\x01'; r <= unicode.MaxRune; r++ {
		odd := "甲" + string(r) + "乙"
		for _, plain := range []string{"甲乙", "甲" + string(r-'！'+'!') + "乙"} {
			if utf8.ValidRune(r) && links(plain, odd) {
				names, shown = append(names, plain), append(shown, odd)
			}
		}
	}
	if len(names) < 300 {
		t.Fatalf("only %d characters are written otherwise or left out", len(names))
	}
	rows, err := tx.Query(t.Context(), `SELECT shown FROM unnest($1::text[], $2::text[]) u (name, shown) WHERE name_key(name) <> name_key(shown)`, names, shown)
	must(t, err)
	apart, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	for _, one := range apart {
		t.Errorf("%+q has a key of its own", one)
	}
}

// TestHandOverListIsChangedAsItWasSeen refuses what another has changed, what is
// confirmed, and columns that make no sense.
func TestHandOverListIsChangedAsItWasSeen(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	v := b.uploadList(t, "0001|关于甲事的提案|张三||2026-02-10")
	id := v.HandOverImport.ID
	match := func(c postgres.Call, line int, f []handover.Field, of handover.Defaults) error {
		_, err := b.MatchColumns(t.Context(), c, line, f, of)
		return err
	}
	stale := by(b.Office, id)
	stale.Version = 7
	invalid := func(field string, err error) {
		t.Helper()
		if e, ok := errors.AsType[*casework.FieldError](err); !ok || e.Field != field {
			t.Errorf("%v, want %s to be wrong", err, field)
		}
	}
	if err := match(stale, 2, v.List.Columns, v.List.Defaults); !errors.Is(err, casework.ErrStale) {
		t.Errorf("another version: %v", err)
	}
	invalid("fields", match(by(b.Office, id), 2, []handover.Field{handover.Title, handover.Title}, v.List.Defaults))
	invalid("fields", match(by(b.Office, id), 2, make([]handover.Field, 6), v.List.Defaults))
	invalid("header_line", match(by(b.Office, id), 3, nil, v.List.Defaults))
	invalid("defaults.role", match(by(b.Office, id), 2, nil, handover.Defaults{Role: "helper"}))
	invalid("defaults.organ_id", match(by(b.Office, id), 2, nil, handover.Defaults{OrganID: b.CPPCC}))
	must(t, match(by(b.Office, id), 0, nil, v.List.Defaults))
	v, err := b.ViewImport(t.Context(), b.Office, id)
	must(t, err)
	if v.HandOverImport.RowCount != 3 || v.Good != 0 {
		t.Errorf("without headings: %d rows, %d good", v.HandOverImport.RowCount, v.Good)
	}
	_, err = b.ConfirmImport(t.Context(), by(b.Office, id))
	invalid("import_id", err)
	must(t, match(by(b.Office, id), 2, nil, v.List.Defaults)) // guessed anew
	_, err = b.ConfirmImport(t.Context(), by(b.Office, id))
	must(t, err)
	for _, err := range []error{match(by(b.Office, id), 2, nil, v.List.Defaults), b.DiscardImport(t.Context(), by(b.Office, id))} {
		if !errors.Is(err, casework.ErrNotAllowed) {
			t.Errorf("changed after it was confirmed: %v", err)
		}
	}
}

// TestWhoSeesHandOverLists: the organ of who uploaded it, and administrators, who
// change nothing.
func TestWhoSeesHandOverLists(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	id := b.uploadList(t, "0001|关于甲事的提案|张三||2026-02-10").HandOverImport.ID
	sees := map[int64]bool{b.Admin.ID: true, b.Office.ID: true}
	for _, u := range b.All() {
		_, err := b.ViewImport(t.Context(), u, id)
		if sees[u.ID] != (err == nil) || err != nil && !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("%s sees it: %v", u.Name, err)
		}
		listed, err := b.ListImports(t.Context(), u, 0, 10)
		if must(t, err); u.Has(casework.Admin, casework.Office, casework.Supervisor) && sees[u.ID] != (len(listed) == 1) {
			t.Errorf("%s lists %d", u.Name, len(listed))
		}
		if u.ID == b.Office.ID {
			continue
		}
		if _, err := b.ConfirmImport(t.Context(), by(u, id)); !errors.Is(err, casework.ErrNotFound) && !errors.Is(err, casework.ErrForbidden) {
			t.Errorf("%s confirms it: %v", u.Name, err)
		}
		if err := b.DiscardImport(t.Context(), by(u, id)); !errors.Is(err, casework.ErrNotFound) && !errors.Is(err, casework.ErrForbidden) {
			t.Errorf("%s discards it: %v", u.Name, err)
		}
	}
	if _, err := b.UploadHandOverList(t.Context(), by(b.Delegate, 0), list("1|某|张三")); !errors.Is(err, casework.ErrForbidden) {
		t.Errorf("a delegate uploads: %v", err)
	}
	// The office that oversees receives for the organ that it names.
	v, err := b.UploadHandOverList(t.Context(), by(b.CPPCCSupervisor, 0), list("0002|关于乙事的提案|张三|市帮办局|2026-02-10"))
	must(t, err)
	if v.Good != 1 || v.Items[0].OrganID != b.Helper {
		t.Errorf("an oversight office: %v", reasons(v))
	}
	call := by(b.Office, id)
	for range 2 {
		must(t, b.DiscardImport(t.Context(), call))
	}
	if n := b.count(t, `SELECT count(*) FROM hand_over_import_files WHERE import_id = $1`, id); n != 0 {
		t.Error("a discarded list leaves its file")
	}
}

// TestUnconfirmedListsGo after 30 days, with their files; confirmed ones stay.
func TestUnconfirmedListsGo(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.Tx(t))
	b.uploadList(t, "0001|关于甲事的提案|张三||2026-02-10")
	confirmed := b.uploadList(t, "0002|关于乙事的提案|张三||2026-02-10")
	_, err := b.ConfirmImport(t.Context(), by(b.Office, confirmed.HandOverImport.ID))
	must(t, err)
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{30 * 24 * time.Hour, 2}, {time.Second, 1}} {
		b.now = b.now.Add(step.after)
		must(t, b.DoRemoveImports(t.Context()))
		if n := b.count(t, `SELECT count(*) FROM hand_over_imports i JOIN hand_over_import_files f ON f.import_id = i.id`); n != step.want {
			t.Errorf("at %v there are %d lists, want %d", b.now, n, step.want)
		}
	}
}

// TestReceivingIsBrokenOff at every place in turn: each row is received once, and the
// next run goes on.
func TestReceivingIsBrokenOff(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	const n = 6
	var rows []string
	for i := range n {
		rows = append(rows, fmt.Sprintf("%04d|关于某事的提案|张三||2026-02-10", i+1))
	}
	rows = append(rows, "|||") // refused
	id := b.uploadList(t, append(rows, "9||")...).HandOverImport.ID
	_, err := b.ConfirmImport(t.Context(), by(b.Office, id))
	must(t, err)
	broken := 0
	for calls := 1; ; calls++ {
		ctx, cancel := context.WithCancel(t.Context())
		left := calls
		d, err := postgres.New(b.conn, postgres.Options{Now: func() time.Time {
			if left--; left == 0 {
				cancel()
			}
			return b.now
		}})
		must(t, err)
		err = d.DoReceiveImport(ctx, postgres.ReceiveImport{ImportID: id})
		cancel()
		settled := b.count(t, `SELECT received_count + refused_count FROM hand_over_imports WHERE id = $1`, id)
		if p := b.count(t, `SELECT count(*) FROM proposals`); p != b.count(t, `SELECT count(*) FROM hand_over_import_rows WHERE outcome = 'received'`) {
			t.Fatalf("%d proposals, %d rows settled", p, settled)
		}
		if err == nil {
			break
		}
		broken++
	}
	if broken < 2 {
		t.Errorf("broken off %d times", broken)
	}
	v, err := b.ViewImport(t.Context(), b.Office, id)
	must(t, err)
	if i := v.HandOverImport; i.State != "done" || int(i.ReceivedCount) != n || b.count(t, `SELECT count(*) FROM proposals`) != n {
		t.Errorf("at the end: %s, %d received, %v", i.State, i.ReceivedCount, reasons(v))
	}
}

// TestTwoReceiveOneList at once, as after a worker was thought dead, and a third the
// same list uploaded again.
func TestTwoReceiveOneList(t *testing.T) {
	t.Parallel()
	b := setup(t, postgrestest.New(t))
	var rows []string
	for i := range 12 {
		rows = append(rows, fmt.Sprintf("%04d|关于某事的提案|张三||2026-02-10", i+1))
	}
	first, second := b.uploadList(t, rows...).HandOverImport.ID, b.uploadList(t, rows...).HandOverImport.ID
	for _, id := range []int64{first, second} {
		_, err := b.ConfirmImport(t.Context(), by(b.Office, id))
		must(t, err)
	}
	var wg sync.WaitGroup
	for _, id := range []int64{first, second, first} {
		wg.Go(func() {
			if err := b.DoReceiveImport(t.Context(), postgres.ReceiveImport{ImportID: id}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	received := b.count(t, `SELECT sum(received_count) FROM hand_over_imports WHERE state = 'done'`)
	refused := b.count(t, `SELECT sum(refused_count) FROM hand_over_imports WHERE state = 'done'`)
	if n := b.count(t, `SELECT count(*) FROM proposals`); n != 12 || received != 12 || refused != 12 {
		t.Errorf("%d proposals, %d received, %d refused; want 12 of each", n, received, refused)
	}
}
