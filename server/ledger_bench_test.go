package server_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect/v2"
	"connectrpc.com/connect/v2/connecthttp"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"fuyan/casework"
	fuyanv1 "fuyan/gen/fuyan/v1"
	"fuyan/gen/fuyan/v1/fuyanv1connect"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
	"fuyan/server"
)

// ledgerSize is how many commitments the benchmarks below run among.
const ledgerSize = 1_000_000

// A ledger is a database with many commitments: 200 organs with 20 people each,
// five promises a letter, 60 % kept, 15 % waived, 3 % dropped, 2 % noted and 20 %
// open, of which one in ten is overdue.
type ledger struct {
	postgrestest.People
	*postgres.DB
	pool *pgxpool.Pool
	said *statement
}

// A statement is the last query that ran through it.
type statement struct {
	*pgxpool.Pool
	sql  string
	args []any
}

func (s *statement) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	s.sql, s.args = sql, args
	return s.Pool.Query(ctx, sql, args...)
}

// crowd fills the ledger. Its numbers come from hashes: as good as random, and the
// same in each run.
var crowd = []string{
	`SET session_replication_role = replica`, // no reference is checked while loading
	`INSERT INTO organs (name, short_name) SELECT '某市第' || n || '委员会', '第' || n || '委' FROM generate_series(1, 200) n`,
	`CREATE TEMP TABLE ours AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM organs WHERE name LIKE '某市第%'`,
	`INSERT INTO divisions (organ_id, name, merged_into)
		SELECT id, '第' || d || '处', CASE WHEN n % 40 = 0 AND d = 1 THEN 1 END FROM ours, generate_series(1, 5) d ORDER BY n, d`,
	`INSERT INTO users (name, display_name, password_hash, roles, organ_id, disabled)
		SELECT 'u' || n || '-' || p, '经办' || n || '之' || p, '', '{handler}',
			CASE WHEN p = 20 AND n % 10 = 0 THEN 1 ELSE id END, p = 19 AND n % 5 = 0
		FROM ours, generate_series(1, 20) p ORDER BY n, p`,
	`INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state, organ_id, handed_over,
			reply_due, received_at, updated_at)
		SELECT CASE WHEN i % 3 = 0 THEN 'npc_suggestion' ELSE 'cppcc_proposal' END, '市政协', 14, 1, i::text, '关于第' || i || '件事的提案', '',
			true, false, 'answered', ours.id, '2025-02-10', '2025-05-10', now(), now()
		FROM generate_series(1, $1::int / 5) i JOIN ours ON ours.n = (hashint8(i) & 2147483647) % 200`,
	`INSERT INTO letters (proposal_id, reply_id, edition, document_number, issue_date, text, sha256, issued_by, issued_at)
		SELECT id, id, 1, '某试提复〔2025〕' || id || '号', '2025-05-06', '文', sha256(convert_to('文', 'UTF8')), 1, now() FROM proposals`,
	`INSERT INTO commitments (proposal_id, letter_id, text, start_offset, end_offset, cue, responsible, due_words, state, owner_id,
			deliverable, first_due, due, end_reason, evidence, done_day, judged_by, told_day, told_how, organ_id, kind, division_id,
			offered_to, follow_year, slips, reported_at, contested, signed_by, signed_day)
		SELECT c.proposal_id, c.letter_id, said, k * 100, k * 100 + char_length(said), '下一步/将', '{本委}', '2026年底前', state,
			CASE WHEN followed THEN (SELECT id FROM users WHERE name = 'u0-1') + n * 20 + r % 20 END,
			CASE WHEN followed THEN '印发试点方案并组织实施' ELSE '' END, CASE WHEN followed THEN due - slipped END, CASE WHEN followed THEN due END,
			CASE WHEN state IN ('waived', 'dropped') THEN '情况变化' ELSE '' END, CASE WHEN state = 'kept' THEN '方案已经印发' ELSE '' END,
			CASE WHEN state = 'kept' THEN due END, CASE WHEN state = 'kept' THEN 1 END, CASE WHEN state = 'kept' THEN due END,
			CASE WHEN state = 'kept' THEN '书面' ELSE '' END, c.organ_id, c.kind, CASE WHEN followed THEN 2 + n * 5 + r % 5 END,
			CASE WHEN state = 'open' AND r % 100 = 7 THEN 1 END, CASE WHEN followed THEN 2025 END, CASE WHEN followed AND slipped > 0 THEN 1 ELSE 0 END,
			CASE WHEN state = 'open' AND r % 3 > 0 OR state = 'kept' THEN now() END, state = 'kept' AND r % 500 = 3,
			CASE WHEN state = 'dropped' THEN '某主任' ELSE '' END, CASE WHEN state = 'dropped' THEN due END
		FROM (
			SELECT l.id AS letter_id, l.proposal_id, p.organ_id, p.kind, ours.n, k, r,
				'下一步，我委将会同有关部门，在认真总结试点经验的基础上，于2026年底前出台第' || r || '项配套措施并组织实施' AS said,
				CASE WHEN h < 600 THEN 'kept' WHEN h < 750 THEN 'waived' WHEN h < 780 THEN 'dropped' WHEN h < 800 THEN 'noted' ELSE 'open' END AS state,
				h < 600 OR h >= 750 AND h < 780 OR h >= 800 AS followed,
				CASE WHEN h >= 980 THEN date '2026-03-01' - r % 300 WHEN h >= 800 THEN date '2026-03-02' + r % 365
					ELSE date '2025-06-01' + r % 270 END AS due,
				CASE WHEN r % 8 = 0 THEN 10 + r % 120 ELSE 0 END AS slipped
			FROM letters l JOIN proposals p ON p.id = l.proposal_id JOIN ours ON ours.id = p.organ_id, generate_series(1, 5) k,
				LATERAL (SELECT hashint8(l.id * 5 + k) & 2147483647 AS r, (hashint8(l.id * 7 + k * 3) & 2147483647) % 1000 AS h) x) c`,
	`SET session_replication_role = DEFAULT`,
	`VACUUM ANALYZE`, `CHECKPOINT`,
}

func newLedger(b *testing.B, size int) *ledger {
	b.Helper()
	l := &ledger{pool: postgrestest.New(b)}
	l.People = postgrestest.NewPeople(b, l.pool)
	conn, err := l.pool.Acquire(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Release()
	for _, sql := range crowd {
		var args []any
		if strings.Contains(sql, "$1") {
			args = []any{size}
		}
		if _, err := conn.Exec(b.Context(), sql, args...); err != nil {
			b.Fatalf("%v: %s", err, sql)
		}
	}
	l.said = &statement{Pool: l.pool}
	l.DB, err = postgres.New(l.said, postgres.Options{Now: postgrestest.Now})
	if err != nil {
		b.Fatal(err)
	}
	return l
}

// bare lists commitments by one statement and knows nothing else: not who asks,
// not what they may see, not what a request must look like.
type bare struct {
	fuyanv1connect.UnimplementedCommitmentServiceHandler
	statement
}

func (h *bare) ListCommitments(ctx context.Context, _ *fuyanv1.ListCommitmentsRequest) (*fuyanv1.ListCommitmentsResponse, error) {
	rows, err := h.Pool.Query(ctx, h.sql, h.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := new(fuyanv1.ListCommitmentsResponse)
	for rows.Next() && len(out.Commitments) < 50 {
		c, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out.Commitments = append(out.Commitments, c)
	}
	out.NextPageToken = "2025-12-31 12345"
	return out, nil
}

func scan(rows pgx.Rows) (*fuyanv1.Commitment, error) {
	c := &fuyanv1.Commitment{Span: new(fuyanv1.Span), Sitting: new(fuyanv1.Sitting)}
	var wordsDue, firstDue, due, doneDay, toldDay, signedDay pgtype.Date
	var ownerID, judgedBy, divisionID, offeredTo *int64
	var followYear *int32
	var keepings int32
	var reported *time.Time
	var doneBy *int64
	var state, kind, signedBy string
	err := rows.Scan(&c.Id, &c.Version, &c.ProposalId, &c.LetterId, &c.Text, &c.Span.Start, &c.Span.End, &c.Cue, &c.Responsible,
		&c.DueWords, &wordsDue, &state, &ownerID, &c.Deliverable, &c.Criterion, &firstDue, &due, &c.EndReason, &c.Evidence,
		&doneDay, &judgedBy, &toldDay, &c.ToldHow, &c.OrganId, &kind, &divisionID, &offeredTo, &followYear,
		&c.Slips, &keepings, &reported, &c.Contested, &doneBy, &signedBy, &signedDay,
		&c.DocumentNumber, &c.Owner, &c.JudgedBy, &c.Organ, &c.OfferedTo,
		&c.Sitting.Body, &c.Sitting.Term, &c.Sitting.Session, &c.ProposalNumber, &c.ProposalTitle)
	if err != nil {
		return nil, err
	}
	for _, d := range []struct {
		from pgtype.Date
		to   *string
	}{{wordsDue, &c.WordsDue}, {firstDue, &c.FirstDue}, {due, &c.Due}, {doneDay, &c.DoneDay}, {toldDay, &c.ToldDay}} {
		if d.from.Valid {
			*d.to = d.from.Time.Format(time.DateOnly)
		}
	}
	today := postgrestest.Now().UTC().Truncate(24 * time.Hour)
	if ownerID != nil {
		c.OwnerId = *ownerID
	}
	if followYear != nil {
		c.FollowYear = *followYear
	}
	if reported != nil {
		c.ReportedTime = timestamppb.New(*reported)
	}
	c.Kind = fuyanv1.Kind(fuyanv1.Kind_value["KIND_"+strings.ToUpper(kind)])
	c.State = fuyanv1.CommitmentState_COMMITMENT_STATE_OPEN // as all that are overdue
	c.Overdue, c.OverdueDays = true, int32(today.Sub(due.Time).Hours()/24)
	c.SlippedDays = int32(max(due.Time.Sub(firstDue.Time).Hours()/24, 0))
	return c, nil
}

// client calls what h serves over HTTP.
func client(b *testing.B, h http.Handler, as ...connect.ClientInterceptor) fuyanv1connect.CommitmentServiceClient {
	s := httptest.NewServer(h)
	b.Cleanup(s.Close)
	return fuyanv1connect.NewCommitmentServiceClient(connect.NewClient(connecthttp.NewTransport(s.Client(), s.URL), as...))
}

// BenchmarkLedger asks, by turns, for a page of what one organ has overdue: the
// service over HTTP with everything on, and a handler over HTTP that runs the same
// statement and nothing else. It reports how fast the first is against the second,
// and how long the board's counts take.
func BenchmarkLedger(b *testing.B) {
	l := newLedger(b, ledgerSize)
	b.Run("Overdue", l.overdue)
	b.Run("Board", l.board)
}

func (l *ledger) overdue(b *testing.B) {
	token := func(next connect.ClientFunc) connect.ClientFunc {
		return func(ctx context.Context, spec connect.Spec) (connect.ClientStream, error) {
			info, _ := connect.CallInfoForClientContext(ctx)
			info.RequestHeader().Set("Authorization", "Bearer "+postgrestest.Token(l.Supervisor))
			return next(ctx, spec)
		}
	}
	whole := client(b, server.New(l.DB, server.Options{Log: slog.New(slog.NewJSONHandler(io.Discard, nil))}), token)
	req := &fuyanv1.ListCommitmentsRequest{OrganId: l.organ(b), Group: fuyanv1.CommitmentGroup_COMMITMENT_GROUP_OVERDUE}
	want := ask(b, whole, req)

	rpcs, mux := connect.NewServer(), http.NewServeMux()
	fuyanv1connect.RegisterCommitmentServiceHandler(rpcs, &bare{statement: *l.said})
	connecthttp.Mount(mux, rpcs)
	alone := client(b, mux)
	got := ask(b, alone, req)
	got.NextPageToken = want.NextPageToken
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		b.Fatalf("the two say different things (-whole +bare):\n%s", diff)
	}
	var took [2]time.Duration
	for b.Loop() {
		for i, c := range []fuyanv1connect.CommitmentServiceClient{whole, alone} {
			began := time.Now()
			ask(b, c, req)
			took[i] += time.Since(began)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(took[0].Nanoseconds())/float64(b.N), "ns/rpc")
	b.ReportMetric(float64(took[1].Nanoseconds())/float64(b.N), "ns/bare")
	b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "of-bare")
}

func ask(b *testing.B, c fuyanv1connect.CommitmentServiceClient, req *fuyanv1.ListCommitmentsRequest) *fuyanv1.ListCommitmentsResponse {
	answer, err := c.ListCommitments(b.Context(), req)
	if err != nil || len(answer.Commitments) != 50 {
		b.Fatalf("%d commitments, want a page of 50: %v", len(answer.GetCommitments()), err)
	}
	return answer
}

func (l *ledger) board(b *testing.B) {
	for _, whose := range []struct {
		name  string
		user  casework.User
		organ int64
	}{{"All", l.Supervisor, 0}, {"OneKind", l.CPPCCSupervisor, 0}, {"OneOrgan", l.Supervisor, l.organ(b)}} {
		b.Run(whose.name, func(b *testing.B) {
			for b.Loop() {
				board, err := l.CountCommitments(b.Context(), whose.user, whose.organ, "")
				if err != nil || board.Groups[casework.GroupOverdue] == 0 {
					b.Fatalf("%v: %v", board.Counts, err)
				}
			}
		})
	}
}

// organ is one of the 200.
func (l *ledger) organ(b *testing.B) (id int64) {
	b.Helper()
	if err := l.pool.QueryRow(b.Context(), `SELECT id FROM organs WHERE name = '某市第7委员会'`).Scan(&id); err != nil {
		b.Fatal(err)
	}
	return id
}
