-- name: OverdueByOrgan :many
-- What is late by organ and age, of the organs that have the most: each sort from an
-- index alone and grouped by itself, for to group all of them by sort and organ takes
-- longer. What all organs have together stands in the lines of the organ 0.
WITH late AS (
    SELECT 'reply' AS what, p.organ_id, count(*) AS n,
           count(*) FILTER (WHERE p.reply_due >= @since_30::date) AS to_30,
           count(*) FILTER (WHERE p.reply_due >= @since_90::date AND p.reply_due < @since_30) AS to_90,
           count(*) FILTER (WHERE p.reply_due >= @since_180::date AND p.reply_due < @since_90) AS to_180
    FROM proposals p
    WHERE p.state IN ('received', 'return_requested', 'accepted', 'drafting', 'reviewing', 'signed') AND NOT p.reply_paused
      AND p.reply_due < @today::date AND p.kind = ANY (@kinds::text[])
      AND (sqlc.narg('organ_id')::bigint IS NULL OR p.organ_id = sqlc.narg('organ_id'))
    GROUP BY p.organ_id
    UNION ALL
    SELECT 'promise', c.organ_id, count(*),
           count(*) FILTER (WHERE c.due >= @since_30),
           count(*) FILTER (WHERE c.due >= @since_90 AND c.due < @since_30),
           count(*) FILTER (WHERE c.due >= @since_180 AND c.due < @since_90)
    FROM commitments c
    WHERE c.state = 'open' AND c.due < @today AND c.kind = ANY (@kinds)
      AND (sqlc.narg('organ_id')::bigint IS NULL OR c.organ_id = sqlc.narg('organ_id'))
    GROUP BY c.organ_id
    UNION ALL
    SELECT 'publication', d.organ_id, count(*),
           count(*) FILTER (WHERE d.due >= @since_30),
           count(*) FILTER (WHERE d.due >= @since_90 AND d.due < @since_30),
           count(*) FILTER (WHERE d.due >= @since_180 AND d.due < @since_90)
    FROM deadlines d
    WHERE d.rule = 'PUBLISH' AND d.met IS NULL AND d.ended IS NULL AND d.paused IS NULL
      AND d.due < @today AND d.kind = ANY (@kinds)
      AND (sqlc.narg('organ_id')::bigint IS NULL OR d.organ_id = sqlc.narg('organ_id'))
    GROUP BY d.organ_id
), most AS (
    SELECT l.organ_id FROM late l GROUP BY l.organ_id ORDER BY sum(l.n) DESC, l.organ_id LIMIT @max_organs
), lines AS (
    SELECT 0 AS organ_id, l.what, sum(l.n) AS n, sum(l.to_30) AS to_30, sum(l.to_90) AS to_90, sum(l.to_180) AS to_180
    FROM late l GROUP BY l.what
    UNION ALL
    SELECT l.organ_id, l.what, l.n, l.to_30, l.to_90, l.to_180
    FROM most m JOIN late l ON l.organ_id = m.organ_id
)
SELECT l.organ_id::bigint AS organ_id, coalesce(o.name, '')::text AS organ,
       l.what::text AS what, l.to_30::int AS to_30, l.to_90::int AS to_90, l.to_180::int AS to_180,
       (l.n - l.to_30 - l.to_90 - l.to_180)::int AS over_180
FROM lines l
LEFT JOIN organs o ON o.id = l.organ_id
ORDER BY l.organ_id, l.what;

-- name: OverdueReplies :many
SELECT p.id, p.id AS proposal_id, p.reply_due AS due
FROM proposals p
WHERE p.state IN ('received', 'return_requested', 'accepted', 'drafting', 'reviewing', 'signed') AND NOT p.reply_paused
  AND p.reply_due <= @last::date AND (sqlc.narg('first')::date IS NULL OR p.reply_due >= sqlc.narg('first'))
  AND (p.reply_due, p.id) > (coalesce(sqlc.narg('after_day')::date, '-infinity'), @after_id::bigint)
  AND p.kind = ANY (@kinds::text[])
  AND (sqlc.narg('organ_id')::bigint IS NULL OR p.organ_id = sqlc.narg('organ_id'))
ORDER BY p.reply_due, p.id
LIMIT @max_rows;

-- name: OverduePublications :many
SELECT d.id, d.proposal_id, d.due
FROM deadlines d
WHERE d.rule = 'PUBLISH' AND d.met IS NULL AND d.ended IS NULL AND d.paused IS NULL
  AND d.due <= @last::date AND (sqlc.narg('first')::date IS NULL OR d.due >= sqlc.narg('first'))
  AND (d.due, d.id) > (coalesce(sqlc.narg('after_day')::date, '-infinity'), @after_id::bigint)
  AND d.kind = ANY (@kinds::text[])
  AND (sqlc.narg('organ_id')::bigint IS NULL OR d.organ_id = sqlc.narg('organ_id'))
ORDER BY d.due, d.id
LIMIT @max_rows;

-- How many lines the four lists that follow have, each counted to so many.
-- name: WaitingCounts :one
SELECT (SELECT count(*) FROM (
            SELECT FROM extensions e
            JOIN proposals p ON p.id = e.proposal_id
            WHERE e.granted IS NULL AND p.state IN ('received', 'accepted', 'drafting', 'reviewing', 'signed')
              AND p.kind = ANY (@kinds::text[])
              AND (sqlc.narg('organ_id')::bigint IS NULL OR p.organ_id = sqlc.narg('organ_id'))
            LIMIT @most::int) x)::int AS extensions,
       (SELECT count(*) FROM (
            SELECT FROM returns r
            JOIN proposals p ON p.id = r.proposal_id
            WHERE r.granted IS NULL AND p.state = 'return_requested' AND p.kind = ANY (@kinds)
              AND (sqlc.narg('organ_id')::bigint IS NULL OR p.organ_id = sqlc.narg('organ_id'))
            LIMIT @most) x)::int AS returns,
       (SELECT count(*) FROM (
            SELECT FROM replies r
            JOIN proposals p ON p.id = r.proposal_id AND p.round = r.round
            WHERE r.redo_waits AND p.state IN ('answered', 'closed') AND p.kind = ANY (@kinds)
              AND (sqlc.narg('organ_id')::bigint IS NULL OR p.organ_id = sqlc.narg('organ_id'))
            LIMIT @most) x)::int AS redos,
       (SELECT count(*) FROM (
            SELECT FROM copies c
            JOIN replies r ON r.id = c.reply_id
            JOIN proposals p ON p.id = r.proposal_id
            WHERE c.organ_id = @office_id AND c.sent_at IS NOT NULL AND c.acknowledged_at IS NULL
              AND p.state IN ('issued', 'answered', 'closed') AND p.kind = ANY (@kinds)
              AND (sqlc.narg('organ_id')::bigint IS NULL OR p.organ_id = sqlc.narg('organ_id'))
            LIMIT @most) x)::int AS copies;

-- name: UndecidedExtensions :many
SELECT e.id, e.proposal_id, e.asked_at AS at, e.reason, e.until
FROM extensions e
JOIN proposals p ON p.id = e.proposal_id
WHERE e.granted IS NULL AND e.id > @after_id::bigint
  AND p.state IN ('received', 'accepted', 'drafting', 'reviewing', 'signed')
  AND p.kind = ANY (@kinds::text[])
  AND (sqlc.narg('organ_id')::bigint IS NULL OR p.organ_id = sqlc.narg('organ_id'))
ORDER BY e.id
LIMIT @max_rows;

-- name: UndecidedReturns :many
SELECT r.id, r.proposal_id, r.asked_at AS at, r.reason
FROM returns r
JOIN proposals p ON p.id = r.proposal_id
WHERE r.granted IS NULL AND r.id > @after_id::bigint AND p.state = 'return_requested'
  AND p.kind = ANY (@kinds::text[])
  AND (sqlc.narg('organ_id')::bigint IS NULL OR p.organ_id = sqlc.narg('organ_id'))
ORDER BY r.id
LIMIT @max_rows;

-- Present rounds with which somebody is not satisfied, said after whatever was
-- decided of the round. Which they are, the replies say themselves.
-- name: UndecidedRedos :many
SELECT r.id, r.proposal_id,
       (SELECT min(f.at) FROM standing_feedbacks f
        WHERE f.reply_id = r.id AND 'dissatisfied' IN (f.attitude, f.result)
          AND NOT EXISTS (SELECT FROM redo_decisions n WHERE n.reply_id = f.reply_id AND n.at >= f.at))::timestamptz AS at
FROM replies r
JOIN proposals p ON p.id = r.proposal_id AND p.round = r.round
WHERE r.redo_waits AND r.id > @after_id::bigint
  AND p.state IN ('answered', 'closed')
  AND p.kind = ANY (@kinds::text[])
  AND (sqlc.narg('organ_id')::bigint IS NULL OR p.organ_id = sqlc.narg('organ_id'))
ORDER BY r.id
LIMIT @max_rows;

-- Letters that were copied to an office and that it has not acknowledged.
-- name: UnacknowledgedCopies :many
SELECT r.id, r.proposal_id, c.sent_at::timestamptz AS at
FROM copies c
JOIN replies r ON r.id = c.reply_id
JOIN proposals p ON p.id = r.proposal_id
WHERE c.organ_id = @office_id AND c.sent_at IS NOT NULL AND c.acknowledged_at IS NULL AND c.reply_id > @after_id::bigint
  AND p.state IN ('issued', 'answered', 'closed')
  AND p.kind = ANY (@kinds::text[])
  AND (sqlc.narg('organ_id')::bigint IS NULL OR p.organ_id = sqlc.narg('organ_id'))
ORDER BY c.reply_id
LIMIT @max_rows;

-- Names are looked up and not joined: no plan then reads all there are.
-- name: ProposalsOf :many
SELECT sqlc.embed(p), (SELECT o.name FROM organs o WHERE o.id = p.organ_id)::text AS organ,
       coalesce((SELECT v.name FROM divisions v WHERE v.id = p.division_id), '')::text AS division,
       coalesce((SELECT u.display_name FROM users u WHERE u.id = p.handler_id), '')::text AS handler,
       ARRAY(SELECT s.name FROM proposers s WHERE s.proposal_id = p.id ORDER BY s.place)::text[] AS proposers
FROM proposals p
WHERE p.id = ANY (@ids::bigint[])
ORDER BY p.id;
