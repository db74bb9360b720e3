package postgres_test

import (
	"fmt"
	"testing"

	"fuyan/casework"
	"fuyan/postgres"
	"fuyan/postgres/postgrestest"
)

const manyProposals = 100_000

// loadAnswered fills a database with proposals that were answered a day after the
// other, each with twenty events, two proposers and three promises.
func loadAnswered(b testing.TB, proposals int) *bundle {
	b.Helper()
	pool := postgrestest.New(b)
	s := setup(b, pool)
	conn, err := pool.Acquire(b.Context())
	must(b, err)
	defer conn.Release()
	for _, sql := range []string{
		`SET session_replication_role = replica`, // no reference is checked while loading
		fmt.Sprintf(`INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply, state,
				organ_id, handed_over, reply_due, received_at, updated_at)
			SELECT 'cppcc_proposal', '市政协', 14, n %% 5, n::text, '关于第' || n || '件事的提案', '', true, false, 'answered',
				CASE n %% 200 WHEN 7 THEN %d ELSE %d END, d, d + 90, d, now()
			FROM generate_series(1, %d) n, LATERAL (SELECT date '2023-01-01' + n %% 1000 AS d) d`, s.Helper, s.Organ, proposals),
		`INSERT INTO assignments (proposal_id, organ_id, role, handed_over) SELECT id, organ_id, 'sole', handed_over FROM proposals`,
		`INSERT INTO proposers (proposal_id, place, name, organisation, lead, phone, address)
			SELECT id, n, '某' || n, false, n = 1, '', '' FROM proposals, generate_series(1, 2) n`,
		`INSERT INTO events (proposal_id, seq, verb, actor, at, round, note, hash)
			SELECT id, n, verb, '', received_at + n * interval '3 days', 1, CASE verb WHEN 'record_delivery' THEN '某' || n - 14 ELSE '' END,
				sha256(id::text::bytea)
			FROM proposals, unnest('{receive,accept,assign,request_opinion,submit_opinion,record_contact,save_draft,save_draft,submit,approve,approve,
				sign,issue,record_commitments,record_delivery,record_delivery,send_copy,copy_sent,complete,publish}'::text[]) WITH ORDINALITY AS v(verb, n)
			WHERE verb <> 'complete' OR id % 7 > 0`,
		`INSERT INTO replies (proposal_id, round, result, publicity) SELECT id, 1, 'adopted', 'full' FROM proposals`,
		`INSERT INTO letters (proposal_id, reply_id, edition, document_number, issue_date, text, sha256, issued_by, issued_at)
			SELECT p.id, r.id, 1, p.id, p.handed_over + 39, t.text, sha256(convert_to(t.text, 'UTF8')), 1, p.received_at + interval '39 days'
			FROM (SELECT repeat('复文', 500) AS text) t, proposals p JOIN replies r ON r.proposal_id = p.id`,
		`INSERT INTO deadlines (proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional, met)
			SELECT id, rule, rule, '', 1, organ_id, handed_over, handed_over + 90, handed_over + 90, false, handed_over + 39
			FROM proposals, unnest('{RETURN_WRONG,REPLY,PUBLISH,FEEDBACK_WAIT}'::text[]) rule`,
		`INSERT INTO deadline_changes (deadline_id, cause, before, after, reason, author, at)
			SELECT d.id, 'extension', first_due, due, '', '', p.received_at + interval '60 days'
			FROM deadlines d JOIN proposals p ON p.id = d.proposal_id WHERE rule = 'REPLY' AND d.id % 3 = 0`,
		`INSERT INTO contacts (proposal_id, proposer_id, channel, day, summary, recorded_by)
			SELECT proposal_id, id, 'visit', '2024-01-01', '', 1 FROM proposers WHERE place = 1`,
		`INSERT INTO feedbacks (reply_id, proposer_id, attitude, result, text, recorded_by, channel, day, at)
			SELECT r.id, s.id, 'satisfied', 'basically', '', 1, 'own', p.handed_over + 70, p.received_at + interval '70 days'
			FROM proposals p JOIN replies r ON r.proposal_id = p.id JOIN proposers s ON s.proposal_id = p.id WHERE s.id % 3 > 0`,
		`INSERT INTO publications (reply_id, text, published) SELECT r.id, repeat('复文', 500), p.handed_over + 60
			FROM proposals p JOIN replies r ON r.proposal_id = p.id`,
		fmt.Sprintf(`INSERT INTO commitments (proposal_id, letter_id, text, start_offset, end_offset, cue, responsible, due_words, state,
				organ_id, kind, owner_id, first_due, due, evidence, done_day)
			SELECT l.proposal_id, l.id, '文', n * 2, n * 2 + 1, '', '{}', '', 'done', p.organ_id, p.kind, %d, l.issue_date + 200, l.issue_date + 200, 'x', l.issue_date + 190
			FROM letters l JOIN proposals p ON p.id = l.proposal_id, generate_series(1, 3) n`, s.Handler.ID),
		`INSERT INTO progress (commitment_id, kind, state, text, day, at)
			SELECT c.id, v.kind, v.state, '', l.issue_date + n::int * 40, l.issued_at + n * interval '40 days'
			FROM commitments c JOIN letters l ON l.id = c.letter_id,
				unnest('{noted,confirmed,progress,done,accepted}'::text[], '{noted,open,open,done,kept}'::text[]) WITH ORDINALITY AS v(kind, state, n)`,
		`SET session_replication_role = DEFAULT`,
		`VACUUM ANALYZE`, `CHECKPOINT`,
	} {
		if _, err := conn.Exec(b.Context(), sql); err != nil {
			b.Fatalf("%v: %s", err, sql)
		}
	}
	return s
}

// BenchmarkFigures counts every figure of a hundred thousand proposals as of a day
// in the middle of them and as of today, and those of an organ that has five
// hundred of them. It lists a page from the middle of a list, and one for which
// the whole list is looked through.
func BenchmarkFigures(b *testing.B) {
	s := loadAnswered(b, manyProposals)
	s.now = s.now.AddDate(1, 0, 0)
	past := postgres.FigureFilter{Day: casework.Date{Year: 2025, Month: 1, Day: 1}, Since: casework.Date{Year: 2024, Month: 1, Day: 1}}
	ofOrgan, ofSitting := past, past
	ofOrgan.OrganID, ofSitting.Sitting = s.Helper, &casework.Sitting{Body: "市政协", Term: 14, Session: 2}
	for _, count := range []struct {
		name   string
		filter postgres.FigureFilter
	}{{"past", past}, {"today", postgres.FigureFilter{}}, {"organ", ofOrgan}, {"sitting", ofSitting}} {
		b.Run("count/"+count.name, func(b *testing.B) {
			for b.Loop() {
				figures, _, err := s.Figures(b.Context(), s.Admin, count.filter)
				must(b, err)
				if figures[0].Numerator == 0 {
					b.Fatal("nothing is answered")
				}
			}
		})
	}
	for _, list := range []struct {
		code    string
		entries int
	}{{"answered", 51}, {"redone", 0}} {
		b.Run("list/"+list.code, func(b *testing.B) {
			page := postgres.FigurePage{Code: list.code, Side: casework.Numerator, Limit: 51, After: postgres.FigureKey{ID: manyProposals / 2}}
			for b.Loop() {
				found, err := s.ListFigure(b.Context(), s.Admin, past, page)
				must(b, err)
				if len(found.Entries) != list.entries {
					b.Fatalf("%d entries", len(found.Entries))
				}
			}
		})
	}
}
