-- The overdue board counts replies and publications by their day, organ and kind:
-- those of replies from the index alone.
DROP INDEX proposals_waiting;
CREATE INDEX proposals_waiting ON proposals (reply_due, id) INCLUDE (organ_id, kind)
    WHERE state IN ('received', 'return_requested', 'accepted', 'drafting', 'reviewing', 'signed') AND NOT reply_paused;

-- A deadline says of which kind its proposal is, which never changes: to ask the
-- proposals of those that are late would read all of them.
ALTER TABLE deadlines ADD COLUMN kind text NOT NULL DEFAULT '';

CREATE FUNCTION fill_deadline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT p.kind INTO NEW.kind FROM proposals p WHERE p.id = NEW.proposal_id;
    RETURN NEW;
END
$$;

CREATE TRIGGER deadlines_are_filled BEFORE INSERT ON deadlines
    FOR EACH ROW EXECUTE FUNCTION fill_deadline();

UPDATE deadlines d SET kind = p.kind FROM proposals p WHERE p.id = d.proposal_id;

CREATE INDEX deadlines_unpublished ON deadlines (due, id) INCLUDE (organ_id, kind, proposal_id)
    WHERE rule = 'PUBLISH' AND met IS NULL AND ended IS NULL AND paused IS NULL;

-- What waits for an oversight office. Requests for more time and to give back have
-- such an index already.
CREATE INDEX feedbacks_dissatisfied ON feedbacks (reply_id, at) INCLUDE (proposer_id, channel)
    WHERE attitude = 'dissatisfied' OR result = 'dissatisfied';
DROP INDEX redo_decisions_reply_id_idx;
CREATE INDEX redo_decisions_of_reply ON redo_decisions (reply_id, at);

-- Up to which event of a proposal one of its proposers has said to have seen what
-- happened.
CREATE TABLE visits (
    user_id     bigint NOT NULL REFERENCES users,
    proposal_id bigint NOT NULL REFERENCES proposals,
    seq         bigint NOT NULL,
    PRIMARY KEY (user_id, proposal_id),
    FOREIGN KEY (proposal_id, seq) REFERENCES events (proposal_id, seq)
);
