-- For one transaction: plans are made once and walk the indexes, also where they
-- were made while a table was small, or before anybody counted its rows.
-- name: WalkIndexes :exec
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true);

-- What has a rung due, soonest first, walked by its index. Only the deadlines
-- are locked: whoever holds one is changing it, and arms it anew.
-- name: DueDeadlines :many
SELECT d.id, d.rule, d.due, d.armed_at, d.organ_id, d.proposal_id, p.kind, p.number, p.title,
       coalesce(c.owner_id, p.handler_id, 0)::bigint AS handler_id,
       coalesce(w.division_id, p.division_id, 0)::bigint AS division_id,
       coalesce(c.text, '')::text AS promise, d.next_notice
FROM deadlines d
JOIN proposals p ON p.id = d.proposal_id
LEFT JOIN commitments c ON c.id = d.commitment_id
LEFT JOIN users w ON w.id = c.owner_id
WHERE d.next_notice <= @now::timestamptz
ORDER BY d.next_notice, d.id
LIMIT @max_rows
FOR UPDATE OF d SKIP LOCKED;

-- The same of one deadline, to ask whether a reason still stands.
-- name: RunningDeadline :one
SELECT d.id, d.rule, d.due, d.armed_at, d.organ_id, d.proposal_id, p.kind, p.number, p.title,
       coalesce(c.owner_id, p.handler_id, 0)::bigint AS handler_id,
       coalesce(w.division_id, p.division_id, 0)::bigint AS division_id,
       coalesce(c.text, '')::text AS promise, d.next_notice
FROM deadlines d
JOIN proposals p ON p.id = d.proposal_id
LEFT JOIN commitments c ON c.id = d.commitment_id
LEFT JOIN users w ON w.id = c.owner_id
WHERE d.id = @id AND d.due = @due AND d.met IS NULL AND d.ended IS NULL AND d.paused IS NULL;

-- The people who may have to be told: those of the organs, those who oversee,
-- and those named.
-- name: Tellable :many
SELECT u.id, u.display_name, u.roles, coalesce(u.organ_id, 0)::bigint AS organ_id,
       coalesce(u.division_id, 0)::bigint AS division_id, coalesce(o.oversight, '')::text AS oversight
FROM users u
LEFT JOIN organs o ON o.id = u.organ_id
WHERE NOT u.disabled
  AND (u.organ_id = ANY (@organ_ids::bigint[]) OR o.oversight <> '' OR u.id = ANY (@user_ids::bigint[]))
ORDER BY u.id;

-- name: ProposerAccounts :many
SELECT proposal_id, user_id::bigint AS user_id
FROM proposers
WHERE proposal_id = ANY (@proposal_ids::bigint[]) AND user_id IS NOT NULL
ORDER BY proposal_id, place;

-- Who was told of the deadlines' present days before.
-- name: ToldBefore :many
SELECT n.deadline_id::bigint AS deadline_id, n.user_id, n.role, u.display_name, count(*) AS times, max(n.at)::timestamptz AS last
FROM notices n
JOIN deadlines d ON d.id = n.deadline_id AND d.due = n.due
JOIN users u ON u.id = n.user_id
WHERE n.deadline_id = ANY (@deadline_ids::bigint[])
GROUP BY n.deadline_id, n.user_id, n.role, u.display_name
ORDER BY n.deadline_id, min(n.at), n.user_id;

-- The ledger and how each of its new lines goes out, in one statement. Nobody
-- is told of a rung who was told of a later one.
-- name: TellRungs :many
WITH wanted AS (
    SELECT unnest(@user_ids::bigint[]) AS user_id, unnest(@roles::text[]) AS role,
           unnest(@deadline_ids::bigint[]) AS deadline_id, unnest(@dues::date[]) AS due, unnest(@rungs::int[]) AS rung,
           unnest(@subjects::text[]) AS subject, unnest(@bodies::text[]) AS body
), told AS (
    INSERT INTO notices (user_id, role, deadline_id, due, rung, subject, body, at)
    SELECT w.user_id, w.role, w.deadline_id, w.due, w.rung, w.subject, w.body, @at
    FROM wanted w
    WHERE w.rung > coalesce((SELECT max(n.rung) FROM notices n
                             WHERE n.deadline_id = w.deadline_id AND n.due = w.due AND n.user_id = w.user_id), -1000)
    ON CONFLICT (deadline_id, due, user_id, rung) WHERE deadline_id IS NOT NULL DO NOTHING
    RETURNING id, user_id
), sent AS (
    INSERT INTO notice_deliveries (notice_id, channel)
    SELECT t.id, c.channel
    FROM told t
    JOIN notice_settings s ON s.user_id = t.user_id
    CROSS JOIN LATERAL (SELECT CASE s.mail_mode WHEN 'digest' THEN 'digest' ELSE 'mail' END AS channel
                        WHERE s.mail_mode <> 'none'
                        UNION ALL
                        SELECT 'webhook' WHERE s.webhook_url <> '') c
    RETURNING notice_id, channel
)
SELECT notice_id, channel FROM sent WHERE channel <> 'digest' ORDER BY notice_id, channel;

-- The epoch stands for never.
-- name: SetNextNotices :exec
UPDATE deadlines d
SET next_notice = nullif(v.next, 'epoch')
FROM (SELECT unnest(@ids::bigint[]) AS id, unnest(@nexts::timestamptz[]) AS next) v
WHERE d.id = v.id;

-- name: TellOccasion :many
WITH told AS (
    INSERT INTO notices (user_id, role, occasion, ref, proposal_id, commitment_id, subject, body, at)
    SELECT u.id, @role, @occasion, @ref::bigint, sqlc.narg('proposal_id'), sqlc.narg('commitment_id'), @subject, @body, @at
    FROM users u
    WHERE u.id = ANY (@user_ids::bigint[])
    ON CONFLICT DO NOTHING
    RETURNING id, user_id
), sent AS (
    INSERT INTO notice_deliveries (notice_id, channel)
    SELECT t.id, c.channel
    FROM told t
    JOIN notice_settings s ON s.user_id = t.user_id
    CROSS JOIN LATERAL (SELECT CASE s.mail_mode WHEN 'digest' THEN 'digest' ELSE 'mail' END AS channel
                        WHERE s.mail_mode <> 'none'
                        UNION ALL
                        SELECT 'webhook' WHERE s.webhook_url <> '') c
    WHERE @goes_out::boolean
    RETURNING notice_id, channel
)
SELECT notice_id, channel FROM sent WHERE channel <> 'digest' ORDER BY notice_id, channel;

-- name: Notices :many
SELECT n.id, n.role, n.subject, n.body, n.at, n.read_at, n.due, n.occasion,
       coalesce(n.proposal_id, d.proposal_id, 0)::bigint AS proposal_id,
       coalesce(n.commitment_id, d.commitment_id, 0)::bigint AS commitment_id
FROM notices n
LEFT JOIN deadlines d ON d.id = n.deadline_id
WHERE n.user_id = @user_id AND n.id < @before AND (NOT @unread::boolean OR n.read_at IS NULL)
ORDER BY n.id DESC
LIMIT @max_rows;

-- name: NoticeDeliveries :many
SELECT * FROM notice_deliveries WHERE notice_id = ANY (@notice_ids::bigint[]) ORDER BY notice_id, channel;

-- name: MarkNoticesRead :execrows
UPDATE notices SET read_at = @read_at::timestamptz
WHERE user_id = @user_id AND id = ANY (@ids::bigint[]) AND read_at IS NULL;

-- name: MarkNoticesReadUpTo :execrows
UPDATE notices SET read_at = @read_at::timestamptz
WHERE user_id = @user_id AND id <= @newest AND read_at IS NULL;

-- name: OwnNotice :one
SELECT id FROM notices WHERE id = @id AND user_id = @user_id;

-- Counted no further than a page shows it.
-- name: UnreadNotices :one
SELECT count(*) FROM (SELECT FROM notices WHERE user_id = @user_id AND read_at IS NULL LIMIT @most) n;

-- name: LockDelivery :one
SELECT sqlc.embed(n), s.state, s.attempts, u.display_name, u.disabled, coalesce(u.organ_id, 0)::bigint AS organ_id,
       coalesce(t.mail, '')::text AS mail, coalesce(t.mail_mode, 'none')::text AS mail_mode,
       coalesce(t.webhook_url, '')::text AS webhook_url, coalesce(t.webhook_secret, '')::text AS webhook_secret,
       coalesce(n.proposal_id, d.proposal_id, 0)::bigint AS about_proposal,
       coalesce(n.commitment_id, d.commitment_id, 0)::bigint AS about_commitment, coalesce(d.rule, '')::text AS rule
FROM notice_deliveries s
JOIN notices n ON n.id = s.notice_id
JOIN users u ON u.id = n.user_id
LEFT JOIN notice_settings t ON t.user_id = n.user_id
LEFT JOIN deadlines d ON d.id = n.deadline_id
WHERE s.notice_id = @notice_id AND s.channel = @channel
FOR UPDATE OF s;

-- name: SetDelivery :exec
UPDATE notice_deliveries
SET state = @state, attempts = @attempts, error = @error, sent_at = sqlc.narg('sent_at'), message_id = @message_id
WHERE notice_id = @notice_id AND channel = @channel;

-- name: FailDelivery :exec
UPDATE notice_deliveries SET state = @state, error = @error
WHERE notice_id = @notice_id AND channel = @channel AND state = 'queued';

-- name: DeliverySent :execrows
UPDATE notice_deliveries SET state = 'sent', sent_at = @sent_at::timestamptz, message_id = @message_id, error = ''
WHERE notice_id = @notice_id AND channel = @channel AND state = 'queued';

-- name: DigestDay :one
SELECT EXISTS (SELECT FROM digest_days WHERE day = @day);

-- name: CreateDigestDay :execrows
INSERT INTO digest_days (day) VALUES (@day) ON CONFLICT DO NOTHING;

-- name: CreateDigests :many
WITH made AS (
    INSERT INTO digests (user_id, day, until)
    SELECT DISTINCT n.user_id, @day::date, @until::timestamptz
    FROM notice_deliveries s JOIN notices n ON n.id = s.notice_id
    WHERE s.channel = 'digest' AND s.state = 'queued'
    ON CONFLICT DO NOTHING
    RETURNING user_id
)
SELECT user_id FROM made ORDER BY user_id;

-- name: LockDigest :one
SELECT sqlc.embed(g), u.display_name, u.disabled, coalesce(u.organ_id, 0)::bigint AS organ_id,
       coalesce(t.mail, '')::text AS mail, coalesce(t.mail_mode, 'none')::text AS mail_mode
FROM digests g
JOIN users u ON u.id = g.user_id
LEFT JOIN notice_settings t ON t.user_id = g.user_id
WHERE g.user_id = @user_id AND g.day = @day
FOR UPDATE OF g;

-- name: DigestNotices :many
SELECT sqlc.embed(n)
FROM notice_deliveries s JOIN notices n ON n.id = s.notice_id
WHERE s.channel = 'digest' AND s.state = 'queued' AND n.user_id = @user_id AND n.at <= @until
ORDER BY n.id;

-- name: SetDigest :exec
UPDATE digests
SET state = @state, attempts = @attempts, error = @error, sent_at = sqlc.narg('sent_at'), message_id = @message_id
WHERE user_id = @user_id AND day = @day;

-- name: SetDigestDeliveries :exec
UPDATE notice_deliveries
SET state = @state, attempts = @attempts, error = @error, sent_at = sqlc.narg('sent_at'), message_id = @message_id
WHERE channel = 'digest' AND state = 'queued' AND notice_id = ANY (@notice_ids::bigint[]);

-- name: NoticeSettings :one
SELECT * FROM notice_settings WHERE user_id = @user_id;

-- name: CreateNoticeSettings :exec
INSERT INTO notice_settings (user_id, version) VALUES (@user_id, 0) ON CONFLICT DO NOTHING;

-- name: LockNoticeSettings :one
SELECT * FROM notice_settings WHERE user_id = @user_id FOR UPDATE;

-- name: SaveNoticeSettings :one
UPDATE notice_settings
SET mail = @mail, mail_mode = @mail_mode, webhook_url = @webhook_url, webhook_secret = @webhook_secret, version = version + 1
WHERE user_id = @user_id
RETURNING *;
