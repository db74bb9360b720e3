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
       coalesce(j.display_name, '')::text AS judge, n.name AS organ, coalesce(t.display_name, '')::text AS taker,
       p.body, p.term, p.session, p.number, p.title
FROM commitments c
JOIN proposals p ON p.id = c.proposal_id
JOIN letters l ON l.id = c.letter_id
JOIN organs n ON n.id = c.organ_id
LEFT JOIN users o ON o.id = c.owner_id
LEFT JOIN users j ON j.id = c.judged_by
LEFT JOIN users t ON t.id = c.offered_to
WHERE c.id = @id;

-- name: LetterRound :one
SELECT l.document_number, r.round FROM letters l JOIN replies r ON r.id = l.reply_id WHERE l.id = @letter_id;

-- name: LockCommitment :one
SELECT * FROM commitments WHERE id = @id FOR UPDATE;

-- name: UpdateCommitment :exec
UPDATE commitments
SET state = @state, owner_id = @owner_id, deliverable = @deliverable, criterion = @criterion,
    first_due = @first_due, due = @due, end_reason = @end_reason, evidence = @evidence, done_day = @done_day,
    judged_by = @judged_by, done_by = @done_by, told_day = @told_day, told_how = @told_how, division_id = @division_id, offered_to = @offered_to,
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

-- What rights in a commitment depend on, beside its own row.
-- name: CommitmentStanding :one
SELECT EXISTS (SELECT FROM urges g WHERE g.commitment_id = c.id AND g.received_at IS NULL) AS unreceived,
       EXISTS (SELECT FROM urges g WHERE g.commitment_id = c.id AND g.answered_at IS NULL) AS unanswered,
       EXISTS (SELECT FROM proposers s
               WHERE s.proposal_id = c.proposal_id
                 AND NOT EXISTS (SELECT FROM keeping_answers a
                                 WHERE a.commitment_id = c.id AND a.proposer_id = s.id AND a.keeping = c.keepings)) AS unasked,
       EXISTS (SELECT FROM proposers s
               WHERE s.proposal_id = c.proposal_id AND s.user_id IS NOT NULL
                 AND NOT EXISTS (SELECT FROM keeping_answers a
                                 WHERE a.commitment_id = c.id AND a.proposer_id = s.id AND a.keeping = c.keepings
                                   AND a.channel = 'own')) AS unspoken,
       ARRAY(SELECT s.user_id FROM keeping_answers a JOIN proposers s ON s.id = a.proposer_id
             WHERE a.commitment_id = c.id AND a.keeping = c.keepings AND a.channel = 'own' AND s.user_id IS NOT NULL
            )::bigint[] AS spoken
FROM commitments c
WHERE c.id = @id;

-- name: CreateUrge :one
INSERT INTO urges (commitment_id, organ_id, document_number, text, answer_by, issued_by, issued_at)
VALUES (@commitment_id, @organ_id, @document_number, @text, @answer_by, @issued_by, @issued_at)
RETURNING *;

-- name: ReceiveUrges :many
WITH received AS (
    UPDATE urges SET received_by = @received_by::bigint, received_at = @received_at::timestamptz
    WHERE commitment_id = @commitment_id AND received_at IS NULL
    RETURNING id, document_number)
SELECT document_number FROM received ORDER BY id;

-- name: AnswerUrge :one
UPDATE urges
SET answer = @answer, answered_by = @answered_by::bigint, answered_at = @answered_at::timestamptz,
    received_by = coalesce(received_by, @answered_by::bigint), received_at = coalesce(received_at, @answered_at::timestamptz)
WHERE id = @id AND commitment_id = @commitment_id AND answered_at IS NULL
RETURNING *;

-- name: Urges :many
SELECT sqlc.embed(g), o.short_name AS organ, i.display_name AS issuer, coalesce(r.display_name, '')::text AS receiver,
       coalesce(a.display_name, '')::text AS answerer
FROM urges g
JOIN organs o ON o.id = g.organ_id
JOIN users i ON i.id = g.issued_by
LEFT JOIN users r ON r.id = g.received_by
LEFT JOIN users a ON a.id = g.answered_by
WHERE g.commitment_id = @commitment_id
ORDER BY g.id;

-- name: CreateKeepingAnswer :exec
INSERT INTO keeping_answers (commitment_id, proposer_id, keeping, kept, text, recorded_by, channel, at)
VALUES (@commitment_id, @proposer_id, @keeping, @kept, @text, @recorded_by, @channel, @at);

-- name: DecideKeepingAnswers :exec
UPDATE keeping_answers
SET decision = @decision, decision_reason = @reason, decided_by = @decided_by::bigint, decided_at = @decided_at::timestamptz
WHERE commitment_id = @commitment_id AND NOT kept AND decision = '';

-- name: KeepingAnswers :many
SELECT sqlc.embed(a), s.name AS proposer, coalesce(s.user_id, 0)::bigint AS proposer_user, u.display_name AS recorder,
       coalesce(d.display_name, '')::text AS decider
FROM keeping_answers a
JOIN proposers s ON s.id = a.proposer_id
JOIN users u ON u.id = a.recorded_by
LEFT JOIN users d ON d.id = a.decided_by
WHERE a.commitment_id = @commitment_id
ORDER BY a.id;

-- The proposers of whom nobody knows whether a promise is kept in their eyes; for
-- the account of one of them, that one, until they say so with it.
-- name: SilentProposers :many
SELECT s.*
FROM proposers s JOIN commitments c ON c.proposal_id = s.proposal_id
WHERE c.id = @id
  AND (sqlc.narg('account')::bigint IS NULL OR s.user_id = sqlc.narg('account'))
  AND NOT EXISTS (SELECT FROM keeping_answers a
                  WHERE a.commitment_id = c.id AND a.proposer_id = s.id AND a.keeping = c.keepings
                    AND (sqlc.narg('account')::bigint IS NULL OR a.channel = 'own'))
ORDER BY s.place;

-- name: SaidWithOwnAccount :one
SELECT EXISTS (SELECT FROM keeping_answers a
               WHERE a.commitment_id = @commitment_id AND a.proposer_id = @proposer_id AND a.keeping = @keeping AND a.channel = 'own');

-- What is to be carried into a year: commitments not settled that stand in the
-- ledger of one before. Of some proposals, so that each is locked once.
-- name: ProposalsToCarry :many
SELECT DISTINCT proposal_id FROM commitments
WHERE state IN ('open', 'done') AND coalesce(follow_year, 0) < @year::int AND proposal_id > @after
ORDER BY proposal_id
LIMIT @max_rows;

-- name: CommitmentsToCarry :many
SELECT * FROM commitments
WHERE proposal_id = @proposal_id AND state IN ('open', 'done') AND coalesce(follow_year, 0) < @year::int
ORDER BY id
FOR UPDATE;

-- name: CarryCommitment :exec
UPDATE commitments SET follow_year = @year::int, version = version + 1 WHERE id = @id;
