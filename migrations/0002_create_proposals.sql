CREATE TABLE proposals (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version          bigint NOT NULL DEFAULT 1,
    kind             text NOT NULL CHECK (kind IN ('cppcc_proposal', 'npc_suggestion')),
    body             text NOT NULL,
    term             int NOT NULL CHECK (term > 0),
    session          int NOT NULL CHECK (session >= 0), -- 0 is between sittings
    number           text NOT NULL,
    title            text NOT NULL,
    text             text NOT NULL,
    text_public      boolean NOT NULL,
    no_written_reply boolean NOT NULL,
    state            text NOT NULL CHECK (state IN (
        'received', 'return_requested', 'returned', 'accepted', 'drafting', 'reviewing',
        'signed', 'issued', 'answered', 'closed', 'withdrawn')),
    round            int NOT NULL DEFAULT 1 CHECK (round > 0),
    organ_id         bigint NOT NULL REFERENCES organs,
    division_id      bigint REFERENCES divisions,
    handler_id       bigint REFERENCES users,
    handed_over      date NOT NULL,
    reply_due        date NOT NULL,
    received_at      timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    -- The head of the chain of events: how many there are, and the last one's hash.
    event_count      bigint NOT NULL DEFAULT 0,
    event_hash       bytea NOT NULL DEFAULT ''::bytea,
    CONSTRAINT handler_when_drafting CHECK (
        handler_id IS NOT NULL OR state NOT IN ('drafting', 'reviewing', 'signed'))
);

-- One that was returned may be handed to another organ.
CREATE UNIQUE INDEX proposal_number ON proposals (kind, body, term, session, number) WHERE state <> 'returned';
CREATE INDEX ON proposals (organ_id, id DESC);
CREATE INDEX ON proposals (kind, id DESC);
CREATE INDEX ON proposals (handler_id, id DESC);
-- The overdue ones are found by their day alone.
CREATE INDEX proposals_waiting ON proposals (reply_due)
    WHERE state IN ('received', 'return_requested', 'accepted', 'drafting', 'reviewing', 'signed');

CREATE TABLE proposers (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proposal_id  bigint NOT NULL REFERENCES proposals,
    place        int NOT NULL, -- 1 for the first name
    name         text NOT NULL,
    organisation boolean NOT NULL,
    lead         boolean NOT NULL,
    user_id      bigint REFERENCES users,
    phone        text NOT NULL, -- never leaves the program
    address      text NOT NULL, -- never leaves the program
    UNIQUE (proposal_id, place),
    CONSTRAINT proposer_name UNIQUE (proposal_id, name)
);

CREATE INDEX ON proposers (user_id);

CREATE TABLE assignments (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proposal_id bigint NOT NULL REFERENCES proposals,
    organ_id    bigint NOT NULL REFERENCES organs,
    role        text NOT NULL CHECK (role IN ('sole', 'lead', 'joint', 'helper', 'split')),
    handed_over date NOT NULL,
    signed_for  date,
    CONSTRAINT assignment_organ UNIQUE (proposal_id, organ_id)
);

CREATE INDEX ON assignments (organ_id, proposal_id DESC);

CREATE TABLE returns (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proposal_id     bigint NOT NULL REFERENCES proposals,
    reason          text NOT NULL,
    asked_by        bigint NOT NULL REFERENCES users,
    asked_at        timestamptz NOT NULL,
    granted         boolean,
    decided_by      bigint REFERENCES users,
    decision_reason text NOT NULL DEFAULT '',
    CHECK ((granted IS NULL) = (decided_by IS NULL))
);

CREATE UNIQUE INDEX return_undecided ON returns (proposal_id) WHERE granted IS NULL;
CREATE INDEX ON returns (proposal_id);

CREATE TABLE opinions (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proposal_id bigint NOT NULL REFERENCES proposals,
    organ_id    bigint NOT NULL REFERENCES organs,
    question    text NOT NULL,
    asked_at    timestamptz NOT NULL,
    due         date NOT NULL,
    text        text NOT NULL DEFAULT '',
    given_by    bigint REFERENCES users,
    given_at    timestamptz,
    CHECK ((text = '') = (given_at IS NULL))
);

CREATE UNIQUE INDEX opinion_asked ON opinions (proposal_id, organ_id) WHERE given_at IS NULL;
CREATE INDEX ON opinions (proposal_id);

CREATE TABLE contacts (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proposal_id bigint NOT NULL REFERENCES proposals,
    proposer_id bigint NOT NULL REFERENCES proposers,
    channel     text NOT NULL CHECK (channel IN ('visit', 'call', 'meeting', 'letter')),
    day         date NOT NULL,
    summary     text NOT NULL,
    recorded_by bigint NOT NULL REFERENCES users
);

CREATE INDEX ON contacts (proposal_id);

CREATE TABLE extensions (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proposal_id     bigint NOT NULL REFERENCES proposals,
    reason          text NOT NULL,
    until           date NOT NULL,
    asked_by        bigint NOT NULL REFERENCES users,
    asked_at        timestamptz NOT NULL,
    granted         boolean,
    decided_by      bigint REFERENCES users,
    decision_reason text NOT NULL DEFAULT '',
    CHECK ((granted IS NULL) = (decided_by IS NULL))
);

CREATE UNIQUE INDEX extension_undecided ON extensions (proposal_id) WHERE granted IS NULL;
CREATE INDEX ON extensions (proposal_id);

-- The history. A line is never changed; each carries the hash of the one before.
CREATE TABLE events (
    proposal_id bigint NOT NULL REFERENCES proposals,
    seq         bigint NOT NULL CHECK (seq > 0),
    verb        text NOT NULL,
    actor_id    bigint REFERENCES users,
    actor       text NOT NULL,
    at          timestamptz NOT NULL,
    round       int NOT NULL,
    note        text NOT NULL,
    hash        bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (proposal_id, seq)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER events_are_final BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_are_kept BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
