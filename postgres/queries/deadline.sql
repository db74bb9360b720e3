-- The rule that holds for a trigger day: the newest one valid on it.
-- name: Rule :one
SELECT * FROM deadline_rules
WHERE code = @code AND kind = @kind AND valid_from <= @day
ORDER BY valid_from DESC
LIMIT 1;

-- name: CalendarDays :many
SELECT day, off FROM calendar_days ORDER BY day;

-- name: CreateDeadline :exec
INSERT INTO deadlines (proposal_id, rule, name, basis, round, organ_id, trigger_day, first_due, due, provisional,
                       armed_at, next_notice)
VALUES (@proposal_id, @rule, @name, @basis, @round, @organ_id, @trigger_day, @due, @due, @provisional, @now, @now);

-- name: MeetDeadline :exec
UPDATE deadlines SET met = @met::date, next_notice = NULL
WHERE proposal_id = @proposal_id AND rule = @rule AND organ_id = @organ_id AND met IS NULL;

-- name: MoveDeadline :exec
UPDATE deadlines SET due = @due, armed_at = @now, next_notice = @now
WHERE proposal_id = @proposal_id AND rule = @rule AND organ_id = @organ_id AND met IS NULL;

-- name: OpenDeadline :one
SELECT * FROM deadlines WHERE proposal_id = @proposal_id AND rule = @rule AND organ_id = @organ_id AND met IS NULL;

-- name: Deadlines :many
SELECT * FROM deadlines WHERE proposal_id = @proposal_id ORDER BY id;
