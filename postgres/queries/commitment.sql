-- name: CreateLetterReading :execrows
INSERT INTO letter_readings (letter_id, commitments, at) VALUES (@letter_id, @commitments, @at)
ON CONFLICT DO NOTHING;

-- name: CreateCommitment :one
INSERT INTO commitments (proposal_id, letter_id, text, start_offset, end_offset, cue, responsible, due_words, words_due)
VALUES (@proposal_id, @letter_id, @text, @start_offset, @end_offset, @cue, @responsible, @due_words, @words_due)
RETURNING *;

-- name: CommitmentTexts :many
SELECT c.text FROM commitments c JOIN letters l ON l.id = c.letter_id WHERE l.reply_id = @reply_id ORDER BY c.id;

-- name: Commitment :one
SELECT sqlc.embed(c), l.document_number, coalesce(o.display_name, '')::text AS owner,
       coalesce(j.display_name, '')::text AS judge, n.name AS organ, coalesce(t.display_name, '')::text AS taker
FROM commitments c
JOIN letters l ON l.id = c.letter_id
JOIN organs n ON n.id = c.organ_id
LEFT JOIN users o ON o.id = c.owner_id
LEFT JOIN users j ON j.id = c.judged_by
LEFT JOIN users t ON t.id = c.offered_to
WHERE c.id = @id;

-- name: LetterRound :one
SELECT r.round FROM letters l JOIN replies r ON r.id = l.reply_id WHERE l.id = @letter_id;

-- name: LockCommitment :one
SELECT * FROM commitments WHERE id = @id FOR UPDATE;

-- name: UpdateCommitment :exec
UPDATE commitments
SET state = @state, owner_id = @owner_id, deliverable = @deliverable, criterion = @criterion,
    first_due = @first_due, due = @due, end_reason = @end_reason, evidence = @evidence, done_day = @done_day,
    judged_by = @judged_by, told_day = @told_day, told_how = @told_how, division_id = @division_id, offered_to = @offered_to,
    follow_year = @follow_year, slips = @slips, keepings = @keepings, reported_at = @reported_at, contested = @contested,
    signed_by = @signed_by, signed_day = @signed_day, version = version + 1
WHERE id = @id;

-- name: CreateProgress :exec
INSERT INTO progress (commitment_id, kind, state, text, day, author_id, at)
VALUES (@commitment_id, @kind, @state, @text, @day, sqlc.narg('author_id'), @at);

-- name: ProgressOf :many
SELECT sqlc.embed(g), coalesce(u.display_name, '')::text AS author
FROM progress g LEFT JOIN users u ON u.id = g.author_id
WHERE g.commitment_id = @commitment_id
ORDER BY g.at, g.id;

-- name: CreateDueChange :exec
INSERT INTO due_changes (commitment_id, before, after, reason, agreed_by, author_id, at)
VALUES (@commitment_id, @before, @after, @reason, @agreed_by, @author_id, @at);

-- name: DueChanges :many
SELECT sqlc.embed(g), u.display_name AS author
FROM due_changes g JOIN users u ON u.id = g.author_id
WHERE g.commitment_id = @commitment_id
ORDER BY g.id;
