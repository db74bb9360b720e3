-- name: CreateDeadline :exec
INSERT INTO deadlines (proposal_id, rule, rule_from, name, basis, unit, amount, round, organ_id, commitment_id,
                       trigger_day, first_due, due, provisional, armed_at, next_notice)
VALUES (@proposal_id, @rule, @rule_from, @name, @basis, @unit, @amount, @round, @organ_id, sqlc.narg('commitment_id'),
        @trigger_day, @due, @due, @provisional, @now::timestamptz, @now::timestamptz);

-- Nothing is met before it began: a day on paper may lie before that of the entry.
-- name: MeetDeadline :exec
UPDATE deadlines SET met = greatest(@met::date, trigger_day), next_notice = NULL
WHERE proposal_id = @proposal_id AND rule = @rule AND organ_id = @organ_id AND met IS NULL AND ended IS NULL;

-- name: MeetCommitment :exec
UPDATE deadlines SET met = greatest(@met::date, trigger_day), next_notice = NULL
WHERE commitment_id = @commitment_id AND rule = 'COMMITMENT' AND met IS NULL AND ended IS NULL;

-- name: LatestOfCommitment :one
SELECT * FROM deadlines WHERE commitment_id = @commitment_id AND rule = 'COMMITMENT' ORDER BY id DESC LIMIT 1;

-- A promise that was not kept after all is open again, by the day that it had.
-- name: ReopenDeadline :exec
UPDATE deadlines SET met = NULL, armed_at = @now::timestamptz, next_notice = @now::timestamptz WHERE id = @id;

-- What nobody asks for any more ends, but for the promises: those that a letter
-- made stand whatever becomes of the proposal.
-- name: EndDeadlines :exec
UPDATE deadlines SET ended = @ended::date, next_notice = NULL
WHERE proposal_id = @proposal_id AND rule = ANY (@rules::text[]) AND met IS NULL AND ended IS NULL;

-- name: EndCommitment :exec
UPDATE deadlines SET ended = @ended::date, next_notice = NULL
WHERE commitment_id = @commitment_id AND rule = 'COMMITMENT' AND met IS NULL AND ended IS NULL;

-- A deadline that rests stays at rest.
-- name: MoveDeadline :exec
UPDATE deadlines
SET due = @due, armed_at = @now::timestamptz, next_notice = CASE WHEN paused IS NULL THEN @now::timestamptz END
WHERE id = @id;

-- name: PauseDeadline :exec
UPDATE deadlines SET paused = @paused::date, next_notice = NULL WHERE id = @id;

-- name: ResumeDeadline :exec
UPDATE deadlines SET due = @due, provisional = @provisional, paused = NULL,
    armed_at = @now::timestamptz, next_notice = @now::timestamptz
WHERE id = @id;

-- What rests by these rules: of one organ, or of any.
-- name: RestingDeadlines :many
SELECT * FROM deadlines
WHERE proposal_id = @proposal_id AND rule = ANY (@rules::text[]) AND paused IS NOT NULL
  AND (sqlc.narg('organ_id')::bigint IS NULL OR organ_id = sqlc.narg('organ_id'))
ORDER BY id;

-- name: OpenDeadline :one
SELECT * FROM deadlines
WHERE proposal_id = @proposal_id AND rule = @rule AND organ_id = @organ_id AND met IS NULL AND ended IS NULL
ORDER BY id DESC
LIMIT 1;

-- name: OpenCommitment :one
SELECT * FROM deadlines
WHERE commitment_id = @commitment_id AND rule = 'COMMITMENT' AND met IS NULL AND ended IS NULL;

-- An urge's deadline is known by its number.
-- name: MeetUrge :exec
UPDATE deadlines SET met = greatest(@met::date, trigger_day), next_notice = NULL
WHERE commitment_id = @commitment_id AND rule = 'URGE_ANSWER' AND basis = @document_number AND met IS NULL AND ended IS NULL;

-- name: Deadline :one
SELECT sqlc.embed(d), o.name AS organ FROM deadlines d JOIN organs o ON o.id = d.organ_id WHERE d.id = @id;

-- name: Deadlines :many
SELECT sqlc.embed(d), o.name AS organ
FROM deadlines d JOIN organs o ON o.id = d.organ_id
WHERE d.proposal_id = @proposal_id AND coalesce(d.commitment_id, 0) = @commitment_id::bigint
ORDER BY d.id;

-- name: CreateDeadlineChange :exec
INSERT INTO deadline_changes (deadline_id, cause, before, after, provisional, met, since, until, removed, reason,
                              author_id, author, at)
VALUES (@deadline_id, @cause, @before, @after, @provisional, @met, @since, @until, sqlc.narg('removed'), @reason,
        sqlc.narg('author_id'), @author, @at);

-- name: DeadlineChanges :many
SELECT * FROM deadline_changes WHERE deadline_id = ANY (@ids::bigint[]) ORDER BY id;

-- Whoever starts a deadline, or asks the calendar or the rules what one would be,
-- holds the calendar; who changes either waits until they are done and keeps the
-- next ones waiting. A statement of its own: what it waits for is seen only by
-- the statements after it.
-- name: HoldCalendar :exec
SELECT pg_advisory_xact_lock_shared(@key::bigint);

-- name: LockCalendar :exec
SELECT pg_advisory_xact_lock(@key::bigint);

-- Working-day deadlines whose span touches a day that changed, or that counted a
-- year as provisional that is whole now. What was extended or agreed stays.
-- name: DeadlinesByCalendar :many
SELECT sqlc.embed(d), p.number, p.title
FROM deadlines d JOIN proposals p ON p.id = d.proposal_id
WHERE d.unit = 'working_day' AND d.met IS NULL AND d.ended IS NULL
  AND d.due >= @first::date AND d.trigger_day < @last::date
  AND (EXISTS (SELECT FROM unnest(@changed::date[]) AS c(day) WHERE c.day > d.trigger_day AND c.day <= d.due)
       OR d.provisional AND EXISTS (SELECT FROM unnest(@years::int[]) AS y(year)
                                    WHERE y.year BETWEEN extract(year FROM d.trigger_day) AND extract(year FROM d.due)))
  AND NOT EXISTS (SELECT FROM deadline_changes g WHERE g.deadline_id = d.id AND g.cause IN ('extension', 'due_change'))
ORDER BY d.proposal_id, d.id;

-- Deadlines of a rule that began in its time. What was extended, agreed or paused
-- stays.
-- name: DeadlinesByRule :many
SELECT sqlc.embed(d), p.number, p.title
FROM deadlines d JOIN proposals p ON p.id = d.proposal_id
WHERE d.rule = @rule AND p.kind = @kind AND d.trigger_day >= @first::date AND d.trigger_day < @until::date
  AND d.met IS NULL AND d.ended IS NULL
  AND NOT EXISTS (SELECT FROM deadline_changes g
                  WHERE g.deadline_id = d.id AND g.cause IN ('extension', 'due_change', 'pause', 'resume'))
ORDER BY d.proposal_id, d.id;

-- name: MoveDeadlines :exec
UPDATE deadlines d
SET due = m.due, provisional = m.provisional, armed_at = @now::timestamptz,
    next_notice = CASE WHEN d.paused IS NULL THEN @now::timestamptz END
FROM (SELECT unnest(@ids::bigint[]) AS id, unnest(@dues::date[]) AS due, unnest(@provisionals::boolean[]) AS provisional) m
WHERE d.id = m.id;

-- Those that stay where they are may be provisional no more.
-- name: SettleDeadlines :exec
UPDATE deadlines d SET provisional = m.provisional
FROM (SELECT unnest(@ids::bigint[]) AS id, unnest(@provisionals::boolean[]) AS provisional) m
WHERE d.id = m.id;

-- name: PutUnderRule :exec
UPDATE deadlines SET rule_from = @rule_from, name = @name, basis = @basis, unit = @unit, amount = @amount
WHERE id = ANY (@ids::bigint[]);

-- name: CreateDeadlineChanges :exec
INSERT INTO deadline_changes (deadline_id, cause, cause_id, before, after, provisional, rule_from, reason, author_id, author, at)
SELECT m.id, @cause, @cause_id::bigint, m.before, m.after, m.provisional, CASE WHEN @cause = 'rule' THEN d.rule_from END,
       @reason, sqlc.narg('author_id'), @author, @at
FROM (SELECT unnest(@ids::bigint[]) AS id, unnest(@befores::date[]) AS before, unnest(@afters::date[]) AS after,
             unnest(@provisionals::boolean[]) AS provisional) m
JOIN deadlines d ON d.id = m.id
ORDER BY m.id;

-- The day of a helper's opinion is also on the question.
-- name: MoveOpinions :exec
UPDATE opinions o SET due = d.due
FROM deadlines d
WHERE d.id = ANY (@ids::bigint[]) AND d.rule = 'COHANDLE_OPINION'
  AND o.proposal_id = d.proposal_id AND o.organ_id = d.organ_id AND o.given_at IS NULL;

-- name: DeadlinesMovedBy :many
SELECT sqlc.embed(g), sqlc.embed(d), p.number, p.title
FROM deadline_changes g JOIN deadlines d ON d.id = g.deadline_id JOIN proposals p ON p.id = d.proposal_id
WHERE g.cause = @cause AND g.cause_id = @cause_id::bigint AND g.before <> g.after
ORDER BY d.proposal_id, d.id;

-- Whom a deadline concerns: who handles the proposal, the office of the organ that
-- must do it, and who keeps the promise. Each by an index of its own.
-- name: Concerned :many
WITH moved AS MATERIALIZED (
    SELECT d.id, d.organ_id, p.handler_id
    FROM deadlines d
    JOIN proposals p ON p.id = d.proposal_id
    WHERE d.id = ANY (@ids::bigint[])
), offices AS MATERIALIZED (
    SELECT u.id, u.organ_id FROM users u
    WHERE u.organ_id IN (SELECT m.organ_id FROM moved m) AND 'office' = ANY (u.roles) AND NOT u.disabled
), concerned AS (
    SELECT m.id AS deadline_id, u.id AS user_id, 'handler' AS role
    FROM moved m JOIN users u ON u.id = m.handler_id AND NOT u.disabled
    UNION ALL
    SELECT m.id, o.id, 'office' FROM moved m JOIN offices o ON o.organ_id = m.organ_id
)
SELECT d.id AS deadline_id, p.kind, p.number, n.user_id, min(n.role)::text AS role, -- who is both is told as the handler
       coalesce((SELECT max(g.id) FROM deadline_changes g WHERE g.deadline_id = d.id), 0)::bigint AS change_id
FROM concerned n
JOIN deadlines d ON d.id = n.deadline_id
JOIN proposals p ON p.id = d.proposal_id
GROUP BY d.id, p.kind, p.number, n.user_id
ORDER BY d.id, n.user_id;

-- What TellOccasion does for one occasion, for many deadlines that moved.
-- name: TellMoves :many
WITH told AS (
    INSERT INTO notices (user_id, role, occasion, ref, proposal_id, subject, body, at, by_mail, by_webhook)
    SELECT m.user_id, m.role, 'deadline_moved', m.ref, m.proposal_id, m.subject, m.body, @at,
           coalesce(s.mail_mode = 'at_once', false), coalesce(s.webhook_url <> '', false)
    FROM (SELECT unnest(@user_ids::bigint[]) AS user_id, unnest(@roles::text[]) AS role, unnest(@refs::bigint[]) AS ref,
                 unnest(@proposal_ids::bigint[]) AS proposal_id,
                 unnest(@subjects::text[]) AS subject, unnest(@bodies::text[]) AS body) m
    LEFT JOIN notice_settings s ON s.user_id = m.user_id
    ON CONFLICT DO NOTHING
    RETURNING id, user_id, by_mail, by_webhook
), waiting AS (
    INSERT INTO notice_deliveries (notice_id, channel)
    SELECT t.id, 'digest' FROM told t JOIN notice_settings s ON s.user_id = t.user_id
    WHERE s.mail_mode = 'digest'
)
SELECT id, by_mail, by_webhook FROM told ORDER BY id;
