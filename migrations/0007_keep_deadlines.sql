-- A deadline also follows a commitment, may end unmet, may pause, and says when
-- somebody must next be told of it.
ALTER TABLE deadlines
    ADD COLUMN commitment_id bigint REFERENCES commitments,
    ADD COLUMN rule_from     date,        -- which row of deadline_rules it was started by
    ADD COLUMN ended         date,        -- no longer asked for: withdrawn, returned, waived
    ADD COLUMN paused        date,        -- the day since which it does not run
    ADD COLUMN armed_at      timestamptz NOT NULL DEFAULT now(), -- since when its present day stands
    ADD COLUMN next_notice   timestamptz, -- when the sweep looks at it again; null for never
    ADD CONSTRAINT notice_only_while_running
        CHECK (next_notice IS NULL OR met IS NULL AND ended IS NULL AND paused IS NULL);

-- The sweep walks what is due, not what exists.
CREATE INDEX deadlines_next_notice ON deadlines (next_notice, id) WHERE next_notice IS NOT NULL;
CREATE INDEX deadlines_commitment ON deadlines (commitment_id) WHERE commitment_id IS NOT NULL;

DROP INDEX deadline_open;
CREATE UNIQUE INDEX deadline_open ON deadlines (proposal_id, rule, organ_id, round, coalesce(commitment_id, 0))
    WHERE met IS NULL AND ended IS NULL;
