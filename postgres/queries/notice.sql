-- For one transaction: plans are made once and walk the indexes, also where they
-- were made while a table was small, or before anybody counted its rows.
-- name: WalkIndexes :exec
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true);

-- What has a rung due, soonest first, walked by its index, but for what another
-- sweep holds. Whoever changes a deadline arms it anew: before this, and then
-- the next statement sees the change, or after the sweep. That is why it is a
-- statement of its own, and why the deadlines themselves need no lock.
-- name: ClaimDue :many
SELECT deadline_id
FROM deadline_watch
WHERE next_notice <= @now::timestamptz
ORDER BY next_notice, deadline_id
LIMIT @max_rows
FOR UPDATE SKIP LOCKED;

-- What decides who is told of deadlines. What the words are made of is read where
-- they are written.
-- name: DueDeadlines :many
SELECT d.id, d.rule, d.due, d.armed_at, d.organ_id, d.proposal_id, p.kind,
       coalesce(c.owner_id, p.handler_id, 0)::bigint AS handler_id,
       coalesce(w.division_id, p.division_id, 0)::bigint AS division_id,
       (d.commitment_id IS NOT NULL)::boolean AS promise
FROM deadlines d
JOIN proposals p ON p.id = d.proposal_id
LEFT JOIN commitments c ON c.id = d.commitment_id
LEFT JOIN users w ON w.id = c.owner_id
WHERE d.id = ANY (@ids::bigint[])
ORDER BY d.id;

-- The people who may have to be told: those of the organs with one of the roles, the
-- heads of the divisions, those who oversee, and those named, each sort by an index
-- of its own. In an array, for of a list that it cannot foresee Postgres expects so
-- many that it reads everybody.
-- name: Tellable :many
SELECT u.id, u.display_name, u.roles, coalesce(u.organ_id, 0)::bigint AS organ_id,
       coalesce(u.division_id, 0)::bigint AS division_id, coalesce(o.oversight, '')::text AS oversight,
       coalesce(s.mail_mode, 'none')::text AS mail_mode, coalesce(s.webhook_url <> '', false)::boolean AS by_webhook
FROM users u
LEFT JOIN organs o ON o.id = u.organ_id
LEFT JOIN notice_settings s ON s.user_id = u.id
WHERE NOT u.disabled
  AND u.id = ANY (ARRAY(SELECT m.id FROM users m WHERE m.organ_id = ANY (@organ_ids::bigint[]) AND m.roles && @roles::text[]
                        UNION SELECT m.id FROM users m WHERE m.division_id = ANY (@division_ids::bigint[]) AND 'reviewer' = ANY (m.roles)
                        UNION SELECT m.id FROM organs g JOIN users m ON m.organ_id = g.id
                              WHERE g.oversight <> '' AND 'supervisor' = ANY (m.roles)
                        UNION SELECT unnest(@user_ids::bigint[])))
ORDER BY u.id;

-- The accounts of the proposers who have yet to say what they think of the present
-- reply.
-- name: SilentAccounts :many
SELECT s.proposal_id, s.user_id::bigint AS user_id
FROM proposers s
JOIN proposals p ON p.id = s.proposal_id
JOIN replies r ON r.proposal_id = p.id AND r.round = p.round
WHERE s.proposal_id = ANY (@proposal_ids::bigint[]) AND s.user_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM feedbacks f WHERE f.reply_id = r.id AND f.proposer_id = s.id)
ORDER BY s.proposal_id, s.place;

-- The furthest rung of the deadlines' present days that each person was told.
-- name: ToldSoFar :many
SELECT n.deadline_id::bigint AS deadline_id, n.user_id, max(n.rung)::int AS rung
FROM (SELECT unnest(@ids::bigint[]) AS id, unnest(@dues::date[]) AS due) d
JOIN notices n ON n.deadline_id = d.id AND n.due = d.due
GROUP BY n.deadline_id, n.user_id
ORDER BY n.deadline_id, n.user_id;

-- Ids for the ledger's next lines.
-- name: NoticeIDs :many
SELECT nextval('notices_id_seq')::bigint AS id FROM generate_series(1, @n::int) ORDER BY 1;

-- name: TellRungs :copyfrom
INSERT INTO notices (id, user_id, role, deadline_id, due, rung, days_left, escalated, by_mail, by_webhook, at)
VALUES (@id, @user_id, @role, @deadline_id, @due, @rung, @days_left, @escalated, @by_mail, @by_webhook, @at);

-- name: WaitForDigest :exec
INSERT INTO notice_deliveries (notice_id, channel) SELECT unnest(@notice_ids::bigint[]), 'digest';

-- What the words of rungs are made of, but for who was told before.
-- name: RungWords :many
SELECT n.id, p.kind, p.number, p.title, d.rule, coalesce(c.text, '')::text AS promise
FROM notices n
JOIN deadlines d ON d.id = n.deadline_id
JOIN proposals p ON p.id = d.proposal_id
LEFT JOIN commitments c ON c.id = d.commitment_id
WHERE n.id = ANY (@ids::bigint[])
ORDER BY n.id;

-- Who had been told of the same day when these were told. Lines of one deadline
-- are written while it is locked, so that none comes between them later.
-- name: ToldBefore :many
SELECT n.id, b.user_id, b.role, u.display_name, count(*) AS times, max(b.at)::timestamptz AS last
FROM notices n
JOIN notices b ON b.deadline_id = n.deadline_id AND b.due = n.due AND b.id < n.id AND b.at < n.at
JOIN users u ON u.id = b.user_id
WHERE n.id = ANY (@ids::bigint[]) AND n.escalated
GROUP BY n.id, b.user_id, b.role, u.display_name
ORDER BY n.id, min(b.at), b.user_id;

-- The epoch stands for never.
-- name: SetNextNotices :exec
UPDATE deadline_watch w
SET next_notice = nullif(v.next, 'epoch')
FROM (SELECT unnest(@ids::bigint[]) AS id, unnest(@nexts::timestamptz[]) AS next) v
WHERE w.deadline_id = v.id;

-- name: TellOccasion :many
WITH told AS (
    INSERT INTO notices (user_id, role, occasion, ref, proposal_id, commitment_id, subject, body, at, by_mail, by_webhook)
    SELECT u.id, @role, @occasion, @ref::bigint, sqlc.narg('proposal_id'), sqlc.narg('commitment_id'), @subject, @body, @at,
           @goes_out::boolean AND coalesce(s.mail_mode = 'at_once', false), @goes_out AND coalesce(s.webhook_url <> '', false)
    FROM users u
    LEFT JOIN notice_settings s ON s.user_id = u.id
    WHERE u.id = ANY (@user_ids::bigint[])
    ON CONFLICT DO NOTHING
    RETURNING id, user_id, by_mail, by_webhook
), waiting AS (
    INSERT INTO notice_deliveries (notice_id, channel)
    SELECT t.id, 'digest' FROM told t JOIN notice_settings s ON s.user_id = t.user_id
    WHERE @goes_out AND s.mail_mode = 'digest'
)
SELECT id, by_mail, by_webhook FROM told ORDER BY id;

-- name: Notices :many
SELECT sqlc.embed(n), coalesce(n.proposal_id, d.proposal_id, 0)::bigint AS about_proposal,
       coalesce(n.commitment_id, d.commitment_id, 0)::bigint AS about_commitment
FROM notices n
LEFT JOIN deadlines d ON d.id = n.deadline_id
WHERE n.user_id = @user_id AND n.id < @before
ORDER BY n.id DESC
LIMIT @max_rows;

-- The same of what is unread, which has an index of its own.
-- name: NoticesUnread :many
SELECT sqlc.embed(n), coalesce(n.proposal_id, d.proposal_id, 0)::bigint AS about_proposal,
       coalesce(n.commitment_id, d.commitment_id, 0)::bigint AS about_commitment
FROM notices n
LEFT JOIN deadlines d ON d.id = n.deadline_id
WHERE n.user_id = @user_id AND n.id < @before AND n.read_at IS NULL
ORDER BY n.id DESC
LIMIT @max_rows;

-- name: NoticeDeliveries :many
SELECT * FROM notice_deliveries WHERE notice_id = ANY (@notice_ids::bigint[]) ORDER BY notice_id, channel;

-- name: MarkNoticesRead :exec
UPDATE notices SET read_at = @read_at::timestamptz
WHERE user_id = @user_id AND id BETWEEN @oldest AND @newest AND read_at IS NULL;

-- name: OwnNotice :one
SELECT id FROM notices WHERE id = @id AND user_id = @user_id;

-- Counted no further than a page shows it.
-- name: UnreadNotices :one
SELECT count(*) FROM (SELECT FROM notices WHERE user_id = @user_id AND read_at IS NULL LIMIT @most) n;

-- A notice with all that decides whether and to whom it goes out, and in what words;
-- with it who was told before, as ToldBefore has it. It has no delivery before the
-- first attempt. By one id, so that its plan is made once for all.
-- name: NoticeToSend :one
SELECT sqlc.embed(n), coalesce(s.state, 'queued')::text AS state, coalesce(s.attempts, 0)::int AS attempts,
       u.display_name, u.disabled, u.roles, coalesce(u.organ_id, 0)::bigint AS organ_id,
       coalesce(u.division_id, 0)::bigint AS division_id, coalesce(o.oversight, '')::text AS oversight,
       coalesce(t.mail, '')::text AS mail, coalesce(t.mail_mode, 'none')::text AS mail_mode,
       coalesce(t.webhook_url, '')::text AS webhook_url, coalesce(t.webhook_secret, '')::text AS webhook_secret,
       coalesce(n.proposal_id, d.proposal_id, 0)::bigint AS about_proposal,
       coalesce(n.commitment_id, d.commitment_id, 0)::bigint AS about_commitment,
       coalesce(d.rule, '')::text AS rule, coalesce(d.organ_id, 0)::bigint AS due_of,
       (d.due IS NOT DISTINCT FROM n.due AND d.met IS NULL AND d.ended IS NULL AND d.paused IS NULL)::boolean AS runs,
       coalesce(p.kind, '')::text AS kind, coalesce(p.number, '')::text AS number, coalesce(p.title, '')::text AS title,
       coalesce(p.handler_id, 0)::bigint AS handler_id, coalesce(p.division_id, 0)::bigint AS handling_division,
       coalesce(c.text, '')::text AS promise, coalesce(c.owner_id, 0)::bigint AS owner_id,
       coalesce(c.offered_to, 0)::bigint AS offered_to, coalesce(c.division_id, 0)::bigint AS promising_division,
       coalesce(w.division_id, 0)::bigint AS owners_division,
       coalesce(g.names, '{}')::text[] AS told_names, coalesce(g.roles, '{}')::text[] AS told_as,
       coalesce(g.times, '{}')::int[] AS told_times, coalesce(g.lasts, '{}')::timestamptz[] AS told_last
FROM notices n
JOIN users u ON u.id = n.user_id
LEFT JOIN notice_deliveries s ON s.notice_id = n.id AND s.channel = @channel
LEFT JOIN organs o ON o.id = u.organ_id
LEFT JOIN notice_settings t ON t.user_id = n.user_id
LEFT JOIN deadlines d ON d.id = n.deadline_id
LEFT JOIN proposals p ON p.id = coalesce(n.proposal_id, d.proposal_id)
LEFT JOIN commitments c ON c.id = coalesce(n.commitment_id, d.commitment_id)
LEFT JOIN users w ON w.id = c.owner_id
LEFT JOIN LATERAL (
    SELECT array_agg(b.display_name) AS names, array_agg(b.role) AS roles, array_agg(b.times) AS times, array_agg(b.last) AS lasts
    FROM (SELECT v.display_name, e.role, count(*) AS times, max(e.at) AS last
          FROM notices e
          JOIN users v ON v.id = e.user_id
          WHERE n.escalated AND e.deadline_id = n.deadline_id AND e.due = n.due AND e.id < n.id AND e.at < n.at
          GROUP BY e.user_id, e.role, v.display_name
          ORDER BY min(e.at), e.user_id) b
) g ON true
WHERE n.id = @notice_id;

-- The first attempt writes the row. Nothing waits until a count is on disk. Where the
-- database breaks down and loses the last, which is of an attempt that was broken off,
-- one attempt more is made; what is written after it, that the notice went out and
-- that the job is done, is never on disk before it.
-- name: CountAttempt :execrows
INSERT INTO notice_deliveries AS s (notice_id, channel, attempts)
VALUES (@notice_id, @channel, 1)
ON CONFLICT (notice_id, channel) DO UPDATE SET attempts = s.attempts + 1, error = '' WHERE s.state = 'queued'
RETURNING set_config('synchronous_commit', 'off', true);

-- name: DeliveryNotNeeded :exec
INSERT INTO notice_deliveries AS s (notice_id, channel, state)
VALUES (@notice_id, @channel, 'not_needed')
ON CONFLICT (notice_id, channel) DO UPDATE SET state = excluded.state, error = '' WHERE s.state = 'queued';

-- name: LockDelivery :one
SELECT sqlc.embed(n), s.state, s.attempts, u.display_name, coalesce(u.organ_id, 0)::bigint AS organ_id
FROM notice_deliveries s
JOIN notices n ON n.id = s.notice_id
JOIN users u ON u.id = n.user_id
WHERE s.notice_id = @notice_id AND s.channel = @channel
FOR UPDATE OF s;

-- name: FailDelivery :exec
UPDATE notice_deliveries SET state = @state, error = @error
WHERE notice_id = @notice_id AND channel = @channel AND state = 'queued';

-- Written anew where the database lost the count of the attempt.
-- name: DeliverySent :exec
INSERT INTO notice_deliveries AS s (notice_id, channel, state, attempts, sent_at, message_id)
VALUES (@notice_id, @channel, 'sent', 1, @sent_at::timestamptz, @message_id)
ON CONFLICT (notice_id, channel) DO UPDATE
SET state = excluded.state, sent_at = excluded.sent_at, message_id = excluded.message_id, error = ''
WHERE s.state = 'queued';

-- name: DigestDay :one
SELECT EXISTS (SELECT FROM digest_days WHERE day = @day);

-- name: CreateDigestDay :execrows
INSERT INTO digest_days (day) VALUES (@day) ON CONFLICT DO NOTHING;

-- Whose last digest is still to go out needs none for what that one holds.
-- name: CreateDigests :many
WITH made AS (
    INSERT INTO digests (user_id, day, until)
    SELECT DISTINCT n.user_id, @day::date, @until::timestamptz
    FROM notice_deliveries s JOIN notices n ON n.id = s.notice_id
    WHERE s.channel = 'digest' AND s.state = 'queued'
      AND NOT EXISTS (SELECT FROM digests g WHERE g.user_id = n.user_id AND g.state = 'queued' AND n.at <= g.until)
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

-- Without what an earlier digest holds that is still to go out.
-- name: DigestNotices :many
SELECT sqlc.embed(n)
FROM notice_deliveries s JOIN notices n ON n.id = s.notice_id
WHERE s.channel = 'digest' AND s.state = 'queued' AND n.user_id = @user_id AND n.at <= @until
  AND NOT EXISTS (
      SELECT FROM digests g
      WHERE g.user_id = n.user_id AND g.day < @day AND g.state = 'queued' AND n.at <= g.until)
ORDER BY n.id;

-- The organs whose proposals notices are about.
-- name: OrgansOfNotices :many
SELECT DISTINCT p.organ_id
FROM notices n
LEFT JOIN deadlines d ON d.id = n.deadline_id
JOIN proposals p ON p.id = coalesce(n.proposal_id, d.proposal_id)
WHERE n.id = ANY (@ids::bigint[])
ORDER BY p.organ_id;

-- name: Admins :many
SELECT id FROM users WHERE NOT disabled AND 'admin' = ANY (roles) ORDER BY id;

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

-- name: SaveNoticeSettings :exec
UPDATE notice_settings
SET mail = @mail, mail_mode = @mail_mode, webhook_url = @webhook_url, webhook_secret = @webhook_secret, version = version + 1
WHERE user_id = @user_id;
