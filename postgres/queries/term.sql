-- name: CreateEndedTerm :exec
INSERT INTO ended_terms (body, term, ended, recorded_by, at) VALUES (@body, @term, @ended, @recorded_by, @at);

-- Each with how many of its proposals are still to be explained.
-- name: EndedTerms :many
SELECT e.body, e.term, e.ended,
       (SELECT count(*) FROM proposals p
        WHERE p.body = e.body AND p.term = e.term AND p.state <> 'withdrawn'
          AND EXISTS (SELECT FROM commitments c WHERE c.proposal_id = p.id AND c.state IN ('open', 'done'))
          AND NOT EXISTS (SELECT FROM term_explanations x WHERE x.proposal_id = p.id)) AS unexplained
FROM ended_terms e
ORDER BY e.ended DESC, e.body, e.term;

-- name: UnexplainedProposals :many
SELECT p.id FROM proposals p
WHERE p.body = @body AND p.term = @term AND p.id > @after AND p.state <> 'withdrawn'
  AND EXISTS (SELECT FROM commitments c WHERE c.proposal_id = p.id AND c.state IN ('open', 'done'))
  AND NOT EXISTS (SELECT FROM term_explanations x WHERE x.proposal_id = p.id)
  AND NOT EXISTS (SELECT FROM events v WHERE v.proposal_id = p.id AND v.verb = 'term_ended')
ORDER BY p.id
LIMIT @max_rows;

-- name: CreateTermExplanation :exec
INSERT INTO term_explanations (proposal_id, text, signed_by, told_day, told_how, author_id, at)
VALUES (@proposal_id, @text, @signed_by, @told_day, @told_how, @author_id, @at);

-- name: TermExplanation :one
SELECT sqlc.embed(x), u.display_name AS author
FROM term_explanations x JOIN users u ON u.id = x.author_id
WHERE x.proposal_id = @proposal_id;
