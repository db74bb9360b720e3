-- Each group of commitments that somebody must look after is found by its day in
-- an index of its own, small beside the ledger. The organ, the kind and the owner
-- stand in it so that pages are cut, and counts made, without reading the rows.
CREATE INDEX commitments_open ON commitments (due, id) INCLUDE (organ_id, kind, owner_id) WHERE state = 'open';
CREATE INDEX commitments_open_of_organ ON commitments (organ_id, due, id) INCLUDE (kind, owner_id) WHERE state = 'open';
CREATE INDEX commitments_open_of_owner ON commitments (owner_id, organ_id, due, id) INCLUDE (kind) WHERE state = 'open';
CREATE INDEX commitments_open_of_division ON commitments (division_id) WHERE state = 'open';
CREATE INDEX commitments_offered ON commitments (id) WHERE state = 'open' AND offered_to IS NOT NULL;
CREATE INDEX commitments_silent ON commitments (due, id) INCLUDE (organ_id, kind, owner_id)
    WHERE state IN ('open', 'done') AND reported_at IS NULL;
CREATE INDEX commitments_slipped ON commitments (due, id) INCLUDE (organ_id, kind, owner_id, first_due) WHERE slips > 0;
CREATE INDEX commitments_dropped ON commitments (due, id) INCLUDE (organ_id, kind, owner_id) WHERE state = 'dropped';
CREATE INDEX commitments_contested ON commitments (due, id) INCLUDE (organ_id, kind, owner_id) WHERE contested;
CREATE INDEX commitments_of_organ ON commitments (organ_id, (coalesce(due, words_due, 'infinity'::date)), id);

-- Open commitments that nobody at work in their organ has accepted: offered, or
-- left by whoever took them, or by the division in which they were taken.
CREATE VIEW unowned_commitments AS
SELECT c.id, c.organ_id, c.kind, c.owner_id, c.due
FROM commitments c
WHERE c.state = 'open' AND c.id IN (
    SELECT o.id FROM commitments o WHERE o.state = 'open' AND o.offered_to IS NOT NULL
    UNION ALL
    SELECT o.id FROM users u JOIN commitments o ON o.owner_id = u.id AND o.state = 'open' WHERE u.disabled
    UNION ALL
    SELECT o.id FROM users u JOIN commitments o ON o.owner_id = u.id AND o.state = 'open' AND o.organ_id < coalesce(u.organ_id, 0)
    UNION ALL
    SELECT o.id FROM users u JOIN commitments o ON o.owner_id = u.id AND o.state = 'open' AND o.organ_id > coalesce(u.organ_id, 0)
    UNION ALL
    SELECT o.id FROM divisions v JOIN commitments o ON o.division_id = v.id AND o.state = 'open' WHERE v.merged_into IS NOT NULL
);
