-- A hand-over list (交办清单) that somebody uploaded. Until it is confirmed nothing of
-- it is a proposal; then a job receives its rows one by one.
CREATE TABLE hand_over_imports (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version          bigint NOT NULL DEFAULT 1,
    organ_id         bigint NOT NULL REFERENCES organs, -- of who uploaded it; others do not see it
    file_name        text NOT NULL,
    size             bigint NOT NULL,
    sha256           bytea NOT NULL CHECK (length(sha256) = 32),
    sheet            text NOT NULL,   -- the worksheet that was read; empty for text
    unread           text[] NOT NULL, -- other worksheets
    hidden_rows      int NOT NULL,
    state            text NOT NULL CHECK (state IN ('uploaded', 'confirmed', 'done')),
    header_line      int NOT NULL,    -- 0 for none
    columns          text[] NOT NULL, -- what each holds, '' for nothing
    -- what holds for rows that say nothing themselves
    kind             text NOT NULL CHECK (kind IN ('', 'cppcc_proposal', 'npc_suggestion')),
    body             text NOT NULL,
    term             int NOT NULL,
    session          int NOT NULL,
    answering        bigint REFERENCES organs,
    role             text NOT NULL,
    handed_over      date,
    number_width     int NOT NULL CHECK (number_width BETWEEN 0 AND 10),
    text_public      boolean NOT NULL,
    no_written_reply boolean NOT NULL,
    uploaded_by      bigint NOT NULL REFERENCES users,
    uploaded_at      timestamptz NOT NULL,
    confirmed_by     bigint REFERENCES users,
    confirmed_at     timestamptz,
    done_at          timestamptz,
    -- how many rows there are below the headings, and what became of them
    row_count        int NOT NULL,
    received_count   int NOT NULL DEFAULT 0,
    refused_count    int NOT NULL DEFAULT 0,
    CHECK ((state = 'uploaded') = (confirmed_at IS NULL)),
    CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL)),
    CHECK ((state = 'done') = (done_at IS NOT NULL)),
    CHECK (state = 'done' OR received_count + refused_count <= row_count),
    CHECK (state <> 'done' OR received_count + refused_count = row_count)
);

CREATE INDEX ON hand_over_imports (organ_id, id DESC);
CREATE INDEX hand_over_imports_waiting ON hand_over_imports (uploaded_at) WHERE state = 'uploaded';

-- The file as it came. It stands apart from what lists read.
CREATE TABLE hand_over_import_files (
    import_id bigint PRIMARY KEY REFERENCES hand_over_imports ON DELETE CASCADE,
    content   bytea NOT NULL
);

-- Every row of the file with something in it, those above the headings too.
CREATE TABLE hand_over_import_rows (
    import_id   bigint NOT NULL REFERENCES hand_over_imports ON DELETE CASCADE,
    line        int NOT NULL,
    cells       text[] NOT NULL,
    outcome     text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'received', 'refused')),
    proposal_id bigint REFERENCES proposals,
    reason      text NOT NULL DEFAULT '',
    PRIMARY KEY (import_id, line),
    CHECK ((outcome = 'received') = (proposal_id IS NOT NULL)),
    CHECK ((outcome = 'refused') = (reason <> ''))
);
