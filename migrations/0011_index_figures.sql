-- Figures as of a past day read of all proposals the few events that they count,
-- of all letters to whom they were brought, of all promises what each line made of
-- them, and of all replies what was ever public: each from an index alone. The
-- notes of the letters' index are names of proposers, which are short.
CREATE INDEX events_counted ON events (proposal_id) INCLUDE (verb, at, round, seq)
    WHERE verb IN ('grant_return', 'withdraw', 'close', 'close_without_letter', 'redo', 'record_contact', 'complete',
                   'import', 'term_ended');
CREATE INDEX events_delivered ON events (proposal_id) INCLUDE (round, note, at) WHERE verb = 'record_delivery';

DROP INDEX progress_by_time;
CREATE INDEX progress_by_time ON progress (commitment_id, at, id) INCLUDE (state, kind, day);

CREATE INDEX publications_by_reply ON publications (reply_id) INCLUDE (published, taken_down);

-- Whom else an organ helps.
CREATE INDEX opinions_by_organ ON opinions (organ_id, proposal_id);
