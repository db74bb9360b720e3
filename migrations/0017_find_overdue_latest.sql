-- Those that are overdue, the last on record first: what is not due yet is passed by in
-- an index that holds what waits alone, and not among all that there are.
CREATE INDEX proposals_waiting_latest ON proposals (id) INCLUDE (reply_due, organ_id, kind)
    WHERE state IN ('received', 'return_requested', 'accepted', 'drafting', 'reviewing', 'signed') AND NOT reply_paused;
