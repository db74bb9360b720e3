-- Figures as of a past day ask of every proposal for the few events that they
-- count, which lie far apart, and of every reply for what was ever public.
CREATE INDEX events_counted ON events (proposal_id) INCLUDE (verb, at, round, seq)
    WHERE verb IN ('grant_return', 'withdraw', 'close', 'close_without_letter', 'redo', 'record_contact', 'complete',
                   'import', 'record_delivery', 'term_ended');

CREATE INDEX ON publications (reply_id);
