-- One reply a round.
CREATE TABLE replies (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proposal_id     bigint NOT NULL REFERENCES proposals,
    round           int NOT NULL,
    result          text NOT NULL DEFAULT '' CHECK (result IN ('', 'adopted', 'in_progress', 'planned', 'reference')),
    publicity       text NOT NULL DEFAULT '' CHECK (publicity IN ('', 'full', 'summary', 'on_request', 'withheld')),
    withhold_reason text NOT NULL DEFAULT '',
    summary         text NOT NULL DEFAULT '',
    draft_count     int NOT NULL DEFAULT 0,
    author_id       bigint REFERENCES users, -- of the latest draft
    passed          int NOT NULL DEFAULT 0,  -- review steps that the latest draft has passed
    signed_by       bigint REFERENCES users,
    UNIQUE (proposal_id, round),
    CONSTRAINT withheld_with_reason CHECK (publicity <> 'withheld' OR withhold_reason <> '')
);

CREATE TABLE drafts (
    reply_id   bigint NOT NULL REFERENCES replies,
    number     int NOT NULL,
    text       text NOT NULL,
    author_id  bigint NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (reply_id, number)
);

CREATE TRIGGER drafts_are_final BEFORE UPDATE OR DELETE ON drafts
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE reviews (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reply_id     bigint NOT NULL REFERENCES replies,
    draft_number int NOT NULL,
    step         text NOT NULL,
    approved     boolean NOT NULL,
    comment      text NOT NULL,
    reviewer_id  bigint NOT NULL REFERENCES users,
    at           timestamptz NOT NULL,
    reset        boolean NOT NULL DEFAULT false,
    FOREIGN KEY (reply_id, draft_number) REFERENCES drafts (reply_id, number)
);

CREATE INDEX ON reviews (reply_id);
-- A step is passed once for a draft, whoever races.
CREATE UNIQUE INDEX review_step ON reviews (reply_id, draft_number, step) WHERE approved AND NOT reset;

-- The last number taken of each series and year. Locking its row is what keeps
-- a number from being taken twice.
CREATE TABLE series (
    prefix text NOT NULL,
    year   int NOT NULL,
    last   int NOT NULL,
    PRIMARY KEY (prefix, year)
);

CREATE TABLE letters (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proposal_id       bigint NOT NULL REFERENCES proposals,
    reply_id          bigint NOT NULL REFERENCES replies,
    edition           int NOT NULL CHECK (edition > 0),
    document_number   text NOT NULL,
    issue_date        date NOT NULL,
    text              text NOT NULL,
    sha256            bytea NOT NULL CHECK (sha256 = sha256(convert_to(text, 'UTF8'))),
    issued_by         bigint NOT NULL REFERENCES users,
    issued_at         timestamptz NOT NULL,
    correction_reason text NOT NULL DEFAULT '',
    CONSTRAINT letter_edition UNIQUE (reply_id, edition),
    CONSTRAINT letter_number UNIQUE (document_number, edition),
    CHECK ((edition = 1) = (correction_reason = ''))
);

CREATE INDEX ON letters (proposal_id);

CREATE TRIGGER letters_are_frozen BEFORE UPDATE OR DELETE ON letters
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER letters_are_kept BEFORE TRUNCATE ON letters
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What became of each number from 1 to the last: no number without a row.
CREATE TABLE series_numbers (
    prefix    text NOT NULL,
    year      int NOT NULL,
    number    int NOT NULL CHECK (number > 0),
    -- outside: taken before this program kept the series
    fate      text NOT NULL CHECK (fate IN ('used', 'void', 'outside')),
    letter_id bigint UNIQUE REFERENCES letters,
    reason    text NOT NULL DEFAULT '',
    at        timestamptz NOT NULL,
    PRIMARY KEY (prefix, year, number),
    FOREIGN KEY (prefix, year) REFERENCES series,
    CHECK ((fate = 'used') = (letter_id IS NOT NULL)),
    CHECK (fate <> 'void' OR reason <> '')
);

CREATE TRIGGER series_numbers_are_kept BEFORE DELETE ON series_numbers
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER series_numbers_are_final BEFORE UPDATE ON series_numbers
    FOR EACH ROW WHEN (OLD.fate <> 'outside') EXECUTE FUNCTION refuse_change();

CREATE TABLE deliveries (
    reply_id    bigint NOT NULL REFERENCES replies,
    proposer_id bigint NOT NULL REFERENCES proposers,
    channel     text NOT NULL DEFAULT '' CHECK (channel IN ('', 'hand', 'post', 'system')),
    day         date,
    proof       text NOT NULL DEFAULT '',
    recorded_by bigint REFERENCES users,
    PRIMARY KEY (reply_id, proposer_id),
    CHECK ((day IS NULL) = (channel = ''))
);

CREATE TABLE copies (
    reply_id        bigint NOT NULL REFERENCES replies,
    organ_id        bigint NOT NULL REFERENCES organs,
    ordered_at      timestamptz,
    sent_at         timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by bigint REFERENCES users,
    PRIMARY KEY (reply_id, organ_id),
    CHECK (acknowledged_at IS NULL OR sent_at IS NOT NULL)
);

CREATE TABLE publications (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reply_id         bigint NOT NULL REFERENCES replies,
    text             text NOT NULL,
    published        date NOT NULL,
    taken_down       date,
    take_down_reason text NOT NULL DEFAULT '',
    CHECK ((taken_down IS NULL) = (take_down_reason = ''))
);

CREATE UNIQUE INDEX publication_standing ON publications (reply_id) WHERE taken_down IS NULL;

-- What the program sent to whom and when.
CREATE TABLE messages (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proposal_id  bigint NOT NULL REFERENCES proposals,
    occasion     text NOT NULL,
    occasion_ref bigint NOT NULL,
    proposer_id  bigint REFERENCES proposers,
    organ_id     bigint REFERENCES organs,
    body         text NOT NULL,
    sent_at      timestamptz NOT NULL,
    CHECK (num_nonnulls(proposer_id, organ_id) = 1),
    -- Nobody is told the same thing twice.
    UNIQUE NULLS NOT DISTINCT (proposal_id, occasion, occasion_ref, proposer_id, organ_id)
);
