-- name: IndexPublication :exec
INSERT INTO published_replies (proposal_id, publication_id, kind, organ_id, body, term, session, year, result, published, plain, grams)
SELECT p.id, u.id, p.kind, p.organ_id, p.body, p.term, p.session,
       (SELECT extract(year FROM min(l.issue_date))::int FROM letters l WHERE l.reply_id = r.id),
       r.result, u.published, @plain::text, array_to_tsvector(@grams::text[])
FROM publications u
JOIN replies r ON r.id = u.reply_id
JOIN proposals p ON p.id = r.proposal_id
WHERE u.id = @id AND u.taken_down IS NULL
ON CONFLICT DO NOTHING;

-- name: UnindexPublication :exec
DELETE FROM published_replies WHERE proposal_id = @proposal_id;

-- name: UnindexedPublications :many
SELECT u.id, u.text, p.title
FROM publications u
JOIN replies r ON r.id = u.reply_id
JOIN proposals p ON p.id = r.proposal_id
WHERE u.taken_down IS NULL
  AND NOT EXISTS (SELECT FROM published_replies x WHERE x.publication_id = u.id)
ORDER BY u.id
LIMIT @max_rows;

-- name: PublishedYears :many
SELECT x.year, count(*) AS replies FROM published_replies x GROUP BY x.year ORDER BY x.year DESC;

-- name: PublishedOrgans :many
SELECT o.id, o.name FROM organs o
WHERE EXISTS (SELECT FROM published_replies x WHERE x.organ_id = o.id)
ORDER BY o.id;

-- name: PublicCommitments :many
SELECT c.id, c.text, c.start_offset, c.end_offset, c.state, c.first_due, c.due, c.done_day
FROM commitments c
JOIN letters l ON l.id = c.letter_id
JOIN publications u ON u.reply_id = l.reply_id
JOIN published_replies x ON x.publication_id = u.id
WHERE x.proposal_id = @proposal_id AND c.state IN ('open', 'done', 'kept', 'dropped')
  AND strpos(u.text, c.text) > 0
ORDER BY c.id;
