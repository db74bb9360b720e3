CREATE TABLE commitments (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version         bigint NOT NULL DEFAULT 1,
    proposal_id     bigint NOT NULL REFERENCES proposals,
    letter_id       bigint NOT NULL REFERENCES letters,
    text            text NOT NULL,
    start_offset    int NOT NULL CHECK (start_offset >= 0), -- in characters of the letter
    end_offset      int NOT NULL,
    cue             text NOT NULL,
    responsible     text[] NOT NULL,
    due_words       text NOT NULL,
    words_due       date,
    state           text NOT NULL DEFAULT 'noted'
        CHECK (state IN ('noted', 'open', 'done', 'kept', 'waived', 'dropped')),
    owner_id        bigint REFERENCES users,
    deliverable     text NOT NULL DEFAULT '',
    criterion       text NOT NULL DEFAULT '',
    first_due       date,
    due             date,
    end_reason      text NOT NULL DEFAULT '',
    evidence        text NOT NULL DEFAULT '',
    done_day        date,
    judged_by       bigint REFERENCES users,
    told_day        date,
    told_how        text NOT NULL DEFAULT '',
    CHECK (end_offset - start_offset = char_length(text)),
    -- Recording a letter again records nothing again.
    CONSTRAINT commitment_place UNIQUE (letter_id, start_offset),
    CHECK (state IN ('noted', 'waived') OR owner_id IS NOT NULL AND due IS NOT NULL AND first_due IS NOT NULL),
    CHECK (state NOT IN ('done', 'kept') OR evidence <> '' AND done_day IS NOT NULL),
    CONSTRAINT judge_is_not_owner CHECK (judged_by IS NULL OR judged_by <> owner_id),
    CHECK (state <> 'kept' OR judged_by IS NOT NULL AND told_day IS NOT NULL AND told_how <> ''),
    CHECK (state NOT IN ('waived', 'dropped') OR end_reason <> '')
);

CREATE INDEX ON commitments (proposal_id);
-- Lists run by day, the ones without a day last.
CREATE INDEX commitments_by_day ON commitments ((coalesce(due, words_due, 'infinity'::date)), id);
CREATE INDEX ON commitments (owner_id);

-- A promise stands in its letter, to the character.
CREATE FUNCTION check_commitment_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.text <> (SELECT substr(l.text, NEW.start_offset + 1, NEW.end_offset - NEW.start_offset)
                    FROM letters l WHERE l.id = NEW.letter_id) THEN
        RAISE EXCEPTION 'the commitment is not what the letter says at its place'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'commitment_text';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER commitment_text BEFORE INSERT OR UPDATE OF text, start_offset, end_offset, letter_id ON commitments
    FOR EACH ROW EXECUTE FUNCTION check_commitment_text();

-- Letters whose commitments are on record, also those that promise nothing.
CREATE TABLE letter_readings (
    letter_id   bigint PRIMARY KEY REFERENCES letters,
    commitments int NOT NULL,
    at          timestamptz NOT NULL
);

CREATE TABLE progress (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    commitment_id bigint NOT NULL REFERENCES commitments,
    kind          text NOT NULL
        CHECK (kind IN ('progress', 'done', 'accepted', 'not_accepted', 'reopened', 'urged', 'dropped')),
    text          text NOT NULL,
    day           date NOT NULL,
    author_id     bigint NOT NULL REFERENCES users,
    at            timestamptz NOT NULL
);

CREATE INDEX ON progress (commitment_id);

CREATE TRIGGER progress_is_final BEFORE UPDATE OR DELETE ON progress
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE due_changes (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    commitment_id bigint NOT NULL REFERENCES commitments,
    before        date,
    after         date NOT NULL,
    reason        text NOT NULL,
    agreed_by     text NOT NULL,
    author_id     bigint NOT NULL REFERENCES users,
    at            timestamptz NOT NULL
);

CREATE INDEX ON due_changes (commitment_id);

CREATE TRIGGER due_changes_are_final BEFORE UPDATE OR DELETE ON due_changes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
