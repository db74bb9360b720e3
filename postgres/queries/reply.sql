-- name: CreateReply :one
INSERT INTO replies (proposal_id, round) VALUES (@proposal_id, @round) RETURNING *;

-- name: Reply :one
SELECT * FROM replies WHERE proposal_id = @proposal_id AND round = @round;

-- name: UpdateReply :exec
UPDATE replies
SET result = @result, publicity = @publicity, withhold_reason = @withhold_reason, summary = @summary,
    draft_count = @draft_count, author_id = @author_id, passed = @passed, signed_by = @signed_by
WHERE id = @id;

-- name: CreateDraft :exec
INSERT INTO drafts (reply_id, number, text, author_id, created_at, result, publicity, withhold_reason, summary)
VALUES (@reply_id, @number, @text, @author_id, @created_at, @result, @publicity, @withhold_reason, @summary);

-- name: Draft :one
SELECT * FROM drafts WHERE reply_id = @reply_id AND number = @number;

-- name: Drafts :many
SELECT sqlc.embed(d), u.display_name AS author
FROM drafts d JOIN users u ON u.id = d.author_id
WHERE d.reply_id = @reply_id
ORDER BY d.number DESC;

-- name: CreateReview :exec
INSERT INTO reviews (reply_id, draft_number, step, approved, comment, reviewer_id, at)
VALUES (@reply_id, @draft_number, @step, @approved, @comment, @reviewer_id, @at);

-- name: ResetReviews :exec
UPDATE reviews SET reset = true WHERE reply_id = @reply_id AND approved AND NOT reset;

-- name: Reviews :many
SELECT sqlc.embed(r), u.display_name AS reviewer
FROM reviews r JOIN users u ON u.id = r.reviewer_id
WHERE r.reply_id = @reply_id
ORDER BY r.id;

-- The upsert locks the series' row until the transaction ends, so that no two
-- letters take the same number and none is skipped by a rollback.
-- name: TakeNumber :one
INSERT INTO series (prefix, year, last) VALUES (@prefix, @year, 1)
ON CONFLICT (prefix, year) DO UPDATE SET last = series.last + 1
RETURNING last;

-- A number used before this program kept the series moves it on.
-- name: RaiseSeries :one
INSERT INTO series (prefix, year, last) VALUES (@prefix, @year, @number)
ON CONFLICT (prefix, year) DO UPDATE SET last = greatest(series.last, excluded.last)
RETURNING last;

-- name: FillSeries :exec
INSERT INTO series_numbers (prefix, year, number, fate, at)
SELECT @prefix, @year::int, n, 'outside', @at FROM generate_series(1, @last::int) n
ON CONFLICT DO NOTHING;

-- name: CreateSeriesNumber :exec
INSERT INTO series_numbers (prefix, year, number, fate, letter_id, reason, at)
VALUES (@prefix, @year, @number, @fate, sqlc.narg('letter_id'), @reason, @at);

-- name: UseOutsideNumber :execrows
UPDATE series_numbers SET fate = 'used', letter_id = @letter_id::bigint
WHERE prefix = @prefix AND year = @year AND number = @number AND fate = 'outside';

-- name: CreateLetter :one
INSERT INTO letters (proposal_id, reply_id, edition, document_number, issue_date, text, sha256,
                     issued_by, issued_at, correction_reason)
VALUES (@proposal_id, @reply_id, @edition, @document_number, @issue_date, @text, @sha256,
        @issued_by, @issued_at, @correction_reason)
RETURNING *;

-- name: Letter :one
SELECT * FROM letters WHERE id = @id;

-- name: LatestLetter :one
SELECT * FROM letters WHERE reply_id = @reply_id ORDER BY edition DESC LIMIT 1;

-- name: Letters :many
SELECT sqlc.embed(l), u.display_name AS issuer
FROM letters l JOIN users u ON u.id = l.issued_by
WHERE l.reply_id = @reply_id
ORDER BY l.edition DESC;

-- name: CreateDelivery :exec
INSERT INTO deliveries (reply_id, proposer_id) SELECT @reply_id, s.id FROM proposers s WHERE s.proposal_id = @proposal_id;

-- name: RecordDelivery :execrows
UPDATE deliveries SET channel = @channel, day = @day, proof = @proof, recorded_by = @recorded_by::bigint
WHERE reply_id = @reply_id AND proposer_id = @proposer_id AND day IS NULL;

-- name: Deliveries :many
SELECT sqlc.embed(d), s.name AS proposer, coalesce(u.display_name, '')::text AS recorder
FROM deliveries d JOIN proposers s ON s.id = d.proposer_id LEFT JOIN users u ON u.id = d.recorded_by
WHERE d.reply_id = @reply_id
ORDER BY s.place;

-- name: CreateCopies :exec
INSERT INTO copies (reply_id, organ_id) SELECT @reply_id, o.id FROM organs o WHERE o.oversight = ANY (@oversights::text[]);

-- name: CopyRecipients :many
SELECT * FROM organs WHERE oversight = ANY (@oversights::text[]) ORDER BY id;

-- name: OrderCopy :execrows
UPDATE copies SET ordered_at = @ordered_at::timestamptz
WHERE reply_id = @reply_id AND organ_id = @organ_id AND ordered_at IS NULL;

-- name: SendCopy :execrows
UPDATE copies SET sent_at = @sent_at::timestamptz
WHERE reply_id = @reply_id AND organ_id = @organ_id AND sent_at IS NULL;

-- name: AcknowledgeCopy :execrows
UPDATE copies SET acknowledged_at = @acknowledged_at::timestamptz, acknowledged_by = @acknowledged_by::bigint
WHERE reply_id IN (SELECT r.id FROM replies r WHERE r.proposal_id = @proposal_id) AND organ_id = @organ_id
  AND sent_at IS NOT NULL AND acknowledged_at IS NULL;

-- name: ImportCopy :exec
UPDATE copies SET ordered_at = @sent_at::timestamptz, sent_at = @sent_at::timestamptz
WHERE reply_id = @reply_id AND organ_id = @organ_id;

-- name: ImportDeliveries :exec
UPDATE deliveries SET channel = 'system', day = @day, proof = @proof, recorded_by = @recorded_by::bigint
WHERE reply_id = @reply_id;

-- name: Copies :many
SELECT sqlc.embed(c), o.short_name AS organ, coalesce(u.display_name, '')::text AS acknowledger
FROM copies c JOIN organs o ON o.id = c.organ_id LEFT JOIN users u ON u.id = c.acknowledged_by
WHERE c.reply_id = @reply_id
ORDER BY o.id;

-- What still keeps a reply from being answered (办复).
-- name: Undone :one
SELECT (SELECT count(*) FROM deliveries d WHERE d.reply_id = @reply_id AND d.day IS NULL)
     + (SELECT count(*) FROM copies c WHERE c.reply_id = @reply_id AND c.sent_at IS NULL) AS count;

-- name: Undelivered :one
SELECT count(*) FROM deliveries WHERE reply_id = @reply_id AND day IS NULL;

-- name: LastDelivery :one
SELECT max(day)::date FROM deliveries WHERE reply_id = @reply_id;

-- name: CreatePublication :one
INSERT INTO publications (reply_id, text, published) VALUES (@reply_id, @text, @published) RETURNING id;

-- name: IsPublished :one
SELECT EXISTS (SELECT FROM publications WHERE reply_id = @reply_id AND taken_down IS NULL);

-- name: TakeDownPublication :exec
UPDATE publications SET taken_down = @taken_down::date, take_down_reason = @reason
WHERE reply_id IN (SELECT r.id FROM replies r WHERE r.proposal_id = @proposal_id) AND taken_down IS NULL;

-- name: LatestPublication :one
SELECT sqlc.embed(p), (SELECT d.due FROM deadlines d WHERE d.proposal_id = @proposal_id AND d.rule = 'PUBLISH'
                       ORDER BY d.id DESC LIMIT 1)::date AS due
FROM publications p
WHERE p.reply_id = @reply_id
ORDER BY p.id DESC
LIMIT 1;

-- name: CreateMessage :exec
INSERT INTO messages (proposal_id, occasion, occasion_ref, proposer_id, organ_id, body, sent_at)
VALUES (@proposal_id, @occasion, @occasion_ref, sqlc.narg('proposer_id'), sqlc.narg('organ_id'), @body, @sent_at)
ON CONFLICT DO NOTHING;

-- name: CreateConfirmation :exec
INSERT INTO confirmations (letter_id, confirmed_by, at) VALUES (@letter_id, @confirmed_by, @at);

-- name: CreateConfirmedPromise :exec
INSERT INTO confirmed_promises (letter_id, start_offset, end_offset, cue, responsible, due_words, words_due)
VALUES (@letter_id, @start_offset, @end_offset, @cue, @responsible, @due_words, @words_due);

-- name: Confirmed :one
SELECT EXISTS (SELECT FROM confirmations c WHERE c.letter_id = @letter_id);

-- name: ConfirmedPromises :many
SELECT * FROM confirmed_promises WHERE letter_id = @letter_id ORDER BY start_offset;

-- The other editions of a letter whose promises a person chose.
-- name: ConfirmedTexts :many
SELECT l.text
FROM letters l JOIN confirmations c ON c.letter_id = l.id
WHERE l.reply_id = @reply_id AND l.id <> @letter_id
ORDER BY l.id;
