package server_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/postgres"
	"fuyan/server"
)

// message reads an answer that must be a success.
func (a answer) message(t *testing.T, m proto.Message) {
	t.Helper()
	if a.Code != "" {
		t.Fatalf("refused: %s: %s", a.Code, a.Message)
	}
	if err := protojson.Unmarshal(a.body, m); err != nil {
		t.Fatal(err)
	}
}

// ledger makes one promise that is 31 days overdue, put off once, and reported on;
// and one whose words a spreadsheet would run.
func (s *site) ledger(t *testing.T) {
	t.Helper()
	_, err := s.tx.Exec(t.Context(), `WITH p AS (
			INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id, handed_over,
				reply_due, received_at, updated_at)
			VALUES ('cppcc_proposal', '市政协', 14, 1, '0009', '甲题', '', true, false, 'answered', $1, '2025-01-01', '2025-04-01', now(), now())
			RETURNING id),
		s AS (INSERT INTO proposers (proposal_id, place, name, organisation, lead, user_id, phone, address)
			SELECT id, 1, '某委员', false, true, $4::bigint, '', '' FROM p),
		r AS (INSERT INTO replies (proposal_id, round) SELECT id, 1 FROM p RETURNING id, proposal_id),
		l AS (INSERT INTO letters (proposal_id, reply_id, edition, document_number, issue_date, text, sha256, issued_by, issued_at)
			SELECT proposal_id, id, 1, '某试提复〔2025〕9号', '2025-01-02', '将做甲。=1+1，将做乙', sha256(convert_to('将做甲。=1+1，将做乙', 'UTF8')), $2::bigint, now()
			FROM r RETURNING id, proposal_id)
		INSERT INTO commitments (proposal_id, letter_id, text, start_offset, end_offset, cue, responsible, due_words, state, owner_id,
			first_due, due, slips, reported_at)
		SELECT proposal_id, id, '将做甲', 0, 3, '将', '{}'::text[], '', 'open', $3::bigint, date '2026-01-20', date '2026-01-30', 1, '2026-01-31 20:00+00'::timestamptz FROM l
		UNION ALL
		SELECT proposal_id, id, '=1+1，将做乙', 4, 12, '将', '{}', '', 'open', $3, '2026-03-09', '2026-03-09', 0, NULL FROM l`,
		s.Organ, s.Office.ID, s.Handler.ID, s.Delegate.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.tx.Exec(t.Context(), `INSERT INTO progress (commitment_id, kind, state, text, day, author_id, at)
		SELECT c.id, k.kind, 'open', k.text, '2026-02-01', $1, k.at::timestamptz FROM commitments c, (VALUES
			('progress', '写了初稿', '2026-01-20'), ('progress', '已经送审', '2026-02-01'), ('urged', '请加快', '2026-02-20')) k (kind, text, at)
		WHERE c.text = '将做甲'`, s.Handler.ID)
	if err != nil {
		t.Fatal(err)
	}
}

func TestListSaysHowItStands(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.ledger(t)
	got := new(fuyanv1.ListCommitmentsResponse)
	s.call(t, s.Delegate, "CommitmentService/ListCommitments", `{"withLatest": true, "overdueAge": "OVERDUE_AGE_TO_90"}`).message(t, got)
	if len(got.Commitments) != 1 {
		t.Fatalf("%d commitments, want the one that is 31 days overdue", len(got.Commitments))
	}
	c := got.Commitments[0]
	if !c.Overdue || c.OverdueDays != 31 || c.Slips != 1 || c.SlippedDays != 10 || c.Organ != "某市试验委员会" || c.OrganId != s.Organ || c.ReportedTime == nil {
		t.Errorf("it stands as %v", c)
	}
	if c.Latest.GetText() != "已经送审" || c.Latest.GetAuthor() != "handler" || c.Latest.GetDay() != "2026-02-01" {
		t.Errorf("what was last said is %v, want the later report and not the urge", c.Latest)
	}
	of := func(c *fuyanv1.Commitment) *fuyanv1.Commitment {
		return &fuyanv1.Commitment{ProposalId: c.ProposalId, Kind: c.Kind, Sitting: c.Sitting, ProposalNumber: c.ProposalNumber, ProposalTitle: c.ProposalTitle}
	}
	want := &fuyanv1.Commitment{
		ProposalId: c.ProposalId, Kind: fuyanv1.Kind_KIND_CPPCC_PROPOSAL, ProposalNumber: "0009", ProposalTitle: "甲题",
		Sitting: &fuyanv1.Sitting{Body: "市政协", Term: 14, Session: 1},
	}
	one := new(fuyanv1.GetCommitmentResponse)
	s.call(t, s.Delegate, "CommitmentService/GetCommitment", fmt.Sprintf(`{"commitmentId": %d}`, c.Id)).message(t, one)
	for from, c := range map[string]*fuyanv1.Commitment{"the list": c, "its own view": one.Commitment} {
		if diff := cmp.Diff(want, of(c), protocmp.Transform()); diff != "" {
			t.Errorf("in %s its proposal is (-want +got):\n%s", from, diff)
		}
	}
	got.Reset()
	s.call(t, s.OtherDelegate, "CommitmentService/ListCommitments", `{}`).message(t, got)
	if len(got.Commitments) != 0 {
		t.Errorf("a delegate is told what another's proposal is called: %v", got)
	}
	s.call(t, s.Delegate, "CommitmentService/ListCommitments", `{}`).message(t, got)
	if len(got.Commitments) != 2 || got.Commitments[0].Latest != nil {
		t.Errorf("unasked it is told what was last said: %v", got)
	}
}

// TestPagesOfAGroup goes through a group one by one.
func TestPagesOfAGroup(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.ledger(t)
	var days []string
	for token, pages := "", 0; pages < 5; pages++ {
		got := new(fuyanv1.ListCommitmentsResponse)
		s.call(t, s.Office, "CommitmentService/ListCommitments", `{"state": "COMMITMENT_STATE_OPEN", "pageSize": 1, "pageToken": "`+token+`"}`).message(t, got)
		for _, c := range got.Commitments {
			days = append(days, c.Due)
		}
		if token = got.NextPageToken; token == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"2026-01-30", "2026-03-09"}, days); diff != "" {
		t.Errorf("by pages (-want +got):\n%s", diff)
	}
}

func TestGetCommitmentBoard(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.ledger(t)
	counts := &fuyanv1.CommitmentCounts{Overdue: 1, OverdueByAge: []int32{0, 1, 0, 0}, DueSoon: 1, Silent: 1, Slipped: 1}
	want := &fuyanv1.CommitmentBoard{
		Day: "2026-03-02", Counts: counts, SlippedDays: 10, MedianSlippedDays: 10,
		Organs: []*fuyanv1.OrganCounts{{
			OrganId: s.Organ, Organ: "某市试验委员会", Counts: counts,
			Owners: []*fuyanv1.OwnerCount{{OwnerId: s.Handler.ID, Owner: "handler", Overdue: 1}},
		}},
	}
	for _, u := range []casework.User{s.Supervisor, s.CPPCCSupervisor, s.Admin, s.Office} {
		got := new(fuyanv1.GetCommitmentBoardResponse)
		s.call(t, u, "CommitmentService/GetCommitmentBoard", `{}`).message(t, got)
		if diff := cmp.Diff(want, got.Board, protocmp.Transform()); diff != "" {
			t.Errorf("the board of %s (-want +got):\n%s", u.Name, diff)
		}
	}
	for _, test := range []struct {
		u       casework.User
		request string
	}{{s.NPCSupervisor, `{}`}, {s.HelperOffice, `{}`}, {s.Admin, `{"kind": "KIND_NPC_SUGGESTION"}`}} {
		got := new(fuyanv1.GetCommitmentBoardResponse)
		s.call(t, test.u, "CommitmentService/GetCommitmentBoard", test.request).message(t, got)
		if len(got.Board.Organs) != 0 || got.Board.Counts.Overdue != 0 {
			t.Errorf("the board of %s %s: %v, want nothing", test.u.Name, test.request, got.Board)
		}
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.ledger(t)
	export := func(u casework.User, request string) *fuyanv1.ExportCommitmentsResponse {
		got := new(fuyanv1.ExportCommitmentsResponse)
		s.call(t, u, "CommitmentService/ExportCommitments", request).message(t, got)
		return got
	}
	text := export(s.Supervisor, `{"format": "EXPORT_FORMAT_CSV", "list": {"pageSize": 1}}`)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text.Content), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 3 || rows[0][7] != "承诺事项" || rows[1][7] != "将做甲" || rows[2][7] != "'=1+1，将做乙" {
		t.Errorf("the CSV, of all pages, is %q: %v", rows, err)
	}
	for i, want := range [][]string{{"届次", "案号", "案由"}, {"市政协十四届一次会议", "0009", "甲题"}, {"市政协十四届一次会议", "0009", "甲题"}} {
		if got := rows[i][3:6]; !cmp.Equal(got, want) {
			t.Errorf("line %d is of the proposal %q, want %q", i, got, want)
		}
	}
	if want := []string{"2026-01-20", "2026-01-30", "1", "10", "31", "", "2026-02-01"}; !cmp.Equal(rows[1][14:21], want) {
		t.Errorf("its days are %q, want %q: the report was made after midnight here", rows[1][14:21], want)
	}
	if text.FileName != "承诺事项-2026-03-02.csv" || text.MediaType != "text/csv; charset=utf-8" {
		t.Errorf("it is %s, %s", text.FileName, text.MediaType)
	}

	book := export(s.Office, `{"format": "EXPORT_FORMAT_XLSX", "list": {"group": "COMMITMENT_GROUP_SILENT"}}`)
	f, err := excelize.OpenReader(bytes.NewReader(book.Content))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := f.GetRows("承诺事项")
	if err != nil || len(lines) != 2 || lines[1][7] != "=1+1，将做乙" {
		t.Errorf("the workbook has %q: %v", lines, err)
	}
	notes, err := f.GetRows("说明")
	want := [][]string{{"截至", "2026年3月2日"}, {"条数", "1"}, {"分组", "无进展无凭据"}, {"逾期天数、推迟天数", "按日历日计"}}
	if diff := cmp.Diff(want, notes); err != nil || diff != "" {
		t.Errorf("its notes: %v (-want +got)\n%s", err, diff)
	}
	if none := export(s.OtherDelegate, `{"format": "EXPORT_FORMAT_CSV"}`); strings.Contains(string(none.Content), "将做") || strings.Contains(string(none.Content), "甲题") {
		t.Errorf("a delegate takes away what they may not see: %s", none.Content)
	}
}

// TestExportHasAnEnd: the line after the last that fits is refused, by the field.
func TestExportHasAnEnd(t *testing.T) {
	t.Parallel()
	if err := server.CheckExported(100_000); err != nil {
		t.Errorf("100,000 lines: %v", err)
	}
	err := server.CheckExported(100_001)
	if field, ok := errors.AsType[*casework.FieldError](err); !ok || field.Field != "list" || !strings.Contains(err.Error(), "100000") {
		t.Errorf("100,001 lines: %v", err)
	}
}

// TestNotesSayWhatWasAskedFor names every filter.
func TestNotesSayWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	f := postgres.CommitmentFilter{
		ProposalID: 7, State: casework.Open, Group: casework.GroupOverdue, OverdueAge: casework.OverdueTo90, OrganID: 1, OwnerID: 2,
		Kind: casework.NPCSuggestion, Overdue: true, Mine: true,
	}
	got := server.AskedFor(f, postgres.Commitment{Organ: "某委", Owner: "某人"})
	want := [][2]string{
		{"提案建议（内部编号）", "7"},
		{"类别", "代表建议"},
		{"承办单位", "某委"},
		{"责任人", "某人"},
		{"范围", "我负责的"},
		{"状态", "进行中"},
		{"分组", "逾期"},
		{"逾期", "是"},
		{"逾期时间", "31–90 天"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
