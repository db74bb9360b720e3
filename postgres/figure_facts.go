package postgres

import "github.com/jackc/pgx/v5"

// A walk is what facts are asked about: all that a scope counts, or, for a list,
// so many behind a key.
//
// The facts of a unit are one query, for counts and lists alike. It is written by
// hand: what is wanted decides how Postgres reads it. Asked about all, it reads
// each table once, from end to end; asked about few, it finds them first, and the
// rest by them alone, see [walk.near]. Everything comes from rows that say when
// they were written and are never changed, or is put back to what it was.
type walk struct {
	scope
	after FigureKey
	size  int // 0 for all
}

func (w walk) few() bool {
	return w.size > 0 || w.OrganID != 0 || w.Sitting != nil || !w.From.IsZero() || !w.To.IsZero()
}

// near is a condition of one part of the facts, where they are about few.
func (w walk) near(condition string) string {
	if !w.few() {
		return ""
	}
	return " AND " + condition
}

// walked are the rows walked, whose condition on their proposal it adds, and in a
// list as many of them as are wanted.
func (w walk) walked(rows, order string) string {
	rows += " AND p.received_at < @until AND p.kind = ANY (@kinds::text[])"
	if w.Sitting != nil {
		rows += " AND p.body = @body AND p.term = @term AND p.session = @session"
	}
	if !w.From.IsZero() {
		rows += " AND p.handed_over >= @from"
	}
	if !w.To.IsZero() {
		rows += " AND p.handed_over <= @to"
	}
	if w.size > 0 {
		rows += " ORDER BY " + order + " LIMIT @max_rows"
	}
	return "WITH walked AS (" + rows + ")"
}

// ofOrgan is the condition that the organ asked for answers the proposal.
func (w walk) ofOrgan() string {
	if w.OrganID == 0 {
		return ""
	}
	return " AND p.organ_id = @organ_id"
}

func (w walk) args() pgx.NamedArgs {
	args := pgx.NamedArgs{
		"until": w.until, "since": w.since, "day": w.Day, "kinds": w.kinds, "organ_id": orNull(w.OrganID),
		"from": w.From, "to": w.To, "after": w.after.ID, "after_round": w.after.Round, "max_rows": w.size,
	}
	if w.Sitting != nil {
		args["body"], args["term"], args["session"] = w.Sitting.Body, w.Sitting.Term, w.Sitting.Session
	}
	return args
}

// proposalColumns are the facts of a proposal beside its id.
const proposalColumns = `answers, helps, part, returned, withdrawn, closed, answered, ended_at, due, paused,
       result, publicity, public, met, contacted, redone`

// proposalFacts are what figures ask of proposals. Contacts do not say when they
// were recorded, but their events do: as many as there were by then. What is
// closed may be opened again, by a redo or the end of a term.
func proposalFacts(w walk) string {
	rows := `
    SELECT p.id, p.organ_id FROM proposals p WHERE p.id > @after::bigint`
	if w.OrganID != 0 {
		rows += ` AND p.id IN (
        SELECT x.id FROM proposals x WHERE x.organ_id = @organ_id
        UNION ALL SELECT o.proposal_id FROM opinions o WHERE o.organ_id = @organ_id AND o.asked_at < @until)`
	}
	return w.walked(rows, "p.id") + `, said AS (
    SELECT e.proposal_id, bool_or(e.verb = 'grant_return') AS returned, bool_or(e.verb = 'withdraw') AS withdrawn,
           max(e.seq) FILTER (WHERE e.verb IN ('close', 'close_without_letter')) AS closed,
           max(e.seq) FILTER (WHERE e.verb IN ('redo', 'term_ended')) AS opened, bool_or(e.verb = 'redo') AS redone,
           count(*) FILTER (WHERE e.verb = 'record_contact') AS contacts,
           min(e.round) FILTER (WHERE e.verb = 'complete') AS first_round,
           max(e.round) FILTER (WHERE e.verb = 'complete') AS last_round,
           min(e.at) FILTER (WHERE e.verb = 'close_without_letter') AS ended_at
    FROM events e
    WHERE e.at < @until AND e.verb IN ('grant_return', 'withdraw', 'close', 'close_without_letter', 'redo', 'record_contact',
                                       'complete', 'term_ended')` + w.near("e.proposal_id IN (SELECT id FROM walked)") + `
    GROUP BY e.proposal_id
), talked AS (
    SELECT c.proposal_id, min(c.n) FILTER (WHERE c.channel IN ('visit', 'meeting')) AS first_met
    FROM (SELECT c.proposal_id, c.channel, row_number() OVER (PARTITION BY c.proposal_id ORDER BY c.id) AS n
          FROM contacts c
          WHERE true` + w.near("c.proposal_id IN (SELECT id FROM walked)") + `) c
    GROUP BY c.proposal_id
), rounds AS NOT MATERIALIZED (
    SELECT x.proposal_id, x.round, x.id, x.result, x.publicity
    FROM replies x
    WHERE true` + w.near("x.proposal_id IN (SELECT id FROM walked)") + `
), shown AS (
    SELECT DISTINCT x.proposal_id
    FROM rounds x JOIN publications u ON u.reply_id = x.id
    WHERE u.published <= @day::date AND (u.taken_down IS NULL OR u.taken_down > @day::date)
)` + replyDays(w) + `
SELECT w.id, coalesce(@organ_id::bigint = w.organ_id, true) AS answers,
       EXISTS (SELECT FROM opinions o
               WHERE o.proposal_id = w.id AND o.asked_at < @until
                 AND (@organ_id::bigint IS NULL OR o.organ_id = @organ_id)) AS helps,
       coalesce(a.role, 'sole') AS part,
       coalesce(e.returned, false) AS returned, coalesce(e.withdrawn, false) AS withdrawn,
       coalesce(e.closed > coalesce(e.opened, 0), false) AS closed,
       l.issue_date AS answered, e.ended_at, d.due, coalesce(d.paused, false) AS paused,
       coalesce(r.result, '') AS result, coalesce(r.publicity, '') AS publicity, u.proposal_id IS NOT NULL AS public,
       coalesce(t.first_met <= e.contacts, false) AS met, coalesce(e.contacts > 0, false) AS contacted,
       coalesce(e.redone, false) AS redone
FROM walked w
LEFT JOIN assignments a ON a.proposal_id = w.id AND a.organ_id = w.organ_id
LEFT JOIN said e ON e.proposal_id = w.id
LEFT JOIN talked t ON t.proposal_id = w.id
LEFT JOIN rounds f ON f.proposal_id = w.id AND f.round = e.first_round
LEFT JOIN letters l ON l.reply_id = f.id AND l.edition = 1
LEFT JOIN rounds r ON r.proposal_id = w.id AND r.round = e.last_round
LEFT JOIN shown u ON u.proposal_id = w.id
LEFT JOIN days d ON d.proposal_id = w.id`
}

// replyDays is the part of the facts of proposals that puts the days of their
// first replies back.
func replyDays(w walk) string {
	ofWalked := w.near("g.deadline_id IN (SELECT d.id FROM deadlines d WHERE d.rule = 'REPLY' AND d.proposal_id IN (SELECT id FROM walked))")
	return `, moved AS MATERIALIZED (
    SELECT DISTINCT ON (g.deadline_id) g.deadline_id, g.before
    FROM deadline_changes g
    WHERE g.at >= @until` + ofWalked + `
    ORDER BY g.deadline_id, g.id
), rested AS MATERIALIZED (
    SELECT DISTINCT ON (g.deadline_id) g.deadline_id, g.cause
    FROM deadline_changes g
    WHERE g.at < @until AND g.cause IN ('pause', 'resume')` + ofWalked + `
    ORDER BY g.deadline_id, g.id DESC
), days AS (
    SELECT DISTINCT ON (d.proposal_id) d.proposal_id, coalesce(m.before, d.due) AS due, g.cause = 'pause' AS paused
    FROM deadlines d
    LEFT JOIN moved m ON m.deadline_id = d.id
    LEFT JOIN rested g ON g.deadline_id = d.id
    WHERE d.rule = 'REPLY'` + w.near("d.proposal_id IN (SELECT id FROM walked)") + `
    ORDER BY d.proposal_id
)`
}

// formColumns are the facts of a form beside its proposer.
const formColumns = `round, asked, withdrawn, attitude, result`

// formFacts are what proposers are asked: each who has the letter, about each
// round. An answer that came before its delivery was recorded shows that it was
// delivered. What a proposer says with their own account stands before what was
// collected.
func formFacts(w walk) string {
	rows := `
    SELECT s.id, s.name, r.id AS reply_id, r.round, s.proposal_id
    FROM proposers s
    JOIN proposals p ON p.id = s.proposal_id
    JOIN replies r ON r.proposal_id = p.id
    WHERE s.id >= @after::bigint AND (s.id > @after::bigint OR r.round > @after_round::int)` + w.ofOrgan()
	return w.walked(rows, "s.id, r.round") + `, said AS (
    SELECT e.proposal_id, bool_or(e.verb = 'withdraw') AS withdrawn, max(e.round) FILTER (WHERE e.verb = 'import') AS imported
    FROM events e
    WHERE e.at < @until AND e.verb IN ('withdraw', 'import')` + w.near("e.proposal_id IN (SELECT proposal_id FROM walked)") + `
    GROUP BY e.proposal_id
)
SELECT w.id, w.round,
       coalesce(o.attitude, b.attitude) IS NOT NULL OR coalesce(e.imported = w.round, false)
           OR EXISTS (SELECT FROM events v
                      WHERE v.proposal_id = w.proposal_id AND v.round = w.round AND v.note = w.name
                        AND v.verb = 'record_delivery' AND v.at < @until) AS asked,
       coalesce(e.withdrawn, false) AS withdrawn, coalesce(o.attitude, b.attitude, '') AS attitude, coalesce(o.result, b.result, '') AS result
FROM walked w
LEFT JOIN said e ON e.proposal_id = w.proposal_id
LEFT JOIN feedbacks o ON o.reply_id = w.reply_id AND o.proposer_id = w.id AND o.channel = 'own' AND o.at < @until
LEFT JOIN feedbacks b ON b.reply_id = w.reply_id AND b.proposer_id = w.id AND b.channel <> 'own' AND b.at < @until`
}

// commitmentColumns are the facts of a commitment beside its id.
const commitmentColumns = `state, before, first_due, due, done`

// commitmentFacts are what became of promises. A day that moved later is put
// back. The lines of each come in their order, so that the last of the first so
// many is the last before the period; an ORDER BY in the aggregates would sort
// them again.
func commitmentFacts(w walk) string {
	rows := `
    SELECT c.id, c.first_due, c.due
    FROM commitments c
    JOIN proposals p ON p.id = c.proposal_id
    WHERE c.id > @after::bigint` + w.ofOrgan()
	return w.walked(rows, "c.id") + `, followed AS (
    SELECT g.commitment_id, array_agg(g.state) AS states, count(*) FILTER (WHERE g.at < @since) AS before,
           array_agg(g.day) FILTER (WHERE g.kind = 'done') AS done
    FROM (SELECT g.commitment_id, g.at, g.state, g.kind, g.day
          FROM progress g
          WHERE g.at < @until` + w.near("g.commitment_id IN (SELECT id FROM walked)") + `
          ORDER BY g.commitment_id, g.at, g.id) g
    GROUP BY g.commitment_id
), moved AS MATERIALIZED (
    SELECT DISTINCT ON (g.commitment_id) g.commitment_id, g.before
    FROM due_changes g
    WHERE g.at >= @until` + w.near("g.commitment_id IN (SELECT id FROM walked)") + `
    ORDER BY g.commitment_id, g.id
)
SELECT w.id, coalesce(f.states[cardinality(f.states)], '') AS state, coalesce(f.states[f.before], '') AS before,
       w.first_due, coalesce(m.before, w.due) AS due,
       CASE WHEN f.states[cardinality(f.states)] = 'kept' THEN f.done[cardinality(f.done)] END AS done
FROM walked w
LEFT JOIN followed f ON f.commitment_id = w.id
LEFT JOIN moved m ON m.commitment_id = w.id`
}

// inGroups is the query that counts facts, in groups of the same: they differ in
// far less than what they are about.
func inGroups(facts, columns string) string {
	return "SELECT 0::bigint AS id, " + columns + ", count(*) AS times FROM (" + facts + ") f GROUP BY " + columns
}

// inOrder is the query that lists facts; the second column of forms is their round.
func inOrder(facts, columns string) string {
	return "SELECT id, " + columns + ", 1::bigint AS times FROM (" + facts + ") f ORDER BY 1, 2"
}
