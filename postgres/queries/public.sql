-- Who publishes or takes down waits here for others of the same organ: it counts in
-- several rows, of which they write some as well.
-- name: LockPublishedOrgan :exec
SELECT FROM published_organs WHERE organ_id = @organ_id FOR UPDATE;

-- The publication is locked: what is taken down meanwhile is not put in.
-- name: IndexPublication :execrows
WITH u AS (
    SELECT x.* FROM publications x WHERE x.id = @id AND x.taken_down IS NULL FOR UPDATE
), added AS (
    INSERT INTO published_replies (proposal_id, publication_id, kind, organ_id, body, term, session, year, result, published, plain, grams, triples)
    SELECT p.id, u.id, p.kind, p.organ_id, p.body, p.term, p.session,
           (SELECT extract(year FROM min(l.issue_date))::int FROM letters l WHERE l.reply_id = r.id),
           r.result, u.published, @plain::text, array_to_tsvector(@grams::text[]), array_to_tsvector(@triples::text[])
    FROM u
    JOIN replies r ON r.id = u.reply_id
    JOIN proposals p ON p.id = r.proposal_id
    ON CONFLICT DO NOTHING
    RETURNING year, body, term, session, organ_id
)
INSERT INTO published_counts (year, body, term, session, organ_id, replies)
SELECT a.year, a.body, a.term, a.session, a.organ_id, 1 FROM added a
ON CONFLICT (year, body, term, session, organ_id) DO UPDATE SET replies = published_counts.replies + 1;

-- name: UnindexPublication :exec
WITH gone AS (
    DELETE FROM published_replies x WHERE x.proposal_id = @proposal_id
    RETURNING x.year, x.body, x.term, x.session, x.organ_id
)
UPDATE published_counts c SET replies = c.replies - 1
FROM gone g
WHERE (c.year, c.body, c.term, c.session, c.organ_id) = (g.year, g.body, g.term, g.session, g.organ_id);

-- name: UnindexedPublications :many
SELECT u.id, r.proposal_id
FROM publications u
JOIN replies r ON r.id = u.reply_id
WHERE u.taken_down IS NULL
  AND NOT EXISTS (SELECT FROM published_replies x WHERE x.publication_id = u.id)
ORDER BY u.id
LIMIT @max_rows;

-- What the search knows of a publication: a summary says neither of the numbers.
-- name: WordsOfPublication :one
SELECT concat_ws(E'\n', p.title, '第' || p.number || '号', l.document_number, u.text)::text AS words
FROM publications u
JOIN replies r ON r.id = u.reply_id
JOIN letters l ON l.reply_id = r.id AND l.edition = 1
JOIN proposals p ON p.id = r.proposal_id
WHERE u.id = @id;

-- name: PublishedYears :many
SELECT c.year, sum(c.replies)::bigint AS replies
FROM published_sittings c
GROUP BY c.year
HAVING sum(c.replies) > 0
ORDER BY c.year DESC;

-- name: PublishedSittings :many
SELECT c.body, c.term, c.session, sum(c.replies)::bigint AS replies
FROM published_sittings c
GROUP BY c.body, c.term, c.session
HAVING sum(c.replies) > 0
ORDER BY max(c.year) DESC, c.body, c.term DESC, c.session DESC;

-- name: PublishedOrgans :many
SELECT o.id, o.name, c.replies
FROM published_organs c JOIN organs o ON o.id = c.organ_id
WHERE c.replies > 0
ORDER BY c.replies DESC, c.organ_id
LIMIT @max_rows;

-- The addresses of a year, the oldest first, so that a part that is full stays as
-- it is while nothing is taken down.
-- name: PublishedOfYear :many
SELECT x.proposal_id, x.published
FROM published_replies x
WHERE x.year = @year
ORDER BY x.published, x.proposal_id
LIMIT @max_rows OFFSET @skipped;

-- name: PublicCommitments :many
SELECT c.id, c.text, c.start_offset, c.end_offset, c.state, c.first_due, c.due, c.done_day
FROM commitments c
JOIN letters l ON l.id = c.letter_id
JOIN publications u ON u.reply_id = l.reply_id
JOIN published_replies x ON x.publication_id = u.id
WHERE x.proposal_id = @proposal_id AND c.state IN ('open', 'done', 'kept', 'dropped')
  AND strpos(u.text, c.text) > 0
ORDER BY c.id;
