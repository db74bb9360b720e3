-- What a handler decides of each promise of a draft before it is issued: it will
-- be followed, by whom, until when and judged how; or it is no promise to follow.
-- It belongs to a sentence, wherever that stands, and so survives the next draft.
CREATE TABLE promise_plans (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reply_id    bigint NOT NULL REFERENCES replies,
    text        text NOT NULL CHECK (text <> ''),
    owner_id    bigint REFERENCES users,
    due         date,
    deliverable text NOT NULL DEFAULT '',
    criterion   text NOT NULL DEFAULT '',
    reason      text NOT NULL DEFAULT '', -- why it is not followed
    planned_by  bigint NOT NULL REFERENCES users,
    planned_at  timestamptz NOT NULL,
    CONSTRAINT plan_follows_or_says_why CHECK (
        reason = '' AND owner_id IS NOT NULL AND due IS NOT NULL AND deliverable <> ''
        OR reason <> '' AND owner_id IS NULL AND due IS NULL)
);

CREATE UNIQUE INDEX promise_plan ON promise_plans (reply_id, md5(text));

-- A commitment is found by whom it concerns: the organ that gave it, the kind of
-- its proposal, the person and division that keep it.
ALTER TABLE commitments
    ADD COLUMN organ_id    bigint REFERENCES organs,
    ADD COLUMN kind        text NOT NULL DEFAULT '',
    ADD COLUMN division_id bigint REFERENCES divisions, -- its owner's, when the owner took it
    ADD COLUMN offered_to  bigint REFERENCES users,     -- who is to own it and has not yet accepted
    ADD COLUMN follow_year int,                         -- 跟踪年度: carried on each 31 December
    ADD COLUMN slips       int NOT NULL DEFAULT 0 CHECK (slips >= 0),    -- how often its day was put off
    ADD COLUMN keepings    int NOT NULL DEFAULT 0 CHECK (keepings >= 0), -- how often it was judged kept
    ADD COLUMN reported_at timestamptz,                 -- the last word on it of who keeps it
    ADD COLUMN contested   boolean NOT NULL DEFAULT false, -- a proposer says it is not kept; undecided
    ADD COLUMN done_by     bigint REFERENCES users,     -- who said that it was done
    ADD COLUMN signed_by   text NOT NULL DEFAULT '',    -- the report that gave it up
    ADD COLUMN signed_day  date,
    ADD CONSTRAINT contested_only_when_kept CHECK (NOT contested OR state = 'kept');

UPDATE commitments c SET organ_id = p.organ_id, kind = p.kind,
    -- Once reopened it is judged no more; what was said of it is in its history.
    judged_by = CASE WHEN c.state IN ('done', 'kept') THEN c.judged_by END,
    told_day = CASE WHEN c.state IN ('done', 'kept') THEN c.told_day END,
    told_how = CASE WHEN c.state IN ('done', 'kept') THEN c.told_how ELSE '' END,
    division_id = (SELECT u.division_id FROM users u WHERE u.id = c.owner_id),
    slips = (SELECT count(*) FROM due_changes g WHERE g.commitment_id = c.id AND g.after > g.before),
    keepings = (SELECT count(*) FROM progress g WHERE g.commitment_id = c.id AND g.kind = 'accepted'),
    reported_at = (SELECT max(g.at) FROM progress g WHERE g.commitment_id = c.id AND g.kind IN ('progress', 'done')),
    signed_by = CASE WHEN c.state = 'dropped' THEN coalesce(
        (SELECT nullif(split_part(g.text, '：', 1), '') FROM progress g
         WHERE g.commitment_id = c.id AND g.kind = 'dropped' ORDER BY g.id DESC LIMIT 1), '未记载') ELSE '' END,
    signed_day = CASE WHEN c.state = 'dropped' THEN
        coalesce((SELECT max(g.day) FROM progress g WHERE g.commitment_id = c.id AND g.kind = 'dropped'), c.due) END,
    done_by = CASE WHEN c.state IN ('done', 'kept') THEN c.owner_id END,
    follow_year = CASE WHEN c.owner_id IS NOT NULL THEN extract(year FROM
        (SELECT l.issue_date FROM letters l WHERE l.id = c.letter_id)) END
FROM proposals p
WHERE p.id = c.proposal_id;

ALTER TABLE commitments
    ALTER COLUMN organ_id SET NOT NULL,
    ADD CONSTRAINT dropped_by_signed_report CHECK (state <> 'dropped' OR signed_by <> '' AND signed_day IS NOT NULL),
    ADD CONSTRAINT judge_did_not_report CHECK (judged_by IS NULL OR judged_by <> done_by),
    ADD CONSTRAINT first_day_stays CHECK (due IS NULL OR first_due IS NOT NULL);

-- The organ and the kind are the proposal's, which never change.
CREATE FUNCTION place_commitment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT p.organ_id, p.kind INTO NEW.organ_id, NEW.kind FROM proposals p WHERE p.id = NEW.proposal_id;
    RETURN NEW;
END
$$;

-- Few of many: what a year's end and a term's end ask for.
CREATE INDEX commitments_unsettled ON commitments (proposal_id) INCLUDE (follow_year) WHERE state IN ('open', 'done');

CREATE TRIGGER commitments_are_placed BEFORE INSERT ON commitments
    FOR EACH ROW EXECUTE FUNCTION place_commitment();

-- The first promised day is never lost.
CREATE FUNCTION refuse_other_first_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the first promised day is kept' USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER commitments_keep_their_first_day BEFORE UPDATE OF first_due ON commitments
    FOR EACH ROW WHEN (OLD.first_due IS NOT NULL AND OLD.first_due IS DISTINCT FROM NEW.first_due)
    EXECUTE FUNCTION refuse_other_first_day();

-- Each line of what became of a commitment says what it was from then on, so that
-- its state on any past day is one look away.
ALTER TABLE progress
    ADD COLUMN state text CHECK (state IN ('noted', 'open', 'done', 'kept', 'waived', 'dropped')),
    ALTER COLUMN author_id DROP NOT NULL, -- the program's own lines have none
    DROP CONSTRAINT progress_kind_check,
    ADD CONSTRAINT progress_kind CHECK (kind IN (
        'noted', 'confirmed', 'waived', 'progress', 'done', 'accepted', 'not_accepted', 'reopened', 'urged', 'dropped',
        'due_changed', 'offered', 'offer_withdrawn', 'taken_over', 'declined', 'urge_received', 'urge_answered', 'carried',
        'said_kept', 'said_not_kept', 'upheld'));

-- What a line of before meant, and what one of the code of before means.
CREATE FUNCTION state_after(kind text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE kind WHEN 'done' THEN 'done' WHEN 'accepted' THEN 'kept' WHEN 'dropped' THEN 'dropped' ELSE 'open' END
$$;

CREATE FUNCTION complete_progress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.state := coalesce(NEW.state, state_after(NEW.kind));
    RETURN NEW;
END
$$;

ALTER TABLE progress DISABLE TRIGGER progress_is_final;
UPDATE progress SET state = state_after(kind);
ALTER TABLE progress ENABLE TRIGGER progress_is_final;
ALTER TABLE progress ALTER COLUMN state SET NOT NULL;

CREATE TRIGGER progress_is_complete BEFORE INSERT ON progress
    FOR EACH ROW EXECUTE FUNCTION complete_progress();

-- What the history knew and these lines did not: that a commitment was found,
-- confirmed or waived.
INSERT INTO progress (commitment_id, kind, text, day, author_id, at, state)
SELECT c.id, 'noted', '', (r.at AT TIME ZONE 'Asia/Shanghai')::date, NULL, r.at, 'noted'
FROM commitments c JOIN letter_readings r ON r.letter_id = c.letter_id;

INSERT INTO progress (commitment_id, kind, text, day, author_id, at, state)
SELECT c.id, CASE e.verb WHEN 'confirm' THEN 'confirmed' ELSE 'waived' END, e.note,
       (e.at AT TIME ZONE 'Asia/Shanghai')::date, e.actor_id, e.at, CASE e.verb WHEN 'confirm' THEN 'open' ELSE 'waived' END
FROM commitments c
JOIN events e ON e.proposal_id = c.proposal_id AND e.verb IN ('confirm', 'waive') AND e.note LIKE '承诺事项 ' || c.id || '：%';

CREATE INDEX progress_by_time ON progress (commitment_id, at, id);
DROP INDEX progress_commitment_id_idx;

-- 催办: a supervisor's demand, numbered, delivered, to be answered by a day.
CREATE TABLE urges (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    commitment_id   bigint NOT NULL REFERENCES commitments,
    organ_id        bigint NOT NULL REFERENCES organs, -- who urges
    document_number text NOT NULL UNIQUE,
    text            text NOT NULL,
    answer_by       date NOT NULL,
    issued_by       bigint NOT NULL REFERENCES users,
    issued_at       timestamptz NOT NULL,
    received_by     bigint REFERENCES users,
    received_at     timestamptz,
    answer          text NOT NULL DEFAULT '',
    answered_by     bigint REFERENCES users,
    answered_at     timestamptz,
    CHECK ((received_by IS NULL) = (received_at IS NULL)),
    CHECK ((answer = '') = (answered_at IS NULL)),
    CHECK ((answered_by IS NULL) = (answered_at IS NULL)),
    CHECK (answered_at IS NULL OR received_at IS NOT NULL)
);

CREATE INDEX ON urges (commitment_id);

-- The answer to an urge has a day too, beside the promise's own.
ALTER TABLE deadlines
    DROP CONSTRAINT deadlines_check,
    ADD CONSTRAINT deadline_of_commitment CHECK ((rule IN ('COMMITMENT', 'URGE_ANSWER')) = (commitment_id IS NOT NULL));

-- Two urges of one promise may be due at once.
DROP INDEX deadline_open;
CREATE UNIQUE INDEX deadline_open ON deadlines (proposal_id, rule, organ_id, round, coalesce(commitment_id, 0))
    WHERE met IS NULL AND ended IS NULL AND rule <> 'URGE_ANSWER';
CREATE UNIQUE INDEX deadline_of_urge ON deadlines (basis) WHERE rule = 'URGE_ANSWER';

-- What proposers say of a promise that they were told is kept: once each time.
CREATE TABLE keeping_answers (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    commitment_id   bigint NOT NULL REFERENCES commitments,
    proposer_id     bigint NOT NULL REFERENCES proposers,
    keeping         int NOT NULL, -- which time it was judged kept
    kept            boolean NOT NULL,
    text            text NOT NULL,
    recorded_by     bigint NOT NULL REFERENCES users, -- the proposer's own account, or who asked
    channel         text NOT NULL CHECK (channel IN ('own', 'visit', 'call', 'meeting', 'letter')),
    at              timestamptz NOT NULL,
    decision        text NOT NULL DEFAULT '' CHECK (decision IN ('', 'reopened', 'upheld')),
    decision_reason text NOT NULL DEFAULT '',
    decided_by      bigint REFERENCES users,
    decided_at      timestamptz,
    CHECK ((decision = '') = (decided_at IS NULL)),
    CHECK (kept OR text <> '')
);

-- Once by somebody who asked, and once with their own account, which is what holds.
CREATE UNIQUE INDEX keeping_answer ON keeping_answers (commitment_id, proposer_id, keeping, (channel = 'own'));

-- Terms of bodies that are over (换届).
CREATE TABLE ended_terms (
    body        text NOT NULL,
    term        int NOT NULL,
    ended       date NOT NULL,
    recorded_by bigint NOT NULL REFERENCES users,
    at          timestamptz NOT NULL,
    CONSTRAINT ended_term PRIMARY KEY (body, term)
);

-- What proposers were told in writing of promises not kept when their term ended
-- (SH-REG art. 22).
CREATE TABLE term_explanations (
    proposal_id bigint PRIMARY KEY REFERENCES proposals,
    text        text NOT NULL,
    signed_by   text NOT NULL,
    told_day    date NOT NULL,
    told_how    text NOT NULL,
    author_id   bigint NOT NULL REFERENCES users,
    at          timestamptz NOT NULL
);

CREATE TRIGGER term_explanations_are_final BEFORE UPDATE OR DELETE ON term_explanations
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE INDEX proposals_of_term ON proposals (body, term, id);

-- A division that was merged into another.
ALTER TABLE divisions
    ADD COLUMN merged_into bigint REFERENCES divisions,
    ADD CHECK (merged_into <> id);

-- Evidence. The bytes are kept in the blob store under their digest.
CREATE TABLE files (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    commitment_id bigint NOT NULL REFERENCES commitments,
    progress_id   bigint REFERENCES progress, -- the line that it belongs to; null until that is written
    name          text NOT NULL,
    media_type    text NOT NULL, -- by its content
    size          bigint NOT NULL CHECK (size > 0),
    sha256        bytea NOT NULL CHECK (length(sha256) = 32),
    public        boolean NOT NULL DEFAULT false, -- proposers may read it
    uploaded_by   bigint NOT NULL REFERENCES users,
    uploaded_at   timestamptz NOT NULL,
    stored        boolean NOT NULL DEFAULT false -- the bytes are in the store
);

CREATE INDEX ON files (commitment_id, id);
CREATE INDEX ON files (sha256);
CREATE INDEX files_unused ON files (uploaded_at) WHERE progress_id IS NULL;

-- What each proposer says of a round: two ratings (SH-REG art. 21). Who does not
-- answer has no row.
CREATE TABLE feedbacks (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reply_id    bigint NOT NULL REFERENCES replies,
    proposer_id bigint NOT NULL REFERENCES proposers,
    attitude    text NOT NULL CHECK (attitude IN ('satisfied', 'basically', 'dissatisfied')),
    result      text NOT NULL CHECK (result IN ('satisfied', 'basically', 'dissatisfied')),
    text        text NOT NULL,
    recorded_by bigint NOT NULL REFERENCES users, -- the proposer's own account, or who asked
    channel     text NOT NULL CHECK (channel IN ('own', 'visit', 'call', 'meeting', 'letter')),
    day         date NOT NULL, -- on which it was said
    at          timestamptz NOT NULL,
    CONSTRAINT dissatisfied_with_words CHECK (text <> '' OR attitude <> 'dissatisfied' AND result <> 'dissatisfied')
);

-- Once by somebody who collected it, and once with their own account.
CREATE UNIQUE INDEX feedback_of_proposer ON feedbacks (reply_id, proposer_id, (channel = 'own'));

-- What each proposer says: with their own account, else what was collected.
CREATE VIEW standing_feedbacks AS
SELECT f.* FROM feedbacks f
WHERE f.channel = 'own'
   OR NOT EXISTS (SELECT FROM feedbacks o WHERE o.reply_id = f.reply_id AND o.proposer_id = f.proposer_id AND o.channel = 'own');

CREATE TRIGGER feedbacks_are_final BEFORE UPDATE OR DELETE ON feedbacks
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What an oversight office decided of a round with which somebody is not
-- satisfied: again, where somebody else says so after it.
CREATE TABLE redo_decisions (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reply_id   bigint NOT NULL REFERENCES replies,
    redo       boolean NOT NULL,
    reason     text NOT NULL,
    decided_by bigint NOT NULL REFERENCES users,
    at         timestamptz NOT NULL
);

CREATE INDEX ON redo_decisions (reply_id);

CREATE TRIGGER redo_decisions_are_final BEFORE UPDATE OR DELETE ON redo_decisions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A redo decided before this was written down here.
INSERT INTO redo_decisions (reply_id, redo, reason, decided_by, at)
SELECT r.id, true, e.note, e.actor_id, e.at
FROM events e
JOIN replies r ON r.proposal_id = e.proposal_id AND r.round = e.round - 1
WHERE e.verb = 'redo' AND e.actor_id IS NOT NULL;

-- Several promises of one letter are given to somebody at once: each is an
-- occasion of its own.
DROP INDEX notice_occasion;
CREATE UNIQUE INDEX notice_occasion ON notices (occasion, proposal_id, ref, commitment_id, user_id) NULLS NOT DISTINCT
    WHERE deadline_id IS NULL;
