-- Letters taken in with promises that a person confirmed: what is recorded is
-- what was confirmed, also when it is nothing.
CREATE TABLE confirmations (
    letter_id    bigint PRIMARY KEY REFERENCES letters,
    confirmed_by bigint NOT NULL REFERENCES users,
    at           timestamptz NOT NULL
);

CREATE TRIGGER confirmations_are_final BEFORE UPDATE OR DELETE ON confirmations
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The promises confirmed, until the job records them as commitments, and after
-- that for who asks what was confirmed.
CREATE TABLE confirmed_promises (
    letter_id    bigint NOT NULL REFERENCES confirmations,
    start_offset int NOT NULL CHECK (start_offset >= 0), -- in characters of the letter
    end_offset   int NOT NULL CHECK (end_offset > start_offset),
    cue          text NOT NULL, -- as read; empty for a promise that no reader found
    responsible  text[] NOT NULL,
    due_words    text NOT NULL,
    words_due    date,
    PRIMARY KEY (letter_id, start_offset)
);

CREATE TRIGGER confirmed_promises_are_final BEFORE UPDATE OR DELETE ON confirmed_promises
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
