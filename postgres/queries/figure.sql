-- name: ProposalsByID :many
SELECT sqlc.embed(p), o.name AS organ, coalesce(v.name, '')::text AS division,
       coalesce(u.display_name, '')::text AS handler,
       ARRAY(SELECT s.name FROM proposers s WHERE s.proposal_id = p.id ORDER BY s.place)::text[] AS proposers
FROM proposals p
JOIN organs o ON o.id = p.organ_id
LEFT JOIN divisions v ON v.id = p.division_id
LEFT JOIN users u ON u.id = p.handler_id
WHERE p.id = ANY (@ids::bigint[])
ORDER BY p.id;

-- name: CommitmentsByID :many
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
WHERE c.id = ANY (@ids::bigint[])
ORDER BY c.id;

-- name: ProposersByID :many
SELECT id, proposal_id, name FROM proposers WHERE id = ANY (@ids::bigint[]) ORDER BY id;
