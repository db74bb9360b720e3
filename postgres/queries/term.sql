-- name: CreateEndedTerm :exec
INSERT INTO ended_terms (body, term, ended, recorded_by, at) VALUES (@body, @term, @ended, @recorded_by, @at);

-- Each, or the one of a body, with how many of its proposals, of those that the reader
-- may count, are still to be explained: few of many, so that they are found by their
-- promises, from the first proposal of the term to its last.
-- name: EndedTerms :many
SELECT e.body, e.term, e.ended, (
    SELECT count(*)
    FROM (
        SELECT DISTINCT c.proposal_id FROM commitments c
        WHERE c.state IN ('open', 'done')
          AND c.proposal_id >= (SELECT min(f.id) FROM proposals f WHERE f.body = e.body AND f.term = e.term)
          AND c.proposal_id <= (SELECT max(l.id) FROM proposals l WHERE l.body = e.body AND l.term = e.term)
          AND (@everything::boolean OR c.kind = ANY (@kinds_overseen::text[]) OR c.organ_id = @organ_id::bigint)
    ) unsettled
    JOIN proposals p ON p.id = unsettled.proposal_id
    WHERE p.body = e.body AND p.term = e.term AND p.state <> 'withdrawn'
      AND NOT EXISTS (SELECT FROM term_explanations x WHERE x.proposal_id = p.id)
)::bigint AS unexplained
FROM ended_terms e
WHERE @body::text = '' OR e.body = @body AND e.term = @term::int
ORDER BY e.ended DESC, e.body, e.term;

-- name: TermEnded :one
SELECT EXISTS (SELECT FROM ended_terms e WHERE e.body = @body AND e.term = @term);

-- What a term can be: one that has proposals here, and since when. OFFSET 0, as
-- Postgres would look for the first day along all that was ever handed over.
-- name: TermBegan :one
SELECT min(p.handed_over)::date
FROM (SELECT handed_over FROM proposals WHERE body = @body AND term = @term OFFSET 0) p;

-- What is closed is looked at again: a promise of it may have been opened since.
-- name: UnexplainedProposals :many
SELECT p.id FROM proposals p
WHERE p.body = @body AND p.term = @term AND p.id > @after AND p.state <> 'withdrawn'
  AND EXISTS (SELECT FROM commitments c WHERE c.proposal_id = p.id AND c.state IN ('open', 'done'))
  AND NOT EXISTS (SELECT FROM term_explanations x WHERE x.proposal_id = p.id)
  AND (p.state = 'closed' OR NOT EXISTS (SELECT FROM events v WHERE v.proposal_id = p.id AND v.verb = 'term_ended'))
ORDER BY p.id
LIMIT @max_rows;

-- name: CreateTermExplanation :exec
INSERT INTO term_explanations (proposal_id, text, signed_by, told_day, told_how, author_id, at)
VALUES (@proposal_id, @text, @signed_by, @told_day, @told_how, @author_id, @at);

-- name: TermExplanation :one
SELECT sqlc.embed(x), u.display_name AS author
FROM term_explanations x JOIN users u ON u.id = x.author_id
WHERE x.proposal_id = @proposal_id;
