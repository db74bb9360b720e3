-- A ladder (提醒阶梯) says when who is told of deadlines of one code. An organ's
-- own that it gave up stays without rungs, so that its version goes on.
CREATE TABLE ladders (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version     bigint NOT NULL DEFAULT 1,
    organ_id    bigint REFERENCES organs, -- null for all organs that have none of their own
    code        text NOT NULL CHECK (code IN (
        'RETURN_WRONG', 'REPLY', 'COHANDLE_OPINION', 'PUBLISH', 'FEEDBACK_WAIT', 'COMMITMENT')),
    every       int NOT NULL CHECK (every BETWEEN 0 AND 60), -- the last rung again each so many working days
    CONSTRAINT ladder_code UNIQUE NULLS NOT DISTINCT (code, organ_id)
);

CREATE TABLE rungs (
    ladder_id bigint NOT NULL REFERENCES ladders,
    days      int NOT NULL CHECK (days BETWEEN -60 AND 60), -- working days after the due day
    tells     text[] NOT NULL
        CHECK (tells <> '{}' AND tells <@ ARRAY['handler', 'head', 'office', 'oversight', 'proposer']),
    PRIMARY KEY (ladder_id, days)
);

INSERT INTO ladders (code, every) VALUES
    ('RETURN_WRONG', 5), ('REPLY', 5), ('COHANDLE_OPINION', 5), ('PUBLISH', 5), ('FEEDBACK_WAIT', 0), ('COMMITMENT', 5);

INSERT INTO rungs (ladder_id, days, tells)
SELECT l.id, r.days, r.tells::text[]
FROM ladders l
JOIN (VALUES
    ('RETURN_WRONG', -5, '{office}'),
    ('RETURN_WRONG', -3, '{office}'),
    ('RETURN_WRONG', -1, '{office}'),
    ('RETURN_WRONG', 0, '{office}'),
    ('RETURN_WRONG', 1, '{office}'),
    ('RETURN_WRONG', 3, '{office,oversight}'),
    ('REPLY', -10, '{handler}'),
    ('REPLY', -5, '{handler}'),
    ('REPLY', -3, '{handler,head}'),
    ('REPLY', -1, '{handler,head}'),
    ('REPLY', 0, '{handler,head,office}'),
    ('REPLY', 1, '{handler,head,office}'),
    ('REPLY', 3, '{handler,head,office,oversight}'),
    ('COHANDLE_OPINION', -5, '{office}'),
    ('COHANDLE_OPINION', -3, '{office}'),
    ('COHANDLE_OPINION', -1, '{office}'),
    ('COHANDLE_OPINION', 0, '{office}'),
    ('COHANDLE_OPINION', 1, '{handler,office}'),
    ('COHANDLE_OPINION', 3, '{handler,office,oversight}'),
    ('PUBLISH', -5, '{office}'),
    ('PUBLISH', -3, '{office}'),
    ('PUBLISH', -1, '{office}'),
    ('PUBLISH', 0, '{office}'),
    ('PUBLISH', 1, '{office}'),
    ('PUBLISH', 3, '{office,oversight}'),
    ('FEEDBACK_WAIT', -5, '{proposer}'),
    ('FEEDBACK_WAIT', -1, '{proposer}'),
    ('FEEDBACK_WAIT', 1, '{office}'),
    ('COMMITMENT', -10, '{handler}'),
    ('COMMITMENT', -5, '{handler}'),
    ('COMMITMENT', -3, '{handler,head}'),
    ('COMMITMENT', -1, '{handler,head}'),
    ('COMMITMENT', 0, '{handler,head,office}'),
    ('COMMITMENT', 1, '{handler,head,office}'),
    ('COMMITMENT', 3, '{handler,head,office,oversight}')
) AS r (code, days, tells) ON r.code = l.code;

-- When the sweep looks at each deadline again: null for never. It stands beside
-- the deadlines because the sweep moves it on at every rung, and a change there
-- would write to each of their indexes. What a deadline says of itself, that
-- somebody must be told from a moment on or never, the trigger brings here.
CREATE TABLE deadline_watch (
    deadline_id bigint PRIMARY KEY,
    next_notice timestamptz
);

INSERT INTO deadline_watch SELECT id, next_notice FROM deadlines;

-- The sweep walks what is due, not what exists.
CREATE INDEX deadline_watch_due ON deadline_watch (next_notice, deadline_id) WHERE next_notice IS NOT NULL;
DROP INDEX deadlines_next_notice;

CREATE FUNCTION watch_deadline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO deadline_watch VALUES (NEW.id, NEW.next_notice)
    ON CONFLICT (deadline_id) DO UPDATE SET next_notice = excluded.next_notice;
    RETURN NULL;
END $$;

CREATE TRIGGER deadlines_are_watched AFTER INSERT OR UPDATE OF next_notice, met, ended, paused ON deadlines
    FOR EACH ROW EXECUTE FUNCTION watch_deadline();

-- The ledger: what each person was told, once. A notice is of a rung of a
-- deadline, which leads to its proposal, or of an occasion. Of a rung the words
-- are not kept but what they are made of: the row itself, what never changes of
-- the deadline, its proposal, its promise and people's names, and the rows that
-- were there before it. The calendar may change, so the days left are kept.
--
-- Nothing here refers to another table by a constraint: whoever changes a
-- proposal locks it before its deadlines, so that a sweep, which holds a
-- deadline, must not wait for the proposal; no row that is named here is ever
-- deleted; and a notice is written only of rows that its transaction read. The
-- checks would also be a third of what a sweep costs.
CREATE TABLE notices (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id       bigint NOT NULL,
    role          text NOT NULL, -- as what the person was told
    deadline_id   bigint,
    due           date,          -- the deadline's day then
    rung          int,
    days_left     int NOT NULL DEFAULT 0, -- working days from then to the due day, as counted then
    escalated     boolean NOT NULL DEFAULT false, -- the words say who was told before
    occasion      text NOT NULL DEFAULT '',
    ref           bigint,        -- tells two of the same occasion apart
    proposal_id   bigint,
    commitment_id bigint,
    subject       text NOT NULL DEFAULT '', -- of an occasion
    body          text NOT NULL DEFAULT '',
    by_mail       boolean NOT NULL, -- by which channels a job was queued with it
    by_webhook    boolean NOT NULL,
    at            timestamptz NOT NULL,
    read_at       timestamptz,
    CHECK ((deadline_id IS NULL) = (occasion <> '')),
    CHECK ((deadline_id IS NULL) = (subject <> '')),
    CHECK (deadline_id IS NULL OR due IS NOT NULL AND rung IS NOT NULL AND proposal_id IS NULL)
);

-- Nobody is told twice, whatever crashes.
CREATE UNIQUE INDEX notice_rung ON notices (deadline_id, due, user_id, rung) WHERE deadline_id IS NOT NULL;
CREATE UNIQUE INDEX notice_occasion ON notices (occasion, proposal_id, ref, user_id) NULLS NOT DISTINCT
    WHERE deadline_id IS NULL;
CREATE INDEX notices_of_user ON notices (user_id, id);
CREATE INDEX notices_unread ON notices (user_id, id) WHERE read_at IS NULL;

-- How each notice goes out beside the inbox. What goes out at once has a job
-- from the start and a row from the first attempt; what waits for the morning's
-- digest has a row from the start.
CREATE TABLE notice_deliveries (
    notice_id  bigint NOT NULL,
    channel    text NOT NULL CHECK (channel IN ('mail', 'digest', 'webhook')),
    state      text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'not_needed', 'failed')),
    attempts   int NOT NULL DEFAULT 0,
    error      text NOT NULL DEFAULT '', -- of the last attempt
    sent_at    timestamptz,
    message_id text NOT NULL DEFAULT '',
    PRIMARY KEY (notice_id, channel),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CHECK (state <> 'failed' OR error <> '')
);

CREATE INDEX notice_deliveries_for_digest ON notice_deliveries (notice_id)
    WHERE channel = 'digest' AND state = 'queued';

-- One mail a person and morning, with what waits.
CREATE TABLE digests (
    user_id    bigint NOT NULL REFERENCES users,
    day        date NOT NULL,
    until      timestamptz NOT NULL, -- notices up to this moment
    state      text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'not_needed', 'failed')),
    attempts   int NOT NULL DEFAULT 0,
    error      text NOT NULL DEFAULT '',
    sent_at    timestamptz,
    message_id text NOT NULL DEFAULT '',
    PRIMARY KEY (user_id, day),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);

-- The mornings whose digests were made.
CREATE TABLE digest_days (
    day date PRIMARY KEY
);

-- How each person wants to be told. Who has no row reads the inbox only.
CREATE TABLE notice_settings (
    user_id        bigint PRIMARY KEY REFERENCES users,
    version        bigint NOT NULL DEFAULT 1,
    mail           text NOT NULL DEFAULT '',
    mail_mode      text NOT NULL DEFAULT 'none' CHECK (mail_mode IN ('none', 'at_once', 'digest')),
    webhook_url    text NOT NULL DEFAULT '',
    webhook_secret text NOT NULL DEFAULT '',
    CHECK (mail_mode = 'none' OR mail <> ''),
    CHECK ((webhook_url = '') = (webhook_secret = ''))
);
