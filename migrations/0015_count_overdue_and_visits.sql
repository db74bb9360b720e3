-- The overdue board counts replies and publications by their day, organ and kind:
-- those of replies from the index alone.
DROP INDEX proposals_waiting;
CREATE INDEX proposals_waiting ON proposals (reply_due, id) INCLUDE (organ_id, kind)
    WHERE state IN ('received', 'return_requested', 'accepted', 'drafting', 'reviewing', 'signed') AND NOT reply_paused;
CREATE INDEX deadlines_unpublished ON deadlines (due, id) INCLUDE (organ_id, proposal_id)
    WHERE rule = 'PUBLISH' AND met IS NULL AND ended IS NULL AND paused IS NULL;
-- What waits for an oversight office. Requests for more time and to give back have
-- such an index already.
CREATE INDEX feedbacks_dissatisfied ON feedbacks (reply_id, at)
    WHERE attitude = 'dissatisfied' OR result = 'dissatisfied';
CREATE INDEX copies_unacknowledged ON copies (organ_id, reply_id)
    WHERE sent_at IS NOT NULL AND acknowledged_at IS NULL;

-- Up to which event of a proposal one of its proposers has said to have seen what
-- happened.
CREATE TABLE visits (
    user_id     bigint NOT NULL REFERENCES users,
    proposal_id bigint NOT NULL REFERENCES proposals,
    seq         bigint NOT NULL,
    PRIMARY KEY (user_id, proposal_id),
    FOREIGN KEY (proposal_id, seq) REFERENCES events (proposal_id, seq)
);
