package drill_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	fuyanv1 "fuyan/gen/fuyan/v1"
)

// wrongs are queries that each return what is lost, doubled or half-done. None
// returns anything once all is settled.
var wrongs = []struct{ what, sql string }{
	{"a document number of two letters", `
		SELECT document_number FROM letters WHERE edition = 1 GROUP BY 1 HAVING count(*) > 1`},
	{"a number of a series without a record", `
		SELECT s.prefix || n FROM series s CROSS JOIN LATERAL generate_series(1, s.last) n
		LEFT JOIN series_numbers x ON (x.prefix, x.year, x.number) = (s.prefix, s.year, n)
		LEFT JOIN urges u ON u.document_number = s.prefix || '〔' || s.year || '〕' || n || '号'
		WHERE (x.number IS NULL) = (u.id IS NULL)`},
	{"a letter without its number, or a number without its letter", `
		SELECT coalesce(l.document_number, x.prefix || x.number) FROM (SELECT * FROM letters WHERE edition = 1) l
		FULL JOIN (SELECT * FROM series_numbers WHERE fate = 'used') x ON x.letter_id = l.id WHERE l.id IS NULL OR x.letter_id IS NULL`},
	{"a state without its event", `
		SELECT p.id || ' ' || p.state FROM proposals p
		JOIN (VALUES ('issued', '{issue}'::text[]), ('answered', '{complete}'), ('withdrawn', '{withdraw}'), ('returned', '{grant_return}'),
			('closed', '{close,close_without_letter}')) v (state, verbs) USING (state)
		WHERE NOT EXISTS (SELECT FROM events e WHERE e.proposal_id = p.id AND e.verb = ANY (v.verbs))`},
	{"an edition of a letter without its event, or an event without its edition", `
		SELECT p.id::text FROM proposals p WHERE (SELECT count(*) FROM letters l WHERE l.proposal_id = p.id)
			<> (SELECT count(*) FROM events e WHERE e.proposal_id = p.id AND e.verb IN ('issue', 'correct'))`},
	{"a letter whose promises nobody recorded, or more than once", `
		SELECT l.document_number || ': ' || count(c.id) FROM letters l LEFT JOIN commitments c ON c.letter_id = l.id
		GROUP BY l.document_number HAVING count(c.id) <> 2`},
	{"the promises of an edition recorded twice in the history, or not at all", `
		SELECT p.id::text FROM proposals p WHERE (SELECT count(*) FROM letters l WHERE l.proposal_id = p.id)
			<> (SELECT count(*) FROM events e WHERE e.proposal_id = p.id AND e.verb = 'record_commitments')`},
	{"an urge without its day, or with two", `
		SELECT u.document_number || ': ' || count(d.id) FROM urges u
		LEFT JOIN deadlines d ON d.commitment_id = u.commitment_id AND d.basis = u.document_number AND d.rule = 'URGE_ANSWER'
		GROUP BY u.id HAVING count(d.id) <> 1 OR bool_or(u.answered_at IS NOT NULL AND d.met IS NULL AND d.ended IS NULL)`},
	{"a report that names a file whose bytes are not in the store", `
		SELECT id::text FROM files WHERE progress_id IS NOT NULL AND NOT stored`},
	{"a report of a promise kept without a file", `
		SELECT p.id::text FROM progress p WHERE kind = 'done' AND NOT EXISTS (SELECT FROM files f WHERE f.progress_id = p.id)`},
	{"a working copy of a draft that was submitted", `
		SELECT r.proposal_id::text FROM working_copies w JOIN replies r ON r.id = w.reply_id JOIN proposals p ON p.id = r.proposal_id
		WHERE p.round > r.round OR p.state <> 'drafting'`},
	{"a list that was confirmed and not received", `
		SELECT id::text FROM hand_over_imports WHERE state = 'confirmed'`},
	{"a row of a list that is there twice", `
		SELECT proposal_id::text FROM hand_over_import_rows GROUP BY proposal_id HAVING count(*) > 1 AND proposal_id IS NOT NULL`},
	{"a copy ordered and not sent", `
		SELECT reply_id || ' to ' || organ_id FROM copies WHERE ordered_at IS NOT NULL AND sent_at IS NULL`},
	{"a way out that came to no end", `
		SELECT notice_id || ' ' || channel || ' ' || state FROM notice_deliveries WHERE state NOT IN ('sent', 'not_needed')`},
	{"a notice twice", `
		SELECT occasion || deadline_id || rung || ' to ' || user_id FROM notices
		GROUP BY occasion, deadline_id, due, rung, proposal_id, ref, commitment_id, user_id HAVING count(*) > 1`},
	{"a notice for a channel that it was not queued for", `
		SELECT id::text FROM notices n WHERE by_mail <> EXISTS (
			SELECT FROM notice_deliveries d WHERE d.notice_id = n.id AND d.channel IN ('mail', 'digest'))`},
	{"a job that gave up, other than those that the clock queues again", `
		SELECT id || ' ' || kind || ' ' || state || ': ' || errors[array_upper(errors, 1)] FROM river_job
		WHERE state IN ('discarded', 'cancelled')
		  AND kind NOT IN ('sweep_notices', 'index_publications', 'carry_over', 'remove_files', 'remove_imports')`},
	{"a publication that the search does not know, or one that it should not", `
		SELECT coalesce(u.id, x.publication_id)::text FROM (SELECT * FROM publications WHERE taken_down IS NULL) u
		FULL JOIN published_replies x ON x.publication_id = u.id WHERE u.id IS NULL OR x.publication_id IS NULL`},
	{"a wrong count of what is public", `
		SELECT year || body || organ_id FROM (SELECT * FROM published_counts WHERE replies > 0) c
		FULL JOIN (SELECT year, body, term, session, organ_id, count(*) AS replies FROM published_replies
		           GROUP BY year, body, term, session, organ_id) x USING (year, body, term, session, organ_id)
		WHERE c.replies IS DISTINCT FROM x.replies`},
	{"a wrong sum of what is public", `
		SELECT 'of organ ' || organ_id FROM (SELECT * FROM published_organs WHERE replies <> 0) c
		FULL JOIN (SELECT organ_id, count(*) AS replies FROM published_replies GROUP BY organ_id) x USING (organ_id)
		WHERE c.replies IS DISTINCT FROM x.replies
		UNION ALL
		SELECT concat_ws(' ', 'of', year, body, term, session) FROM (SELECT * FROM published_sittings WHERE replies <> 0) c
		FULL JOIN (SELECT year, body, term, session, count(*) AS replies FROM published_replies GROUP BY year, body, term, session) x
			USING (year, body, term, session)
		WHERE c.replies IS DISTINCT FROM x.replies`},
	{"a proposal that a search finds by other words", `
		SELECT p.id::text FROM proposals p LEFT JOIN proposal_words w ON w.proposal_id = p.id
		WHERE w.plain IS DISTINCT FROM plain_words(p.title || ' ' || p.number) OR w.grams IS DISTINCT FROM grams_of(w.plain)`},
	{"a deadline that nobody watches, or one watched after its end", `
		SELECT coalesce(d.id, w.deadline_id)::text FROM deadlines d FULL JOIN deadline_watch w ON w.deadline_id = d.id
		WHERE d.id IS NULL OR w.deadline_id IS NULL OR (d.met IS NOT NULL OR d.ended IS NOT NULL) AND w.next_notice IS NOT NULL`},
	{"a proposal with another reply day than its deadline", `
		SELECT p.id::text FROM proposals p JOIN deadlines d ON d.proposal_id = p.id AND d.rule = 'REPLY' AND d.round = p.round
		WHERE d.organ_id = p.organ_id AND d.due <> p.reply_due`},
	{"a reply that waits for a redo without a reason", `
		SELECT id::text FROM replies WHERE redo_waits <> redo_waits_of(id)`},
	{"a request without what it was about", `
		SELECT id::text FROM requests WHERE subject_id = 0`},
	{"a session left in a transaction", `
		SELECT pid || ' ' || query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
		AND state LIKE 'idle in transaction%' AND state_change < clock_timestamp() - interval '3 seconds'`},
	{"a lock that an idle session holds", `
		SELECT l.pid || ' ' || l.locktype || ' ' || l.mode FROM pg_locks l JOIN pg_stat_activity a USING (pid)
		WHERE a.datname = current_database() AND a.state = 'idle' AND l.locktype = 'advisory'
		AND a.state_change < clock_timestamp() - interval '1 second'`},
}

// verdict waits until the workers have done what is queued, and then looks for
// what is lost, doubled or half-done. servers still answer.
func (l *town) verdict(pool *pgxpool.Pool, url string, workers ...*process) {
	l.t.Helper()
	settle(l.t, pool)
	for _, w := range wrongs {
		for i, found := range texts(l.t, pool, w.sql) {
			if i == 5 {
				break
			}
			l.t.Errorf("%s: %s", w.what, found)
		}
	}
	l.checkJournal(pool)
	l.checkBoard(pool)
	l.checkLists(pool)
	if len(workers) > 0 {
		l.checkMails(pool, workers)
	}
	l.t.Log(fuyan(l.t, "verify", "--database-url", url))
}

// texts are the rows of a query that returns one text each.
func texts(t testing.TB, pool *pgxpool.Pool, sql string, args ...any) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), sql, args...)
	must(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	return list
}

// settle waits for the jobs. Those of a worker that was killed go to others after
// two minutes; the short form does not wait for it. A job that goes from proposal to
// proposal may take ten, and nobody waits so long: it is given to others sooner.
func settle(t testing.TB, pool *pgxpool.Pool) {
	t.Helper()
	const waiting = `SELECT kind || ' ' || state || ' ' || attempt || ' ' || coalesce(errors[array_upper(errors, 1)]->>'error', '') FROM river_job
		WHERE finalized_at IS NULL AND NOT (state = 'scheduled' AND scheduled_at > now() + interval '10 minutes')`
	for deadline := time.Now().Add(6 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		_, err := pool.Exec(t.Context(), `UPDATE river_job SET state = 'available', scheduled_at = now()
			WHERE state = 'running' AND attempted_at < now() - interval '30 seconds' AND kind IN ('carry_over', 'index_publications', 'receive_import')`)
		must(t, err)
		list := texts(t, pool, waiting)
		if len(list) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("jobs that came to no end: %q", list[:min(len(list), 10)])
			return
		}
	}
}

// release gives the jobs of workers that are dead to others at once.
func release(t testing.TB, pool *pgxpool.Pool) {
	t.Helper()
	_, err := pool.Exec(t.Context(), `UPDATE river_job SET state = 'available', scheduled_at = now()
		WHERE state IN ('running', 'retryable')`)
	must(t, err)
}

// checkJournal compares what people were answered with what is on record: each
// acknowledged write is there, once, and none is there that nobody tried.
func (l *town) checkJournal(pool *pgxpool.Pool) {
	l.t.Helper()
	type move struct {
		proposal int64
		verb     string
	}
	type count struct{ acknowledged, tried int }
	counts := map[move]count{}
	versions := map[int64]int64{}
	numbers := map[string]int64{}
	var requests []string
	for _, e := range l.journal {
		c := counts[move{e.proposal, e.verb}]
		c.tried++
		if e.acknowledged {
			c.acknowledged++
		}
		if e.acknowledged && !e.unclaimed {
			requests = append(requests, e.request)
		}
		if e.acknowledged && e.proposal != 0 {
			versions[e.proposal] = max(versions[e.proposal], e.version)
		}
		if e.number != "" {
			if other, twice := numbers[e.number]; twice {
				l.t.Errorf("%s was answered for proposals %d and %d", e.number, other, e.proposal)
			}
			numbers[e.number] = e.proposal
		}
		counts[move{e.proposal, e.verb}] = c
	}
	for _, lost := range texts(l.t, pool, `SELECT r::text FROM unnest($1::uuid[]) r WHERE NOT EXISTS (SELECT FROM requests q WHERE q.id = r)`, requests) {
		l.t.Errorf("the request %s was acknowledged and is not on record", lost)
	}
	events := map[move]int{}
	rows, err := pool.Query(l.t.Context(), `SELECT proposal_id, verb, count(*) FROM events WHERE actor_id IS NOT NULL GROUP BY 1, 2`)
	must(l.t, err)
	var m move
	var n int
	_, err = pgx.ForEachRow(rows, []any{&m.proposal, &m.verb, &n}, func() error {
		events[m] = n
		return nil
	})
	must(l.t, err)
	for m, c := range counts {
		if n := events[m]; m.proposal != 0 && (n < c.acknowledged || n > c.tried) {
			l.t.Errorf("proposal %d: %d events %q, for %d acknowledged and %d tried", m.proposal, n, m.verb, c.acknowledged, c.tried)
		}
	}
	l.checkAnswers(pool, versions, numbers)
}

// checkAnswers compares the versions and the numbers that people were told.
func (l *town) checkAnswers(pool *pgxpool.Pool, versions map[int64]int64, numbers map[string]int64) {
	l.t.Helper()
	for id, version := range versions {
		var now int64
		if err := pool.QueryRow(l.t.Context(), `SELECT version FROM proposals WHERE id = $1`, id).Scan(&now); err != nil || now < version {
			l.t.Errorf("proposal %d has version %d, and %d was answered: %v", id, now, version, err)
		}
	}
	for number, id := range numbers {
		var of int64
		err := pool.QueryRow(l.t.Context(), `SELECT coalesce(l.proposal_id, 0) FROM series_numbers x LEFT JOIN letters l ON l.id = x.letter_id
			WHERE x.prefix || '〔' || x.year || '〕' || x.number || '号' = $1 AND (x.fate = 'void') = ($2 = 0)`, number, id).Scan(&of)
		if err != nil || of != id {
			l.t.Errorf("%s was answered for proposal %d and belongs to %d: %v", number, id, of, err)
		}
	}
	received := 0
	for _, e := range l.journal {
		if e.verb == "receive" {
			received++
		}
	}
	var there int
	must(l.t, pool.QueryRow(l.t.Context(), `SELECT count(*) FROM proposals p
		WHERE NOT EXISTS (SELECT FROM hand_over_import_rows r WHERE r.proposal_id = p.id)`).Scan(&there))
	if there < len(versions) || there > received {
		l.t.Errorf("%d proposals are there, %d were acknowledged and %d tried", there, len(versions), received)
	}
}

// checkLists sees that what was confirmed of the lists is on record, each row once.
// Where a server had not come to the day that another took for today, it may have
// refused some.
func (l *town) checkLists(pool *pgxpool.Pool) {
	l.t.Helper()
	var confirmed []int64
	for _, e := range l.journal {
		if e.verb == confirmList && e.acknowledged {
			confirmed = append(confirmed, e.made)
		}
	}
	for _, wrong := range texts(l.t, pool, `SELECT n || ': ' || coalesce(i.state || ', ' || i.received_count || ' received', 'gone') FROM unnest($1::bigint[]) n
		LEFT JOIN hand_over_imports i ON i.id = n WHERE i.id IS NULL OR i.state <> 'done' OR i.received_count <> i.row_count AND NOT $2
		OR i.received_count <> (SELECT count(*) FROM hand_over_import_rows r JOIN proposals p ON p.id = r.proposal_id WHERE r.import_id = n)`,
		confirmed, l.doubtful) {
		l.t.Errorf("a list that was confirmed, %s", wrong)
	}
}

// checkBoard compares what people read as counts with what they read one by one.
func (l *town) checkBoard(pool *pgxpool.Pool) {
	l.t.Helper()
	ctx := l.t.Context()
	answer, err := l.as(l.Supervisor).commitments.GetCommitmentBoard(ctx, &fuyanv1.GetCommitmentBoardRequest{})
	must(l.t, err)
	figures, err := l.as(l.Supervisor).figures.GetFigures(ctx, &fuyanv1.GetFiguresRequest{})
	must(l.t, err)
	counted := map[string]int64{"noted": int64(answer.Board.Counts.Noted)}
	for _, f := range figures.Figures {
		counted[f.Code] = f.Numerator
	}
	for what, sql := range map[string]string{
		"noted":  `SELECT count(*) FROM commitments WHERE state = 'noted'`,
		"public": `SELECT count(*) FROM published_replies`,
		"contacted": `SELECT count(DISTINCT c.proposal_id) FROM contacts c JOIN proposals p ON p.id = c.proposal_id
			WHERE p.state NOT IN ('returned', 'withdrawn')`,
	} {
		var plain int64
		must(l.t, pool.QueryRow(ctx, sql).Scan(&plain))
		if counted[what] != plain {
			l.t.Errorf("people read of %d %s, and there are %d", counted[what], what, plain)
		}
	}
}

// checkMails looks in the folders of the workers for each mail that is said to be
// sent. The same mail in two folders was sent by a worker that was killed before
// it could note so: there are few.
func (l *town) checkMails(pool *pgxpool.Pool, workers []*process) {
	l.t.Helper()
	sent := map[string]int{}
	for _, w := range workers {
		files, err := filepath.Glob(filepath.Join(w.data, "mail", "*.eml"))
		must(l.t, err)
		for _, file := range files {
			sent[filepath.Base(file)]++
		}
	}
	twice := 0
	for _, id := range texts(l.t, pool, `SELECT message_id FROM notice_deliveries WHERE channel = 'mail' AND state = 'sent'`) {
		switch n := sent[id]; {
		case n == 0:
			l.t.Errorf("the mail %s is said to be sent, and came nowhere", id)
		case n > 1:
			twice++
		}
	}
	l.t.Logf("%d mails, %d twice", len(sent), twice)
	if kills := sum(workers); twice > kills*mailsAtOnce {
		l.t.Errorf("%d mails came twice after %d kills", twice, kills)
	}
}

// mailsAtOnce is how many mails a worker has under way at most.
const mailsAtOnce = 4

// sum is how often workers were killed.
func sum(workers []*process) (kills int) {
	for _, w := range workers {
		kills += w.kills
	}
	return kills
}
