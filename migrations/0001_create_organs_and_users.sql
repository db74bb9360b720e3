-- An organ (单位) answers proposals, helps to, or oversees.
CREATE TABLE organs (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL CONSTRAINT organ_name UNIQUE,
    short_name   text NOT NULL,
    office_name  text NOT NULL DEFAULT '',
    oversight    text NOT NULL DEFAULT '' CHECK (oversight IN ('', 'government', 'cppcc', 'npc')),
    cppcc_prefix text NOT NULL DEFAULT '',
    npc_prefix   text NOT NULL DEFAULT '',
    CHECK (cppcc_prefix = '' OR cppcc_prefix <> npc_prefix)
);

-- Two organs never draw from one number series.
CREATE UNIQUE INDEX organ_cppcc_prefix ON organs (cppcc_prefix) WHERE cppcc_prefix <> '';
CREATE UNIQUE INDEX organ_npc_prefix ON organs (npc_prefix) WHERE npc_prefix <> '';

-- The oversight offices to which Shanghai's letters are copied.
INSERT INTO organs (name, short_name, oversight) VALUES
    ('上海市人民政府办公厅建议提案处', '市政府办公厅建议提案处', 'government'),
    ('政协上海市委员会提案办公室', '市政协提案办', 'cppcc'),
    ('上海市人民代表大会常务委员会代表工作处', '市人大代表工作处', 'npc');

CREATE TABLE divisions (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organ_id bigint NOT NULL REFERENCES organs,
    name     text NOT NULL,
    CONSTRAINT division_name UNIQUE (organ_id, name),
    UNIQUE (id, organ_id)
);

CREATE TABLE users (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version       bigint NOT NULL DEFAULT 1,
    name          text NOT NULL CONSTRAINT user_name UNIQUE,
    display_name  text NOT NULL,
    password_hash text NOT NULL,
    roles         text[] NOT NULL
        CHECK (roles <@ ARRAY['admin', 'office', 'reviewer', 'handler', 'supervisor', 'delegate']),
    organ_id      bigint REFERENCES organs,
    division_id   bigint,
    disabled      boolean NOT NULL DEFAULT false,
    failed_count  int NOT NULL DEFAULT 0,
    locked_until  timestamptz,
    FOREIGN KEY (division_id, organ_id) REFERENCES divisions (id, organ_id),
    CHECK (division_id IS NULL OR organ_id IS NOT NULL)
);

CREATE INDEX ON users (organ_id);

-- What a person or a program signs in with. Only the hash of the secret is kept.
CREATE TABLE tokens (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES users,
    kind       text NOT NULL CHECK (kind IN ('session', 'api')),
    name       text NOT NULL,
    hash       bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE INDEX ON tokens (user_id);

-- One row for each write that was done, so that it is not done again.
CREATE TABLE requests (
    id         uuid PRIMARY KEY,
    user_id    bigint NOT NULL,
    digest     bytea NOT NULL,
    subject_id bigint NOT NULL DEFAULT 0,
    at         timestamptz NOT NULL
);
