-- name: Ladders :many
SELECT * FROM ladders WHERE organ_id IS NULL OR organ_id = ANY (@organ_ids::bigint[]) ORDER BY organ_id NULLS FIRST, id;

-- name: Rungs :many
SELECT * FROM rungs WHERE ladder_id = ANY (@ladder_ids::bigint[]) ORDER BY ladder_id, days;

-- name: LockLadder :one
SELECT * FROM ladders WHERE code = @code AND organ_id IS NOT DISTINCT FROM sqlc.narg('organ_id') FOR UPDATE;

-- name: CreateLadder :one
INSERT INTO ladders (code, organ_id, every, version) VALUES (@code, sqlc.narg('organ_id'), @every, 0)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: UpdateLadder :exec
UPDATE ladders SET every = @every, version = version + 1 WHERE id = @id;

-- name: DeleteRungs :exec
DELETE FROM rungs WHERE ladder_id = @ladder_id;

-- name: CreateRung :exec
INSERT INTO rungs (ladder_id, days, tells) VALUES (@ladder_id, @days, @tells);

-- The sweep looks again at what climbs a ladder that changed: the organ's own
-- deadlines, or those of all organs without a ladder of their own.
-- They are locked in the order of their ids, as whoever else changes many does.
-- name: RearmLadder :exec
WITH climbing AS (
    SELECT w.deadline_id
    FROM deadline_watch w
    JOIN deadlines d ON d.id = w.deadline_id
    WHERE d.rule = ANY (@rules::text[]) AND d.met IS NULL AND d.ended IS NULL AND d.paused IS NULL
      AND (d.organ_id = sqlc.narg('organ_id')
           OR sqlc.narg('organ_id')::bigint IS NULL
              AND NOT EXISTS (
                  SELECT FROM ladders l JOIN rungs r ON r.ladder_id = l.id
                  WHERE l.code = @code AND l.organ_id = d.organ_id))
    ORDER BY w.deadline_id
    FOR UPDATE OF w
)
UPDATE deadline_watch w SET next_notice = @now::timestamptz FROM climbing c WHERE w.deadline_id = c.deadline_id;

-- What will be told until a day, of the proposals that the reader may see.
-- name: UpcomingDeadlines :many
SELECT d.id, d.rule, d.due, d.armed_at, d.organ_id, d.proposal_id, p.kind, p.number, p.title,
       coalesce(c.owner_id, p.handler_id, 0)::bigint AS handler_id,
       coalesce(w.division_id, p.division_id, 0)::bigint AS division_id,
       coalesce(c.text, '')::text AS promise, n.next_notice::timestamptz AS next_notice
FROM deadline_watch n
JOIN deadlines d ON d.id = n.deadline_id
JOIN proposals p ON p.id = d.proposal_id
LEFT JOIN commitments c ON c.id = d.commitment_id
LEFT JOIN users w ON w.id = c.owner_id
WHERE n.next_notice <= @until::timestamptz AND (n.next_notice, n.deadline_id) > (@after::timestamptz, @after_id::bigint)
  AND (@everything::boolean
       OR p.kind = ANY (@kinds_overseen::text[])
       OR p.organ_id = @organ_id
       OR EXISTS (SELECT FROM assignments a WHERE a.proposal_id = p.id AND a.organ_id = @organ_id))
ORDER BY n.next_notice, n.deadline_id
LIMIT @max_rows;
