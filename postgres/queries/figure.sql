-- What figures ask of proposals as of an instant, in order, some at a time. All of
-- it comes from rows that say when they were written and are never changed; the
-- state of a proposal that matters here has no way out, so that one event of its
-- verb is enough.
-- name: ProposalFacts :many
WITH walked AS MATERIALIZED (
    SELECT p.id, p.organ_id
    FROM proposals p
    WHERE p.id > @after AND p.received_at < @until
      AND p.kind = ANY (@kinds::text[])
      AND (sqlc.narg('organ_id')::bigint IS NULL OR p.organ_id = sqlc.narg('organ_id')
           OR EXISTS (SELECT FROM opinions o
                      WHERE o.proposal_id = p.id AND o.organ_id = sqlc.narg('organ_id') AND o.asked_at < @until))
      AND (sqlc.narg('body')::text IS NULL
           OR p.body = sqlc.narg('body') AND p.term = @term AND p.session = @session)
      AND (sqlc.narg('handed_over_from')::date IS NULL OR p.handed_over >= sqlc.narg('handed_over_from'))
      AND (sqlc.narg('handed_over_to')::date IS NULL OR p.handed_over <= sqlc.narg('handed_over_to'))
    ORDER BY p.id
    LIMIT @max_rows
)
SELECT w.id, coalesce(sqlc.narg('organ_id')::bigint = w.organ_id, true)::boolean AS answers,
       EXISTS (SELECT FROM opinions o
               WHERE o.proposal_id = w.id AND o.asked_at < @until
                 AND (sqlc.narg('organ_id')::bigint IS NULL OR o.organ_id = sqlc.narg('organ_id'))) AS helps,
       coalesce((SELECT a.role FROM assignments a WHERE a.proposal_id = w.id AND a.organ_id = w.organ_id), 'sole')::text AS part,
       coalesce(e.returned, false)::boolean AS returned, coalesce(e.withdrawn, false)::boolean AS withdrawn,
       coalesce(e.closed, false)::boolean AS closed, coalesce(e.redone, false)::boolean AS redone,
       (e.contacts > 0)::boolean AS contacted,
       (e.contacts > 0 -- as many of them as there were by then
        AND EXISTS (SELECT FROM (SELECT c.channel FROM contacts c WHERE c.proposal_id = w.id ORDER BY c.id LIMIT e.contacts) c
                    WHERE c.channel IN ('visit', 'meeting')))::boolean AS met,
       f.issue_date AS answered, e.ended_at, d.due::date AS due,
       coalesce(d.paused, false)::boolean AS paused,
       coalesce(r.result, '')::text AS result, coalesce(r.publicity, '')::text AS publicity,
       coalesce(u.public, false)::boolean AS public
FROM walked w
CROSS JOIN LATERAL (
    SELECT bool_or(e.verb = 'grant_return') AS returned, bool_or(e.verb = 'withdraw') AS withdrawn,
           (array_agg(e.verb ORDER BY e.seq DESC) FILTER (WHERE e.verb IN ('close', 'close_without_letter', 'redo', 'term_ended')))[1]
               IN ('close', 'close_without_letter') AS closed, bool_or(e.verb = 'redo') AS redone,
           count(*) FILTER (WHERE e.verb = 'record_contact') AS contacts,
           min(e.round) FILTER (WHERE e.verb = 'complete') AS first_round,
           max(e.round) FILTER (WHERE e.verb = 'complete') AS last_round,
           coalesce(min(e.at) FILTER (WHERE e.verb = 'close_without_letter'), @until)::timestamptz AS ended_at
    FROM events e
    WHERE e.proposal_id = w.id AND e.at < @until -- the verbs of the index, those counted among them
      AND e.verb IN ('grant_return', 'withdraw', 'close', 'close_without_letter', 'redo', 'record_contact', 'complete',
                     'import', 'record_delivery', 'term_ended')
) e
LEFT JOIN LATERAL (
    SELECT l.issue_date FROM replies x JOIN letters l ON l.reply_id = x.id AND l.edition = 1
    WHERE x.proposal_id = w.id AND x.round = e.first_round
    LIMIT 1
) f ON true
LEFT JOIN LATERAL (
    SELECT x.result, x.publicity FROM replies x WHERE x.proposal_id = w.id AND x.round = e.last_round LIMIT 1
) r ON true
CROSS JOIN LATERAL (
    SELECT bool_or(u.taken_down IS NULL OR u.taken_down > @day::date) AS public
    FROM replies x JOIN publications u ON u.reply_id = x.id
    WHERE x.proposal_id = w.id AND u.published <= @day::date
) u
LEFT JOIN LATERAL (
    SELECT coalesce(g.before, d.due) AS due, g.paused
    FROM deadlines d
    CROSS JOIN LATERAL (
        SELECT (array_agg(g.before ORDER BY g.id) FILTER (WHERE g.at >= @until))[1] AS before,
               (array_agg(g.cause = 'pause' ORDER BY g.id DESC) FILTER (WHERE g.at < @until AND g.cause IN ('pause', 'resume')))[1] AS paused
        FROM deadline_changes g
        WHERE g.deadline_id = d.id
    ) g
    WHERE d.proposal_id = w.id AND d.rule = 'REPLY'
    LIMIT 1 -- there is but one
) d ON true
ORDER BY w.id;

-- What proposers are asked: each who has the letter, about each round. An answer
-- that came before its delivery was recorded shows that it was delivered.
-- name: FormFacts :many
WITH walked AS MATERIALIZED (
    SELECT s.id AS proposer_id, s.name, r.id AS reply_id, r.round, s.proposal_id
    FROM proposers s
    JOIN proposals p ON p.id = s.proposal_id
    JOIN replies r ON r.proposal_id = p.id
    WHERE s.id >= @after::bigint AND (s.id > @after::bigint OR r.round > @after_round::int) AND p.received_at < @until
      AND p.kind = ANY (@kinds::text[])
      AND (sqlc.narg('organ_id')::bigint IS NULL OR p.organ_id = sqlc.narg('organ_id'))
      AND (sqlc.narg('body')::text IS NULL
           OR p.body = sqlc.narg('body') AND p.term = @term AND p.session = @session)
      AND (sqlc.narg('handed_over_from')::date IS NULL OR p.handed_over >= sqlc.narg('handed_over_from'))
      AND (sqlc.narg('handed_over_to')::date IS NULL OR p.handed_over <= sqlc.narg('handed_over_to'))
    ORDER BY s.id, r.round
    LIMIT @max_rows
)
SELECT w.proposer_id, w.round, (coalesce(e.delivered, false) OR b.attitude IS NOT NULL)::boolean AS asked,
       coalesce(e.withdrawn, false)::boolean AS withdrawn,
       coalesce(b.attitude, '')::text AS attitude, coalesce(b.result, '')::text AS result
FROM walked w
CROSS JOIN LATERAL (
    SELECT bool_or(e.verb = 'withdraw') AS withdrawn,
           bool_or(e.round = w.round AND (e.verb = 'import' OR e.verb = 'record_delivery' AND e.note = w.name)) AS delivered
    FROM events e
    WHERE e.proposal_id = w.proposal_id AND e.at < @until
      AND e.verb IN ('grant_return', 'withdraw', 'close', 'close_without_letter', 'redo', 'record_contact', 'complete',
                     'import', 'record_delivery', 'term_ended')
) e
LEFT JOIN LATERAL (
    SELECT b.attitude, b.result FROM feedbacks b
    WHERE b.reply_id = w.reply_id AND b.proposer_id = w.proposer_id AND b.at < @until
    LIMIT 1
) b ON true
ORDER BY w.proposer_id, w.round;

-- What became of promises. A day that moved later is put back.
-- name: CommitmentFacts :many
WITH walked AS MATERIALIZED (
    SELECT c.id, c.first_due, c.due
    FROM commitments c
    JOIN proposals p ON p.id = c.proposal_id
    WHERE c.id > @after AND p.received_at < @until
      AND p.kind = ANY (@kinds::text[])
      AND (sqlc.narg('organ_id')::bigint IS NULL OR p.organ_id = sqlc.narg('organ_id'))
      AND (sqlc.narg('body')::text IS NULL
           OR p.body = sqlc.narg('body') AND p.term = @term AND p.session = @session)
      AND (sqlc.narg('handed_over_from')::date IS NULL OR p.handed_over >= sqlc.narg('handed_over_from'))
      AND (sqlc.narg('handed_over_to')::date IS NULL OR p.handed_over <= sqlc.narg('handed_over_to'))
    ORDER BY c.id
    LIMIT @max_rows
)
SELECT w.id, w.first_due, coalesce(m.before, w.due) AS due, coalesce(s.state, '')::text AS state,
       coalesce(b.state, '')::text AS before, n.day AS done
FROM walked w
LEFT JOIN LATERAL (
    SELECT g.state FROM progress g WHERE g.commitment_id = w.id AND g.at < @until ORDER BY g.at DESC, g.id DESC LIMIT 1
) s ON true
LEFT JOIN LATERAL (
    SELECT g.state FROM progress g
    WHERE @in_period::boolean AND g.commitment_id = w.id AND g.at < @since::timestamptz ORDER BY g.at DESC, g.id DESC LIMIT 1
) b ON true
LEFT JOIN LATERAL (
    SELECT g.day FROM progress g
    WHERE s.state = 'kept' AND g.commitment_id = w.id AND g.at < @until AND g.kind = 'done' ORDER BY g.at DESC, g.id DESC LIMIT 1
) n ON true
LEFT JOIN LATERAL (
    SELECT g.before FROM due_changes g WHERE g.commitment_id = w.id AND g.at >= @until ORDER BY g.id LIMIT 1
) m ON true
ORDER BY w.id;

-- name: ProposalsByID :many
SELECT sqlc.embed(p), o.name AS organ, coalesce(v.name, '')::text AS division,
       coalesce(u.display_name, '')::text AS handler,
       ARRAY(SELECT s.name FROM proposers s WHERE s.proposal_id = p.id ORDER BY s.place)::text[] AS proposers
FROM proposals p
JOIN organs o ON o.id = p.organ_id
LEFT JOIN divisions v ON v.id = p.division_id
LEFT JOIN users u ON u.id = p.handler_id
WHERE p.id = ANY (@ids::bigint[])
ORDER BY p.id;

-- name: CommitmentsByID :many
SELECT sqlc.embed(c), l.document_number, coalesce(o.display_name, '')::text AS owner,
       coalesce(j.display_name, '')::text AS judge, n.name AS organ, coalesce(t.display_name, '')::text AS taker,
       p.body, p.term, p.session, p.number, p.title
FROM commitments c
JOIN proposals p ON p.id = c.proposal_id
JOIN letters l ON l.id = c.letter_id
JOIN organs n ON n.id = c.organ_id
LEFT JOIN users o ON o.id = c.owner_id
LEFT JOIN users j ON j.id = c.judged_by
LEFT JOIN users t ON t.id = c.offered_to
WHERE c.id = ANY (@ids::bigint[])
ORDER BY c.id;

-- name: ProposersByID :many
SELECT id, proposal_id, name FROM proposers WHERE id = ANY (@ids::bigint[]) ORDER BY id;
