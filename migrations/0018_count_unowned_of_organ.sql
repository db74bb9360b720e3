-- Who of an organ is at work, from an index alone.
CREATE INDEX users_at_work ON users (organ_id, id) WHERE NOT disabled AND roles && ARRAY['office', 'reviewer', 'handler'];

-- As before, but of one organ without a look at what all others have: who is gone is
-- whoever is not at work.
CREATE OR REPLACE VIEW unowned_commitments AS
SELECT c.id, c.organ_id, c.kind FROM commitments c WHERE c.state = 'open' AND c.offered_to IS NOT NULL
UNION
SELECT c.id, gone.organ_id, c.kind
FROM (SELECT DISTINCT t.organ_id, t.owner_id
      FROM commitment_tallies t
      WHERE t.what = 'open' AND t.n > 0
        AND NOT EXISTS (SELECT FROM users u
                        WHERE u.organ_id = t.organ_id AND u.id = t.owner_id
                          AND NOT u.disabled AND u.roles && ARRAY['office', 'reviewer', 'handler'])) gone
CROSS JOIN LATERAL (SELECT o.id, o.kind FROM commitments o -- who they are comes first, then what they had
                    WHERE o.owner_id = gone.owner_id AND o.organ_id = gone.organ_id AND o.state = 'open' OFFSET 0) c
UNION
SELECT c.id, c.organ_id, c.kind
FROM divisions v JOIN commitments c ON c.division_id = v.id AND c.state = 'open'
WHERE v.merged_into IS NOT NULL;
