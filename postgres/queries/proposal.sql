-- name: CreateProposal :one
INSERT INTO proposals (kind, body, term, session, number, title, text, text_public, no_written_reply,
                       state, organ_id, handed_over, reply_due, received_at, updated_at)
VALUES (@kind, @body, @term, @session, @number, @title, @text, @text_public, @no_written_reply,
        @state, @organ_id, @handed_over, @reply_due, @received_at, @received_at)
RETURNING *;

-- name: Proposal :one
SELECT * FROM proposals WHERE id = @id;

-- Locked alone: what hangs on it is read after, so that it is not older than the lock.
-- name: LockProposal :one
SELECT * FROM proposals WHERE id = @id FOR UPDATE;

-- What rights in a proposal depend on, beside its own row.
-- name: Standing :one
SELECT r.passed, r.author_id, r.publicity NOT IN ('full', 'summary') AS withheld,
       EXISTS (SELECT FROM publications u WHERE u.reply_id = r.id AND u.taken_down IS NULL) AS published,
       EXISTS (SELECT FROM publications u JOIN replies x ON x.id = u.reply_id
               WHERE x.proposal_id = p.id AND u.taken_down IS NULL) AS public,
       EXISTS (SELECT FROM extensions e WHERE e.proposal_id = p.id AND e.granted IS NULL) AS extension_asked,
       EXISTS (SELECT FROM deadlines d WHERE d.proposal_id = p.id AND d.commitment_id IS NULL
               AND d.met IS NULL AND d.ended IS NULL AND d.paused IS NULL) AS runs,
       EXISTS (SELECT FROM deadlines d WHERE d.proposal_id = p.id AND d.paused IS NOT NULL) AS paused,
       (EXISTS (SELECT FROM ended_terms e WHERE e.body = p.body AND e.term = p.term)
        AND EXISTS (SELECT FROM commitments c WHERE c.proposal_id = p.id AND c.state IN ('open', 'done'))
        AND NOT EXISTS (SELECT FROM term_explanations x WHERE x.proposal_id = p.id))::boolean AS unexplained,
       EXISTS (SELECT FROM redo_decisions n
               WHERE n.reply_id = r.id
                 AND NOT EXISTS (SELECT FROM standing_feedbacks f
                                 WHERE f.reply_id = r.id AND 'dissatisfied' IN (f.attitude, f.result) AND f.at > n.at)) AS decided,
       EXISTS (SELECT FROM standing_feedbacks f WHERE f.reply_id = r.id AND 'dissatisfied' IN (f.attitude, f.result)) AS dissatisfied,
       ARRAY(SELECT s.user_id
             FROM deliveries v JOIN proposers s ON s.id = v.proposer_id
             WHERE v.reply_id = r.id AND v.day IS NOT NULL AND s.user_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM feedbacks f
                               WHERE f.reply_id = v.reply_id AND f.proposer_id = v.proposer_id AND f.channel = 'own')
            )::bigint[] AS unspoken,
       ARRAY(SELECT coalesce(s.user_id, 0)
             FROM deliveries v JOIN proposers s ON s.id = v.proposer_id
             WHERE v.reply_id = r.id AND v.day IS NOT NULL
               AND NOT EXISTS (SELECT FROM feedbacks f WHERE f.reply_id = v.reply_id AND f.proposer_id = v.proposer_id)
            )::bigint[] AS awaited,
       ARRAY(SELECT o.organ_id FROM opinions o WHERE o.proposal_id = p.id)::bigint[] AS helpers,
       ARRAY(SELECT s.user_id FROM proposers s
             WHERE s.proposal_id = p.id AND s.user_id IS NOT NULL)::bigint[] AS accounts
FROM proposals p
JOIN replies r ON r.proposal_id = p.id AND r.round = p.round
WHERE p.id = @id;

-- Locked in the order of their ids, so that two who lock many cannot wait for each
-- other.
-- name: LockProposals :many
SELECT id, round, event_count, event_hash, reply_due FROM proposals
WHERE id = ANY (@ids::bigint[])
ORDER BY id
FOR UPDATE;

-- name: MoveReplies :exec
UPDATE proposals p
SET event_count = m.event_count, event_hash = m.event_hash, reply_due = m.reply_due,
    version = p.version + (p.reply_due <> m.reply_due)::int, updated_at = @at
FROM (SELECT unnest(@ids::bigint[]) AS id, unnest(@counts::bigint[]) AS event_count,
             unnest(@hashes::bytea[]) AS event_hash, unnest(@reply_dues::date[]) AS reply_due) m
WHERE p.id = m.id;

-- name: UpdateProposal :one
UPDATE proposals
SET state = @state, round = @round, division_id = @division_id, handler_id = @handler_id, reply_due = @reply_due,
    reply_paused = @reply_paused, version = version + 1, updated_at = @updated_at
WHERE id = @id
RETURNING *;

-- name: AdvanceChain :exec
UPDATE proposals SET event_count = @event_count, event_hash = @event_hash WHERE id = @id;

-- The names that a row of a list shows.
-- name: ProposalNames :one
SELECT o.name AS organ, coalesce(v.name, '')::text AS division, coalesce(u.display_name, '')::text AS handler,
       ARRAY(SELECT s.name FROM proposers s WHERE s.proposal_id = p.id ORDER BY s.place)::text[] AS proposers
FROM proposals p
JOIN organs o ON o.id = p.organ_id
LEFT JOIN divisions v ON v.id = p.division_id
LEFT JOIN users u ON u.id = p.handler_id
WHERE p.id = @id;

-- Each sitting is looked up after the one before it, not among its proposals.
-- name: Sittings :many
WITH RECURSIVE sittings AS (
    (SELECT p.body, p.term, p.session FROM proposals p ORDER BY p.body, p.term, p.session LIMIT 1)
    UNION ALL
    SELECT n.body, n.term, n.session
    FROM sittings s, LATERAL (
        SELECT p.body, p.term, p.session FROM proposals p
        WHERE (p.body, p.term, p.session) > (s.body, s.term, s.session)
        ORDER BY p.body, p.term, p.session LIMIT 1) n
)
SELECT body, term, session FROM sittings ORDER BY term DESC, session DESC, body;

-- name: CreateProposer :one
INSERT INTO proposers (proposal_id, place, name, organisation, lead, user_id, phone, address)
VALUES (@proposal_id, @place, @name, @organisation, @lead, sqlc.narg('user_id'), @phone, @address)
RETURNING *;

-- name: Proposers :many
SELECT * FROM proposers WHERE proposal_id = @proposal_id ORDER BY place;

-- name: CreateAssignment :exec
INSERT INTO assignments (proposal_id, organ_id, role, handed_over, signed_for)
VALUES (@proposal_id, @organ_id, @role, @handed_over, @signed_for);

-- name: SignAssignment :exec
UPDATE assignments SET signed_for = @signed_for WHERE proposal_id = @proposal_id AND organ_id = @organ_id;

-- A sole organ that asks another becomes the lead.
-- name: LeadAssignment :exec
UPDATE assignments SET role = 'lead' WHERE proposal_id = @proposal_id AND organ_id = @organ_id AND role = 'sole';

-- name: Assignments :many
SELECT sqlc.embed(a), o.name AS organ
FROM assignments a JOIN organs o ON o.id = a.organ_id
WHERE a.proposal_id = @proposal_id
ORDER BY a.id;

-- name: CreateReturn :exec
INSERT INTO returns (proposal_id, reason, asked_by, asked_at) VALUES (@proposal_id, @reason, @asked_by, @asked_at);

-- name: DecideReturn :execrows
UPDATE returns SET granted = @granted::boolean, decided_by = @decided_by::bigint, decision_reason = @decision_reason
WHERE proposal_id = @proposal_id AND granted IS NULL;

-- name: Returns :many
SELECT sqlc.embed(r), a.display_name AS asker, coalesce(d.display_name, '')::text AS decider
FROM returns r JOIN users a ON a.id = r.asked_by LEFT JOIN users d ON d.id = r.decided_by
WHERE r.proposal_id = @proposal_id
ORDER BY r.id DESC;

-- name: CreateOpinion :one
INSERT INTO opinions (proposal_id, organ_id, question, asked_at, due)
VALUES (@proposal_id, @organ_id, @question, @asked_at, @due)
RETURNING id;

-- name: CreateHelper :exec
INSERT INTO assignments (proposal_id, organ_id, role, handed_over, signed_for)
VALUES (@proposal_id, @organ_id, 'helper', @day, @day)
ON CONFLICT ON CONSTRAINT assignment_organ DO NOTHING;

-- name: GiveOpinion :execrows
UPDATE opinions SET text = @text, given_by = @given_by::bigint, given_at = @given_at::timestamptz
WHERE proposal_id = @proposal_id AND organ_id = @organ_id AND given_at IS NULL;

-- name: Opinions :many
SELECT sqlc.embed(p), o.name AS organ
FROM opinions p JOIN organs o ON o.id = p.organ_id
WHERE p.proposal_id = @proposal_id
ORDER BY p.id;

-- name: CreateContact :exec
INSERT INTO contacts (proposal_id, proposer_id, channel, day, summary, recorded_by)
SELECT s.proposal_id, s.id, @channel, @day, @summary, @recorded_by
FROM proposers s WHERE s.id = @proposer_id;

-- name: Contacts :many
SELECT sqlc.embed(c), s.name AS proposer, u.display_name AS recorder
FROM contacts c JOIN proposers s ON s.id = c.proposer_id JOIN users u ON u.id = c.recorded_by
WHERE c.proposal_id = @proposal_id
ORDER BY c.day, c.id;

-- name: CreateExtension :exec
INSERT INTO extensions (proposal_id, reason, until, asked_by, asked_at)
VALUES (@proposal_id, @reason, @until, @asked_by, @asked_at);

-- name: DecideExtension :one
UPDATE extensions SET granted = @granted::boolean, decided_by = @decided_by::bigint, decision_reason = @decision_reason
WHERE proposal_id = @proposal_id AND granted IS NULL
RETURNING *;

-- name: Extensions :many
SELECT sqlc.embed(e), a.display_name AS asker, coalesce(d.display_name, '')::text AS decider
FROM extensions e JOIN users a ON a.id = e.asked_by LEFT JOIN users d ON d.id = e.decided_by
WHERE e.proposal_id = @proposal_id
ORDER BY e.id DESC;

-- name: CreateEvent :exec
INSERT INTO events (proposal_id, seq, verb, actor_id, actor, at, round, note, hash)
VALUES (@proposal_id, @seq, @verb, sqlc.narg('actor_id'), @actor, @at, @round, @note, @hash);

-- name: CreateEvents :exec
INSERT INTO events (proposal_id, seq, verb, actor_id, actor, at, round, note, hash)
SELECT m.proposal_id, m.seq, @verb, sqlc.narg('actor_id'), @actor, @at, m.round, m.note, m.hash
FROM (SELECT unnest(@proposal_ids::bigint[]) AS proposal_id, unnest(@seqs::bigint[]) AS seq, unnest(@rounds::int[]) AS round,
             unnest(@notes::text[]) AS note, unnest(@hashes::bytea[]) AS hash) m
ORDER BY m.proposal_id, m.seq;

-- name: Events :many
SELECT * FROM events
WHERE proposal_id = @proposal_id AND seq > @after AND NOT (verb = ANY (@hidden::text[]))
  AND NOT (verb = ANY (@about_deadlines::text[])
           AND EXISTS (SELECT FROM unnest(@hidden_names::text[]) AS n(name) WHERE starts_with(note, n.name || '，') OR starts_with(note, n.name || '；')))
ORDER BY seq
LIMIT @max_rows;

-- The whole history in the order in which verifying walks it.
-- name: AllEvents :many
SELECT * FROM events WHERE proposal_id = ANY (@ids::bigint[]) ORDER BY proposal_id, seq;

-- name: ChainHeads :many
SELECT id, event_count, event_hash FROM proposals WHERE id > @after ORDER BY id LIMIT @max_rows FOR SHARE;
