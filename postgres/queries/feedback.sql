-- name: CreateFeedback :exec
INSERT INTO feedbacks (reply_id, proposer_id, attitude, result, text, recorded_by, channel, day, at)
VALUES (@reply_id, @proposer_id, @attitude, @result, @text, @recorded_by, @channel, @day, @at);

-- What was said of each round, and by whom nothing was. Who is told of a letter
-- has a line from its issue on.
-- name: FeedbackLines :many
SELECT r.round, s.id AS proposer_id, s.name AS proposer, coalesce(s.user_id, 0)::bigint AS account, v.day AS delivered,
       (f.id IS NOT NULL)::boolean AS given, coalesce(f.attitude, '')::text AS attitude, coalesce(f.result, '')::text AS result,
       coalesce(f.text, '')::text AS text, coalesce(f.channel, '')::text AS channel, f.day, f.at,
       coalesce(u.display_name, '')::text AS recorder, coalesce(o.name, '')::text AS recorder_organ
FROM deliveries v
JOIN replies r ON r.id = v.reply_id
JOIN proposers s ON s.id = v.proposer_id
LEFT JOIN standing_feedbacks f ON f.reply_id = v.reply_id AND f.proposer_id = v.proposer_id
LEFT JOIN users u ON u.id = f.recorded_by
LEFT JOIN organs o ON o.id = u.organ_id
WHERE r.proposal_id = @proposal_id
ORDER BY r.round DESC, s.place;

-- name: DeliveredOn :one
SELECT day FROM deliveries WHERE reply_id = @reply_id AND proposer_id = @proposer_id;

-- How many have yet to say what they think of a reply, and the last day on which
-- somebody did.
-- name: FeedbackProgress :one
SELECT count(*) FILTER (WHERE f.id IS NULL) AS missing, max(f.day)::date AS last
FROM deliveries v LEFT JOIN standing_feedbacks f ON f.reply_id = v.reply_id AND f.proposer_id = v.proposer_id
WHERE v.reply_id = @reply_id;

-- name: HasOwnFeedback :one
SELECT EXISTS (SELECT FROM feedbacks WHERE reply_id = @reply_id AND proposer_id = @proposer_id AND channel = 'own');

-- name: CreateRedoDecision :exec
INSERT INTO redo_decisions (reply_id, redo, reason, decided_by, at)
VALUES (@reply_id, @redo, @reason, @decided_by, @at);

-- name: RedoDecisions :many
SELECT r.round, sqlc.embed(d), u.display_name AS decider
FROM redo_decisions d JOIN replies r ON r.id = d.reply_id JOIN users u ON u.id = d.decided_by
WHERE r.proposal_id = @proposal_id
ORDER BY r.round, d.id;
