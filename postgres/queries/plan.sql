-- name: SavePromisePlan :exec
INSERT INTO promise_plans (reply_id, text, owner_id, due, deliverable, criterion, reason, planned_by, planned_at)
VALUES (@reply_id, @text, sqlc.narg('owner_id'), sqlc.narg('due'), @deliverable, @criterion, @reason, @planned_by, @planned_at)
ON CONFLICT (reply_id, md5(text)) DO UPDATE
SET owner_id = excluded.owner_id, due = excluded.due, deliverable = excluded.deliverable, criterion = excluded.criterion,
    reason = excluded.reason, planned_by = excluded.planned_by, planned_at = excluded.planned_at;

-- name: PromisePlans :many
SELECT sqlc.embed(n), coalesce(o.display_name, '')::text AS owner, p.display_name AS planner, o.division_id
FROM promise_plans n
JOIN users p ON p.id = n.planned_by
LEFT JOIN users o ON o.id = n.owner_id
WHERE n.reply_id = @reply_id
ORDER BY n.id;
