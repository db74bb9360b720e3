-- Each group of commitments that somebody must look after is found by its day in
-- an index of its own, small beside the ledger. The organ, the kind and the owner
-- stand in it so that pages are cut, and counts made, without reading the rows.
CREATE INDEX commitments_open ON commitments (due, id) INCLUDE (organ_id, kind, owner_id) WHERE state = 'open';
CREATE INDEX commitments_open_of_organ ON commitments (organ_id, due, id) INCLUDE (kind, owner_id) WHERE state = 'open';
CREATE INDEX commitments_open_of_owner ON commitments (owner_id, organ_id, due, id) INCLUDE (kind) WHERE state = 'open';
CREATE INDEX commitments_open_of_division ON commitments (division_id) INCLUDE (id, organ_id, kind) WHERE state = 'open';
CREATE INDEX commitments_offered ON commitments (id) INCLUDE (organ_id, kind) WHERE state = 'open' AND offered_to IS NOT NULL;
CREATE INDEX commitments_silent ON commitments (due, id) INCLUDE (organ_id, kind, owner_id)
    WHERE state IN ('open', 'done') AND reported_at IS NULL;
CREATE INDEX commitments_slipped ON commitments (due, id) INCLUDE (organ_id, kind, owner_id) WHERE slips > 0;
CREATE INDEX commitments_slipped_of_organ ON commitments (organ_id, due, id) INCLUDE (first_due, kind, owner_id) WHERE slips > 0;
CREATE INDEX commitments_dropped ON commitments (due, id) INCLUDE (organ_id, kind, owner_id) WHERE state = 'dropped';
CREATE INDEX commitments_contested ON commitments (due, id) INCLUDE (organ_id, kind, owner_id) WHERE contested;
-- What is noted has no day of its own yet, only the one that its words may name.
CREATE INDEX commitments_noted ON commitments ((coalesce(due, words_due, 'infinity'::date)), id) INCLUDE (organ_id, kind, owner_id)
    WHERE state = 'noted';
CREATE INDEX commitments_of_organ ON commitments (organ_id, (coalesce(due, words_due, 'infinity'::date)), id);

-- How many commitments there are, where counting them takes too long: those that
-- only grow in number, and who owns how many. What depends on today's date is
-- counted when it is asked for.
CREATE TABLE commitment_tallies (
    what     text NOT NULL CHECK (what IN ('open', 'silent', 'slipped', 'dropped', 'contested', 'noted', 'slip')),
    organ_id bigint NOT NULL, -- 0 of 'slip': of all organs
    kind     text NOT NULL,
    owner_id bigint NOT NULL, -- of 'open', else 0
    days     int NOT NULL,    -- of 'slip': how much later than at first, else 0
    n        int NOT NULL,
    PRIMARY KEY (what, organ_id, kind, owner_id, days)
) WITH (fillfactor = 70);

-- The tallies in which one commitment is counted.
CREATE FUNCTION tallies_of(c commitments) RETURNS TABLE (what text, organ_id bigint, kind text, owner_id bigint, days int)
LANGUAGE sql STABLE AS $$
    SELECT 'open', c.organ_id, c.kind, c.owner_id, 0 WHERE c.state = 'open'
    UNION ALL SELECT 'silent', c.organ_id, c.kind, 0, 0 WHERE c.state IN ('open', 'done') AND c.reported_at IS NULL
    UNION ALL SELECT 'slipped', c.organ_id, c.kind, 0, 0 WHERE c.slips > 0
    UNION ALL SELECT 'dropped', c.organ_id, c.kind, 0, 0 WHERE c.state = 'dropped'
    UNION ALL SELECT 'contested', c.organ_id, c.kind, 0, 0 WHERE c.contested
    UNION ALL SELECT 'noted', c.organ_id, c.kind, 0, 0 WHERE c.state = 'noted'
    UNION ALL SELECT 'slip', 0, c.kind, 0, greatest(c.due - c.first_due, 0) WHERE c.slips > 0
$$;

-- One statement changes each tally once, and the tallies in one order, so that
-- two who write wait for each other in turn.
CREATE FUNCTION tally_commitments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO commitment_tallies
        SELECT t.*, count(*) FROM after_rows c, tallies_of(c) t
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT ON CONSTRAINT commitment_tallies_pkey DO UPDATE SET n = commitment_tallies.n + excluded.n;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO commitment_tallies
        SELECT what, organ_id, kind, owner_id, days, sum(one) FROM (
            SELECT t.*, 1 AS one FROM after_rows c, tallies_of(c) t
            UNION ALL
            SELECT t.*, -1 FROM before_rows c, tallies_of(c) t) changed
        GROUP BY 1, 2, 3, 4, 5 HAVING sum(one) <> 0 ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT ON CONSTRAINT commitment_tallies_pkey DO UPDATE SET n = commitment_tallies.n + excluded.n;
    ELSE
        INSERT INTO commitment_tallies
        SELECT t.*, -count(*) FROM before_rows c, tallies_of(c) t
        GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT ON CONSTRAINT commitment_tallies_pkey DO UPDATE SET n = commitment_tallies.n + excluded.n;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER commitments_are_tallied AFTER INSERT ON commitments
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_commitments();
CREATE TRIGGER commitments_are_tallied_again AFTER UPDATE ON commitments
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_commitments();
CREATE TRIGGER commitments_are_tallied_no_more AFTER DELETE ON commitments
    REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_commitments();
-- Also while rows come from another database: the tallies are this one's.
ALTER TABLE commitments ENABLE ALWAYS TRIGGER commitments_are_tallied;
ALTER TABLE commitments ENABLE ALWAYS TRIGGER commitments_are_tallied_again;
ALTER TABLE commitments ENABLE ALWAYS TRIGGER commitments_are_tallied_no_more;

INSERT INTO commitment_tallies SELECT t.*, count(*) FROM commitments c, tallies_of(c) t GROUP BY 1, 2, 3, 4, 5;

-- Open commitments that nobody at work in their organ has accepted: offered, or
-- left by whoever took them, or by the division in which they were taken.
CREATE VIEW unowned_commitments AS
WITH gone AS MATERIALIZED ( -- who they are comes first, then what they had
    SELECT DISTINCT t.owner_id, t.organ_id
    FROM commitment_tallies t JOIN users u ON u.id = t.owner_id
    WHERE t.what = 'open' AND t.n > 0 AND (u.disabled OR u.organ_id IS DISTINCT FROM t.organ_id OR NOT u.roles && ARRAY['office', 'reviewer', 'handler'])
)
SELECT c.id, c.organ_id, c.kind FROM commitments c WHERE c.state = 'open' AND c.offered_to IS NOT NULL
UNION
SELECT c.id, c.organ_id, c.kind
FROM gone g JOIN commitments c ON c.owner_id = g.owner_id AND c.organ_id = g.organ_id AND c.state = 'open'
UNION
SELECT c.id, c.organ_id, c.kind
FROM divisions v JOIN commitments c ON c.division_id = v.id AND c.state = 'open'
WHERE v.merged_into IS NOT NULL;
