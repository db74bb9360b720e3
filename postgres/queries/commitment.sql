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
       coalesce(j.display_name, '')::text AS judge
FROM commitments c
JOIN letters l ON l.id = c.letter_id
LEFT JOIN users o ON o.id = c.owner_id
LEFT JOIN users j ON j.id = c.judged_by
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

-- name: Commitments :many
SELECT sqlc.embed(c), l.document_number, coalesce(o.display_name, '')::text AS owner,
       coalesce(j.display_name, '')::text AS judge
FROM commitments c
JOIN letters l ON l.id = c.letter_id
JOIN proposals p ON p.id = c.proposal_id
LEFT JOIN users o ON o.id = c.owner_id
LEFT JOIN users j ON j.id = c.judged_by
WHERE (coalesce(c.due, c.words_due, 'infinity'::date), c.id) > (coalesce(sqlc.narg('after_day')::date, 'infinity'), @after_id::bigint)
  AND (@everything::boolean
       OR p.kind = ANY (@kinds_overseen::text[])
       OR p.organ_id = @organ_id
       OR EXISTS (SELECT FROM assignments a WHERE a.proposal_id = p.id AND a.organ_id = @organ_id)
       OR EXISTS (SELECT FROM proposers s WHERE s.proposal_id = p.id AND s.user_id = @delegate_id))
  AND (sqlc.narg('proposal_id')::bigint IS NULL OR c.proposal_id = sqlc.narg('proposal_id'))
  AND (sqlc.narg('state')::text IS NULL OR c.state = sqlc.narg('state'))
  AND (sqlc.narg('owner_id')::bigint IS NULL OR c.owner_id = sqlc.narg('owner_id'))
  AND (sqlc.narg('due_before')::date IS NULL OR c.state = 'open' AND c.due < sqlc.narg('due_before'))
ORDER BY coalesce(c.due, c.words_due, 'infinity'::date), c.id
LIMIT @max_rows;

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
